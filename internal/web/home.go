package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

var homeView = newView[homePage]("public/layout.html", "public/home.html", "citizen/shelf.html")

// homePage is the way in for whoever comes without a QR code.
type homePage struct {
	page
	Unit      string
	Code      string // typed and not found
	NoCode    string // why
	Receipt   string
	NoReceipt string
	Waves     []publishedWave
}

// home answers GET /. Its two small forms come back here with what was typed
// and are sent on to the form or to the receipt.
func (s *server) home(c *fiber.Ctx) error {
	catalog := s.Catalog()
	pg := homePage{page: s.page(c), Waves: s.publishedWaves(catalog, s.printer(c))}
	pg.Demo = anySynthetic(catalog)
	v := requestQuery(c)
	status := fiber.StatusOK
	if code := strings.TrimSpace(v.Get("point")); code != "" {
		plain := survey.PointCode(survey.Plain(code))
		if _, ok := catalog.Points[plain]; ok {
			return c.Redirect("/s/"+string(plain), fiber.StatusSeeOther)
		}
		pg.Code, pg.NoCode, status = cut(code), pg.T("point.unknown", cut(code)), fiber.StatusNotFound
	}
	if code := strings.TrimSpace(v.Get("receipt")); code != "" {
		held, err := s.Reader.Receipt(c.UserContext(), survey.Receipt(code))
		if err == nil {
			return c.Redirect("/r/"+string(held.Receipt), fiber.StatusSeeOther)
		}
		if survey.KindOf(err) != survey.NotFound {
			return err
		}
		pg.Receipt, pg.NoReceipt, status = cut(code), pg.T("receipt.unknown"), fiber.StatusNotFound
	}
	return homeView.render(c, status, pg)
}

// anySynthetic reports whether there is made-up data about.
func anySynthetic(c *survey.Catalog) bool {
	for _, w := range c.Waves {
		if w.Synthetic {
			return true
		}
	}
	return false
}
