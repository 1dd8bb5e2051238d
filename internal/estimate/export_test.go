package estimate

import (
	"math"
	"slices"

	"pgregory.net/rapid"

	"sipas/internal/survey"
)

// TermsAreTheFigure fails unless every known figure of x is the sum of its terms
// over all rows.
func TermsAreTheFigure(t *rapid.T, in *survey.Instrument, x survey.Index, own map[survey.UnitCode]survey.Tally) {
	units := []survey.UnitCode{}
	for u := range own {
		units = append(units, u)
	}
	slices.Sort(units)
	c := newColumns(in)
	for _, u := range units {
		c.add(own[u])
	}
	known := 0
	for _, f := range c.figures(in, &x) {
		got, weights := 0.0, 0.0
		for _, term := range f.terms {
			over, under := 0.0, 0.0
			for _, i := range term.columns {
				for row := range units {
					over, under = over+c.over[i][row], under+c.under[i][row]
				}
			}
			got, weights = got+term.weight*over/under, weights+term.weight
		}
		if math.Abs(got-f.Percent.Value) > 1e-9 || math.Abs(weights-1) > 1e-9 {
			t.Fatalf("%+v: terms make %v of weight %v", f, got, weights)
		}
		known++
	}
	if x.Overall.Percent.Known && known == 0 {
		t.Fatal("no figure was looked at")
	}
}
