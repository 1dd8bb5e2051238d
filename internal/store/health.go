package store

import (
	"context"
	"database/sql"
	"fmt"
)

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	return s.fail("store.Ping", s.read.PingContext(ctx))
}

// Ready reports whether a response could be stored now: it begins a
// transaction as the ledger would. After the ledger has failed it also commits
// a change of nothing, so that "disk full" stays not ready until there is room.
func (s *Store) Ready(ctx context.Context) error {
	const op = "store.Ready"
	failing := s.ledger.failing.Load()
	err := s.change(ctx, op, func(tx *sql.Tx) error {
		if !failing {
			return nil
		}
		_, err := tx.ExecContext(ctx, `UPDATE catalog SET version = version`)
		return err
	})
	if err == nil && failing {
		s.ledger.failing.Store(false)
	}
	return err
}

// Empty reports whether nothing has been put into the database.
func (s *Store) Empty(ctx context.Context) (bool, error) {
	var n int
	err := s.read.QueryRowContext(ctx, `
		SELECT COUNT(*) FROM (
		  SELECT 1 AS one FROM unit UNION ALL SELECT 1 FROM wave UNION ALL SELECT 1 FROM account
		  UNION ALL SELECT 1 FROM response LIMIT 1
		) AS something`).Scan(&n)
	return n == 0, s.fail("store.Empty", err)
}

// Checked is what Check found.
type Checked struct {
	Engine    string
	Schema    int64 // version of the database …
	Wanted    int64 // … and of this program
	Responses int64
	LastSeq   int64 // equal to Responses, or a response is missing
	Problems  []string
}

// Check examines the database: its structure, its schema, and that no response
// is missing. It reads every page and takes as long as that takes.
func (s *Store) Check(ctx context.Context) (Checked, error) {
	const op = "store.Check"
	c := Checked{Engine: s.engine.name}
	var err error
	if c.Problems, err = s.engine.check(ctx, s); err != nil {
		return c, s.fail(op, err)
	}
	if c.Schema, c.Wanted, err = s.schema(ctx); err != nil {
		return c, s.fail(op, err)
	}
	err = s.read.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(MAX(seq), 0) FROM response`).Scan(&c.Responses, &c.LastSeq)
	if err != nil {
		return c, s.fail(op, err)
	}
	if c.Schema != c.Wanted {
		c.Problems = append(c.Problems, fmt.Sprintf("the schema is %d, this program wants %d", c.Schema, c.Wanted))
	}
	if c.Responses != c.LastSeq {
		c.Problems = append(c.Problems, fmt.Sprintf("%d responses are stored, but the last has number %d", c.Responses, c.LastSeq))
	}
	return c, nil
}

func checkSQLite(ctx context.Context, s *Store) (problems []string, err error) {
	err = each(ctx, s.read, func(rows *sql.Rows) error {
		var line string
		err := rows.Scan(&line)
		if line != "ok" {
			problems = append(problems, line)
		}
		return err
	}, `PRAGMA quick_check(20)`)
	return problems, err
}
