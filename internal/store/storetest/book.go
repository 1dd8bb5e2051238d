package storetest

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/book"
	"sipas/internal/store"
	"sipas/internal/survey"
)

// result is one of a test, with everything that can be known.
func result(unit survey.UnitCode, t book.TypeCode, year int) book.Result {
	return book.Result{
		Key: book.Key{Unit: unit, Type: t, Year: year}, Score: book.Of(64.95), Maximum: book.Of(80), Percent: book.Of(81.19),
		Rank: 11, RankOf: 13, Class: "B", Announced: day0, Document: "Hội nghị 17/06/2020", Link: "https://example.vn/1",
		Status: book.Final, Synthetic: true, N: 300, Wave: "w1",
		Parts: []book.Part{{Code: "1", Score: 7.5}, {Code: "1", Source: book.Self, Score: 99.96}, {Code: "impact.sipas", Source: book.Computed, Score: 9.12}},
	}
}

// putting stores results and says what that did.
func putting(t *testing.T, s *store.Store, at time.Time, rs ...book.Result) book.Written {
	t.Helper()
	w, err := s.PutResults(t.Context(), "lan", at, rs)
	must(t, err)
	return w
}

// unread are results without the revision they were read with.
func unread(rs []book.Result, err error) []book.Result {
	for i := range rs {
		rs[i].Revision = 0
	}
	return rs
}

