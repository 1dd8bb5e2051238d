package export

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"sipas/internal/instrument"
	"sipas/internal/survey"
)

// pulseWorkbook writes rows of CSV in chunks as an export does, each of one row
// here, and reads all sheets of the workbook back as cells.
func pulseWorkbook(t interface{ Fatal(args ...any) }, in *survey.Instrument, limit int, chunks ...string) (sheets [][][]string, file *excelize.File) {
	var b bytes.Buffer
	w := newWorkbook(&b, in, limit)
	for _, c := range chunks {
		if err := w.write([]byte(c)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.close(true); err != nil {
		t.Fatal(err)
	}
	file, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range file.GetSheetList() {
		rows, err := file.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		sheets = append(sheets, rows)
	}
	return sheets, file
}

func pulse(t testing.TB) *survey.Instrument {
	t.Helper()
	set, err := instrument.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return set.ByID("pulse@1")
}

// csvRow is a row of the columns of in, filled by value.
func csvRow(columns int, value func(i int) string) string {
	var b []byte
	for i := range columns {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendCell(b, value(i))
	}
	return string(b) + "\r\n"
}

// TestWorkbookHasTheCellsOfTheCSV: whatever was written, another program's
// reader finds the cells of the CSV in the workbook, none lost and none altered.
func TestWorkbookHasTheCellsOfTheCSV(t *testing.T) {
	in := pulse(t)
	names := newCSVWriter(plan{in: in}, nil).names()
	head := byteOrderMark + strings.Join(names, ",") + "\r\n"
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(
			rapid.SampledFrom([]string{"", "5", "007", "1.0", "1e5", "=1+1", "0912345678", "2026-03-02", "_x0041_", "&lt;", " a ", "true", "\u202e"}),
			rapid.StringOfN(rapid.RuneFrom([]rune("=+-@\t\r\n\"'<>&; a,ăệ😀1")), 0, 12, -1),
		)
		chunks := []string{head}
		for range rapid.IntRange(0, 5).Draw(t, "rows") {
			chunks = append(chunks, csvRow(len(names), func(i int) string { return text.Draw(t, names[i]) }))
		}
		want, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(strings.Join(chunks, ""), byteOrderMark))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		sheets, _ := pulseWorkbook(t, in, sheetRows, chunks...)
		for r, row := range want {
			for i, cell := range row {
				got := ""
				if r < len(sheets[0]) && i < len(sheets[0][r]) {
					got = sheets[0][r][i] // the reader drops empty cells at the end of a row
				}
				if got != cell {
					t.Fatalf("row %d, %s: %q reads back as %q", r+1, names[i], cell, got)
				}
			}
		}
	})
}

func TestWorkbookGoesOnInTheNextSheet(t *testing.T) {
	in := pulse(t)
	names := newCSVWriter(plan{in: in}, nil).names()
	chunks := []string{byteOrderMark + strings.Join(names, ",") + "\r\n"}
	for seq := 1; seq <= 5; seq++ {
		chunks = append(chunks, csvRow(len(names), func(i int) string { return map[bool]string{true: fmt.Sprint(seq)}[i == 0] }))
	}
	sheets, _ := pulseWorkbook(t, in, 3, chunks...)
	var got [][]string
	for _, s := range sheets {
		var first []string
		for _, row := range s {
			first = append(first, row[0])
		}
		got = append(got, first)
	}
	want := [][]string{{"seq", "1", "2"}, {"seq", "3", "4"}, {"seq", "5"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("first cells of the sheets (-want +got):\n%s", diff)
	}
}

// TestWorkbookNumbers: what is computed with is a number, what names something
// is text though it looks like one.
func TestWorkbookNumbers(t *testing.T) {
	in := pulse(t)
	names := newCSVWriter(plan{in: in}, nil).names()
	head := strings.Join(names, ",") + "\r\n"
	_, file := pulseWorkbook(t, in, sheetRows, head, csvRow(len(names), func(int) string { return "1" }))
	for i, name := range names {
		at, _ := excelize.CoordinatesToCellName(i+1, 2)
		kind, err := file.GetCellType("responses", at)
		if err != nil {
			t.Fatal(err)
		}
		number := name == "seq" || name == "P1" || strings.HasPrefix(name, "W1.")
		if (kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString) == number {
			t.Errorf("%s has cells of kind %v; a number: %v", name, kind, number)
		}
	}
}
