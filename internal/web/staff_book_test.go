package web_test

import (
	"fmt"
	"html"
	"strings"
	"testing"
	"time"

	"sipas/internal/book"
	"sipas/internal/survey"
)

// bookSite is a site with an index book: fourteen districts that ended, Uông Bí
// among them with the figures of its conference, and a province.
func bookSite(t testing.TB) *site {
	t.Helper()
	s := staffSite(t)
	ctx, ended := t.Context(), dayOf(t, "2025-06-30")
	units := []survey.Unit{
		{Code: "qn.h.ub", Name: "Thành phố Uông Bí", Kind: survey.District, Parent: "qn", ValidTo: ended},
		{Code: "qn.h.ub.ts", Name: "Phường Thanh Sơn", Kind: survey.Ward, Parent: "qn.h.ub", ValidTo: ended},
		{Code: "qn.h.ub.pd", Name: "Phường Phương Đông", Kind: survey.Ward, Parent: "qn.h.ub", ValidTo: ended},
	}
	for i := 1; i < 14; i++ {
		units = append(units, survey.Unit{Code: survey.UnitCode(fmt.Sprintf("qn.h.d%02d", i)), Name: fmt.Sprintf("Huyện %02d", i), Kind: survey.District, Parent: "qn", ValidTo: ended})
	}
	must(t, s.store.PutUnits(ctx, units))
	must(t, s.store.PutSuccessions(ctx, []survey.Succession{
		{From: "qn.h.ub.ts", To: "qn.ub", Whole: true, On: ended + 1, LegalBasis: "1679/NQ-UBTVQH15"},
		{From: "qn.h.ub.pd", To: "qn.yt", Whole: true, On: ended + 1, LegalBasis: "1679/NQ-UBTVQH15"},
	}))
	must(t, s.reload(ctx))
	_, err := s.store.PutResults(ctx, "admin", today, districtResults(t))
	must(t, err)
	return s
}

func dayOf(t testing.TB, s string) survey.Day {
	t.Helper()
	d, err := survey.ParseDay(s)
	must(t, err)
	return d
}

// districtResults are those of Uông Bí 2019 as published, and made-up ones
// around them.
func districtResults(t testing.TB) (rs []book.Result) {
	t.Helper()
	one := func(unit survey.UnitCode, ty book.TypeCode, year int, score, top, percent float64, rank, of int, parts ...book.Part) {
		r := book.Result{Key: book.Key{Unit: unit, Type: ty, Year: year}, Rank: rank, RankOf: of, Status: book.Final, Synthetic: true, Parts: parts, Percent: book.Of(percent)}
		if score > 0 {
			r.Score, r.Maximum = book.Of(score), book.Of(top)
		}
		rs = append(rs, r)
	}
	one("qn.h.ub", "par-index-district", 2018, 91, 100, 91, 3, 0)
	one("qn.h.ub", "sipas-2017", 2018, 0, 0, 94, 5, 14, book.Part{Code: "access", Score: 96}, book.Part{Code: "feedback", Score: 95})
	one("qn.h.ub", "dgi-949", 2018, 66, 80, 82.5, 9, 13)
	rs = append(rs, publishedUongBi(t)...)
	for i := 1; i < 14; i++ {
		rank := i
		if i >= 8 {
			rank = i + 1
		}
		one(survey.UnitCode(fmt.Sprintf("qn.h.d%02d", i)), "sipas-2017", 2019, 0, 0, 98-0.7*float64(rank), rank, 14, book.Part{Code: "access", Score: 95}, book.Part{Code: "feedback", Score: 91})
	}
	one("qn", "sipas-2017", 2019, 0, 0, 95.26, 1, 63, book.Part{Code: "access", Score: 20}, book.Part{Code: "feedback", Score: 20}) // no peer of its districts
	one("qn", "sipas-2022", 2022, 0, 0, 87.59, 1, 63)
	one("qn", "sipas-2023", 2023, 0, 0, 90.61, 1, 63)
	return rs
}

