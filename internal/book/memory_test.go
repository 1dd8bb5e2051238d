package book

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sipas/internal/survey"
)

// counted is a store that counts what it tells.
type counted struct {
	Store

	mu     sync.Mutex
	stamp  int64
	since  map[survey.UnitCode]int64 // a result was changed
	stands map[survey.UnitCode]Result
	told   int
	fails  error

	shelves []Shelf
}

func (c *counted) Shelves(context.Context) ([]Shelf, error) { return c.shelves, nil }

func (c *counted) put(r Result, gone bool) {
	c.stamp++
	c.since[r.Unit], c.stands[r.Unit] = c.stamp, r
	if gone {
		delete(c.stands, r.Unit)
	}
}

func (c *counted) Since(_ context.Context, t TypeCode, year int, stamp int64, f func(Result, bool)) (int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var units []survey.UnitCode
	for u, at := range c.since {
		if at > stamp {
			units = append(units, u)
		}
	}
	slices.Sort(units)
	shared := make([]Part, 0, 8)
	for i, u := range units {
		if c.fails != nil && i > 0 {
			return 0, c.fails
		}
		c.told++
		r, there := c.stands[u]
		r.Key = Key{u, t, year}
		shared = append(shared[:0], r.Parts...)
		r.Parts = shared
		f(r, !there)
		for k := range shared {
			shared[k] = Part{} // what was lent
		}
	}
	return c.stamp, nil
}

// TestBoardFollows: after any changes the board is as if it were read anew, and
// only what has changed is read.
func TestBoardFollows(t *testing.T) {
	ty := builtinTypes(t).Type("par-index-district")
	s := &counted{since: map[survey.UnitCode]int64{}, stands: map[survey.UnitCode]Result{}}
	m := Memory{Store: s}
	rnd := rand.New(rand.NewPCG(1, 2))
	for round := range 200 {
		changed := map[survey.UnitCode]bool{}
		for range rnd.IntN(4) {
			u := survey.UnitCode(rune('a' + rnd.IntN(12)))
			changed[u] = true
			s.put(Result{
				Key: Key{u, ty.Code, 2019}, Rank: round + 1,
				Parts: []Part{{"organisation", Computed, 1}, {"finance", Published, float64(round) / 10}, {"finance", Self, 99}, {"impact.sipas", Computed, 2.5}},
			}, rnd.IntN(3) == 0)
		}
		s.told = 0
		got, err := m.Board(t.Context(), ty, 2019)
		if err != nil {
			t.Fatal(err)
		}
		if s.told != len(changed) {
			t.Errorf("round %d: %d results were read after %d changes", round, s.told, len(changed))
		}
		var all []Result
		for _, r := range s.stands {
			all = append(all, r)
		}
		want := NewBoard(ty, 2019, all)
		if d := cmp.Diff(want.Results, got.Results, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("round %d (-want +got):\n%s", round, d)
		}
		if d := cmp.Diff(want.scores, got.scores, cmpopts.EquateEmpty(), cmpopts.EquateNaNs()); d != "" {
			t.Fatalf("round %d: scores (-want +got):\n%s", round, d)
		}
	}
}

// TestBoardScores: a component's score is the published one, else that of its
// own source.
func TestBoardScores(t *testing.T) {
	ty := builtinTypes(t).Type("par-index-district")
	r := par("ub", 2019, 45)
	r.Parts = []Part{{"impact.sipas", Computed, 8}, {"finance", Self, 12}, {"finance", Published, 9.5}, {"gone", Published, 1}}
	b := NewBoard(ty, 2019, []Result{r})
	for i, c := range ty.All() {
		if want, got := ScoreOf(c, &r), b.scores[i][0]; want.Known == math.IsNaN(got) || want.Known && want.Value != got {
			t.Errorf("%s: %v, want %v", c.Code, got, want)
		}
	}
}

func TestBoardAfterAFailure(t *testing.T) {
	ty := builtinTypes(t).Type("par-index-district")
	s := &counted{since: map[survey.UnitCode]int64{}, stands: map[survey.UnitCode]Result{}, fails: errors.New("lost")}
	m := Memory{Store: s}
	for _, u := range []survey.UnitCode{"a", "b", "c"} {
		s.put(Result{Key: Key{u, ty.Code, 2019}}, false)
	}
	if _, err := m.Board(t.Context(), ty, 2019); !errors.Is(err, s.fails) {
		t.Fatalf("%v, want what went wrong", err)
	}
	s.fails = nil
	if b, err := m.Board(t.Context(), ty, 2019); err != nil || len(b.Results) != 3 {
		t.Errorf("after a failure in the middle: %d results, %v", len(b.Results), err)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	ty := builtinTypes(t).Type("par-index-district")
	m := Memory{Store: &counted{since: map[survey.UnitCode]int64{}, stands: map[survey.UnitCode]Result{}}}
	var wanted []Shelf
	for year := range 3 * mostKept {
		wanted = append(wanted, Shelf{Type: ty.Code, Year: 1000 + year})
	}
	boards, err := m.Boards(t.Context(), builtinTypes(t), wanted)
	if err != nil {
		t.Fatal(err)
	}
	for i, b := range boards {
		if b.Year != wanted[i].Year {
			t.Errorf("board %d is of %d", i, b.Year)
		}
	}
	if len(m.kept) > mostKept {
		t.Errorf("%d boards are kept", len(m.kept))
	}
}

// TestWarm: everything is read, each board once, while pages read boards, too.
func TestWarm(t *testing.T) {
	types := builtinTypes(t)
	ty := types.Type("par-index-district")
	s := &counted{since: map[survey.UnitCode]int64{}, stands: map[survey.UnitCode]Result{}}
	for range 40 {
		s.shelves = append(s.shelves, Shelf{Type: ty.Code, Year: 1980 + len(s.shelves), Units: 2})
	}
	s.shelves = append(s.shelves, Shelf{Type: "of no file", Year: 2019, Units: 2})
	s.put(Result{Key: Key{"a", ty.Code, 2019}}, false)
	s.put(Result{Key: Key{"b", ty.Code, 2019}}, false)
	m := Memory{Store: s}
	var page sync.WaitGroup
	page.Go(func() {
		if b, err := m.Board(t.Context(), ty, 2000); err != nil || len(b.Results) != 2 {
			t.Errorf("a page meanwhile: %d results, %v", len(b.Results), err)
		}
	})
	if err := m.Warm(t.Context(), types); err != nil {
		t.Fatal(err)
	}
	if page.Wait(); s.told != 2*40 || len(m.kept) != 40 {
		t.Errorf("%d results were read into %d boards, want 80 into 40", s.told, len(m.kept))
	}
	s.fails = errors.New("lost")
	s.put(Result{Key: Key{"a", ty.Code, 2019}}, false)
	s.put(Result{Key: Key{"b", ty.Code, 2019}}, false)
	if err := m.Warm(t.Context(), types); !errors.Is(err, s.fails) {
		t.Errorf("%v, want what went wrong", err)
	}
}
