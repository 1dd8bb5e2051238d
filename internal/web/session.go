package web

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/auth"
	"sipas/internal/locale"
	"sipas/internal/survey"
)

// whoKey is where the request keeps who sent it.
type whoKey struct{}

// who returns who is asking: whoever is signed in below /app, whose token it
// is below /api, and nobody elsewhere.
func who(c *fiber.Ctx) auth.Principal {
	p, _ := c.Locals(whoKey{}).(auth.Principal)
	return p
}

// sessionCookie is the name of the cookie of staff. The prefix makes browsers
// refuse it from anyone but this very host, over https.
func (s *server) sessionCookie() string {
	if s.secure {
		return "__Host-sipas"
	}
	return "sipas"
}

func (s *server) setSession(c *fiber.Ctx, value string) {
	cookie := &fiber.Cookie{
		Name: s.sessionCookie(), Value: value, Path: "/", Secure: s.secure, HTTPOnly: true,
		SameSite: fiber.CookieSameSiteLaxMode, SessionOnly: true,
	}
	if value == "" {
		cookie.SessionOnly, cookie.MaxAge = false, -1
		cookie.Expires = s.Now().AddDate(-1, 0, 0)
	}
	c.Cookie(cookie)
}

// staffOnly lets in who is signed in. What staff see is kept in no cache, so
// that the next person at the machine finds nothing with the back button.
func (s *server) staffOnly(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	s.keepLanguage(c)
	cookie := c.Cookies(s.sessionCookie())
	if cookie == "" {
		return &survey.Error{Kind: survey.Unsigned, Op: "web.staffOnly"}
	}
	p, err := s.Auth.Who(c.UserContext(), cookie)
	if err != nil {
		return err
	}
	c.Locals(whoKey{}, p)
	return c.Next()
}

// keepLanguage remembers the language that a member of staff switches to.
func (s *server) keepLanguage(c *fiber.Ctx) {
	lang := c.Query("lang")
	if !slices.Contains(locale.Languages(), lang) || lang == c.Cookies(langCookie) {
		return
	}
	c.Cookie(&fiber.Cookie{
		Name: langCookie, Value: lang, Path: "/", Secure: s.secure, HTTPOnly: true,
		SameSite: fiber.CookieSameSiteLaxMode, MaxAge: 365 * 24 * 60 * 60,
	})
}

// managersOnly lets in who may change things: POST routes below /app name it.
func managersOnly(c *fiber.Ctx) error {
	if !who(c).CanManage() {
		return &survey.Error{Kind: survey.Forbidden, Op: "web.managersOnly"}
	}
	return c.Next()
}

// auditorsOnly lets in who may take out raw responses.
func auditorsOnly(c *fiber.Ctx) error {
	if !who(c).CanAudit() {
		return &survey.Error{Kind: survey.Forbidden, Op: "web.auditorsOnly"}
	}
	return c.Next()
}

// bearer finds out whose token or which device's key a request carries. None is fine: that is
// anyone. A wrong one is not: its owner must learn that it is no good.
func (s *server) bearer(c *fiber.Ctx) error {
	header := c.Get(fiber.HeaderAuthorization)
	if header == "" {
		return c.Next()
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return &survey.Error{Kind: survey.Unsigned, Op: "web.bearer"}
	}
	token = strings.TrimSpace(token)
	if strings.HasPrefix(token, survey.KeyPrefix) {
		d, err := s.Devices.Authenticate(c.UserContext(), token)
		if err != nil {
			return err
		}
		c.Locals(deviceKey{}, d)
		return c.Next()
	}
	p, err := s.Auth.Bearer(c.UserContext(), token)
	if err != nil {
		return err
	}
	c.Locals(whoKey{}, p)
	return c.Next()
}

// within returns next if it is a path of ours, and /app otherwise: nobody
// shall be led away by signing in.
func within(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || strings.Contains(next, "\\") || path.Clean(u.Path) != u.Path ||
		u.Path != "/app" && !strings.HasPrefix(u.Path, "/app/") {
		return "/app"
	}
	return next
}
