package survey

import (
	"fmt"
	"strings"
)

// leaves adds up responses that count under the same keys before they are
// spread over them: a response alone would be added a dozen times, to lists of
// hundreds of counts.
type leaves map[leaf]*leafSum

// leaf is what responses have in common that count under the same keys.
type leaf struct {
	wave    WaveID
	state   State
	reasons string
	unit    UnitCode
	channel Channel
	day     Day
}

type leafSum struct {
	Tally
	reasons []Reason
}

// add counts r.
func (l leaves) add(catalog *Catalog, r *Response) error {
	in := catalog.Instruments[r.Instrument]
	if in == nil {
		return fmt.Errorf("response %d has unknown instrument %s", r.Seq, r.Instrument)
	}
	key := leaf{r.Wave, r.State, joined(r.Reasons), r.Unit, r.Channel, r.Day}
	sum := l[key]
	if sum == nil {
		sum = &leafSum{reasons: r.Reasons}
		l[key] = sum
	}
	return in.Count(&sum.Tally, r.Answers, r.Respondent)
}

// spread adds all of it to d.
func (l leaves) spread(tree *Tree, d Delta) {
	for key, sum := range l {
		d.add(tree, &Response{
			Wave: key.wave, State: key.state, Reasons: sum.reasons, Unit: key.unit, Channel: key.channel, Day: key.day,
		}, sum.Tally)
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