func publishedUongBi(t testing.TB) []book.Result {
	t.Helper()
	rs := []book.Result{
		{
			Key: book.Key{Type: "par-index-district"}, Score: book.Of(91.59), Maximum: book.Of(100), Percent: book.Of(91.59), Rank: 2,
			Parts: []book.Part{{Code: "direction", Score: 8.5}, {Code: "finance", Score: 9}, {Code: "impact.sipas", Score: 9.1}},
		},
		{
			Key: book.Key{Type: "sipas-2017"}, Percent: book.Of(93.28), Rank: 8, RankOf: 14,
			Parts: []book.Part{{Code: "access", Score: 97}, {Code: "feedback", Score: 88.5}},
		},
		{Key: book.Key{Type: "dgi-949"}, Score: book.Of(64.95), Maximum: book.Of(80), Percent: book.Of(81.19), Rank: 11, RankOf: 13},
	}
	for i := range rs {
		rs[i].Unit, rs[i].Year, rs[i].Status = "qn.h.ub", 2019, book.Final
		rs[i].Announced, rs[i].Document = survey.DayOf(time.Date(2020, 6, 17, 0, 0, 0, 0, time.UTC)), "Hội nghị công bố"
	}
	return rs
}

func TestIndexBook(t *testing.T) {
	s := bookSite(t)
	as := map[string][]string{}
	for _, name := range []string{"admin", "manager", "auditor"} {
		as[name] = s.signIn(t, name)
	}
	for _, c := range bookScenarios {
		t.Run(c.name, func(t *testing.T) { c.check(t, s.ask(t, "GET", c.path, "", as[c.who]...)) })
	}
}

