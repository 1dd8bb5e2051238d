// Package stats says how far a percentage can be trusted: intervals of one
// percentage and of a difference. Pure functions; percentages are 0 to 100,
// differences are in percentage points.
//
// Everything here treats respondents as a simple random sample and so knows
// nothing of strata, clusters and weights. It is used cautiously, never to
// claim more than the counts allow.
package stats

import "math"

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
func Wilson(s Share) Interval {
	if s.N <= 0 {
		return Interval{0, 100}
	}
	n, p := float64(s.N), s.Percent/100
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
	wa, wb := Wilson(a), Wilson(b)
	d := a.Percent - b.Percent
	return Interval{
		d - math.Hypot(a.Percent-wa.Low, wb.High-b.Percent),
		d + math.Hypot(wa.High-a.Percent, b.Percent-wb.Low),
	}
}

// Differ reports whether a and b differ by more than their combined margin.
func Differ(a, b Share) bool { return !Difference(a, b).Has(0) }
