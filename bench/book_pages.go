package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"sipas/bench/world"
	"sipas/internal/auth"
	"sipas/internal/store"
	"sipas/internal/survey"
)

// bookPage is a page of the index book; at writes its address for a unit, a year
// and an index.
type bookPage struct {
	what string
	at   func(unit string, year int, index string) string
	file bool // a download and no page: asked for a tenth as often
}

// times is how often a page is asked for when others are n times.
func (p bookPage) times(n int) int {
	if p.file {
		return (n + 9) / 10
	}
	return n
}

var bookPages = []bookPage{
	{"book of a unit and year", func(u string, y int, _ string) string { return "/app/book?unit=" + u + "&year=" + strconv.Itoa(y) }, false},
	{"the same as CSV", func(u string, y int, _ string) string { return "/app/book.csv?unit=" + u + "&year=" + strconv.Itoa(y) }, false},
	{"league", func(_ string, y int, t string) string {
		return "/app/book/league?type=" + t + "&year=" + strconv.Itoa(y)
	}, false},
	{"the same as CSV", func(_ string, y int, t string) string {
		return "/app/book/league.csv?type=" + t + "&year=" + strconv.Itoa(y)
	}, false},
	{"entry form", func(u string, y int, t string) string {
		return "/app/book/edit?unit=" + u + "&type=" + t + "&year=" + strconv.Itoa(y)
	}, false},
	{"history of changes", func(u string, y int, _ string) string {
		return "/app/book/history?unit=" + u + "&year=" + strconv.Itoa(y)
	}, false},
	{"conference", func(_ string, y int, t string) string {
		return "/app/book/conference?type=" + t + "&year=" + strconv.Itoa(y)
	}, false},
	{"the same as XLSX", func(_ string, y int, t string) string {
		return "/app/book/conference.xlsx?type=" + t + "&year=" + strconv.Itoa(y)
	}, true},
	{"conference of a unit among all", func(u string, y int, _ string) string {
		return "/app/book/conference?unit=" + u + "&year=" + strconv.Itoa(y)
	}, false},
	{"factors beside components", func(_ string, y int, _ string) string { return "/app/book/together?year=" + strconv.Itoa(y) }, false},
	{"page of a unit", func(u string, _ int, _ string) string { return "/app/units/" + u }, false},
	{"API, a unit", func(u string, _ int, _ string) string { return "/api/v1/book?unit=" + u }, false},
	{"API, an index and year", func(_ string, y int, t string) string { return "/api/v1/book?type=" + t + "&year=" + strconv.Itoa(y) }, false},
}

// pagesOfBook measures every page of the index book over the book that [book]
// takes in: from a server that has only just begun, with everything read once,
// and while results are entered one by one.
func pagesOfBook(ctx context.Context, b *bench) (r result, err error) {
	kept, err := b.fullBook(ctx)
	if err != nil {
		return r, err
	}
	dir := filepath.Join(b.out, "book-pages") // what is entered does not stay
	data := filepath.Join(dir, "data")
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(data, 0o700)); err != nil {
		return r, err
	}
	if err := copyFile(filepath.Join(kept, "data", "sipas.db"), filepath.Join(data, "sipas.db")); err != nil {
		return r, err
	}
	if err := os.CopyFS(filepath.Join(dir, "types"), os.DirFS(filepath.Join(kept, "types"))); err != nil {
		return r, err
	}
	cold, times := 3, 100 // of fewer nobody can say what 99 of 100 stay below
	if b.quick {
		cold = 1
	}
	m := &bookReader{dir: dir, rnd: rand.New(rand.NewPCG(3, 4)), first: map[string][]time.Duration{}, quiet: map[string][]time.Duration{}, busy: map[string][]time.Duration{}, cpu: map[string]time.Duration{}} //nolint:gosec // which page is asked
	for range cold {
		for i := range bookPages {
			if err := m.cold(ctx, b, i); err != nil {
				return r, err
			}
		}
	}
	if err := m.warm(ctx, b, times); err != nil {
		return r, err
	}
	return m.result(times), nil
}

