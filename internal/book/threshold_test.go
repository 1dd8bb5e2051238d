package book

import (
	"errors"
	"testing"

	"sipas/internal/survey"
)

func TestThresholds(t *testing.T) {
	ty := builtinTypes(t).Type("one-stop-2018")
	one := func(year int, score float64) Result {
		return Result{Key: Key{"ub", ty.Code, year}, Score: Of(score), Status: Final}
	}
	of := func(excellent float64) map[string]float64 {
		return map[string]float64{"excellent": excellent, "good": 12, "fair": 9, "average": 6, "weak": 0}
	}
	edits := Thresholds{
		{Type: ty.Code, Year: 2024, Least: of(17)},
		{Type: "other", Year: 2018, Least: of(1)},
		{Type: ty.Code, Year: 2024, Least: of(16)}, // mended on the same day
		{Type: ty.Code, Year: 2026},                // the file's own again
	}
	for _, c := range []struct {
		year   int
		score  float64
		class  string
		edited bool
	}{
		{2023, 15, "excellent", false}, // a year before keeps its thresholds
		{2024, 15, "good", true},
		{2024, 16, "excellent", true},
		{2025, 15.99, "good", true},
		{2026, 15, "excellent", false},
	} {
		got, edited, ok := edits.ClassOf(ty, one(c.year, c.score))
		if got.Code != c.class || !ok || (edited != nil) != c.edited {
			t.Errorf("%v in %d: %s, edited %v; want %s, %v", c.score, c.year, got.Code, edited, c.class, c.edited)
		}
	}
	if ty.Classes[0].From != 15 {
		t.Error("the type itself was changed")
	}
}

func TestClassOf(t *testing.T) {
	ts := builtinTypes(t)
	par, stop := ts.Type("par-index-876"), ts.Type("one-stop-2018")
	for _, c := range []struct {
		t    *Type
		r    Result
		want string
	}{
		{par, Result{Percent: Of(90)}, "A"},
		{par, Result{Percent: Of(89.99)}, "B"},
		{par, Result{Score: Of(92.18), Maximum: Of(100)}, "A"},
		{par, Result{Percent: Of(69)}, ""},
		{par, Result{}, ""},
		{stop, Result{Score: Of(12), Percent: Of(100)}, "good"},
	} {
		if got, _, ok := Thresholds(nil).ClassOf(c.t, c.r); got.Code != c.want || ok != (c.want != "") {
			t.Errorf("%+v is %q, want %q", c.r, got.Code, c.want)
		}
	}
}

func TestCheckThreshold(t *testing.T) {
	ty := builtinTypes(t).Type("one-stop-2018")
	for field, change := range map[string]func(*Threshold){
		"":          func(*Threshold) {},
		"year":      func(x *Threshold) { x.Year = 2017 },
		"excellent": func(x *Threshold) { x.Least["excellent"] = 18.5 },
		"good":      func(x *Threshold) { x.Least["good"] = 16 },
		"fair":      func(x *Threshold) { delete(x.Least, "fair") },
		"weak":      func(x *Threshold) { x.Least["weak"] = -1 },
	} {
		x := Threshold{Type: ty.Code, Year: 2024, Least: map[string]float64{"excellent": 16, "good": 12, "fair": 9, "average": 6, "weak": 0}}
		change(&x)
		err := CheckThreshold(ty, x)
		var e *survey.Error
		switch errors.As(err, &e); {
		case field == "" && err != nil, field != "" && (e == nil || e.Fields[0].Field != field):
			t.Errorf("%q: %v", field, err)
		}
	}
	if err := CheckThreshold(ty, Threshold{Type: ty.Code, Year: 2024}); err != nil {
		t.Errorf("taking thresholds back: %v", err)
	}
}
