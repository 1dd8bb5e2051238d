package web_test

import (
	"bytes"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"sipas/internal/book"
	"sipas/internal/survey"
)

// TestRulesAreEdited: the list follows a changed rule, the history keeps who
// changed what, and nobody changes rules without permission.
func TestRulesAreEdited(t *testing.T) {
	s := bookSite(t)
	me, manager, auditor := s.signIn(t, "admin"), s.signIn(t, "manager"), s.signIn(t, "auditor")
	before := book.Result{Key: book.Key{Unit: "qn.h.d01", Type: "sipas-2017", Year: 2018}, Percent: book.Of(96.5), Rank: 4, RankOf: 14, Status: book.Final}
	_, err := s.store.PutResults(t.Context(), "admin", today, []book.Result{before}) // 97.30 in 2019: 0.8 more, three ranks up
	must(t, err)
	conference := func() string {
		return words(s.ask(t, "GET", "/app/book/conference?unit=qn&year=2019", "", me...).body)
	}
	if page := conference(); !strings.Contains(page, "SIPAS 0 trong 14 đơn vị") || strings.Contains(page, "Huyện 01 Đề xuất") {
		t.Error("0.8 points more than the year before are called an improvement")
	}
	rules := func(unit string, places string) url.Values {
		return url.Values{"unit": {unit}, "book_level": {"90"}, "book_points": {""}, "book_places": {places}, "book_n": {""}, "book_doubtful": {""}}
	}
	if a := s.send(t, "/app/book/rules", rules("qn", "3"), auditor); a.status != 403 {
		t.Errorf("an auditor changes rules: %d", a.status)
	}
	if a := s.send(t, "/app/book/rules", rules("qn.ub", "3"), manager); a.status != 403 {
		t.Errorf("a manager whom nobody allowed it changes rules: %d", a.status)
	}
	if a := s.send(t, "/app/book/rules", rules("qn", "100"), me); a.status != 422 || !strings.Contains(a.body, `id="e-book_places"`) {
		t.Errorf("100 ranks: %d", a.status)
	}
	if a := s.send(t, "/app/book/rules", rules("qn", "3"), me); a.status != 303 {
		t.Fatalf("%d: %s", a.status, words(a.body))
	}
	page := conference()
	for _, want := range []string{"SIPAS 1 trong 14 đơn vị", "Huyện 01 Đề xuất Đạt: 97,3 % Đạt: lên 3 bậc", "hoặc lên ít nhất 3 bậc", "admin sửa lần cuối"} {
		if !strings.Contains(page, want) {
			t.Errorf("after the change there is no %q", want)
		}
	}
	staffScenario{"", "", "", 200, []string{"Sửa · admin", "(0: không xét hạng) theo cấp trên 3"}, []string{"⟦", "Lưu quy tắc"}}.check(t, s.ask(t, "GET", "/app/book/rules?unit=qn", "", auditor...))
	must(t, s.kiosks.Set(t.Context(), "admin", map[survey.SettingKey]string{{Unit: "qn.ub", Name: survey.EntrySetting}: "on"}))
	if a := s.send(t, "/app/book/rules", rules("qn.ub", "5"), manager); a.status != 303 {
		t.Errorf("a manager who was allowed it: %d", a.status)
	}
	if a := s.send(t, "/app/book/rules", rules("qn", "5"), manager); a.status != 404 {
		t.Errorf("a manager changes rules of the unit above: %d", a.status)
	}
}

