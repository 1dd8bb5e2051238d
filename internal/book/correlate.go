package book

import (
	"sipas/internal/stats"
	"sipas/internal/survey"
)

// Pairing is how a factor of one index and a component of another go together
// over the units that have both. It says nothing about cause.
type Pairing struct {
	Factor, Component *Component // nil: the whole index
	N                 int        // units that have both
	Known             bool       // Pearson and Spearman could be computed
	Pearson, Spearman stats.Correlation
}

// Correlate pairs every factor of xs, results of type x, with every component
// of ys, results of type y: one value per unit of both. The wholes come first.
// Pairs of fewer than four units, or where one side does not differ, are not
// Known.
func Correlate(x *Type, xs []Result, y *Type, ys []Result) []Pairing {
	of := make(map[survey.UnitCode]*Result, len(ys))
	for i := range ys {
		of[ys[i].Unit] = &ys[i]
	}
	var list []Pairing
	for _, f := range withWhole(x) {
		for _, c := range withWhole(y) {
			var a, b []float64
			for i := range xs {
				other := of[xs[i].Unit]
				if other == nil {
					continue
				}
				if v, w := scoreIn(x, f, &xs[i]), scoreIn(y, c, other); v.Known && w.Known {
					a, b = append(a, v.Value), append(b, w.Value)
				}
			}
			list = append(list, pair(f, c, a, b))
		}
	}
	return list
}

func pair(f, c *Component, a, b []float64) Pairing {
	p := Pairing{Factor: f, Component: c, N: len(a)}
	straight, err := stats.Pearson(a, b)
	if err != nil {
		return p
	}
	ranks, err := stats.Spearman(a, b)
	if err != nil {
		return p
	}
	p.Known, p.Pearson, p.Spearman = true, straight, ranks
	return p
}

func withWhole(t *Type) []*Component { return append([]*Component{nil}, t.all...) }

// scoreIn is the score of a component in r, of the whole if c is nil.
func scoreIn(t *Type, c *Component, r *Result) Number {
	if c == nil {
		return r.Value(t)
	}
	return ScoreOf(c, r)
}
