package auth_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/auth"
	"sipas/internal/store"
	"sipas/internal/survey"
)

const right, wrong = "mật khẩu dài", "mật khẩu sai"

// desk is a service on a real database, with a clock that is moved by hand.
type desk struct {
	*auth.Service
	now time.Time
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	st, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "t.db"), store.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, st.Close()) })
	d := &desk{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	d.Service = auth.New(st, func() time.Time { return d.now }, nil)
	return d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, what string, err error, kind survey.Kind) {
	t.Helper()
	if err == nil || survey.KindOf(err) != kind {
		t.Errorf("%s: error %v, want kind %d", what, err, kind)
	}
}

func TestSessions(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	must(t, d.AddAccount(ctx, "ha", right, auth.Manager, "qn.ub"))
	cookie, account, err := d.Login(ctx, "ha", right, "here")
	must(t, err)
	if account.Name != "ha" || len(cookie) < 40 {
		t.Errorf("signed in as %q with %q", account.Name, cookie)
	}
	who, err := d.Who(ctx, cookie)
	must(t, err)
	if diff := cmp.Diff(auth.Principal{Name: "ha", Role: auth.Manager, Unit: "qn.ub"}, who); diff != "" {
		t.Error(diff)
	}
	_, err = d.Who(ctx, cookie+"x")
	wantKind(t, "another cookie", err, survey.Unsigned)

	d.now = d.now.Add(90 * time.Minute)
	_, err = d.Who(ctx, cookie) // which keeps the session alive
	must(t, err)
	d.now = d.now.Add(90 * time.Minute)
	_, err = d.Who(ctx, cookie)
	must(t, err)
	d.now = d.now.Add(2 * time.Hour)
	_, err = d.Who(ctx, cookie)
	wantKind(t, "two hours idle", err, survey.Unsigned)

	cookie, _, err = d.Login(ctx, "ha", right, "here")
	must(t, err)
	for range 11 {
		d.now = d.now.Add(time.Hour)
		_, err = d.Who(ctx, cookie)
		must(t, err)
	}
	d.now = d.now.Add(time.Hour)
	_, err = d.Who(ctx, cookie)
	wantKind(t, "twelve hours busy", err, survey.Unsigned)

	cookie, _, err = d.Login(ctx, "ha", right, "here")
	must(t, err)
	must(t, d.Logout(ctx, cookie))
	_, err = d.Who(ctx, cookie)
	wantKind(t, "signed out", err, survey.Unsigned)
}

func TestChangesEndSessions(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	must(t, d.AddAccount(ctx, "admin", right, auth.Admin, ""))
	must(t, d.AddAccount(ctx, "ha", right, auth.Auditor, ""))
	for name, change := range map[string]func() error{
		"another password": func() error { return d.SetPassword(ctx, "ha", right+right) },
		"disabled":         func() error { return d.Disable(ctx, "ha") },
	} {
		must(t, d.SetPassword(ctx, "ha", right))
		must(t, d.Enable(ctx, "ha"))
		cookie, _, err := d.Login(ctx, "ha", right, "here")
		must(t, err)
		must(t, change())
		_, err = d.Who(ctx, cookie)
		wantKind(t, name, err, survey.Unsigned)
		_, _, err = d.Login(ctx, "ha", right, "here")
		wantKind(t, "login after "+name, err, survey.Unsigned)
	}
	wantKind(t, "the last administrator", d.Disable(ctx, "admin"), survey.Conflict)
	wantKind(t, "nobody", d.Disable(ctx, "nobody"), survey.NotFound)
	wantKind(t, "nobody's password", d.SetPassword(ctx, "nobody", right), survey.NotFound)
}

func TestLoginLooksAlike(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	must(t, d.AddAccount(ctx, "admin", right, auth.Admin, ""))
	must(t, d.AddAccount(ctx, "off", right, auth.Auditor, ""))
	must(t, d.Disable(ctx, "off"))
	var texts []string
	for _, name := range []string{"admin", "nobody", "off", "", strings.Repeat("x", 1000)} {
		_, _, err := d.Login(ctx, name, wrong, "here")
		wantKind(t, name, err, survey.Unsigned)
		texts = append(texts, err.Error())
	}
	for _, text := range texts {
		if text != texts[0] {
			t.Errorf("%q and %q tell names apart", text, texts[0])
		}
	}
	_, _, err := d.Login(ctx, "off", right, "here")
	wantKind(t, "a disabled account with its password", err, survey.Unsigned)
}

func TestLoginThrottle(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	must(t, d.AddAccount(ctx, "admin", right, auth.Admin, ""))
	for range 11 { // who is right is not slowed
		_, _, err := d.Login(ctx, "admin", right, "here")
		must(t, err)
	}
	for range 10 {
		_, _, err := d.Login(ctx, "admin", wrong, "here")
		wantKind(t, "wrong", err, survey.Unsigned)
	}
	_, _, err := d.Login(ctx, "admin", right, "elsewhere")
	wantKind(t, "by name", err, survey.TooMany)
	d.now = d.now.Add(30 * time.Second)
	_, _, err = d.Login(ctx, "admin", right, "elsewhere")
	must(t, err)
}

