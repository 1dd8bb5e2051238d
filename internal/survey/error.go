package survey

import (
	"errors"
	"strings"
	"time"
)

// Kind classifies an error by what the caller can do about it.
type Kind uint8

// What went wrong.
const (
	Internal    Kind = iota // a fault of ours; the cause is logged, never shown
	Invalid                 // the input is wrong; Fields says where
	NotFound                // no such thing, or not yours to see
	Conflict                // it already exists, or has changed meanwhile
	Forbidden               // signed in, but not allowed
	Unsigned                // not signed in
	Gone                    // it was there and is closed; At says since when
	Malformed               // not even readable: not JSON, not UTF-8
	TooLarge                // longer than we read
	WrongType               // a media type we do not take
	TooMany                 // too many from this source; After says how long to wait
	Unavailable             // cannot be done now (disk full, stopping); try again after After
)

// Error is the only error type that crosses a package boundary on purpose.
type Error struct {
	Kind   Kind
	Op     string        // "survey.Submit"
	Key    string        // message key that says it to the reader; empty: one by Kind
	Args   []any         // for the message
	Fields []FieldError  // set when Kind is Invalid
	After  time.Duration // set when Kind is TooMany or Unavailable
	Err    error         // cause, for the log
}

// FieldError names one wrong value by its field ("answers.S34", or "line 7"
// of an imported file) and a message key, so that every language can say it.
type FieldError struct {
	Field string
	Key   string
	Args  []any
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	for _, s := range []string{e.Key, fieldList(e.Fields)} {
		if s != "" {
			b.WriteString(": " + s)
		}
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

func fieldList(fields []FieldError) string {
	var s []string
	for _, f := range fields {
		s = append(s, f.Field+" "+f.Key)
	}
	return strings.Join(s, ", ")
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf reports the kind of the outermost *Error in err's chain.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Bad returns an Invalid error with one field.
func Bad(op, field, key string, args ...any) *Error {
	return &Error{Kind: Invalid, Op: op, Fields: []FieldError{{field, key, args}}}
}

// Missing returns a NotFound error that says what is not there by a message key.
func Missing(op, key string, args ...any) *Error {
	return &Error{Kind: NotFound, Op: op, Key: key, Args: args}
}
