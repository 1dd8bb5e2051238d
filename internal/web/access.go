package web

import (
	"time"

	"github.com/gofiber/fiber/v2"
)

var accessView = newView[accessPage]("public/layout.html", "public/access.html")

// accessPage is the accessibility statement.
type accessPage struct {
	page
	Unit    string
	Checked time.Time
}

// accessChecked is the day on which somebody last held the statement against
// the pages. Whoever changes the statement changes it.
var accessChecked = time.Date(2026, time.November, 24, 0, 0, 0, 0, time.UTC)

// access answers GET /accessibility.
func (s *server) access(c *fiber.Ctx) error {
	return accessView.render(c, fiber.StatusOK, accessPage{page: s.page(c), Checked: accessChecked})
}
