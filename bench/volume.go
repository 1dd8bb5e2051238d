package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Sizes of the nations that are compared, and what comes in meanwhile.
const (
	nationFew   = 50_000
	nationMany  = 5_000_000
	nationQuick = 200_000 // stands for nationMany in short rounds
	nationFlow  = 500     // responses a second

	nationProvinces = 34 // that the nation's page ranks
)

// pageOf is a page that staff open.
type pageOf struct{ what, path string }

// What the pages are of: the continuous wave of 730 days, and the second of two
// samples.
const (
	ofAll    = "?wave=nation&period=all&unit="
	ofSample = "?wave=nation-sample-2&unit="
)

// nationPages are all pages of results, of the nation (vn), a province and a
// commune.
var nationPages = []pageOf{
	{"dashboard, nation, continuous, all days", "/app" + ofAll + "vn"},
	{"dashboard, nation, 30 days", "/app?wave=nation&unit=vn"},
	{"dashboard, province, 400 days that begin and end within a month", "/app?wave=nation&unit=vn.p05&period=own&from=2025-01-15&to=2026-02-18"},
	{"dashboard, nation, sample", "/app" + ofSample + "vn"},
	{"dashboard, province, sample", "/app" + ofSample + "vn.p05"},
	{"unit: a province", "/app/units/vn.p05" + ofAll},
	{"unit: a commune", "/app/units/vn.p05.u030" + ofAll},
	{"unit: a commune, sample", "/app/units/vn.p05.u030" + ofSample},
	{"units", "/app/units"},
	{"breakdown by age, nation", "/app/breakdown" + ofAll + "vn&by=age"},
	{"breakdown by service, nation", "/app/breakdown" + ofAll + "vn&by=service"},
	{"breakdown by gender, a commune", "/app/breakdown" + ofAll + "vn.p05.u030&by=gender"},
	{"drivers, nation", "/app/drivers" + ofAll + "vn"},
	{"heat map, nation", "/app/heatmap" + ofAll + "vn"},
	{"heat map, province", "/app/heatmap" + ofAll + "vn.p05"},
	{"ranks, nation, sample", "/app/ranks" + ofSample + "vn"},
	{"ranks, province, sample", "/app/ranks" + ofSample + "vn.p05"},
	{"compare two periods, nation", "/app/compare?wave=nation&unit=vn"},
	{"compare two samples, nation", "/app/compare" + ofSample + "vn&by=period&vs=w:nation-sample-1"},
	{"compare with family, province", "/app/compare" + ofSample + "vn.p05&by=family"},
	{"compare two provinces", "/app/compare" + ofSample + "vn.p05&by=unit&with=vn.p06"},
	{"quality, nation", "/app/quality?wave=nation"},
	{"points, first page", "/app/points?wave=nation"},
	{"fieldwork, sample", "/app/fieldwork" + ofSample + "vn"},
	{"report, province, sample", "/app/report" + ofSample + "vn.p05"},
	{"report, nation, sample", "/app/report" + ofSample + "vn"},
	{"comments, nation", "/app/comments?wave=nation&period=all&unit=vn"},
	{"dashboard, nation, by day", "/app" + ofAll + "vn&step=day"},
	{"dashboard, province, one channel", "/app" + ofAll + "vn.p05&channel=qr"},
	{"unit: a commune, 30 days", "/app/units/vn.p05.u030?wave=nation"},
	{"drivers, province, sample", "/app/drivers" + ofSample + "vn.p05"},
	{"breakdown by channel, nation", "/app/breakdown" + ofAll + "vn&by=channel"},
	{"heat map, province, 30 days", "/app/heatmap?wave=nation&unit=vn.p05"},
	{"report, province, 30 days", "/app/report?wave=nation&unit=vn.p05"},
	{"comments, nation, searched", "/app/comments?wave=nation&period=all&unit=vn&q=ho+so"},
	{"explain the overall figure, nation", "/app/explain" + ofAll + "vn&figure=overall"},
}

