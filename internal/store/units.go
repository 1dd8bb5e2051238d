package store

import (
	"context"
	"database/sql"
	"errors"

	"sipas/internal/survey"
)

// changeCatalog is change for what the Catalog holds: it moves its version, so
// that every node sees the change.
func (s *Store) changeCatalog(ctx context.Context, op string, f func(*sql.Tx) error) error {
	return s.change(ctx, op, func(tx *sql.Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE catalog SET version = version + 1`)
		return err
	})
}

// putAll runs one statement for each of n rows; bind returns the row's values.
func putAll(ctx context.Context, tx *sql.Tx, statement string, n int, bind func(i int) []any) (err error) {
	stmt, err := tx.PrepareContext(ctx, statement)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stmt.Close()) }()
	for i := range n {
		if _, err := stmt.ExecContext(ctx, bind(i)...); err != nil {
			return err
		}
	}
	return nil
}

const putUnit = `
INSERT INTO unit (code, name, kind, parent, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, kind = excluded.kind, parent = excluded.parent,
  valid_from = excluded.valid_from, valid_to = excluded.valid_to`

// PutUnits adds or replaces units, parents and children in any order. It is
// NotFound when a parent is not there in the end.
func (s *Store) PutUnits(ctx context.Context, units []survey.Unit) error {
	return s.changeCatalog(ctx, "store.PutUnits", func(tx *sql.Tx) error {
		return putAll(ctx, tx, putUnit, len(units), func(i int) []any {
			u := units[i]
			return []any{string(u.Code), u.Name, string(u.Kind), orNull(u.Parent), int64(u.ValidFrom), int64(u.ValidTo)}
		})
	})
}

const putSuccession = `
INSERT INTO succession (from_unit, to_unit, whole, on_day, legal_basis, share) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (from_unit, to_unit) DO UPDATE SET whole = excluded.whole, on_day = excluded.on_day,
  legal_basis = excluded.legal_basis, share = excluded.share`

// PutSuccessions adds or replaces successions; NotFound for an unknown unit.
func (s *Store) PutSuccessions(ctx context.Context, all []survey.Succession) error {
	return s.changeCatalog(ctx, "store.PutSuccessions", func(tx *sql.Tx) error {
		return putAll(ctx, tx, putSuccession, len(all), func(i int) []any {
			x := all[i]
			return []any{string(x.From), string(x.To), bit(x.Whole), int64(x.On), x.LegalBasis, x.Share}
		})
	})
}

const putService = `
INSERT INTO service (code, name, field, owner) VALUES ($1, $2, $3, $4)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, field = excluded.field, owner = excluded.owner`

// PutServices adds or replaces services; NotFound for an unknown owner.
func (s *Store) PutServices(ctx context.Context, all []survey.Service) error {
	return s.changeCatalog(ctx, "store.PutServices", func(tx *sql.Tx) error {
		return putAll(ctx, tx, putService, len(all), func(i int) []any {
			x := all[i]
			return []any{string(x.Code), x.Name, x.Field, orNull(x.Owner)}
		})
	})
}

// orNull is what a reference that may be missing is stored as.
func orNull[S ~string](s S) any {
	if s == "" {
		return nil
	}
	return string(s)
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
