package book

import (
	"slices"
	"testing"

	"sipas/internal/survey"
)

// par is a result of the district type, good in everything.
func par(unit survey.UnitCode, year int, score float64) Result {
	return Result{Key: Key{unit, "par-index-district", year}, Score: Of(score), Status: Final}
}

func TestCheck(t *testing.T) {
	ts := builtinTypes(t)
	for name, c := range map[string]struct {
		change func(*Result)
		field  string
		key    string // "" for nothing to say
		warn   bool
	}{
		"good":                     {func(*Result) {}, "", "", false},
		"score over maximum":       {func(r *Result) { r.Score = Of(100.01) }, "score", "book.over_maximum", false},
		"score over own maximum":   {func(r *Result) { r.Maximum = Of(90) }, "score", "book.over_maximum", false},
		"another maximum":          {func(r *Result) { r.Maximum = Of(110) }, "max_score", "book.other_maximum", true},
		"percent over 100":         {func(r *Result) { r.Percent = Of(100.5) }, "percent", "book.over_maximum", false},
		"percent differs":          {func(r *Result) { r.Percent = Of(91) }, "percent", "book.percent_differs", true},
		"percent rounded":          {func(r *Result) { r.Percent = Of(91.5949) }, "", "", false},
		"below zero":               {func(r *Result) { r.Score = Of(-1) }, "score", "book.below_zero", false},
		"nothing":                  {func(r *Result) { r.Score = Number{} }, "score", "book.no_number", false},
		"rank over rank_of":        {func(r *Result) { r.Rank, r.RankOf = 15, 14 }, "rank", "book.rank_over", false},
		"rank_of not known":        {func(r *Result) { r.Rank = 15 }, "", "", false},
		"rank missing":             {func(r *Result) { r.RankOf = 14 }, "rank", "book.rank_missing", true},
		"year after the type":      {func(r *Result) { r.Year = 2025 }, "year_measured", "book.year_outside", false},
		"no year":                  {func(r *Result) { r.Year = 19 }, "year_measured", "book.bad_year", false},
		"no unit":                  {func(r *Result) { r.Unit = "x" }, "unit", "unit.unknown", false},
		"unit that ended":          {func(r *Result) { r.Unit, r.Year = "hb", 2020 }, "unit", "book.unit_ended", false},
		"unit in its last year":    {func(r *Result) { r.Unit = "hb" }, "", "", false},
		"unit not yet":             {func(r *Result) { r.Unit = "w" }, "unit", "book.unit_not_yet", false},
		"unit of another kind":     {func(r *Result) { r.Unit = "qn" }, "unit", "book.kind_not_scored", false},
		"announced before":         {func(r *Result) { r.Announced = day("2018-12-31") }, "announced", "book.announced_before", false},
		"no component":             {func(r *Result) { r.Parts = []Part{{"x", "", 1}} }, "component:x", "book.no_component", false},
		"component twice":          {func(r *Result) { r.Parts = []Part{{"finance", Self, 1}, {"finance", Self, 2}} }, "component:finance:self", "book.component_twice", false},
		"component of two sources": {func(r *Result) { r.Parts = []Part{{"finance", Self, 1}, {"finance", Appraisal, 2}} }, "", "", false},
		"component over":           {func(r *Result) { r.Parts = []Part{{"finance", "", 12.5}} }, "component:finance", "book.over_maximum", false},
		"source":                   {func(r *Result) { r.Parts = []Part{{"finance", "hearsay", 1}} }, "component:finance:hearsay", "book.bad_source", false},
		"some of the whole":        {func(r *Result) { r.Parts = []Part{{"impact", "", 12}, {"impact.sipas", "", 9}} }, "", "", false},
		"all of the whole": {func(r *Result) {
			r.Type, r.Score, r.Rank = "dgi-949", Of(64.95), 11
			for _, code := range []string{"1", "2", "3", "4", "5", "6", "7", "8"} {
				r.Parts = append(r.Parts, Part{code, "", 8})
			}
		}, "score", "book.total_differs", true},
		"link":   {func(r *Result) { r.Link = "javascript:alert(1)" }, "link", "book.bad_link", false},
		"text":   {func(r *Result) { r.Document = "a\nb" }, "document", "book.bad_text", false},
		"status": {func(r *Result) { r.Status = "" }, "status", "book.bad_status", false},
	} {
		r := par("ub", 2019, 91.59)
		c.change(&r)
		list := Check(ts.Type(r.Type), province, r)
		switch {
		case c.key == "" && len(list) > 0:
			t.Errorf("%s: %v", name, list)
		case c.key != "" && !slices.ContainsFunc(list, func(x Complaint) bool { return x.Key == c.key && x.Field == c.field && x.Warning == c.warn }):
			t.Errorf("%s: %v, want %s at %s", name, list, c.key, c.field)
		}
	}
}

