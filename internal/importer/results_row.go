package importer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"sipas/internal/book"
	"sipas/internal/survey"
)

// rowReader reads the cells of one row by the names of their columns.
type rowReader struct {
	*resultsReader
	row   int
	cells []cell
}

// at names the cell of a column; the row's first where there is no such column.
func (r rowReader) where(name string) string { return r.field(r.row, max(1, r.resultsReader.at[name])) }

// cell returns the cell under a heading; an empty one where there is none.
func (r rowReader) cell(name string) cell {
	if i := r.resultsReader.at[name]; i > 0 && i <= len(r.cells) {
		return r.cells[i-1]
	}
	return cell{}
}

func (r rowReader) text(name string) string { return r.clean(r.where(name), r.cell(name)) }

// result reads the row; t is nil where it is not clear of what type it is.
func (r rowReader) result() (x book.Result, t *book.Type) {
	x.Unit = survey.UnitCode(r.text("unit"))
	x.Year = r.whole("year_measured")
	x.Score, x.Maximum, x.Percent = r.decimal("score"), r.decimal("max_score"), r.decimal("percent")
	x.Rank, x.RankOf = r.whole("rank"), r.whole("rank_of")
	x.Class, x.Document, x.Link = r.text("group"), r.text("document"), r.text("link")
	x.Announced = r.day("announced")
	if x.Status = book.Status(r.text("status")); x.Status == "" {
		x.Status = book.Final
	}
	switch s := r.text("synthetic"); s {
	case "", "0":
	case "1":
		x.Synthetic = true
	case "parts":
		x.PartsSynthetic = true
	default:
		r.complain(r.where("synthetic"), "import.bad_synthetic", s)
	}
	t = r.typeOf(x)
	if t == nil {
		return x, nil
	}
	x.Type = t.Code
	x.Parts = r.parts()
	return x, t
}

// typeOf finds the index type that the row is about, or complains, once of each
// cell.
func (r rowReader) typeOf(x book.Result) *book.Type {
	faults := len(r.bad)
	name := r.text("index")
	u, known := r.tree.Unit(x.Unit)
	var empty []string // of the columns that must have something
	for _, column := range resultColumns[:neededColumns] {
		if visible(r.cell(column).text) == "" {
			empty = append(empty, column)
		}
	}
	stranger := x.Unit != "" && !known
	if stranger && len(empty) > 0 {
		r.complain(r.where("unit"), "import.not_a_result", string(x.Unit))
		return nil
	}
	for _, column := range empty {
		r.complain(r.where(column), "import.cell_empty")
	}
	if stranger {
		r.complain(r.where("unit"), "import.unknown_unit", string(x.Unit))
	}
	if name != "" && !r.types.Named(name) {
		r.complain(r.where("index"), "import.unknown_index", name)
	}
	if len(r.bad) > faults || !known || x.Year == 0 {
		return nil
	}
	return r.find(name, u, x.Year)
}

// find returns the one type that a name means for a unit and year, or complains.
func (r rowReader) find(name string, u survey.Unit, year int) *book.Type {
	switch found := r.types.Find(name, u.Kind, year); len(found) {
	case 1:
		return found[0]
	case 0:
		r.complain(r.where("index"), "import.index_not_for", name, u.Name, strconv.Itoa(year))
	default:
		var codes []string
		for _, t := range found {
			codes = append(codes, string(t.Code))
		}
		r.complain(r.where("index"), "import.index_ambiguous", name, strings.Join(codes, ", "))
	}
	return nil
}

func (r rowReader) parts() []book.Part {
	var parts []book.Part
	for i := range r.cols {
		c := &r.cols[i]
		if c.code == "" {
			continue
		}
		if n := r.number(i + 1); n.Known {
			if parts == nil {
				parts = make([]book.Part, 0, len(r.cols)-i)
			}
			parts = append(parts, book.Part{Code: c.code, Source: c.source, Score: n.Value})
		}
	}
	return slices.Clip(parts)
}

var wholeNumber = regexp.MustCompile(`^[0-9]{1,9}$`)

