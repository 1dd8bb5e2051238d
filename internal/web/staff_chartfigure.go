package web

import (
	"math"
	"strconv"

	"sipas/internal/locale"
)

// chartKind says how a figure is drawn from its table.
type chartKind string

// The kinds that static/js/chart.js draws.
const (
	chartTrend    chartKind = "trend"    // lines over time, broken where the method changed
	chartQuadrant chartKind = "quadrant" // importance across, performance up
	chartSlope    chartKind = "slope"    // ranks, the first on top, from one step to the next
)

// chartFigure is a chart and the table it is drawn from. The table is all that
// there is without JavaScript, and it holds every number and every word that
// the chart shows.
//
//	{{template "chartfigure" .Trend}} … {{template "chartscript" .}}
//
// The handler calls allowCharts, so that the browser takes Plot's style.
type chartFigure struct {
	locale.Printer
	ID       string // in the page, and the name of saved files: "trend"
	Class    string // columns it takes: "c7"
	Kind     chartKind
	Title    string // the finding
	Sub      string // measure, axis, meaning of colours
	Head     chartHead
	Rows     []chartRow // of one series in the order of X
	Segments []chartSegment
	Events   []chartEvent
	Refs     []chartRef
	Corners  [4]string // of a quadrant: top left, top right, bottom left, bottom right
	X, Y     chartAxis
	Digits   int      // decimals of Y, Low and High where no text is given
	Notes    []string // sentences below the chart: sources, what is missing and why
	N        string   // "n = 4.012"
	Foot     string   // as of when
	Links    []chartLink
	Picks    []chartPick // other ways to look at the same
	PickName string      // what Picks choose, for those who do not see them
}

// chartHead names the columns. A column without a name is not there.
type chartHead struct {
	Label  string // "Kỳ"; always there
	Series string // when there are several lines
	Method string // when there are several segments
	X      string // when X is a figure of its own, as in a quadrant
	XLow   string // when X has intervals
	XHigh  string
	Value  string // always there
	Low    string
	High   string
	N      string
}

// chartRow is one point.
type chartRow struct {
	Series    string   // the name of its line
	Label     string   // the period, item or unit
	Tick      string   // its X on the axis, short: "2024"
	Short     string   // a Label that fits into a chart; empty: Label
	X         float64  // a year (2024.5), an importance, a step
	XLow      *float64 // nil: no interval
	XHigh     *float64
	Y         *float64 // nil: not known or not shown, and Text says why
	Low, High *float64 // nil: no interval
	Text      string   // Y in the table and on the chart; empty: with Digits
	N         string
	Segment   int       // rows of one segment were measured in one way
	Hollow    bool      // from another source
	Pooled    bool      // responses of others, put together
	Gap       bool      // of ranks: no line leads to it
	Tone      chartTone // colour
	Key       bool      // its label is shown before others
	people    int64     // N as a number
}

// chartTone is what colour says. Empty is the unit that the page is about.
type chartTone string

const (
	toneData chartTone = ""
	toneRef  chartTone = "ref"  // what it is compared with
	toneSame chartTone = "same" // does not differ: grey
	toneUp   chartTone = "up"   // better, beyond the noise
	toneDown chartTone = "down" // worse, beyond the noise
)

// chartSegment is a stretch in which the method did not change.
type chartSegment struct {
	Name  string // "cách đo 2023 đến nay"
	Short string // on a narrow screen: "2023"
}

// chartEvent is something that happened and may explain a change.
type chartEvent struct {
	X    float64
	Text string // "01/07/2025: sắp xếp lại xã, phường"
	Mark string // at the line in the chart: "sắp xếp xã"
}

// chartRef is a line to compare with: a target, a mean.
type chartRef struct {
	Name  string
	Value float64
	Text  string // Value in the table; empty: with Digits
	OnX   bool   // it is a value of X
}

// chartAxis is what an axis shows. Zero: what the rows need.
type chartAxis struct {
	Name     string
	From, To float64
	Unit     string // behind the highest number
}

type chartLink struct{ Text, Href string }

// chartPick is one way to look at a figure.
type chartPick struct {
	chartLink
	Chosen bool
}

// Method names the segment of a row.
func (f chartFigure) Method(r chartRow) string {
	if r.Segment < len(f.Segments) {
		return f.Segments[r.Segment].Name
	}
	return ""
}

// ShortMethod names the segment of a row on a narrow screen.
func (f chartFigure) ShortMethod(r chartRow) string {
	if r.Segment < len(f.Segments) {
		return f.Segments[r.Segment].Short
	}
	return ""
}

// Columns is how many columns the table has.
func (f chartFigure) Columns() int {
	n := 0
	for _, head := range []string{f.Head.Label, f.Head.Series, f.Head.Method, f.Head.X, f.Head.XLow, f.Head.XHigh, f.Head.Value, f.Head.Low, f.Head.High, f.Head.N} {
		if head != "" {
			n++
		}
	}
	return n
}

// Number writes v as the table shows it.
func (f chartFigure) Number(v float64) string { return f.Decimal(v, f.Digits) }

// Exact writes v in full, for scripts.
func (chartFigure) Exact(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// Set reports whether the axis has limits of its own.
func (a chartAxis) Set() bool { return a.From < a.To }

// Offset says where an axis starts when that is not zero.
func (f chartFigure) Offset() string {
	if !f.Y.Set() || f.Y.From == 0 || f.Kind != chartTrend {
		return ""
	}
	return f.T("chart.axis_from", f.Decimal(f.Y.From, 0)+f.Y.Unit)
}

// percentAxis fits the Y of a trend around everything it shows, in steps of
// five points, within 0 and 100.
func (f *chartFigure) percentAxis() {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, r := range f.Rows {
		for _, v := range []*float64{r.Y, r.Low, r.High} {
			if v != nil {
				lo, hi = min(lo, *v), max(hi, *v)
			}
		}
	}
	for _, r := range f.Refs {
		lo, hi = min(lo, r.Value), max(hi, r.Value)
	}
	if lo > hi {
		return
	}
	const step = 5
	f.Y.From = max(0, math.Floor((lo-1)/step)*step)
	f.Y.To = min(100, math.Ceil((hi+1)/step)*step)
	if f.Y.To-f.Y.From < 3*step { // what is flat shall look flat
		f.Y.From = max(0, f.Y.To-3*step)
		f.Y.To = min(100, f.Y.From+3*step)
	}
}
