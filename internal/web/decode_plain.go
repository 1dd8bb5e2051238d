package web

import (
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"sipas/internal/survey"
)

// decodePlain reads a response that is written as programs write them, in one
// pass and with little memory of its own: its texts are parts of one copy of
// body. ok is false when there is anything to doubt: an escape, a name that
// stands twice or that we do not know, a missing field, any mistake. The strict
// reader then reads from the start and says what is wrong. What is taken here,
// that one takes as the same. Whoever is done with the answers may forget them.
func decodePlain(body []byte) (sub survey.Submission, ok bool) {
	p := plain{text: string(body)}
	ok = utf8.Valid(body) && p.object(p.field) && p.peek() == 0 && p.at == len(p.text) && p.complete()
	if !ok {
		forget(p.sub)
		return survey.Submission{}, false
	}
	p.sub.Point = survey.PointCode(strings.Clone(string(p.sub.Point))) // limits remember it for long, and body with it
	return p.sub, true
}

// emptied holds maps for answers: one for sixty is several kilobytes, and to
// make it took a tenth of the time of decoding.
var emptied = sync.Pool{New: func() any { return make(survey.Answers, usualAnswers) }}

// forget lets others use the map of the answers of sub, at which nobody may
// look afterwards.
func forget(sub survey.Submission) {
	if sub.Answers != nil {
		clear(sub.Answers)
		emptied.Put(sub.Answers)
	}
}

// plain walks a body. Its methods report whether there was no doubt.
type plain struct {
	text string
	at   int // never beyond the end of text
	sub  survey.Submission
	seen uint // a bit for each field

	started, submitted string
	room               []string // for values of answers
}

// peek returns the next byte that is no white space; 0 at the end.
func (p *plain) peek() byte {
	for p.at < len(p.text) {
		switch c := p.text[p.at]; c {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return c
		}
	}
	return 0
}

func (p *plain) eat(c byte) bool {
	if p.peek() != c {
		return false
	}
	p.at++
	return true
}

func (p *plain) literal(s string) bool {
	if !strings.HasPrefix(p.text[p.at:], s) {
		return false
	}
	p.at += len(s)
	return true
}

// string reads a quoted text without escapes or control characters. A NUL is
// one, written either way.
func (p *plain) string() (s string, ok bool) {
	if !p.eat('"') {
		return "", false
	}
	for i := p.at; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '"':
			s, p.at = p.text[p.at:i], i+1
			return s, true
		case c == '\\', c < ' ':
			return "", false
		}
	}
	return "", false
}

// list calls one for each of what stands between open and end, with commas
// between.
func (p *plain) list(open, end byte, one func() bool) bool {
	if !p.eat(open) {
		return false
	}
	if p.eat(end) {
		return true
	}
	for one() {
		if !p.eat(',') {
			return p.eat(end)
		}
	}
	return false
}

// object calls member after each name of an object.
func (p *plain) object(member func(name string) bool) bool {
	return p.list('{', '}', func() bool {
		name, ok := p.string()
		return ok && p.eat(':') && member(name)
	})
}

// The fields of a response.
const (
	fieldID uint = 1 << iota
	fieldPoint
	fieldInstrument
	fieldLocale
	fieldStarted
	fieldSubmitted
	fieldAnswers
	fieldRespondent
	fieldService
	fieldComment
	fieldDevice
	fieldSeq
	fieldPartial
)

