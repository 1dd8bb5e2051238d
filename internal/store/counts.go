package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"

	"sipas/internal/survey"
)

// Counts answers q from one consistent snapshot: the stored tallies of every
// unit of q that has any, how far they go, and what has come since.
func (s *Store) Counts(ctx context.Context, q survey.TallyQuery) (c survey.Counts, err error) {
	err = s.inSnapshot(ctx, func(conn *sql.Conn, tx *sql.Tx) error {
		c, err = s.counts(ctx, conn, tx, q)
		return err
	})
	return c, s.fail("store.Counts", err)
}

// inSnapshot runs f within one transaction that only reads.
func (s *Store) inSnapshot(ctx context.Context, f func(*sql.Conn, *sql.Tx) error) error {
	return s.onConn(ctx, func(conn *sql.Conn) error {
		tx, err := conn.BeginTx(ctx, &s.engine.snapshot)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		return f(conn, tx)
	})
}

// counts reads through tx, and the responses through conn, whose transaction
// tx is.
func (s *Store) counts(ctx context.Context, conn *sql.Conn, tx *sql.Tx, q survey.TallyQuery) (c survey.Counts, err error) {
	c.Tallies = map[survey.UnitCode]survey.Tally{}
	spans := q.Period.Spans()
	if q.Bare {
		spans = nil
	}
	for _, span := range spans {
		err := eachTally(ctx, tx, q, span, func(u survey.UnitCode, _ int32, t survey.Tally) { addTo(c.Tallies, u, t) })
		if err != nil {
			return c, fmt.Errorf("read tallies: %w", err)
		}
	}
	if q.Standings {
		if c.Standings, err = standings(ctx, tx, q); err != nil {
			return c, fmt.Errorf("read standings: %w", err)
		}
	}
	c.Moment, err = s.soFar(ctx, conn, tx, q.Wave)
	return c, err
}

// soFar reads how far tallies go, and what of a wave has come since.
func (s *Store) soFar(ctx context.Context, conn *sql.Conn, tx *sql.Tx, wave survey.WaveID) (m survey.Moment, err error) {
	mark, err := foldMark(ctx, tx)
	if err != nil {
		return m, fmt.Errorf("read the watermark: %w", err)
	}
	m.Folded = mark.Watermark
	if m.Head, err = head(ctx, tx); err != nil {
		return m, fmt.Errorf("read the last response: %w", err)
	}
	if m.Late = m.Head.Seq-m.Folded.Seq > survey.MaxTail; m.Late || m.Head.Seq == m.Folded.Seq {
		return m, nil
	}
	known := s.tails.get(wave, mark, m.Head.Seq)
	m.Tail = known.rows
	err = eachResponse(ctx, conn, survey.Filter{Wave: wave}, known.to, survey.MaxTail, func(r *survey.Response) error {
		m.Tail = append(m.Tail, *r)
		return nil
	})
	if err != nil {
		return m, fmt.Errorf("read the tail: %w", err)
	}
	s.tails.put(wave, mark, tail{m.Folded.Seq, m.Head.Seq, m.Tail})
	return m, nil
}

// tails remembers what came since the last fold: a page reads it several times,
// and every page again. Nobody may change its rows.
type tails struct {
	mu sync.Mutex
	of map[survey.WaveID]tail
}

// tail is the responses of a wave with from < seq ≤ to.
type tail struct {
	from, to int64
	rows     []survey.Response
}

// longestTail is how many responses are remembered at most of each wave.
const longestTail = 4000

// get returns what is known of the responses past mark, up to head at most. A
// response stays as it is until it is folded, unless it had been judged before.
func (t *tails) get(wave survey.WaveID, mark survey.FoldMark, head int64) tail {
	t.mu.Lock()
	defer t.mu.Unlock()
	known, ok := t.of[wave]
	if !ok || known.from != mark.Seq || known.to > head || mark.Judged != mark.Seq {
		return tail{from: mark.Seq, to: mark.Seq}
	}
	known.rows = slices.Clip(known.rows)
	return known
}

func (t *tails) put(wave survey.WaveID, mark survey.FoldMark, known tail) {
	t.mu.Lock()
	defer t.mu.Unlock()
	held, ok := t.of[wave]
	if ok && (held.from > known.from || held.from == known.from && held.to >= known.to) && mark.Judged == mark.Seq {
		return
	}
	if t.of == nil {
		t.of = map[survey.WaveID]tail{}
	}
	delete(t.of, wave)
	if len(known.rows) <= longestTail && mark.Judged == mark.Seq {
		t.of[wave] = known
	}
}

