package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sipas/internal/survey"
)

// Watermark says how far the tallies have been folded.
func (s *Store) Watermark(ctx context.Context) (survey.Watermark, error) {
	w, err := watermark(ctx, s.read)
	return w, s.fail("store.Watermark", err)
}

type rowQuerier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func watermark(ctx context.Context, q rowQuerier) (survey.Watermark, error) {
	var w survey.Watermark
	var at sql.NullInt64
	err := q.QueryRowContext(ctx, `SELECT seq, received_at FROM watermark`).Scan(&w.Seq, &at)
	w.At = moment(at)
	return w, err
}

// The casts give the values types before PostgreSQL compares them with
// columns. The list stands first, so that SQLite goes through it and looks up
// each tally, and not the other way round.
const (
	typedKey  = `(CAST($1 AS TEXT), CAST($2 AS INTEGER), CAST($3 AS TEXT), CAST($4 AS INTEGER), CAST($5 AS TEXT))`
	findTally = `
		WITH wanted (wave, grain, unit, at, channel) AS (VALUES %s)
		SELECT t.wave, t.grain, t.unit, t.at, t.channel, t.n, t.counts
		FROM wanted w CROSS JOIN tally t
		WHERE t.wave = w.wave AND t.grain = w.grain AND t.unit = w.unit AND t.at = w.at AND t.channel = w.channel`
	saveTally = `
		INSERT INTO tally (wave, grain, unit, at, channel, n, counts) VALUES %s
		ON CONFLICT (wave, grain, unit, at, channel) DO UPDATE SET n = excluded.n, counts = excluded.counts`
)

var (
	findTallies = newLadder(func(n int) string {
		return fmt.Sprintf(findTally, strings.Replace(tuples(n, 5), tuples(1, 5), typedKey, 1))
	}, 32, 4, 1)
	saveTallies = newLadder(func(n int) string { return fmt.Sprintf(saveTally, tuples(n, 7)) }, 32, 4, 1)
)

// ApplyFold adds d to the tallies and moves the watermark from → to, in one
// transaction. It is a Conflict when the watermark is not at from: another
// node was faster.
func (s *Store) ApplyFold(ctx context.Context, from, to survey.Watermark, d survey.Delta) error {
	const op = "store.ApplyFold"
	keys := slices.SortedFunc(maps.Keys(d), compareKeys)
	return s.change(ctx, op, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE watermark SET seq = $1, received_at = $2 WHERE seq = $3`, to.Seq, instant(to.At), from.Seq)
		if err != nil {
			return err
		}
		moved, err := res.RowsAffected()
		if err != nil {
			return err
		}
		if moved == 0 {
			return &survey.Error{Kind: survey.Conflict, Op: op, Err: fmt.Errorf("the watermark is not at %d any more", from.Seq)}
		}
		stored, err := storedTallies(ctx, tx, keys)
		if err != nil {
			return err
		}
		return saveTallyRows(ctx, tx, keys, d, stored)
	})
}

// compareKeys is the order of the table's primary key: neighbours are on the
// same page.
func compareKeys(a, b survey.TallyKey) int {
	return cmp.Or(cmp.Compare(a.Wave, b.Wave), cmp.Compare(a.Grain, b.Grain), cmp.Compare(a.Unit, b.Unit),
		cmp.Compare(a.At, b.At), cmp.Compare(a.Channel, b.Channel))
}

func appendKey(args []any, k survey.TallyKey) []any {
	return append(args, string(k.Wave), int64(k.Grain), string(k.Unit), int64(k.At), string(k.Channel))
}

// storedTallies returns what is stored under keys.
func storedTallies(ctx context.Context, tx *sql.Tx, keys []survey.TallyKey) (map[survey.TallyKey]survey.Tally, error) {
	stored := map[survey.TallyKey]survey.Tally{}
	args := make([]any, 0, 5*len(keys))
	for _, k := range keys {
		args = appendKey(args, k)
	}
	err := runParts(ctx, tx, findTallies.parts(args, 5), func(stmt *sql.Stmt, args []any) error {
		rows, err := stmt.QueryContext(ctx, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			k, t, err := scanTally(rows)
			if err != nil {
				return err
			}
			stored[k] = t
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("read tallies: %w", err)
	}
	return stored, nil
}

func scanTally(rows *sql.Rows) (k survey.TallyKey, t survey.Tally, err error) {
	var counts sql.RawBytes
	if err := rows.Scan(&k.Wave, &k.Grain, &k.Unit, &k.At, &k.Channel, &t.N, &counts); err != nil {
		return k, t, err
	}
	return k, t, t.UnmarshalBinary(counts)
}

func saveTallyRows(ctx context.Context, tx *sql.Tx, keys []survey.TallyKey, d survey.Delta, stored map[survey.TallyKey]survey.Tally) error {
	values := make([]any, 0, 7*len(keys))
	for _, k := range keys {
		sum := stored[k]
		sum.Add(*d[k])
		counts, err := sum.AppendBinary([]byte{})
		if err != nil {
			return err
		}
		values = append(appendKey(values, k), sum.N, counts)
	}
	err := runParts(ctx, tx, saveTallies.parts(values, 7), func(stmt *sql.Stmt, args []any) error {
		_, err := stmt.ExecContext(ctx, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("write tallies: %w", err)
	}
	return nil
}

// runParts calls f for every part with its statement, prepared once.
func runParts(ctx context.Context, tx *sql.Tx, ps []part, f func(*sql.Stmt, []any) error) (err error) {
	stmts := map[string]*sql.Stmt{}
	defer func() {
		for _, stmt := range stmts {
			err = errors.Join(err, stmt.Close())
		}
	}()
	for _, p := range ps {
		if stmts[p.text] == nil {
			stmt, err := tx.PrepareContext(ctx, p.text) //nolint:sqlclosecheck // closed above
			if err != nil {
				return err
			}
			stmts[p.text] = stmt
		}
		if err := f(stmts[p.text], p.args); err != nil {
			return err
		}
	}
	return nil
}

// ResetTallies removes every tally and moves the watermark to zero.
func (s *Store) ResetTallies(ctx context.Context) error {
	return s.change(ctx, "store.ResetTallies", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM tally`); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE watermark SET seq = 0, received_at = NULL`)
		return err
	})
}

// EachTally calls f for every stored tally and returns how far they go, both
// from one consistent snapshot.
func (s *Store) EachTally(ctx context.Context, f func(survey.TallyKey, survey.Tally) error) (survey.Watermark, error) {
	const op = "store.EachTally"
	tx, err := s.read.BeginTx(ctx, &s.engine.snapshot)
	if err != nil {
		return survey.Watermark{}, s.fail(op, err)
	}
	defer tx.Rollback()
	mark, err := watermark(ctx, tx)
	if err != nil {
		return mark, s.fail(op, err)
	}
	err = each(ctx, tx, func(rows *sql.Rows) error {
		k, t, err := scanTally(rows)
		if err != nil {
			return err
		}
		return f(k, t)
	}, `SELECT wave, grain, unit, at, channel, n, counts FROM tally`)
	return mark, s.fail(op, err)
}

// timeOf reads stored milliseconds.
func timeOf(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
