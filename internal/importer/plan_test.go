package importer

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/survey"
)

// planned is a province with two waves and a unit that ended before them.
func planned() *survey.Catalog {
	unit := func(code, parent survey.UnitCode, to survey.Day) survey.Unit {
		return survey.Unit{Code: code, Name: string(code), Kind: survey.Ward, Parent: parent, ValidTo: to}
	}
	return &survey.Catalog{
		Tree: survey.NewTree([]survey.Unit{
			unit("p", "", survey.Always), unit("p.a", "p", survey.Always), unit("p.b", "p", survey.Always), unit("p.old", "p", 50), unit("q", "", survey.Always),
		}),
		Waves: map[survey.WaveID]*survey.Wave{
			"s": {ID: "s", Design: survey.Probability, Units: []survey.UnitCode{"p"}, From: 100, To: 200},
			"c": {ID: "c", Design: survey.Continuous, Units: []survey.UnitCode{"p"}, From: 100, To: 200},
		},
	}
}

func TestPlans(t *testing.T) {
	text := "\ufeffunit,wave,planned,population,note\r\np.a,s,371,5000,x\r\np.b,s,,,\r\n"
	plans, n, err := Plans(strings.NewReader(text), planned())
	if err != nil {
		t.Fatal(err)
	}
	want := map[survey.WaveID]survey.Plan{"s": {
		"p.a": {Unit: "p.a", Population: 5000, Planned: 371, Deff: 1},
		"p.b": {Unit: "p.b", Deff: 1},
	}}
	if d := cmp.Diff(want, plans); d != "" || n != 2 {
		t.Errorf("%d rows, want 2 (-want +got):\n%s", n, d)
	}
}

func TestPlansNameEveryBadRow(t *testing.T) {
	const header = "wave,unit,planned,population,issued,deff\n"
	for _, c := range []struct {
		name, rows string
		want       []string
	}{
		{"wave", "x,p.a,1,,,", []string{"line 2 import.plan_wave"}},
		{"self-selected", "c,p.a,1,,,", []string{"line 2 import.plan_not_a_sample"}},
		{"unit", "s,p.x,1,,,", []string{"line 2 import.unknown_unit"}},
		{"unit elsewhere", "s,q,1,,,", []string{"line 2 import.plan_not_covered"}},
		{"unit that is gone", "s,p.old,1,,,", []string{"line 2 import.plan_gone"}},
		{"more than there are", "s,p.a,11,10,,", []string{"line 2 import.plan_too_many"}},
		{"no number", "s,p.a,ten,,,", []string{"line 2 import.bad_count"}},
		{"below zero", "s,p.a,1,,-3,", []string{"line 2 import.bad_count"}},
		{"half a person", "s,p.a,1,2.5,,", []string{"line 2 import.bad_count"}},
		{"beyond all people", "s,p.a,99999999999999999999,,,", []string{"line 2 import.bad_count"}},
		{"design effect of nothing", "s,p.a,1,,,0", []string{"line 2 import.bad_deff"}},
		{"design effect that is none", "s,p.a,1,,,NaN", []string{"line 2 import.bad_deff"}},
		{"twice", "s,p.a,1,,,\ns,p.a,2,,,", []string{"line 3 import.plan_twice"}},
		{"a part and its whole", "s,p.a,1,,,\ns,p,2,,,", []string{"line 2 import.plan_above"}},
		{"short row", "s,p.a", []string{"line 2 import.field_count"}},
		{"all of them", "x,p.a,1,,,\ns,p.a,ten,,,\n", []string{"line 2 import.plan_wave", "line 3 import.bad_count"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := Plans(strings.NewReader(header+c.rows+"\n"), planned())
			if d := cmp.Diff(c.want, said(t, err)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
	_, _, err := Plans(strings.NewReader("wave,unit,size\ns,p.a,1\n"), planned())
	if d := cmp.Diff([]string{"line 1 import.column_missing"}, said(t, err)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
