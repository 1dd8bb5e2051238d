package book

import (
	"context"
	"testing"
)

// counted is a store of one year that counts how often it was read.
type counted struct {
	Store
	stamp int64
	reads int
}

func (c *counted) Stamp(context.Context, TypeCode, int) (int64, error) { return c.stamp, nil }

func (c *counted) OfYear(_ context.Context, t TypeCode, year int) ([]Result, error) {
	c.reads++
	return []Result{{Key: Key{"u", t, year}, Score: Of(float64(c.stamp))}}, nil
}

func TestMemory(t *testing.T) {
	s := &counted{stamp: 1}
	m := Memory{Store: s}
	read := func(year int) Result {
		t.Helper()
		rs, err := m.OfYear(t.Context(), "t", year)
		if err != nil || len(rs) != 1 || rs[0].Year != year {
			t.Fatalf("%v, %v", rs, err)
		}
		r := rs[0]
		rs[0].Score = Of(-1) // the reader's own
		return r
	}
	for range 3 {
		if r := read(2019); r.Score.Value != 1 {
			t.Errorf("read %v, want what the store has", r.Score)
		}
	}
	if s.reads != 1 {
		t.Errorf("three readings of one year asked the store %d times", s.reads)
	}
	s.stamp = 2
	if r := read(2019); r.Score.Value != 2 || s.reads != 2 {
		t.Errorf("after a change: %v, %d readings", r.Score, s.reads)
	}
	for year := range 3 * mostKept {
		read(year)
	}
	if len(m.kept) > mostKept {
		t.Errorf("%d leagues are kept", len(m.kept))
	}
}
