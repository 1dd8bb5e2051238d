package comment

import (
	"context"
	"fmt"
	"time"

	"sipas/internal/survey"
)

// Said is a response with a comment, as it stands among the responses.
type Said struct {
	Seq        int64
	Wave       survey.WaveID
	Instrument survey.InstrumentID
	Unit       survey.UnitCode
	Day        survey.Day
	Answers    survey.Sheet
	Comment    string
}

// Entry is what is kept of one comment to find it by. How its response stands,
// and whether somebody hid or showed it, the store adds.
type Entry struct {
	Said
	Places  []survey.UnitCode // the unit and all above it
	Score   Score
	Harmful bool   // a word of the list is in it
	Words   string // as Words writes them, without personal data
}

// Mark says how far the entries go, and how they were made.
type Mark struct {
	Seq    int64
	Recipe string
}

// IndexStore is what Indexer asks of a store.
type IndexStore interface {
	// CommentMark says how far the entries go.
	CommentMark(ctx context.Context) (Mark, error)
	// EachComment calls f for the responses with a comment among the next limit
	// responses after seq, and returns the last seq it looked at; after itself
	// when there are no more. Said is valid until f returns.
	EachComment(ctx context.Context, after int64, limit int, f func(*Said) error) (last int64, err error)
	// PutComments adds entries and moves the mark, in one transaction. It is a
	// Conflict when the mark is not at from any more.
	PutComments(ctx context.Context, from, to Mark, entries []Entry) error
	// ResetComments removes every entry and moves the mark to zero, with the
	// recipe.
	ResetComments(ctx context.Context, recipe string) error
}

// Indexer makes an entry of every comment, behind the citizens' backs. What it
// keeps is derived: with another recipe it begins anew.
type Indexer struct {
	Store   IndexStore
	Catalog func() *survey.Catalog
	Harmful func(context.Context) (Blocklist, error)
}

// Batch is how many responses one step looks at: one in ten or so has a
// comment, and the writer is back with the citizens in some 20 ms.
const Batch = 2000

// Step takes at most one batch and returns how many responses it looked at. It
// is a Conflict when another process was faster; the next Step goes on.
func (x *Indexer) Step(ctx context.Context) (int, error) {
	const op = "comment.Step"
	list, err := x.Harmful(ctx)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", op, err)
	}
	from, err := x.Store.CommentMark(ctx)
	if err == nil && from.Recipe != list.Recipe() {
		if err = x.Store.ResetComments(ctx, list.Recipe()); err == nil {
			from = Mark{0, list.Recipe()}
		}
	}
	if err != nil {
		return 0, fmt.Errorf("%s: %w", op, err)
	}
	var entries []Entry
	catalog := x.Catalog()
	last, err := x.Store.EachComment(ctx, from.Seq, Batch, func(s *Said) error {
		e, err := entryOf(catalog, s, list)
		entries = append(entries, e)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("%s: %w", op, err)
	}
	if last == from.Seq {
		return 0, nil
	}
	if err := x.Store.PutComments(ctx, from, Mark{last, from.Recipe}, entries); err != nil {
		return 0, fmt.Errorf("%s: %w", op, err)
	}
	return int(last - from.Seq), nil
}

func entryOf(c *survey.Catalog, s *Said, list Blocklist) (Entry, error) {
	in := c.Instruments[s.Instrument]
	if in == nil {
		return Entry{}, fmt.Errorf("response %d has unknown instrument %s", s.Seq, s.Instrument)
	}
	score, err := ScoreOf(in, s.Answers)
	if err != nil {
		return Entry{}, fmt.Errorf("response %d: %w", s.Seq, err)
	}
	places := c.Tree.Lineage(s.Unit)
	if places == nil {
		places = []survey.UnitCode{s.Unit}
	}
	words := Words(Open(s.Comment))
	return Entry{Said: *s, Places: places, Score: score, Words: words, Harmful: list.Harmful(words)}, nil
}

// All steps until nothing is left. Another process may do so at the same time.
func (x *Indexer) All(ctx context.Context) error {
	for {
		n, err := x.Step(ctx)
		switch {
		case err != nil && survey.KindOf(err) == survey.Conflict:
		case err != nil || n == 0:
			return err
		}
	}
}

// Rebuild makes every entry anew.
func (x *Indexer) Rebuild(ctx context.Context) error {
	list, err := x.Harmful(ctx)
	if err == nil {
		err = x.Store.ResetComments(ctx, list.Recipe())
	}
	if err != nil {
		return fmt.Errorf("comment.Rebuild: %w", err)
	}
	return x.All(ctx)
}

// Review is one row about a comment: somebody hid it or showed it. Rows are
// added and never changed; the last one holds, before any list of words.
type Review struct {
	Seq    int64 // of the response
	Number int   // 1, 2, 3 … per comment
	Hide   bool
	By     string // the account
	At     time.Time
}
