package estimate_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"sipas/internal/estimate"
	"sipas/internal/stats"
	"sipas/internal/survey"
)

// world is a made-up sample: answers of people, each in a lowest unit.
type world struct {
	in     *survey.Instrument
	tree   *survey.Tree
	wave   *survey.Wave
	people []person
}

// person is somebody's answers to the items, 0: none.
type person struct {
	unit    survey.UnitCode
	answers []int
}

// items are in the order of the index; direct is the item asked for the overall figure.
func newInstrument(spec survey.Spec, factors ...int) *survey.Instrument {
	in := &survey.Instrument{ID: "made@1", Spec: spec}
	n := 0
	for d := range 2 {
		domain := survey.Domain{Code: fmt.Sprint("d", d)}
		for f, items := range factors[d*len(factors)/2 : (d+1)*len(factors)/2] {
			factor, section := survey.Factor{Code: fmt.Sprint("f", f)}, survey.Section{Code: fmt.Sprint("s", d, f)}
			for range items {
				n++
				q := &survey.Question{Code: survey.ItemCode(fmt.Sprint("S", n)), Kind: survey.Scale}
				for v := 1; v <= 5; v++ {
					q.Options = append(q.Options, survey.Option{Value: strconv.Itoa(v)})
				}
				section.Questions, factor.Items = append(section.Questions, q), append(factor.Items, q.Code)
			}
			domain.Factors, in.Sections = append(domain.Factors, factor), append(in.Sections, section)
		}
		in.Domains = append(in.Domains, domain)
	}
	return in.Seal()
}

func newWorld(in *survey.Instrument, how survey.Sampling) *world {
	units := []survey.Unit{{Code: "n", ValidTo: survey.Always}}
	for p := range 3 {
		above := survey.UnitCode(fmt.Sprint("n.p", p))
		units = append(units, survey.Unit{Code: above, Parent: "n", ValidTo: survey.Always})
		for c := range 4 {
			units = append(units, survey.Unit{Code: above + survey.UnitCode(fmt.Sprint(".c", c)), Parent: above, ValidTo: survey.Always})
		}
	}
	return &world{in: in, tree: survey.NewTree(units), wave: &survey.Wave{ID: "w", Design: survey.Probability, Sampling: how, Units: []survey.UnitCode{"n"}}}
}

// estimate estimates every figure of units, as the Reader would.
func (w *world) estimate(t testing.TB, units ...survey.UnitCode) map[survey.UnitCode]survey.Index {
	t.Helper()
	own, all := map[survey.UnitCode]survey.Tally{}, map[survey.UnitCode]survey.Tally{}
	for _, p := range w.people {
		given := survey.Answers{}
		for i, code := range w.in.Items() {
			if p.answers[i] > 0 {
				given[code] = survey.Score(strconv.Itoa(p.answers[i]))
			}
		}
		var one survey.Tally
		if err := w.in.Count(&one, w.in.Sheet(given)); err != nil {
			t.Fatal(err)
		}
		add := func(m map[survey.UnitCode]survey.Tally, u survey.UnitCode) {
			sum := m[u]
			sum.Add(one)
			m[u] = sum
		}
		add(own, p.unit)
		for _, u := range w.tree.Lineage(p.unit) {
			add(all, u)
		}
	}
	of := map[survey.UnitCode]survey.Index{}
	for _, u := range units {
		x, parts := w.in.Index(all[u]), map[survey.UnitCode]survey.Index{}
		for _, c := range w.tree.Children(u) {
			parts[c] = w.in.Index(all[c])
		}
		of[u] = survey.OfUnits(x, parts, w.wave.Weights)
	}
	estimate.Samples{}.Estimate(survey.Sampled{Wave: w.wave, Instrument: w.in, Tree: w.tree, Own: own, Period: survey.Period{From: 1, To: 2}}, of)
	return of
}

// fill makes answers that are alike within a unit.
func (w *world) fill(rnd *rand.Rand) {
	for _, u := range w.tree.All() {
		if len(w.tree.Children(u.Code)) > 0 {
			continue
		}
		high := 0.4 + 0.5*rnd.Float64()
		for range 3 + rnd.IntN(9) {
			p := person{unit: u.Code}
			for range w.in.Items() {
				a := 1 + rnd.IntN(3)
				if rnd.Float64() < high {
					a = 4 + rnd.IntN(2)
				}
				if rnd.IntN(6) == 0 {
					a = 0
				}
				p.answers = append(p.answers, a)
			}
			w.people = append(w.people, p)
		}
	}
}

