package store

import (
	"context"
	"database/sql"

	"sipas/internal/survey"
)

// CatalogVersion is a number that grows with every change of units,
// successions, services, waves and points, by whatever process.
func (s *Store) CatalogVersion(ctx context.Context) (int64, error) {
	var version int64
	err := s.read.QueryRowContext(ctx, `SELECT version FROM catalog`).Scan(&version)
	return version, s.fail("store.CatalogVersion", err)
}

// Catalog returns everything but responses and tallies, as of one moment, with
// the given instruments.
func (s *Store) Catalog(ctx context.Context, instruments map[survey.InstrumentID]*survey.Instrument) (*survey.Catalog, error) {
	c := &survey.Catalog{
		Services: map[survey.ServiceCode]survey.Service{}, Points: map[survey.PointCode]survey.Point{},
		Instruments: instruments, Settings: map[survey.SettingKey]string{},
	}
	err := s.reading(ctx, func(tx *sql.Tx) error { return loadCatalog(ctx, tx, c) })
	if err != nil {
		return nil, s.fail("store.Catalog", err)
	}
	return c, nil
}

// reading runs f in a transaction that sees one state throughout.
func (s *Store) reading(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.read.BeginTx(ctx, &s.engine.snapshot)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func loadCatalog(ctx context.Context, tx *sql.Tx, c *survey.Catalog) error {
	if err := tx.QueryRowContext(ctx, `SELECT version FROM catalog`).Scan(&c.Version); err != nil {
		return err
	}
	var units []survey.Unit
	err := each(ctx, tx, func(rows *sql.Rows) error {
		var u survey.Unit
		err := rows.Scan(&u.Code, &u.Name, &u.Kind, &u.Parent, &u.ValidFrom, &u.ValidTo)
		units = append(units, u)
		return err
	}, `SELECT code, name, kind, COALESCE(parent, ''), valid_from, valid_to FROM unit`)
	if err != nil {
		return err
	}
	c.Tree = survey.NewTree(units)
	err = each(ctx, tx, func(rows *sql.Rows) error {
		var x survey.Succession
		err := rows.Scan(&x.From, &x.To, &x.Whole, &x.On, &x.LegalBasis, &x.Share)
		c.Successions = append(c.Successions, x)
		return err
	}, `SELECT from_unit, to_unit, whole, on_day, legal_basis, share FROM succession ORDER BY on_day, from_unit, to_unit`)
	if err != nil {
		return err
	}
	err = each(ctx, tx, func(rows *sql.Rows) error {
		var x survey.Service
		err := rows.Scan(&x.Code, &x.Name, &x.Field, &x.Owner)
		c.Services[x.Code] = x
		return err
	}, `SELECT code, name, field, COALESCE(owner, '') FROM service`)
	if err != nil {
		return err
	}
	if c.Waves, err = loadWaves(ctx, tx, ``); err != nil {
		return err
	}
	if err := loadSettings(ctx, tx, c.Settings); err != nil {
		return err
	}
	if c.Plans, err = loadPlans(ctx, tx); err != nil {
		return err
	}
	if c.Notes, err = loadNotes(ctx, tx); err != nil {
		return err
	}
	return each(ctx, tx, func(rows *sql.Rows) error {
		var p survey.Point
		err := rows.Scan(&p.Code, &p.Name, &p.Unit, &p.Wave, &p.Channel, &p.Service)
		c.Points[p.Code] = p
		return err
	}, `SELECT code, name, unit, wave, channel, COALESCE(service, '') FROM point`)
}
