package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"sipas/internal/survey"
)

// Options tune a Store. The zero Options are good for most.
type Options struct {
	// Observe is called after every transaction of the ledger, from its one
	// goroutine: it must be quick. It may be nil.
	Observe func(Commit)
	// Queue bounds the responses that wait for the ledger's writer; 0 means 8192.
	Queue int
}

// Store implements the interfaces that packages survey and auth ask for. Its
// methods may be called from any number of goroutines.
type Store struct {
	read, write *sql.DB
	engine      engine
	ledger      *ledger
	closePools  func() error
	tails       tails
	recall      recall
}

// engine is all that differs between the two databases.
type engine struct {
	name    string
	dialect string // as goose calls it
	rows    []int  // how many responses one INSERT takes, the most first
	folds   foldLadders
	// patience bounds a transaction of the ledger, where the network can lose it;
	// 0 is without bound.
	patience time.Duration
	lock     string // statement that makes writers of surveys queue up; empty where the pool does it
	bookLock string // the same for writers of the index book
	// migrating runs f, which brings the schema up to date, while no other
	// process does.
	migrating func(ctx context.Context, db *sql.DB, f func() error) error
	snapshot  sql.TxOptions // of a transaction that reads one state throughout
	kind      func(error) survey.Kind
	backup    func(ctx context.Context, s *Store, file string) error
	check     func(ctx context.Context, s *Store) ([]string, error)
}

// Open opens the database that rawURL names, "sqlite:PATH", "sqlite:PATH?…"
// with further parameters of the driver, or "postgres://…", and brings its
// schema up to date. Any number of processes may do so at once. A schema newer
// than this program is an error, and nothing is touched.
func Open(ctx context.Context, rawURL string, o Options) (*Store, error) {
	var s *Store
	var err error
	scheme, _, _ := strings.Cut(rawURL, ":")
	switch scheme {
	case "sqlite":
		s, err = openSQLite(ctx, strings.TrimPrefix(rawURL, "sqlite:"))
	case "postgres", "postgresql":
		s, err = openPostgres(rawURL)
	default:
		return nil, fmt.Errorf(`store.Open: %q begins with neither "sqlite:" nor "postgres:"`, scheme)
	}
	if err != nil {
		return nil, fmt.Errorf("store.Open: %w", err)
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store.Open: %w", err), s.closePools())
	}
	s.ledger = startLedger(s, o)
	return s, nil
}

// Engine is the name of the database: "sqlite" or "postgres".
func (s *Store) Engine() string { return s.engine.name }

// Close stores what Append has accepted, then closes the database. Append is
// Unavailable from then on.
func (s *Store) Close() error {
	s.ledger.stop()
	if err := s.closePools(); err != nil {
		return fmt.Errorf("store.Close: %w", err)
	}
	return nil
}

// tryAgain is how long a client should wait when something was in the way.
const tryAgain = time.Second

// fail gives err the kind that a caller can act on. It returns nil for nil,
// and passes on errors that have a kind already.
func (s *Store) fail(op string, err error) error {
	var e *survey.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &e):
		return fmt.Errorf("%s: %w", op, err)
	case errors.Is(err, sql.ErrNoRows):
		return &survey.Error{Kind: survey.NotFound, Op: op, Err: err}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled),
		errors.Is(err, sql.ErrConnDone), isClosed(err):
		return &survey.Error{Kind: survey.Unavailable, Op: op, After: tryAgain, Err: err}
	}
	e = &survey.Error{Kind: s.engine.kind(err), Op: op, Err: err}
	if e.Kind == survey.Unavailable {
		e.After = tryAgain
	}
	return e
}

// isClosed reports that the pool was closed; database/sql keeps that error to
// itself.
func isClosed(err error) bool { return strings.Contains(err.Error(), "sql: database is closed") }

// change runs f in a transaction that nobody else's change of surveys
// interleaves with, and commits it.
func (s *Store) change(ctx context.Context, op string, f func(*sql.Tx) error) error {
	return s.fail(op, s.inTx(ctx, s.engine.lock, f))
}

// alter is change for what is no part of surveys: accounts, sessions, tokens,
// settings. It does not stand in the queue of the ledgers.
func (s *Store) alter(ctx context.Context, op string, f func(*sql.Tx) error) error {
	return s.fail(op, s.inTx(ctx, "", f))
}

func (s *Store) inTx(ctx context.Context, lock string, f func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if lock != "" {
		if _, err := tx.ExecContext(ctx, lock); err != nil {
			return err
		}
	}
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// onConn runs f on one reading connection.
func (s *Store) onConn(ctx context.Context, f func(*sql.Conn) error) (err error) {
	conn, err := s.read.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return f(conn)
}

// querier is a pool, a connection or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// each runs query and calls f for every row.
func each(ctx context.Context, q querier, f func(*sql.Rows) error, query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	return drain(rows, f)
}

// drain calls f for every row, and closes rows.
func drain(rows *sql.Rows, f func(*sql.Rows) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
