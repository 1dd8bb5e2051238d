package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"

	"sipas/internal/survey"
)

// JudgeResponse loads the response with seq as it stands, lets decide say the
// next judgement, and stores it. In the same transaction it adds move to the
// tallies if the response is folded already. Nothing changes when decide
// returns an error or no judgement. It is NotFound without such a response, and
// a Conflict when a person judges before the rules have.
func (s *Store) JudgeResponse(ctx context.Context, seq int64, decide func(survey.Response) (*survey.Judgement, survey.Delta, error)) error {
	const op = "store.JudgeResponse"
	return s.change(ctx, op, func(tx *sql.Tx) error {
		r, err := standingResponse(ctx, tx, seq)
		if err != nil {
			return err
		}
		mark, err := foldMark(ctx, tx)
		if err != nil {
			return err
		}
		j, move, err := decide(r)
		if err != nil || j == nil {
			return err
		}
		if seq > mark.Judged && j.By != "" {
			return &survey.Error{Kind: survey.Conflict, Op: op, Key: "judgement.too_early"}
		}
		if err := putJudgements(ctx, tx, []survey.Judgement{*j}); err != nil {
			return err
		}
		if seq > mark.Seq {
			return nil // the fold will see it
		}
		if _, err := tx.ExecContext(ctx, `UPDATE watermark SET version = version + 1`); err != nil {
			return err
		}
		return s.addTallies(ctx, tx, move)
	})
}

// standingResponse reads one response through a transaction.
func standingResponse(ctx context.Context, tx *sql.Tx, seq int64) (r survey.Response, err error) {
	scanned := make([]any, responseWidth+judgedWidth)
	into := make([]any, len(scanned))
	for i := range scanned {
		into[i] = &scanned[i]
	}
	err = tx.QueryRowContext(ctx, selectResponses+`response r`+lastJudgement+` WHERE r.seq = $1`, seq).Scan(into...)
	if err != nil {
		return r, err
	}
	values := make([]driver.Value, len(scanned))
	for i, v := range scanned {
		values[i] = v
	}
	return r, readResponse(&r, values)
}

// putJudgements adds judgements. The wave is that of the response: looked up
// as one value, for an INSERT of what a SELECT finds may be of many rows, and
// for such SQLite first copies every page it changes.
func putJudgements(ctx context.Context, tx *sql.Tx, js []survey.Judgement) error {
	const statement = `
		INSERT INTO judgement (seq, number, wave, state, reasons, account, note, at)
		VALUES ($1, $2, (SELECT wave FROM response WHERE seq = $1), $3, $4, $5, $6, $7)`
	err := putAll(ctx, tx, statement, len(js), func(i int) []any {
		j := js[i]
		return []any{j.Seq, int64(j.Number), string(j.State), reasonText(j.Reasons), j.By, j.Note, j.At.UnixMilli()}
	})
	if err != nil {
		return fmt.Errorf("write judgements: %w", err)
	}
	if err := standComments(ctx, tx, js); err != nil {
		return fmt.Errorf("move comments: %w", err)
	}
	return nil
}

