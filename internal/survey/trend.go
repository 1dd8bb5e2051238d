package survey

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
)

// Step is the length of one point of a trend.
type Step string

// The steps of a trend. Weeks begin on Monday.
const (
	ByWave    Step = "wave"
	ByDay     Step = "day"
	ByWeek    Step = "week"
	ByMonth   Step = "month"
	ByQuarter Step = "quarter"
	ByYear    Step = "year"
)

// Steps lists every step, the shortest first.
var Steps = []Step{ByDay, ByWeek, ByMonth, ByQuarter, ByYear, ByWave}

// grain is that of the stored tallies which add up to a step.
func (s Step) grain() Grain {
	switch s {
	case ByWave:
		return GrainWave
	case ByDay, ByWeek:
		return GrainDay
	}
	return GrainMonth
}

// Around returns the days of the step that d is in; of ByWave it is d alone,
// for only a wave knows its days.
func (s Step) Around(d Day) Period {
	m := d.Month()
	switch s {
	case ByWeek:
		monday := d - (Day(d.Date().Weekday())+6)%7
		return Period{monday, monday + 6}
	case ByMonth:
		return Period{m.First(), m.Last()}
	case ByQuarter:
		first := m.Add(-(int(m%100) - 1) % 3)
		return Period{first.First(), first.Add(2).Last()}
	case ByYear:
		first := m.Add(1 - int(m%100))
		return Period{first.First(), first.Add(11).Last()}
	}
	return Period{d, d}
}

// Series is what a store knows of the counts over time.
type Series struct {
	Tallies map[int32]map[UnitCode]Tally // by At of the grain asked for
	Moment
}

// TrendQuery asks how a unit's index went.
type TrendQuery struct {
	Unit    UnitCode
	Wave    WaveID // whose Line is followed
	Period  Period // widened to whole steps; zero: all the time there is
	Channel Channel
	Step    Step
}

// Trend is a unit's index over time, the earliest first.
type Trend struct {
	Points    []TrendPoint
	Watermark Watermark
	Behind    int64 // responses stored but not in the figures yet; 0 unless late
}

// TrendPoint is the index in one step of one wave. Days without a response
// have no point.
type TrendPoint struct {
	Period // of the step; of ByWave the days the wave planned
	Wave   *Wave
	Index  Index
	Break  bool // the wave before asked in another way: not comparable
}

// Line lists the waves whose indices stand in one line with w's, the earliest
// first: those of the same design, all synthetic or none, whose questionnaires
// go back to the same first one.
func (c *Catalog) Line(w *Wave) []*Wave {
	var line []*Wave
	origin := c.origin(w.Instrument)
	for _, other := range c.Waves {
		if other.State != Draft && other.Design == w.Design && other.Synthetic == w.Synthetic && c.origin(other.Instrument) == origin {
			line = append(line, other)
		}
	}
	slices.SortFunc(line, func(a, b *Wave) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.ID, b.ID))
	})
	return line
}

// origin is the name of the questionnaire that id goes back to.
func (c *Catalog) origin(id InstrumentID) string {
	for range c.Instruments {
		in := c.Instruments[id]
		if in == nil || in.Follows == "" {
			break
		}
		id = in.Follows
	}
	name, _ := id.Version()
	return name
}

// Trend reads how a unit's index went, in a handful of tallies a point. It is
// NotFound for an unknown wave.
func (r *Reader) Trend(ctx context.Context, q TrendQuery) (Trend, error) {
	const op = "survey.Trend"
	catalog := r.Catalog()
	w := catalog.Waves[q.Wave]
	if w == nil {
		return Trend{}, Missing(op, "wave.unknown", string(q.Wave))
	}
	var trend Trend
	for _, w := range catalog.Line(w) {
		if !q.Period.Whole() && (w.To < q.Period.From || q.Period.To < w.From) {
			continue
		}
		if err := r.trend(ctx, catalog, w, q, &trend); err != nil {
			return Trend{}, fmt.Errorf("%s: %w", op, err)
		}
	}
	for i := range trend.Points[min(1, len(trend.Points)):] {
		a, b := trend.Points[i].Wave, &trend.Points[i+1]
		b.Break = a.Instrument != b.Wave.Instrument
	}
	return trend, nil
}

