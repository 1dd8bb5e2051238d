package web

import (
	"context"
	"fmt"
	"strings"

	"sipas/internal/estimate"
	"sipas/internal/locale"
	"sipas/internal/stats"
	"sipas/internal/survey"
)

// figures is one reading of some units, and of what it is compared with.
type figures struct {
	p      locale.Printer
	v      viewer
	c      choice
	now    survey.Reading
	was    survey.Reading
	past   survey.Period // the days compared with; zero: no comparison
	failed string        // message key: why nothing can be compared; empty: it can
	name   string        // of what is compared with, in a sentence
	veil   *veil         // what must not be shown; now and was are without it
	least  int64
	memory *bandMemory
	steps  heatSteps
	shared string                   // of the addresses of explanations
	group  string                   // whose figures these are, in a sentence; empty: all people's
	hidden map[survey.ItemCode]bool // of a group: items that must not be shown
}

// read reads units in the chosen period and in the one it is compared with:
// two calls, however many units.
func (s *server) read(ctx context.Context, v viewer, p locale.Printer, c choice, units []survey.UnitCode) (*figures, error) {
	f := &figures{p: p, v: v, c: c, memory: s.bands, steps: v.heatSteps(c.Unit.Code), least: s.least(), shared: c.explainQuery()}
	var err error
	f.now, f.veil, err = s.readVeiled(ctx, survey.Query{Wave: c.Wave.ID, Units: units, Period: c.Period, Channel: c.Channel, Standings: true, Reasons: []survey.UnitCode{c.Unit.Code}, Precise: units})
	if err != nil {
		return nil, fmt.Errorf("web.read: %w", err)
	}
	wave, period := f.compareWith()
	if f.failed != "" {
		return f, nil
	}
	f.was, _, err = s.readVeiled(ctx, survey.Query{Wave: wave.ID, Units: units, Period: period, Channel: c.Channel, Precise: units})
	if err != nil {
		return nil, fmt.Errorf("web.read: %w", err)
	}
	return f, nil
}

// compareWith decides which wave and which days the chosen ones are compared
// with, and leaves the reason in failed when they cannot be compared.
func (f *figures) compareWith() (*survey.Wave, survey.Period) {
	c := f.c
	wave, period := c.Wave, c.Period.Before()
	switch id, other := strings.CutPrefix(c.Versus, versusWave); {
	case c.Versus == versusNone:
		f.failed = "staff.change.not_asked"
		return nil, period
	case other:
		wave, period = f.v.cat.Waves[survey.WaveID(id)], survey.Period{}
	case c.Period.Whole():
		wave = f.earlierWave()
	case period.To < c.Span.From:
		f.failed = "staff.change.before_wave"
		return nil, period
	}
	switch {
	case wave == nil:
		f.failed = "staff.change.no_earlier"
	case wave.Instrument != c.Wave.Instrument:
		f.failed = "staff.change.other_instrument"
	case wave.Design != c.Wave.Design:
		f.failed = "staff.change.other_design"
	}
	if f.failed != "" {
		return wave, period
	}
	if f.past, f.name = period, periodName(f.p, "", period); period.Whole() {
		f.past, f.name = span(wave, f.v.today, f.v.zone), wave.Name
	}
	return wave, period
}

// earlierWave is the last wave before the chosen one that asked in the same
// way, or else the last one that asked at all; nil if it is the first.
func (f *figures) earlierWave() *survey.Wave {
	var found *survey.Wave
	for _, w := range f.v.waves() {
		if w == f.c.Wave || w.To >= f.c.Wave.From || w.Design != f.c.Wave.Design {
			continue
		}
		same, foundSame := w.Instrument == f.c.Wave.Instrument, found != nil && found.Instrument == f.c.Wave.Instrument
		if found == nil || same && !foundSame || same == foundSame && w.To > found.To {
			found = w
		}
	}
	return found
}

// sample reports whether the chosen wave is a random sample, so that intervals
// make sense.
func (f *figures) sample() bool { return f.c.Wave.Design == survey.Probability }

func (f *figures) index(u survey.UnitCode) survey.Index { return f.now.Indices[u] }

// responses is how many a unit has; empty where that must not be said.
func (f *figures) responses(u survey.UnitCode) string {
	x := f.index(u)
	if x.Hidden {
		return ""
	}
	return f.p.Int(x.N)
}

// measure is a percentage, the people it stands for, and how sure it is.
type measure struct {
	survey.Percent
	N         int64
	hidden    bool              // there is a figure, and it is not shown
	precision *survey.Precision // nil: nothing can be said
}

func measureOf(f survey.Figure, n int64) measure {
	return measure{f.Percent, n, f.Hidden, f.Precision}
}

func overallOf(x survey.Index) measure { return measureOf(x.Overall, x.People) }

