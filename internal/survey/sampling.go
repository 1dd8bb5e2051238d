package survey

import (
	"context"
	"slices"
)

// Sampling says how the people of a sample were drawn. Lowest units are those
// at which people answered, with none below them that had answers.
type Sampling string

// Ways of drawing people.
const (
	Simple     Sampling = "simple"     // one by one, from all units together
	Stratified Sampling = "stratified" // in every lowest unit by itself: lowest units are strata
	Clustered  Sampling = "clustered"  // lowest units were drawn below each unit, then people in them: clusters, and strata above them
)

// Samplings lists every way, the plainest first.
var Samplings = []Sampling{Simple, Stratified, Clustered}

// Precision is how far a figure of a sample can be trusted: by an interval,
// unless Lack says why there is none.
type Precision struct {
	Low, High float64 // percent, at 95 %
	SE        float64 // standard error, points
	DF        float64 // degrees of freedom of SE; +Inf: normal
	Deff      float64 // SE² ÷ that of as many people drawn one by one who say yes or no; NaN: all say the same
	Parts     int     // lowest units with answers; 0 where it does not depend on them
	Strata    int     // that Parts are of
	Lack      Lack
	At        UnitCode // below which the lonely unit of LonelyUnit is
}

// Lack is why a figure of a sample has no interval.
type Lack string

// Reasons for having no interval.
const (
	OneUnit    Lack = "one-unit"    // one cluster does not tell how clusters differ
	LonelyUnit Lack = "lonely-unit" // the same of one stratum
	NotByUnit  Lack = "not-by-unit" // the figure is not read unit by unit
)

// Known reports whether there is an interval.
func (p *Precision) Known() bool { return p != nil && p.Lack == "" }

// Sampled is what estimates of the figures of some units follow from.
type Sampled struct {
	Wave       *Wave
	Instrument *Instrument
	Tree       *Tree
	Own        map[UnitCode]Tally // of every unit at or below them, without those below it; nil: not read
	Period     Period             // of the figures
}

// Estimator says how sure figures of samples are: it knows statistics, and this
// package does not. There is one for pages, files and commands alike.
type Estimator interface {
	// Estimate fills in the Precision of the figures of indices, which it may
	// change, unless they are of no sample.
	Estimate(s Sampled, indices map[UnitCode]Index)
}

// Random reports whether w is a random sample, so that intervals make sense.
func (w *Wave) Random() bool { return w.Design == Probability }

// ByUnit reports whether it takes the counts of the lowest units to say how
// sure a figure of w is.
func (w *Wave) ByUnit() bool {
	return w.Random() && (w.Sampling == Stratified || w.Sampling == Clustered)
}

// SetSampling says how the sample of a wave was drawn. It is a Conflict for a
// published wave, whose figures do not change, and Invalid for one that is no
// sample.
func (g *Registry) SetSampling(ctx context.Context, id WaveID, to Sampling) error {
	const op = "survey.SetSampling"
	err := g.Store.UpdateWave(ctx, id, func(w *Wave) error {
		if w.State == Published {
			return &Error{Kind: Conflict, Op: op, Key: "wave.over"}
		}
		if key := w.mayBeDrawn(to); key != "" {
			return Bad(op, "sampling", key, to)
		}
		w.Sampling = to
		return nil
	})
	return g.stored(ctx, op, err)
}

// checkDesign complains about a design or a sampling that cannot be.
func (w *Wave) checkDesign(complain func(field, key string, args ...any)) {
	if w.Design != Probability && w.Design != Continuous {
		complain("design", "wave.unknown_design", w.Design)
	} else if key := w.mayBeDrawn(w.Sampling); key != "" {
		complain("sampling", key, w.Sampling)
	}
}

// mayBeDrawn is the message key of why the people of w cannot have been drawn in a
// way, "" if they can.
func (w *Wave) mayBeDrawn(how Sampling) string {
	switch {
	case !slices.Contains(Samplings, how):
		return "wave.unknown_sampling"
	case how != Simple && w.Design == Continuous:
		return "wave.no_sample"
	}
	return ""
}

// below are all units at or below some.
func (t *Tree) below(units []UnitCode) []UnitCode {
	var all []UnitCode
	done := map[UnitCode]bool{}
	for _, u := range units {
		if done[u] {
			continue
		}
		for _, v := range t.Subtree(u) {
			if !done[v] {
				done[v] = true
				all = append(all, v)
			}
		}
	}
	return all
}

// ownOf is what units counted themselves: their tallies less those of the units
// below them. Units that counted nothing are left out.
func (t *Tree) ownOf(units []UnitCode, tallies map[UnitCode]Tally) map[UnitCode]Tally {
	own := map[UnitCode]Tally{}
	for _, u := range units {
		rest := tallies[u]
		for _, c := range t.children[u] {
			if of := tallies[c]; of.N > 0 {
				rest = rest.Minus(of)
			}
		}
		if rest.N > 0 {
			own[u] = rest
		}
	}
	return own
}
