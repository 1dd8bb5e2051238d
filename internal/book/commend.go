package book

import (
	"cmp"
	"slices"
)

// Rules say who is put forward for commendation. They stand beside the list,
// and whoever reads it can change them; no source prescribes any.
type Rules struct {
	Level       float64 // at least this percentage of the maximum; 0: any
	Improvement float64 // at least so much more than the year before, in the measure of the index
	Improved    bool    // ask for the improvement
	N           int64   // at least so many responses; asked of surveys only, 0: any
	Doubtful    float64 // at most this percentage of responses put aside as doubtful
	Quality     bool    // ask for the quality
	Final       bool    // final results only
}

// DefaultRules are a beginning to edit.
var DefaultRules = Rules{Level: 90, Improved: true, N: 30, Doubtful: 5, Quality: true, Final: true}

// Candidate is a unit with what the rules look at.
type Candidate struct {
	LeagueRow
	Doubtful Number // percentage of responses put aside; unknown: no survey of ours
}

// Verdict is what the rules make of a candidate. Against lists what speaks
// against it: the rules it fails, and those that nothing is known about.
type Verdict struct {
	Candidate
	Commended bool
	Against   []Words
}

// Commend judges every candidate, the commended first, each in the order they
// came. A level or an improvement that is not known is not met; the numbers of
// responses and of doubtful ones are asked of surveys of ours only.
func Commend(t *Type, rules Rules, candidates []Candidate) []Verdict {
	list := make([]Verdict, len(candidates))
	for i, c := range candidates {
		list[i] = Verdict{Candidate: c, Against: rules.against(t, c)}
		list[i].Commended = len(list[i].Against) == 0
	}
	slices.SortStableFunc(list, func(a, b Verdict) int { return cmp.Compare(order(a.Commended), order(b.Commended)) })
	return list
}

func order(first bool) int {
	if first {
		return 0
	}
	return 1
}

func (r Rules) against(t *Type, c Candidate) (list []Words) {
	say := func(key string, args ...any) { list = append(list, Words{key, args}) }
	share := c.PercentOf(t)
	switch {
	case r.Level > 0 && !share.Known:
		say("book.against.no_level")
	case r.Level > 0 && share.Round(2) < r.Level:
		say("book.against.level", share.Round(2), r.Level)
	}
	if r.Improved && !r.improved(c.Change.Score) {
		if c.Change.Score.Known {
			say("book.against.improvement", c.Change.Score.Round(2), r.Improvement)
		} else {
			list = append(list, c.Change.ScoreHow)
		}
	}
	if c.N > 0 && c.N < r.N {
		say("book.against.n", c.N, r.N)
	}
	if r.Quality && c.Doubtful.Known && c.Doubtful.Value > r.Doubtful {
		say("book.against.quality", c.Doubtful.Round(2), r.Doubtful)
	}
	if r.Final && c.Status != Final {
		say("book.against.provisional")
	}
	return list
}

// improved reports whether a change is enough; where any will do, it must be one.
func (r Rules) improved(change Number) bool {
	return change.Known && change.Round(2) >= r.Improvement && change.Round(2) > 0
}

// PercentOf is the percentage of a result: the published one, else its score by
// its maximum.
func (r *Result) PercentOf(t *Type) Number {
	top := r.MaximumOf(t)
	if r.Percent.Known || !r.Score.Known || !top.Known || top.Value == 0 {
		return r.Percent
	}
	return Of(100 * r.Score.Value / top.Value)
}
