package instrument

import (
	"strings"

	"github.com/goccy/go-yaml/ast"

	"sipas/internal/definition"
	"sipas/internal/survey"
)

// rules of each level of the index tree; the least detailed last.
var (
	factorRules  = []survey.Rule{survey.MeanOfItems, survey.Pooled}
	domainRules  = []survey.Rule{survey.MeanOfItems, survey.MeanOfFactors, survey.Pooled}
	overallRules = []survey.Rule{survey.MeanOfItems, survey.MeanOfFactors, survey.MeanOfDomains, survey.Pooled, survey.Direct}
)

func (r *reader) index(n ast.Node) {
	o := r.Object(n, "index", "satisfied", "item", "factor", "domain", "overall", "direct", "units", "decimals")
	s := &r.in.Spec
	s.Item = definition.OneOf(o, "item", survey.SatisfiedShare, survey.MeanScore)
	s.Factor = definition.OneOf(o, "factor", factorRules...)
	s.Domain = definition.OneOf(o, "domain", domainRules...)
	s.Overall = definition.OneOf(o, "overall", overallRules...)
	s.Units = definition.OneOf(o, "units", survey.PooledResponses, survey.MeanOfUnits, survey.WeightedUnits)
	s.Decimals = o.Whole("decimals", 0, 4)
	counted := r.in.Items()
	if o.Has("direct") {
		s.Direct = survey.ItemCode(o.Word("direct"))
		if r.direct(o.Fields["direct"], s.Direct) {
			counted = append(counted, s.Direct)
		}
	} else if s.Overall == survey.Direct {
		r.Fail(o.Fields["overall"], "index: overall is direct, so \"direct\" must name the question")
	}
	seen := map[string]bool{}
	for _, v := range r.List(o.Must("satisfied"), "index: satisfied") {
		w := r.Word(v, "index: satisfied")
		if seen[w] {
			r.Fail(v, "index: satisfied has %q twice", w)
		}
		seen[w] = true
		s.Satisfied = append(s.Satisfied, w)
		r.satisfied(v, w, counted)
	}
	r.scored(o, counted)
}

// direct reports whether code can be asked for the overall satisfaction.
func (r *reader) direct(n ast.Node, code survey.ItemCode) bool {
	switch q := r.asked[code]; {
	case q == nil:
		r.Fail(n, "index: direct: there is no question %q", code)
	case r.placed[code] != "":
		r.Fail(n, "index: direct: %q is also an item of factor %s", code, r.placed[code])
	case q.Respondent || q.Kind != survey.Scale:
		r.Fail(n, "index: direct: %q must be a scale question", code)
	default:
		return true
	}
	return false
}

// satisfied checks that every counted question can be answered with value;
// otherwise its share would silently be 0 %.
func (r *reader) satisfied(n ast.Node, value string, counted []survey.ItemCode) {
	var without []string
	for _, code := range counted {
		if q := r.asked[code]; len(q.Options) > 0 && q.Option(value) < 0 {
			without = append(without, string(code))
		}
	}
	if len(without) > 0 {
		r.Fail(n, "index: satisfied: %q is no answer to %s", value, strings.Join(without, ", "))
	}
}

// scored checks that a mean score has numbers to work on.
func (r *reader) scored(o *definition.Object, counted []survey.ItemCode) {
	if r.in.Spec.Item != survey.MeanScore {
		return
	}
	for _, code := range counted {
		if q := r.asked[code]; q.Kind != survey.Scale {
			r.Fail(o.Fields["item"], "index: item rule %s needs scales, and %q is none", survey.MeanScore, code)
		}
	}
}
