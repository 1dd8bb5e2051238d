package store

import (
	"cmp"
	"context"
	"database/sql"
	"time"

	"sipas/internal/auth"
)

// Token returns the token with digest d, revoked or not; NotFound if there is
// none.
func (s *Store) Token(ctx context.Context, d auth.Digest) (auth.Token, error) {
	found, err := s.loadTokens(ctx, ` WHERE digest = $1`, d[:])
	if err == nil && len(found) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return auth.Token{}, s.fail("store.Token", err)
	}
	return found[0], nil
}

// Tokens returns every token, by name.
func (s *Store) Tokens(ctx context.Context) ([]auth.Token, error) {
	all, err := s.loadTokens(ctx, ` ORDER BY name`)
	return all, s.fail("store.Tokens", err)
}

func (s *Store) loadTokens(ctx context.Context, where string, args ...any) ([]auth.Token, error) {
	var all []auth.Token
	err := each(ctx, s.read, func(rows *sql.Rows) error {
		var t auth.Token
		var digest []byte
		var created int64
		var revoked sql.NullInt64
		err := rows.Scan(&t.Name, &t.Role, &t.Unit, &digest, &created, &revoked)
		copy(t.Digest[:], digest)
		t.CreatedAt, t.RevokedAt = timeOf(created), moment(revoked)
		all = append(all, t)
		return err
	}, `SELECT name, role, unit, digest, created_at, revoked_at FROM token`+where, args...)
	return all, err
}

// PutToken adds a token; Conflict if the name is taken.
func (s *Store) PutToken(ctx context.Context, t auth.Token) error {
	return s.alter(ctx, "store.PutToken", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO token (name, role, unit, digest, created_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			t.Name, string(t.Role), string(t.Unit), t.Digest[:], t.CreatedAt.UnixMilli(), instant(t.RevokedAt))
		return err
	})
}

// RevokeToken marks a token as revoked at at; one that was revoked before
// keeps its time. NotFound if there is no such token.
func (s *Store) RevokeToken(ctx context.Context, name string, at time.Time) error {
	return s.alter(ctx, "store.RevokeToken", func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE token SET revoked_at = COALESCE(revoked_at, $2) WHERE name = $1`, name, at.UnixMilli())
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return cmp.Or(err, error(sql.ErrNoRows))
		}
		return nil
	})
}
