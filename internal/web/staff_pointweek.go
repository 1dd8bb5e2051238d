package web

import (
	"context"
	"slices"
	"time"

	"sipas/internal/survey"
)

// weekDays is over how many days the list of points counts, today included.
const weekDays = 7

// pointWeek is what a point has received in the last days.
type pointWeek struct {
	N      int64
	Shared int  // points counted together, if there are several of the same unit, wave and channel
	Silent bool // open, and nothing came
}

// pointWeeks counts what came to the points of waves that are open, whatever
// the rules said of it. Tallies know units and channels and no points: several
// points of one unit, wave and channel have one count between them, and only a
// count of nothing says something of each. asOf is how far the counts go.
func (s *server) pointWeeks(ctx context.Context, v viewer, list []survey.Point) (weeks map[survey.PointCode]pointWeek, asOf survey.Reading, err error) {
	waves := map[survey.WaveID]map[survey.Arrivals][]survey.Point{}
	for _, pt := range list {
		if w := v.cat.Waves[pt.Wave]; w == nil || w.State != survey.Open {
			continue
		}
		if waves[pt.Wave] == nil {
			waves[pt.Wave] = map[survey.Arrivals][]survey.Point{}
		}
		at := survey.Arrivals{Unit: pt.Unit, Channel: pt.Channel}
		waves[pt.Wave][at] = append(waves[pt.Wave][at], pt)
	}
	weeks = map[survey.PointCode]pointWeek{}
	open := s.openings(v)
	for wave, places := range waves {
		counts, reading, err := s.ownCounts(ctx, v, wave, places)
		if err != nil {
			return nil, asOf, err
		}
		if reading.Watermark.Seq >= asOf.Watermark.Seq {
			asOf = reading
		}
		for at, points := range places {
			for _, pt := range points {
				weeks[pt.Code] = pointWeek{counts[at], len(points), counts[at] == 0 && reading.Behind == 0 && open(pt)}
			}
		}
	}
	return weeks, asOf, nil
}

// ownCounts is how many responses came to each unit itself by a channel: to it
// and all below it, less those of the units below it.
func (s *server) ownCounts(ctx context.Context, v viewer, wave survey.WaveID, places map[survey.Arrivals][]survey.Point) (map[survey.Arrivals]int64, survey.Reading, error) {
	q := survey.Query{Wave: wave, Period: survey.Period{From: v.today - weekDays + 1, To: v.today}, Arrived: true, Bare: true}
	for at := range places {
		q.Units = append(append(q.Units, at.Unit), v.cat.Tree.Children(at.Unit)...)
	}
	slices.Sort(q.Units)
	q.Units = slices.Compact(q.Units)
	reading, err := s.Reader.Read(ctx, q)
	if err != nil {
		return nil, reading, err
	}
	counts := map[survey.Arrivals]int64{}
	for at := range places {
		counts[at] = reading.Arrived[at]
		for _, below := range v.cat.Tree.Children(at.Unit) {
			counts[at] -= reading.Arrived[survey.Arrivals{Unit: below, Channel: at.Channel}]
		}
	}
	return counts, reading, nil
}

// openings returns what reports whether people could have answered at a point
// for all of the last days: the wave was open, and there were opening hours in
// them. Thousands of points share a few opening hours.
func (s *server) openings(v viewer) func(survey.Point) bool {
	now := s.Now()
	from := now.AddDate(0, 0, -weekDays)
	type place struct{ hours, zone string }
	known := map[place]bool{}
	return func(pt survey.Point) bool {
		if v.cat.Waves[pt.Wave].OpenedAt.After(from) {
			return false
		}
		at := place{v.cat.SettingAt(pt, survey.HoursSetting).Value, v.cat.SettingAt(pt, survey.ZoneSetting).Value}
		open, ok := known[at]
		for t := now; !ok && !open && t.After(from); t = t.Add(-30 * time.Minute) {
			open = v.cat.OpenAt(pt, t, s.Zone)
		}
		known[at] = open
		return open
	}
}

// weekOf says what a point has received, for a row.
func (p pointsPage) weekOf(r *pointRow, week pointWeek) {
	r.Week, r.Silent = p.Int(week.N), week.Silent
	if week.Shared > 1 && week.N > 0 {
		r.WeekOf = p.N("point.shared", int64(week.Shared))
	}
	if week.Silent {
		r.State, r.Class = p.T("point.silent", weekDays), "wait"
	}
}

// silentFirst brings points that are open and silent to the front and counts
// them.
func silentFirst(list []survey.Point, weeks map[survey.PointCode]pointWeek) (n int64) {
	for _, pt := range list {
		n += bitOf(weeks[pt.Code].Silent)
	}
	slices.SortStableFunc(list, func(a, b survey.Point) int { return boolOrder(weeks[a.Code].Silent, weeks[b.Code].Silent) })
	return n
}
