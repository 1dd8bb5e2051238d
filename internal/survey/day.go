package survey

import (
	"fmt"
	"math"
	"time"
)

// Day is a calendar day in the deployment's time zone, as days since
// 1970-01-01. Days compare and subtract as integers on both databases.
type Day int32

// Always is the day after all days: the end of what has no end.
const Always Day = math.MaxInt32

// Month is a calendar month as year×100 + month: 202603 is March 2026.
type Month int32

const secondsPerDay = 24 * 60 * 60

// DayOf returns the calendar day of t in t's own location.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// ParseDay reads "2026-03-02".
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("survey.ParseDay: %q is not a date like 2026-03-02", s)
	}
	return DayOf(t), nil
}

// Date returns midnight UTC of d, for its year, month and day.
func (d Day) Date() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// String writes d as "2026-03-02", and Always as "".
func (d Day) String() string {
	if d == Always {
		return ""
	}
	return d.Date().Format(time.DateOnly)
}

// Month returns the month that d is in.
func (d Day) Month() Month {
	t := d.Date()
	return Month(t.Year()*100 + int(t.Month()))
}

// First and Last return the first and the last day of m.
func (m Month) First() Day {
	return DayOf(time.Date(int(m/100), time.Month(m%100), 1, 0, 0, 0, 0, time.UTC))
}

// Last returns the last day of m.
func (m Month) Last() Day { return m.Add(1).First() - 1 }

// Add returns the month n months after m.
func (m Month) Add(n int) Month {
	i := int(m/100)*12 + int(m%100) - 1 + n
	return Month(i/12*100 + i%12 + 1)
}

// String writes m as "2026-03".
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m/100, m%100) }

// A Period is a range of days, both ends included. The zero Period is all of
// a wave, whatever its days.
type Period struct{ From, To Day }

// Whole reports whether p is all of a wave.
func (p Period) Whole() bool { return p == Period{} }

// Contains reports whether d is in p.
func (p Period) Contains(d Day) bool { return p.Whole() || p.From <= d && d <= p.To }

// Before returns the period of equal length that ends the day before p begins;
// whole months have the same number of whole months before them.
func (p Period) Before() Period {
	if p.Whole() {
		return p
	}
	a, b := p.From.Month(), p.To.Month()
	if p.From == a.First() && p.To == b.Last() {
		months := int(b/100-a/100)*12 + int(b%100-a%100) + 1
		return Period{a.Add(-months).First(), p.From - 1}
	}
	return Period{p.From - (p.To - p.From + 1), p.From - 1}
}

// Grain is the length of time that one stored tally covers.
type Grain uint8

// The grains of stored tallies.
const (
	GrainWave  Grain = iota // the whole wave; its At is 0
	GrainMonth              // one month; its At is a Month
	GrainDay                // one day; its At is a Day
)

// first is the first day of the tally at a moment of this grain; 0 of a whole
// wave.
func (g Grain) first(at int32) Day {
	if g == GrainMonth {
		return Month(at).First()
	}
	return Day(at)
}

// A Span is a run of stored tallies of one grain, both ends included.
type Span struct {
	Grain  Grain
	Lo, Hi int32
	Less   bool // taken away from the others
}

// Spans covers p by few stored tallies: whole months, and at the edges either
// the days that p has of a month or the month less the days that it has not.
func (p Period) Spans() []Span {
	if p.Whole() {
		return []Span{{Grain: GrainWave}}
	}
	first, last := p.From.Month(), p.To.Month()
	before, after := p.From-first.First(), last.Last()-p.To
	if first == last {
		if before+after+1 >= p.To-p.From+1 {
			return []Span{{Grain: GrainDay, Lo: int32(p.From), Hi: int32(p.To)}}
		}
		return monthsLess(first, last, before, after)
	}
	var spans []Span
	if has := first.Last() - p.From + 1; before+1 >= has {
		spans = append(spans, Span{Grain: GrainDay, Lo: int32(p.From), Hi: int32(first.Last())})
		first, before = first.Add(1), 0
	}
	if has := p.To - last.First() + 1; after+1 >= has {
		spans = append(spans, Span{Grain: GrainDay, Lo: int32(last.First()), Hi: int32(p.To)})
		last, after = last.Add(-1), 0
	}
	if first > last {
		return spans
	}
	return append(spans, monthsLess(first, last, before, after)...)
}

// monthsLess is some months without so many days before and after.
func monthsLess(first, last Month, before, after Day) []Span {
	spans := []Span{{Grain: GrainMonth, Lo: int32(first), Hi: int32(last)}}
	if d := first.First(); before > 0 {
		spans = append(spans, Span{GrainDay, int32(d), int32(d + before - 1), true})
	}
	if d := last.Last(); after > 0 {
		spans = append(spans, Span{GrainDay, int32(d - after + 1), int32(d), true})
	}
	return spans
}
