package estimate

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"sipas/internal/stats"
	"sipas/internal/survey"
)

// Samples estimates by how the sample of a wave was drawn.
type Samples struct{}

// Estimate fills in the Precision of the figures of indices. See
// [survey.Estimator].
func (Samples) Estimate(s survey.Sampled, indices map[survey.UnitCode]survey.Index) {
	if !s.Wave.Random() {
		return
	}
	d := newDrawn(s, indices)
	for u, x := range indices {
		for _, f := range d.figures(s.Instrument, &x) {
			p := d.precision(u, x.Spec, f)
			f.Precision = &p
		}
		indices[u] = x
	}
}

// Rough fills in the Precision of the figures of x without the lowest units.
// People of strata are taken for drawn one by one, which errs on the careful
// side as long as every response weighs the same; of clusters nothing can be
// said.
func Rough(w *survey.Wave, in *survey.Instrument, x *survey.Index) {
	of := map[survey.UnitCode]survey.Index{"": *x}
	Samples{}.Estimate(survey.Sampled{Wave: w, Instrument: in}, of)
	*x = of[""]
}

// drawn is a sample, a row for each lowest unit with responses.
type drawn struct {
	survey.Sampled
	columns
	units  []survey.UnitCode // of the rows, sorted
	strata []int             // of the rows, numbered in order of appearance
	above  []survey.UnitCode // of the strata
	rows   map[survey.UnitCode][]int
	points map[float64]float64 // of Student's t, by degrees of freedom
}

func newDrawn(s survey.Sampled, indices map[survey.UnitCode]survey.Index) *drawn {
	d := &drawn{Sampled: s, rows: map[survey.UnitCode][]int{}, points: map[float64]float64{}}
	d.units, d.above, d.strata = strataOf(s.Tree, s.Own)
	for row, u := range d.units {
		for _, up := range s.Tree.Lineage(u) {
			if _, asked := indices[up]; asked {
				d.rows[up] = append(d.rows[up], row)
			}
		}
	}
	d.columns = newColumns(s.Instrument)
	for _, u := range d.units {
		d.add(s.Own[u])
	}
	return d
}

// strataOf are the units at which people answered, by what each was drawn below,
// those units above, and of each of the first the place of its own among them.
// Who answered at a unit that has others below it is a stratum beside those.
func strataOf[T any](tree *survey.Tree, own map[survey.UnitCode]T) (units, above []survey.UnitCode, strata []int) {
	responding := map[survey.UnitCode]bool{} // units below which somebody answered
	for u := range own {
		units = append(units, u)
		for _, up := range tree.Lineage(u)[1:] {
			responding[up] = true
		}
	}
	stratum := map[survey.UnitCode]survey.UnitCode{}
	for _, u := range units {
		unit, _ := tree.Unit(u)
		if stratum[u] = unit.Parent; responding[u] {
			stratum[u] = u
		}
	}
	slices.SortFunc(units, func(a, b survey.UnitCode) int {
		return cmp.Or(cmp.Compare(stratum[a], stratum[b]), cmp.Compare(a, b))
	})
	strata = make([]int, len(units))
	for row, u := range units {
		if at := stratum[u]; row == 0 || at != above[len(above)-1] {
			above = append(above, at)
		}
		strata[row] = len(above) - 1
	}
	return units, above, strata
}

// precision says how sure a figure of u is.
func (d *drawn) precision(u survey.UnitCode, spec survey.Spec, f figure) survey.Precision {
	switch {
	case !d.Wave.ByUnit(), d.Own == nil && d.Wave.Sampling == survey.Stratified && spec.Units == survey.PooledResponses:
		return OneByOne(f.share())
	case d.Own == nil:
		return survey.Precision{Lack: survey.NotByUnit}
	case d.Wave.Sampling == survey.Stratified:
		return d.stratified(f, d.parts(u, spec, f))
	}
	return d.clustered(f, u, spec)
}

// OneByOne is Wilson's interval for people drawn one by one.
func OneByOne(s stats.Share) survey.Precision {
	w := stats.Wilson(s)
	return survey.Precision{Low: w.Low, High: w.High, SE: math.Sqrt(single(s)), DF: math.Inf(1), Deff: 1}
}

