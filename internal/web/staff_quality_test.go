package web_test

import (
	"net/url"
	"strings"
	"testing"

	"sipas/internal/survey"
)

// suspicion suspects responses by Seq.
type suspicion map[int64][]survey.Reason

func (suspicion) Recall(*survey.Catalog, *survey.Response) {}

func (s suspicion) Reasons(_ *survey.Catalog, r *survey.Response) []survey.Reason { return s[r.Seq] }

// suspectSite has three responses under suspicion: 1 and 2 of Uông Bí, the
// first of them not counted, and 13 of Yên Tử.
func suspectSite(t *testing.T) *site {
	t.Helper()
	s := staffSite(t)
	f := survey.Folder{Store: s.store, Catalog: s.seen, NewJudge: func() survey.Judge {
		return suspicion{1: {survey.PressInterval}, 2: {survey.TooFast}, 13: {survey.Honeypot}}
	}}
	_, err := f.FoldAll(t.Context())
	must(t, err)
	return s
}

var qualityScenarios = []staffScenario{
	{"all suspects", "admin", "/app/quality?wave=open", 200, []string{"Số 13", "Số 2", "Số 1", "Bấm sát nhau", "Điền ô ẩn", "Gắn cờ", "Tạm loại"}, []string{"Số 3 ", "⟦"}},
	{"of one state", "admin", "/app/quality?wave=open&state=quarantined", 200, []string{"Số 1 ", "Số 13"}, []string{"Số 2 ", "⟦"}},
	{"of one rule", "admin", "/app/quality?wave=open&reason=too_fast", 200, []string{"Số 2 "}, []string{"Số 1 ", "Số 13", "⟦"}},
	{"of one unit", "admin", "/app/quality?wave=open&unit=qn.yt", 200, []string{"Số 13"}, []string{"Số 1 ", "⟦"}},
	{"none", "admin", "/app/quality?wave=open&reason=burst", 200, []string{"Không phiếu nào khớp bộ lọc"}, []string{"⟦"}},
	{"words nobody knows", "admin", "/app/quality?wave=open&state=x&reason=y&before=z", 200, []string{"Số 13"}, []string{"⟦"}},
	{"a wave nobody knows", "admin", "/app/quality?wave=x", 404, nil, []string{"⟦"}},
	{"English", "admin", "/app/quality?wave=open&lang=en", 200, []string{"Presses too close", "Quarantined"}, []string{"Bấm sát", "⟦"}},
	{"a manager sees the own unit", "manager", "/app/quality?wave=open", 200, []string{"Số 1 ", "Số 2 "}, []string{"Số 13", "Yên Tử", "⟦"}},
	{"and not the one beside", "manager", "/app/quality?wave=open&unit=qn.yt", 404, nil, []string{"Số 13"}},
	{"one response", "manager", "/app/quality/1", 200, []string{"Phiếu số 1", "Hai phiếu trên cùng một máy", "Quy tắc tự động", "Tính lại", "Loại hẳn"}, []string{"⟦"}},
	{"but not of the one beside", "manager", "/app/quality/13", 404, nil, []string{"Yên Tử", "Điền ô ẩn"}},
	{"nobody suspects it", "admin", "/app/quality/3", 404, []string{"Không có phiếu nghi ngờ số 3"}, []string{"Tính lại", "⟦"}},
	{"there is none", "admin", "/app/quality/999", 404, nil, []string{"⟦"}},
	{"not a number", "admin", "/app/quality/abc", 404, nil, []string{"⟦"}},
	{"an auditor reads", "auditor", "/app/quality/13", 200, []string{"Điền ô ẩn", "kiểm toán chỉ xem"}, []string{"Loại hẳn", "⟦"}},
	{"the panel", "admin", "/app?wave=open&period=all", 200, []string{"28 phiếu được tính; 2 phiếu tạm loại chờ xem", "chưa đủ phiếu để nêu tỷ lệ", "Cần ít nhất 10 phiếu tạm loại", "1 tạm loại", "1 gắn cờ"}, []string{"⟦"}},
	{"the panel of a unit", "manager", "/app/units/qn.ub?wave=open&period=all", 200, []string{"11 phiếu được tính; 1 phiếu tạm loại chờ xem"}, []string{"⟦"}},
	{"few people have no panel", "admin", "/app/units/qn.yt?wave=open&period=all", 200, []string{"Ít phiếu để công bố"}, []string{"0,00", "8 phiếu", "chờ xem", "⟦"}},
	{"the actions", "admin", "/app/waves/open/rules", 200, []string{"Gắn cờ (mặc định)", "Lưu cách xử lý", "phiếu đến từ lúc lưu"}, []string{"⟦"}},
	{"the actions for a manager", "manager", "/app/waves/open/rules", 200, []string{"Tạm loại"}, []string{"Lưu cách xử lý", "⟦"}},
	{"the actions of a closed wave", "admin", "/app/waves/closed/rules", 200, []string{"Tạm loại"}, []string{"Lưu cách xử lý", "⟦"}},
}