// trend adds the points of one wave.
func (r *Reader) trend(ctx context.Context, catalog *Catalog, w *Wave, q TrendQuery, to *Trend) error {
	in := catalog.Instruments[w.Instrument]
	if in == nil {
		return fmt.Errorf("wave %s has unknown instrument %s", w.ID, w.Instrument)
	}
	units := []UnitCode{q.Unit}
	if in.Spec.Units != PooledResponses {
		units = append(units, catalog.Tree.ChildrenIn(q.Unit, Period{w.From, w.To})...)
	}
	s, err := r.Store.Series(ctx, TallyQuery{Wave: w.ID, Units: units, Period: q.days(), Channel: q.Channel}, q.Step.grain())
	if err != nil {
		return err
	}
	tallies, err := s.bySteps(in, catalog.Tree, q, units)
	if err != nil {
		return err
	}
	for _, day := range slices.Sorted(maps.Keys(tallies)) {
		days, parts := q.Step.Around(day), units[1:]
		if q.Step == ByWave {
			days = Period{w.From, w.To}
		}
		parts = slices.DeleteFunc(slices.Clone(parts), func(u UnitCode) bool { return !catalog.Tree.units[u].standsIn(days) })
		x := in.indexOf(w, q.Unit, parts, tallies[day])
		if err := r.sure(ctx, q, Sampled{Wave: w, Instrument: in, Tree: catalog.Tree, Period: days}, &x); err != nil {
			return err
		}
		to.Points = append(to.Points, TrendPoint{Period: days, Wave: w, Index: x})
	}
	to.Watermark, to.Behind = s.mark()
	return nil
}

// sure says how sure the figure of a point is. Only a whole wave is read unit by
// unit: a month would take every unit's tallies of each of its days.
func (r *Reader) sure(ctx context.Context, q TrendQuery, s Sampled, x *Index) error {
	if q.Step == ByWave && s.Wave.ByUnit() && r.Estimator != nil {
		read, err := r.Read(ctx, Query{Wave: s.Wave.ID, Units: []UnitCode{q.Unit}, Channel: q.Channel, Precise: []UnitCode{q.Unit}})
		*x = read.Indices[q.Unit]
		return err
	}
	reading := Reading{Indices: map[UnitCode]Index{q.Unit: *x}}
	r.estimate(s, []UnitCode{q.Unit}, &reading)
	*x = reading.Indices[q.Unit]
	return nil
}

// days is the period in whole steps.
func (q TrendQuery) days() Period {
	if q.Step == ByWave || q.Period.Whole() {
		return Period{}
	}
	return Period{q.Step.Around(q.Period.From).From, q.Step.Around(q.Period.To).To}
}

// bySteps adds up the tallies of each step, with the tail: by the first day of
// the step, which is 0 for a whole wave.
func (s Series) bySteps(in *Instrument, tree *Tree, q TrendQuery, units []UnitCode) (map[Day]map[UnitCode]Tally, error) {
	sums := map[Day]map[UnitCode]Tally{}
	at := func(d Day) map[UnitCode]Tally {
		first := Day(0)
		if q.Step != ByWave {
			first = q.Step.Around(d).From
		}
		if sums[first] == nil {
			sums[first] = map[UnitCode]Tally{}
		}
		return sums[first]
	}
	for when, tallies := range s.Tallies {
		sum := at(q.Step.grain().first(when))
		for u, t := range tallies {
			of := sum[u]
			of.Add(t)
			sum[u] = of
		}
	}
	days := q.days()
	for i := range s.Tail {
		r := &s.Tail[i]
		if r.State != Counted || !days.Contains(r.Day) || q.Channel != "" && q.Channel != r.Channel {
			continue
		}
		sum := at(r.Day)
		for _, u := range tree.Lineage(r.Unit) {
			if !slices.Contains(units, u) {
				continue
			}
			of := sum[u]
			if err := in.Count(&of, r.Answers, r.Respondent); err != nil {
				return nil, fmt.Errorf("response %d: %w", r.Seq, err)
			}
			sum[u] = of
		}
	}
	return sums, nil
}
