package web

import (
	"context"

	"sipas/internal/report"
	"sipas/internal/suppress"
	"sipas/internal/survey"
)

// groupTable is the figure of each group of people, dimension by dimension.
// Groups are counted for whole waves, so a shorter period has none.
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
	for _, q := range r.now.Instrument.Dimensions() {
		b, err := s.Reader.Breakdown(ctx, survey.BreakdownQuery{Wave: r.c.Wave.ID, Unit: r.u, Channel: r.c.Channel, Dimension: survey.Dimension(q.Code)})
		if err != nil {
			return err
		}
		hidden, err := hiddenGroups(b, r.figures.least)
		if err != nil {
			return err
		}
		for i, g := range b.Groups {
			if g.Index.N > 0 {
				row := r.groupRow(b, g, hidden[i])
				row.Group = q.ShortText(r.p.Lang)
				t.Rows = append(t.Rows, row)
			}
		}
	}
	r.add("groups", r.p.T("report.groups.title"), t)
	return nil
}

// hiddenGroups tells which groups may not be shown: the small ones, and as many
// others as it takes that no difference from the whole gives one away.
func hiddenGroups(b survey.Breakdown, least int64) ([]bool, error) {
	table := suppress.Table{N: []int64{b.Whole.Index.N}, Sums: []suppress.Sum{{Total: 0}}}
	for i, g := range b.Groups {
		table.N = append(table.N, g.Index.N)
		table.Sums[0].Parts = append(table.Sums[0].Parts, i+1)
	}
	if len(b.Groups) == 0 {
		return nil, nil
	}
	hidden, err := suppress.Hide(table, least)
	if err != nil {
		return nil, err
	}
	return hidden[1:], nil
}

func (r *reportMaker) groupRow(b survey.Breakdown, g survey.Group, hidden bool) report.Row {
	name := r.p.T("report.groups.none")
	if i := b.Question.Option(g.Value); i >= 0 {
		name = b.Question.Options[i].Label.In(r.p.Lang)
	}
	m, ref := overallOf(g.Index), overallOf(b.Whole.Index)
	row := report.Row{Cells: []report.Cell{report.Text(name)}}
	if hidden || !m.shown() {
		row.Cells = append(row.Cells, report.Without(r.p.T("staff.few")))
		if r.figures.sample() {
			row.Cells = append(row.Cells, report.Cell{}, report.Cell{})
		}
		return report.Row{Cells: append(row.Cells, report.Cell{}, report.Cell{})}
	}
	row.Tone = r.tone(m, ref)
	row.Cells = append(row.Cells, report.Number(m.Value))
	if r.figures.sample() {
		row.Low, row.High = r.interval(m)
		row.Cells = append(row.Cells, numberOrNone(row.Low), numberOrNone(row.High))
	}
	row.Cells = append(row.Cells, report.Number(m.Value-ref.Value), report.Int(m.N))
	return row
}
