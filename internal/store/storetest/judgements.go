package storetest

import (
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/store"
	"sipas/internal/survey"
)

// suspicious is a judge that points at what its map says, by seq. It counts
// how often it is asked about each, and recalls what it was shown.
type suspicious struct {
	reasons  map[int64][]survey.Reason
	asked    map[int64]int
	recalled []int64
}

func (j *suspicious) Recall(_ *survey.Catalog, r *survey.Response) {
	j.recalled = append(j.recalled, r.Seq)
}

func (j *suspicious) Reasons(_ *survey.Catalog, r *survey.Response) []survey.Reason {
	j.asked[r.Seq]++
	return j.reasons[r.Seq]
}

func newSuspicious(reasons map[int64][]survey.Reason) *suspicious {
	return &suspicious{reasons: reasons, asked: map[int64]int{}}
}

// judging is a folder with a judge, and a reviewer, over s.
func judging(t *testing.T, s *store.Store, j survey.Judge) (*survey.Folder, *survey.Reviewer) {
	t.Helper()
	f := folder(t, s)
	f.NewJudge = func() survey.Judge { return j }
	return f, &survey.Reviewer{JudgementStore: s, Catalog: f.Catalog, Now: func() time.Time { return at(500) }}
}

// judgementsWithFold: the fold judges each response once, and what it says is
// how the response reads from then on.
func judgementsWithFold(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	rs := []survey.Response{NewResponse(0), NewResponse(1), NewResponse(2), NewResponse(3), NewResponse(4)}
	rs[3].State, rs[4].Trap = survey.Partial, true
	appended(t, s, rs...)
	j := newSuspicious(map[int64][]survey.Reason{
		2: {survey.TooFast},                       // flags
		3: {survey.TooFast, survey.PressInterval}, // the second quarantines
		4: {survey.OutsideHours},                  // partial stays partial
	})
	f, _ := judging(t, s, j)
	_, err := f.FoldAll(ctx)
	must(t, err)
	for i := range rs {
		rs[i].Seq = int64(i + 1)
	}
	rs[1].Judgements, rs[1].Reasons = 1, []survey.Reason{survey.TooFast}
	rs[2].Judgements, rs[2].Reasons, rs[2].State = 1, []survey.Reason{survey.TooFast, survey.PressInterval}, survey.Quarantined
	rs[3].Judgements, rs[3].Reasons = 1, []survey.Reason{survey.OutsideHours}
	rs[4].Judgements, rs[4].Reasons, rs[4].State = 1, []survey.Reason{survey.Honeypot}, survey.Quarantined
	if d := cmp.Diff(rs, stored(t, s, survey.Filter{})); d != "" {
		t.Errorf("as they stand (-want +got):\n%s", d)
	}
	said, err := s.Judgements(ctx, 3)
	must(t, err)
	want := []survey.Judgement{{Seq: 3, Number: 1, State: survey.Quarantined, Reasons: rs[2].Reasons, At: rs[2].ReceivedAt}}
	if d := cmp.Diff(want, said); d != "" {
		t.Errorf("Judgements (-want +got):\n%s", d)
	}
	_, err = f.Rebuild(ctx)
	must(t, err)
	for seq := int64(1); seq <= 5; seq++ {
		if j.asked[seq] != 1 {
			t.Errorf("response %d was judged %d times, want once", seq, j.asked[seq])
		}
	}
	// Another process knows what came before.
	later := newSuspicious(nil)
	g, _ := judging(t, s, later)
	appended(t, s, NewResponse(5))
	_, err = g.FoldAll(ctx)
	must(t, err)
	if d := cmp.Diff([]int64{1, 2, 3, 4, 5}, later.recalled); d != "" || later.asked[6] != 1 || len(later.asked) != 1 {
		t.Errorf("the new judge recalled %v and judged %v", later.recalled, later.asked)
	}
}

