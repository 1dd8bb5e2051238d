package web

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"sipas/internal/survey"
)

// watchedHub counts what it is asked and answers from n.
func watchedHub(n map[survey.UnitCode]int64, asked *int) *hub {
	return &hub{
		log: slog.New(slog.DiscardHandler), looking: true, // nobody ticks but the test
		count: func(context.Context, liveKey, []survey.UnitCode) (map[survey.UnitCode]int64, error) {
			*asked++
			return n, nil
		},
	}
}

func told(w *watcher) int64 {
	select {
	case n := <-w.moved:
		return n
	default:
		return 0
	}
}

func newWatcher(unit survey.UnitCode, shown int64, session string) *watcher {
	return &watcher{key: liveKey{wave: "w"}, unit: unit, shown: shown, session: session, moved: make(chan int64, 1)}
}

func TestLiveStep(t *testing.T) {
	n, asked := map[survey.UnitCode]int64{"a": 100, "b": 100}, 0
	h := watchedHub(n, &asked)
	a, b := newWatcher("a", 100, "x"), newWatcher("b", 95, "y")
	for _, w := range []*watcher{a, b} {
		if err := h.join(w); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ na, nb, wantA, wantB int64 }{
		{100, 100, 0, 0},
		{101, 104, 0, 0},
		{109, 105, 0, 105}, // nine more are the answers of few
		{110, 106, 110, 0},
		{119, 115, 0, 115}, // from what was shown, not from where it began
		{90, 115, 0, 0},    // a person took some out
		{500, 130, 500, 130},
	} {
		n["a"], n["b"] = c.na, c.nb
		h.look(t.Context())
		if ga, gb := told(a), told(b); ga != c.wantA || gb != c.wantB {
			t.Errorf("at %d and %d: told %d and %d, want %d and %d", c.na, c.nb, ga, gb, c.wantA, c.wantB)
		}
	}
	if asked != 7 {
		t.Errorf("%d queries for 7 looks of two streams, want 7", asked)
	}
}

// A browser that reads slowly is told the newest later, not nothing.
func TestLiveSlowReader(t *testing.T) {
	n, asked := map[survey.UnitCode]int64{"a": 20}, 0
	h := watchedHub(n, &asked)
	w := newWatcher("a", 0, "x")
	if err := h.join(w); err != nil {
		t.Fatal(err)
	}
	h.look(t.Context())
	n["a"] = 40
	h.look(t.Context()) // 20 still waits
	if got := told(w); got != 20 {
		t.Errorf("told %d, want 20", got)
	}
	h.look(t.Context())
	if got := told(w); got != 40 {
		t.Errorf("told %d, want 40", got)
	}
}

func TestLiveBounds(t *testing.T) {
	asked := 0
	h := watchedHub(nil, &asked)
	for range mostOfOne {
		if err := h.join(newWatcher("a", 0, "x")); err != nil {
			t.Fatal(err)
		}
	}
	last := newWatcher("a", 0, "x")
	if err := h.join(last); survey.KindOf(err) != survey.TooMany {
		t.Errorf("one more of a session: %v", err)
	}
	for w := range h.watchers {
		h.leave(w)
		break
	}
	if err := h.join(last); err != nil {
		t.Errorf("after one has gone: %v", err)
	}
	for i := len(h.watchers); i < mostLive; i++ {
		if err := h.join(newWatcher("a", 0, string(rune(1000+i)))); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.join(newWatcher("a", 0, "y")); survey.KindOf(err) != survey.Unavailable {
		t.Errorf("one more than the server bears: %v", err)
	}
}

func TestLiveSurvivesAFailure(t *testing.T) {
	n, asked := map[survey.UnitCode]int64{"a": 20}, 0
	h := watchedHub(n, &asked)
	good := h.count
	h.count = func(context.Context, liveKey, []survey.UnitCode) (map[survey.UnitCode]int64, error) {
		return nil, errors.New("away")
	}
	w := newWatcher("a", 0, "x")
	if err := h.join(w); err != nil {
		t.Fatal(err)
	}
	h.look(t.Context())
	if got := told(w); got != 0 {
		t.Errorf("told %d by a failure", got)
	}
	h.count = good
	h.look(t.Context())
	if got := told(w); got != 20 {
		t.Errorf("told %d afterwards, want 20", got)
	}
}
