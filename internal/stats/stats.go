// Package stats says how far a figure can be trusted: intervals, changes,
// clustered and weighted samples, bands of ranks, reliability, drivers and
// sample sizes. Pure functions: no clock, no randomness but from a seed that
// is passed in, no input changed. Percentages are 0 to 100, differences are in
// percentage points, intervals are at 95 %.
//
// There are two ways in. [Wilson], [Difference] and [ProportionChange] take
// respondents as a simple random sample. A wave with strata, clusters or
// weights is a [Design]: its [Estimate] carries a standard error as R's
// survey package computes it, from which come an interval, a design effect and
// the test [MeanChange]. All of it is about probability samples. Feedback by
// whoever chose to answer has no sampling error to speak of, and no interval.
//
// Each function is checked against R at 1e-9 relative; see testdata/golden.R.
package stats

import (
	"errors"
	"math"
)

// What can be wrong with what was passed in. Errors returned say where.
var (
	ErrNoData     = errors.New("no observations")
	ErrShape      = errors.New("columns or codes do not fit together")
	ErrLonely     = errors.New("a stratum has a single unit")
	ErrEmptyCell  = errors.New("a cell of the population has no respondents")
	ErrMargins    = errors.New("the margins do not describe one population")
	ErrNoVariance = errors.New("a variable does not vary")
)

// z95 is the two-sided 95 % point of the standard normal distribution.
const z95 = 1.959963984540054

// Interval is a range, both ends included.
type Interval struct{ Low, High float64 }

// Has reports whether v is in i.
func (i Interval) Has(v float64) bool { return i.Low <= v && v <= i.High }

// Half is the larger distance from v to an end of i: a "±" that never
// understates the interval.
func (i Interval) Half(v float64) float64 { return max(v-i.Low, i.High-v) }

// Share is a percentage, 0 to 100, that N people stand for.
type Share struct {
	Percent float64
	N       int64
}

// Wilson returns the 95 % score interval of s, in percent:
//
//	(p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n),  p = Percent/100
//
// An index is a mean of item percentages and not one proportion. For values
// between 0 and 1 the variance is at most mean·(1−mean), which is that of a
// proportion with the same mean, so taking one person for one yes-or-no makes
// the interval too wide rather than too narrow. n is people, not answers:
// answers of one person are not independent. With n = 0 all of 0 to 100 is
// possible.
//
// Source: E. B. Wilson, Probable inference, the law of succession, and
// statistical inference, JASA 22 (1927) 209–212. The bound: R. Bhatia and
// C. Davis, A better bound on the variance, Amer. Math. Monthly 107 (2000)
// 353–357.
func Wilson(s Share) Interval { return wilson(s.Percent, float64(s.N)) }

// WilsonDeff is [Wilson] for a sample whose design effect is deff: as many
// respondents tell as much as n/deff of a simple random sample would. The
// design effect is a positive number without unit; anything else leaves all of
// 0 to 100 possible.
//
// Source: L. Kish, Survey Sampling (Wiley 1965), section 8.2.
func WilsonDeff(s Share, deff float64) Interval {
	if !(deff > 0) {
		return Interval{0, 100}
	}
	return wilson(s.Percent, float64(s.N)/deff)
}

func wilson(percent, n float64) Interval {
	if !(n > 0) {
		return Interval{0, 100}
	}
	p := percent / 100
	mid := p + z95*z95/(2*n)
	half := z95 * math.Sqrt(p*(1-p)/n+z95*z95/(4*n*n))
	scale := 100 / (1 + z95*z95/n)
	return Interval{max(0, (mid-half)*scale), min(100, (mid+half)*scale)}
}

// Difference returns the 95 % interval of a − b, in points, from the Wilson
// limits l and u of each side:
//
//	a − b − √((a−lₐ)² + (u_b−b)²)  to  a − b + √((uₐ−a)² + (b−l_b)²)
//
// It takes a and b for independent. Where one is part of the other, or both
// come from the same people, they move together and the true interval is
// narrower: again the error is on the careful side.
//
// Source: R. G. Newcombe, Interval estimation for the difference between
// independent proportions: comparison of eleven methods, Statistics in
// Medicine 17 (1998) 873–890, method 10.
func Difference(a, b Share) Interval {
	return Newcombe(a.Percent, Wilson(a), b.Percent, Wilson(b))
}

// Newcombe is [Difference] for percentages a and b whose intervals are known
// already, from [WilsonDeff] or [Estimate.Wilson] for example.
func Newcombe(a float64, ofA Interval, b float64, ofB Interval) Interval {
	return Interval{
		a - b - math.Hypot(a-ofA.Low, ofB.High-b),
		a - b + math.Hypot(ofA.High-a, b-ofB.Low),
	}
}

// Differ reports whether a and b differ by more than their combined margin.
func Differ(a, b Share) bool { return !Difference(a, b).Has(0) }
