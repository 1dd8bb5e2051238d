package estimate

import (
	"errors"
	"math"
	"slices"

	"sipas/internal/stats"
	"sipas/internal/survey"
)

// Bounds of weighing.
const (
	// MostWeighed is how many people are weighed at the most: each takes about
	// a kilobyte.
	MostWeighed = 500_000
	// margins fit when their worst cell is off by so much at the most, and are
	// given up after so many rounds
	tolerance, rounds = 1e-9, 1000
)

// Weighing collects the people of a sample, to weigh them so that together they
// are as the population is known to be. Unlike all else here it takes
// responses, one by one: how rare somebody is depends on all that is known of
// them at once, and no tally holds that.
type Weighing struct {
	wave    *survey.Wave
	in      *survey.Instrument
	tree    *survey.Tree
	margins []survey.Margin
	cellOf  []map[string]int // of each margin, by answer or unit

	columns
	own      map[survey.UnitCode]survey.Tally
	units    []survey.UnitCode // of the people
	cells    [][]int           // of each margin, of the people
	unplaced int64
}

// NewWeighing begins a weighing of people of a wave.
func NewWeighing(w *survey.Wave, in *survey.Instrument, tree *survey.Tree, margins []survey.Margin) *Weighing {
	c := &Weighing{wave: w, in: in, tree: tree, margins: margins, columns: newColumns(in), own: map[survey.UnitCode]survey.Tally{}}
	for _, m := range margins {
		of := map[string]int{}
		for i, cell := range m.Cells {
			for _, v := range cell.Of {
				of[v] = i
			}
		}
		c.cellOf = append(c.cellOf, of)
	}
	c.cells = make([][]int, len(margins))
	return c
}

// Add adds a response that counts. Whoever is in no cell of a margin, because
// they did not say, is left out and told of. It is Invalid when there are more
// than [MostWeighed].
func (c *Weighing) Add(r *survey.Response) error {
	const op = "estimate.Weighing.Add"
	if len(c.units) == MostWeighed {
		return survey.Bad(op, "margins", "weigh.too_many", MostWeighed)
	}
	respondent, err := r.Respondent.Answers()
	if err != nil {
		return err
	}
	place := make([]int, len(c.margins))
	for i := range c.margins {
		if place[i] = c.cell(i, r.Unit, respondent); place[i] < 0 {
			c.unplaced++
			return nil
		}
	}
	var one survey.Tally
	if err := c.in.Count(&one, r.Answers); err != nil {
		return err
	}
	for i, at := range place {
		c.cells[i] = append(c.cells[i], at)
	}
	c.add(one)
	c.units = append(c.units, r.Unit)
	sum := c.own[r.Unit]
	sum.Add(one)
	c.own[r.Unit] = sum
	return nil
}

// cell is where a person is in a margin, -1 for nowhere.
func (c *Weighing) cell(margin int, unit survey.UnitCode, respondent survey.Answers) int {
	var are []string
	if q := c.margins[margin].Question; q != "" {
		are = respondent[q].Values
	} else {
		for _, u := range c.tree.Lineage(unit) {
			are = append(are, string(u))
		}
	}
	for _, v := range are {
		if at, ok := c.cellOf[margin][v]; ok {
			return at
		}
	}
	return -1
}

// Weighed is an index whose people are weighed.
type Weighed struct {
	Plain    survey.Index // of the same people, each counted once
	Index    survey.Index // Percent is weighed; counts are those of Plain
	Unplaced int64        // people left out, for they are in no cell of some margin
	Raking   stats.Raking // how the weights came to fit; one margin fits at once
	Least    float64      // weight ÷ mean weight
	Most     float64
}

// Weigh weighs. One margin is post-stratified, several are raked. Raking that did not converge says so in
// Raking, and should not be used. Of volunteers figures have no Precision: weights make
// no sample of them.
//
// It is Invalid for a cell in which nobody answered, which must be put together
// with another, and for a wave whose index weighs units by itself.
func (c *Weighing) Weigh() (Weighed, error) {
	const op = "estimate.Weigh"
	if c.in.Spec.Units != survey.PooledResponses {
		return Weighed{}, survey.Bad(op, "margins", "weigh.of_units")
	}
	if err := c.empty(op); err != nil {
		return Weighed{}, err
	}
	var all survey.Tally
	for _, t := range c.own {
		all.Add(t)
	}
	w := Weighed{Plain: c.in.Index(all), Index: c.in.Index(all), Unplaced: c.unplaced}
	d, parts, err := c.fit(&w)
	if err != nil {
		return Weighed{}, err
	}
	w.Least, w.Most = slices.Min(d.Weight), slices.Max(d.Weight)
	mean := 0.0
	for _, weight := range d.Weight {
		mean += weight / float64(len(d.Weight))
	}
	w.Least, w.Most = w.Least/mean, w.Most/mean
	for _, f := range c.figures(c.in, &w.Index) {
		if err := c.weigh(d, f, parts); err != nil {
			return Weighed{}, err
		}
	}
	return w, nil
}

