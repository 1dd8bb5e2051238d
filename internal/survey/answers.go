package survey

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Answer is what was given to one question: one value, several, or none after
// the question was seen. A question that was not answered at all is not in
// Answers; missing is neither skipped nor zero.
type Answer struct {
	Values  []string // one for Scale, One and FreeText; any number for Many
	Number  bool     // it came as a number, as a Scale's must
	List    bool     // it came as a list, as a Many's must
	Skipped bool     // "no opinion": seen and deliberately not answered
}

// Answers holds what was given, by question.
type Answers map[ItemCode]Answer

// Value returns an answer of one word.
func Value(v string) Answer { return Answer{Values: []string{v}} }

// Score returns an answer of one whole number, written in decimal.
func Score(v string) Answer { return Answer{Values: []string{v}, Number: true} }

// Several returns an answer of several words.
func Several(v ...string) Answer { return Answer{Values: v, List: true} }

// Skip returns a deliberate "no opinion".
func Skip() Answer { return Answer{Skipped: true} }

// Has reports whether value is among a's values.
func (a Answer) Has(value string) bool { return slices.Contains(a.Values, value) }

// One returns a's single value, or "".
func (a Answer) One() string {
	if len(a.Values) != 1 {
		return ""
	}
	return a.Values[0]
}

// LongestComment bounds an open text, in characters.
const LongestComment = 2000

// Check reports every answer that the instrument does not allow: unknown
// items, values that are no option, answers to questions that the routing
// hides, and required questions left out. Fields are "answers.S34" and
// "respondent.age".
func (in *Instrument) Check(answers, respondent Answers) []FieldError {
	return in.check(answers, respondent, true)
}

// CheckPartial is Check for someone who left before the end: no question is
// required.
func (in *Instrument) CheckPartial(answers, respondent Answers) []FieldError {
	return in.check(answers, respondent, false)
}

// check looks up each question once: it happens to every response.
func (in *Instrument) check(answers, respondent Answers, whole bool) (bad []FieldError) {
	known := 0
	for _, q := range in.Questions {
		given := answers
		if q.Respondent {
			given = respondent
		}
		a, ok := given[q.Code]
		switch {
		case ok:
			known++
			if key, args := q.check(a, answers); key != "" {
				bad = append(bad, FieldError{q.field(), key, args})
			}
		case whole && q.Required && q.ShowIf.Holds(answers):
			bad = append(bad, FieldError{q.field(), "answer.required", nil})
		}
	}
	if known < len(answers)+len(respondent) {
		bad = append(bad, in.unknown(answers, respondent)...)
	}
	slices.SortFunc(bad, func(a, b FieldError) int { return strings.Compare(a.Field, b.Field) })
	return bad
}

// unknown reports answers to what is no question, or none of its part.
func (in *Instrument) unknown(answers, respondent Answers) (bad []FieldError) {
	for _, part := range []struct {
		name       string
		given      Answers
		respondent bool
	}{{"answers", answers, false}, {"respondent", respondent, true}} {
		for code := range part.given {
			if q := in.byCode[code]; q == nil || q.Respondent != part.respondent {
				bad = append(bad, FieldError{part.name + "." + string(code), "answer.unknown_item", []any{code, in.ID}})
			}
		}
	}
	return bad
}

func (q *Question) field() string {
	if q.Respondent {
		return "respondent." + string(q.Code)
	}
	return "answers." + string(q.Code)
}

// check returns the message key of what is wrong with a, or "".
func (q *Question) check(a Answer, answers Answers) (key string, args []any) {
	switch {
	case !q.ShowIf.Holds(answers):
		return "answer.hidden", nil
	case a.Skipped:
		if q.Required {
			return "answer.required", nil
		}
		return "", nil
	case a.List != (q.Kind == Many), a.Number != (q.Kind == Scale), !a.List && len(a.Values) != 1:
		return "answer.wrong_kind." + string(q.Kind), nil
	case q.Kind == FreeText:
		return CheckText(a.Values[0]), []any{LongestComment}
	}
	for i, v := range a.Values {
		if q.Option(v) < 0 {
			return "answer.not_an_option", []any{v}
		}
		if slices.Contains(a.Values[:i], v) {
			return "answer.repeated", []any{v}
		}
	}
	return "", nil
}

// CheckText returns the message key of what is wrong with an open text, or "".
func CheckText(s string) string {
	switch {
	case !utf8.ValidString(s):
		return "text.not_utf8"
	case utf8.RuneCountInString(s) > LongestComment:
		return "text.too_long"
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }):
		return "text.control_character"
	}
	return ""
}
