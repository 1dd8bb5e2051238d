package importer

import (
	"bytes"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Bounds of a workbook, which is held in memory as a whole: bytes, as it is and
// unpacked, and cells, counting those left of a cell, which are laid out too.
const (
	maxWorkbook = 64 << 20
	maxUnzipped = 256 << 20
	maxCells    = 4_000_000
)

// workbook reads every sheet of an XLSX file that can be seen and has something
// in it.
func (x *resultsReader) workbook(r io.Reader) error {
	text, err := io.ReadAll(io.LimitReader(r, maxWorkbook+1))
	if err != nil {
		return err
	}
	if len(text) > maxWorkbook {
		x.complain("A1", "import.too_large", maxWorkbook>>20)
		return nil
	}
	// What excelize unpacks to files stays there when it gives up on a workbook, so they get a folder that goes.
	folder, err := os.MkdirTemp("", "sipas-import-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // only what was unpacked
	f, err := excelize.OpenReader(bytes.NewReader(text), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped, TmpDir: folder})
	switch {
	case err != nil && strings.Contains(err.Error(), "unzip size exceeds"):
		x.complain("A1", "import.too_large_unpacked", maxUnzipped>>20)
		return nil
	case err != nil: // another kind of archive, or a broken one
		x.complain("A1", "import.wrong_type")
		return nil //nolint:nilerr // told to whoever brought the file
	}
	defer func() { _ = f.Close() }()
	w := workbookReader{x, f, map[int]format{}}
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil && *props.Date1904 {
		x.epoch = epoch1904
	}
	for _, sheet := range f.GetSheetList() {
		x.sheet = sheet
		if err := w.worksheet(sheet); err != nil {
			x.complain(place{sheet, 1, 1}.String(), "import.broken_sheet")
		}
	}
	return nil
}

type workbookReader struct {
	*resultsReader
	f       *excelize.File
	formats map[int]format // by style
}

// outline is what a sheet has, found without laying it out.
type outline struct {
	cells  int
	hidden map[int]bool // rows
}

// look goes through a sheet and stops where it is too large: a cell far to the
// right takes a few bytes in the file, and thousands of cells when it is laid out.
func (w workbookReader) look(sheet string) (o outline, err error) {
	rows, err := w.f.Rows(sheet)
	if err != nil {
		return o, err
	}
	defer func() { _ = rows.Close() }()
	o.hidden = map[int]bool{}
	for n := 1; o.cells <= maxCells && rows.Next(); n++ {
		hidden := rows.GetRowOpts().Hidden
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return o, err
		}
		o.cells += len(cells)
		if hidden && len(cells) > 0 {
			o.hidden[n] = true
		}
	}
	return o, rows.Error()
}

// worksheet reads one sheet. The error says that it cannot be read.
func (w workbookReader) worksheet(sheet string) error {
	o, err := w.look(sheet)
	if err != nil || o.cells == 0 {
		return err
	}
	if ok, err := w.clear(sheet, o); err != nil || !ok {
		return err
	}
	rows, err := w.f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		return err
	}
	headed := false
	for i, raw := range rows {
		if len(w.bad) >= maxFaults {
			return nil
		}
		cells, some, err := w.cells(sheet, i+1, raw)
		switch {
		case err != nil:
			return err
		case !some:
		case !headed:
			if headed = w.header(sheet, i+1, cells); !headed {
				return nil
			}
		default:
			if o.hidden[i+1] {
				w.warn(place{sheet, i + 1, 1}.String(), "import.hidden_row")
			}
			w.row(i+1, cells)
		}
	}
	return nil
}

// clear reports whether a sheet can be laid out, is seen by whoever brings it, and
// has each cell where it stands; otherwise it says what is the matter.
func (w workbookReader) clear(sheet string, o outline) (ok bool, err error) {
	top := place{sheet, 1, 1}.String()
	if o.cells > maxCells {
		w.complain(top, "import.too_many_cells", maxCells)
		return false, nil
	}
	if visible, err := w.f.GetSheetVisible(sheet); err != nil || !visible {
		w.warn(top, "import.hidden_sheet")
		return false, err
	}
	merged, err := w.f.GetMergeCells(sheet, true)
	for _, m := range merged {
		w.complain(sheet+"!"+m.GetStartAxis(), "import.merged", m.GetStartAxis()+":"+m.GetEndAxis())
	}
	return len(merged) == 0, err
}

// cells reads a row of a sheet, and whether there is something in it.
func (w workbookReader) cells(sheet string, row int, raw []string) (cells []cell, some bool, err error) {
	cells = make([]cell, len(raw))
	for i, text := range raw {
		name := letters(i+1) + strconv.Itoa(row)
		c := &cells[i]
		formula, err := w.f.GetCellFormula(sheet, name)
		if err != nil {
			return nil, false, err
		}
		c.text, c.formula = text, formula != ""
		some = some || text != "" || c.formula
		if text == "" {
			continue
		}
		kind, err := w.f.GetCellType(sheet, name)
		if err != nil {
			return nil, false, err
		}
		v, isNumber := numeric(kind, text)
		if !isNumber {
			continue
		}
		shown, err := w.format(sheet, name)
		if err != nil {
			return nil, false, err
		}
		c.number, c.date = true, shown == asDate
		if shown == asPercent { // one shown as 93.28 % is kept as 0.9328
			v *= 100
		}
		// The last digits that binary fractions leave behind (0.30000000000000004) are
		// not what anybody published.
		c.text = strconv.FormatFloat(v, 'g', 12, 64)
	}
	return cells, some, nil
}

// numeric is the number that a cell holds, and whether it holds one and not text
// that looks so.
func numeric(kind excelize.CellType, text string) (float64, bool) {
	switch kind {
	case excelize.CellTypeUnset, excelize.CellTypeNumber, excelize.CellTypeFormula, excelize.CellTypeDate:
		v, err := strconv.ParseFloat(text, 64)
		return v, err == nil
	}
	return 0, false
}

// format is what a number is shown as.
type format int

// What numbers are shown as.
const (
	asNumber format = iota
	asPercent
	asDate
)

// notShown are the parts of a number format that stand for themselves, or for
// colours and conditions.
var notShown = regexp.MustCompile(`"[^"]*"|\\.|\[[^\]]*\]|General`)

// format is how a cell shows its number, by the formats built into workbooks and
// those of their own.
func (w workbookReader) format(sheet, name string) (format, error) {
	id, err := w.f.GetCellStyle(sheet, name)
	if err != nil {
		return asNumber, err
	}
	if known, ok := w.formats[id]; ok {
		return known, nil
	}
	style, err := w.f.GetStyle(id)
	if err != nil {
		return asNumber, err
	}
	shown := asNumber
	switch n := style.NumFmt; {
	case style.CustomNumFmt != nil:
		code := strings.ToLower(notShown.ReplaceAllString(*style.CustomNumFmt, ""))
		switch {
		case strings.Contains(code, "%"):
			shown = asPercent
		case strings.ContainsAny(code, "dmyhs"):
			shown = asDate
		}
	case n == 9 || n == 10:
		shown = asPercent
	case n >= 14 && n <= 22, n >= 27 && n <= 36, n >= 45 && n <= 47, n >= 50 && n <= 58:
		shown = asDate
	}
	w.formats[id] = shown
	return shown, nil
}
