package stats

import (
	"fmt"
	"slices"
)

// check reports whether the columns of d belong to so many rows.
func (d Design) check(rows int) error {
	if rows == 0 {
		return fmt.Errorf("stats: design: %w", ErrNoData)
	}
	if d.Weight != nil && len(d.Weight) != rows {
		return fmt.Errorf("stats: design: %d weights for %d rows: %w", len(d.Weight), rows, ErrShape)
	}
	for i, w := range d.Weight {
		if !(w > 0) {
			return fmt.Errorf("stats: design: weight %v of row %d: %w", w, i, ErrShape)
		}
	}
	for i, s := range d.Stages {
		for _, n := range []int{len(s.Stratum), len(s.Unit), len(s.Population)} {
			if n != 0 && n != rows {
				return fmt.Errorf("stats: design: stage %d has %d entries for %d rows: %w", i, n, rows, ErrShape)
			}
		}
	}
	for _, c := range d.calibrated {
		if len(c.weight) != rows {
			return fmt.Errorf("stats: design: calibrated with %d rows, not %d: %w", len(c.weight), rows, ErrShape)
		}
	}
	return nil
}

// groups parts rows by their code, in order of first appearance; without codes
// all rows are one group if whole is set, and each row its own if not.
func groups(rows, codes []int, whole bool) [][]int {
	if codes == nil {
		if whole {
			return [][]int{rows}
		}
		parts := make([][]int, len(rows))
		for i := range rows {
			parts[i] = rows[i : i+1 : i+1]
		}
		return parts
	}
	if parts, ok := runs(rows, codes); ok {
		return parts
	}
	index := map[int]int{}
	var parts [][]int
	for _, row := range rows {
		at, ok := index[codes[row]]
		if !ok {
			at = len(parts)
			index[codes[row]] = at
			parts = append(parts, nil)
		}
		parts[at] = append(parts[at], row)
	}
	return parts
}

// runs parts rows whose codes never fall, as rows that were sorted have: a piece
// for each code, without looking any up.
func runs(rows, codes []int) (parts [][]int, ok bool) {
	first := 0
	for i := range rows {
		if i > 0 && codes[rows[i]] < codes[rows[i-1]] {
			return nil, false
		}
		if i+1 == len(rows) || codes[rows[i+1]] != codes[rows[i]] {
			parts, first = append(parts, rows[first:i+1:i+1]), i+1
		}
	}
	return parts, true
}

func everyRow(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// stage returns the s-th stage; a design without stages has one, of rows.
func (d Design) stage(s int) Stage {
	if len(d.Stages) == 0 {
		return Stage{}
	}
	return d.Stages[s]
}

// freedom is the units less the strata of the first stage that have rows in.
func (d Design) freedom(in []bool) float64 {
	first, rows := d.stage(0), slices.DeleteFunc(everyRow(len(in)), func(i int) bool { return !in[i] })
	df := 0
	for _, stratum := range groups(rows, first.Stratum, true) {
		df += len(groups(stratum, first.Unit, false)) - 1
	}
	return float64(df)
}

// variance returns the variance of the total of z.
func (d Design) variance(z []float64) (float64, error) {
	return d.stageVariance(0, everyRow(len(z)), z)
}

// stageVariance adds up what units vary within their strata at stage s among
// rows, and below it.
func (d Design) stageVariance(s int, rows []int, z []float64) (float64, error) {
	stage, v := d.stage(s), 0.0
	for _, stratum := range groups(rows, stage.Stratum, true) {
		units := groups(stratum, stage.Unit, false)
		n, drawn := float64(len(units)), 0.0 // drawn: the part of the stratum's units that is in the sample
		if stage.Population != nil {
			population := stage.Population[stratum[0]]
			for _, row := range stratum {
				if stage.Population[row] != population {
					return 0, fmt.Errorf("stats: design: stage %d, row %d: a stratum with two populations: %w", s, row, ErrShape)
				}
			}
			if !(population >= n) {
				return 0, fmt.Errorf("stats: design: stage %d, row %d: %v of %v units drawn: %w", s, stratum[0], n, population, ErrShape)
			}
			drawn = n / population
		}
		between, err := d.between(units, 1-drawn, z)
		if err != nil {
			return 0, fmt.Errorf("stats: design: stage %d, row %d: %w", s, stratum[0], err)
		}
		v += between
		if drawn == 0 || s+1 >= len(d.Stages) {
			continue
		}
		for _, unit := range units {
			below, err := d.stageVariance(s+1, unit, z)
			if err != nil {
				return 0, err
			}
			v += drawn * below
		}
	}
	return v, nil
}

// between is the variance that the totals of z over units add, free being the
// part of the stratum that was not drawn.
func (d Design) between(units [][]int, free float64, z []float64) (float64, error) {
	if free < 1e-7 { // all drawn, as R's survey has it
		return 0, nil
	}
	n := float64(len(units))
	totals, mean := make([]float64, len(units)), 0.0
	for i, rows := range units {
		for _, row := range rows {
			totals[i] += z[row]
		}
		mean += totals[i] / n
	}
	scale := free
	switch {
	case n > 1:
		scale *= n / (n - 1)
	case d.Lonely == LonelyFails:
		return 0, ErrLonely
	case d.Lonely == LonelyAdjusts:
		mean = 0 // the totals of all units add up to 0
	}
	sum := 0.0
	for _, t := range totals {
		sum += (t - mean) * (t - mean)
	}
	return scale * sum, nil
}
