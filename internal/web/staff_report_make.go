package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"slices"
	"strings"

	"sipas/internal/report"
	"sipas/internal/survey"
)

// reportMaker makes the tables of a report out of figures.
type reportMaker struct {
	*figures
	page     *reportPage
	u        survey.UnitCode
	children []survey.UnitCode
	board    unitBoard
	out      report.Report
}

// make fills the page's report: its sections in the order of the ministry's.
func (r *reportMaker) make(ctx context.Context, s *server) error {
	r.c.Sort, r.c.Down, r.c.All = "percent", true, true // ranks begin with the first, and none is left out
	r.board = r.units(r.u, r.children, reportPath)
	p := r.page
	p.Head = r.headline(r.u, r.board, r.children)
	if p.State == "" {
		p.Finding = r.finding()
	}
	r.out = report.Report{Lang: r.p.Lang, Title: p.Finding, Creator: "SIPAS " + p.Version}
	r.out.Context = r.p.T("report.context", r.c.Unit.Name, r.c.Wave.Name, upperFirst(periodName(r.p, r.c.Key, r.c.Period)), p.AsOf.Text)
	if r.c.Wave.Synthetic {
		r.out.Mark = r.p.T("report.synthetic")
	}
	r.sample()
	if p.State == "" {
		r.figureSections()
		if err := r.groupTable(ctx, s); err != nil {
			return err
		}
	}
	r.quality()
	if err := r.method(); err != nil {
		return err
	}
	if x := r.index(r.u); !x.Hidden {
		p.About = r.p.T("report.about."+string(r.c.Wave.Design), r.c.Wave.Name, r.now.Instrument.Title.In(r.p.Lang), x.N)
	}
	r.out.Cover.Sheet, r.out.Cover.Contents = r.p.T("report.sheet.cover"), r.p.T("report.contents")
	p.made = &r.out
	p.Sections = drawReport(r.p, &r.out)
	return nil
}

// figureSections are those that need a figure of the unit.
func (r *reportMaker) figureSections() {
	r.headlineTable()
	r.factorTables()
	r.itemTable()
	r.answerTables()
	r.perceptions()
	r.wishes()
	r.unitTable()
	r.trendTable()
}

// add appends a section unless it has nothing to say.
func (r *reportMaker) add(id, title string, tables ...*report.Table) {
	var kept []*report.Table
	for _, t := range tables {
		if t != nil && len(t.Rows) > 0 {
			kept = append(kept, t)
		}
	}
	if len(kept) == 0 {
		return
	}
	name := itoa(len(r.out.Sections)+1) + ". " + r.p.T("report.section."+id)
	r.out.Sections = append(r.out.Sections, report.Section{ID: id, Name: name, Title: title, Tables: kept})
}

// finding is the title of the report, no more than the figures say.
func (r *reportMaker) finding() string {
	m := overallOf(r.index(r.u))
	value := r.p.Percent(m.Value, 2)
	text := r.p.T("report.finding.plain", r.c.Unit.Name, value)
	if c := r.change(r.u, overallOf); c.clear {
		key := "report.finding.up"
		if c.points < 0 {
			key = "report.finding.down"
		}
		text = r.p.T(key, r.c.Unit.Name, r.p.Decimal(math.Abs(c.points), 2), value)
	}
	if rows := shownRows(r.factors(r.u)); len(rows) > 1 {
		text += r.p.T("report.finding.lowest", rows[0].Name)
	}
	return text
}

// number is a figure in a table, or the words for why there is none.
func (r *reportMaker) number(m measure) report.Cell {
	if !m.shown() {
		return report.Without(r.cell(m, 0).Why)
	}
	return report.Number(m.Value)
}

// figureTable is a table whose rows are figures of the unit; whatever the wave
// cannot justify has no column.
func (r *reportMaker) figureTable(sheet, first string, value report.Format) *report.Table {
	t := &report.Table{Sheet: r.p.T("report.sheet." + sheet), Bar: 1, Columns: []report.Column{{Head: first}, {Head: "%", Format: value}}}
	t.Ref = r.reference()
	if r.figures.sample() {
		t.Columns = append(t.Columns, report.Column{Head: r.p.T("report.col.low"), Page: r.p.T("report.col.interval"), Format: value}, report.Column{Head: r.p.T("report.col.high"), Format: value, Joined: true})
	}
	t.Columns = append(t.Columns, report.Column{Head: r.p.T("report.col.diff"), Format: report.Points})
	if r.failed == "" {
		t.Columns = append(t.Columns,
			report.Column{Head: r.p.T("report.col.change", r.name), Format: report.Points, Book: true},
			report.Column{Head: r.p.T("staff.col.change_from", r.name)})
	}
	if len(r.children) > 1 {
		t.Columns = append(t.Columns, report.Column{Head: r.p.T("report.col.least"), Page: r.p.T("report.col.across"), Format: value}, report.Column{Head: r.p.T("report.col.most"), Format: value, Joined: true})
	}
	t.Columns = append(t.Columns, report.Column{Head: "n", Format: report.Count})
	return t
}

