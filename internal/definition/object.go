package definition

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"sipas/internal/survey"
)

// Object is a mapping with a fixed set of fields. Asking for a field that is
// missing gives nothing, and complains where it must be there.
type Object struct {
	What   string // for messages: "question S34"
	At     ast.Node
	Fields map[string]ast.Node
	p      *Page
	broken bool // it is no mapping at all: said once, not once for each field
}

// Object reads n as a mapping with no fields but known.
func (p *Page) Object(n ast.Node, what string, known ...string) *Object {
	o := &Object{p: p, What: what, At: n, Fields: map[string]ast.Node{}}
	if _, ok := n.(ast.MapNode); !ok {
		o.broken = true
	}
	for _, e := range p.Entries(n, what) {
		if !slices.Contains(known, e.Key) {
			p.Fail(e.At, "unknown field %q in %s; known are %s", e.Key, what, strings.Join(known, ", "))
			continue
		}
		o.Fields[e.Key] = e.Value
	}
	return o
}

// Has reports whether the field is written.
func (o *Object) Has(field string) bool { return o.Fields[field] != nil }

// Must returns the field and complains when it is missing.
func (o *Object) Must(field string) ast.Node {
	n := o.Fields[field]
	if n == nil && !o.broken {
		o.p.Fail(o.At, "%s has no %q", o.What, field)
	}
	return n
}

// Word returns the field, which must be there.
func (o *Object) Word(field string) string {
	return o.p.Word(o.Must(field), o.What+": "+field)
}

// MayWord returns the field, "" when missing.
func (o *Object) MayWord(field string) string {
	return o.p.Word(o.Fields[field], o.What+": "+field)
}

// Words returns the elements of a list, nil when missing.
func (o *Object) Words(field string) (words []string, at []ast.Node) {
	at = o.p.List(o.Fields[field], o.What+": "+field)
	for _, n := range at {
		words = append(words, o.p.Word(n, o.What+": "+field))
	}
	return words, at
}

// Flag returns the field, false when missing.
func (o *Object) Flag(field string) bool {
	n := o.Fields[field]
	if n == nil {
		return false
	}
	b, ok := n.(*ast.BoolNode)
	if !ok {
		o.p.Fail(n, "%s: %s must be true or false", o.What, field)
		return false
	}
	return b.Value
}

// Whole returns the field, which must be there, a whole number from low to high.
func (o *Object) Whole(field string, low, high int) int {
	w := o.Word(field)
	n, err := strconv.Atoi(w)
	if w != "" && (err != nil || n < low || n > high) {
		o.p.Fail(o.Fields[field], "%s: %s is %q; it must be a whole number from %d to %d", o.What, field, w, low, high)
		return 0
	}
	return n
}

var decimal = regexp.MustCompile(`^-?[0-9]{1,9}(\.[0-9]{1,6})?$`)

// Number returns the field and whether it is one: a number of points or per cent,
// without a sign for either; 0 and false when missing.
func (o *Object) Number(field string) (v float64, ok bool) {
	w := o.MayWord(field)
	if w == "" {
		return 0, false
	}
	if !decimal.MatchString(w) {
		o.p.Fail(o.Fields[field], "%s: %s is %q; it must be a number with a point and no sign of its own, like 90 or 10.5", o.What, field, w)
		return 0, false
	}
	v, err := strconv.ParseFloat(w, 64)
	return v, err == nil
}

// Text returns the field in every language; nil when missing.
func (o *Object) Text(field string) survey.Text {
	return o.p.Text(o.Fields[field], o.What+": "+field)
}

// MustText returns the field, which must be there.
func (o *Object) MustText(field string) survey.Text {
	return o.p.Text(o.Must(field), o.What+": "+field)
}

// OneOf returns the field, which must be one of allowed.
func OneOf[T ~string](o *Object, field string, allowed ...T) T {
	w := T(o.Word(field))
	if o.Has(field) && w != "" && !slices.Contains(allowed, w) {
		o.p.Fail(o.Fields[field], "%s: %s is %q; it must be one of %s", o.What, field, w, Join(allowed))
	}
	return w
}

// Join writes a list for a message.
func Join[T ~string](words []T) string {
	s := make([]string, len(words))
	for i, w := range words {
		s[i] = string(w)
	}
	return strings.Join(s, ", ")
}
