package web

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/stats"
	"sipas/internal/survey"
)

var ranksView = newStaffView[ranksPage]("results.html", "ranks.html")

// ranksPage is how the places of units moved from wave to wave.
type ranksPage struct {
	staffPage
	resultBase
	Chart    chartFigure
	Picks    []pick
	Heads    []string // the waves of the table
	Rows     []rankRow
	Move     string // head of what changed since the wave before
	Unjudged bool   // units are clusters: none has an interval
}

// rankRow is one unit in every wave.
type rankRow struct {
	Name, Href string
	Places     []string
	Moved      rankMove
	code       survey.UnitCode
	last       stats.RankBand
	shown      bool
}

// rankMove is the place of a unit in what the page compares with. Only where
// the ranges of the places do not meet is it said to have moved.
type rankMove struct {
	Text, Class, Sign string
}

// ranked is how many of bands there are.
func ranked(bands []stats.RankBand) int {
	n := 0
	for _, b := range bands {
		if b.Low > 0 {
			n++
		}
	}
	return n
}

// rankMoves says where units stood in the time compared with, and which of them
// moved: those whose places among the units with a figure in both times are two
// ranges that do not meet.
func (f *figures) rankMoves(rows []unitRow, now []stats.RankBand) []rankMove {
	moves := make([]rankMove, len(rows))
	if !f.sample() || f.failed != "" {
		return moves
	}
	was, inBoth, wasInBoth := make([]measure, len(rows)), make([]measure, len(rows)), make([]measure, len(rows))
	for i, r := range rows {
		if unit, _ := f.v.cat.Tree.Unit(r.Code); unit.ValidFrom > f.past.From {
			continue
		}
		was[i] = overallOf(f.was.Indices[r.Code])
		if r.m.shown() && was[i].shown() {
			inBoth[i], wasInBoth[i] = r.m, was[i]
		}
	}
	then := f.bandsOf(was)
	from, to := f.bandsOf(wasInBoth), f.bandsOf(inBoth)
	for i := range rows {
		if now[i].Low > 0 && then[i].Low > 0 {
			moves[i] = f.rankMove(from[i], to[i], bandText(then[i])+"/"+itoa(ranked(then)))
		}
	}
	return moves
}

// rankMove compares two places among the same units; was is the earlier one in
// words.
func (f *figures) rankMove(from, to stats.RankBand, was string) rankMove {
	switch {
	case from.Low == 0 || to.Low == 0 || to.Low <= from.High && from.Low <= to.High:
		return rankMove{Text: f.p.T("ranks.was", was), Class: "mut"}
	case to.High < from.Low:
		return rankMove{f.p.T("ranks.up", was), "up-t", "up"}
	}
	return rankMove{f.p.T("ranks.down", was), "dn-t", "dn"}
}

const (
	mostRanked = 500 // units in the table
	mostLines  = 6   // units in the chart
)

func (s *server) ranks(c *fiber.Ctx) error {
	v := s.viewer(c)
	p := ranksPage{staffPage: s.staff(c, v, "ranks")}
	ch, err := v.choose(queryOf(c), "")
	if err != nil {
		return err
	}
	ch.Period, ch.Key, ch.Versus = survey.Period{}, periodAll, versusNone // a rank is of a whole wave
	if !p.begin(v, &p.staffPage, ch, "/app/ranks") {
		return ranksView.render(c, p.status(ch), p)
	}
	p.Form.Versus, p.Form.Periods = nil, nil
	p.Crumbs = v.crumbs(ch.Unit.Code, func(u survey.UnitCode) string { return "/app/ranks" + ch.query("unit", string(u)) })
	rounds, err := s.rounds(c.UserContext(), v, p.staffPage, ch)
	if err != nil {
		if err = s.unread(c, &p.resultBase, err); err != nil {
			return err
		}
		return ranksView.render(c, p.status(ch), p)
	}
	now := rounds[len(rounds)-1]
	p.stand(&p.staffPage, now.figures)
	switch {
	case p.State != "":
	case !p.Sample:
		p.State = "not-sample"
	case len(now.units) > mostRanked || ranked(now.bands) < 2:
		p.State, p.Unjudged = "not-ranked", ch.Wave.Sampling == survey.Clustered
	default:
		allowCharts(c)
		p.fill(rounds, queryOf(c)["u"])
	}
	return ranksView.render(c, p.status(ch), p)
}