func TestQualityPages(t *testing.T) {
	s := suspectSite(t)
	as := map[string][]string{}
	for _, name := range []string{"admin", "manager", "auditor"} {
		as[name] = s.signIn(t, name)
	}
	for _, c := range qualityScenarios {
		t.Run(c.name, func(t *testing.T) { c.check(t, s.ask(t, "GET", c.path, "", as[c.who]...)) })
	}
}

func TestJudge(t *testing.T) {
	s := suspectSite(t)
	manager, auditor := s.signIn(t, "manager"), s.signIn(t, "auditor")
	note := url.Values{"verdict": {"release"}, "note": {"Đã hỏi quầy: hai người đi cùng nhau."}}
	for _, c := range []struct {
		name, path string
		form       url.Values
		me         []string
		status     int
		say        string
	}{
		{"without a reason", "/app/quality/1", url.Values{"verdict": {"release"}}, manager, 422, "Hãy ghi lý do"},
		{"without a verdict", "/app/quality/1", url.Values{"note": note["note"]}, manager, 422, "Hãy chọn tính lại hoặc loại hẳn"},
		{"as an auditor", "/app/quality/1", note, auditor, 403, ""},
		{"of another unit", "/app/quality/13", note, manager, 404, ""},
		{"from another site", "/app/quality/1", note, append([]string{"Sec-Fetch-Site", "cross-site"}, manager...), 403, ""},
		{"a flagged one counts already", "/app/quality/2", note, manager, 409, "đang được tính rồi"},
		{"as it should be", "/app/quality/1", note, manager, 303, ""},
	} {
		if a := s.send(t, c.path, c.form, c.me); a.status != c.status || !strings.Contains(words(a.body), c.say) {
			t.Errorf("%s: %d, want %d with %q: %.300s", c.name, a.status, c.status, c.say, words(a.body))
		}
	}
	a := s.ask(t, "GET", "/app/quality/1?said=released", "", manager...)
	for _, want := range []string{"Được tính", "manager", "hai người đi cùng nhau", "Đã tính lại phiếu này", "Quy tắc tự động"} {
		if !strings.Contains(words(a.body), want) {
			t.Errorf("the history has no %q", want)
		}
	}
	if a = s.ask(t, "GET", "/app/units/qn.ub?wave=open&period=all", "", manager...); !strings.Contains(words(a.body), "12 phiếu được tính; không còn phiếu nào chờ xem") {
		t.Errorf("the figure did not follow: %s", words(a.body))
	}
	note.Set("verdict", "confirm")
	if a = s.send(t, "/app/quality/2", note, manager); a.status != 303 {
		t.Errorf("confirm: %d", a.status)
	}
	if a = s.ask(t, "GET", "/app/units/qn.ub?wave=open&period=all", "", manager...); !strings.Contains(words(a.body), "11 phiếu được tính") {
		t.Errorf("a rejected response counts: %s", words(a.body))
	}
}

func TestActionsOfAWave(t *testing.T) {
	s := suspectSite(t)
	me := s.signIn(t, "admin")
	form := url.Values{"too_fast": {"quarantine"}, "honeypot": {"ignore"}, "burst": {"nonsense"}}
	if a := s.send(t, "/app/waves/open/rules", form, s.signIn(t, "manager")); a.status != 403 {
		t.Errorf("a manager changes the rules of a wave: %d", a.status)
	}
	if a := s.send(t, "/app/waves/open/rules", form, me); a.status != 303 {
		t.Fatalf("%d %s", a.status, words(a.body))
	}
	w := s.seen().Waves["open"]
	for r, want := range map[survey.Reason]survey.Action{survey.TooFast: survey.Quarantine, survey.Honeypot: survey.Ignore, survey.Burst: survey.Flag} {
		if got := w.Action(r); got != want {
			t.Errorf("%s: %s, want %s", r, got, want)
		}
	}
	if a := s.send(t, "/app/waves/closed/rules", form, me); a.status != 409 {
		t.Errorf("the rules of a closed wave: %d", a.status)
	}
}
