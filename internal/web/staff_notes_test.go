package web_test

import (
	"net/url"
	"strings"
	"testing"

	"sipas/internal/survey"
)

func TestNotes(t *testing.T) {
	s := staffSite(t)
	admin, manager, auditor := s.signIn(t, "admin"), s.signIn(t, "manager"), s.signIn(t, "auditor")
	note := func(unit, text string) url.Values {
		return url.Values{"on": {"2026-03-02"}, "unit": {unit}, "kind": {"serve"}, "text_vi": {text}, "text_en": {"One desk"}}
	}
	for _, c := range []struct {
		name   string
		me     []string
		form   url.Values
		status int
		says   string
	}{
		{"an auditor", auditor, note("qn", "Một cửa liên thông"), 403, ""},
		{"a manager above the own branch", manager, note("qn", "Một cửa liên thông"), 422, "Không có đơn vị qn"},
		{"a manager beside the own branch", manager, note("qn.yt", "Một cửa liên thông"), 422, "Không có đơn vị qn.yt"},
		{"no words", admin, note("qn", " "), 422, "Hãy viết việc gì đã xảy ra"},
		{"too many words", admin, note("qn", strings.Repeat("ễ", 201)), 422, "tối đa 200 ký tự"},
		{"no day", admin, url.Values{"on": {"mai"}, "unit": {"qn"}, "kind": {"serve"}, "text_vi": {"x"}}, 422, ""},
		{"no kind", admin, url.Values{"on": {"2026-03-02"}, "unit": {"qn"}, "kind": {"x"}, "text_vi": {"x"}}, 422, "Hãy chọn loại"},
		{"an administrator", admin, note("qn", "Một cửa liên thông"), 303, ""},
		{"a manager in the own branch", manager, note("qn.ub", "Máy lấy số mới"), 303, ""},
	} {
		got := s.send(t, "/app/annotations", c.form, c.me)
		if got.status != c.status || !strings.Contains(words(got.body), c.says) {
			t.Errorf("%s: %d, want %d with %q: %.300s", c.name, got.status, c.status, c.says, words(got.body))
		}
	}
	if n := len(s.seen().Notes); n != 2 {
		t.Fatalf("%d notes, want 2", n)
	}
	day := "&step=day"
	for _, c := range []staffScenario{
		{"a note holds below its unit", "", "/app/units/qn.ub?wave=open" + day, 200, []string{"02/03/2026: Một cửa liên thông (Dịch vụ mới; Tỉnh Quảng Ninh).", "02/03/2026: Máy lấy số mới (Dịch vụ mới)."}, []string{"⟦"}},
		{"and not above", "", "/app?wave=open" + day, 200, []string{"Một cửa liên thông (Dịch vụ mới)"}, []string{"Máy lấy số mới", "⟦"}},
		{"in English where there is English", "", "/app?wave=open&lang=en" + day, 200, []string{"One desk (New service)"}, []string{"⟦"}},
		{"the list says who wrote it", "", "/app/annotations", 200, []string{"2 ghi chú", "manager, 09:00 ngày 02/03/2026"}, []string{"⟦"}},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, s.ask(t, "GET", c.path, "", admin...)) })
	}
	// A manager ends the own note and no other; nothing is gone.
	for _, c := range []struct {
		id     string
		me     []string
		status int
	}{{"1", manager, 404}, {"2", auditor, 403}, {"2", manager, 303}, {"2", manager, 409}, {"9", admin, 404}} {
		if got := s.send(t, "/app/annotations/"+c.id+"/end", url.Values{}, c.me); got.status != c.status {
			t.Errorf("end %s: %d, want %d", c.id, got.status, c.status)
		}
	}
	page := words(s.ask(t, "GET", "/app/annotations", "", manager...).body)
	if !strings.Contains(page, "1 ghi chú") || !strings.Contains(page, "Máy lấy số mới") || !strings.Contains(page, "manager ngừng lúc") {
		t.Errorf("an ended note is gone: %s", page)
	}
	if text := words(s.ask(t, "GET", "/app/units/qn.ub?wave=open"+day, "", admin...).body); strings.Contains(text, "Máy lấy số mới") {
		t.Error("an ended note is still on the chart")
	}
	if n := s.seen().Notes; len(n) != 2 || n[0].Kind != survey.ServeNote {
		t.Errorf("notes %+v", n)
	}
}
