package world

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"sipas/internal/auth"
	"sipas/internal/importer"
	"sipas/internal/simulate"
	"sipas/internal/store"
	"sipas/internal/survey"
)

// Days is how long the wave has been open.
const Days = 90

// Make makes the database file: the units of unitsCSV, the wave, a point for
// every unit that serves citizens, an administrator, and no responses. It
// returns a token of an auditor.
func Make(ctx context.Context, file, unitsCSV string, now time.Time) (token string, err error) {
	w, err := Open(ctx, file, store.Options{})
	if err != nil {
		return "", err
	}
	defer w.Close()
	r := w.Registry()
	if err := w.units(ctx, r, unitsCSV); err != nil {
		return "", err
	}
	for _, wave := range []survey.Wave{{ID: Wave, Instrument: Instrument}, {ID: Short, Instrument: "onestop@1"}} {
		wave.Name, wave.Units, wave.Design, wave.Synthetic = string(wave.ID), []survey.UnitCode{Root}, survey.Continuous, true
		wave.From, wave.To = survey.DayOf(now.AddDate(0, 0, -Days)), survey.DayOf(now.AddDate(0, 0, Days))
		if err := r.CreateWave(ctx, wave); err != nil {
			return "", err
		}
		if err := r.MoveWave(ctx, wave.ID, survey.Open); err != nil {
			return "", err
		}
		// Its responses are of all of its days, and none may be of before it opened.
		err := w.Store.UpdateWave(ctx, wave.ID, func(open *survey.Wave) error {
			open.OpenedAt = now.AddDate(0, 0, -Days)
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	if err := w.Reload(ctx); err != nil {
		return "", err
	}
	if err := w.points(ctx, r, now); err != nil {
		return "", err
	}
	if err := w.Auth().AddAccount(ctx, Admin, Password, auth.Admin, ""); err != nil {
		return "", err
	}
	return w.Auth().AddToken(ctx, "bench", auth.Auditor, "")
}

func (w *World) units(ctx context.Context, r *survey.Registry, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := importer.Units(f, w.Catalog().Tree)
	if err != nil {
		return err
	}
	return r.ImportUnits(ctx, rows)
}

func (w *World) points(ctx context.Context, r *survey.Registry, now time.Time) error {
	kinds := []survey.UnitKind{survey.Centre, survey.Department, survey.Ward, survey.Commune, survey.SpecialZone}
	for _, u := range w.Catalog().Tree.All() {
		if !slices.Contains(kinds, u.Kind) || !u.Stands(survey.DayOf(now)) {
			continue
		}
		p := survey.Point{Name: u.Name, Unit: u.Code, Wave: Wave, Channel: survey.QR}
		if u.Kind == survey.Ward {
			p.Channel = survey.Kiosk
		}
		if _, err := r.CreatePoint(ctx, p); err != nil {
			return err
		}
	}
	_, err := r.CreatePoint(ctx, survey.Point{Name: "onestop", Unit: Root, Wave: Short, Channel: survey.QR})
	return err
}

// People makes up the respondents of the wave, each point as often as any.
func (w *World) People(seed uint64) *simulate.Generator {
	var places []simulate.Place
	for _, p := range w.Catalog().PointList(Wave) {
		places = append(places, simulate.Place{Point: p, Weight: 1})
	}
	return simulate.New(seed, simulate.World{Instrument: w.byID[Instrument], Places: places})
}

const batch = 1000 // responses of one commit while filling

// Fill stores n responses, evenly over the days of the wave until now, through
// the intake, and folds them.
func (w *World) Fill(ctx context.Context, n int, now time.Time, report func(done int)) error {
	from := now.AddDate(0, 0, -Days).Add(time.Hour)
	step := float64(now.Sub(from)) / float64(n)
	batches := make(chan []survey.Submission, 2)
	go func() {
		defer close(batches)
		people := w.People(1)
		for i := 0; i < n; {
			part := make([]survey.Submission, 0, batch)
			for ; i < n && len(part) < batch; i++ {
				part = append(part, people.Next(from.Add(time.Duration(float64(i)*step))))
			}
			select {
			case batches <- part:
			case <-ctx.Done():
				return
			}
		}
	}()
	clock := from
	intake, done := w.Intake(w.Store, func() time.Time { return clock }), 0
	for part := range batches {
		clock = part[len(part)-1].SubmittedAt
		for _, r := range intake.SubmitAll(ctx, part) {
			if r.Err != nil {
				return fmt.Errorf("a made-up response was refused: %w", r.Err)
			}
		}
		done += len(part)
		report(done)
	}
	_, err := w.Folder().FoldAll(ctx)
	return err
}

// Bodies makes up n requests as a client would send them, and the responses
// that the program makes of them. The time is now for all of them.
func (w *World) Bodies(ctx context.Context, n int, now time.Time) (bodies []string, rows []survey.Response, err error) {
	kept := &keeper{}
	intake, people := w.Intake(kept, func() time.Time { return now }), w.People(7)
	for range n {
		if _, err := intake.Submit(ctx, people.Next(now)); err != nil {
			return nil, nil, err
		}
	}
	for i := range kept.rows {
		bodies = append(bodies, kept.rows[i].Body())
	}
	return bodies, kept.rows, nil
}

// keeper is a ledger that only remembers.
type keeper struct{ rows []survey.Response }

// Append remembers rs.
func (k *keeper) Append(_ context.Context, rs []survey.Response) ([]survey.Outcome, error) {
	k.rows = append(k.rows, rs...)
	return make([]survey.Outcome, len(rs)), nil
}
