package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"sipas/bench/world"
	"sipas/internal/auth"
	"sipas/internal/instrument"
	"sipas/internal/simulate"
	"sipas/internal/store"
	"sipas/internal/survey"
)

// A nation is `sipas simulate nation`: its units and two years, whatever the
// number of responses.
const (
	nationUnits = 4000
	nationDays  = 730
)

// nation returns the data folder of a nation of n responses and makes it if it
// is not there, which takes an hour for millions. It is kept until somebody
// removes it: what comes in while pages are measured stays in it.
func (b *bench) nation(ctx context.Context, n int) (string, error) {
	dir := filepath.Join(b.keep, fmt.Sprintf("nation-%d", n))
	if _, err := os.Stat(filepath.Join(dir, "sipas.db")); err == nil {
		return dir, nil
	}
	part := dir + ".part" // simulate goes on where it was stopped, if it is told the same day
	until := time.Now().AddDate(0, 0, -1)
	if info, err := os.Stat(part); err == nil {
		until = info.ModTime().AddDate(0, 0, -1)
	} else if err := os.MkdirAll(part, 0o700); err != nil {
		return "", err
	}
	began := time.Now()
	say("  making %d responses, once", n)
	_, _, err := runToEnd(ctx, nil, b.sipas, "simulate", "nation", "--data", part, "--n", strconv.Itoa(n),
		"--units", strconv.Itoa(nationUnits), "--days", strconv.Itoa(nationDays), "--until", until.Format(time.DateOnly))
	if err != nil {
		return "", err
	}
	say("  made in %s", time.Since(began).Round(time.Second))
	return dir, os.Rename(part, dir)
}

// adopt lets the program of today open a nation that an earlier one made: until
// the first release the questionnaires may still change, and it takes an hour to
// make millions anew. Answers to an item that is gone are then counted nowhere.
func adopt(ctx context.Context, file string) (err error) {
	set, err := instrument.Builtin()
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, in := range set.All() {
		for _, statement := range []string{`UPDATE instrument SET hash = $1 WHERE id = $2`, `UPDATE wave SET instrument_hash = $1 WHERE instrument = $2`} {
			if _, err := db.ExecContext(ctx, statement, in.Hash, string(in.ID)); err != nil {
				return err
			}
		}
	}
	return nil
}

// enrol gives a nation an administrator, and returns requests like those of its
// last responses, at the points where these came.
func enrol(ctx context.Context, dir string, n int) (bodies []string, err error) {
	file := filepath.Join(dir, "sipas.db")
	if err := adopt(ctx, file); err != nil {
		return nil, err
	}
	w, err := world.Open(ctx, file, store.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	err = w.Auth().AddAccount(ctx, world.Admin, world.Password, auth.Admin, "")
	if err != nil && survey.KindOf(err) != survey.Conflict {
		return nil, err
	}
	head, err := w.Store.Head(ctx)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	filter := survey.Filter{Wave: simulate.Continuous}
	err = w.Store.EachResponse(ctx, filter, max(0, head.Seq-int64(n)), n, func(r *survey.Response) error {
		if r.Device != "" { // it would have to know the device's key
			return nil
		}
		took := r.SubmittedAt.Sub(r.StartedAt)
		r.SubmittedAt, r.StartedAt = now, now.Add(-took)
		bodies = append(bodies, r.Body())
		return nil
	})
	return bodies, err
}
