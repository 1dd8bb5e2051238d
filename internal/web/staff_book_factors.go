package web

import (
	"cmp"
	"context"
	"slices"

	"sipas/internal/book"
	"sipas/internal/report"
	"sipas/internal/survey"
)

// factorLine is one factor of satisfaction.
type factorLine struct {
	component *book.Component
	score     float64
	figure    *survey.ReportFigure // of the survey it flowed in from; nil: there is none
}

// factorSection lists the factors of SIPAS, the weakest first: of a sample with n
// and interval, of what was published elsewhere with the words that there are
// none.
func (s *server) factorSection(ctx context.Context, p *conferencePage, ch bookChoice, rs []book.Result) error {
	i := slices.IndexFunc(rs, func(r book.Result) bool { return s.Indices.Type(r.Type).Family == book.SIPAS })
	if i < 0 || len(rs[i].Parts) == 0 {
		return nil
	}
	r, t := rs[i], s.Indices.Type(rs[i].Type)
	figures, err := s.publishedFactors(ctx, r)
	if err != nil {
		return err
	}
	var lines []factorLine
	for _, c := range t.All() {
		if score := book.ScoreOf(c, &r); score.Known && len(c.Children) == 0 {
			lines = append(lines, factorLine{c, score.Value, figures[c.Code]})
		}
	}
	slices.SortStableFunc(lines, func(a, b factorLine) int { return cmp.Compare(a.score, b.score) })
	if len(lines) == 0 {
		return nil
	}
	sample := figures != nil
	table := p.factorTable(t, lines, sample)
	low := lines[0]
	title := p.T("book.conf.factors.title", low.component.Title.In(p.Lang), p.Decimal(low.score, 2))
	if sample && len(lines) > 1 && overlap(low.figure, lines[1].figure) {
		title = p.T("book.conf.factors.alike", low.component.Title.In(p.Lang), p.Decimal(low.score, 2))
	}
	table.Notes = append(table.Notes, p.factorNotes(r, low, sample)...)
	p.add("factors", p.T("book.conf.factors"), title, table)
	return nil
}

// overlap reports whether the intervals of two figures meet, or are not known.
func overlap(a, b *survey.ReportFigure) bool {
	return a == nil || b == nil || a.High == nil || b.Low == nil || *a.High >= *b.Low
}

func (p *conferencePage) factorNotes(r book.Result, low factorLine, sample bool) []string {
	notes := []string{p.T("book.conf.factors.cause")}
	switch {
	case !sample:
		return append([]string{p.T("book.conf.factors.no_sample")}, notes...)
	case low.figure != nil && low.figure.Low == nil:
		return append([]string{p.T("book.conf.factors.no_interval")}, notes...)
	}
	return append([]string{p.T("book.conf.factors.sample", string(r.Wave), r.N)}, notes...)
}

func (p *conferencePage) factorTable(t *book.Type, lines []factorLine, sample bool) *report.Table {
	table := &report.Table{Sheet: p.T("book.conf.factors"), Bar: 1, Columns: []report.Column{
		{Head: p.T("book.conf.factor")},
		{Head: p.T("book.page.col.score"), Format: report.Percent},
		{Head: p.T("book.conf.low"), Page: p.T("book.together.col.interval"), Format: report.Tenths, Book: !sample},
		{Head: p.T("book.conf.high"), Format: report.Tenths, Joined: true, Book: !sample},
		{Head: p.T("book.conf.answers"), Format: report.Count},
	}}
	for _, l := range lines {
		n, low, high := report.Without(p.T("book.conf.no_n")), report.Without(p.T("book.conf.no_interval")), report.Cell{}
		row := report.Row{Tone: "b-data"}
		if f := l.figure; f != nil {
			n = report.Int(f.Answered)
			if f.Low != nil && f.High != nil {
				low, high, row.Low, row.High = report.Number(*f.Low), report.Number(*f.High), f.Low, f.High
			}
		}
		name := l.component.Title.In(p.Lang)
		if up := l.component.Parent; up != nil {
			name += " (" + up.Title.In(p.Lang) + ")"
		}
		row.Cells = []report.Cell{report.Text(name), report.Number(l.score), low, high, n}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// publishedFactors are the figures of the survey that a result flowed in from, by
// component; nil of what was entered, and of what is not shown.
func (s *server) publishedFactors(ctx context.Context, r book.Result) (map[string]*survey.ReportFigure, error) {
	w := s.Catalog().Waves[r.Wave]
	if r.Wave == "" || w == nil || !w.Random() {
		return nil, nil
	}
	report, err := s.published.report(ctx, r.Wave, r.Unit)
	if err != nil && survey.KindOf(err) != survey.NotFound || report.Suppressed {
		return nil, err
	}
	figures := map[string]*survey.ReportFigure{}
	for _, list := range [][]survey.ReportFigure{report.Domains, report.Factors} {
		for i := range list {
			if c := book.ComponentOf(s.Indices.Type(r.Type), list[i].Code); c != nil && list[i].Percent.Known {
				figures[c.Code] = &list[i]
			}
		}
	}
	return figures, nil
}
