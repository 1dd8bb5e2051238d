package auth

import (
	"context"
	"fmt"
	"slices"

	"sipas/internal/survey"
)

// tokenPrefix makes a token easy to recognise where it should not be.
const tokenPrefix = "sipas_"

// AddAccount adds an account. Errors: Invalid with Fields, Conflict for a name
// that is taken. Whether the unit exists is for the caller to know.
func (s *Service) AddAccount(ctx context.Context, name, password string, role Role, unit survey.UnitCode) error {
	const op = "auth.AddAccount"
	if bad := check(name, role, unit); len(bad) > 0 {
		return &survey.Error{Kind: survey.Invalid, Op: op, Fields: bad}
	}
	hash, err := s.hash(ctx, password)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	err = s.store.PutAccount(ctx, Account{Name: name, Role: role, Unit: unit, Hash: hash, CreatedAt: s.now()})
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// check reports what is wrong with the frame of an account or a token.
func check(name string, role Role, unit survey.UnitCode) (bad []survey.FieldError) {
	if !survey.CodeOK(name) {
		bad = append(bad, survey.FieldError{Field: "name", Key: "account.bad_name"})
	}
	if !slices.Contains(Roles, role) {
		bad = append(bad, survey.FieldError{Field: "role", Key: "account.unknown_role", Args: []any{string(role)}})
	}
	if role == Manager && unit == "" {
		bad = append(bad, survey.FieldError{Field: "unit", Key: "account.needs_unit"})
	}
	return bad
}

// SetPassword gives an account another password and ends its sessions. It is
// NotFound for an unknown name.
func (s *Service) SetPassword(ctx context.Context, name, password string) error {
	const op = "auth.SetPassword"
	hash, err := s.hash(ctx, password)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	err = s.store.UpdateAccount(ctx, name, func(a *Account) error { a.Hash = hash; return nil })
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// Disable shuts an account out and ends its sessions. It is NotFound for an
// unknown name. Nobody can shut out the last account that may manage: that is
// a Conflict.
func (s *Service) Disable(ctx context.Context, name string) error {
	const op = "auth.Disable"
	all, err := s.Accounts(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	others := slices.ContainsFunc(all, func(a Account) bool { return a.Name != name && a.Role == Admin && !a.Disabled })
	err = s.store.UpdateAccount(ctx, name, func(a *Account) error {
		if a.Role == Admin && !others {
			return &survey.Error{Kind: survey.Conflict, Op: op, Key: "account.last_admin"}
		}
		a.Disabled = true
		return nil
	})
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// Enable lets a disabled account in again. It is NotFound for an unknown name.
func (s *Service) Enable(ctx context.Context, name string) error {
	err := s.store.UpdateAccount(ctx, name, func(a *Account) error { a.Disabled = false; return nil })
	if err != nil {
		return fmt.Errorf("auth.Enable: %w", err)
	}
	return nil
}

// Accounts returns every account, by name.
func (s *Service) Accounts(ctx context.Context) ([]Account, error) {
	all, err := s.store.Accounts(ctx)
	if err != nil {
		return nil, fmt.Errorf("auth.Accounts: %w", err)
	}
	return all, nil
}

// AddToken adds a token and returns it. It is not stored and cannot be shown
// again. Errors: Invalid with Fields, Conflict for a name that is taken.
func (s *Service) AddToken(ctx context.Context, name string, role Role, unit survey.UnitCode) (string, error) {
	const op = "auth.AddToken"
	if bad := check(name, role, unit); len(bad) > 0 {
		return "", &survey.Error{Kind: survey.Invalid, Op: op, Fields: bad}
	}
	text, digest, err := s.secret(tokenPrefix)
	if err != nil {
		return "", fmt.Errorf("%s: %w", op, err)
	}
	err = s.store.PutToken(ctx, Token{Name: name, Role: role, Unit: unit, Digest: digest, CreatedAt: s.now()})
	if err != nil {
		return "", fmt.Errorf("%s: %w", op, err)
	}
	return text, nil
}

// RevokeToken makes a token worthless. It is NotFound for an unknown name.
func (s *Service) RevokeToken(ctx context.Context, name string) error {
	if err := s.store.RevokeToken(ctx, name, s.now()); err != nil {
		return fmt.Errorf("auth.RevokeToken: %w", err)
	}
	return nil
}

// Tokens returns every token, by name.
func (s *Service) Tokens(ctx context.Context) ([]Token, error) {
	all, err := s.store.Tokens(ctx)
	if err != nil {
		return nil, fmt.Errorf("auth.Tokens: %w", err)
	}
	return all, nil
}