// countJudgements counts those of responses with after < seq ≤ upTo.
func countJudgements(ctx context.Context, q rowQuerier, after, upTo int64) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT COUNT(*) FROM judgement WHERE seq > $1 AND seq <= $2`, after, upTo).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count judgements: %w", err)
	}
	return n, nil
}

func reasonText(reasons []survey.Reason) string {
	words := make([]string, len(reasons))
	for i, r := range reasons {
		words[i] = string(r)
	}
	return strings.Join(words, " ")
}

func reasonsOf(text string) (reasons []survey.Reason) {
	for _, w := range strings.Fields(text) {
		reasons = append(reasons, survey.Reason(w))
	}
	return reasons
}

// Judgements returns what was said about the response with seq, in order.
func (s *Store) Judgements(ctx context.Context, seq int64) ([]survey.Judgement, error) {
	var js []survey.Judgement
	err := each(ctx, s.read, func(rows *sql.Rows) error {
		j := survey.Judgement{Seq: seq}
		var reasons string
		var at int64
		err := rows.Scan(&j.Number, &j.State, &reasons, &j.By, &j.Note, &at)
		j.Reasons, j.At = reasonsOf(reasons), timeOf(at)
		js = append(js, j)
		return err
	}, `SELECT number, state, reasons, account, note, at FROM judgement WHERE seq = $1 ORDER BY number`, seq)
	return js, s.fail("store.Judgements", err)
}

// EachSuspect calls f for at most limit responses that have a judgement and
// pass the filter, the newest first, below Seq before; 0 is from the newest on.
// The response is valid until f returns.
func (s *Store) EachSuspect(ctx context.Context, filter survey.SuspectFilter, before int64, limit int, f func(*survey.Response) error) error {
	err := s.onConn(ctx, func(conn *sql.Conn) error {
		units := filter.Units
		if len(units) <= unitsInSQL {
			query, args := suspectQuery(filter, before, limit)
			_, _, err := scanResponses(ctx, conn, query, args, f)
			return err
		}
		filter.Units = nil
		for limit > 0 {
			query, args := suspectQuery(filter, before, sievePage)
			n, last, err := scanResponses(ctx, conn, query, args, sift(units, &limit, f))
			if err != nil || n < sievePage {
				return unlessEnough(err)
			}
			before = last
		}
		return nil
	})
	return s.fail("store.EachSuspect", err)
}

// literal takes their meaning from the characters that have one in LIKE.
var literal = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// suspectQuery goes down the judgements of a wave, of which there are fewer
// than responses.
func suspectQuery(filter survey.SuspectFilter, before int64, limit int) (string, []driver.NamedValue) {
	w := newWhere(` WHERE NOT EXISTS (SELECT 1 FROM judgement later WHERE later.seq = j.seq AND later.number > j.number)`)
	if before > 0 {
		w.add(` AND j.seq < `, before)
	}
	if filter.Wave != "" {
		w.add(` AND j.wave = `, string(filter.Wave))
	}
	if filter.State != "" {
		w.add(` AND j.state = `, string(filter.State))
	}
	if filter.Reason != "" {
		w.add(` AND ' ' || j.reasons || ' ' LIKE `, `% `+literal.Replace(string(filter.Reason))+` %`)
		w.text.WriteString(` ESCAPE '\'`)
	}
	w.filter(filter.Filter)
	w.add(` ORDER BY j.seq DESC LIMIT `, int64(limit))
	return selectResponses + `judgement j JOIN response r ON r.seq = j.seq` + w.text.String(), w.args
}

// where puts a query together with its arguments.
type where struct {
	text strings.Builder
	args []driver.NamedValue
}

func newWhere(text string) *where {
	w := &where{}
	w.text.WriteString(text)
	return w
}

// add appends text and a parameter with the value.
func (w *where) add(text string, v driver.Value) {
	w.args = append(w.args, driver.NamedValue{Ordinal: len(w.args) + 1, Value: v})
	fmt.Fprintf(&w.text, `%s$%d`, text, len(w.args))
}

// filter appends what picks responses r by days and units.
func (w *where) filter(f survey.Filter) {
	if !f.Period.Whole() {
		w.add(` AND r.day BETWEEN `, int64(f.Period.From))
		w.add(` AND `, int64(f.Period.To))
	}
	if f.Units == nil {
		return
	}
	units := []string{""} // no unit: an empty set picks nothing
	for u, in := range f.Units {
		if in {
			units = append(units, string(u))
		}
	}
	slices.Sort(units)
	for i, u := range units {
		w.add(map[bool]string{true: ` AND r.unit IN (`, false: `, `}[i == 0], u)
	}
	w.text.WriteString(`)`)
}