// bookRoundTrip: what was put is what is read, by unit, by year, on shelves.
func bookRoundTrip(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	bare := book.Result{Key: book.Key{Unit: "p.c1", Type: "dgi", Year: 2018}, Percent: book.Of(0), Status: book.Provisional}
	other, sipas := result("p.c2", "dgi", 2019), result("p.c1", "sipas", 2019)
	full := result("p.c1", "dgi", 2019)
	if w := putting(t, s, at(1), other, sipas, full, bare); w != (book.Written{Added: 4}) {
		t.Errorf("first put: %+v", w)
	}
	if d := cmp.Diff([]book.Result{bare, full, sipas}, unread(s.OfUnit(ctx, "p.c1"))); d != "" {
		t.Errorf("of a unit (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]book.Result{full, other}, unread(s.OfYear(ctx, "dgi", 2019))); d != "" {
		t.Errorf("of a year (-want +got):\n%s", d)
	}
	shelves, err := s.Shelves(ctx)
	must(t, err)
	if d := cmp.Diff([]book.Shelf{{Type: "dgi", Year: 2018, Units: 1}, {Type: "dgi", Year: 2019, Units: 2}, {Type: "sipas", Year: 2019, Units: 1}}, shelves); d != "" {
		t.Errorf("shelves (-want +got):\n%s", d)
	}
	for what, rs := range map[string][]book.Result{"unit": unread(s.OfUnit(ctx, "p.d1")), "year": unread(s.OfYear(ctx, "dgi", 2020))} {
		if len(rs) > 0 {
			t.Errorf("of another %s: %v", what, rs)
		}
	}
}

// follower keeps a year by what has changed since it looked last, and checks that
// it is what stands, and whether anything was told at all.
func follower(t *testing.T, s *store.Store) func(after string, anew bool) {
	stamp, kept := int64(0), map[survey.UnitCode]book.Result{}
	return func(after string, anew bool) {
		t.Helper()
		told := 0
		now, err := s.Since(t.Context(), "dgi", 2019, stamp, func(r book.Result, withdrawn bool) {
			told++
			r.Parts = append([]book.Part(nil), r.Parts...)
			if kept[r.Unit] = r; withdrawn {
				delete(kept, r.Unit)
			}
		})
		must(t, err)
		if (told > 0) != anew || (now > stamp) != anew || now < stamp {
			t.Errorf("after %s: %d changes are told, the stamp goes from %d to %d", after, told, stamp, now)
		}
		stamp = now
		rs, err := s.OfYear(t.Context(), "dgi", 2019)
		must(t, err)
		want := map[survey.UnitCode]book.Result{}
		for _, r := range rs {
			want[r.Unit] = r
		}
		if d := cmp.Diff(want, kept); d != "" {
			t.Errorf("after %s (-want +got):\n%s", after, d)
		}
		shelves, err := s.Shelves(t.Context())
		must(t, err)
		i := slices.IndexFunc(shelves, func(x book.Shelf) bool { return x.Type == "dgi" && x.Year == 2019 })
		if there := i >= 0; there != (len(rs) > 0) || there && shelves[i].Units != len(rs) {
			t.Errorf("after %s there are %d results, on shelves %+v", after, len(rs), shelves)
		}
	}
}

// bookRevisions: a change makes a revision, and none is ever lost.
func bookRevisions(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	first := result("p.c1", "dgi", 2019)
	stamped := follower(t, s)
	stamped("nothing", false)
	putting(t, s, at(1), first, result("p.c2", "dgi", 2019))
	stamped("adding", true)
	stamped("looking", false)
	shuffled := first
	shuffled.Parts = []book.Part{first.Parts[2], first.Parts[0], first.Parts[1]}
	if w := putting(t, s, at(2), shuffled); w != (book.Written{Same: 1}) {
		t.Errorf("the same again: %+v", w)
	}
	putting(t, s, at(2), result("p.c1", "dgi", 2018))
	stamped("the same and another year", false)
	second := first
	second.Rank, second.Parts, second.PartsSynthetic = 10, first.Parts[:1], true
	if w := putting(t, s, at(3), second); w != (book.Written{Changed: 1}) {
		t.Errorf("changed: %+v", w)
	}
	stamped("changing", true)
	rs, err := s.OfUnit(ctx, "p.c1")
	must(t, err)
	stands := book.Pick(rs, "dgi", 2019).Revision
	wantKind(t, "withdraw what does not stand", s.WithdrawResult(ctx, "mai", at(4), first.Key, stands-1), survey.Conflict)
	must(t, s.WithdrawResult(ctx, "mai", at(4), first.Key, stands))
	stamped("withdrawing", true)
	wantKind(t, "withdraw twice", s.WithdrawResult(ctx, "mai", at(5), first.Key, stands), survey.NotFound)
	if rs := unread(s.OfUnit(ctx, "p.c1")); book.Pick(rs, "dgi", 2019) != nil {
		t.Errorf("a withdrawn result is read: %v", rs)
	}
	if rs := unread(s.OfYear(ctx, "dgi", 2019)); len(rs) != 1 {
		t.Errorf("a withdrawn result is in the league: %v", rs)
	}
	if w := putting(t, s, at(6), first); w != (book.Written{Added: 1}) {
		t.Errorf("after it was withdrawn: %+v", w)
	}
	stamped("adding again", true)
	history, err := s.Revisions(ctx, first.Key)
	must(t, err)
	for i := range history {
		history[i].ID, history[i].After.Revision = 0, 0
		if history[i].Before != nil {
			history[i].Before.Revision = 0
		}
	}
	want := []book.Revision{
		{By: "lan", At: at(1), After: first},
		{By: "lan", At: at(3), Before: &first, After: second},
		{By: "mai", At: at(4), Before: &second, After: second, Withdrawn: true},
		{By: "lan", At: at(6), After: first},
	}
	if d := cmp.Diff(want, history); d != "" {
		t.Errorf("history (-want +got):\n%s", d)
	}
	none, err := s.Revisions(ctx, book.Key{Unit: "p.c1", Type: "dgi", Year: 1999})
	if err != nil || len(none) > 0 {
		t.Errorf("history of nothing: %v, %v", none, err)
	}
}

// bookAllOrNone: a refused put leaves nothing, and nobody's change is lost.
func bookAllOrNone(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	r := result("p.c1", "dgi", 2019)
	_, err := s.PutResults(ctx, "lan", at(1), []book.Result{r, result("nowhere", "dgi", 2019)})
	wantKind(t, "an unknown unit", err, survey.NotFound)
	if rs := unread(s.OfYear(ctx, "dgi", 2019)); len(rs) > 0 {
		t.Errorf("half a put is there: %v", rs)
	}
	r.Revision = book.New
	putting(t, s, at(1), r)
	_, err = s.PutResults(ctx, "mai", at(2), []book.Result{r})
	wantKind(t, "new twice", err, survey.Conflict)
	rs, err := s.OfUnit(ctx, "p.c1")
	must(t, err)
	mine, theirs := rs[0], rs[0]
	theirs.Rank = 9
	putting(t, s, at(3), theirs)
	mine.Rank = 8
	_, err = s.PutResults(ctx, "mai", at(4), []book.Result{result("p.c2", "dgi", 2019), mine})
	wantKind(t, "changed meanwhile", err, survey.Conflict)
	if rs := unread(s.OfYear(ctx, "dgi", 2019)); len(rs) != 1 || rs[0].Rank != 9 {
		t.Errorf("after conflicts: %v", rs)
	}
	many := make([]book.Result, 300) // more than one statement holds
	for i := range many {
		many[i] = result("p.c2", "sipas", 1700+i)
	}
	if w := putting(t, s, at(5), many...); w != (book.Written{Added: 300}) {
		t.Errorf("many: %+v", w)
	}
	many[7].Rank = 1
	if w := putting(t, s, at(6), many...); w != (book.Written{Changed: 1, Same: 299}) {
		t.Errorf("many again: %+v", w)
	}
}

// bookStaged: many results take several transactions, and are all or none too.
func bookStaged(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	many := make([]book.Result, 0, 4100)
	for i := range 4100 {
		r := result("p.c2", "sipas", 1000+i)
		r.Parts = nil
		many = append(many, r)
	}
	broken := append(many[:len(many):len(many)], result("nowhere", "sipas", 2019))
	_, err := s.PutResults(ctx, "lan", at(1), broken)
	wantKind(t, "an unknown unit among many", err, survey.NotFound)
	if rs := unread(s.OfUnit(ctx, "p.c2")); len(rs) > 0 {
		t.Errorf("half a put is there: %d results", len(rs))
	}
	if w := putting(t, s, at(2), many...); w != (book.Written{Added: len(many)}) {
		t.Errorf("many: %+v", w)
	}
	rs, err := s.OfUnit(ctx, "p.c2")
	must(t, err)
	if rs[0].Revision != 1 {
		t.Errorf("the refused put left revisions behind: the next is %d", rs[0].Revision)
	}
	for i := range many {
		many[i].Rank = 3
	}
	if w := putting(t, s, at(3), many...); w != (book.Written{Changed: len(many)}) {
		t.Errorf("many again: %+v", w)
	}
	history, err := s.Revisions(ctx, many[4099].Key)
	must(t, err)
	if len(history) != 2 || history[1].Before == nil || history[1].Before.Rank != 11 || history[1].After.Rank != 3 {
		t.Errorf("history: %+v", history)
	}
}

// bookThresholds: every change is kept in its order, those that take thresholds
// back too.
func bookThresholds(t *testing.T, s *store.Store) {
	ctx := t.Context()
	want := book.Thresholds{
		{Type: "one-stop", Year: 2025, Least: map[string]float64{"excellent": 16.5, "a b=c": 0}, By: "lan", At: at(1)},
		{Type: "one-stop", Year: 2024, Least: map[string]float64{"excellent": 15}, By: "minh", At: at(2)},
		{Type: "one-stop", Year: 2025, Least: map[string]float64{}, By: "lan", At: at(3)},
	}
	for _, x := range want {
		must(t, s.PutThreshold(ctx, x))
	}
	got, err := s.Thresholds(ctx)
	must(t, err)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("thresholds (-want +got):\n%s", d)
	}
}