func TestSharedRanksAreAllowed(t *testing.T) {
	a, b, c := par("ub", 2019, 90), par("hb", 2019, 90), par("qn", 2019, 80)
	a.Rank, b.Rank, c.Rank, a.RankOf, b.RankOf, c.RankOf = 2, 2, 3, 14, 14, 13
	odd := CheckTogether([]Result{a, b, c})
	if len(odd) != 2 || odd[0].Key != "book.rank_shared" || odd[0].Args[1] != "hb, ub" || odd[1].Key != "book.rank_of_differs" || odd[1].Args[0] != "13, 14" {
		t.Errorf("%v", odd)
	}
	if shared, of := OddRanks([]Result{a, b, c, a}); len(shared) != 1 || shared[0].Rank != 2 || len(shared[0].Units) != 3 || len(of) != 2 {
		t.Errorf("shared by three: %v of %v", shared, of)
	}
	b.Rank, c.RankOf = 0, 0
	if shared, of := OddRanks([]Result{a, b, b, c}); shared != nil || len(of) != 1 {
		t.Errorf("of the last two ranks one is not known: %v of %v", shared, of)
	}
	b.Rank = 2
	rows := League(NewLines(reorganised()), builtinTypes(t).Type("par-index-district"), []Result{a, b, c}, nil, 0, nil)
	if !rows[0].Shared || !rows[1].Shared || rows[2].Shared || rows[0].Place != 1 || rows[1].Place != 1 || rows[2].Place != 3 {
		t.Errorf("%+v", rows)
	}
}

func TestCompare(t *testing.T) {
	ty := builtinTypes(t).Type("par-index-district")
	base := func() (now, before *Result) {
		a, b := par("ub", 2019, 91.59), par("ub", 2018, 90.1)
		a.Rank, a.RankOf, b.Rank, b.RankOf = 8, 14, 5, 14
		return &a, &b
	}
	for name, c := range map[string]struct {
		change  func(now, before *Result)
		rank    string
		places  int
		score   string
		remarks int
	}{
		"down three":      {func(_, _ *Result) {}, "book.rank_down", -3, "", 0},
		"up one":          {func(now, b *Result) { now.Rank, b.Rank = 2, 3 }, "book.rank_up", 1, "", 0},
		"same":            {func(now, b *Result) { now.Rank = 5 }, "book.rank_same", 0, "", 0},
		"other rank_of":   {func(now, _ *Result) { now.RankOf = 13 }, "book.other_rank_of", 0, "", 0},
		"unknown rank_of": {func(now, _ *Result) { now.RankOf = 0 }, "book.rank_down", -3, "", 1},
		"no rank":         {func(now, _ *Result) { now.Rank = 0 }, "book.no_rank", 0, "", 0},
		"other scale":     {func(_, b *Result) { b.Maximum = Of(80) }, "book.rank_down", -3, "book.other_scale", 0},
		"other method":    {func(_, b *Result) { b.Type = "x" }, "book.other_method", 0, "book.other_method", 0},
		"no score":        {func(_, b *Result) { b.Score = Number{} }, "book.rank_down", -3, "book.no_score", 0},
		"provisional":     {func(now, _ *Result) { now.Status = Provisional }, "book.rank_down", -3, "", 1},
		"synthetic":       {func(_, b *Result) { b.Synthetic = true }, "book.rank_down", -3, "", 1},
	} {
		now, before := base()
		c.change(now, before)
		got := Compare(ty, now, before)
		ranked := c.rank == "book.rank_up" || c.rank == "book.rank_down" || c.rank == "book.rank_same"
		if got.RankHow.Key != c.rank || got.Rank != c.places || got.Ranked != ranked || got.ScoreHow.Key != c.score || len(got.Remarks) != c.remarks {
			t.Errorf("%s: %+v", name, got)
		}
		if got.Score.Known != (c.score == "") || got.Score.Known && got.Score.Value != 1.49 {
			t.Errorf("%s: the score changes by %v", name, got.Score)
		}
	}
	now, _ := base()
	if got := Compare(ty, now, nil); got.RankHow.Key != "book.no_earlier" || got.Score.Known || got.Ranked {
		t.Errorf("without a year before: %+v", got)
	}
}

