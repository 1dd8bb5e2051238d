package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"sipas/bench/world"
)

// direct neither follows redirects nor unpacks anything.
var direct = &http.Client{
	Timeout:       60 * time.Second,
	Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 4},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// errNothing is an answer that has nothing new.
var errNothing = errors.New("no content")

// get fetches a page and returns how long that took, with its body.
func get(ctx context.Context, address string, header http.Header) (res *http.Response, body []byte, took time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, nil, 0, err
	}
	if header != nil {
		req.Header = header
	}
	began := time.Now()
	if res, err = direct.Do(req); err != nil {
		return nil, nil, 0, err
	}
	defer res.Body.Close()
	if body, err = io.ReadAll(res.Body); err != nil {
		return nil, nil, 0, err
	}
	took = time.Since(began)
	if res.StatusCode == http.StatusNoContent {
		return nil, nil, took, errNothing
	}
	if res.StatusCode != http.StatusOK {
		return nil, nil, 0, fmt.Errorf("GET %s: %s", req.URL.Path, res.Status)
	}
	return res, body, took, nil
}

// signIn returns the header of a request by the administrator.
func signIn(ctx context.Context, addr string) (http.Header, error) {
	form := url.Values{"user": {world.Admin}, "password": {world.Password}, "next": {"/app"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr+"/login", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := direct.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	cookies := res.Cookies()
	if res.StatusCode != http.StatusSeeOther || len(cookies) == 0 {
		return nil, fmt.Errorf("signing in: %s", res.Status)
	}
	return http.Header{"Cookie": {cookies[0].Name + "=" + cookies[0].Value}}, nil
}

// scrape reads the metrics without labels.
func scrape(ctx context.Context, addr string) (map[string]float64, error) {
	_, body, _, err := get(ctx, "http://"+addr+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	m := map[string]float64{}
	lines := bufio.NewScanner(strings.NewReader(string(body)))
	for lines.Scan() {
		name, value, ok := strings.Cut(lines.Text(), " ")
		if x, err := strconv.ParseFloat(value, 64); ok && err == nil {
			m[name] = x
		}
	}
	return m, lines.Err()
}
