package challenge

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

var now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func issuer(secret string) *Issuer { return New([]byte(secret), rand.NewChaCha8([32]byte{1}), 100) }

// solved returns the proof of a challenge for point A and what it consists of.
func solved(t *testing.T, i *Issuer) (string, payload) {
	t.Helper()
	c, err := i.Challenge("A", 0, now)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := Solve(c)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := base64.StdEncoding.DecodeString(proof)
	if err != nil {
		t.Fatal(err)
	}
	var p payload
	if err := json.Unmarshal(raw, &p); err != nil {
		t.Fatal(err)
	}
	return proof, p
}

func TestRedeem(t *testing.T) {
	i := issuer("s")
	proof, _ := solved(t, i)
	if level, err := i.Redeem(proof, "A", now.Add(Lifetime-time.Second)); err != nil || level != 0 {
		t.Fatalf("level %d, %v", level, err)
	}
	if _, err := i.Redeem(proof, "A", now); !errors.Is(err, ErrSpent) {
		t.Errorf("shown twice: %v, want %v", err, ErrSpent)
	}
}

// Another node of the same deployment redeems what this one has asked for.
func TestSharedSecret(t *testing.T) {
	proof, _ := solved(t, issuer("s"))
	if _, err := issuer("s").Redeem(proof, "A", now); err != nil {
		t.Error(err)
	}
	if _, err := issuer("other").Redeem(proof, "A", now); !errors.Is(err, ErrForged) {
		t.Errorf("with another secret: %v", err)
	}
}

func TestRefuse(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*payload)
		what   string
		at     time.Duration
		want   error
	}{
		"too late":               {nil, "A", Lifetime, ErrExpired},
		"for another point":      {nil, "B", 0, ErrElsewhere},
		"for more points":        {func(p *payload) { p.Challenge.Parameters.Data.For = "B" }, "B", 0, ErrForged},
		"a later end":            {func(p *payload) { p.Challenge.Parameters.Data.Until += 1e6 }, "A", Lifetime, ErrForged},
		"a higher level":         {func(p *payload) { p.Challenge.Parameters.Data.Level = 3 }, "A", 0, ErrForged},
		"less work":              {func(p *payload) { p.Challenge.Parameters.KeyPrefix = "00" }, "A", 0, ErrForged},
		"a key of one's own":     {func(p *payload) { p.Challenge.Parameters.KeySignature = "00" }, "A", 0, ErrForged},
		"no signature":           {func(p *payload) { p.Challenge.Signature = "" }, "A", 0, ErrForged},
		"another nonce":          {func(p *payload) { p.Challenge.Parameters.Nonce = strings.Repeat("0", 32) }, "A", 0, ErrForged},
		"a short nonce":          {func(p *payload) { p.Challenge.Parameters.Nonce = "00" }, "A", 0, ErrMalformed},
		"only the key's prefix":  {func(p *payload) { p.Solution.DerivedKey = p.Challenge.Parameters.KeyPrefix }, "A", 0, ErrUnsolved},
		"a prefix and then zero": {func(p *payload) { p.Solution.DerivedKey = p.Challenge.Parameters.KeyPrefix + strings.Repeat("0", 32) }, "A", 0, ErrUnsolved},
		"no key":                 {func(p *payload) { p.Solution.DerivedKey = "" }, "A", 0, ErrUnsolved},
		"a key that is no hex":   {func(p *payload) { p.Solution.DerivedKey = "zz" }, "A", 0, ErrMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			i := issuer("s")
			_, p := solved(t, i)
			if c.change != nil {
				c.change(&p)
			}
			proof, err := p.encode()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := i.Redeem(proof, c.what, now.Add(c.at)); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}

func TestMalformed(t *testing.T) {
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	for _, proof := range []string{"", "x", "%%%", b64("[]"), b64("{}"), b64("null"), b64(strings.Repeat(" ", 5000) + "{}")} {
		if _, err := issuer("s").Redeem(proof, "A", now); !errors.Is(err, ErrMalformed) {
			t.Errorf("%.20q: %v", proof, err)
		}
	}
}

// The search is bounded: it ends at the latest at twice the least.
func TestWork(t *testing.T) {
	i := issuer("s")
	for range 5 {
		_, p := solved(t, i)
		if n := p.Solution.Counter; n < fewest || n >= 2*fewest {
			t.Errorf("found after %d, want %d to %d", n, fewest, 2*fewest)
		}
	}
}

// A clock that goes back must not make room for a second time.
func TestClockBack(t *testing.T) {
	i := issuer("s")
	proof, _ := solved(t, i)
	for _, d := range []time.Duration{Lifetime - time.Second, -time.Hour, 0} {
		_, err := i.Redeem(proof, "A", now.Add(d))
		if d > 0 && err != nil || d <= 0 && !errors.Is(err, ErrSpent) {
			t.Errorf("at %v: %v", d, err)
		}
	}
}

func TestSpentIsBounded(t *testing.T) {
	s := newSpent(100)
	nonce := func(n int) [16]byte { return [16]byte{byte(n), byte(n >> 8), byte(n >> 16)} }
	for n := range 100_000 {
		if !s.add(nonce(n), now) {
			t.Fatalf("%d is not new", n)
		}
	}
	if s.len() != 100 || s.add(nonce(99_999), now) || s.add(nonce(99_901), now) {
		t.Errorf("%d remembered, want the last 100", s.len())
	}
	if s.add(nonce(1), now.Add(Lifetime)); s.len() != 1 {
		t.Errorf("%d remembered after all have expired, want 1", s.len())
	}
}

// The JSON is what the widget reads, with its names in order, as the signature
// needs them.
func TestWire(t *testing.T) {
	c, err := issuer("s").Challenge("A", 1, now)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, name := range []string{"algorithm", "cost", "data", "for", "level", "until", "keyLength", "keyPrefix", "keySignature", "nonce", "salt", "signature"} {
		n := strings.Index(string(b), `"`+name+`":`)
		if n < at {
			t.Errorf("%s is missing or out of order in %s", name, b)
		}
		at = n
	}
}

func BenchmarkChallenge(b *testing.B) {
	i := issuer("s")
	for b.Loop() {
		_, _ = i.Challenge("A", 0, now)
	}
}
