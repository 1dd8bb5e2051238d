package stats

import (
	"fmt"
	"math"
	"slices"
)

// figures computes what golden.R computes, in its order.
func figures(s sample) map[string][]float64 {
	f := map[string][]float64{}
	shares(f)
	sizes(f)
	for name, d := range designs(s, f) {
		f["mean-"+name] = append(estimated(d.Mean(s["overall"])), bounds(d.Mean(s["overall"]))...)
		f["answered-"+name] = estimated(d.Mean(s.satisfied("a").Over))
		women := slices.Clone(s["overall"])
		for i, g := range s["gender"] {
			if g != 2 {
				women[i] = math.NaN()
			}
		}
		f["women-"+name] = append(estimated(d.Mean(women)), bounds(d.Mean(women))...)
		f["ratio-"+name] = estimated(d.Ratio(s.pooled("a", "b", "c")))
		index := []Ratio{s.satisfied("a"), s.satisfied("b"), s.satisfied("c"), s.satisfied("d"), s.satisfied("e")}
		even := must(d.MeanOfRatios(index, nil))
		uneven := must(d.MeanOfRatios([]Ratio{index[0], index[1], index[4]}, []float64{0.5, 0.2, 0.3}))
		f["index-"+name] = []float64{even.Value, even.SE, even.DF, uneven.Value, uneven.SE}
		if name != "post" && name != "raked" {
			i := must(d.Mean(s.satisfied("a").Over)).Wilson()
			f["wilson-"+name] = []float64{i.Low, i.High}
		}
	}
	units(f, s)
	correlations(f)
	reliability(f, s)
	return f
}

func shares(f map[string][]float64) {
	x := []int64{81, 15, 0, 1, 10, 50, 3548, 999999}
	n := []int64{263, 148, 20, 29, 10, 100, 4012, 1000000}
	deff := []float64{1.7, 2, 1.3, 4, 0.8, 2.25, 3.1, 11}
	for i := range x {
		w, d := Wilson(share(x[i], n[i])), WilsonDeff(share(x[i], n[i]), deff[i])
		f["wilson"] = append(f["wilson"], w.Low, w.High)
		f["wilson-deff"] = append(f["wilson-deff"], d.Low, d.High)
	}
	fromX, fromN := []int64{56, 9, 6, 5, 50, 3300, 812, 20, 0}, []int64{80, 10, 7, 56, 100, 4012, 1000, 20, 30}
	toX, toN := []int64{48, 3, 2, 1, 50, 3548, 813, 15, 4}, []int64{70, 10, 7, 29, 90, 4090, 990, 20, 31}
	var p []float64
	for i := range fromX {
		from, to := share(fromX[i], fromN[i]), share(toX[i], toN[i])
		d, test := Difference(from, to), ProportionChange(from, to)
		f["difference"] = append(f["difference"], d.Low, d.High)
		f["change-proportion"] = append(f["change-proportion"], test.Difference, test.Statistic, test.P)
		p = append(p, test.P)
	}
	f["benjamini-hochberg"] = BenjaminiHochberg(p)
	missing := BenjaminiHochberg([]float64{0.01, 0.9, math.NaN(), 0.04, 0.03, 0.02, 0.04, math.NaN(), 1e-8, 1})
	f["benjamini-hochberg-missing"] = slices.DeleteFunc(missing, math.IsNaN)

	before, now := plain(4, 5, 3, 4, 5, 5, 2, 4), plain(3, 3, 4, 2, 5, 1, 2, 3, 3, 3, 2)
	t := MeanChange(before, now)
	f["change-mean"] = []float64{t.Difference, t.SE, t.Statistic, t.DF, t.P}
	t = MeanChange(Estimate{Value: 82.1, SE: 0.4, DF: math.Inf(1)}, Estimate{Value: 83.4, SE: 0.3, DF: math.Inf(1)})
	f["change-mean-normal"] = []float64{t.Difference, t.SE, t.Statistic, t.P}
}

// plain is the mean of a simple random sample.
func plain(values ...float64) Estimate { return must(Design{}.Mean(values)) }

func sizes(f map[string][]float64) {
	for _, n := range []int64{200, 1000, 5000, 10000, 30000, 100000} {
		f["slovin"] = append(f["slovin"], float64(Slovin(n, 0.05)))
	}
	for _, c := range []struct {
		plan   Plan
		margin float64
	}{{Plan{200, 50, 1}, 5}, {Plan{5000, 50, 1.5}, 3}, {Plan{0, 50, 2}, 1}, {Plan{1e6, 85, 1}, 2}, {Plan{800, 90, 1}, 2.5}} {
		f["sample-size"] = append(f["sample-size"], float64(c.plan.SampleSize(c.margin)))
	}
	for _, c := range []struct{ n, population, x int64 }{{50, 200, 25}, {400, 5000, 340}, {120, 121, 60}} {
		f["margin"] = append(f["margin"], Plan{c.population, share(c.x, c.n).Percent, 1}.Margin(c.n))
	}
}

