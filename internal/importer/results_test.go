package importer

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"sipas/internal/book"
	"sipas/internal/survey"
)

func bookTypes(t *testing.T) *book.Types {
	t.Helper()
	types, err := book.Builtin(nil)
	if err != nil {
		t.Fatal(err)
	}
	return types
}

// realProvince is the sample province.
func realProvince(t *testing.T) *survey.Tree {
	t.Helper()
	f, err := os.Open("../demo/data/quang-ninh.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := Units(f, empty)
	if err != nil {
		t.Fatal(err)
	}
	var units []survey.Unit
	for _, r := range rows {
		units = append(units, r.Unit)
	}
	return survey.NewTree(units)
}

const resultsHeader = "unit,index,year_measured,score,max_score,percent,rank,rank_of,announced,component:finance,component:finance:self\n"

func readText(t *testing.T, text string) (Results, error) {
	t.Helper()
	return ReadResults(strings.NewReader(text), bookTypes(t), realProvince(t))
}

// warned returns "C2 score book.percent_differs" for each warning.
func warned(r Results) (s []string) {
	for _, f := range r.Warnings {
		s = append(s, f.Field+" "+f.Key)
	}
	return s
}

func TestReadResults(t *testing.T) {
	want := []book.Result{
		{
			Key: book.Key{Unit: "qn.h.uong-bi", Type: "par-index-district", Year: 2019}, Score: book.Of(91.59), Maximum: book.Of(100), Percent: book.Of(91.59),
			Rank: 2, Announced: mustDay(t, "2020-06-17"), Status: book.Final,
			Parts: []book.Part{{Code: "finance", Score: 9.5}, {Code: "finance", Source: book.Self, Score: 12}},
		},
		{Key: book.Key{Unit: "qn.h.uong-bi", Type: "sipas-2017", Year: 2019}, Percent: book.Of(93.28), Rank: 8, RankOf: 14, Status: book.Final},
		{Key: book.Key{Unit: "qn.h.uong-bi", Type: "dgi-949", Year: 2019}, Score: book.Of(64.95), Percent: book.Of(81.19), Rank: 11, RankOf: 13, Status: book.Final},
	}
	points := resultsHeader + "qn.h.uong-bi,par-index,2019,91.59,100,91.59,2,,2020-06-17,9.5,12\n\nqn.h.uong-bi,sipas,2019,,,93.28,8,14,,,\nqn.h.uong-bi,dgi,2019,64.95,,81.19,11,13,,,\n"
	semicolons := strings.ReplaceAll(strings.ReplaceAll(points, ",", ";"), ".", ",")
	semicolons = strings.ReplaceAll(semicolons, "qn,h,uong-bi", "qn.h.uong-bi")
	quoted := resultsHeader + `qn.h.uong-bi,par-index,2019,"91,59",100,"91,59",2,,2020-06-17,"9,5",12` + "\n" + `qn.h.uong-bi,sipas,2019,,,"93,28",8,14,,,` + "\n" + `qn.h.uong-bi,dgi-949,2019,"64,95",,"81,19",11,13,,,`
	for name, text := range map[string]string{
		"points": points, "as spreadsheets write it": "\ufeff" + strings.ReplaceAll(points, "\n", "\r\n"), "decimal commas": semicolons, "commas in quotes": quoted,
	} {
		got, err := readText(t, text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d := cmp.Diff(want, got.Results); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
		if got.Rows != 3 || got.Scores != 2 || len(got.Warnings) > 0 {
			t.Errorf("%s: %d rows, %d scores, %v", name, got.Rows, got.Scores, warned(got))
		}
	}
}

func TestReadResultsRefuses(t *testing.T) {
	const good = "qn.h.uong-bi,par-index,2019,91.59,100,91.59,2,,2020-06-17,9.5,12\n"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"empty":                {"", []string{"A1 import.empty"}},
		"header only":          {resultsHeader, []string{"A1 import.empty"}},
		"an old workbook":      {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 xls", []string{"A1 import.old_workbook"}},
		"a PDF":                {"%PDF-1.7 …", []string{"A1 import.wrong_type"}},
		"another archive":      {"PK\x03\x04 no workbook", []string{"A1 import.wrong_type"}},
		"UTF-16":               {"\xff\xfeu\x00n\x00", []string{"A1 import.utf16"}},
		"no unit":              {"index,year_measured\npar-index,2019\n", []string{"A1 import.column_missing"}},
		"unknown column":       {"unit,index,year_measured,scores\n", []string{"D1 import.column_unknown"}},
		"column twice":         {"unit,index,year_measured,score,score\n", []string{"E1 import.column_twice"}},
		"component of hearsay": {"unit,index,year_measured,component:finance:hearsay\n", []string{"D1 import.bad_component_column"}},
		"above the maximum":    {resultsHeader + "qn.h.uong-bi,par-index,2019,100.01,,,,,,,\n", []string{"D2 score book.over_maximum"}},
		"rank above rank_of":   {resultsHeader + "qn.h.uong-bi,par-index,2019,90,,,15,14,,,\n", []string{"G2 rank book.rank_over"}},
		"no such component":    {"unit,index,year_measured,score,component:x\nqn.h.uong-bi,par-index,2019,9,1\n", []string{"E2 component:x book.no_component"}},
		"component above":      {resultsHeader + "qn.h.uong-bi,par-index,2019,90,,,,,,12.5,\n", []string{"J2 component:finance book.over_maximum"}},
		"outside validity":     {resultsHeader + "qn.h.uong-bi,dgi-949,2024,60,,,,,,,\n", []string{"C2 year_measured book.year_outside"}},
		"no type for the year": {resultsHeader + "qn.h.uong-bi,dgi,2017,60,,,,,,,\n", []string{"B2 index import.index_not_for"}},
		"unit ended":           {resultsHeader + "qn.h.hoanh-bo,par-index,2020,60,,,,,,,\n", []string{"A2 unit book.unit_ended"}},
		"unit not yet":         {resultsHeader + "qn.p-uong-bi,sipas,2024,,,60,,,,,\n", []string{"A2 unit book.unit_not_yet"}},
		"unknown unit":         {resultsHeader + "qn.h.nowhere,par-index,2019,60,,,,,,,\n", []string{"A2 unit import.unknown_unit"}},
		"unknown index":        {resultsHeader + "qn.h.uong-bi,par,2019,60,,,,,,,\n", []string{"B2 index import.unknown_index"}},
		"no year":              {resultsHeader + "qn.h.uong-bi,par-index,,60,,,,,,,\n", []string{"C2 year_measured import.cell_empty"}},
		"year as text":         {resultsHeader + "qn.h.uong-bi,par-index,2019.5,60,,,,,,,\n", []string{"C2 year_measured import.bad_whole"}},
		"date":                 {resultsHeader + "qn.h.uong-bi,par-index,2019,60,,,,,17/06/2020,,\n", []string{"I2 announced import.bad_date_cell"}},
		"words for numbers":    {resultsHeader + "qn.h.uong-bi,par-index,2019,good,,,second,,,,\n", []string{"D2 score import.bad_number", "G2 rank import.bad_whole"}},
		"a percent sign":       {resultsHeader + "qn.h.uong-bi,par-index,2019,60,,60 %,,,,,\n", []string{"F2 percent import.bad_number"}},
		"thousands":            {resultsHeader + `qn.h.uong-bi,par-index,2019,"1.091,59",,,,,,,` + "\n", []string{"D2 score import.bad_number"}},
		"not a number":         {resultsHeader + "qn.h.uong-bi,par-index,2019,NaN,,,,,,,\n", []string{"D2 score import.bad_number"}},
		"both decimal marks":   {resultsHeader + good + `qn.h.uong-bi,sipas,2019,,,"93,28",8,14,,,` + "\n", []string{"F3 percent import.mixed_decimals"}},
		"twice":                {resultsHeader + good + good, []string{"A3 unit import.result_twice"}},
		"a cell too many":      {resultsHeader + strings.TrimSpace(good) + ",7\n", []string{"L2 import.no_heading"}},
		"quotes":               {resultsHeader + "qn.h.uong-bi,par-index,\"2019\"x,1\n", []string{"A2 import.bad_quotes"}},
		"not UTF-8":            {resultsHeader + "qn.h.u\xffng-bi,par-index,2019,60,,,,,,,\n", []string{"A2 unit text.not_utf8"}},
		"every bad cell":       {resultsHeader + "x,par-index,2019,a,,,,,,,\n" + good + "y,par-index,2019,,,,b,,,,\n", []string{"A2 unit import.unknown_unit", "D2 score import.bad_number", "A4 unit import.unknown_unit", "G4 rank import.bad_whole"}},
	} {
		got, err := readText(t, c.text)
		if d := cmp.Diff(c.want, said(t, err)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
		if len(got.Results) > 0 {
			t.Errorf("%s: something was taken: %v", name, got.Results)
		}
	}
	for _, text := range []string{"\x00", "\x80", "PK", "\"", "a;b"} {
		if _, err := readText(t, text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func TestReadResultsWarns(t *testing.T) {
	got, err := readText(t, resultsHeader+
		"qn.h.uong-bi,par-index,2019,91.59,100,91.6,2,,,,\n"+
		"qn.h.ha-long,par-index,2019,91,100,91,2,14,,,\n"+
		"qn.h.mong-cai,par-index,2019,90,100,90,3,13,,,\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"F2 percent book.percent_differs", "par-index-district 2019 rank book.rank_shared", "par-index-district 2019 rank_of book.rank_of_differs"}
	if d := cmp.Diff(want, warned(got)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got.Results[0].Percent != book.Of(91.6) {
		t.Errorf("the percentage was mended: %v", got.Results[0].Percent)
	}
}

// workbook makes an XLSX file of one sheet.
func workbook(t *testing.T, change func(f *excelize.File, sheet string)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	const sheet = "Năm 2019"
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(f.SetSheetName("Sheet1", sheet))
	must(f.SetSheetRow(sheet, "A1", &[]any{"unit", "index", "year_measured", "score", "percent", "rank", "announced"}))
	must(f.SetSheetRow(sheet, "A2", &[]any{"qn.h.uong-bi", "par-index", 2019, 91.59, "91,59", 2, "2020-06-17"}))
	must(f.SetSheetRow(sheet, "A3", &[]any{"qn.h.uong-bi", "dgi", 2019, 64.95, 0.8119, 11}))
	change(f, sheet)
	var b bytes.Buffer
	must(f.Write(&b))
	return b.Bytes()
}

func TestReadWorkbook(t *testing.T) {
	style := func(f *excelize.File, sheet, cell string, format int) {
		id, err := f.NewStyle(&excelize.Style{NumFmt: format})
		if err == nil {
			err = f.SetCellStyle(sheet, cell, cell, id)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		change func(f *excelize.File, sheet string)
		faults []string
		notes  []string
	}{
		"good":                        {func(*excelize.File, string) {}, nil, []string{"Năm 2019!E3 percent book.percent_is_share", "Năm 2019!E3 percent book.percent_differs"}},
		"shown as percent":            {func(f *excelize.File, s string) { style(f, s, "E3", 10) }, nil, nil},
		"merged":                      {func(f *excelize.File, s string) { _ = f.MergeCell(s, "A2", "A3") }, []string{"Năm 2019!A2 import.merged"}, nil},
		"a formula without its value": {func(f *excelize.File, s string) { _ = f.SetCellFormula(s, "G3", "TODAY()") }, []string{"Năm 2019!G3 announced import.formula_empty"}, nil},
		"both decimal marks":          {func(f *excelize.File, s string) { _ = f.SetCellStr(s, "D3", "64.95") }, []string{"Năm 2019!D3 score import.mixed_decimals"}, nil},
		"a second sheet": {func(f *excelize.File, _ string) {
			_, _ = f.NewSheet("Trống")
			_, _ = f.NewSheet("Ghi chú")
			_ = f.SetCellStr("Ghi chú", "B3", "xem trang đầu")
		}, []string{"Ghi chú!A3 import.no_headings"}, nil},
		"above the maximum": {func(f *excelize.File, s string) { _ = f.SetCellValue(s, "D3", 80.01) }, []string{"Năm 2019!D3 score book.over_maximum"}, nil},
		"outside validity": {func(f *excelize.File, s string) {
			_ = f.SetCellStr(s, "B3", "dgi-949")
			_ = f.SetCellInt(s, "C3", 2024)
		}, []string{"Năm 2019!C3 year_measured book.year_outside"}, nil},
		"no such unit": {func(f *excelize.File, s string) { _ = f.SetCellStr(s, "A3", "qn.h.nowhere") }, []string{"Năm 2019!A3 unit import.unknown_unit"}, nil},
		"a unit that had ended": {func(f *excelize.File, s string) {
			_ = f.SetCellStr(s, "A3", "qn.h.hoanh-bo")
			_ = f.SetCellInt(s, "C3", 2020)
		}, []string{"Năm 2019!A3 unit book.unit_ended"}, nil},
		"no such component": {func(f *excelize.File, s string) {
			_ = f.SetCellStr(s, "H1", "component:x")
			_ = f.SetCellInt(s, "H3", 1)
		}, []string{"Năm 2019!H3 component:x book.no_component"}, nil},
		"a rank above rank_of": {func(f *excelize.File, s string) { _ = f.SetCellStr(s, "H1", "rank_of"); _ = f.SetCellInt(s, "H3", 10) }, []string{"Năm 2019!F3 rank book.rank_over"}, nil},
		"a fault":              {func(f *excelize.File, s string) { _ = f.SetCellInt(s, "F3", -1) }, []string{"Năm 2019!F3 rank import.bad_whole"}, nil},
	} {
		got, err := ReadResults(bytes.NewReader(workbook(t, c.change)), bookTypes(t), realProvince(t))
		if d := cmp.Diff(c.faults, said(t, err)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
		if d := cmp.Diff(c.notes, warned(got)); d != "" {
			t.Errorf("%s: warnings (-want +got):\n%s", name, d)
		}
		if err == nil && (len(got.Results) != 2 || got.Results[0].Score != book.Of(91.59) || got.Results[0].Percent != book.Of(91.59) || got.Results[0].Announced != mustDay(t, "2020-06-17")) {
			t.Errorf("%s: %+v", name, got.Results)
		}
	}
}

// TestReadWorkbookFormulas reads the value that the file holds, and says so; a
// date is the number of a day.
func TestReadWorkbookFormulas(t *testing.T) {
	text := workbook(t, func(f *excelize.File, s string) {
		_ = f.SetCellFormula(s, "D2", "90+1.59") // excelize keeps the value that was there
		_ = f.SetCellValue(s, "E3", 81.19)
		_ = f.SetCellInt(s, "G3", 43999)
	})
	got, err := ReadResults(bytes.NewReader(text), bookTypes(t), realProvince(t))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"Năm 2019!D2 score import.formula_read"}, warned(got)); d != "" {
		t.Errorf("warnings (-want +got):\n%s", d)
	}
	if got.Results[0].Score != book.Of(91.59) || got.Results[1].Announced != mustDay(t, "2020-06-17") {
		t.Errorf("%+v", got.Results)
	}
}

func TestReadResultsIsBounded(t *testing.T) {
	bad := resultsHeader + strings.Repeat("x,par-index,2019,1,,,,,,,\n", 5000)
	_, err := readText(t, bad)
	e, ok := errors.AsType[*survey.Error](err)
	if !ok || len(e.Fields) != maxFaults {
		t.Errorf("%d faults are told of 5000", len(e.Fields))
	}
	if !slices.IsSortedFunc(e.Fields[:3], func(a, b survey.FieldError) int { return strings.Compare(a.Field, b.Field) }) {
		t.Errorf("not in order: %v", e.Fields[:3])
	}
}
