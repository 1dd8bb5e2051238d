package web

import (
	"cmp"
	"strconv"
	"strings"

	"sipas/internal/locale"
	"sipas/internal/report"
)

// reportSection is a section as the page draws it.
type reportSection struct {
	ID, Name, Title string
	Tables          []reportTable
}

type reportTable struct {
	Title   string
	Label   string // of the region that scrolls
	Heads   []reportHead
	Columns int
	First   reportRows // what is left out of a long table lies between
	Last    reportRows
	Cut     string // says so
	Drawn   string // names columns that hold bars
	Notes   []string
	Steps   []string // the words of the five steps of a stacked bar
	Rest    string   // names the rows that have no figure
	Blocks  []reportRows
	Class   string
}

type reportHead struct{ Text, Class string }

type reportRows struct {
	Title   string
	Columns int
	Rows    []reportLine
}

type reportLine struct {
	Group string // said above the first row of a group
	Name  string
	Class string
	Cells []reportCell
}

// reportCell is one cell: a number, words, why there is no number, or a bar.
type reportCell struct {
	Class, Text, Why string
	Head             string   // its column, in tables that can be cards
	Mark             string   // a shape before the words: "yes", "no", "unasked"
	Values           []string // the numbers in Text in full, for programs
	Bar              *barChart
	Stack            *stacked
}

// drawReport makes of every table what the page shows of it.
func drawReport(p locale.Printer, r *report.Report) []reportSection {
	var sections []reportSection
	for _, s := range r.Sections {
		section := reportSection{ID: s.ID, Name: s.Name, Title: s.Title}
		for _, t := range s.Tables {
			section.Tables = append(section.Tables, drawTable(p, t, s.Title))
		}
		sections = append(sections, section)
	}
	return sections
}

func drawTable(p locale.Printer, t *report.Table, title string) reportTable {
	out := reportTable{Title: t.Title, Notes: t.Notes, Drawn: p.T("staff.col.chart")}
	out.Label = cmp.Or(t.Title, title) + ": " + t.Sheet // titles come twice, sheets do not
	out.heads(t)
	var scale stackScale
	if t.Stack > 0 {
		scale = stackOf(t)
		for _, c := range t.Columns[t.Stack : t.Stack+fiveSteps] {
			out.Steps = append(out.Steps, c.Head)
		}
	}
	first, last := t.Shown()
	out.First, out.Last = drawRows(p, t, first, scale), drawRows(p, t, last, scale)
	out.First.Columns, out.Last.Columns = out.Columns, out.Columns
	if last != nil {
		out.Cut = p.T("report.cut", len(first), len(last), t.Figures)
	}
	if t.Figures > 0 && t.Figures < len(t.Rows) {
		out.Rest = restOf(p, t.Rows[t.Figures:])
	}
	if t.Cards {
		out.Class = "t-cards"
		out.First.nameCells(out.Heads)
		out.Last.nameCells(out.Heads)
	}
	if t.Blocks {
		out.Blocks = out.First.blocks()
	}
	return out
}

// nameCells lets every cell say its column.
func (r reportRows) nameCells(heads []reportHead) {
	for _, line := range r.Rows {
		for i := range line.Cells {
			line.Cells[i].Head = heads[i+1].Text
		}
	}
}

// mostRest is how many rows without a figure are named.
const mostRest = 30

func restOf(p locale.Printer, rows []report.Row) string {
	if len(rows) > mostRest {
		return p.N("report.rest", int64(len(rows)))
	}
	var names []string
	for _, row := range rows {
		names = append(names, row.Cells[0].Text)
	}
	return p.N("report.rest.named", int64(len(rows)), strings.Join(names, "; "))
}

// blocks are the groups of rows, each on its own.
func (r reportRows) blocks() []reportRows {
	var out []reportRows
	for _, line := range r.Rows {
		if line.Group != "" || len(out) == 0 {
			out = append(out, reportRows{Columns: r.Columns, Title: line.Group})
		}
		line.Group = ""
		last := &out[len(out)-1]
		last.Rows = append(last.Rows, line)
	}
	return out
}

