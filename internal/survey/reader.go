package survey

import (
	"context"
	"fmt"
	"time"
)

// TallyQuery asks for counts.
type TallyQuery struct {
	Wave    WaveID
	Units   []UnitCode
	Period  Period
	Channel Channel // empty: all channels together
}

// Counts is what a store knows of the counts at one moment.
type Counts struct {
	Tallies map[UnitCode]Tally // stored tallies of the query, added up per unit
	Folded  Watermark          // how far they go
	Head    Watermark          // the last response stored
	Tail    []Response         // the wave's responses between the two, unless Late
	Late    bool               // more than MaxTail responses, of whatever wave, stand between the two
}

// MaxTail is how many responses past the watermark a reader adds up itself.
// When more wait, figures stop at the watermark and say so.
const MaxTail = 20_000

// TallyStore is what Reader asks of a store.
type TallyStore interface {
	// Counts answers q from one consistent snapshot.
	Counts(ctx context.Context, q TallyQuery) (Counts, error)
	// Response returns the response with seq; NotFound if there is none.
	Response(ctx context.Context, seq int64) (Response, error)
	// Snapshot returns a published report as it was frozen; NotFound if the wave
	// is not published or did not cover the unit.
	Snapshot(ctx context.Context, wave WaveID, unit UnitCode) (Report, error)
}

// Reader computes indices from tallies.
type Reader struct {
	Store   TallyStore
	Catalog func() *Catalog
	Key     ReceiptKey
}

// Query asks for indices.
type Query struct {
	Wave    WaveID
	Units   []UnitCode
	Period  Period
	Channel Channel
}

// Reading is the indices of some units at one watermark.
type Reading struct {
	Wave       *Wave
	Instrument *Instrument
	Indices    map[UnitCode]Index
	Tallies    map[UnitCode]Tally
	Watermark  Watermark
	Behind     int64 // responses stored but not in the figures yet; 0 unless late
}

// Read computes the index of every unit of q. Units without a response have
// N = 0 and unknown percentages. It is NotFound for an unknown wave.
func (r *Reader) Read(ctx context.Context, q Query) (Reading, error) {
	const op = "survey.Read"
	catalog := r.Catalog()
	w := catalog.Waves[q.Wave]
	if w == nil {
		return Reading{}, Missing(op, "wave.unknown", string(q.Wave))
	}
	in := catalog.Instruments[w.Instrument]
	if in == nil {
		return Reading{}, &Error{Op: op, Err: fmt.Errorf("wave %s has unknown instrument %s", w.ID, w.Instrument)}
	}
	units, parts := q.Units, map[UnitCode][]UnitCode{}
	if in.Spec.Units != PooledResponses {
		for _, u := range q.Units {
			parts[u] = catalog.Tree.ChildrenIn(u, q.Period)
			units = append(units[:len(units):len(units)], parts[u]...)
		}
	}
	counts, err := r.Store.Counts(ctx, TallyQuery{q.Wave, units, q.Period, q.Channel})
	if err != nil {
		return Reading{}, fmt.Errorf("%s: %w", op, err)
	}
	if err := counts.addTail(in, catalog.Tree, q); err != nil {
		return Reading{}, &Error{Op: op, Err: err}
	}
	reading := Reading{Wave: w, Instrument: in, Tallies: counts.Tallies, Indices: map[UnitCode]Index{}, Watermark: counts.Head}
	if counts.Late {
		reading.Watermark, reading.Behind = counts.Folded, counts.Head.Seq-counts.Folded.Seq
	}
	for _, u := range q.Units {
		x := in.Index(counts.Tallies[u])
		if len(parts[u]) > 0 {
			of := map[UnitCode]Index{}
			for _, c := range parts[u] {
				of[c] = in.Index(counts.Tallies[c])
			}
			x = OfUnits(x, of, w.Weights)
		}
		reading.Indices[u] = x
	}
	return reading, nil
}

// addTail adds the responses past the watermark to the tallies they belong to.
func (c *Counts) addTail(in *Instrument, tree *Tree, q Query) error {
	for i := range c.Tail {
		resp := &c.Tail[i]
		if resp.State != Counted || !q.Period.Contains(resp.Day) || q.Channel != "" && q.Channel != resp.Channel {
			continue
		}
		for _, u := range tree.Lineage(resp.Unit) {
			t := c.Tallies[u]
			if err := in.Count(&t, resp.Answers, resp.Respondent); err != nil {
				return fmt.Errorf("response %d: %w", resp.Seq, err)
			}
			c.Tallies[u] = t
		}
	}
	return nil
}

// Held is what a receipt proves.
type Held struct {
	Receipt    Receipt
	ReceivedAt time.Time
	Day        Day
	State      State
	Wave       *Wave
	Unit       Unit
	Point      Point
}

// Receipt finds the response that a receipt was given for. It tells nothing of
// what was answered. It is NotFound for a receipt that we never gave.
func (r *Reader) Receipt(ctx context.Context, code Receipt) (Held, error) {
	const op = "survey.Receipt"
	unknown := Missing(op, "receipt.unknown")
	seq, ok := r.Key.Seq(code)
	if !ok || seq < 1 {
		return Held{}, unknown
	}
	resp, err := r.Store.Response(ctx, seq)
	if KindOf(err) == NotFound && err != nil {
		return Held{}, unknown
	}
	if err != nil {
		return Held{}, fmt.Errorf("%s: %w", op, err)
	}
	given := r.Key.Receipt(resp.Seq, resp.ID)
	if Plain(string(given)) != Plain(string(code)) {
		return Held{}, unknown
	}
	catalog := r.Catalog()
	unit, _ := catalog.Tree.Unit(resp.Unit)
	return Held{given, resp.ReceivedAt, resp.Day, resp.State, catalog.Waves[resp.Wave], unit, catalog.Points[resp.Point]}, nil
}