func (f figure) share() stats.Share { return stats.Share{Percent: f.Percent.Value, N: f.people} }

// single is the variance that s has if its people were drawn one by one and said
// yes or no.
func single(s stats.Share) float64 { return s.Percent * (100 - s.Percent) / float64(max(1, s.N-1)) }

// part is a row that has answers to a figure, with what it weighs in it.
type part struct {
	row     int
	branch  int     // of the units that the figure is a mean of
	weight  float64 // of the branch, if the figure is a mean of units
	percent float64
	people  float64
}

// parts are the rows of u with answers. Where a figure is a mean of units, what
// is in none of them does not count.
func (d *drawn) parts(u survey.UnitCode, spec survey.Spec, f figure) []part {
	parts := make([]part, 0, len(d.rows[u]))
	branches := map[survey.UnitCode]int{}
	if spec.Units != survey.PooledResponses && d.Tree != nil {
		for i, c := range d.Tree.ChildrenIn(u, d.Period) {
			branches[c] = 1 + i
		}
	}
	for _, row := range d.rows[u] {
		p := part{row: row, weight: 1}
		if p.percent, p.people = d.of(f.terms, row); p.people == 0 {
			continue
		}
		if len(branches) > 0 {
			for _, up := range d.Tree.Lineage(d.units[row]) {
				if branches[up] > 0 {
					p.branch = branches[up]
					if spec.Units == survey.WeightedUnits {
						p.weight = d.Wave.Weights[up]
					}
				}
			}
			if p.branch == 0 || p.weight == 0 {
				continue
			}
		}
		parts = append(parts, p)
	}
	return parts
}

// stratified is the precision where every part was sampled by itself. Within one
// people vary by at most p(100−p), or 50² where there is one of them.
func (d *drawn) stratified(f figure, parts []part) survey.Precision {
	if len(parts) == 1 {
		p := OneByOne(f.share())
		p.Parts, p.Strata = 1, 1
		return p
	}
	people := map[int]float64{} // of the branches
	for _, p := range parts {
		if p.branch > 0 {
			people[p.branch] += p.people
		}
	}
	strata, alone := make([]stats.Stratum, len(parts)), 0.0
	for i, p := range parts {
		strata[i] = stats.Stratum{Population: p.people, Share: stats.Share{Percent: p.percent, N: int64(p.people)}}
		if p.branch > 0 {
			strata[i].Population = p.weight * p.people / people[p.branch]
		}
		if p.people == 1 { // as two who differ by all that they can
			strata[i].Share, alone = stats.Share{Percent: 50, N: 2}, alone+1
		}
	}
	e, err := stats.Stratified(strata)
	if err != nil { // no part with people is left
		return survey.Precision{Lack: survey.OneUnit}
	}
	e.DF -= alone
	return d.precise(f, e, len(parts), len(parts), leastDeff)
}

// clustered is the precision where the rows of u were drawn, within strata.
// Which of them has no answer to a figure is part of what is known of it.
func (d *drawn) clustered(f figure, u survey.UnitCode, spec survey.Spec) survey.Precision {
	rows := d.rows[u]
	var e stats.Estimate
	var err error
	if spec.Units == survey.PooledResponses {
		e, err = d.ratios(f.terms, rows)
	} else {
		e, err = d.meanOfUnits(f, d.parts(u, spec, f))
	}
	strata := map[int]int{}
	for _, row := range rows {
		strata[d.strata[row]]++
	}
	p := survey.Precision{Lack: survey.OneUnit, Parts: len(rows), Strata: len(strata)}
	if errors.Is(err, stats.ErrLonely) && len(rows) > 1 {
		lonely := slices.IndexFunc(rows, func(row int) bool { return strata[d.strata[row]] == 1 })
		if lonely >= 0 {
			p.Lack, p.At = survey.LonelyUnit, d.above[d.strata[rows[lonely]]]
		}
		return p
	}
	if err != nil || !(e.DF > 0) {
		return p
	}
	return d.precise(f, e, len(rows), len(strata), 1)
}

