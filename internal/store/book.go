package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"time"

	"sipas/internal/book"
	"sipas/internal/survey"
)

// bookKeys are type, year and unit.
type bookKey = book.Key

const revisionColumns = `before_id, withdrawn, account, at, type, year, unit, score, maximum, percent, rank, rank_of, class, announced, document, link, status, synthetic, n, wave, parts`

const (
	revisionWidth = 22 // with the id before them
	standingWidth = 5
)

var (
	putRevisions = newLadder(func(n int) string {
		return `INSERT INTO book_revision (id, ` + revisionColumns + `) VALUES ` + tuples(n, revisionWidth)
	}, 8, 1) // the driver looks for each parameter among all: 40 rows a statement take longer
	putStanding = newLadder(func(n int) string {
		return `INSERT INTO book_result (type, year, unit, revision, stamp) VALUES ` + tuples(n, standingWidth) +
			` ON CONFLICT (type, year, unit) DO UPDATE SET revision = excluded.revision, stamp = excluded.stamp`
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
		return stand(ctx, tx, changes)
	})
	return w, err
}

// bookChange is a result that differs from what stands.
type bookChange struct {
	book.Result
	before int64 // revision that stands; 0: none
	id     int64 // its own revision, once it has one
	units  int   // by how many more units its type and year have a result
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
		c := bookChange{Result: r, before: before.ID}
		switch {
		case before.stands() && sameResult(r, before.After):
			w.Same++
			continue
		case before.stands():
			w.Changed++
		default:
			w.Added++
			c.units = 1
		}
		changes = append(changes, c)
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

// stand makes the revisions of changes those that stand.
func stand(ctx context.Context, tx *sql.Tx, changes []bookChange) error {
	stamps, units := map[shelf]int64{}, map[shelf]int{}
	for i := range changes {
		units[shelfOf(changes[i].Key)] += changes[i].units
	}
	for k, n := range units {
		var stamp int64
		err := tx.QueryRowContext(ctx, `INSERT INTO book_shelf (type, year, units, stamp) VALUES ($1, $2, $3, 1)
			ON CONFLICT (type, year) DO UPDATE SET units = book_shelf.units + excluded.units, stamp = book_shelf.stamp + 1
			RETURNING stamp`, string(k.t), int64(k.year), int64(n)).Scan(&stamp)
		if err != nil {
			return err
		}
		stamps[k] = stamp
	}
	args := make([]any, 0, standingWidth*len(changes))
	for i := range changes {
		c := &changes[i]
		args = append(args, string(c.Type), int64(c.Year), string(c.Unit), c.id, stamps[shelfOf(c.Key)])
	}
	return execAll(ctx, tx, putStanding.parts(args, standingWidth))
}

// shelf is a type and year.
type shelf struct {
	t    book.TypeCode
	year int
}

func shelfOf(k book.Key) shelf { return shelf{k.Type, k.Year} }

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
		return stand(ctx, tx, []bookChange{{Result: before.After, id: next, units: -1}})
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
	seen := map[shelf]bool{}
	for _, r := range rs {
		if k := shelfOf(r.Key); !seen[k] {
			seen[k] = true
			if err := eachRevision(ctx, q, enter, `WHERE b.type = $1 AND b.year = $2`, string(r.Type), int64(r.Year)); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
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
