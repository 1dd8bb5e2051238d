package book

import (
	"slices"

	"sipas/internal/survey"
)

// CheckTogether says what is odd about the results of [Board.Peers] in one type and
// year: ranks that several share, and ranks among different numbers of units.
// All of it is allowed and shown.
func CheckTogether(rs []Result) (odd []survey.FieldError) {
	shared, of := OddRanks(rs)
	for _, x := range shared {
		odd = append(odd, survey.FieldError{Field: "rank", Key: "book.rank_shared", Args: []any{x.Rank, joined(x.Units)}})
	}
	if len(of) > 1 {
		odd = append(odd, survey.FieldError{Field: "rank_of", Key: "book.rank_of_differs", Args: []any{joined(of)}})
	}
	return odd
}

// SharedRank is a rank that several units have.
type SharedRank struct {
	Rank  int
	Units []survey.UnitCode
}

// OddRanks finds the ranks that several of rs have, and the numbers of units that
// they were ranked among, which are one as a rule; the lowest first.
func OddRanks(rs []Result) (shared []SharedRank, of []int) {
	ranks := make([]int, 0, len(rs))
	for i := range rs {
		if r := &rs[i]; r.Rank > 0 {
			ranks = append(ranks, r.Rank)
		}
		if n := rs[i].RankOf; n > 0 && !slices.Contains(of, n) {
			of = append(of, n)
		}
	}
	slices.Sort(of)
	slices.Sort(ranks)
	at := map[int]int{} // of the shared ones
	for i := 1; i < len(ranks); i++ {
		if rank := ranks[i]; rank == ranks[i-1] && (i == 1 || rank != ranks[i-2]) {
			at[rank] = len(shared)
			shared = append(shared, SharedRank{Rank: rank})
		}
	}
	if len(shared) == 0 {
		return nil, of
	}
	for i := range rs {
		if k, ok := at[rs[i].Rank]; ok {
			shared[k].Units = append(shared[k].Units, rs[i].Unit)
		}
	}
	for _, x := range shared {
		slices.Sort(x.Units)
	}
	return shared, of
}
