// Package suppress hides small counts so that they cannot be worked out from
// what is left: a cell of fewer than, say, ten responses, and besides it as
// many others as it takes that no difference gives it away. Pure functions.
//
// It protects exact counts and the percentages that go with them. It does not
// protect against bounds (two hidden cells that add up to 20 are both below
// 20), nor against comparing two moments of a figure that grows.
package suppress

import (
	"errors"
	"fmt"
	"slices"
)

// ErrTable is a table that does not hold together. Errors returned say where.
var ErrTable = errors.New("the table does not add up")

// Sum says that the cell Total is the sum of the cells Parts.
type Sum struct {
	Total int
	Parts []int
}

// Table is counts of responses and every sum among them that a reader could
// know: units that add up to their parent, genders that add up to the unit,
// months to the quarter. A cell may be in many sums. People of unknown gender
// are a cell too, or the sum would not hold.
type Table struct {
	N    []int64
	Sums []Sum
}

// Hide returns which cells must not be shown, so that
//
//   - no cell of 1 to least−1 responses is shown (0 is: nobody answered),
//   - no hidden cell follows by adding and subtracting shown ones,
//   - no group of hidden cells whose sum follows from one total and the shown
//     cells below it has fewer than least responses.
//
// Of the cells that would do, the smallest is hidden first, and a total only
// when no part is left. That is few, not the fewest. Hidden cells should all be
// explained in the same words: which of them are small is itself a hint.
//
// Errors: [ErrTable] for a sum that does not hold, is empty, names no cell or
// contains itself.
func Hide(t Table, least int64) ([]bool, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	h := hiding{Table: t, least: least, hidden: make([]bool, len(t.N)), under: make([][]int, len(t.N)), in: make([][]int, len(t.N))}
	for i, s := range t.Sums {
		h.under[s.Total] = append(h.under[s.Total], i)
		for _, cell := range s.cells() {
			h.in[cell] = append(h.in[cell], i)
		}
	}
	if err := h.acyclic(); err != nil {
		return nil, err
	}
	for i, n := range t.N {
		h.hidden[i] = n > 0 && n < least
	}
	for h.protectSums() || h.protectCombinations() {
	}
	return h.hidden, nil
}

func (t Table) check() error {
	for i, s := range t.Sums {
		if len(s.Parts) == 0 {
			return fmt.Errorf("suppress: sum %d has no parts: %w", i, ErrTable)
		}
		for _, cell := range s.cells() {
			if cell < 0 || cell >= len(t.N) || t.N[cell] < 0 {
				return fmt.Errorf("suppress: sum %d: cell %d: %w", i, cell, ErrTable)
			}
		}
		total := int64(0)
		for _, part := range s.Parts {
			total += t.N[part]
		}
		if total != t.N[s.Total] {
			return fmt.Errorf("suppress: sum %d: parts add up to %d, not %d: %w", i, total, t.N[s.Total], ErrTable)
		}
	}
	return nil
}

func (s Sum) cells() []int { return append([]int{s.Total}, s.Parts...) }

// hiding is a table of which more and more is hidden.
type hiding struct {
	Table
	least  int64
	hidden []bool
	under  [][]int // the sums that a cell is the total of
	in     [][]int // the sums that a cell is in
}

// acyclic makes sure that no cell is part of itself.
func (h *hiding) acyclic() error {
	const open, done = 1, 2
	state := make([]int, len(h.N))
	var visit func(cell int) error
	visit = func(cell int) error {
		switch state[cell] {
		case open:
			return fmt.Errorf("suppress: cell %d is part of itself: %w", cell, ErrTable)
		case done:
			return nil
		}
		state[cell] = open
		for _, i := range h.under[cell] {
			for _, part := range h.Sums[i].Parts {
				if err := visit(part); err != nil {
					return err
				}
			}
		}
		state[cell] = done
		return nil
	}
	for cell := range h.N {
		if err := visit(cell); err != nil {
			return err
		}
	}
	return nil
}

// protectSums hides what single sums ask for and reports whether it did.
func (h *hiding) protectSums() bool {
	changed, known := false, map[int]int64{}
	for i, s := range h.Sums {
		unknown, group, parts := 0, int64(0), 0
		for _, part := range s.Parts {
			if h.hidden[part] {
				parts++
				group += h.smallest(part, known)
			}
		}
		unknown = parts
		if h.hidden[s.Total] {
			unknown++
		}
		if unknown == 1 || parts > 0 && !h.hidden[s.Total] && group < h.least {
			changed = h.hideOneOf(i) || changed
		}
	}
	return changed
}

// smallest is the least count that what is hidden of a hidden cell can be
// narrowed down to by the shown cells below it.
func (h *hiding) smallest(cell int, known map[int]int64) int64 {
	if n, ok := known[cell]; ok {
		return n
	}
	n := h.N[cell]
	for _, i := range h.under[cell] {
		below, parts := int64(0), 0
		for _, part := range h.Sums[i].Parts {
			if h.hidden[part] {
				parts++
				below += h.smallest(part, known)
			}
		}
		if parts > 0 {
			n = min(n, below)
		}
	}
	known[cell] = n
	return n
}

// hideOneOf hides the smallest shown part of a sum, or else its total, and
// reports whether there was one. A zero hides nothing.
func (h *hiding) hideOneOf(sum int) bool {
	s, found := h.Sums[sum], -1
	for _, part := range s.Parts {
		if !h.hidden[part] && h.N[part] > 0 && (found < 0 || h.N[part] < h.N[found]) {
			found = part
		}
	}
	if found < 0 && !h.hidden[s.Total] && h.N[s.Total] > 0 {
		found = s.Total
	}
	if found >= 0 {
		h.hidden[found] = true
	}
	return found >= 0
}

// protectCombinations hides one more beside the first cell that several sums
// together give away, and reports whether it did. One at a time: it often
// protects the others too.
func (h *hiding) protectCombinations() bool {
	for _, cell := range h.derivable() {
		if slices.ContainsFunc(h.in[cell], h.hideOneOf) {
			return true
		}
		// Nothing left beside the cell: whatever is shown elsewhere gives it away.
		for sum := range h.Sums {
			if h.hideOneOf(sum) {
				return true
			}
		}
	}
	return false
}
