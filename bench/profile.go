package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"github.com/google/pprof/profile"

	"sipas/bench/world"
	program "sipas/internal/export"
	"sipas/internal/store"
	"sipas/internal/survey"
)

// rule names what a sample was spent on: the first rule whose text is in the
// name of any function on the stack.
type rule struct{ what, function string }

var ingestRules = []rule{
	{"collecting garbage", "runtime.gcBgMarkWorker"},
	{"collecting garbage", "runtime.bgsweep"},
	{"collecting garbage", "runtime.gcAssistAlloc"},
	{"judging", "quality.(*Judge)"},
	{"folding into tallies", "survey.(*Folder).Fold"},
	{"writer: looking up waves and ids", "store.(*batch).load"},
	{"writer: inserting", "store.(*batch).insert"},
	{"writer: committing (log, fsync, checkpoint)", "sql.(*Tx).Commit"},
	{"writer: the rest", "store.(*ledger).run"},
	{"decoding JSON", "web.decodeSubmission"},
	{"checking answers", "survey.(*Instrument).Check"},
	{"writing the sheet", "survey.(*Instrument).Sheet"},
	{"hashing the response", "survey.(*Response).digest"},
	{"making the receipt", "survey.ReceiptKey.Receipt"},
	{"queueing for the writer", "store.(*Store).Append"},
	{"domain: the rest", "survey.(*Intake)"},
	{"writing the answer", "web.sendJSON"},
	{"metrics", "web.(*Metrics)"},
	{"throttle", "web.(*server).take"},
	{"headers of the answer", "web.secureHeaders"},
	{"web: the rest", "fiber.(*App).handler"},
	{"HTTP: reading and writing the socket", "syscall.Syscall"},
	{"HTTP: reading and writing the socket", "internal/poll.(*FD)"},
	{"HTTP: the rest", "fasthttp."},
	{"Go's scheduler and netpoller", "runtime.mcall"},
	{"Go's scheduler and netpoller", "runtime.schedule"},
	{"Go's scheduler and netpoller", "runtime.findRunnable"},
}

var exportRules = []rule{
	{"collecting garbage", "runtime.gcBgMarkWorker"},
	{"collecting garbage", "runtime.bgsweep"},
	{"collecting garbage", "runtime.gcAssistAlloc"},
	{"reading: SQLite's step", "lib.Xsqlite3_step"},
	{"reading: values of the driver", "sqlite.(*rows).Next"},
	{"reading: making the response", "store.readResponse"},
	{"reading: the rest", "store.eachResponse"},
	{"hashing the file", "sha256"},
	{"writing the file", "os.(*File).Write"},
	{"formatting: answers", "export.(*csvWriter).answers"},
	{"formatting: times", "export.(*csvWriter).appendTime"},
	{"formatting: the rest", "export.(*csvWriter)"},
	{"Go's scheduler", "runtime.mcall"},
}

// profiles says where the processor's time goes: of the server that stores, of
// the one that does not, and of an export.
func profiles(ctx context.Context, b *bench) (r result, err error) {
	for _, stores := range []bool{true, false} {
		p, perSecond, err := b.profileServer(ctx, stores)
		if err != nil {
			return r, err
		}
		title := fmt.Sprintf("Server that stores, under load (%.0f responses/s while profiled)", perSecond)
		if !stores {
			title = fmt.Sprintf("The same without storing (%.0f responses/s)", perSecond)
		}
		r.Notes = append(r.Notes, table(title, p, ingestRules, "µs per response", 1e3*perSecond*profileTime(b).Seconds())...)
	}
	p, took, err := b.profileExport(ctx)
	if err != nil {
		return r, err
	}
	r.Notes = append(r.Notes, table(fmt.Sprintf("CSV export of %d responses (%.1f s)", many, took.Seconds()), p, exportRules, "µs per row", 1e3*many)...)
	return r, nil
}

func profileTime(b *bench) time.Duration {
	if b.quick {
		return 2 * time.Second
	}
	return 8 * time.Second
}

