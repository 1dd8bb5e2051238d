package store

import (
	"context"
	"database/sql"

	"sipas/internal/survey"
)

// UseInstrument keeps the source of an instrument that a wave is about to use.
// From then on the id stands for these bytes: it is a Conflict when another
// hash has it.
func (s *Store) UseInstrument(ctx context.Context, id survey.InstrumentID, hash string, source []byte) error {
	const op = "store.UseInstrument"
	return s.change(ctx, op, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO instrument (id, hash, source) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING`,
			string(id), hash, append([]byte{}, source...))
		if err != nil {
			return err
		}
		var used string
		if err := tx.QueryRowContext(ctx, `SELECT hash FROM instrument WHERE id = $1`, string(id)).Scan(&used); err != nil {
			return err
		}
		if used != hash {
			return &survey.Error{Kind: survey.Conflict, Op: op, Key: "instrument.changed", Args: []any{string(id)}}
		}
		return nil
	})
}

// Instruments returns the hash of every instrument that was ever used.
func (s *Store) Instruments(ctx context.Context) (map[survey.InstrumentID]string, error) {
	used := map[survey.InstrumentID]string{}
	err := each(ctx, s.read, func(rows *sql.Rows) error {
		var id survey.InstrumentID
		var hash string
		err := rows.Scan(&id, &hash)
		used[id] = hash
		return err
	}, `SELECT id, hash FROM instrument`)
	return used, s.fail("store.Instruments", err)
}

// InstrumentSource returns the file of an instrument that was used; NotFound
// if it never was.
func (s *Store) InstrumentSource(ctx context.Context, id survey.InstrumentID) ([]byte, error) {
	var source []byte
	err := s.read.QueryRowContext(ctx, `SELECT source FROM instrument WHERE id = $1`, string(id)).Scan(&source)
	return source, s.fail("store.InstrumentSource", err)
}
