// Package auth knows who is asking: accounts with passwords and sessions for
// people, tokens for programs, and what each of them may do.
//
// Nothing that would let in who reads the database is stored: passwords as
// argon2id, session cookies and tokens as SHA-256 of 256 random bits.
package auth

import (
	"context"
	"time"

	"sipas/internal/survey"
)

// Role is what an account or a token may do.
type Role string

// The roles.
const (
	Admin   Role = "admin"   // sees and changes everything
	Manager Role = "manager" // sees the figures of one subtree
	Auditor Role = "auditor" // sees everything, raw responses too; changes nothing
)

// Roles lists every role.
var Roles = []Role{Admin, Manager, Auditor}

// Account is a person who signs in with a password.
type Account struct {
	Name      string
	Role      Role
	Unit      survey.UnitCode // the root of what is seen; empty: everything
	Hash      string          // argon2id in PHC form
	Disabled  bool
	CreatedAt time.Time
}

// Digest is the SHA-256 of a cookie or of a token.
type Digest [32]byte

// Session is a person signed in at one browser.
type Session struct {
	Digest    Digest // of the cookie
	Account   string
	CreatedAt time.Time
	SeenAt    time.Time // within a few minutes
	ExpiresAt time.Time
}

// Token lets a program in.
type Token struct {
	Name      string
	Role      Role
	Unit      survey.UnitCode
	Digest    Digest
	CreatedAt time.Time
	RevokedAt time.Time // zero while it is good
}

// AccountStore keeps accounts.
type AccountStore interface {
	// Account returns the account called name; NotFound if there is none.
	Account(ctx context.Context, name string) (Account, error)
	// Accounts returns every account, by name.
	Accounts(ctx context.Context) ([]Account, error)
	// PutAccount adds an account; Conflict if the name is taken.
	PutAccount(ctx context.Context, a Account) error
	// UpdateAccount loads an account, lets change alter it, saves it and ends
	// every session of it, in one transaction; nothing happens if change returns
	// an error.
	UpdateAccount(ctx context.Context, name string, change func(*Account) error) error
}

// SessionStore keeps sessions.
type SessionStore interface {
	// Session returns the session of a cookie; NotFound if there is none.
	Session(ctx context.Context, d Digest) (Session, error)
	// PutSession adds a session; Conflict if its digest is taken.
	PutSession(ctx context.Context, s Session) error
	// RenewSession moves SeenAt and ExpiresAt of a session. One that has ended
	// meanwhile stays ended.
	RenewSession(ctx context.Context, s Session) error
	// DeleteSession ends a session; there need not be one.
	DeleteSession(ctx context.Context, d Digest) error
	// ExpireSessions removes every session that expired before now.
	ExpireSessions(ctx context.Context, now time.Time) error
}

// TokenStore keeps tokens.
type TokenStore interface {
	// Token returns the token with digest d, revoked or not; NotFound if there
	// is none.
	Token(ctx context.Context, d Digest) (Token, error)
	// Tokens returns every token, by name.
	Tokens(ctx context.Context) ([]Token, error)
	// PutToken adds a token; Conflict if the name is taken.
	PutToken(ctx context.Context, t Token) error
	// RevokeToken marks a token as revoked at at; NotFound if there is none.
	RevokeToken(ctx context.Context, name string, at time.Time) error
}

// Store keeps all that Service needs.
type Store interface {
	AccountStore
	SessionStore
	TokenStore
}

// Principal is who is asking. The zero Principal is nobody.
type Principal struct {
	Name string
	Role Role
	Unit survey.UnitCode // the root of what is seen; empty: everything
}

// Known reports whether p is somebody.
func (p Principal) Known() bool { return p.Role != "" }

// CanManage reports whether p may change waves, points and accounts.
func (p Principal) CanManage() bool { return p.Role == Admin }

// CanAudit reports whether p may take out raw responses.
func (p Principal) CanAudit() bool { return p.Role == Admin || p.Role == Auditor }

// Sees reports whether p may see the figures of unit. A manager of no unit
// sees nothing.
func (p Principal) Sees(tree *survey.Tree, unit survey.UnitCode) bool {
	switch {
	case !p.Known():
		return false
	case p.Unit == "":
		return p.Role != Manager
	}
	return tree.Within(unit, p.Unit)
}
