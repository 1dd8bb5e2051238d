package survey

import (
	"context"
	"encoding/binary"
	"hash/maphash"
	"maps"
	"slices"
	"sync"
)

// precise says how sure the figures of q.Precise are. Where that takes the
// tallies of the lowest units, all is read again with them, at one moment;
// unless it is known from before, and the units' own tallies are what they
// were then.
func (r *Reader) precise(ctx context.Context, c *Catalog, q Query, asked TallyQuery, reading *Reading) error {
	s := Sampled{Wave: reading.Wave, Instrument: reading.Instrument, Tree: c.Tree, Period: q.Period}
	if len(q.Precise) == 0 || r.Estimator == nil || !s.Wave.Random() {
		return nil
	}
	if !s.Wave.ByUnit() {
		r.estimate(s, q.Precise, reading)
		return nil
	}
	key := estimateKey{q.Wave, c.Version, q.Period, q.Channel, r.estimates.hash(asked, q.Precise, reading.Tallies)}
	if known := r.estimates.get(key); known != nil {
		maps.Copy(reading.Indices, known)
		return nil
	}
	below := c.Tree.below(q.Precise)
	asked.Beside, asked.Standings = slices.Concat(asked.Beside, below), false
	counts, err := r.Store.Counts(ctx, asked)
	if err != nil {
		return err
	}
	if err := counts.addTail(s.Instrument, c.Tree, Query{Wave: q.Wave, Units: q.Units, Period: q.Period, Channel: q.Channel, With: q.With}, asked.Beside); err != nil {
		return &Error{Op: "survey.precise", Err: err}
	}
	s.Own = c.Tree.ownOf(below, counts.Tallies)
	r.estimate(s, q.Precise, reading)
	of := map[UnitCode]Index{}
	for _, u := range q.Precise {
		of[u] = reading.Indices[u]
	}
	if r.estimates.hash(asked, q.Precise, counts.Tallies) == key.tallies { // nothing came in between
		r.estimates.put(key, of)
	}
	return nil
}

// estimate lets the estimator fill in the figures of units.
func (r *Reader) estimate(s Sampled, units []UnitCode, reading *Reading) {
	if r.Estimator == nil || !s.Wave.Random() {
		return
	}
	of := map[UnitCode]Index{}
	for _, u := range units {
		of[u] = reading.Indices[u]
	}
	r.Estimator.Estimate(s, of)
	maps.Copy(reading.Indices, of)
}

// mostEstimates is how many units' figures are remembered, about 10 KB each.
const mostEstimates = 5000

// estimates remembers figures with how sure they are: reading all lowest units
// of a nation for every page would take longer than a page may.
type estimates struct {
	mu    sync.Mutex
	of    map[estimateKey]map[UnitCode]Index
	units int
}

// estimateKey is what estimates follow from. The tallies of units stand for
// those below them: who is counted there is counted here.
type estimateKey struct {
	wave    WaveID
	catalog int64
	period  Period
	channel Channel
	tallies uint64
}

var hashSeed = maphash.MakeSeed()

// hash is of the tallies of units, and of which states they count.
func (*estimates) hash(q TallyQuery, units []UnitCode, tallies map[UnitCode]Tally) uint64 {
	var h maphash.Hash
	h.SetSeed(hashSeed)
	var room []byte
	for _, s := range q.States {
		room = append(append(room, s...), 0)
	}
	for _, u := range slices.Sorted(slices.Values(units)) {
		room = append(append(room, u...), 0)
		t := tallies[u]
		room = binary.LittleEndian.AppendUint64(room, uint64(t.N))
		for _, n := range t.Counts {
			room = binary.LittleEndian.AppendUint64(room, uint64(n))
		}
		h.Write(room)
		room = room[:0]
	}
	h.Write(room)
	return h.Sum64()
}

func (e *estimates) get(key estimateKey) map[UnitCode]Index {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.of[key]
}

// put remembers of, which nobody may change any more. When there is no more room
// all is forgotten: that happens seldom, and what is looked at is soon known again.
func (e *estimates) put(key estimateKey, of map[UnitCode]Index) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.units += len(of); e.units > mostEstimates || e.of == nil {
		e.of, e.units = map[estimateKey]map[UnitCode]Index{}, len(of)
	}
	if len(of) <= mostEstimates {
		e.of[key] = of
	}
}
