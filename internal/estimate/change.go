package estimate

import (
	"math"

	"sipas/internal/stats"
	"sipas/internal/survey"
)

// Known is a percentage and how sure it is.
type Known struct {
	Percent float64
	*survey.Precision
}

// Interval is that of k; of what has none it is everything.
func (k Known) Interval() stats.Interval {
	if !k.Precision.Known() {
		return stats.Interval{Low: 0, High: 100}
	}
	return stats.Interval{Low: k.Low, High: k.High}
}

// Score is k for a ranking: the larger half of its interval as 1.96 standard
// errors, so that few clusters, or twenty people who all say the same, are not
// certain of their place.
func (k Known) Score() stats.Score {
	return stats.Score{Value: k.Percent, SE: k.Interval().Half(k.Percent) / student95(math.Inf(1))}
}

// Difference is what two figures differ by: to − from, in points.
type Difference struct {
	stats.Test
	stats.Interval
}

// Between compares two figures of different people. There is one verdict for
// any two samples, because it follows from their intervals: the interval of the
// difference is Newcombe's (1998) of the two, and the test is Welch's with the
// standard errors that the limits facing each other stand for. For people drawn
// one by one P is at most 0.05 exactly where the interval leaves out 0. Where a
// side has no interval nothing is tested.
//
// Source: G. Y. Zou and A. Donner, Construction of confidence limits about
// effect measures: a general approach, Statistics in Medicine 27 (2008)
// 1693–1702; see [stats.Newcombe] and [stats.MeanChange].
func Between(from, to Known) Difference {
	if !from.Precision.Known() || !to.Precision.Known() {
		return Difference{stats.MeanChange(stats.Estimate{Value: from.Percent, SE: math.NaN()}, stats.Estimate{Value: to.Percent, SE: math.NaN()}), stats.Interval{Low: -100, High: 100}}
	}
	up := to.Percent >= from.Percent
	return Difference{stats.MeanChange(from.facing(up), to.facing(!up)), stats.Newcombe(to.Percent, to.Interval(), from.Percent, from.Interval())}
}

// facing is k with the standard error that one side of its interval stands for.
func (k Known) facing(up bool) stats.Estimate {
	half := k.Percent - k.Low
	if up {
		half = k.High - k.Percent
	}
	return stats.Estimate{Value: k.Percent, SE: half / student95(k.DF), DF: k.DF}
}

// Real reports whether the two differ by more than chance explains, alone.
// Where many are looked at together, see [Adjust].
func (d Difference) Real() bool { return d.Tested() && d.P <= falseShare && !d.Has(0) }

// falseShare is which part of the differences that are called real may be
// chance.
const falseShare = 0.05

// AdjustTests is Adjust for tests of another kind.
func AdjustTests(tests []stats.Test) []bool {
	beyond := make([]bool, len(tests))
	for i, c := range stats.Adjust(tests, falseShare) {
		beyond[i] = c.Real
	}
	return beyond
}

// Adjust says which of many differences are real when they are looked at
// together: of those, at most one in twenty is expected to be chance.
func Adjust(all []Difference) []bool {
	tests := make([]stats.Test, len(all))
	for i, d := range all {
		tests[i] = d.Test
	}
	beyond := AdjustTests(tests)
	for i := range beyond {
		beyond[i] = beyond[i] && all[i].Real()
	}
	return beyond
}
