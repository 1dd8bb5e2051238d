package instrument

import (
	"strconv"

	"github.com/goccy/go-yaml/ast"

	"sipas/internal/survey"
)

// list is a row of possible answers that questions refer to by name.
type list struct {
	at      ast.Node
	kind    survey.QuestionKind // Scale, or One for words
	options []survey.Option
	faces   bool
	used    bool
}

// scales reads the named rows of levels.
func (r *reader) scales(file *object) {
	if !file.has("scales") {
		return
	}
	for _, e := range r.entries(file.fields["scales"], "scales") {
		o := r.object(e.value, "scale "+e.key, "faces", "levels")
		l := &list{at: e.at, kind: survey.Scale, faces: o.flag("faces")}
		if n := o.must("levels"); n != nil {
			l.options = r.options(n, o.what)
			r.ascending(n, o.what, l.options)
		}
		if l.faces && len(l.options) != 5 {
			r.fail(o.fields["faces"], "%s has %d levels; there are five faces", o.what, len(l.options))
		}
		r.enter(e, l)
	}
}

// choices reads the named lists of words.
func (r *reader) choices(file *object) {
	if !file.has("choices") {
		return
	}
	for _, e := range r.entries(file.fields["choices"], "choices") {
		r.enter(e, &list{at: e.at, kind: survey.One, options: r.options(e.value, "choices "+e.key)})
	}
}

// enter makes l known by its name; scales and choices share one set of names.
func (r *reader) enter(e entry, l *list) {
	if !partShape.MatchString(e.key) {
		r.fail(e.at, "the name %q must be small letters, digits, - and _", e.key)
	}
	if r.lists[e.key] != nil {
		r.fail(e.at, "the name %q stands twice", e.key)
	}
	r.lists[e.key] = l
}

func (r *reader) options(n ast.Node, what string) []survey.Option {
	var os []survey.Option
	for _, e := range r.entries(n, what) {
		if !optionShape.MatchString(e.key) {
			r.fail(e.at, "%s: the value %q must be small letters, digits and -", what, e.key)
		}
		if e.key == skip {
			r.fail(e.at, "%s: the value %q means in a form that no answer is given", what, e.key)
		}
		os = append(os, survey.Option{Value: e.key, Label: r.text(e.value, what+": "+e.key)})
	}
	if len(os) < 2 || len(os) > maxOptions {
		r.fail(n, "%s must have 2 to %d possible answers, not %d", what, maxOptions, len(os))
	}
	return os
}

func (r *reader) ascending(n ast.Node, what string, os []survey.Option) {
	last := -1
	for _, o := range os {
		v, err := strconv.Atoi(o.Value)
		if err != nil || strconv.Itoa(v) != o.Value || v <= last {
			r.fail(n, "%s: the levels must be whole numbers, each greater than the one before; see %q", what, o.Value)
			return
		}
		last = v
	}
}

// wordsOf returns the options written in place, or those of a named list.
func (r *reader) wordsOf(o *object, field string) []survey.Option {
	if _, ok := o.fields[field].(ast.MapNode); ok {
		return r.options(o.fields[field], o.what)
	}
	return r.named(o, field, survey.One).options
}

// named returns the list the field names. An unknown name is one fault: what
// comes instead has the right kind and no options, so that the questions using
// it are not blamed as well.
func (r *reader) named(o *object, field string, kind survey.QuestionKind) *list {
	name := o.word(field)
	l := r.lists[name]
	if l == nil || l.kind != kind {
		group := map[survey.QuestionKind]string{survey.Scale: "scales", survey.One: "choices"}[kind]
		r.fail(o.fields[field], "%s: there is no %q among the %s", o.what, name, group)
		return &list{kind: kind}
	}
	l.used = true
	return l
}
