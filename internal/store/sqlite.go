package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"sipas/internal/survey"
)

var sqliteEngine = engine{
	name:    "sqlite",
	dialect: "sqlite3",
	// There is no round trip to save, and binding a numbered parameter walks the
	// list of all parameters of the statement: 16 rows took 1.4 times as long.
	rows:      []int{1},
	folds:     sqliteFolds,
	lock:      "", // BEGIN IMMEDIATE, see _txlock
	migrating: func(_ context.Context, _ *sql.DB, f func() error) error { return f() },
	kind:      sqliteKind,
	backup:    backupSQLite,
	check:     checkSQLite,
}

// Pragmas go in the DSN, so that every pooled connection has them.
// busy_timeout comes first: switching to WAL may itself have to wait.
// synchronous(FULL) makes COMMIT wait for the disk: a receipt is a promise.
var (
	sqliteShared = []string{
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
	}
	// The log is cut back to 64 MiB after a reader held it open for long. Pages of
	// 4 KiB and a checkpoint every 4 MiB, which are SQLite's own choice, were as
	// good as anything larger.
	sqliteWriter = []string{"cache_size(-16384)", "journal_size_limit(67108864)"}
	sqliteReader = []string{"cache_size(-4096)", "query_only(1)"}
)

// openSQLite opens a writing pool of one connection and a reading pool of
// several. With one shared pool, sixteen writers waited 70 times longer at the
// 99th percentile, for locks that SQLite polls.
func openSQLite(ctx context.Context, name string) (*Store, error) {
	path, extra, _ := strings.Cut(name, "?")
	if path == "" || strings.Contains(path, ":memory:") {
		return nil, errors.New("a SQLite database needs a file: sqlite:PATH")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	_, err := os.Stat(path)
	isNew := errors.Is(err, os.ErrNotExist)
	w, err := sql.Open("sqlite", sqliteDSN(path, extra, sqliteWriter)+"&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	w.SetMaxOpenConns(1)
	r, err := sql.Open("sqlite", sqliteDSN(path, extra, sqliteReader))
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	readers := max(4, runtime.NumCPU())
	r.SetMaxOpenConns(readers)
	r.SetMaxIdleConns(readers)
	// Readers first: the last connection to close checkpoints, which a
	// query_only one cannot.
	closePools := func() error { return errors.Join(r.Close(), w.Close()) }
	if err := connect(ctx, w); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), closePools())
	}
	if isNew { // it holds what people said; -wal and -shm take their mode from it
		if err := os.Chmod(path, 0o600); err != nil {
			return nil, errors.Join(err, closePools())
		}
	}
	return &Store{read: r, write: w, engine: sqliteEngine, closePools: closePools}, nil
}

// connect opens the first connection. Switching a new file to WAL takes it
// alone, and for that SQLite does not wait by busy_timeout: of eight processes
// that start together some are told that it is locked.
func connect(ctx context.Context, db *sql.DB) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	for {
		err := db.PingContext(ctx)
		var e *sqlite.Error
		if !errors.As(err, &e) || e.Code()&0xff != lib.SQLITE_BUSY {
			return err
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return err
		}
	}
}

func sqliteDSN(path, extra string, pragmas []string) string {
	path = strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	var b strings.Builder
	b.WriteString("file:" + path + "?")
	for _, p := range append(sqliteShared[:len(sqliteShared):len(sqliteShared)], pragmas...) {
		b.WriteString("_pragma=" + url.QueryEscape(p) + "&")
	}
	return b.String() + extra
}

func sqliteKind(err error) survey.Kind {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return survey.Internal
	}
	switch e.Code() {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY, lib.SQLITE_CONSTRAINT_ROWID:
		return survey.Conflict
	case lib.SQLITE_CONSTRAINT_FOREIGNKEY:
		return survey.NotFound
	}
	switch e.Code() & 0xff { // the low byte is the family
	case lib.SQLITE_FULL, lib.SQLITE_IOERR, lib.SQLITE_BUSY, lib.SQLITE_LOCKED, lib.SQLITE_CANTOPEN,
		lib.SQLITE_NOMEM, lib.SQLITE_READONLY, lib.SQLITE_INTERRUPT, lib.SQLITE_PROTOCOL:
		return survey.Unavailable
	}
	return survey.Internal
}
