package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"sipas/internal/book"
)

// PutThreshold adds a change of thresholds.
func (s *Store) PutThreshold(ctx context.Context, x book.Threshold) error {
	const op = "store.PutThreshold"
	if x.Least == nil {
		x.Least = map[string]float64{}
	}
	least, err := json.Marshal(x.Least)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return s.changeBook(ctx, op, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO book_threshold (id, type, year, least, account, at)
			SELECT COALESCE(MAX(id), 0) + 1, $1, $2, $3, $4, $5 FROM book_threshold`,
			string(x.Type), int64(x.Year), string(least), x.By, x.At.UnixMilli())
		return err
	})
}

// Thresholds returns every change of thresholds, the earliest first.
func (s *Store) Thresholds(ctx context.Context) (book.Thresholds, error) {
	var list book.Thresholds
	err := each(ctx, s.read, func(rows *sql.Rows) error {
		var x book.Threshold
		var least string
		var at sql.NullInt64
		if err := rows.Scan(&x.Type, &x.Year, &least, &x.By, &at); err != nil {
			return err
		}
		x.At = moment(at)
		list = append(list, x)
		if err := json.Unmarshal([]byte(least), &list[len(list)-1].Least); err != nil {
			return fmt.Errorf("thresholds %q: %w", least, err)
		}
		return nil
	}, `SELECT type, year, least, account, at FROM book_threshold ORDER BY id`)
	return list, s.fail("store.Thresholds", err)
}