// fullBook returns the folder of the book, and makes it if it is not there.
func (b *bench) fullBook(ctx context.Context) (dir string, err error) {
	dir = filepath.Join(b.keep, "book-full")
	if _, err := os.Stat(filepath.Join(dir, "data", "sipas.db")); err == nil {
		return dir, nil
	}
	part := dir + ".part"
	if err := os.RemoveAll(part); err != nil {
		return "", err
	}
	if err := writeBook(part, bookYears); err != nil {
		return "", err
	}
	data := filepath.Join(part, "data")
	for _, what := range []string{"units", "results"} {
		file := map[string]string{"units": "units.csv", "results": "book.csv"}[what]
		if err := b.command(ctx, data, part, "import", what, filepath.Join(part, file)); err != nil {
			return "", err
		}
	}
	w, err := world.Open(ctx, filepath.Join(data, "sipas.db"), store.Options{})
	if err != nil {
		return "", err
	}
	err = w.Auth().AddAccount(ctx, world.Admin, world.Password, auth.Admin, "")
	if survey.KindOf(err) == survey.Conflict {
		err = nil
	}
	if err = errors.Join(err, w.Close(), os.Remove(filepath.Join(part, "book.csv"))); err != nil {
		return "", err
	}
	return dir, os.Rename(part, dir)
}

// bookReader asks for pages.
type bookReader struct {
	dir                string
	rnd                *rand.Rand
	first, quiet, busy map[string][]time.Duration // by page
	cpu                map[string]time.Duration   // of the server, a page of quiet
	entered            int
	entering, warmed   time.Duration // warmed: from ready until nothing was left to read
	peak               int64
}

// address is a page of any unit, year and index.
func (m *bookReader) address(i int) string {
	return bookPages[i].at(fmt.Sprintf("p.c%04d", m.rnd.IntN(bookUnits)), bookFirstYear+m.rnd.IntN(bookYears), "type-"+strconv.Itoa(m.rnd.IntN(bookTypes)))
}

func (m *bookReader) start(ctx context.Context, b *bench) (*site, error) {
	p, err := b.serve(ctx, filepath.Join(m.dir, "data"), "--indices", filepath.Join(m.dir, "types"))
	if err != nil {
		return nil, err
	}
	cookie, err := signIn(ctx, p.addr)
	if err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return &site{process: p, cookie: cookie}, nil
}

// ask fetches one page.
func (m *bookReader) ask(ctx context.Context, s *site, i int, into map[string][]time.Duration) error {
	address := m.address(i)
	_, _, took, err := get(ctx, "http://"+s.addr+address, s.cookie)
	if err != nil {
		return fmt.Errorf("%s: %w", address, err)
	}
	key := bookPages[i].key()
	into[key] = append(into[key], took)
	return nil
}

// key tells the two that are "the same" apart.
func (p bookPage) key() string { return p.at("", 0, "") }

// cold asks a server that has only just begun for one page.
func (m *bookReader) cold(ctx context.Context, b *bench, i int) (err error) {
	s, err := m.start(ctx, b)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	return m.ask(ctx, s, i, m.first)
}

// warm asks one server for every page, of different units, years and indices;
// then again while somebody enters results.
func (m *bookReader) warm(ctx context.Context, b *bench, times int) (err error) {
	s, err := m.start(ctx, b)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	m.warmed = rest(s.cmd.Process.Pid)
	for i, p := range bookPages {
		before, n := cpuOf(s.cmd.Process.Pid), p.times(times)
		for range n {
			if err := m.ask(ctx, s, i, m.quiet); err != nil {
				return err
			}
		}
		m.cpu[p.key()] = (cpuOf(s.cmd.Process.Pid) - before) / time.Duration(n)
	}
	for round := range times {
		for i, p := range bookPages {
			if round >= p.times(times) {
				continue
			}
			if err := m.enter(ctx, s); err != nil {
				return err
			}
			if err := m.ask(ctx, s, i, m.busy); err != nil {
				return err
			}
		}
	}
	m.peak = peakOf(s.cmd.Process.Pid)
	return nil
}