var bookScenarios = []staffScenario{
	{
		"a unit tells its history, and leads to its book", "admin", "/app/units/qn.ub?wave=open", 200,
		[]string{"Lịch sử đơn vị", "Phường Thanh Sơn", "1679/NQ-UBTVQH15", "Sổ chỉ số của đơn vị"},
		[]string{"⟦", "Phường Phương Đông"},
	},
	{"the tree of a day before the reorganisation", "admin", "/app/units?on=2025-06-30", 200, []string{"vào ngày 30/06/2025", "Cây đơn vị ngày 30/06/2025", "Thành phố Uông Bí", "Phường Thanh Sơn"}, []string{"⟦"}},
	{"the tree of the day after", "admin", "/app/units?on=2025-07-01", 200, []string{"Cây đơn vị ngày 01/07/2025", "Phường Uông Bí"}, []string{"Thành phố Uông Bí", "Phường Thanh Sơn", "⟦"}},
	{"a day that is none", "admin", "/app/units?on=2025-02-30", 200, []string{"Hãy chọn một ngày.", "Cây đơn vị", "Phường Uông Bí"}, []string{"⟦"}},
	{"one without a history says so", "admin", "/app/units/qn.cp?wave=open", 200, []string{"Chưa ghi sáp nhập, chia tách nào"}, []string{"⟦"}},
	{
		"the conference", "auditor", "/app/book?unit=qn.h.ub&year=2019", 200,
		[]string{
			"Thành phố Uông Bí 2019: hạng 2 về PAR INDEX; nửa dưới bảng về SIPAS và DGI", "Số đo năm 2019, công bố ngày 17/06/2020.",
			"2 trong 3 chỉ số tụt hạng so với 2018", "Hạng 2. Chưa rõ trong bao nhiêu đơn vị.", "Hạng 8 trong 14 đơn vị.", "Hạng 11 trong 13 đơn vị.",
			"64,95 ÷ 80 = 81,19 %: một số, hai cách ghi.", "Số năm 2018 là mô phỏng.", "Điểm tối đa suy ra", "Bộ tiêu chí chưa xác nhận",
			"Không nối sang sau 2025", "sắp xếp vào Phường Yên Tử, Phường Uông Bí (1679/NQ-UBTVQH15)", "1679/NQ-UBTVQH15",
		},
		[]string{"⟦", "Dữ liệu mô phỏng", "Thêm, sửa số", "2.019", "2.018"},
	},
	{
		"where points were lost", "admin", "/app/book?unit=qn.h.ub&year=2019", 200,
		[]string{
			"PAR INDEX mất 8,41 điểm, nhiều nhất ở Cải cách tài chính công (3,00)", "Không có trong thành phần −4,41", "94,59",
			"SIPAS: thấp nhất là Tiếp nhận, giải quyết góp ý, phản ánh, kiến nghị, 88,50 %", "Dưới năm 2018", "Dưới trung bình nhóm", "Nhóm so sánh: 14 đơn vị có số.",
			"SIPAS 93,28 % cho 9,33 trên 10 điểm của PAR INDEX, nhưng số đã nhập là 9,10.", "Thêm, sửa số",
		},
		[]string{"⟦"},
	},
	{"nothing to compare with", "admin", "/app/book?unit=qn.h.ub&year=2019&versus=none", 200, []string{"3 chỉ số, mỗi chỉ số một mẫu số"}, []string{"tụt hạng", "hạng 2018", "Dưới năm", "⟦"}},
	{"another method ends the line", "admin", "/app/book?unit=qn&year=2023", 200, []string{"hạng 1 về SIPAS", "Không so được: cách đo năm 2022 và 2023 khác nhau."}, []string{"+3,02", "lên", "⟦"}},
	{"all of it made up", "admin", "/app/book?unit=qn.h.ub&year=2018", 200, []string{"Dữ liệu mô phỏng"}, []string{"⟦"}},
	{"a year without figures", "admin", "/app/book?unit=qn.h.ub&year=2017", 200, []string{"chưa có chỉ số nào", "2019, 2018"}, []string{"0,00", "⟦"}},
	{"a unit without figures", "manager", "/app/book", 200, []string{"Sổ chưa có chỉ số nào của Phường Uông Bí", "Lịch sử đơn vị", "nhận toàn bộ Phường Thanh Sơn"}, []string{"Thêm, sửa số", "⟦"}},
	{"not the manager's", "manager", "/app/book?unit=qn.h.ub&year=2019", 404, nil, []string{"93,28"}},
	{"nor as a file", "manager", "/app/book.csv?unit=qn.h.ub&year=2019", 404, nil, []string{"93.28"}},
	{"English", "admin", "/app/book?unit=qn.h.ub&year=2019&lang=en", 200, []string{"rank 2 by PAR INDEX; lower half of the table by SIPAS and DGI", "Rank 8 of 14 units.", "64.95 ÷ 80 = 81.19%"}, []string{"⟦", "2,019"}},
	{"Chinese", "admin", "/app/book?unit=qn.h.ub&year=2019&lang=zh", 200, []string{"第8名，共14个单位"}, []string{"⟦"}},
	{
		"the league", "auditor", "/app/book/league?type=sipas-2017&year=2019", 200,
		[]string{"SIPAS 2019: 0 đơn vị lên hạng, 1 xuống, 0 giữ hạng so với 2018", "Cấp huyện, Tỉnh Quảng Ninh. 14 đơn vị có số.", "xuống 3 bậc", "8 /14", "13 trong 14 đơn vị có số mô phỏng."},
		[]string{"⟦", "Khoảng hạng 95 %"},
	},
	{"another league", "auditor", "/app/book/league?type=sipas-2023&year=2023", 200, []string{"không có hạng năm trước so được", "Không so được: cách đo năm 2022 và 2023 khác nhau."}, []string{"+3,02", "⟦"}},
	{"no such league", "auditor", "/app/book/league?type=ddci&year=2019", 404, nil, nil},
	{"the league of a manager", "manager", "/app/book/league?type=sipas-2017&year=2019", 200, []string{"Ở đây là 0 trong 14 đơn vị"}, []string{"Huyện 01", "93,28", "⟦"}},
	{"the league as a file", "auditor", "/app/book/league.csv?type=sipas-2017&year=2019", 200, []string{"qn.h.ub,Thành phố Uông Bí,sipas-2017,2019,2020-06-17,,,93.28,8,14,,final,0,Hội nghị công bố,,5,-3,-0.72"}, nil},
	{"nothing of others in a manager's file", "manager", "/app/book/league.csv?type=sipas-2017&year=2019", 200, nil, []string{"93.28", "Huyện"}},
	{
		"the conference of a unit", "auditor", "/app/book/conference?unit=qn.h.ub&year=2019", 200,
		[]string{
			"Thành phố Uông Bí 2019: hạng 2 về PAR INDEX; nửa dưới bảng về SIPAS và DGI", "1. Tình hình", "2 trong 3 chỉ số tụt hạng so với 2018",
			"So với 2018: tăng điểm PAR INDEX (", "0,59); giảm điểm SIPAS (−0,72) và DGI (−1,05).",
			"SIPAS: Hạng 8 trong 14 đơn vị, xuống 3 bậc (từ 5/14). PAR INDEX: Hạng 2. Chưa rõ trong bao nhiêu đơn vị, lên 1 bậc (từ 3). DGI: Hạng 11 trong 13 đơn vị, xuống 2 bậc (từ 9/13).",
			"Bộ tiêu chí chưa xác nhận: PAR INDEX", "Điểm tối đa do suy ra, nguồn không ghi: DGI.", "Số năm 2018 là mô phỏng.", "Nguồn: Hội nghị công bố, công bố ngày 17/06/2020",
			"3. PAR INDEX: thành phần", "Cải cách tài chính công 35,7 9,00 12,0 3,00", "Dưới năm 2018: ", "Dưới trung bình nhóm: Tiếp nhận, giải quyết góp ý, phản ánh, kiến nghị (−2,32 điểm %)",
			"Thành phố Uông Bí 8 14 93,28 −0,72 xuống 3 bậc", "Không phải mẫu phiếu ở đây",
			"Thành phố Uông Bí đạt mọi quy tắc ở 0 trong 1 chỉ số", "Chưa: −0,72 điểm, cần tăng 1 % tối đa", "Không xét: công bố không kèm số phiếu",
		},
		[]string{"⟦", "2.019"},
	},
	{
		"the conference over the units below", "admin", "/app/book/conference?unit=qn&year=2019", 200,
		[]string{"Đạt mọi quy tắc: SIPAS 0 trong 14 đơn vị", "Ít nhất 90 % điểm tối đa.", "Xem và sửa quy tắc", "không phải quy định", "Chưa ai sửa ở đây.", "Đạt: 93,28 %"},
		[]string{"⟦"},
	},
	{"a conference without figures", "admin", "/app/book/conference?unit=qn.ub&year=2019", 200, []string{"chưa có chỉ số nào"}, []string{"Tải Excel", "⟦"}},
	{"the conference of a manager", "manager", "/app/book/conference?year=2019", 200, nil, []string{"Huyện 01", "93,28", "⟦"}},
	{"not the conference of others", "manager", "/app/book/conference?unit=qn.h.ub&year=2019", 404, nil, []string{"93,28"}},
	{"the conference in Chinese", "admin", "/app/book/conference?unit=qn.h.ub&year=2019&lang=zh", 200, []string{"与2018年相比"}, []string{"⟦"}},
	{"the conference in English", "admin", "/app/book/conference?unit=qn&year=2019&lang=en", 200, []string{"Meet every rule: SIPAS 0 of 14 units"}, []string{"⟦"}},
	{"the rules", "auditor", "/app/book/rules?unit=qn", 200, []string{"Quy tắc đề xuất khen của Tỉnh Quảng Ninh", "Chưa ai sửa quy tắc ở đây"}, []string{"Lưu quy tắc", "⟦"}},
	{"the types", "manager", "/app/book/types", 200, []string{"loại chỉ số", "Xuất sắc ≥ 15", "Bộ tiêu chí: chưa xác nhận"}, []string{"⟦"}},
	{"a type", "auditor", "/app/book/types?type=one-stop-2018", 200, []string{"Một cửa: tối đa 18 điểm, 9 thành phần", "Xuất sắc từ 15 trở lên", "Điều 13, 15 Thông tư 01/2018/TT-VPCP", "Thái độ của công chức", "Chưa xác nhận"}, []string{"Lưu ngưỡng", "⟦"}},
	{"no such type", "auditor", "/app/book/types?type=x", 404, nil, nil},
	{"a file", "auditor", "/app/book.csv?unit=qn.h.ub&year=2019", 200, []string{"dgi-949,2019,2020-06-17,64.95,80,81.19,11,13", "finance,,9"}, nil},
}

