package web

import (
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"
	qrcode "github.com/skip2/go-qrcode"
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
