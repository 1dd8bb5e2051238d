package web_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"sipas/internal/survey"
	"sipas/internal/web"
)

// staffSite is a site with accounts, and with enough responses that the
// province and Uông Bí have figures, and Yên Tử and Cẩm Phả have one too few
// each: with one of them alone Uông Bí would have to be hidden too.
func staffSite(t testing.TB, change ...func(*web.Deps)) *site {
	t.Helper()
	s := newSite(t, change...)
	s.accounts(t)
	must(t, s.store.PutWave(t.Context(), survey.Wave{
		ID: "sample", Name: "Khảo sát mẫu", Instrument: "short@1", InstrumentHash: "abc", Units: []survey.UnitCode{"qn"},
		From: survey.DayOf(today) - 30, To: survey.DayOf(today) + 30, Design: survey.Probability, State: survey.Open, OpenedAt: today.AddDate(0, -1, 0),
	}))
	s.third(t)
	must(t, s.store.PutPoints(t.Context(), []survey.Point{
		{Code: "EEEEEE", Name: "Điều tra viên", Unit: "qn.ub", Wave: "sample", Channel: survey.Interviewer},
	}))
	must(t, s.reload(t.Context()))
	s.submit(t, 0, 12, "AAAAAA", 5)
	s.submit(t, 100, 9, "BBBBBB", 1)
	s.submit(t, 200, 20, "EEEEEE", 4)
	s.submit(t, 300, 9, "FFFFFF", 1)
	return s
}

// third adds a commune with a point in the wave that is open.
func (s *site) third(t testing.TB) {
	t.Helper()
	must(t, s.store.PutUnits(t.Context(), []survey.Unit{{Code: "qn.cp", Name: "Phường Cẩm Phả", Kind: survey.Ward, Parent: "qn", ValidTo: survey.Always}}))
	must(t, s.store.PutPoints(t.Context(), []survey.Point{{Code: "FFFFFF", Name: "Quầy 5", Unit: "qn.cp", Wave: "open", Channel: survey.Link}}))
	must(t, s.reload(t.Context()))
}

// send posts a form as a signed-in browser does.
func (s *site) send(t testing.TB, path string, form url.Values, me []string) answer {
	t.Helper()
	return s.ask(t, "POST", path, form.Encode(), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, me...)...)
}

// words is a page as it is read: without tags, blanks as one.
func words(html string) string {
	text := regexp.MustCompile(`(?s)<svg.*?</svg>|<[^>]*>`).ReplaceAllString(html, " ")
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "\u00a0", " ")), " ")
}

func TestStaffPages(t *testing.T) {
	s := staffSite(t)
	as := map[string][]string{}
	for _, name := range []string{"admin", "manager", "auditor"} {
		as[name] = s.signIn(t, name)
	}
	for _, c := range staffScenarios {
		t.Run(c.name, func(t *testing.T) { c.check(t, s.ask(t, "GET", c.path, "", as[c.who]...)) })
	}
}

// staffScenario is a page as one of the accounts sees it: what is in it, and
// what must not be.
type staffScenario struct {
	name, who, path string
	status          int
	want, not       []string
}

