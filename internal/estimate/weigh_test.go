package estimate_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"sipas/internal/estimate"
	"sipas/internal/stats"
	"sipas/internal/survey"
)

// asked is the instrument of one item, asked of people who say their gender and age.
func asked(spec survey.Spec) *survey.Instrument {
	in := newInstrument(spec, 1, 1)
	one := func(code string, values ...string) *survey.Question {
		q := &survey.Question{Code: survey.ItemCode(code), Kind: survey.One}
		for _, v := range values {
			q.Options = append(q.Options, survey.Option{Value: v})
		}
		return q
	}
	in.Sections = append(in.Sections, survey.Section{Code: "you", Respondent: true, Questions: []*survey.Question{one("gender", "m", "f"), one("age", "young", "old")}})
	return in.Seal()
}

// said is a response; an empty gender or age was not told.
func said(in *survey.Instrument, unit survey.UnitCode, gender, age string, answers ...int) *survey.Response {
	given, about := survey.Answers{}, survey.Answers{}
	for i, code := range in.Items() {
		given[code] = survey.Score(strconv.Itoa(answers[i%len(answers)]))
	}
	if gender != "" {
		about["gender"] = survey.Value(gender)
	}
	if age != "" {
		about["age"] = survey.Value(age)
	}
	return &survey.Response{Unit: unit, Answers: in.Sheet(given), Respondent: in.Sheet(about)}
}

func margin(question survey.ItemCode, cells ...survey.MarginCell) survey.Margin {
	return survey.Margin{Question: question, Cells: cells}
}

func cell(people float64, of ...string) survey.MarginCell {
	return survey.MarginCell{Of: of, People: people, Line: 2}
}

func weigh(t *testing.T, w *world, people []*survey.Response, margins ...survey.Margin) (estimate.Weighed, error) {
	t.Helper()
	c := estimate.NewWeighing(w.wave, w.in, w.tree, margins)
	for _, r := range people {
		if err := c.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	return c.Weigh()
}

// Eight of ten men are satisfied, six of thirty women; of the people half are
// men. One who tells no gender is in no cell.
func TestWeighByHand(t *testing.T) {
	in := asked(usual)
	w := newWorld(in, survey.Simple)
	var people []*survey.Response
	for i := range 40 {
		gender, good := "f", i < 16
		if i < 10 {
			gender, good = "m", i < 8
		}
		people = append(people, said(in, "n.p0.c0", gender, "", map[bool]int{true: 5, false: 1}[good]))
	}
	people = append(people, said(in, "n.p0.c0", "", "old", 5))
	got, err := weigh(t, w, people, margin("gender", cell(500, "m"), cell(500, "f")))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "plain", got.Plain.Overall.Percent.Value, 35)
	same(t, "weighed", got.Index.Overall.Percent.Value, 50)
	same(t, "an item", got.Index.Items[0].Percent.Value, 50)
	same(t, "least", got.Least, 500/30./(1000/40.))
	same(t, "most", got.Most, 500/10./(1000/40.))
	if got.Unplaced != 1 || got.Index.N != 40 || !got.Raking.Converged {
		t.Errorf("%d people, %d left out, %+v", got.Index.N, got.Unplaced, got.Raking)
	}
	// The variance of the mean of both halves: ¼·Σ p(100−p)/n·(n−1 of 39 for 40)
	want := math.Sqrt((1600/10.+1600/30.)/4) * math.Sqrt(40/39.)
	same(t, "error", got.Index.Overall.Precision.SE, want)

	w.wave.Design = survey.Continuous
	if got, err = weigh(t, w, people, margin("gender", cell(500, "m"), cell(500, "f"))); err != nil || got.Index.Overall.Precision != nil {
		t.Errorf("volunteers: %v, %v", got.Index.Overall.Precision, err)
	}
}

