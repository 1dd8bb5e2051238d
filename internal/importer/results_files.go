package importer

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Bounds of files of results. A workbook is held in memory as a whole.
const (
	maxWorkbook = 64 << 20
	maxUnzipped = 512 << 20
	maxTable    = 2 << 30
)

// table reads a CSV file row by row. Columns are parted by commas, or by
// semicolons where the first line has those and no comma, as spreadsheets write
// where the comma is the decimal mark.
func (x *resultsReader) table(r io.Reader) error {
	bounded := &io.LimitedReader{R: r, N: maxTable}
	c, err := newTable(bounded)
	if err != nil {
		return err
	}
	var cells []cell
	for headed := false; len(x.bad) < maxFaults; {
		record, err := c.Read()
		var slip *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			if bounded.N == 0 {
				x.complain("A1", "import.too_large", maxTable>>20)
			}
			return nil
		case errors.As(err, &slip):
			x.complain(place{row: slip.StartLine, col: 1}.String(), "import.bad_quotes")
			if !headed {
				return nil
			}
			continue
		case err != nil:
			return err
		}
		line, _ := c.FieldPos(0)
		cells = cells[:0]
		for _, text := range record {
			cells = append(cells, cell{text: text})
		}
		switch {
		case !headed:
			if headed = x.header("", line, cells); !headed {
				return nil
			}
		default:
			x.row(line, cells)
		}
	}
	return nil
}

// newTable reads on behind a byte order mark, by the separator of the first line.
func newTable(r io.Reader) (*csv.Reader, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	if mark, err := in.Peek(len(byteOrderMark)); err == nil && bytes.Equal(mark, byteOrderMark) {
		if _, err := in.Discard(len(mark)); err != nil {
			return nil, err
		}
	}
	start, _ := in.Peek(1 << 12) // what there is; a read error comes again later
	first, _, _ := bytes.Cut(start, []byte("\n"))
	c := csv.NewReader(in)
	c.FieldsPerRecord, c.ReuseRecord = -1, true
	if bytes.Contains(first, []byte(";")) && !bytes.Contains(first, []byte(",")) {
		c.Comma = ';'
	}
	return c, nil
}

// workbook reads every sheet of an XLSX file that has something in it.
func (x *resultsReader) workbook(r io.Reader) error {
	text, err := io.ReadAll(io.LimitReader(r, maxWorkbook+1))
	if err != nil {
		return err
	}
	if len(text) > maxWorkbook {
		x.complain("A1", "import.too_large", maxWorkbook>>20)
		return nil
	}
	f, err := excelize.OpenReader(bytes.NewReader(text), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped})
	if err != nil {
		x.complain("A1", "import.wrong_type")
		return nil //nolint:nilerr // told to whoever brought the file: another kind of archive, or a broken one
	}
	defer func() { _ = f.Close() }()
	for _, sheet := range f.GetSheetList() {
		if err := x.worksheet(f, sheet); err != nil {
			return fmt.Errorf("sheet %s: %w", sheet, err)
		}
	}
	return nil
}

func (x *resultsReader) worksheet(f *excelize.File, sheet string) error {
	merged, err := f.GetMergeCells(sheet, true)
	if err != nil {
		return err
	}
	for _, m := range merged {
		x.complain(sheet+"!"+m.GetStartAxis(), "import.merged", m.GetStartAxis()+":"+m.GetEndAxis())
	}
	if len(merged) > 0 {
		return nil // what stands where is not clear
	}
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		return err
	}
	headed := false
	for i, raw := range rows {
		if len(x.bad) >= maxFaults {
			return nil
		}
		cells, some, err := readCells(f, sheet, i+1, raw)
		switch {
		case err != nil:
			return err
		case !some:
		case !headed:
			if headed = x.header(sheet, i+1, cells); !headed {
				return nil
			}
		default:
			x.row(i+1, cells)
		}
	}
	return nil
}

// readCells reads a row of a sheet, and whether there is something in it.
func readCells(f *excelize.File, sheet string, row int, raw []string) (cells []cell, some bool, err error) {
	cells = make([]cell, len(raw))
	for i, text := range raw {
		name := letters(i+1) + strconv.Itoa(row)
		c := &cells[i]
		formula, err := f.GetCellFormula(sheet, name)
		if err != nil {
			return nil, false, err
		}
		c.text, c.formula = text, formula != ""
		some = some || text != "" || c.formula
		if text == "" {
			continue
		}
		kind, err := f.GetCellType(sheet, name)
		if err != nil {
			return nil, false, err
		}
		if c.number = numeric(kind, text); c.number {
			if c.text, err = unrounded(f, sheet, name, text); err != nil {
				return nil, false, err
			}
		}
	}
	return cells, some, nil
}

// numeric reports whether a cell holds a number and not text that looks so.
func numeric(kind excelize.CellType, text string) bool {
	switch kind {
	case excelize.CellTypeUnset, excelize.CellTypeNumber, excelize.CellTypeFormula, excelize.CellTypeDate:
		_, err := strconv.ParseFloat(text, 64)
		return err == nil
	}
	return false
}

// unrounded is the number of a cell. One that is shown as 93.28 % is kept as
// 0.9328, and means 93.28. The last digits that binary fractions leave behind
// (0.30000000000000004) are not what anybody published.
func unrounded(f *excelize.File, sheet, name, raw string) (string, error) {
	v, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return "", err
	}
	shown, err := f.GetCellValue(sheet, name)
	if err != nil {
		return "", err
	}
	if strings.HasSuffix(strings.TrimSpace(shown), "%") {
		v *= 100
	}
	return strconv.FormatFloat(v, 'g', 12, 64), nil
}
