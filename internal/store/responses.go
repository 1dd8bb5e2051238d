package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"sipas/internal/survey"
)

// responseColumns are the columns of a response as it is stored, in the order
// that appendResponse writes and readResponse reads.
const responseColumns = `seq, id, wave, instrument, unit, point, channel, device, service, locale,
	started_at, started_offset, submitted_at, submitted_offset, received_at, day, state,
	answers, respondent, comment, digest, device_seq, trap`

const responseWidth = 23

// judgedColumns follow when a response is read: of its last judgement, null
// without one.
const (
	judgedColumns = `j.number, j.state, j.reasons`
	judgedWidth   = 3
	// A response is looked up once among the judgements, by their primary key, and
	// again only where there is one: some 2 µs a row when one in eight is judged.
	lastJudgement = ` LEFT JOIN judgement j ON j.seq = r.seq
		AND NOT EXISTS (SELECT 1 FROM judgement later WHERE later.seq = j.seq AND later.number > j.number)`
)

// selectResponses begins a query of responses r as they stand.
var selectResponses = `SELECT ` + qualified(responseColumns) + `, ` + judgedColumns + ` FROM `

// qualified puts "r." before every column.
func qualified(columns string) string {
	names := strings.Split(columns, ",")
	for i, n := range names {
		names[i] = "r." + strings.TrimSpace(n)
	}
	return strings.Join(names, ", ")
}

func appendResponse(args []any, seq int64, r *survey.Response) []any {
	return append(args, seq, r.ID, string(r.Wave), string(r.Instrument), string(r.Unit), string(r.Point),
		string(r.Channel), r.Device, string(r.Service), r.Locale,
		r.StartedAt.UnixMilli(), offset(r.StartedAt), r.SubmittedAt.UnixMilli(), offset(r.SubmittedAt),
		r.ReceivedAt.UnixMilli(), int64(r.Day), string(r.State),
		string(r.Answers), string(r.Respondent), r.Comment, r.Digest[:], r.DeviceSeq, bit(r.Trap))
}

// offset is how many minutes t's clock is ahead of UTC.
func offset(t time.Time) int64 {
	_, seconds := t.Zone()
	return int64(seconds / 60)
}

// EachResponse calls f for at most limit responses that pass the filter and
// have Seq > after, by Seq. The response is valid until f returns; its strings
// are for good. A snapshot is held while f runs, which keeps SQLite from
// reusing its log: whoever reads much, or waits in f, asks in pages.
func (s *Store) EachResponse(ctx context.Context, filter survey.Filter, after int64, limit int, f func(*survey.Response) error) error {
	err := s.onConn(ctx, func(conn *sql.Conn) error {
		return eachResponse(ctx, conn, filter, after, limit, f)
	})
	return s.fail("store.EachResponse", err)
}

// unitsInSQL is how many units a statement may name. More are looked up in the
// filter's own map, a page of rows at a time.
const (
	unitsInSQL = 500
	sievePage  = 5000
)

func eachResponse(ctx context.Context, conn *sql.Conn, filter survey.Filter, after int64, limit int, f func(*survey.Response) error) error {
	if len(filter.Units) <= unitsInSQL {
		query, args := responseQuery(filter, after, limit)
		_, _, err := scanResponses(ctx, conn, query, args, f)
		return err
	}
	units := filter.Units
	filter.Units = nil
	for limit > 0 {
		query, args := responseQuery(filter, after, sievePage)
		n, last, err := scanResponses(ctx, conn, query, args, sift(units, &limit, f))
		if err != nil || n < sievePage {
			return unlessEnough(err)
		}
		after = last
	}
	return nil
}

// errEnough ends a page of rows early.
var errEnough = errors.New("store: enough")

