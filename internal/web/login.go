package web

import (
	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

var loginView = newView[loginPage]("login/login.html")

// loginPage is where staff sign in.
type loginPage struct {
	page
	Next   string // where to go afterwards
	User   string
	Owner  string // who runs this site
	Failed string // why the last attempt failed
	Advice string // what to do about it
}

func (s *server) showLogin(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	s.keepLanguage(c)
	if s.signedIn(c) {
		return c.Redirect(within(c.Query("next")), fiber.StatusSeeOther)
	}
	return loginView.render(c, fiber.StatusOK, loginPage{page: s.page(c), Next: within(c.Query("next"))})
}

// signedIn reports whether the browser has a good session; where that cannot
// be found out, the login page will tell.
func (s *server) signedIn(c *fiber.Ctx) bool {
	cookie := c.Cookies(s.sessionCookie())
	if cookie == "" {
		return false
	}
	_, err := s.Auth.Who(c.UserContext(), cookie)
	return err == nil
}

// postLogin signs in. A wrong name and a wrong password look alike.
func (s *server) postLogin(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	user, next := c.FormValue("user"), within(c.FormValue("next"))
	cookie, _, err := s.Auth.Login(c.UserContext(), user, c.FormValue("password"), s.source(c))
	if err == nil {
		s.setSession(c, cookie)
		return c.Redirect(next, fiber.StatusSeeOther)
	}
	e, status := errorOf(err)
	pg := loginPage{page: s.page(c), Next: next, User: user}
	switch e.Kind {
	case survey.Unsigned:
		pg.Failed, pg.Advice = pg.T("login.wrong"), pg.T("login.wrong_advice")
	case survey.TooMany:
		c.Set(fiber.HeaderRetryAfter, retryAfter(e))
		pg.Failed, pg.Advice = pg.T("login.too_many"), pg.T("login.too_many_advice")
	default:
		return err
	}
	return loginView.render(c, status, pg)
}

func (s *server) postLogout(c *fiber.Ctx) error {
	if cookie := c.Cookies(s.sessionCookie()); cookie != "" {
		if err := s.Auth.Logout(c.UserContext(), cookie); err != nil {
			return err
		}
	}
	s.setSession(c, "")
	return c.Redirect("/login", fiber.StatusSeeOther)
}
