package web

import (
	"sipas/internal/locale"
	"sipas/internal/stats"
	"sipas/internal/survey"
)

// A publicBar is a percentage drawn from zero. Where the respondents are a
// random sample it also has the unit's interval and the figure to compare
// with, and is coloured only when the two differ by more than chance.
type publicBar struct {
	Class string // of the colour
	Width string
	Ref   string // where the reference stands; empty: none
	In    segment
	Out   segment
}

// segment is a piece of the interval: white inside the bar, ink outside it.
type segment struct{ From, To string }

// bench is what figures are compared with: nothing, unless the respondents are
// a random sample.
type bench struct {
	known bool
	share stats.Share
}

func benchOf(w *survey.Wave, r publicReport) bench {
	if w.Design != survey.Probability || r.N == nil || !r.Overall.Percent.Known {
		return bench{}
	}
	return bench{true, stats.Share{Percent: r.Overall.Percent.Value, N: *r.N}}
}

// bar draws percent of n people, and says how it compares.
func (b bench) bar(p locale.Printer, percentage float64, n int64) (bar publicBar, words string) {
	bar = publicBar{Class: "data", Width: percent(percentage)}
	if !b.known {
		return bar, ""
	}
	own := stats.Share{Percent: percentage, N: n}
	interval := stats.Wilson(own)
	bar.Ref = percent(b.share.Percent)
	bar.In = segment{percent(interval.Low), bar.Width}
	bar.Out = segment{bar.Width, percent(interval.High)}
	switch {
	case !stats.Differ(own, b.share):
		bar.Class = "same"
		bar.In, bar.Out = segment{}, segment{percent(interval.Low), percent(interval.High)}
	case percentage > b.share.Percent:
		bar.Class = "up"
	default:
		bar.Class = "down"
	}
	return bar, p.T("public.results.compare." + bar.Class)
}