// empty complains about cells without a person.
func (c *Weighing) empty(op string) error {
	var bad []survey.FieldError
	for i, m := range c.margins {
		got := make([]bool, len(m.Cells))
		for _, at := range c.cells[i] {
			got[at] = true
		}
		for at, cell := range m.Cells {
			if !got[at] {
				bad = append(bad, survey.FieldError{Field: survey.LineField(cell.Line), Key: "weigh.empty_cell"})
			}
		}
	}
	if bad == nil {
		return nil
	}
	return &survey.Error{Kind: survey.Invalid, Op: op, Fields: bad}
}

// fit finds the weights. parts are the lowest units that people were drawn in.
func (c *Weighing) fit(w *Weighed) (d stats.Design, parts int, err error) {
	margins := make([]stats.Margin, len(c.margins))
	for i, m := range c.margins {
		margins[i].Cell = c.cells[i]
		for _, cell := range m.Cells {
			margins[i].Population = append(margins[i].Population, cell.People)
		}
	}
	d, parts = c.design()
	w.Raking = stats.Raking{Rounds: 1, Converged: true}
	if len(margins) == 1 {
		d, err = d.PostStratify(margins[0])
	} else {
		d, w.Raking, err = d.Rake(margins, tolerance, rounds)
	}
	return d, parts, err
}

// design is how the people were drawn.
func (c *Weighing) design() (d stats.Design, parts int) {
	drawn := newDrawn(survey.Sampled{Wave: c.wave, Instrument: c.in, Tree: c.tree, Own: c.own}, nil)
	if !c.wave.ByUnit() {
		return d, 0
	}
	row := map[survey.UnitCode]int{}
	for i, u := range drawn.units {
		row[u] = i
	}
	s, lonely := stats.Stage{Stratum: make([]int, len(c.units))}, stats.LonelyAdjusts
	if c.wave.Sampling == survey.Clustered {
		s.Unit, lonely = make([]int, len(c.units)), stats.LonelyFails
	}
	for i, u := range c.units {
		if s.Stratum[i] = row[u]; s.Unit != nil {
			s.Stratum[i], s.Unit[i] = drawn.strata[row[u]], row[u]
		}
	}
	return stats.Design{Stages: []stats.Stage{s}, Lonely: lonely}, len(drawn.units)
}

// weigh puts the weighed percentage of a figure in its place, and how sure it
// is.
func (c *Weighing) weigh(d stats.Design, f figure, parts int) error {
	ratios, weights := make([]stats.Ratio, len(f.terms)), make([]float64, len(f.terms))
	for i, t := range f.terms {
		ratios[i], weights[i] = c.ratio(t), t.weight
	}
	e, err := d.MeanOfRatios(ratios, weights)
	p := &survey.Precision{Low: e.Wilson().Low, High: e.Wilson().High, SE: e.SE, DF: e.DF, Deff: e.Deff, Parts: parts}
	if errors.Is(err, stats.ErrLonely) || err == nil && !(e.DF > 0) {
		p = &survey.Precision{Lack: survey.OneUnit}
		e, err = stats.Design{Weight: d.Weight}.MeanOfRatios(ratios, weights)
	}
	if err != nil {
		return err
	}
	if math.IsNaN(p.Deff) { // nobody differs, so weights change nothing
		p.Deff = 1
	}
	f.Percent.Value, f.Precision = e.Value, p
	if !c.wave.Random() {
		f.Precision = nil
	}
	return nil
}

// ratio is a term, a row a person.
func (c *Weighing) ratio(t term) stats.Ratio {
	if len(t.columns) == 1 {
		return stats.Ratio{Over: c.over[t.columns[0]], Under: c.under[t.columns[0]]}
	}
	r := stats.Ratio{Over: make([]float64, len(c.units)), Under: make([]float64, len(c.units))}
	for _, i := range t.columns {
		for row := range c.units {
			r.Over[row] += c.over[i][row]
			r.Under[row] += c.under[i][row]
		}
	}
	return r
}
