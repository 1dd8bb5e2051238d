package web

import (
	"slices"

	"sipas/internal/book"
)

// fillYears draws how each index of the year shown went over the years: percent
// of the maximum, with the rank among how many. The line breaks where the method
// changed; it goes on through whoever passed whole to the unit, and says so.
func (p *bookPage) fillYears(v viewer, types *book.Types, ch bookChoice, rs []book.Result) {
	all := slices.Concat(ch.past, ch.all)
	for _, r := range rs {
		t := types.Type(r.Type)
		var line []book.Result
		for _, x := range all {
			if of := types.Type(x.Type); of.Family == t.Family && x.PercentOf(of).Known {
				line = append(line, x)
			}
		}
		slices.SortStableFunc(line, func(a, b book.Result) int { return a.Year - b.Year })
		if len(line) > 1 {
			p.YearCharts = append(p.YearCharts, p.yearChart(v, types, ch, t, line))
		}
	}
}

func (p *bookPage) yearChart(v viewer, types *book.Types, ch bookChoice, t *book.Type, line []book.Result) chartFigure {
	first, last := yearText(line[0].Year), yearText(line[len(line)-1].Year)
	g := chartFigure{
		Printer: p.Printer, ID: "years-" + string(t.Family), Class: "c6", Kind: chartTrend, Digits: 2, Y: chartAxis{Unit: " %"},
		Title: p.T("book.page.years", t.Short.In(p.Lang), first, last), Sub: p.T("book.page.years.sub"),
		Head: chartHead{Label: p.T("book.page.year"), Value: "%", N: p.T("staff.col.band_short")},
	}
	var before *book.Result
	for i := range line {
		r := &line[i]
		of := types.Type(r.Type)
		if before == nil || before.Type != r.Type {
			g.Segments = append(g.Segments, chartSegment{Name: of.Title.In(p.Lang), Short: yearText(r.Year)})
		}
		if before != nil && before.Unit != r.Unit || before != nil && r.Unit == ch.unit.Code {
			if _, words := book.Earlier(v.cat, r.Unit, r.Year, before.Year); len(words) > 0 {
				g.Notes = append(g.Notes, p.T("book.page.years.since", yearText(r.Year), p.words(words[0])))
			}
		}
		share := r.PercentOf(of).Value
		row := chartRow{Label: yearText(r.Year), Tick: yearText(r.Year), X: float64(r.Year), Y: &share, Text: p.published(r.PercentOf(of)), N: "–", Segment: len(g.Segments) - 1, Hollow: r.Synthetic}
		if r.Rank > 0 {
			row.N = itoa(r.Rank)
			if r.RankOf > 0 {
				row.N += "/" + itoa(r.RankOf)
			}
		}
		g.Rows, before = append(g.Rows, row), r
	}
	if len(g.Segments) > 1 {
		g.Head.Method = p.T("trend.col.method")
		g.Notes = append(g.Notes, p.T("book.page.years.break"))
	}
	if ch.broken != nil {
		g.Notes = append(g.Notes, p.words(*ch.broken))
	}
	if slices.ContainsFunc(line, func(r book.Result) bool { return r.Synthetic }) {
		g.Notes = append(g.Notes, p.T("book.page.years.hollow"))
	}
	return g
}
