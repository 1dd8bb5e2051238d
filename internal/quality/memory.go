package quality

import (
	"container/list"
	"hash/maphash"
	"slices"
	"time"

	"sipas/internal/survey"
)

// What is remembered at most: some ten megabytes.
const (
	mostPoints     = 4096
	mostNeighbours = 64 // per point; above every count that a rule looks for
)

// neighbour is what is remembered of a response.
type neighbour struct {
	seq       int64
	submitted time.Time
	device    uint64 // hash; 0: none
	sheet     uint64 // hash of the answers and of what was said of the respondent
	allBest   bool
	partial   bool
}

func (l *look) neighbour() neighbour {
	n := neighbour{
		seq: l.Seq, submitted: l.SubmittedAt, sheet: hash(string(l.Response.Instrument), string(l.Answers), string(l.Respondent)),
		allBest: l.allBest(), partial: l.State == survey.Partial,
	}
	if l.Device != "" {
		n.device = hash(l.Device)
	}
	return n
}

// seed is of this process: hashes are compared within it and kept nowhere.
var seed = maphash.MakeSeed()

// hash tells texts apart. Should two of them ever share a hash, somebody looks
// at a response in vain.
func hash(texts ...string) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, t := range texts {
		h.WriteString(t) //nolint:errcheck // it never fails
		h.WriteByte(0)   //nolint:errcheck // it never fails
	}
	return h.Sum64()
}

// memory holds the last responses of the points that had one lately.
type memory struct {
	points map[survey.PointCode]*list.Element // of *recent
	order  *list.List                         // the point heard of last is in front
}

// recent is the last responses of a point, by Seq.
type recent struct {
	point survey.PointCode
	list  []neighbour
}

func newMemory() memory {
	return memory{map[survey.PointCode]*list.Element{}, list.New()}
}

// before returns the neighbours at point that have a lower Seq.
func (m *memory) before(point survey.PointCode, seq int64) []neighbour {
	e := m.points[point]
	if e == nil {
		return nil
	}
	near := e.Value.(*recent).list
	i, _ := slices.BinarySearchFunc(near, seq, func(n neighbour, seq int64) int { return int(n.seq - seq) })
	return near[:i:i]
}

// add remembers n; nothing happens if its Seq was there already.
func (m *memory) add(point survey.PointCode, n neighbour) {
	e := m.points[point]
	if e == nil {
		if m.order.Len() == mostPoints {
			oldest := m.order.Back()
			delete(m.points, m.order.Remove(oldest).(*recent).point)
		}
		e = m.order.PushFront(&recent{point: point})
		m.points[point] = e
	}
	m.order.MoveToFront(e)
	r := e.Value.(*recent)
	if len(r.list) > 0 && n.seq <= r.list[len(r.list)-1].seq {
		return
	}
	if len(r.list) == mostNeighbours {
		r.list = slices.Delete(r.list, 0, 1)
	}
	r.list = append(r.list, n)
}