func same(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !near(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// The same people by hand over to package stats, which is tested against R.
func TestWeighIsRaking(t *testing.T) {
	in := asked(usual)
	for _, how := range survey.Samplings {
		w, rnd := newWorld(in, how), rand.New(rand.NewPCG(4, 2))
		var people []*survey.Response
		d, y := stats.Design{}, []float64{}
		stage, gender, age := stats.Stage{}, stats.Margin{Population: []float64{300, 700}}, stats.Margin{Population: []float64{600, 400}}
		row := 0
		for _, u := range w.tree.All() {
			if len(w.tree.Children(u.Code)) > 0 {
				continue
			}
			for range 4 + rnd.IntN(9) {
				g, a, score := rnd.IntN(2), rnd.IntN(2), 1+rnd.IntN(5)
				people = append(people, said(in, u.Code, []string{"m", "f"}[g], []string{"young", "old"}[a], score))
				gender.Cell, age.Cell = append(gender.Cell, g), append(age.Cell, a)
				y = append(y, map[bool]float64{true: 100}[score >= 4])
				stage.Stratum, stage.Unit = append(stage.Stratum, row), append(stage.Unit, row)
			}
			row++
		}
		switch how {
		case survey.Stratified:
			d.Stages = []stats.Stage{{Stratum: stage.Stratum}}
		case survey.Clustered:
			for i := range stage.Stratum {
				stage.Stratum[i] /= 4 // units of a province stand together
			}
			d.Stages = []stats.Stage{stage}
		}
		d, raking, err := d.Rake([]stats.Margin{gender, age}, 1e-9, 1000)
		if err != nil {
			t.Fatal(err)
		}
		want, err := d.Mean(y)
		if err != nil {
			t.Fatal(err)
		}
		got, err := weigh(t, w, people, margin("gender", cell(300, "m"), cell(700, "f")), margin("age", cell(600, "young"), cell(400, "old")))
		if err != nil {
			t.Fatal(err)
		}
		p := got.Index.Overall.Precision
		same(t, string(how)+" value", got.Index.Overall.Percent.Value, want.Value)
		same(t, string(how)+" error", p.SE, want.SE)
		same(t, string(how)+" low", p.Low, want.Wilson().Low)
		if p.DF != want.DF || got.Raking != raking {
			t.Errorf("%s: df %v, want %v; %+v, want %+v", how, p.DF, want.DF, got.Raking, raking)
		}
	}
}

// With the sizes of its units a stratified sample is the sum of its strata.
func TestWeighByUnits(t *testing.T) {
	in := asked(usual)
	w := newWorld(in, survey.Stratified)
	var people []*survey.Response
	for i := range 20 {
		people = append(people, said(in, "n.p0.c0", "", "", []int{1, 5, 5, 5}[i%4]))
	}
	for i := range 40 {
		people = append(people, said(in, "n.p1.c1", "", "", []int{1, 5}[i%2]))
	}
	got, err := weigh(t, w, people, margin("", cell(9000, "n.p0"), cell(1000, "n.p1", "n.p2")))
	if err != nil {
		t.Fatal(err)
	}
	e, err := stats.Stratified([]stats.Stratum{{Population: 9000, Share: stats.Share{Percent: 75, N: 20}}, {Population: 1000, Share: stats.Share{Percent: 50, N: 40}}})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "value", got.Index.Overall.Percent.Value, e.Value)
	same(t, "error", got.Index.Overall.Precision.SE, e.SE)

	// Of clusters one below a unit says nothing of how they differ.
	w.wave.Sampling = survey.Clustered
	got, err = weigh(t, w, people, margin("", cell(9000, "n.p0"), cell(1000, "n.p1", "n.p2")))
	if p := got.Index.Overall.Precision; err != nil || p.Lack != survey.OneUnit {
		t.Errorf("%+v, %v", p, err)
	}
	same(t, "value of clusters", got.Index.Overall.Percent.Value, e.Value)
}

func TestWeighNamesEmptyCells(t *testing.T) {
	in := asked(usual)
	w := newWorld(in, survey.Simple)
	_, err := weigh(t, w, []*survey.Response{said(in, "n.p0.c0", "m", "", 5), said(in, "n.p0.c0", "m", "", 4)},
		margin("gender", cell(5, "m"), survey.MarginCell{Of: []string{"f"}, People: 5, Line: 7}))
	if survey.KindOf(err) != survey.Invalid || err.Error() != "estimate.Weigh: line 7 weigh.empty_cell" {
		t.Errorf("%v", err)
	}
}
