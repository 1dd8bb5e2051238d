package book

import (
	"slices"
	"strings"

	"sipas/internal/survey"
)

// Lines say what units can be compared with across reorganisations: the one
// place that every page asks.
type Lines struct {
	c *survey.Catalog
	survey.Descent
}

// NewLines indexes the successions of c.
func NewLines(c *survey.Catalog) Lines { return Lines{c, c.Descent()} }

// Base is what a result is laid beside, of an earlier year.
type Base struct {
	Of    survey.UnitCode // whose result: its own, or of the one unit that became it whole; empty: nobody's, nothing compares
	Words []Words         // what a reader must know: who has joined since; or, first, why nothing compares
}

// Measured reports who has a result of the earlier year. nil: everybody may.
type Measured func(survey.UnitCode) bool

// Base says whose result of an earlier year r may be laid beside: its own where
// the unit stood then, that of the one unit that became it whole, or nobody's. An
// index of a former unit is never the mean of what came of it, nor the other way
// round. A year in which units were reorganised may have been measured before
// that: then it is as if it had ended on its first day.
func (l Lines) Base(r *Result, year int, measured Measured) Base {
	first, last := yearOf(year)
	now := l.dayOf(r)
	if measured == nil || !l.Formed(r.Unit, first, last) {
		return l.base(r.Unit, last, now)
	}
	earlier := l.Origins(r.Unit, first, now)
	if slices.ContainsFunc(earlier, func(o survey.Origin) bool { return o.Unit != r.Unit && measured(o.Unit) }) {
		return l.base(r.Unit, first, now)
	}
	return l.base(r.Unit, last, now)
}

// dayOf is the day up to which who joined a unit is in its result.
func (l Lines) dayOf(r *Result) survey.Day {
	if w := l.c.Waves[r.Wave]; w != nil {
		return w.To
	}
	_, last := yearOf(r.Year)
	return last
}

func (l Lines) base(unit survey.UnitCode, then, now survey.Day) Base {
	u, _ := l.c.Tree.Unit(unit)
	origins := l.Origins(unit, then, now) // who joins later is in neither
	names := func(keep func(survey.Origin) bool) string {
		var list []string
		for _, o := range origins {
			if o.Unit != unit && keep(o) {
				list = append(list, nameOf(l.c.Tree, o.Unit))
			}
		}
		return strings.Join(list, ", ")
	}
	all := func(survey.Origin) bool { return true }
	if u.Stands(then) {
		if joined := names(all); joined != "" {
			return Base{unit, []Words{{"book.joined_since", []any{joined}}}}
		}
		return Base{Of: unit}
	}
	switch survey.Pool(unit, origins) {
	case survey.NothingToPool:
		return Base{Words: []Words{{"book.not_there", []any{u.Name, u.ValidFrom.Date()}}}}
	case survey.NotPooled:
		split := names(func(o survey.Origin) bool { return o.Share == 0 })
		return Base{Words: []Words{{"book.from_parts", []any{u.Name, split}}}}
	case survey.PooledByShare:
		return Base{Words: []Words{{"book.from_shares", []any{u.Name, names(all)}}}}
	}
	if len(origins) > 1 {
		return Base{Words: []Words{{"book.from_many", []any{u.Name, names(all)}}}}
	}
	return Base{origins[0].Unit, []Words{{"book.renamed", []any{nameOf(l.c.Tree, origins[0].Unit), u.Name}}}}
}

// Pool lists the units whose responses to an earlier survey, put together, are of
// the people that r is of, if those are several or a share of some; nil: nothing
// has to be put together, or it cannot be.
func (l Lines) Pool(r *Result, before *survey.Wave) []survey.Origin {
	origins := l.Origins(r.Unit, before.To, l.dayOf(r))
	switch how := survey.Pool(r.Unit, origins); {
	case how == survey.PooledByShare, how == survey.PooledWhole && len(origins) > 1: // with the only one pages compare as it is
		return origins
	}
	return nil
}

