package quality

import (
	"slices"
	"time"

	"sipas/internal/survey"
)

// Thresholds of what a point sees. They are ours: no source has any. A kiosk
// serves one person at a time, and at a busy counter somebody leaves every
// minute or so.
const (
	burstSpan = 5 * time.Minute
	burstMost = 20 // in burstSpan; one in fifteen seconds

	repeatGap   = 10 * time.Minute // between one and the next
	repeatFrom  = 3                // in a row
	repeatItems = 5                // scale items at least: with fewer, equal answers are common

	monthEnd = 3  // the last days of a month, when figures are due
	bestFrom = 15 // in a row
)

// burst looks for more than twenty responses at one point in any five minutes
// around this one, by when they were made and not by when they came: a queue
// that was offline brings many at once.
func burst(l *look) bool {
	if len(l.near) < burstMost {
		return false
	}
	times := make([]int64, 1, mostNeighbours+1) // after this one
	for i := range l.near {
		if d := l.near[i].submitted.Sub(l.SubmittedAt); d.Abs() < burstSpan {
			times = append(times, int64(d))
		}
	}
	slices.Sort(times)
	for i := burstMost; i < len(times); i++ {
		first, last := times[i-burstMost], times[i]
		if first <= 0 && last >= 0 && last-first < int64(burstSpan) {
			return true
		}
	}
	return false
}

// repeated looks for the same answers, those about the respondent included,
// three times in a row from one device, or at one point where it has none, each
// within ten minutes of the one before.
func repeated(l *look) bool {
	if l.seen < repeatItems {
		return false
	}
	this := l.this
	if !slices.ContainsFunc(l.near, func(n neighbour) bool { return n.sheet == this.sheet }) {
		return false // as nearly always
	}
	from := l.neighbours(func(n neighbour) bool { return !n.partial && n.device == this.device })
	return run(from, this, repeatGap, func(n neighbour) bool { return n.sheet == this.sheet }) >= repeatFrom
}

// allBestMonthEnd looks for a run of fifteen responses at one point that have
// the best answer to everything, all in the last three days of a month.
func allBestMonthEnd(l *look) bool {
	this := l.this
	if !this.allBest {
		return false
	}
	day := survey.DayOf(l.SubmittedAt.In(l.zone))
	last := day.Month().Last()
	if last-day >= monthEnd {
		return false
	}
	from := l.neighbours(func(n neighbour) bool {
		d := survey.DayOf(n.submitted.In(l.zone))
		return !n.partial && d <= last && last-d < monthEnd
	})
	return run(from, this, monthEnd*24*time.Hour, func(n neighbour) bool { return n.allBest }) >= bestFrom
}

// neighbours returns those that pass, by when they were made.
func (l *look) neighbours(pass func(neighbour) bool) []neighbour {
	var list []neighbour
	for _, n := range l.near {
		if pass(n) {
			list = append(list, n)
		}
	}
	slices.SortStableFunc(list, func(a, b neighbour) int { return a.submitted.Compare(b.submitted) })
	return list
}

// run is how many in a row, this one among them, are alike and no further apart
// than gap; from is sorted by time.
func run(from []neighbour, this neighbour, gap time.Duration, alike func(neighbour) bool) int {
	i, _ := slices.BinarySearchFunc(from, this, func(a, b neighbour) int {
		if c := a.submitted.Compare(b.submitted); c != 0 {
			return c
		}
		return int(a.seq - b.seq)
	})
	length, at := 1, this.submitted
	for k := i - 1; k >= 0 && alike(from[k]) && at.Sub(from[k].submitted) <= gap; k-- {
		length, at = length+1, from[k].submitted
	}
	at = this.submitted
	for k := i; k < len(from) && alike(from[k]) && from[k].submitted.Sub(at) <= gap; k++ {
		length, at = length+1, from[k].submitted
	}
	return length
}