// rest waits until a server that nobody asks has nothing to do any more, and says
// how long that took, but at most half a minute.
func rest(pid int) time.Duration {
	const tick, idle = 200 * time.Millisecond, 20 * time.Millisecond
	began, before := time.Now(), cpuOf(pid)
	for time.Since(began) < 30*time.Second {
		time.Sleep(tick)
		now := cpuOf(pid)
		if now-before < idle {
			break
		}
		before = now
	}
	return max(0, time.Since(began)-tick)
}

// componentInput is a component's score in the form.
var componentInput = regexp.MustCompile(`name="(component:[^"]+)"[^>]* value="([^"]*)"`)

// enter sends the form of a result of any unit, year and index with another
// score.
func (m *bookReader) enter(ctx context.Context, s *site) (err error) {
	form := url.Values{
		"unit": {fmt.Sprintf("p.c%04d", m.rnd.IntN(bookUnits))}, "type": {"type-" + strconv.Itoa(m.rnd.IntN(bookTypes))},
		"year": {strconv.Itoa(bookFirstYear + m.rnd.IntN(bookYears))}, "status": {"final"}, "score": {strconv.Itoa(60 + m.rnd.IntN(40))},
	}
	at := "http://" + s.addr + "/app/book/edit"
	_, page, _, err := get(ctx, at+"?"+form.Encode(), s.cookie)
	if err != nil {
		return err
	}
	_, rest, ok := strings.Cut(string(page), `name="revision" value="`)
	revision, _, _ := strings.Cut(rest, `"`)
	if !ok {
		return fmt.Errorf("the form of %s has no revision", form.Encode())
	}
	form.Set("revision", revision)
	for _, x := range componentInput.FindAllStringSubmatch(string(page), -1) {
		form.Set(x[1], x[2])
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, at, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Cookie", s.cookie.Get("Cookie"))
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	began := time.Now()
	res, err := direct.Do(req)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	if m.entered, m.entering = m.entered+1, m.entering+time.Since(began); res.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("entering %s: %s", form.Encode(), res.Status)
	}
	return nil
}

func (m *bookReader) result(times int) (r result) {
	var worst, coldest time.Duration
	table := []string{"", "| page | processor time of the server | middle | 99 of 100 below | while results are entered: middle | 99 of 100 below | first after the start: middle | longest |", "|---|---|---|---|---|---|---|---|"}
	for _, p := range bookPages {
		quiet, busy, first := m.quiet[p.key()], m.busy[p.key()], m.first[p.key()]
		if !p.file {
			worst, coldest = max(worst, high(quiet), high(busy)), max(coldest, high(first))
		}
		table = append(table, fmt.Sprintf("| %s | %s | %s | %s | %s | %s | %s | %s |", p.what, round(m.cpu[p.key()]), round(median(quiet)), round(high(quiet)), round(median(busy)), round(high(busy)), round(median(first)), round(high(first))))
	}
	ms := func(d time.Duration) float64 { return d.Seconds() * 1e3 }
	r.Rows = []row{
		{What: "slowest page of the index book over 240,000 results: time that 99 of 100 stay below, while results are entered or not", AtLeast: 150, Aim: 50, Got: ms(worst), Less: true, Unit: " ms"},
		{What: "the same, first after the start", AtLeast: 150, Aim: 50, Got: ms(coldest), Less: true, Unit: " ms"},
	}
	r.Notes = append([]string{
		fmt.Sprintf("A book of %d units × %d years × %d indices with %d component scores each, all units ranked together. Each page %d times, of units, years and", bookUnits, bookYears, bookTypes, bookParts, times),
		"indices taken at random, signed in, one after the other, from request to last byte, uncompressed; then as often with an entry of one result",
		fmt.Sprintf("at random before each page (%d, %s on average); and each first from a server that has only just begun, which reads all boards in %s.", m.entered, round(m.entering/time.Duration(max(1, m.entered))), round(m.warmed)),
		fmt.Sprintf("The workbook, a download and no page, is asked for a tenth as often and not among the slowest. Highest resident memory %d MiB.", m.peak>>20),
	}, table...)
	return r
}