func unlessEnough(err error) error {
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// sift calls f for responses of units until the limit is used up.
func sift(units map[survey.UnitCode]bool, limit *int, f func(*survey.Response) error) func(*survey.Response) error {
	return func(r *survey.Response) error {
		if !units[r.Unit] {
			return nil
		}
		if err := f(r); err != nil {
			return err
		}
		if *limit--; *limit == 0 {
			return errEnough
		}
		return nil
	}
}

func responseQuery(filter survey.Filter, after int64, limit int) (string, []driver.NamedValue) {
	w := newWhere(selectResponses + `response r` + lastJudgement)
	w.add(` WHERE r.seq > `, after)
	if filter.Wave != "" {
		w.add(` AND r.wave = `, string(filter.Wave))
	}
	w.filter(filter)
	w.add(` ORDER BY r.seq LIMIT `, int64(limit))
	return w.text.String(), w.args
}

// scanResponses runs query on the driver's own connection: through
// database/sql's Scan, reading was a third slower. It returns how many rows
// there were and the seq of the last.
func scanResponses(ctx context.Context, conn *sql.Conn, query string, args []driver.NamedValue, f func(*survey.Response) error) (n int, last int64, err error) {
	err = conn.Raw(func(c any) (err error) {
		q, ok := c.(driver.QueryerContext)
		if !ok {
			return fmt.Errorf("%T cannot run a query", c)
		}
		rows, err := q.QueryContext(ctx, query, args)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		var r survey.Response
		values := make([]driver.Value, responseWidth+judgedWidth)
		for ; ; n++ {
			err := rows.Next(values)
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			if err := readResponse(&r, values); err != nil {
				return err
			}
			last = r.Seq
			if err := f(&r); err != nil {
				return err
			}
		}
	})
	return n, last, err
}

// readResponse fills r from the values of responseColumns and judgedColumns.
func readResponse(r *survey.Response, values []driver.Value) error {
	row := rowReader{values: values}
	r.Seq, r.ID = row.int(), row.string()
	r.Wave, r.Instrument = survey.WaveID(row.string()), survey.InstrumentID(row.string())
	r.Unit, r.Point = survey.UnitCode(row.string()), survey.PointCode(row.string())
	r.Channel, r.Device = survey.Channel(row.string()), row.string()
	r.Service, r.Locale = survey.ServiceCode(row.string()), row.string()
	r.StartedAt, r.SubmittedAt = row.time(), row.time()
	r.ReceivedAt = time.UnixMilli(row.int()).UTC()
	r.Day, r.State = survey.Day(row.int()), survey.State(row.string())
	r.Answers, r.Respondent = survey.Sheet(row.string()), survey.Sheet(row.string())
	r.Comment = row.string()
	copy(r.Digest[:], row.bytes())
	r.DeviceSeq, r.Trap = row.int(), row.int() == 1
	r.Judgements, r.Reasons = 0, nil
	if values[row.next] != nil {
		r.Judgements, r.State = int(row.int()), survey.State(row.string())
		r.Reasons = reasonsOf(row.string())
	}
	return row.err
}

// rowReader takes the values of a driver's row one after the other.
type rowReader struct {
	values []driver.Value
	next   int
	err    error
}

func (r *rowReader) value() driver.Value {
	r.next++
	return r.values[r.next-1]
}

func (r *rowReader) int() int64 {
	v, ok := r.value().(int64)
	r.expect(ok)
	return v
}

func (r *rowReader) string() string {
	switch v := r.value().(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	r.expect(false)
	return ""
}

func (r *rowReader) bytes() []byte {
	v, ok := r.value().([]byte)
	r.expect(ok)
	return v
}

func (r *rowReader) expect(ok bool) {
	if !ok && r.err == nil {
		r.err = fmt.Errorf("column %d of a response is a %T", r.next, r.values[r.next-1])
	}
}

// time reads milliseconds and the offset of the clock they were read from.
func (r *rowReader) time() time.Time {
	t, minutes := time.UnixMilli(r.int()), r.int()
	if minutes == 0 {
		return t.UTC()
	}
	return t.In(time.FixedZone("", int(minutes)*60))
}

// Response returns the response with seq; NotFound if there is none.
func (s *Store) Response(ctx context.Context, seq int64) (survey.Response, error) {
	const op = "store.Response"
	found := survey.Response{}
	err := s.EachResponse(ctx, survey.Filter{}, seq-1, 1, func(r *survey.Response) error {
		found = *r
		return nil
	})
	if err == nil && (found.Seq != seq || seq < 1) {
		err = sql.ErrNoRows
	}
	return found, s.fail(op, err)
}

// Clashes calls f for every body that came under an id already taken, by the
// seq of the response that has the id.
func (s *Store) Clashes(ctx context.Context, f func(survey.Clash) error) error {
	err := each(ctx, s.read, func(rows *sql.Rows) error {
		var c survey.Clash
		var at int64
		if err := rows.Scan(&c.ID, &c.Seq, &at, &c.Body); err != nil {
			return err
		}
		c.ReceivedAt = timeOf(at)
		return f(c)
	}, `SELECT id, seq, received_at, body FROM clash ORDER BY seq, digest`)
	return s.fail("store.Clashes", err)
}
