package web

import (
	"encoding/json"
	"strings"

	"sipas/internal/locale"
)

// ShelfWords are what js/shelf.js says on a page whose phone keeps answers that
// the server refused.
func (p citizenPage) ShelfWords() string { return shelfWords(p.Printer) }

// ShelfWords is the same for the first page.
func (p homePage) ShelfWords() string { return shelfWords(p.Printer) }

// shelfWords is a JSON object of the messages below "shelf.say.".
func shelfWords(p locale.Printer) string {
	const prefix = "shelf.say."
	words := map[string]string{}
	for key, text := range p.Texts(prefix) {
		words[strings.TrimPrefix(key, prefix)] = text
	}
	b, _ := json.Marshal(words) // strings always can
	return string(b)
}