// rows are people below a unit as package stats takes them: an item's answers as
// 100 or 0, NaN for none; the design of clusters in strata.
func (w *world) rows(under survey.UnitCode) (items []stats.Ratio, d stats.Design) {
	units, strata := map[survey.UnitCode]int{}, map[survey.UnitCode]int{}
	number := func(m map[survey.UnitCode]int, u survey.UnitCode) int {
		if _, ok := m[u]; !ok {
			m[u] = len(m)
		}
		return m[u]
	}
	items = make([]stats.Ratio, len(w.in.Items()))
	stage := stats.Stage{}
	for _, p := range w.people {
		if !w.tree.Within(p.unit, under) {
			continue
		}
		unit, _ := w.tree.Unit(p.unit)
		stage.Unit, stage.Stratum = append(stage.Unit, number(units, p.unit)), append(stage.Stratum, number(strata, unit.Parent))
		for i, a := range p.answers {
			over, under := math.NaN(), math.NaN()
			if a > 0 {
				over, under = 0, 1
			}
			if a >= 4 {
				over = 100
			}
			items[i].Over, items[i].Under = append(items[i].Over, over), append(items[i].Under, under)
		}
	}
	return items, stats.Design{Stages: []stats.Stage{stage}}
}

var usual = survey.Spec{
	Satisfied: []string{"4", "5"}, Item: survey.SatisfiedShare, Factor: survey.MeanOfItems, Domain: survey.MeanOfItems, Overall: survey.MeanOfItems, Units: survey.PooledResponses,
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(b)) }

// What tallies of clusters say is what package stats says of the people, one by
// one; and that is checked against R.
func TestClustersAsPeople(t *testing.T) {
	w := newWorld(newInstrument(usual, 2, 3, 1, 2), survey.Clustered)
	w.fill(rand.New(rand.NewPCG(4, 4)))
	of := w.estimate(t, "n", "n.p1", "n.p1.c2")
	for _, u := range []survey.UnitCode{"n", "n.p1"} {
		items, d := w.rows(u)
		check := func(name string, f survey.Figure, n int64, ratios ...stats.Ratio) {
			t.Helper()
			want, err := d.MeanOfRatios(ratios, nil)
			if err != nil {
				t.Fatal(err)
			}
			p := f.Precision
			if !near(f.Percent.Value, want.Value) || !near(p.SE, want.SE) || p.DF != want.DF {
				t.Errorf("%s of %s: %v ± %v with %v df, of people %v ± %v with %v", name, u, f.Percent.Value, p.SE, p.DF, want.Value, want.SE, want.DF)
			}
			if len(ratios) == 1 && !near(p.Deff, want.Deff) {
				t.Errorf("%s of %s: design effect %v, of people %v", name, u, p.Deff, want.Deff)
			}
			want.N, want.SE = int(n), max(want.SE, math.Sqrt(want.Value*(100-want.Value)/float64(n-1)))
			// stats.Estimate.Wilson has one person less.
			if i := want.Wilson(); math.Abs(p.Low-i.Low) > 100/float64(n) || math.Abs(p.High-i.High) > 100/float64(n) {
				t.Errorf("%s of %s: %v to %v, want about %v", name, u, p.Low, p.High, i)
			}
		}
		x := of[u]
		check("overall", x.Overall, x.People, items...)
		check("factor", x.Factors[1].Figure, x.Factors[1].N, items[2:5]...)
		check("domain", x.Domains[0].Figure, max(x.Factors[0].N, x.Factors[1].N), items[:5]...)
		for i, it := range x.Items {
			check(string(it.Code), it.Figure, it.Answered, items[i])
		}
	}
	if p := of["n.p1.c2"].Overall.Precision; p.Known() || p.Lack != survey.OneUnit {
		t.Errorf("one cluster: %+v", p)
	}
	if p := of["n"].Overall.Precision; p.Parts != 12 || p.Strata != 3 {
		t.Errorf("%d clusters in %d strata", p.Parts, p.Strata)
	}
}

