package web_test

import (
	"net/url"
	"strings"
	"testing"

	"sipas/internal/survey"
)

// plannedSite has a plan for the sample: Uông Bí has 20 of 80 ballots wanted,
// Yên Tử none of 50; 31 days are left.
func plannedSite(t *testing.T) *site {
	t.Helper()
	s := staffSite(t)
	must(t, s.store.PutPlans(t.Context(), map[survey.WaveID]survey.Plan{"sample": {
		"qn.ub": {Unit: "qn.ub", Population: 1000, Planned: 80, Issued: 40, Deff: 1},
		"qn.yt": {Unit: "qn.yt", Planned: 50, Deff: 1},
	}}))
	must(t, s.reload(t.Context()))
	return s
}

func TestFieldwork(t *testing.T) {
	s := plannedSite(t)
	as := map[string][]string{}
	for _, name := range []string{"admin", "manager", "auditor"} {
		as[name] = s.signIn(t, name)
	}
	for _, c := range []staffScenario{
		{
			"silent units first", "admin", "/app/fieldwork", 200,
			[]string{
				"1 đơn vị im lặng; đã có 20 trên 130 phiếu hợp lệ theo kế hoạch (15 %)", "Còn 31 ngày thu phiếu", "1 trong 2 đơn vị có ghi; ở đó thu về 50,0 %",
				"Chưa có phiếu nào. Còn thiếu 50 phiếu, cần 2 phiếu mỗi ngày", "Còn thiếu 60 phiếu, cần 2 phiếu mỗi ngày", "±21,7",
			},
			[]string{"⟦", "Đã đủ"},
		},
		{"a manager sees the own branch", "manager", "/app/fieldwork", 200, []string{"Không đơn vị nào im lặng; đã có 20 trên 80"}, []string{"Yên Tử", "⟦"}},
		{"and no other", "manager", "/app/fieldwork?unit=qn.yt", 404, nil, nil},
		{"nor its file", "manager", "/app/fieldwork.csv?unit=qn.yt", 404, nil, nil},
		{"continuous feedback has no plan", "admin", "/app/fieldwork?wave=open", 404, nil, nil},
		{"one line on the dashboard", "admin", "/app?wave=sample", 200, []string{"Tiến độ thu phiếu đạt 20 trên 130 phiếu theo kế hoạch (15 %); các đơn vị chưa đủ còn thiếu 110 phiếu, cần 4 phiếu mỗi ngày."}, []string{"⟦"}},
		{"not of a part of the wave", "admin", "/app?wave=sample&channel=interviewer", 200, []string{"kế hoạch cả đợt là 130 phiếu"}, []string{"đạt 20", "⟦"}},
		{"none without a plan", "admin", "/app?wave=open", 200, nil, []string{"theo kế hoạch", "⟦"}},
		{
			"sizes by Cochran and by Slovin", "admin", "/app/fieldwork/plan", 200,
			[]string{"Phường Uông Bí 1.000 278 286 278 80", "Phường Yên Tử Chưa rõ", "1 đơn vị chưa có số dân", "Lưu làm kế hoạch"},
			[]string{"⟦"},
		},
		{"with a design effect and a rate", "admin", "/app/fieldwork/plan?deff=2&rate=80&margin=10", 200, []string{"Phường Uông Bí 1.000 162 91 203 80"}, []string{"⟦"}},
		{"a decimal comma", "admin", "/app/fieldwork/plan?margin=2,5", 200, []string{"1.000 607 616 607"}, nil},
		{"a margin that is none", "admin", "/app/fieldwork/plan?margin=x", 422, []string{"Sai số, điểm phải là số từ 0,1", "Lỗi:"}, []string{"⟦"}},
		{"a manager proposes and does not adopt", "manager", "/app/fieldwork/plan", 200, []string{"1.000 278"}, []string{"Lưu làm kế hoạch", "Yên Tử"}},
		{"an auditor plans nothing", "auditor", "/app/fieldwork/plan", 403, nil, nil},
		{"and reads it", "auditor", "/app/fieldwork", 200, []string{"im lặng"}, []string{"Đề xuất cỡ mẫu"}},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, s.ask(t, "GET", c.path, "", as[c.who]...)) })
	}
	page := words(s.ask(t, "GET", "/app/fieldwork", "", as["admin"]...).body)
	if strings.Index(page, "Phường Yên Tử") > strings.LastIndex(page, "Phường Uông Bí") {
		t.Error("the silent unit does not stand first")
	}
	file := s.ask(t, "GET", "/app/fieldwork.csv", "", as["admin"]...).body
	if want := "sample,qn.ub,1000,80,40,20,20,0,0,60,20,"; !strings.Contains(file, want) {
		t.Errorf("no %q in %s", want, file)
	}
}

func TestPlanIsAdopted(t *testing.T) {
	s := plannedSite(t)
	form := url.Values{"wave": {"sample"}, "unit": {"qn"}, "margin": {"5"}, "share": {"50"}, "rate": {"100"}, "deff": {"1.5"}}
	for who, want := range map[string]int{"manager": 403, "auditor": 403, "admin": 303} {
		if got := s.send(t, "/app/fieldwork/plan", form, s.signIn(t, who)); got.status != want {
			t.Errorf("%s: %d, want %d", who, got.status, want)
		}
	}
	plan := s.seen().Plans["sample"]
	if got := plan["qn.ub"]; got.Planned != 366 || got.Issued != 40 || got.Deff != 1.5 {
		t.Errorf("adopted %+v", got)
	}
	if got := plan["qn.yt"]; got.Planned != 50 {
		t.Errorf("a unit without a population was planned anew: %+v", got)
	}
	form.Set("margin", "0")
	if got := s.send(t, "/app/fieldwork/plan", form, s.signIn(t, "admin")); got.status != 422 {
		t.Errorf("a margin of 0: %d", got.status)
	}
}
