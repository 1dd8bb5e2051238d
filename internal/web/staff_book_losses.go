package web

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"sipas/internal/book"
	"sipas/internal/report"
)

// lossSections say, index by index, where the points were lost, the most first,
// and what lies below the group and below the year before.
func (s *server) lossSections(ctx context.Context, v viewer, p *conferencePage, ch bookChoice, rs []book.Result) error {
	groups, err := s.groups(ctx, v, rs)
	if err != nil {
		return err
	}
	for i, r := range rs {
		if len(r.Parts) == 0 {
			continue
		}
		t, group := p.Rows[i].kind, groups[i]
		before := ch.before(s.Indices, r)
		f := p.partsFigure(t, r, before, group)
		table := p.lossTable(t, f)
		p.add("parts-"+string(t.Code), p.T("book.conf.parts", f.Short), f.Title, table)
	}
	return nil
}

// lossTable is every component with a score. Bars are what each has of all that
// was lost, or its share of the maximum where scores do not add up.
func (p *conferencePage) lossTable(t *book.Type, f partsFigure) *report.Table {
	out := &report.Table{Sheet: p.T("book.conf.parts", f.Short), Bar: 1, Columns: []report.Column{
		{Head: p.T("book.page.col.part")},
		{Head: p.T("book.page.col.share"), Format: report.Tenths},
		{Head: p.T("book.page.col.score"), Format: report.Percent},
		{Head: p.T("book.page.col.maximum"), Format: report.Tenths, Book: !t.Adds},
		{Head: p.T("book.conf.lost"), Format: report.Percent, Book: !t.Adds},
		{Head: p.T("book.conf.from_year", f.Was), Format: twoSigned, Book: f.Was == ""},
		{Head: p.T("book.conf.from_mean"), Format: twoSigned, Book: f.Group == ""},
	}}
	tone := "b-data"
	all := 0.0
	for _, l := range f.losses {
		all += l.Lost
	}
	if all > 0 {
		tone, out.Columns[1].Head = "b-down", p.T("book.conf.lost_share")
	}
	for _, row := range byLoss(t, f.parts) {
		c := row.Component
		name := strings.Repeat("› ", min(c.Depth(), 3)) + c.Title.In(p.Lang)
		year, mean, bar := book.Number{}, book.Number{}, row.Share
		if all > 0 && bar.Known {
			bar = book.Of(100 * row.Lost.Value / all)
		}
		if f.Was != "" {
			year = row.FromYear
		}
		if f.Group != "" && row.N >= leastMean {
			mean = row.FromMean
		}
		out.Rows = append(out.Rows, report.Row{Tone: tone, Cells: []report.Cell{
			report.Text(name), cellOf(p.staffPage, bar), cellOf(p.staffPage, row.Score), cellOf(p.staffPage, book.Number{Value: c.Maximum, Known: c.Maximum > 0}),
			cellOr(row.Lost), cellOr(year), cellOr(mean),
		}})
	}
	out.Notes = p.lossNotes(f)
	return out
}

// lossNotes say what is below the group and the year before, and how sure all of
// it is.
func (p *conferencePage) lossNotes(f partsFigure) (notes []string) {
	for _, weak := range f.Weak[:len(f.Weak)-1] { // the last is how the table is ordered
		notes = append(notes, p.weakWords(weak))
	}
	sure := p.T("book.page.parts.sub")
	if f.Group != "" {
		sure += " " + p.T("book.page.parts.sub_group", f.Group)
	}
	notes = append(notes, sure)
	if f.MadeUp {
		notes = append(notes, p.T("book.page.parts.made_up"))
	}
	if f.Marks != "" {
		notes = append(notes, p.T("book.page.not_official")+": "+strings.TrimSpace(f.Marks+" "+f.Note))
	}
	return notes
}

// weakWords is a list of weak components as a sentence.
func (p *conferencePage) weakWords(w weakList) string {
	var names []string
	for _, r := range w.Rows {
		names = append(names, r.Name+" ("+r.Value+")")
	}
	if len(names) == 0 {
		return w.None
	}
	return p.T("book.conf.weak", w.Title, p.list(names))
}

// byLoss orders the components that have scores by the points that were lost,
// or by their shares of the maximum where scores do not add up, each with those
// below it.
func byLoss(t *book.Type, rows []book.PartRow) []book.PartRow {
	of := map[*book.Component]book.PartRow{}
	for _, r := range rows {
		of[r.Component] = r
	}
	var out []book.PartRow
	var walk func(cs []*book.Component)
	walk = func(cs []*book.Component) {
		cs = slices.Clone(cs)
		slices.SortStableFunc(cs, func(a, b *book.Component) int {
			x, y := of[a], of[b]
			switch {
			case x.Share.Known != y.Share.Known:
				return cmp.Compare(known(y.Share), known(x.Share)) // what has no maximum comes last
			case t.Adds:
				return cmp.Compare(y.Lost.Value, x.Lost.Value)
			}
			return cmp.Compare(x.Share.Value, y.Share.Value)
		})
		for _, c := range cs {
			if of[c].Score.Known {
				out = append(out, of[c])
			}
			walk(c.Children)
		}
	}
	walk(t.Components)
	return out
}

