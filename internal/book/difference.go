package book

import (
	"slices"

	"sipas/internal/survey"
)

// Difference is one field in which two states of a result differ: named as the
// columns of a results file. Values are Number, int, string, bool, survey.Day;
// nil is nothing.
type Difference struct {
	Field         string
	Before, After any
}

// Differences says in what b differs from a, which may be nil, in the order of
// the columns of a results file.
func Differences(a *Result, b Result) (list []Difference) {
	if a == nil {
		a = &Result{}
	}
	add := func(field string, before, after any) {
		if before != after {
			list = append(list, Difference{field, nothing(before), nothing(after)})
		}
	}
	add("score", a.Score, b.Score)
	add("max_score", a.Maximum, b.Maximum)
	add("percent", a.Percent, b.Percent)
	add("rank", a.Rank, b.Rank)
	add("rank_of", a.RankOf, b.RankOf)
	add("group", a.Class, b.Class)
	add("announced", a.Announced, b.Announced)
	add("document", a.Document, b.Document)
	add("link", a.Link, b.Link)
	add("status", string(a.Status), string(b.Status))
	add("synthetic", synthetic(a), synthetic(&b))
	add("n", a.N, b.N)
	add("wave", string(a.Wave), string(b.Wave))
	for _, p := range a.Parts {
		if !b.Part(p.Code, p.Source).Known {
			list = append(list, Difference{PartField(p.Code, p.Source), Of(p.Score), nil})
		}
	}
	for _, p := range b.Parts {
		was := a.Part(p.Code, p.Source)
		add(PartField(p.Code, p.Source), was, Of(p.Score))
	}
	return list
}

// nothing is nil for what says nothing: an unknown number, no rank, no day, no text.
func nothing(v any) any {
	if slices.Contains([]any{Number{}, 0, int64(0), survey.Day(0), "", false}, v) {
		return nil
	}
	return v
}

// synthetic is what the column of that name holds.
func synthetic(r *Result) string {
	switch {
	case r.Synthetic:
		return "1"
	case r.PartsSynthetic:
		return "parts"
	}
	return ""
}
