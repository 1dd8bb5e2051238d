package web

import (
	"context"
	"slices"
	"strings"

	"sipas/internal/book"
	"sipas/internal/report"
)

// changes of scores carry their sign.
var twoSigned = report.Format{Number: true, Decimals: 2, Signed: true}

// situation is the first page: where the unit stands, in sentences and side by
// side.
func (s *server) situation(ctx context.Context, p *conferencePage, ch bookChoice, rs []book.Result, beside []*pooledFigure, leagues []conferenceLeague) error {
	if len(rs) == 0 {
		var shorts []string
		for _, l := range leagues {
			shorts = append(shorts, p.T("book.conf.below.units", l.t.Short.In(p.Lang), len(l.now)))
		}
		p.Title = p.T("book.conf.below.title", ch.unit.Name, yearText(ch.year), p.list(shorts))
		p.Sub = p.T("book.page.measured", yearText(ch.year))
		p.Situation = []string{p.T("book.conf.below.say", ch.unit.Name, yearText(ch.year)), p.T("book.conf.published")}
		return nil
	}
	p.tell(rs)
	chances, err := s.ownChances(ctx, ch, rs, beside, leagues)
	if err != nil {
		return err
	}
	p.Situation = append(p.tellScores(chances), p.tellRanks()...)
	p.Situation = append(append(p.Situation, p.Across...), p.tellSure(rs)...)
	for _, source := range p.Sources {
		p.Situation = append(p.Situation, p.T("book.page.source", source))
	}
	p.add("situation", p.T("book.conf.situation"), p.RowsTitle, p.sideBySide())
	return nil
}

// ownChances say of each index whether its change is more than chance explains:
// looked at together with those it is ranked among.
func (s *server) ownChances(ctx context.Context, ch bookChoice, rs []book.Result, beside []*pooledFigure, leagues []conferenceLeague) (map[book.TypeCode]book.Chance, error) {
	chances := map[book.TypeCode]book.Chance{}
	for i := range rs {
		r := rs[i]
		if r.N == 0 {
			continue
		}
		found, err := s.chances(ctx, []book.LeagueRow{{Result: &r, Before: ch.before(s.Indices, r)}}, pools{r.Unit: beside[i]}, ch.versus)
		if err != nil {
			return nil, err
		}
		chances[r.Type] = found[r.Unit]
		for _, l := range leagues {
			if !l.below && l.t.Code == r.Type {
				chances[r.Type] = l.chances[r.Unit]
			}
		}
	}
	return chances, nil
}

// tellScores says which scores rose and which fell. A change that chance may
// explain is neither.
func (p *conferencePage) tellScores(chances map[book.TypeCode]book.Chance) (say []string) {
	if p.Was == 0 {
		return nil
	}
	by := map[string][]string{}
	for _, r := range p.Rows {
		c := r.change.Score
		key := "up"
		switch chance := chances[r.result.Type]; {
		case !c.Known:
			say = append(say, r.Short+": "+p.words(r.change.ScoreHow))
			continue
		case chance == book.Noise || chance == book.Untested:
			key = string(chance)
		case c.Round(2) == 0:
			key = "same"
		case c.Value < 0:
			key = "down"
		}
		said := "book.conf.by"
		if chances[r.result.Type] == book.Beyond {
			said = "book.conf.by.beyond"
		}
		by[key] = append(by[key], p.T(said, r.Short, p.Signed(c.Value, 2)))
	}
	var told []string
	for _, key := range []string{"up", "down", "same", "noise", "untested"} {
		if len(by[key]) > 0 {
			told = append(told, p.T("book.conf.scores."+key, p.list(by[key])))
		}
	}
	if len(told) > 0 {
		say = append([]string{p.T("book.conf.scores", yearText(p.Was), strings.Join(told, "; "))}, say...)
	}
	return say
}

// tellRanks says how ranks moved, among how many.
func (p *conferencePage) tellRanks() (say []string) {
	var told []string
	for _, r := range p.Rows {
		one := r.Short + ": " + p.rankSentence(r.result)
		if r.ranked {
			one = p.T("book.conf.rank", r.Short, strings.TrimSuffix(p.rankSentence(r.result), "."), p.rankMoved(r.change, r.before))
		}
		told = append(told, one)
	}
	return append(say, strings.Join(told, " "))
}

