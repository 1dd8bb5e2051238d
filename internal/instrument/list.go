package instrument

import (
	"strconv"

	"github.com/goccy/go-yaml/ast"

	"sipas/internal/definition"
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
func (r *reader) scales(file *definition.Object) {
	if !file.Has("scales") {
		return
	}
	for _, e := range r.Entries(file.Fields["scales"], "scales") {
		o := r.Object(e.Value, "scale "+e.Key, "faces", "levels")
		l := &list{at: e.At, kind: survey.Scale, faces: o.Flag("faces")}
		if n := o.Must("levels"); n != nil {
			l.options = r.options(n, o.What)
			r.ascending(n, o.What, l.options)
		}
		if l.faces && len(l.options) != 5 {
			r.Fail(o.Fields["faces"], "%s has %d levels; there are five faces", o.What, len(l.options))
		}
		r.enter(e, l)
	}
}

// choices reads the named lists of words.
func (r *reader) choices(file *definition.Object) {
	if !file.Has("choices") {
		return
	}
	for _, e := range r.Entries(file.Fields["choices"], "choices") {
		r.enter(e, &list{at: e.At, kind: survey.One, options: r.options(e.Value, "choices "+e.Key)})
	}
}

// enter makes l known by its name; scales and choices share one set of names.
func (r *reader) enter(e definition.Entry, l *list) {
	if !partShape.MatchString(e.Key) {
		r.Fail(e.At, "the name %q must be small letters, digits, - and _", e.Key)
	}
	if r.lists[e.Key] != nil {
		r.Fail(e.At, "the name %q stands twice", e.Key)
	}
	r.lists[e.Key] = l
}

func (r *reader) options(n ast.Node, what string) []survey.Option {
	var os []survey.Option
	for _, e := range r.Entries(n, what) {
		if !optionShape.MatchString(e.Key) {
			r.Fail(e.At, "%s: the value %q must be small letters, digits and -", what, e.Key)
		}
		if e.Key == skip {
			r.Fail(e.At, "%s: the value %q means in a form that no answer is given", what, e.Key)
		}
		os = append(os, survey.Option{Value: e.Key, Label: r.Text(e.Value, what+": "+e.Key)})
	}
	if len(os) < 2 || len(os) > maxOptions {
		r.Fail(n, "%s must have 2 to %d possible answers, not %d", what, maxOptions, len(os))
	}
	return os
}

func (r *reader) ascending(n ast.Node, what string, os []survey.Option) {
	last := -1
	for _, o := range os {
		v, err := strconv.Atoi(o.Value)
		if err != nil || strconv.Itoa(v) != o.Value || v <= last {
			r.Fail(n, "%s: the levels must be whole numbers, each greater than the one before; see %q", what, o.Value)
			return
		}
		last = v
	}
}

// wordsOf returns the options written in place, or those of a named list.
func (r *reader) wordsOf(o *definition.Object, field string) []survey.Option {
	if _, ok := o.Fields[field].(ast.MapNode); ok {
		return r.options(o.Fields[field], o.What)
	}
	return r.named(o, field, survey.One).options
}

// named returns the list the field names. An unknown name is one fault: what
// comes instead has the right kind and no options, so that the questions using
// it are not blamed as well.
func (r *reader) named(o *definition.Object, field string, kind survey.QuestionKind) *list {
	name := o.Word(field)
	l := r.lists[name]
	if l == nil || l.kind != kind {
		group := map[survey.QuestionKind]string{survey.Scale: "scales", survey.One: "choices"}[kind]
		r.Fail(o.Fields[field], "%s: there is no %q among the %s", o.What, name, group)
		return &list{kind: kind}
	}
	l.used = true
	return l
}
