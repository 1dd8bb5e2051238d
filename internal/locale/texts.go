package locale

import "strings"

// Texts returns every message of p's language whose key begins with one of
// prefixes, as it was written, for programs that fill in the places themselves.
// What it lacks is there in the default language.
func (p Printer) Texts(prefixes ...string) map[string]string {
	texts := map[string]string{}
	for _, d := range []dict{fallback().dict, p.speech().dict} {
		for key, text := range d {
			for _, prefix := range prefixes {
				if strings.HasPrefix(key, prefix) {
					texts[key] = text
				}
			}
		}
	}
	return texts
}
