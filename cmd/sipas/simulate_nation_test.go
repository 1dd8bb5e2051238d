package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"testing"
	"time"

	"sipas/internal/simulate"
	"sipas/internal/survey"
)

// TestANationThatWasStoppedGoesOn: whoever stops a long filling and starts it
// again gets what an undisturbed one makes, digest by digest.
func TestANationThatWasStoppedGoesOn(t *testing.T) {
	const n = 6 * nationBatch
	c := simulateNation{N: n, Units: 40, Days: 90, Seed: 3}
	until := survey.DayOf(time.Date(2026, 10, 31, 0, 0, 0, 0, time.UTC))
	filled := func(stop bool) string {
		p := newProgram(nil, func(string) string { return "" }, nil, io.Discard, io.Discard)
		p.cfg.Data, p.cfg.Zone = t.TempDir(), "Asia/Ho_Chi_Minh"
		p.startLog()
		a, err := p.open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer a.close()
		nation := simulate.NewNation(c.Seed, c.Units, nationInstrument, until-survey.Day(c.Days)+1, until)
		if err := c.found(t.Context(), a, nation, until); err != nil {
			t.Fatal(err)
		}
		history := func() *simulate.History {
			return simulate.NewHistory(c.Seed, nation, a.byID[nationInstrument], c.N, a.zone)
		}
		if stop {
			ctx, cancel := context.WithCancel(t.Context())
			made := make(chan []survey.Submission)
			go c.handOut(ctx, history(), 0, made)
			for range 2 { // batches, of six
				rs, err := check(ctx, a, <-made)
				if err != nil {
					t.Fatal(err)
				}
				if err := storeFresh(ctx, a, rs); err != nil {
					t.Fatal(err)
				}
			}
			cancel()
		}
		if err := c.fill(t.Context(), a, history()); err != nil {
			t.Fatal(err)
		}
		sum, stored := sha256.New(), 0
		err = a.store.EachResponse(t.Context(), survey.Filter{}, 0, 2*n, func(r *survey.Response) error {
			stored++
			fmt.Fprintln(sum, r.Seq, r.ReceivedAt.UnixMilli(), r.Digest)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if stored != n {
			t.Errorf("%d responses, want %d", stored, n)
		}
		return fmt.Sprintf("%x", sum.Sum(nil))
	}
	if a, b := filled(false), filled(true); a != b {
		t.Errorf("undisturbed it is %s, stopped and gone on %s", a, b)
	}
}

// TestAFewThousandMaySpanYears: a batch of a small nation holds responses that
// are further apart than what is sent may be old.
func TestAFewThousandMaySpanYears(t *testing.T) {
	p := newProgram(nil, func(string) string { return "" }, nil, io.Discard, io.Discard)
	p.cfg.Data, p.cfg.Zone = t.TempDir(), "Asia/Ho_Chi_Minh"
	p.startLog()
	c := simulateNation{N: 1000, Units: 40, Days: 730, Seed: 1, Until: "2026-10-31"}
	if err := c.run(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	a, err := p.openExisting(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	if head, err := a.store.Head(t.Context()); err != nil || head.Seq != int64(c.N) {
		t.Errorf("%d responses are stored, want %d: %v", head.Seq, c.N, err)
	}
}
