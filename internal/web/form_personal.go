package web

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// personal lists what in a comment most likely names a person: an e-mail
// address, a telephone number of Việt Nam, a number of an identity card (twelve
// digits, or nine on the old ones). The script has the same list; both are
// tested by testdata/personal.json. Sums of money and dossier codes are written
// with points or letters between and do not look like these; where one does, the
// citizen may insist.
var personal = []struct {
	kind string
	re   *regexp.Regexp
}{
	{"email", regexp.MustCompile(`[^\s@]+@[^\s@]+\.[A-Za-z]{2,}`)},
	{"id", regexp.MustCompile(`\b(?:0\d{11}|[1-9]\d{8})\b`)},
	{"phone", regexp.MustCompile(`(?:\+84|\b84|\b0)[ .-]?[235789](?:[ .-]?\d){8,9}\b`)},
}

// findPersonal returns what kind of personal data a text seems to hold and how
// it begins and ends, "0912 … 678", so that the warning does not repeat it.
func findPersonal(text string) (kind, excerpt string, found bool) {
	for _, p := range personal {
		if m := p.re.FindString(text); m != "" {
			return p.kind, mask(m), true
		}
	}
	return "", "", false
}

func mask(s string) string {
	r := []rune(s)
	if utf8.RuneCountInString(s) <= 7 {
		return string(r[:2]) + " …"
	}
	return strings.TrimSpace(string(r[:4])) + " … " + strings.TrimSpace(string(r[len(r)-3:]))
}
