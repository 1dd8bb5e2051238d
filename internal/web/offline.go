package web

import (
	"bytes"
	"sync"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/locale"
	"sipas/internal/survey"
	"sipas/static"
)

// worker is the service worker as this binary serves it: with every change of
// a public file it is another one, and the browser replaces the old one.
var worker = sync.OnceValue(func() []byte {
	a, _ := static.Open("js/sw.js")
	return bytes.ReplaceAll(a.Body, []byte("%VERSION%"), []byte(static.Version()))
})

// serviceWorker answers GET /sw.js. Its address has no hash, since it is what
// the browser asks for again and again.
func (s *server) serviceWorker(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, "text/javascript; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, "no-cache")
	c.Set("Service-Worker-Allowed", "/")
	return c.Send(worker())
}

type manifestIcon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

type manifest struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	ShortName  string         `json:"short_name"`
	Lang       string         `json:"lang"`
	Start      string         `json:"start_url"`
	Scope      string         `json:"scope"`
	Display    string         `json:"display"`
	Background string         `json:"background_color"`
	Theme      string         `json:"theme_color"`
	Icons      []manifestIcon `json:"icons"`
}

// kioskManifest answers GET /k/{point}/app.webmanifest: what a tablet needs to
// keep the kiosk of a point as an app of its own.
func (s *server) kioskManifest(c *fiber.Ctx) error {
	p, ok := s.Catalog().Points[survey.PointCode(survey.Plain(c.Params("point")))]
	if !ok {
		return survey.Missing("web.kioskManifest", "point.unknown", c.Params("point"))
	}
	icon := func(name, sizes, purpose string) manifestIcon {
		a, _ := static.Open(name)
		return manifestIcon{a.URL, sizes, a.Type, purpose}
	}
	start, first := "/k/"+string(p.Code), locale.For(locale.Languages()[0])
	c.Set(fiber.HeaderCacheControl, "no-cache")
	err := sendJSON(c, fiber.StatusOK, manifest{
		ID: start, Name: first.T("outbox.app", p.Name), ShortName: "SIPAS", Lang: first.Lang,
		Start: start, Scope: start, Display: "fullscreen", Background: "#ffffff", Theme: "#1d4373",
		Icons: []manifestIcon{
			icon("faces/mark.svg", "any", "any"), icon("faces/mark-192.png", "192x192", "any"),
			icon("faces/mark-512.png", "512x512", "any"), icon("faces/mark-maskable-512.png", "512x512", "maskable"),
		},
	})
	c.Set(fiber.HeaderContentType, "application/manifest+json")
	return err
}
