package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"sipas/internal/simulate"
	"sipas/internal/survey"
)

type simulateCommand struct {
	Feed   simulateFeed   `cmd:"" default:"withargs" help:"cli.simulate.feed"`
	Nation simulateNation `cmd:"" help:"cli.simulate.nation"`
}

// simulateFeed feeds made-up responses through the same intake and the same
// ledger as the server's, and measures how long each waits for its receipt.
type simulateFeed struct {
	Wave string  `required:"" placeholder:"WAVE" help:"cli.flag.wave"`
	N    int     `name:"n" required:"" placeholder:"N" help:"cli.flag.n"`
	Rate float64 `placeholder:"R" help:"cli.flag.rate"`
	Seed uint64  `default:"1" placeholder:"S" help:"cli.flag.seed"`
}

// simulatedClients answer at the same time.
const simulatedClients = 64

func (c *simulateFeed) run(ctx context.Context, p *program) error {
	if c.N < 1 || c.N > 100_000_000 || c.Rate < 0 {
		return p.usage("cli.simulate.bad_n")
	}
	a, err := p.openExisting(ctx)
	if err != nil {
		return err
	}
	defer a.close()
	people, err := c.people(a)
	if err != nil {
		return err
	}
	began := p.now()
	latencies, err := c.feed(ctx, a, people)
	if err != nil {
		return err
	}
	took := p.now().Sub(began)
	slices.Sort(latencies)
	at := func(q float64) time.Duration {
		return latencies[min(int(q*float64(len(latencies))), len(latencies)-1)].Round(10 * time.Microsecond)
	}
	fmt.Fprintln(p.stdout, p.T("cli.simulate.done", len(latencies), p.Decimal(took.Seconds(), 2), int64(float64(len(latencies))/took.Seconds())))
	fmt.Fprintf(p.stdout, "p50 %s  p90 %s  p99 %s  p99.9 %s  max %s\n", at(0.5), at(0.9), at(0.99), at(0.999), at(1))
	return nil
}

// people makes the generator of a wave's respondents. It refuses a wave whose
// responses are real: what is stored stays for ever.
func (c *simulateFeed) people(a *app) (*simulate.Generator, error) {
	w, err := a.wave(c.Wave)
	if err != nil {
		return nil, err
	}
	switch {
	case !w.Synthetic:
		return nil, a.no("cli.simulate.real", c.Wave)
	case w.State != survey.Open:
		return nil, a.no("cli.simulate.not_open", c.Wave, string(w.State))
	}
	var places []simulate.Place
	for _, pt := range a.catalog().PointList(w.ID) {
		places = append(places, simulate.Place{Point: pt, Weight: 1})
	}
	if len(places) == 0 {
		return nil, a.no("cli.simulate.no_point", c.Wave)
	}
	var services []survey.ServiceCode
	for code := range a.catalog().Services {
		services = append(services, code)
	}
	slices.Sort(services)
	return simulate.New(c.Seed, simulate.World{Instrument: a.byID[w.Instrument], Places: places, Services: services}), nil
}

// feed lets everybody answer and returns how long each waited. The first
// refusal ends it.
func (c *simulateFeed) feed(ctx context.Context, a *app, people *simulate.Generator) ([]time.Duration, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan survey.Submission, simulatedClients)
	latencies := make([][]time.Duration, simulatedClients)
	intake := a.intake()
	var clients sync.WaitGroup
	for i := range simulatedClients {
		clients.Go(func() {
			for s := range queue {
				began := a.now()
				if _, err := intake.Submit(ctx, s); err != nil {
					cancel(err)
					return
				}
				latencies[i] = append(latencies[i], a.now().Sub(began))
			}
		})
	}
	c.pace(ctx, a, people, queue)
	close(queue)
	clients.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return slices.Concat(latencies...), nil
}

// pace hands out respondents, as fast as they are taken or at the rate asked for.
func (c *simulateFeed) pace(ctx context.Context, a *app, people *simulate.Generator, queue chan<- survey.Submission) {
	began := a.now()
	for i := range c.N {
		if c.Rate > 0 {
			due := began.Add(time.Duration(float64(i) / c.Rate * float64(time.Second)))
			select {
			case <-time.After(due.Sub(a.now())):
			case <-ctx.Done():
				return
			}
		}
		select {
		case queue <- people.Next(a.now()):
		case <-ctx.Done():
			return
		}
	}
}
