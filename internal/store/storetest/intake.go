package storetest

import (
	"testing"
	"time"

	"sipas/internal/store"
	"sipas/internal/survey"
)

// unitOfTheDay: what is answered at a poster that outlives its unit belongs to
// the unit that the old one passed to whole; what was answered before, and comes
// late, to the old one; where the old one was split, to the old one too.
func unitOfTheDay(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	ended := survey.Unit{Code: "p.c3", Name: "Xã Ba", Kind: survey.Commune, Parent: "p", ValidTo: day0}
	must(t, s.PutUnits(ctx, []survey.Unit{ended}))
	must(t, s.PutSuccessions(ctx, []survey.Succession{
		{From: "p.c1", To: "p.c2", Whole: true, On: day0 + 1}, {From: "p.c3", To: "p.c2", On: day0 + 1}, {From: "p.c3", To: "p.d1", On: day0 + 1},
	}))
	must(t, s.PutPoints(ctx, []survey.Point{
		{Code: "CCCCCC", Name: "Bàn 3", Unit: "p.c1", Wave: "w1", Channel: survey.QR}, {Code: "DDDDDD", Name: "Bàn 4", Unit: "p.c3", Wave: "w1", Channel: survey.QR},
	}))
	c := catalog(t, s)
	noon := func(d survey.Day) time.Time { return d.Date().Add(12 * time.Hour) }
	in := &survey.Intake{
		Ledger: s, Catalog: func() *survey.Catalog { return c }, Key: survey.ReceiptKey("key"), Zone: time.UTC, Now: func() time.Time { return noon(day0 + 2) },
	}
	for i, want := range []struct {
		point survey.PointCode
		day   survey.Day
		unit  survey.UnitCode
	}{{"CCCCCC", day0, "p.c1"}, {"CCCCCC", day0 + 1, "p.c2"}, {"DDDDDD", day0 + 1, "p.c3"}} {
		a, err := in.Submit(ctx, survey.Submission{
			ID: id(i), Point: want.point, Instrument: "small@1", Locale: "vi",
			StartedAt: noon(want.day).Add(-time.Minute), SubmittedAt: noon(want.day), Answers: survey.Answers{"S1": survey.Score("4"), "OV": survey.Score("5")},
		})
		must(t, err)
		for _, r := range stored(t, s, survey.Filter{}) {
			if r.Seq == a.Seq && (r.Unit != want.unit || r.Day != want.day || r.Point != want.point) {
				t.Errorf("answered at %s on %s: stored at %s on %s", want.point, want.day, r.Unit, r.Day)
			}
		}
	}
	if n := len(stored(t, s, survey.Filter{})); n != 3 {
		t.Errorf("%d responses are stored", n)
	}
}
