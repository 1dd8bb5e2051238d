package instrument

import (
	"github.com/goccy/go-yaml/ast"

	"sipas/internal/survey"
)

// showIf reads whether the question is asked; nil: always.
func (r *reader) showIf(o *object) *survey.Condition {
	if !o.has("show_if") {
		return nil
	}
	return r.condition(o.fields["show_if"], o.what+": show_if")
}

// condition reads exactly one of the three forms of a survey.Condition.
func (r *reader) condition(n ast.Node, what string) *survey.Condition {
	o := r.object(n, what, "item", "in", "all", "any")
	c := &survey.Condition{}
	switch {
	case o.has("item") && !o.has("all") && !o.has("any"):
		c.Item = survey.ItemCode(o.word("item"))
		c.In = r.values(o, c.Item)
	case o.has("all") && len(o.fields) == 1:
		c.All = r.conditions(o, "all")
	case o.has("any") && len(o.fields) == 1:
		c.Any = r.conditions(o, "any")
	default:
		r.fail(n, "%s must be {item: …, in: […]}, {all: […]} or {any: […]}", what)
	}
	return c
}

func (r *reader) conditions(o *object, field string) []survey.Condition {
	var cs []survey.Condition
	for _, n := range r.list(o.fields[field], o.what+": "+field) {
		cs = append(cs, *r.condition(n, o.what))
	}
	return cs
}

// values reads the answers that let a question be asked.
func (r *reader) values(o *object, item survey.ItemCode) []string {
	q := r.asked[item]
	switch {
	case q == nil:
		r.fail(o.fields["item"], "%s: %q is no earlier question", o.what, item)
	case q.Kind == survey.FreeText:
		r.fail(o.fields["item"], "%s: %q is open text; nothing can hang on it", o.what, item)
	case q.Respondent:
		r.fail(o.fields["item"], "%s: %q is about the respondent; nothing can hang on it", o.what, item)
	}
	var vs []string
	for _, n := range r.list(o.must("in"), o.what+": in") {
		v := r.word(n, o.what+": in")
		if q != nil && q.Kind != survey.FreeText && q.Option(v) < 0 {
			r.fail(n, "%s: %q is no answer to %s", o.what, v, item)
		}
		vs = append(vs, v)
	}
	return vs
}
