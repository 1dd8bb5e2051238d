package report

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func sample() *Report {
	evil := `=HYPERLINK("http://example.org","bấm")`
	low, high := 81.5, 90.25
	return &Report{
		Lang: "vi", Title: "Mức hài lòng 88,43 %", Creator: "SIPAS test", Context: "Tỉnh Quảng Ninh & Uông Bí", Mark: "Dữ liệu mô phỏng",
		Cover: Cover{Sheet: "Bìa", Contents: "Nội dung", Facts: []Fact{{"Đơn vị", Text(evil), Words}, {"Đến phiếu số", Int(24068), Count}}},
		Sections: []Section{{ID: "factors", Title: "Góp ý thấp nhất", Tables: []*Table{
			{
				Sheet: "Yếu tố", Grouped: "Lĩnh vực", Bar: 1, Chart: &Chart{Kind: Bars, Title: "Các yếu tố", Columns: []int{1}},
				Columns: []Column{{Head: "Yếu tố"}, {Head: "%", Format: Percent}, {Head: "Chênh", Format: Points}, {Head: "n", Format: Count}},
				Rows: []Row{
					{Group: "Chính sách", Cells: []Cell{Text(evil), Number(88.42499999999998), Number(-0.75), Int(4012)}, Low: &low, High: &high},
					{Group: "+1 Dịch vụ", Cells: []Cell{Text("@SUM(1)"), Without("Ít phiếu"), {}, Int(9)}},
				},
				Notes: []string{"-2+3"},
			},
			{Sheet: "Yếu tố", Columns: []Column{{Head: "Tên"}}, Rows: []Row{{Cells: []Cell{Text("a")}}}},
			{Sheet: "Q1 Ông/Bà quan tâm [theo dõi] từng chính sách đến mức nào?", Columns: []Column{{Head: "Tên"}}, Rows: []Row{{Cells: []Cell{Text("b")}}}},
		}}},
	}
}

func written(t *testing.T, r *Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteWorkbook(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWorkbookReadBack(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(written(t, sample())))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	want := []string{"Bìa", "Yếu tố", "Yếu tố (2)", "Q1 Ông Bà quan tâm theo dõi từn"}
	if got := f.GetSheetList(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("sheets %q, want %q", got, want)
	}
	for _, c := range []struct{ sheet, cell, raw, shown string }{
		{"Bìa", "B6", "24068", "24,068"},
		{"Yếu tố", "A3", "Dữ liệu mô phỏng", "Dữ liệu mô phỏng"},
		{"Yếu tố", "A5", "Chính sách", "Chính sách"},
		{"Yếu tố", "C5", "88.425", "88.43"},
		{"Yếu tố", "D5", "-0.75", "−0.8"},
		{"Yếu tố", "E5", "4012", "4,012"},
		{"Yếu tố", "C6", "Ít phiếu", "Ít phiếu"},
		{"Yếu tố", "D6", "", ""},
	} {
		raw, err := f.GetCellValue(c.sheet, c.cell, excelize.Options{RawCellValue: true})
		if err != nil || raw != c.raw {
			t.Errorf("%s!%s holds %q, want %q (%v)", c.sheet, c.cell, raw, c.raw, err)
		}
		if shown, _ := f.GetCellValue(c.sheet, c.cell); shown != c.shown {
			t.Errorf("%s!%s shows %q, want %q", c.sheet, c.cell, shown, c.shown)
		}
	}
	panes, err := f.GetPanes("Yếu tố")
	if err != nil || !panes.Freeze || panes.TopLeftCell != "C5" {
		t.Errorf("panes %+v %v", panes, err)
	}
	if w, _ := f.GetColWidth("Yếu tố", "B"); w < 30 {
		t.Errorf("the column of names is %v wide", w)
	}
}

// parts reads a workbook without the library that wrote it.
func parts(t *testing.T, b []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, file := range z.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[file.Name] = string(text)
	}
	return all
}

type xmlCell struct {
	R  string `xml:"r,attr"`
	T  string `xml:"t,attr"`
	V  string `xml:"v"`
	F  string `xml:"f"`
	Is string `xml:"is>t"`
}

