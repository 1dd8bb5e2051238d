package storetest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/store"
	"sipas/internal/survey"
)

// breakdownsAgree is the law of breakdowns: with half of the responses folded
// and some judged, every group of every dimension is what counting its people
// one by one gives, the groups add up to the whole, and the moments are those of
// the people one by one.
func breakdownsAgree(t *testing.T, s *store.Store) {
	Fill(t, s)
	rnd := rand.New(rand.NewPCG(11, 12)) //nolint:gosec // the same numbers every time
	said := map[int64][]survey.Reason{}
	var rs []survey.Response
	for i := range 600 {
		rs = append(rs, random(rnd, i))
		if i%7 == 0 {
			said[int64(i+1)] = []survey.Reason{survey.TooFast}
		}
		if i%11 == 0 {
			said[int64(i+1)] = []survey.Reason{survey.PressInterval} // sets it aside
		}
	}
	appended(t, s, rs[:300]...)
	f, v := judging(t, s, newSuspicious(said))
	_, err := f.FoldAll(t.Context())
	must(t, err)
	must(t, v.Judge(t.Context(), 12, survey.Counted, "anna", "Đã xem lại từng phiếu."))
	must(t, v.Judge(t.Context(), 8, survey.Rejected, "anna", "Đã xem lại từng phiếu."))
	appended(t, s, rs[300:]...)
	all := stored(t, s, survey.Filter{})
	c := catalog(t, s)
	reader := &survey.Reader{Store: s, Catalog: func() *survey.Catalog { return c }}
	for _, unit := range []survey.UnitCode{"p", "p.d1", "p.c2", "nowhere"} {
		for _, channel := range []survey.Channel{"", survey.QR} {
			of := func(r survey.Response) bool {
				return r.State == survey.Counted && c.Tree.Within(r.Unit, unit) && (channel == "" || channel == r.Channel)
			}
			for dimension, value := range dimensions(t, c) {
				q := survey.BreakdownQuery{Wave: "w1", Unit: unit, Channel: channel, Dimension: dimension}
				b, err := reader.Breakdown(t.Context(), q)
				must(t, err)
				breakdownAgrees(t, q, b, all, of, value)
			}
			q := survey.MomentsQuery{Wave: "w1", Unit: unit, Channel: channel}
			m, err := reader.Moments(t.Context(), q)
			must(t, err)
			momentsAgree(t, q, m, all, of)
			clustersAgree(t, s, c, q, all)
		}
	}
	_, err = reader.Breakdown(t.Context(), survey.BreakdownQuery{Wave: "w1", Unit: "p", Dimension: "ethnicity"})
	wantKind(t, "by ethnicity", err, survey.NotFound)
	_, err = reader.Breakdown(t.Context(), survey.BreakdownQuery{Wave: "nowhere", Unit: "p", Dimension: "age"})
	wantKind(t, "of no wave", err, survey.NotFound)
	_, err = f.FoldAll(t.Context())
	must(t, err)
	wantRight(t, f, 600)
}

// dimensions are all there are, with the value that a response has.
func dimensions(t *testing.T, c *survey.Catalog) map[survey.Dimension]func(survey.Response) string {
	t.Helper()
	answer := func(code survey.ItemCode) func(survey.Response) string {
		return func(r survey.Response) string {
			given, err := r.Respondent.Answers()
			must(t, err)
			return given[code].One()
		}
	}
	return map[survey.Dimension]func(survey.Response) string{
		"gender": answer("gender"), "age": answer("age"),
		survey.ByChannel: func(r survey.Response) string { return string(r.Channel) },
		survey.ByService: func(r survey.Response) string { return string(r.Service) },
		survey.ByField:   func(r survey.Response) string { return c.Services[r.Service].Field },
	}
}

