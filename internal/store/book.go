package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sipas/internal/book"
	"sipas/internal/survey"
)

// bookKeys are type, year and unit.
type bookKey = book.Key

const revisionColumns = `before_id, withdrawn, account, at, type, year, unit, score, maximum, percent, rank, rank_of, class, announced, document, link, status, synthetic, n, wave, parts`

const revisionWidth = 22 // with the id before them

var (
	putRevisions = newLadder(func(n int) string {
		return `INSERT INTO book_revision (id, ` + revisionColumns + `) VALUES ` + tuples(n, revisionWidth)
	}, 8, 1) // the driver looks for each parameter among all: 40 rows a statement take longer
	putStanding = newLadder(func(n int) string {
		return `INSERT INTO book_result (type, year, unit, revision) VALUES ` + tuples(n, 4) +
			` ON CONFLICT (type, year, unit) DO UPDATE SET revision = excluded.revision`
	}, 40, 1)
)

// PutResults stores results as the next revisions, all or none; one that stands
// already as it is makes none. It is a Conflict where another revision stands
// than a result was read with, or a result that must be new is there; NotFound
// for an unknown unit.
func (s *Store) PutResults(ctx context.Context, by string, at time.Time, rs []book.Result) (book.Written, error) {
	const op = "store.PutResults"
	if len(rs) > bookBatch {
		w, err := s.putStaged(ctx, op, by, at, rs)
		return w, s.fail(op, err)
	}
	var w book.Written
	err := s.changeBook(ctx, op, func(tx *sql.Tx) error {
		changes, written, err := changesOf(ctx, tx, op, rs)
		if err != nil {
			return err
		}
		if err := putRevisionsOf(ctx, tx, by, at, changes); err != nil {
			return err
		}
		w = written
		return execAll(ctx, tx, putStanding.parts(pointersTo(changes), 4))
	})
	return w, err
}

// bookChange is a result that differs from what stands.
type bookChange struct {
	book.Result
	before int64 // revision that stands; 0: none
	id     int64 // its own revision, once it has one
}

// changesOf finds which of rs change something, in the order of leagues.
func changesOf(ctx context.Context, q querier, op string, rs []book.Result) (changes []bookChange, w book.Written, err error) {
	standing, err := standingOf(ctx, q, rs)
	if err != nil {
		return nil, w, err
	}
	for _, r := range sortedResults(rs) {
		before := standing[r.Key]
		if err := expected(op, r, before); err != nil {
			return nil, w, err
		}
		switch {
		case before.stands() && sameResult(r, before.After):
			w.Same++
			continue
		case before.stands():
			w.Changed++
		default:
			w.Added++
		}
		changes = append(changes, bookChange{Result: r, before: before.ID})
	}
	return changes, w, nil
}

// putRevisionsOf adds the revisions of changes, which learn their ids.
func putRevisionsOf(ctx context.Context, tx *sql.Tx, by string, at time.Time, changes []bookChange) error {
	next, err := nextRevision(ctx, tx)
	if err != nil {
		return err
	}
	args := make([]any, 0, len(changes)*revisionWidth)
	for i := range changes {
		c := &changes[i]
		c.id = next
		next++
		args = append(args, revisionValues(c.id, c.before, false, by, at, c.Result)...)
	}
	return execAll(ctx, tx, putRevisions.parts(args, revisionWidth))
}

func pointersTo(changes []bookChange) []any {
	args := make([]any, 0, 4*len(changes))
	for i := range changes {
		c := &changes[i]
		args = append(args, string(c.Type), int64(c.Year), string(c.Unit), c.id)
	}
	return args
}

// WithdrawResult takes a result away: a last revision says so.
func (s *Store) WithdrawResult(ctx context.Context, by string, at time.Time, k book.Key, revision int64) error {
	const op = "store.WithdrawResult"
	return s.changeBook(ctx, op, func(tx *sql.Tx) error {
		standing, err := standingOf(ctx, tx, []book.Result{{Key: k}})
		if err != nil {
			return err
		}
		before := standing[k]
		if !before.stands() {
			return survey.Missing(op, "book.no_result")
		}
		if err := expected(op, book.Result{Key: k, Revision: revision}, before); err != nil {
			return err
		}
		next, err := nextRevision(ctx, tx)
		if err != nil {
			return err
		}
		if err := execAll(ctx, tx, putRevisions.parts(revisionValues(next, before.ID, true, by, at, before.After), revisionWidth)); err != nil {
			return err
		}
		return execAll(ctx, tx, putStanding.parts([]any{string(k.Type), int64(k.Year), string(k.Unit), next}, 4))
	})
}

// changeBook is alter for the book: one writer at a time, beside the ledger's.
func (s *Store) changeBook(ctx context.Context, op string, f func(*sql.Tx) error) error {
	return s.fail(op, s.inTx(ctx, s.engine.bookLock, f))
}

// standing is the revision that a result has, and the result.
type standing struct {
	book.Revision
}

func (x standing) stands() bool { return x.ID > 0 && !x.Withdrawn }

// expected is a Conflict unless r may take the place of what stands.
func expected(op string, r book.Result, before standing) error {
	ok := true
	switch r.Revision {
	case 0:
	case book.New:
		ok = !before.stands()
	default:
		ok = before.stands() && before.ID == r.Revision
	}
	if !ok {
		return &survey.Error{Kind: survey.Conflict, Op: op, Key: "book.changed_meanwhile", Args: changedArgs(r.Key)}
	}
	return nil
}

