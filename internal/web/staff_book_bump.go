package web

import (
	"context"
	"slices"

	"sipas/internal/book"
	"sipas/internal/survey"
)

// mostBumps is how many years the chart of ranks goes back.
const mostBumps = 6

// bumpChart draws the published ranks of some units from year to year: the
// chosen ones, else those that moved most. A line ends where the method, or the
// number of those ranked, changes.
func (s *server) bumpChart(ctx context.Context, v viewer, p *leaguePage, ch leagueChoice, chosen []string) error {
	years := slices.DeleteFunc(slices.Clone(ch.years), func(y int) bool { return y > ch.year || y <= ch.year-mostBumps })
	lines := p.bumpLines(chosen)
	if len(years) < 2 || len(lines) == 0 {
		return nil
	}
	g := chartFigure{
		Printer: p.Printer, ID: "bump", Class: "c12", Kind: chartSlope, Sub: p.T("book.league.bump.sub"),
		Title: p.T("book.league.bump", ch.t.Short.In(p.Lang), yearText(years[0]), yearText(ch.year)),
		Head:  chartHead{Label: p.T("book.page.year"), Series: p.T("staff.col.unit"), Value: p.T("staff.col.band_short")},
	}
	boards, err := s.ofFamily(ctx, ch, years...)
	if err != nil {
		return err
	}
	of := map[int][]book.Result{}
	for _, b := range boards {
		of[b.Year] = append(of[b.Year], b.Peers(v.cat.Tree, ch.among).Results...)
	}
	before := ""
	for i, y := range years {
		rs := of[y]
		if y == ch.year {
			rs = ch.now
		}
		if how := howRanked(rs); how.key() != before {
			before = how.key()
			g.Segments = append(g.Segments, chartSegment{how.name(p.staffPage, s.Indices), yearText(y)})
		}
		for _, l := range lines {
			g.Rows = append(g.Rows, p.bumpRow(v, rs, l, y, i, len(g.Segments)-1))
		}
	}
	if len(g.Segments) > 1 {
		g.Head.Method = p.T("trend.col.method")
		g.Notes = append(g.Notes, p.T("book.league.bump.break"))
	}
	p.Chart = g
	return nil
}

// ranking is how the units of a year were ranked.
type ranking struct {
	t  book.TypeCode
	of int
}

func howRanked(rs []book.Result) (how ranking) {
	for _, r := range rs {
		how.t, how.of = r.Type, max(how.of, r.RankOf)
	}
	return how
}

func (r ranking) key() string { return string(r.t) + "/" + itoa(r.of) }

func (r ranking) name(p staffPage, types *book.Types) string {
	name := string(r.t)
	if t := types.Type(r.t); t != nil {
		name = t.Title.In(p.Lang)
	}
	if r.of > 0 {
		name += ", " + p.T("book.league.bump.of", r.of)
	}
	return name
}

// bumpRow is the rank of a unit in a year, or of whoever passed whole to it since;
// where it was put together from parts there is none, and its line begins later.
func (p *leaguePage) bumpRow(v viewer, rs []book.Result, l leagueLine, year, at, segment int) chartRow {
	row := chartRow{Series: l.Name, Label: yearText(year), Tick: yearText(year), X: float64(at), Segment: segment, Text: p.T("staff.none"), Tone: toneSame}
	if l.row.Change.Ranked {
		switch {
		case l.row.Change.Rank > 0:
			row.Tone = toneUp
		case l.row.Change.Rank < 0:
			row.Tone = toneDown
		}
	}
	of, _ := book.Earlier(v.cat, l.code, l.row.Year, year)
	i := slices.IndexFunc(rs, func(r book.Result) bool { return r.Unit == of })
	if i < 0 || rs[i].Rank == 0 {
		return row
	}
	rank := float64(rs[i].Rank)
	row.Y, row.Text, row.Hollow = &rank, itoa(rs[i].Rank), rs[i].Synthetic
	if rs[i].RankOf > 0 {
		row.Text += "/" + itoa(rs[i].RankOf)
	}
	return row
}

// bumpLines are the units drawn.
func (p *leaguePage) bumpLines(chosen []string) []leagueLine {
	order := slices.DeleteFunc(slices.Clone(p.Rows), func(l leagueLine) bool { return l.row.Rank == 0 })
	if len(chosen) > 0 {
		order = slices.DeleteFunc(order, func(l leagueLine) bool { return !slices.Contains(chosen, string(l.code)) })
	} else {
		slices.SortStableFunc(order, func(a, b leagueLine) int { return distance(b) - distance(a) })
	}
	return order[:min(mostLines, len(order))]
}

// distance is how many places a unit moved, either way.
func distance(l leagueLine) int { return max(l.row.Change.Rank, -l.row.Change.Rank) }

// Drawn reports whether a unit is in the chart.
func (p leaguePage) Drawn(l leagueLine) bool {
	return slices.ContainsFunc(p.Chart.Rows, func(r chartRow) bool { return r.Series == l.Name })
}

// Code is the unit's.
func (l leagueLine) Code() survey.UnitCode { return l.code }
