package store

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"sipas/internal/survey"
)

// Sizes of the ledger.
const (
	defaultQueue = 8192 // responses waiting, some 10 MB
	commitMost   = 1024 // responses in one transaction, unless one order is larger
)

// Commit describes one transaction of the ledger.
type Commit struct {
	Responses int           // handed in
	Stored    int           // of them new
	Waited    time.Duration // the first of them, in the queue
	Took      time.Duration // begin to end of COMMIT, the disk's answer included
	Err       error         // why nothing was stored
}

// Stats says how the ledger is doing now.
type Stats struct {
	Queued  int   // responses that wait for the writer
	Room    int   // how many may wait
	Commits int64 // transactions so far
	Stored  int64 // responses stored so far by this process
	Failing bool  // the last transaction failed
}

// order is the responses of one Append on their way.
type order struct {
	rs       []survey.Response
	since    time.Time
	taken    atomic.Bool // by the writer, or back by the caller who gave up
	outcomes []survey.Outcome
	err      error
	done     chan struct{}
}

// ledger queues orders for its one writing goroutine. Whoever comes while a
// transaction runs shares the next one, and with it one fsync; no one waits
// for company.
type ledger struct {
	commit  func([]*order) (stored int, err error)
	observe func(Commit)
	room    int

	mu      sync.Mutex
	queue   []*order
	queued  int // responses in queue
	closed  bool
	wake    chan struct{} // holds one token while there may be work
	stopped chan struct{}

	commits, stored atomic.Int64
	failing         atomic.Bool
}

func startLedger(s *Store, o Options) *ledger {
	l := &ledger{
		commit: newCommitter(s).commit, observe: o.Observe, room: o.Queue,
		wake: make(chan struct{}, 1), stopped: make(chan struct{}),
	}
	if l.observe == nil {
		l.observe = func(Commit) {}
	}
	if l.room <= 0 {
		l.room = defaultQueue
	}
	go l.run()
	return l
}

// Append stores responses in one transaction, together with whatever else
// waits, and returns after it is durable: one Outcome each, in order. rs must
// not be changed afterwards.
//
// When ctx ends first, nothing was stored if the responses were still waiting,
// and otherwise they may have been: the error does not say which. Sending the
// same bodies again is the way to find out.
func (s *Store) Append(ctx context.Context, rs []survey.Response) ([]survey.Outcome, error) {
	const op = "store.Append"
	if len(rs) == 0 {
		return nil, nil
	}
	o := &order{rs: rs, since: time.Now(), done: make(chan struct{})}
	if err := s.ledger.enqueue(o); err != nil {
		return nil, &survey.Error{Kind: survey.Unavailable, Op: op, After: tryAgain, Err: err}
	}
	select {
	case <-o.done:
	case <-ctx.Done():
		o.taken.CompareAndSwap(false, true)
		return nil, s.fail(op, ctx.Err())
	}
	return o.outcomes, s.fail(op, o.err)
}

var (
	errClosed = errors.New("the ledger is closed")
	errFull   = errors.New("too many responses wait for the disk")
)

// enqueue takes an order that has room. An order larger than all of the room
// is taken when nothing else waits.
func (l *ledger) enqueue(o *order) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return errClosed
	case l.queued > 0 && l.queued+len(o.rs) > l.room:
		return errFull
	}
	l.queue, l.queued = append(l.queue, o), l.queued+len(o.rs)
	l.signal()
	return nil
}

func (l *ledger) signal() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// stop stores what waits and ends the writer.
func (l *ledger) stop() {
	l.mu.Lock()
	l.closed = true
	l.signal()
	l.mu.Unlock()
	<-l.stopped
}

func (l *ledger) run() {
	defer close(l.stopped)
	for range l.wake {
		for {
			// Whoever is ready to run may come along: on a busy machine a transaction
			// then holds several times as many, and on an idle one nobody waits.
			runtime.Gosched()
			orders, closed := l.take()
			if len(orders) > 0 {
				l.store(orders)
			} else if closed {
				return
			} else {
				break
			}
		}
	}
}

// take removes the oldest orders from the queue, enough for one transaction.
func (l *ledger) take() (orders []*order, closed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, i := 0, 0
	for ; i < len(l.queue); i++ {
		o := l.queue[i]
		if len(orders) > 0 && n+len(o.rs) > commitMost {
			break
		}
		l.queued -= len(o.rs)
		if o.taken.CompareAndSwap(false, true) {
			orders, n = append(orders, o), n+len(o.rs)
		}
	}
	rest := copy(l.queue, l.queue[i:])
	clear(l.queue[rest:])
	l.queue = l.queue[:rest]
	return orders, l.closed && rest == 0
}

// store commits orders and answers each. When the transaction fails for a
// reason of one order's own, such as a text the database cannot hold, the
// others must not share its fate: each is tried alone.
func (l *ledger) store(orders []*order) {
	err := l.transact(orders)
	alone := err != nil && len(orders) > 1 && survey.KindOf(err) != survey.Unavailable
	for _, o := range orders {
		o.err = err
		if alone {
			o.err = l.transact([]*order{o})
		}
		close(o.done)
	}
}

func (l *ledger) transact(orders []*order) error {
	began := time.Now()
	stored, err := l.commit(orders)
	c := Commit{Stored: stored, Waited: began.Sub(orders[0].since), Took: time.Since(began), Err: err}
	for _, o := range orders {
		c.Responses += len(o.rs)
	}
	l.commits.Add(1)
	l.stored.Add(int64(stored))
	l.failing.Store(err != nil)
	l.observe(c)
	return err
}

// Stats says how the ledger is doing now.
func (s *Store) Stats() Stats {
	l := s.ledger
	l.mu.Lock()
	queued := l.queued
	l.mu.Unlock()
	return Stats{queued, l.room, l.commits.Load(), l.stored.Load(), l.failing.Load()}
}
