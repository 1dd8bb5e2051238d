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
	var versusPlain, versusBare []float64
	var stored, plain, bare []float64
	before, err := scrape(ctx, c.stores.addr)
	if err != nil {
		return r, err
	}
	var last served
	var lag float64
	total := 0
	for range n {
		p, err := c.toPlain.round(ctx, each)
		if err != nil {
			return r, err
		}
		if last, err = c.toStores.round(ctx, each); err != nil {
			return r, err
		}
		total += last.n
		behind, err := c.drain(ctx)
		if err != nil {
			return r, err
		}
		lag = max(lag, behind)
		rows, err := c.bare(ctx, each)
		if err != nil {
			return r, err
		}
		say("  storing %.0f/s, not storing %.0f/s, bare loop %.0f/s", last.perSecond(), p.perSecond(), rows)
		stored, plain, bare = append(stored, last.perSecond()), append(plain, p.perSecond()), append(bare, rows)
		versusPlain, versusBare = append(versusPlain, last.perSecond()/p.perSecond()), append(versusBare, last.perSecond()/rows)
	}
	after, err := scrape(ctx, c.stores.addr)
	if err != nil {
		return r, err
	}
	per := func(name string) float64 {
		return (after[name+"_sum"] - before[name+"_sum"]) / (after[name+"_count"] - before[name+"_count"])
	}
	r.Rows = []row{
		row{What: "durable responses/s through HTTP ÷ the same server without storing", AtLeast: 0.25, Aim: 0.5, Decimals: 2}.of(versusPlain),
		row{What: "the same ÷ rows/s of a bare loop of inserts, 512 a transaction", AtLeast: 0.15, Aim: 0.4, Decimals: 2}.of(versusBare),
	}
	r.Notes = []string{
		fmt.Sprintf("%d rounds of %s each, in turn: the server without storing, the program, the bare loop. %d connections stay open; each sends", n, each, connections),
		fmt.Sprintf("a whole `%s` of %d bytes on average under a fresh UUIDv7 and waits for the receipt. The client has its requests ready", world.Instrument, c.meanBody()),
		"and replaces only the id; of the answers it reads status and length. `synchronous=FULL` throughout: a receipt is given after fsync.",
		"The bare loop is one prepared INSERT in the same process as its rows, which are ready, with the program's pragmas, table and",
		"indexes, on an empty table in each round. Folding goes on during the program's rounds and is let finish before the next.",
		"",
		fmt.Sprintf("- storing: %.0f responses/s (median), %d in all; in the last round half within %s, 99 %% within %s", median(stored), total, round(last.p50), round(last.p99)),
		fmt.Sprintf("- not storing: %.0f responses/s; bare loop: %.0f rows/s", median(plain), median(bare)),
		fmt.Sprintf("- %.0f responses per commit, %s per commit (begin to durable): the writer was busy %.0f %% of the time", per("sipas_commit_responses"),
			round(time.Duration(per("sipas_commit_seconds")*float64(time.Second))), 100*(after["sipas_commit_seconds_sum"]-before["sipas_commit_seconds_sum"])/(float64(total)/median(stored))),
		fmt.Sprintf("- tallies were at most %.0f responses behind when a round ended", lag),
	}
	return r, nil
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
