package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"sipas/internal/config"
	"sipas/internal/export"
	"sipas/internal/store"
	"sipas/internal/web"
)

type serveCommand struct{ config.Serve }

// gcPercent lets the heap grow to three times what is in use: that is some ten
// megabytes, and an eighth of the processor time of taking a response went into
// collecting it. GOGC in the environment wins.
const gcPercent = 200

// run serves until it is told to stop, and then finishes what was accepted:
// requests under way are answered, the queue is stored, the tallies follow.
func (c *serveCommand) run(ctx context.Context, p *program) (err error) {
	if err := c.Validate(); err != nil {
		return p.misused(err)
	}
	if p.getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	metrics := web.NewMetrics()
	committed := make(chan struct{}, 1)
	a, err := p.openWith(ctx, store.Options{Observe: observer(metrics, committed)})
	if err != nil {
		return err
	}
	defer a.close()
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return err
	}
	defer func() { _ = ln.Close() }() // the site has closed it, unless it never began
	if c.PublicURL == "" {
		c.PublicURL = "http://" + reachable(ln.Addr())
	}
	if c.Demo {
		if err := a.demo(ctx, c.PublicURL); err != nil {
			return err
		}
		if err := a.flow(ctx, c.LeastResponses); err != nil { // at once, for whoever opens the demo
			return err
		}
	} else {
		fmt.Fprintln(p.stdout, p.T("cli.serve.at", c.PublicURL))
	}
	desk, err := export.OpenDesk(filepath.Join(p.cfg.Data, "exports"), a.exporter(), p.log, newJobID)
	if err != nil {
		return err
	}
	defer desk.Close()
	return c.serve(ctx, stop, a, web.New(c.deps(ctx, a, metrics, desk)), ln, committed, metrics)
}

// deps is what the site gets.
func (c *serveCommand) deps(ctx context.Context, a *app, metrics *web.Metrics, desk *export.Desk) web.Deps {
	metrics.WatchQueue(func() int { return a.store.Stats().Queued })
	metrics.WatchFold(lagOf(ctx, a.store.Lag))
	metrics.WatchComments(lagOf(ctx, a.store.CommentLag))
	return web.Deps{
		Intake: a.intake(), Reader: a.reader(), Registry: a.registry(), Devices: a.devices(), Reviewer: a.reviewer(), Comments: a.commentDesk(), Responses: a.exporter(), Catalog: a.catalog,
		Auth: a.auth(), Exports: desk, Book: &a.book, Indices: a.types, Audio: os.DirFS(filepath.Join(a.cfg.Data, "audio")), Ready: a.store.Ready, Stopping: ctx.Done(),
		Log: a.log, Now: a.now, Zone: a.zone, PublicURL: c.PublicURL, Version: version,
		Metrics: metrics, MetricsPublic: c.MetricsPublic, Least: c.LeastResponses,
		Limits: web.Limits{PerSecond: c.LimitPerSecond, Burst: c.LimitBurst, DeviceBurst: c.LimitDeviceBurst, TrustProxy: c.TrustProxy},
	}
}

// site is the web application, as much of it as serving takes.
type site interface {
	Listener(net.Listener) error
	ShutdownWithTimeout(time.Duration) error
}

// serve runs the site and what goes on beside it.
func (c *serveCommand) serve(ctx context.Context, again func(), a *app, site site, ln net.Listener, committed <-chan struct{}, metrics *web.Metrics) error {
	loops, stopLoops := context.WithCancel(context.WithoutCancel(ctx))
	defer stopLoops()
	var beside sync.WaitGroup
	beside.Go(func() { a.followCatalog(loops) })
	beside.Go(func() { a.fold(loops, committed, metrics) })
	beside.Go(func() { a.indexComments(loops) })
	beside.Go(func() { a.followWaves(loops, c.LeastResponses) })
	beside.Go(func() {
		if err := a.book.Warm(loops, a.types); err != nil && loops.Err() == nil { // pages will say so, if it stays
			a.log.Warn("reading the index book", "error", err)
		}
	})
	served := make(chan error, 1)
	go func() { served <- site.Listener(ln) }()
	a.log.Info("serving", "addr", ln.Addr().String(), "public_url", c.PublicURL, "db", a.cfg.ShownDatabase(), "version", version)

	var err error
	select {
	case err = <-served: // the listener broke
	case <-ctx.Done():
		again() // a second Ctrl-C ends the program at once
		a.log.Info("stopping: finishing what was accepted", "at_most", c.StopAfter)
		err = site.ShutdownWithTimeout(c.StopAfter)
		if err == nil {
			err = <-served
		}
	}
	stopLoops()
	beside.Wait()
	rest, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.StopAfter)
	defer cancel()
	if ferr := a.foldAll(rest); ferr != nil && rest.Err() == nil {
		err = errors.Join(err, ferr)
	}
	a.log.Info("stopped")
	return err
}

// reachable is the address at which this machine reaches the listener.
func reachable(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return addr.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// observer counts commits and wakes the folder. It runs in the ledger's own
// goroutine, so it never waits.
func observer(metrics *web.Metrics, committed chan<- struct{}) func(store.Commit) {
	return func(c store.Commit) {
		if c.Err != nil {
			metrics.CommitFailed()
			return
		}
		metrics.CommitDone(c.Responses, c.Took)
		select {
		case committed <- struct{}{}:
		default:
		}
	}
}

// lagOf asks how far something is behind, for a gauge: -1 if that is not known.
func lagOf(ctx context.Context, ask func(context.Context) (int64, error)) func() int64 {
	return func() int64 {
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		lag, err := ask(short)
		if err != nil {
			return -1
		}
		return lag
	}
}

// newJobID names an export: nobody can guess another's.
func newJobID() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
