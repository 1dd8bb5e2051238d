package main

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"sipas/internal/survey"
)

const (
	bareBatch  = 512
	bareInsert = `INSERT INTO response (seq, id, wave, instrument, unit, point, channel, device, service, locale,
		started_at, started_offset, submitted_at, submitted_offset, received_at, day, state, answers, respondent, comment, digest)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
)

// The writer's pragmas, as internal/store sets them.
var barePragmas = []string{
	"busy_timeout(5000)", "page_size(8192)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
	"cache_size(-32768)", "wal_autocheckpoint(2048)", "journal_size_limit(67108864)",
}

// bare inserts the rows for d, over and over with fresh ids, and returns rows
// per second.
func (c *contest) bare(ctx context.Context, d time.Duration) (float64, error) {
	dir := filepath.Join(c.folder, "bare")
	if err := os.RemoveAll(dir); err != nil {
		return 0, err
	}
	file, err := c.b.cache.copy(ctx, dir)
	if err != nil {
		return 0, err
	}
	dsn := "file:" + file + "?_txlock=immediate"
	for _, p := range barePragmas {
		dsn += "&_pragma=" + url.QueryEscape(p)
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	var wal string
	if err := db.QueryRowContext(ctx, `PRAGMA journal_mode`).Scan(&wal); err != nil || strings.ToLower(wal) != "wal" {
		return 0, err
	}
	args := make([][]any, len(c.rows))
	for i := range c.rows {
		args[i] = rowArgs(&c.rows[i])
	}
	return insertAll(ctx, db, args, d)
}

func insertAll(ctx context.Context, db *sql.DB, args [][]any, d time.Duration) (float64, error) {
	insert, err := db.PrepareContext(ctx, bareInsert)
	if err != nil {
		return 0, err
	}
	defer insert.Close()
	rnd := rand.New(rand.NewPCG(3, 4))
	var id [36]byte
	n, began := 0, time.Now()
	for time.Since(began) < d {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return 0, err
		}
		stmt, now := tx.StmtContext(ctx, insert), time.Now()
		for range bareBatch {
			a := args[n%len(args)]
			n++
			putUUID(id[:], now, rnd)
			a[0], a[1] = int64(n), string(id[:])
			if _, err := stmt.ExecContext(ctx, a...); err != nil {
				_ = tx.Rollback()
				return 0, err
			}
		}
		if err := tx.Commit(); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(began).Seconds(), nil
}

func rowArgs(r *survey.Response) []any {
	offset := func(t time.Time) int64 { _, s := t.Zone(); return int64(s / 60) }
	return []any{
		int64(0), r.ID, string(r.Wave), string(r.Instrument), string(r.Unit), string(r.Point), string(r.Channel),
		r.Device, string(r.Service), r.Locale, r.StartedAt.UnixMilli(), offset(r.StartedAt), r.SubmittedAt.UnixMilli(),
		offset(r.SubmittedAt), r.ReceivedAt.UnixMilli(), int64(r.Day), string(r.State), string(r.Answers), string(r.Respondent),
		r.Comment, r.Digest[:],
	}
}
