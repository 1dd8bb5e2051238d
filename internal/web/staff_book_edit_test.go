package web_test

import (
	"maps"
	"net/url"
	"strings"
	"testing"

	"sipas/internal/survey"
)

// dgi is a form for DGI 2019 of one district, with changes: pairs of name and
// value.
func dgi(changes ...string) url.Values {
	form := url.Values{"unit": {"qn.h.d01"}, "type": {"dgi-949"}, "year": {"2019"}, "revision": {"-1"}, "status": {"final"}, "score": {"70,25"}, "max_score": {"80"}, "percent": {"87.81"}, "rank": {"4"}, "rank_of": {"13"}, "announced": {"2020-06-17"}}
	for i := 0; i+1 < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

func TestResultsAreEntered(t *testing.T) {
	s := bookSite(t)
	me := s.signIn(t, "admin")
	a := s.send(t, "/app/book/edit", dgi("component:1", "9,5"), me)
	if a.status != 303 {
		t.Fatalf("%d: %s", a.status, words(a.body))
	}
	next := a.header.Get("Location")
	for _, c := range []staffScenario{
		{"the form again", "", next, 200, []string{"Đã lưu."}, []string{"Đã giữ như công bố", "⟦"}},
		{"the page", "", "/app/book?unit=qn.h.d01&year=2019", 200, []string{"70,25 trên 80", "Hạng 4 trong 13 đơn vị."}, []string{"⟦"}},
		{"its history", "", "/app/book/history?unit=qn.h.d01&year=2019", 200, []string{"Nhập mới · admin", "Điểm – 70,25", "Trạng thái – Chính thức"}, []string{"⟦"}},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, s.ask(t, "GET", c.path, "", me...)) })
	}
	form := s.ask(t, "GET", next, "", me...).body
	if !strings.Contains(form, `value="70,25"`) {
		t.Error("the form does not show what was entered as it is typed")
	}
}

// What is odd stays as published and is told: a 99.96 stays 99.96.
func TestOddResultsStay(t *testing.T) {
	s := bookSite(t)
	me := s.signIn(t, "admin")
	form := url.Values{"unit": {"qn.h.d02"}, "type": {"one-stop-2018"}, "year": {"2019"}, "revision": {"-1"}, "status": {"provisional"}, "score": {"17,9"}, "percent": {"99.96"}}
	for _, code := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"} {
		form.Set("component:"+code, "2")
	}
	a := s.send(t, "/app/book/edit", form, me)
	if a.status != 303 {
		t.Fatalf("%d: %s", a.status, words(a.body))
	}
	staffScenario{"", "", "", 200, []string{"Đã giữ như công bố, nhưng nên xem lại:", "Tỷ lệ 99,96 % khác với điểm chia điểm tối đa (99,44 %)", "Tổng 17,9 khác với tổng các thành phần (18)"}, []string{"⟦"}}.check(t, s.ask(t, "GET", a.header.Get("Location"), "", me...))
	staffScenario{"", "", "", 200, []string{"99,96", "Tạm tính", "ngưỡng chưa xác nhận"}, []string{"100,00", "⟦"}}.check(t, s.ask(t, "GET", "/app/book?unit=qn.h.d02&year=2019", "", me...))
}