var staffScenarios = []staffScenario{
	{
		"the province", "admin", "/app?wave=open", 200,
		[]string{"40,00", "Phường Uông Bí", "100,00", "Ít phiếu để công bố", "n = 30", "không phải mẫu ngẫu nhiên", "Tính đến phiếu số 50"},
		[]string{"Khoảng 95", "vượt mức ngẫu nhiên", "Chưa rõ", "60,00", "⟦"},
	},
	{
		"a sample has an interval", "admin", "/app?wave=sample", 200,
		[]string{"100,00", "Khoảng 95 %: 83,89–100,00", "n = 20, chọn từng người"},
		[]string{"người trả lời tự chọn", "⟦"},
	},
	{
		"nine people have no figure", "admin", "/app/units/qn.yt?wave=open", 200,
		[]string{"Ít phiếu để công bố", "Không phải 0 %"},
		[]string{"0,00", "100,00", "40,00", "⟦"},
	},
	{"nobody is not zero", "admin", "/app/units/qn.yt?wave=sample", 200, []string{"Chưa có phiếu"}, []string{"0,00", "Ít phiếu", "⟦"}},
	{"channels stand apart", "admin", "/app?wave=open", 200, []string{"Từng kênh", "Kiosk Ít phiếu để công bố", "Mã QR Ít phiếu để công bố"}, []string{"⟦"}},
	{"another channel is not mixed in", "admin", "/app?wave=open&channel=kiosk", 200, []string{"Ít phiếu để công bố"}, []string{"40,00", "n = 9", "⟦"}},
	{"nobody answered before", "admin", "/app?wave=open", 200, []string{"Không so được", "Trong kỳ so sánh chưa có phiếu nào"}, []string{"⟦"}},
	{"the wave had not begun before", "admin", "/app?wave=open&period=own&from=2026-01-31&to=2026-03-02", 200, []string{"Không so được", "đợt chưa bắt đầu"}, []string{"⟦"}},
	{"none asked for", "admin", "/app?wave=open&vs=none", 200, []string{"Chọn “Kỳ liền trước”"}, []string{"⟦"}},
	{"another design", "admin", "/app?wave=open&period=all&vs=w:sample", 200, []string{"không trừ cho nhau"}, []string{"Tăng", "Giảm", "⟦"}},
	{"a closed wave without responses", "admin", "/app?wave=closed", 200, []string{"Chưa có phiếu"}, []string{"0,00", "⟦"}},
	{"English", "admin", "/app?wave=open&lang=en", 200, []string{"How satisfied?", "40.00", "Too few", "No interval"}, []string{"Hài lòng đến đâu", "⟦"}},
	{"dates that cannot be", "admin", "/app?wave=open&period=own&from=2026-03-02&to=2026-03-01", 422, []string{"Ngày cuối sớm hơn ngày đầu"}, []string{"⟦"}},
	{"sorted by name", "admin", "/app?wave=open&sort=name&dir=desc", 200, []string{"↓"}, []string{"⟦"}},
	{"unknown wave", "admin", "/app?wave=nothing", 404, []string{"Không có đợt nothing"}, []string{"⟦"}},
	{"unknown unit", "admin", "/app?unit=nowhere", 404, nil, []string{"⟦"}},
	{"a draft has no results", "admin", "/app?wave=draft", 404, nil, nil},
	{"a manager sees the own unit", "manager", "/app?wave=open", 200, []string{"Phường Uông Bí", "100,00", "n = 12"}, []string{"40,00", "Yên Tử", "Quảng Ninh", "⟦"}},
	{"but not the one beside", "manager", "/app?wave=open&unit=qn.yt", 404, nil, []string{"Yên Tử"}},
	{"nor the one above", "manager", "/app/units/qn?wave=open", 404, nil, []string{"40,00"}},
	{"nor through its points", "manager", "/app/points?unit=qn.yt", 404, nil, nil},
	{"nor a point of it", "manager", "/app/points?point=BBBBBB", 404, nil, nil},
	{"nor its poster", "manager", "/app/points/BBBBBB/poster", 404, nil, nil},
	{"nor its code", "manager", "/app/points/BBBBBB/qr.svg", 404, nil, nil},
	{"nor in a list", "manager", "/app/units", 200, []string{"Phường Uông Bí"}, []string{"Yên Tử", "⟦"}},
	{"nor in the comparison with the parent", "manager", "/app/units/qn.ub?wave=open", 200, []string{"100,00"}, []string{"40,00", "⟦"}},
	{"a manager takes out nothing", "manager", "/app/exports", 403, nil, nil},
	{"and makes no waves", "manager", "/app/waves/new", 403, nil, nil},
	{"and sees what runs", "manager", "/app/waves/open", 200, []string{"Đợt open", "short@1"}, []string{"Đóng đợt", "⟦"}},
	{"an auditor sees everything", "auditor", "/app?wave=open", 200, []string{"40,00"}, []string{"Tài khoản", "⟦"}},
	{"but not the accounts", "auditor", "/app/accounts", 403, nil, nil},
	{"and adds no points", "auditor", "/app/points/new", 403, nil, nil},
	{"the list of waves", "admin", "/app/waves", 200, []string{"4 đợt khảo sát, 2 đang mở", "Đang soạn", "Tự nguyện, liên tục", "Mẫu ngẫu nhiên"}, []string{"⟦"}},
	{"a wave", "admin", "/app/waves/open", 200, []string{"Đóng đợt", "Tự soạn", "abc"}, []string{"⟦"}},
	{"the question before closing", "admin", "/app/waves/open/close", 200, []string{"Đóng “Đợt open”?", "Không mở lại được", "3 điểm thu thập"}, []string{"⟦"}},
	{"a step that is none", "admin", "/app/waves/open/burn", 404, nil, nil},
	{"the points", "admin", "/app/points", 200, []string{"6 điểm thu thập, 4 đang mở", "khaosat.example.vn/s/FFFFFF"}, []string{"⟦"}},
	{"the poster", "admin", "/app/points/AAAAAA/poster", 200, []string{"Hôm nay thế nào?", "How was it?", "khaosat.example.vn/s/AAAAAA", "2 phút. Không hỏi tên.", "No name asked", "Phường Uông Bí", "Ngày in 02/03/2026"}, []string{"⟦"}},
	{"units without marks", "admin", "/app/units?q=YEN+tu", 200, []string{"Phường Yên Tử", "1 đơn vị có"}, []string{"Phường Uông Bí", "⟦"}},
	{"units by the beginning of a word", "admin", "/app/units?q=uong", 200, []string{"Phường Uông Bí", "1 đơn vị có"}, []string{"Yên Tử", "⟦"}},
	{"units not found", "admin", "/app/units?q=atlantis", 200, []string{"Không tìm thấy"}, []string{"Phường", "⟦"}},
	{"codebook", "auditor", "/app/codebook/short@1", 200, []string{"S1", "seq"}, []string{"⟦"}},
	{"accounts", "admin", "/app/accounts", 200, []string{"3 tài khoản", "manager", "Phường Uông Bí"}, []string{"argon2", "⟦"}},
}

