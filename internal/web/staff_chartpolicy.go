package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// plotStyle is the hash of the one style element that Observable Plot writes
// into each chart. A test takes it from the bundle, so that another version
// cannot be forgotten here.
const plotStyle = "sha256-jSYQUrW7J0b3jPqhZP9C2Xh1PyJKHKXd4s0fpGGKrww="

// allowCharts lets this page have charts: its content policy takes Plot's
// style, and still no other that is not in a file of ours.
func allowCharts(c *fiber.Ctx) {
	c.Set("Content-Security-Policy", strings.Replace(contentPolicy, "style-src 'self'", "style-src 'self' '"+plotStyle+"'", 1))
}
