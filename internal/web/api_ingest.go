package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

// mostInBatch bounds a batch.
const mostInBatch = 500

// accepted is what a client learns about a stored response: the same object
// the first time and at every replay.
type accepted struct {
	ID         string         `json:"id"`
	Receipt    survey.Receipt `json:"receipt"`
	ReceivedAt time.Time      `json:"received_at"`
	State      survey.State   `json:"state"`
}

func (s *server) accepted(a survey.Accepted) accepted {
	return accepted{a.ID, a.Receipt, a.ReceivedAt.In(s.Zone).Truncate(time.Millisecond), a.State}
}

// acceptedStatus tells a first time from a replay.
func acceptedStatus(a survey.Accepted) int {
	if a.Replayed {
		return fiber.StatusOK
	}
	return fiber.StatusCreated
}

// bodyLang is where a request keeps the language of its body, for a client
// that sends no Accept-Language.
type bodyLang struct{}

// postResponse answers POST /api/v1/responses.
func (s *server) postResponse(c *fiber.Ctx) error {
	body, err := jsonBody(c, pageBody)
	if err != nil {
		return err
	}
	sub, err := decodeSubmission(body)
	defer forget(sub)
	c.Locals(bodyLang{}, sub.Locale)
	if err := s.admit(c, []survey.PointCode{sub.Point}, c.Get(headerProof)); err != nil {
		return err
	}
	if err == nil {
		err = vouch(c, sub)
	}
	if err != nil {
		s.took(sub, survey.Result{Err: err})
		return err
	}
	a, err := s.Intake.Submit(c.UserContext(), sub)
	s.took(sub, survey.Result{Accepted: a, Err: err})
	if err != nil {
		return err
	}
	return sendJSON(c, acceptedStatus(a), s.accepted(a))
}

// batchResult is what became of one response of a batch.
type batchResult struct {
	ID         string         `json:"id"`
	Status     int            `json:"status"` // what POST /responses would have answered
	Receipt    survey.Receipt `json:"receipt,omitempty"`
	ReceivedAt *time.Time     `json:"received_at,omitempty"`
	State      survey.State   `json:"state,omitempty"`
	Problem    *problem       `json:"problem,omitempty"`
}

// postBatch answers POST /api/v1/responses/batch: {"responses": [...]} in,
// {"results": [...]} out, in the same order. Each response stands for itself.
func (s *server) postBatch(c *fiber.Ctx) error {
	body, err := jsonBody(c, batchBody)
	if err != nil {
		return err
	}
	raw, err := splitBatch(body)
	if err != nil {
		return err
	}
	results := make([]survey.Result, len(raw))
	all, subs := make([]survey.Submission, len(raw)), make([]survey.Submission, 0, len(raw))
	points := make([]survey.PointCode, len(raw))
	ids, at := make([]string, len(raw)), make([]int, 0, len(raw))
	for i, b := range raw {
		sub, err := decodeSubmission(b)
		ids[i], all[i], points[i] = cut(sub.ID), sub, sub.Point
		if len(b) > pageBody {
			err = &survey.Error{Kind: survey.TooLarge, Op: "web.postBatch"}
		}
		if err == nil {
			err = vouch(c, sub)
		}
		if err != nil {
			results[i].Err = err
			continue
		}
		subs, at = append(subs, sub), append(at, i)
	}
	if err := s.admit(c, points, c.Get(headerProof)); err != nil {
		return err
	}
	for j, r := range s.Intake.SubmitAll(c.UserContext(), subs) {
		results[at[j]] = r
	}
	out := make([]batchResult, len(raw))
	for i, r := range results {
		s.took(all[i], r)
		out[i] = s.batchResult(c, ids[i], r)
	}
	return sendJSON(c, fiber.StatusOK, struct {
		Results []batchResult `json:"results"`
	}{out})
}

func (s *server) batchResult(c *fiber.Ctx, id string, r survey.Result) batchResult {
	if r.Err != nil {
		e, status := errorOf(r.Err)
		if status >= 500 {
			s.Log.ErrorContext(c.UserContext(), "response of a batch failed", "status", status, "err", r.Err)
		}
		p := s.problem(s.printer(c), e, status)
		return batchResult{ID: id, Status: status, Problem: &p}
	}
	a := s.accepted(r.Accepted)
	return batchResult{ID: a.ID, Status: acceptedStatus(r.Accepted), Receipt: a.Receipt, ReceivedAt: &a.ReceivedAt, State: a.State}
}

// splitBatch returns the responses of a batch, each as it was written. What is
// wrong inside one of them is its own affair, so this is not strict about it.
func splitBatch(body []byte) ([]jsontext.Value, error) {
	const op = "web.splitBatch"
	malformed := func(err error) error { return &survey.Error{Kind: survey.Malformed, Op: op, Err: err} }
	dec := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if dec.PeekKind() != '{' {
		if _, err := dec.ReadValue(); err != nil {
			return nil, malformed(err)
		}
		return nil, &survey.Error{Kind: survey.Malformed, Op: op, Fields: []survey.FieldError{{Key: "json.not_object"}}}
	}
	var raw []jsontext.Value
	var bad []survey.FieldError
	r := reader{dec: dec}
	seen := false
	err := r.object(func(name string) error {
		if name != "responses" || seen || dec.PeekKind() != '[' {
			bad = append(bad, survey.FieldError{Field: cut(name), Key: batchFault(name, seen), Args: []any{cut(name)}})
			_, err := dec.ReadValue()
			return err
		}
		seen = true
		var err error
		raw, err = elements(dec)
		return err
	})
	if err == nil {
		if _, err = dec.ReadToken(); errors.Is(err, io.EOF) {
			err = nil
		} else if err == nil {
			err = errors.New("more than one value")
		}
	}
	switch {
	case err != nil:
		return nil, malformed(err)
	case len(bad) == 0 && !seen:
		bad = append(bad, survey.FieldError{Field: "responses", Key: "value.missing"})
	case len(raw) > mostInBatch:
		bad = append(bad, survey.FieldError{Field: "responses", Key: "json.too_many", Args: []any{mostInBatch}})
	}
	if len(bad) > 0 {
		return nil, &survey.Error{Kind: survey.Invalid, Op: op, Fields: bad}
	}
	return raw, nil
}

func batchFault(name string, seen bool) string {
	switch {
	case name != "responses":
		return "json.unknown_field"
	case seen:
		return "json.duplicate"
	}
	return "json.wrong_kind.array"
}

// elements returns the values of the list that comes next, and one more than a
// batch may have when there are too many.
func elements(dec *jsontext.Decoder) ([]jsontext.Value, error) {
	if _, err := dec.ReadToken(); err != nil {
		return nil, err
	}
	var raw []jsontext.Value
	for dec.PeekKind() != ']' {
		v, err := dec.ReadValue()
		if err != nil {
			return nil, err
		}
		if len(raw) <= mostInBatch {
			raw = append(raw, v.Clone())
		}
	}
	_, err := dec.ReadToken()
	return raw, err
}

// sendJSON answers with v. Nothing that the API says may be kept in a cache,
// unless the handler has said otherwise.
func sendJSON(c *fiber.Ctx, status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if c.GetRespHeader(fiber.HeaderCacheControl) == "" {
		c.Set(fiber.HeaderCacheControl, "no-store")
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Status(status).Send(b)
}