func breakdownAgrees(
	t *testing.T, q survey.BreakdownQuery, b survey.Breakdown, all []survey.Response,
	of func(survey.Response) bool, value func(survey.Response) string,
) {
	t.Helper()
	in := Instrument()
	want, whole := map[string]survey.Tally{}, survey.Tally{Counts: make([]int64, in.Slots())}
	for _, r := range all {
		if of(r) {
			sum := want[value(r)]
			must(t, in.Count(&sum, r.Answers))
			want[value(r)] = sum
			must(t, in.Count(&whole, r.Answers))
		}
	}
	sum := survey.Tally{Counts: make([]int64, in.Slots())}
	for _, g := range b.Groups {
		sum.Add(g.Tally)
		if d := cmp.Diff(in.Index(want[g.Value]), g.Index, cmp.AllowUnexported(survey.ItemFigure{})); d != "" {
			t.Errorf("%+v, %q (-counted one by one +stored):\n%s", q, g.Value, d)
		}
		delete(want, g.Value)
	}
	if len(want) > 0 {
		t.Errorf("%+v leaves out %v", q, want)
	}
	if !sum.Equal(b.Whole.Tally) {
		t.Errorf("%+v: the groups add up to %+v, the whole is %+v", q, sum, b.Whole.Tally)
	}
	if d := cmp.Diff(in.Index(whole), b.Whole.Index, cmp.AllowUnexported(survey.ItemFigure{})); d != "" {
		t.Errorf("the whole of %+v (-counted one by one +stored):\n%s", q, d)
	}
	if b.Watermark.Seq != 600 || b.Behind != 0 {
		t.Errorf("%+v: up to %+v, %d behind", q, b.Watermark, b.Behind)
	}
}

// momentsAgree adds up by hand what the fixture's questionnaire has moments of.
func momentsAgree(t *testing.T, q survey.MomentsQuery, m survey.Reliability, all []survey.Response, of func(survey.Response) bool) {
	t.Helper()
	items, drivers := nobody(2), nobody(3)
	for _, r := range all {
		if of(r) {
			addAnswers(t, r, &items, &drivers)
		}
	}
	want := survey.Reliability{
		Factors:   []survey.FactorMoments{{Domain: "d", Code: "f", Items: []survey.ItemCode{"S1", "S2"}, Moments: items}},
		Drivers:   &drivers,
		Watermark: m.Watermark,
	}
	m.Wave, m.Instrument = nil, nil
	if d := cmp.Diff(want, m); d != "" || m.Watermark.Seq != 600 {
		t.Errorf("moments of %+v up to %d (-one by one +stored):\n%s", q, m.Watermark.Seq, d)
	}
}

// addAnswers adds a person by hand to the moments of the first factor's items
// and of the drivers.
func addAnswers(t *testing.T, r survey.Response, items, drivers *survey.Moments) {
	t.Helper()
	given, err := r.Answers.Answers()
	must(t, err)
	level := func(code survey.ItemCode) (n int64) {
		if v := given[code].One(); v != "" {
			_, err := fmt.Sscan(v, &n)
			must(t, err)
		}
		return n
	}
	s1, s2, s3, overall := level("S1"), level("S2"), level("S3"), level("OV")
	if s1 > 0 && s2 > 0 {
		addPerson(items, s1, s2)
	}
	if s1+s2 > 0 && s3 > 0 && overall > 0 {
		mean := (s1 + s2) * survey.MeanScale / 2
		if s1 == 0 || s2 == 0 {
			mean = (s1 + s2) * survey.MeanScale
		}
		addPerson(drivers, mean, s3*survey.MeanScale, overall*survey.MeanScale)
	}
}

// clustersAgree: of a clustered sample every unit at which people answered has
// the moments of its own people, and of the channel asked for.
func clustersAgree(t *testing.T, s *store.Store, c *survey.Catalog, q survey.MomentsQuery, all []survey.Response) {
	t.Helper()
	drawn, wave := *c, *c.Waves[q.Wave]
	wave.Design, wave.Sampling = survey.Probability, survey.Clustered
	drawn.Waves = map[survey.WaveID]*survey.Wave{q.Wave: &wave}
	reader := &survey.Reader{Store: s, Catalog: func() *survey.Catalog { return &drawn }}
	m, err := reader.Moments(t.Context(), q)
	must(t, err)
	want, items := map[survey.UnitCode]survey.Moments{}, nobody(2)
	for _, r := range all {
		if r.State != survey.Counted || !c.Tree.Within(r.Unit, q.Unit) {
			continue
		}
		own, ok := want[r.Unit]
		if !ok {
			own = nobody(3)
		}
		if q.Channel == "" || q.Channel == r.Channel {
			addAnswers(t, r, &items, &own)
		}
		want[r.Unit] = own
	}
	if d := cmp.Diff(want, m.Clusters); d != "" {
		t.Errorf("clusters of %+v (-one by one +stored):\n%s", q, d)
	}
}

func nobody(k int) survey.Moments {
	m := survey.Moments{Sum: make([]int64, k), Cross: make([][]int64, k)}
	for i := range m.Cross {
		m.Cross[i] = make([]int64, k)
	}
	return m
}

func addPerson(m *survey.Moments, x ...int64) {
	m.N++
	for i := range x {
		m.Sum[i] += x[i]
		for j := range x {
			m.Cross[i][j] += x[i] * x[j]
		}
	}
}
