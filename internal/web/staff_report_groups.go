package web

import (
	"context"

	"sipas/internal/report"
	"sipas/internal/survey"
)

// groupTable is the figure of each group of people, dimension by dimension, as
// the page of groups shows them. They are counted for whole waves, so a shorter
// period has none.
func (r *reportMaker) groupTable(ctx context.Context, s *server) error {
	if !r.c.Period.Whole() {
		return nil
	}
	t := &report.Table{
		Sheet: r.p.T("report.sheet.groups"), Bar: 1, Ref: r.reference(), Grouped: r.p.T("report.col.question"),
		Columns: []report.Column{{Head: r.p.T("report.col.group")}, {Head: "%", Format: report.Percent}},
		Notes:   []string{r.p.T("report.groups.note")},
	}
	if r.figures.sample() {
		t.Columns = append(t.Columns, report.Column{Head: r.p.T("report.col.low"), Page: r.p.T("report.col.interval"), Format: report.Percent}, report.Column{Head: r.p.T("report.col.high"), Format: report.Percent, Joined: true})
	}
	t.Columns = append(t.Columns, report.Column{Head: r.p.T("report.col.diff"), Format: report.Points}, report.Column{Head: "n", Format: report.Count})
	asked := r.now.Instrument.Dimensions()
	by := make([]survey.Dimension, len(asked))
	for i, q := range asked {
		by[i] = survey.Dimension(q.Code)
	}
	all, err := s.groupsBy(ctx, r.v, r.page.Printer, r.c, by...)
	if err != nil {
		return err
	}
	for i, g := range all {
		q := asked[i]
		rows := g.rows(0)
		for i, x := range g.b.Groups {
			row := r.groupRow(x, rows[i], overallOf(g.b.Whole.Index))
			row.Group = q.ShortText(r.p.Lang)
			t.Rows = append(t.Rows, row)
		}
	}
	r.add("groups", r.p.T("report.groups.title"), t)
	return nil
}

// groupRow says nothing of a group that is hidden, not even how many it has.
func (r *reportMaker) groupRow(x survey.Group, shown breakdownRow, whole measure) report.Row {
	m := overallOf(x.Index)
	row := report.Row{Tone: shown.Bar.Class, Cells: []report.Cell{report.Text(shown.Name)}}
	if !shown.shown {
		row.Cells = append(row.Cells, report.Without(shown.Cell.Why))
		if r.figures.sample() {
			row.Cells = append(row.Cells, report.Cell{}, report.Cell{})
		}
		row.Cells = append(row.Cells, report.Cell{}, report.Cell{})
		return row
	}
	row.Cells = append(row.Cells, report.Number(m.Value))
	if r.figures.sample() {
		row.Low, row.High = r.interval(m)
		row.Cells = append(row.Cells, numberOrNone(row.Low), numberOrNone(row.High))
	}
	row.Cells = append(row.Cells, report.Number(m.Value-whole.Value), report.Int(x.Tally.N))
	return row
}