// TestThresholdsAreEdited: changed thresholds hold on every page from their year
// on, which says so; years before keep theirs.
func TestThresholdsAreEdited(t *testing.T) {
	s := bookSite(t)
	me, auditor := s.signIn(t, "admin"), s.signIn(t, "auditor")
	var rs []book.Result
	for _, year := range []int{2023, 2024} {
		rs = append(rs, book.Result{Key: book.Key{Unit: "qn.h.d01", Type: "one-stop-2018", Year: year}, Score: book.Of(15.5), Rank: 1, RankOf: 13, Status: book.Final})
	}
	_, err := s.store.PutResults(t.Context(), "admin", today, rs)
	must(t, err)
	form := func(changes ...string) url.Values {
		f := url.Values{"type": {"one-stop-2018"}, "year": {"2024"}, "c-excellent": {"16,5"}, "c-good": {"12"}, "c-fair": {"9"}, "c-average": {"6"}, "c-weak": {"0"}}
		for i := 0; i+1 < len(changes); i += 2 {
			f.Set(changes[i], changes[i+1])
		}
		return f
	}
	if a := s.send(t, "/app/book/types", form(), auditor); a.status != 403 {
		t.Errorf("an auditor changes thresholds: %d", a.status)
	}
	for field, value := range map[string]string{"c-excellent": "18,5", "c-good": "17", "c-weak": "x", "year": "2017"} {
		a := s.send(t, "/app/book/types", form(field, value), me)
		if a.status != 422 || !strings.Contains(a.body, `id="e-`+field+`"`) || !strings.Contains(a.body, `value="`+value+`"`) {
			t.Errorf("%s = %s: %d", field, value, a.status)
		}
	}
	if a := s.send(t, "/app/book/types", form(), me); a.status != 303 {
		t.Fatalf("%d: %s", a.status, words(a.body))
	}
	const edited = "ngưỡng sửa ngày "
	for _, c := range []staffScenario{
		{"the year it holds for", "", "/app/book?unit=qn.h.d01&year=2024", 200, []string{"Tốt " + edited}, []string{"Xuất sắc", "⟦"}},
		{"the year before", "", "/app/book?unit=qn.h.d01&year=2023", 200, []string{"Xuất sắc ngưỡng chưa xác nhận"}, []string{edited, "⟦"}},
		{"the league", "", "/app/book/league?type=one-stop-2018&year=2024", 200, []string{"Xếp loại theo ngưỡng đã sửa ngày", "Tốt"}, []string{"Xuất sắc", "⟦"}},
		{"the conference", "", "/app/book/conference?unit=qn.h.d01&year=2024", 200, []string{"Tốt (" + edited}, []string{"Xuất sắc", "⟦"}},
		{"its page", "", "/app/book/types?type=one-stop-2018", 200, []string{"Xuất sắc từ 16,5 trở lên", "đã sửa, trước là 15", "Sửa ngưỡng từ năm đo 2024 · admin", "Xuất sắc 15 16,5"}, []string{"⟦"}},
		{"all types", "", "/app/book/types", 200, []string{"1 loại có ngưỡng đã sửa", "Xuất sắc ≥ 16,5"}, []string{"⟦"}},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, s.ask(t, "GET", c.path, "", me...)) })
	}
	if a := s.send(t, "/app/book/types", form("own", "1"), me); a.status != 303 {
		t.Fatalf("%d: %s", a.status, words(a.body))
	}
	staffScenario{"", "", "", 200, []string{"Xuất sắc ngưỡng chưa xác nhận"}, []string{edited, "⟦"}}.check(t, s.ask(t, "GET", "/app/book?unit=qn.h.d01&year=2024", "", me...))
}

// TestConferenceWorkbook: every table of the page is a sheet with the same
// figures, as numbers.
func TestConferenceWorkbook(t *testing.T) {
	s := bookSite(t)
	me := s.signIn(t, "admin")
	a := s.ask(t, "GET", "/app/book/conference.xlsx?unit=qn.h.ub&year=2019", "", me...)
	if a.status != 200 {
		t.Fatal(a.status)
	}
	f, err := excelize.OpenReader(bytes.NewReader([]byte(a.body)))
	must(t, err)
	defer func() { _ = f.Close() }()
	want := []string{"Bìa", "Các chỉ số", "SIPAS thành phần", "PAR INDEX thành phần", "SIPAS hạng", "Yếu tố hài lòng yếu nhất", "Đề xuất khen thưởng"}
	var got []string
	for _, name := range f.GetSheetList() {
		got = append(got, strings.Join(strings.Fields(name), " "))
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("sheets %q, want %q", got, want)
	}
	cell := func(sheet int, at string) string {
		v, err := f.GetCellValue(f.GetSheetList()[sheet], at, excelize.Options{RawCellValue: true})
		must(t, err)
		return v
	}
	for _, c := range []struct {
		sheet    int
		at, want string
	}{
		{1, "A5", "SIPAS"},
		{1, "B5", "93.28"},
		{1, "E5", "8"},
		{1, "F5", "14"},
		{1, "G5", "5"},
		{1, "H5", "xuống 3 bậc (từ 5/14)"},
		{1, "I5", "-0.72"},
		{1, "B7", "64.95"},
		{1, "C7", "80"},
		{1, "D7", "81.19"},
		{1, "E7", "11"},
		{1, "F7", "13"},
		{2, "C5", "88.5"},
		{3, "A5", "Cải cách tài chính công"},
		{3, "E5", "3"},
	} {
		if v := cell(c.sheet, c.at); v != c.want {
			t.Errorf("%s!%s is %q, want %q", f.GetSheetList()[c.sheet], c.at, v, c.want)
		}
	}
	if kind, err := f.GetCellType(f.GetSheetList()[1], "B5"); err != nil || kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString {
		t.Errorf("93.28 is no number: %v, %v", kind, err)
	}
	openedElsewhere(t, []byte(a.body))
}

// openedElsewhere asks LibreOffice to read a workbook, where it is installed.
func openedElsewhere(t *testing.T, workbook []byte) {
	t.Helper()
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Log("LibreOffice is not installed: nobody but excelize has opened the workbook")
		return
	}
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "a.xlsx"), workbook, 0o600))
	out, err := exec.CommandContext(t.Context(), office, "--headless", "--convert-to", "pdf", "--outdir", dir, filepath.Join(dir, "a.xlsx")).CombinedOutput() //nolint:gosec // a program of the machine, on a file of the test
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if _, err := os.Stat(filepath.Join(dir, "a.pdf")); err != nil {
		t.Errorf("LibreOffice made nothing of it: %s", out)
	}
}