func TestBadResults(t *testing.T) {
	s := bookSite(t)
	must(t, s.store.PutUnits(t.Context(), []survey.Unit{{Code: "qn.h.new", Name: "Huyện mới", Kind: survey.District, Parent: "qn", ValidFrom: dayOf(t, "2021-01-01"), ValidTo: survey.Always}}))
	must(t, s.reload(t.Context()))
	me := s.signIn(t, "admin")
	for name, c := range map[string]struct {
		form url.Values
		want string
	}{
		"above the maximum":  {dgi("score", "80,01", "percent", ""), "80,01 vượt điểm tối đa 80."},
		"rank above rank_of": {dgi("rank", "14"), "Hạng 14 lớn hơn số đơn vị được xếp hạng (13)."},
		"no such component":  {dgi("component:zzz", "1"), "không có thành phần zzz"},
		"not there yet":      {dgi("unit", "qn.h.new"), "Huyện mới bắt đầu từ"},
		"another kind":       {dgi("unit", "qn.ub"), "Phường Uông Bí không thuộc cấp được chấm"},
		"another year":       {dgi("year", "2023"), "ngoài thời gian áp dụng"},
		"no number":          {dgi("score", "1.234,5"), "không phải số"},
		"no whole number":    {dgi("rank", "4,5"), "phải là số nguyên"},
		"no date":            {dgi("announced", "17/6"), "Ngày"},
		"a script as link":   {dgi("link", "javascript:alert(1)"), "http"},
		"nothing":            {dgi("score", "", "percent", "", "rank", "", "rank_of", ""), "Chưa có điểm"},
	} {
		t.Run(name, func(t *testing.T) {
			staffScenario{"", "", "", 422, []string{c.want}, []string{"⟦"}}.check(t, s.send(t, "/app/book/edit", c.form, me))
		})
	}
	if rs, err := s.store.OfUnit(t.Context(), "qn.h.d01"); err != nil || len(rs) != 1 {
		t.Errorf("%d results stand, %v", len(rs), err)
	}
	typed := s.send(t, "/app/book/edit", dgi("score", "80,01", "document", "QĐ 1"), me).body
	if !strings.Contains(typed, `value="80,01"`) || !strings.Contains(typed, `value="QĐ 1"`) {
		t.Error("what was typed is gone")
	}
}

// Two people who look at the same result do not overwrite each other unseen.
func TestEnteredMeanwhile(t *testing.T) {
	s := bookSite(t)
	me := s.signIn(t, "admin")
	if a := s.send(t, "/app/book/edit", dgi(), me); a.status != 303 {
		t.Fatalf("%d", a.status)
	}
	second := dgi("score", "71")
	staffScenario{"", "", "", 409, []string{"vừa được người khác sửa"}, []string{"⟦"}}.check(t, s.send(t, "/app/book/edit", second, me))
	for _, revision := range []string{"0", "x", ""} {
		form := maps.Clone(second)
		form.Set("revision", revision)
		if a := s.send(t, "/app/book/edit", form, me); a.status != 409 {
			t.Errorf("revision %q: %d", revision, a.status)
		}
	}
}

// Managers enter only where that was allowed, and only for their own units.
func TestWhoEntersResults(t *testing.T) {
	s := bookSite(t)
	as := map[string][]string{}
	for _, name := range []string{"admin", "manager", "auditor"} {
		as[name] = s.signIn(t, name)
	}
	ward := url.Values{"unit": {"qn.ub"}, "type": {"one-stop-2018"}, "year": {"2025"}, "revision": {"-1"}, "status": {"final"}, "score": {"15"}}
	ask := func(who, path string, want int) {
		t.Helper()
		if a := s.ask(t, "GET", path, "", as[who]...); a.status != want {
			t.Errorf("%s at %s: %d, want %d", who, path, a.status, want)
		}
	}
	ask("manager", "/app/book/edit", 403)
	ask("manager", "/app/book/history", 403)
	ask("auditor", "/app/book/edit?unit=qn.ub", 403)
	ask("auditor", "/app/book/history?unit=qn.h.ub&year=2019", 200)
	for _, who := range []string{"manager", "auditor"} {
		if a := s.send(t, "/app/book/edit", ward, as[who]); a.status != 403 {
			t.Errorf("%s enters: %d", who, a.status)
		}
	}
	must(t, s.kiosks.Set(t.Context(), "admin", map[survey.SettingKey]string{{Unit: "qn", Name: survey.EntrySetting}: "on"}))
	ask("manager", "/app/book/edit", 200)
	ask("manager", "/app/book/edit?unit=qn.yt", 404)
	ask("auditor", "/app/book/edit?unit=qn.ub", 403)
	if a := s.send(t, "/app/book/edit", ward, as["manager"]); a.status != 303 {
		t.Errorf("an allowed manager enters: %d, %s", a.status, words(a.body))
	}
	other := maps.Clone(ward)
	other.Set("unit", "qn.yt")
	if a := s.send(t, "/app/book/edit", other, as["manager"]); a.status != 404 {
		t.Errorf("for another unit: %d", a.status)
	}
	ask("manager", "/app/book/history?unit=qn.ub&year=2025", 200)
}
