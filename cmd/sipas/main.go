// Command sipas measures how satisfied people are with public administration:
// it serves the forms, keeps the responses, and shows and exports what they say.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	_ "time/tzdata" // the image has no time zones of its own
)

func main() {
	err := run(context.Background(), os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	if err == nil {
		return
	}
	var f *failure
	if !errors.As(err, &f) {
		f = &failure{status: failed, text: err.Error()}
	}
	if f.text != "" {
		fmt.Fprintln(os.Stderr, f.text)
	}
	os.Exit(f.status)
}

// run is the program: everything it touches is handed in. The error it returns
// is a *failure, which says what to print and how to exit.
func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) error {
	languages := addLanguages(args, getenv)
	p := newProgram(args, getenv, stdin, stdout, stderr)
	if languages != nil {
		return p.misused(languages)
	}
	command, err := p.parse(args)
	if err != nil || command == nil {
		return err
	}
	if err := command(ctx); err != nil {
		return p.failure(err)
	}
	return nil
}
