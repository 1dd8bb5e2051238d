package survey

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Reviewer lets people have the last word on what the rules said.
type Reviewer struct {
	JudgementStore // what was said, and of whom, is asked from here as well
	Catalog        func() *Catalog
	Now            func() time.Time
}

// How long the words of a judgement are, in characters.
const (
	ShortestNote = 10
	LongestNote  = 1000
)

// Judge adds the judgement of the account by, who says why in note: Counted
// releases a response that was set aside, Rejected takes one under suspicion
// out of the figures for good. It is Invalid without a proper note, NotFound for
// an unknown seq, and a Conflict when the response is partial, stands so
// already, was not judged by the rules or passed all of them, or when its wave
// is published.
func (v *Reviewer) Judge(ctx context.Context, seq int64, to State, by, note string) error {
	const op = "survey.Judge"
	if to != Counted && to != Rejected {
		return Bad(op, "state", "judgement.bad_state", to)
	}
	note = strings.TrimSpace(note)
	if n := utf8.RuneCountInString(note); n < ShortestNote || n > LongestNote || CheckText(note) != "" {
		return Bad(op, "note", "judgement.bad_note", ShortestNote, LongestNote)
	}
	c := v.Catalog()
	err := v.JudgeResponse(ctx, seq, func(r Response) (*Judgement, Delta, error) {
		key := ""
		switch w := c.Waves[r.Wave]; {
		case w == nil:
			return nil, nil, fmt.Errorf("response %d has unknown wave %s", seq, r.Wave)
		case w.State == Published:
			key = "judgement.published"
		case r.State == Partial:
			key = "judgement.partial"
		case len(r.Reasons) == 0:
			key = "judgement.no_reason"
		case r.State == to:
			key = "judgement.already." + string(to)
		}
		if key != "" {
			return nil, nil, &Error{Kind: Conflict, Op: op, Key: key}
		}
		j := Judgement{State: to, Reasons: r.Reasons, By: by, Note: note, At: v.Now()}
		return j.of(c, r)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// FlagClash adds RepeatedID to the reasons of a response whose id came again
// with another body, by the action of its wave. Nothing happens when it has
// that reason already, when a person has released it knowing that, or when its
// wave is published.
func (v *Reviewer) FlagClash(ctx context.Context, seq int64) error {
	const op = "survey.FlagClash"
	c := v.Catalog()
	err := v.JudgeResponse(ctx, seq, func(r Response) (*Judgement, Delta, error) {
		w := c.Waves[r.Wave]
		if w == nil || w.State == Published || w.Action(RepeatedID) == Ignore || slices.Contains(r.Reasons, RepeatedID) {
			return nil, nil, nil
		}
		state, reasons := r.State, append(slices.Clone(r.Reasons), RepeatedID)
		if state == Counted && w.Action(RepeatedID) == Quarantine {
			state = Quarantined
		}
		j := Judgement{State: state, Reasons: reasons, At: v.Now()}
		return j.of(c, r)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// of makes j the next judgement of r, and says what it moves in the tallies.
func (j Judgement) of(c *Catalog, r Response) (*Judgement, Delta, error) {
	j.Seq, j.Number = r.Seq, r.Judgements+1
	in, move := c.Instruments[r.Instrument], Delta{}
	if in == nil {
		return nil, nil, fmt.Errorf("response %d has unknown instrument %s", r.Seq, r.Instrument)
	}
	if err := move.Unfold(in, c.Tree, &r); err != nil {
		return nil, nil, err
	}
	r.State, r.Reasons = j.State, j.Reasons
	return &j, move, move.Fold(in, c.Tree, &r)
}