// plain reports whether s is a number of up to 12 digits with up to 10 decimals,
// and where its decimal mark stands; -1 if it has none.
func plain(s string) (mark int, ok bool) {
	mark = -1
	digits := strings.TrimPrefix(s, "-")
	before := len(s) - len(digits)
	for i := 0; i < len(digits); i++ {
		switch c := digits[i]; {
		case c >= '0' && c <= '9':
		case (c == '.' || c == ',') && mark < 0 && i > 0:
			mark = before + i
		default:
			return -1, false
		}
	}
	whole, decimals := len(digits), 1
	if mark >= 0 {
		whole, decimals = mark-before, len(s)-mark-1
	}
	return mark, whole >= 1 && whole <= 12 && decimals >= 1 && decimals <= 10
}

// decimal reads a number with a decimal comma or point; unknown if the cell is
// empty.
func (r rowReader) decimal(name string) book.Number { return r.number(r.resultsReader.at[name]) }

// number is decimal by the place of the column, from 1; 0 is no column. A big
// book has millions of such cells: what they are called is worked out only to
// complain.
func (r rowReader) number(col int) book.Number {
	if col == 0 || col > len(r.cells) || r.cells[col-1].text == "" {
		return book.Number{}
	}
	c := &r.cells[col-1]
	s := c.text
	if c.date {
		r.notDate(col, s)
		return book.Number{}
	}
	mark, ok := plain(s)
	if !ok && !c.number {
		if s = r.clean(r.field(r.row, col), *c); s == "" {
			return book.Number{}
		}
		if mark, ok = plain(s); !ok {
			r.complain(r.field(r.row, col), "import.bad_number", s)
			return book.Number{}
		}
	}
	if mark >= 0 && !c.number {
		r.marks(col, s, s[mark])
		if s[mark] == ',' {
			s = s[:mark] + "." + s[mark+1:]
		}
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		r.complain(r.field(r.row, col), "import.bad_number", s)
	}
	return book.Of(v)
}

// marks complains, once, where a file has both decimal marks: then 1,234 and
// 1.234 could each be a thousand and more.
func (r rowReader) marks(col int, s string, mark byte) {
	mine, other := &r.comma, &r.point
	if mark == '.' {
		mine, other = other, mine
	}
	if mine.row == 0 {
		*mine = place{r.sheet, r.row, col}
	}
	if other.row > 0 && !r.mixed {
		r.mixed = true
		r.complain(r.field(r.row, col), "import.mixed_decimals", s, other.String())
	}
}

// notDate complains of a number that is shown as a date: spreadsheets make one
// of 9.5, and of 8/14.
func (r rowReader) notDate(col int, serial string) {
	day, _ := strconv.ParseFloat(serial, 64)
	r.complain(r.field(r.row, col), "import.date_for_number", (r.epoch + survey.Day(day)).Date())
}

// whole reads a whole number, 0 if the cell is empty.
func (r rowReader) whole(name string) int {
	s := r.text(name)
	if s == "" {
		return 0
	}
	if r.cell(name).date {
		r.notDate(r.resultsReader.at[name], s)
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil || !wholeNumber.MatchString(s) {
		r.complain(r.where(name), "import.bad_whole", s)
		return 0
	}
	return n
}

// Day 0 of a workbook. Counting from that of 1900, and with a 29 February 1900
// that never was, day 61 is 1 March 1900; workbooks made on a Macintosh may count
// from 1904.
var (
	epoch1900 = survey.DayOf(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC))
	epoch1904 = survey.DayOf(time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC))
)

// firstAnnounced is the first year in which something can have been published.
const firstAnnounced = 1990

// day reads a date: 2020-06-17, or a date of a workbook; 0 if the cell is empty.
func (r rowReader) day(name string) survey.Day {
	s := r.text(name)
	if s == "" {
		return 0
	}
	d, err := survey.ParseDay(s)
	if r.cell(name).number {
		var serial float64
		if serial, err = strconv.ParseFloat(s, 64); err == nil {
			d = r.epoch + survey.Day(serial)
		}
	}
	// A year alone (2020) is the number of a day of 1905.
	if err != nil || d.Date().Year() < firstAnnounced || d.Date().Year() > 2999 {
		r.complain(r.where(name), "import.bad_date_cell", s)
		return 0
	}
	return d
}
