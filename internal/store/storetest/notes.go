package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/store"
	"sipas/internal/survey"
)

// notes are added and ended, never changed.
func notes(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	later := survey.Note{On: day0 + 9, Unit: "p", Kind: survey.ServeNote, Text: survey.Text{"vi": "Một cửa liên thông", "en": "One desk"}, By: "lan", At: at(1)}
	sooner := survey.Note{On: day0 - 4, Unit: "p.c1", Kind: survey.OtherNote, Text: survey.Text{"vi": "Bão số 3"}, By: "mai", At: at(2)}
	must(t, s.PutNote(ctx, later))
	must(t, s.PutNote(ctx, sooner))
	later.ID, sooner.ID = 1, 2
	before := catalog(t, s)
	if d := cmp.Diff([]survey.Note{sooner, later}, before.Notes); d != "" {
		t.Errorf("notes (-want +got):\n%s", d)
	}
	must(t, s.EndNote(ctx, 1, "mai", at(3)))
	later.EndedBy, later.EndedAt = "mai", at(3)
	after := catalog(t, s)
	if d := cmp.Diff([]survey.Note{sooner, later}, after.Notes); d != "" {
		t.Errorf("after one ended (-want +got):\n%s", d)
	}
	if after.Version <= before.Version {
		t.Errorf("the catalog's version stays %d", after.Version)
	}
	wantKind(t, "end twice", s.EndNote(ctx, 1, "lan", at(4)), survey.Conflict)
	wantKind(t, "end of none", s.EndNote(ctx, 9, "lan", at(4)), survey.NotFound)
	wantKind(t, "note at no unit", s.PutNote(ctx, survey.Note{On: day0, Unit: "x", Kind: survey.OtherNote, Text: survey.Text{"vi": "x"}, At: at(4)}), survey.NotFound)
	if d := cmp.Diff(after.Notes, catalog(t, s).Notes); d != "" {
		t.Errorf("refused calls left something (-want +got):\n%s", d)
	}
}
