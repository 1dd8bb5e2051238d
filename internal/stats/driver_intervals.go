package stats

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// DriverIntervals are 95 % percentile intervals of [Drivers], in its order.
// Raw weights cannot be below 0 and neither can their intervals, so that an
// interval never shows a driver to be none; compare them with one another.
type DriverIntervals struct {
	R2           Interval
	Raw, Percent []Interval
}

// DriverIntervals returns intervals from the moments alone, whatever the
// number of respondents: in each draw the covariances of as many respondents
// are drawn from the Wishart distribution around those seen, and weighed
// again. It takes the variables for jointly normal, which five levels are not:
// the intervals are rough. [ResampleDrivers] is not, and needs the responses.
//
// The same seed gives the same intervals, whatever the number of processors.
// Errors as [Moments.Drivers], and [ErrNoData] for no draws.
//
// Source: W. B. Smith and R. R. Hocking, Wishart variate generator, Applied
// Statistics 21 (1972) 341–345 (Bartlett's decomposition).
func (m Moments) DriverIntervals(outcome, draws int, seed uint64) (DriverIntervals, error) {
	if _, err := m.Drivers(outcome); err != nil {
		return DriverIntervals{}, err
	}
	r, err := m.Correlations()
	if err != nil {
		return DriverIntervals{}, err
	}
	k := len(r)
	x := mat.NewSymDense(k, nil)
	for i := range k {
		for j := i; j < k; j++ {
			x.SetSym(i, j, r[i][j])
		}
	}
	_, power, err := symmetricRoots(x)
	if err != nil {
		return DriverIntervals{}, err
	}
	root, df := power(0.5), float64(m.N-1)
	return driverIntervals(draws, func(draw int) (Drivers, error) {
		source := rand.NewPCG(seed, uint64(draw))
		normal := rand.New(source) // #nosec G404 -- the draws must be the same again
		bartlett := mat.NewDense(k, k, nil)
		for i := range k {
			bartlett.Set(i, i, math.Sqrt(distuv.ChiSquared{K: df - float64(i), Src: source}.Rand()))
			for j := range i {
				bartlett.Set(i, j, normal.NormFloat64())
			}
		}
		var half, covariance mat.Dense
		half.Mul(root, bartlett)
		covariance.Mul(&half, half.T())
		drawn := make([][]float64, k)
		for i := range drawn {
			drawn[i] = make([]float64, k)
			for j := range drawn[i] {
				drawn[i][j] = covariance.At(i, j) / math.Sqrt(covariance.At(i, i)*covariance.At(j, j))
			}
		}
		return relativeWeights(drawn, outcome)
	})
}

// ResampleDrivers returns intervals from the responses, one row of variables
// each, rows with NaN left out: in each draw as many respondents are drawn with
// replacement. It takes about rows·variables²·draws multiplications: a second
// for 40,000 rows of ten variables and 1,000 draws. Draws in which a variable
// does not vary are left out.
//
// It takes respondents as drawn one by one: with clusters the intervals are
// too narrow, by about the root of the design effect; see [ResampleClusters].
//
// The same seed gives the same intervals, whatever the number of processors.
// Errors: [ErrShape] for rows of different length; as [Moments.Drivers]; and
// [ErrNoData] for no draws or none in which all vary.
//
// Source: B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap
// (Chapman & Hall 1993), chapter 13.
func ResampleDrivers(rows [][]float64, outcome, draws int, seed uint64) (DriverIntervals, error) {
	if len(rows) == 0 {
		return DriverIntervals{}, fmt.Errorf("stats: resample drivers: %w", ErrNoData)
	}
	k := len(rows[0])
	all, complete := NewMoments(k), make([][]float64, 0, len(rows))
	for i, row := range rows {
		if len(row) != k {
			return DriverIntervals{}, fmt.Errorf("stats: resample drivers: row %d has %d variables, not %d: %w", i, len(row), k, ErrShape)
		}
		if all.Add(row...) {
			complete = append(complete, row)
		}
	}
	if _, err := all.Drivers(outcome); err != nil {
		return DriverIntervals{}, err
	}
	return driverIntervals(draws, func(draw int) (Drivers, error) {
		r := rand.New(rand.NewPCG(seed, uint64(draw))) // #nosec G404 -- the draws must be the same again
		m := NewMoments(k)
		for range complete {
			m.Add(complete[r.IntN(len(complete))]...)
		}
		return m.Drivers(outcome)
	})
}