func (p *plain) field(name string) bool { //nolint:cyclop // one case a field
	switch s := &p.sub; name {
	case "id":
		return p.once(fieldID) && p.word(&s.ID)
	case "point":
		return p.once(fieldPoint) && p.word((*string)(&s.Point))
	case "instrument":
		return p.once(fieldInstrument) && p.word((*string)(&s.Instrument))
	case "locale":
		return p.once(fieldLocale) && p.word(&s.Locale)
	case "started_at":
		return p.once(fieldStarted) && p.time(&p.started, &s.StartedAt)
	case "submitted_at":
		return p.once(fieldSubmitted) && p.time(&p.submitted, &s.SubmittedAt)
	case "answers":
		s.Answers = emptied.Get().(survey.Answers)
		return p.once(fieldAnswers) && p.answers(s.Answers)
	case "respondent":
		s.Respondent = survey.Answers{}
		return p.once(fieldRespondent) && p.answers(s.Respondent)
	case "service":
		return p.once(fieldService) && p.word((*string)(&s.Service))
	case "comment":
		return p.once(fieldComment) && p.word(&s.Comment)
	case "device":
		return p.once(fieldDevice) && p.word(&s.Device)
	case "device_seq":
		return p.once(fieldSeq) && p.count(&s.DeviceSeq)
	case "partial":
		return p.once(fieldPartial) && p.flag(&s.Partial)
	}
	return false
}

func (p *plain) once(field uint) bool {
	if p.seen&field != 0 {
		return false
	}
	p.seen |= field
	return true
}

// complete reports whether everything that must be there is there, and not so
// long that it has to be looked at.
func (p *plain) complete() bool {
	s := &p.sub
	for _, text := range [...]string{s.ID, string(s.Point), string(s.Instrument), s.Locale, p.started, p.submitted} {
		if text == "" || len(text) > longestName {
			return false
		}
	}
	return len(s.Service) <= longestName && s.Answers != nil
}

// word reads a text. Null is as if it were not there.
func (p *plain) word(to *string) (ok bool) {
	if p.peek() == 'n' {
		return p.literal("null")
	}
	*to, ok = p.string()
	return ok
}

func (p *plain) time(text *string, to *time.Time) bool {
	if !p.word(text) {
		return false
	}
	t, err := time.Parse(time.RFC3339, *text)
	*to = t
	return err == nil
}

func (p *plain) count(to *int64) bool {
	if p.peek() == 'n' {
		return p.literal("null")
	}
	text, ok := p.number()
	n, err := strconv.ParseInt(text, 10, 64)
	*to = n
	return ok && err == nil && n >= 1 && n <= mostSequence
}

func (p *plain) flag(to *bool) bool {
	switch p.peek() {
	case 'n':
		return p.literal("null")
	case 't':
		*to = true
		return p.literal("true")
	}
	return p.literal("false")
}

// number reads a whole number as it is written in decimal.
func (p *plain) number() (text string, ok bool) {
	from := p.at
	negative := p.literal("-")
	digits := p.at
	for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		p.at++
	}
	text = p.text[from:p.at]
	leading := len(text) > 0 && p.at > digits && p.text[digits] == '0'
	return text, p.at > digits && len(text) <= longestName && (!leading || p.at == digits+1 && !negative)
}

// answers reads an object of answers into given.
func (p *plain) answers(given survey.Answers) bool {
	return p.object(func(name string) bool {
		if len(name) > longestName || len(given) == mostAnswers {
			return false
		}
		a, ok := p.answer()
		before := len(given)
		given[survey.ItemCode(name)] = a
		return ok && len(given) > before
	})
}

func (p *plain) answer() (a survey.Answer, ok bool) {
	switch c := p.peek(); {
	case c == 'n':
		return survey.Skip(), p.literal("null")
	case c == '"':
		text, ok := p.string()
		return survey.Answer{Values: p.keep(text)}, ok
	case c == '-' || c >= '0' && c <= '9':
		text, ok := p.number()
		return survey.Answer{Values: p.keep(text), Number: true}, ok
	case c == '[':
		values := []string{}
		ok := p.list('[', ']', func() bool {
			text, ok := p.string()
			values = append(values, text)
			return ok && len(values) <= mostChoices
		})
		return survey.Answer{Values: values, List: true}, ok
	}
	return a, false
}

// keep is a slice of one text. All of them lie in few pieces of memory.
func (p *plain) keep(text string) []string {
	if len(p.room) == cap(p.room) {
		p.room = make([]string, 0, usualAnswers)
	}
	p.room = append(p.room, text)
	n := len(p.room)
	return p.room[n-1 : n : n]
}
