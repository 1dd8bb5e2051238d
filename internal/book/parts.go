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
// before may be nil; means are those of its peers, see [Board.Means].
func Parts(t *Type, r Result, before *Result, means []Mean) []PartRow {
	if before != nil && before.Type != r.Type {
		before = nil
	}
	rows := make([]PartRow, 0, len(t.all))
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
// league are the results of its [Board.Peers], r among them or not. There is
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
	others := rivals(t, r, league)
	for i := range list {
		list[i].Rank = rankAmong(others, list[i].Total.Value)
	}
	if rest > half || rest < -half {
		list = append(list, Loss{Lost: Of(rest).Round(6)})
	}
	return list
}

// rivals are the values of those that r is ranked among but for itself, in
// order; none unless all of them are there with theirs.
func rivals(t *Type, r Result, league []Result) []float64 {
	values := make([]float64, 0, len(league))
	for i := range league {
		if league[i].Unit == r.Unit {
			continue
		}
		v := league[i].Value(t)
		if !v.Known {
			return nil
		}
		values = append(values, v.Value)
	}
	if r.RankOf > 0 && len(values)+1 < r.RankOf {
		return nil
	}
	slices.Sort(values)
	return values
}

// rankAmong is the rank of a score among others, in order; 0 without any.
func rankAmong(others []float64, score float64) int {
	if len(others) == 0 {
		return 0
	}
	i, _ := slices.BinarySearchFunc(others, score, func(v, score float64) int {
		if v > score {
			return 1
		}
		return -1
	})
	return len(others) - i + 1
}
