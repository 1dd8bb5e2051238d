package comment

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Kind is what a part of a comment would tell of a person. Its words are the
// message "comment.mask." + kind.
type Kind string

// Kinds of personal data that are covered. Names are not among them: nothing
// tells "Lan" the person from "lan" the orchid.
const (
	Plain  Kind = ""       // nothing
	Phone  Kind = "phone"  // a telephone number of Việt Nam
	ID     Kind = "id"     // a citizen's (12 digits) or an old identity card (9)
	Email  Kind = "email"  // an address of e-mail
	File   Kind = "file"   // the number of a dossier or of its receipt
	Number Kind = "number" // any other long number: accounts, taxes, insurance
)

// Part is a run of a comment. A part that is covered keeps its Text for those
// who may read it.
type Part struct {
	Kind Kind
	Text string
}

// gap is what people write between the digits of a number.
const gap = `[ .()\-]{0,2}`

// rules find personal data in the shadow of a text, the surest first. What one
// has found the next ones leave alone.
var rules = []struct {
	kind Kind
	re   *regexp.Regexp
	not  func(s string, from, to int) bool
}{
	{Email, regexp.MustCompile(`[a-z0-9._%+\-]+@[a-z0-9\-]+(?:\.[a-z0-9\-]+)*`), nil},
	{Email, regexp.MustCompile(`[a-z0-9._%+\-]+ ?(?:@|\(at\)|\[at\]| at ) ?[a-z0-9\-]+(?:(?: ?\. ?| cham )(?:com|vn|net|org|edu|gov|info|co))+\b`), nil},
	// 000.00.00.H49-240101-0001: who handles it, the day, the number of the day
	{File, regexp.MustCompile(`\b(?:\d{3}\.\d{2}\.\d{2}\.)?[a-z]\d{2}(?:[.\-]\d{1,3}){0,4} ?[.\-] ?\d{6} ?[.\-] ?\d{3,6}\b`), nil},
	{File, regexp.MustCompile(`\b(?:(?:ma|so)(?: so)? (?:ho so|bien nhan|giay hen|phieu hen|tiep nhan)|(?:ho so|bien nhan|giay hen|phieu hen)(?: so| ma))(?: so| la)?[ :.#]{0,3}(?P<it>[a-z0-9./\-]*\d[a-z0-9./\-]*)`), fewDigits},
	{Phone, regexp.MustCompile(phonePrefix + `[35789](?:` + gap + `\d){8}\b`), isSum},
	{Phone, regexp.MustCompile(phonePrefix + `2(?:` + gap + `\d){9}\b`), isSum},
	{Phone, regexp.MustCompile(phonePrefix + `1` + gap + `[2689](?:` + gap + `\d){8}\b`), isSum}, // before 2018
	{Phone, regexp.MustCompile(`\bkhong(?:[ ,.\-]+` + digitWord + `){8,11}\b`), nil},
	{ID, regexp.MustCompile(`\b0\d{2}(?:[ .\-]?\d){9}\b`), nil},
	{ID, regexp.MustCompile(`\b[1-9]\d{2} \d{3} \d{3}\b`), isSum},
	{ID, regexp.MustCompile(`\b\d{9}(?:\d{3})?\b`), isSum},
	{Number, regexp.MustCompile(`\b\d{9,}\b`), isSum},
}

const (
	phonePrefix = `(?:\(?\+ ?84\)?|\b0084|\b84|\(?\b0)` + gap + `(?:\(0\)` + gap + `)?`
	digitWord   = `(?:khong|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin)`
)

// dates are no numbers of anything, however many stand in a row.
var dates = regexp.MustCompile(`\b(?:(?:0?[1-9]|[12]\d|3[01])[./\-](?:0?[1-9]|1[0-2])[./\-](?:19|20)\d\d|(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))\b`)

var (
	currency = regexp.MustCompile(`^ ?(?:d|dong|vnd|k|nghin|ngan|tr|trieu|ty|ti|usd)\b`)
	goesOn   = regexp.MustCompile(`^[.\-]\d`)
	goneOn   = regexp.MustCompile(`\d` + gap + `$`)
)

