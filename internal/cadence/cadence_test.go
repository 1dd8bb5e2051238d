package cadence

import (
	"fmt"
	"testing"
	"time"
)

var morning = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

func TestFigures(t *testing.T) {
	for name, c := range map[string]struct {
		at   []int // seconds after the morning, in the order in which they arrive
		want Figures
		ok   bool
	}{
		"none":                 {nil, Figures{}, false},
		"one":                  {[]int{5}, Figures{Responses: 1}, false},
		"two":                  {[]int{5, 65}, Figures{2, time.Minute, time.Minute}, true},
		"odd":                  {[]int{0, 10, 40, 90}, Figures{4, 30 * time.Second, 10 * time.Second}, true},
		"even":                 {[]int{0, 10, 40}, Figures{3, 20 * time.Second, 10 * time.Second}, true},
		"a queue out of order": {[]int{90, 0, 40, 10}, Figures{4, 30 * time.Second, 10 * time.Second}, true},
		"twice at once":        {[]int{7, 7}, Figures{2, 0, 0}, true},
	} {
		b := New(10)
		for _, s := range c.at {
			b.Note("k", 3, morning.Add(time.Duration(s)*time.Second))
		}
		if got, ok := b.Figures("k", 3); got != c.want || ok != c.ok {
			t.Errorf("%s: %v %v, want %v %v", name, got, ok, c.want, c.ok)
		}
	}
}

func TestNote(t *testing.T) {
	b := New(10)
	for i, c := range []struct {
		key   string
		day   int
		at    int
		since int
		ok    bool
	}{
		{"a", 1, 0, 0, false},
		{"a", 1, 30, 30, true},
		{"b", 1, 31, 0, false}, // another place
		{"a", 1, 10, 10, true}, // came late: after the first, not after the last
		{"a", 2, 90000, 0, false},
		{"a", 1, 40, 0, false}, // yesterday's are not today's
		{"a", 2, 90005, 5, true},
	} {
		since, ok := b.Note(c.key, c.day, morning.Add(time.Duration(c.at)*time.Second))
		if since != time.Duration(c.since)*time.Second || ok != c.ok {
			t.Errorf("%d: %v %v, want %d s %v", i, since, ok, c.since, c.ok)
		}
	}
	if f, _ := b.Figures("a", 2); f.Responses != 2 {
		t.Errorf("%d responses today, want 2", f.Responses)
	}
	if _, ok := b.Figures("a", 1); ok {
		t.Error("yesterday is still there")
	}
}

// What is kept is bounded in places and in times of each.
func TestBounded(t *testing.T) {
	b := New(100)
	for i := range 100_000 {
		b.Note(fmt.Sprint(i), 1, morning)
	}
	if n := b.Len(); n != 100 {
		t.Errorf("%d places remembered, want 100", n)
	}
	for i := range 10 * Keep {
		b.Note("busy", 1, morning.Add(time.Duration(i)*time.Second))
	}
	e := b.byKey["busy"].Value.(*place)
	f, ok := b.Figures("busy", 1)
	if len(e.last) != Keep || !ok || f != (Figures{10 * Keep, time.Second, time.Second}) {
		t.Errorf("%d times kept, figures %v %v", len(e.last), f, ok)
	}
}
