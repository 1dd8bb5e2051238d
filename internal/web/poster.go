package web

import (
	"fmt"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	qrcode "github.com/skip2/go-qrcode"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

// qrCode is a QR code as the path of an SVG of Size × Size units, its quiet
// zone of four units included.
type qrCode struct {
	Size int
	Path string
	Text string // what it says
}

// newQR makes the code of text. Level M still reads with a seventh of it
// scratched or covered.
func newQR(text string) (qrCode, error) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return qrCode{}, fmt.Errorf("web.newQR: %w", err)
	}
	bitmap := code.Bitmap()
	return qrCode{len(bitmap), qrPath(bitmap), text}, nil
}

// qrPath draws each run of dark modules of a row as one rectangle: a third of
// the length of one per module.
func qrPath(bitmap [][]bool) string {
	var b strings.Builder
	for y, row := range bitmap {
		for x := 0; x < len(row); x++ {
			run := x
			for run < len(row) && row[run] {
				run++
			}
			if run > x {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x, y, run-x, run-x)
				x = run
			}
		}
	}
	return b.String()
}

// svg is the code as a file of its own.
func (q qrCode) svg() string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" shape-rendering="crispEdges">`+
		`<rect width="100%%" height="100%%" fill="#fff"/><path d="%s"/></svg>`, q.Size, q.Size, q.Size*10, q.Size*10, q.Path)
}

func (s *server) pointQR(c *fiber.Ctx) error {
	pt, err := s.viewer(c).pointOf(c.Params("code"))
	if err != nil {
		return err
	}
	qr, err := newQR(s.formURL(pt.Code))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "image/svg+xml")
	if c.Query("save") != "" {
		c.Attachment("qr-" + string(pt.Code) + ".svg")
		c.Set(fiber.HeaderContentType, "image/svg+xml")
	}
	return c.SendString(qr.svg())
}

var posterView = newView[posterPage]("print/poster.html")

// posterPage is one A4 sheet to put up beside the desk, in both languages.
type posterPage struct {
	page
	En      locale.Printer
	Unit    string
	Above   string // the unit above, in small
	Point   string
	Ask     survey.Text
	Minutes int
	QR      qrCode
	Address string
	Printed time.Time
	Back    string
}

func (s *server) poster(c *fiber.Ctx) error {
	v := s.viewer(c)
	pt, err := v.pointOf(c.Params("code"))
	if err != nil {
		return err
	}
	url := s.formURL(pt.Code)
	qr, err := newQR(url)
	if err != nil {
		return err
	}
	p := posterPage{page: s.page(c), En: locale.For("en"), Point: pt.Name, QR: qr, Address: withoutScheme(url), Printed: s.Now().In(s.Zone)}
	p.Printer = locale.For("vi")
	p.Back = "/app/points?point=" + string(pt.Code)
	u, _ := v.cat.Tree.Unit(pt.Unit)
	p.Unit = u.Name
	if up, ok := v.cat.Tree.Unit(u.Parent); ok {
		p.Above = up.Name
	}
	if w := v.cat.Waves[pt.Wave]; w != nil {
		p.Demo = w.Synthetic
		if in := v.cat.Instruments[w.Instrument]; in != nil {
			p.Ask, p.Minutes = in.Ask, in.Minutes
		}
	}
	return posterView.render(c, fiber.StatusOK, p)
}
