package book

import (
	"math"
	"slices"

	"sipas/internal/stats"
)

// Pairing is how a factor of one index and a component of another go together
// over the units that have both. It says nothing about cause.
type Pairing struct {
	Factor, Component *Component // nil: the whole index
	N                 int        // units that have both
	Known             bool       // Pearson and Spearman could be computed
	Pearson, Spearman stats.Correlation
}

// Correlate pairs factors of the index of x with components of that of y, nil
// being the whole: one value for each unit that has both, among units of both
// boards. Pairs of fewer than four units, or where one side does not differ, are
// not Known.
func Correlate(x Board, factors []*Component, y Board, components []*Component) []Pairing {
	xs, ys := x.both(y)
	var gaps patterns
	left, right := gaps.columns(xs, factors), gaps.columns(ys, components)
	list := make([]Pairing, 0, len(left)*len(right))
	for _, f := range left {
		for _, c := range right {
			a, n := f.where(gaps, c.gaps)
			b, _ := c.where(gaps, f.gaps)
			list = append(list, pair(f.of, c.of, n, a, b))
		}
	}
	return list
}

// patterns are which units have a score, each pattern once: units that lack one
// component's score mostly lack all of them.
type patterns [][]bool

// scored is the scores of a component by unit.
type scored struct {
	of     *Component
	scores []float64
	gaps   int              // which of the patterns they have
	among  map[int]prepared // by the pattern of the other side
}

// prepared is scores of n units, ready to be set against others.
type prepared struct {
	column stats.Column
	n      int
}

func (p *patterns) columns(b Board, of []*Component) []scored {
	all := make([]scored, len(of))
	for i, c := range of {
		scores := b.column(c)
		all[i] = scored{of: c, scores: scores, gaps: p.of(scores), among: map[int]prepared{}}
	}
	return all
}

// of is the number of the pattern of some scores.
func (p *patterns) of(scores []float64) int {
	known := make([]bool, len(scores))
	for i, v := range scores {
		known[i] = !math.IsNaN(v)
	}
	for i, other := range *p {
		if slices.Equal(other, known) {
			return i
		}
	}
	*p = append(*p, known)
	return len(*p) - 1
}

// where prepares the scores of those units that have one on the other side, too.
func (s scored) where(all patterns, other int) (stats.Column, int) {
	x, ok := s.among[other]
	if !ok {
		var both []float64
		for i, v := range s.scores {
			if all[s.gaps][i] && all[other][i] {
				both = append(both, v)
			}
		}
		x = prepared{stats.NewColumn(both), len(both)}
		s.among[other] = x
	}
	return x.column, x.n
}

func pair(f, c *Component, n int, a, b stats.Column) Pairing {
	p := Pairing{Factor: f, Component: c, N: n}
	straight, err := a.Pearson(b)
	if err != nil {
		return p
	}
	ranks, err := a.Spearman(b)
	if err != nil {
		return p
	}
	p.Known, p.Pearson, p.Spearman = true, straight, ranks
	return p
}
