// Command bench measures the program beside the limits of the machine it runs
// on and writes RESULTS.md. Every number is a ratio of two things measured in
// turn in the same run, so that it means something on another machine too.
//
//	go run .                     everything, about twelve minutes the first time
//	go run . -only ingest,export the rest keeps its last results
//	go run . -only volume        pages over 5,000,000 responses, which take an hour to make once
//	go run . -only bookpages     pages of an index book of 9,600,000 component scores, made once
//	go run . -quick              short rounds: to see that it works, not to publish
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// bench is what the measurements share.
type bench struct {
	keep  string // folder of nations, which take an hour to make; not in git either
	out   string // folder of everything that is made; not in git
	sipas string // the program, stripped
	plain string // the server of nostore/
	quick bool
	cache *cache
}

// measurement is one of the things measured.
type measurement struct {
	name string
	run  func(context.Context, *bench) (result, error)
	long bool // runs only when it is named
}

// measurements run in this order.
var measurements = []measurement{
	{"ingest", ingest, false},
	{"dashboard", dashboard, false},
	{"export", export, false},
	{"form", form, false},
	{"book", book, false},
	{"start", start, false},
	{"binary", binarySize, false},
	{"volume", volume, true},
	{"bookpages", pagesOfBook, true},
	{"profile", profiles, false},
}

func main() {
	only := flag.String("only", "", "measurements to run, separated by commas")
	quick := flag.Bool("quick", false, "short rounds")
	keep := flag.String("keep", "out", "folder in which databases of millions are kept from one run to the next")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *only, *keep, *quick); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, only, keep string, quick bool) error {
	names := strings.FieldsFunc(only, func(r rune) bool { return r == ',' })
	for _, name := range names {
		if !slices.ContainsFunc(measurements, func(m measurement) bool { return m.name == name }) {
			return fmt.Errorf("there is no measurement %q", name)
		}
	}
	b := &bench{out: "out", keep: keep, quick: quick}
	if err := b.build(ctx); err != nil {
		return err
	}
	b.cache = &cache{folder: b.out}
	all, err := readResults(b.out)
	if err != nil {
		return err
	}
	var failures []error
	for _, m := range measurements {
		if !slices.Contains(names, m.name) && (m.long || len(names) > 0) || ctx.Err() != nil {
			continue
		}
		say("%s …", m.name)
		began := time.Now()
		r, err := m.run(ctx, b)
		if err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", m.name, err))
			say("%s failed: %v", m.name, err)
			continue
		}
		r.Name, r.At, r.Took, r.Quick = m.name, began.UTC(), time.Since(began), quick
		r.Load = loadAverage()
		r.print()
		all[m.name] = r
		if err := writeResults(b.out, all); err != nil {
			return err
		}
	}
	return errors.Join(append(failures, writeReport(ctx, b, all))...)
}

func say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// rounds is how often each side of a pair is measured, and for how long.
func (b *bench) rounds() (n int, each time.Duration) {
	if b.quick {
		return 2, 1500 * time.Millisecond
	}
	return 9, 4 * time.Second
}
