package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
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
	mark, err := markOfTallies(ctx, tx)
	if err != nil {
		return c, fmt.Errorf("read the watermark: %w", err)
	}
	read := cellReader{tx, &s.recall, q, mark}
	if err := s.recall.catchUp(ctx, tx, q.Wave, mark.version); err != nil {
		return c, fmt.Errorf("read what has changed: %w", err)
	}
	if c.Tallies, err = read.tallies(ctx); err != nil {
		return c, fmt.Errorf("read tallies: %w", err)
	}
	if q.Arrived {
		if c.Arrived, err = read.arrived(ctx); err != nil {
			return c, fmt.Errorf("read what arrived: %w", err)
		}
	}
	if q.Standings {
		if c.Standings, err = read.standings(ctx); err != nil {
			return c, fmt.Errorf("read standings: %w", err)
		}
	}
	c.Moment, err = s.soFar(ctx, conn, tx, q.Wave, mark.FoldMark)
	return c, err
}

// soFar reads what of a wave has come since the mark of the tallies.
func (s *Store) soFar(ctx context.Context, conn *sql.Conn, tx *sql.Tx, wave survey.WaveID, mark survey.FoldMark) (m survey.Moment, err error) {
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

// Series answers q like Counts, but keeps apart what lies at different times.
func (s *Store) Series(ctx context.Context, q survey.TallyQuery, grain survey.Grain) (series survey.Series, err error) {
	units := slices.Compact(slices.Sorted(slices.Values(slices.Concat(q.Units, q.Beside))))
	err = s.inSnapshot(ctx, func(conn *sql.Conn, tx *sql.Tx) error {
		series.Tallies = map[int32]map[survey.UnitCode]survey.Tally{}
		kind := cellKind{state: survey.Counted, counts: true}
		err := scanCells(ctx, tx, q.Wave, kind, units, spanOf(q.Period, grain), q.Channel, func(u survey.UnitCode, at int32, c *cell) error {
			if series.Tallies[at] == nil {
				series.Tallies[at] = map[survey.UnitCode]survey.Tally{}
			}
			sum := series.Tallies[at][u]
			sum.N += c.n
			err := sum.AddBinary(c.counts)
			series.Tallies[at][u] = sum
			return err
		})
		if err != nil {
			return err
		}
		mark, err := foldMark(ctx, tx)
		if err == nil {
			series.Moment, err = s.soFar(ctx, conn, tx, q.Wave, mark)
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

// texts are arguments of a statement.
func texts[S ~string](values []S) []any {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = string(v)
	}
	return args
}

// Parts answers q from one consistent snapshot, channel by channel.
func (s *Store) Parts(ctx context.Context, q survey.PartQuery) (c survey.PartCounts, err error) {
	err = s.inSnapshot(ctx, func(conn *sql.Conn, tx *sql.Tx) error {
		var err error
		units := slices.Compact(slices.Sorted(slices.Values(append(q.Beside[:len(q.Beside):len(q.Beside)], q.Unit))))
		for units := range slices.Chunk(units, unitsInSQL) {
			for parts := range slices.Chunk(q.Parts, unitsInSQL) {
				args := append([]any{string(q.Wave), string(survey.Counted), int64(survey.GrainWave)}, texts(units)...)
				err = errors.Join(err, each(ctx, tx, func(rows *sql.Rows) error {
					k, t, err := scanTally(rows)
					c.Rows = append(c.Rows, survey.TallyRow{TallyKey: k, Tally: t})
					return err
				}, someParts(len(units), len(parts)), append(args, texts(parts)...)...))
			}
		}
		if err != nil {
			return fmt.Errorf("read parts of tallies: %w", err)
		}
		mark, err := foldMark(ctx, tx)
		if err == nil {
			c.Moment, err = s.soFar(ctx, conn, tx, q.Wave, mark)
		}
		return err
	})
	return c, s.fail("store.Parts", err)
}

// someParts selects tallies of some units and parts for the whole wave.
func someParts(units, parts int) string {
	return `SELECT ` + tallyKey + `, n, counts FROM tally WHERE wave = $1 AND state = $2 AND grain = $3 AND at = 0 AND unit IN ` +
		list(4, units) + ` AND part IN ` + list(4+units, parts)
}
