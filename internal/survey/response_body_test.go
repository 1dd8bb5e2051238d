package survey

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestResponseBody(t *testing.T) {
	at := time.Date(2026, 3, 2, 8, 14, 5, 250e6, time.FixedZone("", 7*3600))
	r := Response{
		Seq: 7, ID: "0192f0c1-7a4e-7c3b-8f2e-0a1b2c3d4e5f", Wave: "w", Unit: "u", Point: "UB7K2M", Instrument: "moha-2023@1",
		Locale: "vi", StartedAt: at, SubmittedAt: at.Add(time.Minute), State: Counted,
		Answers: `{"S34":5,"Q2":["tv"],"S35":null}`, Service: "1.004194", Comment: "Chờ \"lâu\"\n<b>",
	}
	want := map[string]any{
		"id": r.ID, "point": "UB7K2M", "instrument": "moha-2023@1", "locale": "vi",
		"started_at": "2026-03-02T08:14:05.25+07:00", "submitted_at": "2026-03-02T08:15:05.25+07:00",
		"answers":    map[string]any{"S34": 5.0, "Q2": []any{"tv"}, "S35": nil},
		"respondent": map[string]any{}, "service": "1.004194", "comment": "Chờ \"lâu\"\n<b>",
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(r.Body()), &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("Body (-want +got):\n%s", d)
	}
	if r.Answers = "broken"; r.Body() != "{}" {
		t.Errorf("Body of a broken sheet = %q", r.Body())
	}
}