// figureRow is one row of such a table, its cells in the same order.
func (r *reportMaker) figureRow(name string, of func(survey.Index) measure) report.Row {
	m, ref := of(r.index(r.u)), overallOf(r.index(r.u))
	row := report.Row{Cells: []report.Cell{report.Text(name), r.number(m)}, Tone: r.tone(m, ref)}
	if r.figures.sample() {
		low, high := r.interval(m)
		row.Low, row.High = low, high
		row.Cells = append(row.Cells, numberOrNone(low), numberOrNone(high))
	}
	diff := report.Cell{}
	if m.shown() && ref.shown() {
		diff = report.Number(m.Value - ref.Value)
	}
	row.Cells = append(row.Cells, diff)
	if r.failed == "" {
		row.Cells = append(row.Cells, r.changeCells(r.u, of)...)
	}
	if len(r.children) > 1 {
		least, most := r.across(of)
		row.Cells = append(row.Cells, numberOrNone(least), numberOrNone(most))
	}
	row.Cells = append(row.Cells, r.people(m, m.N))
	return row
}

// changeCells are a change as a number and in words.
func (r *reportMaker) changeCells(u survey.UnitCode, of func(survey.Index) measure) []report.Cell {
	c := r.change(u, of)
	points := report.Cell{}
	if c.known {
		points = report.Number(c.points)
	}
	return []report.Cell{points, report.Text(c.Text)}
}

// reference is the overall figure, to which all others are set in relation.
func (r *reportMaker) reference() *float64 {
	m := overallOf(r.index(r.u))
	if !m.shown() {
		return nil
	}
	return &m.Value
}

// interval is that of a figure of a sample; nil where there is none.
func (r *reportMaker) interval(m measure) (low, high *float64) {
	w, ok := m.interval()
	if !ok {
		return nil, nil
	}
	return &w.Low, &w.High
}

// across is the lowest and the highest figure of the units below that have one.
func (r *reportMaker) across(of func(survey.Index) measure) (least, most *float64) {
	for _, u := range r.children {
		m := of(r.index(u))
		if !m.shown() {
			continue
		}
		if v := m.Value; least == nil {
			least, most = &v, &v
		} else {
			lo, hi := min(*least, v), max(*most, v)
			least, most = &lo, &hi
		}
	}
	return least, most
}

func numberOrNone(v *float64) report.Cell {
	if v == nil {
		return report.Cell{}
	}
	return report.Number(*v)
}

// method is how the figures were made, and how to check them.
func (r *reportMaker) method() error {
	e, err := r.now.Instrument.Explain(r.index(r.u), survey.OverallKey)
	if err != nil {
		return err
	}
	counts, err := csvOf(r.explainRows(e))
	if err != nil {
		return err
	}
	digest := sha256.Sum256(counts)
	in := r.now.Instrument
	rules := &report.Table{Sheet: r.p.T("report.sheet.method"), Columns: []report.Column{{Head: r.p.T("report.col.rule")}}}
	for _, line := range append(r.page.Method, r.p.T("report.method.rounding", r.index(r.u).Spec.Decimals), r.p.T("staff.instrument."+string(in.Status)), in.Source.In(r.p.Lang)) {
		if line = strings.TrimSpace(line); line != "" {
			rules.Rows = append(rules.Rows, report.Row{Cells: []report.Cell{report.Text(line)}})
		}
	}
	r.add("method", r.p.T("staff.method.title"), rules)
	channel := r.p.T("staff.channel.all")
	if r.c.Channel != "" {
		channel = r.p.T("staff.channel." + string(r.c.Channel))
	}
	days := r.c.days()
	fact := func(key string, v string) report.Fact { return report.Fact{Name: r.p.T(key), Value: report.Text(v)} }
	r.page.Facts = []report.Fact{
		fact("explain.wave", r.c.Wave.Name),
		fact("explain.period", r.p.T("staff.period.days", days.From.Date(), days.To.Date())),
		fact("report.fact.design", r.p.T("report.design."+string(r.c.Wave.Design))),
		fact("sampling.name", samplingIn(r.p, r.c.Wave)),
		fact("explain.instrument", in.Title.In(r.p.Lang)+" ("+string(in.ID)+")"),
		fact("explain.channel", channel),
		{Name: r.p.T("explain.counted"), Value: report.Int(r.index(r.u).N), Format: report.Count},
	}
	if m := overallOf(r.index(r.u)); m.shown() {
		r.page.Facts = slices.Insert(r.page.Facts, 4, fact("sampling.sure", r.surely(m)))
	}
	if r.index(r.u).Hidden {
		r.page.Facts[len(r.page.Facts)-1] = fact("explain.counted", r.p.T("staff.few"))
	}
	cover := append([]report.Fact{fact("staff.col.unit", r.c.Unit.Name+" ("+string(r.c.Unit.Code)+")")}, r.page.Facts...)
	r.page.Proof = []report.Fact{
		{Name: r.p.T("explain.upto"), Value: report.Int(r.now.Watermark.Seq), Format: report.Count},
		fact("report.fact.asof", r.page.AsOf.Text),
		fact("report.fact.made", "SIPAS "+r.page.Version),
		fact("explain.hash", r.c.Wave.InstrumentHash),
		fact("report.fact.digest", hex.EncodeToString(digest[:])),
		fact("report.fact.digest_of", r.p.T("report.fact.digest_say")),
	}
	r.out.Cover.Facts = append(cover, r.page.Proof...)
	return nil
}

// people is how many stand behind m; nothing where that must not be said.
func (r *reportMaker) people(m measure, n int64) report.Cell {
	if m.few() || m.hidden {
		return report.Cell{}
	}
	return report.Int(n)
}