func TestThrottledSource(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	must(t, d.AddAccount(ctx, "admin", right, auth.Admin, ""))
	var err error
	for i := range 61 {
		_, _, err = d.Login(ctx, fmt.Sprint("name", i), wrong, "bad place")
	}
	wantKind(t, "by source", err, survey.TooMany)
	for range 10 {
		_, _, err = d.Login(ctx, "admin", wrong, "bad place")
		wantKind(t, "still by source", err, survey.TooMany)
	}
	if _, _, err := d.Login(ctx, "admin", right, "elsewhere"); err != nil {
		t.Errorf("a source that was sent away locks out the others: %v", err)
	}
}

func TestNoNameIsNotRemembered(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	var err error
	for i := range 11 {
		_, _, err = d.Login(ctx, strings.Repeat("x", 60_000)+fmt.Sprint(i), wrong, fmt.Sprint("source ", i))
	}
	wantKind(t, "the eleventh name that nobody can have", err, survey.TooMany)
}

func TestAccounts(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	must(t, d.AddAccount(ctx, "ha", right, auth.Manager, "qn.ub"))
	wantKind(t, "the same name", d.AddAccount(ctx, "ha", right, auth.Admin, ""), survey.Conflict)
	for name, err := range map[string]error{
		"a bad name":        d.AddAccount(ctx, "hà", right, auth.Admin, ""),
		"an unknown role":   d.AddAccount(ctx, "x", right, "king", ""),
		"a manager of none": d.AddAccount(ctx, "x", right, auth.Manager, ""),
		"a short password":  d.AddAccount(ctx, "x", "1234567", auth.Admin, ""),
		"a long password":   d.AddAccount(ctx, "x", strings.Repeat("x", 201), auth.Admin, ""),
	} {
		wantKind(t, name, err, survey.Invalid)
	}
	all, err := d.Accounts(ctx)
	must(t, err)
	if len(all) != 1 || !strings.HasPrefix(all[0].Hash, "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(all[0].Hash, right) {
		t.Errorf("stored %+v", all)
	}
}

func TestTokens(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	token, err := d.AddToken(ctx, "robot", auth.Auditor, "qn")
	must(t, err)
	who, err := d.Bearer(ctx, token)
	must(t, err)
	if diff := cmp.Diff(auth.Principal{Name: "robot", Role: auth.Auditor, Unit: "qn"}, who); diff != "" {
		t.Error(diff)
	}
	_, err = d.AddToken(ctx, "robot", auth.Auditor, "")
	wantKind(t, "the same name", err, survey.Conflict)
	_, err = d.AddToken(ctx, "x", "king", "")
	wantKind(t, "an unknown role", err, survey.Invalid)
	_, err = d.Bearer(ctx, token[:len(token)-1])
	wantKind(t, "a cut token", err, survey.Unsigned)
	must(t, d.RevokeToken(ctx, "robot"))
	_, err = d.Bearer(ctx, token)
	wantKind(t, "a revoked token", err, survey.Unsigned)
	wantKind(t, "revoking nobody's", d.RevokeToken(ctx, "none"), survey.NotFound)
	all, err := d.Tokens(ctx)
	must(t, err)
	if len(all) != 1 || !all[0].RevokedAt.Equal(d.now) {
		t.Errorf("tokens %+v", all)
	}
}

func TestSees(t *testing.T) {
	tree := survey.NewTree([]survey.Unit{{Code: "qn"}, {Code: "qn.ub", Parent: "qn"}, {Code: "qn.ub.x", Parent: "qn.ub"}, {Code: "hn"}})
	for _, c := range []struct {
		who   auth.Principal
		sees  string
		can   bool // manage
		audit bool
	}{
		{auth.Principal{Role: auth.Admin}, "hn qn qn.ub qn.ub.x", true, true},
		{auth.Principal{Role: auth.Auditor}, "hn qn qn.ub qn.ub.x", false, true},
		{auth.Principal{Role: auth.Auditor, Unit: "qn.ub"}, "qn.ub qn.ub.x", false, true},
		{auth.Principal{Role: auth.Manager, Unit: "qn.ub"}, "qn.ub qn.ub.x", false, false},
		{auth.Principal{Role: auth.Manager}, "", false, false},
		{auth.Principal{}, "", false, false},
	} {
		var sees []string
		for _, u := range tree.All() {
			if c.who.Sees(tree, u.Code) {
				sees = append(sees, string(u.Code))
			}
		}
		if got := strings.Join(sees, " "); got != c.sees || c.who.CanManage() != c.can || c.who.CanAudit() != c.audit {
			t.Errorf("%+v sees %q, manages %v, audits %v", c.who, got, c.who.CanManage(), c.who.CanAudit())
		}
	}
}
