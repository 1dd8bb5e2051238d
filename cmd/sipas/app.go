package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"sipas/internal/auth"
	"sipas/internal/book"
	"sipas/internal/definition"
	"sipas/internal/estimate"
	"sipas/internal/export"
	"sipas/internal/instrument"
	"sipas/internal/locale"
	"sipas/internal/quality"
	"sipas/internal/store"
	"sipas/internal/survey"
)

// app is everything wired together over one open database. The server and
// every command that needs the database make the same one.
type app struct {
	*program
	store   *store.Store
	set     *instrument.Set
	types   *book.Types
	byID    map[survey.InstrumentID]*survey.Instrument
	key     survey.ReceiptKey
	zone    *time.Location
	current atomic.Pointer[survey.Catalog]
	book    book.Memory
}

// open opens the database, which brings its schema up to date, and reads the
// catalog.
func (p *program) open(ctx context.Context) (*app, error) { return p.openWith(ctx, store.Options{}) }

// openExisting is open for commands that make no sense on a database that is
// not there yet: a mistyped --data must not look like an empty survey.
func (p *program) openExisting(ctx context.Context) (*app, error) {
	if file := p.cfg.SQLiteFile(); file != "" {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return nil, p.no("cli.no_database", file)
		}
	}
	return p.open(ctx)
}

// builtin reads the questionnaires, in every language there is. A bad one names
// its file and line.
func builtin() (*instrument.Set, error) {
	set, err := instrument.Builtin()
	if err != nil {
		return nil, fmt.Errorf("questionnaires: %w", err)
	}
	for _, lang := range locale.Languages() {
		if err := set.Translate(lang, locale.InstrumentTexts(lang)); err != nil {
			return nil, fmt.Errorf("questionnaires: %w", err)
		}
	}
	return set, nil
}

// indices reads the types of index, with those of the folder that --indices
// names.
func (p *program) indices() (*book.Types, error) {
	var own fs.FS
	if p.cfg.Indices != "" {
		own = os.DirFS(p.cfg.Indices)
	}
	types, err := book.Builtin(own)
	if faults, ok := errors.AsType[definition.Faults](err); ok {
		text := ""
		for _, f := range faults { // the program's own have none
			f.File = filepath.Join(p.cfg.Indices, f.File)
			text += f.Error() + "\n"
		}
		return nil, &failure{status: failed, text: text + p.T("cli.import.nothing", len(faults)), err: err}
	}
	return types, err
}

func (p *program) openWith(ctx context.Context, o store.Options) (*app, error) {
	set, err := builtin()
	if err != nil {
		return nil, err
	}
	types, err := p.indices()
	if err != nil {
		return nil, err
	}
	st, err := store.Open(ctx, p.cfg.Database(), o)
	if err != nil {
		return nil, err
	}
	a := &app{program: p, store: st, book: book.Memory{Store: st}, set: set, types: types, zone: p.cfg.Location(), byID: map[survey.InstrumentID]*survey.Instrument{}}
	for _, in := range set.All() {
		a.byID[in.ID] = in
	}
	if err := a.prepare(ctx); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return a, nil
}

func (a *app) prepare(ctx context.Context) error {
	if err := a.checkInstruments(ctx); err != nil {
		return err
	}
	var fresh [32]byte
	_, _ = rand.Read(fresh[:]) // never fails
	key, err := a.store.SetSettingOnce(ctx, "receipt-key", fresh[:])
	if err != nil {
		return err
	}
	a.key = key
	return a.reload(ctx)
}

// checkInstruments refuses to go on with a questionnaire that is not the one
// earlier answers were given to.
func (a *app) checkInstruments(ctx context.Context) error {
	used, err := a.store.Instruments(ctx)
	if err != nil {
		return err
	}
	for id, hash := range used {
		switch in := a.set.ByID(id); {
		case in == nil:
			return a.no("cli.instrument_missing", string(id))
		case in.Hash != hash:
			return a.no("cli.instrument_changed", string(id), hash, in.Hash)
		}
	}
	return nil
}

