package store

import (
	"context"
	"database/sql"
	"time"

	"sipas/internal/survey"
)

// PutNote adds a note under the next number; NotFound for an unknown unit.
func (s *Store) PutNote(ctx context.Context, n survey.Note) error {
	return s.changeCatalog(ctx, "store.PutNote", func(tx *sql.Tx) error {
		var id int64
		if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), 0) + 1 FROM note`).Scan(&id); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO note (id, on_day, unit, kind, text_vi, text_en, account, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			id, int64(n.On), string(n.Unit), string(n.Kind), n.Text["vi"], n.Text["en"], n.By, n.At.UnixMilli())
		return err
	})
}

// EndNote marks a note as ended. It is NotFound without one, a Conflict when it
// has ended already.
func (s *Store) EndNote(ctx context.Context, id int64, by string, at time.Time) error {
	const op = "store.EndNote"
	return s.changeCatalog(ctx, op, func(tx *sql.Tx) error {
		var ended int64
		err := tx.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM note_end e WHERE e.id = n.id) FROM note n WHERE n.id = $1`, id).Scan(&ended)
		if err != nil {
			return err
		}
		if ended > 0 {
			return &survey.Error{Kind: survey.Conflict, Op: op, Key: "note.ended_already"}
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO note_end (id, account, at) VALUES ($1, $2, $3)`, id, by, at.UnixMilli())
		return err
	})
}

// loadNotes reads every note, ended ones too, by day.
func loadNotes(ctx context.Context, q querier) ([]survey.Note, error) {
	var notes []survey.Note
	return notes, each(ctx, q, func(rows *sql.Rows) error {
		var n survey.Note
		var vi, en string
		var written, ended sql.NullInt64
		if err := rows.Scan(&n.ID, &n.On, &n.Unit, &n.Kind, &vi, &en, &n.By, &written, &n.EndedBy, &ended); err != nil {
			return err
		}
		n.Text, n.At, n.EndedAt = survey.Text{"vi": vi}, moment(written), moment(ended)
		if en != "" {
			n.Text["en"] = en
		}
		notes = append(notes, n)
		return nil
	}, `SELECT n.id, n.on_day, n.unit, n.kind, n.text_vi, n.text_en, n.account, n.at, COALESCE(e.account, ''), e.at
		FROM note n LEFT JOIN note_end e ON e.id = n.id ORDER BY n.on_day, n.id`)
}
