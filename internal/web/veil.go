package web

import (
	"context"
	"slices"

	"sipas/internal/suppress"
	"sipas/internal/survey"
)

// usualLeast is how many people a percentage must stand for to be shown at all,
// unless the deployment asks for more. Fewer could tell who answered what, and
// say little. It holds for every figure on every page.
const usualLeast = 10

// A veil decides which units may be shown, of one wave, period and channel: none
// with 1 to least−1 responses or answers to an item of the index, and beside it
// as many others as it takes that no difference between units gives it away
// (ADR 21). It goes down the tree from the root and looks at one family after the
// other, so that all pages hide the same, whichever branch they show. Questions
// outside the index are decided one by one.
type veil struct {
	least   int64
	in      *survey.Instrument
	tree    *survey.Tree
	sources []headcount // those shown, or one for each channel
	index   []*survey.Question
	above   *veil                      // of all channels together, when sources are channels
	known   func(survey.UnitCode) bool // whether the sources of a unit follow from their sum; nil: never
	hidden  map[veilKey]bool
}

// veilKey is what is hidden together: a unit, or the answers in it to a question
// outside the index.
type veilKey struct {
	unit survey.UnitCode
	item survey.ItemCode // empty: all of the unit
}

// headcount is how many people answered in each unit.
type headcount struct {
	n        func(survey.UnitCode) int64
	answered func(survey.UnitCode, *survey.Question) int64
}

func newVeil(least int64, in *survey.Instrument, tree *survey.Tree, sources ...headcount) *veil {
	v := &veil{least: max(least, usualLeast), in: in, tree: tree, sources: sources, hidden: map[veilKey]bool{}}
	for _, code := range in.Items() {
		v.index = append(v.index, in.Question(code))
	}
	if in.Spec.Overall == survey.Direct && !slices.Contains(in.Items(), in.Spec.Direct) {
		v.index = append(v.index, in.Question(in.Spec.Direct))
	}
	return v
}

// headsOf counts by tallies.
func headsOf(tallies map[survey.UnitCode]survey.Tally) headcount {
	return headcount{
		func(u survey.UnitCode) int64 { return tallies[u].N },
		func(u survey.UnitCode, q *survey.Question) int64 { return tallies[u].Answered(q) },
	}
}

// veilUnits are the units whose counts decide, beside their own, what of units
// is shown: all above them, and all that have the same unit above.
func veilUnits(tree *survey.Tree, units []survey.UnitCode) []survey.UnitCode {
	var all []survey.UnitCode
	done, own := map[survey.UnitCode]bool{}, map[survey.UnitCode]bool{}
	for _, u := range units {
		own[u] = true
		line := tree.Lineage(u)
		for _, above := range line[min(1, len(line)):] {
			if done[above] {
				break
			}
			done[above] = true
			all = append(append(all, above), tree.Children(above)...)
		}
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(u survey.UnitCode) bool { return own[u] })
}

// hides reports whether all of u is hidden.
func (v *veil) hides(u survey.UnitCode) bool { return v.decide(u, nil) }

// hidesQuestion reports whether the answers in u to a question outside the index
// are hidden.
func (v *veil) hidesQuestion(u survey.UnitCode, q *survey.Question) bool { return v.decide(u, q) }

// decide decides for u, and for all that have the same unit above, and first for
// that.
func (v *veil) decide(u survey.UnitCode, q *survey.Question) bool {
	if hidden, ok := v.hidden[key(u, q)]; ok {
		return hidden
	}
	unit, _ := v.tree.Unit(u)
	if unit.Parent == "" {
		hidden := v.before(u, q) || suppress.Small(v.row(u, q), v.least)
		v.hidden[key(u, q)] = hidden
		return hidden
	}
	f := suppress.Family{Whole: v.row(unit.Parent, q), Hidden: v.decide(unit.Parent, q)}
	children := v.tree.Children(unit.Parent)
	for _, c := range children {
		f.Parts = append(f.Parts, v.row(c, q))
		f.Also = append(f.Also, v.before(c, q))
		f.Known = append(f.Known, v.known != nil && v.known(c))
	}
	// The last part is nobody's page: the responses of the unit above itself.
	f.Parts, f.Also, f.Known = append(f.Parts, own(f)), append(f.Also, false), append(f.Known, false)
	for i, hidden := range f.Hide(v.least)[:len(children)] {
		v.hidden[key(children[i], q)] = hidden
	}
	return v.hidden[key(u, q)]
}

