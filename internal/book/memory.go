package book

import (
	"context"
	"slices"
	"sync"
)

// Memory is a Store that keeps the leagues it has read for as long as they stay
// as they are: the page of one unit lays it beside everybody of its year, index
// by index.
type Memory struct {
	Store

	mu   sync.Mutex
	kept map[shelfKey]keptYear
}

type shelfKey struct {
	t    TypeCode
	year int
}

type keptYear struct {
	stamp   int64
	results []Result
}

// mostKept is how many leagues are kept: two years of eight types. One of 4,000
// units with 40 components takes some 8 MB.
const mostKept = 16

// OfYear is as that of the store. The parts of results are shared and must not
// be changed.
func (m *Memory) OfYear(ctx context.Context, t TypeCode, year int) ([]Result, error) {
	// The stamp first: a change in between makes what is kept look older than it is.
	stamp, err := m.Stamp(ctx, t, year)
	if err != nil {
		return nil, err
	}
	key := shelfKey{t, year}
	m.mu.Lock()
	found, ok := m.kept[key]
	m.mu.Unlock()
	if ok && found.stamp == stamp {
		return slices.Clone(found.results), nil
	}
	rs, err := m.Store.OfYear(ctx, t, year)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil {
		m.kept = map[shelfKey]keptYear{}
	}
	for other := range m.kept {
		if len(m.kept) < mostKept || ok {
			break
		}
		delete(m.kept, other) // any: what is asked for again comes back
	}
	m.kept[key] = keptYear{stamp, rs}
	return slices.Clone(rs), nil
}