func drawRows(p locale.Printer, t *report.Table, rows []report.Row, scale stackScale) (out reportRows) {
	group := ""
	for _, row := range rows {
		line := drawRow(p, t, row, scale)
		if row.Group != group {
			line.Group, group = row.Group, row.Group
		}
		out.Rows = append(out.Rows, line)
	}
	return out
}

// heads names the columns that the page has.
func (out *reportTable) heads(t *report.Table) {
	for i, c := range t.Columns {
		if i > 0 && (i == t.Bar || i == t.Stack) {
			out.Heads = append(out.Heads, reportHead{Text: "", Class: "b"})
		}
		if c.Book || c.Joined {
			continue
		}
		head := reportHead{Text: c.Head}
		if c.Page != "" {
			head.Text = c.Page
		}
		if c.Format.Number {
			head.Class = "num"
		} else if i > 0 {
			head.Class = "words"
		}
		out.Heads = append(out.Heads, head)
	}
	out.Columns = len(out.Heads)
	if t.Stack > 0 {
		out.Class = "t-stack"
	}
}

func drawRow(p locale.Printer, t *report.Table, row report.Row, scale stackScale) reportLine {
	line := reportLine{Name: row.Cells[0].Text}
	if row.Strong {
		line.Class = "strong"
	}
	for i, c := range row.Cells {
		column := t.Columns[i]
		switch {
		case i == 0:
			continue
		case i == t.Bar:
			line.Cells = append(line.Cells, drawBar(t, row, c))
		case i == t.Stack:
			line.Cells = append(line.Cells, drawStack(p, scale, row.Cells[i:i+fiveSteps]))
		}
		if column.Book {
			continue
		}
		if column.Joined {
			line.join(p, column.Format, c)
			continue
		}
		line.Cells = append(line.Cells, drawCell(p, column.Format, c))
	}
	return line
}

func drawCell(p locale.Printer, format report.Format, c report.Cell) reportCell {
	out := reportCell{Text: c.Text, Class: "words", Mark: string(c.Mark)}
	if format.Number {
		out.Class = "num"
	}
	switch {
	case c.Is:
		out.Text, out.Values = numberText(p, format, c.Number), []string{exact(c.Number)}
	case c.Why:
		out.Text, out.Why = "", c.Text
	}
	return out
}

// join writes a number behind the one before: "87,5–89,4".
func (l *reportLine) join(p locale.Printer, format report.Format, c report.Cell) {
	last := &l.Cells[len(l.Cells)-1]
	if c.Is {
		last.Text += "–" + numberText(p, format, c.Number)
		last.Values = append(last.Values, exact(c.Number))
	}
}

func numberText(p locale.Printer, f report.Format, v float64) string {
	switch {
	case f.Signed:
		return p.Signed(v, f.Decimals)
	case f.Decimals == 0:
		return p.Int(int64(v))
	}
	return p.Decimal(v, f.Decimals)
}

func exact(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// drawBar is the bar of a percentage, with its interval.
func drawBar(t *report.Table, row report.Row, c report.Cell) reportCell {
	cell := reportCell{Class: "b"}
	if !c.Is {
		return cell
	}
	b := barChart{Class: row.Tone, Width: percent(c.Number)}
	if t.Ref != nil {
		b.Ref = percent(*t.Ref)
	}
	if row.Low != nil && row.High != nil {
		b.Low, b.Mid, b.High, b.Inner = percent(*row.Low), percent(c.Number), percent(*row.High), "b-in"
		if b.Class == "b-same" {
			b.Inner = "b-wh" // white on grey cannot be seen
		}
	}
	cell.Bar = &b
	return cell
}

// stackOf is the scale that all rows of a table share.
func stackOf(t *report.Table) stackScale {
	var shares [][fiveSteps]float64
	for _, row := range t.Rows {
		shares = append(shares, sharesOf(row.Cells[t.Stack:t.Stack+fiveSteps]))
	}
	return newStackScale(shares)
}

func drawStack(p locale.Printer, scale stackScale, cells []report.Cell) reportCell {
	cell := reportCell{Class: "b"}
	if cells[0].Is {
		drawn := scale.draw(p, sharesOf(cells))
		cell.Stack = &drawn
	}
	return cell
}

func sharesOf(cells []report.Cell) (shares [fiveSteps]float64) {
	for i, c := range cells {
		shares[i] = c.Number
	}
	return shares
}
