package instrument

import (
	"github.com/goccy/go-yaml/ast"

	"sipas/internal/definition"
	"sipas/internal/survey"
)

// showIf reads whether the question is asked; nil: always.
func (r *reader) showIf(o *definition.Object) *survey.Condition {
	if !o.Has("show_if") {
		return nil
	}
	return r.condition(o.Fields["show_if"], o.What+": show_if")
}

// condition reads exactly one of the three forms of a survey.Condition.
func (r *reader) condition(n ast.Node, what string) *survey.Condition {
	o := r.Object(n, what, "item", "in", "all", "any")
	c := &survey.Condition{}
	switch {
	case o.Has("item") && !o.Has("all") && !o.Has("any"):
		c.Item = survey.ItemCode(o.Word("item"))
		c.In = r.values(o, c.Item)
	case o.Has("all") && len(o.Fields) == 1:
		c.All = r.conditions(o, "all")
	case o.Has("any") && len(o.Fields) == 1:
		c.Any = r.conditions(o, "any")
	default:
		r.Fail(n, "%s must be {item: …, in: […]}, {all: […]} or {any: […]}", what)
	}
	return c
}

func (r *reader) conditions(o *definition.Object, field string) []survey.Condition {
	var cs []survey.Condition
	for _, n := range r.List(o.Fields[field], o.What+": "+field) {
		cs = append(cs, *r.condition(n, o.What))
	}
	return cs
}

// values reads the answers that let a question be asked.
func (r *reader) values(o *definition.Object, item survey.ItemCode) []string {
	q := r.asked[item]
	switch {
	case q == nil:
		r.Fail(o.Fields["item"], "%s: %q is no earlier question", o.What, item)
	case q.Kind == survey.FreeText:
		r.Fail(o.Fields["item"], "%s: %q is open text; nothing can hang on it", o.What, item)
	case q.Respondent:
		r.Fail(o.Fields["item"], "%s: %q is about the respondent; nothing can hang on it", o.What, item)
	}
	var vs []string
	for _, n := range r.List(o.Must("in"), o.What+": in") {
		v := r.Word(n, o.What+": in")
		if q != nil && q.Kind != survey.FreeText && q.Option(v) < 0 {
			r.Fail(n, "%s: %q is no answer to %s", o.What, v, item)
		}
		vs = append(vs, v)
	}
	return vs
}
