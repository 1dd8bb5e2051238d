package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"sipas/bench/world"
	"sipas/internal/store"
	"sipas/internal/survey"
)

// files are what browsers fetch of a page: sheets, scripts, icons, pictures,
// and what sheets and scripts name themselves.
var files = []*regexp.Regexp{
	regexp.MustCompile(`<link[^>]+href="([^"]+)"`),
	regexp.MustCompile(`<(?:script|img)[^>]+src="([^"]+)"`),
	regexp.MustCompile(`url\(["']?([^"')]+)["']?\)`),
	regexp.MustCompile(`(?:from|import) ?"([^"]+)"`),
}

// fetched is one file of a first visit.
type fetched struct {
	what          string
	bytes, header int
	encoding      string
	plain         string
}

// form measures how much a phone loads to show the form for the first time.
func form(ctx context.Context, b *bench) (r result, err error) {
	folder, err := b.cache.data(ctx, 0)
	if err != nil {
		return r, err
	}
	points, err := pointsOf(ctx, filepath.Join(folder, "sipas.db"))
	if err != nil {
		return r, err
	}
	p, err := b.serve(ctx, folder)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	r.Notes = []string{
		"What a phone that has never been here loads until the first question stands there: the page before the questions, then the",
		"page with all of them (which the script shows one by one), and every file these name, compressed as the browser asks for",
		"(`Accept-Encoding: gzip, deflate, br, zstd`), bodies only; headers are given beside. No cookie, no cache.",
		"",
	}
	for _, f := range []struct {
		wave survey.WaveID
		name string
	}{{world.Wave, string(world.Instrument)}, {world.Short, "onestop@1"}} {
		all, err := visitForm(ctx, "http://"+p.addr, points[f.wave])
		if err != nil {
			return r, err
		}
		sum, headers, intro := 0, 0, 0
		r.Notes = append(r.Notes, "| "+f.name+" | bytes | headers | encoding |", "|---|---|---|---|")
		for _, x := range all {
			sum, headers = sum+x.bytes, headers+x.header
			if !strings.Contains(x.what, "all=1") {
				intro += x.bytes
			}
			r.Notes = append(r.Notes, fmt.Sprintf("| `%s` | %d | %d | %s |", x.what, x.bytes, x.header, x.encoding))
		}
		r.Notes = append(r.Notes, fmt.Sprintf("| **sum** | **%d** | %d | the first page alone with its files: %d |", sum, headers, intro), "")
		if f.wave == world.Wave {
			r.Rows = append(r.Rows, row{What: "form page, first visit, over the wire, compressed, all files", AtLeast: 25, Aim: 12, Got: float64(sum) / 1000, Less: true, Unit: " KB", Decimals: 1})
		}
	}
	return r, nil
}

// pointsOf returns a point of each wave.
func pointsOf(ctx context.Context, file string) (map[survey.WaveID]survey.PointCode, error) {
	if _, err := os.Stat(file); err != nil {
		return nil, err
	}
	w, err := world.Open(ctx, file, store.Options{})
	if err != nil {
		return nil, err
	}
	defer w.Close()
	points := map[survey.WaveID]survey.PointCode{}
	for _, p := range w.Catalog().PointList("") {
		points[p.Wave] = p.Code
	}
	return points, nil
}

// visitForm fetches both pages and what they name, each file once.
func visitForm(ctx context.Context, site string, point survey.PointCode) (all []fetched, err error) {
	queue := []string{"/s/" + string(point), "/s/" + string(point) + "?consent=1&all=1&lang=vi"}
	for i := 0; i < len(queue); i++ {
		f, err := fetch(ctx, site, queue[i])
		if err != nil {
			return nil, err
		}
		f.what = strings.ReplaceAll(queue[i], string(point), "{point}")
		all = append(all, f)
		base, err := url.Parse(queue[i])
		if err != nil {
			return nil, err
		}
		for _, re := range files {
			for _, m := range re.FindAllStringSubmatch(f.plain, -1) {
				ref, err := base.Parse(m[1])
				if err != nil || ref.Scheme != "" || strings.HasPrefix(m[1], "#") {
					continue
				}
				if next := ref.RequestURI(); !slices.Contains(queue, next) {
					queue = append(queue, next)
				}
			}
		}
	}
	return all, nil
}

// fetch gets a file twice: as a browser would, and plain to see what it names.
func fetch(ctx context.Context, site, path string) (fetched, error) {
	header := http.Header{"Accept-Encoding": {"gzip, deflate, br, zstd"}, "Accept-Language": {"vi"}}
	res, body, _, err := get(ctx, site+path, header)
	if err != nil {
		return fetched{}, err
	}
	_, plain, _, err := get(ctx, site+path, http.Header{"Accept-Language": {"vi"}})
	if err != nil {
		return fetched{}, err
	}
	size := len("HTTP/1.1 200 OK\r\n\r\n")
	for k, vs := range res.Header {
		for _, v := range vs {
			size += len(k) + len(v) + len(": \r\n")
		}
	}
	return fetched{bytes: len(body), header: size, encoding: res.Header.Get("Content-Encoding"), plain: string(plain)}, nil
}
