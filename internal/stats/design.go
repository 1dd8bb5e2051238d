package stats

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Design is how a wave's sample was drawn, a row per respondent. Columns have
// one entry per row. A row may also be a whole cluster of the first stage, its
// columns summed with weights inside and Weight 1: values and standard errors
// are the same, so that tallies per cluster are enough; only Deff then has no
// meaning.
type Design struct {
	Weight []float64 // people each row stands for, more than 0; nil: 1 each
	Stages []Stage   // first drawn first; none: rows drawn one by one
	Lonely Lonely    // what to do about a stratum with one unit

	calibrated []calibration
}

// Stage is one stage of drawing: units drawn within strata. Codes are any
// numbers; from the second stage on they need to be unique only within the
// unit above, and units of different strata are different units.
type Stage struct {
	Stratum []int // nil: one stratum
	Unit    []int // nil: the row itself
	// Population says for each row how many units its stratum holds in the
	// population, drawn or not. nil: so many that it does not matter; then
	// later stages do not matter either, for what varies below the units
	// shows between them.
	Population []float64
}

// Lonely is what a stratum contributes from which one unit was drawn: nothing
// can be said of how it varies.
type Lonely int

const (
	// LonelyFails returns [ErrLonely]: strata should be merged by somebody
	// who knows them.
	LonelyFails Lonely = iota
	// LonelyCertain takes the unit for all there is: it adds no variance. For
	// units chosen on purpose, such as the one city of a province.
	LonelyCertain
	// LonelyAdjusts takes its distance from the middle of the sample instead
	// of that of its stratum: too much rather than too little.
	LonelyAdjusts
)

// Estimate is a figure from a sample.
type Estimate struct {
	Value float64 // in the unit of what was averaged
	SE    float64 // standard error, same unit
	DF    float64 // units less strata of the first stage; +Inf: normal
	Deff  float64 // variance ÷ that of as many people drawn one by one, with replacement; NaN: nobody differs
	N     int     // rows that count
}

// Interval returns Value ± t·SE at 95 %, not cut at 0 or 100. Without degrees
// of freedom it is everything.
//
// Source: R, confint(svymean(…), df = degf(design)).
func (e Estimate) Interval() Interval {
	half := math.Inf(1)
	if e.DF > 0 {
		half = student95(e.DF) * e.SE
	}
	return Interval{e.Value - half, e.Value + half}
}

// Wilson returns the interval of [Wilson] for a percentage with the number of
// respondents that would give this standard error:
//
//	n = p(100−p)/SE² · (t₍N−1₎/t₍DF₎)²
//
// Unlike [Estimate.Interval] it stays within 0 to 100 and holds when nearly
// everybody is satisfied. Without a standard error (everybody agrees) n is N; without degrees of freedom all of 0 to 100 is
// possible.
//
// Source: the effective sample of E. L. Korn and B. I. Graubard, Confidence
// intervals for proportions with small expected number of positive counts
// estimated from survey data, Survey Methodology 24 (1998) 193–201, as in R's
// svyciprop(method = "beta"), here with Wilson's limits.
func (e Estimate) Wilson() Interval {
	n := float64(e.N)
	switch {
	case !(e.DF > 0):
		n = 0
	case e.SE > 0:
		t := student95(n-1) / student95(e.DF)
		n = e.Value * (100 - e.Value) / (e.SE * e.SE) * t * t
	}
	return wilson(e.Value, n)
}

// student95 is the two-sided 95 % point of Student's t.
func student95(df float64) float64 {
	if math.IsInf(df, 1) {
		return z95
	}
	if df >= 1000 { // Fisher and Cornish's expansion, here to 1e-12
		const z3, z5, z7 = z95 * z95 * z95, z95 * z95 * z95 * z95 * z95, z95 * z95 * z95 * z95 * z95 * z95 * z95
		return z95 + (z3+z95)/(4*df) + (5*z5+16*z3+3*z95)/(96*df*df) + (3*z7+19*z5+17*z3-15*z95)/(384*df*df*df)
	}
	return distuv.StudentsT{Sigma: 1, Nu: df}.Quantile(0.975)
}

// Ratio is a figure Σw·Over / Σw·Under over the rows where neither is NaN. For
// the percentage of an item Over is 100 or 0 and Under 1, both NaN where the
// item was not answered. Over and Under of the same length as the design.
type Ratio struct{ Over, Under []float64 }

