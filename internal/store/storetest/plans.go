package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/store"
	"sipas/internal/survey"
)

// plans are replaced as a whole, and the catalog shows them.
func plans(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	unit := func(u survey.UnitCode, planned int64) survey.PlannedUnit {
		return survey.PlannedUnit{Unit: u, Population: 5000, Planned: planned, Issued: 420, Deff: 1.5}
	}
	if got := catalog(t, s).Plans; len(got) != 0 {
		t.Errorf("plans before there is one: %v", got)
	}
	first := map[survey.WaveID]survey.Plan{
		"w1": {"p.c1": unit("p.c1", 371), "p.c2": unit("p.c2", 200)},
		"w2": {"p.d1": unit("p.d1", 90)},
	}
	must(t, s.PutPlans(ctx, first))
	before := catalog(t, s)
	if d := cmp.Diff(first, before.Plans); d != "" {
		t.Errorf("plans (-want +got):\n%s", d)
	}
	second := survey.Plan{"p.c2": unit("p.c2", 0)}
	must(t, s.PutPlans(ctx, map[survey.WaveID]survey.Plan{"w1": second}))
	after := catalog(t, s)
	if d := cmp.Diff(map[survey.WaveID]survey.Plan{"w1": second, "w2": first["w2"]}, after.Plans); d != "" {
		t.Errorf("replaced (-want +got):\n%s", d)
	}
	if after.Version <= before.Version {
		t.Errorf("the catalog's version stays %d", after.Version)
	}
	wantKind(t, "plan of a wave that is none", s.PutPlans(ctx, map[survey.WaveID]survey.Plan{"w1": {}, "x": second}), survey.NotFound)
	wantKind(t, "plan of a unit that is none", s.PutPlans(ctx, map[survey.WaveID]survey.Plan{"w1": {"x": unit("x", 1)}}), survey.NotFound)
	if d := cmp.Diff(after.Plans, catalog(t, s).Plans); d != "" {
		t.Errorf("a refused plan left something (-want +got):\n%s", d)
	}
	must(t, s.PutPlans(ctx, map[survey.WaveID]survey.Plan{"w1": nil}))
	if got := catalog(t, s).Plans; got["w1"] != nil {
		t.Errorf("an empty plan left %v", got["w1"])
	}
}
