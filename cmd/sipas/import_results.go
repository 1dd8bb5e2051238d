package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"sipas/internal/book"
	"sipas/internal/importer"
	"sipas/internal/survey"
)

type importResults struct {
	File   string `arg:"" placeholder:"FILE.csv|FILE.xlsx" help:"cli.arg.results_file"`
	DryRun bool   `help:"cli.flag.dry_run"`
}

// byCommand is who changed the book, where no account did.
const byCommand = "sipas import"

// mostShown bounds what a dry run shows line by line.
const mostShown = 200

func (c *importResults) run(ctx context.Context, p *program) error {
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
	file, err := importer.ReadResults(in, a.types, a.catalog().Tree)
	if err != nil {
		return p.badCells(c.File, err)
	}
	for _, w := range file.Warnings {
		fmt.Fprintf(p.stderr, "%s:%s: %s\n", c.File, w.Field, p.T("cli.import.warning", p.T(w.Key, w.Args...)))
	}
	if c.DryRun {
		return a.wouldPut(ctx, file)
	}
	w, err := a.store.PutResults(ctx, byCommand, a.now(), file.Results)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, p.T("cli.import.results_done", len(file.Results), file.Scores, w.Added, w.Changed, w.Same))
	return nil
}

// badCells names every bad cell of a file: "results.csv:C7 score: …".
func (p *program) badCells(file string, err error) error {
	e, ok := asDomain(err)
	if !ok || e.Kind != survey.Invalid {
		return err
	}
	text := ""
	for _, f := range e.Fields {
		text += fmt.Sprintf("%s:%s: %s\n", file, f.Field, p.T(f.Key, f.Args...))
	}
	return &failure{status: failed, text: text + p.T("cli.import.nothing", len(e.Fields)), err: err}
}

// wouldPut says what a file would change, result by result.
func (a *app) wouldPut(ctx context.Context, file importer.Results) error {
	type shelf struct {
		t    book.TypeCode
		year int
	}
	standing, read := map[book.Key]*book.Result{}, map[shelf]bool{}
	var w book.Written
	lines := 0
	line := func(key string, args ...any) {
		if lines++; lines <= mostShown {
			fmt.Fprintln(a.stdout, a.T(key, args...))
		}
	}
	for _, r := range file.Results {
		if k := (shelf{r.Type, r.Year}); !read[k] {
			read[k] = true
			there, err := a.store.OfYear(ctx, r.Type, r.Year)
			if err != nil {
				return err
			}
			for i := range there {
				standing[there[i].Key] = &there[i]
			}
		}
		before := standing[r.Key]
		name := []any{string(r.Unit), string(r.Type), strconv.Itoa(r.Year)}
		switch changes := book.Differences(before, r); {
		case before == nil:
			w.Added++
			line("cli.import.results_new", name...)
		case len(changes) > 0:
			w.Changed++
			line("cli.import.results_change", append(name, a.changes(changes))...)
		default:
			w.Same++
		}
	}
	if lines > mostShown {
		fmt.Fprintln(a.stdout, a.T("cli.import.results_more", lines-mostShown))
	}
	fmt.Fprintln(a.stdout, a.T("cli.import.results_would", len(file.Results), file.Scores, w.Added, w.Changed, w.Same))
	return nil
}

// changes writes "rank 8 → 9, score 93,28 → 93,3".
func (a *app) changes(list []book.Difference) string {
	var words []string
	for _, d := range list {
		words = append(words, fmt.Sprintf("%s %s → %s", d.Field, a.value(d.Before), a.value(d.After)))
	}
	return strings.Join(words, ", ")
}

// value writes one side of a difference.
func (a *app) value(v any) string {
	switch v := v.(type) {
	case nil:
		return "–"
	case book.Number:
		return a.Shortest(v.Value)
	case survey.Day:
		return a.Date(v.Date())
	}
	return fmt.Sprint(v)
}
