package book

import "slices"

// NewBoard lays out the results of a type and year, with their parts.
func NewBoard(t *Type, year int, rs []Result) Board {
	b := Board{Type: t, Year: year}
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
