package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrate applies the files of migrations that the database has not seen. A
// name ending in .sqlite.sql or .postgres.sql is for that engine alone.
func (s *Store) migrate(ctx context.Context) error {
	p, err := s.migrations()
	if err != nil {
		return err
	}
	return s.engine.migrating(ctx, s.write, func() error { return up(ctx, p) })
}

// up applies what is missing. Where the engine does not keep other processes
// out, losing a race shows as an error after somebody else has moved the
// schema; then there is less left to do.
func up(ctx context.Context, p *goose.Provider) error {
	before := int64(-1)
	for {
		current, target, err := p.GetVersions(ctx)
		switch {
		case err != nil:
			return fmt.Errorf("read the schema's version: %w", err)
		case current > target:
			return fmt.Errorf("the database has schema %d, this program knows %d: use a newer version of sipas", current, target)
		case current == target:
			return nil
		}
		_, err = p.Up(ctx)
		if err == nil {
			return nil
		}
		if now, verr := p.GetDBVersion(ctx); verr != nil || now == current && current == before {
			return fmt.Errorf("migrate: %w", err)
		}
		before = current
	}
}

func (s *Store) migrations() (*goose.Provider, error) {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return nil, err
	}
	var others []string
	err = fs.WalkDir(files, ".", func(name string, _ fs.DirEntry, err error) error {
		if parts := strings.Split(name, "."); len(parts) == 3 && parts[1] != s.engine.name {
			others = append(others, name)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return newProvider(s.engine.dialect, s.write, files, others)
}

func newProvider(dialect string, db *sql.DB, files fs.FS, others []string) (*goose.Provider, error) {
	p, err := goose.NewProvider(goose.Dialect(dialect), db, files,
		goose.WithExcludeNames(others), goose.WithDisableGlobalRegistry(true), goose.WithTableName("schema_version"))
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return p, nil
}

// schema returns the version of the database and the one this program wants.
func (s *Store) schema(ctx context.Context) (current, wanted int64, err error) {
	p, err := s.migrations()
	if err != nil {
		return 0, 0, err
	}
	return p.GetVersions(ctx)
}
