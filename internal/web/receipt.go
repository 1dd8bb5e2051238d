package web

import (
	"cmp"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

var receiptView = newView[receiptPage]("citizen/layout.html", "citizen/shelf.html", "citizen/receipt.html")

// receiptPage proves that a response is held. It says nothing of the answers.
type receiptPage struct {
	citizenPage
	Thanks   bool // it is the page after sending
	UnitCode survey.UnitCode
	Received time.Time
	Seq      int64
	Receipt  string // in three groups
	Proof    string // the path of the proof page
	Address  string // the same with its host, for the QR code
	QR       qrCode
}

// Kind says which words the page uses: those of thanks or those of proof.
func (p receiptPage) Kind() string {
	if p.Thanks {
		return "thanks"
	}
	return "proof"
}

// showReceipt answers GET /r/{receipt}; with ?t=1 it thanks.
func (s *server) showReceipt(c *fiber.Ctx) error {
	held, err := s.Reader.Receipt(c.UserContext(), survey.Receipt(c.Params("receipt")))
	if err != nil {
		return err
	}
	seq, _ := s.Reader.Key.Seq(held.Receipt)
	proof := "/r/" + string(held.Receipt)
	p := receiptPage{
		citizenPage: citizenPage{
			Printer: locale.Match(c.Get(fiber.HeaderAcceptLanguage), c.Query("lang")),
			Unit:    held.Unit.Name, Point: held.Point.Name, Demo: held.Wave != nil && held.Wave.Synthetic,
		},
		Thanks: c.Query("t") == "1", UnitCode: held.Unit.Code, Received: held.ReceivedAt.In(s.Zone), Seq: seq,
		Receipt: strings.ReplaceAll(string(held.Receipt), "-", " "), Proof: proof, Address: strings.TrimSuffix(cmp.Or(s.PublicURL, c.BaseURL()), "/") + proof,
	}
	if p.Thanks {
		p.Query = "t=1"
	}
	if p.QR, err = newQR(p.Address); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	return receiptView.render(c, fiber.StatusOK, p)
}
