package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"sipas/internal/comment"
	"sipas/internal/survey"
)

// CommentMark says how far comments have been entered.
func (s *Store) CommentMark(ctx context.Context) (comment.Mark, error) {
	m, err := commentMark(ctx, s.read)
	return m, s.fail("store.CommentMark", err)
}

// CommentLag returns how many responses have not been looked at for comments
// yet.
func (s *Store) CommentLag(ctx context.Context) (int64, error) {
	const op = "store.CommentLag"
	// The mark first: what is stored meanwhile must not make it negative.
	m, err := commentMark(ctx, s.read)
	if err != nil {
		return 0, s.fail(op, err)
	}
	h, err := head(ctx, s.read)
	return h.Seq - m.Seq, s.fail(op, err)
}

func commentMark(ctx context.Context, q rowQuerier) (m comment.Mark, err error) {
	err = q.QueryRowContext(ctx, `SELECT seq, recipe FROM comment_mark`).Scan(&m.Seq, &m.Recipe)
	return m, err
}

// EachComment calls f for the responses with a comment among the next limit
// responses after seq, and returns the last seq it looked at; after itself when
// there are no more. Said is valid until f returns.
func (s *Store) EachComment(ctx context.Context, after int64, limit int, f func(*comment.Said) error) (last int64, err error) {
	const op = "store.EachComment"
	h, err := head(ctx, s.read)
	if err != nil {
		return 0, s.fail(op, err)
	}
	last = max(after, min(h.Seq, after+int64(limit))) // seq has no holes
	var said comment.Said
	err = each(ctx, s.read, func(rows *sql.Rows) error {
		if err := rows.Scan(&said.Seq, &said.Wave, &said.Instrument, &said.Unit, &said.Day, &said.Answers, &said.Comment); err != nil {
			return err
		}
		return f(&said)
	}, `SELECT seq, wave, instrument, unit, day, answers, comment FROM response
		WHERE seq > $1 AND seq <= $2 AND comment <> '' ORDER BY seq`, after, last)
	return last, s.fail(op, err)
}

// placeComment enters a comment under one unit: how its response stands and
// whether it is hidden are read in the same transaction.
const placeComment = `
	INSERT INTO comment_place (seq, unit, wave, day, state, mood, hidden)
	SELECT r.seq, CAST($2 AS TEXT), r.wave, r.day,
	  COALESCE((SELECT j.state FROM judgement j WHERE j.seq = r.seq ORDER BY j.number DESC LIMIT 1), r.state),
	  CAST($3 AS SMALLINT),
	  COALESCE((SELECT v.hide FROM comment_review v WHERE v.seq = r.seq ORDER BY v.number DESC LIMIT 1), CAST($4 AS SMALLINT))
	FROM response r WHERE r.seq = $1`

// PutComments adds entries and moves the mark, in one transaction. It is a
// Conflict when the mark is not at from any more.
func (s *Store) PutComments(ctx context.Context, from, to comment.Mark, entries []comment.Entry) error {
	const op = "store.PutComments"
	return s.change(ctx, op, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE comment_mark SET seq = $1 WHERE seq = $2 AND recipe = $3`, to.Seq, from.Seq, from.Recipe)
		if err != nil {
			return err
		}
		moved, err := res.RowsAffected()
		if err != nil {
			return err
		}
		if moved == 0 {
			return &survey.Error{Kind: survey.Conflict, Op: op, Err: fmt.Errorf("the mark of comments is not at %d any more", from.Seq)}
		}
		if err := s.putSearch(ctx, tx, entries); err != nil {
			return fmt.Errorf("enter words: %w", err)
		}
		var places []placed
		for i := range entries {
			for _, u := range entries[i].Places {
				places = append(places, placed{&entries[i], u})
			}
		}
		err = putAll(ctx, tx, placeComment, len(places), func(i int) []any {
			p := places[i]
			return []any{p.Seq, string(p.unit), int64(p.Score.Mood()), bit(p.Harmful)}
		})
		if err != nil {
			return fmt.Errorf("enter places: %w", err)
		}
		return nil
	})
}

// placed is an entry under one of its units.
type placed struct {
	*comment.Entry
	unit survey.UnitCode
}

// putSearch writes the words. SQLite keeps those without tones in a table of
// its own, PostgreSQL in a column.
func (s *Store) putSearch(ctx context.Context, tx *sql.Tx, entries []comment.Entry) error {
	columns, values := `seq, satisfied, answered, level, harmful, words`, `$1, $2, $3, $4, $5, $6`
	postgres := s.engine.name == postgresEngine.name
	if postgres {
		columns, values = columns+`, folded`, values+`, to_tsvector('simple', CAST($7 AS TEXT))`
	}
	err := putAll(ctx, tx, `INSERT INTO comment (`+columns+`) VALUES (`+values+`)`, len(entries), func(i int) []any {
		e := &entries[i]
		args := []any{e.Seq, int64(e.Score.Satisfied), int64(e.Score.Answered), int64(e.Score.Level), bit(e.Harmful), e.Words}
		if postgres {
			args = append(args, comment.Fold(e.Words))
		}
		return args
	})
	if err != nil || postgres {
		return err
	}
	return putAll(ctx, tx, `INSERT INTO comment_search (rowid, folded) VALUES ($1, $2)`, len(entries), func(i int) []any {
		return []any{entries[i].Seq, comment.Fold(entries[i].Words)}
	})
}

// ResetComments removes every entry and moves the mark to zero, with the
// recipe. What people said about comments stays.
func (s *Store) ResetComments(ctx context.Context, recipe string) error {
	return s.change(ctx, "store.ResetComments", func(tx *sql.Tx) error {
		statements := []string{`DELETE FROM comment_place`, `DELETE FROM comment`}
		if s.engine.name != postgresEngine.name {
			statements = append(statements, `INSERT INTO comment_search (comment_search) VALUES ('delete-all')`)
		}
		for _, text := range statements {
			if _, err := tx.ExecContext(ctx, text); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `UPDATE comment_mark SET seq = 0, recipe = $1`, recipe)
		return err
	})
}

// standComments lets the entries of comments follow what was said of their
// responses. Of those that are not entered yet, as nearly all when the rules
// judge, there are no rows.
func standComments(ctx context.Context, tx *sql.Tx, js []survey.Judgement) error {
	if len(js) == 0 {
		return nil
	}
	from, to := js[0].Seq, js[0].Seq
	for _, j := range js {
		from, to = min(from, j.Seq), max(to, j.Seq)
	}
	var n int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM comment_place WHERE seq BETWEEN $1 AND $2 LIMIT 1) AS entered`, from, to).Scan(&n)
	if err != nil || n == 0 {
		return err
	}
	return putAll(ctx, tx, `UPDATE comment_place SET state = $2 WHERE seq = $1`, len(js), func(i int) []any {
		return []any{js[i].Seq, string(js[i].State)}
	})
}

