package storetest

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipas/internal/store"
	"sipas/internal/survey"
)

// judgementsAddUp is the law of judgements: whatever comes, is folded, judged,
// flagged, reviewed and rebuilt in whatever order, tallies are what counting the
// responses as they stand gives, and every response stands in one state.
func judgementsAddUp(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	rnd := rand.New(rand.NewPCG(7, 8)) //nolint:gosec // the same numbers every time
	said := map[int64][]survey.Reason{}
	f, v := judging(t, s, newSuspicious(said))
	n := 0
	// Asked each time, so that what a store remembers of it is seen to be as good
	// as what it reads: two months, the days before them taken away, and two days.
	again := survey.TallyQuery{
		Wave: "w1", Units: []survey.UnitCode{"p", "p.c2", "p.d1"}, Period: survey.Period{From: day0 + 20, To: day0 + 75},
		States: []survey.State{survey.Counted, survey.Quarantined}, Standings: true, Reasons: []survey.UnitCode{"p.c2"},
	}
	rapid.Check(t, func(rt *rapid.T) {
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			switch rapid.IntRange(0, 6).Draw(rt, "step") {
			case 0, 1:
				var rs []survey.Response
				for range rapid.IntRange(1, 5).Draw(rt, "responses") {
					r := random(rnd, n)
					r.Trap = rnd.IntN(20) == 0
					n++
					said[int64(n)] = rapid.SliceOfNDistinct(rapid.SampledFrom(survey.Reasons), 0, 2, rapid.ID).Draw(rt, "reasons")
					rs = append(rs, r)
				}
				appended(t, s, rs...) //nolint:contextcheck // it uses the test's
			case 2:
				if _, err := f.Fold(ctx); err != nil {
					rt.Fatal(err)
				}
			case 3:
				must(t, s.ResetTallies(ctx)) // a rebuild that others come in between of
			default:
				seq := int64(rapid.IntRange(1, max(1, n)).Draw(rt, "seq"))
				to := rapid.SampledFrom([]survey.State{survey.Counted, survey.Rejected, survey.Quarantined}).Draw(rt, "to")
				err := v.Judge(ctx, seq, to, "anna", "Đã xem lại từng phiếu.")
				if to == survey.Quarantined { // stands for "its id came again"
					err = v.FlagClash(ctx, seq)
				}
				if k := survey.KindOf(err); err != nil && k != survey.Conflict && k != survey.NotFound {
					rt.Fatal(err)
				}
			}
		}
		q := drawQuery(rt)
		q.Bare, q.Arrived, q.Beside = false, false, nil // the law of tallies draws them
		q.Standings, q.Reasons, q.States = true, q.Units, rapid.SliceOfNDistinct(rapid.SampledFrom(survey.States), 1, 4, rapid.ID).Draw(rt, "states")
		wantCounted(rt, s, q)     //nolint:contextcheck // it uses the test's
		wantCounted(rt, s, again) //nolint:contextcheck // it uses the test's
	})
	_, err := f.FoldAll(ctx)
	must(t, err)
	wantRight(t, f, int64(n))
	c, err := s.Counts(ctx, survey.TallyQuery{Wave: "w1", Units: []survey.UnitCode{"p"}, Standings: true})
	must(t, err)
	sum := int64(0)
	for _, in := range c.Standings["p"].N {
		sum += in
	}
	if sum != int64(n) {
		t.Errorf("%d responses stand in some state, want %d", sum, n)
	}
}

// wantCounted compares what a reader reads with counting every response.
func wantCounted(rt *rapid.T, s *store.Store, q survey.TallyQuery) { //nolint:cyclop // plain counting, one condition after the other
	counts, err := s.Counts(rt.Context(), q)
	if err != nil {
		rt.Fatal(err)
	}
	in, tree := Instrument(), survey.NewTree(units)
	sums, stand := map[survey.UnitCode]survey.Tally{}, map[survey.UnitCode]survey.Standing{}
	count := func(r *survey.Response) error {
		if r.Wave != q.Wave || !q.Period.Contains(r.Day) || q.Channel != "" && q.Channel != r.Channel {
			return nil
		}
		for _, u := range q.Units {
			if !tree.Within(r.Unit, u) {
				continue
			}
			st := stand[u]
			st.Add(r.State, "", 1)
			for _, reason := range r.Reasons {
				if slices.Contains(q.Reasons, u) {
					st.Add(r.State, reason, 1)
				}
			}
			stand[u] = st
			if slices.Contains(q.States, r.State) {
				sum := sums[u]
				if err := in.Count(&sum, r.Answers, r.Respondent); err != nil {
					return err
				}
				sums[u] = sum
			}
		}
		return nil
	}
	// What is folded, as it stands; the reader adds the tail itself.
	err = s.EachResponse(rt.Context(), survey.Filter{}, 0, 1_000_000, func(r *survey.Response) error {
		if r.Seq > counts.Folded.Seq {
			return nil
		}
		return count(r)
	})
	if err != nil {
		rt.Fatal(err)
	}
	for u := range counts.Tallies { // emptied again, or without trailing zeros
		sum := counts.Tallies[u]
		sum.Add(survey.Tally{Counts: make([]int64, in.Slots())})
		if counts.Tallies[u] = sum; sum.N == 0 {
			delete(counts.Tallies, u)
		}
	}
	if d := cmp.Diff(sums, counts.Tallies); d != "" {
		rt.Fatalf("%+v (-counted one by one +stored):\n%s", q, d)
	}
	if d := cmp.Diff(stand, counts.Standings); d != "" {
		rt.Fatalf("standings of %+v (-counted one by one +stored):\n%s", q, d)
	}
}

// wantRight checks the tallies of n responses.
func wantRight(t *testing.T, f *survey.Folder, n int64) {
	t.Helper()
	checked, err := f.Check(t.Context(), rand.New(rand.NewPCG(9, 10))) //nolint:gosec // the same numbers every time
	must(t, err)
	if checked.Wrong != nil || checked.Responses != n {
		t.Errorf("Check = %+v, want %d responses and nothing wrong (%+v)", checked, n, checked.Wrong)
	}
}
