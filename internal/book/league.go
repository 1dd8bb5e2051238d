package book

import (
	"cmp"
	"slices"

	"sipas/internal/survey"
)

// LeagueRow is one unit of a league table.
type LeagueRow struct {
	Result
	Value  Number  // what it is ranked by
	Before *Result // of the year before, or nil
	Change Change
	Place  int  // by value among those here: 1, 2, 2, 4; 0: value not known
	Shared bool // another unit here has the same published rank
}

// League puts the results of [Peers] in one type and year in the order of their published
// ranks, those without one behind, by value. before are those of an earlier
// year, of any type and of all units: who was formed since is laid beside whoever
// it was, see [Earlier]. Of year 0 there are none.
func League(c *survey.Catalog, t *Type, now, before []Result, year int) []LeagueRow {
	was := make(map[survey.UnitCode]*Result, len(before))
	for i := range before {
		was[before[i].Unit] = &before[i]
	}
	formed := map[survey.UnitCode]bool{} // anything went into since
	_, end := yearOf(year)
	for _, s := range c.Successions {
		formed[s.To] = formed[s.To] || s.On > end
	}
	values := make([]Number, len(now))
	holders := map[int]int{}
	for i := range now {
		values[i] = now[i].Value(t)
		holders[now[i].Rank]++
	}
	places := survey.Ranks(values)
	rows := make([]LeagueRow, len(now))
	for i := range now {
		r := &now[i]
		rows[i] = LeagueRow{
			Result: *r, Value: values[i], Before: was[r.Unit], Place: places[i],
			Shared: r.Rank > 0 && holders[r.Rank] > 1,
		}
		if year == 0 || !formed[r.Unit] {
			rows[i].Change = Compare(t, r, rows[i].Before)
			continue
		}
		if of, _ := Earlier(c, r.Unit, r.Year, year); of != "" {
			rows[i].Before = was[of]
		}
		rows[i].Change = CompareAcross(c, t, r, rows[i].Before, year)
	}
	slices.SortStableFunc(rows, func(a, b LeagueRow) int {
		return cmp.Or(
			cmp.Compare(last(a.Rank), last(b.Rank)),
			cmp.Compare(last(a.Place), last(b.Place)),
			cmp.Compare(a.Unit, b.Unit),
		)
	})
	return rows
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
	for _, r := range rows {
		switch {
		case !r.Change.Ranked:
		case r.Change.Rank > 0:
			up++
		case r.Change.Rank < 0:
			down++
		default:
			same++
		}
	}
	return up, down, same
}
