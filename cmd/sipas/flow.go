package main

import (
	"context"
	"slices"

	"sipas/internal/book"
	"sipas/internal/survey"
	"sipas/internal/web"
)

// flowed marks a wave whose results are in the index book, so that what people
// withdraw there does not come back.
func flowed(id survey.WaveID) string { return "book-wave-" + string(id) }

// followWaves puts the figures of surveys into the index book when they are
// published, by whatever process.
func (a *app) followWaves(ctx context.Context, least int64) {
	trouble, seen := trouble{app: a, what: "putting surveys into the index book"}, int64(-1)
	for wait(ctx, catalogEvery+trouble.pause) {
		version := a.catalog().Version
		if version == seen {
			continue
		}
		err := a.flow(ctx, least)
		if err == nil {
			seen = version
		}
		trouble.note(ctx, err)
	}
}

// flow puts what is published and not in the book yet into it. What somebody has
// entered for a unit and year stands.
func (a *app) flow(ctx context.Context, least int64) error {
	for _, w := range a.catalog().WaveList() {
		if w.State != survey.Published || w.Design != survey.Probability || a.types.OfInstrument(w.Instrument) == nil {
			continue
		}
		_, err := a.store.Setting(ctx, flowed(w.ID))
		if err == nil {
			continue
		}
		if survey.KindOf(err) != survey.NotFound {
			return err
		}
		if err := a.flowWave(ctx, w, least); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) flowWave(ctx context.Context, w *survey.Wave, least int64) error {
	reports, err := web.Shown(ctx, a.store, a.catalog, least, w.ID)
	if err != nil {
		return err
	}
	results := book.FromWave(a.types, a.catalog().Tree, w, reports, a.zone)
	if len(results) > 0 {
		there, err := a.store.OfYear(ctx, results[0].Type, results[0].Year)
		if err != nil {
			return err
		}
		results = slices.DeleteFunc(results, func(r book.Result) bool {
			return slices.ContainsFunc(there, func(x book.Result) bool { return x.Unit == r.Unit })
		})
	}
	for i := range results {
		results[i].Revision = book.New // another process may be at it too
	}
	if _, err := a.store.PutResults(ctx, string(w.ID), a.now(), results); err != nil {
		return err
	}
	_, err = a.store.SetSettingOnce(ctx, flowed(w.ID), []byte("1"))
	return err
}
