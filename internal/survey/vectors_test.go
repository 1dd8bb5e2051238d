package survey

import (
	"encoding/csv"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"
)

// vector reads a file of testdata/vectors as rows by column name.
func vector(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := os.Open("testdata/vectors/" + name + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil || len(all) < 2 {
		t.Fatalf("%s: %d rows, %v", name, len(all), err)
	}
	var rows []map[string]string
	for _, rec := range all[1:] {
		row := map[string]string{}
		for i, col := range all[0] {
			row[col] = rec[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func num(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// known makes n figures of one percentage, as if n items had it.
func known(percent float64, n int) []ItemFigure {
	items := make([]ItemFigure, n)
	for i := range items {
		items[i].Percent = Percent{percent, true}
	}
	return items
}

func TestNational2023(t *testing.T) {
	spec := Spec{Domain: MeanOfItems, Overall: MeanOfItems, Item: SatisfiedShare}
	var service, all []ItemFigure
	for _, row := range vector(t, "national_2023_factors") {
		n, _ := strconv.Atoi(row["items"])
		switch row["level"] {
		case "factor":
			service = append(service, known(num(t, row["value"]), n)...)
		case "domain":
			if row["code"] == "policy" {
				all = append(all, known(num(t, row["value"]), n)...)
			}
		}
	}
	domain := spec.combine(spec.Domain, service, nil, nil).Percent
	if got := math.Round(domain.Value*1000) / 1000; got != 82.896 {
		t.Errorf("service domain = %v, want 82.896", got)
	}
	all = append(all, service...)
	overall := spec.combine(spec.Overall, all, nil, nil).Percent
	if len(all) != 39 || math.Round(overall.Value*1000)/1000 != 82.657 || overall.Round(2) != 82.66 {
		t.Errorf("overall of %d items = %v, shown %v, want 82.657 shown 82.66", len(all), overall.Value, overall.Round(2))
	}
	if unweighted := mean([]Figure{{Percent: domain}, {Percent: Percent{82.49, true}}}); unweighted.Round(2) == 82.66 {
		t.Error("the mean of the two domains also gives 82.66: the vector no longer tells the rules apart")
	}
}

func TestDomainToOverall(t *testing.T) {
	for _, row := range vector(t, "domain_to_overall") {
		policy, service := num(t, row["policy"]), num(t, row["service"])
		items := append(known(policy, 23), known(service, 16)...)
		domains := []Figure{{Percent: Percent{policy, true}}, {Percent: Percent{service, true}}}
		rules := map[string][]Rule{
			"mean_of_domains": {MeanOfDomains}, "mean_of_items": {MeanOfItems}, "either": {MeanOfDomains, MeanOfItems},
		}[row["rule"]]
		if rules == nil {
			t.Errorf("%s %s: unknown rule %q", row["place"], row["year"], row["rule"])
		}
		for _, rule := range rules {
			got := Spec{}.combine(rule, items, nil, domains).Percent
			// The inputs are rounded themselves: half a last digit either way.
			if want := num(t, row["overall_published"]); math.Abs(got.Value-want) > 0.0051 {
				t.Errorf("%s %s by %s = %v, published %v", row["place"], row["year"], rule, got.Value, want)
			}
		}
	}
}

func workedExample(t *testing.T) (*Instrument, Tally) {
	t.Helper()
	in := &Instrument{ID: "worked@1", Spec: Spec{
		Satisfied: []string{"4", "5"}, Item: SatisfiedShare, Factor: MeanOfItems, Domain: MeanOfItems, Overall: MeanOfItems,
	}}
	section, factor := Section{Code: "s"}, Factor{Code: "f"}
	for _, row := range vector(t, "worked_example") {
		q := &Question{Code: ItemCode(row["item"]), Kind: Scale}
		for v := 1; v <= 5; v++ {
			q.Options = append(q.Options, Option{Value: strconv.Itoa(v)})
		}
		section.Questions = append(section.Questions, q)
		factor.Items = append(factor.Items, q.Code)
	}
	in.Sections = []Section{section}
	in.Domains = []Domain{{Code: "d", Factors: []Factor{factor}}}
	in.Seal()
	tally := Tally{N: 100, Counts: make([]int64, in.Slots())}
	for _, row := range vector(t, "worked_example") {
		q := in.Question(ItemCode(row["item"]))
		for i, col := range []string{"very_dissatisfied", "dissatisfied", "neutral", "satisfied", "very_satisfied"} {
			tally.Counts[q.slot+2+i] = int64(num(t, row[col]))
			tally.Counts[q.slot] += int64(num(t, row[col]))
		}
		if valid := int64(num(t, row["valid"])); tally.Answered(q) != valid || tally.N-valid != int64(num(t, row["missing"])) {
			t.Fatalf("%s: %d answered of %d, the vector says %d valid and %s missing", q.Code, tally.Answered(q), tally.N, valid, row["missing"])
		}
	}
	return in, tally
}

func TestWorkedExample(t *testing.T) {
	in, tally := workedExample(t)
	means := in.Spec
	means.Item = MeanScore
	top2, mean5 := in.Index(tally), in.IndexBy(means, tally)
	for i, row := range vector(t, "worked_example") {
		if got, want := top2.Items[i].Percent.Round(2), num(t, row["top2"]); got != want {
			t.Errorf("%s: satisfied share %v, want %v", row["item"], got, want)
		}
		if got, want := mean5.Items[i].Percent.Round(2), num(t, row["mean5_pct"]); got != want {
			t.Errorf("%s: mean score %v, want %v", row["item"], got, want)
		}
		if got, want := float64(mean5.Items[i].score)/float64(mean5.Items[i].Answered), num(t, row["mean5"]); math.Abs(got-want) > 5e-5 {
			t.Errorf("%s: mean %v, want %v", row["item"], got, want)
		}
	}
	pooled := in.Spec
	pooled.Factor = Pooled
	for name, c := range map[string]struct{ got, want float64 }{
		"factor as mean of items": {top2.Factors[0].Percent.Round(2), 66.21},
		"factor pooled":           {in.IndexBy(pooled, tally).Factors[0].Percent.Round(2), 66.11},
		"factor as mean score":    {mean5.Factors[0].Percent.Round(2), 73.21},
	} {
		if c.got != c.want {
			t.Errorf("%s = %v, want %v", name, c.got, c.want)
		}
	}
}

func TestBallotValidity(t *testing.T) {
	for _, row := range vector(t, "ballots_validity") {
		got := Share(int64(num(t, row["valid"])), int64(num(t, row["issued"]))).Round(2)
		if got != num(t, row["rate"]) {
			t.Errorf("%s: %v, want %s", row["year"], got, row["rate"])
		}
	}
}

func TestNational2020StaysIncomplete(t *testing.T) {
	var factors []Figure
	for _, row := range vector(t, "national_2020_factors") {
		switch {
		case row["factor"] == "overall":
		case row["value"] == "":
			factors = append(factors, Figure{})
		default:
			factors = append(factors, Figure{Percent: Percent{num(t, row["value"]), true}})
		}
	}
	if len(factors) != 5 || factors[4].Percent.Known {
		t.Fatalf("factors = %+v, want five with the last unknown", factors)
	}
	// The mean of the four that are known; a missing one counted as zero would give 69.88.
	if got := mean(factors).Round(2); got != 87.36 {
		t.Errorf("mean of the known factors = %v, want 87.36", got)
	}
}

func TestUongBi2019(t *testing.T) {
	for _, row := range vector(t, "uong_bi_2019") {
		got := Percent{100 * num(t, row["score"]) / num(t, row["max_score"]), true}.Round(2)
		if got != num(t, row["percent"]) {
			t.Errorf("%s: %v, want %s", row["index"], got, row["percent"])
		}
	}
}

func TestPublishedChanges(t *testing.T) {
	values := map[string]Percent{}
	methods := map[string]string{}
	for _, row := range vector(t, "national_series") {
		values[row["year"]], methods[row["year"]] = Percent{num(t, row["overall"]), true}, row["method"]
	}
	for _, row := range vector(t, "quang_ninh") {
		values["qn"+row["year"]] = Percent{num(t, row["sipas"]), true}
	}
	for _, c := range []struct {
		now, then string
		want      float64
	}{{"2024", "2023", 1.28}, {"2023", "2022", 2.58}, {"2019", "2018", 1.46}, {"qn2019", "qn2018", 4.11}, {"qn2023", "qn2022", 3.02}} {
		if got := values[c.now].Minus(values[c.then]).Round(2); got != c.want {
			t.Errorf("%s − %s = %v, want %v", c.now, c.then, got, c.want)
		}
	}
	if methods["2021"] == methods["2022"] {
		t.Error("2021 and 2022 have one method: the break in the series is lost")
	}
}

func TestRank2023(t *testing.T) {
	rows := vector(t, "rank_2023")
	var values []Percent
	for _, row := range rows {
		values = append(values, Percent{num(t, row["index"]), true})
	}
	ranks := Ranks(values)
	for i := range rows {
		for j := range rows {
			// Some provinces are missing between the published ones: only the order can be compared.
			if pi, pj := num(t, rows[i]["rank"]), num(t, rows[j]["rank"]); pi < pj && ranks[i] >= ranks[j] {
				t.Errorf("%s is published before %s, ranked %d and %d", rows[i]["province"], rows[j]["province"], ranks[i], ranks[j])
			}
		}
	}
	if !slices.Equal(ranks[:4], []int{1, 2, 3, 4}) {
		t.Errorf("first ranks = %v, want 1 2 3 4", ranks[:4])
	}
}
