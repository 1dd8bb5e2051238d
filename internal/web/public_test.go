package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sipas/internal/auth"
	"sipas/internal/web"
)

func TestPublicPages(t *testing.T) {
	s := newSite(t)
	s.submit(t, 0, 12, "AAAAAA", 5)
	s.submit(t, 20, 9, "BBBBBB", 1)
	empty := s.ask(t, "GET", "/results", "", "Accept-Language", "en")
	if empty.status != 200 || !strings.Contains(empty.body, "No survey has been published yet") {
		t.Errorf("before publishing: %d %s", empty.status, empty.body)
	}
	s.third(t)
	s.submit(t, 40, 9, "FFFFFF", 1)
	s.publish(t)
	for _, c := range []struct {
		name, path string
		status     int
		want, not  string
	}{
		{"home", "/", 200, "Scan the QR code", "⟦"},
		{"home in Vietnamese", "/?lang=vi", 200, "Quét mã QR", "⟦"},
		{"a code", "/?point=aaa-aaa", 303, "", ""},
		{"no code", "/?point=zzz", 404, "No survey point has the code zzz", "⟦"},
		{"no receipt", "/?receipt=zzz", 404, "We gave no receipt", "⟦"},
		{"results", "/results", 200, "Tỉnh Quảng Ninh", "⟦"},
		{"small units are words", "/results", 200, "Too few responses to publish", ">9<"},
		{"search without marks", "/results?q=uong+bi", 200, "/results/qn.ub", "Phường Yên Tử"},
		{"search in vain", "/results?q=xyz", 200, "No unit has a name like", "⟦"},
		{"a unit", "/results/qn.ub", 200, "100\u00a0of\u00a0100\u00a0people are satisfied", "⟦"},
		{"its parent", "/results/qn", 200, "40\u00a0of\u00a0100\u00a0people are satisfied", "⟦"},
		{"a small unit", "/results/qn.yt", 200, "too few responses to publish", "of\u00a0100"},
		{"no unit", "/results/none", 404, "There is no unit none", "⟦"},
		{"made-up data says so", "/results/qn", 200, "Simulated data", "⟦"},
		{"no page", "/nothing", 404, "Check the address", "⟦"},
		{"odd characters", "/results/%3Cscript%3E", 404, "&lt;script&gt;", "<script>"},
	} {
		a := s.ask(t, "GET", c.path, "", "Accept-Language", "en")
		if a.status != c.status || !strings.Contains(a.body, c.want) || c.not != "" && strings.Contains(a.body, c.not) {
			t.Errorf("%s: %d, want %d with %q and without %q:\n%s", c.name, a.status, c.status, c.want, c.not, a.body)
		}
	}
}

func TestHeaders(t *testing.T) {
	s := newSite(t)
	page := s.ask(t, "GET", "/", "", "Accept-Encoding", "br")
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; media-src 'self'",
		"X-Content-Type-Options":  "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		"Content-Encoding": "br", "Server": "",
	} {
		if got := page.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if strings.Contains(s.ask(t, "GET", "/", "").body, "style=") {
		t.Error("an inline style, which the policy forbids")
	}
	sheet := between(s.ask(t, "GET", "/", "").body, `href="/static/`, `"`)
	for encoding, want := range map[string]string{"br": "br", "gzip": "gzip", "": ""} {
		a := s.ask(t, "GET", "/static/"+sheet, "", "Accept-Encoding", encoding)
		if a.status != 200 || a.header.Get("Content-Encoding") != want || a.header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
			t.Errorf("static file for %q: %d %v", encoding, a.status, a.header)
		}
	}
	if a := s.ask(t, "GET", "/static/css/citizen.css", ""); a.status != 404 {
		t.Errorf("a static file without its hash: %d", a.status)
	}
}

func between(s, before, after string) string {
	_, rest, _ := strings.Cut(s, before)
	in, _, _ := strings.Cut(rest, after)
	return in
}