// isSum reports whether s[from:to] is money. A number that begins with 0 or +
// is none.
func isSum(s string, from, to int) bool {
	return s[from] >= '1' && s[from] <= '9' && currency.MatchString(s[to:])
}

// fewDigits reports whether s[from:to] is too short to tell one file from all
// others: a year, a count of copies.
func fewDigits(s string, from, to int) bool {
	n := 0
	for _, c := range s[from:to] {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n < 5
}

// Mask cuts text into parts, those that tell of a person apart from the rest.
// Together they are text, in the composed form of Unicode.
func Mask(text string) []Part {
	runes := []rune(norm.NFC.String(text))
	s := shadow(runes)
	var found []span
	var whole []span // dates
	for _, m := range dates.FindAllStringIndex(s, -1) {
		last := 0 // what stands between the date before and this one
		if len(whole) > 0 {
			last = whole[len(whole)-1].to
		}
		if !goesOn.MatchString(s[m[1]:]) && !goneOn.MatchString(s[last:m[0]]) {
			whole = append(whole, span{from: m[0], to: m[1]})
		}
	}
	for _, rule := range rules {
		group := max(0, rule.re.SubexpIndex("it"))
		for _, m := range rule.re.FindAllStringSubmatchIndex(s, -1) {
			it := span{rule.kind, m[2*group], m[2*group+1]}
			if rule.not != nil && rule.not(s, it.from, it.to) || slices.ContainsFunc(found, it.meets) || slices.ContainsFunc(whole, it.meets) {
				continue
			}
			found = append(found, it)
		}
	}
	slices.SortFunc(found, func(a, b span) int { return a.from - b.from })
	var parts []Part
	at := 0
	for _, f := range append(found, span{from: len(runes), to: len(runes)}) {
		if at < f.from {
			parts = append(parts, Part{Plain, string(runes[at:f.from])})
		}
		if f.kind != Plain {
			parts = append(parts, Part{f.kind, string(runes[f.from:f.to])})
		}
		at = f.to
	}
	return parts
}

// Open is text without what Mask covers, each replaced by a full stop, so that
// no phrase reaches over it.
func Open(text string) string {
	var b strings.Builder
	for _, p := range Mask(text) {
		if p.Kind == Plain {
			b.WriteString(p.Text)
		} else {
			b.WriteString(" . ")
		}
	}
	return b.String()
}

type span struct {
	kind     Kind
	from, to int
}

func (s span) meets(o span) bool { return s.from < o.to && o.from < s.to }

// shadow writes one byte for every rune, so that an expression finds places in
// runes and a letter with marks is a letter.
func shadow(runes []rune) string {
	b := make([]byte, len(runes))
	for i, r := range runes {
		b[i] = shadowOf(r)
	}
	for i := range len(b) - 1 { // o912… with the letter instead of the zero
		if b[i] == 'o' && b[i+1] >= '0' && b[i+1] <= '9' && (i == 0 || b[i-1] < 'a' || b[i-1] > 'z') {
			b[i] = '0'
		}
	}
	return string(b)
}

func shadowOf(r rune) byte {
	p := plain(r)
	switch {
	case r == '\n':
		return '\n'
	case unicode.IsSpace(r), unicode.Is(unicode.Cf, r): // also what has no width
		return ' '
	case unicode.Is(unicode.Pd, r), r == '\u2212', r == '_':
		return '-'
	case p < 0x80:
		return byte(p)
	case unicode.IsDigit(r):
		return byte('0' + digitOf(r))
	case unicode.IsLetter(r):
		return 'x'
	}
	return '?'
}

// digitOf is the value of a decimal digit of any script: they stand in rows of
// ten that begin with a zero.
func digitOf(r rune) rune {
	n := rune(0)
	for n < 9 && unicode.IsDigit(r-n-1) {
		n++
	}
	return n
}
