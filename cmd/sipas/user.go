package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"sipas/internal/auth"
	"sipas/internal/survey"
)

type userCommand struct {
	Add     userAdd     `cmd:"" help:"cli.user.add"`
	Passwd  userPasswd  `cmd:"" help:"cli.user.passwd"`
	List    userList    `cmd:"" help:"cli.user.list"`
	Disable userDisable `cmd:"" help:"cli.user.disable"`
}

type userAdd struct {
	Name string `arg:"" help:"cli.arg.account"`
	Role string `required:"" enum:"admin,manager,auditor" placeholder:"admin|manager|auditor" help:"cli.flag.role"`
	Unit string `placeholder:"UNIT" help:"cli.flag.scope"`
}

func (c *userAdd) run(ctx context.Context, p *program) error {
	password, err := p.password()
	if err != nil {
		return err
	}
	a, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer a.close()
	if err := a.known(survey.UnitCode(c.Unit)); err != nil {
		return err
	}
	err = a.auth().AddAccount(ctx, c.Name, password, auth.Role(c.Role), survey.UnitCode(c.Unit))
	if survey.KindOf(err) == survey.Conflict {
		return p.no("cli.user.taken", c.Name)
	}
	if err != nil {
		return err
	}
	p.say("cli.user.added", c.Name, c.Role)
	return nil
}

type userPasswd struct {
	Name string `arg:"" help:"cli.arg.account"`
}

func (c *userPasswd) run(ctx context.Context, p *program) error {
	password, err := p.password()
	if err != nil {
		return err
	}
	return p.onAccount(ctx, c.Name, "cli.user.changed", func(s *auth.Service) error { return s.SetPassword(ctx, c.Name, password) })
}

type userDisable struct {
	Name string `arg:"" help:"cli.arg.account"`
}

func (c *userDisable) run(ctx context.Context, p *program) error {
	return p.onAccount(ctx, c.Name, "cli.user.disabled", func(s *auth.Service) error { return s.Disable(ctx, c.Name) })
}

// onAccount changes an account and says so.
func (p *program) onAccount(ctx context.Context, name, done string, change func(*auth.Service) error) error {
	a, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer a.close()
	err = change(a.auth())
	if err != nil && survey.KindOf(err) == survey.NotFound {
		return p.no("cli.user.unknown", name)
	}
	if err != nil {
		return err
	}
	p.say(done, name)
	return nil
}

type userList struct{}

func (*userList) run(ctx context.Context, p *program) error {
	a, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer a.close()
	all, err := a.auth().Accounts(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "name\trole\tunit\tstate\tcreated")
	for _, u := range all {
		state := "active"
		if u.Disabled {
			state = "disabled"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", u.Name, u.Role, dash(string(u.Unit)), state, u.CreatedAt.In(a.zone).Format("2006-01-02"))
	}
	return w.Flush()
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// password reads the first line of standard input. Arguments are seen by
// everybody on the machine, so there is no flag for it.
func (p *program) password() (string, error) {
	if isTerminal(p.stdin) {
		p.say("cli.user.type_password")
	}
	line, err := bufio.NewReader(io.LimitReader(p.stdin, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", p.no("cli.user.no_password")
	}
	return line, nil
}
