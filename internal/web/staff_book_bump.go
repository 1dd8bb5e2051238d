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
	for _, l := range lines {
		p.drawn = append(p.drawn, l.Unit)
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
	of := map[int][]book.Board{ch.year: {ch.board}}
	for _, b := range boards {
		if b.Year != ch.year {
			of[b.Year] = append(of[b.Year], b.Peers(v.cat.Tree, ch.among))
		}
	}
	before, told := "", make([]bumpTold, len(lines))
	across := s.across(v.cat)
	for i, y := range years {
		if how := howRanked(of[y]); how.key() != before {
			before = how.key()
			g.Segments = append(g.Segments, chartSegment{how.name(p.staffPage, s.Indices), yearText(y)})
		}
		for k, l := range lines {
			row := p.bumpRow(v, across, of[y], l, y, &told[k])
			row.X, row.Segment = float64(i), len(g.Segments)-1
			g.Rows = append(g.Rows, row)
		}
	}
	for k, l := range lines {
		if said := told[k].broken; said != "" {
			g.Notes = append(g.Notes, p.T("book.page.years.since", v.named(l.Unit), said))
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

func howRanked(boards []book.Board) (how ranking) {
	for _, b := range boards {
		for i := range b.Results {
			how.t, how.of = b.Type.Code, max(how.of, b.Results[i].RankOf)
		}
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

// bumpTold is what has been said of a line so far, from the left.
type bumpTold struct {
	year   int
	since  string // who has joined since that year, which was the one before
	broken string // why the line breaks
}

// bumpRow is the rank of a unit in a year, or of whoever passed whole to it since.
// Where it was put together from parts there is none, and its line begins later;
// where somebody joined it, the line begins anew. A rank is nobody's to put
// together.
func (p *leaguePage) bumpRow(v viewer, across book.Lines, boards []book.Board, l *book.LeagueRow, year int, told *bumpTold) chartRow {
	row := chartRow{Series: v.named(l.Unit), Label: yearText(year), Tick: yearText(year), Text: p.T("book.league.bump.none"), Tone: toneSame}
	if l.Change.Ranked {
		switch {
		case l.Change.Rank > 0:
			row.Tone = toneUp
		case l.Change.Rank < 0:
			row.Tone = toneDown
		}
	}
	of := func(u survey.UnitCode) *book.Result {
		for _, b := range boards {
			if r := b.Of(u); r != nil {
				return r
			}
		}
		return nil
	}
	base := book.Base{Of: l.Unit}
	if year < l.Year {
		base = across.Base(l.Result, year, func(u survey.UnitCode) bool { return of(u) != nil })
	}
	if base.Of == "" {
		row.Text, told.broken = p.T("book.league.bump.not"), p.words(base.Words[0])
		return row
	}
	since := ""
	if len(base.Words) > 0 && base.Words[0].Key == "book.joined_since" {
		since = p.words(base.Words[0])
	}
	if row.Gap = told.since != "" && told.since != since; row.Gap {
		told.broken = p.T("book.page.years.since", yearText(told.year), told.since)
	}
	told.year, told.since = year, since
	r := of(base.Of)
	if r == nil || r.Rank == 0 {
		return row
	}
	rank := float64(r.Rank)
	row.Y, row.Text, row.Hollow = &rank, itoa(r.Rank), r.Synthetic
	if r.RankOf > 0 {
		row.Text += "/" + itoa(r.RankOf)
	}
	return row
}

// bumpLines are the units drawn.
func (p *leaguePage) bumpLines(chosen []string) []*book.LeagueRow {
	var order []*book.LeagueRow
	for i := range p.seen {
		if r := &p.seen[i]; r.Rank > 0 && (len(chosen) == 0 || slices.Contains(chosen, string(r.Unit))) {
			order = append(order, r)
		}
	}
	if len(chosen) == 0 {
		slices.SortStableFunc(order, func(a, b *book.LeagueRow) int { return distance(b) - distance(a) })
	}
	return order[:min(mostLines, len(order))]
}

// distance is how many places a unit moved, either way.
func distance(r *book.LeagueRow) int { return max(r.Change.Rank, -r.Change.Rank) }
