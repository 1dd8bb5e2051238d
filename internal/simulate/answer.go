package simulate

import (
	"math"
	"slices"

	"sipas/internal/survey"
)

// answer is what p says to q; ok is false when p leaves it out.
func (g *Generator) answer(q *survey.Question, p person) (survey.Answer, bool) {
	if !q.Required {
		switch x := g.rnd.Float64(); {
		case q.Kind == survey.FreeText:
			return survey.Answer{}, false
		case q.Code == "ethnicity" && x < 0.12: // people are told that it is optional
			return survey.Answer{}, false
		case x < p.careless:
			return survey.Answer{}, false
		case x < p.careless+0.008 && q.Kind == survey.Scale:
			return survey.Skip(), true
		}
	}
	switch {
	case q.Kind == survey.Scale:
		return survey.Score(g.level(q, p)), true
	case q.Kind == survey.Many:
		return survey.Several(g.several(q)...), true
	case q.Kind == survey.FreeText:
		return survey.Value(writer{g.rnd}.say(neutralComments)), true
	}
	return survey.Value(q.Options[g.choice(q, p)].Value), true
}

// level is where p's judgement falls on the scale of q.
func (g *Generator) level(q *survey.Question, p person) string {
	if p.straight != "" && q.Option(p.straight) >= 0 {
		return p.straight
	}
	offset, satisfaction := g.offset[q.Code]
	x := p.interest + g.beside[q.Code] + 0.7*g.rnd.NormFloat64()
	if satisfaction || q.Faces {
		x = p.theta + offset + 0.62*g.rnd.NormFloat64()
	}
	n := len(q.Options)
	i := 0
	for i < n-1 && x > cut(i, n) {
		i++
	}
	return q.Options[i].Value
}

// cut is the border between level i and i+1 of n: few in the lowest levels,
// most in the last but one, a quarter in the last.
func cut(i, n int) float64 {
	const low, high = -2.35, 0.62
	if n < 3 {
		return low + 1.2
	}
	share := float64(i) / float64(n-2)
	return low + (high-low)*math.Pow(share, 1.35)
}

// profile is how the answers of a population are spread over the options of
// the respondent questions and of what the rule of choice does not fit, in the
// order of the forms.
var profile = map[survey.ItemCode][]float64{
	"gender":     {0.47, 0.53},
	"age":        {0.1, 0.24, 0.34, 0.21, 0.11},
	"education":  {0.06, 0.2, 0.33, 0.22, 0.18, 0.01},
	"occupation": {0.07, 0.33, 0.19, 0.13, 0.1, 0.13, 0.05},
	"residence":  {0.62, 0.38},
	"ethnicity":  {0.85, 0.11, 0.04},
	"B7":         {0.04, 0.96}, // asked for money: its first answer is the rare one
}

// tilt says how much likelier the last option is beside the first for each unit
// of satisfaction, as a logarithm: the old are more satisfied, those who went
// to school for long and those in the country less.
var tilt = map[survey.ItemCode]float64{"age": 0.9, "education": -0.7, "residence": -0.35}

// choice picks an option. Questions about bad experience ("none, some, many")
// and yes-or-no have their first answers more often, and the dissatisfied
// choose the later ones.
func (g *Generator) choice(q *survey.Question, p person) int {
	weights := profile[q.Code]
	if len(weights) != len(q.Options) {
		weights = make([]float64, len(q.Options))
		ratio := 0.5
		if q.Options[0].Value == "none" || q.Options[0].Value == "no" {
			ratio = 0.1
		}
		if !q.Respondent && p.theta < -0.5 {
			ratio *= 2
		}
		for i, w := 0, 1.0; i < len(weights); i, w = i+1, w*ratio {
			weights[i] = w
		}
	}
	if k, tilts := tilt[q.Code]; tilts && g.world.Groups {
		weights = slices.Clone(weights)
		for i := range weights {
			weights[i] *= math.Exp(k * p.theta * (float64(i)/float64(len(weights)-1) - 0.5))
		}
	}
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	x := g.rnd.Float64() * sum
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// several picks one to three options, in their order.
func (g *Generator) several(q *survey.Question) []string {
	var values []string
	for i, o := range q.Options {
		if g.rnd.Float64() < 0.5/(1+0.35*float64(i)) {
			values = append(values, o.Value)
		}
	}
	if len(values) == 0 {
		values = append(values, q.Options[g.rnd.IntN(len(q.Options))].Value)
	}
	return values
}

// soured says which item nobody calls the best after having said something bad
// of the same matter, and the other way round.
var soured = []struct {
	fact  survey.ItemCode
	value string
	item  survey.ItemCode
	level string // never given together …
	other string // … but this, or
	plain string // this fact, where it is asked after the item
}{
	{"T1", "late", "F4", "5", "4", "on-time"},
	{"T3", "poor", "F3", "5", "4", "plain"},
	{"T3", "helpful", "F3", "1", "2", "plain"},
	{"B2", "late", "C09", "5", "4", "on-time"},
	{"B7", "yes", "C08", "5", "4", "no"},
	{"Q6", "many", "S29", "5", "4", "some"},
}

// consistent keeps people from contradicting themselves. It moves no answer
// from the satisfied to the others or back.
func consistent(q *survey.Question, a survey.Answer, given survey.Answers) survey.Answer {
	for _, s := range soured {
		switch {
		case s.item == q.Code && a.Has(s.level) && given[s.fact].Has(s.value):
			return survey.Score(s.other)
		case s.fact == q.Code && a.Has(s.value) && given[s.item].Has(s.level) && q.Option(s.plain) >= 0:
			return survey.Value(s.plain)
		}
	}
	return a
}