// tellSure says what is provisional, made up, or confirmed by no source.
func (p *conferencePage) tellSure(rs []book.Result) (say []string) {
	name := func(is func(book.Result, *book.Type) bool) string {
		var names []string
		for i, r := range rs {
			if is(r, p.Rows[i].kind) {
				names = append(names, p.Rows[i].Short)
			}
		}
		return p.list(names)
	}
	for _, x := range []struct {
		key string
		is  func(book.Result, *book.Type) bool
	}{
		{"book.conf.provisional", func(r book.Result, _ *book.Type) bool { return r.Status == book.Provisional }},
		{"book.conf.synthetic", func(r book.Result, _ *book.Type) bool { return r.Synthetic }},
		{"book.conf.parts_synthetic", func(r book.Result, _ *book.Type) bool { return r.PartsSynthetic && !r.Synthetic }},
		{"book.conf.unconfirmed", func(r book.Result, t *book.Type) bool { return t.Mark == book.Unconfirmed }},
		{"book.conf.inferred", func(r book.Result, t *book.Type) bool { return t.MaxMark == book.Inferred && ofMaximum(r, t) }},
		{"book.conf.maximum_unconfirmed", func(r book.Result, t *book.Type) bool { return t.MaxMark == book.Unconfirmed && ofMaximum(r, t) }},
	} {
		if names := name(x.is); names != "" {
			say = append(say, p.T(x.key, names))
		}
	}
	if p.MadeUp {
		say = append(say, p.T("book.page.rows.made_up", yearText(p.Was)))
	}
	if slices.ContainsFunc(rs, func(r book.Result) bool { return r.N == 0 }) {
		say = append(say, p.T("book.conf.published"))
	}
	return say
}

// ofMaximum reports whether a result is a score out of the maximum of its type.
func ofMaximum(r book.Result, t *book.Type) bool {
	return t.Maximum > 0 && r.MaximumOf(t).Value == t.Maximum && r.Score.Known
}

// sideBySide is every index in a row of its own.
func (p *conferencePage) sideBySide() *report.Table {
	was := yearText(p.Was)
	t := &report.Table{Sheet: p.T("book.conf.indices"), Columns: []report.Column{
		{Head: p.T("book.page.col.index")},
		{Head: p.T("book.page.col.score"), Format: report.Percent},
		{Head: p.T("book.page.col.maximum"), Format: report.Tenths, Book: true},
		{Head: "%", Format: report.Percent},
		{Head: p.T("book.page.col.rank", yearText(p.Year)), Format: report.Count},
		{Head: p.T("book.conf.among"), Format: report.Count},
	}}
	if p.Was > 0 {
		t.Columns = append(t.Columns, report.Column{Head: p.T("book.page.col.rank", was), Format: report.Count},
			report.Column{Head: p.T("book.conf.moved")}, report.Column{Head: p.T("book.conf.change"), Format: twoSigned})
	}
	t.Columns = append(t.Columns, report.Column{Head: p.T("book.page.col.class"), Book: !p.Classes}, report.Column{Head: p.T("book.page.col.status")})
	for _, r := range p.Rows {
		x := r.result
		cells := []report.Cell{
			report.Text(r.Short), cellOf(p.staffPage, x.Value(r.kind)), cellOf(p.staffPage, x.MaximumOf(r.kind)), cellOf(p.staffPage, x.PercentOf(r.kind)),
			cellOf(p.staffPage, rankNumber(x.Rank)), cellOf(p.staffPage, rankNumber(x.RankOf)),
		}
		if p.Was > 0 {
			cells = append(cells, cellOf(p.staffPage, rankNumber(r.wasRank)), report.Text(p.rankMoved(r.change, r.before)), cellOr(r.change.Score))
		}
		var sure []string
		for _, c := range r.Chips {
			sure = append(sure, c.Text)
		}
		class := r.Class
		if r.ClassMark != "" {
			class += " (" + r.ClassMark + ")"
		}
		t.Rows = append(t.Rows, report.Row{Cells: append(cells, report.Text(class), report.Text(strings.Join(sure, "; ")))})
	}
	return t
}

func rankNumber(rank int) book.Number { return book.Number{Value: float64(rank), Known: rank > 0} }
