package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

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

// importFile is what every import of a table takes.
type importFile struct {
	File   string `arg:"" placeholder:"FILE.csv" help:"cli.arg.import_file"`
	DryRun bool   `help:"cli.flag.dry_run"`
}

// batch is what a file held, all of it good.
type batch struct {
	odd   []survey.FieldError // and taken as it is
	would func() error        // says what would change
	store func() error        // changes it, and says so
}

// take reads the file with read, which checks it against the catalog, and stores
// what came of it unless this is a dry run.
func (c *importFile) take(ctx context.Context, p *program, read func(io.Reader, *app) (batch, error)) error {
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
	b, err := read(in, a)
	if err != nil {
		return p.badFile(c.File, err)
	}
	for _, w := range b.odd {
		fmt.Fprintln(p.stderr, p.at(c.File, w.Field)+p.T("cli.import.warning", p.T(w.Key, w.Args...)))
	}
	if c.DryRun {
		return b.would()
	}
	return b.store()
}

// rows is a batch of n rows, of which only the number is told.
func (p *program) rows(n int, store func() error) batch {
	said := func(key string) error {
		_, err := fmt.Fprintln(p.stdout, p.T(key, n))
		return err
	}
	return batch{
		would: func() error { return said("cli.import.would") },
		store: func() error {
			if err := store(); err != nil {
				return err
			}
			return said("cli.import.done")
		},
	}
}

// input opens a file to read, until done is called; "-" is standard input.
func (p *program) input(file string) (in io.Reader, done func(), err error) {
	if file == "-" {
		return p.stdin, func() {}, nil
	}
	f, err := os.Open(file)
	return f, func() { _ = f.Close() }, err
}

// badFile names everything wrong with a file, a line each.
func (p *program) badFile(file string, err error) error {
	e, ok := asDomain(err)
	if !ok || e.Kind != survey.Invalid {
		return err
	}
	text := ""
	for _, f := range e.Fields {
		text += p.at(file, f.Field) + p.T(f.Key, f.Args...) + "\n"
	}
	return &failure{status: failed, text: text + p.T("cli.import.nothing", len(e.Fields)), err: err}
}

// at begins a line about a place of a file: of a row as compilers do, of a cell in
// words.
//
//	units.csv:7:
//	results.xlsx: sheet “2019”, row 7, column C (score):
func (p *program) at(file, field string) string {
	if line, ok := strings.CutPrefix(field, "line "); ok {
		return file + ":" + line + ": "
	}
	cell, ok := importer.CellOf(field)
	if !ok {
		return file + ": " + field + ": "
	}
	column := cell.Column
	if cell.Heading != "" {
		column += " (" + cell.Heading + ")"
	}
	key := "import.place"
	if cell.Sheet != "" {
		key = "import.place_sheet"
	}
	return file + ": " + p.T(key, cell.Sheet, strconv.Itoa(cell.Row), column) + ": "
}

type importUnits struct{ importFile }

func (c *importUnits) run(ctx context.Context, p *program) error {
	return c.take(ctx, p, func(r io.Reader, a *app) (batch, error) {
		rows, err := importer.Units(r, a.catalog().Tree)
		return a.rows(len(rows), func() error { return a.registry().ImportUnits(ctx, rows) }), err
	})
}

type importSuccessions struct{ importFile }

func (c *importSuccessions) run(ctx context.Context, p *program) error {
	return c.take(ctx, p, func(r io.Reader, a *app) (batch, error) {
		rows, err := importer.Successions(r, a.catalog())
		return a.rows(len(rows), func() error { return a.store.PutSuccessions(ctx, rows) }), err
	})
}

type importServices struct{ importFile }

func (c *importServices) run(ctx context.Context, p *program) error {
	return c.take(ctx, p, func(r io.Reader, a *app) (batch, error) {
		rows, err := importer.Services(r, a.catalog().Tree)
		return a.rows(len(rows), func() error { return a.store.PutServices(ctx, rows) }), err
	})
}

type importPlan struct{ importFile }

func (c *importPlan) run(ctx context.Context, p *program) error {
	return c.take(ctx, p, func(r io.Reader, a *app) (batch, error) {
		plans, n, err := importer.Plans(r, a.catalog())
		return a.rows(n, func() error { return a.registry().ImportPlans(ctx, plans) }), err
	})
}
