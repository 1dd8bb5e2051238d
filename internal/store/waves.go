package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"sipas/internal/survey"
)

const waveColumns = `id, name, instrument, instrument_hash, from_day, to_day, design, sampling, state, synthetic,
	opened_at, closed_at, published_at`

const putWave = `INSERT INTO wave (` + waveColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`

// PutWave adds a wave. It is a Conflict when the id is taken, NotFound for an
// unknown unit.
func (s *Store) PutWave(ctx context.Context, w survey.Wave) error {
	return s.changeCatalog(ctx, "store.PutWave", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, putWave, waveValues(w)...)
		if err != nil {
			return err
		}
		return putWaveUnits(ctx, tx, w)
	})
}

func waveValues(w survey.Wave) []any {
	return []any{
		string(w.ID), w.Name, string(w.Instrument), w.InstrumentHash, int64(w.From), int64(w.To),
		string(w.Design), string(cmp.Or(w.Sampling, survey.Simple)), string(w.State), bit(w.Synthetic), instant(w.OpenedAt), instant(w.ClosedAt), instant(w.PublishedAt),
	}
}

// putWaveUnits replaces what hangs on a wave.
func putWaveUnits(ctx context.Context, tx *sql.Tx, w survey.Wave) error {
	for _, table := range []string{`wave_unit`, `wave_weight`, `wave_rule`} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE wave = $1`, string(w.ID)); err != nil { //nolint:gosec // the tables above
			return err
		}
	}
	err := putAll(ctx, tx, `INSERT INTO wave_unit (wave, position, unit) VALUES ($1, $2, $3)`, len(w.Units), func(i int) []any {
		return []any{string(w.ID), int64(i), string(w.Units[i])}
	})
	if err != nil {
		return err
	}
	for unit, weight := range w.Weights {
		_, err := tx.ExecContext(ctx, `INSERT INTO wave_weight (wave, unit, weight) VALUES ($1, $2, $3)`, string(w.ID), string(unit), weight)
		if err != nil {
			return err
		}
	}
	for reason, action := range w.Actions {
		_, err := tx.ExecContext(ctx, `INSERT INTO wave_rule (wave, reason, action) VALUES ($1, $2, $3)`, string(w.ID), string(reason), string(action))
		if err != nil {
			return err
		}
	}
	return nil
}

// UpdateWave loads a wave, lets change alter it, and saves it, in one
// transaction; nothing is saved if change returns an error. The id cannot be
// changed. NotFound if there is no such wave.
func (s *Store) UpdateWave(ctx context.Context, id survey.WaveID, change func(*survey.Wave) error) error {
	return s.changeCatalog(ctx, "store.UpdateWave", func(tx *sql.Tx) error { return updateWave(ctx, tx, id, change) })
}

func updateWave(ctx context.Context, tx *sql.Tx, id survey.WaveID, change func(*survey.Wave) error) error {
	found, err := loadWaves(ctx, tx, ` WHERE id = $1`, string(id))
	if err != nil {
		return err
	}
	w := found[id]
	if w == nil {
		return survey.Missing("store.UpdateWave", "wave.unknown", string(id))
	}
	if err := change(w); err != nil {
		return err
	}
	w.ID = id
	_, err = tx.ExecContext(ctx, `
		UPDATE wave SET name = $2, instrument = $3, instrument_hash = $4, from_day = $5, to_day = $6, design = $7,
		  sampling = $8, state = $9, synthetic = $10, opened_at = $11, closed_at = $12, published_at = $13
		WHERE id = $1`, waveValues(*w)...)
	if err != nil {
		return err
	}
	return putWaveUnits(ctx, tx, *w)
}

