package web_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"sipas/internal/comment"
	"sipas/internal/survey"
)

// commentSite has comments of Uông Bí (1 to 3) and of Yên Tử (4), enough of both
// kinds that words stand out, and at last a response without one (29).
func commentSite(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	s.accounts(t)
	for i, c := range []struct {
		point, text string
		level       int
	}{
		{"AAAAAA", "Chờ đợi mãi, gọi 0912 345 678 không ai nghe. CCCD 001099012345.", 1},
		{"AAAAAA", "Đúng là đồ ngu.", 1},
		{"AAAAAA", "<b>Nhanh</b> & gọn", 5},
		{"BBBBBB", "Riêng của Yên Tử: thư lan@example.com", 5},
	} {
		s.say(t, 500+i, c.point, c.level, c.text)
	}
	for i := range 12 {
		s.say(t, 600+i, "AAAAAA", 1, fmt.Sprintf("Trễ hẹn. Lần %d", i))
		s.say(t, 700+i, "AAAAAA", 5, fmt.Sprintf("Tốt lắm. Lần %d", i))
	}
	s.say(t, 800, "AAAAAA", 5, "")
	x := &comment.Indexer{Store: s.store, Catalog: s.seen, Harmful: func(ctx context.Context) (comment.Blocklist, error) {
		text, err := s.store.HarmfulWords(ctx)
		return comment.ParseBlocklist(text), err
	}}
	must(t, x.All(t.Context()))
	return s
}

// say submits a response with a comment.
func (s *site) say(t testing.TB, i int, point string, level int, text string) {
	t.Helper()
	body := response(i, map[string]any{"point": point, "answers": map[string]any{"S1": level, "S2": level}, "comment": text})
	if a := s.ask(t, "POST", "/api/v1/responses", body, "Content-Type", jsonType); a.status != 201 {
		t.Fatalf("%d %s", a.status, a.body)
	}
}

