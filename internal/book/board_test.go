package book

import (
	"slices"
	"testing"

	"sipas/internal/survey"
)

// NewBoard lays out the results of a type and year, with their parts.
func NewBoard(t *Type, year int, rs []Result) Board {
	b := newBoard(t, year, len(rs))
	for i := range rs {
		b.add(rs[i])
	}
	b.sort()
	return b
}

// sort puts the results in the order of units.
func (b *Board) sort() {
	if slices.IsSortedFunc(b.Results, byUnit) {
		return
	}
	order := make([]int, len(b.Results))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return byUnit(b.Results[i], b.Results[j]) })
	*b = b.pick(order)
}

func TestBoth(t *testing.T) {
	ty := builtinTypes(t).Type("par-index-district")
	of := func(units ...survey.UnitCode) Board {
		var rs []Result
		for i, u := range units {
			rs = append(rs, Result{Key: Key{u, ty.Code, 2019}, Parts: []Part{{"finance", Published, float64(i)}}})
		}
		return NewBoard(ty, 2019, rs)
	}
	x, y := of("a", "b", "d", "e").both(of("b", "c", "e", "f"))
	for _, b := range []Board{x, y} {
		if len(b.Results) != 2 || b.Results[0].Unit != "b" || b.Results[1].Unit != "e" {
			t.Errorf("on both: %+v", b.Results)
		}
	}
	finance := ty.Component("finance")
	if got := slices.Concat(x.column(finance), y.column(finance)); !slices.Equal(got, []float64{1, 3, 0, 2}) {
		t.Errorf("their scores: %v", got)
	}
	if x, y := of("a").both(of("b")); len(x.Results)+len(y.Results) > 0 {
		t.Errorf("on neither: %v %v", x.Results, y.Results)
	}
}
