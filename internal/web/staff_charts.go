package web

import (
	"cmp"
	"math"
	"slices"

	"sipas/internal/locale"
	"sipas/internal/stats"
	"sipas/internal/survey"
)

// All charts are SVG with percentages for coordinates, made here: words keep
// their size at any width, and no style attribute is needed. Each stands beside
// the numbers it shows, so that it is hidden from screen readers.

// barChart is one bar from zero, perhaps with an interval and a reference line.
type barChart struct {
	Class, Width   string
	Ref            string // empty: none
	Low, Mid, High string // of the interval; empty: none
	Inner          string // class of the interval's line inside the bar
	value          float64
}

// bar draws m. ref may be an unknown measure. The interval is drawn for
// samples only.
func (f *figures) bar(m, ref measure, tone string) barChart {
	b := barChart{Class: tone, Width: percent(m.Value), value: m.Value}
	if ref.shown() {
		b.Ref = percent(ref.Value)
	}
	if w, ok := m.interval(); ok {
		b.Low, b.Mid, b.High, b.Inner = percent(w.Low), percent(m.Value), percent(w.High), "b-in"
		if tone == "b-same" {
			b.Inner = "b-wh" // white on grey cannot be seen
		}
	}
	return b
}

// tick is one mark of an axis.
type tick struct{ X, Text, Anchor string }

// strip is the axis in the first cell of the headline.
type strip struct {
	Ticks     []tick
	Now       string
	Low, High string // of the interval; empty: none
	Was, Name string // of the compared period; empty: none
	Anchor    string // of Name
	Target    string // empty: none
	TargetAt  string // its text
	TargetEnd string // anchor of the text
	Label     string // the whole in a sentence
}

// newStrip draws an axis around the values it holds; goal is 0 without a target.
func newStrip(p locale.Printer, now float64, interval *stats.Interval, was *float64, name string, goal float64) strip {
	lo, hi := now, now
	stretch := func(v float64) { lo, hi = min(lo, v), max(hi, v) }
	if interval != nil {
		stretch(interval.Low)
		stretch(interval.High)
	}
	if was != nil {
		stretch(*was)
	}
	if goal > 0 {
		stretch(goal)
	}
	step := niceStep(hi - lo + 8)
	lo = max(0, math.Floor((lo-1)/step)*step)
	hi = min(100, math.Ceil((hi+1)/step)*step)
	at := func(v float64) string { return percent(100 * (v - lo) / (hi - lo)) }
	s := strip{Now: at(now)}
	for v := lo; v <= hi+1e-9; v += step {
		anchor := "middle"
		if v == lo {
			anchor = "start"
		} else if v+step > hi+1e-9 {
			anchor = "end"
		}
		s.Ticks = append(s.Ticks, tick{at(v), p.Decimal(v, 0), anchor})
	}
	s.Label = p.T("staff.strip.now", p.Decimal(now, 2))
	if interval != nil {
		s.Low, s.High = at(interval.Low), at(interval.High)
		s.Label += " " + p.T("staff.strip.interval", p.Decimal(interval.Low, 2), p.Decimal(interval.High, 2))
	}
	if was != nil {
		s.Was, s.Name, s.Anchor = at(*was), name, anchorAt((*was-lo)/(hi-lo))
		s.Label += " " + p.T("staff.strip.was", p.Decimal(*was, 2), name)
	}
	if goal > 0 {
		s.Target, s.TargetAt, s.TargetEnd = at(goal), p.T("target.mark", p.Decimal(goal, 0)), anchorAt((goal-lo)/(hi-lo))
		s.Label += " " + p.T("target.label", p.Decimal(goal, 0))
	}
	return s
}

// anchorAt keeps a text within the axis that it stands on, place from 0 to 1.
func anchorAt(place float64) string {
	switch {
	case place < 0.25:
		return "start"
	case place > 0.75:
		return "end"
	}
	return "middle"
}

// niceStep divides about width into four.
func niceStep(width float64) float64 {
	for _, s := range []float64{2, 4, 5, 10, 20, 25} {
		if width/s <= 5 {
			return s
		}
	}
	return 25
}

// dot is one unit among many.
type dot struct {
	X     string
	Y     float64
	Class string
}