// round is the places of the units that stood in one wave.
type round struct {
	*figures
	units []survey.UnitCode
	bands []stats.RankBand
	at    map[survey.UnitCode]int
}

// rounds reads the waves in one line with the chosen one, up to it.
func (s *server) rounds(ctx context.Context, v viewer, p staffPage, ch choice) ([]round, error) {
	var rounds []round
	for _, w := range v.cat.Line(ch.Wave) {
		if w.From > ch.Wave.From {
			continue
		}
		ch := ch
		ch.Wave, ch.Span = w, span(w, v.today, s.Zone)
		units := v.childrenOf(ch)
		if len(units) > mostRanked {
			units = units[:mostRanked+1] // too many to rank here, and the page says so
		}
		f, err := s.read(ctx, v, p.Printer, ch, append([]survey.UnitCode{ch.Unit.Code}, units...))
		if err != nil {
			return nil, err
		}
		r := round{figures: f, units: units, at: map[survey.UnitCode]int{}}
		var measures []measure
		for i, u := range units {
			r.at[u], measures = i, append(measures, overallOf(f.index(u)))
		}
		r.bands = f.bandsOf(measures)
		rounds = append(rounds, r)
	}
	return rounds, nil
}

// band is the place of a unit; zero where it has none.
func (r round) band(u survey.UnitCode) stats.RankBand {
	if i, ok := r.at[u]; ok {
		return r.bands[i]
	}
	return stats.RankBand{}
}

// place is the place of a unit in words: "—" where there was no such unit.
func (r round) place(u survey.UnitCode) string {
	if _, ok := r.at[u]; !ok {
		return "—"
	}
	if b := r.band(u); b.Low > 0 {
		return bandText(b) + "/" + itoa(ranked(r.bands))
	}
	if overallOf(r.index(u)).N > 0 {
		return r.p.T("staff.few")
	}
	return r.p.T("staff.none")
}

func (p *ranksPage) fill(rounds []round, chosen []string) {
	now := rounds[len(rounds)-1]
	before := comparable(rounds)
	for _, r := range rounds {
		p.Heads = append(p.Heads, r.c.Wave.Name)
	}
	moves := map[survey.UnitCode]rankMove{}
	if before != nil {
		p.Move = p.T("ranks.since", before.c.Wave.Name)
		moves = now.movesSince(*before)
	}
	for _, u := range now.v.sorted(p.Printer, now.units) {
		unit, _ := now.v.cat.Tree.Unit(u)
		row := rankRow{Name: unit.Name, Href: "/app/units/" + string(u) + now.c.query("unit", "", "vs", ""), Moved: moves[u], code: u, last: now.band(u)}
		if row.Moved.Text != "" && row.Moved.Sign == "" {
			row.Moved.Text = p.T("ranks.unclear") // the earlier range has a column of its own
		}
		row.shown = row.last.Low > 0
		for _, r := range rounds {
			row.Places = append(row.Places, r.place(u))
		}
		p.Rows = append(p.Rows, row)
	}
	slices.SortStableFunc(p.Rows, func(a, b rankRow) int {
		if a.shown != b.shown {
			return boolOrder(a.shown, b.shown)
		}
		return cmp.Compare(b.last.Rank, a.last.Rank)
	})
	lines := p.pickLines(chosen)
	p.Chart = now.bumpFigure(rounds, lines, moves)
	p.Chart.Title = now.ranksTitle(before, moves)
	p.Chart.Foot = p.AsOf.Text
}

// comparable is the last wave before the newest that asked in the same way.
func comparable(rounds []round) *round {
	now := rounds[len(rounds)-1]
	for i := len(rounds) - 2; i >= 0; i-- {
		if rounds[i].c.Wave.Instrument == now.c.Wave.Instrument {
			return &rounds[i]
		}
	}
	return nil
}

// movesSince compares the places among the units with a figure in both waves.
func (r round) movesSince(before round) map[survey.UnitCode]rankMove {
	var units []survey.UnitCode
	var now, was []measure
	for _, u := range r.units {
		if r.band(u).Low > 0 && before.band(u).Low > 0 {
			units, now, was = append(units, u), append(now, overallOf(r.index(u))), append(was, overallOf(before.index(u)))
		}
	}
	moves := map[survey.UnitCode]rankMove{}
	from, to := r.bandsOf(was), r.bandsOf(now)
	for i, u := range units {
		moves[u] = r.rankMove(from[i], to[i], before.place(u))
	}
	return moves
}

