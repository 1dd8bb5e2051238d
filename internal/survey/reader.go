package survey

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// TallyQuery asks for counts.
type TallyQuery struct {
	Wave    WaveID
	Units   []UnitCode
	Beside  []UnitCode // whose tallies are added up too, without standings
	Period  Period
	Channel Channel // empty: all channels together
	States  []State // whose tallies are added up; empty: Counted
	// Standings also asks how the responses of the units stand.
	Standings bool
	Reasons   []UnitCode // of which units also what rules point at: some of Units
	Arrived   bool       // also asks how many responses came, by channel and in whatever state
	Bare      bool       // without tallies
}

// Standing says how the responses of a unit and all below it stand.
type Standing struct {
	N       map[State]int64            // responses in each state; all of them together are all responses
	Reasons map[State]map[Reason]int64 // of them those that a rule points at; one may have several reasons
}

// Add counts n more responses in a state, pointed at by a rule unless reason is
// empty.
func (s *Standing) Add(state State, reason Reason, n int64) {
	if s.N == nil {
		s.N, s.Reasons = map[State]int64{}, map[State]map[Reason]int64{}
	}
	if reason == "" {
		s.N[state] += n
		return
	}
	if s.Reasons[state] == nil {
		s.Reasons[state] = map[Reason]int64{}
	}
	s.Reasons[state][reason] += n
}

// Drop removes what is zero.
func (s *Standing) Drop() {
	for state, reasons := range s.Reasons {
		if maps.DeleteFunc(reasons, func(_ Reason, n int64) bool { return n == 0 }); len(reasons) == 0 {
			delete(s.Reasons, state)
		}
	}
	maps.DeleteFunc(s.N, func(_ State, n int64) bool { return n == 0 })
}

// Counts is what a store knows of the counts at one moment.
type Counts struct {
	Tallies   map[UnitCode]Tally    // stored tallies of the query, added up per unit
	Standings map[UnitCode]Standing // if asked for, by the same query for any state
	Arrived   map[Arrivals]int64    // if asked for
	Moment
}

// Arrivals are the responses that came to a unit and all below it by a channel.
type Arrivals struct {
	Unit    UnitCode
	Channel Channel
}

// Moment says how far stored tallies go, and what has come since.
type Moment struct {
	Folded Watermark  // how far they go
	Head   Watermark  // the last response stored
	Tail   []Response // the wave's responses between the two, unless Late
	Late   bool       // more than MaxTail responses, of whatever wave, stand between the two
}

// mark is how far figures go that add up the tail, and how many responses
// they leave out.
func (m Moment) mark() (to Watermark, behind int64) {
	if m.Late {
		return m.Folded, m.Head.Seq - m.Folded.Seq
	}
	return m.Head, 0
}

// MaxTail is how many responses past the watermark a reader adds up itself.
// When more wait, figures stop at the watermark and say so.
const MaxTail = 20_000

// TallyStore is what Reader asks of a store.
type TallyStore interface {
	// Counts answers q from one consistent snapshot.
	Counts(ctx context.Context, q TallyQuery) (Counts, error)
	// Parts answers q from one consistent snapshot, channel by channel.
	Parts(ctx context.Context, q PartQuery) (PartCounts, error)
	// Series answers q like Counts, but keeps apart what lies at different times:
	// tallies of grain that lie in the period, by their At.
	Series(ctx context.Context, q TallyQuery, grain Grain) (Series, error)
	// Response returns the response with seq; NotFound if there is none.
	Response(ctx context.Context, seq int64) (Response, error)
	// Snapshot returns a published report as it was frozen; NotFound if the wave
	// is not published or did not cover the unit.
	Snapshot(ctx context.Context, wave WaveID, unit UnitCode) (Report, error)
}

// Reader computes indices from tallies.
type Reader struct {
	Store     TallyStore
	Catalog   func() *Catalog
	Key       ReceiptKey
	Estimator Estimator // nil: no figure says how sure it is

	estimates estimates
}

// Query asks for indices.
type Query struct {
	Wave    WaveID
	Units   []UnitCode
	Beside  []UnitCode // whose tallies are read too, without an index: to decide what may be shown of Units
	Period  Period
	Channel Channel
	With    []State // counted besides Counted: []State{Quarantined} is the index as it would be without the rules
	// Standings also asks how the responses stand, in whatever state; and of the
	// units of Reasons also what rules point at, which is ten times as much.
	Standings bool
	Reasons   []UnitCode
	// Precise are those of Units whose figures also say how sure they are, if the
	// wave is a sample. Where that follows from the lowest units, the tallies of
	// all below are read.
	Precise []UnitCode
	// Arrived also asks how many responses came, by channel and in whatever state.
	Arrived bool
	// Bare leaves out tallies and indices.
	Bare bool
}

