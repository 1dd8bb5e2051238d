package importer

import (
	"io"
	"math"
	"strconv"

	"sipas/internal/survey"
)

// Bounds of a plan.
const (
	mostPlanned = 1_000_000_000
	mostDeff    = 1000
)

// Plans reads wave,unit,planned and, where the file has them, population,issued
// and deff (1 if empty): the sample plans of waves by random sample, each of
// which replaces the one there was. An empty number is not known yet. The error
// names every bad row, with the column.
func Plans(r io.Reader, c *survey.Catalog) (map[survey.WaveID]survey.Plan, int, error) {
	t, err := read("importer.Plans", r, "wave", "unit", "planned", "population?", "issued?", "deff?")
	if err != nil {
		return nil, 0, err
	}
	plans := map[survey.WaveID]survey.Plan{}
	lines := map[survey.WaveID]map[survey.UnitCode]int{}
	for _, row := range t.rows {
		faults, wave := len(t.bad), survey.WaveID(row.cells["wave"])
		u := survey.PlannedUnit{
			Unit: survey.UnitCode(row.cells["unit"]), Population: t.count(row, "population"),
			Planned: t.count(row, "planned"), Issued: t.count(row, "issued"), Deff: t.deff(row),
		}
		t.checkPlanned(row, c, wave, u)
		if len(t.bad) > faults {
			continue
		}
		if lines[wave] == nil {
			lines[wave], plans[wave] = map[survey.UnitCode]int{}, survey.Plan{}
		}
		if first, ok := lines[wave][u.Unit]; ok {
			t.complain(row.line, "import.plan_twice", string(u.Unit), string(wave), first)
			continue
		}
		lines[wave][u.Unit], plans[wave][u.Unit] = row.line, u
	}
	for _, units := range lines {
		for unit, line := range units {
			for _, above := range c.Tree.Lineage(unit)[1:] {
				if first, ok := units[above]; ok {
					t.complain(line, "import.plan_above", string(unit), string(above), first)
				}
			}
		}
	}
	return plans, len(t.rows), t.err()
}

// checkPlanned complains unless a wave can plan u.
func (t *table) checkPlanned(row row, c *survey.Catalog, wave survey.WaveID, u survey.PlannedUnit) {
	w := c.Waves[wave]
	unit, known := c.Tree.Unit(u.Unit)
	switch {
	case w == nil:
		t.complain(row.line, "import.plan_wave", string(wave))
	case w.Design != survey.Probability:
		t.complain(row.line, "import.plan_not_a_sample", string(wave))
	}
	switch {
	case !known:
		t.complain(row.line, "import.unknown_unit", string(u.Unit))
	case w != nil && !w.Covers(c.Tree, u.Unit):
		t.complain(row.line, "import.plan_not_covered", string(u.Unit), string(wave))
	case w != nil && (unit.ValidTo < w.From || w.To < unit.ValidFrom):
		t.complain(row.line, "import.plan_gone", string(u.Unit), string(wave))
	}
	if u.Population > 0 && u.Planned > u.Population {
		t.complain(row.line, "import.plan_too_many", u.Planned, u.Population)
	}
}

// count reads a number of people of r, 0 if the cell is empty, or complains.
func (t *table) count(r row, column string) int64 {
	if r.cells[column] == "" {
		return 0
	}
	n, err := strconv.ParseUint(r.cells[column], 10, 63)
	if err != nil || n > mostPlanned {
		t.complain(r.line, "import.bad_count", column, r.cells[column], int64(mostPlanned))
		return 0
	}
	return int64(n)
}

// deff reads a design effect of r, 1 if the cell is empty, or complains.
func (t *table) deff(r row) float64 {
	if r.cells["deff"] == "" {
		return 1
	}
	d, err := strconv.ParseFloat(r.cells["deff"], 64)
	if err != nil || !(d >= 0.01 && d <= mostDeff) || math.IsNaN(d) {
		t.complain(r.line, "import.bad_deff", "deff", r.cells["deff"])
		return 1
	}
	return d
}
