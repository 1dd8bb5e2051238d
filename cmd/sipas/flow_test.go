package main

import (
	"io"
	"slices"
	"testing"
	"time"

	"sipas/internal/book"
	"sipas/internal/demo"
	"sipas/internal/survey"
)

// TestFlow: a published survey by sample is in the book by itself, once, without
// units that are withheld; what was entered stands, what is withdrawn stays away.
func TestFlow(t *testing.T) {
	ctx := t.Context()
	p := newProgram(nil, func(string) string { return "" }, nil, io.Discard, io.Discard)
	p.cfg.Data, p.cfg.Zone = t.TempDir(), "Asia/Ho_Chi_Minh"
	p.startLog()
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	p.now = func() time.Time { return now }
	a, err := p.open(ctx)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(err)
	defer a.close()
	f := demo.Filler{
		Registry: *a.registry(), Ledger: a.store, Accounts: a.auth(), Key: a.key, Zone: a.zone, Password: "a long password", Seed: 1,
		Size: demo.Size{Sample: 900, Continuous: 200, OneTap: 50},
	}
	must(f.Fill(ctx, now))
	entered := book.Result{Key: book.Key{Unit: "qn", Type: "sipas-2023", Year: 2026}, Percent: book.Of(90), Status: book.Final}
	_, err = a.store.PutResults(ctx, "lan", now, []book.Result{entered})
	must(err)
	must(a.flow(ctx, 10))
	read := func() (rs []book.Result) {
		rs, err := a.store.OfYear(ctx, "sipas-2023", 2026)
		must(err)
		return rs
	}
	rs := read()
	communes := slices.DeleteFunc(slices.Clone(rs), func(r book.Result) bool {
		u, _ := a.catalog().Tree.Unit(r.Unit)
		return book.AmongOf(u) != book.Among{Parent: "qn", Level: book.Communes}
	})
	if len(communes) < 20 || len(communes) > 53 { // some of the 54 have fewer than ten responses
		t.Fatalf("%d communes are in the book", len(communes))
	}
	for _, r := range communes {
		if r.N < 10 || r.Wave != demo.Sample || r.RankOf != len(communes) || len(r.Parts) != 11 {
			t.Errorf("%+v", r)
		}
		report, err := a.store.Snapshot(ctx, demo.Sample, r.Unit)
		must(err)
		if report.Overall.Percent != r.Percent || report.N != r.N {
			t.Errorf("%s: %v of %d in the book, %v of %d published", r.Unit, r.Percent, r.N, report.Overall.Percent, report.N)
		}
	}
	if mine := book.Pick(rs, "sipas-2023", 2026); mine == nil || mine.Unit != "qn" || mine.Percent != book.Of(90) {
		t.Errorf("what was entered for the province: %+v", mine)
	}
	gone := communes[0]
	must(a.store.WithdrawResult(ctx, "lan", now, gone.Key, gone.Revision))
	must(a.flow(ctx, 10))
	if n := len(read()); n != len(rs)-1 {
		t.Errorf("%d results after one of %d was withdrawn", n, len(rs))
	}
	for _, s := range []survey.WaveID{demo.Continuous, demo.OneTap} {
		if _, err := a.store.Setting(ctx, flowed(s)); err == nil {
			t.Errorf("wave %s, which is no sample, is in the book", s)
		}
	}
}
