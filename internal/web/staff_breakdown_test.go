package web_test

import (
	"strings"
	"testing"
)

// TestBreakdown: of 30 people 12 came by QR code, and 9, one too few, by
// kiosk and 9 by a link.
func TestBreakdown(t *testing.T) {
	s := staffSite(t)
	as := map[string][]string{"admin": s.signIn(t, "admin"), "manager": s.signIn(t, "manager")}
	const path = "/app/breakdown?wave=open&unit=qn"
	for _, c := range []staffScenario{
		{
			"who is left when the few are taken away is not shown either", "admin", path + "&by=channel", 200,
			[]string{"Chung 40,0", "Mã QR Ít phiếu", "Kiosk Ít phiếu", "chưa đủ phiếu", "không áp dụng", "không phải mẫu ngẫu nhiên"},
			[]string{"100,0", " 0,0", "⟦", ">12<", "Khoảng 95"},
		},
		{"nor explained", "admin", "/app/explain?wave=open&unit=qn&by=channel&group=qr", 200, []string{"Ít phiếu", "Mã QR"}, []string{"100,00", "12", "⟦"}},
		{"nor explained item by item", "admin", "/app/explain?wave=open&unit=qn&by=channel&group=qr&figure=item:S1", 200, []string{"Ít phiếu"}, []string{"100,00", "⟦"}},
		{"no such group", "admin", "/app/explain?wave=open&unit=qn&by=channel&group=pigeon", 404, []string{"Không có nhóm “pigeon”"}, []string{"⟦"}},
		{"no such dimension", "admin", "/app/explain?wave=open&unit=qn&by=ethnicity&group=kinh", 404, nil, []string{"⟦"}},
		{"a sample", "admin", "/app/breakdown?wave=sample&by=channel", 200, []string{"100,0", "83,9–100,0", "Benjamini–Hochberg"}, []string{"không phải mẫu", "⟦"}},
		{"a group of a sample explained", "admin", "/app/explain?wave=sample&unit=qn&by=channel&group=interviewer", 200, []string{"100,00 %", "n = 20", "Kênh:"}, []string{"⟦"}},
		{"nobody", "admin", "/app/breakdown?wave=closed&by=channel", 200, []string{"Chưa có phiếu"}, []string{"0,0", "⟦"}},
		{"the unit above", "manager", path, 404, nil, []string{"40,0"}},
		{"English", "admin", path + "&by=channel&lang=en", 200, []string{"By group", "Too few", "40.0"}, []string{"⟦"}},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, s.ask(t, "GET", c.path, "", as[c.who]...)) })
	}
	for _, path := range []string{"/app/breakdown.csv?wave=open&unit=qn&by=channel", "/app/explain.csv?wave=open&unit=qn&by=channel&group=qr"} {
		if a := s.ask(t, "GET", path, "", as["admin"]...); a.status != 200 || strings.Count(a.body, "\r\n") != 1 {
			t.Errorf("%s: %d %q", path, a.status, a.body)
		}
	}
	if a := s.ask(t, "GET", "/app/breakdown.csv?wave=sample&by=channel", "", as["admin"]...); !strings.Contains(a.body, "sample,qn,,50,channel,interviewer,overall,100,") {
		t.Errorf("a sample's groups: %q", a.body)
	}
}