func designs(s sample, f map[string][]float64) map[string]Design {
	stratum, psu, w := s.codes("stratum", 0), s.codes("psu", 0), s["weight"]
	one := func(st Stage) Design { return Design{Weight: w, Stages: []Stage{st}} }
	d := map[string]Design{
		"rows":       {Weight: w},
		"strata":     one(Stage{Stratum: stratum}),
		"clusters":   one(Stage{Unit: psu}),
		"stratified": one(Stage{Stratum: stratum, Unit: psu}),
		"finite":     one(Stage{stratum, psu, s["npsu"]}),
		"stages":     {Weight: w, Stages: []Stage{{stratum, psu, s["npsu"]}, {nil, s.codes("village", 0), s["nvillage"]}, {nil, nil, s["nperson"]}}},
		"certain":    {Weight: w, Stages: []Stage{{s.codes("lonely", 0), psu, s["npsu"]}}, Lonely: LonelyCertain},
		"adjusts":    {Weight: w, Stages: []Stage{{s.codes("lonely", 0), psu, s["npsu"]}}, Lonely: LonelyAdjusts},
	}
	cell := make([]int, len(w))
	for i := range cell {
		cell[i] = int(s["age"][i]-1)*2 + int(s["gender"][i]-1)
	}
	d["post"] = must(d["stratified"].PostStratify(Margin{cell, []float64{21000, 20000, 17000, 19000, 14000, 16500}}))
	d["raked"] = rakedSample(s, 1e-14)
	f["weights-post"], f["weights-raked"] = d["post"].Weight, d["raked"].Weight
	return d
}

func rakedSample(s sample, tolerance float64) Design {
	d := Design{Weight: s["weight"], Stages: []Stage{{Stratum: s.codes("stratum", 0), Unit: s.codes("psu", 0)}}}
	raked, report, err := d.Rake([]Margin{
		{s.codes("gender", 1), []float64{52000, 55500}},
		{s.codes("age", 1), []float64{41000, 36000, 30500}},
		{s.codes("unit", 1), []float64{9000, 14000, 15000, 13000, 12500, 16000, 13500, 14500}},
	}, tolerance, 100)
	if err != nil || !report.Converged {
		panic(fmt.Sprint(report, err))
	}
	return raked
}

func units(f map[string][]float64, s sample) {
	people := []float64{9000, 14000, 150, 13000, 12500, 16000, 13500, 14500}
	unit := s.codes("unit", 1)
	f["weights-units"] = must(Design{}.PostStratify(Margin{unit, people})).Weight
	satisfied, n := make([]int64, len(people)), make([]int64, len(people))
	for i, u := range unit {
		n[u]++
		if s["overall"][i] >= 4 {
			satisfied[u]++
		}
	}
	strata := make([]Stratum, len(people))
	for u := range strata {
		strata[u] = Stratum{Population: people[u], Share: share(satisfied[u], n[u])}
	}
	f["stratified"] = estimated(Stratified(strata))
	for u := range strata {
		strata[u].Whole = true
	}
	f["stratified-whole"] = estimated(Stratified(strata))
}

func correlations(f map[string][]float64) {
	x := []float64{86.91, 83.11, 82.35, 79.91, 90.61, 90.29, 90.23, 88.90, 83.84, 83.57, 83.38, 83.12, 81.78, 78.44}
	y := []float64{12.5, 11.9, 12.5, 10.4, 14.1, 13.3, 12.9, 13.9, 12.0, 11.4, 12.5, 11.8, 12.2, 10.9}
	far, down := make([]float64, len(x)), make([]float64, len(x))
	for i := range x {
		far[i], down[i] = 1e6+x[i], -y[i]
	}
	all := func(cs ...Correlation) (list []float64) {
		for _, c := range cs {
			list = append(list, c.R, c.Low, c.High)
		}
		return list
	}
	f["no-correlation"] = []float64{must(Pearson(x, y)).P(), must(Pearson(x[:4], y[:4])).P(), must(Spearman(x, y)).P()}
	f["pearson"] = all(must(Pearson(x, y)), must(Pearson(x, down)), must(Pearson(x[:4], y[:4])), must(Pearson(far, y)))
	f["spearman"] = all(must(Spearman(x, y)), must(Spearman(x, down)), must(Spearman(y[:5], x[:5])))
}

