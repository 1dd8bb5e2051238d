package web

import (
	"sipas/internal/report"
	"sipas/internal/survey"
)

const (
	unitsWhole = 60 // so many units stand on the page; of more the two ends do
	unitsEnd   = 15
)

// unitTable is the units below, the highest first, with the ranks that chance
// leaves them.
func (r *reportMaker) unitTable() {
	b := r.board
	t := &report.Table{Sheet: r.p.T("report.sheet.units"), Bar: 1, Ref: r.reference(), Columns: []report.Column{{Head: r.p.T("staff.col.unit")}, {Head: "%", Format: report.Percent}}}
	if r.figures.sample() {
		t.Columns = append(t.Columns, report.Column{Head: r.p.T("report.col.low"), Page: r.p.T("report.col.interval"), Format: report.Percent}, report.Column{Head: r.p.T("report.col.high"), Format: report.Percent, Joined: true})
	}
	if b.Banded {
		t.Columns = append(t.Columns, report.Column{Head: r.p.T("report.col.ranks")})
	}
	if b.Changes {
		t.Columns = append(t.Columns, report.Column{Head: r.p.T("report.col.change", r.name), Format: report.Points, Book: true}, report.Column{Head: r.p.T("staff.col.change_from", r.name)})
	}
	t.Columns = append(t.Columns, report.Column{Head: "n", Format: report.Count})
	factors := r.factorColumns(t)
	var hidden []report.Row
	for _, g := range b.Groups {
		if g.Title != "" {
			t.Grouped = r.p.T("report.col.standing")
		}
		for _, u := range g.Rows {
			row := r.unitLine(u, factors)
			if row.Group = g.Title; u.m.shown() {
				t.Rows = append(t.Rows, row)
			} else {
				hidden = append(hidden, row)
			}
		}
	}
	for _, u := range b.Empty {
		row := r.unitLine(u, factors)
		if t.Grouped != "" {
			row.Group = r.p.T("staff.units.hidden")
		}
		hidden = append(hidden, row)
	}
	if t.Figures = len(t.Rows); t.Figures > unitsWhole {
		t.Ends = unitsEnd
	}
	t.Rows = append(t.Rows, hidden...)
	t.Chart = &report.Chart{Kind: report.Bars, Title: r.p.T("report.chart.units"), Columns: []int{1}, Most: min(t.Figures, unitsWhole)}
	switch {
	case b.Unjudged:
		t.Notes = append(t.Notes, r.p.T("sampling.units"))
	case r.figures.sample():
		t.Notes = append(t.Notes, r.p.T("report.units.ranks"))
	default:
		t.Notes = append(t.Notes, r.p.T("staff.units.sub_plain"))
	}
	r.add("units", r.unitTitle(b), t)
}

// factorColumns adds a column for each factor where there are several, for the
// workbook: a page has no room.
func (r *reportMaker) factorColumns(t *report.Table) int {
	n := len(r.index(r.u).Factors)
	if n < 2 {
		return 0
	}
	for _, d := range r.now.Instrument.Domains {
		for _, f := range d.Factors {
			t.Columns = append(t.Columns, report.Column{Head: f.Title.In(r.p.Lang), Format: report.Percent, Book: true})
		}
	}
	return n
}

// unitLine is one unit, its cells in the order of the columns.
func (r *reportMaker) unitLine(u unitRow, factors int) report.Row {
	row := report.Row{Cells: []report.Cell{report.Text(u.Name), r.number(u.m)}, Tone: u.Bar.Class}
	if r.figures.sample() {
		row.Low, row.High = r.interval(u.m)
		row.Cells = append(row.Cells, numberOrNone(row.Low), numberOrNone(row.High))
	}
	if r.board.Banded {
		row.Cells = append(row.Cells, report.Text(u.Place))
	}
	if r.board.Changes {
		points := report.Cell{}
		if u.Change.known {
			points = report.Number(u.Change.points)
		}
		row.Cells = append(row.Cells, points, report.Text(u.Change.Text))
	}
	row.Cells = append(row.Cells, r.people(u.m, r.index(u.Code).N))
	for i := range factors {
		row.Cells = append(row.Cells, r.number(factorOf(i)(r.index(u.Code))))
	}
	return row
}

