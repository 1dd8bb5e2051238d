package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"sipas/internal/survey"
)

// pairingKept is how long a code is remembered after it expired, to say "too
// late" instead of "unknown".
const pairingKept = 24 * time.Hour

// PutPairing adds a pairing, and forgets those that expired long ago. It is a
// Conflict when the code is taken, NotFound for an unknown point.
func (s *Store) PutPairing(ctx context.Context, p survey.Pairing) error {
	return s.alter(ctx, "store.PutPairing", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM pairing WHERE expires_at < $1`, p.MadeAt.Add(-pairingKept).UnixMilli())
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO pairing (code, point, name, account, made_at, expires_at, device) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			p.Code, string(p.Point), p.Name, p.By, p.MadeAt.UnixMilli(), p.ExpiresAt.UnixMilli(), string(p.Device))
		return err
	})
}

// UsePairing looks the code up, lets use make a device of it, and stores both,
// in one transaction. A device that was there before gets its new key and name,
// and keeps its counts. NotFound for an unknown code.
func (s *Store) UsePairing(ctx context.Context, code string, use func(*survey.Pairing) (survey.Device, error)) error {
	return s.alter(ctx, "store.UsePairing", func(tx *sql.Tx) error {
		if err := hold(ctx, tx, `UPDATE pairing SET code = code WHERE code = $1`, code); err != nil {
			return err
		}
		p, err := loadPairing(ctx, tx, code)
		if err != nil {
			return err
		}
		d, err := use(&p)
		if err != nil {
			return err
		}
		if err := putDevice(ctx, tx, d); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE pairing SET device = $2 WHERE code = $1`, code, string(d.ID))
		return err
	})
}

// Pairing returns the pairing of a code; NotFound for an unknown code.
func (s *Store) Pairing(ctx context.Context, code string) (survey.Pairing, error) {
	p, err := loadPairing(ctx, s.read, code)
	return p, s.fail("store.Pairing", err)
}

func loadPairing(ctx context.Context, q rowQuerier, code string) (survey.Pairing, error) {
	p := survey.Pairing{Code: code}
	var made, expires int64
	err := q.QueryRowContext(ctx, `SELECT point, name, account, made_at, expires_at, device FROM pairing WHERE code = $1`, code).
		Scan(&p.Point, &p.Name, &p.By, &made, &expires, &p.Device)
	p.MadeAt, p.ExpiresAt = timeOf(made), timeOf(expires)
	return p, err
}

// hold locks the one row that a statement touches until the transaction ends,
// also on PostgreSQL, where reading it would not.
func hold(ctx context.Context, tx *sql.Tx, statement string, id string) error {
	res, err := tx.ExecContext(ctx, statement, id)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return cmp.Or(err, error(sql.ErrNoRows))
	}
	return nil
}

func putDevice(ctx context.Context, tx *sql.Tx, d survey.Device) error {
	beat, err := json.Marshal(d.Beat)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO device (id, point, name, key_digest, paired_by, paired_at, revoked_at, beat_at, beat, stored, highest)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, key_digest = excluded.key_digest, paired_by = excluded.paired_by,
		  paired_at = excluded.paired_at, revoked_at = excluded.revoked_at`,
		string(d.ID), string(d.Point), d.Name, d.KeyDigest[:], d.PairedBy, d.PairedAt.UnixMilli(),
		instant(d.RevokedAt), instant(d.Beat.At), string(beat))
	return err
}

// Devices returns every device, by id.
func (s *Store) Devices(ctx context.Context) ([]survey.Device, error) {
	all, err := loadDevices(ctx, s.read, ` ORDER BY id`)
	return all, s.fail("store.Devices", err)
}

// Device returns the device with id; NotFound if there is none.
func (s *Store) Device(ctx context.Context, id survey.DeviceID) (survey.Device, error) {
	d, err := loadDevice(ctx, s.read, ` WHERE id = $1`, string(id))
	return d, s.fail("store.Device", err)
}

// DeviceByKey returns the device whose key has this digest, revoked or not;
// NotFound if there is none.
func (s *Store) DeviceByKey(ctx context.Context, digest [32]byte) (survey.Device, error) {
	d, err := loadDevice(ctx, s.read, ` WHERE key_digest = $1`, digest[:])
	return d, s.fail("store.DeviceByKey", err)
}

// UpdateDevice loads a device, lets change alter it, and saves it, in one
// transaction; nothing is saved if change returns an error. Its id, its point
// and what is counted of it cannot be changed. NotFound if there is no such
// device.
func (s *Store) UpdateDevice(ctx context.Context, id survey.DeviceID, change func(*survey.Device) error) error {
	return s.alter(ctx, "store.UpdateDevice", func(tx *sql.Tx) error {
		if err := hold(ctx, tx, `UPDATE device SET id = id WHERE id = $1`, string(id)); err != nil {
			return err
		}
		d, err := loadDevice(ctx, tx, ` WHERE id = $1`, string(id))
		if err != nil {
			return err
		}
		if err := change(&d); err != nil {
			return err
		}
		beat, err := json.Marshal(d.Beat)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE device SET name = $2, key_digest = $3, paired_by = $4, paired_at = $5, revoked_at = $6, beat_at = $7, beat = $8
			WHERE id = $1`,
			string(id), d.Name, d.KeyDigest[:], d.PairedBy, d.PairedAt.UnixMilli(), instant(d.RevokedAt), instant(d.Beat.At), string(beat))
		return err
	})
}

