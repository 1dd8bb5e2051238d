package survey

import (
	"slices"
	"strings"
)

// TallyPart says which part of what a TallyKey names a tally holds.
type TallyPart string

// The parts of tallies, beside OfReason and OfService. All but WholeTally and
// OfReason are kept for GrainWave and Counted alone: a breakdown speaks of the
// whole wave.
const (
	WholeTally TallyPart = ""        // all counts of all responses
	OfGroups   TallyPart = "groups"  // counts of groups of people, laid out by groupLayout
	OfMoments  TallyPart = "moments" // sums that reliability and drivers follow from, by momentLayout
)

const (
	reasonPart  = "reason:"
	servicePart = "service:"
)

// OfReason is how many responses a rule points at: N without Counts.
func OfReason(r Reason) TallyPart { return TallyPart(reasonPart + r) }

// Reason is the rule of a part that OfReason names; empty of any other.
func (p TallyPart) Reason() Reason {
	reason, ok := strings.CutPrefix(string(p), reasonPart)
	if !ok {
		return ""
	}
	return Reason(reason)
}

// OfService is the responses about one service, laid out like one group.
func OfService(c ServiceCode) TallyPart { return TallyPart(servicePart + c) }

// Dimension is what responses are divided by: a question about the respondent,
// by its code, or one of those below.
type Dimension string

// The dimensions that are no questions.
const (
	ByService Dimension = "service"
	ByField   Dimension = "field" // of the service
	ByChannel Dimension = "channel"
)

// groupLayout is where groups are counted in a tally of part OfGroups. Each
// option of each question that may divide people has a segment, one after the
// other: how many chose it and then, for each item of the index and the item
// that asks for the overall figure, how many of them skipped it and how many
// chose each of its options. Those who chose no option are the whole without
// the others, and stand nowhere.
type groupLayout struct {
	dimensions []*Question
	base       []int // of dimensions: where the segment of its first option begins
	items      []*Question
	at         []int // of items: where its counts begin in a segment
	segment    int   // length
	size       int   // of all segments
}

// layGroups numbers the items that groups count.
func (in *Instrument) layGroups() groupLayout {
	l := groupLayout{segment: 1}
	for _, code := range append(in.Items(), in.Spec.Direct) {
		q := in.byCode[code]
		if q == nil || q.index > 0 {
			continue
		}
		l.items, l.at = append(l.items, q), append(l.at, l.segment)
		l.segment += 1 + len(q.Options)
		q.index = len(l.items)
	}
	for _, q := range in.Questions {
		if q.Respondent && q.Kind == One && !q.Sensitive {
			l.dimensions, l.base = append(l.dimensions, q), append(l.base, l.size)
			l.size += len(q.Options) * l.segment
		}
	}
	return l
}

// Dimensions are the questions that may divide the people who answered.
func (in *Instrument) Dimensions() []*Question { return in.beside.dimensions }

// seen is what one response says of the index, filled while it is counted.
type seen struct {
	options  []int // of the items of groupLayout: 1 + the option chosen, 0 not answered, skippedIt
	segments []int // where the segments of its groups begin
}

const skippedIt = -1

// reset makes room for a response to in.
func (s *seen) reset(in *Instrument) {
	s.options = append(s.options[:0], make([]int, len(in.beside.items))...)
	s.segments = s.segments[:0]
}

// note remembers an answer: 1 + the option chosen, 0 for none, or skippedIt.
func (s *seen) note(in *Instrument, q *Question, option int) {
	if q.index > 0 {
		s.options[q.index-1] = option
	} else if q.Respondent && option > 0 {
		if d := slices.Index(in.beside.dimensions, q); d >= 0 {
			s.segments = append(s.segments, in.beside.base[d]+(option-1)*in.beside.segment)
		}
	}
}

// beside is what is counted of responses besides the whole: see TallyPart.
type beside struct {
	groups, moments Tally
	services        map[ServiceCode]*Tally
}

// count adds the response that was seen.
func (b *beside) count(in *Instrument, s *seen, service ServiceCode) {
	l := &in.beside
	if l.size > 0 {
		b.groups.N++
		b.groups.Counts = grown(b.groups.Counts, l.size)
		for _, at := range s.segments {
			l.count(b.groups.Counts[at:at+l.segment], s)
		}
	}
	if service != "" {
		if b.services == nil {
			b.services = map[ServiceCode]*Tally{}
		}
		t := b.services[service]
		if t == nil {
			t = &Tally{}
			b.services[service] = t
		}
		t.N++
		t.Counts = grown(t.Counts, l.segment)
		l.count(t.Counts, s)
	}
	if in.moments.size > 0 {
		b.moments.N++
		b.moments.Counts = grown(b.moments.Counts, in.moments.size)
		in.moments.count(b.moments.Counts, s)
	}
}

// count adds the response that was seen to a segment.
func (l *groupLayout) count(segment []int64, s *seen) {
	segment[0]++
	for i, o := range s.options {
		switch {
		case o > 0:
			segment[l.at[i]+o]++
		case o == skippedIt:
			segment[l.at[i]]++
		}
	}
}

// group is the tally of a segment, laid out like any other. It knows the items
// of the index alone.
func (in *Instrument) group(segment []int64) Tally {
	t := Tally{Counts: make([]int64, in.slots)}
	if len(segment) == 0 {
		return t
	}
	segment = grown(segment, in.beside.segment)
	t.N = segment[0]
	for i, q := range in.beside.items {
		at := in.beside.at[i]
		t.Counts[q.slot+1] = segment[at]
		for o := range q.Options {
			n := segment[at+1+o]
			t.Counts[q.slot] += n
			t.Counts[q.slot+2+o] = n
		}
	}
	return t
}

// groupOf is the tally of those who chose q's option o, out of one of part
// OfGroups.
func (in *Instrument) groupOf(t Tally, q *Question, o int) Tally {
	d := slices.Index(in.beside.dimensions, q)
	from := in.beside.base[d] + o*in.beside.segment
	counts := grown(t.Counts, in.beside.size)
	return in.group(counts[from : from+in.beside.segment])
}

// indexed is t without what groups do not count.
func (in *Instrument) indexed(t Tally) Tally {
	out := Tally{N: t.N, Counts: make([]int64, in.slots)}
	for _, q := range in.beside.items {
		for i := q.slot; i < q.slot+q.Slots(); i++ {
			out.Counts[i] = t.at(i)
		}
	}
	return out
}

// grown is counts with room for n.
func grown(counts []int64, n int) []int64 {
	if have := len(counts); have < n {
		if counts == nil {
			return make([]int64, n)
		}
		counts = slices.Grow(counts, n-have)[:n]
		clear(counts[have:])
	}
	return counts
}
