package web

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"sipas/internal/estimate"
	"sipas/internal/survey"
)

// trendReach is how far back a trend goes at most: as many points as a reader
// can still tell apart.
var trendReach = map[survey.Step]survey.Day{survey.ByDay: 60, survey.ByWeek: 52 * 7, survey.ByMonth: 3 * 365}

// usualStep is how a trend is shown when nothing is asked for: a sample as a
// whole, and what never ends by the month.
func usualStep(w *survey.Wave) survey.Step {
	if w.Design == survey.Probability {
		return survey.ByWave
	}
	return survey.ByMonth
}

// trendOf reads how the chosen unit's index went.
func (s *server) trendOf(ctx context.Context, f *figures, path string) (chartFigure, error) {
	q := survey.TrendQuery{Unit: f.c.Unit.Code, Wave: f.c.Wave.ID, Channel: f.c.Channel, Step: f.c.Step}
	if days := trendReach[q.Step]; days > 0 {
		q.Period = survey.Period{From: f.c.Span.To - days, To: f.c.Span.To}
	}
	read, err := s.Reader.Trend(ctx, q)
	if err != nil {
		return chartFigure{}, fmt.Errorf("web.trendOf: %w", err)
	}
	if err := s.veilTrend(ctx, q.Unit, q.Channel, &read); err != nil {
		return chartFigure{}, fmt.Errorf("web.trendOf: %w", err)
	}
	g := f.trendFigure(read)
	g.PickName = f.p.T("trend.steps")
	for _, step := range survey.Steps {
		g.Picks = append(g.Picks, chartPick{chartLink{f.p.T("trend.step." + string(step)), path + f.c.query("step", string(step)) + "#trend"}, step == q.Step})
	}
	return g, nil
}

// trendFigure is the chart and table of a trend.
func (f *figures) trendFigure(t survey.Trend) chartFigure {
	g := chartFigure{
		Printer: f.p, ID: "trend", Class: "c6", Kind: chartTrend, Digits: 2, Y: chartAxis{Unit: " %"},
		Sub:  f.p.T("trend.sub." + string(f.c.Step)),
		Head: chartHead{Label: f.p.T("trend.col." + string(f.c.Step)), Value: "%", N: "n"},
	}
	if f.sample() {
		g.Head.Low, g.Head.High = f.p.T("trend.col.low"), f.p.T("trend.col.high")
	} else {
		g.Notes = append(g.Notes, f.p.T("trend.no_sample"))
	}
	var n int64
	for i, p := range t.Points {
		if i == 0 || p.Break {
			in := f.v.cat.Instruments[p.Wave.Instrument]
			short, _ := in.ID.Version()
			g.Segments = append(g.Segments, chartSegment{Name: in.Title.In(f.p.Lang), Short: short})
		}
		m := overallOf(p.Index)
		n += m.N
		g.Rows = append(g.Rows, f.trendRow(p, m, len(g.Segments)-1))
	}
	if f.sample() && slices.ContainsFunc(g.Rows, func(r chartRow) bool { return r.Y != nil && r.Low == nil }) {
		g.Notes = append(g.Notes, f.p.T("sampling.some"))
	}
	if len(g.Segments) > 1 {
		g.Head.Method = f.p.T("trend.col.method")
	}
	g.Events = f.events(t)
	if goal := f.targetOf(f.c.Unit.Code); goal > 0 {
		g.Refs = append(g.Refs, chartRef{Name: f.p.T("target.name"), Value: goal, Text: f.p.Decimal(goal, 0)})
	}
	g.N = f.p.T("trend.n", n)
	g.Title = f.trendTitle(t)
	g.percentAxis()
	return g
}

// trendRow is one point. Points with too few answers keep their row, so that
// nobody takes a gap for silence.
func (f *figures) trendRow(p survey.TrendPoint, m measure, segment int) chartRow {
	c := f.cell(m, 2)
	r := chartRow{Label: f.stepName(p), Tick: f.stepTick(p), X: yearOf(p.Period), N: c.N, people: m.N, Segment: segment, Text: c.Why}
	if r.Text != "" {
		return r
	}
	r.Y = &m.Value
	if w, ok := m.interval(); ok {
		r.Low, r.High = &w.Low, &w.High
	}
	return r
}