func TestOperators(t *testing.T) {
	ready := true
	s := newSite(t, func(d *web.Deps) {
		d.MetricsPublic = true
		d.Ready = func(ctx context.Context) error {
			if !ready {
				return fmt.Errorf("no room")
			}
			return nil
		}
	})
	s.submit(t, 0, 1, "AAAAAA", 5)
	for path, want := range map[string]string{"/healthz": "ok", "/readyz": "ready", "/metrics": `sipas_responses_total{state="counted"} 1`} {
		if a := s.ask(t, "GET", path, ""); a.status != 200 || !strings.Contains(a.body, want) {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	if a := s.ask(t, "GET", "/metrics", ""); !strings.Contains(a.body, `sipas_http_requests_total{method="POST",route="/api/v1/responses",status="201"} 1`) {
		t.Errorf("metrics:\n%s", a.body)
	}
	ready = false
	if a := s.ask(t, "GET", "/readyz", ""); a.status != 503 || strings.Contains(a.body, "room") {
		t.Errorf("not ready: %d %s", a.status, a.body)
	}
	private := newSite(t)
	if a := private.ask(t, "GET", "/metrics", "", "X-Forwarded-For", "203.0.113.1"); a.status != 404 {
		t.Errorf("metrics through a proxy: %d", a.status)
	}
}

// account adds an account of each role.
func (s *site) accounts(t testing.TB) {
	t.Helper()
	must(t, s.auth.AddAccount(t.Context(), "admin", password, auth.Admin, ""))
	must(t, s.auth.AddAccount(t.Context(), "manager", password, auth.Manager, "qn.ub"))
	must(t, s.auth.AddAccount(t.Context(), "auditor", password, auth.Auditor, ""))
}

// signIn returns the headers of a signed-in browser.
func (s *site) signIn(t testing.TB, name string) []string {
	t.Helper()
	a := s.login(t, name, password)
	if a.status != 303 {
		t.Fatalf("sign in as %s: %d %s", name, a.status, a.body)
	}
	cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	return []string{"Cookie", cookie, "Sec-Fetch-Site", "same-origin"}
}

func (s *site) login(t testing.TB, name, pass string, headers ...string) answer {
	t.Helper()
	form := url.Values{"user": {name}, "password": {pass}, "next": {"/app/waves"}}
	return s.ask(t, "POST", "/login", form.Encode(), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)...)
}

func TestLogin(t *testing.T) {
	s := newSite(t)
	s.accounts(t)
	if a := s.ask(t, "GET", "/app?wave=open", ""); a.status != 303 || a.header.Get("Location") != "/login?next=%2Fapp%3Fwave%3Dopen" {
		t.Errorf("not signed in: %d %s", a.status, a.header.Get("Location"))
	}
	good := s.login(t, "manager", password)
	cookie := good.header.Get("Set-Cookie")
	if good.status != 303 || good.header.Get("Location") != "/app/waves" {
		t.Errorf("sign in: %d %s", good.status, good.header.Get("Location"))
	}
	for _, want := range []string{"__Host-sipas=", "; path=/", "; HttpOnly", "; secure", "; SameSite=Lax"} {
		if !strings.Contains(cookie, want) || strings.Contains(cookie, "domain") {
			t.Errorf("cookie %q, want %q", cookie, want)
		}
	}
	wrongName, wrongPassword := s.login(t, "nobody", password), s.login(t, "manager", "wrong password")
	if wrongName.status != 401 || wrongPassword.status != 401 || strings.ReplaceAll(wrongName.body, "nobody", "manager") != wrongPassword.body {
		t.Errorf("a wrong name tells itself from a wrong password: %d %d", wrongName.status, wrongPassword.status)
	}
	if !strings.Contains(wrongName.body, "Tên hoặc mật khẩu không đúng") || strings.Contains(wrongName.body, "⟦") {
		t.Errorf("wrong: %s", wrongName.body)
	}
	me := s.signIn(t, "manager")
	if a := s.ask(t, "GET", "/login", "", me...); a.status != 303 {
		t.Errorf("login page when signed in: %d", a.status)
	}
	if a := s.ask(t, "POST", "/logout", "", me...); a.status != 303 || !strings.Contains(a.header.Get("Set-Cookie"), "max-age=0") {
		t.Errorf("sign out: %d %v", a.status, a.header)
	}
	if a := s.ask(t, "GET", "/app", "", me...); a.status != 303 {
		t.Errorf("after signing out: %d", a.status)
	}
}

func TestLoginThrottle(t *testing.T) {
	s := newSite(t)
	s.accounts(t)
	last := answer{}
	for range 11 {
		last = s.login(t, "admin", "wrong password")
	}
	if last.status != 429 || last.header.Get("Retry-After") == "" {
		t.Errorf("the eleventh attempt: %d", last.status)
	}
	if a := s.login(t, "admin", password); a.status != 429 {
		t.Errorf("the right password meanwhile: %d", a.status)
	}
	s.pass(31 * time.Second)
	if a := s.login(t, "admin", password); a.status != 303 {
		t.Errorf("after the wait: %d", a.status)
	}
}

func TestSameOrigin(t *testing.T) {
	s := newSite(t)
	s.accounts(t)
	me := s.signIn(t, "admin")[:2]
	for _, c := range []struct {
		name    string
		headers []string
		status  int
	}{
		{"our own form", []string{"Sec-Fetch-Site", "same-origin"}, 303},
		{"an old browser's own form", []string{"Origin", "https://khaosat.example.vn"}, 303},
		{"another site", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, 403},
		{"a sister site", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"another site, old browser", []string{"Origin", "https://evil.example"}, 403},
		{"a hidden origin", []string{"Origin", "null"}, 403},
	} {
		if a := s.ask(t, "POST", "/logout", "", append(c.headers, "Cookie", "x=1")...); a.status != c.status {
			t.Errorf("%s: %d, want %d", c.name, a.status, c.status)
		}
	}
	if a := s.login(t, "admin", password, "Sec-Fetch-Site", "cross-site"); a.status != http.StatusForbidden {
		t.Errorf("another site signs us in: %d", a.status)
	}
	form := url.Values{"user": {"admin"}, "password": {password}}
	for _, path := range []string{"/login/", "/%6Cogin", "/login%2F"} {
		if a := s.send(t, path, form, []string{"Sec-Fetch-Site", "cross-site"}); a.status != http.StatusForbidden {
			t.Errorf("another site signs us in at %s: %d", path, a.status)
		}
	}
	if a := s.ask(t, "GET", "/app", "", append(me, "Sec-Fetch-Site", "cross-site")...); a.status == 403 {
		t.Error("a link from elsewhere is refused")
	}
}

func TestPlainHTTP(t *testing.T) {
	s := newSite(t, func(d *web.Deps) { d.PublicURL = "http://khaosat.example.vn" })
	s.accounts(t)
	cookie := s.login(t, "admin", password).header.Get("Set-Cookie")
	if !strings.HasPrefix(cookie, "sipas=") || strings.Contains(cookie, "secure") {
		t.Errorf("cookie %q", cookie)
	}
	if !strings.Contains(s.log.String(), "plain http") {
		t.Errorf("no warning: %s", s.log)
	}
}

func TestStaffKeepTheirLanguage(t *testing.T) {
	s := newSite(t)
	cookie := s.ask(t, "GET", "/login?lang=en", "").header.Get("Set-Cookie")
	if !strings.HasPrefix(cookie, "lang=en;") {
		t.Fatalf("cookie %q", cookie)
	}
	if a := s.ask(t, "GET", "/login", "", "Cookie", "lang=en", "Accept-Language", "vi"); !strings.Contains(a.body, "Sign in") {
		t.Errorf("the language was forgotten: %s", a.body)
	}
	if cookie := s.ask(t, "GET", "/login?lang=xx", "").header.Get("Set-Cookie"); cookie != "" {
		t.Errorf("an unknown language was kept: %q", cookie)
	}
	if cookie := s.ask(t, "GET", "/s/AAAAAA?lang=en", "").header.Get("Set-Cookie"); cookie != "" {
		t.Errorf("a citizen got a cookie: %q", cookie)
	}
}

func TestFormBodies(t *testing.T) {
	s := newSite(t)
	for name, c := range map[string]struct {
		body    string
		headers []string
		status  int
	}{
		"too large":  {strings.Repeat("x", 65<<10), nil, 413},
		"compressed": {"x", []string{"Content-Encoding", "gzip"}, 415},
	} {
		for _, path := range []string{"/s/AAAAAA", "/login"} {
			a := s.ask(t, "POST", path, c.body, append(c.headers, "Content-Type", "application/x-www-form-urlencoded")...)
			if a.status != c.status || !strings.Contains(a.header.Get("Content-Type"), "text/html") {
				t.Errorf("%s to %s: %d %s", name, path, a.status, a.header.Get("Content-Type"))
			}
		}
	}
}

func TestProblemPages(t *testing.T) {
	s := newSite(t)
	for path, want := range map[string]string{
		"/nothing": "Hãy kiểm tra lại địa chỉ", "/results/none": "Không có đơn vị none", "/results/qn": "Chưa có đợt khảo sát nào được công bố",
	} {
		a := s.ask(t, "GET", path, "")
		if !strings.Contains(a.body, want) || !strings.Contains(a.body, "<title>Lỗi:") || strings.Contains(a.body, "⟦") {
			t.Errorf("%s: %d, want %q:\n%s", path, a.status, want, a.body)
		}
	}
}