func TestParts(t *testing.T) {
	ty := builtinTypes(t).Type("par-index-district")
	r, other, before := par("ub", 2019, 45), par("hb", 2019, 50), par("ub", 2018, 46)
	r.Parts = []Part{{"finance", "", 6}, {"organisation", "", 10.5}, {"impact", "", 12}, {"impact.sipas", "", 9}, {"procedures", Self, 13}}
	other.Parts = []Part{{"finance", "", 9}, {"organisation", "", 9.5}, {"impact.sipas", Computed, 8}}
	before.Parts = []Part{{"finance", "", 5}, {"impact.sipas", "", 9.3}}
	rows := Parts(ty, r, &before, NewBoard(ty, 2019, []Result{r, other}).Means())
	byCode := map[string]PartRow{}
	for _, row := range rows {
		byCode[row.Component.Code] = row
	}
	if got, want := byCode["finance"], (PartRow{ty.Component("finance"), Of(6), Of(50), Of(6), Of(7.5), 2, Of(-1.5), Of(1)}); got != want {
		t.Errorf("finance: %+v, want %+v", got, want)
	}
	if got := byCode["impact.sipas"]; got.N != 2 || got.Mean != Of(8.5) {
		t.Errorf("what a component's own source says is not in its mean: %+v", got)
	}
	if got := byCode["procedures"]; got.Score.Known || got.N != 0 {
		t.Errorf("what a unit says of itself counts as its score: %+v", got)
	}
	for by, want := range map[Order]string{
		FarthestFromMaximum: "finance impact impact.sipas", // organisation has all; impact has more parts than SIPAS
		BelowMean:           "finance",
		BelowYear:           "impact.sipas",
	} {
		got := ""
		for i, row := range Weakest(rows, by) {
			if i > 0 {
				got += " "
			}
			got += row.Component.Code
		}
		if got != want {
			t.Errorf("weak by %s: %q, want %q", by, got, want)
		}
	}
	other.Type = "x"
	if rows := Parts(ty, r, &other, NewBoard(ty, 2019, nil).Means()); rows[len(rows)-1].FromYear.Known {
		t.Error("components of another type are compared")
	}
}

func TestLosses(t *testing.T) {
	ty := builtinTypes(t).Type("par-index-district")
	r, second, third := par("ub", 2019, 80), par("a", 2019, 85), par("b", 2019, 84)
	r.Rank, r.RankOf = 3, 3
	r.Parts = []Part{{"finance", "", 8}, {"procedures", "", 12}, {"impact", "", 10.5}}
	list := Losses(ty, r, []Result{r, second, third})
	want := []Loss{
		{ty.Component("impact"), 6, Of(86), 1},
		{ty.Component("finance"), 4, Of(84), 2},
		{ty.Component("procedures"), 1, Of(81), 3},
		{nil, 9, Number{}, 0},
	}
	if len(list) != len(want) {
		t.Fatalf("%+v", list)
	}
	sum := 0.0
	for i := range want {
		sum += list[i].Lost
		if list[i] != want[i] {
			t.Errorf("loss %d is %+v, want %+v", i, list[i], want[i])
		}
	}
	if sum != 20 {
		t.Errorf("%v points are explained, 20 are missing", sum)
	}
	r.RankOf = 14
	if got := Losses(ty, r, []Result{r, second, third})[0].Rank; got != 0 {
		t.Errorf("a rank of %d among 14 of whom 3 are known", got)
	}
	r.Score = Number{}
	if got := Losses(ty, r, nil); got != nil {
		t.Errorf("losses without a score: %v", got)
	}
	if got := Losses(builtinTypes(t).Type("sipas-2017"), Result{Percent: Of(80)}, nil); got != nil {
		t.Errorf("points of an index that is a mean: %v", got)
	}
}

