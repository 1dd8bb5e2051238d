package survey

import (
	"context"
	"testing"
)

// countedStore counts how often lowest units are read.
type countedStore struct {
	TallyStore
	tallies map[UnitCode]Tally
	below   int
}

func (s *countedStore) Counts(_ context.Context, q TallyQuery) (Counts, error) {
	c := Counts{Tallies: map[UnitCode]Tally{}}
	if len(q.Beside) > 0 {
		s.below++
	}
	for _, units := range [][]UnitCode{q.Units, q.Beside} {
		for _, u := range units {
			if t, ok := s.tallies[u]; ok {
				c.Tallies[u] = t
			}
		}
	}
	return c, nil
}

// noted estimates nothing and says what it was given.
type noted struct{ own map[UnitCode]Tally }

func (n *noted) Estimate(s Sampled, indices map[UnitCode]Index) {
	n.own = s.Own
	for u, x := range indices {
		x.Overall.Precision = &Precision{Parts: len(s.Own)}
		indices[u] = x
	}
}

// Lowest units are read when a page asks how sure its figures are, and not again
// until something was counted.
func TestLowestUnitsAreReadOnce(t *testing.T) {
	in := (&Instrument{ID: "i@1", Spec: Spec{Units: PooledResponses, Factor: MeanOfItems, Domain: MeanOfItems, Overall: MeanOfItems}}).Seal()
	w := &Wave{ID: "w", Instrument: "i@1", Design: Probability, Sampling: Clustered}
	tree := NewTree([]Unit{{Code: "p", ValidTo: Always}, {Code: "a", Parent: "p", ValidTo: Always}, {Code: "b", Parent: "p", ValidTo: Always}})
	catalog := &Catalog{Tree: tree, Waves: map[WaveID]*Wave{"w": w}, Instruments: map[InstrumentID]*Instrument{"i@1": in}}
	store := &countedStore{tallies: map[UnitCode]Tally{"p": {N: 5}, "a": {N: 2}, "b": {N: 2}}} // one answered at p itself
	est := &noted{}
	r := &Reader{Store: store, Catalog: func() *Catalog { return catalog }, Estimator: est}
	read := func(want int, q Query) {
		t.Helper()
		got, err := r.Read(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if store.below != want {
			t.Errorf("lowest units were read %d times, want %d", store.below, want)
		}
		if p := got.Indices["p"].Overall.Precision; (p == nil) != (len(q.Precise) == 0) {
			t.Errorf("%+v asked for %v", p, q.Precise)
		}
	}
	read(0, Query{Wave: "w", Units: []UnitCode{"p"}})
	ask := Query{Wave: "w", Units: []UnitCode{"p"}, Precise: []UnitCode{"p"}}
	read(1, ask)
	if len(est.own) != 3 || est.own["p"].N != 1 || est.own["a"].N != 2 {
		t.Errorf("own tallies %v", est.own)
	}
	read(1, ask)
	ask.Channel = Kiosk
	read(2, ask)
	ask.Channel = ""
	ask.With = []State{Quarantined}
	read(3, ask)
	ask.With = nil
	store.tallies["p"], store.tallies["a"] = Tally{N: 6}, Tally{N: 3}
	read(4, ask)
	catalog.Version++ // the sample may have been drawn in another way
	read(5, ask)
	w.Sampling = Simple
	read(5, ask)
	if est.own != nil {
		t.Errorf("people one by one take own tallies %v", est.own)
	}
}