func key(u survey.UnitCode, q *survey.Question) veilKey {
	if q == nil {
		return veilKey{unit: u}
	}
	return veilKey{u, q.Code}
}

// before reports whether something is hidden for another reason: a question with
// its unit, and a channel with all channels.
func (v *veil) before(u survey.UnitCode, q *survey.Question) bool {
	return q != nil && v.hides(u) || v.above != nil && v.above.decide(u, q)
}

// row is the counts of u, one source after the other: those of a question, or
// all responses and the answers to each item of the index.
func (v *veil) row(u survey.UnitCode, q *survey.Question) []int64 {
	if q != nil {
		row := make([]int64, len(v.sources))
		for i, s := range v.sources {
			row[i] = s.answered(u, q)
		}
		return row
	}
	row := make([]int64, 0, len(v.sources)*(1+len(v.index)))
	for _, s := range v.sources {
		row = append(row, s.n(u))
		for _, q := range v.index {
			row = append(row, s.answered(u, q))
		}
	}
	return row
}

// own is what a whole has beyond its parts.
func own(f suppress.Family) []int64 {
	left := slices.Clone(f.Whole)
	for _, part := range f.Parts {
		for j, n := range part {
			left[j] = max(0, left[j]-n)
		}
	}
	return left
}

// over returns a reading with what must not be shown of units taken out.
func (v *veil) over(r survey.Reading, units []survey.UnitCode) survey.Reading {
	out := r
	out.Indices, out.Tallies = map[survey.UnitCode]survey.Index{}, map[survey.UnitCode]survey.Tally{}
	for _, u := range units {
		if v.hides(u) {
			out.Indices[u] = r.Indices[u].Withhold()
			continue
		}
		out.Indices[u], out.Tallies[u] = r.Indices[u], r.Tallies[u]
	}
	return out
}

// least is how many people a figure must stand for.
func (s *server) least() int64 { return max(s.Least, usualLeast) }

// readVeiled reads what may be shown of units.
func (s *server) readVeiled(ctx context.Context, q survey.Query) (survey.Reading, *veil, error) {
	if q.Channel != "" {
		reads, v, err := s.readChannels(ctx, q)
		return reads[q.Channel], v, err
	}
	tree, units := s.Catalog().Tree, q.Units
	q.Beside = veilUnits(tree, units)
	read, err := s.Reader.Read(ctx, q)
	if err != nil {
		return read, nil, err
	}
	v := newVeil(s.least(), read.Instrument, tree, headsOf(read.Tallies))
	return v.over(read, units), v, nil
}

// readChannels reads what may be shown of units by channel, whatever channel q
// names. A unit shows all its channels or none: what all have less what some
// have is what the others have.
func (s *server) readChannels(ctx context.Context, q survey.Query) (map[survey.Channel]survey.Reading, *veil, error) {
	tree, units := s.Catalog().Tree, q.Units
	q.Beside = veilUnits(tree, units)
	reads, all := map[survey.Channel]survey.Reading{}, map[survey.UnitCode]survey.Tally{}
	used := map[survey.UnitCode]int{}
	var heads []headcount
	chosen, precise := q.Channel, q.Precise
	for _, q.Channel = range survey.Channels {
		if q.Precise = nil; q.Channel == chosen { // reading all units below takes time
			q.Precise = precise
		}
		read, err := s.Reader.Read(ctx, q)
		if err != nil {
			return nil, nil, err
		}
		reads[q.Channel], heads = read, append(heads, headsOf(read.Tallies))
		for u, t := range read.Tallies {
			sum := all[u]
			sum.Add(t)
			if all[u] = sum; t.N > 0 {
				used[u]++
			}
		}
	}
	in := reads[q.Channel].Instrument
	whole := newVeil(s.least(), in, tree, headsOf(all))
	v := newVeil(s.least(), in, tree, heads...)
	v.above = whole
	v.known = func(u survey.UnitCode) bool { return used[u] == 1 && !whole.hides(u) }
	for ch, read := range reads {
		reads[ch] = v.over(read, units)
	}
	return reads, v, nil
}
