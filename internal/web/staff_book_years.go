package web

import (
	"context"
	"slices"

	"sipas/internal/book"
	"sipas/internal/survey"
)

// fillYears draws how each index of the year shown went over the years: percent
// of the maximum, with the rank among how many. The line breaks where the method
// or who is measured changed; it goes on through whoever passed whole to the unit,
// and says so. Where several did, responses of former surveys, put together, are
// points of another shape.
func (s *server) fillYears(ctx context.Context, v viewer, p *bookPage, ch bookChoice, rs []book.Result) error {
	all := slices.Concat(ch.past, ch.all)
	for _, r := range rs {
		t := s.Indices.Type(r.Type)
		var line []yearPoint
		for _, x := range all {
			if of := s.Indices.Type(x.Type); of.Family == t.Family && x.PercentOf(of).Known {
				line = append(line, yearPoint{Result: x})
			}
		}
		former, err := s.formerYears(ctx, v, ch, t, line)
		if err != nil {
			return err
		}
		line = append(line, former...)
		slices.SortStableFunc(line, func(a, b yearPoint) int { return a.Year - b.Year })
		if len(line) > 1 {
			p.YearCharts = append(p.YearCharts, p.yearChart(s.Indices, ch, t, line))
		}
	}
	if len(p.YearCharts)%3 == 0 {
		for i := range p.YearCharts {
			p.YearCharts[i].Class = "c4" // three to a line, so that none stands beside a hole
		}
	}
	return nil
}

// yearPoint is a result, or what responses come to, put together.
type yearPoint struct {
	book.Result

	pooled *pooledFigure
}

// formerYears are the published surveys by sample of a family, from years that the
// unit has no figure of, whose responses can be put together: of each year the last.
func (s *server) formerYears(ctx context.Context, v viewer, ch bookChoice, t *book.Type, line []yearPoint) ([]yearPoint, error) {
	waves := map[int]*survey.Wave{}
	for _, w := range v.cat.Waves {
		year, of := w.From.Date().Year(), s.Indices.OfInstrument(w.Instrument)
		if w.State != survey.Published || !w.Random() || of == nil || of.Family != t.Family || year > ch.year {
			continue
		}
		if has := slices.ContainsFunc(line, func(x yearPoint) bool { return x.Year == year }); !has && (waves[year] == nil || w.From > waves[year].From) {
			waves[year] = w
		}
	}
	var former []yearPoint
	for year, w := range waves {
		r := book.Result{Key: book.Key{Unit: ch.unit.Code, Type: s.Indices.OfInstrument(w.Instrument).Code, Year: ch.year}, Synthetic: w.Synthetic}
		origins := ch.lines.Pool(&r, w)
		if len(origins) == 0 {
			continue
		}
		in, err := s.answered(ctx, w, survey.UnitsOf(origins))
		if err != nil {
			return nil, err
		}
		if f := in.together(v.cat.Tree, r.Unit, origins); f.Percent.Known {
			r.Year, r.Percent, r.N = year, f.Percent, f.N
			former = append(former, yearPoint{r, f})
		}
	}
	return former, nil
}

func (p *bookPage) yearChart(types *book.Types, ch bookChoice, t *book.Type, line []yearPoint) chartFigure {
	first, last := yearText(line[0].Year), yearText(line[len(line)-1].Year)
	g := chartFigure{
		Printer: p.Printer, ID: "years-" + string(t.Family), Class: "c6", Kind: chartTrend, Digits: 2, Y: chartAxis{Unit: " %"},
		Title: p.T("book.page.years", t.Short.In(p.Lang), first, last), Sub: p.T("book.page.years.sub"),
		Head: chartHead{Label: p.T("book.page.year"), Value: "%", N: p.T("staff.col.band_short")},
	}
	var before *yearPoint
	for i := range line {
		r := &line[i]
		of := types.Type(r.Type)
		since := p.since(ch, before, r)
		if before == nil || before.Type != r.Type || since.breaks {
			g.Segments = append(g.Segments, chartSegment{Name: of.Title.In(p.Lang) + since.name, Short: yearText(r.Year)})
		}
		if since.say != "" {
			g.Notes = append(g.Notes, p.T("book.page.years.since", yearText(r.Year), since.say))
		}
		g.Rows, before = append(g.Rows, p.yearRow(of, r, len(g.Segments)-1)), r
	}
	if len(g.Segments) > 1 {
		g.Head.Method = p.T("trend.col.method")
		g.Notes = append(g.Notes, p.T("book.page.years.break"))
	}
	if ch.broken != nil {
		g.Notes = append(g.Notes, p.T("book.page.years.begins", first, p.words(*ch.broken)))
	}
	for i := range line {
		if f := line[i].pooled; f != nil {
			g.Notes = append(g.Notes, p.T("book.page.years.pooled", yearText(f.Year), p.words(f.Words())))
		}
	}
	if slices.ContainsFunc(line, func(r yearPoint) bool { return r.Synthetic }) {
		g.Notes = append(g.Notes, p.T("book.page.years.hollow"))
	}
	return g
}

// joint is what lies between two points of a line.
type joint struct {
	breaks    bool   // they are not of the same people
	name, say string // behind the method's name; below the chart
}

// since says what a reorganisation between two points means.
func (p *bookPage) since(ch bookChoice, before, r *yearPoint) (j joint) {
	switch {
	case r.pooled != nil:
		return joint{breaks: before == nil || before.pooled == nil, name: ", " + p.T("book.page.years.pooled.name")}
	case before == nil:
		return j
	case before.pooled != nil:
		return joint{breaks: true}
	}
	base := ch.lines.Base(&r.Result, before.Year, func(u survey.UnitCode) bool { return u == before.Unit })
	if len(base.Words) == 0 {
		return j
	}
	return joint{breaks: base.Of == "" || base.Words[0].Key == "book.joined_since", say: p.words(base.Words[0])}
}

// yearRow is one point. Of responses put together n stands where others have a rank.
func (p *bookPage) yearRow(of *book.Type, r *yearPoint, segment int) chartRow {
	share := r.PercentOf(of).Value
	row := chartRow{Label: yearText(r.Year), Tick: yearText(r.Year), X: float64(r.Year), Y: &share, Text: p.published(r.PercentOf(of)), N: "–", Segment: segment, Hollow: r.Synthetic}
	switch {
	case r.pooled != nil:
		row.Pooled, row.Text, row.N = true, p.Decimal(share, 2), "n = "+p.Int(r.N)
		if r.pooled.How != survey.PooledWhole {
			row.Text, row.N = "≈ "+row.Text, "n ≈ "+p.Int(r.N)
		}
	case r.Rank > 0:
		row.N = itoa(r.Rank)
		if r.RankOf > 0 {
			row.N += "/" + itoa(r.RankOf)
		}
	}
	return row
}
