package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sipas/internal/survey"
)

// FoldMark says how far folding has come.
func (s *Store) FoldMark(ctx context.Context) (survey.FoldMark, error) {
	m, err := foldMark(ctx, s.read)
	return m, s.fail("store.FoldMark", err)
}

// Watermark says how far the tallies have been folded.
func (s *Store) Watermark(ctx context.Context) (survey.Watermark, error) {
	w, err := watermark(ctx, s.read)
	return w, s.fail("store.Watermark", err)
}

type rowQuerier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func watermark(ctx context.Context, q rowQuerier) (survey.Watermark, error) {
	m, err := foldMark(ctx, q)
	return m.Watermark, err
}

func foldMark(ctx context.Context, q rowQuerier) (survey.FoldMark, error) {
	var m survey.FoldMark
	var at sql.NullInt64
	err := q.QueryRowContext(ctx, `SELECT seq, received_at, judged FROM watermark`).Scan(&m.Seq, &at, &m.Judged)
	m.At = moment(at)
	return m, err
}

// tallyMark says which state of the tallies a snapshot has.
type tallyMark struct {
	survey.FoldMark
	version int64 // how often tallies had been changed
	remade  int64 // the change that removed them all last
}

func markOfTallies(ctx context.Context, q rowQuerier) (m tallyMark, err error) {
	var at sql.NullInt64
	err = q.QueryRowContext(ctx, `SELECT seq, received_at, judged, version, remade FROM watermark`).Scan(&m.Seq, &at, &m.Judged, &m.version, &m.remade)
	m.At = moment(at)
	return m, err
}

// The casts give the values types before PostgreSQL compares them with
// columns. The list stands first, so that SQLite goes through it and looks up
// each tally, and not the other way round. A row says which of the list it is,
// for reading seven texts back took longer than finding them.
const (
	tallyKey  = `wave, state, part, grain, unit, at, channel`
	keyWidth  = 7
	typedKey  = `(0, CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS INTEGER), CAST($5 AS TEXT), CAST($6 AS INTEGER), CAST($7 AS TEXT))`
	findTally = `
		WITH wanted (number, ` + tallyKey + `) AS (VALUES %s)
		SELECT w.number, t.n, t.counts
		FROM wanted w CROSS JOIN tally t
		WHERE t.wave = w.wave AND t.state = w.state AND t.part = w.part AND t.grain = w.grain AND t.unit = w.unit AND t.at = w.at AND t.channel = w.channel`
	saveTally = `
		INSERT INTO tally (` + tallyKey + `, n, counts) VALUES %s
		ON CONFLICT (` + tallyKey + `) DO UPDATE SET n = excluded.n, counts = excluded.counts`
)

// foldLadders are the statements of folding.
type foldLadders struct{ find, save ladder }

var (
	postgresFolds = foldLadders{newLadder(findTalliesText, 32, 4, 1), newLadder(saveTalliesText, 32, 4, 1)}
	// One row at a time is written: for several SQLite first copies every page
	// that a statement changes, in case that it fails midway.
	sqliteFolds = foldLadders{newLadder(nameless(findTalliesText), 32, 4, 1), newLadder(nameless(saveTalliesText), 1)}
)

func findTalliesText(n int) string {
	rows := []string{typedKey}
	for i := 1; i < n; i++ {
		rows = append(rows, fmt.Sprintf("(%d, %s", i, list(1+i*keyWidth, keyWidth)[1:]))
	}
	return fmt.Sprintf(findTally, strings.Join(rows, ", "))
}

func saveTalliesText(n int) string { return fmt.Sprintf(saveTally, tuples(n, keyWidth+2)) }

