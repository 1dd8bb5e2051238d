package store

import (
	"context"
	"database/sql"
	"time"

	"sipas/internal/auth"
)

// Session returns the session of a cookie; NotFound if there is none.
func (s *Store) Session(ctx context.Context, d auth.Digest) (auth.Session, error) {
	x := auth.Session{Digest: d}
	var created, seen, expires int64
	err := s.read.QueryRowContext(ctx, `SELECT account, created_at, seen_at, expires_at FROM session WHERE digest = $1`, d[:]).
		Scan(&x.Account, &created, &seen, &expires)
	if err != nil {
		return auth.Session{}, s.fail("store.Session", err)
	}
	x.CreatedAt, x.SeenAt, x.ExpiresAt = timeOf(created), timeOf(seen), timeOf(expires)
	return x, nil
}

const putSession = `
INSERT INTO session (digest, account, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $5)`

// PutSession adds a session; Conflict if its digest is taken, NotFound for an
// unknown account.
func (s *Store) PutSession(ctx context.Context, x auth.Session) error {
	return s.alter(ctx, "store.PutSession", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, putSession, x.Digest[:], x.Account,
			x.CreatedAt.UnixMilli(), x.SeenAt.UnixMilli(), x.ExpiresAt.UnixMilli())
		return err
	})
}

// RenewSession moves SeenAt and ExpiresAt of a session. One that has ended
// meanwhile stays ended.
func (s *Store) RenewSession(ctx context.Context, x auth.Session) error {
	return s.alter(ctx, "store.RenewSession", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE session SET seen_at = $2, expires_at = $3 WHERE digest = $1`,
			x.Digest[:], x.SeenAt.UnixMilli(), x.ExpiresAt.UnixMilli())
		return err
	})
}

// DeleteSession ends a session; there need not be one.
func (s *Store) DeleteSession(ctx context.Context, d auth.Digest) error {
	return s.alter(ctx, "store.DeleteSession", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM session WHERE digest = $1`, d[:])
		return err
	})
}

// ExpireSessions removes every session that expired before now.
func (s *Store) ExpireSessions(ctx context.Context, now time.Time) error {
	return s.alter(ctx, "store.ExpireSessions", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM session WHERE expires_at < $1`, now.UnixMilli())
		return err
	})
}
