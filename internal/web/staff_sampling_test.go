package web_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"sipas/internal/survey"
)

// What a wave says of how its sample was drawn is in every interval, and in words
// where there can be none.
func TestSampling(t *testing.T) {
	s := staffSite(t)
	me, token := s.signIn(t, "admin"), s.token(t, "auditor", "")
	must(t, s.store.PutPoints(t.Context(), []survey.Point{
		{Code: "GGGGGG", Name: "Điều tra viên", Unit: "qn.yt", Wave: "sample", Channel: survey.Interviewer},
		{Code: "HHHHHH", Name: "Điều tra viên", Unit: "qn.cp", Wave: "sample", Channel: survey.Interviewer},
	}))
	must(t, s.store.PutPlans(t.Context(), map[survey.WaveID]survey.Plan{"sample": {
		"qn.ub": {Unit: "qn.ub", Planned: 30, Deff: 1.4}, "qn.yt": {Unit: "qn.yt", Planned: 30, Deff: 2},
	}}))
	must(t, s.reload(t.Context()))
	s.submit(t, 400, 20, "GGGGGG", 1)
	s.submit(t, 500, 20, "HHHHHH", 5)
	figure := func(unit string) survey.ReportFigure {
		t.Helper()
		var r struct {
			Overall  survey.ReportFigure
			Sampling survey.Sampling
		}
		a := s.ask(t, "GET", "/api/v1/index?wave=sample&unit="+unit, "", "Authorization", "Bearer "+token)
		if err := json.Unmarshal([]byte(a.body), &r); err != nil || r.Sampling == "" {
			t.Fatalf("%v in %s", err, a.body)
		}
		return r.Overall
	}
	set := func(how survey.Sampling) {
		t.Helper()
		if a := s.send(t, "/app/waves/sample/sampling", url.Values{"sampling": {string(how)}}, me); a.status != 303 {
			t.Fatalf("%s: %d", how, a.status)
		}
	}
	page := func(path string, want ...string) {
		t.Helper()
		staffScenario{path, "admin", path, 200, want, []string{"⟦"}}.check(t, s.ask(t, "GET", path, "", me...))
	}
	width := func(f survey.ReportFigure) float64 { return *f.High - *f.Low }

	simple := width(figure("qn"))
	page("/app?wave=sample", "n = 60, chọn từng người", "đạt 40 trên 60 phiếu theo kế hoạch (67 %)") // 20 of the 60 are of a unit without a plan
	page("/app/fieldwork?wave=sample&unit=qn", "Hệ số thiết kế là 1, vì chọn từng người. Kế hoạch tính với 1,40–2,00.")
	set(survey.Stratified)
	if w := width(figure("qn")); w >= simple { // people in a ward all say the same here
		t.Errorf("strata: %v wide, one by one %v", w, simple)
	}
	if f := figure("qn.ub"); f.Low == nil || f.DF != nil {
		t.Errorf("one stratum is people one by one: %+v", f)
	}
	page("/app/fieldwork?wave=sample&unit=qn", "tới nay là 0,00 (n = 60). Kế hoạch tính với")
	page("/app?wave=sample", "n = 60, hệ số thiết kế 0,00", "riêng trong mọi đơn vị cơ sở (phân tầng)")
	set(survey.Clustered)
	f := figure("qn")
	if width(f) <= 2*simple || f.DF == nil || *f.DF != 2 || *f.Deff < 15 {
		t.Errorf("three clusters of twenty: %+v, one by one %v wide", f, simple)
	}
	if f := figure("qn.ub"); f.Low != nil || f.Lack != survey.OneUnit || !f.Percent.Known {
		t.Errorf("one cluster: %+v", f)
	}
	page("/app/fieldwork?wave=sample&unit=qn", "Hệ số thiết kế của chỉ số chung tới nay là 29,50 (n = 60). Chừng ấy phiếu cho biết như 2 người chọn từng người. Kế hoạch tính với 1,40–2,00.")
	page("/app/fieldwork?wave=sample&unit=qn.ub", "Chưa nói được hệ số thiết kế. Không có khoảng tin cậy: mẫu được chọn theo đơn vị mà ở đây chỉ có một", "Kế hoạch tính với 1,40.")
	page("/app?wave=sample", "hệ số thiết kế", "(theo cụm)", "Một đơn vị được chọn không cho biết", "3 đơn vị: thấp nhất Phường Yên Tử")
	page("/app/units/qn.ub?wave=sample", "Không có khoảng tin cậy: mẫu được chọn theo đơn vị mà ở đây chỉ có một", "Cấp trên: 66,67 %. Không có khoảng tin cậy nên không kết luận.", "Chỉ là thứ tự")
	page("/app/explain?wave=sample&unit=qn", "Từ 3 đơn vị được chọn trong 1 tầng: sai số chuẩn", "2 bậc tự do")
	page("/app/breakdown?wave=sample&by=channel", "không được đếm theo từng đơn vị")
	page("/app/ranks?wave=sample", "Một đơn vị được chọn không cho biết")
	page("/app/heatmap?wave=sample", "Một đơn vị được chọn không cho biết")
	page("/app/compare?wave=sample&unit=qn.ub&by=unit&with=qn.yt", "Không có khoảng tin cậy nên không kết luận hơn kém")
	page("/app/report?wave=sample", "Chỉ số chung chắc đến đâu", "2 bậc tự do", "Chọn đơn vị trước, rồi chọn người trong đó")
	page("/app/waves/sample", "Chọn đơn vị trước, rồi chọn người trong đó", "Đổi cách chọn mẫu")
	page("/app/waves/sample/sampling", "Chọn người trong mọi đơn vị cơ sở", "mỗi nơi là một cụm")

	if a := s.send(t, "/app/waves/sample/sampling", url.Values{"sampling": {"dice"}}, me); a.status < 400 {
		t.Errorf("no way of drawing: %d", a.status)
	}
	if a := s.send(t, "/app/waves/open/sampling", url.Values{"sampling": {"clustered"}}, me); a.status != 422 {
		t.Errorf("volunteers were drawn: %d", a.status)
	}
	if a := s.ask(t, "GET", "/app?wave=open", "", me...); strings.Contains(a.body, "hệ số thiết kế") {
		t.Error("volunteers have a design effect")
	}
}

// A new wave says how its sample is drawn.
func TestNewWaveSampling(t *testing.T) {
	s := staffSite(t)
	me := s.signIn(t, "admin")
	form := url.Values{
		"name": {"Mẫu"}, "id": {"drawn"}, "instrument": {"short@1"}, "design": {"probability"}, "sampling": {"clustered"},
		"units": {"qn"}, "from": {"2026-03-02"}, "to": {"2026-04-02"},
	}
	if a := s.send(t, "/app/waves", form, me); a.status != 303 {
		t.Fatalf("%d: %.300s", a.status, words(a.body))
	}
	must(t, s.reload(t.Context()))
	if w := s.seen().Waves["drawn"]; w == nil || w.Sampling != survey.Clustered {
		t.Errorf("%+v", w)
	}
	form.Set("id", "other")
	form.Set("sampling", "dice")
	if a := s.send(t, "/app/waves", form, me); a.status != 422 || !strings.Contains(words(a.body), "Không có cách chọn mẫu nào tên là “dice”") {
		t.Errorf("%d: %.300s", a.status, words(a.body))
	}
}
