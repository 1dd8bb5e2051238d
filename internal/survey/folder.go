package survey

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
)

// FoldStore is what Folder asks of a store.
type FoldStore interface {
	// FoldMark says how far folding has come.
	FoldMark(ctx context.Context) (FoldMark, error)
	// EachResponse calls f for at most limit responses that pass the filter and
	// have Seq > after, by Seq. The response is valid until f returns.
	EachResponse(ctx context.Context, filter Filter, after int64, limit int, f func(*Response) error) error
	// ApplyFold stores what a fold makes of responses, in one transaction. It is
	// a Conflict when folding has come further meanwhile or a person has judged
	// one of the responses: nothing is stored then.
	ApplyFold(ctx context.Context, f Fold) error
	// ResetTallies removes every tally and moves the watermark to zero. What the
	// rules have judged stays judged.
	ResetTallies(ctx context.Context) error
	// EachTally calls f for every stored tally and returns how far they go and
	// how many judgements were made of the responses up to there, all from one
	// consistent snapshot.
	EachTally(ctx context.Context, f func(TallyKey, Tally) error) (mark Watermark, judgements int64, err error)
}

// FoldMark says how far folding has come.
type FoldMark struct {
	Watermark       // the tallies hold the responses up to here
	Judged    int64 // the rules have looked at those up to here; never goes back
}

// Fold is what one transaction stores of the responses between two marks.
type Fold struct {
	From, To   FoldMark
	Seen       int64 // judgements that the responses had when they were read
	Delta      Delta
	Judgements []Judgement
	Devices    map[DeviceID]Numbers // of responses that were never folded before
}

// Numbers are the sequence numbers of a device in a fold.
type Numbers struct {
	Stored  int64 // how many
	Highest int64
}

// Folder folds responses into tallies behind the citizens' backs, and lets the
// rules judge each response on its way, once. It may be used from any number of
// goroutines, but not copied.
type Folder struct {
	Store    FoldStore
	Catalog  func() *Catalog
	NewJudge func() Judge   // nil: nothing is judged
	Portion  int            // how many responses one fold takes at most; 0: FoldBatch
	Folded   func(FoldMark) // called by FoldAll after every fold; may be nil

	mu    sync.Mutex
	judge Judge      // has seen what came before judged; nil: to be made anew
	seen  int64      // the last response it saw
	fresh []Response // room for those of a fold that the rules have not seen
}

// Portions of folding.
const (
	// FoldBatch is how many responses one fold transaction takes at most, unless
	// Folder says otherwise. Small enough that the writer is soon back with the
	// citizens.
	FoldBatch = 2000
	// BulkFold is for those who are far behind. A fold writes each tally once,
	// however many responses it is for: of 4,000 units this takes less than half
	// of the time a response. The writer is away for about a second, and memory
	// holds the counts of every unit there is, twice.
	BulkFold = 20_000
	// FarBehind is from how many responses on BulkFold is worth that.
	FarBehind = 5 * BulkFold
)

// judgeMemory is how many earlier responses a new judge is shown.
const judgeMemory = 5000

// Fold folds at most one portion and returns how many responses it folded. It
// is a Conflict when another process was faster; the next Fold goes on from
// there.
func (f *Folder) Fold(ctx context.Context) (int, error) {
	const op = "survey.Fold"
	f.mu.Lock()
	defer f.mu.Unlock()
	from, err := f.Store.FoldMark(ctx)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", op, err)
	}
	batch, n, err := f.prepare(ctx, from)
	if err == nil && n > 0 {
		err = f.Store.ApplyFold(ctx, batch)
	}
	if err != nil {
		f.judge = nil // it has seen what may come again
		return 0, fmt.Errorf("%s: %w", op, err)
	}
	return n, nil
}

// prepare reads, judges and counts the n responses of a fold.
func (f *Folder) prepare(ctx context.Context, from FoldMark) (batch Fold, n int, err error) {
	batch = Fold{From: from, To: from, Delta: Delta{}, Devices: map[DeviceID]Numbers{}}
	catalog, sums := f.Catalog(), newLeaves()
	fresh := f.fresh[:0]
	defer func() { clear(fresh) }()
	err = f.Store.EachResponse(ctx, Filter{}, from.Seq, f.portion(), func(r *Response) error {
		batch.To.Watermark = Watermark{r.Seq, r.ReceivedAt}
		batch.Seen += int64(r.Judgements)
		n++
		if r.Seq > from.Judged {
			fresh = append(fresh, *r)
			return nil
		}
		return sums.add(catalog, r)
	})
	f.fresh = fresh
	if err == nil && len(fresh) > 0 {
		err = f.judgeAll(ctx, catalog, &batch, sums, fresh)
	}
	if err == nil {
		sums.spread(catalog.Tree, batch.Delta, 1)
	}
	return batch, n, err
}