// trendTable is the trend, which the page draws as its chart and its table.
// Each way of measuring is a series of its own, so that no line of the workbook
// leads from one to the next.
func (r *reportMaker) trendTable() {
	g := r.page.Trend
	t := &report.Table{Sheet: r.p.T("report.sheet.trend"), Columns: []report.Column{{Head: g.Head.Label}}, Notes: g.Notes}
	several := g.Head.Method != ""
	if several {
		t.Columns = append(t.Columns, report.Column{Head: g.Head.Method})
	}
	value := len(t.Columns)
	t.Columns = append(t.Columns, report.Column{Head: "%", Format: report.Percent})
	if g.Head.Low != "" {
		t.Columns = append(t.Columns, report.Column{Head: r.p.T("report.col.low"), Page: r.p.T("report.col.interval"), Format: report.Percent}, report.Column{Head: r.p.T("report.col.high"), Format: report.Percent, Joined: true})
	}
	t.Columns = append(t.Columns, report.Column{Head: "n", Format: report.Count})
	t.Chart = &report.Chart{Kind: report.Line, Title: g.Title, Columns: []int{value}}
	if several {
		t.Chart.Columns = nil
		for _, s := range g.Segments {
			t.Chart.Columns = append(t.Chart.Columns, len(t.Columns))
			t.Columns = append(t.Columns, report.Column{Head: "% " + s.Name, Format: report.Percent, Book: true})
		}
	}
	for _, point := range g.Rows {
		t.Rows = append(t.Rows, trendLine(g, point))
	}
	for _, e := range g.Events {
		t.Notes = append(t.Notes, e.Text)
	}
	r.add("trend", g.Title, t)
}

func trendLine(g chartFigure, point chartRow) report.Row {
	row := report.Row{Cells: []report.Cell{report.Text(point.Label)}}
	if g.Head.Method != "" {
		row.Cells = append(row.Cells, report.Text(g.Method(point)))
	}
	v := report.Without(point.Text)
	if point.Y != nil {
		v = report.Number(*point.Y)
	}
	row.Cells = append(row.Cells, v)
	if g.Head.Low != "" {
		row.Cells = append(row.Cells, numberOrNone(point.Low), numberOrNone(point.High))
	}
	people := report.Cell{}
	if point.Y != nil {
		people = report.Int(point.people)
	}
	row.Cells = append(row.Cells, people)
	if g.Head.Method != "" {
		for i := range g.Segments {
			c := report.Cell{}
			if i == point.Segment && point.Y != nil {
				c = v
			}
			row.Cells = append(row.Cells, c)
		}
	}
	return row
}

// quality is which responses count and which do not, why, and what the figure
// would be with those that wait.
func (r *reportMaker) quality() {
	if r.index(r.u).Hidden { // how many responses it has is hidden with it
		return
	}
	standing := r.now.Standings[r.u]
	states := &report.Table{
		Sheet: r.p.T("report.sheet.quality"), Bar: 2,
		Columns: []report.Column{{Head: r.p.T("staff.col.state")}, {Head: "n", Format: report.Count}, {Head: "%", Format: report.Tenths}},
	}
	reasons := &report.Table{Sheet: r.p.T("report.sheet.reasons"), Title: r.p.T("report.reasons.title"), Columns: []report.Column{{Head: r.p.T("quality.reason")}}}
	total := int64(0)
	for _, n := range standing.N {
		total += n
	}
	for _, s := range survey.States {
		n := standing.N[s]
		if total > 0 {
			states.Rows = append(states.Rows, report.Row{Cells: []report.Cell{report.Text(r.p.T("quality.state." + string(s))), report.Int(n), report.Number(survey.Share(n, total).Value)}, Tone: "b-same"})
		}
		reasons.Columns = append(reasons.Columns, report.Column{Head: r.p.T("quality.state." + string(s)), Format: report.Count})
	}
	for _, reason := range survey.Reasons {
		cells, any := []report.Cell{report.Text(r.p.T("reason." + string(reason)))}, int64(0)
		for _, s := range survey.States {
			n := standing.Reasons[s][reason]
			any += n
			cells = append(cells, report.Int(n))
		}
		if any > 0 {
			reasons.Rows = append(reasons.Rows, report.Row{Cells: cells})
		}
	}
	title := r.page.Quality.Title
	if title == "" {
		title = r.p.T("report.section.quality")
	}
	r.add("quality", title, states, reasons, r.withTable())
}

// withTable is the index without and with the quarantined responses.
func (r *reportMaker) withTable() *report.Table {
	if r.now.Standings[r.u].N[survey.Quarantined] == 0 || r.page.State != "" {
		return nil
	}
	with := r.page.Quality.with
	if !with.shown() {
		return nil
	}
	row := func(key string, m measure) report.Row {
		return report.Row{Cells: []report.Cell{report.Text(r.p.T(key)), r.number(m), r.people(m, m.N)}, Tone: "b-same"}
	}
	return &report.Table{
		Sheet: r.p.T("report.sheet.with"), Title: r.p.T("report.with.title"), Bar: 1,
		Columns: []report.Column{{Head: r.p.T("report.col.index")}, {Head: "%", Format: report.Percent}, {Head: "n", Format: report.Count}},
		Rows:    []report.Row{row("report.with.without", overallOf(r.index(r.u))), row("report.with.with", with)},
	}
}
