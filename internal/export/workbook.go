package export

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"

	"sipas/internal/survey"
)

// sheetRows is how many rows a sheet can have, its heading among them.
const sheetRows = excelize.TotalRows

// workbook turns the CSV of an export into an XLSX with the same cells, so that
// there is one account of what a cell holds. Scores and counts become numbers;
// everything else is text, for an identifier or a time that a spreadsheet reads
// as a number is altered. What does not fit one sheet goes on in the next. XML
// has no place for U+FFFE and U+FFFF: "�" stands for them here, only here.
type workbook struct {
	numbers []bool // of the columns
	limit   int    // rows of a sheet

	file    *excelize.File
	sheet   *excelize.StreamWriter
	heading []any // nil before the first row
	sheets  int
	rows    int // of the current sheet, its heading among them
}

func newWorkbook(to io.Writer, in *survey.Instrument, limit int) *workbook {
	w := &workbook{limit: limit, file: excelize.NewFile()}
	// What excelize offers to write to is the whole file in memory.
	w.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(to) })
	for _, v := range NewCodebook(in).Variables {
		w.numbers = append(w.numbers, slices.Contains([]string{"integer", string(survey.Scale), string(survey.Many)}, v.Kind))
	}
	return w
}

// write takes whole rows of CSV.
func (w *workbook) write(b []byte) error {
	rows := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte(byteOrderMark))))
	rows.ReuseRecord, rows.FieldsPerRecord = true, len(w.numbers)
	for {
		record, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = w.add(record)
		}
		if err != nil {
			return fmt.Errorf("writing the workbook: %w", err)
		}
	}
}

func (w *workbook) add(record []string) error {
	if w.heading == nil {
		for _, name := range record {
			w.heading = append(w.heading, name)
		}
		return w.turn()
	}
	cells := make([]any, len(record))
	for i, text := range record {
		if n, err := strconv.Atoi(text); w.numbers[i] && err == nil && strconv.Itoa(n) == text {
			cells[i] = n
		} else if text != "" {
			cells[i] = text
		}
	}
	if w.rows == w.limit {
		if err := w.turn(); err != nil {
			return err
		}
	}
	return w.row(cells)
}

// turn begins the next sheet with the heading.
func (w *workbook) turn() error {
	if err := w.flush(); err != nil {
		return err
	}
	w.sheets, w.rows = w.sheets+1, 0
	name := "responses"
	if w.sheets > 1 {
		name += strconv.Itoa(w.sheets)
		if _, err := w.file.NewSheet(name); err != nil {
			return err
		}
	} else if err := w.file.SetSheetName(w.file.GetSheetName(0), name); err != nil {
		return err
	}
	var err error
	if w.sheet, err = w.file.NewStreamWriter(name); err != nil {
		return err
	}
	if err := w.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	return w.row(w.heading)
}

func (w *workbook) row(cells []any) error {
	w.rows++
	return w.sheet.SetRow("A"+strconv.Itoa(w.rows), cells)
}

func (w *workbook) flush() error {
	if w.sheet == nil {
		return nil
	}
	return w.sheet.Flush()
}

func (w *workbook) close(whole bool) (err error) {
	if whole {
		if err = w.flush(); err == nil {
			_, err = w.file.WriteToBuffer()
		}
	}
	return errors.Join(err, w.file.Close())
}
