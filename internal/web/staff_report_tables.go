package web

import (
	"cmp"
	"slices"

	"sipas/internal/report"
	"sipas/internal/survey"
)

// sample says who was asked and who answered.
func (r *reportMaker) sample() {
	standing, x := r.now.Standings[r.u], r.index(r.u)
	total := int64(0)
	for _, n := range standing.N {
		total += n
	}
	field := &report.Table{
		Sheet: r.p.T("report.sheet.sample"), Bar: 2,
		Columns: []report.Column{{Head: r.p.T("report.col.what")}, {Head: "n", Format: report.Count}, {Head: "%", Format: report.Tenths}},
	}
	line := func(name string, n, of int64) {
		share := report.Cell{}
		if p := survey.Share(n, of); p.Known {
			share = report.Number(p.Value)
		}
		field.Rows = append(field.Rows, report.Row{Cells: []report.Cell{report.Text(name), report.Int(n), share}, Tone: "b-same"})
	}
	if total > 0 && !x.Hidden {
		planned, issued := r.planned(total)
		if planned > 0 {
			line(r.p.T("report.sample.planned"), planned, 0)
		}
		of := total
		if issued > 0 {
			of = issued
			line(r.p.T("report.sample.issued"), issued, of)
		}
		line(r.p.T("report.sample.received"), total, of)
		line(r.p.T("report.sample.valid"), x.N, of)
	}
	if n := int64(len(r.children)); n > 0 {
		line(r.p.T("report.sample.units", n), n-int64(len(r.board.Empty)), n)
		line(r.p.T("report.sample.figures", r.figures.least), int64(r.board.Shown), n)
	}
	if r.page.State != "" {
		title := r.p.N("report.sample.title", x.N)
		if x.Hidden {
			title = r.p.T("staff.few")
		}
		r.add("sample", title, field)
		return
	}
	channels := &report.Table{
		Sheet: r.p.T("report.sheet.channels"), Title: r.page.Channels.Title, Bar: 1,
		Columns: []report.Column{{Head: r.p.T("staff.filter.channel")}, {Head: "%", Format: report.Percent}, {Head: "n", Format: report.Count}},
	}
	for _, c := range r.page.Channels.Rows {
		row := report.Row{Cells: []report.Cell{report.Text(c.Name), r.number(c.m), r.people(c.m, c.n)}, Tone: c.Bar.Class}
		row.Low, row.High = r.interval(c.m)
		channels.Rows = append(channels.Rows, row)
	}
	r.add("sample", r.p.N("report.sample.title", x.N), field, channels, r.askedRows("profile", r.p.T("staff.profile.title"), r.page.Profile))
}

// planned is how many ballots the sample plan wanted and how many were given out.
// Both are 0 for a part of the wave, and unless the plan's units are where all of
// its responses came from; issued also where the plan leaves it open for some.
func (r *reportMaker) planned(received int64) (planned, issued int64) {
	if !r.c.Period.Whole() || r.c.Channel != "" {
		return 0, 0
	}
	open := false
	for _, u := range r.v.cat.Plans[r.c.Wave.ID].Below(r.v.cat.Tree, r.u) {
		planned, issued, open = planned+u.Planned, issued+u.Issued, open || u.Issued == 0
		for _, n := range r.now.Standings[u.Unit].N {
			received -= n
		}
	}
	switch {
	case received != 0:
		return 0, 0
	case open:
		return planned, 0
	}
	return planned, issued
}

// headlineTable is the overall figure and those of the domains.
func (r *reportMaker) headlineTable() {
	t := r.figureTable("headline", r.p.T("report.col.index"), report.Percent)
	overall := r.figureRow(upperFirst(r.p.T("explain.overall")), overallOf)
	overall.Strong = true
	t.Rows = append(t.Rows, overall)
	if domains := r.now.Instrument.Domains; len(domains) > 1 {
		for i, d := range domains {
			t.Rows = append(t.Rows, r.figureRow(d.Title.In(r.p.Lang), func(x survey.Index) measure { return domainOf(x, i) }))
		}
	}
	r.add("headline", r.page.Head.Say, t)
}

