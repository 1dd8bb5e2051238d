package book

import (
	"cmp"
	"slices"

	"sipas/internal/survey"
)

// LeagueRow is one unit of a league table.
type LeagueRow struct {
	*Result
	Value  Number  // what it is ranked by
	Before *Result // of the year before, or nil
	Change Change
	Place  int  // by value among those here: 1, 2, 2, 4; 0: value not known
	Shared bool // another unit here has the same published rank
}

// League puts the results of [Board.Peers] in one type and year in the order of their published
// ranks, those without one behind, by value. before are the boards of an earlier
// year, of any type and of all units: who was reorganised since is laid beside
// whoever it was, see [Lines.Base], and beside what pooled has of it. Of year 0
// there are none. Rows point into now and before.
func League(l Lines, t *Type, now []Result, before []Board, year int, pooled map[survey.UnitCode]*Pooled) []LeagueRow {
	first, _ := yearOf(year)
	was := make([]finder, len(before))
	for i := range before {
		was[i].results = before[i].Results
	}
	rows, values := make([]LeagueRow, len(now)), make([]Number, len(now))
	for i := range now {
		r := &now[i]
		values[i] = r.Value(t)
		rows[i] = LeagueRow{Result: r, Value: values[i]}
		if year == 0 || !l.Formed(r.Unit, first, l.dayOf(r)) {
			rows[i].Before = find(was, r.Unit)
			rows[i].Change = Compare(t, r, rows[i].Before)
			continue
		}
		base := l.Base(r, year, func(u survey.UnitCode) bool { return find(was, u) != nil })
		if base.Of != "" {
			rows[i].Before = find(was, base.Of)
		}
		rows[i].Change = base.compare(t, r, rows[i].Before, year, pooled[r.Unit])
	}
	for i, place := range survey.Ranks(values) {
		rows[i].Place = place
	}
	rows = inOrder(rows)
	for i := range rows {
		if i > 0 && rows[i].Rank > 0 && rows[i].Rank == rows[i-1].Rank {
			rows[i].Shared, rows[i-1].Shared = true, true
		}
	}
	return rows
}

// inOrder sorts rows by rank, then place, then unit. Rows are long, so that each
// is moved once.
func inOrder(rows []LeagueRow) []LeagueRow {
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, k int) int {
		a, b := &rows[i], &rows[k]
		switch {
		case a.Rank != b.Rank:
			return cmp.Compare(last(a.Rank), last(b.Rank))
		case a.Place != b.Place:
			return cmp.Compare(last(a.Place), last(b.Place))
		}
		return cmp.Compare(a.Unit, b.Unit)
	})
	sorted := make([]LeagueRow, len(rows))
	for to, from := range order {
		sorted[to] = rows[from]
	}
	return sorted
}

// finder finds results, which are by unit; at once if it is asked in that order.
type finder struct {
	results []Result
	next    int
}

func (f *finder) of(unit survey.UnitCode) *Result {
	if f.next == len(f.results) || f.results[f.next].Unit != unit {
		at, found := slices.BinarySearchFunc(f.results, unit, func(r Result, u survey.UnitCode) int { return cmp.Compare(r.Unit, u) })
		if f.next = at; !found {
			return nil
		}
	}
	f.next++
	return &f.results[f.next-1]
}

// find returns the result of a unit that any of several has, or nil.
func find(in []finder, unit survey.UnitCode) *Result {
	for i := range in {
		if r := in[i].of(unit); r != nil {
			return r
		}
	}
	return nil
}

// last puts what has no rank behind all that have one.
func last(rank int) int {
	if rank == 0 {
		return mostRanked + 1
	}
	return rank
}

// Moved counts who went up, who went down and who stayed, of those whose ranks
// compare.
func Moved(rows []LeagueRow) (up, down, same int) {
	for i := range rows {
		switch change := &rows[i].Change; {
		case !change.Ranked:
		case change.Rank > 0:
			up++
		case change.Rank < 0:
			down++
		default:
			same++
		}
	}
	return up, down, same
}
