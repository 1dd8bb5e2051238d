package main

import (
	"context"
	"time"

	"sipas/internal/survey"
	"sipas/internal/web"
)

// How often the server looks.
const (
	catalogEvery = time.Second            // for what another process changed
	foldEvery    = 250 * time.Millisecond // for what another process stored
	foldPause    = 50 * time.Millisecond  // when more wait than one fold takes, so that the citizens' commits come first
	longestWait  = 10 * time.Second       // after failures
)

// followCatalog reloads the catalog when any process has changed it.
func (a *app) followCatalog(ctx context.Context) {
	trouble := trouble{app: a, what: "following the catalog"}
	for wait(ctx, catalogEvery+trouble.pause) {
		version, err := a.store.CatalogVersion(ctx)
		if err == nil && version != a.catalog().Version {
			err = a.reload(ctx)
		}
		trouble.note(ctx, err)
	}
}

// fold folds responses into tallies, soon after they are committed. Millions
// that wait, as after tallies have to be made anew, come first and all at once:
// a few minutes in which citizens wait up to a second, instead of an hour.
func (a *app) fold(ctx context.Context, committed <-chan struct{}, metrics *web.Metrics) {
	if err := a.foldAll(ctx); err != nil && ctx.Err() == nil {
		a.log.Error("catching up failed, going on in small steps", "err", err)
	}
	folder := a.folder()
	trouble := trouble{app: a, what: "folding"}
	for {
		began := a.now()
		n, err := folder.Fold(ctx)
		if survey.KindOf(err) == survey.Conflict {
			err = nil // another node was faster
		}
		trouble.note(ctx, err)
		pause := foldPause + trouble.pause
		switch {
		case n == survey.FoldBatch:
			metrics.FoldDone(n, a.now().Sub(began))
		case n > 0:
			// A fold writes each tally once, however many responses it is for: waiting
			// for more to come costs readers a short tail and spares the writer.
			metrics.FoldDone(n, a.now().Sub(began))
			pause += foldEvery
		default:
			select {
			case <-committed:
			case <-time.After(foldEvery):
			case <-ctx.Done():
			}
		}
		if !wait(ctx, pause) {
			return
		}
	}
}

// wait waits for d and reports whether ctx is still good.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// trouble logs the first of a row of failures and when it is over, and makes
// the pauses between tries longer and longer.
type trouble struct {
	app   *app
	what  string
	pause time.Duration
}

func (t *trouble) note(ctx context.Context, err error) {
	switch {
	case ctx.Err() != nil: // stopping, not trouble
	case err != nil && t.pause == 0:
		t.app.log.Error(t.what+" failed, trying again", "err", err)
		t.pause = foldEvery
	case err != nil:
		t.pause = min(2*t.pause, longestWait)
	case t.pause > 0:
		t.app.log.Info(t.what + " works again")
		t.pause = 0
	}
}
