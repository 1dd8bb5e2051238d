package survey

import (
	"encoding/json"
	"time"
)

// Body writes r as the contract's request, the way a client would send it.
// What the server added to it is left out.
func (r *Response) Body() string {
	body, err := json.Marshal(struct {
		ID          string          `json:"id"`
		Point       PointCode       `json:"point"`
		Instrument  InstrumentID    `json:"instrument"`
		Locale      string          `json:"locale"`
		Device      string          `json:"device,omitempty"`
		DeviceSeq   int64           `json:"device_seq,omitempty"`
		Partial     bool            `json:"partial,omitempty"`
		StartedAt   string          `json:"started_at"`
		SubmittedAt string          `json:"submitted_at"`
		Answers     json.RawMessage `json:"answers"`
		Respondent  json.RawMessage `json:"respondent"`
		Service     ServiceCode     `json:"service,omitempty"`
		Comment     string          `json:"comment,omitempty"`
	}{
		r.ID, r.Point, r.Instrument, r.Locale, r.Device, r.DeviceSeq, r.State == Partial,
		r.StartedAt.Format(time.RFC3339Nano), r.SubmittedAt.Format(time.RFC3339Nano),
		r.Answers.raw(), r.Respondent.raw(), r.Service, r.Comment,
	})
	if err != nil { // only a sheet that Instrument.Sheet did not write
		return "{}"
	}
	return string(body)
}

func (s Sheet) raw() json.RawMessage {
	if s == "" {
		return json.RawMessage("{}")
	}
	return json.RawMessage(s)
}
