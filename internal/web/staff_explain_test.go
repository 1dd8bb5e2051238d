package web_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestExplain: 12 people of Uông Bí chose 5, 9 of Yên Tử and 9 of Cẩm Phả chose
// 1, in a wave of volunteers.
func TestExplain(t *testing.T) {
	s := staffSite(t)
	as := map[string][]string{"admin": s.signIn(t, "admin"), "manager": s.signIn(t, "manager")}
	for _, c := range []staffScenario{
		{
			"the overall figure", "admin", "/app/explain?wave=open&unit=qn", 200,
			[]string{"40,00 %", "= 40,000000", "Phiếu được tính 30", "n: người trả lời tiêu chí có nhiều người trả lời nhất 30", "Đến phiếu số 50", "abc", "không phải mẫu ngẫu nhiên"},
			[]string{"⟦", "Khoảng tin cậy 95 %"},
		},
		{"a sample has its interval", "admin", "/app/explain?wave=sample&unit=qn", 200, []string{"Khoảng 95 %: 83,89–100,00", "n = 20, chọn từng người"}, []string{"⟦"}},
		{"an item", "admin", "/app/explain?wave=open&unit=qn&figure=item:S1", 200, []string{"12 câu trả lời hài lòng ÷ 30 câu trả lời × 100 = 40,000000", "Người có trả lời 30"}, []string{"⟦", "nhiều người trả lời nhất"}},
		{"nine people are not counted out", "admin", "/app/explain?wave=open&unit=qn.yt&figure=item:S1", 200, []string{"Ít phiếu"}, []string{"0,00", "0,000000", "⟦"}},
		{"no such figure", "admin", "/app/explain?wave=open&unit=qn&figure=item:S999", 404, []string{"Không có con số item:S999"}, []string{"⟦"}},
		{"the unit beside", "manager", "/app/explain?wave=open&unit=qn.yt", 404, nil, []string{"Yên Tử"}},
		{"the unit above", "manager", "/app/explain.csv?wave=open&unit=qn", 404, nil, []string{"S1"}},
		{"English", "admin", "/app/explain?wave=open&unit=qn&lang=en", 200, []string{"How it is computed: overall satisfaction", "40.00%"}, []string{"⟦"}},
		{"the overview leads there", "admin", "/app?wave=open", 200, nil, []string{"⟦"}},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, s.ask(t, "GET", c.path, "", as[c.who]...)) })
	}
	overview := s.ask(t, "GET", "/app?wave=open", "", as["admin"]...)
	for _, href := range []string{"/app/explain?wave=open&amp;unit=qn&amp;figure=factor%3Ad.f", "&amp;figure=item%3AS1\"", "/app/explain?wave=open&amp;unit=qn.ub&amp;figure=overall"} {
		if !strings.Contains(overview.body, href) {
			t.Errorf("the overview has no link %s", href)
		}
	}
}

// The file holds the counts of the figure and no others, and nothing of what is
// too few to be shown.
func TestExplainCSV(t *testing.T) {
	s := staffSite(t)
	me := s.signIn(t, "admin")
	a := s.ask(t, "GET", "/app/explain.csv?wave=open&unit=qn&figure=item:S1", "", me...)
	if a.header.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.Contains(a.header.Get("Content-Disposition"), "sipas-item-S1.csv") {
		t.Errorf("%d %q %q", a.status, a.header.Get("Content-Type"), a.header.Get("Content-Disposition"))
	}
	var got []string
	for _, line := range strings.Split(strings.TrimSpace(a.body), "\r\n") {
		f := strings.Split(line, ",")
		got = append(got, strings.Join(append(f[:2:2], f[5:]...), ","))
	}
	want := []string{
		"\ufeffwave,unit,watermark,item,answer,satisfied,n",
		"open,qn,50,S1,1,0,18", "open,qn,50,S1,2,0,0", "open,qn,50,S1,3,0,0", "open,qn,50,S1,4,1,0", "open,qn,50,S1,5,1,12", "open,qn,50,S1,skipped,,0",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	few := s.ask(t, "GET", "/app/explain.csv?wave=open&unit=qn.yt&figure=item:S1", "", me...)
	if few.status != 200 || strings.Count(few.body, "\r\n") != 1 {
		t.Errorf("nine people: %d %q", few.status, few.body)
	}
}