func TestCommend(t *testing.T) {
	ty := builtinTypes(t).Type("sipas-2017")
	rules := Rules{Level: 90, Points: 1, N: 30, Doubtful: 5}
	one := func(change func(*Candidate)) Candidate {
		now := Result{Key: Key{"ub", ty.Code, 2019}, Percent: Of(93.28), Rank: 5, RankOf: 14, Status: Final}
		before := Result{Key: Key{"ub", ty.Code, 2018}, Percent: Of(92), Rank: 8, RankOf: 14, Status: Final}
		c := Candidate{LeagueRow: &League(NewLines(reorganised()), ty, []Result{now}, []Board{NewBoard(ty, 2018, []Result{before})}, 2018, nil)[0], Doubtful: Of(1)}
		change(&c)
		return c
	}
	for _, c := range []struct {
		name   string
		change func(*Candidate)
		rule   Rule // that is not met; "": all are
		key    string
	}{
		{"good", func(*Candidate) {}, "", ""},
		{"low", func(c *Candidate) { c.Percent = Of(89.99) }, LevelRule, "book.rule.level.low"},
		{"no level", func(c *Candidate) { c.Percent = Number{} }, LevelRule, "book.rule.no_level"},
		{"unchanged", func(c *Candidate) { c.Change.Score = Of(0) }, ImprovementRule, "book.rule.little"},
		{"a little more is no news", func(c *Candidate) { c.Change.Score = Of(0.99) }, ImprovementRule, "book.rule.little"},
		{"worse", func(c *Candidate) { c.Change.Score = Of(-2) }, ImprovementRule, "book.rule.little"},
		{"another method", func(c *Candidate) { c.Change = Change{ScoreHow: Words{Key: "book.other_method"}} }, ImprovementRule, "book.other_method"},
		{"more by chance, however much", func(c *Candidate) { c.N, c.Chance = 300, Noise }, ImprovementRule, "book.rule.noise"},
		{"nothing to test it with", func(c *Candidate) { c.N, c.Chance = 300, Untested }, ImprovementRule, "book.rule.untested"},
		{"beyond chance, however little", func(c *Candidate) { c.N, c.Chance, c.Change.Score = 300, Beyond, Of(0.4) }, "", ""},
		{"worse beyond chance", func(c *Candidate) { c.N, c.Chance, c.Change.Score = 300, Beyond, Of(-3) }, ImprovementRule, "book.rule.beyond"},
		{"few responses", func(c *Candidate) { c.N, c.Chance = 29, Beyond }, SampleRule, "book.rule.sample.few"},
		{"doubtful", func(c *Candidate) { c.Doubtful = Of(5.01) }, QualityRule, "book.rule.doubtful.many"},
		{"provisional", func(c *Candidate) { c.Status = Provisional }, QualityRule, "book.rule.provisional"},
	} {
		v := Commend(ty, rules, []Candidate{one(c.change)})[0]
		if v.Commended != (c.rule == "") || len(v.Findings) != len(RuleNames) {
			t.Errorf("%s: %+v", c.name, v)
		}
		for i, x := range v.Findings {
			if x.Rule != RuleNames[i] || (x.Standing == NotMet) != (x.Rule == c.rule) || x.Standing == NotMet && x.Key != c.key {
				t.Errorf("%s: %+v, want only %s not met: %s", c.name, x, c.rule, c.key)
			}
		}
	}
	bare := Commend(ty, rules, []Candidate{one(func(*Candidate) {})})[0]
	if x := bare.Findings[2]; x.Standing != NotAsked {
		t.Errorf("responses are asked of a figure that was published without: %+v", x)
	}
	list := Commend(ty, rules, []Candidate{one(func(c *Candidate) { c.N = 1 }), one(func(c *Candidate) { c.Unit = "hb" })})
	if list[0].Unit != "hb" || !list[0].Commended {
		t.Errorf("the commended do not come first: %+v", list)
	}
}

