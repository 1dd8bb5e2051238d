package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"sipas/internal/importer"
	"sipas/internal/survey"
)

type importCommand struct {
	Units       importUnits       `cmd:"" help:"cli.import.units"`
	Successions importSuccessions `cmd:"" help:"cli.import.successions"`
	Services    importServices    `cmd:"" help:"cli.import.services"`
	Plan        importPlan        `cmd:"" help:"cli.import.plan"`
	Results     importResults     `cmd:"" help:"cli.import.results"`
	Outbox      importOutbox      `cmd:"" help:"cli.import.outbox"`
}

// importFile is what every import takes.
type importFile struct {
	File   string `arg:"" placeholder:"FILE.csv" help:"cli.arg.import_file"`
	DryRun bool   `help:"cli.flag.dry_run"`
}

// take reads the file with read, which checks it
// against the catalog, and stores what came of it unless this is a dry run.
func (c *importFile) take(ctx context.Context, p *program, read func(io.Reader, *survey.Catalog) (int, error), store func(*app) error) error {
	in, done, err := p.input(c.File)
	if err != nil {
		return err
	}
	defer done()
	a, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer a.close()
	n, err := read(in, a.catalog())
	if err != nil {
		return p.badRows(c.File, err)
	}
	if c.DryRun {
		fmt.Fprintln(p.stdout, p.T("cli.import.would", n))
		return nil
	}
	if err := store(a); err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, p.T("cli.import.done", n))
	return nil
}

// input opens a file to read, until done is called; "-" is standard input.
func (p *program) input(file string) (in io.Reader, done func(), err error) {
	if file == "-" {
		return p.stdin, func() {}, nil
	}
	f, err := os.Open(file)
	return f, func() { _ = f.Close() }, err
}

// badRows names every bad row of a file as compilers do: "units.csv:7: …".
func (p *program) badRows(file string, err error) error {
	e, ok := asDomain(err)
	if !ok || e.Kind != survey.Invalid {
		return err
	}
	text := ""
	for _, f := range e.Fields {
		line := 0
		_, _ = fmt.Sscanf(f.Field, "line %d", &line)
		text += fmt.Sprintf("%s:%d: %s\n", file, line, p.T(f.Key, f.Args...))
	}
	return &failure{status: failed, text: text + p.T("cli.import.nothing", len(e.Fields)), err: err}
}

type importUnits struct{ importFile }

func (c *importUnits) run(ctx context.Context, p *program) error {
	var rows []survey.UnitRow
	return c.take(ctx, p, func(r io.Reader, known *survey.Catalog) (n int, err error) {
		rows, err = importer.Units(r, known.Tree)
		return len(rows), err
	}, func(a *app) error { return a.registry().ImportUnits(ctx, rows) })
}

type importSuccessions struct{ importFile }

func (c *importSuccessions) run(ctx context.Context, p *program) error {
	var rows []survey.Succession
	return c.take(ctx, p, func(r io.Reader, known *survey.Catalog) (n int, err error) {
		rows, err = importer.Successions(r, known)
		return len(rows), err
	}, func(a *app) error { return a.store.PutSuccessions(ctx, rows) })
}

type importServices struct{ importFile }

func (c *importServices) run(ctx context.Context, p *program) error {
	var rows []survey.Service
	return c.take(ctx, p, func(r io.Reader, known *survey.Catalog) (n int, err error) {
		rows, err = importer.Services(r, known.Tree)
		return len(rows), err
	}, func(a *app) error { return a.store.PutServices(ctx, rows) })
}

type importPlan struct{ importFile }

func (c *importPlan) run(ctx context.Context, p *program) error {
	var plans map[survey.WaveID]survey.Plan
	return c.take(ctx, p, func(r io.Reader, known *survey.Catalog) (n int, err error) {
		plans, n, err = importer.Plans(r, known)
		return n, err
	}, func(a *app) error { return a.registry().ImportPlans(ctx, plans) })
}