// TestAcrossAReorganisation: a new unit stands beside whoever passed whole to it,
// and beside nobody where only a part did; both in words, and no line is drawn on.
func TestAcrossAReorganisation(t *testing.T) {
	s := bookSite(t)
	ctx, on := t.Context(), dayOf(t, "2025-07-01")
	ward := func(code survey.UnitCode, name string) survey.Unit {
		return survey.Unit{Code: code, Name: name, Kind: survey.Ward, Parent: "qn", ValidFrom: on, ValidTo: survey.Always}
	}
	must(t, s.store.PutUnits(ctx, []survey.Unit{
		ward("qn.new", "Phường Mới"), ward("qn.parts", "Phường Ghép"),
		{Code: "qn.h.ub.tv", Name: "Phường Trưng Vương", Kind: survey.Ward, Parent: "qn.h.ub", ValidTo: on - 1},
		{Code: "qn.h.hb", Name: "Huyện Hoành Bồ", Kind: survey.District, Parent: "qn", ValidTo: dayOf(t, "2018-12-31")},
	}))
	must(t, s.store.PutSuccessions(ctx, []survey.Succession{
		{From: "qn.h.ub.tv", To: "qn.parts", On: on, LegalBasis: "1679"},
		{From: "qn.h.d05", To: "qn.new", Whole: true, On: on, LegalBasis: "1679"},
		{From: "qn.h.hb", To: "qn.h.ub", Whole: true, On: dayOf(t, "2019-01-01"), LegalBasis: "837"},
	}))
	must(t, s.reload(ctx))
	one := func(unit survey.UnitCode, year int, score float64, rank, of int) book.Result {
		return book.Result{Key: book.Key{Unit: unit, Type: "service-766", Year: year}, Score: book.Of(score), Maximum: book.Of(100), Percent: book.Of(score), Rank: rank, RankOf: of, Status: book.Final}
	}
	_, err := s.store.PutResults(ctx, "admin", today, []book.Result{
		one("qn.h.d05", 2023, 79, 4, 13), one("qn.h.d05", 2024, 80, 3, 13), one("qn.h.ub.tv", 2024, 70, 8, 13), one("qn.new", 2025, 82.5, 9, 54), one("qn.parts", 2025, 75, 30, 54),
	})
	must(t, err)
	const many, brokenLine = "3/13 → 9/54, không so bậc.", "Phường Ghép có một phần của Phường Trưng Vương, chưa rõ bao nhiêu."
	for _, c := range []staffScenario{
		{
			"passed whole", "admin", "/app/book?unit=qn.new&year=2025", 200,
			[]string{"+2,50 điểm so với 2024", "ở bên trái. Năm trước là Huyện 05, nay là Phường Mới: toàn bộ chuyển sang.", many, "3 / 13", "từ 2023 đến 2025", "2023 79,00 4/13 2024 80,00 3/13 2025 82,50 9/54", "Không nối với trước 2025"},
			[]string{"bậc so", "⟦"},
		},
		{"of a part", "admin", "/app/book?unit=qn.parts&year=2025", 200, []string{"Không so được: " + brokenLine}, []string{"so với 2024", "70,00", "⟦"}},
		{"of a part, beside a year by hand", "admin", "/app/book?unit=qn.parts&year=2025&versus=2024", 200, []string{"Không so được: " + brokenLine}, []string{"Chưa có số liệu năm trước", "⟦"}},
		{"joined since", "admin", "/app/book?unit=qn.h.ub&year=2019", 200, []string{"mô phỏng. Từ sau năm đó có thêm Huyện Hoành Bồ.", "2019: Từ sau năm đó có thêm Huyện Hoành Bồ."}, []string{"chưa rõ hình thành từ đâu", "⟦"}},
		{
			"the league", "admin", "/app/book/league?type=service-766&year=2025", 200,
			[]string{"+2,50", many + " Năm trước là Huyện 05", "Không so được: " + brokenLine},
			[]string{"1 đơn vị lên hạng", "1 xuống", "⟦"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := s.ask(t, "GET", c.path, "", s.signIn(t, c.who)...)
			a.body = html.UnescapeString(a.body)
			c.check(t, a)
		})
	}
}