// Mean returns the weighted mean of y over the rows where it is not NaN. To
// take a part of the sample, women say, make y NaN elsewhere rather than
// cutting the rows out: which clusters have no woman is part of what is known.
//
// Value Σwy/Σw; variance by Taylor linearisation, see [Design.Ratio].
func (d Design) Mean(y []float64) (Estimate, error) {
	ones := make([]float64, len(y))
	for i := range ones {
		ones[i] = 1
	}
	return d.Ratio(Ratio{y, ones})
}

// Ratio returns R = Σwy/Σwx. Its variance is that of the total of
//
//	z = w·(y − R·x)/Σwx
//
// in the design: for n units with totals z₁…zₙ drawn in a stratum of N,
//
//	(1 − n/N) · n/(n−1) · Σ(zᵢ − z̄)²
//
// summed over strata, to which each unit of a stage with known N adds n/N times
// the same of its own next stage. After [Design.PostStratify] and [Design.Rake]
// z is first cleared of what the known totals explain.
//
// Errors: [ErrShape], [ErrNoData] (or Σwx = 0), [ErrLonely].
//
// Source: R, survey::svymean and svyratio; T. Lumley, Analysis of complex
// survey samples, Journal of Statistical Software 9 (2004) 8; D. R. Bellhouse,
// Computing methods for variance estimation in complex surveys, Journal of
// Official Statistics 1 (1985) 323–329.
func (d Design) Ratio(r Ratio) (Estimate, error) { return d.MeanOfRatios([]Ratio{r}, nil) }

// MeanOfRatios returns Σcᵢ·Rᵢ, an index over items of which each has its own
// denominator; coefficients nil is their plain mean. The variance is that of
// the total of Σcᵢ·zᵢ, zᵢ as in [Design.Ratio], so that it knows how far the
// items move together. A row counts if it has a part in any ratio.
//
// Errors as [Design.Ratio].
//
// Source: the delta method as in R, survey::svycontrast.
func (d Design) MeanOfRatios(ratios []Ratio, coefficients []float64) (Estimate, error) {
	if coefficients == nil {
		coefficients = slices.Repeat([]float64{1 / float64(len(ratios))}, len(ratios))
	}
	if len(ratios) == 0 || len(coefficients) != len(ratios) {
		return Estimate{}, fmt.Errorf("stats: mean of %d ratios with %d coefficients: %w", len(ratios), len(coefficients), ErrShape)
	}
	rows := len(ratios[0].Over)
	if err := d.check(rows); err != nil {
		return Estimate{}, err
	}
	var e Estimate
	influence, in := make([]float64, rows), make([]bool, rows)
	for i, r := range ratios {
		if len(r.Over) != rows || len(r.Under) != rows {
			return Estimate{}, fmt.Errorf("stats: ratio %d: %w", i, ErrShape)
		}
		value, err := d.linearise(r, coefficients[i], influence, in)
		if err != nil {
			return Estimate{}, fmt.Errorf("stats: ratio %d: %w", i, err)
		}
		e.Value += coefficients[i] * value
	}
	return d.measure(e, influence, in)
}

// linearise adds c·(y − R·x)/Σwx to influence, notes which rows count, and
// returns R.
func (d Design) linearise(r Ratio, c float64, influence []float64, in []bool) (float64, error) {
	var over, under float64
	for i, y := range r.Over {
		if x := r.Under[i]; !math.IsNaN(y) && !math.IsNaN(x) {
			over += d.weight(i) * y
			under += d.weight(i) * x
		}
	}
	if under == 0 {
		return 0, ErrNoData
	}
	ratio := over / under
	for i, y := range r.Over {
		if x := r.Under[i]; !math.IsNaN(y) && !math.IsNaN(x) && (x != 0 || y != 0) {
			influence[i] += c * (y - ratio*x) / under
			in[i] = true
		}
	}
	return ratio, nil
}

// measure fills in how far e.Value can be trusted.
func (d Design) measure(e Estimate, influence []float64, in []bool) (Estimate, error) {
	z := make([]float64, len(in))
	var sum, spread float64
	for i, u := range influence {
		if in[i] {
			w := d.weight(i)
			e.N++
			z[i] = w * u
			sum += w
			spread += w * u * u
		}
	}
	for _, c := range d.calibrated {
		c.clear(z)
	}
	v, err := d.variance(z)
	if err != nil {
		return Estimate{}, err
	}
	e.SE = math.Sqrt(v)
	e.DF = d.freedom(in)
	// The variance of Σwu had e.N people of this spread been drawn one by one.
	e.Deff = v / (spread * sum / float64(e.N-1))
	return e, nil
}

func (d Design) weight(row int) float64 {
	if d.Weight == nil {
		return 1
	}
	return d.Weight[row]
}
