package locale

import "strings"

// Texts returns every message of p's language whose key begins with one of
// prefixes, as it was written, for programs that fill in the places themselves.
func (p Printer) Texts(prefixes ...string) map[string]string {
	texts := map[string]string{}
	for key, text := range p.dict() {
		for _, prefix := range prefixes {
			if strings.HasPrefix(key, prefix) {
				texts[key] = text
			}
		}
	}
	return texts
}
