package locale

import (
	"bytes"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// Compare orders two names as readers of the language expect: a before ă
// before â, d before đ, "Khu 2" before "Khu 10". To sort many, use SortBy.
func (p Printer) Compare(a, b string) int { return p.collator().CompareString(a, b) }

// Sort sorts names in place.
func (p Printer) Sort(names []string) {
	SortBy(p, names, func(s string) string { return s })
}

// SortBy sorts items by their names in p's language; equal names stay as they
// stood.
func SortBy[T any](p Printer, items []T, name func(T) string) {
	type keyed struct {
		key  []byte
		item T
	}
	c, buf := p.collator(), collate.Buffer{}
	sorted := make([]keyed, len(items))
	for i, it := range items {
		sorted[i] = keyed{c.KeyFromString(&buf, name(it)), it}
	}
	slices.SortStableFunc(sorted, func(a, b keyed) int { return bytes.Compare(a.key, b.key) })
	for i, k := range sorted {
		items[i] = k.item
	}
}

// collator makes one each time: a Collator keeps buffers and is not for
// several goroutines.
func (p Printer) collator() *collate.Collator {
	return collate.New(language.Make(p.Lang), collate.Numeric)
}
