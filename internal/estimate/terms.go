package estimate

import (
	"slices"
	"strconv"

	"sipas/internal/survey"
)

// term is a part of a figure: the sum of what some columns have over, divided by
// the sum of what they have under. A figure is the sum of its terms, each times
// its weight; weights add up to 1.
type term struct {
	weight  float64
	columns []int
}

// figure is one figure of an index, where its precision goes, and its terms.
type figure struct {
	*survey.Figure
	people int64
	terms  []term
}

// figures are all figures of x that are known, the overall one last. Items
// that nobody answered are left out of terms, as they are of the index.
func (c columns) figures(in *survey.Instrument, x *survey.Index) []figure {
	var all []figure
	known := func(f *survey.Figure, people int64, terms []term) []term {
		if !f.Percent.Known || f.Hidden {
			return nil
		}
		all = append(all, figure{f, people, terms})
		return terms
	}
	var items, factors, domains [][]term
	factor := 0
	for i, d := range in.Domains {
		firstItem, firstFactor, most := len(items), len(factors), int64(0)
		for _, f := range d.Factors {
			start := len(items)
			for range f.Items {
				it := &x.Items[len(items)]
				items = append(items, known(&it.Figure, it.Answered, []term{{1, []int{len(items)}}}))
			}
			of := &x.Factors[factor]
			factors = append(factors, known(&of.Figure, of.N, combine(x.Spec.Factor, items[start:], nil, nil)))
			most, factor = max(most, of.N), factor+1
		}
		domains = append(domains, known(&x.Domains[i].Figure, most, combine(x.Spec.Domain, items[firstItem:], factors[firstFactor:], nil)))
	}
	whole := combine(x.Spec.Overall, items, factors, domains)
	if x.Spec.Overall == survey.Direct {
		whole = []term{{1, []int{c.direct}}}
	}
	known(&x.Overall, x.People, whole)
	return all
}

// combine makes the terms of a higher figure, as survey.Spec combines figures.
func combine(rule survey.Rule, items, factors, domains [][]term) []term {
	parts := items
	switch rule {
	case survey.MeanOfFactors:
		parts = factors
	case survey.MeanOfDomains:
		parts = domains
	}
	parts = slices.DeleteFunc(slices.Clone(parts), func(t []term) bool { return t == nil })
	if rule == survey.Pooled {
		pool := term{weight: 1}
		for _, item := range parts {
			pool.columns = append(pool.columns, item[0].columns...)
		}
		return []term{pool}
	}
	var all []term
	for _, part := range parts {
		for _, t := range part {
			all = append(all, term{t.weight / float64(len(parts)), t.columns})
		}
	}
	return all
}

// columns are the items of an index, a row for each tally that was added: what it
// has over and under the line of the item's percentage, and how many people
// answered.
type columns struct {
	items               []item
	over, under, people [][]float64
	direct              int // of the item that asks for the overall figure; -1: none
}

// item is a question with what each answer to it adds over the line, and every
// answer under it.
type item struct {
	*survey.Question
	each []float64
	top  float64
}

func newColumns(in *survey.Instrument) columns {
	codes, c := in.Items(), columns{direct: -1}
	if in.Spec.Overall == survey.Direct {
		if c.direct = slices.Index(codes, in.Spec.Direct); c.direct < 0 {
			c.direct, codes = len(codes), append(slices.Clip(codes), in.Spec.Direct)
		}
	}
	for _, code := range codes {
		q := in.Question(code)
		each, top := worth(in.Spec, q)
		c.items = append(c.items, item{q, each, top})
	}
	c.over, c.under, c.people = make([][]float64, len(codes)), make([][]float64, len(codes)), make([][]float64, len(codes))
	return c
}

// add adds a row.
func (c *columns) add(t survey.Tally) {
	for i, it := range c.items {
		people, over := float64(t.Answered(it.Question)), 0.0
		for o, w := range it.each {
			over += w * float64(t.Count(it.Question, o))
		}
		c.people[i] = append(c.people[i], people)
		c.under[i] = append(c.under[i], it.top*people)
		c.over[i] = append(c.over[i], over)
	}
}

// worth is what each answer to q adds over the line, and every answer under it.
func worth(s survey.Spec, q *survey.Question) (each []float64, top float64) {
	each, top = make([]float64, len(q.Options)), 1
	if s.Item == survey.MeanScore {
		top = 0
	}
	for i, o := range q.Options {
		score, err := strconv.ParseInt(o.Value, 10, 64)
		switch {
		case s.Item == survey.MeanScore && err == nil:
			each[i], top = 100*float64(score), max(top, float64(score))
		case s.Item != survey.MeanScore && slices.Contains(s.Satisfied, o.Value):
			each[i] = 100
		}
	}
	return each, top
}

// of are a figure's percentage in one row, over those of its items that were
// answered there, and the people it stands for.
func (c columns) of(terms []term, row int) (percent, people float64) {
	weights := 0.0
	for _, t := range terms {
		over, under := 0.0, 0.0
		for _, i := range t.columns {
			over, under, people = over+c.over[i][row], under+c.under[i][row], max(people, c.people[i][row])
		}
		if under > 0 {
			percent, weights = percent+t.weight*over/under, weights+t.weight
		}
	}
	if weights == 0 {
		return 0, 0
	}
	return percent / weights, people
}
