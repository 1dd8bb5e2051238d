package main

import (
	"context"
	"errors"
	"sync"
	"time"
)

// pacers are how many connections share a steady stream of responses.
const pacers = 16

// pace sends perSecond responses a second to a server until the returned
// function is called, which says how many got their receipt and how fast. Who
// has to wait for a receipt sends the next at once until it has caught up.
func (l *loader) pace(ctx context.Context, perSecond float64) (stop func() (served, error)) {
	ctx, cancel := context.WithCancel(ctx)
	every := time.Duration(pacers / perSecond * float64(time.Second))
	began, errs := time.Now(), make([]error, pacers)
	var all sync.WaitGroup
	for i, c := range l.clients[:pacers] {
		c.latencies = c.latencies[:0]
		all.Go(func() {
			due := began.Add(every * time.Duration(i) / pacers)
			for ; errs[i] == nil; due = due.Add(every) {
				select {
				case <-ctx.Done():
					return
				case <-time.After(time.Until(due)):
				}
				errs[i] = c.one(l.requests)
			}
		})
	}
	return func() (served, error) {
		cancel()
		all.Wait()
		s := served{took: time.Since(began)}
		var latencies []time.Duration
		for _, c := range l.clients[:pacers] {
			latencies = append(latencies, c.latencies...)
		}
		s.of(latencies)
		return s, errors.Join(errs...)
	}
}
