package survey

import (
	"context"
	"fmt"
	"math/rand/v2"
)

// FoldStore is what Folder asks of a store.
type FoldStore interface {
	// Watermark says how far the tallies have been folded.
	Watermark(ctx context.Context) (Watermark, error)
	// EachResponse calls f for at most limit responses that pass the filter and
	// have Seq > after, by Seq. The response is valid until f returns.
	EachResponse(ctx context.Context, filter Filter, after int64, limit int, f func(*Response) error) error
	// ApplyFold adds d to the tallies and moves the watermark from → to, in one
	// transaction. It is a Conflict when the watermark is not at from: another
	// node was faster.
	ApplyFold(ctx context.Context, from, to Watermark, d Delta) error
	// ResetTallies removes every tally and moves the watermark to zero.
	ResetTallies(ctx context.Context) error
	// EachTally calls f for every stored tally and returns how far they go, both
	// from one consistent snapshot.
	EachTally(ctx context.Context, f func(TallyKey, Tally) error) (Watermark, error)
}

// Folder folds responses into tallies behind the citizens' backs.
type Folder struct {
	Store   FoldStore
	Catalog func() *Catalog
}

// FoldBatch is how many responses one fold transaction takes at most. Small
// enough that the writer is back with the citizens within some 20 ms.
const FoldBatch = 2000

// Fold folds at most one batch and returns how many responses it folded.
func (f *Folder) Fold(ctx context.Context) (int, error) {
	const op = "survey.Fold"
	from, err := f.Store.Watermark(ctx)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", op, err)
	}
	catalog, d, to, n := f.Catalog(), Delta{}, from, 0
	err = f.Store.EachResponse(ctx, Filter{}, from.Seq, FoldBatch, func(r *Response) error {
		in := catalog.Instruments[r.Instrument]
		if in == nil {
			return fmt.Errorf("response %d has unknown instrument %s", r.Seq, r.Instrument)
		}
		to, n = Watermark{r.Seq, r.ReceivedAt}, n+1
		return d.Fold(in, catalog.Tree, r)
	})
	if err != nil {
		return 0, fmt.Errorf("%s: %w", op, err)
	}
	if n == 0 {
		return 0, nil
	}
	if err := f.Store.ApplyFold(ctx, from, to, d); err != nil {
		return 0, fmt.Errorf("%s: %w", op, err)
	}
	return n, nil
}

// FoldAll folds until nothing is left and returns how many it folded. Another
// process may fold at the same time: whoever comes second to a batch goes on
// with the next.
func (f *Folder) FoldAll(ctx context.Context) (int, error) {
	for total := 0; ; {
		n, err := f.Fold(ctx)
		switch {
		case KindOf(err) == Conflict:
			continue
		case err != nil || n == 0:
			return total, err
		}
		total += n
	}
}

// Rebuild remakes every tally from the responses.
func (f *Folder) Rebuild(ctx context.Context) (int, error) {
	if err := f.Store.ResetTallies(ctx); err != nil {
		return 0, fmt.Errorf("survey.Rebuild: %w", err)
	}
	return f.FoldAll(ctx)
}

// Checked is the result of Folder.Check.
type Checked struct {
	Responses int64     // read, up to the watermark
	Tallies   int       // stored and compared
	Wrong     *TallyKey // the first tally that differs; nil when all agree
	Watermark Watermark
}

// Check counts every response up to the watermark again and compares with the
// stored tallies. Each tally is compared by a random linear form of its
// counts, so that memory holds one number for a tally and not all of its
// counts; two different tallies agree by chance once in 2⁶⁴. rnd gives the
// coefficients. Folding may go on meanwhile.
func (f *Folder) Check(ctx context.Context, rnd *rand.Rand) (Checked, error) {
	const op = "survey.Check"
	c := tallyChecker{catalog: f.Catalog(), rnd: rnd, prints: map[TallyKey]uint64{}}
	var result Checked
	var err error
	// Tallies first: the responses up to their watermark can never change.
	c.mark, err = f.Store.EachTally(ctx, func(k TallyKey, t Tally) error {
		result.Tallies++
		c.prints[k] = -c.print(t)
		return nil
	})
	if err != nil {
		return Checked{}, fmt.Errorf("%s: %w", op, err)
	}
	for last := int64(-1); last != c.seq && c.seq < c.mark.Seq; {
		last = c.seq
		if err := f.Store.EachResponse(ctx, Filter{}, c.seq, FoldBatch, c.add); err != nil {
			return Checked{}, fmt.Errorf("%s: %w", op, err)
		}
	}
	result.Responses, result.Watermark = c.read, c.mark
	for k, p := range c.prints {
		if p != 0 && (result.Wrong == nil || k.less(*result.Wrong)) {
			result.Wrong = &k
		}
	}
	return result, nil
}

// tallyChecker holds, for each tally, the fingerprint of what the responses say
// less that of what is stored.
type tallyChecker struct {
	catalog *Catalog
	mark    Watermark
	rnd     *rand.Rand
	seq     int64
	read    int64
	coeffs  []uint64
	prints  map[TallyKey]uint64
}

func (c *tallyChecker) add(r *Response) error {
	if c.seq = r.Seq; r.Seq > c.mark.Seq {
		return nil
	}
	c.read++
	d := Delta{}
	if err := d.Fold(c.catalog.Instruments[r.Instrument], c.catalog.Tree, r); err != nil {
		return fmt.Errorf("response %d: %w", r.Seq, err)
	}
	for k, t := range d {
		c.prints[k] += c.print(*t)
	}
	return nil
}

// print is linear: the print of a sum is the sum of the prints, modulo 2⁶⁴.
func (c *tallyChecker) print(t Tally) uint64 {
	for len(c.coeffs) <= len(t.Counts) {
		c.coeffs = append(c.coeffs, c.rnd.Uint64()|1)
	}
	p := c.coeffs[0] * uint64(t.N)
	for i, n := range t.Counts {
		p += c.coeffs[i+1] * uint64(n)
	}
	return p
}

func (k TallyKey) less(o TallyKey) bool {
	for _, c := range []int{
		compareStrings(k.Wave, o.Wave), compareStrings(k.Unit, o.Unit),
		int(k.Grain) - int(o.Grain), int(k.At) - int(o.At), compareStrings(k.Channel, o.Channel),
	} {
		if c != 0 {
			return c < 0
		}
	}
	return false
}
