package web

import (
	"math"

	"sipas/internal/estimate"
	"sipas/internal/survey"
)

// quadrant is importance across, performance up.
func (f *figures) quadrant(d estimate.Drivers, n int64) chartFigure {
	x := f.index(f.c.Unit.Code)
	overall, even := overallOf(x), 100/float64(len(d.Percent))
	g := chartFigure{
		Printer: f.p, ID: "quadrant", Class: "c12", Kind: chartQuadrant, Digits: 1,
		Sub:     f.p.T("drivers.sub", f.p.Decimal(100*d.R2, 0)),
		Head:    chartHead{Label: f.p.T("staff.col.factor"), X: f.p.T("drivers.col.importance"), Value: f.p.T("drivers.col.performance"), N: "n"},
		Corners: [4]string{f.p.T("drivers.corner.keep"), f.p.T("drivers.corner.strength"), f.p.T("drivers.corner.later"), f.p.T("drivers.corner.first")},
		X:       chartAxis{Name: f.p.T("drivers.col.importance"), Unit: " %"}, Y: chartAxis{Name: f.p.T("drivers.col.performance"), Unit: " %"},
		Refs: []chartRef{{Name: f.p.T("drivers.ref.even"), Value: even, OnX: true}, {Name: f.p.T("drivers.ref.overall"), Value: overall.Value}},
		N:    f.p.T("drivers.n", n),
	}
	if f.sample() {
		g.Head.Low, g.Head.High = f.p.T("trend.col.low"), f.p.T("trend.col.high")
		if d.Lack == "" {
			g.Head.XLow, g.Head.XHigh = g.Head.Low, g.Head.High
		}
	}
	g.Notes = append(g.Notes, f.importanceNote(d))
	g.X.From, g.X.To = 0, importanceEnd(d, even)
	if d.Condition > 1000 {
		g.Notes = append(g.Notes, f.p.T("drivers.note.same_thing"))
	}
	first := ""
	most := 0.0
	at := 0
	for _, domain := range f.now.Instrument.Domains {
		for _, factor := range domain.Factors {
			m := factorOf(at)(x)
			r := chartRow{Label: factor.ShortTitle(f.p.Lang), X: d.Percent[at], N: f.p.Int(m.N), Tone: toneSame}
			switch {
			case !m.shown():
				r.Text = f.cell(m, 1).Why
			case f.sample():
				r.Y = &m.Value
				r.interval(m)
				r.Tone = [...]chartTone{toneDown, toneSame, toneUp}[side(m, overall)+1]
				if d.Lack != "" {
					break
				}
				in := &d.Intervals.Percent[at]
				r.XLow, r.XHigh = &in.Low, &in.High
				if in.Low > even && r.Tone == toneDown {
					r.Key = true
					if d.Percent[at] > most {
						first, most = r.Label, d.Percent[at]
					}
				}
			default:
				r.Y, r.Tone = &m.Value, toneData
			}
			g.Rows = append(g.Rows, r)
			at++
		}
	}
	g.Title = f.quadrantTitle(first, d.Lack == "")
	return g
}

// importanceNote says how sure importance is, or why nobody can tell.
func (f *figures) importanceNote(d estimate.Drivers) string {
	switch {
	case !f.sample():
		return f.p.T("staff.spec.self_selected")
	case d.Lack != "":
		return f.noInterval(&survey.Precision{Lack: d.Lack, At: d.At})
	case d.Clusters > 0:
		return f.p.T("drivers.note.clusters", driverDraws, d.Clusters)
	}
	return f.p.T("drivers.note.interval", driverDraws)
}

// importanceEnd is where the axis of importance ends that begins at 0: beyond
// every interval, and twice what each factor would have if all had the same. A
// closer look would make noise look like distance.
func importanceEnd(d estimate.Drivers, even float64) float64 {
	end := 2 * even
	for _, in := range d.Intervals.Percent {
		end = max(end, in.High)
	}
	return min(100, 5*math.Ceil(end/5))
}

// interval sets the ends of a row's interval.
func (r *chartRow) interval(m measure) {
	if w, ok := m.interval(); ok {
		r.Low, r.High = &w.Low, &w.High
	}
}

// quadrantTitle names a factor only where a sample shows that it goes with the
// overall satisfaction more than the others, and is lower.
func (f *figures) quadrantTitle(first string, sure bool) string {
	switch {
	case f.sample() && !sure:
		return f.p.T("drivers.found.unsure")
	case !f.sample():
		return f.p.T("drivers.found.plain")
	case first == "":
		return f.p.T("drivers.found.none")
	}
	return f.p.T("drivers.found.first", first)
}