// foldsAhead: folders that prepare the next portion while one is stored, two at
// the same time, fold and judge each response once.
func foldsAhead(t *testing.T, s *store.Store) {
	Fill(t, s)
	const n = 100
	rnd := rand.New(rand.NewPCG(5, 6)) //nolint:gosec // the same numbers every time
	var rs []survey.Response
	doubts := map[int64][]survey.Reason{}
	for i := range n {
		rs = append(rs, random(rnd, i))
		if i%3 == 0 {
			doubts[int64(i+1)] = []survey.Reason{survey.TooFast}
		}
	}
	appended(t, s, rs...)
	var totals [2]int
	var errs [2]error
	var both sync.WaitGroup
	for i := range totals {
		f, _ := judging(t, s, newSuspicious(doubts))
		f.Portion = 7
		both.Go(func() { totals[i], errs[i] = f.FoldAll(t.Context()) })
	}
	both.Wait()
	must(t, errors.Join(errs[:]...))
	if totals[0]+totals[1] != n {
		t.Errorf("folded %v of %d", totals, n)
	}
	said := 0
	for seq := range int64(n) {
		js, err := s.Judgements(t.Context(), seq+1)
		must(t, err)
		said += len(js)
	}
	if said != len(doubts) {
		t.Errorf("%d judgements, want %d", said, len(doubts))
	}
	f, marks := folder(t, s), []int64(nil)
	f.Portion, f.Folded = 60, func(m survey.FoldMark) { marks = append(marks, m.Seq) }
	_, err := f.Rebuild(t.Context())
	must(t, err)
	if !slices.Equal(marks, []int64{60, n}) {
		t.Errorf("Folded was called at %v", marks)
	}
	checked, err := f.Check(t.Context(), rnd)
	must(t, err)
	if checked.Wrong != nil || checked.Responses != n {
		t.Errorf("Check = %+v", checked)
	}
}

// judgedTail: what a person says of a response that waits to be folded again is
// seen at once, whoever has read the tail before.
func judgedTail(t *testing.T, s *store.Store) {
	Fill(t, s)
	appended(t, s, NewResponse(0), NewResponse(1))
	f, v := judging(t, s, newSuspicious(map[int64][]survey.Reason{1: {survey.OutsideHours}}))
	_, err := f.FoldAll(t.Context())
	must(t, err)
	must(t, s.ResetTallies(t.Context()))
	first := func() survey.State {
		c, err := s.Counts(t.Context(), survey.TallyQuery{Wave: "w1", Units: []survey.UnitCode{"p"}})
		must(t, err)
		if len(c.Tail) != 2 {
			t.Fatalf("a tail of %d, want 2", len(c.Tail))
		}
		return c.Tail[0].State
	}
	before := first()
	must(t, v.Judge(t.Context(), 1, survey.Rejected, "anna", "Gọi lại, không có người này."))
	if after := first(); before != survey.Quarantined || after != survey.Rejected {
		t.Errorf("%s before, %s after it was rejected", before, after)
	}
	c := catalog(t, s)
	r := survey.Reader{Store: s, Catalog: func() *survey.Catalog { return c }}
	read, err := r.Read(t.Context(), survey.Query{Wave: "w1", Units: []survey.UnitCode{"p", "p.d1"}, Standings: true, Reasons: []survey.UnitCode{"p"}})
	must(t, err)
	n := map[survey.State]int64{survey.Rejected: 1, survey.Counted: 1}
	want := map[survey.UnitCode]survey.Standing{
		"p":    {N: n, Reasons: map[survey.State]map[survey.Reason]int64{survey.Rejected: {survey.OutsideHours: 1}}},
		"p.d1": {N: n, Reasons: map[survey.State]map[survey.Reason]int64{}},
	}
	if d := cmp.Diff(want, read.Standings); d != "" {
		t.Errorf("standings of the tail (-want +got):\n%s", d)
	}
}

