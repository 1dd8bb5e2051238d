package web_test

import (
	"html"
	"testing"
	"testing/fstest"
	"time"

	"sipas/internal/book"
	"sipas/internal/survey"
	"sipas/internal/web"
)

// house is a type of index whose results are the published surveys with short@1.
const house = `
order: 90
code: house
family: house
title: {vi: Chỉ số nhà, en: House index}
short: {vi: Chỉ số nhà, en: House index}
owner: {vi: Tỉnh, en: Province}
legal_base: {vi: Tự đặt, en: Our own}
mark: confirmed
measure: percent
maximum: 100
maximum_mark: confirmed
instruments: [short]
`

// TestPool: what came of several units whole stands beside their responses, put
// together; by a share of people as an estimate; and beside nothing where one of
// them had too few to be shown, or nobody knows how much passed.
func TestPool(t *testing.T) {
	s := staffSite(t, func(d *web.Deps) {
		types, err := book.Builtin(fstest.MapFS{"house.yaml": {Data: []byte(house)}})
		must(t, err)
		d.Indices = types
	})
	ctx, day := t.Context(), survey.DayOf(today)
	unit := func(code survey.UnitCode, from, to survey.Day) survey.Unit {
		return survey.Unit{Code: code, Name: "Phường " + string(code[3:]), Kind: survey.Ward, Parent: "qn", ValidFrom: from, ValidTo: to}
	}
	must(t, s.store.PutUnits(ctx, []survey.Unit{
		unit("qn.a", 1, day+40), unit("qn.b", 1, day+40), unit("qn.c", 1, day+40), unit("qn.d", 1, day+40), unit("qn.e", 1, day+40),
		unit("qn.whole", day+41, survey.Always), unit("qn.share", day+41, survey.Always), unit("qn.few", day+41, survey.Always), unit("qn.part", day+41, survey.Always),
	}))
	must(t, s.store.PutSuccessions(ctx, []survey.Succession{
		{From: "qn.a", To: "qn.whole", Whole: true, On: day + 41},
		{From: "qn.b", To: "qn.whole", Whole: true, On: day + 41},
		{From: "qn.c", To: "qn.few", Whole: true, On: day + 41},
		{From: "qn.d", To: "qn.few", Whole: true, On: day + 41},
		{From: "qn.e", To: "qn.share", Share: 0.5, On: day + 41},
		{From: "qn.e", To: "qn.part", On: day + 41},
	}))
	wave := func(id survey.WaveID, from survey.Day) survey.Wave {
		return survey.Wave{ID: id, Name: "Đợt " + string(id), Instrument: "short@1", InstrumentHash: "abc", Units: []survey.UnitCode{"qn"}, From: from, To: from + 30, Design: survey.Probability, State: survey.Open, OpenedAt: today}
	}
	must(t, s.store.PutWave(ctx, wave("was", day-1)))
	points := []survey.Point{}
	for i, u := range []survey.UnitCode{"qn.a", "qn.b", "qn.c", "qn.d", "qn.e"} {
		points = append(points, survey.Point{Code: survey.PointCode("WAS00" + string(rune('A'+i))), Name: "Quầy", Unit: u, Wave: "was", Channel: survey.QR})
	}
	must(t, s.store.PutPoints(ctx, points))
	must(t, s.reload(ctx))
	s.submit(t, 1000, 30, "WAS00A", 5)
	s.submit(t, 1100, 15, "WAS00B", 1)
	s.submit(t, 1200, 11, "WAS00C", 5)
	s.submit(t, 1300, 5, "WAS00D", 1) // hidden, and c beside it
	s.submit(t, 1400, 24, "WAS00E", 5)
	closeAndPublish(t, s, "was")

	s.pass(330 * 24 * time.Hour) // the year after
	must(t, s.store.PutWave(ctx, wave("now", day+320)))
	must(t, s.store.PutPoints(ctx, []survey.Point{{Code: "NOWAAA", Name: "Quầy", Unit: "qn.whole", Wave: "now", Channel: survey.QR}, {Code: "NOWBBB", Name: "Quầy", Unit: "qn.share", Wave: "now", Channel: survey.QR}}))
	must(t, s.reload(ctx))
	for i := range 80 {
		a := s.ask(t, "POST", "/api/v1/responses", response(2000+i, map[string]any{
			"point": []string{"NOWAAA", "NOWBBB"}[i%2], "answers": map[string]any{"S1": 5, "S2": 5},
			"started_at": s.clock().Add(-2 * time.Minute).Format(time.RFC3339), "submitted_at": s.clock().Format(time.RFC3339),
		}), "Content-Type", jsonType)
		if a.status != 201 {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	closeAndPublish(t, s, "now")
	var rs []book.Result
	for _, u := range []survey.UnitCode{"qn.whole", "qn.share", "qn.few", "qn.part"} {
		rs = append(rs, book.Result{Key: book.Key{Unit: u, Type: "house", Year: 2027}, Percent: survey.Percent{Value: 100, Known: true}, Status: book.Final, N: 40, Wave: "now", Rank: 1, RankOf: 4})
	}
	for i, u := range []survey.UnitCode{"qn.a", "qn.b", "qn.c", "qn.e"} { // measured in the year of the reorganisation, before it
		rs = append(rs, book.Result{Key: book.Key{Unit: u, Type: "house", Year: 2026}, Percent: survey.Percent{Value: []float64{100, 0, 100, 100}[i], Known: true}, Status: book.Final, N: 30, Wave: "was", Rank: 1, RankOf: 4})
	}
	_, err := s.store.PutResults(ctx, "admin", s.clock(), rs)
	must(t, err)

	// 45 people, of whom 30 were satisfied: no mean of 100 and 0.
	const whole = "Gộp phiếu của Phường a, Phường b trong Đợt was, như thể đã là một: 66,67 %, n = 45."
	for _, c := range []staffScenario{
		{"whole", "admin", "/app/book?unit=qn.whole&year=2027", 200, []string{"Chỉ số nhà: gộp phiếu của Phường a, Phường b trong Đợt was, như thể đã là một: 66,67 %, n = 45. Nay chênh +33,33 điểm: quá mức ngẫu nhiên."}, []string{"50,00 %", "⟦"}},
		{"one with too few", "admin", "/app/book?unit=qn.few&year=2027", 200, []string{"Chỉ số nhà: không gộp được phiếu của Đợt was: Phường c không có hoặc có quá ít phiếu."}, []string{"như thể đã là một", "⟦"}},
		{"a share", "admin", "/app/book?unit=qn.share&year=2027", 200, []string{"ước tính từ phiếu của Phường e trong Đợt was theo phần dân số chuyển sang: 100,00 %, n ≈ 12. Không phải số đo."}, []string{"Nay chênh", "⟦"}},
		{"nobody knows how much", "admin", "/app/book?unit=qn.part&year=2027", 200, nil, []string{"gộp phiếu", "⟦"}},
		{"over the years", "admin", "/app/book?unit=qn.whole&year=2027", 200, []string{"+33,33 điểm phần trăm so với phiếu gộp năm 2026", "Hình thoi, 2026: Gộp phiếu của Phường a, Phường b", "gộp phiếu đơn vị cũ 66,67 n = 45", "Đường đứt nơi cách đo, hoặc người được đo, thay đổi."}, []string{"⟦"}},
		{"an estimate over the years", "admin", "/app/book?unit=qn.share&year=2027", 200, []string{"≈ 100,00 n ≈ 12"}, []string{"phiếu gộp năm 2026", "⟦"}},
		{"the league", "admin", "/app/book/league?type=house&year=2027", 200, []string{
			"+33,33 Không so hạng: Phường whole gộp từ Phường a, Phường b. " + whole,
			"Không so được: Phường few gộp từ Phường c, Phường d; chỉ số cũ không cộng hay lấy trung bình được. Không gộp được phiếu của Đợt was: Phường c không có hoặc có quá ít phiếu.",
			"Không so được: Phường share ghép từ Phường e theo phần dân số; chỉ ước tính được từ phiếu. Ước tính từ phiếu",
			"Không so được: Phường part có một phần của Phường e, chưa rõ bao nhiêu.", "2026 Phường whole không so được",
		}, []string{"⟦"}},
		{"the conference of one", "admin", "/app/book/conference?unit=qn.whole&year=2027", 200, []string{"So với 2026: tăng điểm Chỉ số nhà (+33,33, quá mức ngẫu nhiên)", "Chỉ số nhà: gộp phiếu của Phường a, Phường b trong Đợt was", "Chỉ số nhà 100,00 100,00 1 4 chưa rõ Không so hạng: Phường whole gộp từ Phường a, Phường b. +33,33"}, []string{"⟦"}},
		{"the conference of all", "admin", "/app/book/conference?unit=qn&year=2027", 200, []string{whole, "Đạt: +33,33 điểm", "Không so được: Phường part có một phần của Phường e, chưa rõ bao nhiêu."}, []string{"⟦"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := s.ask(t, "GET", c.path, "", s.signIn(t, c.who)...)
			a.body = html.UnescapeString(a.body)
			c.check(t, a)
		})
	}
}

func closeAndPublish(t *testing.T, s *site, id survey.WaveID) {
	t.Helper()
	must(t, s.reg.MoveWave(t.Context(), id, survey.Closed))
	must(t, s.reg.Publish(t.Context(), id))
}
