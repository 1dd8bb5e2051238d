package web

import (
	"math"

	"sipas/internal/estimate"
	"sipas/internal/survey"
)

// sure says how sure a figure of a sample is: its interval, or why it has none.
// n is how many responses the page counts beside it.
func (f *figures) sure(m measure, n int64) string {
	w, ok := m.interval()
	switch {
	case !ok:
		return f.p.T("sampling.n", n) + " " + f.noInterval(m.precision)
	case m.precision.Parts > 1 && !math.IsNaN(m.precision.Deff):
		return f.p.T("sampling.interval.deff", f.p.Decimal(w.Low, 2), f.p.Percent(w.High, 2), n, f.p.Decimal(m.precision.Deff, 2))
	}
	return f.p.T("sampling.interval", f.p.Decimal(w.Low, 2), f.p.Percent(w.High, 2), n)
}

// judged reports whether anybody can tell if a and b differ by chance.
func judged(a, b measure) bool {
	return a.shown() && b.shown() && estimate.Between(a.known(), b.known()).Tested()
}

// noInterval says why a figure of a sample has no interval.
func (f *figures) noInterval(p *survey.Precision) string {
	switch {
	case p == nil:
		return f.p.T("sampling.lack." + string(survey.NotByUnit))
	case p.Lack == survey.LonelyUnit:
		at, _ := f.v.cat.Tree.Unit(p.At)
		return f.p.T("sampling.lack."+string(p.Lack), at.Name)
	}
	return f.p.T("sampling.lack." + string(p.Lack))
}

// surely says the same with all that the interval follows from.
func (f *figures) surely(m measure) string {
	if !f.sample() {
		return f.p.T("staff.spec.self_selected")
	}
	say := f.sure(m, m.N)
	if p := m.precision; p.Known() && p.Parts > 1 && !math.IsNaN(p.Deff) {
		say += " " + f.p.T("sampling.explain."+string(f.c.Wave.Sampling), p.Parts, p.Strata, f.p.Decimal(p.SE, 2), int64(p.DF))
	}
	return say
}
