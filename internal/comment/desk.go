package comment

import (
	"context"
	"fmt"
	"sync"
	"time"

	"sipas/internal/survey"
)

// Scope is whose comments are looked at: of one wave, of a unit and all below
// it, in a period.
type Scope struct {
	Wave   survey.WaveID
	Unit   survey.UnitCode
	Period survey.Period
}

// Query asks for a page of comments, the newest first.
type Query struct {
	Scope
	Mood   Mood         // Unknown: any
	State  survey.State // of the response; empty: any
	Hidden bool         // only those that are hidden
	Search Search
	Before int64 // below this seq; 0: from the newest
	Limit  int
}

// Sifted reports whether q asks for fewer than all of its scope.
func (q Query) Sifted() bool {
	return q.Mood != Unknown || q.State != "" || q.Hidden || len(q.Search) > 0
}

// Row is one comment as it is listed. Text is as the citizen wrote it: whoever
// shows it masks it.
type Row struct {
	Seq     int64
	Wave    survey.WaveID
	Unit    survey.UnitCode
	Channel survey.Channel
	Service survey.ServiceCode
	Day     survey.Day
	State   survey.State
	Score   Score
	Harmful bool
	Hidden  bool
	By      string    // who hid or showed it last; empty: nobody
	At      time.Time // and when
	Text    string
}

// Page is a page of comments.
type Page struct {
	Rows  []Row
	Found int64 // how many the query finds, at most CountedMost + 1
	Mark  int64 // entries go up to this response …
	Head  int64 // … of so many stored
}

// CountedMost bounds counting what a query finds.
const CountedMost = 1000

// Counts says how many comments a scope has.
type Counts struct {
	All, Hidden int64 // of every state
	Mark        int64
}

// Shelf is what Desk asks of a store.
type Shelf interface {
	// Comments returns a page, and how far the entries go.
	Comments(ctx context.Context, q Query) (Page, error)
	// CommentCounts counts the comments of a scope.
	CommentCounts(ctx context.Context, s Scope) (Counts, error)
	// CommentWords calls f for the words of at most limit comments of a scope and
	// a mood whose responses count, the newest first.
	CommentWords(ctx context.Context, s Scope, m Mood, limit int, f func(words string)) error
	// Comment returns one comment, with what was said about it; NotFound without.
	Comment(ctx context.Context, seq int64) (Row, []Review, error)
	// PutReview adds r, whose number the store sets. It is a Conflict when the
	// comment is hidden or shown already, NotFound when there is none.
	PutReview(ctx context.Context, r Review) error
}

// WordList keeps the list of words that hide a comment.
type WordList interface {
	// HarmfulWords returns the list, or the one of the program.
	HarmfulWords(ctx context.Context) (string, error)
	// PutHarmfulWords replaces the list.
	PutHarmfulWords(ctx context.Context, text string) error
}

// How many of the newest comments the words that stand out are looked for in:
// it bounds what a page reads, whatever the survey has grown to.
const (
	LowRead   = 1500
	OtherRead = 3000
)

// Findings are what the comments of a scope say together.
type Findings struct {
	Counts
	Standouts       []Standout
	ReadLow, ReadHi int // comments that they were looked for in
}

// Desk reads comments for staff. It may be used from any number of goroutines,
// but not copied.
type Desk struct {
	Shelf
	List WordList
	Now  func() time.Time

	mu   sync.Mutex
	kept map[Scope]*kept
}

// kept is what was found last; busy while it is looked for.
type kept struct {
	mu    sync.Mutex
	found Findings
	at    time.Time
	done  bool
}

const (
	keepFor  = 20 * time.Second // findings, when comments have come since
	keepMost = 1000             // scopes
)

// Findings returns what the comments of a scope say together. It holds until
// the entries have gone further, and then a while longer: as many comments as
// come in that time change no finding. Findings.Mark says how far they go.
func (d *Desk) Findings(ctx context.Context, s Scope, mark int64) (Findings, error) {
	k := d.keep(s)
	k.mu.Lock()
	defer k.mu.Unlock()
	now := d.Now()
	if k.done && (k.found.Mark == mark || now.Sub(k.at) < keepFor && k.found.Mark < mark) {
		return k.found, nil
	}
	found, err := d.find(ctx, s)
	if err != nil {
		return Findings{}, fmt.Errorf("comment.Findings: %w", err)
	}
	k.found, k.at, k.done = found, now, true
	return found, nil
}

func (d *Desk) keep(s Scope) *kept {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.kept == nil || len(d.kept) >= keepMost {
		d.kept = map[Scope]*kept{}
	}
	k := d.kept[s]
	if k == nil {
		k = &kept{}
		d.kept[s] = k
	}
	return k
}

// Forget makes every finding anew when it is next asked for: somebody hid or
// showed a comment.
func (d *Desk) Forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kept = nil
}

func (d *Desk) find(ctx context.Context, s Scope) (f Findings, err error) {
	if f.Counts, err = d.CommentCounts(ctx, s); err != nil {
		return f, err
	}
	var c Counter
	if err := d.CommentWords(ctx, s, Low, LowRead, func(w string) { c.Add(w, true) }); err != nil {
		return f, err
	}
	if err := d.CommentWords(ctx, s, High, OtherRead, func(w string) { c.Add(w, false) }); err != nil {
		return f, err
	}
	f.Standouts = c.Standouts()
	f.ReadLow, f.ReadHi = c.Asked()
	return f, nil
}

// Review records that by hid or showed the comment of seq.
func (d *Desk) Review(ctx context.Context, seq int64, hide bool, by string) error {
	if err := d.PutReview(ctx, Review{Seq: seq, Hide: hide, By: by, At: d.Now()}); err != nil {
		return fmt.Errorf("comment.Review: %w", err)
	}
	d.Forget()
	return nil
}
