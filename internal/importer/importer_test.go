package importer

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/survey"
)

const unitsHeader = "code,name,kind,parent,valid_from,valid_to\n"

var empty = survey.NewTree(nil)

// said returns "line 2 import.bad_date" for each complaint of err.
func said(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*survey.Error](err)
	if !ok || e.Kind != survey.Invalid {
		t.Fatalf("error = %v, want Invalid", err)
	}
	var s []string
	for _, f := range e.Fields {
		s = append(s, f.Field+" "+f.Key)
	}
	return s
}

func TestUnitsOfARealProvince(t *testing.T) {
	plain, err := os.ReadFile("../demo/data/quang-ninh.csv")
	if err != nil {
		t.Fatal(err)
	}
	spreadsheet := "\ufeff" + strings.ReplaceAll(string(plain), "\n", "\r\n")
	for name, text := range map[string]string{"plain": string(plain), "as a spreadsheet writes it": spreadsheet} {
		rows, err := Units(strings.NewReader(text), empty)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(rows) != 90 {
			t.Errorf("%s: %d units, want 90", name, len(rows))
		}
		want := survey.UnitRow{Line: 10, Unit: survey.Unit{
			Code: "qn.so-van-hoa-the-thao-va-du-lich", Name: "Sở Văn hóa, Thể thao và Du lịch", Kind: survey.Department,
			Parent: "qn", ValidFrom: mustDay(t, "2025-03-01"), ValidTo: survey.Always,
		}}
		if diff := cmp.Diff(want, rows[8]); diff != "" {
			t.Errorf("%s: row 10:\n%s", name, diff)
		}
	}
}