// volume measures the pages of staff over millions of responses beside the same
// pages over few, while responses arrive.
func volume(ctx context.Context, b *bench) (r result, err error) {
	many := nationMany
	rounds, each := 10, 10
	if b.quick {
		rounds, each = 2, 5
		if _, err := os.Stat(filepath.Join(b.keep, fmt.Sprintf("nation-%d", many))); err != nil {
			many = nationQuick
		}
	}
	v := &volumes{b: b}
	defer func() { err = errors.Join(err, v.end()) }()
	for _, n := range []int{nationFew, many} {
		if err := v.open(ctx, n); err != nil {
			return r, err
		}
	}
	for i := range rounds {
		// Who comes second finds the machine as the first has left it.
		for k := range v.sides {
			if err := v.sides[(i+k)%len(v.sides)].round(ctx, each); err != nil {
				return r, err
			}
		}
	}
	open, err := v.sides[len(v.sides)-1].watch(ctx, time.Duration(rounds*5)*time.Second)
	if err != nil {
		return r, err
	}
	bands, err := bandsOfNation()
	if err != nil {
		return r, err
	}
	r = v.result(rounds*each, many, open)
	r.Rows = append(r.Rows, row{What: fmt.Sprintf("bands of ranks of %d units at once, 2,000 draws, by the engine alone", nationUnits), AtLeast: 2000, Aim: 300, Got: ms(bands), Less: true, Unit: " ms"})
	return r, nil
}

func ms(d time.Duration) float64 { return d.Seconds() * 1e3 }

// volumes are the servers over few and over many.
type volumes struct {
	b     *bench
	sides []*side
}

// side is one of them.
type side struct {
	site
	n      int
	load   *loader
	first  map[string]time.Duration // the page asked for the first time after the start
	flow   []served
	folder string // to be removed; empty: kept
}

func (v *volumes) open(ctx context.Context, n int) error {
	dir, err := v.b.nation(ctx, n)
	if err != nil {
		return err
	}
	s := &side{n: n, first: map[string]time.Duration{}}
	if n == nationFew { // what comes in would soon make it another size
		s.folder = filepath.Join(v.b.out, "volume")
		if err := errors.Join(os.RemoveAll(s.folder), os.MkdirAll(s.folder, 0o700)); err != nil {
			return err
		}
		if err := copyFile(filepath.Join(dir, "sipas.db"), filepath.Join(s.folder, "sipas.db")); err != nil {
			return err
		}
		dir = s.folder
	}
	v.sides = append(v.sides, s)
	bodies, err := enrol(ctx, dir, bodiesMade)
	if err != nil {
		return err
	}
	p, err := v.b.serve(ctx, dir)
	if err != nil {
		return err
	}
	s.site = site{process: p, times: map[string][]time.Duration{}}
	if s.cookie, err = signIn(ctx, p.addr); err != nil {
		return err
	}
	if s.load, err = newLoader(ctx, p.addr, bodies); err != nil {
		return err
	}
	for _, page := range nationPages {
		_, _, took, err := get(ctx, "http://"+p.addr+page.path, s.cookie)
		if err != nil {
			return fmt.Errorf("%s at %d: %w", page.what, n, err)
		}
		s.first[page.path] = took
	}
	return nil
}

func (v *volumes) end() (err error) {
	for _, s := range v.sides {
		if s.load != nil {
			_ = s.load.close() // may be closed already
		}
		if s.process != nil {
			err = errors.Join(err, s.stop())
		}
		if s.folder != "" {
			err = errors.Join(err, os.RemoveAll(s.folder))
		}
	}
	return err
}

// round asks for every page so many times while responses arrive.
func (s *side) round(ctx context.Context, times int) (err error) {
	stop := s.load.pace(ctx, nationFlow)
	defer func() {
		f, perr := stop()
		s.flow, err = append(s.flow, f), errors.Join(err, perr)
	}()
	time.Sleep(time.Second) // until it flows
	for range times {
		for _, page := range nationPages {
			_, _, took, err := get(ctx, "http://"+s.addr+page.path, s.cookie)
			if err != nil {
				return fmt.Errorf("%s at %d: %w", page.what, s.n, err)
			}
			s.times[page.path] = append(s.times[page.path], took)
		}
	}
	return nil
}