// pickLines are the units drawn: the chosen ones, else those that moved, then
// the lowest and the highest.
func (p *ranksPage) pickLines(chosen []string) []rankRow {
	shown := slices.DeleteFunc(slices.Clone(p.Rows), func(r rankRow) bool { return !r.shown })
	order := slices.Concat(
		slices.DeleteFunc(slices.Clone(shown), func(r rankRow) bool { return r.Moved.Sign == "" }),
		shown[:min(mostLines/2, len(shown))], shown[max(0, len(shown)-mostLines/2):],
	)
	if len(chosen) > 0 {
		order = slices.DeleteFunc(slices.Clone(shown), func(r rankRow) bool { return !slices.Contains(chosen, string(r.code)) })
	}
	var lines []rankRow
	drawn := map[survey.UnitCode]bool{}
	for _, r := range order {
		if !drawn[r.code] && len(lines) < mostLines {
			lines, drawn[r.code] = append(lines, r), true
		}
	}
	for _, r := range p.Rows {
		p.Picks = append(p.Picks, pick{string(r.code), r.Name, drawn[r.code]})
	}
	return lines
}

// bumpFigure draws the places of some units from wave to wave.
func (f *figures) bumpFigure(rounds []round, lines []rankRow, moves map[survey.UnitCode]rankMove) chartFigure {
	g := chartFigure{
		Printer: f.p, ID: "bump", Class: "c12", Kind: chartSlope, Sub: f.p.T("ranks.sub"),
		Head: chartHead{Label: f.p.T("trend.col.wave"), Series: f.p.T("staff.col.unit"), Value: f.p.T("staff.col.band_short"), Low: f.p.T("trend.col.low"), High: f.p.T("trend.col.high"), N: "n"},
	}
	for i, r := range rounds {
		if i == 0 || r.c.Wave.Instrument != rounds[i-1].c.Wave.Instrument {
			short, _ := r.now.Instrument.ID.Version()
			g.Segments = append(g.Segments, chartSegment{r.now.Instrument.Title.In(f.p.Lang), short})
		}
		for _, l := range lines {
			m := overallOf(r.index(l.code))
			row := chartRow{
				Series: l.Name, Label: r.c.Wave.Name, Tick: r.c.Wave.To.Date().Format("01/2006"), X: float64(i), Segment: len(g.Segments) - 1,
				Text: r.place(l.code), N: f.p.Int(m.N), Tone: toneSame,
			}
			if b := r.band(l.code); b.Low > 0 {
				rank, low, high := float64(b.Rank), float64(b.Low), float64(b.High)
				row.Y, row.Low, row.High = &rank, &low, &high
				row.Text = itoa(b.Rank) + "/" + itoa(ranked(r.bands))
			}
			switch moves[l.code].Sign {
			case "up":
				row.Tone = toneUp
			case "dn":
				row.Tone = toneDown
			}
			g.Rows = append(g.Rows, row)
		}
	}
	if len(g.Segments) > 1 {
		g.Head.Method = f.p.T("trend.col.method")
		g.Notes = append(g.Notes, f.p.T("ranks.break"))
	}
	return g
}

// ranksTitle says how many units moved, and no more than the ranges allow.
func (f *figures) ranksTitle(before *round, moves map[survey.UnitCode]rankMove) string {
	if before == nil {
		return f.p.T("ranks.title.alone")
	}
	var names []string
	for _, u := range f.v.sorted(f.p, f.children()) {
		if moves[u].Sign != "" {
			unit, _ := f.v.cat.Tree.Unit(u)
			names = append(names, unit.Name)
		}
	}
	switch {
	case len(moves) == 0:
		return f.p.T("ranks.title.alone")
	case len(names) == 0:
		return f.p.T("ranks.title.none", before.c.Wave.Name, len(moves))
	case len(names) > 3:
		return f.p.T("ranks.title.many", len(names), len(moves), before.c.Wave.Name)
	}
	return f.p.T("ranks.title.some", strings.Join(names, ", "), before.c.Wave.Name, len(moves)-len(names))
}
