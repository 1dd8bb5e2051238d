package survey

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawInstrument makes a small instrument with every kind of question.
func drawInstrument(t *rapid.T) *Instrument {
	in := &Instrument{ID: "law@1", Spec: Spec{
		Satisfied: []string{"4", "5"},
		Item:      rapid.SampledFrom([]ItemRule{SatisfiedShare, MeanScore}).Draw(t, "item rule"),
		Factor:    rapid.SampledFrom([]Rule{MeanOfItems, Pooled}).Draw(t, "factor rule"),
		Domain:    rapid.SampledFrom([]Rule{MeanOfItems, MeanOfFactors, Pooled}).Draw(t, "domain rule"),
		Overall:   rapid.SampledFrom([]Rule{MeanOfItems, MeanOfFactors, MeanOfDomains, Pooled}).Draw(t, "overall rule"),
	}}
	n := 0
	for d := range rapid.IntRange(1, 3).Draw(t, "domains") {
		domain := Domain{Code: fmt.Sprint("d", d)}
		for f := range rapid.IntRange(1, 3).Draw(t, "factors") {
			section := Section{Code: fmt.Sprint("s", d, f)}
			factor := Factor{Code: fmt.Sprint("f", d, f)}
			for range rapid.IntRange(1, 4).Draw(t, "items") {
				n++
				q := &Question{Code: ItemCode(fmt.Sprint("S", n)), Kind: Scale}
				for v := 1; v <= 5; v++ {
					q.Options = append(q.Options, Option{Value: strconv.Itoa(v)})
				}
				section.Questions = append(section.Questions, q)
				factor.Items = append(factor.Items, q.Code)
			}
			domain.Factors = append(domain.Factors, factor)
			in.Sections = append(in.Sections, section)
		}
		in.Domains = append(in.Domains, domain)
	}
	in.Sections = append(in.Sections,
		Section{Code: "more", Questions: []*Question{
			{Code: "Q2", Kind: Many, Options: []Option{{Value: "tv"}, {Value: "internet"}, {Value: "other"}}},
			{Code: "Q3", Kind: One, Options: []Option{{Value: "yes"}, {Value: "no"}}},
			{Code: "Q4", Kind: FreeText},
		}},
		Section{Code: "who", Respondent: true, Questions: []*Question{{Code: "gender", Kind: One, Options: []Option{{Value: "f"}, {Value: "m"}}}}})
	return in.Seal()
}

// drawAnswers answers some of the questions.
func drawAnswers(t *rapid.T, in *Instrument, respondent bool) Answers {
	given := Answers{}
	for _, q := range in.Questions {
		if q.Respondent != respondent {
			continue
		}
		switch rapid.IntRange(0, 9).Draw(t, "how "+string(q.Code)) {
		case 0, 1: // missing
		case 2:
			given[q.Code] = Skip()
		default:
			given[q.Code] = drawAnswer(t, q)
		}
	}
	return given
}

func drawAnswer(t *rapid.T, q *Question) Answer {
	if q.Kind == FreeText {
		return Value(rapid.StringN(0, 40, 200).Filter(func(s string) bool { return CheckText(s) == "" }).Draw(t, "text"))
	}
	i := rapid.IntRange(0, len(q.Options)-1).Draw(t, "option")
	switch q.Kind {
	case Scale:
		return Score(q.Options[i].Value)
	case Many:
		a := Several()
		for _, o := range q.Options {
			if rapid.Bool().Draw(t, o.Value) {
				a.Values = append(a.Values, o.Value)
			}
		}
		return a
	}
	return Value(q.Options[i].Value)
}

func drawTally(t *rapid.T, in *Instrument, label string) (Tally, []Answers) {
	var tally Tally
	var sheets []Answers
	for range rapid.IntRange(0, 12).Draw(t, label) {
		a := drawAnswers(t, in, false)
		if err := in.Count(&tally, in.Sheet(a)); err != nil {
			t.Fatal(err)
		}
		sheets = append(sheets, a)
	}
	return tally, sheets
}

func TestSheetHoldsEveryAllowedAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstrument(t)
		given := drawAnswers(t, in, false)
		if bad := in.Check(given, drawAnswers(t, in, true)); bad != nil {
			t.Fatalf("allowed answers refused: %v", bad)
		}
		sheet := in.Sheet(given)
		if !json.Valid([]byte(sheet)) {
			t.Fatalf("not JSON: %s", sheet)
		}
		back, err := sheet.Answers()
		if err != nil {
			t.Fatal(err)
		}
		for code, a := range given {
			if !slices.Equal(a.Values, back[code].Values) || a.Skipped != back[code].Skipped {
				t.Fatalf("%s: wrote %+v, read %+v from %s", code, a, back[code], sheet)
			}
		}
		if len(back) != len(given) {
			t.Fatalf("wrote %d answers, read %d", len(given), len(back))
		}
	})
}

func TestTalliesAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstrument(t)
		a, _ := drawTally(t, in, "a")
		b, _ := drawTally(t, in, "b")
		var ab, ba Tally
		ab.Add(a)
		ab.Add(b)
		ba.Add(b)
		ba.Add(a)
		if !ab.Equal(ba) || ab.N != a.N+b.N {
			t.Fatalf("a+b = %+v, b+a = %+v", ab, ba)
		}
		raw, err := ab.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		back := Tally{N: ab.N}
		if err := back.UnmarshalBinary(raw); err != nil || !back.Equal(ab) {
			t.Fatalf("read back %+v of %+v, %v", back, ab, err)
		}
	})
}

func TestIndexMatchesAnswersCountedByHand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstrument(t)
		tally, sheets := drawTally(t, in, "n")
		x := in.Index(tally)
		for _, it := range x.Items {
			var answered, satisfied, score int64
			for _, a := range sheets {
				if v := a[it.Code].One(); v != "" {
					n, _ := strconv.ParseInt(v, 10, 64)
					answered++
					score += n
					if n >= 4 {
						satisfied++
					}
				}
			}
			want := Share(satisfied, answered)
			if in.Spec.Item == MeanScore {
				want = Share(score, 5*answered)
			}
			if it.Answered != answered || it.Satisfied != satisfied || it.Percent != want {
				t.Fatalf("%s = %+v, want %d of %d, %v", it.Code, it, satisfied, answered, want)
			}
		}
	})
}

func TestEveryLevelLiesBetweenItsItems(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstrument(t)
		tally, _ := drawTally(t, in, "n")
		x := in.Index(tally)
		lo, hi, any := math.Inf(1), math.Inf(-1), false
		for _, it := range x.Items {
			if it.Percent.Known {
				lo, hi, any = min(lo, it.Percent.Value), max(hi, it.Percent.Value), true
			}
			if it.Percent.Known != (it.Answered > 0) {
				t.Fatalf("%s: known %v with %d answers", it.Code, it.Percent.Known, it.Answered)
			}
		}
		levels := []Figure{x.Overall}
		for _, f := range x.Factors {
			levels = append(levels, f.Figure)
		}
		for _, d := range x.Domains {
			levels = append(levels, d.Figure)
		}
		for _, f := range levels {
			if f.Percent.Known && (f.Percent.Value < lo-1e-9 || f.Percent.Value > hi+1e-9) {
				t.Fatalf("%v outside %v..%v", f.Percent, lo, hi)
			}
		}
		if x.Overall.Percent.Known != any {
			t.Fatalf("overall known %v, some item answered %v", x.Overall.Percent.Known, any)
		}
	})
}

func TestSkippingChangesNoPercent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstrument(t)
		tally, _ := drawTally(t, in, "n")
		before := in.Index(tally)
		all := Answers{}
		for _, q := range in.Questions {
			if !q.Respondent {
				all[q.Code] = Skip()
			}
		}
		if err := in.Count(&tally, in.Sheet(all)); err != nil {
			t.Fatal(err)
		}
		after := in.Index(tally)
		if after.N != before.N+1 || after.Overall != before.Overall {
			t.Fatalf("overall %+v became %+v after a skipped form", before.Overall, after.Overall)
		}
	})
}

func TestPooledUnitsEqualTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstrument(t)
		in.Spec.Units = rapid.SampledFrom([]UnitsRule{PooledResponses, MeanOfUnits, WeightedUnits}).Draw(t, "units rule")
		parts, weights := map[UnitCode]Index{}, map[UnitCode]float64{}
		var whole Tally
		lo, hi := math.Inf(1), math.Inf(-1)
		for i := range rapid.IntRange(1, 4).Draw(t, "units") {
			u := UnitCode(fmt.Sprint("u", i))
			part, _ := drawTally(t, in, string(u))
			whole.Add(part)
			parts[u], weights[u] = in.Index(part), float64(rapid.IntRange(1, 9).Draw(t, "weight"))
			if p := parts[u].Overall.Percent; p.Known {
				lo, hi = min(lo, p.Value), max(hi, p.Value)
			}
		}
		got := OfUnits(in.Index(whole), parts, weights)
		if in.Spec.Units == PooledResponses {
			if diff := cmp.Diff(in.Index(whole).Overall, got.Overall); diff != "" {
				t.Fatal(diff)
			}
		} else if p := got.Overall.Percent; p.Known && (p.Value < lo-1e-9 || p.Value > hi+1e-9) {
			t.Fatalf("%v outside %v..%v", p, lo, hi)
		}
		if got.N != whole.N {
			t.Fatalf("n = %d, want %d", got.N, whole.N)
		}
	})
}

func TestSpansCoverAPeriodOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := Day(rapid.IntRange(18_000, 24_000).Draw(t, "from"))
		p := Period{from, from + Day(rapid.IntRange(0, 900).Draw(t, "days"))}
		covered, read := map[Day]int{}, 0
		for _, s := range p.Spans() {
			once := 1
			if s.Less {
				once = -1
			}
			for at := s.Lo; at <= s.Hi; at++ {
				if s.Grain == GrainDay {
					covered[Day(at)] += once
					read++
				} else if m := Month(at); m%100 >= 1 && m%100 <= 12 {
					read++
					for d := m.First(); d <= m.Last(); d++ {
						covered[d] += once
					}
				}
			}
		}
		if months := int(p.To-p.From)/28 + 2; read > months+32 { // half a month at each end, and the month
			t.Fatalf("%v takes %d tallies", p, read)
		}
		for d := p.From - 40; d <= p.To+40; d++ {
			want := 0
			if p.Contains(d) {
				want = 1
			}
			if covered[d] != want {
				t.Fatalf("%v of %v covered %d times, want %d", d, p, covered[d], want)
			}
		}
		before := p.Before()
		if before.To != p.From-1 || before.From > before.To {
			t.Fatalf("before %v = %v", p, before)
		}
	})
}

func TestRanksShareTies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var values []Percent
		for range rapid.IntRange(0, 20).Draw(t, "n") {
			values = append(values, Percent{float64(rapid.IntRange(0, 5).Draw(t, "v")), rapid.Bool().Draw(t, "known")})
		}
		for i, r := range Ranks(values) {
			want := 0
			if values[i].Known {
				want = 1
				for _, v := range values {
					if v.Known && v.Value > values[i].Value {
						want++
					}
				}
			}
			if r != want {
				t.Fatalf("rank of %v in %v = %d, want %d", values[i], values, r, want)
			}
		}
	})
}

func TestReceiptsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := ReceiptKey(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "key"))
		seq := rapid.Int64Range(1, 1<<receiptSeqBits-1).Draw(t, "seq")
		id := rapid.StringMatching(`[0-9a-f]{8}`).Draw(t, "id")
		r := key.Receipt(seq, id)
		if got, ok := key.Seq(r); !ok || got != seq || len(r) != 14 {
			t.Fatalf("%s gives %d, %v; want %d", r, got, ok, seq)
		}
		if got, ok := key.Seq(Receipt(" " + Plain(string(r)) + "-")); !ok || got != seq {
			t.Fatalf("%s without its hyphens gives %d, %v", r, got, ok)
		}
		if other := key.Receipt(seq, id+"x"); other == r {
			t.Fatalf("two ids share receipt %s", r)
		}
	})
}

func TestFoldedTalliesCheck(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstrument(t)
		c := tallyChecker{rnd: rand.New(rand.NewPCG(1, 2))}
		a, _ := drawTally(t, in, "a")
		b, _ := drawTally(t, in, "b")
		sum := Tally{}
		sum.Add(a)
		sum.Add(b)
		if c.print(a)+c.print(b) != c.print(sum) {
			t.Fatal("the print of a sum is not the sum of the prints")
		}
		if len(sum.Counts) > 0 {
			sum.Counts[rapid.IntRange(0, len(sum.Counts)-1).Draw(t, "slot")]++
			if c.print(a)+c.print(b) == c.print(sum) {
				t.Fatal("a changed count has the same print")
			}
		}
	})
}

// Rounding looks at the decimals only near a half, and that changes nothing.
func TestRoundNearHalves(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		decimals := rapid.IntRange(0, 3).Draw(rt, "decimals")
		thousandths := rapid.Int64Range(-1_000_000, 10_000_000).Draw(rt, "value")
		p := Percent{Value: float64(thousandths)/1e4 + rapid.SampledFrom([]float64{0, 0, 1e-13, -1e-13, 1e-7}).Draw(rt, "off"), Known: true}
		scale := math.Pow10(decimals)
		shortest, _ := strconv.ParseFloat(strconv.FormatFloat(p.Value, 'g', 15, 64), 64)
		if want := math.Floor(shortest*scale+0.5+1e-9) / scale; p.Round(decimals) != want {
			rt.Fatalf("%v to %d decimals is %v, want %v", p.Value, decimals, p.Round(decimals), want)
		}
	})
}