// dots is every unit on one axis.
type dots struct {
	Dots              []dot
	Ref, RefText, Low string
	High              string
	Label             string
	Few               int // units left out
}

const (
	dotRow  = 7.5  // px from one row of dots to the next
	dotMid  = 34.0 // the middle row
	dotWide = 2.6  // percent of the width that one dot takes
)

// newDots stacks dots that would cover each other, from the middle outwards.
func (f *figures) newDots(units []survey.UnitCode, ref measure) dots {
	type placed struct {
		m measure
		x float64
	}
	var all []placed
	d := dots{}
	lo, hi := ref.Value, ref.Value
	for _, u := range units {
		m := overallOf(f.index(u))
		if !m.shown() {
			d.Few++
			continue
		}
		all = append(all, placed{m: m})
		lo, hi = min(lo, m.Value), max(hi, m.Value)
	}
	lo, hi = math.Floor(lo-1), math.Ceil(hi+1)
	slices.SortStableFunc(all, func(a, b placed) int { return cmp.Compare(a.m.Value, b.m.Value) })
	var rows [9]float64
	for i := range rows {
		rows[i] = -dotWide
	}
	for _, a := range all {
		a.x = 2 + 96*(a.m.Value-lo)/(hi-lo)
		row := 0
		for row < len(rows)-1 && rows[row] > a.x-dotWide {
			row++
		}
		rows[row] = a.x
		class := ""
		if f.sample() {
			class = [...]string{" dn", "", " up"}[side(a.m, ref)+1]
		}
		d.Dots = append(d.Dots, dot{percent(a.x), dotMid + float64((row+1)/2)*dotRow*float64(1-2*(row%2)), class})
	}
	d.Low, d.High = f.p.Decimal(lo, 0), f.p.Decimal(hi, 0)
	if ref.shown() {
		d.Ref = percent(2 + 96*(ref.Value-lo)/(hi-lo))
		d.RefText = f.p.T("staff.dots.ref", f.p.Decimal(ref.Value, 0))
	}
	return d
}

// stacked is the answers to a five-step scale: dissatisfied left of a line,
// satisfied right, the middle apart, so that nothing is halved.
type stacked struct {
	Zero  string
	Parts []stackedPart
	Words []stackedWord
}

type stackedPart struct{ Class, X, Width string }

type stackedWord struct{ Class, X, Dx, Anchor, Text string }

// stackScale is shared by all rows of a table, so that their bars compare.
type stackScale struct{ zero, apart, per float64 }

const (
	stackGap   = 4.0 // percent of the width between satisfied and the middle step
	stackTight = 8.0 // below this width a number does not fit in
	stackPad   = 1.0 // left of the longest dissatisfied bar
)

// newStackScale fits the longest parts of all rows into the width.
func newStackScale(rows [][5]float64) stackScale {
	var left, right, middle float64
	for _, r := range rows {
		left, right, middle = max(left, r[0]+r[1]), max(right, r[3]+r[4]), max(middle, r[2])
	}
	per := (100 - stackGap - stackPad) / max(1, left+right+middle)
	return stackScale{stackPad + left*per, 100 - middle*per, per}
}

// draw draws shares, percent of the five answers from the lowest.
func (c stackScale) draw(p locale.Printer, shares [5]float64) stacked {
	s := stacked{Zero: percent(c.zero)}
	add := func(step int, x float64) float64 {
		w := shares[step-1] * c.per
		s.Parts = append(s.Parts, stackedPart{"s" + itoa(step), percent(x), percent(w)})
		return w
	}
	left := c.zero - (shares[0]+shares[1])*c.per
	add(2, left+add(1, left))
	w4 := add(4, c.zero)
	w5 := add(5, c.zero+w4)
	add(3, c.apart)
	if w4 > stackTight {
		s.Words = append(s.Words, stackedWord{"on4", percent(c.zero), "6", "start", p.Decimal(shares[3], 0)})
	}
	if w5 > stackTight {
		s.Words = append(s.Words, stackedWord{"on5", percent(c.zero + w4 + w5), "-6", "end", p.Decimal(shares[4], 0)})
	}
	return s
}
