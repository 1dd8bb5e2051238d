package main

import (
	"archive/zip"
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// resultsRig is a folder with the database of a small province, and the program.
type resultsRig struct {
	dir string
}

const rigUnits = `code,name,kind,parent,valid_from,valid_to
qn,Tỉnh Quảng Ninh,province,,1963-10-30,
qn.h.uong-bi,Thành phố Uông Bí,district,qn,1994-01-01,2025-06-30
qn.h.ha-long,Thành phố Hạ Long,district,qn,1994-01-01,2025-06-30
qn.h.hoanh-bo,Huyện Hoành Bồ,district,qn,1994-01-01,2019-12-31
qn.p-uong-bi,Phường Uông Bí,ward,qn,2025-07-01,
`

// sipas runs a command as a person would, and returns what it said and its exit
// status.
func (r resultsRig) sipas(t *testing.T, args ...string) (out, complaints string, status int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	err := run(t.Context(), append(args, "--data", r.dir, "--lang", "en"), func(string) string { return "" }, strings.NewReader(""), &stdout, &stderr)
	if f, ok := errors.AsType[*failure](err); ok {
		fmt.Fprintln(&stderr, f.text)
		status = f.status
	} else if err != nil {
		t.Fatal(err)
	}
	return stdout.String(), stderr.String(), status
}

func (r resultsRig) file(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// everything is the content of all tables, to see that nothing has changed.
func (r resultsRig) everything(t *testing.T) string {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(r.dir, "sipas.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	list := func(query string) (lines []string) {
		rows, err := db.Query(query)
		if err != nil {
			t.Fatal(query, err)
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			line := ""
			for _, v := range values {
				line += fmt.Sprintf("|%v", *v.(*any))
			}
			lines = append(lines, line)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return lines
	}
	all := ""
	for _, line := range list("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name") {
		table := strings.TrimPrefix(line, "|")
		all += table + "\n" + strings.Join(list(`SELECT * FROM "`+table+`"`), "\n") + "\n"
	}
	return all
}

func newResultsRig(t *testing.T) resultsRig {
	t.Helper()
	r := resultsRig{t.TempDir()}
	if _, said, status := r.sipas(t, "import", "units", r.file(t, "units.csv", []byte(rigUnits))); status != 0 {
		t.Fatal(said)
	}
	return r
}

const (
	rigHeader = "unit,index,year_measured,score,max_score,percent,rank,rank_of,announced,document,component:finance\n"
	rigGood   = "qn.h.uong-bi,par-index,2019,91.59,100,91.59,2,,2020-06-17,,9.5\n"
)

// sheet makes a workbook of one sheet with a good row, and changes it.
func sheet(t *testing.T, change func(f *excelize.File, sheet string) error) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	const name = "Năm 2019"
	var b bytes.Buffer
	for _, err := range []error{
		f.SetSheetName("Sheet1", name),
		f.SetSheetRow(name, "A1", &[]any{"unit", "index", "year_measured", "score", "percent", "rank", "rank_of", "announced", "component:finance"}),
		f.SetSheetRow(name, "A2", &[]any{"qn.h.uong-bi", "par-index", 2019, 91.59, 91.59, 2, nil, "2020-06-17", 9.5}),
		change(f, name),
		f.Write(&b),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// cells sets cells and what they are shown as: a number of a built-in format.
func cells(format int, pairs ...any) func(f *excelize.File, sheet string) error {
	return func(f *excelize.File, sheet string) error {
		for i := 0; i < len(pairs); i += 2 {
			at := pairs[i].(string)
			if err := f.SetCellValue(sheet, at, pairs[i+1]); err != nil {
				return err
			}
			if format == 0 {
				continue
			}
			id, err := f.NewStyle(&excelize.Style{NumFmt: format})
			if err != nil {
				return err
			}
			if err := f.SetCellStyle(sheet, at, at, id); err != nil {
				return err
			}
		}
		return nil
	}
}

// repacked changes a part of a workbook as bytes.
func repacked(t *testing.T, workbook []byte, part string, change func(text []byte) []byte) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if _, err := text.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		w, err := out.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		content := text.Bytes()
		if f.Name == part {
			content = change(content)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// raw is the workbook with one cell as another program writes it.
func raw(t *testing.T, at, cell string) []byte {
	t.Helper()
	was := regexp.MustCompile(`<c r="` + at + `"[^>]*>.*?</c>`)
	return repacked(t, sheet(t, cells(0)), "xl/worksheets/sheet1.xml", func(b []byte) []byte {
		if !was.Match(b) {
			t.Fatalf("there is no cell %s in %s", at, b)
		}
		return was.ReplaceAllLiteral(b, []byte(cell))
	})
}

// archive is a file of one part, packed.
func archive(t *testing.T, part, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	w, err := out.Create(part)
	if err == nil {
		_, err = w.Write([]byte(content))
	}
	if err = errors.Join(err, out.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// utf16Text is text as "Unicode text" of a spreadsheet.
func utf16Text(text string) []byte {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

// TestImportResultsRefuses brings what people bring by mistake. Each file is
// tried with and without --dry-run; both say the same, and not a byte of any
// table changes.
func TestImportResultsRefuses(t *testing.T) {
	r := newResultsRig(t)
	plain := func(rows string) []byte { return []byte(rigHeader + rows) }
	book := func(change func(f *excelize.File, sheet string) error) []byte { return sheet(t, change) }
	for _, c := range []struct {
		name, file string
		content    []byte
		want       []string
	}{
		{"score above maximum", "a.csv", plain("qn.h.uong-bi,par-index,2019,100.01,,,,,,,\n"), []string{"row 2, column D (score): 100.01 is above the maximum of 100."}},
		{"score above the maximum of its row", "a.csv", plain("qn.h.uong-bi,dgi,2019,70,65,,,,,,\n"), []string{"row 2, column D (score): 70 is above the maximum of 65."}},
		{"percent above 100", "a.csv", plain("qn.h.uong-bi,sipas,2019,,,100.5,,,,,\n"), []string{"row 2, column F (percent): 100.5 is above the maximum of 100."}},
		{"component above maximum", "a.csv", plain("qn.h.uong-bi,par-index,2019,90,,,,,,,12.5\n"), []string{"row 2, column K (component:finance): 12.5 is above the maximum of 12."}},
		{"rank above rank_of", "a.csv", plain("qn.h.uong-bi,par-index,2019,90,,,15,14,,,\n"), []string{"row 2, column G (rank): Rank 15 is above the number ranked (14)."}},
		{"component that the type has not", "a.csv", []byte("unit,index,year_measured,score,component:x\nqn.h.uong-bi,par-index,2019,9,1\n"), []string{"row 2, column E (component:x): par-index-district has no component x."}},
		{"year outside the type's", "a.csv", plain("qn.h.uong-bi,dgi-949,2024,60,,,,,,,\n"), []string{"row 2, column C (year_measured): 2024 is outside the years of dgi-949: 2018 to 2021."}},
		{"year without a type", "a.csv", plain("qn.h.uong-bi,dgi,2017,60,,,,,,,\n"), []string{"row 2, column B (index): Index dgi is not for Thành phố Uông Bí in 2017."}},
		{"year of no calendar", "a.csv", plain("qn.h.uong-bi,par-index-district,219,60,,,,,,,\n"), []string{"row 2, column C (year_measured): The year measured, 219, must be from 1990 to 2200."}},
		{"unit that had ended", "a.csv", plain("qn.h.hoanh-bo,par-index,2020,60,,,,,,,\n"), []string{"row 2, column A (unit): Huyện Hoành Bồ ended on 31 December 2019; it has no year 2020."}},
		{"unit that was not yet", "a.csv", plain("qn.p-uong-bi,sipas,2024,,,60,,,,,\n"), []string{"row 2, column A (unit): Phường Uông Bí begins on 1 July 2025; it did not exist in 2024."}},
		{"unit of another kind", "a.csv", plain("qn,dgi-949,2019,60,,,,,,,\n"), []string{"row 2, column A (unit): Tỉnh Quảng Ninh is not of a level that dgi-949 scores."}},
		{"decimal comma and point", "a.csv", plain(rigGood + `qn.h.ha-long,par-index,2019,"90,5",,,,,,,` + "\n"), []string{"row 3, column D (score): “90,5” has another decimal mark than cell D2; a file must keep to one."}},
		{"thousands", "a.csv", plain(`qn.h.ha-long,par-index,2019,"1.091,59",,,,,,,` + "\n"), []string{"row 2, column D (score): “1.091,59” is no number like 91.59 or 91,59."}},
		{"percent sign", "a.csv", plain("qn.h.ha-long,par-index,2019,,,93.28%,,,,,\n"), []string{"row 2, column F (percent): “93.28%” is no number like 91.59 or 91,59."}},
		{"announced before it was measured", "a.csv", plain("qn.h.uong-bi,par-index,2019,90,,,,,2018-06-17,,\n"), []string{"row 2, column I (announced): It was announced on 17 June 2018, before the year measured, 2019."}},
		{"date the other way", "a.csv", plain("qn.h.uong-bi,par-index,2019,90,,,,,17/06/2020,,\n"), []string{"row 2, column I (announced): “17/06/2020” is no date like 2026-03-02."}},
		{"no number at all", "a.csv", plain("qn.h.uong-bi,par-index,2019,,,,,,,,\n"), []string{"row 2, column D (score): There is no score, percentage, rank or component score."}},
		{"result twice", "a.csv", plain(rigGood + rigGood), []string{"row 3, column A (unit): The result of qn.h.uong-bi (par-index-district, 2019) stands already at A2."}},
		{"empty unit, index, year", "a.csv", plain(",,,90,,,,,,,\n"), []string{"row 2, column A (unit): This cell must not be empty.", "row 2, column B (index): This cell must not be empty.", "row 2, column C (year_measured): This cell must not be empty."}},
		{"row of totals", "a.csv", plain(rigGood + "Tổng cộng,,,1091.59,,,,,,,\n"), []string{"row 3, column A (unit): There is no unit “Tổng cộng”, and the row lacks an index or a year; if it is a total or a remark, delete the row."}},
		{"remark below the table", "a.csv", plain(rigGood + "Người lập biểu: Nguyễn Văn A\n"), []string{"row 3, column A (unit): There is no unit “Người lập biểu: Nguyễn Văn A”, and the row lacks an index or a year; if it is a total or a remark, delete the row."}},
		{"name for a code", "a.csv", plain("Thành phố Uông Bí,par-index,2019,90,,,,,,,\n"), []string{"row 2, column A (unit): There is no unit Thành phố Uông Bí."}},
		{"every bad cell", "a.csv", plain("x,par-index,2019,a,,,,,,,\n" + rigGood + "qn.h.ha-long,par-index,20I9,90,,,1st,,,,\n"), []string{"row 2, column A (unit): There is no unit x.", "row 2, column D (score): “a” is no number like 91.59 or 91,59.", "row 4, column C (year_measured): “20I9” is no whole number.", "row 4, column G (rank): “1st” is no whole number."}},
		{"one bad among many", "a.csv", plain(strings.Repeat("\n", 3) + rigGood + "qn.h.ha-long,par-index,2019,90,,,-1,,,,\n"), []string{"row 6, column G (rank): “-1” is no whole number."}},
		{"cell beyond the headings", "a.csv", plain(strings.TrimSpace(rigGood) + ",7\n"), []string{"row 2, column L: The cell has “7”, but its column has no heading."}},
		{"control characters", "a.csv", plain("qn.h.uong-bi,par-index,2019,\"9\x1b[31m0\",,,,,,,\n"), []string{"row 2, column D (score): The cell has a control character."}},
		{"long cell", "a.csv", plain("qn.h.uong-bi,par-index,2019," + strings.Repeat("9", 40_000) + ",,,,,,,\n"), []string{"row 2, column D (score): “99999999999999999999999999999999999999999999999999999999999999999999999999999999…” is no number like 91.59 or 91,59."}},
		{"quotes left open", "a.csv", plain("\"qn.h.uong-bi,par-index,2019,90,,,,,,,\n" + rigGood), []string{"row 2, column A: The quotation marks do not match."}},
		{"not UTF-8", "a.csv", plain("qn.h.u\xf4ng-bi,par-index,2019,90,,,,,,,\n"), []string{"row 2, column A (unit): The text is not valid UTF-8."}},
		{"empty", "a.csv", nil, []string{"row 1, column A: The file has no rows."}},
		{"only a byte order mark", "a.csv", []byte("\ufeff"), []string{"row 1, column A: The file has no rows."}},
		{"only headings", "a.csv", plain(""), []string{"row 1, column A: The file has no rows."}},
		{"heading missing", "a.csv", []byte("unit,index,score\nqn.h.uong-bi,par-index,90\n"), []string{"row 1, column A: The column year_measured is missing."}},
		{"heading twice", "a.csv", []byte("unit,index,year_measured,score,Score\n"), []string{"row 1, column E: The column score stands twice."}},
		{"heading unknown", "a.csv", []byte("unit,index,year_measured,points\n"), []string{"row 1, column D: There is no column “points”."}},
		{"heading of no source", "a.csv", []byte("unit,index,year_measured,component:finance:hearsay\n"), []string{"row 1, column D: Column “component:finance:hearsay” must be component:CODE or component:CODE:SOURCE, the source being self, appraisal, survey or computed."}},
		{"UTF-16", "a.csv", utf16Text(rigHeader + rigGood), []string{"row 1, column A: The file is text in UTF-16; save it as CSV UTF-8 or as .xlsx."}},
		{"UTF-16 without a mark", "a.csv", utf16Text(rigHeader + rigGood)[2:], []string{"row 1, column A: The file is neither CSV (UTF-8) nor XLSX."}},
		{"old workbook renamed", "a.xlsx", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)), []string{"row 1, column A: The file is an old workbook (.xls) or one with a password; save it as .xlsx without a password."}},
		{"PDF", "a.csv", []byte("%PDF-1.7\n"), []string{"row 1, column A: The file is neither CSV (UTF-8) nor XLSX."}},
		{"web page saved as workbook", "a.xlsx", []byte("<html><table><tr><td>unit</td></tr></table></html>"), []string{"row 1, column A: The file is neither CSV (UTF-8) nor XLSX."}},
		{"archive that is no workbook", "a.xlsx", archive(t, "word/document.xml", "<w:document/>"), []string{"row 1, column A: The file is neither CSV (UTF-8) nor XLSX."}},
		{"workbook cut short", "a.xlsx", book(cells(0))[:3000], []string{"row 1, column A: The file is neither CSV (UTF-8) nor XLSX."}},
		{"workbook of noughts", "a.xlsx", archive(t, "xl/worksheets/sheet1.xml", strings.Repeat("0", 257<<20)), []string{"row 1, column A: Unpacked, the file is larger than 256 MiB."}},
		{"sheet that is far too wide", "a.xlsx", repacked(t, book(cells(0)), "xl/worksheets/sheet1.xml", func(b []byte) []byte {
			wide := ""
			for row := 3; row < 400; row++ {
				wide += fmt.Sprintf(`<row r="%d"><c r="XFD%d"><v>1</v></c></row>`, row, row)
			}
			return bytes.Replace(b, []byte("</sheetData>"), []byte(wide+"</sheetData>"), 1)
		}), []string{"sheet “Năm 2019”, row 1, column A: The sheet has more than 4,000,000 cells, counting empty ones before others; delete what stands far outside the table."}},
		{"sheet that is broken", "a.xlsx", repacked(t, book(cells(0)), "xl/worksheets/sheet1.xml", func(b []byte) []byte { return b[:len(b)-100] }), []string{"sheet “Năm 2019”, row 1, column A: The sheet cannot be read; open the workbook, save it and try again."}},
		{"empty workbook", "a.xlsx", book(func(f *excelize.File, s string) error { return errors.Join(f.RemoveRow(s, 2), f.RemoveRow(s, 1)) }), []string{"row 1, column A: The file has no rows."}},
		{"workbook of headings", "a.xlsx", book(func(f *excelize.File, s string) error { return f.RemoveRow(s, 2) }), []string{"row 1, column A: The file has no rows."}},
		{"all in a hidden sheet", "a.xlsx", book(func(f *excelize.File, s string) error {
			empty, err := f.NewSheet("Trống")
			f.SetActiveSheet(empty)
			return errors.Join(err, f.SetSheetVisible(s, false))
		}), []string{"sheet “Năm 2019”, row 1, column A: The sheet is hidden and is left out; show it to have it read."}},
		{"merged cells", "a.xlsx", book(func(f *excelize.File, s string) error {
			return errors.Join(cells(0, "B3", "sipas", "C3", 2019, "E3", 93.28)(f, s), f.MergeCell(s, "A2", "A3"))
		}), []string{"sheet “Năm 2019”, row 2, column A: The cells A2:A3 are merged; unmerge them."}},
		{"title above the headings", "a.xlsx", book(func(f *excelize.File, s string) error {
			return errors.Join(f.InsertRows(s, 1, 1), f.SetCellStr(s, "A1", "BẢNG TỔNG HỢP"))
		}), []string{"sheet “Năm 2019”, row 1, column A: This row must name the columns: unit, index, year_measured, …"}},
		{"score above, in a sheet", "a.xlsx", book(cells(0, "D2", 100.01)), []string{"sheet “Năm 2019”, row 2, column D (score): 100.01 is above the maximum of 100."}},
		{"rank above, in a sheet", "a.xlsx", book(cells(0, "F2", 15, "G2", 14)), []string{"sheet “Năm 2019”, row 2, column F (rank): Rank 15 is above the number ranked (14)."}},
		{"year outside, in a sheet", "a.xlsx", book(cells(0, "B2", "dgi-949", "C2", 2024, "D2", 60, "E2", nil, "H2", nil, "I2", nil)), []string{"sheet “Năm 2019”, row 2, column C (year_measured): 2024 is outside the years of dgi-949: 2018 to 2021."}},
		{"unit ended, in a sheet", "a.xlsx", book(cells(0, "A2", "qn.h.hoanh-bo", "C2", 2020)), []string{"sheet “Năm 2019”, row 2, column A (unit): Huyện Hoành Bồ ended on 31 December 2019; it has no year 2020."}},
		{"component, in a sheet", "a.xlsx", book(cells(0, "J1", "component:x", "J2", 1)), []string{"sheet “Năm 2019”, row 2, column J (component:x): par-index-district has no component x."}},
		{"comma and point, in a sheet", "a.xlsx", book(cells(0, "D2", "91,59", "E2", "91.59")), []string{"sheet “Năm 2019”, row 2, column E (percent): “91.59” has another decimal mark than cell Năm 2019!D2; a file must keep to one."}},
		{"a date for a score", "a.xlsx", book(cells(14, "D2", 46151)), []string{"sheet “Năm 2019”, row 2, column D (score): The cell is a date, 9 May 2026; spreadsheets make dates of numbers like 9.5. Format the cell as a number and write it again."}},
		{"a date for a rank", "a.xlsx", book(cells(16, "F2", 46151)), []string{"sheet “Năm 2019”, row 2, column F (rank): The cell is a date, 9 May 2026; spreadsheets make dates of numbers like 9.5. Format the cell as a number and write it again."}},
		{"a year for a date", "a.xlsx", book(cells(0, "H2", 2020)), []string{"sheet “Năm 2019”, row 2, column H (announced): “2020” is no date like 2026-03-02."}},
		{"a number for a link", "a.xlsx", book(cells(0, "J1", "link", "J2", 5)), []string{"sheet “Năm 2019”, row 2, column J (link): Must be an address that begins with http:// or https://."}},
		{"formula never calculated", "a.xlsx", book(func(f *excelize.File, s string) error { return f.SetCellFormula(s, "G2", "13+1") }), []string{"sheet “Năm 2019”, row 2, column G (rank_of): The cell has a formula, and the file holds no value of it; open, calculate and save the file."}},
		{"formula that fails", "a.xlsx", raw(t, "D2", `<c r="D2" t="e"><f>1/0</f><v>#DIV/0!</v></c>`), []string{"sheet “Năm 2019”, row 2, column D (score): “#DIV/0!” is no number like 91.59 or 91,59."}},
		{"row of totals, in a sheet", "a.xlsx", book(cells(0, "A3", "Tổng cộng", "D3", 91.59)), []string{"sheet “Năm 2019”, row 3, column A (unit): There is no unit “Tổng cộng”, and the row lacks an index or a year; if it is a total or a remark, delete the row."}},
		{"two sheets, one bad", "a.xlsx", book(func(f *excelize.File, s string) error {
			_, err := f.NewSheet("Ghi chú")
			return errors.Join(err, f.SetCellStr("Ghi chú", "B3", "xem trang đầu"))
		}), []string{"sheet “Ghi chú”, row 3, column A: This row must name the columns: unit, index, year_measured, …"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := r.file(t, c.file, c.content)
			before := r.everything(t)
			for _, args := range [][]string{{"--dry-run"}, nil} {
				out, said, status := r.sipas(t, append([]string{"import", "results", path}, args...)...)
				lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(said, path+": ", "")), "\n")
				want := append(slices.Clone(c.want), fmt.Sprintf("Faults: %d. Nothing was taken in.", len(c.want)))
				if !slices.Equal(lines, want) || status != 1 || out != "" {
					t.Errorf("%v: status %d, says %q\n%s\nwant\n%s", args, status, out, strings.Join(lines, "\n"), strings.Join(want, "\n"))
				}
				if after := r.everything(t); after != before {
					t.Fatalf("%v: the database changed", args)
				}
			}
		})
	}
}

// TestImportResultsTakes brings what looks odd and is clear. A dry run shows what
// would change, before → after, and changes nothing; then it is taken, and what
// stands is what the plain file says.
func TestImportResultsTakes(t *testing.T) {
	r := newResultsRig(t)
	plain := r.file(t, "plain.csv", []byte(rigHeader+rigGood))
	was := r.file(t, "was.csv", []byte(rigHeader+"qn.h.uong-bi,par-index,2019,90,,90,3,14,,cũ,\n"))
	const changes = "changed: qn.h.uong-bi par-index-district 2019: score 90 → 91.59, max_score – → 100, percent 90 → 91.59, rank 3 → 2, rank_of 14 → –, announced – → 17 June 2020, document cũ → –, component:finance – → 9.5"
	inSheet := strings.Replace(changes, "max_score – → 100, ", "", 1)
	formula := func(at, name, value string) string {
		return "sheet “Năm 2019”, row 2, column " + at + " (" + name + "): note: The cell has a formula; the value held by the file is read: " + value + "."
	}
	rows := func(rows string) []byte { return []byte(rigHeader + rows) }
	for _, c := range []struct {
		name, file string
		content    []byte
		changes    string
		notes      []string
	}{
		{"plain", "a.csv", rows(rigGood), changes, nil},
		{"byte order mark and CRLF", "a.csv", []byte("\ufeff" + strings.ReplaceAll(rigHeader+rigGood, "\n", "\r\n")), changes, nil},
		{"no line end", "a.csv", rows(strings.TrimSpace(rigGood)), changes, nil},
		{"semicolons and commas", "a.csv", []byte(strings.NewReplacer(",", ";", "91.59", "91,59", "9.5", "9,5").Replace(rigHeader + rigGood)), changes, nil},
		{"tabs", "a.csv", []byte(strings.ReplaceAll(rigHeader+rigGood, ",", "\t")), changes, nil},
		{"headings in capitals", "a.csv", []byte(strings.ToUpper(rigHeader) + rigGood), changes, nil},
		{"blanks that cannot be seen", "a.csv", rows("\u00a0qn.h.uong\u200b-bi\u00a0,\u2060par-index,2019 ,\u00a091.59\u00a0,100,91.59\ufeff,2,,2020-06-17,\u200b,9.5\n"), changes, nil},
		{"empty rows", "a.csv", rows("\n,,,,,,,,,,\n" + rigGood + "\n \n"), changes, nil},
		{"a CSV that is named for a workbook", "a.xlsx", rows(rigGood), changes, nil},
		{"workbook", "a.xlsx", sheet(t, cells(0)), inSheet, nil},
		{"workbook that is named for a CSV", "a.csv", sheet(t, cells(0)), inSheet, nil},
		{"shown as per cent", "a.xlsx", sheet(t, cells(10, "E2", 0.9159)), inSheet, nil},
		{"numbers kept as text", "a.xlsx", sheet(t, cells(0, "C2", "2019", "D2", "91,59", "E2", "91,59 ", "F2", "2", "I2", "9,5")), inSheet, nil},
		{"a date that is one", "a.xlsx", sheet(t, cells(14, "H2", 43999)), inSheet, nil},
		{"a date counted from 1904", "a.xlsx", sheet(t, func(f *excelize.File, s string) error {
			yes := true
			return errors.Join(cells(14, "H2", 43999-1462)(f, s), f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
		}), inSheet, nil},
		{"last digits of binary fractions", "a.xlsx", raw(t, "D2", `<c r="D2"><v>91.59000000000002</v></c>`), inSheet, nil},
		{"formula", "a.xlsx", raw(t, "D2", `<c r="D2"><f>90+1.59</f><v>91.59</v></c>`), inSheet, []string{formula("D", "score", "91.59")}},
		{"formula of a text", "a.xlsx", raw(t, "A2", `<c r="A2" t="str"><f>"qn.h."&amp;"uong-bi"</f><v>qn.h.uong-bi</v></c>`), inSheet, []string{formula("A", "unit", "qn.h.uong-bi")}},
		{"formula of a percentage", "a.xlsx", sheet(t, func(f *excelize.File, s string) error {
			return errors.Join(cells(10, "E2", 0.9159)(f, s), f.SetCellFormula(s, "E2", "D2/100"))
		}), inSheet, []string{formula("E", "percent", "91.59")}},
		{"hidden sheet beside it", "a.xlsx", sheet(t, func(f *excelize.File, s string) error {
			_, err := f.NewSheet("Nháp")
			return errors.Join(err, f.SetCellStr("Nháp", "A1", "unit"), f.SetSheetVisible("Nháp", false))
		}), inSheet, []string{"sheet “Nháp”, row 1, column A: note: The sheet is hidden and is left out; show it to have it read."}},
		{"hidden row", "a.xlsx", sheet(t, func(f *excelize.File, s string) error { return f.SetRowVisible(s, 2, false) }), inSheet, []string{"sheet “Năm 2019”, row 2, column A: note: The row is hidden; it is read."}},
		{"empty sheet beside it", "a.xlsx", sheet(t, func(f *excelize.File, _ string) error { _, err := f.NewSheet("Trống"); return err }), inSheet, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, said, status := r.sipas(t, "import", "results", was); status != 0 {
				t.Fatal(said)
			}
			path := r.file(t, c.file, c.content)
			before := r.everything(t)
			out, said, status := r.sipas(t, "import", "results", path, "--dry-run")
			want := c.changes + "\n1 results with 1 component scores are good; nothing was written. There would be 0 new, 1 changed, 0 as they were.\n"
			if out != want || status != 0 || strings.ReplaceAll(said, path+": ", "") != strings.Join(append(slices.Clone(c.notes), ""), "\n") {
				t.Errorf("status %d, says\n%s%swant\n%s%q", status, out, said, want, c.notes)
			}
			if r.everything(t) != before {
				t.Fatal("the dry run changed the database")
			}
			if out, said, status := r.sipas(t, "import", "results", path); status != 0 || !strings.Contains(out, "0 new, 1 changed") || strings.ReplaceAll(said, path+": ", "") != strings.Join(append(slices.Clone(c.notes), ""), "\n") {
				t.Fatalf("status %d, says %s%s", status, out, said)
			}
			out, _, _ = r.sipas(t, "import", "results", plain, "--dry-run")
			if c.changes == inSheet {
				want = "changed: qn.h.uong-bi par-index-district 2019: max_score – → 100\n"
			} else {
				want = "0 changed, 1 as they were"
			}
			if !strings.Contains(out, want) {
				t.Errorf("not what was meant: %s", out)
			}
		})
	}
}

// TestImportResultsStayAsPublished brings what cannot all be true and is taken as
// its source says.
func TestImportResultsStayAsPublished(t *testing.T) {
	r := newResultsRig(t)
	nfd := "Quye\u0302\u0301t đi\u0323nh 12" // as Macintoshes write names of files
	path := r.file(t, "a.csv", []byte(rigHeader+
		"qn.h.uong-bi,par-index,2019,91.59,100,91.6,2,14,,"+nfd+",\n"+
		"qn.h.ha-long,par-index,2019,91.59,100,91.59,2,13,,,\n"+
		"qn.h.uong-bi,sipas,2019,,,0.9328,8,14,,,\n"))
	out, said, status := r.sipas(t, "import", "results", path)
	want := []string{
		"row 2, column F (percent): note: 91.6\u00a0% differs from score by maximum (91.59\u00a0%); it stays as published.",
		"row 4, column F (percent): note: 0.9328\u00a0% is below 1; if 93.28\u00a0% is meant, write 93.28. It stays as written.",
		"par-index-district 2019 rank: note: Several units have rank 2: qn.h.ha-long, qn.h.uong-bi.",
		"par-index-district 2019 rank_of: note: The numbers of units ranked differ: 13, 14.",
	}
	if got := strings.Split(strings.TrimSpace(strings.ReplaceAll(said, path+": ", "")), "\n"); !slices.Equal(got, want) || status != 0 || !strings.Contains(out, "3 new") {
		t.Errorf("status %d, says %s\n%s\nwant\n%s", status, out, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if all := r.everything(t); !strings.Contains(all, "Quyết định 12") || strings.Contains(all, nfd) || !strings.Contains(all, "91.6|") {
		t.Errorf("not kept as published, in NFC:\n%s", all)
	}
}
