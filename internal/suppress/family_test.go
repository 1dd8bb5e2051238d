package suppress

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestFamilyHide(t *testing.T) {
	rows := func(counts ...int64) (rows [][]int64) {
		for _, n := range counts {
			rows = append(rows, []int64{n})
		}
		return rows
	}
	for _, c := range []struct {
		name string
		f    Family
		want []bool
	}{
		{"nothing small", Family{Whole: []int64{30}, Parts: rows(10, 20)}, []bool{false, false}},
		{"the smallest beside", Family{Whole: []int64{72}, Parts: rows(3, 12, 57)}, []bool{true, true, false}},
		{"the earlier of equals", Family{Whole: []int64{43}, Parts: rows(20, 3, 20)}, []bool{true, true, false}},
		{"two whose sum is small", Family{Whole: []int64{72}, Parts: rows(3, 4, 15, 50)}, []bool{true, true, true, false}},
		{"a zero covers nothing", Family{Whole: []int64{43}, Parts: rows(3, 0, 40)}, []bool{true, false, true}},
		{"a whole that covers others", Family{Whole: []int64{57}, Hidden: true, Parts: rows(7, 20, 30)}, []bool{true, true, false}},
		{"and has no small part", Family{Whole: []int64{57}, Hidden: true, Parts: rows(27, 30)}, []bool{true, false}},
		{"a small whole", Family{Whole: []int64{7}, Hidden: true, Parts: rows(3, 4)}, []bool{true, true}},
		{"hidden already", Family{Whole: []int64{90}, Parts: rows(30, 40, 20), Also: []bool{true, false, false}}, []bool{true, false, true}},
		{"known from elsewhere", Family{Whole: []int64{72}, Parts: rows(3, 12, 57), Known: []bool{false, true, false}}, []bool{true, false, true}},
		{"one count opens another", Family{Whole: []int64{60, 60}, Parts: [][]int64{{3, 0}, {12, 15}, {45, 45}}}, []bool{true, true, true}},
	} {
		if diff := cmp.Diff(c.want, c.f.Hide(10)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// node is a unit of a drawn tree; its last child is what it has of its own.
type node struct {
	n        []int64
	children []*node
	hidden   bool
}

func drawNode(t *rapid.T, depth int) *node {
	if depth == 0 || rapid.IntRange(0, 3).Draw(t, "leaf") == 0 {
		return &node{n: []int64{
			rapid.OneOf(rapid.Int64Range(0, 15), rapid.Int64Range(0, 100)).Draw(t, "n"), rapid.Int64Range(0, 20).Draw(t, "m"),
		}}
	}
	at := &node{n: make([]int64, 2)}
	for range rapid.IntRange(1, 4).Draw(t, "children") {
		c := drawNode(t, depth-1)
		for j := range at.n {
			at.n[j] += c.n[j]
		}
		at.children = append(at.children, c)
	}
	return at
}

// decide goes down from the root as pages do.
func (at *node) decide() {
	if len(at.children) == 0 {
		return
	}
	f := Family{Whole: at.n, Hidden: at.hidden}
	for _, c := range at.children {
		f.Parts = append(f.Parts, c.n)
	}
	for i, hidden := range f.Hide(10) {
		at.children[i].hidden = hidden
		at.children[i].decide()
	}
}

// table is one count of the tree as a table.
func (at *node) table(j int, t *Table, hidden *[]bool) int {
	var parts []int
	for _, c := range at.children {
		parts = append(parts, c.table(j, t, hidden))
	}
	t.N, *hidden = append(t.N, at.n[j]), append(*hidden, at.hidden && at.n[j] > 0) // everybody knows of a zero
	if cell := len(t.N) - 1; len(parts) > 0 {
		t.Sums = append(t.Sums, Sum{cell, parts})
	}
	return len(t.N) - 1
}

// Families decided one by one keep what Hide keeps of all of them together.
func TestFamiliesGiveNothingAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		root := drawNode(t, 3)
		root.hidden = Small(root.n, 10)
		root.decide()
		for j := range root.n {
			var table Table
			var hidden []bool
			root.table(j, &table, &hidden)
			moves := free(table, hidden)
			for i, n := range table.N {
				if n > 0 && n < 10 && !hidden[i] {
					t.Fatalf("count %d: cell %d of %d is shown", j, i, n)
				}
				if hidden[i] && n < 10 && !moves[i] { // more may follow: what else is hidden of the unit has its own reason
					t.Fatalf("count %d: hidden cell %d of %d follows", j, i, n)
				}
			}
		}
	})
}

// BenchmarkFamily is a unit with 4,000 below it, by 40 counts.
func BenchmarkFamily(b *testing.B) {
	f := Family{Whole: make([]int64, 40)}
	for u := range 4000 {
		row := make([]int64, 40)
		for j := range row {
			row[j] = int64((u*7919+j)%97) * int64(1+u%5) / 2
			f.Whole[j] += row[j]
		}
		f.Parts = append(f.Parts, row)
	}
	for b.Loop() {
		f.Hide(10)
	}
}