// History tells a unit's life in words: what it was formed from, who joined it,
// what became of it, whole or in part, with day and legal basis, the earliest
// first.
func History(c *survey.Catalog, unit survey.UnitCode) (list []Words) {
	u, ok := c.Tree.Unit(unit)
	if !ok {
		return nil
	}
	list = append(list, events(c, c.FormedFrom(unit), func(p survey.Passing) string {
		switch {
		case p.On > u.ValidFrom && p.Whole:
			return "book.history.joined"
		case p.On > u.ValidFrom:
			return "book.history.joined_part"
		case p.Whole:
			return "book.history.from"
		}
		return "book.history.from_part"
	})...)
	became := c.Became(unit)
	list = append(list, events(c, became, func(p survey.Passing) string {
		switch {
		case p.Whole:
			return "book.history.became"
		case len(p.Via) > 0:
			return "book.history.regrouped"
		}
		return "book.history.split"
	})...)
	if u.ValidTo < survey.Always && len(became) == 0 {
		list = append(list, Words{"book.history.ended", []any{u.ValidTo.Date()}})
	}
	return list
}

// events says passings, those of one day, kind and legal basis together: {0} the
// day, {1} the units, {2} the legal basis.
func events(c *survey.Catalog, passings []survey.Passing, key func(survey.Passing) string) (list []Words) {
	type event struct {
		key   string
		on    survey.Day
		basis string
	}
	var order []event
	names := map[event][]string{}
	for _, p := range passings {
		e := event{key(p), p.On, p.LegalBasis}
		if names[e] == nil {
			order = append(order, e)
		}
		names[e] = append(names[e], nameOf(c.Tree, p.Unit))
	}
	for _, e := range order {
		basis := e.basis
		if basis == "" {
			basis = "–"
		}
		list = append(list, Words{e.key, []any{e.on.Date(), strings.Join(slices.Compact(names[e]), ", "), basis}})
	}
	return list
}

func nameOf(tree *survey.Tree, code survey.UnitCode) string {
	if u, ok := tree.Unit(code); ok {
		return u.Name
	}
	return string(code)
}

// CompareAcross is [Compare] with the result that an earlier year has for a unit,
// whoever had it: see [Lines.Base]. before is what was found of that year, or nil;
// pooled what responses of then come to, put together, or nil.
func (l Lines) CompareAcross(t *Type, now, before *Result, year int, measured Measured, pooled *Pooled) Change {
	base := l.Base(now, year, measured)
	return base.compare(t, now, before, year, pooled)
}

func (b Base) compare(t *Type, now, before *Result, year int, pooled *Pooled) Change {
	var change Change
	if b.Of == "" {
		change = Change{ScoreHow: b.Words[0], RankHow: b.Words[0]}
	} else {
		if before != nil && before.Unit != b.Of {
			before = nil
		}
		change = Compare(t, now, before)
		change.Remarks = append(b.Words, change.Remarks...)
	}
	change.pool(t, now, year, pooled)
	return change
}

// Pooled is what the responses of the units that made a unit come to in one survey
// before, put together as if it had been there then. Indices of units do not add
// up to one, nor does their mean; responses do.
type Pooled struct {
	Of      string // the units, by name
	Survey  string // by name
	Year    int
	How     survey.Pooling // whole, or by shares of people: an estimate, and no measure
	Percent Number         // unknown: some of them have too few responses to be shown
	N       int64
	Few     string // who has too few
}

// Words says it in a sentence.
func (p *Pooled) Words() Words {
	if !p.Percent.Known {
		return Words{"book.pooled.few", []any{p.Survey, p.Few}}
	}
	return Words{"book.pooled." + string(p.How), []any{p.Of, p.Survey, p.Percent, p.N}}
}

// Measured reports whether a result may be compared with it: a figure of all the
// same people in the year compared with.
func (p *Pooled) Measured(year int) bool {
	return p != nil && p.Percent.Known && p.How == survey.PooledWhole && p.Year == year
}

// pool compares with responses put together in place of one of those that gave
// them. Ranks cannot be put together.
func (c *Change) pool(t *Type, now *Result, year int, p *Pooled) {
	if p == nil {
		return
	}
	c.Remarks = append(c.Remarks, p.Words())
	if v := now.PercentOf(t); t.Unit == Percent && v.Known && p.Measured(year) {
		c.Pooled = true
		if c.RankHow.Key == "book.from_many" {
			c.RankHow.Key = "book.ranks_from_many"
		}
		c.Score = Number{Value: Of(v.Value - p.Percent.Value).Round(6), Known: true}
	}
}