var commentScenarios = []staffScenario{
	{
		"the list", "admin", "/app/comments?wave=open", 200,
		[]string{"28 ý kiến, người ít hài lòng hay nói đến “trễ hẹn”", "Mới nhất trước", "25 trong 28 ý kiến", "Trễ hẹn. Lần 11", "Ý kiến cũ hơn", "Tính đến phiếu số 29", "12 trong 13"},
		[]string{"09:00", "⟦"},
	},
	{"older ones", "admin", "/app/comments?wave=open&before=5", 200, []string{"[số điện thoại]", "[số căn cước]", "[thư điện tử]", "Ẩn chờ xem", "Nhanh", "Về ý kiến mới nhất"}, []string{"0912", "345 678", "001099012345", "lan@example.com", "Đúng là đồ ngu", "⟦"}},
	{"without tones", "admin", "/app/comments?wave=open&q=cho+doi", 200, []string{"1 ý kiến khớp", "Chờ đợi mãi"}, []string{"Trễ hẹn. Lần", "⟦"}},
	{"a phrase", "admin", "/app/comments?wave=open&q=%22tre+hen%22&mood=low", 200, []string{"12 ý kiến khớp", "Trễ hẹn. Lần 3"}, []string{"⟦"}},
	{"low scores", "admin", "/app/comments?wave=open&mood=low", 200, []string{"14 ý kiến khớp"}, []string{"Tốt lắm. Lần", "⟦"}},
	{"hidden ones", "admin", "/app/comments?wave=open&state=hidden", 200, []string{"1 ý kiến khớp", "Ẩn chờ xem"}, []string{"Đúng là đồ ngu", "⟦"}},
	{"personal data is not found either", "admin", "/app/comments?wave=open&q=0912", 200, []string{"Không ý kiến nào khớp"}, []string{"⟦"}},
	{"a search for nothing", "admin", "/app/comments?wave=open&q=%22%2A%22", 422, []string{"Hãy gõ ít nhất một chữ"}, []string{"⟦"}},
	{"hostile words", "admin", "/app/comments?wave=open&q=%22+OR+1%3D1+--+NEAR%28a+b%29+%27%3B+%3C%2D%3E+%21x", 200, []string{"Không ý kiến nào khớp"}, []string{"⟦"}},
	{"a period without", "admin", "/app/comments?wave=open&period=own&from=2026-01-01&to=2026-01-02", 200, []string{"Chưa có ý kiến nào"}, []string{"⟦"}},
	{"dates that cannot be", "admin", "/app/comments?wave=open&period=own&from=2026-03-02&to=2026-03-01", 422, []string{"Ngày cuối sớm hơn"}, []string{"⟦"}},
	{"words nobody knows", "admin", "/app/comments?wave=open&mood=x&state=y&before=z", 200, []string{"25 trong 28"}, []string{"⟦"}},
	{"English", "admin", "/app/comments?wave=open&lang=en", 200, []string{"28 comments; dissatisfied people often mention “trễ hẹn”", "Newest first", "How it is computed"}, []string{"Mới nhất", "⟦"}},
	{"a unit with few", "admin", "/app/comments?wave=open&unit=qn.yt", 200, []string{"1 ý kiến", "Riêng của Yên Tử", "Còn ít ý kiến để so từ ngữ"}, []string{"⟦"}},
	{"a manager sees the own unit", "manager", "/app/comments?wave=open", 200, []string{"27 ý kiến", "Ẩn"}, []string{"Yên Tử", "Danh sách", "⟦"}},
	{"and not the one beside", "manager", "/app/comments?wave=open&unit=qn.yt", 404, nil, []string{"Riêng của"}},
	{"nor the one above", "manager", "/app/comments?wave=open&unit=qn", 404, nil, []string{"Riêng của"}},
	{"nor one comment of it", "manager", "/app/comments/4", 404, nil, []string{"Riêng của"}},
	{"one comment", "manager", "/app/comments/1", 200, []string{"Ý kiến của phiếu số 1", "[số điện thoại]", "Chưa ai ẩn"}, []string{"0912", "⟦"}},
	{"one that is hidden", "manager", "/app/comments/2", 200, []string{"Ẩn chờ xem", "Danh sách từ"}, []string{"Đúng là đồ ngu", "⟦"}},
	{"an administrator reads no raw one", "admin", "/app/comments/1", 200, []string{"[số điện thoại]"}, []string{"0912", "⟦"}},
	{"an auditor does", "auditor", "/app/comments/1", 200, []string{"Nguyên văn", "gọi 0912 345 678 không"}, []string{"[số điện thoại]", "⟦"}},
	{"also a hidden one", "auditor", "/app/comments/2", 200, []string{"đồ ngu"}, []string{"⟦"}},
	{"but hides nothing", "auditor", "/app/comments?wave=open&before=5", 200, []string{"[số điện thoại]", "Ẩn chờ xem"}, []string{"0912", "⟦"}},
	{"a response without a comment", "admin", "/app/comments/29", 404, []string{"Không có ý kiến của phiếu số 29"}, []string{"⟦"}},
	{"not a number", "admin", "/app/comments/abc", 404, nil, []string{"⟦"}},
	{"a wave nobody knows", "admin", "/app/comments?wave=x", 404, nil, []string{"⟦"}},
}

func TestCommentPages(t *testing.T) {
	s := commentSite(t)
	as := map[string][]string{}
	for _, name := range []string{"admin", "manager", "auditor"} {
		as[name] = s.signIn(t, name)
	}
	for _, c := range commentScenarios {
		t.Run(c.name, func(t *testing.T) { c.check(t, s.ask(t, "GET", c.path, "", as[c.who]...)) })
	}
	if a := s.ask(t, "GET", "/app/comments?wave=open&before=5", "", as["auditor"]...); strings.Contains(a.body, `name="do"`) || strings.Contains(a.body, "<b>Nhanh") {
		t.Error("an auditor may hide, or a comment is not escaped")
	}
}

