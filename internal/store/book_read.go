package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"sipas/internal/book"
	"sipas/internal/survey"
)

// eachRevision calls f for the standing revision of every result that where
// picks of book_result b.
func eachRevision(ctx context.Context, q querier, f func(book.Revision), where string, args ...any) error {
	return each(ctx, q, func(rows *sql.Rows) error {
		x, _, err := scanRevision(rows)
		if err == nil {
			f(x)
		}
		return err
	}, `SELECT r.id, r.`+strings.ReplaceAll(revisionColumns, `, `, `, r.`)+`
		FROM book_result b JOIN book_revision r ON r.id = b.revision `+where, args...)
}

// OfUnit returns everything about a unit, by year, then type.
func (s *Store) OfUnit(ctx context.Context, unit survey.UnitCode) ([]book.Result, error) {
	return s.results(ctx, "store.OfUnit", `WHERE b.unit = $1 AND r.withdrawn = 0 ORDER BY b.year, b.type`, string(unit))
}

// OfYear returns all units of a type and year, by unit.
func (s *Store) OfYear(ctx context.Context, t book.TypeCode, year int) ([]book.Result, error) {
	return s.results(ctx, "store.OfYear", `WHERE b.type = $1 AND b.year = $2 AND r.withdrawn = 0 ORDER BY b.unit`, string(t), int64(year))
}

func (s *Store) results(ctx context.Context, op, where string, args ...any) ([]book.Result, error) {
	var list []book.Result
	err := eachRevision(ctx, s.read, func(x book.Revision) { list = append(list, x.After) }, where, args...)
	return list, s.fail(op, err)
}

// Since calls f for what has changed of a type and year since a stamp, by unit:
// the results that stand now, and those that were withdrawn. It returns the stamp
// of now. Of stamp 0 that is everything. Parts are of r only until f returns.
func (s *Store) Since(ctx context.Context, t book.TypeCode, year int, stamp int64, f func(r book.Result, withdrawn bool)) (now int64, err error) {
	const op = "store.Since"
	// The stamp first: what changes in between is read again the next time.
	err = s.read.QueryRowContext(ctx, `SELECT stamp FROM book_shelf WHERE type = $1 AND year = $2`, string(t), int64(year)).Scan(&now)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil || now == stamp {
		return now, s.fail(op, err)
	}
	scan := sharedScanner{texts: map[string]string{}}
	err = each(ctx, s.read, func(rows *sql.Rows) error {
		r, withdrawn, err := scan.row(rows)
		if err != nil {
			return err
		}
		r.Type, r.Year = t, year
		f(r, withdrawn)
		return nil
	}, `SELECT r.id, r.withdrawn, r.unit, r.score, r.maximum, r.percent, r.rank, r.rank_of, r.class, r.announced, r.document, r.link, r.status, r.synthetic, r.n, r.wave, r.parts
		FROM book_result b JOIN book_revision r ON r.id = b.revision WHERE b.type = $1 AND b.year = $2 AND b.stamp > $3 ORDER BY b.unit`,
		string(t), int64(year), stamp)
	return now, s.fail(op, err)
}

// sharedScanner scans many results, which share their texts and the room for
// their parts.
type sharedScanner struct {
	texts map[string]string
	parts []book.Part

	class, document, link, status, wave, text sql.RawBytes
}

// row scans one row of [Store.Since].
func (x *sharedScanner) row(rows *sql.Rows) (r book.Result, withdrawn bool, err error) {
	var score, maximum, percent sql.NullFloat64
	var synthetic uint8
	err = rows.Scan(&r.Revision, &withdrawn, &r.Unit, &score, &maximum, &percent, &r.Rank, &r.RankOf, &x.class, &r.Announced,
		&x.document, &x.link, &x.status, &synthetic, &r.N, &x.wave, &x.text)
	if err != nil {
		return r, false, err
	}
	r.Score, r.Maximum, r.Percent = known(score), known(maximum), known(percent)
	r.Synthetic, r.PartsSynthetic = synthetic&1 > 0, synthetic&2 > 0
	r.Class, r.Document, r.Link = x.share(x.class), x.share(x.document), x.share(x.link)
	r.Status, r.Wave = book.Status(x.share(x.status)), survey.WaveID(x.share(x.wave))
	if x.parts, err = appendParts(x.parts[:0], string(x.text)); err != nil {
		return r, false, fmt.Errorf("revision %d: %w", r.Revision, err)
	}
	r.Parts = x.parts
	return r, withdrawn, nil
}

