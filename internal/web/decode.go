package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

// Bounds on the shape of one response. They are far from what any form sends.
const (
	deepestNest  = 8       // nesting
	mostAnswers  = 400     // answers, and answers about the respondent
	mostChoices  = 64      // values in a list
	usualAnswers = 64      // answers to make room for at first
	longestName  = 64      // bytes of a name or of a number
	mostSequence = 1 << 53 // what a number of JavaScript counts to
)

// jsonBody returns the body of a request that must be JSON of at most limit
// bytes. The body is valid until the handler returns.
func jsonBody(c *fiber.Ctx, limit int) ([]byte, error) {
	const op = "web.jsonBody"
	media, params, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil || media != fiber.MIMEApplicationJSON || params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8") {
		return nil, &survey.Error{Kind: survey.WrongType, Op: op}
	}
	if e := c.Get(fiber.HeaderContentEncoding); e != "" && e != "identity" {
		return nil, &survey.Error{Kind: survey.WrongType, Op: op} // a small body may unpack to a huge one
	}
	body := c.Context().PostBody()
	if len(body) > limit {
		return nil, &survey.Error{Kind: survey.TooLarge, Op: op}
	}
	return body, nil
}

// decodeSubmission reads one response of the contract. It is strict: a name
// that stands twice, text that is not UTF-8, half of a surrogate pair or a
// field we do not know is an error, because each of them is read differently
// by different programs. It goes on after a wrong value, so that a client
// learns of all of them at once. Errors are Malformed or Invalid; what could
// be read is returned with them.
func decodeSubmission(body []byte) (survey.Submission, error) {
	if sub, ok := decodePlain(body); ok {
		return sub, nil
	}
	return decodeStrictly(body)
}

// decodeStrictly is decodeSubmission without the short way for what is written
// plainly.
func decodeStrictly(body []byte) (survey.Submission, error) {
	const op = "web.decode"
	dec := decoders.Get().(*jsontext.Decoder)
	defer decoders.Put(dec)
	dec.Reset(bytes.NewBuffer(body))
	r := reader{dec: dec}
	err := r.response()
	if err == nil {
		if _, err = r.dec.ReadToken(); err == io.EOF { //nolint:errorlint // ReadToken returns it bare
			err = nil
		} else if err == nil {
			err = errors.New("more than one value")
		}
	}
	switch {
	case err != nil:
		return r.sub, &survey.Error{Kind: survey.Malformed, Op: op, Fields: r.malformed(err), Err: err}
	case !r.complete():
		return r.sub, &survey.Error{Kind: survey.Invalid, Op: op, Fields: r.faults}
	}
	return r.sub, nil
}

// decoders are used again, for the room in which they remember names.
var decoders = sync.Pool{New: func() any { return jsontext.NewDecoder(new(bytes.Buffer)) }}

// reader walks one response token by token. Its methods return an error only
// where reading on is impossible; a wrong value is noted in faults and skipped.
type reader struct {
	dec    *jsontext.Decoder
	sub    survey.Submission
	frame  frame
	faults []survey.FieldError
}

func (r *reader) wrong(field, key string, args ...any) {
	r.faults = append(r.faults, survey.FieldError{Field: field, Key: key, Args: args})
}

var errNotObject = errors.New("not an object")

// errDeep ends the reading of a body that nests too deep.
var errDeep = errors.New("nested too deep")

func (r *reader) response() error { //nolint:cyclop // one case a field
	if r.dec.PeekKind() != '{' {
		if _, err := r.dec.ReadValue(); err != nil {
			return err
		}
		return errNotObject
	}
	return r.object(func(name string) error {
		switch name {
		case "id":
			return r.text(name, &r.frame.ID, &r.sub.ID)
		case "point":
			return r.text(name, &r.frame.Point, (*string)(&r.sub.Point))
		case "instrument":
			return r.text(name, &r.frame.Instrument, (*string)(&r.sub.Instrument))
		case "locale":
			return r.text(name, &r.frame.Locale, &r.sub.Locale)
		case "started_at":
			return r.time(name, &r.frame.StartedAt, &r.sub.StartedAt)
		case "submitted_at":
			return r.time(name, &r.frame.SubmittedAt, &r.sub.SubmittedAt)
		case "answers":
			return r.answers(name, &r.sub.Answers)
		case "respondent":
			return r.answers(name, &r.sub.Respondent)
		case "service":
			return r.text(name, &r.frame.Service, (*string)(&r.sub.Service))
		case "comment":
			return r.text(name, nil, &r.sub.Comment)
		case "device":
			return r.text(name, nil, &r.sub.Device)
		case "device_seq":
			return r.count(name, &r.sub.DeviceSeq)
		case "partial":
			return r.flag(name, &r.sub.Partial)
		}
		r.wrong(cut(name), "json.unknown_field")
		return r.skip()
	})
}