func addTo(sums map[survey.UnitCode]survey.Tally, u survey.UnitCode, t survey.Tally) {
	sum := sums[u]
	sum.Add(t)
	sums[u] = sum
}

// Series answers q like Counts, but keeps apart what lies at different times.
func (s *Store) Series(ctx context.Context, q survey.TallyQuery, grain survey.Grain) (series survey.Series, err error) {
	err = s.inSnapshot(ctx, func(conn *sql.Conn, tx *sql.Tx) error {
		series.Tallies = map[int32]map[survey.UnitCode]survey.Tally{}
		err := eachTally(ctx, tx, q, spanOf(q.Period, grain), func(u survey.UnitCode, at int32, t survey.Tally) {
			if series.Tallies[at] == nil {
				series.Tallies[at] = map[survey.UnitCode]survey.Tally{}
			}
			addTo(series.Tallies[at], u, t)
		})
		if err == nil {
			series.Moment, err = s.soFar(ctx, conn, tx, q.Wave)
		}
		return err
	})
	return series, s.fail("store.Series", err)
}

// spanOf is all stored tallies of one grain that lie in p.
func spanOf(p survey.Period, grain survey.Grain) survey.Span {
	switch {
	case grain == survey.GrainWave:
		return survey.Span{Grain: grain}
	case p.Whole():
		return survey.Span{Grain: grain, Lo: math.MinInt32, Hi: math.MaxInt32}
	case grain == survey.GrainMonth:
		return survey.Span{Grain: grain, Lo: int32(p.From.Month()), Hi: int32(p.To.Month())}
	}
	return survey.Span{Grain: grain, Lo: int32(p.From), Hi: int32(p.To)}
}

// Head is the last response stored; zero before the first.
func (s *Store) Head(ctx context.Context) (survey.Watermark, error) {
	h, err := head(ctx, s.read)
	return h, s.fail("store.Head", err)
}

// Lag is how many responses are stored and not folded into tallies yet.
func (s *Store) Lag(ctx context.Context) (int64, error) {
	const op = "store.Lag"
	// The watermark first: what is stored meanwhile must not make it negative.
	w, err := watermark(ctx, s.read)
	if err != nil {
		return 0, s.fail(op, err)
	}
	h, err := head(ctx, s.read)
	return h.Seq - w.Seq, s.fail(op, err)
}

func head(ctx context.Context, q rowQuerier) (survey.Watermark, error) {
	var h survey.Watermark
	var at int64
	err := q.QueryRowContext(ctx, `SELECT seq, received_at FROM response ORDER BY seq DESC LIMIT 1`).Scan(&h.Seq, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return h, nil
	}
	h.At = timeOf(at)
	return h, err
}

// eachTally calls f for the tallies of one span that q asks for; t is valid
// until f returns.
func eachTally(ctx context.Context, tx *sql.Tx, q survey.TallyQuery, span survey.Span, f func(u survey.UnitCode, at int32, t survey.Tally)) error {
	states := q.States
	if len(states) == 0 {
		states = []survey.State{survey.Counted}
	}
	wanted := map[survey.UnitCode]bool{}
	q.Units = slices.Concat(q.Units, q.Beside)
	for _, u := range q.Units {
		wanted[u] = true
	}
	var t survey.Tally
	var counts sql.RawBytes
	return eachSpan(ctx, tx, `unit, at, n, counts`, q, span, states, []survey.TallyPart{survey.WholeTally}, func(rows *sql.Rows) error {
		var unit survey.UnitCode
		var at int32
		if err := rows.Scan(&unit, &at, &t.N, &counts); err != nil {
			return err
		}
		if !wanted[unit] {
			return nil
		}
		if err := t.UnmarshalBinary(counts); err != nil {
			return err
		}
		f(unit, at, t)
		return nil
	})
}

// eachSpan calls f for columns of the tallies of one span, and perhaps for some
// of units that q does not name.
func eachSpan(ctx context.Context, tx *sql.Tx, columns string, q survey.TallyQuery, span survey.Span, states []survey.State, parts []survey.TallyPart, f func(*sql.Rows) error) error {
	if span.Grain == survey.GrainWave || len(q.Units) <= unitsInSQL {
		query, args := spanQuery(columns, q, span, states, parts)
		return each(ctx, tx, f, query, args...)
	}
	// The range of all units holds all of their days: of years, for a week.
	for units := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(q.Units))), unitsInSQL) {
		q.Units = units
		query, args := spanQuery(columns, q, span, states, parts)
		if err := each(ctx, tx, f, query, args...); err != nil {
			return err
		}
	}
	return nil
}