// high is what 99 of 100 stay below.
func high(all []time.Duration) time.Duration {
	s := slices.Sorted(slices.Values(all))
	return s[len(s)*99/100]
}

func (v *volumes) result(visits, many int, open watched) (r result) {
	few, lots := v.sides[0], v.sides[1]
	var worst, breakdown time.Duration
	var ratios []float64
	table := []string{"", "| page | middle | 99 of 100 below | first after the start | middle ÷ at " + fmt.Sprint(nationFew) + " |", "|---|---|---|---|---|"}
	for _, p := range nationPages {
		l, s := lots.times[p.path], few.times[p.path]
		ratio := float64(median(l)) / float64(median(s))
		ratios = append(ratios, ratio)
		worst = max(worst, high(l))
		if p.what == "breakdown by age, nation" {
			breakdown = high(l)
		}
		table = append(table, fmt.Sprintf("| %s | %s | %s | %s | %.2f |", p.what, round(median(l)), round(high(l)), round(lots.first[p.path]), ratio))
	}
	r.Rows = []row{
		{What: fmt.Sprintf("slowest page of staff at %d responses: time that 99 of 100 stay below, while %d a second arrive", many, nationFlow), AtLeast: 150, Aim: 50, Got: ms(worst), Less: true, Unit: " ms"},
		row{What: fmt.Sprintf("pages of staff at %d ÷ at %d: median page", many, nationFew), AtLeast: 1.5, Aim: 1.1, Less: true, Decimals: 2}.of(ratios),
		{What: "breakdown of respondents, 99 of 100 below", AtLeast: 300, Aim: 100, Got: ms(breakdown), Less: true, Unit: " ms"},
	}
	r.Notes = append([]string{
		fmt.Sprintf("Two servers, over `sipas simulate nation` of %d and of %d responses to `moha-2023@1`, %d units and %d days each. In turn, each", nationFew, many, nationUnits, nationDays),
		fmt.Sprintf("gets %d responses a second, at the points where its last ones came, while every page is asked for, signed in, one after the other,", nationFlow),
		fmt.Sprintf("on a connection that stays open, uncompressed: %d times each. The time is from request to last byte. The first times are without such", visits),
		"company, from a server that has only just begun. The large one keeps what came in, so it is a little larger than it says.",
		"",
		fmt.Sprintf("- receipts meanwhile, at %d: %s", many, flows(lots.flow)),
		fmt.Sprintf("- receipts meanwhile, at %d: %s", nationFew, flows(few.flow)),
		fmt.Sprintf("- highest resident memory: %d MiB at %d, %d MiB at %d", peakOf(lots.cmd.Process.Pid)>>20, many, peakOf(few.cmd.Process.Pid)>>20, nationFew),
		fmt.Sprintf("- ready after %s at %d", round(lots.ready), many),
		fmt.Sprintf("- %d dashboards open, of the nation and of provinces, all days, while %d responses a second arrive at %d: processor time of the server", watchers, nationFlow, many),
		"  " + open.String(),
		fmt.Sprintf("- `/app/ranks` of the nation ranks its %d provinces, with bands of 2,000 draws: %s the first time; they are kept until a figure changes", nationProvinces, round(lots.first["/app/ranks"+ofSample+"vn"])),
	}, table...)
	return r
}

// flows sums up what arrived.
func flows(all []served) string {
	var n int
	var took, half, most time.Duration
	for _, s := range all {
		n, took, half, most = n+s.n, took+s.took, max(half, s.p50), max(most, s.p99)
	}
	return fmt.Sprintf("%.0f a second; in the worst round half within %s and 99 of 100 within %s", float64(n)/took.Seconds(), round(half), round(most))
}
