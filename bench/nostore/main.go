// Command nostore serves the site as cmd/sipas does, but answers POST
// /api/v1/responses without storing anything: what the web server alone can do
// on this machine. With -store it stores like the program itself, and exists
// so that both can be profiled; the program has no profiling door.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	_ "net/http/pprof" //nolint:gosec // that is what -pprof is for
	"os"
	"os/signal"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"time"

	"sipas/bench/world"
	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/web"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:0", "address to serve at")
	db := flag.String("db", "", "database file")
	profile := flag.String("pprof", "", "address of net/http/pprof, if any")
	stores := flag.Bool("store", false, "store the responses")
	flag.Parse()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200) // as the program does
	}
	if err := run(*addr, *db, *profile, *stores); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(addr, db, profile string, stores bool) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	metrics := web.NewMetrics()
	w, err := world.Open(ctx, db, store.Options{Observe: func(c store.Commit) { metrics.CommitDone(c.Responses, c.Took) }})
	if err != nil {
		return err
	}
	defer w.Close()
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	if profile != "" {
		go func() { fmt.Fprintln(os.Stderr, http.ListenAndServe(profile, nil)) }() //nolint:gosec // no timeouts: a profile takes long
	}
	var ledger survey.Ledger = &nowhere{}
	if stores {
		ledger = w.Store
		go fold(ctx, w.Folder())
	}
	site := web.New(web.Deps{
		Intake: w.Intake(ledger, time.Now), Reader: w.Reader(), Registry: w.Registry(), Catalog: w.Catalog, Auth: w.Auth(),
		Ready: w.Store.Ready, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Now: time.Now, Zone: w.Zone,
		PublicURL: "http://" + ln.Addr().String(), Version: "bench", Metrics: metrics,
	})
	go func() {
		<-ctx.Done()
		_ = site.Shutdown()
	}()
	return site.Listener(ln)
}

// fold folds as the program's loop does.
func fold(ctx context.Context, f *survey.Folder) {
	for ctx.Err() == nil {
		n, err := f.Fold(ctx)
		if err != nil && ctx.Err() == nil {
			fmt.Fprintln(os.Stderr, "fold:", err)
		}
		pause := 300 * time.Millisecond
		if n == survey.FoldBatch {
			pause = 50 * time.Millisecond
		}
		time.Sleep(pause)
	}
}

// nowhere is a ledger that says "stored" at once.
type nowhere struct{ seq atomic.Int64 }

// Append stores nothing.
func (l *nowhere) Append(_ context.Context, rs []survey.Response) ([]survey.Outcome, error) {
	out := make([]survey.Outcome, len(rs))
	for i := range rs {
		out[i] = survey.Outcome{Fate: survey.Stored, Seq: l.seq.Add(1), ReceivedAt: rs[i].ReceivedAt, State: rs[i].State}
	}
	return out, nil
}
