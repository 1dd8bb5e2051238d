package simulate_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	"sipas/internal/simulate"
	"sipas/internal/survey"
)

const (
	nationUnits  = 300
	nationPeople = 20_000
	nationDays   = 730
)

var nationUntil = survey.DayOf(time.Date(2026, 10, 31, 0, 0, 0, 0, time.UTC))

// nationTime is seven hours ahead of UTC, as in Việt Nam.
var nationTime = time.FixedZone("ICT", 7*3600)

func history(t testing.TB, seed uint64, people int) (*simulate.Nation, *simulate.History, *survey.Instrument) {
	t.Helper()
	for _, in := range instruments(t) {
		if in.ID == "moha-2023@1" {
			n := simulate.NewNation(seed, nationUnits, in.ID, nationUntil-nationDays+1, nationUntil)
			return n, simulate.NewHistory(seed, n, in, people, nationTime), in
		}
	}
	t.Fatal("there is no moha-2023@1")
	return nil, nil, nil
}

// TestTheSameSeedMakesTheSameHistory: all of it follows from the seed, so that
// what was stopped can go on, and two machines measure the same.
func TestTheSameSeedMakesTheSameHistory(t *testing.T) {
	digest := func(seed uint64) string {
		n, h, _ := history(t, seed, 3000)
		sum := sha256.New()
		enc := json.NewEncoder(sum)
		if err := enc.Encode(n); err != nil {
			t.Fatal(err)
		}
		for s, ok := h.Next(); ok; s, ok = h.Next() {
			if err := enc.Encode(s); err != nil {
				t.Fatal(err)
			}
		}
		return fmt.Sprintf("%x", sum.Sum(nil))
	}
	a := digest(5)
	if b := digest(5); a != b {
		t.Error("the same seed made another history")
	}
	if c := digest(6); a == c {
		t.Error("another seed made the same history")
	}
}

// person is what the tests need to know of one response.
type person struct {
	unit   survey.UnitCode
	at     time.Time
	wave   survey.WaveID
	theta  float64 // mean of the items
	p, q   float64 // two of them
	age    string
	unseen bool // one of the two was left out
}

func listen(t testing.TB) (n *simulate.Nation, people []person, bad int) {
	n, h, in := history(t, 7, nationPeople)
	points := map[survey.PointCode]survey.Point{}
	for _, places := range [][]simulate.Place{n.Places, n.Samples[0], n.Samples[1]} {
		for _, p := range places {
			points[p.Point.Code] = p.Point
		}
	}
	for s, ok := h.Next(); ok; s, ok = h.Next() {
		if wrong := in.Check(s.Answers, s.Respondent); len(wrong) > 0 {
			t.Fatalf("respondent %d: %+v", len(people), wrong)
		}
		pt := points[s.Point]
		p := person{unit: pt.Unit, wave: pt.Wave, at: s.SubmittedAt.In(nationTime), age: s.Respondent["age"].One()}
		sum, k := 0.0, 0.0
		for _, item := range in.Items() {
			if x, err := strconv.ParseFloat(s.Answers[item].One(), 64); err == nil {
				sum, k = sum+x, k+1
			}
		}
		p.theta = sum / k
		var err1, err2 error
		p.p, err1 = strconv.ParseFloat(s.Answers["P01"].One(), 64)
		p.q, err2 = strconv.ParseFloat(s.Answers["S34"].One(), 64)
		p.unseen = err1 != nil || err2 != nil || k == 0
		people = append(people, p)
	}
	return n, people, h.Bad
}

