package stats

import (
	"fmt"
	"math"
	"slices"
)

// Stratum is one unit of a stratified sample, from tallies.
type Stratum struct {
	Population float64 // people of the unit
	Share      Share   // of its simple random sample
	Whole      bool    // draw without replacement: asking everybody leaves no error
}

// Stratified returns the percentage of all units together, each with the
// weight of its population, of which each was sampled by itself:
//
//	Σ(N/ΣN)·p,  variance Σ(N/ΣN)²·(1 − n/N)·p(100−p)/(n−1)
//
// without the third factor unless Whole is set. It is [Design.Mean] for yes or
// no answers without the rows; an index, a mean of items, varies less and so
// gets too large an error. DF is people less units. Deff compares with one
// sample of as many people with replacement.
//
// Errors: [ErrNoData]; [ErrEmptyCell] for a unit with people and no answers;
// [ErrLonely] for one answer; [ErrShape] for more answers than people where
// Whole is set.
//
// Source: W. G. Cochran, Sampling Techniques, 3rd edition (Wiley 1977),
// section 5.5; R, survey::svymean with strata.
func Stratified(strata []Stratum) (Estimate, error) {
	var people, value, square float64
	for i, s := range strata {
		switch n := s.Share.N; {
		case s.Population <= 0:
			continue
		case n == 0:
			return Estimate{}, fmt.Errorf("stats: stratum %d: %w", i, ErrEmptyCell)
		case n == 1:
			return Estimate{}, fmt.Errorf("stats: stratum %d: %w", i, ErrLonely)
		case s.Whole && float64(n) > s.Population:
			return Estimate{}, fmt.Errorf("stats: stratum %d: %d of %v people: %w", i, n, s.Population, ErrShape)
		}
		people += s.Population
		value += s.Population * s.Share.Percent
		square += s.Population * s.Share.Percent * 100
	}
	if people == 0 {
		return Estimate{}, fmt.Errorf("stats: strata: %w", ErrNoData)
	}
	e := Estimate{Value: value / people}
	v := 0.0
	for _, s := range strata {
		if s.Population <= 0 {
			continue
		}
		n, part, p := float64(s.Share.N), s.Population/people, s.Share.Percent
		own := part * part * p * (100 - p) / (n - 1)
		if s.Whole {
			own *= 1 - n/s.Population
		}
		v += own
		e.N += int(s.Share.N)
		e.DF += n - 1
	}
	e.SE = math.Sqrt(v)
	e.Deff = v / ((square/people - e.Value*e.Value) / float64(e.N-1))
	return e, nil
}

// Margin is a known distribution of the population: how many people each cell
// holds, and which cell each row is in.
type Margin struct {
	Cell       []int     // index into Population for each row
	Population []float64 // people in each cell
}

// calibration is what known totals take out of the error.
type calibration struct {
	weight []float64 // after
	share  []float64 // the weights that means are taken with
	cells  [][]int   // of each margin
	rounds int
}

// clear takes from z, weighted influences, what the cells explain.
func (c calibration) clear(z []float64) {
	for range c.rounds {
		for _, cell := range c.cells {
			cells := slices.Max(cell) + 1
			sum, of := make([]float64, cells), make([]float64, cells)
			for i, at := range cell {
				sum[at] += c.share[i] * z[i] / c.weight[i]
				of[at] += c.share[i]
			}
			for i, at := range cell {
				z[i] -= c.weight[i] * sum[at] / of[at]
			}
		}
	}
}

// PostStratify returns the design with weights scaled in each cell so that
// they add up to its population: with the units of a sample as cells, the
// weights that the sizes of the units give. Standard errors then leave out what varies
// between cells. The largest factor by which a weight changed is the price to
// look at.
//
// Errors: [ErrShape]; [ErrEmptyCell] for people without rows, or rows in a cell
// without people: cells must be merged first.
//
// Source: R, survey::postStratify; D. Holt and T. M. F. Smith, Post
// stratification, JRSS A 142 (1979) 33–46.
func (d Design) PostStratify(m Margin) (Design, error) {
	if err := d.check(len(m.Cell)); err != nil {
		return Design{}, err
	}
	before := d.weights(len(m.Cell))
	after, _, err := fit(before, m)
	if err != nil {
		return Design{}, fmt.Errorf("stats: post-stratify: %w", err)
	}
	return d.with(after, calibration{after, before, [][]int{m.Cell}, 1}), nil
}

