package demo_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/auth"
	"sipas/internal/demo"
	"sipas/internal/estimate"
	"sipas/internal/instrument"
	"sipas/internal/store"
	"sipas/internal/survey"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// accounts remembers who was added, without the cost of hashing.
type accounts []demo.Account

func (a *accounts) AddAccount(_ context.Context, name, _ string, role auth.Role, unit survey.UnitCode) error {
	*a = append(*a, demo.Account{Name: name, Role: role, Unit: unit})
	return nil
}

// fill fills a fresh database and returns what is in it.
func fill(t *testing.T, now time.Time, earlier int) (*survey.Catalog, []survey.Response, survey.Reading) {
	t.Helper()
	ctx := t.Context()
	st, err := store.Open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "d.db"), store.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, st.Close()) })
	set, err := instrument.Builtin()
	must(t, err)
	instruments := map[survey.InstrumentID]*survey.Instrument{}
	for _, in := range set.All() {
		instruments[in.ID] = in
	}
	var c *survey.Catalog
	reload := func(ctx context.Context) (err error) { c, err = st.Catalog(ctx, instruments); return err }
	must(t, reload(ctx))
	catalog := func() *survey.Catalog { return c }
	reader := &survey.Reader{Store: st, Catalog: catalog, Estimator: estimate.Samples{}}
	var added accounts
	f := demo.Filler{
		Registry: survey.Registry{Store: st, Reader: reader, Folder: &survey.Folder{Store: st, Catalog: catalog}, Catalog: catalog, Reload: reload},
		Ledger:   st, Accounts: &added, Key: survey.ReceiptKey("key"), Zone: now.Location(), Password: "x", Seed: 1,
		Size: demo.Size{Earlier: earlier, Sample: 200, Continuous: 300, OneTap: 50},
	}
	must(t, f.Fill(ctx, now))
	if diff := cmp.Diff(demo.Accounts, []demo.Account(added)); diff != "" {
		t.Errorf("accounts:\n%s", diff)
	}
	var all []survey.Response
	must(t, st.EachResponse(ctx, survey.Filter{}, 0, 1000, func(r *survey.Response) error {
		all = append(all, *r)
		return nil
	}))
	reading, err := reader.Read(ctx, survey.Query{Wave: demo.Continuous, Units: []survey.UnitCode{"qn"}})
	must(t, err)
	return c, all, reading
}

func TestFill(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	must(t, err)
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, zone)
	c, all, reading := fill(t, now, 60)
	if c.Tree.Len() != 90 || len(c.Successions) != 12 || len(c.Services) < 20 {
		t.Errorf("%d units, %d successions, %d services", c.Tree.Len(), len(c.Successions), len(c.Services))
	}
	for id, want := range map[survey.WaveID]survey.WaveState{
		demo.Oldest: survey.Published, demo.Earlier: survey.Published, demo.Sample: survey.Published, demo.Continuous: survey.Open, demo.OneTap: survey.Open,
	} {
		if w := c.Waves[id]; w == nil || w.State != want || !w.Synthetic {
			t.Errorf("wave %s = %+v, want it %s and synthetic", id, w, want)
		}
	}
	count := map[survey.WaveID]int{}
	channels := map[survey.Channel]int{}
	for i, r := range all {
		count[r.Wave]++
		if r.Wave == demo.Continuous {
			channels[r.Channel]++
		}
		if i > 0 && r.ReceivedAt.Before(all[i-1].ReceivedAt) {
			t.Errorf("response %d was received before the one before it", r.Seq)
		}
		if r.SubmittedAt.After(now) || r.ReceivedAt.Sub(r.SubmittedAt) > time.Second {
			t.Errorf("response %d was submitted at %s and received at %s", r.Seq, r.SubmittedAt, r.ReceivedAt)
		}
		if u, _ := c.Tree.Unit(r.Unit); !u.Stands(r.Day) {
			t.Errorf("response %d is of %s, which does not stand on %s", r.Seq, r.Unit, r.Day)
		}
	}
	if diff := cmp.Diff(map[survey.WaveID]int{demo.Oldest: 60, demo.Earlier: 60, demo.Sample: 200, demo.Continuous: 300, demo.OneTap: 50}, count); diff != "" {
		t.Errorf("responses:\n%s", diff)
	}
	if len(channels) != len(survey.Channels) {
		t.Errorf("the continuous wave came by %v, want every channel", channels)
	}
	if reading.Watermark.Seq != 670 || reading.Indices["qn"].N != 300 {
		t.Errorf("the index has n = %d up to %d", reading.Indices["qn"].N, reading.Watermark.Seq)
	}
}

// The years before change nothing of what came later but its seq.
func TestFillWithoutTheYearsBefore(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	_, with, _ := fill(t, now, 60)
	_, without, _ := fill(t, now, 0)
	with = with[120:]
	for i := range with {
		with[i].Seq -= 120
	}
	if diff := cmp.Diff(without, with); diff != "" {
		t.Errorf("(-without +with):\n%s", diff)
	}
}

func TestFillIsTheSameForTheSameSeedAndTime(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	_, a, _ := fill(t, now, 60)
	_, b, _ := fill(t, now, 60)
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("two fillings differ:\n%s", diff)
	}
}
