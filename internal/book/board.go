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

	scores [][]float64 // [ScoreOf] of each, by place of the component; NaN: not known
}

// add puts a result behind the others.
func (b *Board) add(r Result) {
	b.scores = append(b.scores, scoresOf(b.Type, &r))
	r.Parts = nil
	b.Results = append(b.Results, r)
}

// scoresOf is the score of every component, by place.
func scoresOf(t *Type, r *Result) []float64 {
	scores := make([]float64, 2*len(t.all))
	for i := range scores {
		scores[i] = math.NaN()
	}
	own := scores[len(t.all):] // from the component's own source, if none is published
	next := 0
	for i := range r.Parts {
		p := &r.Parts[i]
		c := t.at(p.Code, next)
		if c == nil {
			continue
		}
		next = c.place + 1
		switch p.Source {
		case Published:
			scores[c.place] = p.Score
		case c.Source:
			own[c.place] = p.Score
		}
	}
	for i, v := range own {
		if math.IsNaN(scores[i]) {
			scores[i] = v
		}
	}
	return scores[:len(t.all):len(t.all)]
}

// at is the component with code, which may be the one of a place.
func (t *Type) at(code string, place int) *Component {
	if place < len(t.all) && t.all[place].Code == code {
		return t.all[place]
	}
	return t.byCode[code]
}

func byUnit(a, b Result) int { return cmp.Compare(a.Unit, b.Unit) }

// pick returns the results at some places.
func (b *Board) pick(at []int) Board {
	some := Board{Type: b.Type, Year: b.Year, Results: make([]Result, len(at)), scores: make([][]float64, len(at))}
	for i, k := range at {
		some.Results[i], some.scores[i] = b.Results[k], b.scores[k]
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
	if len(at) == len(b.Results) {
		return b
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

// both returns the results of units that are on both boards.
func (b Board) both(other Board) (x, y Board) {
	on := func(board Board) func(*Result) bool {
		return func(r *Result) bool {
			_, found := slices.BinarySearchFunc(board.Results, *r, byUnit)
			return found
		}
	}
	return b.Where(on(other)), other.Where(on(b))
}

// Mean is a mean over so many units; unknown over none.
type Mean struct {
	Mean Number
	N    int
}

// Means returns the mean of each component, in the order of [Type.All].
func (b Board) Means() []Mean {
	sums, means := make([]float64, len(b.Type.all)), make([]Mean, len(b.Type.all))
	for _, scores := range b.scores {
		for i, v := range scores {
			if !math.IsNaN(v) {
				sums[i] += v
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

// column is the scores of a component, of the whole if c is nil, by unit; NaN
// where none is known.
func (b Board) column(c *Component) []float64 {
	column := make([]float64, len(b.Results))
	for i := range column {
		switch v := b.Results[i].Value(b.Type); {
		case c != nil:
			column[i] = b.scores[i][c.place]
		case v.Known:
			column[i] = v.Value
		default:
			column[i] = math.NaN()
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
	next := Board{Type: b.Type, Year: b.Year, Results: make([]Result, 0, len(b.Results)+len(changes)), scores: make([][]float64, 0, len(b.Results)+len(changes))}
	i := 0
	keep := func(until int) {
		next.Results, next.scores = append(next.Results, b.Results[i:until]...), append(next.scores, b.scores[i:until]...)
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
