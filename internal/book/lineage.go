package book

import (
	"slices"
	"strings"

	"sipas/internal/survey"
)

// Earlier says whose result of an earlier year a unit's result of year now may be laid
// beside: its own where it stood at the end of that year, that of the one unit
// that became it whole, or nobody's. The words say what a reader must know: who
// has joined since, or why nothing compares. An index of a former unit is never
// the mean of what came of it, nor the other way round.
func Earlier(c *survey.Catalog, unit survey.UnitCode, now, year int) (of survey.UnitCode, words []Words) {
	_, d := yearOf(year)
	_, end := yearOf(now)
	u, _ := c.Tree.Unit(unit)
	origins := c.OriginsUntil(unit, d, end) // who joins later is in neither
	names := func(keep func(survey.Origin) bool) string {
		var list []string
		for _, o := range origins {
			if o.Unit != unit && keep(o) {
				list = append(list, nameOf(c.Tree, o.Unit))
			}
		}
		return strings.Join(list, ", ")
	}
	all := func(survey.Origin) bool { return true }
	if u.Stands(d) {
		if joined := names(all); joined != "" {
			words = append(words, Words{"book.joined_since", []any{joined}})
		}
		return unit, words
	}
	switch survey.Pool(unit, origins) {
	case survey.NothingToPool:
		return "", []Words{{"book.not_there", []any{u.Name, u.ValidFrom.Date()}}}
	case survey.NotPooled:
		split := names(func(o survey.Origin) bool { return o.Share == 0 })
		return "", []Words{{"book.from_parts", []any{u.Name, split}}}
	case survey.PooledByShare:
		return "", []Words{{"book.from_shares", []any{u.Name, names(all)}}}
	}
	if len(origins) > 1 {
		return "", []Words{{"book.from_many", []any{u.Name, names(all)}}}
	}
	return origins[0].Unit, []Words{{"book.renamed", []any{nameOf(c.Tree, origins[0].Unit), u.Name}}}
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
// whoever had it: see [Earlier]. before is what was found of that year, or nil.
func CompareAcross(c *survey.Catalog, t *Type, now, before *Result, year int) Change {
	of, words := Earlier(c, now.Unit, now.Year, year)
	if of == "" {
		return Change{ScoreHow: words[0], RankHow: words[0]}
	}
	if before != nil && before.Unit != of {
		before = nil
	}
	change := Compare(t, now, before)
	change.Remarks = append(words, change.Remarks...)
	return change
}
