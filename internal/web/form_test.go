package web_test

import (
	"context"
	"errors"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/survey"
	"sipas/internal/web"
)

const formType = "application/x-www-form-urlencoded"

// pageForm is the form of a page as a browser without a script would send it.
func pageForm(t testing.TB, page string) url.Values {
	t.Helper()
	form := url.Values{}
	for _, tag := range regexp.MustCompile(`<input[^>]*>`).FindAllString(page, -1) {
		kind, checked := attribute(tag, "type"), strings.Contains(tag, " checked")
		if kind == "hidden" || checked {
			form.Add(attribute(tag, "name"), attribute(tag, "value"))
		}
	}
	if m := regexp.MustCompile(`(?s)<textarea id="comment"[^>]*>(.*?)</textarea>`).FindStringSubmatch(page); m != nil {
		form.Set("comment", html.UnescapeString(m[1]))
	}
	if form.Get("id") == "" {
		t.Fatalf("no form in:\n%s", page)
	}
	return form
}

func attribute(tag, name string) string {
	if m := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindStringSubmatch(tag); m != nil {
		return html.UnescapeString(m[1])
	}
	return ""
}

// filled sets the values of the pairs in form.
func filled(form url.Values, pairs ...string) url.Values {
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

func (s *site) post(t testing.TB, form url.Values) answer {
	t.Helper()
	return s.ask(t, "POST", "/s/AAAAAA", form.Encode(), "Content-Type", formType)
}

// lastStored returns the response with the highest seq.
func (s *site) lastStored(t testing.TB) survey.Response {
	t.Helper()
	var last survey.Response
	must(t, s.store.EachResponse(t.Context(), survey.Filter{}, 0, 1000, func(r *survey.Response) error { last = *r; return nil }))
	return last
}

// A citizen without a script goes through every part, back once, into English
// and back, and sends. Nothing that was answered is lost on the way.
func TestFormWithoutScript(t *testing.T) {
	s := newSite(t)
	page := s.ask(t, "GET", "/s/AAAAAA?consent=1", "")
	s.pass(90 * time.Second)
	page = s.post(t, filled(pageForm(t, page.body), "S1", "2", "S2", "5", "do", "next"))
	expect(t, page, 200, `name="a.S1" value="2"`, `name="WHY" value="rude"`)
	page = s.post(t, filled(pageForm(t, page.body), "WHY", "rude", "W", "nhanh hơn", "do", "prev"))
	expect(t, page, 200, `name="a.WHY" value="rude"`, `name="a.W" value="nhanh hơn"`, `name="S1" value="2" checked`)
	page = s.post(t, filled(pageForm(t, page.body), "S2", "skip", "do", "lang:en"))
	expect(t, page, 200, `<html lang="en"`, `name="S2" value="skip" checked`, "Clear")
	page = s.post(t, filled(pageForm(t, page.body), "do", "next"))
	page = s.post(t, filled(pageForm(t, page.body), "W", "faster", "do", "lang:vi"))
	page = s.post(t, filled(pageForm(t, page.body), "W", "nhanh hơn", "do", "next"))
	expect(t, page, 200, `name="gender" value="f"`, `name="a.S2" value="skip"`, `value="send"`)
	last := filled(pageForm(t, page.body), "gender", "f", "comment", "Cảm ơn\r\nnhiều", "do", "send")
	sent := s.post(t, last)
	if sent.status != 303 || !strings.HasPrefix(sent.header.Get("Location"), "/r/") {
		t.Fatalf("sending gave %d %s\n%s", sent.status, sent.header.Get("Location"), sent.body)
	}
	got := s.lastStored(t)
	want := []string{`{"S1":2,"S2":null,"WHY":["rude"],"W":"nhanh hơn"}`, `{"gender":"f"}`, "Cảm ơn\nnhiều", "AAAAAA", "1.004194", "vi"}
	if diff := cmp.Diff(want, []string{string(got.Answers), string(got.Respondent), got.Comment, string(got.Point), string(got.Service), got.Locale}); diff != "" {
		t.Error(diff)
	}

	if took := got.SubmittedAt.Sub(got.StartedAt); took != 90*time.Second {
		t.Errorf("filling took %v, want 1m30s", took)
	}

	s.pass(time.Second)
	again := s.post(t, last) // the second tap of a double tap
	if again.status != 303 || again.header.Get("Location") != sent.header.Get("Location") {
		t.Errorf("sent twice: %d %s, want the receipt %s again", again.status, again.header.Get("Location"), sent.header.Get("Location"))
	}
	if r := s.lastStored(t); r.Seq != got.Seq {
		t.Errorf("sent twice, stored twice: seq %d and %d", got.Seq, r.Seq)
	}
	thanks := s.ask(t, "GET", sent.header.Get("Location"), "")
	expect(t, thanks, 200, "Đã nhận phiếu", "Phường Uông Bí", "02/03/2026", "data-receipt", "https://khaosat.example.vn/r/")
	proof := s.ask(t, "GET", strings.Split(sent.header.Get("Location"), "?")[0]+"?lang=en", "")
	expect(t, proof, 200, "The ballot is in the book")
	if strings.Contains(proof.body, "Đúng hẹn") || strings.Contains(proof.body, "nhanh hơn") {
		t.Error("the proof tells what was answered")
	}
}

func expect(t testing.TB, a answer, status int, parts ...string) {
	t.Helper()
	if a.status != status {
		t.Errorf("status %d, want %d", a.status, status)
	}
	for _, p := range parts {
		if !strings.Contains(a.body, p) {
			t.Errorf("no %q in:\n%s", p, a.body)
		}
	}
}

func TestIntro(t *testing.T) {
	s := newSite(t)
	expect(t, s.ask(t, "GET", "/s/aaa-aaa", ""), 200, "Hôm nay thế nào?", "4 câu ngắn, khoảng 2 phút", "Phiếu này không ghi họ tên", "mô phỏng")
	expect(t, s.ask(t, "GET", "/s/AAAAAA", "", "Accept-Language", "en-GB,en"), 200, `lang="en"`, "How was it?", `href="?lang=vi"`)
	refused := s.ask(t, "GET", "/s/AAAAAA?start=1", "")
	expect(t, refused, 422, "<title>Lỗi:", `href="#consent"`, `role="alert"`)
	for _, a := range []answer{refused, s.ask(t, "GET", "/s/AAAAAA?consent=1", "")} {
		if c := a.header.Get("Set-Cookie"); c != "" {
			t.Errorf("a citizen got a cookie: %s", c)
		}
	}
}

// The page with everything on it is for the script, and works without it.
func TestFormAllAtOnce(t *testing.T) {
	s := newSite(t)
	page := s.ask(t, "GET", "/s/AAAAAA?consent=1&all=1", "")
	expect(t, page, 200, `data-if="{&#34;any&#34;:[{&#34;item&#34;:&#34;S1&#34;,&#34;in&#34;:[&#34;1&#34;,&#34;2&#34;]}`, `name="gender"`, `<template id="screen"`)
	sent := s.post(t, filled(pageForm(t, page.body), "S1", "5", "WHY", "rude", "gender", "m", "do", "send"))
	if sent.status != 303 {
		t.Fatalf("status %d\n%s", sent.status, sent.body)
	}
	if got := s.lastStored(t); got.Answers != `{"S1":5}` {
		t.Errorf("stored %s; what the routing hides must not be there", got.Answers)
	}
}

func TestFormRefuses(t *testing.T) {
	s := newSite(t)
	first := s.ask(t, "GET", "/s/AAAAAA?consent=1", "").body
	for name, c := range map[string]struct {
		form   url.Values
		status int
		want   []string
	}{
		"a value that is no option": {
			filled(pageForm(t, first), "S1", "9", "do", "next"), 422,
			[]string{"<title>Lỗi:", `href="#q-S1"`, "“9” không có trong các câu trả lời.", `class="card bad" id="q-S1"`},
		},
		"a carried value that is no option": {filled(pageForm(t, first), "step", "2", "a.S1", "9", "do", "send"), 422, []string{`class="card bad" id="q-S1"`}},
		"a comment with a phone number": {
			filled(pageForm(t, first), "step", "2", "a.S1", "5", "comment", "Gọi 0912 345 678", "do", "send"), 422,
			[]string{`href="#comment"`, "0912 … 678", "Gọi 0912 345 678</textarea>", `name="sure" value="1"`, `name="a.S1" value="5"`},
		},
		"a comment that is too long": {filled(pageForm(t, first), "step", "2", "comment", strings.Repeat("ộ", survey.LongestComment+1), "do", "send"), 422, []string{"Dài quá"}},
		"no consent":                 {filled(pageForm(t, first), "consent", ""), 422, []string{`href="#consent"`}},
		"a time that never was":      {filled(pageForm(t, first), "step", "2", "started", "x", "do", "send"), 422, []string{"Phiếu: "}},
		"no id":                      {filled(pageForm(t, first), "id", "7"), 422, nil},
	} {
		t.Run(name, func(t *testing.T) { expect(t, s.post(t, c.form), c.status, c.want...) })
	}
	if r := s.lastStored(t); r.Seq != 0 {
		t.Errorf("stored %+v", r)
	}
}

func TestCommentIsSentByWhoInsists(t *testing.T) {
	s := newSite(t)
	form := filled(pageForm(t, s.ask(t, "GET", "/s/AAAAAA?consent=1", "").body), "step", "2", "comment", "Gọi 0912 345 678", "do", "send")
	warned := s.post(t, form)
	if sent := s.post(t, filled(pageForm(t, warned.body), "do", "send")); sent.status != 303 {
		t.Errorf("status %d\n%s", sent.status, sent.body)
	}
}

func TestFormProblems(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct {
		path   string
		status int
		want   string
	}{
		{"/s/ZZZZZZ", 404, "ZZZZZZ"},
		{"/s/ZZZZZZ", 404, "Xem lại sáu chữ và số in dưới mã QR"},
		{"/s/CCCCCC", 410, "Đợt này đóng lúc 09:00 ngày 01/03/2026"},
		{"/s/CCCCCC?lang=en", 410, "It closed at 09:00, 1 March 2026"},
		{"/s/DDDDDD", 404, "chưa mở"},
		{"/r/2222-2222-2222", 404, "Không có phiếu nào mang mã này"},
		{"/r/<script>", 404, "&lt;script&gt;"},
	} {
		expect(t, s.ask(t, "GET", c.path, ""), c.status, c.want)
	}
}

// failing is a ledger on a full disk.
type failing struct{}

func (failing) Append(context.Context, []survey.Response) ([]survey.Outcome, error) {
	return nil, &survey.Error{Kind: survey.Unavailable, Op: "test", Err: errors.New("disk full")}
}

func TestNothingIsLostWhenItCannotBeStored(t *testing.T) {
	s := newSite(t, func(d *web.Deps) { d.Intake.Ledger = failing{} })
	form := filled(pageForm(t, s.ask(t, "GET", "/s/AAAAAA?consent=1", "").body), "step", "2", "a.S1", "5", "gender", "f", "comment", "Cảm ơn", "do", "send")
	page := s.post(t, form)
	expect(t, page, 503, "Chưa gửi được", `name="a.S1" value="5"`, `name="gender" value="f" checked`, "Cảm ơn</textarea>", `name="sent" value="`+strings.ReplaceAll(form.Get("sent"), "+", "&#43;")+`"`)
}
