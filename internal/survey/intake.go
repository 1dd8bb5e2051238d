package survey

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Ledger stores responses once and for good.
type Ledger interface {
	// Append stores responses in one transaction, together with whatever else
	// waits, and returns after it is durable: one Outcome each, in order. Those
	// with a fresh id get the next Seqs. An error means that nothing is known
	// to be stored; it has Kind Unavailable when trying again may help.
	Append(ctx context.Context, rs []Response) ([]Outcome, error)
}

// Intake takes responses in.
type Intake struct {
	Ledger  Ledger
	Catalog func() *Catalog
	Key     ReceiptKey
	Zone    *time.Location // whose calendar the days are of
	Now     func() time.Time
	// Belated also takes in, for staff, what was made before its wave was closed,
	// until the wave is published: a device may not have reached us in time.
	Belated bool
	// Clashed is told of the response whose id came again with another body. The
	// client learns of the clash only after it returns nil. It may be nil.
	Clashed func(ctx context.Context, seq int64) error
}

// Accepted is what a client learns about a stored response.
type Accepted struct {
	ID         string
	Seq        int64
	Receipt    Receipt
	ReceivedAt time.Time
	State      State
	Replayed   bool // the same body under the same id was stored before
}

// Result is the answer for one submission of a batch: Accepted, or an *Error.
type Result struct {
	Accepted
	Err error
}

// Bounds on what a client may say.
const (
	clockSkew    = 24 * time.Hour       // a device's clock may be ahead by so much
	oldestAnswer = 400 * 24 * time.Hour // and an answer may wait on it for so long
	longestFill  = 7 * 24 * time.Hour   // between start and submission
	longestWord  = 64                   // bytes of an id, locale, device or code

	highestDeviceSeq = 1<<53 - 1 // what a browser can count to
)

// Submit checks one submission and stores it. A replay of the same body gives
// the same answer again. Errors: Invalid with Fields, NotFound for the point,
// Gone for a wave that is not open, Conflict for an id taken by another body,
// Unavailable.
func (in *Intake) Submit(ctx context.Context, s Submission) (Accepted, error) {
	r := in.SubmitAll(ctx, []Submission{s})[0]
	return r.Accepted, r.Err
}

// SubmitAll does for each submission what Submit does; one that fails does not
// hold up the others.
func (in *Intake) SubmitAll(ctx context.Context, all []Submission) []Result {
	results := make([]Result, len(all))
	rs := make([]Response, 0, len(all))
	var at []int
	catalog := in.Catalog()
	for i, s := range all {
		r, err := in.prepare(catalog, s)
		if err != nil {
			results[i].Err = err
			continue
		}
		rs, at = append(rs, r), append(at, i)
	}
	if len(rs) == 0 {
		return results
	}
	outcomes, err := in.Ledger.Append(ctx, rs)
	for j, i := range at {
		if err != nil {
			results[i].Err = fmt.Errorf("survey.Submit: %w", err)
			continue
		}
		results[i] = in.result(ctx, catalog, &rs[j], outcomes[j])
	}
	return results
}

func (in *Intake) result(ctx context.Context, catalog *Catalog, r *Response, o Outcome) Result {
	const op = "survey.Submit"
	switch o.Fate {
	case Clashed:
		if in.Clashed != nil {
			if err := in.Clashed(ctx, o.Seq); err != nil {
				return Result{Err: fmt.Errorf("%s: %w", op, err)}
			}
		}
		return Result{Err: &Error{Kind: Conflict, Op: op, Key: "response.id_taken", Args: []any{r.ID}}}
	case WaveClosed:
		return Result{Err: notOpen(op, catalog.Waves[r.Wave])}
	}
	return Result{Accepted: Accepted{
		ID: r.ID, Seq: o.Seq, Receipt: in.Key.Receipt(o.Seq, r.ID),
		ReceivedAt: o.ReceivedAt, State: o.State, Replayed: o.Fate == Replayed,
	}}
}

// OpenPoint returns the point with code and its open wave. It is NotFound for
// an unknown code and Gone when the wave is closed; a draft is NotFound.
func (c *Catalog) OpenPoint(code PointCode) (Point, *Wave, error) {
	const op = "survey.OpenPoint"
	p, ok := c.Points[PointCode(Plain(string(code)))]
	if !ok {
		return Point{}, nil, Missing(op, "point.unknown", string(code))
	}
	w := c.Waves[p.Wave]
	if w == nil || w.State != Open {
		return p, w, notOpen(op, w)
	}
	return p, w, nil
}