// share returns text as one string for all that have it.
func (x *sharedScanner) share(text []byte) string {
	s, ok := x.texts[string(text)]
	if !ok {
		s = string(text)
		x.texts[s] = s
	}
	return s
}

// Shelves lists what there is, by type and year.
func (s *Store) Shelves(ctx context.Context) ([]book.Shelf, error) {
	var list []book.Shelf
	err := each(ctx, s.read, func(rows *sql.Rows) error {
		var x book.Shelf
		err := rows.Scan(&x.Type, &x.Year, &x.Units)
		list = append(list, x)
		return err
	}, `SELECT type, year, units FROM book_shelf WHERE units > 0 ORDER BY type, year`)
	return list, s.fail("store.Shelves", err)
}

// Revisions returns the history of one result, the earliest first; none of a
// result that never was.
func (s *Store) Revisions(ctx context.Context, k book.Key) ([]book.Revision, error) {
	var list []book.Revision
	var before []int64
	err := each(ctx, s.read, func(rows *sql.Rows) error {
		x, id, err := scanRevision(rows)
		list, before = append(list, x), append(before, id)
		return err
	}, // CROSS JOIN, so that SQLite goes from the chain to the revisions and not through all of these
		`WITH RECURSIVE chain (id) AS (
		  SELECT revision FROM book_result WHERE type = $1 AND year = $2 AND unit = $3
		  UNION ALL SELECT r.before_id FROM chain c JOIN book_revision r ON r.id = c.id WHERE r.before_id > 0
		)
		SELECT r.id, r.`+strings.ReplaceAll(revisionColumns, `, `, `, r.`)+`
		FROM chain c CROSS JOIN book_revision r WHERE r.id = c.id ORDER BY r.id`, string(k.Type), int64(k.Year), string(k.Unit))
	if err != nil {
		return nil, s.fail("store.Revisions", err)
	}
	for i := range list {
		if i > 0 && before[i] == list[i-1].ID && !list[i-1].Withdrawn {
			list[i].Before = &list[i-1].After
		}
	}
	return list, nil
}

// scanRevision reads one row: a revision without Before, and the id of the one
// before.
func scanRevision(rows *sql.Rows) (x book.Revision, before int64, err error) {
	var at int64
	var score, maximum, percent sql.NullFloat64
	var parts string
	var synthetic uint8
	r := &x.After
	err = rows.Scan(&x.ID, &before, &x.Withdrawn, &x.By, &at, &r.Type, &r.Year, &r.Unit, &score, &maximum, &percent, &r.Rank, &r.RankOf,
		&r.Class, &r.Announced, &r.Document, &r.Link, &r.Status, &synthetic, &r.N, &r.Wave, &parts)
	if err != nil {
		return x, 0, err
	}
	r.Synthetic, r.PartsSynthetic = synthetic&1 > 0, synthetic&2 > 0
	x.At, r.Revision = time.UnixMilli(at).UTC(), x.ID
	r.Score, r.Maximum, r.Percent = known(score), known(maximum), known(percent)
	if r.Parts, err = splitParts(parts); err != nil {
		return x, 0, fmt.Errorf("revision %d: %w", x.ID, err)
	}
	return x, before, nil
}

func known(f sql.NullFloat64) book.Number { return book.Number{Value: f.Float64, Known: f.Valid} }