// TestLongLeague: a league of a nation is shown in parts, every row once.
func TestLongLeague(t *testing.T) {
	s := bookSite(t)
	var units []survey.Unit
	var rs []book.Result
	for i := range 1100 {
		code := survey.UnitCode(fmt.Sprintf("qn.n%04d", i))
		units = append(units, survey.Unit{Code: code, Name: "Xã " + string(code), Kind: survey.Commune, Parent: "qn", ValidTo: survey.Always})
		rs = append(rs, book.Result{Key: book.Key{Unit: code, Type: "service-766", Year: 2023}, Score: book.Of(50), Rank: i + 1, RankOf: 1100, Status: book.Final})
	}
	must(t, s.store.PutUnits(t.Context(), units))
	must(t, s.reload(t.Context()))
	_, err := s.store.PutResults(t.Context(), "admin", today, rs)
	must(t, err)
	me, next := s.signIn(t, "admin"), "/app/book/league?type=service-766&year=2023"
	seen := 0
	for pages := 1; next != ""; pages++ {
		body := s.ask(t, "GET", next, "", me...).body
		n := strings.Count(body, `name="u" value="qn.n`)
		if seen += n; n == 0 || n > 500 || pages > 3 {
			t.Fatalf("page %d, %s, has %d rows", pages, next, n)
		}
		if first := fmt.Sprintf(`value="qn.n%04d"`, seen-n); !strings.Contains(body, first) {
			t.Errorf("page %d lacks %s", pages, first)
		}
		_, rest, _ := strings.Cut(body, `rel="next"`)
		before, _, found := strings.Cut(body, `" rel="next"`)
		next = ""
		if found && rest != "" {
			next = html.UnescapeString(before[strings.LastIndex(before, `"`)+1:])
		}
	}
	if seen != len(rs) {
		t.Errorf("%d rows of %d", seen, len(rs))
	}
}

