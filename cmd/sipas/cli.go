package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"

	"sipas/internal/config"
	"sipas/internal/locale"
)

// commands is the whole command line. Help texts are message keys.
type commands struct {
	config.Global

	Serve    serveCommand    `cmd:"" help:"cli.serve"`
	Import   importCommand   `cmd:"" help:"cli.import"`
	Index    indexCommand    `cmd:"" help:"cli.index"`
	Weigh    weighCommand    `cmd:"" help:"cli.weigh"`
	Export   exportCommand   `cmd:"" help:"cli.export"`
	Tally    tallyCommand    `cmd:"" help:"cli.tally"`
	Simulate simulateCommand `cmd:"" help:"cli.simulate"`
	User     userCommand     `cmd:"" help:"cli.user"`
	Token    tokenCommand    `cmd:"" help:"cli.token"`
	Backup   backupCommand   `cmd:"" help:"cli.backup"`
	Restore  restoreCommand  `cmd:"" help:"cli.restore"`
	Doctor   doctorCommand   `cmd:"" help:"cli.doctor"`
	Health   healthCommand   `cmd:"" help:"cli.health"`
	Version  versionCommand  `cmd:"" help:"cli.version"`
}

// runner is a sub-command with its arguments.
type runner interface {
	run(ctx context.Context, p *program) error
}

// exited is what kong's exit becomes, so that help does not end the process.
type exited int

// parse reads the arguments. It returns nil and no error when there is nothing
// left to do, as after --help.
func (p *program) parse(args []string) (command func(context.Context) error, err error) {
	var all commands
	k, err := kong.New(&all,
		kong.Name("sipas"), kong.Description("cli.about"),
		kong.Vars{"lang": p.Lang, "langs": strings.Join(locale.Languages(), ",")},
		kong.Writers(p.stdout, p.stderr),
		kong.Exit(func(status int) { panic(exited(status)) }),
		kong.Resolvers(kong.ResolverFunc(p.fromEnvironment)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.ValueFormatter(p.describe),
		kong.PostBuild(p.translate),
	)
	if err != nil {
		return nil, fmt.Errorf("command line: %w", err)
	}
	defer func() {
		if e := recover(); e != nil {
			if _, ok := e.(exited); !ok {
				panic(e)
			}
			command, err = nil, nil // help was asked for and printed
		}
	}()
	parsed, err := k.Parse(args)
	if err != nil {
		return nil, p.misused(err)
	}
	p.cfg = all.Global
	if err := p.cfg.Validate(); err != nil {
		return nil, p.misused(err)
	}
	p.startLog()
	r, ok := parsed.Selected().Target.Addr().Interface().(runner)
	if !ok {
		return nil, p.misused(fmt.Errorf("%s", parsed.Command()))
	}
	return func(ctx context.Context) error { return r.run(ctx, p) }, nil
}

func (p *program) misused(err error) error {
	return &failure{status: misuse, text: p.T("cli.misuse", err.Error()) + "\n" + p.T("cli.see_help"), err: err}
}

// fromEnvironment gives a flag its value from SIPAS_….
func (p *program) fromEnvironment(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if flag.Name == "help" {
		return nil, nil
	}
	if v := p.getenv(config.Variable(flag.Name)); v != "" {
		return v, nil
	}
	return nil, nil
}

// describe shows the variable of the environment beside each flag.
func (p *program) describe(v *kong.Value) string {
	if v.Flag == nil || v.Flag.Name == "help" {
		return v.Help
	}
	return v.Help + " ($" + config.Variable(v.Flag.Name) + ")"
}

// translate turns help keys into texts, throughout the command line.
func (p *program) translate(k *kong.Kong) error {
	text := func(key string) string {
		if p.Has(key) {
			return p.T(key)
		}
		return key
	}
	return kong.Visit(k.Model, func(v kong.Visitable, next kong.Next) error {
		switch v := v.(type) {
		case *kong.Application:
			v.Help = text(v.Help)
		case *kong.Node:
			v.Help = text(v.Help)
		case *kong.Flag:
			v.Help = text(v.Help)
			if v.Name == "help" {
				v.Help = p.T("cli.flag.help")
			}
		case *kong.Value:
			v.Help = text(v.Help)
		}
		return next(nil)
	})
}
