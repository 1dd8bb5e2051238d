package survey

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestExplainAddsUp: what a figure is said to be made of makes that figure,
// and its items' counts are those of the answers.
func TestExplainAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstrument(t)
		var tally Tally
		for range rapid.IntRange(0, 8).Draw(t, "responses") {
			if err := in.Count(&tally, in.Sheet(drawAnswers(t, in, false))); err != nil {
				t.Fatal(err)
			}
		}
		x := in.Index(tally)
		seen := 0
		for key := range in.parts(x) {
			e, err := in.Explain(x, key)
			if err != nil {
				t.Fatal(err)
			}
			if got := remake(x.Spec, e); got.Known != e.Percent.Known || math.Abs(got.Value-e.Percent.Value) > 1e-9 {
				t.Fatalf("%s is %+v, what it is made of gives %+v", key, e.Percent, got)
			}
			seen++
		}
		if want := 1 + len(x.Domains) + len(x.Factors) + len(x.Items); seen != want {
			t.Fatalf("%d figures, want %d", seen, want)
		}
		if _, err := in.Explain(x, "factor:none.such"); KindOf(err) != NotFound {
			t.Fatalf("an unknown figure: %v", err)
		}
	})
}

// remake computes a figure from its explanation alone, in another way than
// IndexBy.
func remake(spec Spec, e Explanation) Percent {
	if e.Parts != nil {
		sum, n := 0.0, 0.0
		for _, p := range e.Parts {
			if p.Percent.Known {
				sum, n = sum+p.Percent.Value, n+1
			}
		}
		return Percent{sum / max(n, 1), n > 0}
	}
	over, under := 0.0, 0.0
	for _, it := range e.Items {
		for i, c := range it.Counts {
			switch {
			case spec.Item == MeanScore:
				over += float64(c) * float64(i+1)
			case i >= 3: // 4 and 5 of five levels
				over += float64(c)
			}
		}
		if spec.Item == MeanScore {
			under += 5 * float64(it.Answered)
		} else {
			under += float64(it.Answered)
		}
	}
	return Percent{100 * over / max(under, 1), under > 0}
}
