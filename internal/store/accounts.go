package store

import (
	"context"
	"database/sql"

	"sipas/internal/auth"
)

const accountColumns = `name, role, unit, hash, disabled, created_at`

// Account returns the account called name; NotFound if there is none.
func (s *Store) Account(ctx context.Context, name string) (auth.Account, error) {
	a, err := loadAccount(ctx, s.read, name)
	return a, s.fail("store.Account", err)
}

// Accounts returns every account, by name.
func (s *Store) Accounts(ctx context.Context) ([]auth.Account, error) {
	all, err := loadAccounts(ctx, s.read, ` ORDER BY name`)
	return all, s.fail("store.Accounts", err)
}

func loadAccount(ctx context.Context, q querier, name string) (auth.Account, error) {
	found, err := loadAccounts(ctx, q, ` WHERE name = $1`, name)
	switch {
	case err != nil:
		return auth.Account{}, err
	case len(found) == 0:
		return auth.Account{}, sql.ErrNoRows
	}
	return found[0], nil
}

func loadAccounts(ctx context.Context, q querier, where string, args ...any) ([]auth.Account, error) {
	var all []auth.Account
	err := each(ctx, q, func(rows *sql.Rows) error {
		var a auth.Account
		var created int64
		err := rows.Scan(&a.Name, &a.Role, &a.Unit, &a.Hash, &a.Disabled, &created)
		a.CreatedAt = timeOf(created)
		all = append(all, a)
		return err
	}, `SELECT `+accountColumns+` FROM account`+where, args...)
	return all, err
}

// PutAccount adds an account; Conflict if the name is taken.
func (s *Store) PutAccount(ctx context.Context, a auth.Account) error {
	return s.alter(ctx, "store.PutAccount", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO account (`+accountColumns+`) VALUES ($1, $2, $3, $4, $5, $6)`, accountValues(a)...)
		return err
	})
}

func accountValues(a auth.Account) []any {
	return []any{a.Name, string(a.Role), string(a.Unit), a.Hash, bit(a.Disabled), a.CreatedAt.UnixMilli()}
}

// UpdateAccount loads an account, lets change alter it, saves it and ends
// every session of it, in one transaction; nothing happens if change returns
// an error. The name cannot be changed. NotFound if there is no such account.
func (s *Store) UpdateAccount(ctx context.Context, name string, change func(*auth.Account) error) error {
	// change, not alter: two nodes must not save over each other.
	return s.change(ctx, "store.UpdateAccount", func(tx *sql.Tx) error {
		a, err := loadAccount(ctx, tx, name)
		if err != nil {
			return err
		}
		if err := change(&a); err != nil {
			return err
		}
		a.Name = name
		_, err = tx.ExecContext(ctx, `
			UPDATE account SET role = $2, unit = $3, hash = $4, disabled = $5, created_at = $6 WHERE name = $1`, accountValues(a)...)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM session WHERE account = $1`, name)
		return err
	})
}
