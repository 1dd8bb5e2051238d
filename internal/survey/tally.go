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
// channel and grain of time, or another part of them.
type TallyKey struct {
	Wave    WaveID
	State   State
	Part    TallyPart
	Unit    UnitCode
	Channel Channel
	Grain   Grain
	At      int32 // a Day, a Month, or 0, as Grain says
}

// Add adds u to t.
func (t *Tally) Add(u Tally) {
	t.N += u.N
	if t.Counts == nil {
		t.Counts = slices.Clone(u.Counts)
		return
	}
	t.Counts = grown(t.Counts, len(u.Counts))
	sums := t.Counts[:len(u.Counts)]
	for i, c := range u.Counts {
		sums[i] += c
	}
}

// Take takes u away from t, which it is part of.
func (t *Tally) Take(u Tally) {
	t.N -= u.N
	t.Counts = grown(t.Counts, len(u.Counts))
	for i, c := range u.Counts {
		t.Counts[i] -= c
	}
}

// Minus is t without u, which is part of it.
func (t Tally) Minus(u Tally) Tally {
	rest := Tally{N: t.N, Counts: slices.Clone(t.Counts)}
	rest.Take(u)
	return rest
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
func (in *Instrument) Count(t *Tally, sheets ...Sheet) error { return in.count(t, nil, sheets...) }

// count tells what it sees to s as well, unless s is nil.
func (in *Instrument) count(t *Tally, s *seen, sheets ...Sheet) error {
	t.Counts = grown(t.Counts, in.slots)
	t.N++
	next := 0
	for _, sheet := range sheets {
		err := sheet.Each(func(code ItemCode, values []string, skipped bool) {
			if q := in.from(&next, code); q != nil { // Check let no unknown item in
				option := q.count(t, values, skipped)
				if s != nil {
					s.note(in, q, option)
				}
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

// count counts an answer to q. It returns 1 + the last option that was chosen,
// skippedIt, or 0 for none.
func (q *Question) count(t *Tally, values []string, skipped bool) (option int) {
	if skipped {
		t.Counts[q.slot+1]++
		return skippedIt
	}
	t.Counts[q.slot]++
	for _, v := range values {
		if i := q.Option(v); i >= 0 {
			t.Counts[q.slot+2+i]++
			option = 1 + i
		}
	}
	return option
}

// AppendBinary writes t's counts as unsigned varints, without trailing zeros.
// After a zero stands how many more follow it: groups and small units have
// thousands.
func (t Tally) AppendBinary(b []byte) ([]byte, error) {
	end := len(t.Counts)
	for end > 0 && t.Counts[end-1] == 0 {
		end--
	}
	for i := 0; i < end; i++ {
		b = binary.AppendUvarint(b, uint64(t.Counts[i]))
		if t.Counts[i] == 0 {
			from := i
			for t.Counts[i+1] == 0 { // the last is none
				i++
			}
			b = binary.AppendUvarint(b, uint64(i-from))
		}
	}
	return b, nil
}

// MarshalBinary is AppendBinary to a new slice.
func (t Tally) MarshalBinary() ([]byte, error) { return t.AppendBinary(nil) }

// UnmarshalBinary reads counts that AppendBinary wrote; N stands elsewhere.
func (t *Tally) UnmarshalBinary(b []byte) error {
	t.Counts = slices.Grow(t.Counts[:0], len(b))
	return t.AddBinary(b)
}

// AddBinary adds counts that AppendBinary wrote.
func (t *Tally) AddBinary(b []byte) error {
	counts, end := t.Counts, len(t.Counts)
	for i := 0; len(b) > 0; i++ {
		c, n := uint64(b[0]), 1
		if c >= 0x80 {
			c, n = binary.Uvarint(b)
		}
		more := uint64(0)
		if c == 0 && len(b) > 1 {
			var m int
			more, m = binary.Uvarint(b[1:])
			n += m
			if m <= 0 {
				n = 0
			}
		}
		if n <= 0 || c == 0 && len(b) == 1 || more > mostZeros {
			return errNoCounts
		}
		b = b[n:]
		if last := i + int(more); last >= len(counts) {
			counts = grown(counts, last+1+len(b)) // for all that may follow: once, and not for each
		}
		counts[i] += int64(c)
		i += int(more)
		end = max(end, i+1)
	}
	t.Counts = counts[:end]
	return nil
}

// mostZeros is more than any tally has.
const mostZeros = 1 << 20

var errNoCounts = errors.New("survey.Tally: not a row of counts")

// Watermark says which responses a figure includes: all up to Seq.
type Watermark struct {
	Seq int64
	At  time.Time // when the response with Seq was received; zero if Seq is 0
}

// Delta is what folding some responses adds to the stored tallies.
type Delta map[TallyKey]*Tally

// Fold adds r to d under every key it counts for: each ancestor of its unit, at
// each grain, in the state it stands in; once more for each of its reasons; and
// if it is Counted, its group of people, its service and its moments.
func (d Delta) Fold(in *Instrument, tree *Tree, r *Response) error {
	return d.fold(in, tree, r, 1)
}

// Unfold takes back what Fold added, before r is judged anew.
func (d Delta) Unfold(in *Instrument, tree *Tree, r *Response) error {
	return d.fold(in, tree, r, -1)
}

func (d Delta) fold(in *Instrument, tree *Tree, r *Response, times int64) error {
	l := newLeaves()
	if err := l.count(in, r); err != nil {
		return err
	}
	l.spread(tree, d, times)
	return nil
}

// add adds one, times 1 or −1, under every key of part WholeTally. It may keep
// one: most of what a fold adds up is of one unit and one day.
func (d Delta) add(tree *Tree, key leaf, reasons []Reason, one *Tally, times int64) {
	for _, unit := range tree.lineages[key.unit] {
		for _, g := range []struct {
			grain Grain
			at    int32
		}{{GrainWave, 0}, {GrainMonth, int32(key.day.Month())}, {GrainDay, int32(key.day)}} {
			k := TallyKey{key.wave, key.state, WholeTally, unit, key.channel, g.grain, g.at}
			if times == 1 && d[k] == nil && unit == key.unit && g.grain == GrainDay {
				d[k] = one
			} else {
				d.at(k).addTimes(one, times)
			}
			for _, r := range reasons {
				k.Part = OfReason(r)
				d.at(k).N += times * one.N
			}
		}
	}
}

// addBeside adds b, times 1 or −1, for the whole wave. It may keep parts of b.
func (d Delta) addBeside(tree *Tree, key stem, b *beside, times int64) {
	for _, unit := range tree.lineages[key.unit] {
		k := TallyKey{Wave: key.wave, State: Counted, Unit: unit, Channel: key.channel, Grain: GrainWave}
		add := func(part TallyPart, t *Tally) {
			if t.N == 0 {
				return
			}
			k.Part = part
			if times == 1 && d[k] == nil && unit == key.unit {
				d[k] = t
				return
			}
			d.at(k).addTimes(t, times)
		}
		add(OfGroups, &b.groups)
		add(OfMoments, &b.moments)
		for service, t := range b.services {
			add(OfService(service), t)
		}
	}
}

// addTimes adds u times 1 or −1.
func (t *Tally) addTimes(u *Tally, times int64) {
	if times == 1 {
		t.Add(*u)
		return
	}
	t.Take(*u)
}

func (d Delta) at(key TallyKey) *Tally {
	t := d[key]
	if t == nil {
		t = &Tally{}
		d[key] = t
	}
	return t
}
