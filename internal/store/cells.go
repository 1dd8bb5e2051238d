package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"

	"sipas/internal/survey"
)

// cell is a stored tally of some unit and span, or the sum of some. Of a kind
// without counts it has N alone.
type cell struct {
	state   survey.State
	part    survey.TallyPart
	channel survey.Channel
	n       int64
	counts  []byte // as they are stored
}

// cellKind says which tallies are read together.
type cellKind struct {
	state   survey.State // empty: every state
	reasons bool         // how many each rule points at; otherwise the whole
	counts  bool         // with counts; otherwise N alone
}

func (k cellKind) states() []survey.State {
	if k.state == "" {
		return survey.States
	}
	return []survey.State{k.state}
}

func (k cellKind) parts() []survey.TallyPart {
	if !k.reasons {
		return []survey.TallyPart{survey.WholeTally}
	}
	var parts []survey.TallyPart
	for _, r := range survey.Reasons {
		parts = append(parts, survey.OfReason(r))
	}
	return parts
}

// cellReader reads tallies for one query within one snapshot.
type cellReader struct {
	tx     *sql.Tx
	recall *recall
	q      survey.TallyQuery
	mark   tallyMark
}

// tallies adds up the tallies of every unit that has any.
func (r *cellReader) tallies(ctx context.Context) (map[survey.UnitCode]survey.Tally, error) {
	found := map[survey.UnitCode]survey.Tally{}
	if r.q.Bare {
		return found, nil
	}
	states := r.q.States
	if len(states) == 0 {
		states = []survey.State{survey.Counted}
	}
	sums := map[survey.UnitCode]*survey.Tally{}
	var room survey.Tally
	for _, state := range states {
		err := r.each(ctx, cellKind{state: state, counts: true}, slices.Concat(r.q.Units, r.q.Beside), func(u survey.UnitCode, c *cell, less bool) error {
			sum := sums[u]
			if sum == nil {
				sum = &survey.Tally{}
				sums[u] = sum
			}
			if !less {
				sum.N += c.n
				return sum.AddBinary(c.counts)
			}
			room.N = c.n
			err := room.UnmarshalBinary(c.counts)
			sum.Take(room)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for u, sum := range sums {
		if sum.N != 0 { // all that a month has may be taken away
			found[u] = *sum
		}
	}
	return found, nil
}

// arrived adds up how many responses came to each unit by each channel.
func (r *cellReader) arrived(ctx context.Context) (map[survey.Arrivals]int64, error) {
	sums := map[survey.Arrivals]int64{}
	err := r.each(ctx, cellKind{}, r.q.Units, func(u survey.UnitCode, c *cell, less bool) error {
		if less {
			sums[survey.Arrivals{Unit: u, Channel: c.channel}] -= c.n
		} else {
			sums[survey.Arrivals{Unit: u, Channel: c.channel}] += c.n
		}
		return nil
	})
	maps.DeleteFunc(sums, func(_ survey.Arrivals, n int64) bool { return n == 0 })
	return sums, err
}

// standings adds up how many responses stand in each state and, of some units, how
// many of them each rule points at: ten parts a state, so only those of states
// that there are.
func (r *cellReader) standings(ctx context.Context) (map[survey.UnitCode]survey.Standing, error) {
	sums := map[survey.UnitCode]survey.Standing{}
	add := func(u survey.UnitCode, c *cell, less bool) error {
		n := c.n
		if less {
			n = -n
		}
		sum := sums[u]
		sum.Add(c.state, c.part.Reason(), n)
		sums[u] = sum
		return nil
	}
	if err := r.each(ctx, cellKind{}, r.q.Units, add); err != nil {
		return nil, err
	}
	found := map[survey.State]bool{}
	for _, sum := range sums {
		for state, n := range sum.N {
			if n != 0 {
				found[state] = true
			}
		}
	}
	for _, state := range slices.Sorted(maps.Keys(found)) {
		if err := r.each(ctx, cellKind{state: state, reasons: true}, r.q.Reasons, add); err != nil {
			return nil, err
		}
	}
	for u, sum := range sums {
		if sum.Drop(); len(sum.N) == 0 {
			delete(sums, u)
		}
	}
	return sums, nil
}

// each calls f for the tallies of a kind, in the query's period and channel, of
// units; less says that one is taken away from the others. A cell is valid until f
// returns. The tallies of a whole wave, which every fold changes, are read; those
// of months and days are remembered, unless there are too many.
func (r *cellReader) each(ctx context.Context, kind cellKind, units []survey.UnitCode, f func(u survey.UnitCode, c *cell, less bool) error) error {
	units = slices.Compact(slices.Sorted(slices.Values(units)))
	for _, span := range r.q.Period.Spans() {
		var err error
		if span.Grain == survey.GrainWave || kind.counts && len(units) > unitsInSQL {
			err = scanCells(ctx, r.tx, r.q.Wave, kind, units, span, r.q.Channel, func(u survey.UnitCode, _ int32, c *cell) error {
				return f(u, c, span.Less)
			})
		} else {
			err = r.eachKnown(ctx, kind, units, span, f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// eachKnown is each for one span, of sums that are remembered, or will be.
func (r *cellReader) eachKnown(ctx context.Context, kind cellKind, units []survey.UnitCode, span survey.Span, f func(u survey.UnitCode, c *cell, less bool) error) error {
	less := span.Less
	span.Less = false
	for _, run := range r.recall.split(r.q.Wave, span, r.mark.version) {
		key := pieceKey{r.q.Wave, kind, run}
		cells, ok := r.recall.get(key, units, r.mark)
		if !ok {
			var err error
			if cells, err = r.sums(ctx, kind, units, run); err != nil {
				return err
			}
			r.recall.put(key, units, cells, r.mark)
		}
		for i, u := range units {
			for j := range cells[i] {
				c := &cells[i][j]
				if r.q.Channel != "" && r.q.Channel != c.channel {
					continue
				}
				if err := f(u, c, less); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// sums adds up the tallies of each unit within a span, channel by channel.
func (r *cellReader) sums(ctx context.Context, kind cellKind, units []survey.UnitCode, span survey.Span) ([][]cell, error) {
	number := map[survey.UnitCode]int{}
	for i, u := range units {
		number[u] = i
	}
	type sum struct {
		cell
		survey.Tally
	}
	found := make([][]sum, len(units))
	err := scanCells(ctx, r.tx, r.q.Wave, kind, units, span, "", func(u survey.UnitCode, _ int32, c *cell) error {
		of := &found[number[u]]
		i := slices.IndexFunc(*of, func(s sum) bool { return s.channel == c.channel && s.state == c.state && s.part == c.part })
		if i < 0 {
			i = len(*of)
			*of = append(*of, sum{cell: cell{state: c.state, part: c.part, channel: c.channel}})
		}
		s := &(*of)[i]
		s.n += c.n
		return s.AddBinary(c.counts)
	})
	if err != nil {
		return nil, err
	}
	cells := make([][]cell, len(units))
	for i, of := range found {
		for _, s := range of {
			if s.n == 0 {
				continue
			}
			if s.counts, err = s.MarshalBinary(); err != nil {
				return nil, err
			}
			cells[i] = append(cells[i], s.cell)
		}
	}
	return cells, nil
}

// scanCells calls f for the stored tallies of a kind within a span, of units,
// which are in order; of all channels, unless one is named. The cell is valid
// until f returns.
func scanCells(ctx context.Context, tx *sql.Tx, wave survey.WaveID, kind cellKind, units []survey.UnitCode, span survey.Span, channel survey.Channel, f func(u survey.UnitCode, at int32, c *cell) error) error {
	wanted := map[survey.UnitCode]bool{}
	for _, u := range units {
		wanted[u] = true
	}
	scan := func(rows *sql.Rows) error {
		var unit survey.UnitCode
		var at int32
		var c cell
		var counts sql.RawBytes
		into := []any{&unit, &at, &c.state, &c.part, &c.channel, &c.n, &counts}
		if !kind.counts {
			into = into[:len(into)-1]
		}
		if err := rows.Scan(into...); err != nil || !wanted[unit] {
			return err
		}
		c.counts = counts
		return f(unit, at, &c)
	}
	if span.Grain == survey.GrainWave || len(units) <= unitsInSQL {
		query, args := spanQuery(wave, kind, units, span, channel)
		return each(ctx, tx, scan, query, args...)
	}
	// The range of all units holds all of their days: of years, for a week.
	for some := range slices.Chunk(units, unitsInSQL) {
		query, args := spanQuery(wave, kind, some, span, channel)
		if err := each(ctx, tx, scan, query, args...); err != nil {
			return err
		}
	}
	return nil
}

// spanQuery selects the tallies of one span. Few units are looked up one by
// one; of many, the wave's whole range is read. Every state and part is named,
// so that the primary key leads to the rows.
func spanQuery(wave survey.WaveID, kind cellKind, units []survey.UnitCode, span survey.Span, channel survey.Channel) (string, []any) {
	var b strings.Builder
	args := []any{string(wave), int64(span.Grain), int64(span.Lo), int64(span.Hi)}
	b.WriteString(`SELECT unit, at, state, part, channel, n`)
	if kind.counts {
		b.WriteString(`, counts`)
	}
	b.WriteString(` FROM tally WHERE wave = $1 AND grain = $2 AND at BETWEEN $3 AND $4`)
	in := func(column string, values []any) {
		b.WriteString(` AND ` + column + ` IN ` + list(len(args)+1, len(values)))
		args = append(args, values...)
	}
	in(`state`, texts(kind.states()))
	in(`part`, texts(kind.parts()))
	if channel != "" {
		in(`channel`, []any{string(channel)})
	}
	if len(units) == 0 {
		b.WriteString(` AND 1 = 0`)
	} else if len(units) <= unitsInSQL {
		in(`unit`, texts(units))
	}
	return b.String(), args
}
