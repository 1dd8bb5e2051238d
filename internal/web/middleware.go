package web

import (
	"context"
	"fmt"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/compress"

	"sipas/internal/survey"
)

// observe counts and times every request, and logs it when debugging. No
// address and no query is logged: both may tell who answered what.
func (s *server) observe(c *fiber.Ctx) error {
	start := time.Now()
	err := c.Next()
	took := time.Since(start)
	status := c.Response().StatusCode()
	route := "none"
	if r := c.Route(); r != nil && r.Path != "/" || c.Path() == "/" {
		route = r.Path
	}
	s.Metrics.request(c.Method(), route, status, took)
	s.Log.DebugContext(c.UserContext(), "request", "method", c.Method(), "route", route, "status", status, "ms", took.Milliseconds())
	return err
}

// contentPolicy allows what our pages are made of, and nothing inline.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; media-src 'self'"

// secureHeaders sets what holds for every answer. The referrer policy is
// same-origin and not no-referrer, because with that one browsers would send
// "Origin: null" with our own forms.
func secureHeaders(c *fiber.Ctx) error {
	c.Set("Content-Security-Policy", contentPolicy)
	c.Set("X-Content-Type-Options", "nosniff")
	c.Set("Referrer-Policy", "same-origin")
	c.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	return c.Next()
}

// compress shrinks pages and API answers at a moderate level. What is
// compressed already (static files), what is downloaded with its length known
// (exported files) and what must not wait for more (streams) is left alone.
func (s *server) compress() fiber.Handler {
	return compress.New(compress.Config{Next: func(c *fiber.Ctx) bool {
		return strings.HasPrefix(c.Path(), "/static/") || strings.HasPrefix(c.Path(), "/app/exports/") || c.Path() == reportPath+".xlsx" || c.Path() == "/app/live"
	}})
}

// settle makes an answer of every error, inside the compression, and survives
// a handler that panics.
func (s *server) settle(c *fiber.Ctx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
		if err != nil {
			err = s.fail(c, err)
		}
	}()
	return c.Next()
}

// deadline bounds every request. What streams its answer does that after the
// handler has returned, with a context of its own.
func (s *server) deadline(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), requestTime)
	defer cancel()
	c.SetUserContext(ctx)
	err := c.Next()
	if err != nil && survey.KindOf(err) == survey.Internal && ctx.Err() != nil {
		return &survey.Error{Kind: survey.Unavailable, Op: "web.deadline", Err: err}
	}
	return err
}

// formBody bounds what is posted to pages. The API looks after itself.
func formBody(c *fiber.Ctx) error {
	const op = "web.formBody"
	switch {
	case strings.HasPrefix(c.Path(), "/api/"):
	case c.Get(fiber.HeaderContentEncoding) != "":
		return &survey.Error{Kind: survey.WrongType, Op: op} // a small body may unpack to a huge one
	case len(c.Context().PostBody()) > pageBody:
		return &survey.Error{Kind: survey.TooLarge, Op: op}
	}
	return c.Next()
}

// sameOrigin refuses what another site makes a browser send: requests that
// change something and carry a cookie. Browsers say where a request comes from;
// what says nothing is no browser, or one without our cookie's SameSite
// protection to worry about.
func (s *server) sameOrigin(c *fiber.Ctx) error {
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions:
		return c.Next()
	}
	if len(c.Request().Header.Peek(fiber.HeaderCookie)) == 0 {
		return c.Next()
	}
	return s.ownForm(c)
}

// ownForm refuses what another site makes a browser send, also without a
// cookie: nobody shall be signed in as somebody else.
func (s *server) ownForm(c *fiber.Ctx) error {
	if !s.fromHere(c) {
		return &survey.Error{Kind: survey.Forbidden, Op: "web.sameOrigin", Key: "error.other_origin"}
	}
	return c.Next()
}

func (s *server) fromHere(c *fiber.Ctx) bool {
	switch c.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return true
	case "":
	default:
		return false
	}
	origin := c.Get(fiber.HeaderOrigin)
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && (u.Host == string(c.Context().Host()) || u.Host == s.host)
}
