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
	return appendParts(make([]book.Part, 0, strings.Count(text, " ")+1), text)
}

// appendParts is splitParts into room that there is.
func appendParts(parts []book.Part, text string) ([]book.Part, error) {
	for text != "" {
		one, rest := text, ""
		if i := strings.IndexByte(text, ' '); i >= 0 {
			one, rest = text[:i], text[i+1:]
		}
		i := strings.IndexByte(one, '=')
		if i < 0 {
			return nil, fmt.Errorf("component score %q: no number", one)
		}
		score, err := decimal(one[i+1:])
		if err != nil {
			return nil, fmt.Errorf("component score %q: %w", one, err)
		}
		code, source := one[:i], ""
		if i := strings.IndexByte(code, ':'); i >= 0 {
			code, source = code[:i], code[i+1:]
		}
		parts = append(parts, book.Part{Code: code, Source: book.Source(source), Score: score})
		text = rest
	}
	return parts, nil
}

// hundreds are the powers of ten that a float64 has exactly, as far as scores go.
var hundreds = [...]float64{1, 10, 100, 1000, 10000}

// decimal is strconv.ParseFloat; at once for what most scores are, a few digits
// with up to four behind the point. Both numbers that are divided are exact, so
// the quotient is rounded once, as it is there.
func decimal(s string) (float64, error) {
	const digits = 9
	whole, point := 0, -1
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9' && len(s) <= digits:
			whole = 10*whole + int(c-'0')
		case c == '.' && point < 0 && i > 0:
			point = i
		default:
			return strconv.ParseFloat(s, 64)
		}
	}
	behind := 0
	if point >= 0 {
		behind = len(s) - point - 1
	}
	if s == "" || behind >= len(hundreds) || point >= 0 && behind == 0 {
		return strconv.ParseFloat(s, 64)
	}
	return float64(whole) / hundreds[behind], nil
}
