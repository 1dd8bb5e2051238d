package web_test

import (
	"encoding/csv"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sipas/internal/book"
)

// parIndex is a form for a whole PAR INDEX of a district, with points by source.
func parIndex(changes ...string) url.Values {
	form := url.Values{
		"unit": {"qn.h.d01"}, "type": {"par-index-district"}, "year": {"2019"}, "revision": {"-1"}, "status": {"provisional"}, "score": {"90,5"},
		"component:direction": {"9,1"}, "component:direction:self": {"9,5"}, "component:direction:appraisal": {"9,1"}, "component:direction:survey": {"8,75"},
	}
	for i := 0; i+1 < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

// Self-assessed, appraised and survey points are entered by form, stay apart and
// are shown beside what was published.
func TestPointsBySource(t *testing.T) {
	s := bookSite(t)
	me := s.signIn(t, "admin")
	form := s.ask(t, "GET", "/app/book/edit?unit=qn.h.d01&type=par-index-district&year=2019", "", me...).body
	for _, name := range []string{"component:direction", "component:direction:self", "component:direction:appraisal", "component:direction:survey", "component:impact.sipas"} {
		if !strings.Contains(form, `name="`+name+`"`) {
			t.Errorf("nobody can enter %s", name)
		}
	}
	if strings.Contains(form, "impact.sipas:self") {
		t.Error("what is computed from SIPAS can be self-assessed")
	}
	staffScenario{"", "", "", 422, []string{"9,6 vượt điểm tối đa 9,5"}, []string{"⟦"}}.check(t, s.send(t, "/app/book/edit", parIndex("component:direction:self", "9,6"), me))
	if a := s.send(t, "/app/book/edit", parIndex(), me); a.status != 303 {
		t.Fatalf("%d: %s", a.status, words(a.body))
	}
	for _, c := range []staffScenario{
		{"the form", "", "/app/book/edit?unit=qn.h.d01&type=par-index-district&year=2019", 200, []string{"Tính từ SIPAS"}, []string{"⟦"}},
		{"the page", "", "/app/book?unit=qn.h.d01&year=2019", 200, []string{"Tự chấm 9,50; Thẩm định 9,10; Điều tra xã hội học 8,75"}, []string{"⟦"}},
		{"its history", "", "/app/book/history?unit=qn.h.d01&year=2019", 200, []string{"Chỉ đạo, điều hành cải cách hành chính (Tự chấm) – 9,50"}, []string{"⟦", "1970"}},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, s.ask(t, "GET", c.path, "", me...)) })
	}
}

// flowedIn puts a result into the book as a published survey does.
func flowedIn(t *testing.T, s *site) book.Result {
	t.Helper()
	r := book.Result{
		Key: book.Key{Unit: "qn.ub", Type: "sipas-2023", Year: 2026}, Percent: book.Of(250.0 / 3), Rank: 2, RankOf: 3, Status: book.Final,
		N: 138, Wave: "moha-2023", Parts: []book.Part{{Code: "policy", Score: 200.0 / 3}}, Revision: book.New,
	}
	_, err := s.store.PutResults(t.Context(), "moha-2023", today, []book.Result{r})
	must(t, err)
	rs, err := s.store.OfUnit(t.Context(), "qn.ub")
	must(t, err)
	return *book.Pick(rs, r.Type, r.Year)
}

// The figures of a survey are not typed: rank and source can be mended, and what
// was computed stays to the last digit.
func TestFiguresOfASurveyAreNotTyped(t *testing.T) {
	s := bookSite(t)
	me := s.signIn(t, "admin")
	was := flowedIn(t, s)
	path := "/app/book/edit?unit=qn.ub&type=sipas-2023&year=2026"
	staffScenario{"", "", "", 200, []string{"Số lấy từ đợt khảo sát moha-2023: 83,33 %, n = 138."}, []string{"⟦", "83,3333"}}.check(t, s.ask(t, "GET", path, "", me...))
	form := url.Values{"unit": {"qn.ub"}, "type": {"sipas-2023"}, "year": {"2026"}, "revision": {strconv.FormatInt(was.Revision, 10)}, "status": {"final"}, "rank": {"1"}, "rank_of": {"3"}, "percent": {"99"}, "component:policy": {"99"}}
	if a := s.send(t, "/app/book/edit", form, me); a.status != 303 {
		t.Fatalf("%d: %s", a.status, words(a.body))
	}
	rs, err := s.store.OfUnit(t.Context(), "qn.ub")
	must(t, err)
	r := book.Pick(rs, "sipas-2023", 2026)
	if r.Percent != was.Percent || r.Part("policy", book.Published) != was.Part("policy", book.Published) || r.Wave != was.Wave || r.N != 138 || r.Rank != 1 {
		t.Errorf("it stands as %+v", r)
	}
}

