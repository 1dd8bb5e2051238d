package web

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"sipas/internal/suppress"
	"sipas/internal/survey"
)

// qualityPanel is how the responses behind a figure stand: what counts, what
// does not, why, and what the figure would be with those that wait for a look.
type qualityPanel struct {
	Title   string
	Bars    []qualityBar
	With    string // the index with the quarantined ones, in a sentence
	WithSay string
	Reasons []qualityReason
	Href    string
	with    measure // the index with the quarantined ones
}

// QualityClass is how wide the panel is: it stands beside the answers, or alone
// where there are none to show.
func (b resultBase) QualityClass() string {
	if b.State == "" && len(b.Answers.Factors) > 0 {
		return "c5"
	}
	return "c7"
}

// qualityBar is how many responses stand in one way.
type qualityBar struct {
	Name, N string
	Value   int64
	State   string // empty: all that were received
	Bar     barChart
}

// qualityReason is how many responses a rule points at.
type qualityReason struct {
	Name, Say, Href string
	n               int64
}

// mostReasons is how many rules the panel names.
const mostReasons = 5

// panel reads how the responses of a unit stand. Only when some are quarantined
// does it read the figures a second time, with them.
func (s *server) panel(ctx context.Context, f *figures, u survey.UnitCode) (qualityPanel, error) {
	standing := f.now.Standings[u]
	total := int64(0)
	for _, n := range standing.N {
		total += n
	}
	if total == 0 || f.veil.hides(u) { // how many responses a unit has is hidden with it
		return qualityPanel{}, nil
	}
	held := standing.N[survey.Quarantined]
	p := qualityPanel{Title: f.p.N("quality.panel.counted", standing.N[survey.Counted]) + "; ", Href: f.suspects(u, "")}
	p.Bars = f.qualityBars(standing, total)
	p.Reasons = f.qualityReasons(u, standing)
	if held == 0 {
		p.Title += f.p.T("quality.panel.no_waiting")
		p.With = f.p.T("quality.panel.with.none")
		return p, nil
	}
	p.Title += f.p.N("quality.panel.waiting", held)
	if suppress.Small([]int64{held}, f.least) {
		// What the figure would be with them, less what it is, is what they said.
		p.With, p.WithSay = f.p.T("quality.panel.with.few"), f.p.T("quality.panel.with.few.say", f.least)
		return p, nil
	}
	with, _, err := s.readVeiled(ctx, survey.Query{
		Wave: f.c.Wave.ID, Units: []survey.UnitCode{u}, Period: f.c.Period, Channel: f.c.Channel, With: []survey.State{survey.Quarantined},
	})
	if err != nil {
		return qualityPanel{}, fmt.Errorf("web.panel: %w", err)
	}
	p.with = overallOf(with.Indices[u])
	p.With, p.WithSay = f.with(f.index(u), with.Indices[u])
	return p, nil
}

// with says the figure with the quarantined responses, and how far it lies from
// the one without.
func (f *figures) with(counted, all survey.Index) (text, say string) {
	without, with := overallOf(counted), overallOf(all)
	if !with.shown() {
		return f.p.T("quality.panel.with.few"), f.p.T("quality.panel.with.few.say", f.least)
	}
	text = f.p.T("quality.panel.with", f.p.Percent(with.Value, 2))
	if !without.shown() {
		return text, f.p.T("quality.panel.with.n", all.N)
	}
	return text, f.p.T("quality.panel.with.diff", f.p.Signed(with.Value-without.Value, 2), f.p.Percent(without.Value, 2), all.N)
}

func (f *figures) qualityBars(standing survey.Standing, total int64) []qualityBar {
	bar := func(name string, state survey.State, n int64, tone string) qualityBar {
		return qualityBar{
			Name: name, N: f.p.Int(n), Value: n, State: string(state),
			Bar: barChart{Class: tone, Width: percent(100 * float64(n) / float64(total))},
		}
	}
	bars := []qualityBar{
		bar(f.p.T("quality.panel.received"), "", total, "b-same"),
		bar(f.p.T("quality.state.counted"), survey.Counted, standing.N[survey.Counted], "b-data"),
	}
	for _, st := range []survey.State{survey.Quarantined, survey.Rejected, survey.Partial} {
		bars = append(bars, bar(f.p.T("quality.state."+string(st)), st, standing.N[st], "b-down"))
	}
	return bars
}

// qualityReasons names the rules that point at most responses.
func (f *figures) qualityReasons(u survey.UnitCode, standing survey.Standing) []qualityReason {
	var rows []qualityReason
	for _, r := range survey.Reasons {
		row := qualityReason{Name: f.p.T("reason." + string(r)), Href: f.suspects(u, r)}
		var parts []string
		for _, part := range []struct {
			state survey.State
			key   string
		}{{survey.Counted, "flagged"}, {survey.Quarantined, "held"}, {survey.Rejected, "out"}, {survey.Partial, "half"}} {
			if n := standing.Reasons[part.state][r]; n > 0 {
				row.n += n
				parts = append(parts, f.p.N("quality.panel."+part.key, n))
			}
		}
		if row.Say = strings.Join(parts, ", "); row.n > 0 {
			rows = append(rows, row)
		}
	}
	slices.SortStableFunc(rows, func(a, b qualityReason) int { return cmp.Compare(b.n, a.n) })
	return rows[:min(len(rows), mostReasons)]
}

// suspects is the address of the list of suspects of a unit.
func (f *figures) suspects(u survey.UnitCode, r survey.Reason) string {
	q := url.Values{"wave": {string(f.c.Wave.ID)}, "unit": {string(u)}}
	if r != "" {
		q.Set("reason", string(r))
	}
	return "/app/quality?" + q.Encode()
}
