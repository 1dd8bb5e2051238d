package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"time"

	"sipas/internal/survey"
	"sipas/internal/throttle"
)

// How long a session lasts.
const (
	sessionLife = 12 * time.Hour
	sessionIdle = 2 * time.Hour
	seenStep    = 5 * time.Minute // how exact SeenAt is; each step is a write
)

// How often one may be wrong. A whole office may sit behind one source.
const (
	triesPerName, nameRefill     = 10, 1.0 / 30
	triesPerSource, sourceRefill = 60, 1.0 / 5
	throttleRoom                 = 10_000
)

// Service signs people in and checks cookies and tokens.
type Service struct {
	store   Store
	now     func() time.Time
	random  io.Reader
	names   *throttle.Buckets
	sources *throttle.Buckets
	hashing chan struct{} // as many as may compute argon2id at once
}

// New returns a service on store. random gives the bits of salts, cookies and
// tokens; nil means crypto/rand.
func New(store Store, now func() time.Time, random io.Reader) *Service {
	if random == nil {
		random = rand.Reader
	}
	return &Service{
		store: store, now: now, random: random,
		names:   throttle.New(nameRefill, triesPerName, throttleRoom),
		sources: throttle.New(sourceRefill, triesPerSource, throttleRoom),
		hashing: make(chan struct{}, parallelHashes),
	}
}

// Login checks name and password and begins a session. source says where the
// attempt comes from, in whatever form; it is only compared. Errors: Unsigned
// for a wrong name, a wrong password and a disabled account alike, TooMany
// after too many of these.
func (s *Service) Login(ctx context.Context, name, password, source string) (cookie string, a Account, err error) {
	const op = "auth.Login"
	now := s.now()
	if !survey.CodeOK(name) {
		name = "" // nobody's either; and what is no name is not remembered
	}
	// The source first: one that has to wait uses up no name's tries.
	wait, forgiveSource := s.sources.Take(source, 1, now)
	forgiveName := func() {}
	if wait == 0 {
		wait, forgiveName = s.names.Take(name, 1, now)
	}
	if wait > 0 {
		return "", Account{}, &survey.Error{Kind: survey.TooMany, Op: op, Key: "login.too_many", After: wait}
	}
	a, err = s.store.Account(ctx, name)
	known := err == nil
	if !known && survey.KindOf(err) != survey.NotFound {
		return "", Account{}, fmt.Errorf("%s: %w", op, err)
	}
	hash := a.Hash
	if !known {
		hash = nobodysHash // as much work as for somebody
	}
	right, err := s.verify(ctx, hash, password)
	if err != nil {
		return "", Account{}, fmt.Errorf("%s: %w", op, err)
	}
	if !right || !known || a.Disabled {
		return "", Account{}, &survey.Error{Kind: survey.Unsigned, Op: op, Key: "login.wrong"}
	}
	forgiveName()
	forgiveSource()
	cookie, digest, err := s.secret("")
	if err != nil {
		return "", Account{}, fmt.Errorf("%s: %w", op, err)
	}
	if err := s.store.ExpireSessions(ctx, now); err != nil {
		return "", Account{}, fmt.Errorf("%s: %w", op, err)
	}
	session := Session{Digest: digest, Account: a.Name, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(sessionIdle)}
	if err := s.store.PutSession(ctx, session); err != nil {
		return "", Account{}, fmt.Errorf("%s: %w", op, err)
	}
	return cookie, a, nil
}

// Logout ends the session of cookie, if there is one.
func (s *Service) Logout(ctx context.Context, cookie string) error {
	if err := s.store.DeleteSession(ctx, digestOf(cookie)); err != nil {
		return fmt.Errorf("auth.Logout: %w", err)
	}
	return nil
}

// Who returns who is signed in with cookie. It is Unsigned when nobody is.
func (s *Service) Who(ctx context.Context, cookie string) (Principal, error) {
	const op = "auth.Who"
	now := s.now()
	session, err := s.store.Session(ctx, digestOf(cookie))
	if err != nil {
		return Principal{}, unsigned(op, err)
	}
	if !now.Before(session.ExpiresAt) {
		return Principal{}, &survey.Error{Kind: survey.Unsigned, Op: op}
	}
	a, err := s.store.Account(ctx, session.Account)
	if err != nil {
		return Principal{}, unsigned(op, err)
	}
	if a.Disabled {
		return Principal{}, &survey.Error{Kind: survey.Unsigned, Op: op}
	}
	if now.Sub(session.SeenAt) >= seenStep {
		session.SeenAt = now
		session.ExpiresAt = now.Add(sessionIdle)
		if end := session.CreatedAt.Add(sessionLife); session.ExpiresAt.After(end) {
			session.ExpiresAt = end
		}
		if err := s.store.RenewSession(ctx, session); err != nil {
			return Principal{}, fmt.Errorf("%s: %w", op, err)
		}
	}
	return Principal{a.Name, a.Role, a.Unit}, nil
}

// Bearer returns whose token this is. It is Unsigned for an unknown or revoked
// one.
func (s *Service) Bearer(ctx context.Context, token string) (Principal, error) {
	const op = "auth.Bearer"
	t, err := s.store.Token(ctx, digestOf(token))
	if err != nil {
		return Principal{}, unsigned(op, err)
	}
	if !t.RevokedAt.IsZero() {
		return Principal{}, &survey.Error{Kind: survey.Unsigned, Op: op, Key: "login.token_revoked"}
	}
	return Principal{t.Name, t.Role, t.Unit}, nil
}

// unsigned turns NotFound into Unsigned and passes on every other error.
func unsigned(op string, err error) error {
	if survey.KindOf(err) == survey.NotFound {
		return &survey.Error{Kind: survey.Unsigned, Op: op}
	}
	return fmt.Errorf("%s: %w", op, err)
}

// secret makes 256 random bits for a client, and what is stored of them.
func (s *Service) secret(prefix string) (text string, d Digest, err error) {
	var b [32]byte
	if _, err := io.ReadFull(s.random, b[:]); err != nil {
		return "", Digest{}, fmt.Errorf("auth: random bits: %w", err)
	}
	text = prefix + base64.RawURLEncoding.EncodeToString(b[:])
	return text, digestOf(text), nil
}

func digestOf(secret string) Digest { return sha256.Sum256([]byte(secret)) }
