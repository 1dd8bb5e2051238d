package comment

import (
	"strings"
	"unicode"
)

// Term is a word, or words that follow one another, without tones. Only
// letters and digits are in it.
type Term struct {
	Words  []string
	Prefix bool // the last word is only how it begins
}

// Search is what comments are searched for: those that have every term.
type Search []Term

// Bounds of a search. More is cut off.
const (
	LongestSearch = 200 // characters
	mostTerms     = 8
	mostWords     = 8
)

// ParseSearch reads what was typed: words, "several words in a row", and
// begin* for the beginning of a word. Everything but letters and digits only
// separates, so that no engine finds a language of its own in it.
func ParseSearch(typed string) Search {
	if r := []rune(typed); len(r) > LongestSearch {
		typed = string(r[:LongestSearch])
	}
	var s Search
	for i, part := range strings.Split(strings.Map(oneQuote, typed), `"`) {
		if i%2 == 1 {
			s = s.with(part, true)
			continue
		}
		for _, word := range strings.FieldsFunc(part, unicode.IsSpace) {
			s = s.with(word, strings.ContainsFunc(word, isJoint))
		}
	}
	return s
}

// oneQuote makes one of the quotes that keyboards and word processors write.
func oneQuote(r rune) rune {
	if r == '“' || r == '”' || r == '„' {
		return '"'
	}
	return r
}

// isJoint: "một-cửa" is two words in a row.
func isJoint(r rune) bool { return unicode.Is(unicode.Pd, r) || r == '/' || r == '.' }

// with adds the words of text: in a row, or each by itself.
func (s Search) with(text string, inARow bool) Search {
	words := strings.Fields(Folded(text))
	if len(words) == 0 {
		return s
	}
	begins := strings.HasSuffix(strings.TrimSpace(text), "*")
	terms := []Term{{Words: words[:min(len(words), mostWords)], Prefix: begins && len(words) <= mostWords}}
	if !inARow {
		terms = nil
		for i, w := range words {
			terms = append(terms, Term{Words: []string{w}, Prefix: begins && i == len(words)-1})
		}
	}
	s = append(s, terms...)
	return s[:min(len(s), mostTerms)]
}

// Matches reports whether folded, as Folded writes it, has every term. It says
// what an engine's index must find.
func (s Search) Matches(folded string) bool {
	text := " " + folded + " "
	for _, t := range s {
		want := " " + strings.Join(t.Words, " ")
		if !t.Prefix {
			want += " "
		}
		if !strings.Contains(text, want) {
			return false
		}
	}
	return true
}
