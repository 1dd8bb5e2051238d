package web

import (
	"strings"

	"sipas/internal/survey"
)

// answers reads the object of answers called field.
func (r *reader) answers(field string, to *survey.Answers) error {
	switch r.dec.PeekKind() {
	case 'n':
		_, err := r.dec.ReadToken()
		return err
	case '{':
	default:
		r.wrong(field, "json.wrong_kind.object")
		return r.skip()
	}
	given, count := make(survey.Answers, usualAnswers), 0
	err := r.object(func(name string) error {
		count++
		switch {
		case count == mostAnswers+1:
			r.wrong(field, "json.too_many", mostAnswers)
			return r.skip()
		case count > mostAnswers:
			return r.skip()
		case len(name) > longestName || strings.IndexByte(name, 0) >= 0:
			r.wrong(field+"."+cut(name), "value.too_long", longestName)
			return r.skip()
		}
		a, ok, err := r.answer(place{field, name})
		if ok {
			given[survey.ItemCode(name)] = a
		}
		return err
	})
	*to = given
	return err
}

// place is where an answer stands. Its field is only written when something is
// wrong with it.
type place struct{ object, name string }

func (p place) field() string { return p.object + "." + p.name }

// answer reads one answer: a whole number, a word, a list of words, or null
// for "no opinion". ok is false when it is none of these.
func (r *reader) answer(at place) (a survey.Answer, ok bool, err error) {
	switch r.dec.PeekKind() {
	case 'n':
		_, err := r.dec.ReadToken()
		return survey.Skip(), true, err
	case '"':
		tok, err := r.dec.ReadToken()
		if err != nil {
			return a, false, err
		}
		word := tok.String()
		if strings.IndexByte(word, 0) >= 0 {
			r.wrong(at.field(), "text.control_character")
		}
		return survey.Value(word), true, nil
	case '0':
		tok, err := r.dec.ReadToken()
		if err != nil {
			return a, false, err
		}
		n := tok.String()
		if !whole(n) {
			r.wrong(at.field(), "number.not_whole", cut(n))
			return a, false, nil
		}
		return survey.Score(n), true, nil
	case '[':
		return r.list(at.field())
	}
	r.wrong(at.field(), "json.wrong_kind.answer")
	return a, false, r.skip()
}

// whole reports whether a JSON number is written as a plain whole number: not
// 4.0, 4e0 or -0, which other programs may write back differently.
func whole(n string) bool {
	return len(n) <= longestName && n != "-0" && !strings.ContainsAny(n, ".eE")
}

func (r *reader) list(field string) (survey.Answer, bool, error) {
	values, good := []string{}, true
	if _, err := r.dec.ReadToken(); err != nil {
		return survey.Answer{}, false, err
	}
	for r.dec.PeekKind() != ']' {
		switch {
		case r.dec.PeekKind() != '"':
			if good {
				r.wrong(field, "json.wrong_kind.answer")
			}
			good = false
			if err := r.skip(); err != nil {
				return survey.Answer{}, false, err
			}
			continue
		case len(values) == mostChoices && good:
			r.wrong(field, "json.too_many", mostChoices)
			good = false
		}
		tok, err := r.dec.ReadToken()
		if err != nil {
			return survey.Answer{}, false, err
		}
		if good {
			values = append(values, tok.String())
			r.checkText(field, values[len(values)-1])
		}
	}
	_, err := r.dec.ReadToken()
	return survey.Several(values...), good, err
}