// table sums up a profile. per is by how much nanoseconds are divided for the
// second column.
func table(title string, p *profile.Profile, rules []rule, unit string, per float64) []string {
	sums, total := map[string]int64{}, int64(0)
	for _, s := range p.Sample {
		ns := s.Value[len(s.Value)-1]
		total += ns
		sums[classify(s, rules)] += ns
	}
	var names []string
	for n := range sums {
		names = append(names, n)
	}
	slices.SortFunc(names, func(a, b string) int { return int(sums[b] - sums[a]) })
	lines := []string{"", "### " + title, "", "| | share of processor time | " + unit + " |", "|---|---|---|"}
	for _, n := range names {
		lines = append(lines, fmt.Sprintf("| %s | %.1f %% | %.1f |", n, 100*float64(sums[n])/float64(total), float64(sums[n])/per))
	}
	return append(lines, fmt.Sprintf("| sum | | %.1f |", float64(total)/per))
}

func classify(s *profile.Sample, rules []rule) string {
	for _, r := range rules {
		for _, l := range s.Location {
			for _, f := range l.Line {
				if strings.Contains(f.Function.Name, r.function) {
					return r.what
				}
			}
		}
	}
	return "other"
}

// profileServer runs the server of nostore/ under load and profiles it.
func (b *bench) profileServer(ctx context.Context, stores bool) (p *profile.Profile, perSecond float64, err error) {
	folder := filepath.Join(b.out, "profiled")
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	file, err := b.cache.copy(ctx, folder)
	if err != nil {
		return nil, 0, err
	}
	w, err := world.Open(ctx, file, store.Options{})
	if err != nil {
		return nil, 0, err
	}
	bodies, _, err := w.Bodies(ctx, bodiesMade, time.Now())
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, 0, err
	}
	door, err := freePort()
	if err != nil {
		return nil, 0, err
	}
	server, err := startServer(ctx, b.plain, []string{"-db", file, fmt.Sprintf("-store=%t", stores), "-pprof", door, "-addr"})
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	l, err := newLoader(ctx, server.addr, bodies)
	if err != nil {
		return nil, 0, err
	}
	defer l.close()
	return b.profileLoad(ctx, l, door, fmt.Sprintf("server-store-%t.pprof", stores))
}

func (b *bench) profileLoad(ctx context.Context, l *loader, door, file string) (p *profile.Profile, perSecond float64, err error) {
	if _, err := l.round(ctx, time.Second); err != nil {
		return nil, 0, err
	}
	type answer struct {
		body []byte
		err  error
	}
	got, d := make(chan answer, 1), profileTime(b)
	go func() {
		_, body, _, err := get(ctx, fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", door, int(d.Seconds())), nil)
		got <- answer{body, err}
	}()
	s, err := l.round(ctx, d+300*time.Millisecond)
	a := <-got
	if err = errors.Join(err, a.err); err != nil {
		return nil, 0, err
	}
	if err := os.WriteFile(filepath.Join(b.out, file), a.body, 0o600); err != nil {
		return nil, 0, err
	}
	p, err = profile.Parse(bytes.NewReader(a.body))
	return p, s.perSecond(), err
}

// profileExport exports within this process, and throws the file away.
func (b *bench) profileExport(ctx context.Context) (p *profile.Profile, took time.Duration, err error) {
	folder, err := b.cache.data(ctx, many)
	if err != nil {
		return nil, 0, err
	}
	w, err := world.Open(ctx, filepath.Join(folder, "sipas.db"), store.Options{})
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	file, err := os.Create(filepath.Join(b.out, "profiled.csv"))
	if err != nil {
		return nil, 0, err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	e := program.Exporter{Source: source{w.Store}, Catalog: w.Catalog, Zone: w.Zone, Now: time.Now}
	var text bytes.Buffer
	if err := pprof.StartCPUProfile(io.Writer(&text)); err != nil {
		return nil, 0, err
	}
	began := time.Now()
	_, err = e.Write(ctx, program.Request{Wave: world.Wave, Format: program.CSV}, file, nil)
	took = time.Since(began)
	pprof.StopCPUProfile()
	if err != nil {
		return nil, 0, err
	}
	if err := os.WriteFile(filepath.Join(b.out, "export.pprof"), text.Bytes(), 0o600); err != nil {
		return nil, 0, err
	}
	p, err = profile.Parse(&text)
	return p, took, err
}

// source adds to the store what only exports ask for, as cmd/sipas does.
type source struct{ *store.Store }

// Head is the last response stored.
func (s source) Head(ctx context.Context) (survey.Watermark, error) {
	c, err := s.Counts(ctx, survey.TallyQuery{Wave: "-"})
	return c.Head, err
}