// ResampleClusters returns intervals for respondents who were drawn in clusters,
// from the moments of each: stratum is a code of where each was drawn, the same
// for all when nil. In each draw, of the m clusters of a stratum m − 1 are drawn
// with replacement, and those drawn count m/(m−1) times; so the variance of a
// sum is that which [Design] has for it. A cluster without respondents is one of
// the m. It takes about clusters·variables²·draws multiplications.
//
// The same seed gives the same intervals, whatever the number of processors.
// Errors: [ErrLonely] for a stratum of one cluster; [ErrShape] for moments or
// strata that do not fit together; as [Moments.Drivers], and [ErrNoData] for no
// draws or none in which all vary.
//
// Source: J. N. K. Rao and C. F. J. Wu, Resampling inference with complex survey
// data, JASA 83 (1988) 231–241, with m − 1 drawn of m as in J. N. K. Rao,
// C. F. J. Wu and K. Yue, Some recent work on resampling methods for complex
// surveys, Survey Methodology 18 (1992) 209–217.
func ResampleClusters(clusters []Moments, stratum []int, outcome, draws int, seed uint64) (DriverIntervals, error) {
	if len(clusters) == 0 {
		return DriverIntervals{}, fmt.Errorf("stats: resample clusters: %w", ErrNoData)
	}
	if stratum == nil {
		stratum = make([]int, len(clusters))
	}
	if len(stratum) != len(clusters) {
		return DriverIntervals{}, fmt.Errorf("stats: resample clusters: %d strata of %d clusters: %w", len(stratum), len(clusters), ErrShape)
	}
	k := len(clusters[0].Sum)
	all, members := NewMoments(k), map[int][]int{}
	for i, c := range clusters {
		if err := all.Merge(c); err != nil {
			return DriverIntervals{}, fmt.Errorf("stats: resample clusters: %w", err)
		}
		members[stratum[i]] = append(members[stratum[i]], i)
	}
	codes := slices.Sorted(maps.Keys(members))
	for _, code := range codes {
		if len(members[code]) == 1 {
			return DriverIntervals{}, fmt.Errorf("stats: resample clusters: stratum %d: %w", code, ErrLonely)
		}
	}
	if _, err := all.Drivers(outcome); err != nil {
		return DriverIntervals{}, err
	}
	return driverIntervals(draws, func(draw int) (Drivers, error) {
		r := rand.New(rand.NewPCG(seed, uint64(draw))) // #nosec G404 -- the draws must be the same again
		drawn := NewMoments(k).weighted()
		for _, code := range codes {
			m := len(members[code])
			for range m - 1 {
				drawn.add(clusters[members[code][r.IntN(m)]], float64(m)/float64(m-1))
			}
		}
		correlations, err := drawn.correlations()
		if err != nil {
			return Drivers{}, err
		}
		return relativeWeights(correlations, outcome)
	})
}

// add counts the people of m as times each.
func (w *weighted) add(m Moments, times float64) {
	if m.N == 0 {
		return
	}
	w.n += times * float64(m.N)
	for i, v := range m.Sum {
		w.sum[i] += times * v
		for j, c := range m.Cross[i] {
			w.cross[i][j] += times * c
		}
	}
}

// driverIntervals calls draw for each draw and takes the middle 95 % of each
// figure of those that worked.
func driverIntervals(draws int, draw func(int) (Drivers, error)) (DriverIntervals, error) {
	drawn := make([]Drivers, max(draws, 0))
	inParallel(len(drawn), func(first, last int) {
		for i := first; i < last; i++ {
			if d, err := draw(i); err == nil { // an error: a variable did not vary
				drawn[i] = d
			}
		}
	})
	drawn = slices.DeleteFunc(drawn, func(d Drivers) bool { return d.Raw == nil })
	if len(drawn) == 0 {
		return DriverIntervals{}, fmt.Errorf("stats: driver intervals from %d draws: %w", draws, ErrNoData)
	}
	middle := func(figure func(Drivers) float64) Interval {
		values := make([]float64, len(drawn))
		for i, d := range drawn {
			values[i] = figure(d)
		}
		slices.Sort(values)
		return Interval{quantile(values, 0.025), quantile(values, 0.975)}
	}
	var in DriverIntervals
	in.R2 = middle(func(d Drivers) float64 { return d.R2 })
	for j := range drawn[0].Raw {
		in.Raw = append(in.Raw, middle(func(d Drivers) float64 { return d.Raw[j] }))
		in.Percent = append(in.Percent, middle(func(d Drivers) float64 { return d.Percent[j] }))
	}
	return in, nil
}

// quantile interpolates between the two sorted values around part of the way,
// as R's quantile does by default (type 7).
func quantile(sorted []float64, part float64) float64 {
	at := part * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
