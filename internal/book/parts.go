package book

import (
	"cmp"
	"slices"
)

// PartRow is one component of a result beside its maximum, the year before and
// the group.
type PartRow struct {
	Component *Component
	Score     Number
	Share     Number // of the maximum, in percent
	Lost      Number // points to the maximum
	Mean      Number // of the group, itself included
	N         int    // of the group that have this score
	FromMean  Number // score − mean
	FromYear  Number // score − that of the year before, where the two compare
}

// Parts returns a row for every component of t, in the order of the tree.
// before may be nil; group are the results of its [Peers], with r or without.
func Parts(t *Type, r Result, before *Result, group []Result) []PartRow {
	if before != nil && before.Type != r.Type {
		before = nil
	}
	rows := make([]PartRow, 0, len(t.all))
	means := Means(t, group)
	for i, c := range t.all {
		row := PartRow{Component: c, Score: ScoreOf(c, &r), Mean: means[i].Mean, N: means[i].N}
		if top := c.Maximum; top > 0 && row.Score.Known {
			row.Share = Of(100 * row.Score.Value / top)
			row.Lost = Of(top - row.Score.Value)
		}
		row.FromMean = row.Score.Minus(row.Mean)
		if before != nil {
			row.FromYear = row.Score.Minus(ScoreOf(c, before))
		}
		rows = append(rows, row)
	}
	return rows
}

// ScoreOf is the score of a component: the published one, else that of its own
// source.
func ScoreOf(c *Component, r *Result) Number {
	n := r.Part(c.Code, Published)
	if !n.Known && c.Source != Published {
		n = r.Part(c.Code, c.Source)
	}
	return n
}

// Mean is a mean over so many units; unknown over none.
type Mean struct {
	Mean Number
	N    int
}

// Means returns the group's mean of each component of t, in the order of
// [Type.All].
func Means(t *Type, group []Result) []Mean {
	place := make(map[string]int, len(t.all))
	for i, c := range t.all {
		place[c.Code] = i
	}
	sums, means := make([]float64, len(t.all)), make([]Mean, len(t.all))
	own, has := make([]Number, len(t.all)), make([]Number, len(t.all))
	for g := range group {
		clear(own)
		clear(has)
		for _, p := range group[g].Parts { // once through, not once for each component
			switch i, ok := place[p.Code]; {
			case !ok:
			case p.Source == Published:
				has[i] = Of(p.Score)
			case p.Source == t.all[i].Source:
				own[i] = Of(p.Score)
			}
		}
		for i, n := range has {
			if !n.Known {
				n = own[i]
			}
			if n.Known {
				sums[i] += n.Value
				means[i].N++
			}
		}
	}
	for i := range means {
		if means[i].N > 0 {
			means[i].Mean = Of(sums[i] / float64(means[i].N))
		}
	}
	return means
}

// Order is a way to find weak components.
type Order string

// Ways to find weak components. Each leaves out those it says nothing about.
const (
	FarthestFromMaximum Order = "maximum" // the smallest share of the maximum first
	BelowMean           Order = "mean"    // the farthest below the group's mean first
	BelowYear           Order = "year"    // the greatest fall from the year before first
)

// Weakest returns the components that are weak in a way, the weakest first; of
// those whose parts all have scores, the parts.
func Weakest(rows []PartRow, by Order) []PartRow {
	weak := func(r PartRow) (Number, bool) {
		switch by {
		case BelowMean:
			return r.FromMean, r.FromMean.Value < -closeEnough
		case BelowYear:
			return r.FromYear, r.FromYear.Value < -closeEnough
		}
		return r.Share, r.Lost.Value > closeEnough
	}
	var list []PartRow
	for _, r := range rows {
		if n, is := weak(r); n.Known && is && !under(r.Component, rows) {
			list = append(list, r)
		}
	}
	slices.SortStableFunc(list, func(a, b PartRow) int {
		x, _ := weak(a)
		y, _ := weak(b)
		return cmp.Compare(x.Value, y.Value)
	})
	return list
}

// under reports whether the components directly below c are all of it and have
// scores, so that they say where c is weak.
func under(c *Component, rows []PartRow) bool {
	if !wholeOf(c.Children, c.Maximum) {
		return false
	}
	scored := 0
	for _, r := range rows {
		if r.Component.Parent == c && r.Score.Known {
			scored++
		}
	}
	return scored == len(c.Children)
}

// Loss is a step of the waterfall from the maximum down to the score.
type Loss struct {
	Component *Component // nil: what no component explains
	Lost      float64    // points
	Total     Number     // what the score would be with them
	Rank      int        // and the rank, others unchanged; 0: not known
}

// Losses says where the points between maximum and score went, the most first,
// by the components of the top of the tree. What they do not explain comes
// last, without a component; below 0 it says that they lost more than there is.
// league are the results of its [Peers], r among them or not. There is
// none where scores do not add up, or score or maximum are not known.
func Losses(t *Type, r Result, league []Result) []Loss {
	top := r.MaximumOf(t)
	if !t.Adds || !r.Score.Known || !top.Known {
		return nil
	}
	rest := top.Value - r.Score.Value
	var list []Loss
	for _, c := range t.Components {
		n := ScoreOf(c, &r)
		if !n.Known || c.Maximum == 0 {
			continue
		}
		lost := Of(c.Maximum - n.Value).Round(6)
		rest -= lost
		list = append(list, Loss{Component: c, Lost: lost, Total: Of(Of(r.Score.Value + lost).Round(6))})
	}
	slices.SortStableFunc(list, func(a, b Loss) int { return cmp.Compare(b.Lost, a.Lost) })
	for i := range list {
		list[i].Rank = wouldRank(t, r, list[i].Total.Value, league)
	}
	if rest > half || rest < -half {
		list = append(list, Loss{Lost: Of(rest).Round(6)})
	}
	return list
}

// wouldRank is the rank of r with another score, others unchanged; 0 unless all
// of those it is ranked among are there with their scores.
func wouldRank(t *Type, r Result, score float64, league []Result) int {
	rank, others := 1, 0
	for i := range league {
		if league[i].Unit == r.Unit {
			continue
		}
		v := league[i].Value(t)
		if !v.Known {
			return 0
		}
		others++
		if v.Value > score {
			rank++
		}
	}
	if others == 0 || r.RankOf > 0 && others+1 < r.RankOf {
		return 0
	}
	return rank
}
