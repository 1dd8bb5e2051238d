package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"sipas/internal/book"
	"sipas/internal/survey"
)

// bookBatch is how many revisions one transaction adds. A book of ten years has
// hundreds of thousands; in one transaction they would hold up the citizens'
// responses for longer than the ledger waits.
const bookBatch = 2000

// putStaged is PutResults for many: revisions are added in transactions of their
// own, where nobody sees them, for none of them stands; one more transaction
// makes all of them stand. If anything fails, they are taken away again; after a
// crash they stay, seen by nobody.
func (s *Store) putStaged(ctx context.Context, op, by string, at time.Time, rs []book.Result) (book.Written, error) {
	changes, w, err := changesOf(ctx, s.read, op, rs)
	if err != nil {
		return book.Written{}, err
	}
	for from := 0; from < len(changes) && err == nil; from += bookBatch {
		batch := changes[from:min(len(changes), from+bookBatch)]
		err = s.changeBook(ctx, op, func(tx *sql.Tx) error { return putRevisionsOf(ctx, tx, by, at, batch) })
		if err != nil {
			clear(batch) // rolled back: there is nothing to take away
		}
	}
	if err == nil {
		err = s.changeBook(ctx, op, func(tx *sql.Tx) error {
			if err := unchanged(ctx, tx, op, changes); err != nil {
				return err
			}
			return stand(ctx, tx, changes)
		})
	}
	if err != nil {
		return book.Written{}, errors.Join(err, s.unstage(context.WithoutCancel(ctx), op, changes))
	}
	return w, nil
}

// unchanged is a Conflict unless what stood when changes were made stands still.
func unchanged(ctx context.Context, tx *sql.Tx, op string, changes []bookChange) error {
	stands, seen := map[bookKey]int64{}, map[shelf]bool{}
	for i := range changes {
		k := shelfOf(changes[i].Key)
		if seen[k] {
			continue
		}
		seen[k] = true
		err := each(ctx, tx, func(rows *sql.Rows) error {
			key, id := bookKey{Type: k.t, Year: k.year}, int64(0)
			err := rows.Scan(&key.Unit, &id)
			stands[key] = id
			return err
		}, `SELECT unit, revision FROM book_result WHERE type = $1 AND year = $2`, string(k.t), int64(k.year))
		if err != nil {
			return err
		}
	}
	for i := range changes {
		if c := &changes[i]; stands[c.Key] != c.before {
			return &survey.Error{Kind: survey.Conflict, Op: op, Key: "book.changed_meanwhile", Args: changedArgs(c.Key)}
		}
	}
	return nil
}

// unstage takes revisions away that never stood.
func (s *Store) unstage(ctx context.Context, op string, changes []bookChange) error {
	for from := 0; from < len(changes); from += bookBatch {
		var ids []any
		for _, c := range changes[from:min(len(changes), from+bookBatch)] {
			if c.id > 0 {
				ids = append(ids, c.id)
			}
		}
		if len(ids) == 0 {
			continue
		}
		err := s.changeBook(ctx, op, func(tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `DELETE FROM book_revision WHERE id IN `+list(1, len(ids)), ids...) //nolint:gosec // numbers of parameters
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