func (c staffScenario) check(t *testing.T, a answer) {
	text := words(a.body)
	if a.status != c.status {
		t.Fatalf("%d, want %d: %.400s", a.status, c.status, text)
	}
	for _, w := range c.want {
		if !strings.Contains(text, w) {
			t.Errorf("no %q in: %s", w, text)
		}
	}
	for _, n := range c.not {
		if strings.Contains(text, n) {
			t.Errorf("%q is in: %s", n, text)
		}
	}
	if strings.Contains(a.body, "style=") || strings.Contains(a.body, "<style") || inlineHandler.MatchString(a.body) {
		t.Error("the content policy forbids what the page has inline")
	}
}

var inlineHandler = regexp.MustCompile(`\son[a-z]+=`)

// Every page that changes something refuses those who may not, and changes
// nothing for them.
func TestStaffMayNot(t *testing.T) {
	s := staffSite(t)
	for _, c := range []struct{ who, path string }{
		{"manager", "/app/waves"},
		{"manager", "/app/waves/open/close"},
		{"manager", "/app/waves/sample/sampling"},
		{"auditor", "/app/waves/sample/sampling"},
		{"manager", "/app/points"},
		{"manager", "/app/exports"},
		{"manager", "/app/accounts"},
		{"manager", "/app/accounts/admin/password"},
		{"manager", "/app/accounts/admin/disable"},
		{"manager", "/app/tokens"},
		{"auditor", "/app/waves"},
		{"auditor", "/app/waves/open/close"},
		{"auditor", "/app/points"},
		{"auditor", "/app/accounts"},
		{"auditor", "/app/accounts/admin/enable"},
		{"auditor", "/app/tokens/x/revoke"},
		{"auditor", "/app/waves/closed/publish"},
	} {
		if a := s.send(t, c.path, url.Values{"name": {"x"}}, s.signIn(t, c.who)); a.status != 403 {
			t.Errorf("%s posts to %s: %d, want 403", c.who, c.path, a.status)
		}
	}
	if w := s.seen().Waves["open"]; w.State != survey.Open {
		t.Errorf("the wave is %s", w.State)
	}
	if a := s.ask(t, "POST", "/app/waves/open/close", "", "Content-Type", "application/x-www-form-urlencoded"); a.status != 401 {
		t.Errorf("nobody closes a wave: %d", a.status)
	}
}

