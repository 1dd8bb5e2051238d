package store

import (
	"context"
	"database/sql"
)

// Setting returns the value stored under key; NotFound if there is none.
func (s *Store) Setting(ctx context.Context, key string) ([]byte, error) {
	var value []byte
	err := s.read.QueryRowContext(ctx, `SELECT value FROM setting WHERE key = $1`, key).Scan(&value)
	return value, s.fail("store.Setting", err)
}

// SetSettingOnce stores value under key unless there is a value already, and
// returns the one that stands: every node gets the same.
func (s *Store) SetSettingOnce(ctx context.Context, key string, value []byte) (stored []byte, err error) {
	err = s.alter(ctx, "store.SetSettingOnce", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING`,
			key, append([]byte{}, value...))
		if err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT value FROM setting WHERE key = $1`, key).Scan(&stored)
	})
	return stored, err
}
