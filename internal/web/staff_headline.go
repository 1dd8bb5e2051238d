package web

import (
	"math"
	"strings"

	"sipas/internal/survey"
)

// headline is the four answers on top of the dashboard.
type headline struct {
	State string // "", "none" or "few": without a figure the page says why
	Count int64  // responses, for programs
	Value string // "88,43"
	Say   string
	Strip strip
	Proof string // the interval, or why there is none
	How   string // the address of how it was computed
	Trend trend
	Worst worst
	Items []figureRow // the lowest
	Of    string      // how many items there are, in a sentence
}

// trend answers: better or worse?
type trend struct {
	Answer, Class, Sign string
	Say                 string
	Parts               []trendPart
}

type trendPart struct {
	Name, Value string
	Change      change
	Diff        string // "+1,6"
}

// worst answers: where is it worst?
type worst struct {
	Answer, Say string
	Dots        dots
}

// headline makes the four answers for u and its children.
func (f *figures) headline(u survey.UnitCode, t unitBoard, children []survey.UnitCode) headline {
	x := f.index(u)
	m := overallOf(x)
	h := headline{Count: x.N}
	switch {
	case m.few():
		h.State = "few"
		return h
	case !m.shown():
		h.State = "none"
		return h
	}
	h.Value = f.p.Decimal(m.Value, x.Spec.Decimals)
	h.Say = strings.TrimSpace(f.inWords(m, x.Spec) + " " + f.targetSentence(u, m))
	h.Strip, h.Proof = f.proof(m, x, f.change(u, overallOf), u)
	h.How = f.explainHref(u, survey.OverallKey)
	h.Trend = f.trend(u)
	h.Worst = f.worst(u, t, children)
	items := shownRows(f.items(u, ""))
	h.Items = items[:min(3, len(items))]
	h.Of = f.p.N("staff.head.items_of", int64(len(x.Items)))
	if len(x.Items) == 1 {
		h.Of = f.p.T("staff.head.only_item")
	}
	return h
}

// inWords says a percentage as people.
func (f *figures) inWords(m measure, spec survey.Spec) string {
	if spec.Item == survey.MeanScore {
		return f.p.T("staff.head.mean_score")
	}
	of100 := int64(math.Floor(m.Value + 0.5))
	return f.p.N("staff.head.of_hundred", of100)
}

// proof draws the strip and says how sure the figure is.
func (f *figures) proof(m measure, x survey.Index, c change, u survey.UnitCode) (strip, string) {
	var was *float64
	if c.known {
		v := f.was.Indices[u].Overall.Percent.Value
		was = &v
	}
	if !f.sample() {
		return newStrip(f.p, m.Value, nil, was, f.name, f.targetOf(u)), f.p.T("staff.head.self_selected", x.N)
	}
	if w, ok := m.interval(); ok {
		return newStrip(f.p, m.Value, &w, was, f.name, f.targetOf(u)), f.sure(m, x.N)
	}
	return newStrip(f.p, m.Value, nil, was, f.name, f.targetOf(u)), f.sure(m, x.N)
}

// trend compares the unit with the chosen earlier period.
func (f *figures) trend(u survey.UnitCode) trend {
	c := f.change(u, overallOf)
	if !c.known {
		t := trend{Answer: f.p.T("staff.change.impossible"), Class: "mut", Say: f.p.T(c.Why + ".say")}
		if c.Why == "staff.change.not_asked" {
			t.Answer = f.p.T(c.Why)
		}
		if len(f.now.Instrument.Domains) > 1 {
			t.Parts = f.trendParts(u)
		}
		return t
	}
	was := overallOf(f.was.Indices[u])
	t := trend{Class: c.Class, Sign: c.Sign}
	from := f.p.Percent(was.Value, 2)
	d := c.of
	switch {
	case f.sample() && !d.Tested():
		t.Answer = f.p.T("staff.trend.plain", f.p.Signed(c.points, 2))
		t.Say = f.p.T("sampling.unjudged", from, f.name)
	case !f.sample():
		t.Answer = f.p.T("staff.trend.plain", f.p.Signed(c.points, 2))
		t.Say = f.p.T("staff.trend.plain.say", from, f.name)
	case !c.clear:
		t.Answer = f.p.T("staff.trend.unclear")
		t.Say = f.p.T("staff.trend.unclear.say", f.p.Signed(c.points, 2), f.name, f.p.Decimal(d.Half(c.points), 1))
	case c.points > 0:
		t.Answer = f.p.T("staff.trend.better", f.p.Decimal(c.points, 2))
		t.Say = f.p.T("staff.trend.clear.say", from, f.name, f.p.Decimal(d.Low, 1), f.p.Decimal(d.High, 1))
	default:
		t.Answer = f.p.T("staff.trend.worse", f.p.Decimal(-c.points, 2))
		t.Say = f.p.T("staff.trend.clear.say", from, f.name, f.p.Decimal(-d.High, 1), f.p.Decimal(-d.Low, 1))
	}
	t.Parts = f.trendParts(u)
	return t
}