// reviews: what a person says moves a response between tallies, and what the
// rules of reviewing forbid changes nothing.
func reviews(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	partial := NewResponse(2)
	partial.State = survey.Partial
	appended(t, s, NewResponse(0), NewResponse(1), partial)
	f, v := judging(t, s, newSuspicious(map[int64][]survey.Reason{2: {survey.OutsideHours}, 3: {survey.TooFast}}))
	const note = "Gọi lại, người dân xác nhận."
	wantKind(t, "before the rules", v.Judge(ctx, 2, survey.Rejected, "anna", note), survey.Conflict)
	_, err := f.FoldAll(ctx)
	must(t, err)
	for what, c := range map[string]struct {
		seq  int64
		to   survey.State
		note string
		kind survey.Kind
	}{
		"no note":          {2, survey.Counted, "  vì thế  ", survey.Invalid},
		"no such decision": {2, survey.Partial, note, survey.Invalid},
		"no reason":        {1, survey.Rejected, note, survey.Conflict},
		"partial":          {3, survey.Counted, note, survey.Conflict},
		"nothing there":    {9, survey.Counted, note, survey.NotFound},
	} {
		wantKind(t, what, v.Judge(ctx, c.seq, c.to, "anna", c.note), c.kind)
	}
	wantStates(t, s, map[survey.State]int64{survey.Counted: 1, survey.Quarantined: 1, survey.Partial: 1})
	must(t, v.Judge(ctx, 2, survey.Counted, "anna", " "+note+" "))
	wantStates(t, s, map[survey.State]int64{survey.Counted: 2, survey.Partial: 1})
	wantKind(t, "released twice", v.Judge(ctx, 2, survey.Counted, "anna", note), survey.Conflict)
	must(t, v.Judge(ctx, 2, survey.Rejected, "binh", note))
	wantStates(t, s, map[survey.State]int64{survey.Counted: 1, survey.Rejected: 1, survey.Partial: 1})
	said, err := s.Judgements(ctx, 2)
	must(t, err)
	if len(said) != 3 || said[1].By != "anna" || said[1].Note != note || said[2].State != survey.Rejected || !said[2].At.Equal(at(500)) {
		t.Errorf("Judgements = %+v", said)
	}
	if d := cmp.Diff([]survey.Reason{survey.OutsideHours}, said[2].Reasons); d != "" {
		t.Errorf("the reasons did not stay: %s", d)
	}
	must(t, s.UpdateWave(ctx, "w1", func(w *survey.Wave) error { w.State = survey.Published; return nil }))
	_, v = judging(t, s, nil)
	wantKind(t, "a published wave", v.Judge(ctx, 2, survey.Counted, "anna", note), survey.Conflict)
	must(t, v.FlagClash(ctx, 1)) // nothing to be done any more
	wantStates(t, s, map[survey.State]int64{survey.Counted: 1, survey.Rejected: 1, survey.Partial: 1})
}

// wantStates asks for the standings of the whole province.
func wantStates(t *testing.T, s *store.Store, want map[survey.State]int64) {
	t.Helper()
	c, err := s.Counts(t.Context(), survey.TallyQuery{Wave: "w1", Units: []survey.UnitCode{"p"}, Standings: true})
	must(t, err)
	if d := cmp.Diff(want, c.Standings["p"].N); d != "" {
		t.Errorf("standings (-want +got):\n%s", d)
	}
}

// clashFlags: an id that comes again marks its response, before the rules have
// looked at it and after, once.
func clashFlags(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	appended(t, s, NewResponse(0), NewResponse(1))
	f, v := judging(t, s, newSuspicious(map[int64][]survey.Reason{1: {survey.TooFast}}))
	must(t, v.FlagClash(ctx, 1))
	_, err := f.FoldAll(ctx)
	must(t, err)
	must(t, v.FlagClash(ctx, 2))
	must(t, v.FlagClash(ctx, 2))
	all := stored(t, s, survey.Filter{})
	if d := cmp.Diff([]survey.Reason{survey.RepeatedID, survey.TooFast}, all[0].Reasons); d != "" || all[0].Judgements != 2 {
		t.Errorf("flagged before: %d judgements, reasons %s", all[0].Judgements, d)
	}
	if d := cmp.Diff([]survey.Reason{survey.RepeatedID}, all[1].Reasons); d != "" || all[1].Judgements != 1 {
		t.Errorf("flagged after: %d judgements, reasons %s", all[1].Judgements, d)
	}
	wantRight(t, f, 2)
}