// Words are words to any program that opens the file, whatever they begin with.
func TestNoWordIsAFormula(t *testing.T) {
	seen := 0
	for name, text := range parts(t, written(t, sample())) {
		if !strings.HasPrefix(name, "xl/worksheets/sheet") {
			continue
		}
		var sheet struct {
			Rows []struct {
				Cells []xmlCell `xml:"c"`
			} `xml:"sheetData>row"`
		}
		if err := xml.Unmarshal([]byte(text), &sheet); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, row := range sheet.Rows {
			for _, c := range row.Cells {
				if c.F != "" || c.T == "str" || strings.Contains(text, "<f>") {
					t.Errorf("%s %s is a formula: %q", name, c.R, c.F)
				}
				if c.V != "" && c.T != "s" {
					if _, err := strconv.ParseFloat(c.V, 64); err != nil {
						t.Errorf("%s %s: %q is neither words nor a number", name, c.R, c.V)
					}
				}
				if strings.ContainsAny(c.Is[:min(1, len(c.Is))], "=+-@") {
					seen++
					if c.T != "inlineStr" {
						t.Errorf("%s %s: %q is of kind %q", name, c.R, c.Is, c.T)
					}
				}
			}
		}
	}
	if seen != 5 {
		t.Errorf("%d cells begin like a formula, want 5: the test looks past them", seen)
	}
}

func TestChartsNameTheirCells(t *testing.T) {
	all := parts(t, written(t, sample()))
	chart := all["xl/charts/chart1.xml"]
	for _, want := range []string{"&#39;Yếu tố&#39;!$B$5:$B$6", "&#39;Yếu tố&#39;!$C$5:$C$6", "&#39;Yếu tố&#39;!$C$4", "Các yếu tố", "barChart"} {
		if !strings.Contains(chart, want) {
			t.Errorf("the chart lacks %s", want)
		}
	}
	drawn := false
	for name, text := range all {
		drawn = drawn || strings.HasPrefix(name, "xl/worksheets/sheet") && strings.Contains(text, "<drawing ")
	}
	if !drawn {
		t.Error("no sheet shows a chart")
	}
	if !strings.Contains(all["xl/worksheets/sheet2.xml"], "Quảng Ninh &amp;&amp; Uông Bí") {
		t.Error("a footer would take & for a code")
	}
}

// A long table is written whole.
func TestFourThousandRows(t *testing.T) {
	r := sample()
	table := &Table{Sheet: "Đơn vị", Columns: []Column{{Head: "Đơn vị"}, {Head: "%", Format: Percent}}}
	for i := range 4000 {
		table.Rows = append(table.Rows, Row{Cells: []Cell{Text("Xã " + strconv.Itoa(i)), Number(float64(i) / 50)}})
	}
	r.Sections[0].Tables = []*Table{table}
	f, err := excelize.OpenReader(bytes.NewReader(written(t, r)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := f.GetRows("Đơn vị", excelize.Options{RawCellValue: true})
	if err != nil || len(rows) != firstRow+3999 || rows[len(rows)-1][1] != "79.98" {
		t.Errorf("%d rows, the last %q: %v", len(rows), rows[len(rows)-1], err)
	}
}

func TestShown(t *testing.T) {
	table := func(rows, figures, ends int) *Table {
		return &Table{Rows: make([]Row, rows), Figures: figures, Ends: ends}
	}
	for _, c := range []struct {
		t           *Table
		first, last int
	}{
		{table(5, 0, 0), 5, 0},
		{table(5, 3, 0), 3, 0},
		{table(100, 90, 15), 15, 15},
		{table(100, 30, 15), 30, 0},
		{table(40, 0, 15), 15, 15},
	} {
		first, last := c.t.Shown()
		if len(first) != c.first || len(last) != c.last {
			t.Errorf("of %d rows, %d with figures, ends %d: %d and %d", len(c.t.Rows), c.t.Figures, c.t.Ends, len(first), len(last))
		}
	}
}

func BenchmarkWorkbook(b *testing.B) {
	r := sample()
	table := &Table{Sheet: "Đơn vị", Columns: []Column{{Head: "Đơn vị"}}}
	for range 14 {
		table.Columns = append(table.Columns, Column{Head: "%", Format: Percent})
	}
	for i := range 4000 {
		row := Row{Cells: []Cell{Text("Xã " + strconv.Itoa(i))}}
		for j := range 14 {
			row.Cells = append(row.Cells, Number(float64(i+j)/41))
		}
		table.Rows = append(table.Rows, row)
	}
	r.Sections[0].Tables = append(r.Sections[0].Tables, table)
	for b.Loop() {
		if err := r.WriteWorkbook(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
