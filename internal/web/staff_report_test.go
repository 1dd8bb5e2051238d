package web_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"sipas/internal/survey"
)

// TestReport: 12 people of Uông Bí chose 5, 9 of Yên Tử and 9 of Cẩm Phả
// chose 1, in a wave of volunteers; 20 answered in a sample.
func TestReport(t *testing.T) {
	s := staffSite(t)
	as := map[string][]string{"admin": s.signIn(t, "admin"), "manager": s.signIn(t, "manager"), "auditor": s.signIn(t, "auditor")}
	for _, c := range []staffScenario{
		{
			"of volunteers", "admin", "/app/report?wave=open&unit=qn&period=all", 200,
			[]string{"Tỉnh Quảng Ninh: 40,00 % hài lòng", "không phải mẫu ngẫu nhiên", "30 phiếu hợp lệ", "Phường Yên Tử", "Ghi chú phương pháp", "tự chọn"},
			[]string{"⟦", "Khoảng hạng", "Khoảng 95 %", "Tăng "},
		},
		{"of a sample", "admin", "/app/report?wave=sample&unit=qn", 200, []string{"Khoảng 95 %", "100,00"}, []string{"⟦"}},
		{"of nine people", "admin", "/app/report?wave=open&unit=qn.yt&period=all", 200, []string{"Ghi chú phương pháp", "Ít phiếu để công bố"}, []string{"0,00", "⟦"}},
		{"an auditor", "auditor", "/app/report?wave=open&unit=qn&period=all&lang=en", 200, []string{"40.00% satisfied", "Method note"}, []string{"⟦"}},
		{"a manager's own", "manager", "/app/report?wave=open&unit=qn.ub&period=all", 200, []string{"Phường Uông Bí"}, []string{"⟦"}},
		{"the unit beside", "manager", "/app/report?wave=open&unit=qn.yt", 404, nil, []string{"Yên Tử"}},
		{"the unit above, as a workbook", "manager", "/app/report.xlsx?wave=open&unit=qn", 404, nil, []string{"PK\x03"}},
		{"the unit above, in the margins", "manager", "/app/report.css?wave=open&unit=qn", 404, nil, []string{"content:"}},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, s.ask(t, "GET", c.path, "", as[c.who]...)) })
	}
	for _, path := range []string{"/app?wave=open", "/app/units/qn.ub?wave=open"} {
		if a := s.ask(t, "GET", path, "", as["admin"]...); !strings.Contains(a.body, `href="/app/report?`) {
			t.Errorf("%s does not lead to the report", path)
		}
	}
	nobody := s.ask(t, "GET", "/app/report.xlsx?wave=open&unit=qn", "")
	if nobody.status != 302 && nobody.status != 303 {
		t.Errorf("without a login: %d", nobody.status)
	}
}

// TestReportPlan: the 20 of the sample are of Uông Bí. A plan is told where all
// responses came from its units, and the rate of valid ones where it says how
// many were given out.
func TestReportPlan(t *testing.T) {
	s := staffSite(t)
	me := s.signIn(t, "admin")
	page := func(plan survey.Plan, query string) string {
		t.Helper()
		must(t, s.store.PutPlans(t.Context(), map[survey.WaveID]survey.Plan{"sample": plan}))
		must(t, s.reload(t.Context()))
		return words(s.ask(t, "GET", "/app/report?wave=sample&unit=qn"+query, "", me...).body)
	}
	const wanted, given = "Phiếu cần có theo kế hoạch mẫu 22", "Phiếu phát ra 25 100,0 Phiếu thu về 20 80,0"
	for name, c := range map[string]struct {
		plan      survey.Plan
		query     string
		has, lack []string
	}{
		"whole":         {survey.Plan{"qn.ub": {Unit: "qn.ub", Planned: 22, Issued: 25, Deff: 1}}, "", []string{wanted, given}, nil},
		"given unknown": {survey.Plan{"qn.ub": {Unit: "qn.ub", Planned: 22, Deff: 1}}, "", []string{wanted, "Phiếu thu về 20 100,0"}, []string{"Phiếu phát ra"}},
		"of others":     {survey.Plan{"qn.yt": {Unit: "qn.yt", Planned: 22, Issued: 25, Deff: 1}}, "", []string{"Phiếu thu về 20 100,0"}, []string{"kế hoạch mẫu", "Phiếu phát ra"}},
		"of a day":      {survey.Plan{"qn.ub": {Unit: "qn.ub", Planned: 22, Issued: 25, Deff: 1}}, "&period=own&from=2026-03-02&to=2026-03-02", nil, []string{"kế hoạch mẫu", "Phiếu phát ra"}},
	} {
		text := page(c.plan, c.query)
		for _, want := range c.has {
			if !strings.Contains(text, want) {
				t.Errorf("%s: lacks %q", name, want)
			}
		}
		for _, not := range c.lack {
			if strings.Contains(text, not) {
				t.Errorf("%s: has %q", name, not)
			}
		}
	}
}