// A figure is its terms, whatever the rules.
func TestTermsAreTheFigure(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rule := func(name string, of ...survey.Rule) survey.Rule { return rapid.SampledFrom(of).Draw(rt, name) }
		spec := survey.Spec{
			Satisfied: []string{"4", "5"}, Item: rapid.SampledFrom([]survey.ItemRule{survey.SatisfiedShare, survey.MeanScore}).Draw(rt, "item"),
			Factor: rule("factor", survey.MeanOfItems, survey.Pooled), Domain: rule("domain", survey.MeanOfItems, survey.MeanOfFactors, survey.Pooled),
			Overall: rule("overall", survey.MeanOfItems, survey.MeanOfFactors, survey.MeanOfDomains, survey.Pooled, survey.Direct), Direct: "S2",
			Units: survey.PooledResponses,
		}
		w := newWorld(newInstrument(spec, 2, 1, 1, 2), survey.Clustered)
		for range rapid.IntRange(2, 12).Draw(rt, "people") {
			w.people = append(w.people, person{
				unit:    rapid.SampledFrom([]survey.UnitCode{"n.p0.c0", "n.p0.c1", "n.p0.c2"}).Draw(rt, "unit"),
				answers: rapid.SliceOfN(rapid.IntRange(0, 5), 6, 6).Draw(rt, "answers"),
			})
		}
		estimate.TermsAreTheFigure(rt, w.in, w.estimate(t, "n")["n"], w.tallies(t))
	})
}

// tallies are those of the lowest units.
func (w *world) tallies(t *testing.T) map[survey.UnitCode]survey.Tally {
	own := map[survey.UnitCode]survey.Tally{}
	for _, p := range w.people {
		given := survey.Answers{}
		for i, code := range w.in.Items() {
			if p.answers[i] > 0 {
				given[code] = survey.Score(strconv.Itoa(p.answers[i]))
			}
		}
		sum := own[p.unit]
		if err := w.in.Count(&sum, w.in.Sheet(given)); err != nil {
			t.Fatal(err)
		}
		own[p.unit] = sum
	}
	return own
}

// Clusters of m people who all say the same tell as much as one person each.
func TestDesignEffectOfIdenticalPeople(t *testing.T) {
	w := newWorld(newInstrument(usual, 1, 1), survey.Clustered)
	const m = 20
	for i, u := range w.lowest() {
		for range m {
			w.people = append(w.people, person{u, []int{1 + 4*(i%2), 1 + 4*(i%2)}})
		}
	}
	p := w.estimate(t, "n")["n"].Items[0].Precision
	// 12 clusters in 3 strata, half of each satisfied: between them 4/3 of the variance of one, 239/240 of m of it.
	if want := m * 4.0 / 3 * 239 / 240; !near(p.Deff, want) {
		t.Errorf("design effect %v, want %v", p.Deff, want)
	}
	if alone := stats.Wilson(stats.Share{Percent: 50, N: 12}); p.High-p.Low < alone.High-alone.Low {
		t.Errorf("%v to %v of 240 people in 12 clusters, wider than %v was due", p.Low, p.High, alone)
	}
}

// Clusters that are all alike leave nothing to know, and still the figure is no
// surer than as many people drawn one by one.
func TestAlikeClustersAreNoCertainty(t *testing.T) {
	w := newWorld(newInstrument(usual, 1, 1), survey.Clustered)
	for _, u := range w.lowest() {
		for i := range 10 {
			w.people = append(w.people, person{u, []int{1 + 4*(i%2), 5}})
		}
	}
	it := w.estimate(t, "n")["n"].Items[0]
	want := stats.Wilson(stats.Share{Percent: 50, N: 120})
	if p := it.Precision; !near(p.Deff, 0) || p.Low > want.Low || p.High < want.High || p.Low < want.Low-2 {
		t.Errorf("%+v, want %v or a little wider", p, want)
	}
}

func TestLonelyClusters(t *testing.T) {
	w := newWorld(newInstrument(usual, 1, 1), survey.Clustered)
	for _, u := range []survey.UnitCode{"n.p0.c0", "n.p0.c1", "n.p2.c3"} { // alike, by chance
		for j := range 10 {
			w.people = append(w.people, person{u, []int{1 + j%5, 4}})
		}
	}
	of := w.estimate(t, "n", "n.p0", "n.p2")
	if p := of["n"].Overall.Precision; p.Lack != survey.LonelyUnit || p.At != "n.p2" {
		t.Errorf("%+v", p)
	}
	if p := of["n.p0"].Overall.Precision; !p.Known() || p.DF != 1 || p.High-p.Low < 50 {
		t.Errorf("two clusters: %+v", p)
	}
	if p := of["n.p2"].Overall.Precision; p.Lack != survey.OneUnit {
		t.Errorf("%+v", p)
	}
}

