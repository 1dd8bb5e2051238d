package estimate

import (
	"errors"
	"slices"

	"sipas/internal/stats"
	"sipas/internal/survey"
)

// Drivers are the relative weights of factors, with intervals if people are a
// sample.
type Drivers struct {
	stats.Drivers
	Intervals stats.DriverIntervals
	// Lack says why there are no Intervals: of a clustered sample, one cluster, or
	// one of a stratum, which is below At.
	Lack     survey.Lack
	At       survey.UnitCode
	Clusters int // that Intervals follow from; 0: people were taken as drawn one by one
}

// Weigh weighs the factors of m, and says how sure that is from so many draws.
// People who were drawn one by one, and those of strata, which is careful, are
// redrawn from their moments together. Of a clustered sample clusters are
// redrawn: ends are then as many times further away as Student's t of so many
// clusters is above that of many, and never nearer than of people drawn one by
// one, for few clusters can be alike by chance. Errors as
// [stats.Moments.DriverIntervals].
func Weigh(m survey.Reliability, tree *survey.Tree, draws int, seed uint64) (Drivers, error) {
	sums, outcome := Moments(*m.Drivers), len(m.Drivers.Sum)-1
	var d Drivers
	var err error
	if d.Drivers, err = sums.Drivers(outcome); err != nil {
		return d, err
	}
	if d.Intervals, err = sums.DriverIntervals(outcome, draws, seed); err != nil || m.Clusters == nil {
		return d, err
	}
	units, above, strata := strataOf(tree, m.Clusters)
	clusters, size := make([]stats.Moments, len(units)), map[int]int{}
	for i, u := range units {
		clusters[i] = Moments(m.Clusters[u])
		size[strata[i]]++
	}
	redrawn, err := stats.ResampleClusters(clusters, strata, outcome, draws, seed)
	if errors.Is(err, stats.ErrLonely) {
		d.Intervals, d.Lack = stats.DriverIntervals{}, survey.OneUnit
		if lonely := slices.IndexFunc(strata, func(s int) bool { return size[s] == 1 }); len(units) > 1 {
			d.Lack, d.At = survey.LonelyUnit, above[strata[lonely]]
		}
		return d, nil
	} else if err != nil {
		return d, err
	}
	d.Clusters = len(units)
	d.widen(redrawn, student95(float64(len(units)-len(above)))/student95(float64(sums.N-1)))
	return d, nil
}

// widen takes redrawn intervals, few times as far from the figures, unless those
// of people drawn one by one reach further.
func (d *Drivers) widen(redrawn stats.DriverIntervals, few float64) {
	wider := func(one, redrawn stats.Interval, figure, most float64) stats.Interval {
		return stats.Interval{
			Low:  max(0, min(one.Low, figure-few*(figure-redrawn.Low))),
			High: min(most, max(one.High, figure+few*(redrawn.High-figure))),
		}
	}
	d.Intervals.R2 = wider(d.Intervals.R2, redrawn.R2, d.R2, 1)
	for i := range d.Raw {
		d.Intervals.Raw[i] = wider(d.Intervals.Raw[i], redrawn.Raw[i], d.Raw[i], 1)
		d.Intervals.Percent[i] = wider(d.Intervals.Percent[i], redrawn.Percent[i], d.Percent[i], 100)
	}
}

// Moments is m for package stats. The sums are exact below 2⁵³, which 50 million
// people do not reach.
func Moments(m survey.Moments) stats.Moments {
	out := stats.NewMoments(len(m.Sum))
	out.N = m.N
	for i, v := range m.Sum {
		out.Sum[i] = float64(v)
		for j, w := range m.Cross[i] {
			out.Cross[i][j] = float64(w)
		}
	}
	return out
}
