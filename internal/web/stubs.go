package web

import "github.com/gofiber/fiber/v2"

func (s *server) home(c *fiber.Ctx) error          { return fiber.ErrNotFound }
func (s *server) results(c *fiber.Ctx) error       { return fiber.ErrNotFound }
func (s *server) unitResults(c *fiber.Ctx) error   { return fiber.ErrNotFound }
func (s *server) openAPI(c *fiber.Ctx) error       { return fiber.ErrNotFound }
func (s *server) postResponse(c *fiber.Ctx) error  { return fiber.ErrNotFound }
func (s *server) postBatch(c *fiber.Ctx) error     { return fiber.ErrNotFound }
func (s *server) getResponses(c *fiber.Ctx) error  { return fiber.ErrNotFound }
func (s *server) getPoint(c *fiber.Ctx) error      { return fiber.ErrNotFound }
func (s *server) getInstrument(c *fiber.Ctx) error { return fiber.ErrNotFound }
func (s *server) getUnits(c *fiber.Ctx) error      { return fiber.ErrNotFound }
func (s *server) getWaves(c *fiber.Ctx) error      { return fiber.ErrNotFound }
func (s *server) getIndex(c *fiber.Ctx) error      { return fiber.ErrNotFound }