// Yes or no in strata is what package stats says of the people.
func TestStrataAsPeople(t *testing.T) {
	w := newWorld(newInstrument(usual, 2, 3, 1, 2), survey.Stratified)
	w.fill(rand.New(rand.NewPCG(5, 5)))
	x := w.estimate(t, "n", "n.p1.c2")
	items, d := w.rows("n")
	d.Stages = []stats.Stage{{Stratum: d.Stages[0].Unit}}
	for i, it := range x["n"].Items {
		// Only those who answered: how many there are in a stratum is taken for given.
		var y []float64
		var stratum []int
		for row, v := range items[i].Over {
			if !math.IsNaN(v) {
				y, stratum = append(y, v), append(stratum, d.Stages[0].Stratum[row])
			}
		}
		want, err := stats.Design{Stages: []stats.Stage{{Stratum: stratum}}}.Mean(y)
		if err != nil {
			t.Fatal(err)
		}
		if p := it.Precision; !near(p.SE, want.SE) || !near(p.Deff, want.Deff) || p.DF != want.DF || p.Parts != 12 {
			t.Errorf("%s: %+v, of people %+v", it.Code, p, want)
		}
	}
	one := x["n.p1.c2"]
	if w := stats.Wilson(stats.Share{Percent: one.Overall.Percent.Value, N: one.People}); one.Overall.Precision.Low != w.Low || one.Overall.Precision.High != w.High {
		t.Errorf("one stratum: %+v, want %v", one.Overall.Precision, w)
	}
}

// One person alone in a stratum may be anybody.
func TestOneAloneInAStratum(t *testing.T) {
	w := newWorld(newInstrument(usual, 1, 1), survey.Stratified)
	for range 30 {
		w.people = append(w.people, person{"n.p0.c0", []int{5, 5}})
	}
	w.people = append(w.people, person{"n.p0.c1", []int{5, 5}})
	p := w.estimate(t, "n.p0")["n.p0"].Items[0].Precision
	if want := 50.0 / 31; !near(p.SE, want) || p.DF != 29 {
		t.Errorf("%+v, want an error of %v", p, want)
	}
}

// lowest are units without units below.
func (w *world) lowest() []survey.UnitCode {
	var codes []survey.UnitCode
	for _, u := range w.tree.All() {
		if len(w.tree.Children(u.Code)) == 0 {
			codes = append(codes, u.Code)
		}
	}
	return codes
}

// A mean of units weighs them alike, however many people they have.
func TestMeansOfUnits(t *testing.T) {
	spec := usual
	spec.Units = survey.MeanOfUnits
	for _, how := range []survey.Sampling{survey.Stratified, survey.Clustered} {
		w := newWorld(newInstrument(spec, 1, 1), how)
		w.fill(rand.New(rand.NewPCG(6, 6)))
		of := w.estimate(t, "n", "n.p0", "n.p1", "n.p2", "n.p0.c0", "n.p0.c1", "n.p0.c2", "n.p0.c3")
		mean := func(units ...survey.UnitCode) (value, se float64) {
			for _, u := range units {
				value += of[u].Items[0].Percent.Value / float64(len(units))
			}
			return value, 0
		}
		if v, _ := mean("n.p0.c0", "n.p0.c1", "n.p0.c2", "n.p0.c3"); !near(v, of["n.p0"].Items[0].Percent.Value) {
			t.Fatalf("the figure is %v, not the mean %v of units", of["n.p0"].Items[0].Percent.Value, v)
		}
		// As rows: every person weighs 1 ÷ (units · people of the unit).
		var y, weight []float64
		var unit []int
		for i, u := range []survey.UnitCode{"n.p0.c0", "n.p0.c1", "n.p0.c2", "n.p0.c3"} {
			for _, p := range w.people {
				if p.unit == u && p.answers[0] > 0 {
					y, unit = append(y, map[bool]float64{true: 100}[p.answers[0] >= 4]), append(unit, i)
					weight = append(weight, 1/float64(of[u].Items[0].Answered))
				}
			}
		}
		d := stats.Design{Weight: weight, Stages: []stats.Stage{{Stratum: unit}}}
		if how == survey.Clustered {
			d.Stages = []stats.Stage{{Unit: unit}}
		}
		want, err := d.Mean(y)
		if err != nil {
			t.Fatal(err)
		}
		if p := of["n.p0"].Items[0].Precision; !near(p.SE, want.SE) {
			t.Errorf("%s: %+v, of people %+v", how, p, want)
		}
		if p := of["n"].Items[0].Precision; !p.Known() || p.SE <= 0 {
			t.Errorf("%s: %+v", how, p)
		}
	}
}

