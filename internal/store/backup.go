package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"sipas/internal/survey"
)

// Backup writes a consistent copy of the database to file, which must not
// exist, while others read and write. It is there whole, or not at all.
func (s *Store) Backup(ctx context.Context, file string) error {
	return s.fail("store.Backup", s.engine.backup(ctx, s, file))
}

func backupPostgres(context.Context, *Store, string) error {
	return &survey.Error{
		Kind: survey.Invalid, Op: "store.Backup", Key: "backup.use_pg_dump",
		Err: errors.New("a PostgreSQL database is backed up with pg_dump, or by the cluster's own means"),
	}
}

func backupSQLite(ctx context.Context, s *Store, file string) error {
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return &survey.Error{Kind: survey.Conflict, Op: "store.Backup", Key: "backup.exists", Args: []any{file}, Err: err}
	}
	part := file + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	defer func() { _ = os.Remove(part) }()
	// Private from the first byte on; VACUUM INTO accepts an empty file.
	f, err := os.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := vacuumInto(ctx, s, part); err != nil {
		return err
	}
	if err := flush(part); err != nil {
		return err
	}
	// Link refuses an existing name, Rename would not.
	if err := os.Link(part, file); err != nil {
		return err
	}
	return flush(filepath.Dir(file))
}

// vacuumInto copies through a connection of its own: it may neither be
// query_only nor hold up the writer.
func vacuumInto(ctx context.Context, s *Store, file string) error {
	return s.onConn(ctx, func(conn *sql.Conn) error {
		if _, err := conn.ExecContext(ctx, `PRAGMA query_only = 0`); err != nil {
			return err
		}
		_, err := conn.ExecContext(ctx, `VACUUM INTO $1`, file)
		_, back := conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA query_only = 1`)
		return errors.Join(err, back)
	})
}

func flush(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", path, err)
	}
	return nil
}
