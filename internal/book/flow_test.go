package book

import (
	"testing"
	"time"

	"sipas/internal/survey"
)

func TestFromWave(t *testing.T) {
	types := builtinTypes(t)
	tree := survey.NewTree([]survey.Unit{
		{Code: "p", Kind: survey.Province, ValidTo: survey.Always},
		{Code: "a", Kind: survey.Ward, Parent: "p", ValidTo: survey.Always},
		{Code: "b", Kind: survey.Commune, Parent: "p", ValidTo: survey.Always},
		{Code: "c", Kind: survey.SpecialZone, Parent: "p", ValidTo: survey.Always},
		{Code: "s", Kind: survey.Department, Parent: "p", ValidTo: survey.Always},
	})
	report := func(u survey.UnitCode, percent Number) survey.Report {
		return survey.Report{
			Unit: u, N: 40, Overall: survey.ReportFigure{Percent: percent},
			Domains: []survey.ReportFigure{{Code: "policy", Percent: Of(81)}, {Code: "other", Percent: Of(1)}},
			Factors: []survey.ReportFigure{{Code: "service.access", Percent: Of(82)}, {Code: "service.feedback"}},
		}
	}
	reports := []survey.Report{report("p", Of(83)), report("a", Of(83.3333)), report("b", Of(83.3334)), report("c", Of(83.3333)), report("s", Number{})}
	wave := survey.Wave{
		ID: "w", Name: "Đợt", Instrument: "moha-2023@1", From: day("2025-11-01"), To: day("2026-01-31"), Design: survey.Probability, State: survey.Published,
		Synthetic: true, PublishedAt: time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC),
	}
	zone := time.FixedZone("", 7*3600)
	rs := FromWave(types, tree, &wave, reports, zone)
	if len(rs) != 4 {
		t.Fatalf("%d results, want 4: nobody answered in s", len(rs))
	}
	for i, want := range []struct {
		unit         survey.UnitCode
		rank, rankOf int
	}{{"p", 0, 0}, {"a", 2, 3}, {"b", 1, 3}, {"c", 2, 3}} { // by what is not shown any more at two decimals
		r := rs[i]
		if r.Unit != want.unit || r.Rank != want.rank || r.RankOf != want.rankOf {
			t.Errorf("%s has rank %d of %d, want %+v", r.Unit, r.Rank, r.RankOf, want)
		}
		if r.Type != "sipas-2023" || r.Year != 2025 || r.N != 40 || r.Wave != "w" || !r.Synthetic || r.Status != Final || r.Announced != day("2026-03-02") {
			t.Errorf("%+v", r)
		}
		if len(r.Parts) != 2 || r.Part("policy", Published) != Of(81) || r.Part("service.access", Published) != Of(82) {
			t.Errorf("%s has the components %v", r.Unit, r.Parts)
		}
		if bad := Faults(Check(types.Type(r.Type), tree, r)); len(bad) > 0 {
			t.Errorf("%s: %v", r.Unit, bad)
		}
	}
	old := wave
	old.Instrument, old.From = "moha-2017@1", day("2019-03-01")
	if rs := FromWave(types, tree, &old, reports, zone); rs[0].Type != "sipas-2017" || rs[0].Part("access", Published) != Of(82) {
		t.Errorf("of the form before: %+v", rs[0])
	}
	for name, change := range map[string]func(*survey.Wave){
		"continuous":    func(w *survey.Wave) { w.Design = survey.Continuous },
		"not published": func(w *survey.Wave) { w.State = survey.Closed },
		"one tap":       func(w *survey.Wave) { w.Instrument = "pulse@1" },
	} {
		w := wave
		change(&w)
		if rs := FromWave(types, tree, &w, reports, zone); len(rs) > 0 {
			t.Errorf("a wave that is %s has results", name)
		}
	}
}