func TestCommendPointsAndPlaces(t *testing.T) {
	ty := builtinTypes(t).Type("one-stop-2018") // of 18 points
	judge := func(rules Rules, change float64, places int) Finding {
		now := Result{Key: Key{"w", ty.Code, 2026}, Score: Of(16), Status: Final}
		c := Candidate{LeagueRow: &LeagueRow{Result: &now, Change: Change{Score: Of(change), Ranked: true, Rank: places}}}
		return Commend(ty, rules, []Candidate{c})[0].Findings[1]
	}
	for _, c := range []struct {
		points float64
		ranks  int
		change float64
		places int
		met    bool
	}{
		{1, 0, 0.18, 0, true}, // 1 % of 18
		{1, 0, 0.17, 9, false},
		{1, 3, 0.17, 3, true},
		{1, 3, 0.17, 2, false},
		{100, 3, -0.5, 4, true}, // ranks are asked for
		{2, 0, 0.18, 9, false},
	} {
		if got := judge(Rules{Points: c.points, Places: c.ranks}, c.change, c.places); (got.Standing == Met) != c.met {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

func TestCorrelate(t *testing.T) {
	ts := builtinTypes(t)
	x, y := ts.Type("sipas-2017"), ts.Type("par-index-district")
	var xs, ys []Result
	for i, v := range []float64{80, 85, 90, 95, 70} {
		u := survey.UnitCode(rune('a' + i))
		xs = append(xs, Result{Key: Key{u, x.Code, 2019}, Percent: Of(v), Parts: []Part{{"access", "", 100 - v}}})
		ys = append(ys, Result{Key: Key{u, y.Code, 2019}, Score: Of(v - 3), Parts: []Part{{"impact", "", 5}}})
	}
	ys = ys[:4] // the last has no PAR INDEX
	ys[0].Parts = nil
	find := func(f, c string) Pairing {
		for _, p := range Correlate(NewBoard(x, 2019, xs), append([]*Component{nil}, x.All()...), NewBoard(y, 2019, ys), append([]*Component{nil}, y.All()...)) {
			if p.Factor == x.Component(f) && p.Component == y.Component(c) {
				return p
			}
		}
		t.Fatalf("no pair of %q and %q", f, c)
		return Pairing{}
	}
	if p := find("", ""); !p.Known || p.N != 4 || p.Pearson.R < 0.999999 || p.Spearman.R < 0.999999 {
		t.Errorf("the wholes: %+v", p)
	}
	if p := find("access", ""); p.Pearson.R > -0.999999 {
		t.Errorf("access, which falls: %+v", p)
	}
	if p := find("access", "impact"); p.Known || p.N != 3 {
		t.Errorf("three units that do not differ: %+v", p)
	}
	if p := find("results", "impact"); p.Known || p.N != 0 {
		t.Errorf("a factor nobody has: %+v", p)
	}
}

func TestPeers(t *testing.T) {
	rs := []Result{par("w", 2025, 1), par("hb", 2019, 1), par("qn", 2019, 1), par("nowhere", 2019, 1), par("ub", 2019, 1)}
	all := Leagues(province, rs)
	if want := []Ranked{{Among{"", Provinces}, 1}, {Among{"qn", Districts}, 2}, {Among{"qn", Communes}, 1}}; !slices.Equal(all, want) {
		t.Fatalf("%v, want %v", all, want)
	}
	for i, want := range []string{"qn", "hb ub", "w"} {
		got := ""
		for _, r := range (Board{Type: &Type{}, Results: rs}).Peers(province, all[i].Among).Results {
			got += " " + string(r.Unit)
		}
		if got != " "+want {
			t.Errorf("peers of %v are%s, want %s", all[i], got, want)
		}
	}
}
