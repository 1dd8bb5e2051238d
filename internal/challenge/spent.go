package challenge

import (
	"sync"
	"time"
)

// spent remembers the nonces of proofs that were taken until they would have
// expired. When there is no room the oldest goes: to show one proof twice,
// somebody would have to work for as many as there is room for.
type spent struct {
	mu    sync.Mutex
	room  int
	seen  map[[16]byte]struct{}
	queue []entry // the oldest first
}

type entry struct {
	nonce [16]byte
	until time.Time
}

func newSpent(room int) *spent {
	return &spent{room: max(room, 1), seen: map[[16]byte]struct{}{}}
}

// add reports whether nonce is new, and remembers it.
func (s *spent) add(nonce [16]byte, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.seen[nonce]; ok {
		return false
	}
	for len(s.queue) > 0 && (len(s.queue) >= s.room || !now.Before(s.queue[0].until)) {
		delete(s.seen, s.queue[0].nonce)
		s.queue = s.queue[1:]
	}
	s.seen[nonce] = struct{}{}
	s.queue = append(s.queue, entry{nonce, now.Add(Lifetime)})
	return true
}

func (s *spent) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.seen)
}