func TestRunAWave(t *testing.T) {
	s := staffSite(t)
	me := s.signIn(t, "admin")
	form := url.Values{"name": {""}, "id": {"a b"}, "design": {"continuous"}, "from": {"2026-03-01"}, "to": {"2026-02-01"}}
	a := s.send(t, "/app/waves", form, me)
	text := words(a.body)
	for _, want := range []string{"Có chỗ cần sửa", "Tên đợt phải có", "Mã đợt gồm", "Hãy chọn ít nhất một đơn vị", "Không có bộ phiếu", "Ngày cuối sớm hơn ngày đầu"} {
		if a.status != 422 || strings.Count(text, want) < 1 {
			t.Errorf("%d, want 422 with %q: %s", a.status, want, text)
		}
	}
	if !strings.Contains(a.body, `value="a b"`) || !strings.Contains(a.body, `href="#f-id"`) || !strings.Contains(a.body, `id="f-id"`) {
		t.Error("what was typed is lost, or the summary does not lead to it")
	}
	form = url.Values{"name": {"Đợt mới"}, "id": {"moi-2026"}, "instrument": {"short@1"}, "units": {"qn.ub"}, "design": {"continuous"}, "from": {"x"}, "to": {"2026-05-01"}}
	if a = s.send(t, "/app/waves", form, me); a.status != 422 || !strings.Contains(words(a.body), "Hãy chọn một ngày") || s.seen().Waves["moi-2026"] != nil {
		t.Errorf("a bad date: %d %s", a.status, words(a.body))
	}
	form.Set("from", "2026-03-01")
	if a = s.send(t, "/app/waves", form, me); a.status != 303 || a.header.Get("Location") != "/app/waves/moi-2026?said=wave" {
		t.Fatalf("create: %d %s", a.status, words(a.body))
	}
	if a = s.send(t, "/app/waves", form, me); a.status != 422 || !strings.Contains(a.body, "Đợt mới") {
		t.Errorf("create again: %d %s", a.status, words(a.body))
	}
	point := url.Values{"name": {"Quầy mới"}, "wave": {"moi-2026"}, "unit": {"qn.yt"}, "channel": {"qr"}}
	if a = s.send(t, "/app/points", point, me); a.status != 422 || !strings.Contains(words(a.body), "không thuộc đợt này") {
		t.Errorf("a point outside the wave: %d %s", a.status, words(a.body))
	}
	point.Set("unit", "qn.ub")
	if a = s.send(t, "/app/points", point, me); a.status != 303 || !strings.Contains(a.header.Get("Location"), "point=NEW") {
		t.Fatalf("point: %d %s", a.status, words(a.body))
	}
	for _, step := range []struct {
		path  string
		state survey.WaveState
	}{{"open", survey.Open}, {"close", survey.Closed}, {"publish", survey.Published}} {
		if a = s.send(t, "/app/waves/moi-2026/"+step.path, nil, me); a.status != 303 || s.seen().Waves["moi-2026"].State != step.state {
			t.Fatalf("%s: %d, state %s", step.path, a.status, s.seen().Waves["moi-2026"].State)
		}
	}
	if a = s.send(t, "/app/waves/moi-2026/open", nil, me); a.status != 409 {
		t.Errorf("open a published wave: %d", a.status)
	}
}

func TestAccountsAndTokens(t *testing.T) {
	s := staffSite(t)
	me := s.signIn(t, "admin")
	form := url.Values{"name": {"lan"}, "role": {"manager"}, "password": {"ngắn"}}
	a := s.send(t, "/app/accounts", form, me)
	if a.status != 422 || !strings.Contains(a.body, `value="lan"`) || strings.Contains(a.body, "ngắn\"") {
		t.Errorf("bad account: %d %s", a.status, words(a.body))
	}
	form.Set("password", password)
	form.Set("unit", "qn.yt")
	if a = s.send(t, "/app/accounts", form, me); a.status != 303 {
		t.Fatalf("account: %d %s", a.status, words(a.body))
	}
	lan := s.signIn(t, "lan")
	if a = s.send(t, "/app/accounts/lan/disable", nil, me); a.status != 303 {
		t.Errorf("disable: %d", a.status)
	}
	if a = s.ask(t, "GET", "/app", "", lan...); a.status != 303 || !strings.HasPrefix(a.header.Get("Location"), "/login") {
		t.Errorf("a disabled account still sees the page: %d", a.status)
	}
	if a = s.send(t, "/app/accounts/admin/disable", nil, me); a.status != 422 {
		t.Errorf("the last administrator: %d", a.status)
	}
	a = s.send(t, "/app/tokens", url.Values{"name": {"bao-cao"}, "role": {"auditor"}}, me)
	token := regexp.MustCompile(`sipas_[A-Za-z0-9_-]+`).FindString(a.body)
	if a.status != 201 || token == "" {
		t.Fatalf("token: %d %s", a.status, words(a.body))
	}
	if a = s.ask(t, "GET", "/app/accounts", "", me...); !strings.Contains(a.body, "bao-cao") || strings.Contains(a.body, token) {
		t.Error("the token is not listed, or shown twice")
	}
	if a = s.send(t, "/app/tokens/bao-cao/revoke", nil, me); a.status != 303 {
		t.Errorf("revoke: %d", a.status)
	}
	if _, err := s.auth.Bearer(t.Context(), token); survey.KindOf(err) != survey.Unsigned {
		t.Errorf("a revoked token: %v", err)
	}
}
