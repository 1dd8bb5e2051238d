package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"sipas/internal/auth"
	"sipas/internal/survey"
)

type tokenCommand struct {
	Add    tokenAdd    `cmd:"" help:"cli.token.add"`
	Revoke tokenRevoke `cmd:"" help:"cli.token.revoke"`
	List   tokenList   `cmd:"" help:"cli.token.list"`
}

type tokenAdd struct {
	Name string `arg:"" help:"cli.arg.token"`
	Role string `required:"" enum:"admin,manager,auditor" placeholder:"admin|manager|auditor" help:"cli.flag.role"`
	Unit string `placeholder:"UNIT" help:"cli.flag.scope"`
}

// run prints the token alone on stdout, so that it can go straight into a file.
func (c *tokenAdd) run(ctx context.Context, p *program) error {
	a, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer a.close()
	if err := a.known(survey.UnitCode(c.Unit)); err != nil {
		return err
	}
	token, err := a.auth().AddToken(ctx, c.Name, auth.Role(c.Role), survey.UnitCode(c.Unit))
	if survey.KindOf(err) == survey.Conflict {
		return p.no("cli.token.taken", c.Name)
	}
	if err != nil {
		return err
	}
	p.say("cli.token.once")
	fmt.Fprintln(p.stdout, token)
	return nil
}

type tokenRevoke struct {
	Name string `arg:"" help:"cli.arg.token"`
}

func (c *tokenRevoke) run(ctx context.Context, p *program) error {
	a, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer a.close()
	err = a.auth().RevokeToken(ctx, c.Name)
	if err != nil && survey.KindOf(err) == survey.NotFound {
		return p.no("cli.token.unknown", c.Name)
	}
	if err != nil {
		return err
	}
	p.say("cli.token.revoked", c.Name)
	return nil
}

type tokenList struct{}

func (*tokenList) run(ctx context.Context, p *program) error {
	a, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer a.close()
	all, err := a.auth().Tokens(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "name\trole\tunit\tstate\tcreated")
	for _, t := range all {
		state := "active"
		if !t.RevokedAt.IsZero() {
			state = "revoked"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", t.Name, t.Role, dash(string(t.Unit)), state, t.CreatedAt.In(a.zone).Format("2006-01-02"))
	}
	return w.Flush()
}
