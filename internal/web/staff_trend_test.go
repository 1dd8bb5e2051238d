package web

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

// A title must never say more than its points do.
func TestTrendTitle(t *testing.T) {
	old := &survey.Instrument{ID: "old@1", Title: survey.Text{"en": "Old form"}}
	now := &survey.Instrument{ID: "new@1", Title: survey.Text{"en": "New form"}}
	cat := &survey.Catalog{Tree: survey.NewTree(nil), Instruments: map[survey.InstrumentID]*survey.Instrument{"old@1": old, "new@1": now}}
	point := func(name string, in survey.InstrumentID, percent float64, n int64) survey.TrendPoint {
		x := survey.Index{N: n, People: n, Overall: survey.Figure{Percent: survey.Percent{Value: percent, Known: n > 0}, Answered: n}}
		x.Spec.Overall = survey.Direct
		return survey.TrendPoint{Wave: &survey.Wave{Name: name, Instrument: in}, Index: x, Period: survey.Period{From: day(t, "2026-01-01"), To: day(t, "2026-01-31")}}
	}
	broken := point("2026", "new@1", 80, 1000)
	broken.Break = true
	for _, c := range []struct {
		name   string
		design survey.Design
		points []survey.TrendPoint
		want   string
		rows   []string // "the value or why there is none, segment, interval"
	}{
		{"nothing", survey.Probability, nil, "No period has enough responses to draw a trend", nil},
		{"few", survey.Probability, []survey.TrendPoint{point("2025", "new@1", 80, 9)}, "No period has enough responses to draw a trend", []string{"Too few to publish 0 false"}},
		{"one", survey.Probability, []survey.TrendPoint{point("2025", "new@1", 80, 10)}, "Only one period has enough responses: nothing to compare yet", []string{"80 0 true"}},
		{
			"a break", survey.Probability,
			[]survey.TrendPoint{point("2019", "old@1", 95, 1000), broken},
			"Only one period was measured in the present way: not comparable with what was before",
			[]string{"95 0 true", "80 1 true"},
		},
		{
			"noise", survey.Probability,
			[]survey.TrendPoint{point("Spring", "new@1", 80, 100), point("Autumn", "new@1", 83, 100)},
			"+3.00 points: Autumn against Spring, no more than chance explains",
			[]string{"80 0 true", "83 0 true"},
		},
		{
			"up", survey.Probability,
			[]survey.TrendPoint{point("Spring", "new@1", 80, 5000), point("Autumn", "new@1", 83, 5000)},
			"Up 3.00 points: Autumn against Spring, more than chance explains",
			[]string{"80 0 true", "83 0 true"},
		},
		{
			"down, past a thin point", survey.Probability,
			[]survey.TrendPoint{point("Spring", "new@1", 83, 5000), point("Summer", "new@1", 10, 3), point("Autumn", "new@1", 80, 5000)},
			"Down 3.00 points: Autumn against Spring, more than chance explains",
			[]string{"83 0 true", "Too few to publish 0 false", "80 0 true"},
		},
		{
			"volunteers", survey.Continuous,
			[]survey.TrendPoint{point("Spring", "new@1", 80, 5000), point("Autumn", "new@1", 83, 5000)},
			"Between 80.0 and 83.0% in the 2 periods with enough responses",
			[]string{"80 0 false", "83 0 false"},
		},
	} {
		f := &figures{p: locale.For("en"), v: viewer{cat: cat}, c: choice{Wave: &survey.Wave{Design: c.design}, Step: survey.ByWave}}
		points := slices.Clone(c.points)
		for i, p := range points {
			points[i].Index.Overall = figureOf(c.design, of(p.Index.Overall.Percent.Value, p.Index.N))
		}
		g := f.trendFigure(survey.Trend{Points: points})
		if g.Title != c.want {
			t.Errorf("%s: title %q, want %q", c.name, g.Title, c.want)
		}
		var rows []string
		for _, r := range g.Rows {
			text := r.Text
			if r.Y != nil {
				text = g.Exact(*r.Y)
			}
			rows = append(rows, text+" "+itoa(r.Segment)+map[bool]string{true: " true", false: " false"}[r.Low != nil && r.High != nil])
		}
		if d := cmp.Diff(c.rows, rows); d != "" {
			t.Errorf("%s: rows (-want +got):\n%s", c.name, d)
		}
	}
}

func TestYearOf(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     float64
	}{
		{"2026-01-01", "2026-12-31", 2026 + 182.0/365},
		{"2026-01-01", "2026-01-01", 2026},
		{"2024-12-31", "2024-12-31", 2024 + 365.0/366},
	} {
		if got := yearOf(survey.Period{From: day(t, c.from), To: day(t, c.to)}); got != c.want {
			t.Errorf("the middle of %s to %s is %v, want %v", c.from, c.to, got, c.want)
		}
	}
}
