package survey

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Sheet is the stored form of answers: one JSON object on one line, keys in
// the instrument's order, whole numbers for scales, words or lists of words
// otherwise, null for a skipped question. It is what an auditor reads in the
// database, and what folding and exporting walk without building a map.
type Sheet string

// Sheet writes given in the order of the questions of the instrument. Only
// answers that Check allowed may be written.
func (in *Instrument) Sheet(given Answers) Sheet {
	if len(given) == 0 {
		return "{}"
	}
	b := make([]byte, 0, 16+12*len(given))
	b = append(b, '{')
	left := len(given)
	for _, q := range in.Questions {
		if left == 0 {
			break
		}
		a, ok := given[q.Code]
		if !ok {
			continue
		}
		left--
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(appendJSON(b, string(q.Code)), ':')
		b = a.appendTo(b)
	}
	return Sheet(append(b, '}'))
}

func (a Answer) appendTo(b []byte) []byte {
	switch {
	case a.Skipped:
		return append(b, "null"...)
	case a.Number:
		return append(b, a.Values[0]...)
	case !a.List:
		return appendJSON(b, a.Values[0])
	}
	b = append(b, '[')
	for i, v := range a.Values {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSON(b, v)
	}
	return append(b, ']')
}

// appendJSON quotes s; codes and options need no escapes and take the short way.
func appendJSON(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(s) // a string always marshals
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

// Each calls f for every answer of s in order, with its values; skipped says
// that the question was seen and not answered. values is valid until f
// returns. It reports a sheet that Instrument.Sheet did not write.
func (s Sheet) Each(f func(code ItemCode, values []string, skipped bool)) error {
	w := sheetWalker{text: string(s)}
	var few [8]string // most answers have fewer values, and need no room elsewhere
	values := few[:0]
	w.eat('{')
	for first := true; !w.bad && w.peek() != '}'; first = false {
		if !first {
			w.eat(',')
		}
		code := ItemCode(w.word())
		w.eat(':')
		values = values[:0]
		skipped := false
		switch c := w.peek(); {
		case c == 'n':
			skipped = true
			w.literal("null")
		case c == '[':
			values = w.list(values)
		case c == '"':
			values = append(values, w.word())
		default:
			values = append(values, w.number())
		}
		if !w.bad {
			f(code, values, skipped)
		}
	}
	w.eat('}')
	if w.bad || w.at != len(w.text) {
		return fmt.Errorf("survey.Sheet: not a sheet at %q", w.text[w.at:])
	}
	return nil
}

// Answers reads s back into a map.
func (s Sheet) Answers() (Answers, error) {
	given := Answers{}
	err := s.Each(func(code ItemCode, values []string, skipped bool) {
		given[code] = Answer{Values: append([]string(nil), values...), Skipped: skipped}
	})
	return given, err
}

// sheetWalker reads the one form of JSON that Instrument.Sheet writes. General
// JSON decoding took four times as long as the rest of folding a response.
type sheetWalker struct {
	text string
	at   int // never beyond the end of text
	bad  bool
}

func (w *sheetWalker) peek() byte {
	if w.at < len(w.text) {
		return w.text[w.at]
	}
	w.bad = true
	return 0
}

func (w *sheetWalker) eat(c byte) {
	if w.at < len(w.text) && w.text[w.at] == c {
		w.at++
	} else {
		w.bad = true
	}
}

func (w *sheetWalker) literal(s string) {
	if strings.HasPrefix(w.text[w.at:], s) {
		w.at += len(s)
	} else {
		w.bad = true
	}
}

func (w *sheetWalker) word() string {
	w.eat('"')
	from := w.at
	for i := from; i < len(w.text); i++ {
		switch w.text[i] {
		case '"':
			w.at = i + 1
			return w.text[from:i]
		case '\\':
			return w.escapedWord()
		}
	}
	w.bad = true
	return ""
}

// escapedWord reads a quoted string with escapes; only open texts have them.
func (w *sheetWalker) escapedWord() string {
	rest := w.text[w.at:]
	end := 0
	for end < len(rest) && rest[end] != '"' {
		if rest[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(rest) {
		w.bad = true
		return ""
	}
	var word string
	if json.Unmarshal([]byte(`"`+rest[:end+1]), &word) != nil {
		w.bad = true
	}
	w.at += end + 1
	return word
}

// longestNumber is more than any scale needs, and fits every integer.
const longestNumber = 9

func (w *sheetWalker) number() string {
	from := w.at
	if w.peek() == '-' {
		w.at++
	}
	digits := w.at
	for w.at < len(w.text) && w.text[w.at] >= '0' && w.text[w.at] <= '9' {
		w.at++
	}
	if n := w.at - digits; n == 0 || n > longestNumber {
		w.bad = true
	}
	return w.text[from:w.at]
}

func (w *sheetWalker) list(values []string) []string {
	w.eat('[')
	for first := true; !w.bad && w.peek() != ']'; first = false {
		if !first {
			w.eat(',')
		}
		values = append(values, w.word())
	}
	w.eat(']')
	return values
}
