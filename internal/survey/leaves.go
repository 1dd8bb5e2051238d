package survey

import (
	"fmt"
	"strings"
)

// leaves adds up responses that count under the same keys before they are
// spread over them: a response alone would be added a dozen times, to lists of
// hundreds of counts.
type leaves struct {
	whole  map[leaf]*leafSum
	beside map[stem]*beside
	seen   seen // room for one response
}

// leaf is what responses have in common that count under the same keys.
type leaf struct {
	stem
	state   State
	reasons string
	day     Day
}

// stem is what Counted responses have in common that count under the same keys
// for the whole wave.
type stem struct {
	wave    WaveID
	unit    UnitCode
	channel Channel
}

type leafSum struct {
	Tally
	reasons []Reason
}

func newLeaves() *leaves {
	return &leaves{whole: map[leaf]*leafSum{}, beside: map[stem]*beside{}}
}

// add counts r.
func (l *leaves) add(catalog *Catalog, r *Response) error {
	in := catalog.Instruments[r.Instrument]
	if in == nil {
		return fmt.Errorf("response %d has unknown instrument %s", r.Seq, r.Instrument)
	}
	return l.count(in, r)
}

// count counts r, a response to in.
func (l *leaves) count(in *Instrument, r *Response) error {
	at := stem{r.Wave, r.Unit, r.Channel}
	key := leaf{at, r.State, joined(r.Reasons), r.Day}
	sum := l.whole[key]
	if sum == nil {
		sum = &leafSum{reasons: r.Reasons}
		l.whole[key] = sum
	}
	if r.State != Counted {
		return in.Count(&sum.Tally, r.Answers, r.Respondent)
	}
	l.seen.reset(in)
	if err := in.count(&sum.Tally, &l.seen, r.Answers, r.Respondent); err != nil {
		return err
	}
	b := l.beside[at]
	if b == nil {
		b = &beside{}
		l.beside[at] = b
	}
	b.count(in, &l.seen, r.Service)
	return nil
}

// spread adds all of it to d, times 1 or −1.
func (l *leaves) spread(tree *Tree, d Delta, times int64) {
	for key, sum := range l.whole {
		d.add(tree, key, sum.reasons, &sum.Tally, times)
	}
	for key, b := range l.beside {
		d.addBeside(tree, key, b, times)
	}
}

// joined makes one comparable text of reasons.
func joined(reasons []Reason) string {
	switch len(reasons) {
	case 0:
		return ""
	case 1:
		return string(reasons[0])
	}
	var b strings.Builder
	for _, r := range reasons {
		b.WriteString(string(r))
		b.WriteByte(' ')
	}
	return b.String()
}
