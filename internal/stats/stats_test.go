package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// near reports whether got is want to four decimals of a proportion, as the
// papers print them.
func near(got, want float64) bool { return math.Abs(got-want) <= 0.005+1e-9 }

func share(part, whole int64) Share { return Share{100 * float64(part) / float64(whole), whole} }

// The first four are table I, method 3, of R. G. Newcombe, Two-sided confidence
// intervals for the single proportion, Statistics in Medicine 17 (1998)
// 857–872. The others are worked by hand: for 10 of 10,
// low = 1 / (1 + z²/10) = 10 / 13.84146 = 72.2467 %.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		s    Share
		want Interval
	}{
		{share(81, 263), Interval{25.53, 36.62}},
		{share(15, 148), Interval{6.24, 16.05}},
		{share(0, 20), Interval{0, 16.11}},
		{share(1, 29), Interval{0.61, 17.18}},
		{share(10, 10), Interval{72.25, 100}},
		{Share{50, 100}, Interval{40.38, 59.62}},
		{Share{88.43, 4012}, Interval{87.40, 89.38}},
		{Share{}, Interval{0, 100}},
	} {
		if got := Wilson(c.s); !near(got.Low, c.want.Low) || !near(got.High, c.want.High) {
			t.Errorf("Wilson(%v) = %v, want %v", c.s, got, c.want)
		}
	}
}

// Table II, method 10, of Newcombe's paper on differences; the last by hand:
// both sides 50 % of 100, limits 40.3832 and 59.6168, √2 × 9.6168 = 13.6002.
func TestDifference(t *testing.T) {
	for _, c := range []struct {
		a, b Share
		want Interval
	}{
		{share(56, 70), share(48, 80), Interval{5.24, 33.39}},
		{share(9, 10), share(3, 10), Interval{17.05, 80.90}},
		{share(6, 7), share(2, 7), Interval{5.82, 80.62}},
		{share(5, 56), share(0, 29), Interval{-3.81, 19.26}},
		{Share{50, 100}, Share{50, 100}, Interval{-13.60, 13.60}},
	} {
		got := Difference(c.a, c.b)
		if !near(got.Low, c.want.Low) || !near(got.High, c.want.High) {
			t.Errorf("Difference(%v, %v) = %v, want %v", c.a, c.b, got, c.want)
		}
		if Differ(c.a, c.b) == got.Has(0) {
			t.Errorf("Differ(%v, %v) disagrees with its interval %v", c.a, c.b, got)
		}
	}
}

func TestHalfIsTheLargerSide(t *testing.T) {
	if got := (Interval{2, 10}).Half(5); got != 5 {
		t.Errorf("got %v, want 5", got)
	}
	if got := (Interval{2, 6}).Half(5); got != 3 {
		t.Errorf("got %v, want 3", got)
	}
}

func drawShare(t *rapid.T, name string) Share {
	n := rapid.Int64Range(1, 100_000).Draw(t, name+" n")
	return share(rapid.Int64Range(0, n).Draw(t, name), n)
}

func TestLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawShare(t, "a"), drawShare(t, "b")
		w := Wilson(a)
		if w.Low < 0 || w.High > 100 || w.Low > a.Percent+1e-9 || w.High < a.Percent-1e-9 {
			t.Fatalf("Wilson(%v) = %v does not hold its own percentage", a, w)
		}
		more := Wilson(Share{a.Percent, a.N * 4})
		if more.High-more.Low > w.High-w.Low {
			t.Fatalf("more people made the interval of %v wider", a)
		}
		d, back := Difference(a, b), Difference(b, a)
		if math.Abs(d.Low+back.High) > 1e-9 || math.Abs(d.High+back.Low) > 1e-9 {
			t.Fatalf("a−b is %v but b−a is %v", d, back)
		}
		if Differ(a, a) {
			t.Fatalf("%v differs from itself", a)
		}
	})
}