// TestOddRanksAreNamed: a rank that several have is told with their names, and
// among how many they were ranked if that differs.
func TestOddRanksAreNamed(t *testing.T) {
	s := bookSite(t)
	var rs []book.Result
	for i, unit := range []survey.UnitCode{"qn.h.d05", "qn.h.d06", "qn.h.d07"} {
		rs = append(rs, book.Result{Key: book.Key{Unit: unit, Type: "service-766", Year: 2023}, Score: book.Of(50), Rank: 2 + i/2, RankOf: 13 + i/2, Status: book.Final})
	}
	_, err := s.store.PutResults(t.Context(), "admin", today, rs)
	must(t, err)
	page := words(s.ask(t, "GET", "/app/book/league?type=service-766&year=2023", "", s.signIn(t, "admin")...).body)
	for _, want := range []string{"Hạng 2 có nhiều đơn vị: Huyện 05, Huyện 06.", "Số đơn vị được xếp hạng không giống nhau: 13, 14."} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
}

// What is drawn says the same as what is written.
func TestRanksAreDrawn(t *testing.T) {
	s := bookSite(t)
	page := s.ask(t, "GET", "/app/book?unit=qn.h.ub&year=2019", "", s.signIn(t, "admin")...).body
	for _, want := range []string{
		">xuống 3 bậc</text>", ">lên 1 bậc</text>", ">xuống 2 bậc</text>", "… chưa rõ tổng số</text>",
		`aria-label="Hạng 8 trong 14 đơn vị. Năm 2018 hạng 5: xuống 3 bậc."`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
	if n := strings.Count(page, `class="k`); n != 6+14+13 {
		t.Errorf("%d boxes for 3+3 of unknown, 14 and 13 ranks", n)
	}
}

// TestTogether: of thirteen districts access goes with the first area, results
// with nothing, and the component computed from SIPAS is not asked.
func TestTogether(t *testing.T) {
	s := bookSite(t)
	me := s.signIn(t, "admin")
	area := indices(t).Type("par-index-district").Components
	var rs []book.Result
	for i := 1; i < 14; i++ {
		unit, noise := survey.UnitCode(fmt.Sprintf("qn.h.d%02d", i)), float64(i*7%13)
		sipas := book.Result{Key: book.Key{Unit: unit, Type: "sipas-2017", Year: 2017}, Percent: book.Of(80 + noise), Status: book.Final}
		sipas.Parts = []book.Part{{Code: "access", Score: 70 + float64(i)}, {Code: "results", Score: 80 + float64(i*i%11)}}
		par := book.Result{Key: book.Key{Unit: unit, Type: "par-index-district", Year: 2017}, Score: book.Of(80 + float64(i*5%13)), Maximum: book.Of(100), Status: book.Final}
		par.Parts = []book.Part{{Code: area[0].Code, Score: 1 + float64(i)/4 + 0.05*noise}, {Code: area[1].Code, Score: 1 + float64(i*3%7)/4}}
		rs = append(rs, sipas, par)
	}
	_, err := s.store.PutResults(t.Context(), "admin", today, rs)
	must(t, err)
	ask := func(query string) string {
		return html.UnescapeString(words(s.ask(t, "GET", "/app/book/together"+query, "", me...).body))
	}
	page := ask("?year=2017&with=par-index-district")
	first := area[0].Title.In("vi")
	_, access, _ := strings.Cut(page, "Tiếp cận dịch vụ")
	if i := strings.Index(access, first+" rõ +0,9"); i < 0 || i > 400 {
		t.Errorf("access does not go with %s: %s", first, access[:min(len(access), 700)])
	}
	if n := strings.Count(page, " rõ +") + strings.Count(page, " rõ −"); n != 1 || !strings.Contains(page, "SIPAS và PAR INDEX năm 2017: 1 trong ") {
		t.Errorf("%d pairs are called clear, want 1: %s", n, page)
	}
	for _, code := range []string{"impact", "impact.sipas"} {
		if title := indices(t).Type("par-index-district").Component(code).Title.In("vi"); strings.Contains(page, title) {
			t.Errorf("%s holds points computed from SIPAS and goes with it by itself", title)
		}
	}
	if !strings.Contains(page, "không có nghĩa là cái này gây ra cái kia") || strings.Contains(page, "⟦") {
		t.Errorf("no word on cause, or a missing one: %s", page)
	}
	must(t, func() error {
		_, err := s.store.PutResults(t.Context(), "admin", today, []book.Result{{Key: book.Key{Unit: "qn", Type: "par-index-876", Year: 2017}, Percent: book.Of(90), Status: book.Final}})
		return err
	}())
	if page = ask("?year=2017"); !strings.Contains(page, "1 trong 9 cặp") {
		t.Errorf("a province alone is preferred to its districts: %s", page)
	}
	if page = ask("?year=2018&with=dgi-949"); !strings.Contains(page, "cần ít nhất 10") || strings.Contains(page, "gây ra") {
		t.Errorf("of one unit: %s", page)
	}
	if page = ask("?year=1999"); !strings.Contains(page, "Chưa có năm nào") {
		t.Errorf("of no year: %s", page)
	}
}