// However sure figures are, they can be published.
func TestReportsOfSamples(t *testing.T) {
	for _, how := range survey.Samplings {
		w := newWorld(newInstrument(usual, 1, 1), how)
		for _, u := range w.lowest()[:5] {
			w.people = append(w.people, person{u, []int{5, 0}})
		}
		of := w.estimate(t, "n", "n.p0", "n.p1", "n.p1.c0", "n.p2")
		for u := range of {
			r := survey.Reading{Wave: w.wave, Instrument: w.in, Indices: of}.Report(u)
			if _, err := json.Marshal(r); err != nil || r.Sampling != how || of[u].N > 0 && (r.Overall.Low == nil) != (r.Overall.Lack != "") {
				t.Errorf("%s, %s: %+v %v", how, u, r.Overall, err)
			}
		}
	}
}

// Without the lowest units nothing is said that could be too sure.
func TestRough(t *testing.T) {
	meanOfUnits := usual
	meanOfUnits.Units = survey.MeanOfUnits
	for _, c := range []struct {
		design survey.Design
		how    survey.Sampling
		spec   survey.Spec
		known  bool
		lack   survey.Lack
	}{
		{survey.Continuous, survey.Simple, usual, false, ""},
		{survey.Probability, survey.Simple, usual, true, ""},
		{survey.Probability, survey.Stratified, usual, true, ""},
		{survey.Probability, survey.Stratified, meanOfUnits, false, survey.NotByUnit},
		{survey.Probability, survey.Clustered, usual, false, survey.NotByUnit},
	} {
		w := newWorld(newInstrument(c.spec, 1, 1), c.how)
		w.wave.Design = c.design
		w.fill(rand.New(rand.NewPCG(7, 7)))
		var all survey.Tally
		for _, tally := range w.tallies(t) {
			all.Add(tally)
		}
		x := w.in.Index(all)
		estimate.Rough(w.wave, w.in, &x)
		p := x.Overall.Precision
		if p.Known() != c.known || p != nil && p.Lack != c.lack {
			t.Errorf("%s %s, units by %s: %+v", c.design, c.how, c.spec.Units, p)
		}
	}
}

// Two figures differ exactly where their interval leaves zero out, when both are
// of people drawn one by one.
func TestOneVerdict(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		side := func(name string) (estimate.Known, stats.Share) {
			n := rapid.Int64Range(10, 3000).Draw(rt, name+" n")
			s := stats.Share{Percent: 100 * float64(rapid.Int64Range(0, n).Draw(rt, name)) / float64(n), N: n}
			w := stats.Wilson(s)
			return estimate.Known{Percent: s.Percent, Precision: &survey.Precision{Low: w.Low, High: w.High, DF: math.Inf(1)}}, s
		}
		from, a := side("from")
		to, b := side("to")
		d := estimate.Between(from, to)
		if d.Real() != stats.Differ(b, a) || (d.P <= 0.05) != d.Real() {
			rt.Fatalf("%v → %v: %+v", a, b, d)
		}
		if back := estimate.Between(to, from); !near(back.P, d.P) || !near(back.Low, -d.High) {
			rt.Fatalf("forth %+v and back %+v", d, back)
		}
	})
}

// Few clusters make a difference uncertain that many people would show.
func TestFewClustersAreNoNews(t *testing.T) {
	known := func(percent, se, df float64, n int) estimate.Known {
		i := stats.Estimate{Value: percent, SE: se, DF: df, N: n}.Wilson()
		return estimate.Known{Percent: percent, Precision: &survey.Precision{Low: i.Low, High: i.High, SE: se, DF: df}}
	}
	if d := estimate.Between(known(70, 2, 2, 400), known(80, 2, 2, 400)); d.Real() {
		t.Errorf("with 2 degrees of freedom: %+v", d)
	}
	if d := estimate.Between(known(70, 2, 200, 400), known(80, 2, 200, 400)); !d.Real() {
		t.Errorf("with 200 degrees of freedom: %+v", d)
	}
	lacking := estimate.Known{Percent: 80, Precision: &survey.Precision{Lack: survey.OneUnit}}
	if d := estimate.Between(lacking, known(20, 1, 200, 400)); d.Real() || d.Tested() {
		t.Errorf("without an interval: %+v", d)
	}
	if !slices.ContainsFunc([]float64{estimate.Between(lacking, lacking).P}, math.IsNaN) {
		t.Error("nothing to test has a P")
	}
}