// Reading is the indices of some units at one watermark.
type Reading struct {
	Wave       *Wave
	Instrument *Instrument
	Indices    map[UnitCode]Index
	Tallies    map[UnitCode]Tally
	Standings  map[UnitCode]Standing // if asked for; of q.Units alone
	Arrived    map[Arrivals]int64    // if asked for; of q.Units alone
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
	beside, parts := q.Beside, map[UnitCode][]UnitCode{}
	if in.Spec.Units != PooledResponses {
		for _, u := range q.Units {
			parts[u] = catalog.Tree.ChildrenIn(u, q.Period)
			beside = append(beside[:len(beside):len(beside)], parts[u]...)
		}
	}
	asked := TallyQuery{q.Wave, q.Units, beside, q.Period, q.Channel, q.states(), q.Standings, q.Reasons, q.Arrived, q.Bare}
	counts, err := r.Store.Counts(ctx, asked)
	if err != nil {
		return Reading{}, fmt.Errorf("%s: %w", op, err)
	}
	if err := counts.addTail(in, catalog.Tree, q, beside); err != nil {
		return Reading{}, &Error{Op: op, Err: err}
	}
	reading := Reading{Wave: w, Instrument: in, Tallies: counts.Tallies, Standings: counts.Standings, Arrived: counts.Arrived, Indices: map[UnitCode]Index{}}
	reading.Watermark, reading.Behind = counts.mark()
	if q.Bare {
		return reading, nil
	}
	for _, u := range q.Units {
		reading.Indices[u] = in.indexOf(w, u, parts[u], counts.Tallies)
	}
	if err := r.precise(ctx, catalog, q, asked, &reading); err != nil {
		return Reading{}, fmt.Errorf("%s: %w", op, err)
	}
	return reading, nil
}

// indexOf is the index of u, made of its parts where it has any.
func (in *Instrument) indexOf(w *Wave, u UnitCode, parts []UnitCode, tallies map[UnitCode]Tally) Index {
	x := in.Index(tallies[u])
	of := map[UnitCode]Index{}
	for _, c := range parts {
		of[c] = in.Index(tallies[c])
	}
	return OfUnits(x, of, w.Weights)
}

// addTail adds the responses past the watermark to the tallies they belong to.
// Those of one unit are added up before they go up the tree.
func (c *Counts) addTail(in *Instrument, tree *Tree, q Query, beside []UnitCode) error {
	states, asked, counted := q.states(), map[UnitCode]bool{}, map[UnitCode]bool{}
	for _, u := range q.Units {
		asked[u], counted[u] = true, !q.Bare
	}
	for _, u := range beside {
		counted[u] = !q.Bare
	}
	sums := map[UnitCode]*Tally{}
	for i := range c.Tail {
		resp := &c.Tail[i]
		if !q.Period.Contains(resp.Day) || q.Channel != "" && q.Channel != resp.Channel {
			continue
		}
		line := tree.Lineage(resp.Unit)
		for _, u := range line {
			if asked[u] {
				c.stand(u, resp, q)
			}
		}
		if !slices.Contains(states, resp.State) || !slices.ContainsFunc(line, func(u UnitCode) bool { return counted[u] }) {
			continue
		}
		if sums[resp.Unit] == nil {
			sums[resp.Unit] = &Tally{}
		}
		if err := in.Count(sums[resp.Unit], resp.Answers, resp.Respondent); err != nil {
			return fmt.Errorf("response %d: %w", resp.Seq, err)
		}
	}
	c.raise(tree, counted, sums)
	return nil
}

// raise adds sums of units to their own tallies and to those above them.
func (c *Counts) raise(tree *Tree, counted map[UnitCode]bool, sums map[UnitCode]*Tally) {
	for from, sum := range sums {
		for _, u := range tree.Lineage(from) {
			if counted[u] {
				t := c.Tallies[u]
				t.Add(*sum)
				c.Tallies[u] = t
			}
		}
	}
}

// stand counts a response of the tail.
func (c *Counts) stand(u UnitCode, r *Response, q Query) {
	if q.Arrived {
		c.Arrived[Arrivals{u, r.Channel}]++
	}
	if !q.Standings {
		return
	}
	s := c.Standings[u]
	s.Add(r.State, "", 1)
	for _, reason := range r.Reasons {
		if slices.Contains(q.Reasons, u) {
			s.Add(r.State, reason, 1)
		}
	}
	c.Standings[u] = s
}

// states are those that q counts.
func (q Query) states() []State {
	states := append([]State{Counted}, q.With...)
	slices.Sort(states)
	return slices.Compact(states)
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
