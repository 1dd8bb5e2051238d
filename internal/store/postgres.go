package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"sipas/internal/survey"
)

var postgresEngine = engine{
	name:      "postgres",
	dialect:   "postgres",
	rows:      []int{64, 8, 1},
	folds:     postgresFolds,
	patience:  30 * time.Second,
	lock:      "SELECT pg_advisory_xact_lock(7160231)",
	bookLock:  "SELECT pg_advisory_xact_lock(7160233)",
	migrating: migratingPostgres,
	snapshot:  sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
	kind:      postgresKind,
	backup:    backupPostgres,
	check:     func(context.Context, *Store) ([]string, error) { return nil, nil },
}

// openPostgres opens two pools, so that readers never use up the connections
// that citizens' responses need.
func openPostgres(rawURL string) (*Store, error) {
	config, err := pgx.ParseConfig(rawURL)
	if err != nil {
		return nil, err
	}
	// A plan that was made while a table was empty scans it for ever: appending
	// fell to 1,000 responses a second.
	config.RuntimeParams["plan_cache_mode"] = "force_custom_plan"
	w, r := stdlib.OpenDB(*config), stdlib.OpenDB(*config)
	w.SetMaxOpenConns(4)
	w.SetMaxIdleConns(4)
	readers := max(8, 2*runtime.NumCPU())
	r.SetMaxOpenConns(readers)
	r.SetMaxIdleConns(readers)
	// A pool that never renews its connections stays with a server that has
	// been demoted.
	for _, db := range []*sql.DB{w, r} {
		db.SetConnMaxLifetime(5 * time.Minute)
	}
	closePools := func() error { return errors.Join(r.Close(), w.Close()) }
	return &Store{read: r, write: w, engine: postgresEngine, closePools: closePools}, nil
}

// migratingPostgres holds a lock of the session while f runs.
func migratingPostgres(ctx context.Context, db *sql.DB, f func() error) (err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(7160232)"); err != nil {
		return err
	}
	defer func() {
		_, unlock := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock(7160232)")
		err = errors.Join(err, unlock)
	}()
	return f()
}

func postgresKind(err error) survey.Kind {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		if isLost(err) {
			return survey.Unavailable
		}
		return survey.Internal
	}
	switch e.Code {
	case "23505": // unique_violation
		return survey.Conflict
	case "23503": // foreign_key_violation
		return survey.NotFound
	case "25006", "40001", "40P01", "55P03", "57014": // read-only server, serialization, deadlock, lock, cancelled
		return survey.Unavailable
	}
	switch e.Code[:2] {
	case "08", "53", "57", "58": // connection, resources (disk full), operator, system
		return survey.Unavailable
	}
	return survey.Internal
}

// isLost reports that the server could not be talked to.
func isLost(err error) bool {
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}
