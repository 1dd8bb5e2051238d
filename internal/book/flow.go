package book

import (
	"strings"
	"time"

	"sipas/internal/survey"
)

// FromWave turns the reports of a published survey by sample into results of its
// type, ranked among [Board.Peers] by unrounded percentages. reports are those that may
// be shown; what is withheld has no place in a book. A survey of whoever chose to
// answer is no result, and has none; nor has a questionnaire that no type names.
func FromWave(types *Types, tree *survey.Tree, w *survey.Wave, reports []survey.Report, zone *time.Location) []Result {
	t := types.OfInstrument(w.Instrument)
	if t == nil || w.State != survey.Published || w.Design != survey.Probability {
		return nil
	}
	leagues := map[Among][]Result{}
	var order []Among
	for _, report := range reports {
		u, ok := tree.Unit(report.Unit)
		if !ok || !report.Overall.Percent.Known {
			continue
		}
		among := AmongOf(u)
		if leagues[among] == nil {
			order = append(order, among)
		}
		leagues[among] = append(leagues[among], Result{
			Key: Key{report.Unit, t.Code, w.From.Date().Year()}, Percent: report.Overall.Percent,
			Announced: survey.DayOf(w.PublishedAt.In(zone)), Document: w.Name, Status: Final, Synthetic: w.Synthetic,
			N: report.N, Wave: w.ID, Parts: partsOf(t, report),
		})
	}
	var all []Result
	for _, among := range order {
		all = append(all, ranked(leagues[among])...)
	}
	return all
}

// ComponentOf is the component that a figure of a report is of: by its code, or by
// that of a factor without its domain where the type has no domains; nil: none.
func ComponentOf(t *Type, code string) *Component {
	c := t.Component(code)
	if _, factor, ok := strings.Cut(code, "."); c == nil && ok {
		c = t.Component(factor)
	}
	return c
}

// partsOf finds the components that a report has figures of.
func partsOf(t *Type, report survey.Report) (parts []Part) {
	enter := func(code string, p survey.Percent) {
		if c := ComponentOf(t, code); c != nil && p.Known {
			parts = append(parts, Part{Code: c.Code, Score: p.Value})
		}
	}
	for _, d := range report.Domains {
		enter(d.Code, d.Percent)
	}
	for _, f := range report.Factors {
		enter(f.Code, f.Percent)
	}
	return parts
}

// ranked gives each result its rank among all, unless it is alone.
func ranked(rs []Result) []Result {
	if len(rs) < 2 {
		return rs
	}
	values := make([]survey.Percent, len(rs))
	for i, r := range rs {
		values[i] = r.Percent
	}
	for i, rank := range survey.Ranks(values) {
		rs[i].Rank, rs[i].RankOf = rank, len(rs)
	}
	return rs
}
