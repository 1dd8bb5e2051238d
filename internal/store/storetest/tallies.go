package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipas/internal/store"
	"sipas/internal/survey"
)

// folder folds s's responses.
func folder(t *testing.T, s *store.Store) *survey.Folder {
	t.Helper()
	c := catalog(t, s)
	return &survey.Folder{Store: s, Catalog: func() *survey.Catalog { return c }}
}

// countsAgree is the law of tallies: whatever came, whatever is asked, and
// however far the fold has come, stored tallies plus the tail are what counting
// every response gives.
func countsAgree(t *testing.T, s *store.Store) {
	Fill(t, s)
	must(t, s.UpdateWave(t.Context(), "w2", func(w *survey.Wave) error { w.State = survey.Open; return nil }))
	f := folder(t, s)
	rnd := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // the same numbers every time
	var all []survey.Response
	grow := func(n int) {
		var rs []survey.Response
		for range n {
			r := random(rnd, len(all)+len(rs))
			if rnd.IntN(5) == 0 {
				r.Wave = "w2"
			}
			rs = append(rs, r)
		}
		appended(t, s, rs...)
		all = append(all, rs...)
	}
	grow(300)
	_, err := f.FoldAll(t.Context())
	must(t, err)
	rapid.Check(t, func(rt *rapid.T) {
		if rapid.IntRange(0, 3).Draw(rt, "more") == 0 {
			grow(rapid.IntRange(1, 20).Draw(rt, "responses"))
		}
		if rapid.IntRange(0, 5).Draw(rt, "fold") == 0 {
			if _, err := f.Fold(t.Context()); err != nil {
				rt.Fatal(err)
			}
		}
		q := drawQuery(rt)
		counts, err := s.Counts(t.Context(), q)
		if err != nil {
			rt.Fatal(err)
		}
		if counts.Late || counts.Head.Seq != int64(len(all)) || !counts.Head.At.Equal(all[len(all)-1].ReceivedAt) {
			rt.Fatalf("head %+v, late %v after %d responses", counts.Head, counts.Late, len(all))
		}
		want := naive(t, q, all)
		got := withTail(t, q, counts)
		if d := cmp.Diff(want, got); d != "" {
			rt.Fatalf("%+v (-counted one by one +stored):\n%s", q, d)
		}
		if d := cmp.Diff(arrivals(q, all[:counts.Folded.Seq]), counts.Arrived); d != "" {
			rt.Fatalf("%+v arrived (-counted one by one +stored):\n%s", q, d)
		}
	})
	_, err = f.FoldAll(t.Context())
	must(t, err)
	checked, err := f.Check(t.Context(), rnd)
	must(t, err)
	if checked.Wrong != nil || checked.Responses != int64(len(all)) {
		t.Errorf("Check = %+v", checked)
	}
}

func drawQuery(rt *rapid.T) survey.TallyQuery {
	q := survey.TallyQuery{Wave: rapid.SampledFrom([]survey.WaveID{"w1", "w2", "nowhere"}).Draw(rt, "wave")}
	for _, u := range units {
		switch rapid.IntRange(0, 4).Draw(rt, string(u.Code)) {
		case 0, 1:
			q.Units = append(q.Units, u.Code)
		case 2:
			q.Beside = append(q.Beside, u.Code)
		}
	}
	for i := range rapid.SampledFrom([]int{0, 0, 600}).Draw(rt, "other units") { // as many as do not go into a statement
		q.Units = append(q.Units, survey.UnitCode(fmt.Sprintf("other.%d", i)))
	}
	if rapid.Bool().Draw(rt, "period") {
		from := survey.Day(rapid.IntRange(0, 99).Draw(rt, "from"))
		q.Period = survey.Period{From: day0 + from, To: day0 + from + survey.Day(rapid.IntRange(0, 99).Draw(rt, "days"))}
	}
	q.Channel = rapid.SampledFrom(append([]survey.Channel{""}, survey.Channels...)).Draw(rt, "channel")
	q.Bare = rapid.IntRange(0, 7).Draw(rt, "bare") == 0
	q.Arrived = rapid.IntRange(0, 3).Draw(rt, "arrived") == 0
	return q
}

// naive counts every response that q asks for.
func naive(t *testing.T, q survey.TallyQuery, all []survey.Response) map[survey.UnitCode]survey.Tally {
	t.Helper()
	in, tree, sums := Instrument(), survey.NewTree(units), map[survey.UnitCode]survey.Tally{}
	for _, r := range all {
		if r.State != survey.Counted || r.Wave != q.Wave || !q.Period.Contains(r.Day) || q.Channel != "" && q.Channel != r.Channel {
			continue
		}
		for _, u := range slices.Concat(q.Units, q.Beside) {
			if tree.Within(r.Unit, u) && !q.Bare {
				sum := sums[u]
				must(t, in.Count(&sum, r.Answers, r.Respondent))
				sums[u] = sum
			}
		}
	}
	return sums
}

