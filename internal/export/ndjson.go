package export

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"sipas/internal/survey"
)

// ndjsonWriter writes one JSON object a response, with the field names of the
// CSV and of the API. Answers are as stored: a skipped question is null, one
// that was not answered is not there.
type ndjsonWriter struct {
	stamp *stamper
	tree  *survey.Tree
}

func (w *ndjsonWriter) names() []string {
	names := slices.Insert(slices.Clone(fixedColumns), slices.Index(fixedColumns, "device")+1, "device_seq")
	return append(names, "respondent", "answers", "comment")
}

func (w *ndjsonWriter) head(b []byte) []byte { return b }

func (w *ndjsonWriter) row(b []byte, r *survey.Response) ([]byte, error) {
	unit, _ := w.tree.Unit(r.Unit)
	b = strconv.AppendInt(append(b, `{"seq":`...), r.Seq, 10)
	for _, f := range [...]struct{ name, value string }{
		{"id", r.ID},
		{"wave", string(r.Wave)},
		{"instrument", string(r.Instrument)},
		{"unit", string(r.Unit)},
		{"unit_name", unit.Name},
		{"point", string(r.Point)},
		{"channel", string(r.Channel)},
		{"device", r.Device},
	} {
		b = appendField(b, f.name, f.value)
	}
	b = append(b, `,"device_seq":`...)
	if r.DeviceSeq == 0 {
		b = append(b, "null"...)
	} else {
		b = strconv.AppendInt(b, r.DeviceSeq, 10)
	}
	for _, f := range [...]struct{ name, value string }{
		{"service", string(r.Service)},
		{"locale", r.Locale},
	} {
		b = appendField(b, f.name, f.value)
	}
	b = w.appendTime(b, "started_at", r.StartedAt)
	b = w.appendTime(b, "submitted_at", r.SubmittedAt)
	b = w.appendTime(b, "received_at", r.ReceivedAt)
	b = appendField(b, "state", string(r.State))
	b = append(b, `,"reasons":[`...)
	for i, reason := range r.Reasons { // codes: nothing to escape
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), reason...), '"')
	}
	b = append(b, ']')
	for _, s := range []survey.Sheet{r.Respondent, r.Answers} {
		if len(s) < 2 || s[0] != '{' || s[len(s)-1] != '}' { // Instrument.Sheet wrote it; this is against an empty column
			return b, fmt.Errorf("response %d: its answers are not JSON", r.Seq)
		}
	}
	b = append(append(b, `,"respondent":`...), r.Respondent...)
	b = append(append(b, `,"answers":`...), r.Answers...)
	b = appendField(b, "comment", r.Comment)
	return append(b, "}\n"...), nil
}

func (w *ndjsonWriter) appendTime(b []byte, name string, t time.Time) []byte {
	b = append(append(append(b, `,"`...), name...), `":`...)
	if t.IsZero() {
		return append(b, "null"...)
	}
	return append(w.stamp.append(append(b, '"'), t), '"')
}

// appendField writes a text; one without characters to escape takes the short way.
func appendField(b []byte, name, s string) []byte {
	b = append(append(append(b, `,"`...), name...), `":`...)
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(s) // a string always marshals
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
