package web_test

import (
	"strings"
	"testing"

	"sipas/internal/survey"
)

// comparedSite has a sample with two units that differ, an earlier sample by
// the same form and one by another.
func comparedSite(t *testing.T) *site {
	t.Helper()
	s := staffSite(t)
	day := survey.DayOf(today)
	for _, w := range []survey.Wave{
		{ID: "before", Instrument: "short@1", InstrumentHash: "abc", From: day - 400, To: day - 300, Design: survey.Probability},
		{ID: "old", Instrument: "other@1", InstrumentHash: "abc", From: day - 800, To: day - 700, Design: survey.Probability},
	} {
		w.Name, w.Units, w.State = "Đợt "+string(w.ID), []survey.UnitCode{"qn"}, survey.Open
		must(t, s.store.PutWave(t.Context(), w))
		must(t, s.store.PutPoints(t.Context(), []survey.Point{{Code: survey.PointCode("FF" + strings.ToUpper(string(w.ID + "XXXX")[:4])), Unit: "qn.ub", Wave: w.ID, Channel: survey.Interviewer}}))
	}
	must(t, s.store.PutPoints(t.Context(), []survey.Point{{Code: "GGGGGG", Unit: "qn.yt", Wave: "sample", Channel: survey.QR}}))
	must(t, s.reload(t.Context()))
	s.submit(t, 1300, 20, "GGGGGG", 1)
	s.submit(t, 1400, 30, "FFBEFO", 2)
	for i := range 30 {
		body := response(1500+i, map[string]any{"point": "FFOLDX", "instrument": "other@1", "answers": map[string]any{"S1": 2, "S2": 2}})
		if a := s.ask(t, "POST", "/api/v1/responses", body, "Content-Type", jsonType); a.status != 201 {
			t.Fatalf("submit: %d %s", a.status, a.body)
		}
	}
	return s
}

func TestCompare(t *testing.T) {
	s := comparedSite(t)
	as := map[string][]string{"admin": s.signIn(t, "admin"), "manager": s.signIn(t, "manager")}
	for _, c := range []staffScenario{
		{
			"two units", "admin", "/app/compare?wave=sample&by=unit&unit=qn.ub&with=qn.yt", 200,
			[]string{"Phường Uông Bí cao hơn Phường Yên Tử 100,0 điểm, vượt mức ngẫu nhiên", "Cao hơn 100,0 điểm (&#43;77,2 đến &#43;100,0)", "n = 20", "Kênh thu phiếu", "phần chênh có thể do kênh"},
			[]string{"⟦", "một phần của"},
		},
		{
			"a unit and the one above", "admin", "/app/compare?wave=sample&by=family&unit=qn.ub", 200,
			[]string{"Phường Uông Bí cao hơn Tỉnh Quảng Ninh 50,0 điểm", "Một bên là một phần của Tỉnh Quảng Ninh"},
			[]string{"⟦"},
		},
		{
			"two periods", "admin", "/app/compare?wave=sample&by=period&unit=qn.ub&vs=w:before", 200,
			[]string{"Khảo sát mẫu cao hơn Đợt before 100,0 điểm", "/app/explain"},
			[]string{"⟦"},
		},
		{
			"another method is not subtracted", "admin", "/app/compare?wave=sample&by=period&unit=qn.ub&vs=w:old", 200,
			[]string{"đặt cạnh nhau, không trừ cho nhau được", "Hai cách đo không trừ cho nhau", "100,00", "0,00"},
			[]string{"⟦", "Cao hơn", "Chênh lệch"},
		},
		{
			"a sample and who chose to answer", "admin", "/app/compare?wave=sample&by=period&unit=qn.ub&vs=w:open", 200,
			[]string{"Mẫu ngẫu nhiên và phiếu tự nguyện không trừ cho nhau", "Mẫu ngẫu nhiên. Đợt open: Tự nguyện, liên tục"},
			[]string{"⟦", "Cao hơn", "Chưa rõ:"},
		},
		{
			"self-selected: no interval, no verdict", "admin", "/app/compare?wave=open&period=all&by=unit&unit=qn&with=qn.ub", 200,
			[]string{"Chênh −60,0", "không kết luận hơn kém"},
			[]string{"⟦", "Thấp hơn", "đến &#43;", "một phần của"},
		},
		{
			"nine people are nobody's figure", "admin", "/app/compare?wave=open&period=all&by=unit&unit=qn.ub&with=qn.yt", 200,
			[]string{"chưa đủ phiếu để so", "Ít phiếu"},
			[]string{"⟦", " 0,00", "Chênh −", "Chênh &#43;"},
		},
		{"nothing before", "admin", "/app/compare?wave=open&period=all&by=period", 200, []string{"Không so được"}, []string{"⟦"}},
		{"nothing above", "admin", "/app/compare?wave=open&by=family&unit=qn", 200, []string{"không có cấp trên"}, []string{"⟦"}},
		{"a manager is not shown the unit above", "manager", "/app/compare?wave=sample&by=family", 200, []string{"không có cấp trên"}, []string{"Tỉnh Quảng Ninh", "⟦"}},
		{"nor the one beside", "manager", "/app/compare?wave=sample&by=unit&with=qn.yt", 404, nil, []string{"Yên Tử"}},
		{"nor its file", "manager", "/app/compare.csv?wave=sample&by=unit&with=qn.yt", 404, nil, nil},
		{"in English", "admin", "/app/compare?wave=sample&by=unit&unit=qn.ub&with=qn.yt&lang=en", 200, []string{"points above", "Higher by 100.0 points"}, []string{"⟦", "Cao hơn"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := s.ask(t, "GET", c.path, "", as[c.who]...)
			for i, w := range c.want { // an address is no word
				if strings.HasPrefix(w, "/app/") {
					if !strings.Contains(a.body, w) {
						t.Errorf("no %q", w)
					}
					c.want[i] = ""
				}
			}
			c.check(t, a)
		})
	}
	file := s.ask(t, "GET", "/app/compare.csv?wave=sample&by=unit&unit=qn.ub&with=qn.yt", "", as["admin"]...).body
	if want := "overall,Hài lòng chung,Phường Uông Bí,100.000000,20,83.887"; !strings.Contains(file, want) || !strings.Contains(file, ",true,") {
		t.Errorf("no %q in %s", want, file)
	}
	if few := s.ask(t, "GET", "/app/compare.csv?wave=open&period=all&by=unit&unit=qn.ub&with=qn.yt", "", as["admin"]...).body; strings.Contains(few, "Phường Yên Tử,0.0") {
		t.Errorf("the file shows nine people's figure: %s", few)
	}
}