func reliability(f map[string][]float64, s sample) {
	items, both, rows := NewMoments(5), NewMoments(6), [][]float64{}
	clusters, strata := clustersOf(s, 6)
	for i := range s["a"] {
		row := []float64{s["a"][i], s["b"][i], s["c"][i], s["d"][i], s["e"][i], s["overall"][i]}
		items.Add(row[:5]...)
		both.Add(row...)
		rows = append(rows, row)
		clusters[int(s["psu"][i])-1].Add(row...)
	}
	f["covariances"] = slices.Concat(must(items.Covariances())...)
	f["correlations"] = slices.Concat(must(items.Correlations())...)
	f["alpha"] = []float64{must(items.Alpha())}
	d := must(both.Drivers(5))
	f["drivers"] = append(slices.Concat([]float64{d.R2}, d.Raw, d.Percent), d.Condition)
	f["drivers-r2"] = []float64{d.R2}
	for _, p := range []float64{0, 0.025, 0.3, 0.5, 0.975, 1} {
		f["quantile"] = append(f["quantile"], quantile([]float64{1, 1, 2, 3, 4, 5, 6, 9}, p))
	}
	f["drawn-resampled"] = flat(must(ResampleDrivers(rows, 5, 4000, 1)))
	f["drawn-wishart"] = flat(must(both.DriverIntervals(5, 4000, 1)))
	f["drawn-clusters"] = flat(must(ResampleClusters(clusters, strata, 5, 4000, 1)))
	ranking(f)
}

// clustersOf are moments of nobody in k variables for each cluster, and their
// strata.
func clustersOf(s sample, k int) (clusters []Moments, strata []int) {
	n := int(slices.Max(s["psu"]))
	clusters, strata = make([]Moments, n), make([]int, n)
	for i := range clusters {
		clusters[i] = NewMoments(k)
	}
	for i, psu := range s["psu"] {
		strata[int(psu)-1] = int(s["stratum"][i])
	}
	return clusters, strata
}

func flat(in DriverIntervals) []float64 {
	var ends []float64
	for _, i := range slices.Concat([]Interval{in.R2}, in.Raw, in.Percent) {
		ends = append(ends, i.Low, i.High)
	}
	return ends
}

// twelve are the scores of golden.R.
var twelve = []Score{
	{83, 1}, {83.4, 0.5}, {90.6, 2}, {75, 1.5}, {82.1, 0.8}, {82.9, 0.1}, {88.9, 3}, {83.1, 1}, {79, 1}, {90.3, 0.7}, {83.4, 2.5}, {81, 0.4},
}

// expectedRanks are the mean ranks without draws: 1 + the chance of each other
// unit to be ahead.
func expectedRanks(scores []Score) []float64 {
	mean := make([]float64, len(scores))
	for i, s := range scores {
		mean[i] = 1
		for j, o := range scores {
			if i != j {
				mean[i] += math.Erfc((s.Value-o.Value)/math.Hypot(s.SE, o.SE)/math.Sqrt2) / 2
			}
		}
	}
	return mean
}

func ranking(f map[string][]float64) {
	for _, b := range must(RankBands(twelve, 20000, 1)) {
		f["drawn-ranks"] = append(f["drawn-ranks"], float64(b.Low), float64(b.High))
	}
	f["mean-rank"] = expectedRanks(twelve)
}

// satisfied is the ratio of an item: 100 for levels 4 and 5, NaN unanswered.
func (s sample) satisfied(item string) Ratio {
	r := Ratio{make([]float64, len(s[item])), make([]float64, len(s[item]))}
	for i, level := range s[item] {
		r.Under[i] = 1
		switch {
		case math.IsNaN(level):
			r.Over[i], r.Under[i] = math.NaN(), math.NaN()
		case level >= 4:
			r.Over[i] = 100
		}
	}
	return r
}

// pooled is Σ satisfied / Σ answered over items.
func (s sample) pooled(items ...string) Ratio {
	all := Ratio{make([]float64, len(s["a"])), make([]float64, len(s["a"]))}
	for _, item := range items {
		r := s.satisfied(item)
		for i, y := range r.Over {
			if !math.IsNaN(y) {
				all.Over[i] += y
				all.Under[i]++
			}
		}
	}
	return all
}

func estimated(e Estimate, err error) []float64 {
	e = must(e, err)
	return []float64{e.Value, e.SE, e.DF, e.Deff}
}

func bounds(e Estimate, err error) []float64 {
	i := must(e, err).Interval()
	return []float64{i.Low, i.High}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
