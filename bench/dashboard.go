package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"sipas/bench/world"
)

const (
	few  = 10_000
	many = 1_000_000
)

// site is a server over a database of one size.
type site struct {
	*process
	cookie http.Header
	times  map[string][]time.Duration
}

func (b *bench) site(ctx context.Context, n int) (*site, error) {
	folder, err := b.cache.data(ctx, n)
	if err != nil {
		return nil, err
	}
	p, err := b.serve(ctx, folder)
	if err != nil {
		return nil, err
	}
	cookie, err := signIn(ctx, p.addr)
	if err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return &site{p, cookie, map[string][]time.Duration{}}, nil
}

// visit fetches a page that must show a figure, and remembers how long it took.
func (s *site) visit(ctx context.Context, path string, header http.Header, must string) error {
	_, body, took, err := get(ctx, "http://"+s.addr+path, header)
	if err != nil {
		return err
	}
	if !bytes.Contains(body, []byte(must)) {
		return fmt.Errorf("%s does not show %q", path, must)
	}
	s.times[path] = append(s.times[path], took)
	return nil
}

// dashboard measures whether the manager's page depends on how many responses
// there are.
func dashboard(ctx context.Context, b *bench) (r result, err error) {
	small, err := b.site(ctx, few)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, small.stop()) }()
	large, err := b.site(ctx, many)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, large.stop()) }()
	made, err := b.cache.load(ctx)
	if err != nil {
		return r, err
	}
	query := "?wave=" + string(world.Wave) + "&unit=" + string(world.Root)
	from, to := made.At.AddDate(0, 0, -75).Format(time.DateOnly), made.At.AddDate(0, 0, -3).Format(time.DateOnly)
	token := http.Header{"Authorization": {"Bearer " + made.Token}}
	pages := []struct {
		what, path string
		header     [2]http.Header
	}{
		{"`/app`, the whole wave", "/app" + query, [2]http.Header{small.cookie, large.cookie}},
		{"`/app`, 73 days that begin and end within a month", "/app" + query + "&period=own&from=" + from + "&to=" + to, [2]http.Header{small.cookie, large.cookie}},
		{"`/api/v1/index`, the whole wave", "/api/v1/index" + query, [2]http.Header{token, token}},
	}
	sites := [2]*site{small, large}
	n := 300
	if b.quick {
		n = 30
	}
	for i := range n + 10 {
		if i == 10 { // warm
			clear(small.times)
			clear(large.times)
		}
		for _, p := range pages {
			// Who comes second finds the machine as the first has left it, so they
			// take turns in that too.
			for k := range 2 {
				which := (i + k) % 2
				if err := sites[which].visit(ctx, p.path, p.header[which], string(world.Root)); err != nil {
					return r, err
				}
			}
		}
	}
	r.Notes = append(r.Notes,
		fmt.Sprintf("Two servers, over %d and %d responses to `%s` of the same %d days and the same units, asked in turn %d times on connections", few, many, world.Instrument, world.Days, n),
		"that stay open, each as often first as second, signed in, without compression, which would only add the same to both. The time is",
		"from request to last byte; medians:", "")
	for i, p := range pages {
		s, l := median(small.times[p.path]), median(large.times[p.path])
		ratio := float64(l) / float64(s)
		r.Notes = append(r.Notes, fmt.Sprintf("- %s: %s at %d, %s at %d: %.2f", p.what, round(s), few, round(l), many, ratio))
		if i == 0 {
			r.Rows = append(r.Rows, row{What: "dashboard of the root unit: time at 1,000,000 responses ÷ at 10,000", AtLeast: 1.5, Aim: 1.1, Got: ratio, Less: true, Decimals: 2})
		}
	}
	return r, nil
}
