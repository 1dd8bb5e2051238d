package simulate_test

import (
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/instrument"
	"sipas/internal/simulate"
	"sipas/internal/survey"
)

var (
	from   = time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC)
	to     = from.AddDate(0, 0, 90)
	places = []simulate.Place{
		{Point: survey.Point{Code: "AAAAAA", Unit: "a", Channel: survey.QR}, Weight: 3},
		{Point: survey.Point{Code: "BBBBBB", Unit: "b", Channel: survey.QR, Service: "1.1"}, Weight: 1},
	}
)

func instruments(t testing.TB) []*survey.Instrument {
	t.Helper()
	set, err := instrument.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return set.All()
}

func world(in *survey.Instrument) simulate.World {
	return simulate.World{Instrument: in, Places: places, Services: []survey.ServiceCode{"1.1", "2.2"}, From: from, To: to}
}

// TestPeopleAnswerWhatIsAllowed: made-up answers pass the same checks as
// anybody's, for every questionnaire there is.
func TestPeopleAnswerWhatIsAllowed(t *testing.T) {
	for _, in := range instruments(t) {
		g := simulate.New(1, world(in))
		for i := range 500 {
			s := g.Next(from.Add(time.Duration(i) * time.Hour))
			if bad := in.Check(s.Answers, s.Respondent); len(bad) > 0 {
				t.Fatalf("%s: respondent %d: %+v", in.ID, i, bad)
			}
			if survey.CheckText(s.Comment) != "" || s.StartedAt.After(s.SubmittedAt) || len(s.ID) != 36 {
				t.Fatalf("%s: respondent %d: %+v", in.ID, i, s)
			}
		}
	}
}

func TestTheSameSeedMakesTheSamePeople(t *testing.T) {
	in := instruments(t)[0]
	a, b, other := simulate.New(5, world(in)), simulate.New(5, world(in)), simulate.New(6, world(in))
	for range 20 {
		x, y, z := a.Next(from), b.Next(from), other.Next(from)
		if diff := cmp.Diff(x, y); diff != "" {
			t.Fatalf("the same seed made another person:\n%s", diff)
		}
		if x.ID == z.ID {
			t.Fatal("another seed made the same id")
		}
	}
}

// TestStructure: what figures are to show is in the answers: most people are
// satisfied, feedback is the weakest factor, one person's answers go together,
// time moves them, places have their shares.
func TestStructure(t *testing.T) {
	var in *survey.Instrument
	for _, i := range instruments(t) {
		if i.ID == "moha-2023@1" {
			in = i
		}
	}
	w := world(in)
	w.Drift = 0.5
	g := simulate.New(3, w)
	const people = 4000
	var early, late, all survey.Tally
	var xy, x, y, xx, yy, n float64
	atA, comments := 0, 0
	for i := range people {
		s := g.Next(from.Add(time.Duration(i) * (to.Sub(from) / people)))
		sheet := in.Sheet(s.Answers)
		half := &early
		if i >= people/2 {
			half = &late
		}
		for _, tally := range []*survey.Tally{&all, half} {
			if err := in.Count(tally, sheet); err != nil {
				t.Fatal(err)
			}
		}
		p, err1 := strconv.ParseFloat(s.Answers["P01"].One(), 64)
		q, err2 := strconv.ParseFloat(s.Answers["S34"].One(), 64)
		if err1 == nil && err2 == nil {
			n, x, y, xx, yy, xy = n+1, x+p, y+q, xx+p*p, yy+q*q, xy+p*q
		}
		if s.Point == "AAAAAA" {
			atA++
		}
		if s.Comment != "" {
			comments++
		}
	}
	index := in.Index(all)
	if v := index.Overall.Percent.Value; v < 65 || v > 92 {
		t.Errorf("%.1f %% are satisfied, want something a ministry would believe", v)
	}
	for _, f := range index.Factors {
		if f.Code != "feedback" && f.Code != "participation" && f.Percent.Value <= index.Factors[len(index.Factors)-1].Percent.Value {
			t.Errorf("%s is at %.1f %%, not above feedback", f.Code, f.Percent.Value)
		}
	}
	if r := (n*xy - x*y) / math.Sqrt((n*xx-x*x)*(n*yy-y*y)); r < 0.3 || r > 0.9 {
		t.Errorf("two items correlate at %.2f, want 0.3 to 0.9", r)
	}
	if a, b := in.Index(early).Overall.Percent.Value, in.Index(late).Overall.Percent.Value; b <= a {
		t.Errorf("satisfaction goes from %.1f to %.1f %%, want up", a, b)
	}
	if share := float64(atA) / people; math.Abs(share-0.75) > 0.03 {
		t.Errorf("%.2f answered at a place that has 0.75 of the people", share)
	}
	if comments < people/50 || comments > people/4 {
		t.Errorf("%d of %d wrote a comment", comments, people)
	}
}
