package main

import (
	"errors"
	"fmt"
	"strings"

	"sipas/internal/survey"
)

// Exit statuses.
const (
	failed = 1 // the answer is "no", or it could not be done
	misuse = 2 // called wrongly
)

// failure is an error in the reader's words, with an exit status.
type failure struct {
	status int
	text   string
	err    error
}

func (f *failure) Error() string { return f.text }
func (f *failure) Unwrap() error { return f.err }

// no says that the answer is no, in the words of a message.
func (p *program) no(key string, args ...any) error {
	return &failure{status: failed, text: p.T(key, args...)}
}

// usage says that the command was called wrongly.
func (p *program) usage(key string, args ...any) error {
	return &failure{status: misuse, text: p.T("cli.misuse", p.T(key, args...))}
}

// failure puts err into the reader's words.
func (p *program) failure(err error) error {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	return &failure{status: failed, text: p.explain(err), err: err}
}

// explain says a domain error by its messages, field by field, and any other
// error as it is: whoever runs commands can read causes.
func (p *program) explain(err error) string {
	var e *survey.Error
	if !errors.As(err, &e) {
		return p.T("cli.failed", err.Error())
	}
	var lines []string
	if e.Key != "" && p.Has(e.Key) {
		lines = append(lines, p.T("cli.failed", p.T(e.Key, e.Args...)))
	}
	for _, f := range e.Fields {
		lines = append(lines, p.T("cli.failed", p.field(f)))
	}
	if len(lines) == 0 {
		return p.T("cli.failed", err.Error())
	}
	return strings.Join(lines, "\n")
}

// field says what is wrong with one field.
func (p *program) field(f survey.FieldError) string {
	said := f.Key
	if p.Has(f.Key) {
		said = p.T(f.Key, f.Args...)
	}
	return fmt.Sprintf("%s: %s", f.Field, said)
}
