package web

import (
	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
	"sipas/static"
)

// healthz says that the process is alive.
func (s *server) healthz(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.SendString("ok\n")
}

// readyz says whether a response can be taken now.
func (s *server) readyz(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	if err := s.Ready(c.UserContext()); err != nil {
		s.Log.WarnContext(c.UserContext(), "not ready", "err", err)
		return c.Status(fiber.StatusServiceUnavailable).SendString("not ready\n")
	}
	return c.SendString("ready\n")
}

// static serves the public files. An address holds a hash of the content, so
// a browser may keep what it got for ever.
func (s *server) static(c *fiber.Ctx) error {
	a, ok := static.File(c.Path())
	if !ok {
		return survey.Missing("web.static", "")
	}
	c.Set(fiber.HeaderContentType, a.Type)
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	c.Vary(fiber.HeaderAcceptEncoding)
	accepts := &c.Request().Header
	if b := a.Brotli(); b != nil && accepts.HasAcceptEncoding("br") {
		c.Set(fiber.HeaderContentEncoding, "br")
		return c.Send(b)
	}
	if g := a.Gzip(); g != nil && accepts.HasAcceptEncoding("gzip") {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(g)
	}
	return c.Send(a.Body)
}