// bookRace: of two that put many results over the same cells at once, none loses
// the other's unseen: who made his stand last had read what stood, or is told.
func bookRace(t *testing.T, s *store.Store) {
	Fill(t, s)
	const years = 2100 // more than one transaction takes
	put := func(rank int) error {
		rs := make([]book.Result, years)
		for i := range rs {
			rs[i] = result("p.c1", "dgi", 1000+i)
			rs[i].Rank, rs[i].Parts = rank, nil
		}
		_, err := s.PutResults(t.Context(), "lan", at(rank), rs)
		return err
	}
	stood := 0
	for round := range 3 {
		var errs [2]error
		var both sync.WaitGroup
		for i := range errs {
			both.Go(func() { errs[i] = put(1 + 2*round + i) })
		}
		both.Wait()
		for _, err := range errs {
			if err == nil {
				stood++
			} else if survey.KindOf(err) != survey.Conflict {
				t.Fatal(err)
			}
		}
		rs, err := s.OfUnit(t.Context(), "p.c1")
		must(t, err)
		for _, r := range rs {
			if len(rs) != years || r.Rank != rs[0].Rank {
				t.Fatalf("round %d: %d results, of %d rank %d and of %d rank %d", round, len(rs), rs[0].Year, rs[0].Rank, r.Year, r.Rank)
			}
		}
		history, err := s.Revisions(t.Context(), rs[years-1].Key)
		must(t, err)
		if len(history) != stood || stood <= round {
			t.Fatalf("round %d: %d puts went through, %d revisions are in the history", round, stood, len(history))
		}
	}
}
