package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"sipas/internal/comment"
	"sipas/internal/survey"
)

// commentColumns are of comment_place p, comment c and response r.
const commentColumns = `p.seq, p.wave, r.unit, r.channel, r.service, p.day, p.state,
	c.satisfied, c.answered, c.level, c.harmful, p.hidden, r.comment,
	COALESCE((SELECT v.account FROM comment_review v WHERE v.seq = p.seq ORDER BY v.number DESC LIMIT 1), ''),
	(SELECT v.at FROM comment_review v WHERE v.seq = p.seq ORDER BY v.number DESC LIMIT 1)`

// Comments returns a page, and how far the entries go.
func (s *Store) Comments(ctx context.Context, q comment.Query) (page comment.Page, err error) {
	const op = "store.Comments"
	err = s.reading(ctx, func(tx *sql.Tx) error {
		mark, err := commentMark(ctx, tx)
		if err != nil {
			return err
		}
		h, err := head(ctx, tx)
		if err != nil {
			return err
		}
		page.Mark, page.Head = mark.Seq, h.Seq
		w := s.commentWhere(q, q.Before)
		w.text(` AND c.seq = p.seq AND r.seq = p.seq ORDER BY ` + w.order + ` DESC LIMIT `)
		w.bind(int64(q.Limit))
		err = each(ctx, tx, func(rows *sql.Rows) error {
			row, err := scanComment(rows)
			page.Rows = append(page.Rows, row)
			return err
		}, `SELECT `+commentColumns+` FROM `+w.from+` CROSS JOIN comment c CROSS JOIN response r WHERE `+w.b.String(), w.args...)
		if page.Found = int64(len(page.Rows)); err != nil || !q.Sifted() || q.Before == 0 && len(page.Rows) < q.Limit {
			return err
		}
		w = s.commentWhere(q, 0)
		w.text(` LIMIT `)
		w.bind(int64(comment.CountedMost + 1))
		return tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM `+w.from+` WHERE `+w.b.String()+`) AS found`, w.args...).Scan(&page.Found)
	})
	return page, s.fail(op, err)
}

func scanComment(row interface{ Scan(...any) error }) (c comment.Row, err error) {
	var harmful, hidden int64
	var reviewed sql.NullInt64
	err = row.Scan(&c.Seq, &c.Wave, &c.Unit, &c.Channel, &c.Service, &c.Day, &c.State,
		&c.Score.Satisfied, &c.Score.Answered, &c.Score.Level, &harmful, &hidden, &c.Text, &c.By, &reviewed)
	c.Harmful, c.Hidden, c.At = harmful == 1, hidden == 1, moment(reviewed)
	return c, err
}

// commentQuery puts a query of comment_place p together.
type commentQuery struct {
	from  string
	order string // the column that is seq
	b     strings.Builder
	args  []any
}

func (w *commentQuery) text(s string) { w.b.WriteString(s) }

func (w *commentQuery) bind(v any) {
	w.args = append(w.args, v)
	fmt.Fprintf(&w.b, `$%d`, len(w.args))
}

// and appends a condition that ends in a parameter.
func (w *commentQuery) and(text string, v any) {
	if w.b.Len() > 0 {
		w.text(` AND `)
	}
	w.text(text)
	w.bind(v)
}

// commentWhere picks what q asks for, below the seq before unless that is 0.
// SQLite goes through the words it searches for from the newest on; without any
// the index of a unit is in that order. The few that are hidden or do not count
// have an index of their own and come first: of 200,000 comments with a common
// word, finding that none of them was hidden took half a second.
func (s *Store) commentWhere(q comment.Query, before int64) *commentQuery {
	w := &commentQuery{from: `comment_place p`, order: `p.seq`}
	rare := q.Hidden || q.State != "" && q.State != survey.Counted
	if rare && s.engine.name == sqliteEngine.name {
		w.from += ` INDEXED BY comment_place_rare` // without statistics it would take the other, which covers more columns
	}
	switch {
	case len(q.Search) == 0:
	case s.engine.name == postgresEngine.name:
		w.from = `comment_place p CROSS JOIN comment f`
		w.and(`f.seq = p.seq AND f.folded @@ to_tsquery('simple', `, tsQuery(q.Search))
		w.text(`)`)
	case rare:
		w.and(`p.seq IN (SELECT f.rowid FROM comment_search f WHERE f.comment_search MATCH `, ftsQuery(q.Search))
		w.text(`)`)
	default:
		w.from, w.order = `comment_search f CROSS JOIN comment_place p`, `f.rowid`
		w.and(`p.seq = f.rowid AND f.comment_search MATCH `, ftsQuery(q.Search))
	}
	w.scope(q.Scope)
	if before > 0 {
		w.and(w.order+` < `, before)
	}
	if rare {
		w.text(` AND (p.hidden = 1 OR p.state <> 'counted')`) // what the index says of itself
	}
	if q.Mood != comment.Unknown {
		w.and(`p.mood = `, int64(q.Mood))
	}
	if q.State != "" {
		w.and(`p.state = `, string(q.State))
	}
	if q.Hidden {
		w.and(`p.hidden = `, int64(1))
	}
	return w
}

func (w *commentQuery) scope(s comment.Scope) {
	w.and(`p.unit = `, string(s.Unit))
	w.and(`p.wave = `, string(s.Wave))
	if !s.Period.Whole() {
		w.and(`p.day >= `, int64(s.Period.From))
		w.and(`p.day <= `, int64(s.Period.To))
	}
}

// CommentCounts counts the comments of a scope.
func (s *Store) CommentCounts(ctx context.Context, scope comment.Scope) (c comment.Counts, err error) {
	err = s.reading(ctx, func(tx *sql.Tx) error {
		mark, err := commentMark(ctx, tx)
		if err != nil {
			return err
		}
		c.Mark = mark.Seq
		w := s.commentWhere(comment.Query{Scope: scope}, 0)
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+w.from+` WHERE `+w.b.String(), w.args...).Scan(&c.All); err != nil {
			return err
		}
		w = s.commentWhere(comment.Query{Scope: scope, Hidden: true}, 0)
		return tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+w.from+` WHERE `+w.b.String(), w.args...).Scan(&c.Hidden)
	})
	return c, s.fail("store.CommentCounts", err)
}

// CommentWords calls f for the words of at most limit comments of a scope and a
// mood whose responses count and that are not hidden, the newest first.
func (s *Store) CommentWords(ctx context.Context, scope comment.Scope, m comment.Mood, limit int, f func(words string)) error {
	w := &commentQuery{}
	w.scope(scope)
	w.and(`p.mood = `, int64(m))
	w.and(`p.state = `, string(survey.Counted))
	w.and(`p.hidden = `, int64(0))
	w.text(` AND c.seq = p.seq ORDER BY p.seq DESC LIMIT `)
	w.bind(int64(limit))
	err := each(ctx, s.read, func(rows *sql.Rows) error {
		var words string
		if err := rows.Scan(&words); err != nil {
			return err
		}
		f(words)
		return nil
	}, `SELECT c.words FROM comment_place p CROSS JOIN comment c WHERE `+w.b.String(), w.args...)
	return s.fail("store.CommentWords", err)
}

// Comment returns one comment, with what was said about it; NotFound without.
func (s *Store) Comment(ctx context.Context, seq int64) (row comment.Row, said []comment.Review, err error) {
	err = s.reading(ctx, func(tx *sql.Tx) error {
		row, err = scanComment(tx.QueryRowContext(ctx, `
			SELECT `+commentColumns+` FROM response r CROSS JOIN comment_place p CROSS JOIN comment c
			WHERE r.seq = $1 AND p.seq = r.seq AND p.unit = r.unit AND c.seq = r.seq`, seq))
		if err != nil {
			return err
		}
		return each(ctx, tx, func(rows *sql.Rows) error {
			r := comment.Review{Seq: seq}
			var hide, at int64
			err := rows.Scan(&r.Number, &hide, &r.By, &at)
			r.Hide, r.At = hide == 1, timeOf(at)
			said = append(said, r)
			return err
		}, `SELECT number, hide, account, at FROM comment_review WHERE seq = $1 ORDER BY number`, seq)
	})
	return row, said, s.fail("store.Comment", err)
}
