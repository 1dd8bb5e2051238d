package main

import (
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"sipas/internal/config"
	"sipas/internal/export"
	"sipas/internal/locale"
)

// Set by the linker: -ldflags "-X main.version=1.2.3 -X main.commit=abc".
var (
	version = "dev"
	commit  = ""
)

// program is one call of the command: the settings all commands share, the
// language its messages are in, and the streams it may use.
type program struct {
	locale.Printer
	cfg            config.Global
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
	now            func() time.Time
	log            *slog.Logger
}

func newProgram(args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) *program {
	return &program{
		Printer: locale.For(language(args, getenv)), getenv: getenv,
		stdin: stdin, stdout: stdout, stderr: stderr, now: time.Now,
	}
}

// language is what messages are written in, known before the arguments are
// parsed, so that help and complaints about them speak it too: --lang, else
// SIPAS_LANG, else English for an English locale, else Vietnamese.
func language(args []string, getenv func(string) string) string {
	lang := getenv(config.Variable("lang"))
	if lang == "" {
		for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
			if v := getenv(name); v != "" {
				lang, _, _ = strings.Cut(v, "_")
				break
			}
		}
	}
	if v, ok := argument("lang", args); ok {
		lang = v
	}
	if slices.Contains(locale.Languages(), lang) {
		return lang
	}
	return locale.Languages()[0]
}

// argument finds the value of --name before the arguments are parsed.
func argument(name string, args []string) (value string, ok bool) {
	for i, a := range args {
		if v, found := strings.CutPrefix(a, "--"+name+"="); found {
			value, ok = v, true
		} else if a == "--"+name && i+1 < len(args) {
			value, ok = args[i+1], true
		}
	}
	return value, ok
}

// addLanguages adds the languages of the folder that --locales or SIPAS_LOCALES
// names, before anything is said in any language.
func addLanguages(args []string, getenv func(string) string) error {
	dir, ok := argument("locales", args)
	if !ok {
		dir = getenv(config.Variable("locales"))
	}
	if dir == "" {
		return nil
	}
	_, err := locale.AddFolder(dir)
	return err
}

// startLog opens the log on stderr, after the settings are known.
func (p *program) startLog() {
	o := &slog.HandlerOptions{Level: p.cfg.Level()}
	if p.cfg.LogFormat == "json" {
		p.log = slog.New(slog.NewJSONHandler(p.stderr, o))
		return
	}
	p.log = slog.New(slog.NewTextHandler(p.stderr, o))
}

// say writes a message to the operator, on stderr.
func (p *program) say(key string, args ...any) { fmt.Fprintln(p.stderr, p.T(key, args...)) }

// build is the build this is.
func build() export.Program {
	b := export.Program{Version: version, Commit: commit, Go: runtime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok && b.Commit == "" {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				b.Commit = s.Value
			}
		}
	}
	return b
}