func loadDevice(ctx context.Context, q querier, where string, args ...any) (survey.Device, error) {
	found, err := loadDevices(ctx, q, where, args...)
	if err == nil && len(found) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return survey.Device{}, err
	}
	return found[0], nil
}

func loadDevices(ctx context.Context, q querier, where string, args ...any) ([]survey.Device, error) {
	var all []survey.Device
	err := each(ctx, q, func(rows *sql.Rows) error {
		var d survey.Device
		var digest []byte
		var beat string
		var paired int64
		var revoked, beatAt sql.NullInt64
		err := rows.Scan(&d.ID, &d.Point, &d.Name, &digest, &d.PairedBy, &paired, &revoked, &beatAt, &beat, &d.Stored, &d.Highest)
		if err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(beat), &d.Beat); err != nil {
			return fmt.Errorf("heartbeat of %s: %w", d.ID, err)
		}
		copy(d.KeyDigest[:], digest)
		d.PairedAt, d.RevokedAt, d.Beat.At = timeOf(paired), moment(revoked), moment(beatAt)
		all = append(all, d)
		return nil
	}, `SELECT id, point, name, key_digest, paired_by, paired_at, revoked_at, beat_at, beat, stored, highest FROM device`+where, args...)
	return all, err
}

// Gaps returns at most limit runs of sequence numbers that are not stored, the
// lowest first, below the device's highest stored number.
func (s *Store) Gaps(ctx context.Context, id survey.DeviceID, limit int) ([]survey.Gap, error) {
	var gaps []survey.Gap
	err := each(ctx, s.read, func(rows *sql.Rows) error {
		var g survey.Gap
		err := rows.Scan(&g.From, &g.To)
		gaps = append(gaps, g)
		return err
	}, `
		SELECT before + 1, device_seq - 1 FROM (
		  SELECT device_seq, COALESCE(LAG(device_seq) OVER (ORDER BY device_seq), 0) AS before
		  FROM response WHERE device = $1 AND device_seq > 0
		) AS step
		WHERE device_seq > before + 1 ORDER BY device_seq LIMIT $2`, string(id), limit)
	return gaps, s.fail("store.Gaps", err)
}

// PutSettings sets each key to its value, or clears it where the value is
// empty, all in one transaction. What that changes is kept with who did it.
func (s *Store) PutSettings(ctx context.Context, by string, at time.Time, set map[survey.SettingKey]string) error {
	return s.changeCatalog(ctx, "store.PutSettings", func(tx *sql.Tx) error {
		for key, value := range set {
			args := []any{string(key.Unit), string(key.Point), string(key.Name), value}
			changed, err := keepSetting(ctx, tx, by, at, args)
			if err != nil {
				return err
			}
			if !changed {
				continue
			}
			statement := `
				INSERT INTO place_setting (unit, point, name, value) VALUES ($1, $2, $3, $4)
				ON CONFLICT (unit, point, name) DO UPDATE SET value = excluded.value`
			if value == "" {
				statement, args = `DELETE FROM place_setting WHERE unit = $1 AND point = $2 AND name = $3`, args[:3]
			}
			if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// keepSetting notes a change of a setting, given as unit, point, name and value,
// unless it is none or that of a PIN.
func keepSetting(ctx context.Context, tx *sql.Tx, by string, at time.Time, to []any) (changed bool, err error) {
	var before string
	err = tx.QueryRowContext(ctx, `SELECT value FROM place_setting WHERE unit = $1 AND point = $2 AND name = $3`, to[:3]...).Scan(&before)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	if before == to[3] {
		return false, nil
	}
	if to[2] == string(survey.PINSetting) {
		return true, nil
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO place_setting_change (id, unit, point, name, before, after, account, at)
		SELECT COALESCE(MAX(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7 FROM place_setting_change`,
		to[0], to[1], to[2], before, to[3], by, at.UnixMilli())
	return true, err
}

// SettingChanges are the changes of some settings at a unit, the latest first.
func (s *Store) SettingChanges(ctx context.Context, unit survey.UnitCode, names []survey.Setting) (list []survey.SettingChange, err error) {
	for _, name := range names {
		err := each(ctx, s.read, func(rows *sql.Rows) error {
			c := survey.SettingChange{Key: survey.SettingKey{Unit: unit, Name: name}}
			var at sql.NullInt64
			err := rows.Scan(&c.Before, &c.After, &c.By, &at)
			c.At = moment(at)
			list = append(list, c)
			return err
		}, `SELECT before, after, account, at FROM place_setting_change WHERE unit = $1 AND name = $2 ORDER BY id DESC`, string(unit), string(name))
		if err != nil {
			return nil, s.fail("store.SettingChanges", err)
		}
	}
	slices.SortStableFunc(list, func(a, b survey.SettingChange) int { return b.At.Compare(a.At) })
	return list, nil
}

func loadSettings(ctx context.Context, q querier, to map[survey.SettingKey]string) error {
	return each(ctx, q, func(rows *sql.Rows) error {
		var key survey.SettingKey
		var value string
		err := rows.Scan(&key.Unit, &key.Point, &key.Name, &value)
		to[key] = value
		return err
	}, `SELECT unit, point, name, value FROM place_setting`)
}
