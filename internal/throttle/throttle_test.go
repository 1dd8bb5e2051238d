package throttle

import (
	"fmt"
	"runtime"
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

// A million sources one after the other take the room of those remembered and
// no more.
func TestManySources(t *testing.T) {
	const room = 50_000
	b := New(1, 60, room)
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap()
	for i := range 4 * room {
		b.Take(fmt.Sprintf("%016x", i), 1, start)
	}
	// Without what is remembered growing by a few MiB nothing would be measured.
	grown := heap() - before
	if n := b.Len(); n != room || grown < 1<<20 || grown > 40<<20 {
		t.Errorf("%d remembered in %d MiB, want %d in 1 to 40", n, grown>>20, room)
	}
}

// A clock that is set back locks nobody out, and set forward again gives no
// more than a full bucket.
func TestClock(t *testing.T) {
	b := New(1, 3, 10)
	take := func(at time.Duration) (taken int) {
		for ; taken < 100; taken++ {
			if wait, _ := b.Take("a", 1, start.Add(at)); wait > 0 {
				if wait > time.Second {
					t.Errorf("at %v: waits %v", at, wait)
				}
				break
			}
		}
		return taken
	}
	for i, c := range []struct {
		at   time.Duration
		want int
	}{{0, 3}, {-time.Hour, 0}, {-time.Hour + time.Second, 1}, {time.Hour, 3}} {
		if got := take(c.at); got != c.want {
			t.Errorf("%d: %d taken at %v, want %d", i, got, c.at, c.want)
		}
	}
}
