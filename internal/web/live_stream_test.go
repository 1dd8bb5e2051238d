package web_test

import (
	"bufio"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"sipas/internal/web"
)

// opened serves the site on a port and opens a stream as the administrator.
func opened(t *testing.T, s *site, query string) (*http.Response, *bufio.Scanner) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a test's own
	must(t, err)
	go func() { _ = s.app.Listener(ln) }()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+ln.Addr().String()+"/app/live"+query, nil)
	must(t, err)
	me := s.signIn(t, "admin")
	for i := 0; i < len(me); i += 2 {
		req.Header.Set(me[i], me[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	t.Cleanup(func() { _ = res.Body.Close() })
	return res, bufio.NewScanner(res.Body)
}

// A stream tells that the unit has moved on, is compressed by nobody, and ends
// when the server does.
func TestLiveStream(t *testing.T) {
	stop := make(chan struct{})
	s := staffSite(t, func(d *web.Deps) { d.Stopping = stop })
	res, lines := opened(t, s, "?wave=open&unit=qn.ub&period=all&n=2") // it has 12
	for name, want := range map[string]string{
		"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store, no-transform", "Content-Encoding": "", "X-Accel-Buffering": "no",
	} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	var got []string
	for lines.Scan() && len(got) < 5 {
		if text := lines.Text(); text != "" {
			got = append(got, text)
		}
		if len(got) == 4 {
			break
		}
	}
	if all := strings.Join(got[1:], " "); !strings.HasPrefix(got[0], "retry: ") || all != "id: 12 event: moved data: 12" {
		t.Errorf("the stream said %q", got)
	}
	close(stop)
	ended := make(chan error, 1)
	go func() { ended <- s.app.ShutdownWithTimeout(20 * time.Second) }()
	for lines.Scan() {
	}
	if err := <-ended; err != nil {
		t.Errorf("the server did not end with a stream open: %v", err)
	}
}

func TestLiveIsForWhoMaySee(t *testing.T) {
	s := staffSite(t)
	manager := s.signIn(t, "manager")
	for path, want := range map[string]int{
		"/app/live?wave=open&unit=qn.yt&n=1": 404, "/app/live?wave=nothing&n=1": 404, "/app/live?wave=open&n=x": 422, "/app/live?wave=open": 422,
	} {
		if got := s.ask(t, "GET", path, "", manager...); got.status != want {
			t.Errorf("%s: %d, want %d", path, got.status, want)
		}
	}
	if got := s.ask(t, "GET", "/app/live?wave=open&n=1", ""); got.status != 303 {
		t.Errorf("nobody signed in: %d", got.status)
	}
}

// A page that refreshes itself gets nothing until ten more have come; one that
// is loaded gets what there is.
func TestLivePageMovesInSteps(t *testing.T) {
	s := staffSite(t)
	admin := s.signIn(t, "admin")
	shown := func(n string) []string { return append([]string{"Sipas-Shown", n}, admin...) }
	for _, path := range []string{"/app?wave=open&unit=qn.ub&period=all", "/app/units/qn.ub?wave=open&period=all"} {
		for n, want := range map[string]int{"12": 204, "3": 204, "2": 200, "0": 200, "": 200, "x": 200} {
			got := s.ask(t, "GET", path, "", shown(n)...)
			if got.status != want || want == 204 && got.body != "" {
				t.Errorf("%s, shown %q: %d, want %d", path, n, got.status, want)
			}
		}
		page := s.ask(t, "GET", path, "", admin...).body
		if !strings.Contains(page, `data-n="12" data-step="10"`) || !strings.Contains(page, "/app/live?") {
			t.Errorf("%s has no stream", path)
		}
	}
	for _, path := range []string{"/app?wave=open&unit=qn.yt", "/app?wave=closed", "/app?wave=open&period=2026-02"} {
		if page := s.ask(t, "GET", path, "", admin...).body; strings.Contains(page, "/app/live?") {
			t.Errorf("%s has a stream and nothing can move, or nothing is shown", path)
		}
	}
}
