package book

import (
	"cmp"
	"math"
	"slices"

	"sipas/internal/survey"
)

// Board is all results of one type and year, for who lays many units side by
// side. It is immutable, and shared by all who read it.
type Board struct {
	Type    *Type
	Year    int
	Results []Result // by unit; without Parts

	scores [][]float64 // by place of the component, then as Results: [ScoreOf]; NaN: not known
}

// newBoard is a board without results that has room for n.
func newBoard(t *Type, year, n int) Board {
	b := Board{Type: t, Year: year, Results: make([]Result, 0, n), scores: make([][]float64, len(t.all))}
	for i := range b.scores {
		b.scores[i] = make([]float64, 0, n)
	}
	return b
}

// add puts a result behind the others.
func (b *Board) add(r Result) {
	at := len(b.Results)
	for i := range b.scores {
		b.scores[i] = append(b.scores[i], math.NaN())
	}
	next := 0
	for i := range r.Parts {
		p := &r.Parts[i]
		c := b.Type.at(p.Code, next)
		if c == nil {
			continue
		}
		next = c.place + 1
		score := &b.scores[c.place][at]
		if p.Source == Published || p.Source == c.Source && math.IsNaN(*score) { // its own source's, if none is published
			*score = p.Score
		}
	}
	r.Parts = nil
	b.Results = append(b.Results, r)
}

// at is the component with code, which may be the one of a place.
func (t *Type) at(code string, place int) *Component {
	if place < len(t.all) && t.all[place].Code == code {
		return t.all[place]
	}
	return t.byCode[code]
}

func byUnit(a, b Result) int { return cmp.Compare(a.Unit, b.Unit) }

// pick returns the results at some places, in order; b itself if those are all.
func (b Board) pick(at []int) Board {
	if len(at) == len(b.Results) && slices.IsSorted(at) {
		return b
	}
	some := newBoard(b.Type, b.Year, len(at))
	for _, k := range at {
		some.Results = append(some.Results, b.Results[k])
	}
	for i, scores := range b.scores {
		for _, k := range at {
			some.scores[i] = append(some.scores[i], scores[k])
		}
	}
	return some
}

// Where returns those results that keep holds for.
func (b Board) Where(keep func(*Result) bool) Board {
	at := make([]int, 0, len(b.Results))
	for i := range b.Results {
		if keep(&b.Results[i]) {
			at = append(at, i)
		}
	}
	return b.pick(at)
}

// Peers returns those that are ranked together.
func (b Board) Peers(tree *survey.Tree, among Among) Board {
	return b.Where(func(r *Result) bool {
		u, ok := tree.Unit(r.Unit)
		return ok && AmongOf(u) == among
	})
}

// Of returns the result of a unit, or nil.
func (b Board) Of(unit survey.UnitCode) *Result { return (&finder{results: b.Results}).of(unit) }

// both returns the results of units that are on both boards.
func (b Board) both(other Board) (x, y Board) {
	var mine, its []int
	for i, k := 0, 0; i < len(b.Results) && k < len(other.Results); {
		switch c := cmp.Compare(b.Results[i].Unit, other.Results[k].Unit); {
		case c < 0:
			i++
		case c > 0:
			k++
		default:
			mine, its = append(mine, i), append(its, k)
			i, k = i+1, k+1
		}
	}
	return b.pick(mine), other.pick(its)
}

// Mean is a mean over so many units; unknown over none.
type Mean struct {
	Mean Number
	N    int
}

// Means returns the mean of each component, in the order of [Type.All].
func (b Board) Means() []Mean {
	means := make([]Mean, len(b.Type.all))
	for i, scores := range b.scores {
		sum := 0.0
		for _, v := range scores {
			if !math.IsNaN(v) {
				sum += v
				means[i].N++
			}
		}
		if n := means[i].N; n > 0 {
			means[i].Mean = Of(sum / float64(n))
		}
	}
	return means
}

// column is the scores of a component, of the whole if c is nil, by unit; NaN
// where none is known. Nobody may change it.
func (b Board) column(c *Component) []float64 {
	if c != nil {
		return b.scores[c.place]
	}
	column := make([]float64, len(b.Results))
	for i := range column {
		column[i] = math.NaN()
		if v := b.Results[i].Value(b.Type); v.Known {
			column[i] = v.Value
		}
	}
	return column
}

// change is a result as it stands now, or that it stands no more.
type change struct {
	Result

	gone bool
}

// with returns b after changes, which are by unit.
func (b Board) with(changes []change) Board {
	next := newBoard(b.Type, b.Year, len(b.Results)+len(changes))
	i := 0
	keep := func(until int) {
		next.Results = append(next.Results, b.Results[i:until]...)
		for k, scores := range b.scores {
			next.scores[k] = append(next.scores[k], scores[i:until]...)
		}
		i = until
	}
	for _, c := range changes {
		at, found := slices.BinarySearchFunc(b.Results, c.Result, byUnit)
		keep(at)
		if found {
			i++
		}
		if !c.gone {
			next.add(c.Result)
		}
	}
	keep(len(b.Results))
	return next
}
