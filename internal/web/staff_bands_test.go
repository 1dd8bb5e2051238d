package web

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/survey"
)

func TestPlaces(t *testing.T) {
	m := func(percent float64, n int64) measure {
		return measure{survey.Percent{Value: percent, Known: n > 0}, n, false}
	}
	for _, c := range []struct {
		name   string
		design survey.Design
		units  []measure
		want   []string
	}{
		{"far apart", survey.Probability, []measure{m(40, 5000), m(90, 5000), m(60, 5000)}, []string{"3", "1", "2"}},
		{"alike", survey.Probability, []measure{m(80, 50), m(81, 50), m(80, 50)}, []string{"1–3", "1–3", "1–3"}},
		{"too few have no place", survey.Probability, []measure{m(40, 5000), m(100, 9), m(90, 5000)}, []string{"2", "", "1"}},
		{"everybody of twenty is not surely the best", survey.Probability, []measure{m(100, 20), m(97, 400)}, []string{"1–2", "1–2"}},
		{"alone", survey.Probability, []measure{m(80, 500), m(0, 0)}, []string{"", ""}},
		{"volunteers", survey.Continuous, []measure{m(40, 5000), m(90, 5000)}, []string{"", ""}},
	} {
		f := &figures{c: choice{Wave: &survey.Wave{Design: c.design}}, memory: &bandMemory{}}
		for range 2 { // the second time from memory
			if d := cmp.Diff(c.want, f.places(c.units)); d != "" {
				t.Errorf("%s (-want +got):\n%s", c.name, d)
			}
		}
	}
}