// judgeAll judges fresh responses and counts them.
func (f *Folder) judgeAll(ctx context.Context, catalog *Catalog, batch *Fold, sums *leaves, fresh []Response) error {
	if err := f.prime(ctx, catalog, batch.From.Judged); err != nil {
		return err
	}
	for i := range fresh {
		r := &fresh[i]
		if r.DeviceSeq > 0 {
			d := batch.Devices[DeviceID(r.Device)]
			batch.Devices[DeviceID(r.Device)] = Numbers{d.Stored + 1, max(d.Highest, r.DeviceSeq)}
		}
		if j := f.verdict(catalog, r); j != nil {
			r.State, r.Reasons = j.State, j.Reasons
			batch.Judgements = append(batch.Judgements, *j)
		}
		if err := sums.add(catalog, r); err != nil {
			return err
		}
		f.seen = r.Seq
	}
	batch.To.Judged = f.seen
	return nil
}

// prime makes a judge that knows the responses before the next one, unless
// there is one already.
func (f *Folder) prime(ctx context.Context, catalog *Catalog, judged int64) error {
	if f.judge != nil && f.seen == judged || f.NewJudge == nil {
		f.seen = judged
		return nil
	}
	j := f.NewJudge()
	err := f.Store.EachResponse(ctx, Filter{}, judged-judgeMemory, judgeMemory, func(r *Response) error {
		if r.Seq <= judged {
			j.Recall(catalog, r)
		}
		return nil
	})
	if err == nil {
		f.judge, f.seen = j, judged
	}
	return err
}

// verdict is what the rules and the wave's actions make of r; nil if nothing.
// Reasons that it came with stay: its id may have been repeated at once.
func (f *Folder) verdict(catalog *Catalog, r *Response) *Judgement {
	w := catalog.Waves[r.Wave]
	if f.judge == nil || w == nil {
		return nil
	}
	found := slices.Clone(r.Reasons)
	for _, reason := range f.judge.Reasons(catalog, r) {
		if !slices.Contains(found, reason) {
			found = append(found, reason)
		}
	}
	if r.Trap && !slices.Contains(found, Honeypot) {
		found = append(found, Honeypot)
	}
	state, reasons := w.Verdict(r.State, found)
	if state == r.State && slices.Equal(reasons, r.Reasons) {
		return nil
	}
	return &Judgement{Seq: r.Seq, Number: r.Judgements + 1, State: state, Reasons: reasons, At: r.ReceivedAt}
}

// FoldAll folds until nothing is left of what was there, and returns how many
// it folded. Another process may fold at the same time: whoever comes second to a portion goes on
// with the next.
func (f *Folder) FoldAll(ctx context.Context) (total int, err error) {
	const op = "survey.FoldAll"
	f.mu.Lock()
	defer f.mu.Unlock()
	for {
		from, err := f.Store.FoldMark(ctx)
		if err != nil {
			return total, fmt.Errorf("%s: %w", op, err)
		}
		n, err := f.foldOn(ctx, from)
		if total += n; KindOf(err) != Conflict || err == nil {
			if err != nil {
				err = fmt.Errorf("%s: %w", op, err)
			}
			return total, err
		}
	}
}

// foldOn folds from a mark until a portion is not full. The next one is prepared
// while one is stored.
func (f *Folder) foldOn(ctx context.Context, from FoldMark) (total int, err error) {
	type prepared struct {
		Fold
		n   int
		err error
	}
	prepare := func(from FoldMark) (p prepared) {
		p.Fold, p.n, p.err = f.prepare(ctx, from)
		return p
	}
	p := prepare(from)
	for p.err == nil && p.n > 0 {
		ahead := make(chan prepared, 1)
		if p.n == f.portion() {
			go func(to FoldMark) { ahead <- prepare(to) }(p.To)
		} else {
			ahead <- prepared{}
		}
		err := f.Store.ApplyFold(ctx, p.Fold)
		next := <-ahead
		if err != nil {
			next.err = err
		} else {
			total += p.n
			if f.Folded != nil {
				f.Folded(p.To)
			}
		}
		p = next
	}
	if p.err != nil {
		f.judge = nil // it has seen what may come again
	}
	return total, p.err
}

func (f *Folder) portion() int { return cmp.Or(f.Portion, FoldBatch) }

// Rebuild remakes every tally from the responses as they stand. Nothing is
// judged again.
func (f *Folder) Rebuild(ctx context.Context) (int, error) {
	if err := f.Store.ResetTallies(ctx); err != nil {
		return 0, fmt.Errorf("survey.Rebuild: %w", err)
	}
	return f.FoldAll(ctx)
}