func mustDay(t *testing.T, s string) survey.Day {
	t.Helper()
	d, err := survey.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestUnitsNameEveryBadRow(t *testing.T) {
	known := survey.NewTree([]survey.Unit{{Code: "top", Name: "Top", Kind: survey.Province, ValidTo: survey.Always}})
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"good", unitsHeader + "a,A,ward,top,2020-01-01,\n", nil},
		{"columns in another order, one more", "note,valid_to,parent,CODE,name,kind,valid_from\nx,,top,a,A,ward,2020-01-01\n", nil},
		{"empty file", "", []string{"line 1 import.empty"}},
		{"only a header", unitsHeader, []string{"line 1 import.empty"}},
		{"column missing", "code,name\na,A\n", []string{
			"line 1 import.column_missing", "line 1 import.column_missing", "line 1 import.column_missing", "line 1 import.column_missing",
		}},
		{"column twice", "code,code,name,kind,parent,valid_from,valid_to\n", []string{"line 1 import.column_twice"}},
		{
			"short and long row",
			unitsHeader + "a,A,ward\nb,B,ward,top,2020-01-01,,x\nc,C,ward,top,2020-01-01,\n",
			[]string{"line 2 import.field_count", "line 3 import.field_count"},
		},
		{
			"bad UTF-8, control character, bad date",
			unitsHeader + "a,\xff\xfe,ward,top,2020-01-01,\nb,\"B\x00\",ward,top,2020-01-01,\nc,C,ward,top,1/7/2025,\nd,D,ward,top,,\n",
			[]string{"line 2 import.not_utf8", "line 3 import.control_character", "line 4 import.bad_date", "line 5 import.bad_date"},
		},
		{"a quote in the middle", unitsHeader + "a,A \"x\" y,ward,top,2020-01-01,\nb,B,ward,top,bad,\n", []string{
			"line 2 import.bad_quotes", "line 3 import.bad_date",
		}},
		{"a quote never closed", unitsHeader + "a,\"A,ward,top,2020-01-01,\nb,B,ward,top,2020-01-01,\n", []string{"line 2 import.bad_quotes"}},
		{"a parent whose own row is bad is not unknown", unitsHeader + "a,\xff,ward,top,2020-01-01,\nb,B,ward,a,2020-01-01,\nc,C,ward\nd,D,ward,c,2020-01-01,\n", []string{
			"line 2 import.not_utf8", "line 4 import.field_count",
		}},
		{"unknown parent", unitsHeader + "a,A,ward,nowhere,2020-01-01,\n", []string{"line 2 import.unknown_parent"}},
		{
			"cycle, duplicate, dates reversed, kind, all at once",
			unitsHeader + "a,A,ward,b,2020-01-01,\nb,B,ward,a,2020-01-01,\nc,C,ward,top,2020-01-01,\nc,C,ward,top,2020-01-01,\n" +
				"d,D,ward,top,2020-01-02,2020-01-01\ne,E,castle,top,2020-01-01,\n",
			[]string{
				"line 2 import.cycle", "line 3 import.cycle", "line 5 import.duplicate_code",
				"line 6 import.dates_reversed", "line 7 import.unknown_kind",
			},
		},
		{"a line break in a quoted name keeps the count of lines", unitsHeader + "a,\"A\nB\",ward,top,2020-01-01,\nb,B,ward,top,x,\n", []string{
			"line 2 import.control_character", "line 4 import.bad_date",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Units(strings.NewReader(c.text), known)
			if diff := cmp.Diff(c.want, said(t, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNamesAreComposed(t *testing.T) {
	decomposed := "Xa\u0303 B\u0103\u0301c" // as some systems write ã and ắ
	rows, err := Units(strings.NewReader(unitsHeader+"a,"+decomposed+",ward,,2020-01-01,\n"), empty)
	if err != nil || rows[0].Name != "Xã Bắc" {
		t.Errorf("name = %q (%v), want it composed", rows[0].Name, err)
	}
}

func TestSuccessions(t *testing.T) {
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
	tree := survey.NewTree(units)
	text, err := os.ReadFile("../demo/data/quang-ninh-succession.csv")
	if err != nil {
		t.Fatal(err)
	}
	all, err := Successions(bytes.NewReader(text), &survey.Catalog{Tree: tree})
	if err != nil || len(all) != 12 {
		t.Fatalf("%d successions (%v), want 12", len(all), err)
	}
	if got := all[3]; got.Whole || got.From != "qn.h.uong-bi.trung-vuong" || got.LegalBasis != "1679/NQ-UBTVQH15" {
		t.Errorf("row 5 = %+v, want a part of Trưng Vương", got)
	}
	shared, err := Successions(strings.NewReader("from,to,kind,on,legal_basis,share_population\nqn.h.uong-bi.trung-vuong,qn.p-uong-bi,part,2025-07-01,,0.35\n"), &survey.Catalog{Tree: tree})
	if err != nil || len(shared) != 1 || shared[0].Share != 0.35 {
		t.Errorf("with a share: %+v, %v", shared, err)
	}
	for _, share := range []string{"0", "-1", "1.01", "35%", "NaN"} {
		_, err := Successions(strings.NewReader("from,to,kind,on,legal_basis,share_population\nqn.h.uong-bi.trung-vuong,qn.p-uong-bi,part,2025-07-01,,"+share+"\n"), &survey.Catalog{Tree: tree})
		if d := cmp.Diff([]string{"line 2 import.bad_share"}, said(t, err)); d != "" {
			t.Errorf("a share of %s (-want +got):\n%s", share, d)
		}
	}
	const trungVuong = "from,to,kind,on,legal_basis,share_population\nqn.h.uong-bi.trung-vuong,qn.p-uong-bi,part,2025-07-01,,"
	stands := []survey.Succession{{From: "qn.h.uong-bi.trung-vuong", To: "qn.p-vang-danh", Share: 0.7}}
	for name, c := range map[string]struct {
		text   string
		stands []survey.Succession
		want   []string
	}{
		"all of it":         {trungVuong + "0.3\nqn.h.uong-bi.trung-vuong,qn.p-vang-danh,part,2025-07-01,,0.7\n", nil, nil},
		"more than all":     {trungVuong + "0.4\nqn.h.uong-bi.trung-vuong,qn.p-vang-danh,part,2025-07-01,,0.7\n", nil, []string{"line 3 import.shares_over"}},
		"with what stands":  {trungVuong + "0.4\n", stands, []string{"line 2 import.shares_over"}},
		"in place of it":    {trungVuong + "0.4\nqn.h.uong-bi.trung-vuong,qn.p-vang-danh,part,2025-07-01,,0.6\n", stands, []string{"line 2 import.shares_over"}},
		"first what stands": {strings.Replace(trungVuong, "p-uong-bi", "p-vang-danh", 1) + "0.6\nqn.h.uong-bi.trung-vuong,qn.p-uong-bi,part,2025-07-01,,0.4\n", stands, nil},
	} {
		_, err := Successions(strings.NewReader(c.text), &survey.Catalog{Tree: tree, Successions: c.stands})
		if d := cmp.Diff(c.want, said(t, err)); d != "" {
			t.Errorf("shares, %s (-want +got):\n%s", name, d)
		}
	}
	bad := "from,to,kind,on,legal_basis\nqn,nowhere,whole,2025-07-01,\nqn,qn,half,x,\n" +
		"qn.p-yen-tu,qn,whole,2025-07-02,\nqn.p-yen-tu,qn.p-uong-bi,part,2025-07-02,\nqn.p-yen-tu,qn,whole,2025-07-02,\n"
	_, err = Successions(strings.NewReader(bad), &survey.Catalog{Tree: tree})
	want := []string{
		"line 2 import.unknown_unit", "line 3 import.bad_date", "line 3 import.succeeds_itself",
		"line 3 import.bad_succession_kind", "line 3 import.whole_and_part", "line 5 import.whole_and_part", "line 6 import.pair_twice",
	}
	if diff := cmp.Diff(want, said(t, err)); diff != "" {
		t.Error(diff)
	}
}

// TestSuccessionsThatContradict: nothing that leads in a circle, or was not there, is
// taken in, whether the other half stands in the file or is stored.
func TestSuccessionsThatContradict(t *testing.T) {
	day := func(text string) survey.Day {
		d, err := survey.ParseDay(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	always := func(code survey.UnitCode) survey.Unit { return survey.Unit{Code: code, ValidTo: survey.Always} }
	tree := survey.NewTree([]survey.Unit{
		always("a"), always("b"), always("c"), always("d"),
		{Code: "old", ValidTo: day("2020-12-31")},
		{Code: "new", ValidFrom: day("2025-07-01"), ValidTo: survey.Always},
	})
	stored := func(from, to survey.UnitCode, whole bool) []survey.Succession {
		return []survey.Succession{{From: from, To: to, Whole: whole, On: day("2024-01-01")}}
	}
	for name, c := range map[string]struct {
		rows   string
		stands []survey.Succession
		want   []string
	}{
		"a chain":                   {"a,b,whole,2025-07-01,\nb,c,whole,2025-07-01,\n", stored("c", "d", true), nil},
		"a circle of two":           {"a,b,whole,2025-07-01,\nb,a,whole,2025-07-01,\n", nil, []string{"line 3 import.circle"}},
		"parts exchanged":           {"a,b,part,2025-07-01,\nb,a,part,2025-07-01,\n", nil, nil},
		"a part before":             {"a,b,whole,2025-07-01,\n", stored("a", "c", false), nil},
		"a part gone back":          {"a,b,whole,2025-07-01,\n", stored("b", "a", false), nil},
		"a circle of three":         {"a,b,whole,2025-07-01,\nb,c,whole,2025-07-01,\nc,a,whole,2025-07-01,\n", nil, []string{"line 4 import.circle"}},
		"a circle with what stands": {"a,b,whole,2025-07-01,\nb,c,whole,2025-07-01,\n", stored("c", "a", true), []string{"line 3 import.circle"}},
		"whole twice":               {"a,b,whole,2025-07-01,\na,c,whole,2025-07-01,\n", nil, []string{"line 3 import.whole_and_part"}},
		"whole, stored elsewhere":   {"a,b,whole,2025-07-01,\n", stored("a", "c", true), []string{"line 2 import.whole_elsewhere"}},
		"whole, a part stored":      {"a,b,whole,2023-07-01,\n", stored("a", "c", false), []string{"line 2 import.whole_elsewhere"}},
		"a part, whole stored":      {"a,b,part,2025-07-01,\n", stored("a", "c", true), []string{"line 2 import.whole_elsewhere"}},
		"parts":                     {"a,b,part,2025-07-01,\n", stored("a", "c", false), nil},
		"in place of what stands":   {"a,b,part,2025-07-01,\na,c,part,2025-07-01,\n", stored("a", "b", true), nil},
		"ended the day before":      {"old,a,whole,2021-01-01,\n", nil, nil},
		"ended earlier":             {"old,a,whole,2021-01-02,\n", nil, []string{"line 2 import.not_there_before"}},
		"new that day":              {"a,new,whole,2025-07-01,\n", nil, nil},
		"not there yet":             {"a,new,whole,2025-06-30,\n", nil, []string{"line 2 import.not_there_on"}},
	} {
		_, err := Successions(strings.NewReader("from,to,kind,on,legal_basis\n"+c.rows), &survey.Catalog{Tree: tree, Successions: c.stands})
		if d := cmp.Diff(c.want, said(t, err)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestServices(t *testing.T) {
	tree := survey.NewTree([]survey.Unit{{Code: "top"}})
	good := "code,name,field,owner\n1.004194,Đăng ký tạm trú,Cư trú,top\n1.004222,Đăng ký thường trú,Cư trú,\n"
	all, err := Services(strings.NewReader(good), tree)
	want := []survey.Service{
		{Code: "1.004194", Name: "Đăng ký tạm trú", Field: "Cư trú", Owner: "top"},
		{Code: "1.004222", Name: "Đăng ký thường trú", Field: "Cư trú"},
	}
	if diff := cmp.Diff(want, all); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	bad := "code,name,field,owner\n1 2,A,,top\na,,,top\na,A,,nowhere\n"
	_, err = Services(strings.NewReader(bad), tree)
	if diff := cmp.Diff([]string{
		"line 2 import.bad_code", "line 3 import.bad_name", "line 4 import.duplicate_code", "line 4 import.unknown_unit",
	}, said(t, err)); diff != "" {
		t.Error(diff)
	}
}

// FuzzUnitsCSV: whatever the bytes, reading ends without panic, complaints
// name lines that the file has, and accepted rows are clean.
func FuzzUnitsCSV(f *testing.F) {
	f.Add([]byte(unitsHeader + "a,A,ward,,2020-01-01,\n"))
	f.Add([]byte("\ufeff" + strings.ReplaceAll(unitsHeader, "\n", "\r\n") + "a,\"A\r\nB\",ward,b,2020-01-01,2019-01-01\r\n"))
	f.Add([]byte(unitsHeader + "a,\"A\"\"B,ward,a,,\n\n\n\"\n"))
	f.Add([]byte("code;name\n\xff\xfe\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		rows, err := Units(bytes.NewReader(text), empty)
		lines := bytes.Count(text, []byte("\n")) + 1
		if err != nil {
			e, ok := errors.AsType[*survey.Error](err)
			if !ok || e.Kind != survey.Invalid || len(e.Fields) == 0 {
				t.Fatalf("error %v is not a list of bad rows", err)
			}
			for _, bad := range e.Fields {
				if n := lineOf(bad); n < 1 || n > lines {
					t.Errorf("%+v: the file has %d lines", bad, lines)
				}
			}
			return
		}
		if len(rows) == 0 {
			t.Error("accepted a file without rows")
		}
		for _, r := range rows {
			if !utf8.ValidString(r.Name) || r.Name == "" || !survey.CodeOK(string(r.Code)) || r.ValidTo < r.ValidFrom {
				t.Errorf("accepted %+v", r)
			}
		}
	})
}