// unseenJudgement: a fold that has not seen what was said of one of its
// responses is refused as a whole.
func unseenJudgement(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	appended(t, s, NewResponse(0))
	from, err := s.FoldMark(ctx)
	must(t, err)
	_, v := judging(t, s, nil)
	must(t, v.FlagClash(ctx, 1))
	to := survey.FoldMark{Watermark: survey.Watermark{Seq: 1, At: at(61)}, Judged: 1}
	key := survey.TallyKey{Wave: "w1", State: survey.Counted, Unit: "p", Channel: survey.QR}
	fold := survey.Fold{From: from, To: to, Delta: survey.Delta{key: &survey.Tally{N: 1}}}
	wantKind(t, "a fold that did not see it", s.ApplyFold(ctx, fold), survey.Conflict)
	mark, err := s.FoldMark(ctx)
	must(t, err)
	if mark != from {
		t.Errorf("the refused fold moved the mark to %+v", mark)
	}
	fold.Seen = 1
	must(t, s.ApplyFold(ctx, fold))
}

// suspects pages through responses under suspicion, the newest first.
func suspects(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	rnd := rand.New(rand.NewPCG(5, 6)) //nolint:gosec // the same numbers every time
	said := map[int64][]survey.Reason{}
	choices := [][]survey.Reason{nil, {survey.TooFast}, {survey.Repeated, survey.PressInterval}, {survey.OutsideHours, survey.TooFast}}
	var rs []survey.Response
	for i := range 120 {
		rs = append(rs, random(rnd, i))
		said[int64(i+1)] = choices[rnd.IntN(len(choices))]
	}
	appended(t, s, rs...)
	f, _ := judging(t, s, newSuspicious(said))
	_, err := f.FoldAll(ctx)
	must(t, err)
	many := map[survey.UnitCode]bool{"p.d1.c1": true}
	for i := range 600 {
		many[survey.UnitCode(string(rune('a'+i%26))+string(rune('a'+i/26)))] = true
	}
	all := stored(t, s, survey.Filter{})
	for name, sf := range map[string]survey.SuspectFilter{
		"all":          {},
		"reason":       {Filter: survey.Filter{Wave: "w1"}, Reason: survey.TooFast},
		"another":      {Reason: "too%fast"}, // not a pattern
		"state":        {State: survey.Quarantined},
		"other wave":   {Filter: survey.Filter{Wave: "w2"}},
		"unit, period": {Filter: survey.Filter{Units: map[survey.UnitCode]bool{"p.c1": true}, Period: survey.Period{From: day0, To: day0 + 50}}},
		"many units":   {Filter: survey.Filter{Units: many}},
	} {
		want, got := []int64{}, []int64{}
		for _, r := range slices.Backward(all) {
			if r.Judgements > 0 && passes(sf.Filter, r) && (sf.State == "" || sf.State == r.State) &&
				(sf.Reason == "" || slices.Contains(r.Reasons, sf.Reason)) {
				want = append(want, r.Seq)
			}
		}
		for before := int64(0); ; {
			n := 0
			must(t, s.EachSuspect(ctx, sf, before, 7, func(r *survey.Response) error {
				n, before = n+1, r.Seq
				got = append(got, r.Seq)
				return nil
			}))
			if n < 7 {
				break
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
	refused := errors.New("refused")
	if err := s.EachSuspect(ctx, survey.SuspectFilter{}, 0, 7, func(*survey.Response) error { return refused }); !errors.Is(err, refused) {
		t.Errorf("error %v, want the one of f", err)
	}
}

// deviceNumbers counts the responses of a device once, however often they are
// folded.
func deviceNumbers(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	pair(t, s, survey.Device{ID: "k-1", Point: "AAAAAA", Name: "Một", KeyDigest: [32]byte{1}, PairedBy: "anna", PairedAt: at(0)})
	var rs []survey.Response
	for i, n := range []int64{1, 4, 3, 0} {
		r := NewResponse(i)
		r.Device, r.DeviceSeq = "k-1", n
		rs = append(rs, r)
	}
	appended(t, s, rs...)
	f := folder(t, s)
	_, err := f.FoldAll(ctx)
	must(t, err)
	_, err = f.Rebuild(ctx)
	must(t, err)
	d, err := s.Device(ctx, "k-1")
	must(t, err)
	if d.Stored != 3 || d.Highest != 4 {
		t.Errorf("stored %d, highest %d; want 3 and 4", d.Stored, d.Highest)
	}
}