// spanQuery selects columns of the tallies of one span. Few units are looked up
// one by one; of many, the wave's whole range is read. Every state and part
// is named, so that the primary key leads to the rows.
func spanQuery(columns string, q survey.TallyQuery, span survey.Span, states []survey.State, parts []survey.TallyPart) (string, []any) {
	var b strings.Builder
	args := []any{string(q.Wave), int64(span.Grain), int64(span.Lo), int64(span.Hi)}
	b.WriteString(`SELECT ` + columns + ` FROM tally WHERE wave = $1 AND grain = $2 AND at BETWEEN $3 AND $4`)
	in := func(column string, values []any) {
		b.WriteString(` AND ` + column + ` IN ` + list(len(args)+1, len(values)))
		args = append(args, values...)
	}
	in(`state`, texts(states))
	in(`part`, texts(parts))
	if q.Channel != "" {
		in(`channel`, []any{string(q.Channel)})
	}
	if len(q.Units) == 0 {
		b.WriteString(` AND 1 = 0`)
	} else if len(q.Units) <= unitsInSQL {
		in(`unit`, texts(slices.Sorted(slices.Values(q.Units))))
	}
	return b.String(), args
}

// texts are arguments of a statement.
func texts[S ~string](values []S) []any {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = string(v)
	}
	return args
}

// standings adds up how many responses stand in each state and, unless q is
// bare, of them how many each rule points at: ten parts a state, so only those
// of states that there are.
func standings(ctx context.Context, tx *sql.Tx, q survey.TallyQuery) (map[survey.UnitCode]survey.Standing, error) {
	wanted, sums := map[survey.UnitCode]bool{}, map[survey.UnitCode]survey.Standing{}
	for _, u := range q.Units {
		wanted[u] = true
	}
	found := map[survey.State]bool{}
	reasons := map[survey.TallyPart]survey.Reason{survey.WholeTally: ""}
	read := func(states []survey.State) error {
		for _, span := range q.Period.Spans() {
			err := eachSpan(ctx, tx, `unit, state, part, n`, q, span, states, slices.Sorted(maps.Keys(reasons)), func(rows *sql.Rows) error {
				var unit survey.UnitCode
				var state survey.State
				var part survey.TallyPart
				var n int64
				err := rows.Scan(&unit, &state, &part, &n)
				if n == 0 || !wanted[unit] {
					return err
				}
				found[state] = true
				sum := sums[unit]
				sum.Add(state, reasons[part], n)
				sums[unit] = sum
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	}
	if err := read(survey.States); err != nil || q.Bare || len(found) == 0 {
		return sums, err
	}
	clear(reasons)
	for _, r := range survey.Reasons {
		reasons[survey.OfReason(r)] = r
	}
	return sums, read(slices.Sorted(maps.Keys(found)))
}

// Parts answers q from one consistent snapshot, channel by channel.
func (s *Store) Parts(ctx context.Context, q survey.PartQuery) (c survey.PartCounts, err error) {
	err = s.inSnapshot(ctx, func(conn *sql.Conn, tx *sql.Tx) error {
		var err error
		for parts := range slices.Chunk(q.Parts, unitsInSQL) {
			args := []any{string(q.Wave), string(survey.Counted), int64(survey.GrainWave), string(q.Unit)}
			err = errors.Join(err, each(ctx, tx, func(rows *sql.Rows) error {
				k, t, err := scanTally(rows)
				c.Rows = append(c.Rows, survey.TallyRow{TallyKey: k, Tally: t})
				return err
			}, someParts+list(len(args)+1, len(parts)), append(args, texts(parts)...)...))
		}
		if err != nil {
			return fmt.Errorf("read parts of tallies: %w", err)
		}
		c.Moment, err = s.soFar(ctx, conn, tx, q.Wave)
		return err
	})
	return c, s.fail("store.Parts", err)
}

// someParts selects tallies of one unit for the whole wave; a list of parts
// follows.
const someParts = `SELECT ` + tallyKey + `, n, counts FROM tally WHERE wave = $1 AND state = $2 AND grain = $3 AND unit = $4 AND at = 0 AND part IN `
