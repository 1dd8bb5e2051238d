package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"

	"sipas/internal/survey"
)

// PutPlans replaces the plans of some waves, each as a whole; NotFound for an
// unknown wave or unit, and then none is replaced.
func (s *Store) PutPlans(ctx context.Context, plans map[survey.WaveID]survey.Plan) error {
	return s.changeCatalog(ctx, "store.PutPlans", func(tx *sql.Tx) error {
		for _, wave := range slices.Sorted(maps.Keys(plans)) {
			if _, err := tx.ExecContext(ctx, `DELETE FROM wave_plan WHERE wave = $1`, string(wave)); err != nil {
				return err
			}
			plan := plans[wave]
			units := slices.Sorted(maps.Keys(plan))
			const statement = `INSERT INTO wave_plan (wave, unit, population, planned, issued, deff) VALUES ($1, $2, $3, $4, $5, $6)`
			err := putAll(ctx, tx, statement, len(units), func(i int) []any {
				u := plan[units[i]]
				return []any{string(wave), string(units[i]), u.Population, u.Planned, u.Issued, u.Deff}
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func loadPlans(ctx context.Context, q querier) (map[survey.WaveID]survey.Plan, error) {
	var plans map[survey.WaveID]survey.Plan
	return plans, each(ctx, q, func(rows *sql.Rows) error {
		var wave survey.WaveID
		var u survey.PlannedUnit
		if err := rows.Scan(&wave, &u.Unit, &u.Population, &u.Planned, &u.Issued, &u.Deff); err != nil {
			return err
		}
		if plans == nil {
			plans = map[survey.WaveID]survey.Plan{}
		}
		if plans[wave] == nil {
			plans[wave] = survey.Plan{}
		}
		plans[wave][u.Unit] = u
		return nil
	}, `SELECT wave, unit, population, planned, issued, deff FROM wave_plan`)
}
