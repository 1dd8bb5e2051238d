package export_test

import (
	"io"
	"testing"
	"time"

	"sipas/internal/export"
	"sipas/internal/instrument"
	"sipas/internal/simulate"
	"sipas/internal/survey"
)

// BenchmarkExport reads whole moha-2023 responses from SQLite and writes them.
func BenchmarkExport(b *testing.B) {
	const rows = 20_000
	f := newFixture(b)
	set, err := instrument.Builtin()
	must(b, err)
	in := set.ByID("moha-2023@1")
	must(b, f.store.PutWave(b.Context(), survey.Wave{
		ID: "m", Name: "m", Instrument: in.ID, InstrumentHash: in.Hash, Units: []survey.UnitCode{"qn"},
		Design: survey.Probability, State: survey.Open,
	}))
	point := survey.Point{Code: "MMMMMM", Name: "m", Unit: "qn.a", Wave: "m", Channel: survey.Interviewer}
	must(b, f.store.PutPoints(b.Context(), []survey.Point{point}))
	c, err := f.store.Catalog(b.Context(), map[survey.InstrumentID]*survey.Instrument{in.ID: in})
	must(b, err)
	f.intake.Catalog = func() *survey.Catalog { return c }
	f.exp.Catalog = f.intake.Catalog
	people := simulate.New(1, simulate.World{Instrument: in, Places: []simulate.Place{{Point: point, Weight: 1}}})
	for range rows / 1000 {
		var batch []survey.Submission
		for range 1000 {
			f.now = f.now.Add(time.Second)
			batch = append(batch, people.Next(f.now))
		}
		for _, r := range f.intake.SubmitAll(b.Context(), batch) {
			must(b, r.Err)
		}
	}
	for _, format := range export.Formats {
		b.Run(string(format), func(b *testing.B) {
			for b.Loop() {
				m, err := f.exp.Write(b.Context(), export.Request{Wave: "m", Format: format}, io.Discard, nil)
				must(b, err)
				if m.Rows != rows {
					b.Fatalf("%d rows, want %d", m.Rows, rows)
				}
			}
			b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
