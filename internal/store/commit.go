package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"sipas/internal/survey"
)

// committer runs the ledger's transactions. Only the ledger's goroutine uses
// it, so it keeps statements and buffers from one to the next.
type committer struct {
	store   *Store
	stmts   map[string]*sql.Stmt
	lookups ladder
	inserts ladder
	args    []any
}

func newCommitter(s *Store) *committer {
	return &committer{
		store: s, stmts: map[string]*sql.Stmt{},
		lookups: newLadder(func(n int) string { return lookup + tuples(1, n) }, 64, 8, 1),
		inserts: newLadder(func(n int) string { return insert + tuples(n, responseWidth) }, s.engine.rows...),
	}
}

// held is what is known of an id that is taken.
type held struct {
	outcome survey.Outcome
	digest  survey.Digest
}

// batch is one transaction while it is put together.
type batch struct {
	*committer
	tx    *sql.Tx
	waves map[survey.WaveID]survey.WaveState // those that may still take something in
	known map[string]held
	last  int64              // seq
	fresh []*survey.Response // in the order of their seqs, which end at last
}

// commit decides the fate of every response of orders, writes those that are
// new, and returns how many these are. After an error nothing is written.
func (c *committer) commit(orders []*order) (stored int, err error) {
	const op = "store.commit"
	// Not the callers' contexts: one who leaves must not undo the others'.
	ctx := context.Background()
	if patience := c.store.engine.patience; patience > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	if err := c.prepare(ctx); err != nil {
		return 0, c.store.fail(op, err)
	}
	err = c.store.change(ctx, op, func(tx *sql.Tx) error {
		b := batch{committer: c, tx: tx}
		if err := b.load(ctx, orders); err != nil {
			return err
		}
		for _, o := range orders {
			o.outcomes = make([]survey.Outcome, len(o.rs))
			for i := range o.rs {
				if o.outcomes[i], err = b.decide(ctx, &o.rs[i]); err != nil {
					return err
				}
			}
		}
		stored = len(b.fresh)
		return b.insert(ctx)
	})
	if err != nil {
		return 0, err
	}
	return stored, nil
}

// decide is the fate of one response. A replay is told so even after its wave
// has closed: it was stored while the wave was open.
func (b *batch) decide(ctx context.Context, r *survey.Response) (survey.Outcome, error) {
	h, taken := b.known[r.ID]
	switch {
	case taken && h.digest == r.Digest:
		h.outcome.Fate = survey.Replayed
		return h.outcome, nil
	case taken:
		h.outcome.Fate = survey.Clashed
		return h.outcome, b.keepClash(ctx, r, h.outcome.Seq)
	case b.waves[r.Wave] != survey.Open && !(r.Belated && b.waves[r.Wave] == survey.Closed):
		return survey.Outcome{Fate: survey.WaveClosed}, nil
	}
	b.last++
	b.fresh = append(b.fresh, r)
	// In milliseconds, as it reads back, so that a replay is told the same.
	at := time.UnixMilli(r.ReceivedAt.UnixMilli()).UTC()
	h = held{survey.Outcome{Fate: survey.Stored, Seq: b.last, ReceivedAt: at, State: r.State}, r.Digest}
	b.known[r.ID] = h
	return h.outcome, nil
}

func (b *batch) keepClash(ctx context.Context, r *survey.Response, seq int64) error {
	_, err := b.tx.ExecContext(ctx, `
		INSERT INTO clash (id, digest, seq, received_at, body) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id, digest) DO NOTHING`,
		r.ID, r.Digest[:], seq, r.ReceivedAt.UnixMilli(), r.Body())
	if err != nil {
		return fmt.Errorf("keep a clash: %w", err)
	}
	return nil
}

const (
	liveWaves = `SELECT id, state FROM wave WHERE state IN ('open', 'closed')`
	lastSeq   = `SELECT COALESCE(MAX(seq), 0) FROM response`
	lookup    = `SELECT id, seq, received_at, state, digest FROM response WHERE id IN `
	insert    = `INSERT INTO response (` + responseColumns + `) VALUES `
)

// prepare prepares every statement, before the transaction takes the only
// writing connection of SQLite.
func (c *committer) prepare(ctx context.Context) error {
	texts := []string{liveWaves, lastSeq}
	for _, r := range slices.Concat(c.lookups, c.inserts) {
		texts = append(texts, r.text)
	}
	for _, text := range texts {
		if c.stmts[text] != nil {
			continue
		}
		stmt, err := c.store.write.PrepareContext(ctx, text) //nolint:sqlclosecheck // it lives as long as the pool
		if err != nil {
			return err
		}
		c.stmts[text] = stmt
	}
	return nil
}

// load reads what the fates depend on.
func (b *batch) load(ctx context.Context, orders []*order) error {
	b.waves, b.known = map[survey.WaveID]survey.WaveState{}, map[string]held{}
	err := b.each(ctx, liveWaves, nil, func(rows *sql.Rows) error {
		var id survey.WaveID
		var state survey.WaveState
		err := rows.Scan(&id, &state)
		b.waves[id] = state
		return err
	})
	if err != nil {
		return fmt.Errorf("read waves: %w", err)
	}
	err = b.each(ctx, lastSeq, nil, func(rows *sql.Rows) error { return rows.Scan(&b.last) })
	if err != nil {
		return fmt.Errorf("read the last seq: %w", err)
	}
	var ids []any
	for _, o := range orders {
		for i := range o.rs {
			ids = append(ids, o.rs[i].ID)
		}
	}
	for _, part := range b.lookups.parts(ids, 1) {
		if err := b.each(ctx, part.text, part.args, b.hold); err != nil {
			return fmt.Errorf("look up ids: %w", err)
		}
	}
	return nil
}

func (b *batch) hold(rows *sql.Rows) error {
	var id string
	var at int64
	var digest []byte
	var h held
	if err := rows.Scan(&id, &h.outcome.Seq, &at, &h.outcome.State, &digest); err != nil {
		return err
	}
	h.outcome.ReceivedAt = timeOf(at)
	copy(h.digest[:], digest)
	b.known[id] = h
	return nil
}

func (b *batch) each(ctx context.Context, text string, args []any, f func(*sql.Rows) error) error {
	rows, err := b.stmt(ctx, text).QueryContext(ctx, args...) //nolint:sqlclosecheck // the transaction closes it
	if err != nil {
		return err
	}
	return drain(rows, f)
}

// stmt is a prepared statement in the transaction, which closes it.
func (b *batch) stmt(ctx context.Context, text string) *sql.Stmt {
	return b.tx.StmtContext(ctx, b.stmts[text])
}

// insert writes the fresh responses.
func (b *batch) insert(ctx context.Context) error {
	args, seq := b.args[:0], b.last-int64(len(b.fresh))
	for _, r := range b.fresh {
		seq++
		args = appendResponse(args, seq, r)
	}
	b.args = args
	for _, part := range b.inserts.parts(args, responseWidth) {
		if _, err := b.stmt(ctx, part.text).ExecContext(ctx, part.args...); err != nil { //nolint:sqlclosecheck // the transaction closes it
			return fmt.Errorf("insert responses: %w", err)
		}
	}
	clear(args)
	return nil
}
