package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"sipas/bench/world"
	"sipas/internal/store"
	"sipas/internal/survey"
)

// bodiesMade is how many different responses are sent, over and over under new ids.
const bodiesMade = 4096

// contest is the three that take responses in turn.
type contest struct {
	b      *bench
	folder string
	bodies []string
	rows   []survey.Response

	stores, plain *process
	toStores      *loader
	toPlain       *loader
}

// ingest measures durable responses per second through HTTP beside the same
// server that stores nothing, and beside a bare loop of inserts.
func ingest(ctx context.Context, b *bench) (r result, err error) {
	c := &contest{b: b, folder: filepath.Join(b.out, "ingest")}
	if err := c.prepare(ctx); err != nil {
		return r, errors.Join(err, c.end())
	}
	defer func() { err = errors.Join(err, c.end()) }()
	n, each := b.rounds()
	before, err := scrape(ctx, c.stores.addr)
	if err != nil {
		return r, err
	}
	var t takings
	for range n {
		if err := c.round(ctx, each, &t); err != nil {
			return r, err
		}
	}
	after, err := scrape(ctx, c.stores.addr)
	if err != nil {
		return r, err
	}
	r.Rows = []row{
		row{What: "durable responses/s through HTTP ÷ the same server without storing", AtLeast: 0.25, Aim: 0.5, Decimals: 2}.of(t.versusPlain),
		row{What: "the same ÷ rows/s of a bare loop of inserts, 512 a transaction", AtLeast: 0.15, Aim: 0.4, Decimals: 2}.of(t.versusBare),
	}
	r.Notes = append([]string{
		fmt.Sprintf("%d rounds of %s each, in turn: the server without storing, the program, the bare loop. %d connections stay open; each sends", n, each, connections),
		fmt.Sprintf("a whole `%s` of %d bytes on average under a fresh UUIDv7 and waits for the receipt. The client has its requests ready", world.Instrument, c.meanBody()),
		"and replaces only the id; of the answers it reads status and length. `synchronous=FULL` throughout: a receipt is given after fsync.",
		"The bare loop is one prepared INSERT in the same process as its rows, which are ready, with the program's pragmas, table and",
		"indexes, on an empty table in each round. Folding goes on during the program's rounds and is let finish before the next.",
		"",
	}, t.notes(before, after)...)
	return r, nil
}

// takings is what all rounds brought.
type takings struct {
	versusPlain, versusBare []float64
	stored, plain, bare     []float64 // per second
	last                    served
	lag                     float64
	total                   int
	took                    time.Duration

	// Processor time per response.
	cpuStored, cpuPlain, cpuClient []time.Duration
}

// round lets each of the three work for d.
func (c *contest) round(ctx context.Context, d time.Duration, t *takings) error {
	us, them := cpuOf(os.Getpid()), cpuOf(c.plain.cmd.Process.Pid)
	plain, err := c.toPlain.round(ctx, d)
	if err != nil {
		return err
	}
	t.cpuClient = append(t.cpuClient, (cpuOf(os.Getpid())-us)/time.Duration(plain.n))
	t.cpuPlain = append(t.cpuPlain, (cpuOf(c.plain.cmd.Process.Pid)-them)/time.Duration(plain.n))
	them = cpuOf(c.stores.cmd.Process.Pid)
	if t.last, err = c.toStores.round(ctx, d); err != nil {
		return err
	}
	lag, err := c.drain(ctx)
	if err != nil {
		return err
	}
	t.cpuStored = append(t.cpuStored, (cpuOf(c.stores.cmd.Process.Pid)-them)/time.Duration(t.last.n))
	t.lag, t.total, t.took = max(t.lag, lag), t.total+t.last.n, t.took+t.last.took
	bare, err := c.bare(ctx, d)
	if err != nil {
		return err
	}
	stored := t.last.perSecond()
	say("  storing %.0f/s, not storing %.0f/s, bare loop %.0f/s", stored, plain.perSecond(), bare)
	t.stored, t.plain, t.bare = append(t.stored, stored), append(t.plain, plain.perSecond()), append(t.bare, bare)
	t.versusPlain, t.versusBare = append(t.versusPlain, stored/plain.perSecond()), append(t.versusBare, stored/bare)
	return nil
}

