// Package importer reads the CSV files that operators bring: units, successions
// and services.
//
// A file is taken whole or not at all, and every bad row is named with its line
// and what is wrong with it, so that one reading is enough to mend a file. The
// first line names the columns, in any order; further columns are left alone.
// A byte order mark and CRLF, which spreadsheets write, are accepted.
package importer

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/survey"
)

// Bounds of a file.
const (
	maxBytes  = 64 << 20
	maxFaults = 1000 // more would not be read by anybody
)

var byteOrderMark = []byte("\ufeff")

// row is one row of a file, by column name, with the line it begins on.
type row struct {
	line  int
	cells map[string]string
}

// table is a file being read.
type table struct {
	op      string
	columns []string // those that must be there
	at      map[string]int
	rows    []row
	lost    map[string]bool // first columns asked for (the codes) of the rows left out
	bad     []survey.FieldError
}

// complain notes what is wrong with a line.
func (t *table) complain(line int, key string, args ...any) {
	t.bad = append(t.bad, survey.FieldError{Field: survey.LineField(line), Key: key, Args: args})
}

// err returns everything complained about in the order of lines, or nil.
func (t *table) err() error {
	if len(t.bad) == 0 {
		return nil
	}
	slices.SortStableFunc(t.bad, func(a, b survey.FieldError) int { return lineOf(a) - lineOf(b) })
	return &survey.Error{Kind: survey.Invalid, Op: t.op, Fields: t.bad[:min(len(t.bad), maxFaults)]}
}

func lineOf(f survey.FieldError) (line int) {
	// A field that names no line sorts first.
	_, _ = fmt.Sscanf(f.Field, "line %d", &line)
	return line
}

// read reads a file that must have columns; one that ends in "?" may be missing,
// and then its cells are empty. Rows with a fault of form are complained about
// and left out of rows. The error is of reading only.
func read(op string, r io.Reader, columns ...string) (*table, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	t := &table{op: op, at: map[string]int{}, lost: map[string]bool{}}
	var optional []string
	for _, c := range columns {
		if name, ok := strings.CutSuffix(c, "?"); ok {
			optional = append(optional, name)
		} else {
			t.columns = append(t.columns, c)
		}
	}
	if len(text) > maxBytes {
		t.complain(1, "import.too_large", maxBytes>>20)
		return t, nil
	}
	c := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, byteOrderMark)))
	c.FieldsPerRecord = -1 // checked here, so that reading goes on after a short row
	c.ReuseRecord = true
	if !t.header(c) {
		return t, nil
	}
	for _, name := range optional {
		if _, ok := t.at[name]; ok {
			t.columns = append(t.columns, name)
		}
	}
	width := len(t.at)
	for len(t.bad) <= maxFaults {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.misread(err)
			continue
		}
		t.row(c, record, width)
	}
	if len(t.rows) == 0 && len(t.bad) == 0 {
		t.complain(1, "import.empty")
	}
	return t, nil
}

// misread notes a line that is not CSV. The reader goes on after it.
func (t *table) misread(err error) {
	line := 1
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		line = e.StartLine
	}
	t.complain(line, "import.bad_quotes")
}

// header reads the first row and reports whether the rest makes sense.
func (t *table) header(c *csv.Reader) bool {
	record, err := c.Read()
	switch {
	case errors.Is(err, io.EOF):
		t.complain(1, "import.empty")
		return false
	case err != nil:
		t.misread(err)
		return false
	}
	for i, name := range record {
		name = strings.ToLower(strings.TrimSpace(name))
		if !utf8.ValidString(name) {
			t.complain(1, "text.not_utf8")
			return false
		}
		if _, twice := t.at[name]; twice {
			t.complain(1, "import.column_twice", name)
		}
		t.at[name] = i
	}
	for _, name := range t.columns {
		if _, ok := t.at[name]; !ok {
			t.complain(1, "import.column_missing", name)
		}
	}
	return len(t.bad) == 0
}

func (t *table) row(c *csv.Reader, record []string, width int) {
	line, _ := c.FieldPos(0)
	code := t.at[t.columns[0]]
	if len(record) != width {
		t.complain(line, "import.field_count", len(record), width)
		if code < len(record) {
			t.lost[record[code]] = true
		}
		return
	}
	r := row{line, make(map[string]string, len(t.columns))}
	for _, name := range t.columns {
		v := strings.TrimSpace(norm.NFC.String(record[t.at[name]]))
		switch {
		case !utf8.ValidString(record[t.at[name]]):
			t.complain(line, "import.not_utf8", name)
			t.lost[record[code]] = true
			return
		case strings.ContainsFunc(v, unicode.IsControl):
			t.complain(line, "import.control_character", name)
			t.lost[record[code]] = true
			return
		}
		r.cells[name] = v
	}
	t.rows = append(t.rows, r)
}

// day reads a date of r, or complains.
func (t *table) day(r row, column string, empty survey.Day) survey.Day {
	if r.cells[column] == "" && empty != 0 {
		return empty
	}
	d, err := survey.ParseDay(r.cells[column])
	if err != nil || d.Date().Year() < 1800 || d.Date().Year() > 2999 {
		t.complain(r.line, "import.bad_date", column, r.cells[column])
	}
	return d
}
