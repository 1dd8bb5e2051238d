package suppress

import (
	"cmp"
	"slices"
)

// Family is a whole and the parts that add up to it, counted in several ways
// at once: responses, or the answers to each of some questions. It is one step
// of a tree: what is hidden of a part goes on as Hidden of the part's own
// family. Every row has the same length, and the columns of Parts add up to
// Whole.
type Family struct {
	Whole  []int64
	Hidden bool // the whole is hidden already
	Parts  [][]int64
	Also   []bool // parts that are hidden already; nil: none
	Known  []bool // parts that hiding does not hide, because they follow from elsewhere; nil: none
}

// Hide returns which parts must not be shown, so that from the whole and the
// parts that are shown
//
//   - no part with a count of 1 to least−1 is shown,
//   - no hidden count of 1 to least−1 follows,
//   - no group of hidden ones that follows as a sum has fewer than least.
//
// Unlike the function [Hide] it needs nothing of what is further up or down: a
// family is decided by its own counts, from the root downwards, and always in
// the same way, so that pages that show different branches of a tree hide the
// same. What makes that possible: where the whole has least or more, hiding all
// parts is always enough, and where a whole is hidden only to cover others, its
// parts hide as many as it would.
//
// The smallest that help are hidden first, the earlier of equals.
func (f Family) Hide(least int64) []bool {
	h := family{Family: f, least: least, hidden: make([]bool, len(f.Parts)), group: make([]int64, len(f.Whole)), positive: make([]int, len(f.Whole))}
	for i, part := range f.Parts {
		if Small(part, least) || f.Also != nil && f.Also[i] {
			h.hide(i)
		}
	}
	order := h.smallestFirst()
	for again := true; again; { // what is hidden for one count may open another
		again = false
		for _, i := range order {
			if h.helps(i) {
				h.hide(i)
				again = true
			}
		}
	}
	return h.hidden
}

// Small reports whether a row has a count of 1 to least−1.
func Small(counts []int64, least int64) bool {
	return slices.ContainsFunc(counts, func(n int64) bool { return n > 0 && n < least })
}

// family is a family of which more and more is hidden.
type family struct {
	Family
	least    int64
	hidden   []bool
	group    []int64 // per count what the hidden parts add up to
	positive []int   // and how many of them have any
}

func (h *family) hide(i int) {
	h.hidden[i] = true
	for j, n := range h.Parts[i] {
		h.group[j] += n
		if n > 0 {
			h.positive[j]++
		}
	}
}

// open reports whether the j-th count still gives something away.
func (h *family) open(j int) bool {
	if h.Hidden { // the whole is one unknown; what is hidden below it must be enough by itself
		return h.Whole[j] > 0 && h.group[j] < min(h.least, h.Whole[j])
	}
	return h.positive[j] == 1 || h.positive[j] > 1 && h.group[j] < h.least
}

// helps reports whether hiding the i-th part covers what is open. A zero covers
// nothing.
func (h *family) helps(i int) bool {
	if h.hidden[i] || h.Known != nil && h.Known[i] {
		return false
	}
	for j, n := range h.Parts[i] {
		if n > 0 && h.open(j) {
			return true
		}
	}
	return false
}

// smallestFirst orders the parts by all their counts together.
func (h *family) smallestFirst() []int {
	order := make([]int, len(h.Parts))
	sums := make([]int64, len(h.Parts))
	for i, part := range h.Parts {
		order[i] = i
		for _, n := range part {
			sums[i] += n
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sums[a], sums[b]) })
	return order
}