// loadWaves reads the waves that where picks, with what hangs on them.
func loadWaves(ctx context.Context, q querier, where string, args ...any) (map[survey.WaveID]*survey.Wave, error) {
	waves := map[survey.WaveID]*survey.Wave{}
	err := each(ctx, q, func(rows *sql.Rows) error {
		var w survey.Wave
		var opened, closed, published sql.NullInt64
		err := rows.Scan(&w.ID, &w.Name, &w.Instrument, &w.InstrumentHash, &w.From, &w.To, &w.Design, &w.Sampling, &w.State,
			&w.Synthetic, &opened, &closed, &published)
		w.OpenedAt, w.ClosedAt, w.PublishedAt = moment(opened), moment(closed), moment(published)
		waves[w.ID] = &w
		return err
	}, `SELECT `+waveColumns+` FROM wave`+where, args...)
	if err != nil {
		return nil, err
	}
	err = each(ctx, q, func(rows *sql.Rows) error {
		var id survey.WaveID
		var unit survey.UnitCode
		err := rows.Scan(&id, &unit)
		if w := waves[id]; w != nil {
			w.Units = append(w.Units, unit)
		}
		return err
	}, `SELECT wave, unit FROM wave_unit ORDER BY wave, position`)
	if err != nil {
		return nil, err
	}
	err = each(ctx, q, func(rows *sql.Rows) error {
		var id survey.WaveID
		var unit survey.UnitCode
		var weight float64
		err := rows.Scan(&id, &unit, &weight)
		if w := waves[id]; w != nil {
			if w.Weights == nil {
				w.Weights = map[survey.UnitCode]float64{}
			}
			w.Weights[unit] = weight
		}
		return err
	}, `SELECT wave, unit, weight FROM wave_weight`)
	if err != nil {
		return nil, err
	}
	return waves, each(ctx, q, func(rows *sql.Rows) error {
		var id survey.WaveID
		var reason survey.Reason
		var action survey.Action
		err := rows.Scan(&id, &reason, &action)
		if w := waves[id]; w != nil {
			if w.Actions == nil {
				w.Actions = map[survey.Reason]survey.Action{}
			}
			w.Actions[reason] = action
		}
		return err
	}, `SELECT wave, reason, action FROM wave_rule`)
}

// PutPoints adds points. It is a Conflict when a code is taken, NotFound for
// an unknown wave, unit or service.
func (s *Store) PutPoints(ctx context.Context, ps []survey.Point) error {
	return s.changeCatalog(ctx, "store.PutPoints", func(tx *sql.Tx) error {
		const statement = `INSERT INTO point (code, name, unit, wave, channel, service) VALUES ($1, $2, $3, $4, $5, $6)`
		return putAll(ctx, tx, statement, len(ps), func(i int) []any {
			p := ps[i]
			return []any{string(p.Code), p.Name, string(p.Unit), string(p.Wave), string(p.Channel), orNull(p.Service)}
		})
	})
}

// PublishWave stores the reports and moves the wave to Published at at, in one
// transaction. It is a Conflict unless the wave is Closed.
func (s *Store) PublishWave(ctx context.Context, id survey.WaveID, reports []survey.Report, at time.Time) error {
	const op = "store.PublishWave"
	return s.changeCatalog(ctx, op, func(tx *sql.Tx) error {
		err := updateWave(ctx, tx, id, func(w *survey.Wave) error {
			if w.State != survey.Closed {
				return &survey.Error{Kind: survey.Conflict, Op: op, Key: "wave.wrong_step", Args: []any{w.State, survey.Published}}
			}
			w.State, w.PublishedAt = survey.Published, at
			return nil
		})
		if err != nil {
			return err
		}
		for _, r := range reports {
			frozen, err := json.Marshal(r)
			if err != nil {
				return fmt.Errorf("report of %s: %w", r.Unit, err)
			}
			_, err = tx.ExecContext(ctx, `INSERT INTO snapshot (wave, unit, report) VALUES ($1, $2, $3)`, string(id), string(r.Unit), string(frozen))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Snapshot returns a published report as it was frozen; NotFound if the wave
// is not published or did not cover the unit.
func (s *Store) Snapshot(ctx context.Context, wave survey.WaveID, unit survey.UnitCode) (survey.Report, error) {
	var frozen string
	var r survey.Report
	err := s.read.QueryRowContext(ctx, `SELECT report FROM snapshot WHERE wave = $1 AND unit = $2`, string(wave), string(unit)).Scan(&frozen)
	if err == nil {
		err = json.Unmarshal([]byte(frozen), &r)
	}
	return r, s.fail("store.Snapshot", err)
}

// instant is a time as it is stored: milliseconds, or nothing for the zero time.
func instant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

func moment(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return time.UnixMilli(ms.Int64).UTC()
}
