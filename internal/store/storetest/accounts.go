package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/auth"
	"sipas/internal/store"
	"sipas/internal/survey"
)

var (
	anna = auth.Account{Name: "anna", Role: auth.Admin, Hash: "$argon2id$1", CreatedAt: at(0)}
	binh = auth.Account{Name: "binh", Role: auth.Manager, Unit: "p.d1", Hash: "$argon2id$2", Disabled: true, CreatedAt: at(1)}
)

func accounts(t *testing.T, s *store.Store) {
	ctx := t.Context()
	must(t, s.PutAccount(ctx, binh))
	must(t, s.PutAccount(ctx, anna))
	wantKind(t, "a name taken", s.PutAccount(ctx, anna), survey.Conflict)
	all, err := s.Accounts(ctx)
	must(t, err)
	if d := cmp.Diff([]auth.Account{anna, binh}, all); d != "" {
		t.Errorf("Accounts (-want +got):\n%s", d)
	}
	_, err = s.Account(ctx, "nobody")
	wantKind(t, "no account", err, survey.NotFound)

	x := auth.Session{Digest: auth.Digest{1}, Account: "anna", CreatedAt: at(0), SeenAt: at(0), ExpiresAt: at(60)}
	must(t, s.PutSession(ctx, x))
	refused := errors.New("refused")
	if err := s.UpdateAccount(ctx, "anna", func(a *auth.Account) error { a.Hash = "x"; return refused }); !errors.Is(err, refused) {
		t.Errorf("error %v, want the one of change", err)
	}
	_, err = s.Session(ctx, x.Digest)
	must(t, err) // nothing happened
	must(t, s.UpdateAccount(ctx, "anna", func(a *auth.Account) error { a.Hash, a.Name = "$argon2id$9", "other"; return nil }))
	want := anna
	want.Hash = "$argon2id$9"
	got, err := s.Account(ctx, "anna")
	must(t, err)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("updated (-want +got):\n%s", d)
	}
	_, err = s.Session(ctx, x.Digest)
	wantKind(t, "a session after the password changed", err, survey.NotFound)
	wantKind(t, "update of nobody", s.UpdateAccount(ctx, "nobody", func(*auth.Account) error { return nil }), survey.NotFound)
}

func sessions(t *testing.T, s *store.Store) {
	ctx := t.Context()
	must(t, s.PutAccount(ctx, anna))
	old := auth.Session{Digest: auth.Digest{1}, Account: "anna", CreatedAt: at(0), SeenAt: at(1), ExpiresAt: at(60)}
	young := auth.Session{Digest: auth.Digest{2}, Account: "anna", CreatedAt: at(0), SeenAt: at(2), ExpiresAt: at(120)}
	must(t, s.PutSession(ctx, old))
	must(t, s.PutSession(ctx, young))
	old.SeenAt, old.ExpiresAt = at(30), at(90)
	wantKind(t, "a digest twice", s.PutSession(ctx, old), survey.Conflict)
	must(t, s.RenewSession(ctx, old))
	for _, want := range []auth.Session{old, young} {
		got, err := s.Session(ctx, want.Digest)
		must(t, err)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("Session (-want +got):\n%s", d)
		}
	}
	must(t, s.ExpireSessions(ctx, at(90))) // not yet: it expires after this moment, not before
	_, err := s.Session(ctx, old.Digest)
	must(t, err)
	must(t, s.ExpireSessions(ctx, at(90).Add(time.Millisecond)))
	_, err = s.Session(ctx, old.Digest)
	wantKind(t, "an expired session", err, survey.NotFound)
	must(t, s.DeleteSession(ctx, young.Digest))
	must(t, s.DeleteSession(ctx, young.Digest))
	_, err = s.Session(ctx, young.Digest)
	wantKind(t, "a deleted session", err, survey.NotFound)
	must(t, s.RenewSession(ctx, young)) // as a request under way while somebody signs out
	_, err = s.Session(ctx, young.Digest)
	wantKind(t, "a deleted session that was renewed", err, survey.NotFound)
	nobody := auth.Session{Digest: auth.Digest{3}, Account: "nobody", CreatedAt: at(0), SeenAt: at(0), ExpiresAt: at(1)}
	wantKind(t, "a session of nobody", s.PutSession(ctx, nobody), survey.NotFound)
}

func tokens(t *testing.T, s *store.Store) {
	ctx := t.Context()
	bot := auth.Token{Name: "bot", Role: auth.Auditor, Digest: auth.Digest{7}, CreatedAt: at(0)}
	app := auth.Token{Name: "app", Role: auth.Manager, Unit: "p", Digest: auth.Digest{8}, CreatedAt: at(1)}
	must(t, s.PutToken(ctx, bot))
	must(t, s.PutToken(ctx, app))
	wantKind(t, "a name taken", s.PutToken(ctx, auth.Token{Name: "bot", Digest: auth.Digest{9}}), survey.Conflict)
	must(t, s.RevokeToken(ctx, "bot", at(5)))
	must(t, s.RevokeToken(ctx, "bot", at(9))) // it keeps its time
	bot.RevokedAt = at(5)
	wantKind(t, "revoke no token", s.RevokeToken(ctx, "nothing", at(5)), survey.NotFound)
	all, err := s.Tokens(ctx)
	must(t, err)
	if d := cmp.Diff([]auth.Token{app, bot}, all); d != "" {
		t.Errorf("Tokens (-want +got):\n%s", d)
	}
	got, err := s.Token(ctx, bot.Digest)
	must(t, err)
	if d := cmp.Diff(bot, got); d != "" {
		t.Errorf("Token (-want +got):\n%s", d)
	}
	_, err = s.Token(ctx, auth.Digest{1})
	wantKind(t, "no token", err, survey.NotFound)
}
