package stats

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Correlation is how two figures go together over N units, −1 to 1, with a 95 %
// interval. That they go together does not say that one causes the other.
type Correlation struct {
	R, Low, High float64
	N            int
}

// Pearson returns the product-moment correlation of x and y, with the interval
// of Fisher's z: tanh(atanh r ± z₉₅ ÷ √(n−3)). It is about straight lines, and
// one unit far off can make it.
//
// Errors: [ErrShape] for columns of different length, [ErrNoData] for fewer
// than four units, [ErrNoVariance] where a column is constant.
//
// Source: R. A. Fisher, On the "probable error" of a coefficient of correlation
// deduced from a small sample, Metron 1 (1921) 3–32.
func Pearson(x, y []float64) (Correlation, error) { return NewColumn(x).Pearson(NewColumn(y)) }

// Spearman returns the correlation of the ranks of x and y, equal values having
// their mean rank: about order, not distance. Its interval is that of Fisher's
// z with the standard error of Bonett and Wright, √((1 + r²÷2) ÷ (n−3)).
//
// Errors: those of [Pearson].
//
// Source: D. G. Bonett and T. A. Wright, Sample size requirements for estimating
// Pearson, Kendall and Spearman correlations, Psychometrika 65 (2000) 23–28.
func Spearman(x, y []float64) (Correlation, error) { return NewColumn(x).Spearman(NewColumn(y)) }

// Column is one figure of every unit, prepared to be set against many others.
type Column struct{ values, ranks centred }

// NewColumn prepares figures, of which it keeps none.
func NewColumn(x []float64) Column { return Column{centre(x), centre(meanRanks(x))} }

// Pearson is as the function of that name.
func (x Column) Pearson(y Column) (Correlation, error) {
	r, err := correlate(x.values, y.values)
	if err != nil {
		return Correlation{}, fmt.Errorf("stats: correlation: %w", err)
	}
	return r.within(math.Sqrt(1 / float64(r.N-3))), nil
}

// Spearman is as the function of that name.
func (x Column) Spearman(y Column) (Correlation, error) {
	r, err := correlate(x.ranks, y.ranks)
	if err != nil {
		return Correlation{}, fmt.Errorf("stats: rank correlation: %w", err)
	}
	return r.within(math.Sqrt((1 + r.R*r.R/2) / float64(r.N-3))), nil
}

// P is the two-sided p-value of no correlation, by Fisher's z and the standard
// error of the interval: at most 0.05 exactly where that leaves out 0.
func (c Correlation) P() float64 {
	z := math.Atanh(c.R)
	if math.IsInf(z, 0) {
		return 0
	}
	se := (math.Atanh(c.High) - z) / z95
	return 2 * distuv.UnitNormal.CDF(-math.Abs(z)/se)
}

func (c Correlation) within(se float64) Correlation {
	z := math.Atanh(c.R)
	c.Low, c.High = math.Tanh(z-z95*se), math.Tanh(z+z95*se)
	return c
}

// centred is figures less their mean, and the sum of their squares. The mean is
// taken away first, so that what figures have in common does not eat the digits
// in which they differ.
type centred struct {
	values  []float64
	squares float64
}

func centre(x []float64) centred {
	c := centred{values: make([]float64, len(x))}
	m := mean(x)
	for i, v := range x {
		c.values[i] = v - m
		c.squares += c.values[i] * c.values[i]
	}
	return c
}

func correlate(x, y centred) (Correlation, error) {
	n := len(x.values)
	switch {
	case n != len(y.values):
		return Correlation{}, fmt.Errorf("%d and %d figures: %w", n, len(y.values), ErrShape)
	case n < 4:
		return Correlation{}, fmt.Errorf("%d units: %w", n, ErrNoData)
	case !(x.squares > 0) || !(y.squares > 0):
		return Correlation{}, ErrNoVariance
	}
	return Correlation{R: max(-1, min(1, product(x.values, y.values)/math.Sqrt(x.squares*y.squares))), N: n}, nil
}

// product is the sum of the products of x and y, which are of one length. It is
// added up in four sums, none of which waits for another.
func product(x, y []float64) float64 {
	var a, b, c, d float64
	y = y[:len(x)]
	i := 0
	for ; i+3 < len(x); i += 4 {
		a += x[i] * y[i]
		b += x[i+1] * y[i+1]
		c += x[i+2] * y[i+2]
		d += x[i+3] * y[i+3]
	}
	for ; i < len(x); i++ {
		a += x[i] * y[i]
	}
	return (a + b) + (c + d)
}

// meanRanks gives each of values its rank, equal ones the mean of theirs. Scores
// of thousands of units are a few hundred different numbers, so that only those
// are sorted.
func meanRanks(values []float64) []float64 {
	number := map[float64]int{} // of each of the different ones
	var different []float64
	var times []int
	of := make([]int, len(values))
	for i, v := range values {
		k, seen := number[v]
		if !seen {
			k = len(different)
			number[v], different, times = k, append(different, v), append(times, 0)
		}
		of[i] = k
		times[k]++
	}
	order := make([]int, len(different))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(different[a], different[b]) })
	rank, below := make([]float64, len(different)), 0
	for _, k := range order {
		rank[k] = float64(2*below+times[k]+1) / 2
		below += times[k]
	}
	ranks := make([]float64, len(values))
	for i, k := range of {
		ranks[i] = rank[k]
	}
	return ranks
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}