// reload replaces the catalog by what the database holds now.
func (a *app) reload(ctx context.Context) error {
	c, err := a.store.Catalog(ctx, a.byID)
	if err != nil {
		return err
	}
	a.current.Store(c)
	return nil
}

// catalog is the snapshot that everybody sees now.
func (a *app) catalog() *survey.Catalog { return a.current.Load() }

func (a *app) close() {
	if err := a.store.Close(); err != nil {
		a.log.Error("closing the database", "err", err)
	}
}

func (a *app) intake() *survey.Intake {
	return &survey.Intake{
		Ledger: a.store, Catalog: a.catalog, Key: a.key, Zone: a.zone, Now: a.now, Clashed: a.reviewer().FlagClash,
	}
}

func (a *app) folder() *survey.Folder {
	return &survey.Folder{
		Store: a.store, Catalog: a.catalog,
		NewJudge: func() survey.Judge { return quality.New(a.zone) },
	}
}

func (a *app) reviewer() *survey.Reviewer {
	return &survey.Reviewer{JudgementStore: a.store, Catalog: a.catalog, Now: a.now}
}

func (a *app) reader() *survey.Reader {
	return &survey.Reader{Store: a.store, Catalog: a.catalog, Key: a.key, Estimator: estimate.Samples{}}
}

func (a *app) registry() *survey.Registry {
	return &survey.Registry{
		Store: registryStore{a.store, a.set}, Reader: a.reader(), Folder: a.folder(),
		Catalog: a.catalog, Reload: a.reload, Now: a.now, NewPoint: newPoint,
	}
}

func (a *app) auth() *auth.Service { return auth.New(a.store, a.now, nil) }

func (a *app) exporter() *export.Exporter {
	return &export.Exporter{Source: a.store, Catalog: a.catalog, Program: build(), Zone: a.zone, Now: a.now}
}

// known checks that unit, if one is named, is there.
func (a *app) known(unit survey.UnitCode) error {
	if _, ok := a.catalog().Tree.Unit(unit); unit != "" && !ok {
		return a.no("unit.unknown", string(unit))
	}
	return nil
}

// wave returns the wave with id.
func (a *app) wave(id string) (*survey.Wave, error) {
	w := a.catalog().Waves[survey.WaveID(id)]
	if w == nil {
		return nil, a.no("wave.unknown", id)
	}
	return w, nil
}

// waveAndUnit finds a wave and a unit, the first of the wave if none is named.
func (a *app) waveAndUnit(wave, unit string) (*survey.Wave, survey.UnitCode, error) {
	w, err := a.wave(wave)
	if err != nil {
		return nil, "", err
	}
	u := survey.UnitCode(unit)
	if u == "" {
		u = w.Units[0]
	}
	return w, u, a.known(u)
}

// registryStore keeps the questionnaire of a wave with the wave, byte for byte.
type registryStore struct {
	*store.Store
	set *instrument.Set
}

// PutWave adds a wave, and its instrument if this is the first that uses it.
func (s registryStore) PutWave(ctx context.Context, w survey.Wave) error {
	if err := s.UseInstrument(ctx, w.Instrument, w.InstrumentHash, s.set.Source(w.Instrument)); err != nil {
		return fmt.Errorf("keeping %s: %w", w.Instrument, err)
	}
	return s.Store.PutWave(ctx, w)
}

// newPoint makes a code that nobody can guess from another.
func newPoint() survey.PointCode {
	var b [survey.PointCodeLength]byte
	_, _ = rand.Read(b[:]) // never fails
	return pointCode(b)
}

// pointCode spells six random bytes in the alphabet of codes. 256 is not a
// multiple of 30, so the first letters are a little likelier; a code is an
// address, not a secret.
func pointCode(b [survey.PointCodeLength]byte) survey.PointCode {
	for i, c := range b {
		b[i] = survey.PointAlphabet[int(c)%len(survey.PointAlphabet)]
	}
	return survey.PointCode(b[:])
}

// asDomain finds the domain's error in err.
func asDomain(err error) (*survey.Error, bool) { return errors.AsType[*survey.Error](err) }
