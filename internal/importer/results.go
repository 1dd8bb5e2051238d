package importer

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/book"
	"sipas/internal/survey"
)

// Results is what a file of results says.
type Results struct {
	Results  []book.Result
	Rows     int
	Scores   int                 // component scores among them
	Warnings []survey.FieldError // odd, and taken as published
}

// Columns of a results file. The first three must be there. A component has a
// column "component:CODE", or "component:CODE:SOURCE" for what the unit says of
// itself (self), what was appraised (appraisal), asked (survey) or computed.
var resultColumns = []string{
	"unit", "index", "year_measured", "score", "max_score", "percent", "rank", "rank_of", "group",
	"announced", "document", "link", "status", "synthetic",
}

const neededColumns = 3

// cell is one cell of a file as it was read.
type cell struct {
	text    string
	number  bool // a number of the file's own, with no decimal mark of its own
	date    bool // a number that is shown as a date
	formula bool
}

// place says where a cell is: "C7", in a workbook "Sheet1!C7".
type place struct {
	sheet    string
	row, col int // from 1
}

func (p place) String() string {
	if p.sheet == "" {
		return letters(p.col) + fmt.Sprint(p.row)
	}
	return p.sheet + "!" + letters(p.col) + fmt.Sprint(p.row)
}

// Cell is the place of a fault in a file of results.
type Cell struct {
	Sheet   string // "" in a CSV file
	Row     int
	Column  string // as spreadsheets name it: A … Z, AA …
	Heading string // "" where there is none
}

var cellShape = regexp.MustCompile(`^(?:(.*)!)?([A-Z]+)([0-9]+)(?: (\S+))?$`)

// CellOf reads the field of a fault of [ReadResults]: "Sheet1!C7 score". Whatever
// is about no one cell is not ok.
func CellOf(field string) (c Cell, ok bool) {
	m := cellShape.FindStringSubmatch(field)
	if m == nil {
		return Cell{}, false
	}
	row, err := strconv.Atoi(m[3])
	return Cell{m[1], row, m[2], m[4]}, err == nil
}

// letters names a column as spreadsheets do: A … Z, AA …
func letters(col int) (name string) {
	for ; col > 0; col = (col - 1) / 26 {
		name = string(rune('A'+(col-1)%26)) + name
	}
	return name
}

// resultsReader reads one file.
type resultsReader struct {
	types *book.Types
	tree  *survey.Tree
	out   Results
	bad   []survey.FieldError
	first map[book.Key]place
	comma place      // the first number with a decimal comma …
	point place      // … and with a point
	mixed bool       // which has been told
	epoch survey.Day // day 0 of the workbook

	sheet string
	cols  []column
	at    map[string]int // column by name, from 1
}

// column is what the cells below a heading are.
type column struct {
	name   string
	code   string // of a component
	source book.Source
}

// ReadResults reads results from a CSV file or a workbook (XLSX); which of the
// two is told by its content. Nothing is taken of a file with a fault: the error
// names every bad cell, "Sheet1!C7 score", by sheet, column and row. What is odd
// and stays as published is a warning; so is a formula, of which the value that
// the file holds is read. Decimal commas and points are both understood, but not
// in one file.
func ReadResults(r io.Reader, types *book.Types, tree *survey.Tree) (Results, error) {
	const op = "importer.ReadResults"
	x := &resultsReader{types: types, tree: tree, first: map[book.Key]place{}, epoch: epoch1900}
	head := make([]byte, 8)
	n, err := io.ReadFull(r, head)
	if err != nil && n == 0 {
		if errors.Is(err, io.EOF) {
			return Results{}, survey.Bad(op, "A1", "import.empty")
		}
		return Results{}, fmt.Errorf("%s: %w", op, err)
	}
	head, err = head[:n], nil // shorter than the longest magic; a read error comes again below
	in := io.MultiReader(bytes.NewReader(head), r)
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		err = x.workbook(in)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		x.complain("A1", "import.old_workbook")
	case bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")):
		x.complain("A1", "import.utf16")
	case foreign(head):
		x.complain("A1", "import.wrong_type")
	default:
		err = x.table(in)
	}
	if err != nil {
		return Results{}, fmt.Errorf("%s: %w", op, err)
	}
	if x.out.Rows == 0 && len(x.bad) == 0 {
		if x.bad = x.out.Warnings; len(x.bad) == 0 { // that what there is is hidden
			x.complain("A1", "import.empty")
		}
	}
	if len(x.bad) > 0 {
		return Results{}, &survey.Error{Kind: survey.Invalid, Op: op, Fields: x.bad[:min(len(x.bad), maxFaults)]}
	}
	x.together()
	return x.out, nil
}