// A result entered by mistake is taken away by who may enter, and its history
// stays.
func TestResultsAreWithdrawn(t *testing.T) {
	s := bookSite(t)
	was := flowedIn(t, s)
	away := url.Values{"unit": {"qn.ub"}, "type": {"sipas-2023"}, "year": {"2026"}, "revision": {strconv.FormatInt(was.Revision, 10)}, "withdraw": {"1"}}
	for _, who := range []string{"manager", "auditor"} {
		if a := s.send(t, "/app/book/edit", away, s.signIn(t, who)); a.status != 403 {
			t.Errorf("%s withdraws: %d", who, a.status)
		}
	}
	me := s.signIn(t, "admin")
	stale := url.Values{"unit": {"qn.ub"}, "type": {"sipas-2023"}, "year": {"2026"}, "revision": {strconv.FormatInt(was.Revision+100, 10)}, "withdraw": {"1"}}
	staffScenario{"", "", "", 409, []string{"vừa được người khác sửa"}, []string{"⟦"}}.check(t, s.send(t, "/app/book/edit", stale, me))
	a := s.send(t, "/app/book/edit", away, me)
	if a.status != 303 {
		t.Fatalf("%d: %s", a.status, words(a.body))
	}
	staffScenario{"", "", "", 200, []string{"Đã rút lại.", "Rút lại · admin", "Nhập mới · moha-2023"}, []string{"⟦"}}.check(t, s.ask(t, "GET", a.header.Get("Location"), "", me...))
	staffScenario{"", "", "", 200, []string{"Chưa có"}, []string{"83,33"}}.check(t, s.ask(t, "GET", "/app/book?unit=qn.ub&year=2026", "", me...))
	if a := s.send(t, "/app/book/edit", away, me); a.status != 404 {
		t.Errorf("withdrawn twice: %d", a.status)
	}
}

// A maximum that no source confirms is marked, though the name beside it is not
// confirmed either.
func TestMaximaAreMarked(t *testing.T) {
	s := bookSite(t)
	staffScenario{"", "", "", 200, []string{"Tên: chưa xác nhận Điểm tối đa: chưa xác nhận"}, []string{"⟦"}}.check(t, s.ask(t, "GET", "/app/book/types?type=par-index-district", "", s.signIn(t, "auditor")...))
}

// What somebody typed is text in a spreadsheet, and never a formula; a number with
// a sign stays one.
func TestNothingTypedIsAFormula(t *testing.T) {
	s := bookSite(t)
	me := s.signIn(t, "admin")
	for i, text := range []string{`=HYPERLINK("http://x")`, "+1 điểm", "-2+3", "@SUM(1)"} {
		form := dgi("unit", "qn.h.d0"+strconv.Itoa(i+1), "document", text)
		if a := s.send(t, "/app/book/edit", form, me); a.status != 303 {
			t.Fatalf("%d: %s", a.status, words(a.body))
		}
		rows, err := csv.NewReader(strings.NewReader(s.ask(t, "GET", "/app/book.csv?year=2019&unit="+form.Get("unit"), "", me...).body)).ReadAll()
		must(t, err)
		last := rows[len(rows)-1]
		if at := slices.Index(rows[0], "document"); last[at] != "'"+text {
			t.Errorf("%q stands as %q", text, last[at])
		}
	}
}

// A figure of a survey leads to how it was computed.
func TestFiguresOfASurveyLeadToTheirRules(t *testing.T) {
	s := bookSite(t)
	flowedIn(t, s)
	me := s.signIn(t, "auditor")
	body := s.ask(t, "GET", "/app/book?unit=qn.ub&year=2026", "", me...).body
	if want := `href="/app/explain?figure=overall&amp;period=all&amp;unit=qn.ub&amp;wave=moha-2023">Cách tính SIPAS</a>`; !strings.Contains(body, want) {
		t.Errorf("no %s", want)
	}
}
