package suppress

import (
	"maps"
	"math/bits"
	"slices"
)

// derivable returns the hidden cells that follow from the shown ones. With what
// is shown moved to one side, each sum is an equation in hidden cells; a cell
// follows if the reduced equations (Gauss and Jordan) hold one with that cell
// alone. Where equations and cells form a tree, none does once every equation
// has two: any change of a cell can be made up for further out.
func (h *hiding) derivable() []int {
	var found []int
	for _, rows := range h.tangled() {
		reduced := reduce(rows)
		for _, pivot := range slices.Sorted(maps.Keys(reduced)) {
			if len(reduced[pivot]) == 1 {
				found = append(found, pivot)
			}
		}
	}
	return found
}

// equation is the coefficients of hidden cells, not 0, modulo prime.
type equation map[int]uint64

// equations returns what each sum says of its hidden cells.
func (h *hiding) equations() []equation {
	var rows []equation
	for _, s := range h.Sums {
		row := equation{}
		for _, part := range s.Parts {
			if h.hidden[part] {
				row.add(part, 1)
			}
		}
		if h.hidden[s.Total] {
			row.add(s.Total, prime-1)
		}
		if len(row) > 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

// tangled returns the equations of each connected part that is no tree.
func (h *hiding) tangled() [][]equation {
	parent := make([]int, len(h.N))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	rows := h.equations()
	for _, row := range rows {
		first := -1
		for cell := range row {
			if first < 0 {
				first = cell
			}
			parent[root(cell)] = root(first)
		}
	}
	parts, excess := map[int][]equation{}, map[int]int{}
	for _, row := range rows {
		for cell := range row {
			at := root(cell)
			parts[at] = append(parts[at], row)
			excess[at] += len(row) - 1 // edges less equations
			break
		}
	}
	for cell, hidden := range h.hidden {
		if hidden {
			excess[root(cell)]-- // less cells: −1 for a tree
		}
	}
	var tangled [][]equation
	for _, at := range slices.Sorted(maps.Keys(parts)) {
		if excess[at] >= 0 {
			tangled = append(tangled, parts[at])
		}
	}
	return tangled
}

// reduce returns the reduced equations by their pivot.
func reduce(rows []equation) map[int]equation {
	reduced, with := map[int]equation{}, map[int]map[int]bool{} // with: the pivots whose equations a cell is in
	for _, row := range rows {
		row = maps.Clone(row)
		for _, cell := range slices.Collect(maps.Keys(row)) {
			if by, ok := reduced[cell]; ok {
				row.subtract(row[cell], by)
			}
		}
		if len(row) == 0 {
			continue
		}
		// The cell in the fewest other equations spreads the least.
		pivot := -1
		for cell := range row {
			if pivot < 0 || len(with[cell]) < len(with[pivot]) || len(with[cell]) == len(with[pivot]) && cell < pivot {
				pivot = cell
			}
		}
		row.scale(inverse(row[pivot]))
		for other := range with[pivot] {
			by := reduced[other]
			by.subtract(by[pivot], row)
			for cell := range row {
				note(with, cell, other, by[cell] != 0)
			}
		}
		reduced[pivot] = row
		for cell := range row {
			note(with, cell, pivot, true)
		}
	}
	return reduced
}

func note(with map[int]map[int]bool, cell, pivot int, is bool) {
	if with[cell] == nil {
		with[cell] = map[int]bool{}
	}
	if is {
		with[cell][pivot] = true
	} else {
		delete(with[cell], pivot)
	}
}

// prime is 2⁶¹ − 1. The determinants that decide come from sums, coefficients
// 1 and −1, and are far too small to be multiples of it.
const prime = 1<<61 - 1

func (e equation) add(cell int, v uint64) {
	if v = (e[cell] + v) % prime; v == 0 {
		delete(e, cell)
	} else {
		e[cell] = v
	}
}

func (e equation) subtract(times uint64, other equation) {
	for cell, v := range other {
		e.add(cell, prime-multiply(times, v))
	}
}

func (e equation) scale(by uint64) {
	for cell, v := range e {
		e[cell] = multiply(v, by)
	}
}

func multiply(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	_, rest := bits.Div64(high, low, prime)
	return rest
}

// inverse is v to the power of prime − 2.
func inverse(v uint64) uint64 {
	result := uint64(1)
	for e := uint64(prime - 2); e > 0; e >>= 1 {
		if e&1 == 1 {
			result = multiply(result, v)
		}
		v = multiply(v, v)
	}
	return result
}