// foreign reports whether a file begins like one that is neither text nor XLSX: a
// PDF, a web page that calls itself a workbook, an archive, a picture.
func foreign(head []byte) bool {
	for _, magic := range []string{"<", "%PDF", "Rar!", "7z\xbc\xaf", "\x1f\x8b", "\x89PNG", "\xff\xd8\xff", "{\\rtf"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return bytes.IndexByte(head, 0) >= 0
}

func (x *resultsReader) complain(at, key string, args ...any) {
	if len(x.bad) < maxFaults {
		x.bad = append(x.bad, survey.FieldError{Field: at, Key: key, Args: quotable(args)})
	}
}

func (x *resultsReader) warn(at, key string, args ...any) {
	if len(x.out.Warnings) < maxFaults {
		x.out.Warnings = append(x.out.Warnings, survey.FieldError{Field: at, Key: key, Args: quotable(args)})
	}
}

// mostQuoted is how many characters of a cell a message repeats.
const mostQuoted = 80

// quotable cuts what cells hold to what a line of a terminal can bear.
func quotable(args []any) []any {
	for i, a := range args {
		s, ok := a.(string)
		if !ok {
			continue
		}
		runes := []rune(strings.Map(func(c rune) rune {
			if unicode.IsControl(c) || c == utf8.RuneError {
				return -1
			}
			return c
		}, s))
		if len(runes) > mostQuoted {
			runes = append(runes[:mostQuoted], '…')
		}
		args[i] = string(runes)
	}
	return args
}

// field names a cell and its column: "Sheet1!C7 score".
func (x *resultsReader) field(row, col int) string {
	s := place{x.sheet, row, col}.String()
	if col >= 1 && col <= len(x.cols) && x.cols[col-1].name != "" {
		s += " " + x.cols[col-1].name
	}
	return s
}

// header reads the first row of a table and reports whether the rest makes
// sense.
func (x *resultsReader) header(sheet string, row int, cells []cell) bool {
	x.sheet, x.cols, x.at = sheet, nil, map[string]int{}
	faults := len(x.bad)
	if !slices.ContainsFunc(cells, func(c cell) bool { return slices.Contains(resultColumns[:neededColumns], headingOf(c)) }) {
		x.complain(place{sheet, row, 1}.String(), "import.no_headings", strings.Join(resultColumns[:neededColumns], ", "))
		return false
	}
	for i, c := range cells {
		name := headingOf(c)
		col := column{name: name}
		at := place{sheet, row, i + 1}.String()
		if part, ok := strings.CutPrefix(name, "component:"); ok {
			code, source, _ := strings.Cut(part, ":")
			col.code, col.source = code, book.Source(source)
			if code == "" || col.source != book.Published && !slices.Contains(book.Sources, col.source) {
				x.complain(at, "import.bad_component_column", name)
			}
		} else if !slices.Contains(resultColumns, name) && name != "" {
			x.complain(at, "import.column_unknown", name)
		}
		if _, twice := x.at[name]; twice && name != "" {
			x.complain(at, "import.column_twice", name)
		}
		x.at[name] = i + 1
		x.cols = append(x.cols, col)
	}
	for _, name := range resultColumns[:neededColumns] {
		if _, ok := x.at[name]; !ok {
			x.complain(place{sheet, row, 1}.String(), "import.column_missing", name)
		}
	}
	return len(x.bad) == faults
}

// headingOf is the name of a column.
func headingOf(c cell) string { return strings.ToLower(visible(c.text)) }

// row reads one row below the header.
func (x *resultsReader) row(row int, cells []cell) {
	if blank(cells) {
		return
	}
	x.out.Rows++
	faults := len(x.bad)
	for i := range cells {
		c := &cells[i]
		switch {
		case i >= len(x.cols) || x.cols[i].name == "":
			if strings.TrimSpace(c.text) != "" {
				x.complain(place{x.sheet, row, i + 1}.String(), "import.no_heading", c.text)
			}
		case c.formula && c.text == "":
			x.complain(x.field(row, i+1), "import.formula_empty")
		case c.formula:
			x.warn(x.field(row, i+1), "import.formula_read", c.text)
		}
	}
	r := rowReader{x, row, cells}
	result, t := r.result()
	defer func() { byColumn(x.bad[faults:]) }()
	if len(x.bad) > faults || t == nil {
		return
	}
	if first, ok := x.first[result.Key]; ok {
		x.complain(x.field(row, x.at["unit"]), "import.result_twice", string(result.Unit), string(t.Code), fmt.Sprint(result.Year), first.String())
		return
	}
	x.first[result.Key] = place{x.sheet, row, x.at["unit"]}
	for _, c := range book.Check(t, x.tree, result) {
		at := x.field(row, max(1, x.at[c.Field]))
		if c.Warning {
			x.warn(at, c.Key, c.Args...)
		} else {
			x.complain(at, c.Key, c.Args...)
		}
	}
	x.out.Scores += len(result.Parts)
	x.out.Results = append(x.out.Results, result)
}

// byColumn puts the faults of a row in the order of its cells.
func byColumn(row []survey.FieldError) {
	slices.SortStableFunc(row, func(a, b survey.FieldError) int {
		x, _ := CellOf(a.Field)
		y, _ := CellOf(b.Field)
		return cmp.Or(len(x.Column)-len(y.Column), strings.Compare(x.Column, y.Column))
	})
}

// blank reports whether there is nothing in a row.
func blank(cells []cell) bool {
	for i := range cells {
		if c := &cells[i]; c.formula || strings.TrimSpace(c.text) != "" {
			return false
		}
	}
	return true
}

// together warns of what is odd in the results of those ranked together.
func (x *resultsReader) together() {
	type league struct {
		t    book.TypeCode
		year int
		book.Among
	}
	leagues := map[league][]book.Result{}
	var order []league
	for _, r := range x.out.Results {
		u, _ := x.tree.Unit(r.Unit)
		k := league{r.Type, r.Year, book.AmongOf(u)}
		if leagues[k] == nil {
			order = append(order, k)
		}
		leagues[k] = append(leagues[k], r)
	}
	for _, k := range order {
		for _, odd := range book.CheckTogether(leagues[k]) {
			x.warn(fmt.Sprintf("%s %d %s", k.t, k.year, odd.Field), odd.Key, odd.Args...)
		}
	}
}

// clean returns the text of a cell as it can be seen.
func (x *resultsReader) clean(at string, c cell) string {
	switch s := visible(c.text); {
	case !utf8.ValidString(c.text):
		x.complain(at, "text.not_utf8")
		return ""
	case strings.ContainsFunc(s, unicode.IsControl):
		x.complain(at, "import.control_in_cell")
		return ""
	default:
		return s
	}
}

// visible is s in NFC, without blanks around it and without what has no width:
// marks of byte order, of joining and of direction, which come along when people
// copy from web pages.
func visible(s string) string {
	s = strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Cf, c) {
			return -1
		}
		return c
	}, norm.NFC.String(s))
	return strings.TrimSpace(s)
}
