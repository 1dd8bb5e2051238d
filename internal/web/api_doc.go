package web

import (
	_ "embed" // for the document

	"github.com/gofiber/fiber/v2"
)

//go:embed openapi.json
var openAPIDocument []byte

// openAPI answers GET /api/v1/openapi.json.
func (s *server) openAPI(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, shortCache)
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Send(openAPIDocument)
}
