package web_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// serve serves the site on a free port of this machine until the test ends.
func (s *site) serve(t *testing.T) (addr string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	served := make(chan error, 1)
	go func() { served <- s.app.Listener(ln) }()
	t.Cleanup(func() {
		must(t, s.app.Shutdown())
		must(t, <-served)
	})
	return ln.Addr().String()
}

// What the server refuses before any handler sees it is a problem all the same.
func TestTooLargeForTheServer(t *testing.T) {
	s := newSite(t)
	conn, err := net.Dial("tcp", s.serve(t))
	must(t, err)
	defer func() { _ = conn.Close() }()
	_, err = fmt.Fprintf(conn, "POST /api/v1/responses HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", 1<<30)
	must(t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	must(t, err)
	if res.StatusCode != 413 || !strings.Contains(string(body), "urn:sipas:problem:too-large") {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	if res.Header.Get("Server") != "" {
		t.Errorf("Server: %q", res.Header.Get("Server"))
	}
}