// notes says how the numbers came about; before and after are the program's
// metrics.
func (t *takings) notes(before, after map[string]float64) []string {
	grown := func(name string) float64 { return after[name] - before[name] }
	commits, busy := grown("sipas_commit_seconds_count"), grown("sipas_commit_seconds_sum")
	return []string{
		fmt.Sprintf("- storing: %.0f responses/s (median), %d in all; in the last round half within %s, 99 %% within %s", median(t.stored), t.total, round(t.last.p50), round(t.last.p99)),
		fmt.Sprintf("- not storing: %.0f responses/s; bare loop: %.0f rows/s", median(t.plain), median(t.bare)),
		fmt.Sprintf("- %.0f responses per commit, %s per commit (begin to durable): the writer was busy %.0f %% of the time", grown("sipas_commit_responses_sum")/commits,
			round(time.Duration(busy/commits*float64(time.Second))), 100*busy/t.took.Seconds()),
		fmt.Sprintf("- processor time per response: %d µs storing (folding included), %d µs not storing, %d µs the client, which shares the cores",
			median(t.cpuStored).Microseconds(), median(t.cpuPlain).Microseconds(), median(t.cpuClient).Microseconds()),
		fmt.Sprintf("- tallies were at most %.0f responses behind when a round ended", t.lag),
	}
}

func (c *contest) meanBody() int {
	sum := 0
	for _, b := range c.bodies {
		sum += len(b)
	}
	return sum / len(c.bodies)
}

// prepare starts both servers over databases of their own and warms them up.
func (c *contest) prepare(ctx context.Context) (err error) {
	if err := os.RemoveAll(c.folder); err != nil {
		return err
	}
	var file string
	for _, name := range []string{"stores", "plain", "bare"} {
		if file, err = c.b.cache.copy(ctx, filepath.Join(c.folder, name)); err != nil {
			return err
		}
	}
	w, err := world.Open(ctx, file, store.Options{})
	if err != nil {
		return err
	}
	c.bodies, c.rows, err = w.Bodies(ctx, bodiesMade, time.Now())
	if err = errors.Join(err, w.Close()); err != nil {
		return err
	}
	if c.stores, err = c.b.serve(ctx, filepath.Join(c.folder, "stores")); err != nil {
		return err
	}
	if c.plain, err = startServer(ctx, c.b.plain, []string{"-db", filepath.Join(c.folder, "plain", "sipas.db"), "-addr"}); err != nil {
		return err
	}
	if c.toStores, err = newLoader(ctx, c.stores.addr, c.bodies); err != nil {
		return err
	}
	if c.toPlain, err = newLoader(ctx, c.plain.addr, c.bodies); err != nil {
		return err
	}
	for _, l := range []*loader{c.toPlain, c.toStores} {
		if _, err := l.round(ctx, time.Second); err != nil {
			return err
		}
	}
	_, err = c.drain(ctx)
	return err
}

// end stops what prepare started.
func (c *contest) end() (err error) {
	for _, l := range []*loader{c.toStores, c.toPlain} {
		if l != nil {
			_ = l.close() // may be closed already
		}
	}
	for _, p := range []*process{c.stores, c.plain} {
		if p != nil {
			err = errors.Join(err, p.stop())
		}
	}
	return errors.Join(err, os.RemoveAll(c.folder))
}

// drain waits until everything is folded and returns how much was not.
func (c *contest) drain(ctx context.Context) (lag float64, err error) {
	const name = "sipas_fold_lag_responses"
	for began := time.Now(); time.Since(began) < 2*time.Minute; {
		m, err := scrape(ctx, c.stores.addr)
		if err != nil {
			return lag, err
		}
		if lag = max(lag, m[name]); m[name] == 0 {
			return lag, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return lag, errors.New("the tallies do not follow")
}
