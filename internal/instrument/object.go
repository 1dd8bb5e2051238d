package instrument

import (
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
	"golang.org/x/text/unicode/norm"

	"sipas/internal/survey"
)

// object is a mapping with a fixed set of fields. Asking for a field that is
// missing returns nil, which every reading method above takes as "nothing".
type object struct {
	p      *page
	what   string // for messages: "question S34"
	at     ast.Node
	fields map[string]ast.Node
	broken bool // it is no mapping at all: said once, not once for each field
}

// object reads n as a mapping with no fields but known.
func (p *page) object(n ast.Node, what string, known ...string) *object {
	o := &object{p: p, what: what, at: n, fields: map[string]ast.Node{}}
	if _, ok := n.(ast.MapNode); !ok {
		o.broken = true
	}
	for _, e := range p.entries(n, what) {
		if !slices.Contains(known, e.key) {
			p.fail(e.at, "unknown field %q in %s; known are %s", e.key, what, strings.Join(known, ", "))
			continue
		}
		o.fields[e.key] = e.value
	}
	return o
}

// has reports whether the field is written.
func (o *object) has(field string) bool { return o.fields[field] != nil }

// must returns the field and complains when it is missing.
func (o *object) must(field string) ast.Node {
	n := o.fields[field]
	if n == nil && !o.broken {
		o.p.fail(o.at, "%s has no %q", o.what, field)
	}
	return n
}

// word returns the field, which must be there.
func (o *object) word(field string) string {
	return o.p.word(o.must(field), o.what+": "+field)
}

// flag returns the field, false when missing.
func (o *object) flag(field string) bool {
	n := o.fields[field]
	if n == nil {
		return false
	}
	b, ok := n.(*ast.BoolNode)
	if !ok {
		o.p.fail(n, "%s: %s must be true or false", o.what, field)
		return false
	}
	return b.Value
}

// text returns the field in every language; nil when missing.
func (o *object) text(field string) survey.Text {
	if !o.has(field) {
		return nil
	}
	return o.p.text(o.fields[field], o.what+": "+field)
}

// mustText returns the field, which must be there.
func (o *object) mustText(field string) survey.Text {
	o.must(field)
	return o.text(field)
}

// languages are those every text must stand in.
var languages = []string{"vi", "en"}

// text reads {vi: …, en: …}.
func (p *page) text(n ast.Node, what string) survey.Text {
	o := p.object(n, what, languages...)
	t := survey.Text{}
	for _, lang := range languages {
		v := o.must(lang)
		t[lang] = p.word(v, what)
		p.wording(v, t[lang], what)
	}
	return t
}

// wording refuses what a reader would not see as it is written: stray blanks,
// control characters, and letters whose marks are apart (NFD), which look the
// same and never compare equal.
func (p *page) wording(n ast.Node, s, what string) {
	switch {
	case s != strings.TrimSpace(s):
		p.fail(n, "%s begins or ends with a blank", what)
	case strings.ContainsFunc(s, unicode.IsControl):
		p.fail(n, "%s has a line break or a control character", what)
	case !norm.NFC.IsNormalString(s):
		p.fail(n, "%s is not in Unicode form NFC", what)
	}
}

// oneOf returns the field, which must be one of allowed.
func oneOf[T ~string](o *object, field string, allowed ...T) T {
	w := T(o.word(field))
	if o.has(field) && !slices.Contains(allowed, w) {
		o.p.fail(o.fields[field], "%s: %s is %q; it must be one of %s", o.what, field, w, join(allowed))
	}
	return w
}

func join[T ~string](words []T) string {
	s := make([]string, len(words))
	for i, w := range words {
		s[i] = string(w)
	}
	return strings.Join(s, ", ")
}
