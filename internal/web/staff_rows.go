package web

import (
	"cmp"
	"slices"

	"sipas/internal/survey"
)

// figureRow is one factor or item of a unit.
type figureRow struct {
	Code   string // of an item; empty for a factor
	Name   string
	Cell   cell
	Bar    barChart
	Diff   string // from the overall or the parent: "+1,8"; empty when it cannot be said
	Class  string // of Diff
	Ref    string // what Diff is from
	Sign   string
	judged bool // whether Diff is chance can be told
	m      measure
	points float64
}

// row makes a row of m, set against ref.
func (f *figures) row(code, name string, m, ref measure, decimals int) figureRow {
	r := figureRow{Code: code, Name: name, Cell: f.cell(m, decimals), m: m}
	if !m.shown() {
		return r
	}
	r.Bar = f.bar(m, ref, f.tone(m, ref))
	if ref.shown() {
		r.points = m.Value - ref.Value
		r.Diff, r.Ref, r.Class = f.p.Signed(r.points, 1), f.p.Decimal(ref.Value, 1), "mut"
		if r.judged = judged(m, ref); r.judged {
			r.Class = [...]string{"dn-t", "mut", "up-t"}[side(m, ref)+1]
			r.Sign = [...]string{"dn", "", "up"}[side(m, ref)+1]
		}
	}
	return r
}

// factors lists the factors of u, the lowest first, against its overall.
func (f *figures) factors(u survey.UnitCode) []figureRow {
	x := f.index(u)
	var rows []figureRow
	at := 0
	for _, d := range f.now.Instrument.Domains {
		for _, fac := range d.Factors {
			r := f.row("", fac.ShortTitle(f.p.Lang), factorOf(at)(x), overallOf(x), 2)
			r.Cell.Href = f.explainHref(u, survey.FactorKey(d.Code, fac.Code))
			rows = append(rows, r)
			at++
		}
	}
	slices.SortStableFunc(rows, lowestFirst)
	return rows
}

// lowestFirst orders rows by percentage; those without one come last.
func lowestFirst(a, b figureRow) int {
	if a.m.shown() != b.m.shown() {
		return boolOrder(a.m.shown(), b.m.shown())
	}
	return cmp.Compare(a.m.Value, b.m.Value)
}

// items lists the items of u, the lowest first, against ref: the parent's
// figure of the same item if parent is given, the unit's overall otherwise.
func (f *figures) items(u, parent survey.UnitCode) []figureRow {
	x := f.index(u)
	rows := make([]figureRow, 0, len(x.Items))
	for i, it := range x.Items {
		ref := overallOf(x)
		if parent != "" {
			ref = itemOf(i)(f.index(parent))
		}
		name := f.now.Instrument.Question(it.Code).ShortText(f.p.Lang)
		r := f.row(string(it.Code), name, itemOf(i)(x), ref, 1)
		r.Cell.Href = f.explainHref(u, survey.ItemKey(it.Code))
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, lowestFirst)
	return rows
}

// shownRows are the rows that have a figure.
func shownRows(rows []figureRow) []figureRow {
	return slices.DeleteFunc(slices.Clone(rows), func(r figureRow) bool { return !r.m.shown() })
}

// ends takes n rows from either end; both are shorter when they would meet.
func ends(rows []figureRow, n int) (low, high []figureRow) {
	rows = shownRows(rows)
	n = min(n, len(rows)/2)
	high = slices.Clone(rows[len(rows)-n:])
	slices.Reverse(high)
	return rows[:n], high
}

// furthest takes the n rows that differ most from their references, the
// largest shortfall first.
func furthest(rows []figureRow, n int) []figureRow {
	rows = shownRows(rows)
	rows = slices.DeleteFunc(rows, func(r figureRow) bool { return r.Diff == "" })
	slices.SortStableFunc(rows, func(a, b figureRow) int { return cmp.Compare(a.points, b.points) })
	return rows[:min(n, len(rows))]
}