// arrivals counts what q asks for, whatever state it is in.
func arrivals(q survey.TallyQuery, all []survey.Response) map[survey.Arrivals]int64 {
	if !q.Arrived {
		return nil
	}
	tree, sums := survey.NewTree(units), map[survey.Arrivals]int64{}
	for _, r := range all {
		for _, u := range q.Units {
			if r.Wave == q.Wave && q.Period.Contains(r.Day) && (q.Channel == "" || q.Channel == r.Channel) && tree.Within(r.Unit, u) {
				sums[survey.Arrivals{Unit: u, Channel: r.Channel}]++
			}
		}
	}
	return sums
}

// withTail adds the tail to the tallies, as a reader does.
func withTail(t *testing.T, q survey.TallyQuery, c survey.Counts) map[survey.UnitCode]survey.Tally {
	t.Helper()
	sums := naive(t, q, c.Tail)
	for u, stored := range c.Tallies {
		sum := sums[u]
		sum.Add(stored)
		sum.Add(survey.Tally{Counts: make([]int64, Instrument().Slots())}) // stored ones come without trailing zeros
		sums[u] = sum
	}
	return sums
}

func late(t *testing.T, s *store.Store) {
	Fill(t, s)
	q := survey.TallyQuery{Wave: "w1", Units: []survey.UnitCode{"p"}}
	c, err := s.Counts(t.Context(), q)
	must(t, err)
	if d := cmp.Diff(survey.Counts{Tallies: map[survey.UnitCode]survey.Tally{}}, c); d != "" {
		t.Errorf("counts of nothing (-want +got):\n%s", d)
	}
	next := 0
	grow := func(n int) {
		for n > 0 {
			var rs []survey.Response
			for range min(n, 1000) {
				r := NewResponse(next)
				rs, next = append(rs, r), next+1
			}
			appended(t, s, rs...)
			n -= len(rs)
		}
	}
	grow(survey.MaxTail)
	c, err = s.Counts(t.Context(), q)
	must(t, err)
	if c.Late || len(c.Tail) != survey.MaxTail {
		t.Errorf("late %v with a tail of %d, want the whole tail", c.Late, len(c.Tail))
	}
	grow(1)
	c, err = s.Counts(t.Context(), q)
	must(t, err)
	if !c.Late || c.Tail != nil || c.Head.Seq != survey.MaxTail+1 || c.Folded.Seq != 0 {
		t.Errorf("late %v with a tail of %d, folded %d, head %d", c.Late, len(c.Tail), c.Folded.Seq, c.Head.Seq)
	}
}

// foldConflict: of two nodes that fold the same responses, one wins and the
// other changes nothing.
func foldConflict(t *testing.T, s *store.Store) {
	Fill(t, s)
	appended(t, s, NewResponse(0), NewResponse(1))
	ctx := t.Context()
	from, err := s.FoldMark(ctx)
	must(t, err)
	to := survey.FoldMark{Watermark: survey.Watermark{Seq: 2, At: NewResponse(1).ReceivedAt}, Judged: 2}
	end := survey.FoldMark{Watermark: survey.Watermark{Seq: 3, At: at(99)}, Judged: 3}
	key := survey.TallyKey{Wave: "w1", State: survey.Counted, Unit: "p", Channel: survey.QR, Grain: survey.GrainDay, At: int32(day0)}
	d := survey.Delta{key: &survey.Tally{N: 2, Counts: []int64{0, 2, 300}}}
	fold := survey.Fold{From: from, To: to, Delta: d}
	must(t, s.ApplyFold(ctx, fold))
	wantKind(t, "the same fold again", s.ApplyFold(ctx, fold), survey.Conflict)
	must(t, s.ApplyFold(ctx, survey.Fold{From: to, To: end, Delta: survey.Delta{key: &survey.Tally{N: 1, Counts: []int64{5}}}}))
	stored := map[survey.TallyKey]survey.Tally{}
	seen, _, err := s.EachTally(ctx, func(k survey.TallyKey, t survey.Tally) error { stored[k] = t; return nil })
	must(t, err)
	if d := cmp.Diff(map[survey.TallyKey]survey.Tally{key: {N: 3, Counts: []int64{5, 2, 300}}}, stored); d != "" {
		t.Errorf("tallies (-want +got):\n%s", d)
	}
	mark, err := s.Watermark(ctx)
	must(t, err)
	if mark.Seq != 3 || !mark.At.Equal(at(99)) || mark != seen {
		t.Errorf("watermark %+v, with the tallies %+v", mark, seen)
	}
	must(t, s.ResetTallies(ctx))
	reset, err := s.FoldMark(ctx)
	must(t, err)
	if reset != (survey.FoldMark{Judged: 3}) {
		t.Errorf("mark %+v after a reset", reset)
	}
	_, _, err = s.EachTally(ctx, func(k survey.TallyKey, _ survey.Tally) error { t.Errorf("%v is left", k); return nil })
	must(t, err)
}