// mostParts is how many domains or factors stand under the trend.
const mostParts = 3

// trendParts shows the domains, or the factors that moved most where there is
// only one domain.
func (f *figures) trendParts(u survey.UnitCode) []trendPart {
	in := f.now.Instrument
	var parts []trendPart
	if len(in.Domains) > 1 {
		for i, d := range in.Domains[:min(mostParts, len(in.Domains))] {
			of := func(x survey.Index) measure { return domainOf(x, i) }
			if m := of(f.index(u)); m.shown() {
				parts = append(parts, f.trendPart(d.Title.In(f.p.Lang), f.p.Percent(m.Value, 2), f.change(u, of)))
			}
		}
		return parts
	}
	moved := make([]float64, 0, mostParts)
	at := 0
	for _, fac := range in.Domains[0].Factors {
		of := factorOf(at)
		at++
		c := f.change(u, of)
		if !c.known {
			continue
		}
		i := 0
		for i < len(moved) && moved[i] >= math.Abs(c.points) {
			i++
		}
		moved = append(moved[:i:i], append([]float64{math.Abs(c.points)}, moved[i:]...)...)
		part := f.trendPart(fac.ShortTitle(f.p.Lang), "", c)
		parts = append(parts[:i:i], append([]trendPart{part}, parts[i:]...)...)
	}
	return parts[:min(mostParts, len(parts))]
}

func (f *figures) trendPart(name, value string, c change) trendPart {
	part := trendPart{Name: name, Value: value, Change: c}
	if c.known {
		part.Diff = f.p.Signed(c.points, 1)
	}
	return part
}

// domainOf is the figure of the i-th domain and the people of its most
// answered factor.
func domainOf(x survey.Index, i int) measure {
	if i >= len(x.Domains) {
		return measure{}
	}
	m := measure{Percent: x.Domains[i].Percent, hidden: x.Domains[i].Hidden}
	for _, f := range x.Factors {
		if f.Domain == x.Domains[i].Code {
			m.N = max(m.N, f.N)
		}
	}
	return m
}

// worst names the lowest unit and says how many stand out.
func (f *figures) worst(u survey.UnitCode, t unitBoard, children []survey.UnitCode) worst {
	switch {
	case len(children) == 0:
		return worst{Answer: f.p.T("staff.worst.no_children"), Say: f.p.T("staff.worst.no_children.say")}
	case t.Lowest == nil:
		return worst{Answer: f.p.T("staff.worst.no_figures"), Say: f.p.T("staff.worst.no_figures.say", f.least)}
	}
	w := worst{Answer: f.p.T("staff.worst.answer", unbroken(t.Lowest.Name), f.p.Percent(t.Lowest.m.Value, 1))}
	ref := overallOf(f.index(u))
	w.Dots = f.newDots(children, ref)
	var say []string
	switch {
	case !f.sample() || t.Unjudged:
		say = append(say, f.p.N("staff.worst.plain", int64(t.Shown), t.Highest.Name, f.p.Percent(t.Highest.m.Value, 1)))
	case t.Low+t.High == 0:
		say = append(say, f.p.N("staff.worst.none_differ", int64(t.Shown)))
	default:
		say = append(say, f.p.N("staff.worst.low", int64(t.Low)), f.p.N("staff.worst.same", int64(t.Same)))
	}
	if t.Hidden > 0 {
		say = append(say, f.p.N("staff.worst.hidden", int64(t.Hidden), f.least))
	}
	w.Say = strings.Join(say, " ")
	w.Dots.Label = f.p.T("staff.dots.label", t.Shown, t.Lowest.Name, f.p.Percent(t.Lowest.m.Value, 2),
		t.Highest.Name, f.p.Percent(t.Highest.m.Value, 2))
	return w
}
