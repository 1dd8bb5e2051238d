package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

type versionCommand struct{}

func (*versionCommand) run(_ context.Context, p *program) error {
	b := build()
	if b.Commit == "" {
		b.Commit = p.T("cli.version.unknown")
	}
	fmt.Fprintf(p.stdout, "sipas   %s\ncommit  %s\ngo      %s %s/%s\nsqlite  %s\npgx     %s\n",
		b.Version, b.Commit, b.Go, runtime.GOOS, runtime.GOARCH, module("modernc.org/sqlite"), module("github.com/jackc/pgx/v5"))
	return nil
}

// module is the version of a module built in.
func module(path string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, m := range info.Deps {
		if m.Path == path {
			return m.Version
		}
	}
	return ""
}