// factorTables is every factor, domain by domain.
func (r *reportMaker) factorTables() {
	t := r.figureTable("factors", r.p.T("staff.col.factor"), report.Percent)
	domains := r.now.Instrument.Domains
	if len(domains) > 1 {
		t.Grouped = r.p.T("report.col.domain")
	}
	at := 0
	for _, d := range domains {
		for _, f := range d.Factors {
			row := r.figureRow(f.Title.In(r.p.Lang), factorOf(at))
			if t.Grouped != "" {
				row.Group = d.Title.In(r.p.Lang)
			}
			t.Rows = append(t.Rows, row)
			at++
		}
	}
	t.Chart = &report.Chart{Kind: report.Bars, Title: r.p.T("report.chart.factors"), Columns: []int{1}}
	if at > 1 {
		r.add("factors", r.factorTitle(r.u, r.factors(r.u)), t)
	}
}

// itemTable is every item, factor by factor.
func (r *reportMaker) itemTable() {
	t := r.figureTable("items", r.p.T("staff.col.item"), report.Tenths)
	t.Grouped = r.p.T("staff.col.factor")
	at := 0
	for _, d := range r.now.Instrument.Domains {
		for _, f := range d.Factors {
			for _, code := range f.Items {
				row := r.figureRow(string(code)+" "+r.now.Instrument.Question(code).ShortText(r.p.Lang), itemOf(at))
				row.Group = f.Title.In(r.p.Lang)
				t.Rows = append(t.Rows, row)
				at++
			}
		}
	}
	r.add("items", r.itemTitle(shownRows(r.items(r.u, ""))), t)
}

// answerTables is how people answered, by factor and by item.
func (r *reportMaker) answerTables() {
	a := r.page.Answers
	table := func(sheet, first string, rows []answerRow) *report.Table {
		t := &report.Table{Sheet: r.p.T("report.sheet." + sheet), Stack: 1, Columns: []report.Column{{Head: first}}}
		for _, step := range a.Steps {
			t.Columns = append(t.Columns, report.Column{Head: step, Format: report.Tenths})
		}
		t.Columns = append(t.Columns, report.Column{Head: "n", Format: report.Count})
		for _, row := range rows {
			name := row.Name
			if row.Code != "" {
				name = row.Code + " " + name
			}
			cells := []report.Cell{report.Text(name)}
			for _, share := range row.shares {
				if row.shown {
					cells = append(cells, report.Number(share))
				} else {
					cells = append(cells, report.Without(row.Why))
				}
			}
			t.Rows = append(t.Rows, report.Row{Cells: append(cells, r.people(measure{Percent: survey.Percent{Known: row.shown}, N: row.people, hidden: row.Why != ""}, row.people))})
		}
		return t
	}
	if len(a.Factors) == 0 {
		return
	}
	factors, items := table("answers_factors", r.p.T("staff.col.factor"), a.Factors), table("answers_items", r.p.T("staff.col.item"), a.Items)
	if len(a.Factors) == 1 { // it would say what its items say
		factors = nil
	}
	r.add("answers", r.answerTitle(a), factors, items)
}

// perceptions are all questions that are neither of the index nor about the
// respondent nor wishes: what is asked there differs from one questionnaire to
// the next.
func (r *reportMaker) perceptions() {
	var tables []*report.Table
	wishes := r.now.Instrument.WishQuestions()
	for _, s := range r.now.Instrument.Sections {
		if !s.Respondent {
			tables = append(tables, r.askedTables(s.Title.In(r.p.Lang), s.Questions, wishes)...)
		}
	}
	r.add("perceptions", r.p.T("report.perceptions.title"), tables...)
}

// askedTables makes the tables of questions, but not of some: one for each
// matrix, and one for all single questions.
func (r *reportMaker) askedTables(title string, of, not []*survey.Question) []*report.Table {
	var tables []*report.Table
	var single []askedTable
	matrices := map[string]*report.Table{}
	for _, a := range r.page.Asked {
		if !slices.Contains(of, a.q) || slices.Contains(not, a.q) {
			continue
		}
		if a.q.Matrix == "" {
			single = append(single, a)
			continue
		}
		t := matrices[a.q.Matrix]
		if t == nil {
			t = r.matrix(a)
			matrices[a.q.Matrix] = t
			tables = append(tables, t)
		}
		t.Rows = append(t.Rows, r.matrixRow(a))
	}
	if t := r.askedRows("", title, single); t != nil {
		tables = append(tables, t)
	}
	return tables
}

