package config

import (
	"strings"
	"testing"
	"time"
)

func TestGlobal(t *testing.T) {
	for _, c := range []struct {
		name string
		g    Global
		bad  string // what the error must say; "" for none
	}{
		{"defaults", Global{Data: "data", Zone: "Asia/Ho_Chi_Minh"}, ""},
		{"another file", Global{Data: "data", DB: "sqlite:/x/y.db", Zone: "UTC"}, ""},
		{"PostgreSQL", Global{Data: "data", DB: "postgres://u:p@h/d", Zone: "UTC"}, ""},
		{"no zone", Global{Data: "data"}, "--zone"},
		{"no such zone", Global{Data: "data", Zone: "Asia/Uong_Bi"}, "Asia/Uong_Bi"},
		{"no folder", Global{Zone: "UTC"}, "--data"},
		{"no database", Global{Data: "data", DB: "sqlite:", Zone: "UTC"}, "--db"},
		{"another engine", Global{Data: "data", DB: "mysql://u:secret@h/d", Zone: "UTC"}, "--db"},
		{"no scheme", Global{Data: "data", DB: "some.db", Zone: "UTC"}, "--db"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.g.Validate()
			switch {
			case c.bad == "" && err != nil:
				t.Errorf("refused: %v", err)
			case c.bad != "" && (err == nil || !strings.Contains(err.Error(), c.bad)):
				t.Errorf("error = %v, want one about %q", err, c.bad)
			case err != nil && strings.Contains(err.Error(), "secret"):
				t.Errorf("the message tells the password: %v", err)
			}
		})
	}
}

func TestDatabase(t *testing.T) {
	for db, want := range map[string][3]string{
		"":                            {"sqlite:d/sipas.db", "sqlite:d/sipas.db", "d/sipas.db"},
		"sqlite:/x/y.db?_txlock=none": {"sqlite:/x/y.db?_txlock=none", "sqlite:/x/y.db?_txlock=none", "/x/y.db"},
		"postgres://u:pw@h/d":         {"postgres://u:pw@h/d", "postgres://u:xxxxx@h/d", ""},
	} {
		g := Global{Data: "d", DB: db}
		if got := [3]string{g.Database(), g.ShownDatabase(), g.SQLiteFile()}; got != want {
			t.Errorf("%q: %q, want %q", db, got, want)
		}
	}
}

func TestServe(t *testing.T) {
	good := Serve{Addr: "127.0.0.1:8080", LimitPerSecond: 1, LimitBurst: 60, LeastResponses: 10, StopAfter: time.Second}
	for _, c := range []struct {
		name string
		set  func(*Serve)
		bad  string
	}{
		{"defaults", func(*Serve) {}, ""},
		{"no limits", func(s *Serve) { s.LimitBurst, s.LimitPerSecond = 0, 0 }, ""},
		{"public address", func(s *Serve) { s.PublicURL = "https://khaosat.example.vn/" }, ""},
		{"address without port", func(s *Serve) { s.Addr = "localhost" }, "--addr"},
		{"public address without scheme", func(s *Serve) { s.PublicURL = "khaosat.example.vn" }, "--public-url"},
		{"public address with a path", func(s *Serve) { s.PublicURL = "https://example.vn/sipas" }, "--public-url"},
		{"negative limit", func(s *Serve) { s.LimitBurst = -1 }, "--limit-burst"},
		{"no time to stop", func(s *Serve) { s.StopAfter = 0 }, "--stop-after"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := good
			c.set(&s)
			err := s.Validate()
			if (c.bad == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.bad) {
				t.Errorf("error = %v, want %q", err, c.bad)
			}
		})
	}
}

func TestVariable(t *testing.T) {
	if got := Variable("limit-per-second"); got != "SIPAS_LIMIT_PER_SECOND" {
		t.Errorf("Variable = %q", got)
	}
}
