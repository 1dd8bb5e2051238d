package stats

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Test is the outcome of asking whether two figures differ by chance alone.
type Test struct {
	Difference float64 // to − from, in the unit of the figures
	SE         float64 // standard error of Difference under the test's own hypothesis, same unit
	Statistic  float64 // Difference/SE
	DF         float64 // degrees of freedom; +Inf: normal
	P          float64 // two-sided, 0 to 1; NaN: nothing to test
}

// Tested reports whether there was anything to test.
func (t Test) Tested() bool { return !math.IsNaN(t.P) }

// ProportionChange tests whether the percentage from became to, two
// independent simple random samples:
//
//	z = (p₂ − p₁) / √(p(1−p)(1/n₁ + 1/n₂)),  p = (n₁p₁ + n₂p₂)/(n₁ + n₂)
//
// Difference and SE are in points. Both at 0 % or both at 100 % is no change,
// P = 1. A side without respondents leaves nothing to test, P = NaN. For an
// index, a mean of item percentages, the test is careful for the reason given
// at [Wilson]. z² is Pearson's chi-squared without continuity correction.
//
// Source: R, prop.test(correct = FALSE); A. Agresti, Categorical Data
// Analysis, 3rd edition (Wiley 2013), section 3.1.3.
func ProportionChange(from, to Share) Test {
	t := Test{Difference: to.Percent - from.Percent, DF: math.Inf(1)}
	if from.N <= 0 || to.N <= 0 {
		t.SE, t.Statistic, t.P = math.NaN(), math.NaN(), math.NaN()
		return t
	}
	n1, n2 := float64(from.N), float64(to.N)
	p := (n1*from.Percent + n2*to.Percent) / (n1 + n2)
	return t.judge(math.Sqrt(p * (100 - p) * (1/n1 + 1/n2)))
}

// MeanChange tests whether the mean, share or index from became to, from two
// independent samples, each with its own standard error:
//
//	t = (x₂ − x₁)/√(SE₁² + SE₂²)
//	df = (SE₁² + SE₂²)² / (SE₁⁴/df₁ + SE₂⁴/df₂)
//
// Without standard errors on both sides equal figures give P = 1 and unequal
// ones P = 0. A figure or error that is NaN gives P = NaN.
//
// Source: B. L. Welch, The generalization of "Student's" problem when several
// different population variances are involved, Biometrika 34 (1947) 28–35; R,
// t.test.
func MeanChange(from, to Estimate) Test {
	v1, v2 := from.SE*from.SE, to.SE*to.SE
	t := Test{Difference: to.Value - from.Value, DF: math.Inf(1)}
	if d := v1*v1/from.DF + v2*v2/to.DF; d > 0 {
		t.DF = (v1 + v2) * (v1 + v2) / d
	}
	return t.judge(math.Sqrt(v1 + v2))
}

// judge fills in what follows from a standard error.
func (t Test) judge(se float64) Test {
	t.SE = se
	switch {
	case se == 0 && t.Difference == 0:
		t.P = 1
	case math.IsInf(t.DF, 1):
		t.Statistic = t.Difference / se
		t.P = math.Erfc(math.Abs(t.Statistic) / math.Sqrt2)
	default:
		t.Statistic = t.Difference / se
		t.P = 2 * distuv.StudentsT{Sigma: 1, Nu: t.DF}.CDF(-math.Abs(t.Statistic))
	}
	return t
}

// BenjaminiHochberg returns p-values adjusted for their number, in the order
// given: for the i-th smallest of m,
//
//	adjusted(i) = min over j ≥ i of min(1, p(j)·m/j)
//
// Calling real what has an adjusted value of at most q keeps the expected part
// of false ones among them at or below q. NaN stays NaN and is not counted.
//
// Source: Y. Benjamini and Y. Hochberg, Controlling the false discovery rate,
// JRSS B 57 (1995) 289–300; R, p.adjust(method = "BH").
func BenjaminiHochberg(p []float64) []float64 {
	adjusted := slices.Clone(p)
	var order []int
	for i, v := range p {
		if !math.IsNaN(v) {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p[b], p[a]) })
	m, least := float64(len(order)), 1.0
	for after, i := range order {
		least = min(least, p[i]*m/(m-float64(after)))
		adjusted[i] = least
	}
	return adjusted
}

// Change is the test of one unit among many.
type Change struct {
	Test
	Adjusted float64 // P adjusted for the number of units, NaN where not tested
	Real     bool    // Adjusted is at most q
}

// Adjust judges many tests together by [BenjaminiHochberg]: of those it calls
// real, a part of at most q (say 0.05) is expected to be chance.
func Adjust(tests []Test, q float64) []Change {
	p := make([]float64, len(tests))
	for i, t := range tests {
		p[i] = t.P
	}
	changes := make([]Change, len(tests))
	for i, adjusted := range BenjaminiHochberg(p) {
		changes[i] = Change{tests[i], adjusted, adjusted <= q}
	}
	return changes
}
