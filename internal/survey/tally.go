package survey

import (
	"encoding/binary"
	"errors"
	"slices"
	"time"
)

// Tally counts the responses of a unit and all below it, in a span of time,
// through a channel. Tallies add; they are derived, and can be remade from the
// responses at any time.
type Tally struct {
	N      int64   // responses counted
	Counts []int64 // per question: answered, skipped, then one per option
}

// TallyKey names one stored tally: all counters of one wave, state, unit,
// channel and grain of time. With a Reason it counts the responses in that
// state that the rule points at, and only their number: N without Counts.
type TallyKey struct {
	Wave    WaveID
	State   State
	Reason  Reason // empty: whatever the rules said
	Unit    UnitCode
	Channel Channel
	Grain   Grain
	At      int32 // a Day, a Month, or 0, as Grain says
}

// Add adds u to t.
func (t *Tally) Add(u Tally) {
	t.N += u.N
	if len(t.Counts) < len(u.Counts) {
		t.Counts = append(t.Counts, make([]int64, len(u.Counts)-len(t.Counts))...)
	}
	for i, c := range u.Counts {
		t.Counts[i] += c
	}
}

// Equal reports whether t and u count the same; trailing zeros do not matter.
func (t Tally) Equal(u Tally) bool {
	trim := func(c []int64) []int64 {
		for len(c) > 0 && c[len(c)-1] == 0 {
			c = c[:len(c)-1]
		}
		return c
	}
	return t.N == u.N && slices.Equal(trim(t.Counts), trim(u.Counts))
}

// Answered is how many responses answered q with an allowed answer.
func (t Tally) Answered(q *Question) int64 { return t.at(q.slot) }

// Skipped is how many saw q and chose not to answer.
func (t Tally) Skipped(q *Question) int64 { return t.at(q.slot + 1) }

// Count is how many chose q's i-th option.
func (t Tally) Count(q *Question, i int) int64 { return t.at(q.slot + 2 + i) }

func (t Tally) at(i int) int64 {
	if i >= len(t.Counts) {
		return 0
	}
	return t.Counts[i]
}

// Count adds one response's sheets to t.
func (in *Instrument) Count(t *Tally, sheets ...Sheet) error {
	if len(t.Counts) < in.slots {
		t.Counts = append(t.Counts, make([]int64, in.slots-len(t.Counts))...)
	}
	t.N++
	next := 0
	for _, s := range sheets {
		err := s.Each(func(code ItemCode, values []string, skipped bool) {
			if q := in.from(&next, code); q != nil { // Check let no unknown item in
				q.count(t, values, skipped)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// from returns the question with code, or nil. It looks at those from next on
// first: sheets have them in order.
func (in *Instrument) from(next *int, code ItemCode) *Question {
	for i := *next; i < len(in.Questions); i++ {
		if in.Questions[i].Code == code {
			*next = i + 1
			return in.Questions[i]
		}
	}
	return in.byCode[code]
}

func (q *Question) count(t *Tally, values []string, skipped bool) {
	if skipped {
		t.Counts[q.slot+1]++
		return
	}
	t.Counts[q.slot]++
	for _, v := range values {
		if i := q.Option(v); i >= 0 {
			t.Counts[q.slot+2+i]++
		}
	}
}

// AppendBinary writes t's counts as unsigned varints, without trailing zeros.
func (t Tally) AppendBinary(b []byte) ([]byte, error) {
	end := len(t.Counts)
	for end > 0 && t.Counts[end-1] == 0 {
		end--
	}
	for _, c := range t.Counts[:end] {
		b = binary.AppendUvarint(b, uint64(c))
	}
	return b, nil
}

// MarshalBinary is AppendBinary to a new slice.
func (t Tally) MarshalBinary() ([]byte, error) { return t.AppendBinary(nil) }

// UnmarshalBinary reads counts that AppendBinary wrote; N stands elsewhere.
func (t *Tally) UnmarshalBinary(b []byte) error {
	t.Counts = t.Counts[:0]
	for len(b) > 0 {
		c, n := binary.Uvarint(b)
		if n <= 0 {
			return errors.New("survey.Tally: not a row of counts")
		}
		t.Counts = append(t.Counts, int64(c))
		b = b[n:]
	}
	return nil
}

// Watermark says which responses a figure includes: all up to Seq.
type Watermark struct {
	Seq int64
	At  time.Time // when the response with Seq was received; zero if Seq is 0
}

// Delta is what folding some responses adds to the stored tallies.
type Delta map[TallyKey]*Tally

// Fold adds r to d under every key it counts for: each ancestor of its unit, at
// each grain, in the state it stands in, and once more for each of its reasons.
func (d Delta) Fold(in *Instrument, tree *Tree, r *Response) error {
	one, err := in.countOne(r)
	if err == nil {
		d.add(tree, r, one)
	}
	return err
}

// Unfold takes back what Fold added, before r is judged anew.
func (d Delta) Unfold(in *Instrument, tree *Tree, r *Response) error {
	one, err := in.countOne(r)
	if err != nil {
		return err
	}
	one.N = -one.N
	for i := range one.Counts {
		one.Counts[i] = -one.Counts[i]
	}
	d.add(tree, r, one)
	return nil
}

func (in *Instrument) countOne(r *Response) (one Tally, err error) {
	return one, in.Count(&one, r.Answers, r.Respondent)
}

func (d Delta) add(tree *Tree, r *Response, one Tally) {
	for _, unit := range tree.Lineage(r.Unit) {
		for _, g := range []struct {
			grain Grain
			at    int32
		}{{GrainWave, 0}, {GrainMonth, int32(r.Day.Month())}, {GrainDay, int32(r.Day)}} {
			key := TallyKey{r.Wave, r.State, "", unit, r.Channel, g.grain, g.at}
			d.at(key).Add(one)
			for _, key.Reason = range r.Reasons {
				d.at(key).N += one.N
			}
		}
	}
}

func (d Delta) at(key TallyKey) *Tally {
	t := d[key]
	if t == nil {
		t = &Tally{}
		d[key] = t
	}
	return t
}
