package web

import (
	"strings"
	"time"

	"sipas/internal/survey"
)

// stateChip is the class of the chip of a state.
func stateChip(s survey.State) string {
	switch s {
	case survey.Counted:
		return "ok"
	case survey.Quarantined:
		return "wait"
	case survey.Rejected:
		return "no"
	}
	return ""
}

// standing says how a response stands after a judgement. What the rules found
// and let count is flagged; what a person let count is counted.
func (p staffPage) standing(j survey.Judgement) string {
	if j.State == survey.Counted && j.By == "" {
		return p.T("quality.state.flagged")
	}
	return p.T("quality.state." + string(j.State))
}

// chipOfStanding is the class of the chip of standing.
func chipOfStanding(j survey.Judgement) string {
	if j.State == survey.Counted && j.By == "" {
		return ""
	}
	return stateChip(j.State)
}

// took is how long it took to answer.
func (p staffPage) took(r *survey.Response) string {
	switch d := r.SubmittedAt.Sub(r.StartedAt).Round(time.Second); {
	case r.StartedAt.IsZero() || d < 0:
		return p.T("quality.took.unknown")
	case d < 2*time.Minute:
		return p.N("quality.took.seconds", int64(d/time.Second))
	case d < 2*time.Hour:
		return p.N("quality.took.minutes", int64(d/time.Minute))
	default:
		return p.N("quality.took.hours", int64(d/time.Hour))
	}
}

// levels sums the answers on scales up in one line, the highest level first:
// "5 × 38, 4 × 1". One answer alone is said in words.
func (p staffPage) levels(in *survey.Instrument, r *survey.Response) string {
	if in == nil {
		return ""
	}
	var order []string
	count := map[string]int64{}
	label := ""
	err := r.Answers.Each(func(code survey.ItemCode, values []string, skipped bool) {
		q := in.Question(code)
		if q == nil || q.Kind != survey.Scale || skipped || len(values) != 1 {
			return
		}
		level := strings.Clone(values[0])
		if count[level]++; count[level] == 1 {
			order = append(order, level)
		}
		label = q.Label(level, p.Lang)
	})
	if err != nil || len(order) == 0 {
		return p.T("quality.no_answers")
	}
	if len(order) == 1 && count[order[0]] == 1 {
		return label
	}
	sortLevels(order)
	var words []string
	for _, level := range order {
		words = append(words, level+"\u00a0×\u00a0"+p.Int(count[level]))
	}
	return strings.Join(words, ", ")
}

// sortLevels orders levels from the highest.
func sortLevels(levels []string) {
	for i := range levels { // five at most
		for k := i + 1; k < len(levels); k++ {
			if a, b := levels[i], levels[k]; len(b) > len(a) || len(b) == len(a) && b > a {
				levels[i], levels[k] = b, a
			}
		}
	}
}

// givenAnswer is one question with what was answered, in words.
type givenAnswer struct{ Code, Text, Value, Level string }

// given lists what a response answered, in the order asked. What it says of the
// respondent is left out: nobody needs it to judge.
func (p staffPage) given(in *survey.Instrument, r *survey.Response) []givenAnswer {
	if in == nil {
		return nil
	}
	var list []givenAnswer
	err := r.Answers.Each(func(code survey.ItemCode, values []string, skipped bool) {
		q := in.Question(code)
		if q == nil {
			return
		}
		a := givenAnswer{Code: string(code), Text: q.ShortText(p.Lang)}
		var words []string
		for _, value := range values {
			words = append(words, q.Label(strings.Clone(value), p.Lang))
		}
		if a.Value = strings.Join(words, ", "); skipped {
			a.Value = p.T("quality.skipped")
		} else if q.Kind == survey.Scale && len(values) == 1 {
			a.Level = strings.Clone(values[0])
		}
		list = append(list, a)
	})
	if err != nil {
		return nil
	}
	return list
}
