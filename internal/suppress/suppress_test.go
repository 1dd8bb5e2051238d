package suppress

import (
	"errors"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestHide(t *testing.T) {
	for _, c := range []struct {
		name string
		t    Table
		want []bool
	}{
		{"nothing small", Table{[]int64{30, 10, 20}, []Sum{{0, []int{1, 2}}}}, []bool{false, false, false}},
		{"smallest sibling", Table{[]int64{72, 3, 12, 57}, []Sum{{0, []int{1, 2, 3}}}}, []bool{false, true, true, false}},
		{"two small ones whose sum is small", Table{[]int64{72, 3, 4, 15, 50}, []Sum{{0, []int{1, 2, 3, 4}}}}, []bool{false, true, true, true, false}},
		{"two small ones whose sum is not", Table{[]int64{72, 8, 7, 57}, []Sum{{0, []int{1, 2, 3}}}}, []bool{false, true, true, false}},
		{"only child", Table{[]int64{5, 5, 40, 45}, []Sum{{0, []int{1}}, {3, []int{0, 2}}}}, []bool{true, true, true, false}},
		{"zero hides nothing", Table{[]int64{43, 3, 0, 40}, []Sum{{0, []int{1, 2, 3}}}}, []bool{false, true, false, true}},
		{"three sums together", Table{[]int64{17, 15, 16, 9, 8, 7}, []Sum{{0, []int{3, 4}}, {1, []int{4, 5}}, {2, []int{3, 5}}}}, []bool{true, false, false, true, true, true}},
		{"two margins", Table{[]int64{60, 4, 56, 25, 35}, []Sum{{0, []int{1, 2}}, {0, []int{3, 4}}}}, []bool{false, true, true, false, false}},
	} {
		got, err := Hide(c.t, 10)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestHideRefuses(t *testing.T) {
	for name, table := range map[string]Table{
		"a sum that does not hold": {[]int64{5, 2, 2}, []Sum{{0, []int{1, 2}}}},
		"a cell that is not there": {[]int64{5}, []Sum{{0, []int{1}}}},
		"a sum of nothing":         {[]int64{0}, []Sum{{0, nil}}},
		"a part of itself":         {[]int64{5, 5}, []Sum{{0, []int{1}}, {1, []int{0}}}},
	} {
		if _, err := Hide(table, 10); !errors.Is(err, ErrTable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// drawTable is units below regions below a nation, by group: every unit and
// region is the sum of its groups, every group of a region that of its units.
func drawTable(t *rapid.T) Table {
	groups := rapid.IntRange(1, 4).Draw(t, "groups")
	var table Table
	cell := func(n int64) int {
		table.N = append(table.N, n)
		return len(table.N) - 1
	}
	above := func(parts [][]int) []int { // a row of group cells and their total over rows below
		row := make([]int, groups+1)
		for g := range row {
			s, n := Sum{}, int64(0)
			for _, p := range parts {
				s.Parts = append(s.Parts, p[g])
				n += table.N[p[g]]
			}
			row[g] = cell(n)
			s.Total = row[g]
			table.Sums = append(table.Sums, s)
		}
		table.Sums = append(table.Sums, Sum{row[groups], row[:groups]})
		return row
	}
	var regions [][]int
	for range rapid.IntRange(1, 3).Draw(t, "regions") {
		var units [][]int
		for range rapid.IntRange(1, 4).Draw(t, "units") {
			row, n := make([]int, groups+1), int64(0)
			for g := range groups {
				v := rapid.OneOf(rapid.Int64Range(0, 15), rapid.Int64Range(0, 100)).Draw(t, "n")
				row[g] = cell(v)
				n += v
			}
			row[groups] = cell(n)
			table.Sums = append(table.Sums, Sum{row[groups], row[:groups]})
			units = append(units, row)
		}
		regions = append(regions, above(units))
	}
	above(regions)
	return table
}

// free returns which hidden cells can differ with all shown ones as they are:
// those that some solution of the sums, with 0 for what is shown, moves. It is
// rational arithmetic on dense rows, another road than the package's.
func free(t Table, hidden []bool) []bool {
	var rows [][]*big.Rat
	for _, s := range t.Sums {
		row := make([]*big.Rat, len(t.N))
		for i := range row {
			row[i] = new(big.Rat)
		}
		for _, p := range s.Parts {
			if hidden[p] {
				row[p].Add(row[p], big.NewRat(1, 1))
			}
		}
		if hidden[s.Total] {
			row[s.Total].Sub(row[s.Total], big.NewRat(1, 1))
		}
		rows = append(rows, row)
	}
	moves, rank := make([]bool, len(t.N)), 0
	pivots := map[int]int{} // column → row
	for c := range t.N {
		at := rank
		for at < len(rows) && rows[at][c].Sign() == 0 {
			at++
		}
		if at == len(rows) {
			moves[c] = hidden[c] // no pivot: free to choose
			continue
		}
		rows[rank], rows[at] = rows[at], rows[rank]
		inv := new(big.Rat).Inv(rows[rank][c])
		for i := range rows[rank] {
			rows[rank][i].Mul(rows[rank][i], inv)
		}
		for r := range rows {
			if r == rank || rows[r][c].Sign() == 0 {
				continue
			}
			f := new(big.Rat).Set(rows[r][c])
			for i := range rows[r] {
				rows[r][i].Sub(rows[r][i], new(big.Rat).Mul(f, rows[rank][i]))
			}
		}
		pivots[c] = rank
		rank++
	}
	for c, r := range pivots {
		for i := range t.N {
			if i != c && hidden[i] && rows[r][i].Sign() != 0 {
				moves[c] = true
			}
		}
	}
	return moves
}

func TestNothingHiddenFollows(t *testing.T) {
	const least = 10
	rapid.Check(t, func(t *rapid.T) {
		table := drawTable(t)
		hidden, err := Hide(table, least)
		if err != nil {
			t.Fatal(err)
		}
		moves := free(table, hidden)
		for i, n := range table.N {
			if n > 0 && n < least && !hidden[i] {
				t.Fatalf("cell %d of %d responses is shown", i, n)
			}
			if hidden[i] && !moves[i] {
				t.Fatalf("hidden cell %d of %d responses follows from what is shown", i, n)
			}
		}
		for i, s := range table.Sums {
			group := int64(0)
			for _, p := range s.Parts {
				if hidden[p] {
					group += table.N[p]
				}
			}
			if !hidden[s.Total] && group > 0 && group < least {
				t.Fatalf("sum %d gives away a group of %d", i, group)
			}
		}
	})
}

// Four thousand units by six groups, as a province's breakdown.
func BenchmarkHide(b *testing.B) {
	var t Table
	const units, groups = 4000, 6
	all := make([][]int, groups+1)
	for u := range units {
		s := Sum{Total: len(t.N) + groups}
		n := int64(0)
		for g := range groups {
			v := int64((u*7919+g*104729)%97) * int64(1+u%5) / 2
			s.Parts = append(s.Parts, len(t.N))
			all[g] = append(all[g], len(t.N))
			t.N = append(t.N, v)
			n += v
		}
		t.N = append(t.N, n)
		all[groups] = append(all[groups], s.Total)
		t.Sums = append(t.Sums, s)
	}
	for _, parts := range all {
		n := int64(0)
		for _, p := range parts {
			n += t.N[p]
		}
		t.N = append(t.N, n)
		t.Sums = append(t.Sums, Sum{len(t.N) - 1, parts})
	}
	for b.Loop() {
		if _, err := Hide(t, 10); err != nil {
			b.Fatal(err)
		}
	}
}