// Raking says how raking went.
type Raking struct {
	Rounds    int     // over all margins
	Largest   float64 // |weights − population| ÷ population in the worst cell of any margin at the end
	Converged bool    // Largest is at most the tolerance asked for
	Factor    float64 // the largest factor by which a weight grew
}

// Rake returns the design with weights that fit several margins at once, each
// known by itself, by scaling to one after the other until the worst cell is
// off by at most tolerance (relative, say 1e-9), or for rounds at most. A
// design that did not converge is returned with Converged false: its weights
// fit the last margin only, and it should not be used silently.
//
// Errors: [ErrShape]; [ErrEmptyCell] as [Design.PostStratify]; [ErrMargins] if
// the margins add up to different populations (more than 1e-9 apart), which no
// weights can fit.
//
// Standard errors leave out what varies between the cells of each margin, in
// ten rounds of unweighted means, as R does.
//
// Source: R, survey::rake; W. E. Deming and F. F. Stephan, On a least squares
// adjustment of a sampled frequency table, Ann. Math. Statist. 11 (1940)
// 427–444.
func (d Design) Rake(margins []Margin, tolerance float64, rounds int) (Design, Raking, error) {
	if len(margins) == 0 {
		return Design{}, Raking{}, fmt.Errorf("stats: rake without margins: %w", ErrShape)
	}
	rows := len(margins[0].Cell)
	if err := d.check(rows); err != nil {
		return Design{}, Raking{}, err
	}
	c := calibration{share: slices.Repeat([]float64{1}, rows), rounds: 10}
	total := sum(margins[0].Population)
	for i, m := range margins {
		if people := sum(m.Population); math.Abs(people-total) > 1e-9*total {
			return Design{}, Raking{}, fmt.Errorf("stats: rake: margin %d has %v people, the first %v: %w", i, people, total, ErrMargins)
		}
		c.cells = append(c.cells, m.Cell)
	}
	before := d.weights(rows)
	after := before
	var report Raking
	for report.Rounds < rounds && !report.Converged {
		report.Rounds++
		for i, m := range margins {
			var err error
			if after, _, err = fit(after, m); err != nil {
				return Design{}, Raking{}, fmt.Errorf("stats: rake: margin %d: %w", i, err)
			}
		}
		report.Largest = 0
		for _, m := range margins {
			_, off, _ := fit(after, m)
			report.Largest = max(report.Largest, off)
		}
		report.Converged = report.Largest <= tolerance
	}
	for i, w := range after {
		report.Factor = max(report.Factor, w/before[i])
	}
	c.weight = after
	return d.with(after, c), report, nil
}

// fit scales weights so that they add up to the population of each cell, and
// says how far the worst cell was off before, relative to its population.
func fit(weights []float64, m Margin) (scaled []float64, off float64, err error) {
	if len(m.Cell) != len(weights) {
		return nil, 0, fmt.Errorf("%d cells for %d rows: %w", len(m.Cell), len(weights), ErrShape)
	}
	got := make([]float64, len(m.Population))
	for i, at := range m.Cell {
		if at < 0 || at >= len(got) {
			return nil, 0, fmt.Errorf("row %d is in cell %d of %d: %w", i, at, len(got), ErrShape)
		}
		got[at] += weights[i]
	}
	for at, people := range m.Population {
		if people < 0 || math.IsNaN(people) {
			return nil, 0, fmt.Errorf("cell %d has %v people: %w", at, people, ErrShape)
		}
		if (people > 0) != (got[at] > 0) {
			return nil, 0, fmt.Errorf("cell %d: %v people, weights %v: %w", at, people, got[at], ErrEmptyCell)
		}
		if people > 0 {
			off = max(off, math.Abs(got[at]-people)/people)
		}
	}
	scaled = make([]float64, len(weights))
	for i, at := range m.Cell {
		scaled[i] = weights[i] * m.Population[at] / got[at]
	}
	return scaled, off, nil
}

func (d Design) weights(rows int) []float64 {
	w := make([]float64, rows)
	for i := range w {
		w[i] = d.weight(i)
	}
	return w
}

// with returns d with other weights and what they took out of the error.
func (d Design) with(weights []float64, c calibration) Design {
	d.Weight = weights
	d.calibrated = append(slices.Clone(d.calibrated), c)
	return d
}

func sum(values []float64) float64 {
	s := 0.0
	for _, v := range values {
		s += v
	}
	return s
}
