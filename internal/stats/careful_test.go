package stats

import (
	"errors"
	"math"
	"os"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What cannot be computed is refused, and the error says which kind it is.
func TestRefuses(t *testing.T) {
	two := []float64{1, 2}
	for name, c := range map[string]struct {
		got  error
		want error
	}{
		"correlation of three":         {failed(Pearson([]float64{1, 2, 3}, []float64{1, 2, 4})), ErrNoData},
		"ranks of three":               {failed(Spearman([]float64{1, 2, 3}, []float64{1, 2, 4})), ErrNoData},
		"correlation of a constant":    {failed(Pearson([]float64{1, 1, 1, 1}, []float64{1, 2, 4, 5})), ErrNoVariance},
		"correlation of uneven":        {failed(Pearson([]float64{1, 2, 3, 4}, []float64{1, 2, 4})), ErrShape},
		"no rows":                      {failed(Design{}.Mean(nil)), ErrNoData},
		"nobody answered":              {failed(Design{}.Mean([]float64{math.NaN(), math.NaN()})), ErrNoData},
		"too few weights":              {failed(Design{Weight: []float64{1}}.Mean(two)), ErrShape},
		"a weight of 0":                {failed(Design{Weight: []float64{1, 0}}.Mean(two)), ErrShape},
		"a weight that is none":        {failed(Design{Weight: []float64{1, math.NaN()}}.Mean(two)), ErrShape},
		"strata of other rows":         {failed(Design{Stages: []Stage{{Stratum: []int{1}}}}.Mean(two)), ErrShape},
		"over and under differ":        {failed(Design{}.Ratio(Ratio{two, []float64{1}})), ErrShape},
		"no ratios":                    {failed(Design{}.MeanOfRatios(nil, nil)), ErrShape},
		"a coefficient too many":       {failed(Design{}.MeanOfRatios([]Ratio{{two, two}}, two)), ErrShape},
		"a lonely unit":                {failed(Design{Stages: []Stage{{Stratum: []int{1, 1, 2}}}}.Mean([]float64{1, 2, 3})), ErrLonely},
		"two populations of a stratum": {failed(Design{Stages: []Stage{{Population: []float64{5, 6}}}}.Mean(two)), ErrShape},
		"more drawn than there are":    {failed(Design{Stages: []Stage{{Population: []float64{1, 1}}}}.Mean(two)), ErrShape},
		"strata of nobody":             {failed(Stratified(nil)), ErrNoData},
		"a stratum without answers":    {failed(Stratified([]Stratum{{Population: 9}})), ErrEmptyCell},
		"a stratum with one":           {failed(Stratified([]Stratum{{Population: 9, Share: Share{50, 1}}})), ErrLonely},
		"more answers than people":     {failed(Stratified([]Stratum{{Population: 9, Share: Share{50, 10}, Whole: true}})), ErrShape},
		"a unit without rows":          {failed(Design{}.PostStratify(Margin{[]int{0}, two})), ErrEmptyCell},
		"a code without population":    {failed(Design{}.PostStratify(Margin{[]int{7}, two})), ErrShape},
		"no ranks":                     {failed(RankBands(nil, 10, 1)), ErrNoData},
		"no draws":                     {failed(RankBands([]Score{{1, 1}}, 0, 1)), ErrNoData},
		"a score that is none":         {failed(RankBands([]Score{{math.NaN(), 1}}, 10, 1)), ErrShape},
		"an endless error":             {failed(RankBands([]Score{{1, math.Inf(1)}}, 10, 1)), ErrShape},
		"an error below 0":             {failed(RankBands([]Score{{1, -1}}, 10, 1)), ErrShape},
		"alpha of one item":            {failed(NewMoments(1).Alpha()), ErrShape},
		"covariance of nobody":         {failed(NewMoments(2).Covariances()), ErrNoData},
	} {
		if !errors.Is(c.got, c.want) {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
}

func failed[T any](_ T, err error) error { return err }

// TestOneProcessorOrTwo draws with one and with several.
func TestOneProcessorOrTwo(t *testing.T) {
	scores := provinces(300)
	rows := [][]float64{}
	for i := range 60 {
		rows = append(rows, []float64{float64(i % 5), float64(i * 7 % 4), float64(i*3%5) + float64(i%2)})
	}
	draw := func(processors int) ([]RankBand, DriverIntervals) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		return must(RankBands(scores, 500, 7)), must(ResampleDrivers(rows, 2, 200, 7))
	}
	bands, drivers := draw(1)
	for _, processors := range []int{2, 3, 8} {
		b, d := draw(processors)
		if diff := cmp.Diff(bands, b) + cmp.Diff(drivers, d); diff != "" {
			t.Errorf("%d processors (-one +more):\n%s", processors, diff)
		}
	}
	if diff := cmp.Diff(bands, must(RankBands(scores, 500, 8))); diff == "" {
		t.Error("another seed draws the same")
	}
}

// Equal figures share the better rank; what is certain has a band of it alone,
// and ties that are certain stay ties.
func TestTies(t *testing.T) {
	got := must(RankBands([]Score{{80, 0}, {90, 0}, {80, 0}, {70, 0}, {90, 0}}, 100, 1))
	want := []RankBand{{3, 3, 3}, {1, 1, 1}, {3, 3, 3}, {5, 5, 5}, {1, 1, 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	all := must(RankBands(slices.Repeat([]Score{{80, 2}}, 40), 2000, 1))
	for i, b := range all {
		if b.Rank != 1 || b.Low > 3 || b.High < 38 {
			t.Errorf("unit %d of 40 alike: %v", i, b)
		}
	}
	p := BenjaminiHochberg([]float64{0.02, 0.02, 0.5, 0.02})
	if p[0] != p[1] || p[1] != p[3] || math.Abs(p[0]-0.02*4/3) > 1e-15 {
		t.Errorf("tied p-values: %v", p)
	}
}

// A row may be a cluster's totals: the same figures, and the same errors.
func TestRowsOrTotals(t *testing.T) {
	s := readSample(t)
	for _, stratified := range []bool{false, true} {
		rows := Design{Weight: s["weight"], Stages: []Stage{{Unit: s.codes("psu", 0)}}}
		if stratified {
			rows.Stages[0].Stratum = s.codes("stratum", 0)
		}
		index := []Ratio{s.satisfied("a"), s.satisfied("b"), s.satisfied("c")}
		totals, sums := Design{Stages: []Stage{{}}}, make([]Ratio, len(index))
		at := map[[2]int]int{}
		for i := range s["weight"] {
			key := [2]int{rows.Stages[0].Unit[i]}
			if stratified {
				key[1] = rows.Stages[0].Stratum[i]
			}
			c, ok := at[key]
			if !ok {
				c = len(at)
				at[key] = c
				if stratified {
					totals.Stages[0].Stratum = append(totals.Stages[0].Stratum, key[1])
				}
				for k := range sums {
					sums[k].Over, sums[k].Under = append(sums[k].Over, 0), append(sums[k].Under, 0)
				}
			}
			for k, r := range index {
				if !math.IsNaN(r.Over[i]) {
					sums[k].Over[c] += s["weight"][i] * r.Over[i]
					sums[k].Under[c] += s["weight"][i] * r.Under[i]
				}
			}
		}
		want, got := must(rows.MeanOfRatios(index, nil)), must(totals.MeanOfRatios(sums, nil))
		for _, c := range [][2]float64{{want.Value, got.Value}, {want.SE, got.SE}, {want.DF, got.DF}} {
			if math.Abs(c[0]-c[1]) > 1e-9*math.Abs(c[0]) {
				t.Errorf("stratified %v: rows %+v, totals %+v", stratified, want, got)
			}
		}
	}
}

// The comparison with R is worth what it would notice: each of these is a
// mistake of one part in ten million in one figure, and must be seen.
func TestGoldenNotices(t *testing.T) {
	want, got := readGolden(t, os.ReadFile), computed(t)
	for _, name := range []string{
		"wilson", "wilson-deff", "difference", "change-proportion", "change-mean", "change-mean-normal", "benjamini-hochberg",
		"slovin", "sample-size", "margin", "stratified", "stratified-whole", "mean-post", "weights-post", "weights-raked", "mean-raked",
		"mean-certain", "mean-adjusts", "mean-stages", "index-clusters", "alpha", "drivers",
	} {
		values := got[name]
		if len(values) == 0 || len(values) != len(want[name]) {
			t.Errorf("%s is not compared with R", name)
			continue
		}
		if worst, _ := furthest(values, want[name]); !(worst <= allowed(name)) {
			t.Errorf("%s is off to begin with", name)
		}
		for i, v := range values {
			wrong := slices.Clone(values)
			if wrong[i] = v + 1e-7*math.Max(math.Abs(v), 1e-2); v == math.Trunc(v) && name != "wilson" {
				wrong[i] = v + 1 // a person, a degree of freedom
			}
			if worst, at := furthest(wrong, want[name]); worst <= allowed(name) || at != i {
				t.Errorf("%s[%d]: %v instead of %v is not noticed", name, i, wrong[i], v)
			}
		}
	}
}

// A band that is two ranks off, or three that are one off, are no noise.
func TestRanksNotice(t *testing.T) {
	want := readGolden(t, os.ReadFile)["drawn-ranks"]
	for name, c := range map[string]struct {
		by   []float64
		seen bool
	}{
		"nothing": {nil, false}, "two by one": {[]float64{1, -1}, false}, "three by one": {[]float64{1, 1, 1}, true}, "one by two": {[]float64{2}, true},
	} {
		got := slices.Clone(want)
		for i, by := range c.by {
			got[i] += by
		}
		if worst, _ := differs("drawn-ranks", got, want); worst > allowed("drawn-ranks") != c.seen {
			t.Errorf("%s: %v", name, worst)
		}
	}
}

// Mistakes that somebody could make are seen by figures of R: each of these
// stands for a line of the package written another way.
func TestMistakesAreSeen(t *testing.T) {
	want := readGolden(t, os.ReadFile)
	s := readSample(t)
	p, q := plain(4, 5, 3, 4, 5, 5, 2, 4), plain(3, 3, 4, 2, 5, 1, 2, 3, 3, 3, 2)
	stratum, psu, w := s.codes("lonely", 0), s.codes("psu", 0), s["weight"]
	lonely := func(l Lonely) Design {
		return Design{Weight: w, Stages: []Stage{{stratum, psu, s["npsu"]}}, Lonely: l}
	}
	plainPost := must(Design{Weight: w, Stages: []Stage{{Stratum: s.codes("stratum", 0), Unit: psu}}}.Mean(s["overall"]))
	n := p.SE*p.SE + q.SE*q.SE
	pooled := math.Sqrt(n * (p.DF + q.DF)) // degrees of freedom as if the variances were equal
	for name, c := range map[string]struct {
		figure string
		at     int
		wrong  float64
	}{
		"MeanChange with the freedom of equal variances":    {"change-mean", 3, p.DF + q.DF},
		"MeanChange the other way round":                    {"change-mean", 0, p.Value - q.Value},
		"MeanChange by errors added up":                     {"change-mean", 1, p.SE + q.SE},
		"MeanChange with a pooled error":                    {"change-mean", 1, pooled},
		"Slovin rounded instead of up":                      {"slovin", 0, math.Floor(200 / (1 + 200*0.05*0.05))},
		"WilsonDeff that multiplies":                        {"wilson-deff", 0, wilson(share(81, 263).Percent, 263*1.7).Low},
		"WilsonDeff that forgets":                           {"wilson-deff", 0, Wilson(share(81, 263)).Low},
		"Stratified without n − 1":                          {"stratified", 1, want["stratified"][1] * math.Sqrt(0.998)},
		"Stratified that ignores that all were asked":       {"stratified-whole", 1, want["stratified"][1]},
		"PostStratify that keeps what the cells explain":    {"mean-post", 1, plainPost.SE},
		"Lonely units taken for certain instead of distant": {"mean-adjusts", 1, must(lonely(LonelyCertain).Mean(s["overall"])).SE},
		"Lonely units taken for distant instead of certain": {"mean-certain", 1, must(lonely(LonelyAdjusts).Mean(s["overall"])).SE},
	} {
		values := slices.Clone(want[c.figure])
		values[c.at] = c.wrong
		if worst, _ := furthest(values, want[c.figure]); worst <= allowed(c.figure) {
			t.Errorf("%s is not seen: %v", name, c.wrong)
		}
	}
}