// yearOf is the middle of some days as a year with a fraction.
func yearOf(p survey.Period) float64 {
	first := survey.ByYear.Around(p.From)
	return float64(p.From.Date().Year()) + (float64(p.From-first.From)+float64(p.To-p.From)/2)/float64(first.To-first.From+1)
}

// stepName names the days of a point.
func (f *figures) stepName(p survey.TrendPoint) string {
	switch f.c.Step {
	case survey.ByWave:
		return p.Wave.Name
	case survey.ByDay:
		return f.p.Date(p.From.Date())
	case survey.ByYear:
		return p.From.Date().Format("2006")
	}
	return upperFirst(daysName(f.p, p.Period))
}

// stepTick is the same, short enough for an axis.
func (f *figures) stepTick(p survey.TrendPoint) string {
	day := p.From.Date()
	switch f.c.Step {
	case survey.ByDay, survey.ByWeek:
		return day.Format("02/01")
	case survey.ByMonth:
		return shortMonth(p.From.Month())
	case survey.ByQuarter:
		return strings.Replace(quarterKey(p.From.Month()), "-", "/", 1)
	}
	return p.To.Date().Format("2006")
}

// trendTitle says what the last two points that can be compared say, and no
// more than they say.
func (f *figures) trendTitle(t survey.Trend) string {
	var shown []survey.TrendPoint
	broke := false
	for _, p := range t.Points {
		if p.Break {
			broke, shown = true, nil // what was before cannot be compared
		}
		if overallOf(p.Index).shown() {
			shown = append(shown, p)
		}
	}
	if len(shown) < 2 {
		key := "trend.title.one"
		if len(shown) == 0 {
			key = "trend.title.none"
		} else if broke {
			key = "trend.title.broken"
		}
		return f.p.T(key)
	}
	last, before := shown[len(shown)-1], shown[len(shown)-2]
	now, was := overallOf(last.Index), overallOf(before.Index)
	from, to := f.stepName(before), f.stepName(last)
	if f.c.Step != survey.ByWave { // a wave's name is its own
		from, to = lowerFirst(from), lowerFirst(to)
	}
	d := estimate.Between(was.known(), now.known())
	switch {
	case !d.Tested():
		lo, hi := lowHigh(shown)
		return f.p.T("trend.title.plain", len(shown), f.p.Decimal(lo, 1), f.p.Percent(hi, 1))
	case !d.Real():
		return f.p.T("trend.title.unclear", to, from, f.p.Signed(d.Test.Difference, 2))
	case d.Test.Difference > 0:
		return f.p.T("trend.title.up", to, from, f.p.Decimal(d.Test.Difference, 2))
	default:
		return f.p.T("trend.title.down", to, from, f.p.Decimal(-d.Test.Difference, 2))
	}
}

// lowHigh are the lowest and the highest of points that are shown.
func lowHigh(points []survey.TrendPoint) (lo, hi float64) {
	lo, hi = 100, 0
	for _, p := range points {
		v := p.Index.Overall.Percent.Value
		lo, hi = min(lo, v), max(hi, v)
	}
	return lo, hi
}

// reorganisations are the days within a trend on which units at or below the
// chosen one began in the place of others.
func (f *figures) reorganisations(t survey.Trend) []chartEvent {
	if len(t.Points) == 0 {
		return nil
	}
	from, to := t.Points[0].From, t.Points[len(t.Points)-1].To
	type change struct{ old, new map[survey.UnitCode]bool }
	changes := map[survey.Day]change{}
	for _, s := range f.v.cat.Successions {
		if s.On <= from || s.On > to || !f.v.cat.Tree.Within(s.To, f.c.Unit.Code) {
			continue
		}
		c, ok := changes[s.On]
		if !ok {
			c = change{map[survey.UnitCode]bool{}, map[survey.UnitCode]bool{}}
			changes[s.On] = c
		}
		c.old[s.From], c.new[s.To] = true, true
	}
	var events []chartEvent
	for day, c := range changes {
		events = append(events, chartEvent{
			X: yearOf(survey.Period{From: day, To: day}), Mark: f.p.T("trend.event.mark"),
			Text: f.p.T("trend.event", day.Date(), len(c.old), len(c.new)),
		})
	}
	slices.SortFunc(events, func(a, b chartEvent) int { return cmp.Compare(a.X, b.X) })
	return events
}
