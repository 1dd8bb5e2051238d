// Package cadence measures how quickly responses follow each other at one
// device or one point: the median and the shortest time between two of a day.
// A person who presses again and again shows here long before any rule speaks.
//
// It remembers times of the current day only, in memory, for a bounded number
// of places; after a restart it begins anew.
package cadence

import (
	"container/list"
	"slices"
	"sync"
	"time"
)

// Keep is how many of the last responses of a day a place's figures are of.
const Keep = 128

// Book notes responses by place. It is safe for several goroutines.
type Book struct {
	room int

	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // of *place, the last noted first
}

type place struct {
	key  string
	day  int
	seen int
	last []int64 // Unix ms of at most Keep responses, in the order they came
}

// Figures are the times between the responses of one day at one place.
type Figures struct {
	Responses        int // of the day, those no longer remembered included
	Median, Shortest time.Duration
}

// New returns a book with room for so many places; the one that was quiet for
// the longest makes room for the next.
func New(room int) *Book {
	return &Book{room: max(room, 1), byKey: map[string]*list.Element{}, order: list.New()}
}

// Note writes down that an answer was given at a place on a day, at a time of
// its own clock, and returns how long after the one before it in time; ok is
// false for the first of a day. Answers of an earlier day than the last noted
// one, which waited for the network, are not noted.
func (b *Book) Note(key string, day int, at time.Time) (since time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.place(key)
	if day < p.day {
		return 0, false
	}
	if day > p.day {
		*p = place{key: key, day: day, last: p.last[:0]}
	}
	now := at.UnixMilli()
	for _, t := range p.last {
		if d := time.Duration(now-t) * time.Millisecond; d >= 0 && (!ok || d < since) {
			since, ok = d, true
		}
	}
	if len(p.last) < Keep {
		p.last = append(p.last, now)
	} else {
		p.last[p.seen%Keep] = now
	}
	p.seen++
	return since, ok
}

// place finds or makes the place with key.
func (b *Book) place(key string) *place {
	if e, ok := b.byKey[key]; ok {
		b.order.MoveToFront(e)
		return e.Value.(*place)
	}
	if len(b.byKey) >= b.room {
		delete(b.byKey, b.order.Remove(b.order.Back()).(*place).key)
	}
	p := &place{key: key}
	b.byKey[key] = b.order.PushFront(p)
	return p
}

// Figures returns what is known of a place on a day; ok is false when there
// were not two responses to compare.
func (b *Book) Figures(key string, day int) (f Figures, ok bool) {
	b.mu.Lock()
	e, found := b.byKey[key]
	if !found || e.Value.(*place).day != day {
		b.mu.Unlock()
		return Figures{}, false
	}
	p := e.Value.(*place)
	f.Responses = p.seen
	times := slices.Sorted(slices.Values(p.last))
	b.mu.Unlock()
	if len(times) < 2 {
		return f, false
	}
	for i := len(times) - 1; i > 0; i-- {
		times[i] -= times[i-1]
	}
	gaps := times[1:]
	slices.Sort(gaps)
	ms := func(n int64) time.Duration { return time.Duration(n) * time.Millisecond }
	f.Shortest, f.Median = ms(gaps[0]), ms(gaps[len(gaps)/2])
	if len(gaps)%2 == 0 {
		f.Median = (f.Median + ms(gaps[len(gaps)/2-1])) / 2
	}
	return f, true
}

// Len is how many places are remembered.
func (b *Book) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.byKey)
}
