package web

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sipas/internal/estimate"
	"sipas/internal/locale"
	"sipas/internal/survey"
)

// madeMoments are of n people whose overall level is that of the first of two
// factors, and who answer the second at random.
func madeMoments(n int) survey.Moments {
	m := survey.Moments{N: int64(n), Sum: make([]int64, 3), Cross: [][]int64{make([]int64, 3), make([]int64, 3), make([]int64, 3)}}
	rnd := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same numbers every time
	for range n {
		a, b := int64(1+rnd.IntN(5))*survey.MeanScale, int64(1+rnd.IntN(5))*survey.MeanScale
		for i, x := range []int64{a, b, a} {
			m.Sum[i] += x
			for j, y := range []int64{a, b, a} {
				m.Cross[i][j] += x * y
			}
		}
	}
	return m
}

func TestDriversRememberAndTellApart(t *testing.T) {
	memory := &driverMemory{}
	read := func(key driverKey, m survey.Moments) (estimate.Drivers, error) {
		return memory.read(key, nil, survey.Reliability{Drivers: &m})
	}
	first, err := read(driverKey{upTo: 1}, madeMoments(500))
	if err != nil || first.Percent[0] < 95 || math.Abs(first.R2-1) > 1e-6 {
		t.Fatalf("%+v %v", first, err)
	}
	again, err := read(driverKey{upTo: 1}, madeMoments(3))
	if err != nil || again.Percent[0] != first.Percent[0] {
		t.Errorf("what is known is computed again: %+v %v", again, err)
	}
	if later, err := read(driverKey{upTo: 2}, madeMoments(200)); err != nil || later.Intervals.Percent[0] == first.Intervals.Percent[0] {
		t.Errorf("another watermark has the old figures: %+v %v", later, err)
	}
}

// driversOf fills a page about a wave with one factor below the overall index.
func driversOf(t *testing.T, design survey.Design, m *survey.Moments, clusters map[survey.UnitCode]survey.Moments) driversPage {
	t.Helper()
	in := (&survey.Instrument{
		ID: "two@1", Domains: []survey.Domain{{Code: "d", Factors: []survey.Factor{{Code: "low", Title: survey.Text{"vi": "Thấp"}}, {Code: "high", Title: survey.Text{"vi": "Cao"}}}}},
	}).Seal()
	figure := func(percent float64) survey.Figure {
		return figureOf(design, of(percent, 1000))
	}
	x := survey.Index{N: 1000, People: 1000, Overall: figure(80), Factors: []survey.FactorFigure{{Code: "low", N: 1000, Figure: figure(60)}, {Code: "high", N: 1000, Figure: figure(95)}}}
	p := driversPage{}
	p.Printer = locale.For("vi")
	cat := &survey.Catalog{Tree: survey.NewTree([]survey.Unit{{Code: "p", Name: "Tỉnh P"}, {Code: "p.a", Parent: "p"}, {Code: "p.b", Parent: "p"}})}
	f := &figures{least: usualLeast, p: locale.For("vi"), v: viewer{cat: cat}, c: choice{Wave: &survey.Wave{Design: design, Instrument: in.ID}}, now: survey.Reading{Instrument: in, Indices: map[survey.UnitCode]survey.Index{"": x}}}
	if err := p.fill(f, survey.Reliability{Instrument: in, Drivers: m, Clusters: clusters}, &driverMemory{}, survey.MomentsQuery{}); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestDriversSayNoMoreThanIsKnown(t *testing.T) {
	many, few, alike := madeMoments(500), madeMoments(99), madeMoments(500)
	alike.Sum, alike.Cross = make([]int64, 3), [][]int64{make([]int64, 3), make([]int64, 3), make([]int64, 3)}
	for _, c := range []struct {
		name   string
		design survey.Design
		of     *survey.Moments
		drawn  bool
		title  string
	}{
		{"a sample names what is important and low", survey.Probability, &many, true, "“Thấp” đi cùng mức hài lòng chung nhiều hơn các yếu tố khác và đang thấp hơn mức chung"},
		{"volunteers name nothing", survey.Continuous, &many, true, "Tầm quan trọng và chỉ số của các yếu tố, trong những người đã chọn trả lời"},
		{"99 people are too few", survey.Probability, &few, false, ""},
		{"all alike", survey.Probability, &alike, false, ""},
		{"not asked", survey.Probability, nil, false, ""},
	} {
		p := driversOf(t, c.design, c.of, nil)
		if p.Drawn != c.drawn || p.Chart.Title != c.title || p.Drawn == (p.WhyNot != "") {
			t.Errorf("%s: drawn %v, %q, because %q", c.name, p.Drawn, p.Chart.Title, p.WhyNot)
		}
		if c.design == survey.Continuous && (p.Chart.Head.Low != "" || p.Chart.Rows[0].Low != nil || p.Chart.Head.XLow != "" || p.Chart.Rows[0].XLow != nil) {
			t.Errorf("%s have an interval: %+v", c.name, p.Chart.Rows[0])
		}
		if c.drawn && c.design == survey.Probability {
			if r := p.Chart.Rows[0]; p.Chart.Head.XLow == "" || r.XLow == nil || r.XHigh == nil || *r.XLow > r.X || *r.XHigh < r.X {
				t.Errorf("%s: importance without its interval: %+v", c.name, r)
			}
		}
	}
}

// Where clusters were drawn, one of them tells nothing about the others.
func TestDriversOfClusters(t *testing.T) {
	all, one := madeMoments(1000), madeMoments(500)
	sure := driversOf(t, survey.Probability, &all, map[survey.UnitCode]survey.Moments{"p.a": one, "p.b": one})
	if r := sure.Chart.Rows[0]; r.XLow == nil || !slices.ContainsFunc(sure.Chart.Notes, func(n string) bool { return strings.Contains(n, "1.000 lần rút lại 2 đơn vị") }) {
		t.Errorf("two clusters: %+v, %q", r, sure.Chart.Notes)
	}
	for name, clusters := range map[string]map[survey.UnitCode]survey.Moments{"one": {"p.a": all}, "none but the unit's own": {"p": all}} {
		p := driversOf(t, survey.Probability, &all, clusters)
		if r := p.Chart.Rows[0]; r.XLow != nil || p.Chart.Head.XLow != "" || r.Key || !strings.Contains(p.Chart.Title, "không kết luận") || !strings.Contains(p.Chart.Notes[0], "Không có khoảng tin cậy") {
			t.Errorf("%s: %q, %+v, %q", name, p.Chart.Title, r, p.Chart.Notes)
		}
	}
}
