package web

import (
	"math"

	"sipas/internal/estimate"
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
	estimate.Known
}

func benchOf(w *survey.Wave, r publicReport) bench {
	if !w.Random() || r.N == nil || !r.Overall.Percent.Known {
		return bench{}
	}
	return bench{true, publishedOf(w, r)}
}

// publishedOf is the overall figure of a report and how sure it was when it was
// published. Reports of before that was frozen with them are of people drawn one
// by one.
func publishedOf(w *survey.Wave, r publicReport) estimate.Known {
	k := estimate.Known{Percent: r.Overall.Percent.Value, Precision: &survey.Precision{Lack: r.Overall.Lack}}
	switch {
	case r.Overall.Low != nil && r.Overall.High != nil:
		k.Low, k.High, k.DF = *r.Overall.Low, *r.Overall.High, math.Inf(1)
		if r.Overall.DF != nil {
			k.DF = *r.Overall.DF
		}
	case r.Overall.Lack != "": // as it was published
	case w.ByUnit():
		k.Lack = survey.NotByUnit
	default:
		p := estimate.OneByOne(stats.Share{Percent: k.Percent, N: *r.N})
		k.Precision = &p
	}
	return k
}

// bar draws the overall figure of a report, and says how it compares.
func (b bench) bar(p locale.Printer, own estimate.Known) (bar publicBar, words string) {
	bar = publicBar{Class: "data", Width: percent(own.Percent)}
	if !b.known {
		return bar, ""
	}
	bar.Ref = percent(b.Percent)
	d := estimate.Between(b.Known, own)
	if !d.Tested() {
		return bar, ""
	}
	interval := own.Interval()
	bar.In = segment{percent(interval.Low), bar.Width}
	bar.Out = segment{bar.Width, percent(interval.High)}
	switch {
	case !d.Real():
		bar.Class = "same"
		bar.In, bar.Out = segment{}, segment{percent(interval.Low), percent(interval.High)}
	case d.Test.Difference > 0:
		bar.Class = "up"
	default:
		bar.Class = "down"
	}
	return bar, p.T("public.results.compare." + bar.Class)
}