// ApplyFold stores what a fold makes of responses, in one transaction. It is a
// Conflict when folding has come further meanwhile, by another node, or a
// person has judged one of the responses: nothing is stored then.
func (s *Store) ApplyFold(ctx context.Context, f survey.Fold) error {
	const op = "store.ApplyFold"
	return s.change(ctx, op, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE watermark SET seq = $1, received_at = $2, judged = $3, version = version + 1 WHERE seq = $4 AND judged = $5`,
			f.To.Seq, instant(f.To.At), f.To.Judged, f.From.Seq, f.From.Judged)
		if err != nil {
			return err
		}
		moved, err := res.RowsAffected()
		if err != nil {
			return err
		}
		if moved == 0 {
			return &survey.Error{Kind: survey.Conflict, Op: op, Err: fmt.Errorf("the watermark is not at %d any more", f.From.Seq)}
		}
		seen, err := countJudgements(ctx, tx, f.From.Seq, f.To.Seq)
		if err != nil {
			return err
		}
		if seen != f.Seen {
			return &survey.Error{Kind: survey.Conflict, Op: op, Err: fmt.Errorf("%d judgements were seen, now there are %d", f.Seen, seen)}
		}
		if err := s.addTallies(ctx, tx, f.Delta); err != nil {
			return err
		}
		if err := addNumbers(ctx, tx, f.Devices); err != nil {
			return err
		}
		return putJudgements(ctx, tx, f.Judgements)
	})
}

// addTallies adds d to what is stored. The watermark has a new version.
func (s *Store) addTallies(ctx context.Context, tx *sql.Tx, d survey.Delta) error {
	keys := slices.SortedFunc(maps.Keys(d), compareKeys)
	sums, err := s.withStored(ctx, tx, keys, d)
	if err != nil {
		return fmt.Errorf("read tallies: %w", err)
	}
	values := make([]any, 0, (keyWidth+2)*len(keys))
	for i, k := range keys {
		sum := sums[i]
		if sum.counts == nil { // nothing is stored
			sum.n = d[k].N
			if sum.counts, err = d[k].AppendBinary([]byte{}); err != nil {
				return err
			}
		}
		values = append(appendKey(values, k), sum.n, sum.counts)
	}
	err = runParts(ctx, tx, s.engine.folds.save.parts(values, keyWidth+2), func(_ int, stmt *sql.Stmt, args []any) error {
		_, err := stmt.ExecContext(ctx, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("write tallies: %w", err)
	}
	if err := noteChanges(ctx, tx, d); err != nil {
		return fmt.Errorf("note which days have changed: %w", err)
	}
	return nil
}

// addNumbers counts the responses of devices. One whose device is unknown, as
// before devices were paired, counts nowhere.
func addNumbers(ctx context.Context, tx *sql.Tx, devices map[survey.DeviceID]survey.Numbers) error {
	for _, id := range slices.Sorted(maps.Keys(devices)) {
		_, err := tx.ExecContext(ctx, `
			UPDATE device SET stored = stored + $2, highest = CASE WHEN highest < $3 THEN $3 ELSE highest END
			WHERE id = $1`, string(id), devices[id].Stored, devices[id].Highest)
		if err != nil {
			return fmt.Errorf("count responses of devices: %w", err)
		}
	}
	return nil
}

// compareKeys is the order of the table's primary key: neighbours are on the
// same page.
func compareKeys(a, b survey.TallyKey) int {
	return cmp.Or(cmp.Compare(a.Wave, b.Wave), cmp.Compare(a.State, b.State), cmp.Compare(a.Part, b.Part),
		cmp.Compare(a.Grain, b.Grain), cmp.Compare(a.Unit, b.Unit),
		cmp.Compare(a.At, b.At), cmp.Compare(a.Channel, b.Channel))
}

func appendKey(args []any, k survey.TallyKey) []any {
	return append(args, string(k.Wave), string(k.State), string(k.Part), int64(k.Grain), string(k.Unit), int64(k.At), string(k.Channel))
}

// sumRow is a tally as it is stored.
type sumRow struct {
	n      int64
	counts []byte
}

// withStored returns, for each key, the sum of d and what is stored, whose
// counts are nil where nothing is. Counts are added as they are read: those of
// groups are long.
func (s *Store) withStored(ctx context.Context, tx *sql.Tx, keys []survey.TallyKey, d survey.Delta) ([]sumRow, error) {
	sums := make([]sumRow, len(keys))
	args := make([]any, 0, keyWidth*len(keys))
	for _, k := range keys {
		args = appendKey(args, k)
	}
	var sum survey.Tally
	var counts sql.RawBytes
	return sums, runParts(ctx, tx, s.engine.folds.find.parts(args, keyWidth), func(first int, stmt *sql.Stmt, args []any) error {
		rows, err := stmt.QueryContext(ctx, args...)
		if err != nil {
			return err
		}
		return drain(rows, func(rows *sql.Rows) error {
			var number int
			var n int64
			if err := rows.Scan(&number, &n, &counts); err != nil {
				return err
			}
			i := first/keyWidth + number
			add := d[keys[i]]
			sum.Counts = append(sum.Counts[:0], add.Counts...)
			if err := sum.AddBinary(counts); err != nil {
				return err
			}
			both, err := sum.AppendBinary(make([]byte, 0, len(counts)+64))
			sums[i] = sumRow{n + add.N, both}
			return err
		})
	})
}

// scanCounts reads a row; counts are valid until the next.
func scanCounts(rows *sql.Rows) (k survey.TallyKey, n int64, counts sql.RawBytes, err error) {
	err = rows.Scan(&k.Wave, &k.State, &k.Part, &k.Grain, &k.Unit, &k.At, &k.Channel, &n, &counts)
	return k, n, counts, err
}

func scanTally(rows *sql.Rows) (k survey.TallyKey, t survey.Tally, err error) {
	var counts sql.RawBytes
	if k, t.N, counts, err = scanCounts(rows); err != nil {
		return k, t, err
	}
	return k, t, t.UnmarshalBinary(counts)
}

// runParts calls f for every part with its statement, prepared once, and how
// many arguments came before.
func runParts(ctx context.Context, tx *sql.Tx, ps []part, f func(before int, stmt *sql.Stmt, args []any) error) (err error) {
	stmts := map[string]*sql.Stmt{}
	defer func() {
		for _, stmt := range stmts {
			err = errors.Join(err, stmt.Close())
		}
	}()
	before := 0
	for _, p := range ps {
		if stmts[p.text] == nil {
			stmt, err := tx.PrepareContext(ctx, p.text) //nolint:sqlclosecheck // closed above
			if err != nil {
				return err
			}
			stmts[p.text] = stmt
		}
		if err := f(before, stmts[p.text], p.args); err != nil {
			return err
		}
		before += len(p.args)
	}
	return nil
}

// ResetTallies removes every tally and moves the watermark to zero. What the
// rules have judged stays judged.
func (s *Store) ResetTallies(ctx context.Context) error {
	return s.change(ctx, "store.ResetTallies", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM tally`); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE watermark SET seq = 0, received_at = NULL, version = version + 1, remade = version + 1`)
		return err
	})
}

// EachTally calls f for every stored tally and returns how far they go and how
// many judgements were made of the responses up to there, all from one
// consistent snapshot.
func (s *Store) EachTally(ctx context.Context, f func(survey.TallyKey, survey.Tally) error) (mark survey.Watermark, judgements int64, err error) {
	err = s.reading(ctx, func(tx *sql.Tx) (err error) {
		if mark, err = watermark(ctx, tx); err != nil {
			return err
		}
		if judgements, err = countJudgements(ctx, tx, 0, mark.Seq); err != nil {
			return err
		}
		return each(ctx, tx, func(rows *sql.Rows) error {
			k, t, err := scanTally(rows)
			if err != nil {
				return err
			}
			return f(k, t)
		}, `SELECT `+tallyKey+`, n, counts FROM tally`)
	})
	return mark, judgements, s.fail("store.EachTally", err)
}

// timeOf reads stored milliseconds.
func timeOf(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