// ratios estimates a figure from rows, each a cluster.
func (d *drawn) ratios(terms []term, rows []int) (stats.Estimate, error) {
	ratios, weights := make([]stats.Ratio, len(terms)), make([]float64, len(terms))
	for i, t := range terms {
		r := stats.Ratio{Over: make([]float64, len(rows)), Under: make([]float64, len(rows))}
		for at, row := range rows {
			for _, c := range t.columns {
				r.Over[at] += d.over[c][row]
				r.Under[at] += d.under[c][row]
			}
		}
		ratios[i], weights[i] = r, t.weight
	}
	return d.design(rows).MeanOfRatios(ratios, weights)
}

// design is that of rows, each a cluster.
func (d *drawn) design(rows []int) stats.Design {
	strata := make([]int, len(rows))
	for at, row := range rows {
		strata[at] = d.strata[row]
	}
	return stats.Design{Stages: []stats.Stage{{Stratum: strata}}}
}

// meanOfUnits estimates a figure that is a mean of units: where each of them is
// a cluster, from their percentages; else from the errors of each, for strata
// are below them.
func (d *drawn) meanOfUnits(f figure, parts []part) (stats.Estimate, error) {
	branches := map[int][]part{}
	var order []int
	for _, p := range parts {
		if branches[p.branch] == nil {
			order = append(order, p.branch)
		}
		branches[p.branch] = append(branches[p.branch], p)
	}
	if len(order) == len(parts) {
		r := stats.Ratio{}
		rows := make([]int, len(parts))
		for i, p := range parts {
			r.Over, r.Under, rows[i] = append(r.Over, p.weight*p.percent), append(r.Under, p.weight), p.row
		}
		return d.design(rows).Ratio(r)
	}
	var e stats.Estimate
	total, square := 0.0, 0.0
	for _, b := range order {
		total += branches[b][0].weight
	}
	for _, b := range order {
		var rows []int
		for _, p := range branches[b] {
			rows = append(rows, p.row)
		}
		own, err := d.ratios(f.terms, rows)
		if err != nil {
			return e, err
		}
		se := branches[b][0].weight / total * own.SE
		square += se * se
		e.DF += own.DF
	}
	e.SE = math.Sqrt(square)
	return e, nil
}

// leastDeff is the least design effect that strata are taken for: they do make
// a sample surer, and people in one who all agree do not make it certain.
const leastDeff = 0.5

// precise is what an estimate says of f: Wilson's interval of n/deff people, and
// of fewer where so few parts tell how they differ that Student's t counts:
//
//	n / (deff · (t₍DF₎/t₍n−1₎)²)
//
// Few clusters can be alike by chance, so that least, the design effect they are
// taken for at least, is 1 there: a figure is never surer than of as many people
// drawn one by one.
//
// Source: the effective sample of E. L. Korn and B. I. Graubard, Survey
// Methodology 24 (1998) 193–201, see [stats.Estimate.Wilson]; the floor as in
// J. D. Parker et al., National Center for Health Statistics data presentation
// standards for proportions, Vital and Health Statistics 2 (2017) 175.
func (d *drawn) precise(f figure, e stats.Estimate, parts, strata int, least float64) survey.Precision {
	p := survey.Precision{SE: e.SE, DF: e.DF, Deff: math.NaN(), Parts: parts, Strata: strata}
	deff := 1.0
	if v := single(f.share()); v > 0 { // not everybody agrees
		p.Deff = e.SE * e.SE / v
		deff = max(least, p.Deff)
	}
	few := d.student95(e.DF) / d.student95(float64(f.people-1))
	w := stats.WilsonDeff(f.share(), deff*few*few)
	p.Low, p.High = w.Low, w.High
	return p
}

// student95 remembers: the figures of a reading share few degrees of freedom.
func (d *drawn) student95(df float64) float64 {
	t, ok := d.points[df]
	if !ok {
		t = student95(df)
		d.points[df] = t
	}
	return t
}

// student95 is the two-sided 95 % point of Student's t.
func student95(df float64) float64 { return stats.Estimate{SE: 1, DF: df}.Interval().High }