// TestHistory: the structure that figures are to be measured with is there.
func TestHistory(t *testing.T) {
	n, people, bad := listen(t)
	if len(n.Units) != nationUnits {
		t.Errorf("%d units, want %d", len(n.Units), nationUnits)
	}
	if len(people) != nationPeople {
		t.Errorf("%d responses, want %d", len(people), nationPeople)
	}
	if !slices.IsSortedFunc(people, func(a, b person) int { return a.at.Compare(b.at) }) {
		t.Error("responses are not in the order of time")
	}
	within := func(what string, got, lo, hi float64) {
		t.Helper()
		t.Logf("%s: %.3f", what, got)
		if !(got >= lo && got <= hi) {
			t.Errorf("%s is %.3f, want %.3f to %.3f", what, got, lo, hi)
		}
	}
	within("share of bad actors", float64(bad)/nationPeople, 0.017, 0.021)
	within("correlation of two items", correlation(people), 0.3, 0.8)
	within("intraclass correlation of units", icc(people), 0.03, 0.15)
	within("largest unit over the middle one", skew(people, 1, 0.5), 5, 60)
	within("size of a large unit over a small one", skew(people, 0.9, 0.1), 6, 20)
	within("share of the sample waves", share(people, func(p person) bool { return p.wave != simulate.Continuous }), 0.039, 0.041)
	within("share on Sundays", share(people, func(p person) bool { return p.at.Weekday() == time.Sunday }), 0.001, 0.02)
	within("share on Mondays", share(people, func(p person) bool { return p.at.Weekday() == time.Monday }), 0.19, 0.27)
	within("share in the second year", share(people, func(p person) bool { return survey.DayOf(p.at) > nationUntil-nationDays/2 }), 0.52, 0.66)
	first, last := mean(people, func(p person) bool { return survey.DayOf(p.at) <= nationUntil-600 }), mean(people, func(p person) bool { return survey.DayOf(p.at) > nationUntil-130 })
	within("drift of the mean", last-first, 0.05, 0.4)
	within("oldest above youngest", mean(people, func(p person) bool { return p.age == "over-60" })-mean(people, func(p person) bool { return p.age == "18-24" }), 0.1, 0.9)
}

func share(people []person, is func(person) bool) float64 {
	k := 0
	for _, p := range people {
		if is(p) {
			k++
		}
	}
	return float64(k) / float64(len(people))
}

func mean(people []person, is func(person) bool) float64 {
	sum, k := 0.0, 0.0
	for _, p := range people {
		if !p.unseen && is(p) {
			sum, k = sum+p.theta, k+1
		}
	}
	return sum / k
}

func correlation(people []person) float64 {
	var n, x, y, xx, yy, xy float64
	for _, p := range people {
		if !p.unseen {
			n, x, y, xx, yy, xy = n+1, x+p.p, y+p.q, xx+p.p*p.p, yy+p.q*p.q, xy+p.p*p.q
		}
	}
	return (n*xy - x*y) / math.Sqrt((n*xx-x*x)*(n*yy-y*y))
}

// byUnit are the means of people's items in each unit.
func byUnit(people []person) map[survey.UnitCode][]float64 {
	units := map[survey.UnitCode][]float64{}
	for _, p := range people {
		if !p.unseen {
			units[p.unit] = append(units[p.unit], p.theta)
		}
	}
	return units
}

// icc is ICC(1) of the one-way analysis of variance with units of unequal size:
// Donner and Koval, Biometrics 36 (1980).
func icc(people []person) float64 {
	var n, sum, squares float64
	units := byUnit(people)
	for _, xs := range units {
		for _, x := range xs {
			n, sum = n+1, sum+x
		}
		squares += float64(len(xs)) * float64(len(xs))
	}
	var between, within float64
	for _, xs := range units {
		m := 0.0
		for _, x := range xs {
			m += x / float64(len(xs))
		}
		between += float64(len(xs)) * (m - sum/n) * (m - sum/n)
		for _, x := range xs {
			within += (x - m) * (x - m)
		}
	}
	k := float64(len(units))
	msb, msw, size := between/(k-1), within/(n-k), (n-squares/n)/(k-1)
	return (msb - msw) / (msb + (size-1)*msw)
}

// skew is how many times as many people the unit at one quantile of sizes has as
// the one at another.
func skew(people []person, high, low float64) float64 {
	var sizes []int
	for _, xs := range byUnit(people) {
		sizes = append(sizes, len(xs))
	}
	slices.Sort(sizes)
	at := func(q float64) float64 { return float64(sizes[int(q*float64(len(sizes)-1))]) }
	return at(high) / at(low)
}
