// Package config holds the settings of the program: what a flag or a variable
// of the environment can say, checked once at start. Every flag --some-name can
// also be given as SIPAS_SOME_NAME; a flag wins.
//
// The struct tags are read by kong, the command-line parser; help texts are
// message keys.
package config

import (
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// Prefix begins the names of variables of the environment.
const Prefix = "SIPAS_"

// Variable is the name of the variable that stands for a flag: "log-level" is
// SIPAS_LOG_LEVEL.
func Variable(flag string) string {
	return Prefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// Global is what every command takes.
type Global struct {
	Data      string `default:"data" placeholder:"DIR" help:"cli.flag.data"`
	DB        string `name:"db" placeholder:"URL" help:"cli.flag.db"`
	LogFormat string `default:"text" enum:"text,json" placeholder:"text|json" help:"cli.flag.log_format"`
	LogLevel  string `default:"info" enum:"debug,info,warn,error" placeholder:"LEVEL" help:"cli.flag.log_level"`
	Lang      string `default:"${lang}" enum:"${langs}" placeholder:"LANG" help:"cli.flag.lang"`
	Locales   string `placeholder:"DIR" help:"cli.flag.locales"`
	Indices   string `placeholder:"DIR" help:"cli.flag.indices"`
	Zone      string `default:"Asia/Ho_Chi_Minh" placeholder:"ZONE" help:"cli.flag.zone"`
}

// Validate checks what kong cannot.
func (g *Global) Validate() error {
	if _, err := time.LoadLocation(g.Zone); err != nil || g.Zone == "" {
		return fmt.Errorf("--zone: there is no time zone %q", g.Zone)
	}
	if g.Data == "" {
		return fmt.Errorf("--data: no folder named")
	}
	switch scheme, rest, _ := strings.Cut(g.Database(), ":"); scheme {
	case "sqlite", "postgres", "postgresql":
		if rest == "" {
			return fmt.Errorf("--db: %q names no database", g.DB)
		}
	default:
		return fmt.Errorf("--db: %q is neither sqlite:FILE nor postgres://…", redact(g.DB))
	}
	return nil
}

// redact keeps a password out of messages and logs.
func redact(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		scheme, _, _ := strings.Cut(raw, ":")
		return scheme + ":…"
	}
	return u.Redacted()
}

// Database is the database's address: --db, or sipas.db in the data folder.
func (g *Global) Database() string {
	if g.DB != "" {
		return g.DB
	}
	return "sqlite:" + filepath.Join(g.Data, "sipas.db")
}

// ShownDatabase is Database without its password.
func (g *Global) ShownDatabase() string { return redact(g.Database()) }

// SQLiteFile is the file of an SQLite database, and "" for another engine.
func (g *Global) SQLiteFile() string {
	file, ok := strings.CutPrefix(g.Database(), "sqlite:")
	if !ok {
		return ""
	}
	file, _, _ = strings.Cut(file, "?")
	return file
}

// Location is the zone whose calendar the days are of. Validate has checked it.
func (g *Global) Location() *time.Location {
	zone, err := time.LoadLocation(g.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Level is the least level that is logged.
func (g *Global) Level() slog.Level {
	var l slog.Level
	if l.UnmarshalText([]byte(g.LogLevel)) != nil {
		return slog.LevelInfo
	}
	return l
}

// Serve is what the server takes.
type Serve struct {
	Addr             string        `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"cli.flag.addr"`
	PublicURL        string        `name:"public-url" placeholder:"URL" help:"cli.flag.public_url"`
	Demo             bool          `help:"cli.flag.demo"`
	TrustProxy       bool          `help:"cli.flag.trust_proxy"`
	LimitPerSecond   float64       `default:"1" placeholder:"N" help:"cli.flag.limit_per_second"`
	LimitBurst       int           `default:"60" placeholder:"N" help:"cli.flag.limit_burst"`
	LimitDeviceBurst int           `default:"5000" placeholder:"N" help:"cli.flag.limit_device_burst"`
	LeastResponses   int64         `default:"10" placeholder:"N" help:"cli.flag.least_responses"`
	MetricsPublic    bool          `help:"cli.flag.metrics_public"`
	StopAfter        time.Duration `default:"20s" placeholder:"TIME" help:"cli.flag.stop_after"`
}

// Validate checks what kong cannot.
func (s *Serve) Validate() error {
	if _, _, err := net.SplitHostPort(s.Addr); err != nil {
		return fmt.Errorf("--addr: %q is not HOST:PORT", s.Addr)
	}
	if s.PublicURL != "" {
		u, err := url.Parse(s.PublicURL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.TrimSuffix(u.Path, "/") != "" {
			return fmt.Errorf("--public-url: %q is not an address like https://khaosat.example.vn", s.PublicURL)
		}
		s.PublicURL = u.Scheme + "://" + u.Host
	}
	if s.LimitPerSecond < 0 || s.LimitBurst < 0 || s.LimitDeviceBurst < 0 {
		return fmt.Errorf("--limit-per-second, --limit-burst, --limit-device-burst: not below 0")
	}
	if s.LeastResponses < 10 {
		return fmt.Errorf("--least-responses: at least 10")
	}
	if s.StopAfter < time.Second {
		return fmt.Errorf("--stop-after: at least 1s")
	}
	return nil
}