// The margins are words that came from a catalog and from an address: none of them
// ends the string it stands in.
func TestReportMargins(t *testing.T) {
	s := staffSite(t)
	me := s.signIn(t, "admin")
	a := s.ask(t, "GET", `/app/report.css?wave=open&unit=qn&mark=50"}*{x:y&lang=en`, "", me...)
	if a.status != 200 || a.header.Get("Content-Type") != "text/css; charset=utf-8" || strings.Contains(a.body, "*") || strings.Count(a.body, `"`)%2 != 0 {
		t.Errorf("%d %s %s", a.status, a.header.Get("Content-Type"), a.body)
	}
	a = s.ask(t, "GET", "/app/report.css?wave=open&unit=qn&mark=50", "", me...)
	for _, want := range []string{`"Dữ liệu mô phỏng\2c  không phải số thật"`, `Tính đến phiếu số 50`, "counter(pages)", "@page :first"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the margins lack %s: %s", want, a.body)
		}
	}
}

func workbook(t *testing.T, s *site, path string, me []string) *excelize.File {
	t.Helper()
	a := s.ask(t, "GET", path, "", me...)
	if a.status != 200 || !strings.Contains(a.header.Get("Content-Disposition"), ".xlsx") || a.header.Get("Content-Encoding") != "" {
		t.Fatalf("%s: %d %v", path, a.status, a.header)
	}
	f, err := excelize.OpenReader(strings.NewReader(a.body))
	must(t, err)
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// fifteen writes the significant digits that a spreadsheet keeps.
func fifteen(v float64) string { return strconv.FormatFloat(v, 'g', 15, 64) }

// numbersOf returns every number of a workbook.
func numbersOf(t *testing.T, f *excelize.File) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		must(t, err)
		for _, row := range rows {
			for _, text := range row {
				if v, err := strconv.ParseFloat(text, 64); err == nil {
					found[fifteen(v)] = true
				}
			}
		}
	}
	return found
}

var dataValue = regexp.MustCompile(`<data value="([^"]+)"(?: data-to="([^"]+)")?>`)

// Every number of the page is in the workbook, to the last digit, and the index
// in it is the one that the API computes.
func TestReportPageAndWorkbookAgree(t *testing.T) {
	s := staffSite(t)
	me := s.signIn(t, "admin")
	for _, query := range []string{"?wave=open&unit=qn&period=all", "?wave=sample&unit=qn", "?wave=open&unit=qn&period=all&lang=en"} {
		page, book := s.ask(t, "GET", "/app/report"+query, "", me...), workbook(t, s, "/app/report.xlsx"+query, me)
		numbers, seen := numbersOf(t, book), 0
		for _, m := range dataValue.FindAllStringSubmatch(page.body, -1) {
			for _, text := range m[1:] {
				if text == "" {
					continue
				}
				v, err := strconv.ParseFloat(text, 64)
				must(t, err)
				if seen++; !numbers[fifteen(v)] {
					t.Errorf("%s: the page has %v, the workbook has not", query, v)
				}
			}
		}
		if seen < 4 {
			t.Errorf("%s: only %d numbers were compared", query, seen)
		}
		mark, err := book.GetCellValue(book.GetSheetList()[0], "A3")
		must(t, err)
		made := strings.Contains(mark, "mô phỏng") || strings.Contains(mark, "Synthetic")
		if made != strings.Contains(query, "wave=open") { // the sample is not made up
			t.Errorf("%s: the cover says of made-up data: %q", query, mark)
		}
	}
	a := s.ask(t, "GET", "/api/v1/index?wave=sample&unit=qn", "", "Authorization", "Bearer "+s.token(t, "auditor", ""))
	var index struct {
		N       int64
		Overall struct{ Percent float64 }
		Items   []struct{ Percent float64 }
	}
	must(t, json.Unmarshal([]byte(a.body), &index))
	numbers := numbersOf(t, workbook(t, s, "/app/report.xlsx?wave=sample&unit=qn", me))
	for _, v := range []float64{float64(index.N), index.Overall.Percent, index.Items[0].Percent, index.Items[1].Percent} {
		if !numbers[fifteen(v)] {
			t.Errorf("the API says %v, the workbook does not", v)
		}
	}
}

// Nine people are too few on the page and in the workbook alike.
func TestReportHidesFew(t *testing.T) {
	s := staffSite(t)
	me := s.signIn(t, "admin")
	book := workbook(t, s, "/app/report.xlsx?wave=open&unit=qn&period=all", me)
	found := false
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet)
		must(t, err)
		for _, row := range rows {
			if len(row) > 1 && row[0] == "Phường Yên Tử" {
				if found = true; row[1] != "Ít phiếu để công bố" {
					t.Errorf("%s: %q", sheet, row)
				}
			}
		}
	}
	if !found {
		t.Error("the workbook does not name the unit")
	}
}

// The digest in the report is that of a file that anyone may take and sum up.
func TestReportDigest(t *testing.T) {
	s := staffSite(t)
	me := s.signIn(t, "admin")
	csv := s.ask(t, "GET", "/app/explain.csv?wave=open&unit=qn&period=all&figure=overall", "", me...)
	sum := sha256.Sum256([]byte(csv.body))
	page := s.ask(t, "GET", "/app/report?wave=open&unit=qn&period=all", "", me...)
	if csv.status != 200 || !strings.Contains(page.body, hex.EncodeToString(sum[:])) {
		t.Errorf("%d: the report does not say %x", csv.status, sum)
	}
}