func known(n book.Number) int {
	if n.Known {
		return 1
	}
	return 0
}

// mostEnds is how many rows of a long table are printed from either end.
const mostEnds = 15

// mostWhole is how many units that the chosen one is ranked with are printed
// whole: the communes of a province.
const mostWhole = 150

// rankSection is every unit with its rank and change, index by index.
func (p *conferencePage) rankSection(v viewer, leagues []conferenceLeague, memory *bandMemory) {
	var tables []*report.Table
	var found []string
	for _, l := range leagues {
		up, down, same := book.Moved(l.rows)
		short := l.t.Short.In(p.Lang)
		if up+down+same > 0 {
			found = append(found, p.T("book.conf.ranks.moved", short, up, down, same))
		}
		tables = append(tables, p.rankTable(v, l, memory))
	}
	if len(tables) == 0 {
		return
	}
	title := p.T("book.conf.ranks.none")
	if len(found) > 0 {
		title = p.T("book.conf.ranks.title", yearText(p.Was), strings.Join(found, "; "))
	}
	p.add("ranks", p.T("book.conf.ranks"), title, tables...)
}

func (p *conferencePage) rankTable(v viewer, l conferenceLeague, memory *bandMemory) *report.Table {
	page := leaguePage{staffPage: p.staffPage, thresholds: p.thresholds}
	bands, seen := leagueBands(l.rows, memory), seenOf(v, l.rows)
	page.Bands = len(bands) > 0
	page.notes(v, l.leagueChoice, l.rows, len(seen))
	name := p.T("book.conf.ranks.of", l.t.Short.In(p.Lang))
	t := &report.Table{Sheet: name, Title: l.t.Short.In(p.Lang) + ": " + p.amongName(v, l.among), Notes: page.Notes, Columns: []report.Column{
		{Head: p.T("staff.col.unit")},
		{Head: p.T("staff.col.band_short"), Format: report.Count},
		{Head: p.T("book.conf.among"), Format: report.Count},
		{Head: p.T("book.page.col.score"), Format: report.Percent},
		{Head: p.T("book.conf.change"), Format: twoSigned},
		{Head: p.T("book.conf.moved")},
		{Head: p.T("book.conf.chance"), Book: len(l.chances) == 0},
		{Head: p.T("book.conf.band"), Book: !page.Bands},
		{Head: "n", Format: report.Count, Book: !page.Bands},
	}}
	if l.below || len(seen) > mostWhole {
		t.Ends, t.Figures = mostEnds, len(seen)
	}
	if page.Bands {
		t.Notes = append(t.Notes, p.T("book.league.bands"))
	}
	t.Rows = make([]report.Row, 0, len(seen))
	for i := range seen {
		r := &seen[i]
		if r.Unit != p.Unit.Code && p.leavesOut(t, i) {
			t.Rows = append(t.Rows, report.Row{})
			continue
		}
		unit, _ := v.cat.Tree.Unit(r.Unit)
		t.Rows = append(t.Rows, report.Row{Strong: r.Unit == p.Unit.Code, Cells: []report.Cell{
			report.Text(unit.Name), cellOf(p.staffPage, rankNumber(r.Rank)), cellOf(p.staffPage, rankNumber(r.RankOf)), cellOf(p.staffPage, r.Value),
			cellOr(r.Change.Score), report.Text(page.moved(l.leagueChoice, r)), report.Text(p.chanceText(l.chances[r.Unit])), report.Text(bandText(bands[r.Unit])), cellOr(book.Number{Value: float64(r.N), Known: r.N > 0}),
		}})
	}
	return t
}

// leavesOut reports whether the page leaves out row i of a table, unless it is a
// strong one, so that nobody needs to write it. A workbook has all.
func (p *conferencePage) leavesOut(t *report.Table, i int) bool {
	return !p.whole && t.Ends > 0 && i >= t.Ends && i < t.Figures-t.Ends
}

// chanceText says whether a change is more than chance explains; nothing of what
// was published without responses.
func (p *conferencePage) chanceText(c book.Chance) string {
	if c == book.NotSampled {
		return ""
	}
	return p.T("book.conf.chance." + string(c))
}
