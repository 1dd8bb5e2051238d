package store_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sipas/internal/instrument"
	"sipas/internal/simulate"
	"sipas/internal/store"
	"sipas/internal/store/storetest"
	"sipas/internal/survey"
)

var largeSheet = func() survey.Sheet {
	var b strings.Builder
	for q := range 75 {
		fmt.Fprintf(&b, `,"S%02d":%d`, q, 1+q%5)
	}
	return survey.Sheet("{" + b.String()[1:] + "}")
}()

// largeResponse is the i-th response of about the size that all 39 items, the
// questions before them and a comment take.
func largeResponse(i int) survey.Response {
	r := storetest.NewResponse(i)
	r.Answers = largeSheet
	r.Comment = "Cán bộ nhiệt tình, hướng dẫn rõ ràng, trả kết quả đúng hẹn."
	r.Digest[0] = byte(i)
	return r
}

func BenchmarkAppend(b *testing.B) {
	for _, size := range []struct {
		engine         string
		url            func(testing.TB) string
		callers, batch int
	}{
		{"sqlite", sqliteURL, 1, 1},
		{"sqlite", sqliteURL, 128, 1},
		{"sqlite", sqliteURL, 4, 500},
		{"postgres", postgresURL, 128, 1},
		{"postgres", postgresURL, 4, 500},
	} {
		b.Run(fmt.Sprintf("%s/callers=%d/batch=%d", size.engine, size.callers, size.batch), func(b *testing.B) {
			var commits atomic.Int64
			s := benchStore(b, size.url(b), store.Options{Observe: func(store.Commit) { commits.Add(1) }})
			var next atomic.Int64
			var wg sync.WaitGroup
			b.ResetTimer()
			for range size.callers {
				wg.Go(func() {
					for {
						first := int(next.Add(int64(size.batch))) - size.batch
						if first >= b.N {
							return
						}
						rs := make([]survey.Response, 0, size.batch)
						for i := first; i < min(first+size.batch, b.N); i++ {
							rs = append(rs, largeResponse(i))
						}
						if _, err := s.Append(context.Background(), rs); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(float64(b.N)/float64(commits.Load()), "rows/commit")
		})
	}
}

func BenchmarkEachResponse(b *testing.B) {
	s := benchStore(b, sqliteURL(b), store.Options{})
	const rows = 50_000
	for i := 0; i < rows; i += 1000 {
		var rs []survey.Response
		for j := range 1000 {
			rs = append(rs, largeResponse(i+j))
		}
		if _, err := s.Append(b.Context(), rs); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		err := s.EachResponse(b.Context(), survey.Filter{}, 0, rows, func(*survey.Response) error { n++; return nil })
		if err != nil || n != rows {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "rows/s")
}

func benchStore(b *testing.B, rawURL string, o store.Options) *store.Store {
	s, err := store.Open(b.Context(), rawURL, o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	storetest.Fill(b, s)
	return s
}

// BenchmarkFold folds responses of 75 units, 90 days and 4 channels, with few
// of them together in one tally: the worst a batch can be.
func BenchmarkFold(b *testing.B) {
	benchFold(b, storetest.Instrument(), func(n int, unit survey.UnitCode) survey.Response {
		r := storetest.NewResponse(n)
		r.Unit, r.Day = unit, r.Day+survey.Day(n*7%90)
		r.Channel = survey.Channels[n*13%4]
		return r
	})
}

// BenchmarkFoldForms folds whole forms of the ministry's questionnaire: of 75
// units, one channel each, as they come in on one day.
func BenchmarkFoldForms(b *testing.B) {
	set, err := instrument.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	in := set.ByID("moha-2023@1")
	people := simulate.New(1, simulate.World{Instrument: in, Places: []simulate.Place{{Weight: 1}}})
	benchFold(b, in, func(n int, unit survey.UnitCode) survey.Response {
		r, s := storetest.NewResponse(n), people.Next(time.UnixMilli(1e12))
		r.Instrument, r.Unit, r.Channel = in.ID, unit, survey.Channels[n%75%4]
		r.Answers, r.Respondent = in.Sheet(s.Answers), in.Sheet(s.Respondent)
		return r
	})
}

func benchFold(b *testing.B, in *survey.Instrument, response func(n int, unit survey.UnitCode) survey.Response) {
	for engine, url := range map[string]func(testing.TB) string{"sqlite": sqliteURL, "postgres": postgresURL} {
		b.Run(engine, func(b *testing.B) {
			s := benchStore(b, url(b), store.Options{})
			var units []survey.Unit
			for u := range 75 {
				units = append(units, survey.Unit{
					Code: survey.UnitCode(fmt.Sprint("p.", u)), Name: "Xã", Kind: survey.Commune, Parent: "p", ValidTo: survey.Always,
				})
			}
			if err := s.PutUnits(b.Context(), units); err != nil {
				b.Fatal(err)
			}
			catalog, err := s.Catalog(b.Context(), map[survey.InstrumentID]*survey.Instrument{in.ID: in})
			if err != nil {
				b.Fatal(err)
			}
			folder := survey.Folder{Store: s, Catalog: func() *survey.Catalog { return catalog }}
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				rs := make([]survey.Response, 2000)
				for j := range rs {
					rs[j] = response(i*len(rs)+j, units[(i*len(rs)+j)%75].Code)
				}
				if _, err := s.Append(b.Context(), rs); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				if _, err := folder.Fold(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
