package store

import (
	"context"
	"database/sql"
	"slices"
	"sync"

	"sipas/internal/survey"
)

// recall remembers sums of tallies of months and days, for as long as nothing
// has changed them: a page of a year reads what is over once, and then what has
// come since. Whether something has changed stands in the database, beside the
// tallies and within the reader's own snapshot, so that nothing remembered is
// ever older than what would be read (ADR 27).
type recall struct {
	mu     sync.Mutex
	pieces map[pieceKey]*piece
	waves  map[survey.WaveID]*changes
	size   int   // about so many bytes
	looks  int64 // counts up; says what was looked at last
}

// pieceKey is a run of tallies whose sums are remembered.
type pieceKey struct {
	wave survey.WaveID
	kind cellKind
	span survey.Span // not Less
}

// piece is what is known of one.
type piece struct {
	version int64 // the changes it includes
	looked  int64
	size    int
	units   map[survey.UnitCode][]cell // nobody may change a cell
}

// changes is when tallies of the days of a wave were changed last, by day, of
// all changes up to version and perhaps of some later ones.
type changes struct {
	version int64
	days    []dayChange
}

type dayChange struct {
	day     survey.Day
	version int64
}

func (c *changes) add(more []dayChange) {
	for _, m := range more {
		i, found := slices.BinarySearchFunc(c.days, m.day, func(d dayChange, day survey.Day) int { return int(d.day - day) })
		if !found {
			c.days = slices.Insert(c.days, i, m)
		}
		c.days[i].version = max(c.days[i].version, m.version)
	}
}

// within returns those in a span.
func (c *changes) within(span survey.Span) []dayChange {
	if c == nil {
		return nil
	}
	lo, hi := survey.Day(span.Lo), survey.Day(span.Hi)
	if span.Grain == survey.GrainMonth {
		lo, hi = survey.Month(span.Lo).First(), survey.Month(span.Hi).Last()
	}
	at := func(day survey.Day) int {
		i, _ := slices.BinarySearchFunc(c.days, day, func(d dayChange, day survey.Day) int { return int(d.day - day) })
		return i
	}
	return c.days[at(lo):at(hi+1)]
}

// mostRecalled is how many bytes are remembered at most; what was looked at
// longest ago goes first.
const mostRecalled = 32 << 20

// lately is how many changes a day stays apart from the others: the next one
// probably changes it too.
const lately = 64

// catchUp reads what has changed in a wave up to version, which is that of the
// snapshot.
func (r *recall) catchUp(ctx context.Context, tx *sql.Tx, wave survey.WaveID, version int64) error {
	r.mu.Lock()
	known := int64(-1)
	if c := r.waves[wave]; c != nil {
		known = c.version
	}
	r.mu.Unlock()
	if known >= version {
		return nil
	}
	var fresh []dayChange
	err := each(ctx, tx, func(rows *sql.Rows) error {
		var c dayChange
		err := rows.Scan(&c.day, &c.version)
		fresh = append(fresh, c)
		return err
	}, changesSince, string(wave), known)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.waves == nil {
		r.waves = map[survey.WaveID]*changes{}
	}
	c := r.waves[wave]
	if c == nil {
		c = &changes{}
		r.waves[wave] = c
	}
	c.add(fresh)
	c.version = max(c.version, version)
	return nil
}

const changesSince = `SELECT day, version FROM tally_change WHERE wave = $1 AND version > $2`

// split cuts a run of months or days where something was changed lately: those
// days, or months, stand alone.
func (r *recall) split(wave survey.WaveID, span survey.Span, version int64) []survey.Span {
	r.mu.Lock()
	defer r.mu.Unlock()
	alone := map[int32]bool{}
	for _, c := range r.waves[wave].within(span) {
		if c.version > version-lately {
			alone[atOf(span.Grain, c.day)] = true
		}
	}
	var runs []survey.Span
	open := false
	for at := span.Lo; at <= span.Hi; at = next(span.Grain, at) {
		if open && !alone[at] {
			runs[len(runs)-1].Hi = at
			continue
		}
		runs, open = append(runs, survey.Span{Grain: span.Grain, Lo: at, Hi: at}), !alone[at]
	}
	return runs
}

