package estimate_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"sipas/internal/estimate"
	"sipas/internal/survey"
)

// A nation of 34 provinces and 3,300 communes, 39 items: the whole and every
// province.
func BenchmarkEstimateNation(b *testing.B) {
	for _, how := range []survey.Sampling{survey.Stratified, survey.Clustered} {
		b.Run(string(how), func(b *testing.B) {
			s, asked := nation(how)
			for b.Loop() {
				of := map[survey.UnitCode]survey.Index{}
				for u, t := range asked {
					of[u] = s.Instrument.Index(t)
				}
				estimate.Samples{}.Estimate(s, of)
			}
		})
	}
}

func nation(how survey.Sampling) (survey.Sampled, map[survey.UnitCode]survey.Tally) {
	in, rnd := newInstrument(usual, 13, 10, 6, 10), rand.New(rand.NewPCG(1, 1))
	units := []survey.Unit{{Code: "n", ValidTo: survey.Always}}
	own, asked := map[survey.UnitCode]survey.Tally{}, map[survey.UnitCode]survey.Tally{}
	for p := range 34 {
		above := survey.UnitCode(fmt.Sprintf("n.%02d", p))
		units = append(units, survey.Unit{Code: above, Parent: "n", ValidTo: survey.Always})
		for c := range 97 {
			u := above + survey.UnitCode(fmt.Sprintf(".%03d", c))
			units = append(units, survey.Unit{Code: u, Parent: above, ValidTo: survey.Always})
			t := survey.Tally{N: 30, Counts: make([]int64, in.Slots())}
			for i := 0; i < len(t.Counts); i += 7 { // answered, skipped, five options
				t.Counts[i] = 30
				good := rnd.Int64N(31)
				t.Counts[i+6], t.Counts[i+2] = good, 30-good
			}
			own[u] = t
			for _, up := range []survey.UnitCode{"n", above} {
				sum := asked[up]
				sum.Add(t)
				asked[up] = sum
			}
		}
	}
	w := &survey.Wave{ID: "w", Design: survey.Probability, Sampling: how, Units: []survey.UnitCode{"n"}}
	return survey.Sampled{Wave: w, Instrument: in, Tree: survey.NewTree(units), Own: own}, asked
}