// object calls member after each name of the object that comes next; member
// reads the value.
func (r *reader) object(member func(name string) error) error {
	if _, err := r.dec.ReadToken(); err != nil {
		return err
	}
	for r.dec.PeekKind() != '}' {
		name, err := r.dec.ReadToken()
		if err != nil {
			return err
		}
		if err := member(name.String()); err != nil {
			return err
		}
	}
	_, err := r.dec.ReadToken()
	return err
}

// text reads a string into to, and into mirror where the validator looks at
// it. Null is as if it were not there.
func (r *reader) text(field string, mirror, to *string) error {
	switch r.dec.PeekKind() {
	case 'n':
		_, err := r.dec.ReadToken()
		return err
	case '"':
		tok, err := r.dec.ReadToken()
		if err != nil {
			return err
		}
		*to = tok.String()
		if mirror != nil {
			*mirror = *to
		}
		r.checkText(field, *to)
		return nil
	}
	r.wrong(field, "json.wrong_kind.string")
	return r.skip()
}

// checkText notes a NUL, which databases and other programs take for the end
// of a text. Other control characters are the domain's concern.
func (r *reader) checkText(field, s string) {
	if strings.IndexByte(s, 0) >= 0 {
		r.wrong(field, "text.control_character")
	}
}

func (r *reader) time(field string, mirror *string, to *time.Time) error {
	if err := r.text(field, mirror, mirror); err != nil || *mirror == "" {
		return err
	}
	t, err := time.Parse(time.RFC3339, *mirror)
	if err != nil {
		r.wrong(field, "time.bad")
	}
	*to = t
	return nil
}

// count reads a sequence number. Null is as if it were not there.
func (r *reader) count(field string, to *int64) error {
	switch r.dec.PeekKind() {
	case 'n':
		_, err := r.dec.ReadToken()
		return err
	case '0':
		tok, err := r.dec.ReadToken()
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(tok.String(), 10, 64)
		if err != nil || n < 1 || n > mostSequence {
			r.wrong(field, "device.bad_seq")
			return nil
		}
		*to = n
		return nil
	}
	r.wrong(field, "device.bad_seq")
	return r.skip()
}

// flag reads true or false. Null is as if it were not there.
func (r *reader) flag(field string, to *bool) error {
	switch r.dec.PeekKind() {
	case 'n', 't', 'f':
		tok, err := r.dec.ReadToken()
		*to = err == nil && tok.Kind() == 't'
		return err
	}
	r.wrong(field, "json.wrong_kind.flag")
	return r.skip()
}

// skip reads over the value that comes next, unless it nests too deep.
func (r *reader) skip() error {
	base := r.dec.StackDepth()
	for {
		if _, err := r.dec.ReadToken(); err != nil {
			return err
		}
		switch depth := r.dec.StackDepth(); {
		case depth > deepestNest:
			return errDeep
		case depth <= base:
			return nil
		}
	}
}

// malformed names the place where reading stopped, if it has a name.
func (r *reader) malformed(err error) []survey.FieldError {
	field, key, args := fieldOf(r.dec.StackPointer()), "", []any(nil)
	if e, ok := errors.AsType[*jsontext.SyntacticError](err); ok && e.JSONPointer != "" {
		field = fieldOf(e.JSONPointer)
	}
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		key, args = "json.duplicate", []any{field}
	case errors.Is(err, errDeep):
		key, args = "json.too_deep", []any{deepestNest}
	case errors.Is(err, errNotObject):
		key = "json.not_object"
	case strings.Contains(err.Error(), "UTF-8") || strings.Contains(err.Error(), "surrogate"):
		key = "json.not_utf8"
	default:
		return nil
	}
	return []survey.FieldError{{Field: field, Key: key, Args: args}}
}

// fieldOf writes a JSON pointer as our fields are written: "answers.S34".
func fieldOf(p jsontext.Pointer) string {
	var parts []string
	for t := range p.Tokens() {
		parts = append(parts, cut(t))
	}
	return strings.Join(parts, ".")
}

// cut bounds a name or a value that is only repeated to its sender.
func cut(s string) string {
	if utf8.RuneCountInString(s) <= longestName {
		return s
	}
	return string([]rune(s)[:longestName]) + "…"
}
