package web

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/survey"
)

func TestPlaces(t *testing.T) {
	for _, c := range []struct {
		name   string
		design survey.Design
		units  []measure
		want   []string
	}{
		{"far apart", survey.Probability, []measure{of(40, 5000), of(90, 5000), of(60, 5000)}, []string{"3", "1", "2"}},
		{"alike", survey.Probability, []measure{of(80, 50), of(81, 50), of(80, 50)}, []string{"1–3", "1–3", "1–3"}},
		{"too few have no place", survey.Probability, []measure{of(40, 5000), of(100, 9), of(90, 5000)}, []string{"2", "", "1"}},
		{"everybody of twenty is not surely the best", survey.Probability, []measure{of(100, 20), of(97, 400)}, []string{"1–2", "1–2"}},
		{"alone", survey.Probability, []measure{of(80, 500), of(0, 0)}, []string{"", ""}},
		{"volunteers", survey.Continuous, []measure{of(40, 5000), of(90, 5000)}, []string{"", ""}},
	} {
		f := &figures{c: choice{Wave: &survey.Wave{Design: c.design}}, memory: &bandMemory{}}
		for range 2 { // the second time from memory
			if d := cmp.Diff(c.want, f.places(c.units)); d != "" {
				t.Errorf("%s (-want +got):\n%s", c.name, d)
			}
		}
	}
}

// A unit moved only where its ranges among the same units do not meet, however
// many others came or went between the two times.
func TestRankMoves(t *testing.T) {
	row := func(now, was measure) [2]measure { return [2]measure{now, was} }
	none := measure{}
	for _, c := range []struct {
		name  string
		units [][2]measure
		want  []string // signs
		texts []string
	}{
		{
			"two changed places, far apart",
			[][2]measure{row(of(40, 5000), of(90, 5000)), row(of(90, 5000), of(40, 5000)), row(of(60, 5000), of(60, 5000))},
			[]string{"dn", "up", ""},
			[]string{"Xuống, trước 1/3", "Lên, trước 3/3", "trước 2/3"},
		},
		{
			"the same of twenty people each is noise",
			[][2]measure{row(of(70, 20), of(80, 20)), row(of(80, 20), of(70, 20)), row(of(75, 20), of(75, 20))},
			[]string{"", "", ""},
			[]string{"trước 1–3/3", "trước 1–3/3", "trước 1–3/3"},
		},
		{
			"two that came push the others down, who did not move",
			[][2]measure{row(of(60, 5000), of(60, 5000)), row(of(40, 5000), of(40, 5000)), row(of(90, 5000), none), row(of(80, 5000), of(85, 9))},
			[]string{"", "", "", ""},
			[]string{"trước 1/2", "trước 2/2", "", ""},
		},
	} {
		f := two(survey.Probability, none, none)
		f.memory = &bandMemory{}
		var list []survey.Unit
		var rows []unitRow
		var now []measure
		f.was.Indices = map[survey.UnitCode]survey.Index{}
		for i, m := range c.units {
			code := survey.UnitCode(rune('a' + i))
			list = append(list, survey.Unit{Code: code, ValidFrom: 100, ValidTo: survey.Always})
			rows, now = append(rows, unitRow{Code: code, m: m[0]}), append(now, m[0])
			f.was.Indices[code] = survey.Index{N: m[1].N, People: m[1].N, Factors: []survey.FactorFigure{{N: m[1].N}}, Overall: figureOf(survey.Probability, m[1])}
		}
		f.v.cat.Tree = survey.NewTree(list)
		for i, move := range f.rankMoves(rows, f.bandsOf(now)) {
			if move.Sign != c.want[i] || move.Text != c.texts[i] {
				t.Errorf("%s: unit %d is %+v, want %q %q", c.name, i, move, c.want[i], c.texts[i])
			}
		}
		f.failed = "staff.change.other_instrument"
		for _, move := range f.rankMoves(rows, f.bandsOf(now)) {
			if move != (rankMove{}) {
				t.Errorf("%s: compared with what was measured in another way: %+v", c.name, move)
			}
		}
	}
}