func TestHideAndShow(t *testing.T) {
	s := commentSite(t)
	admin, manager, auditor := s.signIn(t, "admin"), s.signIn(t, "manager"), s.signIn(t, "auditor")
	list := "/app/comments?wave=open&before=5"
	for _, c := range []struct {
		name, path, do string
		me             []string
		status         int
	}{
		{"an auditor", "/app/comments/2", "show", auditor, 403},
		{"another unit's manager", "/app/comments/4", "hide", manager, 404},
		{"from another site", "/app/comments/2", "show", append([]string{"Sec-Fetch-Site", "cross-site"}, manager...), 403},
		{"nothing said", "/app/comments/2", "", manager, 422},
		{"show", "/app/comments/2", "show", manager, 303},
		{"show again", "/app/comments/2", "show", manager, 303},
		{"hide", "/app/comments/3", "hide", admin, 303},
	} {
		a := s.send(t, c.path, url.Values{"do": {c.do}, "back": {list}}, c.me)
		if a.status != c.status {
			t.Errorf("%s: %d, want %d: %.200s", c.name, a.status, c.status, words(a.body))
		}
		if to := a.header.Get("Location"); c.status == 303 && !strings.HasPrefix(to, "/app/comments?") {
			t.Errorf("%s: leads to %s", c.name, to)
		}
	}
	text := words(s.ask(t, "GET", list, "", manager...).body)
	for want, in := range map[string]bool{"đồ ngu": true, "manager đã hiện lúc": true, "admin đã ẩn lúc": true, "gọn": false, "Ẩn theo quyết định": true} {
		if strings.Contains(text, want) != in {
			t.Errorf("%q in the list: %v, want %v: %s", want, !in, in, text)
		}
	}
	text = words(s.ask(t, "GET", "/app/comments/2", "", manager...).body)
	if strings.Count(text, "manager") < 2 || !strings.Contains(text, "Danh sách từ") {
		t.Errorf("the history of who showed it: %s", text)
	}
	if a := s.send(t, "/app/comments/1", url.Values{"do": {"hide"}, "back": {"https://elsewhere.example/app/comments"}}, manager); !strings.HasPrefix(a.header.Get("Location"), "/app/comments?") {
		t.Errorf("led away to %s", a.header.Get("Location"))
	}
}

func TestHarmfulList(t *testing.T) {
	s := commentSite(t)
	form := url.Values{"words": {"trễ hẹn\r\n"}}
	if a := s.send(t, "/app/comments/words", form, s.signIn(t, "manager")); a.status != 403 {
		t.Errorf("a manager changes the list: %d", a.status)
	}
	if a := s.send(t, "/app/comments/words", url.Values{"words": {strings.Repeat("x", 20_001)}}, s.signIn(t, "admin")); a.status != 422 {
		t.Errorf("too long a list: %d", a.status)
	}
	if a := s.send(t, "/app/comments/words", form, s.signIn(t, "admin")); a.status != 303 {
		t.Fatalf("%d %s", a.status, words(a.body))
	}
	if text, err := s.store.HarmfulWords(t.Context()); err != nil || comment.ParseBlocklist(text).Len() != 1 {
		t.Errorf("%q, %v", text, err)
	}
}

// What a manager reads of a response under suspicion has its personal data
// covered too.
func TestSuspectCommentIsMasked(t *testing.T) {
	s := commentSite(t)
	f := survey.Folder{Store: s.store, Catalog: s.seen, NewJudge: func() survey.Judge { return suspicion{1: {survey.TooFast}} }}
	_, err := f.FoldAll(t.Context())
	must(t, err)
	for who, raw := range map[string]bool{"manager": false, "admin": false, "auditor": true} {
		if text := words(s.ask(t, "GET", "/app/quality/1", "", s.signIn(t, who)...).body); strings.Contains(text, "0912 345 678") != raw || strings.Contains(text, "[số điện thoại]") == raw {
			t.Errorf("%s: %s", who, text)
		}
	}
}
