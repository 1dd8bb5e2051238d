package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/store"
	"sipas/internal/survey"
)

func filtersAndPages(t *testing.T, s *store.Store) {
	Fill(t, s)
	must(t, s.UpdateWave(t.Context(), "w2", func(w *survey.Wave) error { w.State = survey.Open; return nil }))
	rnd := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same numbers every time
	var all []survey.Response
	for i := range 500 {
		r := random(rnd, i)
		if rnd.IntN(3) == 0 {
			r.Wave = "w2"
		}
		all = append(all, r)
	}
	appended(t, s, all...)
	many := map[survey.UnitCode]bool{"p.d1.c1": true, "p.c2": true} // more than go into a statement
	for i := range 600 {
		many[survey.UnitCode(fmt.Sprintf("u%d", i))] = true
	}
	days := survey.Period{From: day0 + 10, To: day0 + 40}
	for name, f := range map[string]survey.Filter{
		"all":             {},
		"wave":            {Wave: "w2"},
		"days":            {Period: days},
		"units":           {Units: map[survey.UnitCode]bool{"p": true, "p.c1": true, "p.c2": false}},
		"no unit":         {Units: map[survey.UnitCode]bool{}},
		"many units":      {Units: many},
		"everything":      {Wave: "w1", Period: days, Units: map[survey.UnitCode]bool{"p": true}},
		"everything many": {Wave: "w1", Period: days, Units: many},
	} {
		for _, page := range []int{7, 1000} {
			want := []int64{}
			for i, r := range all {
				if passes(f, r) {
					want = append(want, int64(i+1))
				}
			}
			if d := cmp.Diff(want, pages(t, s, f, page)); d != "" {
				t.Errorf("%s, pages of %d (-want +got):\n%s", name, page, d)
			}
		}
	}
	stop := errors.New("stop")
	n := 0
	err := s.EachResponse(t.Context(), survey.Filter{}, 0, 100, func(*survey.Response) error { n++; return stop })
	if !errors.Is(err, stop) || n != 1 {
		t.Errorf("an error of f: got %v after %d calls, want it after 1", err, n)
	}
}

func passes(f survey.Filter, r survey.Response) bool {
	return (f.Wave == "" || f.Wave == r.Wave) && f.Period.Contains(r.Day) && (f.Units == nil || f.Units[r.Unit])
}

// pages reads seqs page by page and checks that no page is too long.
func pages(t *testing.T, s *store.Store, f survey.Filter, page int) []int64 {
	t.Helper()
	seqs := []int64{}
	for after := int64(0); ; {
		n := 0
		must(t, s.EachResponse(t.Context(), f, after, page, func(r *survey.Response) error {
			n, after = n+1, r.Seq
			seqs = append(seqs, r.Seq)
			return nil
		}))
		if n > page {
			t.Fatalf("a page of %d has %d responses", page, n)
		}
		if n < page {
			return seqs
		}
	}
}
