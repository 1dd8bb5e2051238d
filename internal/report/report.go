// Package report is the report of a unit on a wave as tables, and the workbook
// written from them. The page of the report is made from the same tables, so
// that the two cannot differ. It knows neither the domain nor the web: whoever
// fills the tables decides what may be shown, and every word is in the reader's
// language already.
package report

// Report is everything that a report says, in its order.
type Report struct {
	Lang     string // "vi"
	Title    string // the finding, in a sentence
	Creator  string // the program and its version
	Context  string // unit, wave and watermark, above every table of the workbook
	Mark     string // that the responses are made up; empty: they are not
	Cover    Cover
	Sections []Section
}

// Cover is the first sheet of the workbook.
type Cover struct {
	Sheet    string // its name
	Facts    []Fact
	Contents string // what heads the list of the other sheets
}

// Fact is one thing that is said and not tabulated.
type Fact struct {
	Name   string
	Value  Cell
	Format Format
}

// Section is one part of the report.
type Section struct {
	ID     string // "factors", on the page too
	Name   string // "3. Lĩnh vực và yếu tố"
	Title  string // the finding
	Tables []*Table
}

// Table is one table of the page and one sheet of the workbook.
type Table struct {
	Sheet   string // name of the sheet; mended where a workbook could not have it
	Title   string // empty: the title of the section
	Grouped string // what heads the column of groups; empty: rows have none
	Columns []Column
	Rows    []Row
	Notes   []string
	Chart   *Chart
	Figures int      // rows that have a figure stand before it, the page names the others; 0: all rows are alike
	Blocks  bool     // the page sets each group in a small table of its own
	Ends    int      // the page shows so many of them from either end; 0: all
	Bar     int      // the page draws this column as bars; 0: none
	Stack   int      // the page draws the five columns from this one on as one bar; 0: none
	Ref     *float64 // what bars are compared with
	Cards   bool     // where a screen is too narrow the page sets each row as a card, whose cells name their columns
}

// Column is one column. The first names the rows.
type Column struct {
	Head   string
	Page   string // its head on the page, where that is another; empty: Head
	Format Format
	Book   bool // in the workbook alone: the page says it in other words, or has no room
	Joined bool // the page writes it behind the one before: "87,5–89,4"
}

// Format is how a column's numbers are written.
type Format struct {
	Number   bool // cells are numbers, or words about why there is none
	Decimals int
	Signed   bool // differences carry their sign
}

// The formats there are.
var (
	Words   = Format{}
	Count   = Format{Number: true}
	Percent = Format{Number: true, Decimals: 2}
	Tenths  = Format{Number: true, Decimals: 1}
	Points  = Format{Number: true, Decimals: 1, Signed: true}
)

// Row is one row; its cells stand in the order of the columns.
type Row struct {
	Group  string
	Cells  []Cell
	Tone   string // class of its bar on the page
	Strong bool   // stands for all others
	Low    *float64
	High   *float64 // of the interval on its bar
}

// Cell is words, a number in full precision, or nothing.
type Cell struct {
	Text   string
	Number float64
	Is     bool // a number
	Why    bool // Text says why there is no number
	Mark   Mark // a shape that the page draws before the words
}

// Mark is a shape beside words that say the same.
type Mark string

// The marks there are.
const (
	Yes     Mark = "yes"
	No      Mark = "no"
	Unasked Mark = "unasked"
)

// Text is a cell of words.
func Text(s string) Cell { return Cell{Text: s} }

// Number is a cell with a number.
func Number(v float64) Cell { return Cell{Number: v, Is: true} }

// Int is a cell with a count.
func Int(n int64) Cell { return Number(float64(n)) }

// Without is a cell that has no number, and says why.
func Without(why string) Cell { return Cell{Text: why, Why: true} }

// ChartKind is how a chart of the workbook is drawn.
type ChartKind string

// The charts there are.
const (
	Bars ChartKind = "bars"
	Line ChartKind = "line"
)

// Chart is a chart of the workbook, drawn by whoever opens it from the cells of
// its table.
type Chart struct {
	Kind    ChartKind
	Title   string
	Names   int   // column of the names
	Columns []int // one series each; what has no number in one is a gap
	Most    int   // rows at most; 0: all
}

// Shown are the rows that the page shows, in two parts where it leaves some out
// between them; never a strong one. Rows without a figure are not among them where others have one.
func (t *Table) Shown() (first, last []Row) {
	figures := t.Rows
	if t.Figures > 0 {
		figures = t.Rows[:t.Figures]
	}
	if t.Ends == 0 || len(figures) <= 2*t.Ends {
		return figures, nil
	}
	first, last = figures[:t.Ends], figures[len(figures)-t.Ends:]
	var between []Row
	for _, r := range figures[t.Ends : len(figures)-t.Ends] {
		if r.Strong {
			between = append(between, r)
		}
	}
	return first, append(between, last...)
}