func factorOf(i int) func(survey.Index) measure {
	return func(x survey.Index) measure {
		if i >= len(x.Factors) {
			return measure{}
		}
		return measureOf(x.Factors[i].Figure, x.Factors[i].N)
	}
}

func itemOf(i int) func(survey.Index) measure {
	return func(x survey.Index) measure {
		if i >= len(x.Items) {
			return measure{}
		}
		return measureOf(x.Items[i].Figure, x.Items[i].Answered)
	}
}

// shown reports whether m may be shown: somebody answered, and enough did. A
// veil asks for more; this is what never gives way.
func (m measure) shown() bool { return m.Known && !m.hidden && m.N >= usualLeast }

// few reports whether there are answers, and none may be shown.
func (m measure) few() bool { return !m.shown() && (m.hidden || m.N > 0) }

func (m measure) known() estimate.Known {
	return estimate.Known{Percent: m.Value, Precision: m.precision}
}

// interval is that of m; ok is false where there is none.
func (m measure) interval() (i stats.Interval, ok bool) {
	return m.known().Interval(), m.shown() && m.precision.Known()
}

// cell is a percentage in a table. Without a Text it is hatched and says why.
type cell struct {
	Text    string // "88,43"
	Percent string // the same with its sign
	Why     string // "Ít phiếu để công bố", "Chưa có phiếu"
	N       string // empty: too few to say
	Class   string // step of the heat map, or empty
	Href    string // how it was computed; empty: nothing to say
}

func (f *figures) cell(m measure, decimals int) cell {
	switch {
	case m.shown():
		return cell{Text: f.p.Decimal(m.Value, decimals), Percent: f.p.Percent(m.Value, decimals), N: f.p.Int(m.N)}
	case m.few():
		return cell{Why: f.p.T("staff.few")}
	}
	return cell{Why: f.p.T("staff.none"), N: f.p.Int(0)}
}

// change is the difference from the compared period in words. Colour and a
// verdict come only where the design justifies them.
type change struct {
	Text   string // "Tăng 5,8", "Chưa rõ (+3,0)", "Chênh +1,2"
	Class  string // "up-t", "dn-t" or "mut"
	Sign   string // "up", "dn" or empty
	points float64
	of     estimate.Difference
	known  bool
	clear  bool // more than chance explains
	Why    string
}

// change compares of for one unit. The words for what cannot be compared are
// different for each reason.
func (f *figures) change(u survey.UnitCode, of func(survey.Index) measure) change {
	now := of(f.now.Indices[u])
	no := func(text, why string) change {
		return change{Text: f.p.T(text), Class: "mut", Why: why}
	}
	if !now.shown() {
		return change{}
	}
	if f.failed != "" {
		return no("staff.change.impossible", f.failed)
	}
	if unit, _ := f.v.cat.Tree.Unit(u); unit.ValidFrom > f.past.From {
		return no("staff.change.impossible", "staff.change.new_unit")
	}
	was := of(f.was.Indices[u])
	switch {
	case was.few():
		return no("staff.change.was_few", "staff.change.was_few")
	case !was.shown():
		return no("staff.change.was_none", "staff.change.was_none")
	}
	return f.difference(now, was)
}

// difference says a − b in words.
func (f *figures) difference(a, b measure) change {
	d := estimate.Between(b.known(), a.known())
	return f.changeOf(d, d.Real())
}

// changeOf says a difference in words; real is that it is more than chance
// explains, which only intervals on both sides can show.
func (f *figures) changeOf(of estimate.Difference, real bool) change {
	d := change{points: of.Difference, of: of, known: true, Class: "mut"}
	signed := f.p.Signed(d.points, 1)
	switch {
	case !of.Tested():
		d.Text = f.p.T("staff.change.plain", signed)
	case !real:
		d.Text = f.p.T("staff.change.unclear", signed)
	case d.points > 0:
		d.clear, d.Class, d.Sign, d.Text = true, "up-t", "up", f.p.T("staff.change.up", f.p.Decimal(d.points, 1))
	default:
		d.clear, d.Class, d.Sign, d.Text = true, "dn-t", "dn", f.p.T("staff.change.down", f.p.Decimal(-d.points, 1))
	}
	return d
}

// side tells how m stands to ref by more than chance explains: −1, 0 or 1. The part and
// the whole are taken for independent, which errs on the careful side.
func side(m, ref measure) int {
	switch {
	case !m.shown() || !ref.shown() || !estimate.Between(ref.known(), m.known()).Real():
		return 0
	case m.Value > ref.Value:
		return 1
	}
	return -1
}

// tone is the class of a bar by its side: coloured only where intervals show a
// difference.
func (f *figures) tone(m, ref measure) string {
	if !judged(m, ref) {
		return "b-data"
	}
	return [...]string{"b-down", "b-same", "b-up"}[side(m, ref)+1]
}
