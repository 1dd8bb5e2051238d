package survey

import (
	"context"
	"time"
)

// Reason is the code of a rule that a response did not pass: "too_fast". Its
// words are the message "reason." + code.
type Reason string

// Reasons that rules give. What each one looks for stands in package quality.
const (
	TooFast        Reason = "too_fast"
	StraightLining Reason = "straight_lining"
	Impossible     Reason = "impossible"
	Burst          Reason = "burst"
	OutsideHours   Reason = "outside_hours"
	Repeated       Reason = "repeated_answers"
	AllBest        Reason = "all_best_month_end"
	RepeatedID     Reason = "repeated_id"
	PressInterval  Reason = "press_interval"
	Honeypot       Reason = "honeypot"
)

// Reasons lists every reason in the order it is shown.
var Reasons = []Reason{
	TooFast, StraightLining, Impossible, Burst, OutsideHours, Repeated, AllBest, RepeatedID, PressInterval, Honeypot,
}

// Action is what a wave does with a response that a rule points at.
type Action string

// Actions of rules. None of them deletes.
const (
	Ignore     Action = "ignore"     // the rule is off
	Flag       Action = "flag"       // counted, with the reason beside it
	Quarantine Action = "quarantine" // not counted until a person says so
)

// DefaultActions are those of a wave that has not chosen.
var DefaultActions = map[Reason]Action{
	TooFast: Flag, StraightLining: Flag, Impossible: Flag, Burst: Flag, OutsideHours: Quarantine,
	Repeated: Flag, AllBest: Flag, RepeatedID: Flag, PressInterval: Quarantine, Honeypot: Quarantine,
}

// Judgement is one row about a response; rows are added and never changed, and
// the last one of a response holds. By is an account, or empty for the rules.
type Judgement struct {
	Seq     int64 // of the response
	Number  int   // 1, 2, 3 … per response
	State   State // Counted (flagged or released), Partial, Quarantined, Rejected (confirmed)
	Reasons []Reason
	By      string
	Note    string // why, in a person's words; empty for the rules
	At      time.Time
}

// Judge says what the rules make of a response. It is not safe for several
// goroutines, and remembers what came before: responses come by Seq.
type Judge interface {
	// Recall shows a response that was judged before, without judging it.
	Recall(c *Catalog, r *Response)
	// Reasons returns the rules that r does not pass.
	Reasons(c *Catalog, r *Response) []Reason
}

// Verdict is the state and the reasons that a wave's actions make of what the
// rules found. A partial response stays partial.
func (w *Wave) Verdict(state State, found []Reason) (State, []Reason) {
	var kept []Reason
	for _, r := range found {
		switch w.Action(r) {
		case Ignore:
			continue
		case Quarantine:
			if state == Counted {
				state = Quarantined
			}
		}
		kept = append(kept, r)
	}
	return state, kept
}

// Action is what w does with a response that rule r points at.
func (w *Wave) Action(r Reason) Action {
	if a := w.Actions[r]; a != "" {
		return a
	}
	return DefaultActions[r]
}

// JudgementStore keeps judgements.
type JudgementStore interface {
	// JudgeResponse loads the response with seq as it stands, lets decide say
	// the next judgement, and stores it. In the same transaction it adds move to
	// the tallies if the response is folded already. Nothing changes when decide
	// returns an error or no judgement. It is NotFound without such a response,
	// and a Conflict when a person judges before the rules have.
	JudgeResponse(ctx context.Context, seq int64, decide func(Response) (j *Judgement, move Delta, err error)) error
	// Judgements returns what was said about the response with seq, in order.
	Judgements(ctx context.Context, seq int64) ([]Judgement, error)
	// EachSuspect calls f for the responses of a wave that have a judgement and
	// pass the filter, the newest first, below Seq before.
	EachSuspect(ctx context.Context, filter SuspectFilter, before int64, limit int, f func(*Response) error) error
}

// SuspectFilter picks responses under suspicion.
type SuspectFilter struct {
	Filter
	State  State  // empty: any
	Reason Reason // empty: any
}
