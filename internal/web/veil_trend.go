package web

import (
	"context"
	"fmt"

	"sipas/internal/suppress"
	"sipas/internal/survey"
)

// veilTrend takes out of a trend what must not be shown: every step of a wave
// in which the unit is hidden, and of the others the steps that, or from which,
// less than enough people would follow. The steps of a wave add up to it, and
// its whole is a page of its own.
func (s *server) veilTrend(ctx context.Context, u survey.UnitCode, ch survey.Channel, t *survey.Trend) error {
	for first := 0; first < len(t.Points); {
		w, last := t.Points[first].Wave, first
		for last < len(t.Points) && t.Points[last].Wave == w {
			last++
		}
		read, v, err := s.readVeiled(ctx, survey.Query{Wave: w.ID, Units: []survey.UnitCode{u}, Channel: ch})
		if err != nil {
			return fmt.Errorf("web.veilTrend: %w", err)
		}
		hideSteps(t.Points[first:last], v.hides(u), read.Indices[u].N, v.least)
		first = last
	}
	return nil
}

// hideSteps hides steps of a wave of n responses.
func hideSteps(points []survey.TrendPoint, all bool, n, least int64) {
	f := suppress.Family{Whole: []int64{n}, Hidden: all}
	left := n
	for _, p := range points {
		f.Parts = append(f.Parts, []int64{p.Index.N})
		f.Also = append(f.Also, all || p.Index.N > 0 && !overallOf(p.Index).shown())
		left -= p.Index.N
	}
	f.Parts, f.Also = append(f.Parts, []int64{max(0, left)}), append(f.Also, false) // what the chart does not reach
	for i, hidden := range f.Hide(least)[:len(points)] {
		if hidden {
			points[i].Index = survey.Index{Spec: points[i].Index.Spec, Hidden: true, Overall: survey.Figure{Hidden: true}}
		}
	}
}
