package web

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/challenge"
	"sipas/internal/locale"
	"sipas/internal/survey"
	"sipas/static"
)

// headerProof carries a proof of work with a response; in a form it is the
// field of the same widget.
const (
	headerProof = "X-Proof"
	fieldProof  = "altcha"
)

// suspicion is a TooMany that a proof of work takes away. One proof lets one
// response for the same point through.
type suspicion struct {
	cause     error
	challenge challenge.Challenge
}

func (e *suspicion) Error() string { return e.cause.Error() }
func (e *suspicion) Unwrap() error { return e.cause }

// Levels of work: a phone does little in a second. Who goes on and on, or sends
// to a point that somebody floods, is asked for eight times as much.
const (
	littleWork = 0
	muchWork   = 1
)

// askWork asks for a proof.
func (s *server) askWork(point survey.PointCode, source string, now time.Time, wait time.Duration) error {
	cause := tooMany(wait)
	if point == "" {
		return cause
	}
	level := littleWork
	if taken, ok := s.takeWorked(point, source, now); ok {
		taken()
	} else {
		level = muchWork
	}
	c, err := s.gate.issuer.Challenge(string(point), level, now)
	if err != nil {
		return errors.Join(cause, err)
	}
	return &suspicion{cause, c}
}

// worked reports whether a proof is good now. Proofs of little work are good
// for so many responses only.
func (s *server) worked(proof string, point survey.PointCode, source string, now time.Time) bool {
	if proof == "" || point == "" {
		return false
	}
	level, err := s.gate.issuer.Redeem(proof, string(point), now)
	s.Metrics.proof(err)
	if err != nil {
		return false
	}
	if level >= muchWork {
		return true
	}
	_, ok := s.takeWorked(point, source, now)
	return ok
}

// takeWorked counts a proof of little work by point and by source; ok is false
// when there were too many. giveBack takes the count off again.
func (s *server) takeWorked(point survey.PointCode, source string, now time.Time) (giveBack func(), ok bool) {
	wait, ofPoint := s.gate.worked.Take("point "+string(point), 1, now)
	if wait > 0 {
		return nil, false
	}
	wait, ofSource := s.gate.worked.Take("address "+source, 1, now)
	if wait > 0 {
		ofPoint()
		return nil, false
	}
	return func() { ofPoint(); ofSource() }, true
}

// widget is what a page needs to let the machine search: the script that shows
// it, and its words. Programs leave it alone.
type widget struct {
	Script string            `json:"script"`
	Words  map[string]string `json:"words"`
}

// widgetWords are the messages that the widget shows, by its own names for them.
var widgetWords = map[string]string{
	"label": "fair.label", "verify": "fair.label", "verifying": "fair.verifying", "waitAlert": "fair.verifying",
	"verified": "fair.verified", "error": "fair.error", "expired": "fair.expired", "loading": "fair.verifying",
	"verificationRequired": "fair.required", "reload": "fair.again", "cancel": "fair.cancel",
	"why": "fair.why", "failed": "fair.failed",
}

func newWidget(p locale.Printer) *widget {
	w := widget{Script: static.URL("js/proof.js"), Words: map[string]string{}}
	for name, key := range widgetWords {
		w.Words[name] = p.T(key)
	}
	return &w
}

// proofForm is the widget inside a page of the form.
type proofForm struct{ Script, Challenge, Words string }

// newProofForm makes the widget of a page when err is a suspicion.
func newProofForm(p locale.Printer, err error) (*proofForm, error) {
	sus, ok := errors.AsType[*suspicion](err)
	if !ok {
		return nil, nil
	}
	w := newWidget(p)
	asked, err := json.Marshal(sus.challenge)
	if err != nil {
		return nil, err
	}
	words, err := json.Marshal(w.Words)
	if err != nil {
		return nil, err
	}
	return &proofForm{w.Script, string(asked), string(words)}, nil
}

// waiting says to a citizen that there are too many right now: wait so long,
// and send again.
func (s *server) waiting(c *fiber.Ctx, m *meeting, b *ballot, err error) error {
	e, status := errorOf(err)
	seconds := retryAfter(e)
	c.Set(fiber.HeaderRetryAfter, seconds)
	proof, err := newProofForm(m.Printer, err)
	if err != nil {
		return err
	}
	return s.renderForm(c, m, b, status, nil, trouble{m.T("fair.wait", seconds), proof})
}