// PutReview adds r, whose number is the next of its comment. It is a Conflict
// when the comment is hidden or shown already, NotFound when there is none.
func (s *Store) PutReview(ctx context.Context, r comment.Review) error {
	const op = "store.PutReview"
	return s.change(ctx, op, func(tx *sql.Tx) error {
		var hidden int64
		if err := tx.QueryRowContext(ctx, `SELECT hidden FROM comment_place WHERE seq = $1 LIMIT 1`, r.Seq).Scan(&hidden); err != nil {
			return err
		}
		if hidden == bit(r.Hide) {
			return &survey.Error{Kind: survey.Conflict, Op: op, Key: "comment.already." + map[bool]string{true: "hidden", false: "shown"}[r.Hide]}
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO comment_review (seq, number, hide, account, at)
			SELECT CAST($1 AS BIGINT), COALESCE(MAX(number), 0) + 1, CAST($2 AS SMALLINT), CAST($3 AS TEXT), CAST($4 AS BIGINT)
			FROM comment_review WHERE seq = $1`, r.Seq, bit(r.Hide), r.By, r.At.UnixMilli())
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE comment_place SET hidden = $2 WHERE seq = $1`, r.Seq, bit(r.Hide))
		return err
	})
}

// harmfulSetting holds the list of words that hide a comment.
const harmfulSetting = "harmful-words"

// HarmfulWords returns the list of words that hide a comment, or the one that
// comes with the program.
func (s *Store) HarmfulWords(ctx context.Context) (string, error) {
	value, err := s.Setting(ctx, harmfulSetting)
	if survey.KindOf(err) == survey.NotFound && err != nil {
		return comment.HarmfulWords(), nil
	}
	return string(value), err
}

// PutHarmfulWords replaces the list. Whoever enters comments sees another
// recipe and begins anew.
func (s *Store) PutHarmfulWords(ctx context.Context, text string) error {
	return s.alter(ctx, "store.PutHarmfulWords", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO setting (key, value) VALUES ($1, $2)
			ON CONFLICT (key) DO UPDATE SET value = excluded.value`, harmfulSetting, []byte(text))
		return err
	})
}

// ftsQuery writes a search for SQLite: every term is a quoted string of letters
// and digits.
func ftsQuery(search comment.Search) string {
	terms := make([]string, len(search))
	for i, t := range search {
		terms[i] = `"` + strings.Join(t.Words, " ") + `"`
		if t.Prefix {
			terms[i] += ` *`
		}
	}
	return strings.Join(terms, ` AND `)
}

// tsQuery is ftsQuery for PostgreSQL.
func tsQuery(search comment.Search) string {
	terms := make([]string, len(search))
	for i, t := range search {
		terms[i] = `('` + strings.Join(t.Words, `' <-> '`) + `'`
		if t.Prefix {
			terms[i] += `:*`
		}
		terms[i] += `)`
	}
	return strings.Join(terms, ` & `)
}