func notOpen(op string, w *Wave) error {
	if w == nil || w.State == Draft {
		return &Error{Kind: NotFound, Op: op, Key: "point.not_yet_open"}
	}
	return &Error{Kind: Gone, Op: op, Key: "wave.closed", Args: []any{w.ClosedAt}}
}

// prepare turns a submission into a response that may be stored.
func (in *Intake) prepare(c *Catalog, s Submission) (Response, error) {
	const op = "survey.Submit"
	if !uuidOK(s.ID) {
		return Response{}, Bad(op, "id", "response.id_not_uuid")
	}
	p, w, err := c.OpenPoint(s.Point)
	belated := err != nil && in.Belated && w != nil && w.State == Closed && s.SubmittedAt.Before(w.ClosedAt)
	if err != nil && !belated {
		return Response{}, err
	}
	inst := c.Instruments[w.Instrument]
	if inst == nil {
		return Response{}, &Error{Op: op, Err: fmt.Errorf("wave %s has unknown instrument %s", w.ID, w.Instrument)}
	}
	bad := in.checkFrame(c, s, w)
	check, state := inst.Check, Counted
	if s.Partial {
		check, state = inst.CheckPartial, Partial
	}
	if s.Instrument == w.Instrument {
		bad = append(bad, check(s.Answers, s.Respondent)...)
	}
	if len(bad) > 0 {
		return Response{}, &Error{Kind: Invalid, Op: op, Fields: bad}
	}
	r := Response{
		ID: strings.ToLower(s.ID), Wave: w.ID, Instrument: w.Instrument, Unit: p.Unit, Point: p.Code,
		Channel: p.Channel, Device: s.Device, DeviceSeq: s.DeviceSeq, Service: s.Service, Locale: s.Locale,
		StartedAt: s.StartedAt, SubmittedAt: s.SubmittedAt, ReceivedAt: in.Now(),
		Day: DayOf(s.SubmittedAt.In(in.Zone)), State: state, Trap: s.Trap, Belated: belated,
		Answers: inst.Sheet(s.Answers), Respondent: inst.Sheet(s.Respondent), Comment: s.Comment,
	}
	// A poster may hang longer than its unit stands: the response belongs to the
	// unit of its day, if the wave goes there too.
	if u := c.UnitOn(p.Unit, r.Day); u != p.Unit && w.Covers(c.Tree, u) {
		r.Unit = u
	}
	r.Digest = r.digest()
	return r, nil
}

// checkFrame checks all but the answers.
func (in *Intake) checkFrame(c *Catalog, s Submission, w *Wave) (bad []FieldError) {
	complain := func(field, key string, args ...any) { bad = append(bad, FieldError{field, key, args}) }
	if s.Instrument != w.Instrument {
		complain("instrument", "response.other_instrument", s.Instrument, w.Instrument)
	}
	bad = append(bad, checkDates(s, w, in.Now())...)
	if len(s.Locale) > longestWord || s.Locale == "" || strings.IndexFunc(s.Locale, notLocale) >= 0 {
		complain("locale", "response.bad_locale")
	}
	if _, ok := c.Services[s.Service]; s.Service != "" && !ok {
		complain("service", "response.unknown_service", s.Service)
	}
	if len(s.Device) > longestWord {
		complain("device", "response.bad_device")
	}
	if s.DeviceSeq < 0 || s.DeviceSeq > highestDeviceSeq || s.DeviceSeq > 0 && s.Device == "" {
		complain("device_seq", "response.bad_device_seq")
	}
	if key := CheckText(s.Comment); key != "" {
		complain("comment", key, LongestComment)
	}
	return bad
}

// checkDates checks when a submission was begun and sent, at now.
func checkDates(s Submission, w *Wave, now time.Time) (bad []FieldError) {
	complain := func(field, key string) { bad = append(bad, FieldError{field, key, nil}) }
	switch {
	case s.SubmittedAt.After(now.Add(clockSkew)):
		complain("submitted_at", "date.in_future")
	case s.SubmittedAt.Before(now.Add(-oldestAnswer)):
		complain("submitted_at", "date.too_old")
	case s.SubmittedAt.Before(w.OpenedAt.Add(-clockSkew)):
		complain("submitted_at", "date.before_wave")
	}
	switch d := s.SubmittedAt.Sub(s.StartedAt); {
	case d < 0:
		complain("started_at", "date.after_submission")
	case d > longestFill:
		complain("started_at", "date.too_old")
	}
	return bad
}

func notLocale(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-')
}

// uuidOK reports whether s is a UUID in the usual 8-4-4-4-12 hex form.
func uuidOK(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, c := range []byte(s) {
		if slices.Contains([]int{8, 13, 18, 23}, i) {
			if c != '-' {
				return false
			}
		} else if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F') {
			return false
		}
	}
	return true
}