// matrix begins the table of questions that share their answers.
func (r *reportMaker) matrix(a askedTable) *report.Table {
	t := &report.Table{Sheet: a.q.Matrix + " " + a.q.MatrixText.In(r.p.Lang), Title: a.q.MatrixText.In(r.p.Lang), Columns: []report.Column{{Head: r.p.T("report.col.question")}}}
	for _, o := range a.q.Options {
		t.Columns = append(t.Columns, report.Column{Head: o.Label.In(r.p.Lang), Format: report.Tenths})
	}
	t.Columns = append(t.Columns, report.Column{Head: "n", Format: report.Count})
	return t
}

func (r *reportMaker) matrixRow(a askedTable) report.Row {
	cells := []report.Cell{report.Text(a.Title)}
	for i := range a.q.Options {
		if a.Why != "" {
			cells = append(cells, report.Without(a.Why))
		} else {
			cells = append(cells, report.Number(a.Rows[i].share))
		}
	}
	if a.Why != "" {
		return report.Row{Cells: append(cells, report.Cell{})}
	}
	return report.Row{Cells: append(cells, report.Int(a.n))}
}

// askedRows is one table of several questions, an answer in each row; nil when
// there is none.
func (r *reportMaker) askedRows(sheet, title string, asked []askedTable) *report.Table {
	if len(asked) == 0 {
		return nil
	}
	t := &report.Table{
		Sheet: title, Title: title, Grouped: r.p.T("report.col.question"), Bar: 1, Blocks: true,
		Columns: []report.Column{{Head: r.p.T("report.col.answer")}, {Head: "%", Format: report.Tenths}, {Head: r.p.T("report.col.people"), Format: report.Count}},
	}
	if sheet != "" {
		t.Sheet = r.p.T("report.sheet." + sheet)
	}
	for _, a := range asked {
		group := a.Title + " (n = " + a.N + ")"
		if a.Why != "" {
			t.Rows = append(t.Rows, report.Row{Group: group, Cells: []report.Cell{report.Text(a.Why), report.Without(a.Why), {}}})
		}
		for _, o := range a.Rows {
			t.Rows = append(t.Rows, report.Row{Group: group, Cells: []report.Cell{report.Text(o.Text), report.Number(o.share), report.Int(o.n)}, Tone: "b-same"})
		}
		if a.Several != "" && !slices.Contains(t.Notes, a.Several) {
			t.Notes = append(t.Notes, a.Several)
		}
	}
	return t
}

// wishes ranks what people wish for: the rows of a matrix by those who chose
// one of its two highest answers, the answers of a question by those who chose
// them.
func (r *reportMaker) wishes() {
	tables := r.askedTables(r.p.T("report.sheet.wishes"), r.now.Instrument.WishQuestions(), nil)
	for _, t := range tables {
		t.Sheet, t.Bar = r.p.T("report.sheet.wishes"), 1
		if !t.Blocks {
			r.topTwo(t)
		}
		slices.SortStableFunc(t.Rows, func(a, b report.Row) int {
			return cmp.Or(boolOrder(a.Cells[1].Is, b.Cells[1].Is), cmp.Compare(b.Cells[1].Number, a.Cells[1].Number))
		})
	}
	title := r.p.T("report.section.wishes")
	if len(tables) > 0 && tables[0].Rows[0].Cells[1].Is {
		first := tables[0].Rows[0].Cells
		title = r.p.T("report.wishes.first", first[0].Text, r.p.Percent(first[1].Number, 1))
	}
	r.add("wishes", title, tables...)
}

// topTwo sets the sum of the two highest answers before the answers.
func (r *reportMaker) topTwo(t *report.Table) {
	high := len(t.Columns) - 2 // before n
	top := report.Column{Head: t.Columns[high-1].Head + " + " + t.Columns[high].Head, Format: report.Tenths}
	t.Columns = slices.Insert(t.Columns, 1, top)
	for i, row := range t.Rows {
		t.Rows[i].Cells, t.Rows[i].Tone = slices.Insert(row.Cells, 1, sumOf(row.Cells[high-1], row.Cells[high])), "b-same"
	}
}

// sumOf adds two shares of one question, or says why there is none.
func sumOf(a, b report.Cell) report.Cell {
	if !a.Is || !b.Is {
		return a
	}
	return report.Number(a.Number + b.Number)
}
