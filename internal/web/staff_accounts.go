package web

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/auth"
	"sipas/internal/survey"
)

var accountsView = newStaffView[accountsPage]("accounts.html")

// accountsPage is who may come in.
type accountsPage struct {
	formBase
	Title    string
	Accounts []accountRow
	Tokens   []accountRow
	Roles    []pick
	Units    []pick
	Form     string // which of the forms came back: "account", "password" or "token"
	Typed    string // the name as typed
	Made     string // a fresh token, shown once
}

// accountRow is an account or a token.
type accountRow struct {
	Name  string
	Role  string
	Unit  string
	Since string
	Off   string // why it cannot be used; empty: it can
	Self  bool
}

// BadIn returns what is wrong with a field of one of the forms.
func (p accountsPage) BadIn(form, field string) string {
	if p.Form != form {
		return ""
	}
	return p.Bad(field)
}

// NameIn is the name typed into one of the forms.
func (p accountsPage) NameIn(form string) string {
	if p.Form != form {
		return ""
	}
	return p.Typed
}

func (s *server) accounts(c *fiber.Ctx) error {
	return s.renderAccounts(c, fiber.StatusOK, accountsPage{})
}

// renderAccounts completes p and shows it.
func (s *server) renderAccounts(c *fiber.Ctx, status int, p accountsPage) error {
	v := s.viewer(c)
	p.staffPage = s.staff(c, v, "accounts")
	if err := s.fillAccounts(c.UserContext(), v, &p); err != nil {
		return err
	}
	form := formOf(c)
	role := auth.Role(form.Get("role"))
	if !slices.Contains(auth.Roles, role) {
		role = auth.Manager // the role that may do least is the one to slip on
	}
	for _, r := range auth.Roles {
		p.Roles = append(p.Roles, pick{string(r), p.T("staff.role." + string(r)), r == role})
	}
	unit := survey.UnitCode(form.Get("unit"))
	p.Units = append([]pick{{"", p.T("staff.account.all_units"), unit == ""}}, v.everyUnit(p.Printer, unit)...)
	p.Title = p.N("staff.accounts.title", int64(len(p.Accounts)))
	return accountsView.render(c, status, p)
}

func (s *server) fillAccounts(ctx context.Context, v viewer, p *accountsPage) error {
	accounts, err := s.Auth.Accounts(ctx)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		r := accountRow{
			Name: a.Name, Role: p.T("staff.role." + string(a.Role)), Unit: v.unitName(p.staffPage, a.Unit),
			Since: p.Date(a.CreatedAt.In(s.Zone)), Self: a.Name == v.who.Name,
		}
		if a.Disabled {
			r.Off = p.T("staff.account.off")
		}
		p.Accounts = append(p.Accounts, r)
	}
	tokens, err := s.Auth.Tokens(ctx)
	if err != nil {
		return err
	}
	for _, t := range tokens {
		r := accountRow{
			Name: t.Name, Role: p.T("staff.role." + string(t.Role)), Unit: v.unitName(p.staffPage, t.Unit),
			Since: p.Date(t.CreatedAt.In(s.Zone)),
		}
		if !t.RevokedAt.IsZero() {
			r.Off = p.T("staff.token.revoked", p.Date(t.RevokedAt.In(s.Zone)))
		}
		p.Tokens = append(p.Tokens, r)
	}
	return nil
}

func (v viewer) unitName(p staffPage, code survey.UnitCode) string {
	if code == "" {
		return p.T("staff.account.all_units")
	}
	u, ok := v.cat.Tree.Unit(code)
	if !ok {
		return string(code)
	}
	return u.Name
}

// accountFaults shows the page again with what is wrong in one of its forms.
func (s *server) accountFaults(c *fiber.Ctx, form, name string, err error) error {
	faults, err := s.faults(s.staff(c, s.viewer(c), "accounts"), err)
	if err != nil {
		return err
	}
	p := accountsPage{formBase: formBase{Faults: faults}, Form: form, Typed: name}
	return s.renderAccounts(c, fiber.StatusUnprocessableEntity, p)
}

// unitFault is the error for a unit that is not there; auth does not know the
// tree.
func (s *server) unitFault(code survey.UnitCode) error {
	if _, ok := s.Catalog().Tree.Unit(code); !ok && code != "" {
		return survey.Bad("web.accounts", "unit", "unit.unknown", string(code))
	}
	return nil
}

func (s *server) postAccount(c *fiber.Ctx) error {
	form := formOf(c)
	name, unit := form.Get("name"), survey.UnitCode(form.Get("unit"))
	err := s.unitFault(unit)
	if err == nil {
		// The password as typed: blanks at its ends are part of it.
		err = s.Auth.AddAccount(c.UserContext(), name, c.FormValue("password"), auth.Role(form.Get("role")), unit)
	}
	if err != nil {
		return s.accountFaults(c, "account", name, err)
	}
	return c.Redirect("/app/accounts?said=account", fiber.StatusSeeOther)
}

func (s *server) postPassword(c *fiber.Ctx) error {
	name := c.Params("name")
	if err := s.Auth.SetPassword(c.UserContext(), name, c.FormValue("password")); err != nil {
		return s.accountFaults(c, "password", name, err)
	}
	return c.Redirect("/app/accounts?said=password", fiber.StatusSeeOther)
}

func (s *server) postDisable(c *fiber.Ctx) error {
	if err := s.Auth.Disable(c.UserContext(), c.Params("name")); err != nil {
		return s.accountFaults(c, "disable", c.Params("name"), err)
	}
	return c.Redirect("/app/accounts?said=disabled", fiber.StatusSeeOther)
}

func (s *server) postEnable(c *fiber.Ctx) error {
	if err := s.Auth.Enable(c.UserContext(), c.Params("name")); err != nil {
		return err
	}
	return c.Redirect("/app/accounts?said=enabled", fiber.StatusSeeOther)
}

// postToken makes a token and shows it: the only page that ever does, and so
// no redirect.
func (s *server) postToken(c *fiber.Ctx) error {
	form := formOf(c)
	name, unit := form.Get("name"), survey.UnitCode(form.Get("unit"))
	err := s.unitFault(unit)
	var made string
	if err == nil {
		made, err = s.Auth.AddToken(c.UserContext(), name, auth.Role(form.Get("role")), unit)
	}
	if err != nil {
		return s.accountFaults(c, "token", name, err)
	}
	return s.renderAccounts(c, fiber.StatusCreated, accountsPage{Form: "made", Typed: name, Made: made})
}

func (s *server) postRevoke(c *fiber.Ctx) error {
	if err := s.Auth.RevokeToken(c.UserContext(), c.Params("name")); err != nil {
		return err
	}
	return c.Redirect("/app/accounts?said=revoked", fiber.StatusSeeOther)
}
