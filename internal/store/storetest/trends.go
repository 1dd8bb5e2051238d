package storetest

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/store"
	"sipas/internal/survey"
)

// trendsAgree is the law of trends: every point of every step is the index
// that Read computes of the point's own days, half of the responses folded, and
// a trend leaves no day out.
func trendsAgree(t *testing.T, s *store.Store) {
	Fill(t, s)
	rnd := rand.New(rand.NewPCG(5, 6)) //nolint:gosec // the same numbers every time
	var rs []survey.Response
	for i := range 600 {
		rs = append(rs, random(rnd, i))
	}
	appended(t, s, rs[:300]...)
	_, err := folder(t, s).FoldAll(t.Context())
	must(t, err)
	appended(t, s, rs[300:]...)

	for _, rule := range []survey.UnitsRule{survey.PooledResponses, survey.MeanOfUnits} {
		c := catalog(t, s)
		c.Instruments["small@1"].Spec.Units = rule
		reader := &survey.Reader{Store: s, Catalog: func() *survey.Catalog { return c }}
		for _, step := range survey.Steps {
			for _, q := range []survey.TrendQuery{
				{Unit: "p", Wave: "w1", Step: step},
				{Unit: "p.d1", Wave: "w1", Step: step, Channel: survey.QR},
				{Unit: "p", Wave: "w1", Step: step, Period: survey.Period{From: day0 + 20, To: day0 + 45}},
			} {
				trendAgrees(t, reader, q)
			}
		}
	}
}

func trendAgrees(t *testing.T, reader *survey.Reader, q survey.TrendQuery) {
	t.Helper()
	trend, err := reader.Trend(t.Context(), q)
	must(t, err)
	if len(trend.Points) == 0 || trend.Watermark.Seq != 600 || trend.Behind != 0 {
		t.Fatalf("%+v: %d points up to %+v, %d behind", q, len(trend.Points), trend.Watermark, trend.Behind)
	}
	read := func(days survey.Period) survey.Index {
		r, err := reader.Read(t.Context(), survey.Query{Wave: q.Wave, Units: []survey.UnitCode{q.Unit}, Period: days, Channel: q.Channel})
		must(t, err)
		return r.Indices[q.Unit]
	}
	var total int64
	all := survey.Period{From: trend.Points[0].From, To: trend.Points[len(trend.Points)-1].To}
	for i, p := range trend.Points {
		total += p.Index.N
		days := p.Period
		if q.Step == survey.ByWave {
			days, all = survey.Period{}, survey.Period{}
		} else if i > 0 && p.From <= trend.Points[i-1].To {
			t.Errorf("%+v: the point of %s begins before %s ends", q, p.From, trend.Points[i-1].To)
		}
		if d := cmp.Diff(read(days), p.Index, cmp.AllowUnexported(survey.ItemFigure{})); d != "" {
			t.Errorf("%+v, %s (-read +trend):\n%s", q, p.From, d)
		}
	}
	if want := read(all).N; total != want {
		t.Errorf("%+v: the points count %d responses, their days %d", q, total, want)
	}
}
