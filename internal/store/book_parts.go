package store

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/book"
)

// joinParts writes component scores as "2.1=3.5 2.1:self=4", by code and
// source. The shortest decimal that reads back as the same number stands there.
func joinParts(parts []book.Part) string {
	order := func(a, b book.Part) int { return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Source, b.Source)) }
	if !slices.IsSortedFunc(parts, order) {
		parts = slices.Clone(parts)
		slices.SortFunc(parts, order)
	}
	b := make([]byte, 0, 16*len(parts))
	for i, p := range parts {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, p.Code...)
		if p.Source != book.Published {
			b = append(b, ':')
			b = append(b, p.Source...)
		}
		b = append(b, '=')
		b = strconv.AppendFloat(b, p.Score, 'f', -1, 64)
	}
	return string(b)
}

// splitParts reads what joinParts wrote; codes and sources stay in text.
func splitParts(text string) ([]book.Part, error) {
	if text == "" {
		return nil, nil
	}
	parts := make([]book.Part, 0, strings.Count(text, " ")+1)
	for text != "" {
		var one string
		one, text, _ = strings.Cut(text, " ")
		name, number, ok := strings.Cut(one, "=")
		score, err := strconv.ParseFloat(number, 64)
		if !ok || err != nil {
			return nil, fmt.Errorf("component score %q: %w", one, err)
		}
		code, source, _ := strings.Cut(name, ":")
		parts = append(parts, book.Part{Code: code, Source: book.Source(source), Score: score})
	}
	return parts, nil
}
