package comment

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// plainRunes maps the letters that have marks to those without.
var plainRunes = func() (table [0x2000]rune) {
	for r := range table {
		table[r] = bare(rune(r))
	}
	return table
}()

// bare is r in lower case without its marks; đ is d, which Unicode does not
// take apart.
func bare(r rune) rune {
	r = unicode.ToLower(r)
	if r == 'đ' {
		return 'd'
	}
	apart := norm.NFD.String(string(r))
	first, size := utf8.DecodeRuneInString(apart)
	for _, mark := range apart[size:] {
		if !unicode.Is(unicode.Mn, mark) {
			return r
		}
	}
	return first
}

// plain is r in lower case, without marks, and narrow.
func plain(r rune) rune {
	switch {
	case int(r) < len(plainRunes):
		return plainRunes[r]
	case r >= 0xff01 && r <= 0xff5e: // full width, as some keyboards type digits
		return plainRunes[r-0xfee0]
	}
	return unicode.ToLower(r)
}

// isWord reports whether r is part of a word, as both engines' search sees it.
func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// Words writes text as its words in lower case with their tones, a blank
// between them, and a line break where a sentence or a part of one ends.
func Words(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	var word []rune
	gap := byte(0) // what stands between the last word and the next
	flush := func() {
		if len(word) == 0 {
			return
		}
		if gap != 0 && b.Len() > 0 {
			b.WriteByte(gap)
		}
		b.WriteString(string(newTone(word)))
		word, gap = word[:0], ' '
	}
	for _, r := range norm.NFC.String(text) {
		switch {
		case isWord(r):
			if r >= 0xff01 && r <= 0xff5e {
				r -= 0xfee0
			}
			word = append(word, unicode.ToLower(r))
		case unicode.Is(unicode.Mn, r), r == '\u200b', r == '\u00ad': // neither seen nor a gap
		case unicode.IsSpace(r) && r != '\n':
			flush()
		default:
			flush()
			gap = '\n'
		}
	}
	flush()
	return b.String()
}

// toneMoves writes the tone of an open syllable where the new rule has it:
// "hoà" is "hòa". Both ways of writing are common.
var toneMoves = map[string]string{
	"oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
	"oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
	"uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}

func newTone(word []rune) []rune {
	n := len(word)
	if n < 2 || word[0] == 'q' { // in "quý" the u belongs to the q
		return word
	}
	if moved, ok := toneMoves[string(word[n-2:])]; ok {
		return append(word[:n-2:n-2], []rune(moved)...)
	}
	return word
}

// Fold takes tones and marks away from what Words wrote: "chờ đợi" becomes "cho
// doi". Whoever types without tones finds who wrote with them.
func Fold(words string) string { return strings.Map(plain, words) }

// Folded is text as it is searched: every word without tones, blanks between.
func Folded(text string) string { return strings.ReplaceAll(Fold(Words(text)), "\n", " ") }
