package store

import (
	"slices"
	"testing"

	"sipas/internal/survey"
)

// TestRecall: what is remembered is given to those whose snapshot has it, until
// something within it changes.
func TestRecall(t *testing.T) {
	const wave = survey.WaveID("w")
	var r recall
	kind := cellKind{state: survey.Counted, counts: true}
	march := pieceKey{wave, kind, survey.Span{Grain: survey.GrainMonth, Lo: 202603, Hi: 202603}}
	days := pieceKey{wave, kind, survey.Span{Grain: survey.GrainDay, Lo: int32(survey.Month(202603).First()), Hi: int32(survey.Month(202603).First()) + 9}}
	units := []survey.UnitCode{"a", "b"}
	cells := [][]cell{{{state: survey.Counted, n: 3, counts: []byte{3}}}, nil}
	at := func(version, remade int64) tallyMark { return tallyMark{version: version, remade: remade} }
	changed := func(day survey.Day, version int64) {
		r.waves[wave].add([]dayChange{{day, version}})
		r.waves[wave].version = version
	}
	has := func(what string, key pieceKey, units []survey.UnitCode, mark tallyMark, want bool) {
		t.Helper()
		got, ok := r.get(key, units, mark)
		if ok != want || ok && len(got) != len(units) {
			t.Errorf("%s: remembered %v, want %v", what, ok, want)
		}
	}
	r.waves = map[survey.WaveID]*changes{wave: {}}
	has("nothing", march, units, at(5, 0), false)
	for _, key := range []pieceKey{march, days} {
		r.put(key, units, cells, at(5, 0))
	}
	has("the same", march, units, at(5, 0), true)
	has("one of them", march, units[1:], at(5, 0), true)
	has("one more", march, []survey.UnitCode{"a", "b", "c"}, at(5, 0), false)
	has("later", march, units, at(9, 0), true)
	has("a snapshot from before", march, units, at(4, 0), false)
	has("after all were removed", march, units, at(9, 7), false)
	changed(survey.Month(202602).Last(), 10)
	has("another month changed", march, units, at(10, 0), true)
	changed(survey.Month(202603).First()+20, 11)
	has("a day of it changed", march, units, at(11, 0), false)
	has("another day changed", days, units, at(11, 0), true)
	has("a day of it changed, seen by another reader", march, units, at(10, 0), false)
	r.put(march, units, cells, at(11, 0))
	has("read again", march, units, at(12, 0), true)
	r.put(march, units, [][]cell{nil, nil}, at(10, 0))
	if got, _ := r.get(march, units, at(12, 0)); len(got) != 2 || len(got[0]) != 1 {
		t.Errorf("an older reader has put %v in the place of newer sums", got)
	}
	r.put(march, []survey.UnitCode{"c"}, [][]cell{nil}, at(14, 0))
	has("and one more unit", march, []survey.UnitCode{"a", "b", "c"}, at(14, 0), true)
}

// TestRecallForgets: memory is bounded, and what was looked at last stays.
func TestRecallForgets(t *testing.T) {
	var r recall
	big := [][]cell{{{counts: make([]byte, mostRecalled/8)}}}
	units := []survey.UnitCode{"a"}
	key := func(day int32) pieceKey {
		return pieceKey{"w", cellKind{}, survey.Span{Grain: survey.GrainDay, Lo: day, Hi: day}}
	}
	for day := range int32(50) {
		r.put(key(day), units, big, tallyMark{version: 1})
		if _, ok := r.get(key(0), units, tallyMark{version: 1}); !ok {
			t.Fatalf("day %d: what is looked at all the time is forgotten", day)
		}
	}
	sum := 0
	for _, p := range r.pieces {
		sum += p.size
	}
	if r.size > mostRecalled || r.size != sum || len(r.pieces) < 6 {
		t.Errorf("%d bytes (%d by piece) in %d pieces, want most of %d", r.size, sum, len(r.pieces), mostRecalled)
	}
}

// TestRecallSplits: days that changed lately stand alone, others together.
func TestRecallSplits(t *testing.T) {
	first := survey.Month(202603).First()
	r := recall{waves: map[survey.WaveID]*changes{"w": {days: []dayChange{{first - 1, 400}, {first + 3, 10}, {first + 5, 390}, {first + 6, 391}}}}}
	span := survey.Span{Grain: survey.GrainDay, Lo: int32(first), Hi: int32(first) + 9}
	var got []int32
	for _, s := range r.split("w", span, 400) {
		got = append(got, s.Lo-int32(first), s.Hi-int32(first))
	}
	if want := []int32{0, 4, 5, 5, 6, 6, 7, 9}; !slices.Equal(got, want) {
		t.Errorf("runs %v, want %v", got, want)
	}
	months := r.split("w", survey.Span{Grain: survey.GrainMonth, Lo: 202511, Hi: 202604}, 400)
	if len(months) != 4 || months[0].Hi != 202601 || months[3].Lo != 202604 {
		t.Errorf("months %v, want November to January, and each other alone", months)
	}
}
