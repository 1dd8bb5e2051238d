package web

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/skip2/go-qrcode"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

var receiptView = newView[receiptPage]("citizen/layout.html", "citizen/receipt.html")

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
	QR       receiptQR
}

// Kind says which words the page uses: those of thanks or those of proof.
func (p receiptPage) Kind() string {
	if p.Thanks {
		return "thanks"
	}
	return "proof"
}

// receiptQR is a QR code as one SVG path.
type receiptQR struct {
	Size int
	Path string
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
	if p.QR, err = newReceiptQR(p.Address); err != nil {
		return &survey.Error{Op: "web.showReceipt", Err: err}
	}
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	return receiptView.render(c, fiber.StatusOK, p)
}

// newReceiptQR draws text with its quiet zone.
func newReceiptQR(text string) (receiptQR, error) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return receiptQR{}, err
	}
	rows := code.Bitmap()
	var b strings.Builder
	for y, row := range rows {
		for x := 0; x < len(row); x++ {
			from := x
			for x < len(row) && row[x] {
				x++
			}
			if n := x - from; n > 0 {
				b.WriteString("M" + strconv.Itoa(from) + " " + strconv.Itoa(y) + "h" + strconv.Itoa(n) + "v1h-" + strconv.Itoa(n) + "z")
			}
		}
	}
	return receiptQR{len(rows), b.String()}, nil
}
