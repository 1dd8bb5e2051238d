package survey

import (
	"context"
	"fmt"
	"math/rand/v2"
)

// Checked is the result of Folder.Check.
type Checked struct {
	Responses int64     // read, up to the watermark
	Tallies   int       // stored and compared
	Wrong     *TallyKey // the first tally that differs; nil when all agree
	Watermark Watermark
}

// checkTries is how often Check begins again when people judge meanwhile.
const checkTries = 20

// Check counts every response up to the watermark again and compares with the
// stored tallies. Each tally is compared by a random linear form of its
// counts, so that memory holds one number for a tally and not all of its
// counts; two different tallies agree by chance once in 2⁶⁴. rnd gives the
// coefficients. Folding and judging may go on meanwhile: when a response read
// was judged after the tallies were, it begins again, and is a Conflict if that
// happens every time.
func (f *Folder) Check(ctx context.Context, rnd *rand.Rand) (Checked, error) {
	const op = "survey.Check"
	for range checkTries {
		result, still, err := f.check(ctx, rnd)
		if err != nil {
			return Checked{}, fmt.Errorf("%s: %w", op, err)
		}
		if still {
			return result, nil
		}
	}
	return Checked{}, &Error{Kind: Conflict, Op: op, Err: fmt.Errorf("responses were judged during each of %d tries", checkTries)}
}

// check reports as well whether every judgement that the tallies know was seen
// and no other.
func (f *Folder) check(ctx context.Context, rnd *rand.Rand) (result Checked, still bool, err error) {
	c := tallyChecker{catalog: f.Catalog(), rnd: rnd, sums: newLeaves(), prints: map[TallyKey]uint64{}}
	var judgements int64
	c.mark, judgements, err = f.Store.EachTally(ctx, func(k TallyKey, t Tally) error {
		result.Tallies++
		c.prints[k] = -c.print(t)
		return nil
	})
	if err != nil {
		return result, false, err
	}
	for last := int64(-1); last != c.seq && c.seq < c.mark.Seq; {
		last = c.seq
		if err := f.Store.EachResponse(ctx, Filter{}, c.seq, FoldBatch, c.add); err != nil {
			return result, false, err
		}
		c.spread()
	}
	result.Responses, result.Watermark = c.read, c.mark
	for k, p := range c.prints {
		if p != 0 && (result.Wrong == nil || k.less(*result.Wrong)) {
			result.Wrong = &k
		}
	}
	return result, c.judgements == judgements, nil
}

// tallyChecker holds, for each tally, the fingerprint of what the responses say
// less that of what is stored.
type tallyChecker struct {
	catalog    *Catalog
	mark       Watermark
	rnd        *rand.Rand
	seq        int64
	read       int64
	judgements int64 // made of what was read
	sums       *leaves
	coeffs     []uint64
	prints     map[TallyKey]uint64
}

func (c *tallyChecker) add(r *Response) error {
	if c.seq = r.Seq; r.Seq > c.mark.Seq {
		return nil
	}
	c.read++
	c.judgements += int64(r.Judgements)
	if err := c.sums.add(c.catalog, r); err != nil {
		return fmt.Errorf("response %d: %w", r.Seq, err)
	}
	return nil
}

// spread takes what was added into the fingerprints.
func (c *tallyChecker) spread() {
	d := Delta{}
	c.sums.spread(c.catalog.Tree, d, 1)
	for k, t := range d {
		c.prints[k] += c.print(*t)
	}
	c.sums = newLeaves()
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
		compareStrings(k.Wave, o.Wave), compareStrings(k.State, o.State), compareStrings(k.Part, o.Part),
		compareStrings(k.Unit, o.Unit),
		int(k.Grain) - int(o.Grain), int(k.At) - int(o.At), compareStrings(k.Channel, o.Channel),
	} {
		if c != 0 {
			return c < 0
		}
	}
	return false
}