// atOf is where the tallies of a grain have a day.
func atOf(g survey.Grain, day survey.Day) int32 {
	if g == survey.GrainMonth {
		return int32(day.Month())
	}
	return int32(day)
}

// next is the month or day after at.
func next(g survey.Grain, at int32) int32 {
	if g == survey.GrainMonth {
		return int32(survey.Month(at).Add(1))
	}
	return at + 1
}

// get returns the cells of units, in their order, if all are remembered and as
// the snapshot has them.
func (r *recall) get(key pieceKey, units []survey.UnitCode, mark tallyMark) ([][]cell, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.pieces[key]
	if p == nil || p.version > mark.version || p.version < max(mark.remade, r.changed(key)) {
		return nil, false
	}
	r.looks++
	p.looked = r.looks
	found := make([][]cell, len(units))
	for i, u := range units {
		cells, ok := p.units[u]
		if !ok {
			return nil, false
		}
		found[i] = cells
	}
	return found, true
}

// changed is the last change within a piece that is known of, perhaps one after
// the snapshot.
func (r *recall) changed(key pieceKey) (last int64) {
	for _, c := range r.waves[key.wave].within(key.span) {
		last = max(last, c.version)
	}
	return last
}

// put remembers the cells of units as a snapshot has them.
func (r *recall) put(key pieceKey, units []survey.UnitCode, cells [][]cell, mark tallyMark) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.pieces[key]
	switch {
	case p != nil && p.version > mark.version:
		return // somebody knows better
	case p == nil || p.version < max(mark.remade, r.changed(key)):
		if r.pieces == nil {
			r.pieces = map[pieceKey]*piece{}
		}
		r.drop(key)
		p = &piece{version: mark.version, units: map[survey.UnitCode][]cell{}}
		r.pieces[key] = p
	}
	r.looks++
	p.looked = r.looks
	for i, u := range units {
		if _, known := p.units[u]; !known {
			p.units[u] = cells[i]
			p.size, r.size = p.size+sizeOf(cells[i]), r.size+sizeOf(cells[i])
		}
	}
	for r.size > mostRecalled {
		r.drop(r.oldest())
	}
}

func (r *recall) drop(key pieceKey) {
	if p := r.pieces[key]; p != nil {
		r.size -= p.size
		delete(r.pieces, key)
	}
}

func (r *recall) oldest() (key pieceKey) {
	first := int64(-1)
	for k, p := range r.pieces {
		if first < 0 || p.looked < first {
			key, first = k, p.looked
		}
	}
	return key
}

// sizeOf is about what cells take in memory, with their place in a map.
func sizeOf(cells []cell) int {
	size := 64
	for _, c := range cells {
		size += 96 + len(c.counts)
	}
	return size
}

// noteChanges says that the tallies of d were changed.
func noteChanges(ctx context.Context, tx *sql.Tx, d survey.Delta) error {
	type on struct {
		wave survey.WaveID
		day  int32
	}
	seen := map[on]bool{}
	var all []on
	for k := range d {
		if at := (on{k.Wave, k.At}); k.Grain == survey.GrainDay && !seen[at] {
			seen[at] = true
			all = append(all, at)
		}
	}
	if len(all) == 0 {
		return nil
	}
	slices.SortFunc(all, func(a, b on) int { return int(a.day - b.day) })
	return putAll(ctx, tx, noteChange, len(all), func(i int) []any { return []any{string(all[i].wave), int64(all[i].day)} })
}

const noteChange = `
	INSERT INTO tally_change (wave, day, version) VALUES ($1, $2, (SELECT version FROM watermark))
	ON CONFLICT (wave, day) DO UPDATE SET version = excluded.version`
