package book

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Memory is a Store that keeps [Board]s in memory and reads of each what has
// changed since: a page lays one unit beside everybody of its year, index by
// index.
type Memory struct {
	Store

	mu    sync.Mutex
	kept  map[boardKey]*keptBoard
	asked atomic.Int32 // pages that read boards now
}

type boardKey struct {
	t    *Type
	year int
}

// keptBoard is a board as it was at a stamp.
type keptBoard struct {
	mu    sync.Mutex // held while it is read: nobody else reads the same
	stamp int64
	board Board
}

// mostKept is how many boards are kept: ten years of six types. One of 4,000
// units with 40 components takes some 2.5 MB.
const mostKept = 60

// Board returns all results of a type and year.
func (m *Memory) Board(ctx context.Context, t *Type, year int) (Board, error) {
	m.asked.Add(1)
	defer m.asked.Add(-1)
	return m.read(ctx, t, year)
}

func (m *Memory) read(ctx context.Context, t *Type, year int) (Board, error) {
	k := m.keep(boardKey{t, year})
	k.mu.Lock()
	defer k.mu.Unlock()
	var changes []change
	stamp, err := m.Since(ctx, t.Code, year, k.stamp, func(r Result, withdrawn bool) {
		if k.stamp == 0 {
			if !withdrawn {
				k.board.add(r)
			}
			return
		}
		r.Parts = append([]Part(nil), r.Parts...)
		changes = append(changes, change{r, withdrawn})
	})
	if err != nil {
		if k.stamp == 0 {
			k.board = newBoard(t, year, 0)
		}
		return Board{}, err
	}
	if first := k.stamp == 0; first || len(changes) > 0 {
		k.board = k.board.with(changes) // of no changes: in as much room as it takes
	}
	k.stamp = stamp
	return k.board, nil
}

// Boards returns the boards of several types and years, all read at once.
func (m *Memory) Boards(ctx context.Context, types *Types, of []Shelf) ([]Board, error) {
	boards, errs := make([]Board, len(of)), make([]error, len(of))
	var all sync.WaitGroup
	for i, x := range of {
		all.Go(func() { boards[i], errs[i] = m.Board(ctx, types.Type(x.Type), x.Year) })
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return boards, nil
}

// Warm reads what there is, the latest years first, so that the first to open a
// page need not wait for it. Pages that are asked for meanwhile go first.
func (m *Memory) Warm(ctx context.Context, types *Types) error {
	shelves, err := m.Shelves(ctx)
	if err != nil {
		return err
	}
	shelves = slices.DeleteFunc(shelves, func(x Shelf) bool { return types.Type(x.Type) == nil })
	slices.SortStableFunc(shelves, func(a, b Shelf) int { return cmp.Compare(b.Year, a.Year) })
	shelves = shelves[:min(mostKept, len(shelves))]
	var next atomic.Int64
	errs := make([]error, min(runtime.GOMAXPROCS(0), len(shelves)))
	var all sync.WaitGroup
	for worker := range errs {
		all.Go(func() {
			for i := next.Add(1); i <= int64(len(shelves)) && errs[worker] == nil; i = next.Add(1) {
				m.giveWay(ctx)
				x := shelves[i-1]
				_, errs[worker] = m.read(ctx, types.Type(x.Type), x.Year)
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// giveWay waits while pages read boards.
func (m *Memory) giveWay(ctx context.Context) {
	for m.asked.Load() > 0 && ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
}

// keep returns the board that is kept under key, in place of any other if there
// are too many: what is asked for again comes back.
func (m *Memory) keep(key boardKey) *keptBoard {
	m.mu.Lock()
	defer m.mu.Unlock()
	if k, ok := m.kept[key]; ok {
		return k
	}
	if m.kept == nil {
		m.kept = map[boardKey]*keptBoard{}
	}
	for other := range m.kept {
		if len(m.kept) < mostKept {
			break
		}
		delete(m.kept, other)
	}
	k := &keptBoard{board: newBoard(key.t, key.year, 0)}
	m.kept[key] = k
	return k
}