func changedArgs(k bookKey) []any { return []any{string(k.Unit), string(k.Type), strconv.Itoa(k.Year)} }

// sameResult reports whether two results would be stored alike.
func sameResult(a, b book.Result) bool {
	stored := func(r book.Result) []any { return revisionValues(0, 0, false, "", time.Time{}, r) }
	return slices.Equal(stored(a), stored(b))
}

// sortedResults puts results in the order of leagues, so that those which are
// read together lie together.
func sortedResults(rs []book.Result) []book.Result {
	rs = slices.Clone(rs)
	slices.SortFunc(rs, func(a, b book.Result) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Year, b.Year), cmp.Compare(a.Unit, b.Unit))
	})
	return rs
}

func nextRevision(ctx context.Context, tx *sql.Tx) (id int64, err error) {
	return id, tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), 0) + 1 FROM book_revision`).Scan(&id)
}

// execAll runs parts, each text prepared once: to read one of 880 parameters
// takes as long as to run it.
func execAll(ctx context.Context, tx *sql.Tx, parts []part) (err error) {
	prepared := map[string]*sql.Stmt{}
	defer func() {
		for _, s := range prepared {
			err = errors.Join(err, s.Close())
		}
	}()
	for _, p := range parts {
		s := prepared[p.text]
		if s == nil {
			if s, err = tx.PrepareContext(ctx, p.text); err != nil {
				return err
			}
			prepared[p.text] = s
		}
		if _, err := s.ExecContext(ctx, p.args...); err != nil {
			return err
		}
	}
	return nil
}

// standingOf reads what stands under the keys of rs, withdrawn too: of few one
// by one, of many by type and year.
func standingOf(ctx context.Context, q querier, rs []book.Result) (map[bookKey]standing, error) {
	found := map[bookKey]standing{}
	enter := func(x book.Revision) { found[x.After.Key] = standing{x} }
	const few = 50
	if len(rs) <= few {
		for _, r := range rs {
			err := eachRevision(ctx, q, enter, `WHERE b.type = $1 AND b.year = $2 AND b.unit = $3`, string(r.Type), int64(r.Year), string(r.Unit))
			if err != nil {
				return nil, err
			}
		}
		return found, nil
	}
	type shelf struct {
		t    book.TypeCode
		year int
	}
	seen := map[shelf]bool{}
	for _, r := range rs {
		if k := (shelf{r.Type, r.Year}); !seen[k] {
			seen[k] = true
			if err := eachRevision(ctx, q, enter, `WHERE b.type = $1 AND b.year = $2`, string(r.Type), int64(r.Year)); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

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

// Stamp is a number that is another one whenever a result of the type and year
// was added, changed or withdrawn: a later revision has a greater number, so
// their sum only grows.
func (s *Store) Stamp(ctx context.Context, t book.TypeCode, year int) (stamp int64, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT CAST(COALESCE(SUM(revision), 0) AS BIGINT) FROM book_result WHERE type = $1 AND year = $2`, string(t), int64(year)).Scan(&stamp)
	return stamp, s.fail("store.Stamp", err)
}

// Shelves lists what there is, by type and year.
func (s *Store) Shelves(ctx context.Context) ([]book.Shelf, error) {
	var list []book.Shelf
	err := each(ctx, s.read, func(rows *sql.Rows) error {
		var x book.Shelf
		err := rows.Scan(&x.Type, &x.Year, &x.Units)
		list = append(list, x)
		return err
	}, `SELECT b.type, b.year, COUNT(*) FROM book_result b JOIN book_revision r ON r.id = b.revision
		WHERE r.withdrawn = 0 GROUP BY b.type, b.year ORDER BY b.type, b.year`)
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
	}, `WITH RECURSIVE chain (id) AS (
		  SELECT revision FROM book_result WHERE type = $1 AND year = $2 AND unit = $3
		  UNION ALL SELECT r.before_id FROM chain c JOIN book_revision r ON r.id = c.id WHERE r.before_id > 0
		)
		SELECT r.id, r.`+strings.ReplaceAll(revisionColumns, `, `, `, r.`)+`
		FROM chain c JOIN book_revision r ON r.id = c.id ORDER BY r.id`, string(k.Type), int64(k.Year), string(k.Unit))
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

func revisionValues(id, before int64, withdrawn bool, by string, at time.Time, r book.Result) []any {
	return []any{
		id, before, bit(withdrawn), by, at.UnixMilli(), string(r.Type), int64(r.Year), string(r.Unit), perhaps(r.Score), perhaps(r.Maximum), perhaps(r.Percent),
		int64(r.Rank), int64(r.RankOf), r.Class, int64(r.Announced), r.Document, r.Link, string(r.Status), bit(r.Synthetic) + 2*bit(r.PartsSynthetic), r.N, string(r.Wave), joinParts(r.Parts),
	}
}

func perhaps(n book.Number) any {
	if !n.Known {
		return nil
	}
	return n.Value
}

func known(f sql.NullFloat64) book.Number { return book.Number{Value: f.Float64, Known: f.Valid} }
