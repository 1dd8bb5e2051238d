package main

import (
	"context"
	"fmt"
	"io"
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
	take := importFile(*c)
	return take.take(ctx, p, func(r io.Reader, a *app) (batch, error) {
		file, err := importer.ReadResults(r, a.types, a.catalog().Tree)
		return batch{
			odd:   file.Warnings,
			would: func() error { return a.wouldPut(ctx, file) },
			store: func() error { return a.put(ctx, file) },
		}, err
	})
}

// put stores the results of a file and says how many changed.
func (a *app) put(ctx context.Context, file importer.Results) error {
	w, err := a.store.PutResults(ctx, byCommand, a.now(), file.Results)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.stdout, a.T("cli.import.results_done", len(file.Results), file.Scores, w.Added, w.Changed, w.Same))
	return err
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
