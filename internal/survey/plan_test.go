package survey_test

import (
	"testing"

	"sipas/internal/survey"
)

func TestProgress(t *testing.T) {
	p := survey.Progress{PlannedUnit: survey.PlannedUnit{Planned: 200}}
	var whole, recent survey.Standing
	for state, n := range map[survey.State]int64{survey.Counted: 80, survey.Quarantined: 5, survey.Rejected: 3, survey.Partial: 2} {
		whole.Add(state, "", n)
	}
	recent.Add(survey.Counted, "", 7)
	recent.Add(survey.Partial, "", 1)
	p.Stand(whole, recent)
	if p.Returned != 90 || p.Valid != 80 || p.Invalid != 5 || p.Waiting != 5 || p.Recent != 8 {
		t.Errorf("progress %+v", p)
	}
	if p.Missing() != 120 {
		t.Errorf("missing %d, want 120: only valid ballots count", p.Missing())
	}
	for days, want := range map[int]int64{20: 6, 19: 7, 1: 120, 0: 0} {
		if got := p.Pace(days); got != want {
			t.Errorf("pace over %d days: %d, want %d", days, got, want)
		}
	}
	p.Valid = 300
	if p.Missing() != 0 || p.Pace(5) != 0 {
		t.Errorf("more than planned: missing %d, pace %d", p.Missing(), p.Pace(5))
	}
}

func TestWhatIsTooManyMakesUpForNothing(t *testing.T) {
	unit := func(planned, valid int64) survey.Progress {
		return survey.Progress{PlannedUnit: survey.PlannedUnit{Planned: planned}, Valid: valid}
	}
	var district, province survey.Progress
	for _, u := range []survey.Progress{unit(60, 135), unit(80, 48), unit(100, 97), unit(0, 20)} {
		district.Add(u)
	}
	province.Add(district)
	province.Add(unit(10, 4))
	if district.Missing() != 35 || province.Missing() != 41 {
		t.Errorf("missing %d and %d, want 35 and 41", district.Missing(), province.Missing())
	}
}

func TestDaysLeft(t *testing.T) {
	w := survey.Wave{State: survey.Open, From: 100, To: 110}
	for today, want := range map[survey.Day]int{90: 11, 100: 11, 110: 1, 111: 0} {
		if got := w.DaysLeft(today); got != want {
			t.Errorf("on day %d: %d days left, want %d", today, got, want)
		}
	}
	if w.State = survey.Closed; w.DaysLeft(105) != 0 {
		t.Error("a closed wave has days left")
	}
}

func TestPlanBelow(t *testing.T) {
	tree := survey.NewTree([]survey.Unit{{Code: "p"}, {Code: "p.a", Parent: "p"}, {Code: "p.a.x", Parent: "p.a"}, {Code: "p.b", Parent: "p"}})
	plan := survey.Plan{"p.a.x": {Unit: "p.a.x", Planned: 3}, "p.b": {Unit: "p.b", Planned: 4}}
	for root, want := range map[survey.UnitCode]int64{"p": 7, "p.a": 3, "p.a.x": 3, "p.b": 4, "q": 0} {
		var sum int64
		for _, u := range plan.Below(tree, root) {
			sum += u.Planned
		}
		if sum != want {
			t.Errorf("planned below %s: %d, want %d", root, sum, want)
		}
	}
}
