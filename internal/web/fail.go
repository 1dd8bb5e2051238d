package web

import (
	"errors"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

// statuses is the only table of status codes for failures.
var statuses = map[survey.Kind]int{
	survey.Internal:    500,
	survey.Invalid:     422,
	survey.NotFound:    404,
	survey.Conflict:    409,
	survey.Forbidden:   403,
	survey.Unsigned:    401,
	survey.Gone:        410,
	survey.Malformed:   400,
	survey.TooLarge:    413,
	survey.WrongType:   415,
	survey.TooMany:     429,
	survey.Unavailable: 503,
}

// errorOf makes a *survey.Error of whatever a handler returned, and the status
// that it answers with. Fiber's own errors keep theirs.
func errorOf(err error) (*survey.Error, int) {
	if e, ok := errors.AsType[*survey.Error](err); ok {
		return e, statuses[e.Kind]
	}
	if e, ok := errors.AsType[*fiber.Error](err); ok {
		for kind, status := range statuses {
			if status == e.Code {
				return &survey.Error{Kind: kind, Op: "web", Err: e}, status
			}
		}
		if e.Code >= 400 && e.Code < 500 {
			return &survey.Error{Kind: survey.Malformed, Op: "web", Err: e}, e.Code
		}
	}
	return &survey.Error{Op: "web", Err: err}, 500
}

// fail turns every error that a handler returns into a page, or into a problem
// object below /api/. The cause is logged here, once, and never shown.
func (s *server) fail(c *fiber.Ctx, err error) error {
	e, status := errorOf(err)
	if status >= 500 {
		s.Log.ErrorContext(c.UserContext(), "request failed", "method", c.Method(), "path", c.Path(), "status", status, "err", err)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	if e.Kind == survey.TooMany || e.Kind == survey.Unavailable {
		c.Set(fiber.HeaderRetryAfter, retryAfter(e))
	}
	p := s.problem(s.printer(c), e, status)
	p.Instance = c.Path()
	switch {
	case strings.HasPrefix(c.Path(), "/api/"):
		if sus, ok := errors.AsType[*suspicion](err); ok {
			p.Challenge, p.Widget = &sus.challenge, newWidget(s.printer(c))
		}
		if status == 401 {
			c.Set(fiber.HeaderWWWAuthenticate, "Bearer")
		}
		speak(c, s.printer(c).Lang)
		return p.send(c)
	case status == 401 && c.Method() == fiber.MethodGet:
		return c.Redirect("/login?next="+url.QueryEscape(c.OriginalURL()), fiber.StatusSeeOther)
	}
	return s.problemPage(c, status, p, e)
}

// retryAfter is when to come again, in whole seconds: at least one, and five
// when nobody knows.
func retryAfter(e *survey.Error) string {
	wait := e.After
	if wait <= 0 {
		wait = 5 * time.Second
	}
	return strconv.Itoa(max(1, int(math.Ceil(wait.Seconds()))))
}

// say returns the message for key. A time is told as a day of our zone, and a
// key that has no text yet falls back to the general one, so that no reader
// ever sees a key.
func (s *server) say(p locale.Printer, key, fallback string, args []any) string {
	if !p.Has(key) {
		s.Log.Warn("no message for an error", "key", key, "lang", p.Lang)
		return p.T(fallback)
	}
	told := make([]any, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case time.Time:
			told[i] = v.In(s.Zone)
		case string, int, int64, float64:
			told[i] = v
		default:
			told[i] = fmt.Sprint(v)
		}
	}
	return p.T(key, told...)
}
