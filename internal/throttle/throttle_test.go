package throttle

import (
	"fmt"
	"testing"
	"time"
)

var start = time.Unix(0, 0)

func TestTake(t *testing.T) {
	b := New(2, 3, 10)
	for i, c := range []struct {
		key   string
		n     int
		after time.Duration
		wait  time.Duration
	}{
		{"a", 1, 0, 0},
		{"a", 2, 0, 0},
		{"a", 1, 0, 500 * time.Millisecond},
		{"b", 3, 0, 0}, // another key has its own bucket
		{"a", 1, 500 * time.Millisecond, 0},
		{"a", 1, 500 * time.Millisecond, 500 * time.Millisecond},
		{"a", 100, 2 * time.Second, 0}, // more than a full bucket: the rest is owed
		{"a", 1, 2 * time.Second, 49 * time.Second},
		{"a", 1, 50500 * time.Millisecond, 500 * time.Millisecond},
		{"a", 1, 51 * time.Second, 0},
	} {
		if wait, _ := b.Take(c.key, c.n, start.Add(c.after)); wait != c.wait {
			t.Errorf("%d: Take(%q, %d) after %v waits %v, want %v", i, c.key, c.n, c.after, wait, c.wait)
		}
	}
}

func TestGiveBack(t *testing.T) {
	b := New(1, 1, 10)
	for range 5 {
		wait, giveBack := b.Take("a", 1, start)
		if wait != 0 {
			t.Fatalf("waits %v after everything was given back", wait)
		}
		giveBack()
	}
}

func TestRoom(t *testing.T) {
	b := New(1, 1, 3)
	for i := range 100 {
		b.Take(fmt.Sprint(i), 1, start)
		b.Take("busy", 1, start) // used all the time, never forgotten
	}
	if n := b.Len(); n != 3 {
		t.Errorf("%d keys remembered, want 3", n)
	}
	if wait, _ := b.Take("busy", 1, start); wait == 0 {
		t.Error("a busy key was forgotten")
	}
}

func TestOff(t *testing.T) {
	for _, b := range []*Buckets{nil, New(0, 5, 10), New(5, 0, 10)} {
		for range 100 {
			if wait, giveBack := b.Take("a", 1, start); wait != 0 {
				t.Fatalf("waits %v", wait)
			} else {
				giveBack()
			}
		}
	}
}
