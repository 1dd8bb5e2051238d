package demo_test

import (
	"context"
	"math"
	"path/filepath"
	"testing"
	"time"

	"sipas/internal/book"
	"sipas/internal/demo"
	"sipas/internal/instrument"
	"sipas/internal/store"
	"sipas/internal/survey"
)

// TestBook holds the demo's index book to what was published, and to itself:
// ranks follow values, made-up components add up, all that is made up says so.
func TestBook(t *testing.T) {
	ctx, now := t.Context(), time.Date(2026, 11, 27, 9, 0, 0, 0, time.FixedZone("", 7*3600))
	st, err := store.Open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "d.db"), store.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, st.Close()) })
	set, err := instrument.Builtin()
	must(t, err)
	instruments := map[survey.InstrumentID]*survey.Instrument{}
	for _, in := range set.All() {
		instruments[in.ID] = in
	}
	types, err := book.Builtin(nil)
	must(t, err)
	var c *survey.Catalog
	catalog := func() *survey.Catalog { return c }
	registry := survey.Registry{
		Store: st, Reader: &survey.Reader{Store: st, Catalog: catalog}, Folder: &survey.Folder{Store: st, Catalog: catalog}, Catalog: catalog,
	}
	registry.Reload = func(ctx context.Context) (err error) { c, err = st.Catalog(ctx, instruments); return err }
	must(t, registry.Reload(ctx))
	f := demo.Filler{
		Registry: registry, Ledger: st, Accounts: &accounts{}, Book: st, Types: types, Key: survey.ReceiptKey("key"),
		Zone: now.Location(), Password: "x", Seed: 1, Size: demo.Size{Sample: 10, Continuous: 100, OneTap: 10},
	}
	must(t, f.Fill(ctx, now))

	mine, err := st.OfUnit(ctx, "qn.h.uong-bi")
	must(t, err)
	for _, want := range []struct {
		t                    book.TypeCode
		year                 int
		score, percent       book.Number
		rank, rankOf, before int
		made                 bool
	}{
		{"par-index-district", 2019, book.Of(91.59), book.Of(91.59), 2, 0, 3, false},
		{"sipas-2017", 2019, book.Of(93.28), book.Of(93.28), 8, 14, 5, false},
		{"dgi-949", 2019, book.Of(64.95), book.Of(81.19), 11, 13, 9, false},
	} {
		r, was := book.Pick(mine, want.t, want.year), book.Pick(mine, want.t, want.year-1)
		if r == nil || was == nil {
			t.Fatalf("%s: there is no 2019 or no 2018", want.t)
		}
		if r.Score != want.score || r.Percent != want.percent || r.Rank != want.rank || r.RankOf != want.rankOf || r.Synthetic || !r.PartsSynthetic || len(r.Parts) == 0 {
			t.Errorf("%s is %+v, published %+v", want.t, r, want)
		}
		if was.Rank != want.before || !was.Synthetic {
			t.Errorf("%s of the year before: %+v", want.t, was)
		}
	}
	shelves, err := st.Shelves(ctx)
	must(t, err)
	if len(shelves) < 30 {
		t.Errorf("only %d shelves: %v", len(shelves), shelves)
	}
	for _, s := range shelves {
		rs, err := st.OfYear(ctx, s.Type, s.Year)
		must(t, err)
		for _, among := range book.Leagues(c.Tree, rs) {
			board := book.Board{Type: types.Type(s.Type), Year: s.Year, Results: rs}
			checkLeague(t, board.Type, c.Tree, board.Peers(c.Tree, among.Among).Results)
		}
	}
	history, err := st.Revisions(ctx, mine[0].Key)
	must(t, err)
	if len(history) != 1 || history[0].By != "demo" {
		t.Errorf("history: %+v", history)
	}
}

func checkLeague(t *testing.T, ty *book.Type, tree *survey.Tree, rs []book.Result) {
	t.Helper()
	for i := range rs {
		r := &rs[i]
		for _, c := range book.Check(ty, tree, *r) {
			if !c.Warning || c.Key == "book.total_differs" {
				t.Errorf("%s %d of %s: %s %s %v", r.Type, r.Year, r.Unit, c.Field, c.Key, c.Args)
			}
		}
		if published := r.Unit == "qn" || r.Unit == "qn.h.uong-bi" && r.Year == 2019 && ty.Code != "ddci"; published == r.Synthetic {
			t.Errorf("%s %d of %s says it is made up: %v", r.Type, r.Year, r.Unit, r.Synthetic)
		}
	}
	rows := book.League(book.NewLines(&survey.Catalog{}), ty, rs, nil, 0, nil)
	for i := range rows {
		if len(rs) > 1 && (rows[i].Rank != i+1 || i > 0 && rows[i].Value.Value > rows[i-1].Value.Value) {
			t.Errorf("%s %d: place %d has rank %d and %v", ty.Code, rs[0].Year, i+1, rows[i].Rank, rows[i].Value)
		}
		if math.IsNaN(rows[i].Value.Value) {
			t.Errorf("%s: no number", rows[i].Unit)
		}
	}
	for _, odd := range book.CheckTogether(rs) {
		t.Errorf("%s: %s %v", ty.Code, odd.Key, odd.Args)
	}
}
