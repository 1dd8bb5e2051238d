package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

var kioskView = newView[kioskPage]("kiosk.html")

// kioskPage is the shell of a kiosk: everything else comes from the device's
// kit, so that the same page serves every point and can be kept for starting
// without the network.
type kioskPage struct {
	citizenPage
	Version  string
	Form     string // where to answer without a script; empty where no point is named
	Manifest string // the same
	Shell    kioskShell
}

// kioskShell is what the script needs before it has a kit.
type kioskShell struct {
	Lang      string                       `json:"lang"`
	Version   string                       `json:"version"`
	Languages []kitLanguage                `json:"languages"`
	Messages  map[string]map[string]string `json:"messages"`
}

// showKiosk answers GET /k and GET /k/{point}. Which point a device stands at
// is what it was paired with; the one in the address only serves people
// without a script.
func (s *server) showKiosk(c *fiber.Ctx) error {
	p := kioskPage{citizenPage: citizenPage{Printer: locale.Match(c.Get(fiber.HeaderAcceptLanguage), c.Query("lang"))}, Version: s.Version}
	if code := c.Params("point"); code != "" {
		pt, ok := s.Catalog().Points[survey.PointCode(survey.Plain(code))]
		if !ok {
			return survey.Missing("web.showKiosk", "point.unknown", code)
		}
		p.Form, p.Manifest = "/s/"+string(pt.Code), "/k/"+string(pt.Code)+"/app.webmanifest"
	}
	p.Shell = kioskShell{Lang: p.Lang, Version: s.Version, Messages: map[string]map[string]string{}}
	for _, lang := range locale.Languages() {
		in := locale.For(lang)
		p.Shell.Languages = append(p.Shell.Languages, kitLanguage{Code: lang, Name: locale.Name(lang), Dir: in.Dir()})
		p.Shell.Messages[lang] = in.Texts("kiosk.", "outbox.")
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return kioskView.render(c, fiber.StatusOK, p)
}

// receiptQR answers GET /r/{receipt}/qr.svg: the code that the kiosk shows
// with its thanks, for a phone to keep.
func (s *server) receiptQR(c *fiber.Ctx) error {
	receipt := survey.Receipt(c.Params("receipt"))
	if _, ok := s.Reader.Key.Seq(receipt); !ok {
		return survey.Missing("web.receiptQR", "receipt.unknown", string(receipt))
	}
	qr, err := newQR(strings.TrimSuffix(s.PublicURL, "/") + "/r/" + string(receipt))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "private, max-age=3600")
	c.Type("svg")
	return c.SendString(qr.svg())
}
