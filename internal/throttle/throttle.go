// Package throttle slows down those who ask too often: a bounded set of token
// buckets, one per key. When the set is full, the key that was quiet for the
// longest is forgotten.
package throttle

import (
	"container/list"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Buckets holds one token bucket per key. It is safe for several goroutines.
type Buckets struct {
	perSecond rate.Limit
	burst     int
	room      int

	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // of *bucket, the last used first
}

type bucket struct {
	key     string
	limiter *rate.Limiter
}

// New returns buckets that hold burst tokens and gain perSecond, for at most
// room keys. With perSecond or burst zero they refuse nothing.
func New(perSecond float64, burst, room int) *Buckets {
	return &Buckets{
		perSecond: rate.Limit(perSecond), burst: burst, room: room,
		byKey: map[string]*list.Element{}, order: list.New(),
	}
}

// Take takes n tokens from key's bucket at now. When they are not there it
// takes none and returns how long until they are. More than a bucket holds can
// be taken from a full one; what it lacked is owed, and gained first. giveBack
// puts back what was taken.
func (b *Buckets) Take(key string, n int, now time.Time) (wait time.Duration, giveBack func()) {
	if b == nil || b.perSecond <= 0 || b.burst <= 0 {
		return 0, func() {}
	}
	l := b.limiter(key)
	r := l.ReserveN(now, min(n, b.burst))
	if wait := r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return wait, func() {}
	}
	taken := []*rate.Reservation{r}
	for n -= b.burst; n > 0; n -= b.burst {
		taken = append(taken, l.ReserveN(now, min(n, b.burst)))
	}
	return 0, func() {
		for _, r := range taken {
			r.CancelAt(now)
		}
	}
}

// Len is how many keys are remembered.
func (b *Buckets) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.byKey)
}

func (b *Buckets) limiter(key string) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	if e, ok := b.byKey[key]; ok {
		b.order.MoveToFront(e)
		return e.Value.(*bucket).limiter
	}
	if len(b.byKey) >= b.room {
		oldest := b.order.Back()
		delete(b.byKey, b.order.Remove(oldest).(*bucket).key)
	}
	l := rate.NewLimiter(b.perSecond, b.burst)
	b.byKey[key] = b.order.PushFront(&bucket{key, l})
	return l
}
