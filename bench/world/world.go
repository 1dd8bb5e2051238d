// Package world wires the program's own packages over one database, the way
// cmd/sipas does, for what the benchmark does inside its own processes: making
// databases, and serving with something left out.
package world

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"sipas/internal/auth"
	"sipas/internal/estimate"
	"sipas/internal/instrument"
	"sipas/internal/quality"
	"sipas/internal/store"
	"sipas/internal/survey"
)

// Names of what every database of the benchmark has.
const (
	Wave       survey.WaveID       = "bench"
	Instrument survey.InstrumentID = "moha-2023@1"
	Short      survey.WaveID       = "bench-onestop" // for the size of its form only
	Root       survey.UnitCode     = "qn"
	Admin                          = "admin"
	Password                       = "only-for-the-benchmark"
)

// World is one open database with all that works on it.
type World struct {
	Store *store.Store
	Set   *instrument.Set
	Key   survey.ReceiptKey
	Zone  *time.Location

	byID    map[survey.InstrumentID]*survey.Instrument
	current atomic.Pointer[survey.Catalog]
}

// Open opens the SQLite database in file and makes it if it is not there.
func Open(ctx context.Context, file string, o store.Options) (*World, error) {
	set, err := instrument.Builtin()
	if err != nil {
		return nil, fmt.Errorf("world.Open: %w", err)
	}
	zone, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	if err != nil {
		return nil, fmt.Errorf("world.Open: %w", err)
	}
	st, err := store.Open(ctx, "sqlite:"+file, o)
	if err != nil {
		return nil, err
	}
	w := &World{Store: st, Set: set, Zone: zone, byID: map[survey.InstrumentID]*survey.Instrument{}}
	for _, in := range set.All() {
		w.byID[in.ID] = in
	}
	key, err := st.SetSettingOnce(ctx, "receipt-key", make([]byte, 32))
	if w.Key = key; err == nil {
		err = w.Reload(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return w, nil
}

// Close closes the database.
func (w *World) Close() error { return w.Store.Close() }

// Reload replaces the catalog by what the database holds now.
func (w *World) Reload(ctx context.Context) error {
	c, err := w.Store.Catalog(ctx, w.byID)
	if err != nil {
		return err
	}
	w.current.Store(c)
	return nil
}

// Catalog is everything but responses and tallies.
func (w *World) Catalog() *survey.Catalog { return w.current.Load() }

// Intake takes responses into l at the times that now tells.
func (w *World) Intake(l survey.Ledger, now func() time.Time) *survey.Intake {
	return &survey.Intake{Ledger: l, Catalog: w.Catalog, Key: w.Key, Zone: w.Zone, Now: now}
}

// Reader reads figures.
func (w *World) Reader() *survey.Reader {
	return &survey.Reader{Store: w.Store, Catalog: w.Catalog, Key: w.Key, Estimator: estimate.Samples{}}
}

// Folder folds responses into tallies.
func (w *World) Folder() *survey.Folder {
	return &survey.Folder{Store: w.Store, Catalog: w.Catalog, NewJudge: func() survey.Judge { return quality.New(w.Zone) }}
}

// Auth knows the accounts.
func (w *World) Auth() *auth.Service { return auth.New(w.Store, time.Now, nil) }

// Registry keeps units, waves and points. Its point codes are always the same.
func (w *World) Registry() *survey.Registry {
	rnd := rand.New(rand.NewPCG(1, 2))
	return &survey.Registry{
		Store: registryStore{w.Store, w.Set}, Reader: w.Reader(), Folder: w.Folder(),
		Catalog: w.Catalog, Reload: w.Reload, Now: time.Now,
		NewPoint: func() survey.PointCode {
			code := make([]byte, survey.PointCodeLength)
			for i := range code {
				code[i] = survey.PointAlphabet[rnd.IntN(len(survey.PointAlphabet))]
			}
			return survey.PointCode(code)
		},
	}
}

// registryStore keeps the questionnaire of a wave with the wave.
type registryStore struct {
	*store.Store
	set *instrument.Set
}

// PutWave adds a wave, and its instrument if this is the first that uses it.
func (s registryStore) PutWave(ctx context.Context, w survey.Wave) error {
	if err := s.UseInstrument(ctx, w.Instrument, w.InstrumentHash, s.set.Source(w.Instrument)); err != nil {
		return err
	}
	return s.Store.PutWave(ctx, w)
}
