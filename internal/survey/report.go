package survey

import (
	"encoding/json"
	"math"
	"time"
)

// Report is an Index as the outside sees it: the object of /api/v1/index, of
// `sipas index --format json` and of a published snapshot.
type Report struct {
	Wave        WaveID         `json:"wave"`
	Unit        UnitCode       `json:"unit"`
	Instrument  InstrumentID   `json:"instrument"`
	Spec        Spec           `json:"spec"`
	Sampling    Sampling       `json:"sampling,omitempty"` // of a sample
	N           int64          `json:"n"`
	Overall     ReportFigure   `json:"overall"`
	Domains     []ReportFigure `json:"domains"`
	Factors     []ReportFigure `json:"factors"`
	Items       []ReportItem   `json:"items"`
	Watermark   ReportMark     `json:"watermark"`
	PublishedAt *time.Time     `json:"published_at,omitempty"`
}

// ReportFigure is one percentage of a Report. Percent is in full precision and
// null when nobody answered; Low and High only where the design justifies them.
type ReportFigure struct {
	Code      string   `json:"code,omitempty"`
	Percent   Percent  `json:"percent"`
	Satisfied int64    `json:"satisfied"`
	Answered  int64    `json:"answered"`
	Low       *float64 `json:"low,omitempty"`
	High      *float64 `json:"high,omitempty"`
	Deff      *float64 `json:"deff,omitempty"`        // of a sample by units: the design effect, see [Precision]
	DF        *float64 `json:"df,omitempty"`          // the degrees of freedom, likewise
	Lack      Lack     `json:"no_interval,omitempty"` // why a sample has no Low and High
}

// ReportItem is one item of a Report with the count of each answer.
type ReportItem struct {
	ReportFigure
	Skipped int64            `json:"skipped"`
	Counts  map[string]int64 `json:"counts"`
}

// ReportMark is the watermark of a Report; At is null before any response.
type ReportMark struct {
	Seq int64      `json:"seq"`
	At  *time.Time `json:"at"`
}

// MarshalJSON writes null for an unknown percentage.
func (p Percent) MarshalJSON() ([]byte, error) {
	if !p.Known {
		return []byte("null"), nil
	}
	return json.Marshal(p.Value)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (p *Percent) UnmarshalJSON(b []byte) error {
	var v *float64
	if err := json.Unmarshal(b, &v); err != nil || v == nil {
		*p = Percent{}
		return err
	}
	*p = Percent{*v, true}
	return nil
}

// Report returns the report of one unit of the reading.
func (r Reading) Report(unit UnitCode) Report {
	x := r.Indices[unit]
	out := Report{
		Wave: r.Wave.ID, Unit: unit, Instrument: r.Instrument.ID, Spec: x.Spec, N: x.N,
		Overall: x.Overall.report(""), Watermark: ReportMark{Seq: r.Watermark.Seq},
	}
	if r.Wave.Random() {
		out.Sampling = r.Wave.Sampling
	}
	if r.Watermark.Seq > 0 {
		at := r.Watermark.At.UTC()
		out.Watermark.At = &at
	}
	for _, d := range x.Domains {
		out.Domains = append(out.Domains, d.report(d.Code))
	}
	for _, f := range x.Factors {
		out.Factors = append(out.Factors, f.report(f.Domain+"."+f.Code))
	}
	for _, it := range x.Items {
		counts := map[string]int64{}
		for i, o := range r.Instrument.Question(it.Code).Options {
			if !it.Hidden {
				counts[o.Value] = it.Counts[i]
			}
		}
		out.Items = append(out.Items, ReportItem{it.report(string(it.Code)), it.Skipped, counts})
	}
	return out
}

func (f Figure) report(code string) ReportFigure {
	out := ReportFigure{Code: code, Percent: f.Percent, Satisfied: f.Satisfied, Answered: f.Answered}
	p := f.Precision
	if p == nil {
		return out
	}
	if out.Lack = p.Lack; p.Known() {
		out.Low, out.High = &p.Low, &p.High
	}
	if p.Known() && !math.IsInf(p.DF, 1) { // JSON knows no infinity
		out.DF = &p.DF
		if !math.IsNaN(p.Deff) {
			out.Deff = &p.Deff
		}
	}
	return out
}
