package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"sipas/internal/survey"
)

// Kept is one response out of a device's outbox file.
type Kept struct {
	Place int    // its place in the file, from 1
	ID    string // as far as it could be read
	Sub   survey.Submission
	Err   error // why it is no response; Sub is empty then
}

// Outbox reads the file that a kiosk writes of what the server refused:
//
//	{"sipas_outbox": 1, "device": "…", "exported_at": "…", "responses": [body, …]}
//
// A body is what POST /api/v1/responses takes. One that cannot be read has its
// Err and does not hold up the others. The error is of the file as a whole.
func Outbox(r io.Reader) ([]Kept, error) {
	const op = "importer.Outbox"
	bad := func(key string, args ...any) error {
		return &survey.Error{Kind: survey.Invalid, Op: op, Fields: []survey.FieldError{{Field: "sipas_outbox", Key: key, Args: args}}}
	}
	text, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", op, err)
	case len(text) > maxBytes:
		return nil, bad("import.too_large", maxBytes>>20)
	}
	var file struct {
		Version   int               `json:"sipas_outbox"`
		Responses []json.RawMessage `json:"responses"`
	}
	if err := json.Unmarshal(bytes.TrimPrefix(text, byteOrderMark), &file); err != nil {
		return nil, bad("import.outbox_not_json", err.Error())
	}
	if file.Version != 1 || file.Responses == nil {
		return nil, bad("import.outbox_other")
	}
	all := make([]Kept, len(file.Responses))
	for i, body := range file.Responses {
		all[i] = keptOf(body)
		all[i].Place = i + 1
	}
	return all, nil
}

// keptBody is a body as the contract has it.
type keptBody struct {
	ID          string              `json:"id"`
	Point       survey.PointCode    `json:"point"`
	Instrument  survey.InstrumentID `json:"instrument"`
	Locale      string              `json:"locale"`
	Device      string              `json:"device"`
	DeviceSeq   int64               `json:"device_seq"`
	Partial     bool                `json:"partial"`
	StartedAt   time.Time           `json:"started_at"`
	SubmittedAt time.Time           `json:"submitted_at"`
	Answers     map[string]any      `json:"answers"`
	Respondent  map[string]any      `json:"respondent"`
	Service     survey.ServiceCode  `json:"service"`
	Comment     string              `json:"comment"`
}

func keptOf(body json.RawMessage) Kept {
	var k Kept
	var named struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(body, &named) // whatever else is wrong is said below
	k.ID = named.ID
	var b keptBody
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	dec.UseNumber()
	if k.Err = dec.Decode(&b); k.Err != nil {
		return k
	}
	sub := survey.Submission{
		ID: b.ID, Point: b.Point, Instrument: b.Instrument, Locale: b.Locale, Device: b.Device, DeviceSeq: b.DeviceSeq,
		Partial: b.Partial, StartedAt: b.StartedAt, SubmittedAt: b.SubmittedAt, Service: b.Service, Comment: b.Comment,
	}
	var e1, e2 error
	sub.Answers, e1 = answersOf(b.Answers)
	sub.Respondent, e2 = answersOf(b.Respondent)
	if k.Err = errors.Join(e1, e2); k.Err == nil {
		k.Sub = sub
	}
	return k
}

func answersOf(given map[string]any) (survey.Answers, error) {
	all := make(survey.Answers, len(given))
	for item, v := range given {
		a, ok := answerOf(v)
		if !ok {
			return nil, fmt.Errorf("%s: %v is no answer", item, v)
		}
		all[survey.ItemCode(item)] = a
	}
	return all, nil
}

func answerOf(v any) (survey.Answer, bool) {
	switch v := v.(type) {
	case nil:
		return survey.Skip(), true
	case string:
		return survey.Value(v), true
	case json.Number:
		return survey.Score(v.String()), !strings.ContainsAny(v.String(), ".eE") && v.String() != "-0"
	case []any:
		words := make([]string, len(v))
		for i, w := range v {
			word, ok := w.(string)
			if !ok {
				return survey.Answer{}, false
			}
			words[i] = word
		}
		return survey.Several(words...), true
	}
	return survey.Answer{}, false
}
