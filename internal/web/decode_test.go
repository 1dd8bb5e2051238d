package web

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/survey"
)

// encode writes a submission as the contract has it.
func encode(t testing.TB, s survey.Submission) []byte {
	t.Helper()
	values := func(given survey.Answers) map[string]any {
		if given == nil {
			return nil
		}
		out := map[string]any{}
		for code, a := range given {
			switch {
			case a.Skipped:
				out[string(code)] = nil
			case a.Number:
				out[string(code)] = json.RawMessage(a.Values[0])
			case a.List:
				out[string(code)] = a.Values
			default:
				out[string(code)] = a.Values[0]
			}
		}
		return out
	}
	b, err := json.Marshal(map[string]any{
		"id": s.ID, "point": s.Point, "instrument": s.Instrument, "locale": s.Locale,
		"started_at": s.StartedAt.Format(time.RFC3339Nano), "submitted_at": s.SubmittedAt.Format(time.RFC3339Nano),
		"answers": values(s.Answers), "respondent": values(s.Respondent), "service": s.Service, "comment": s.Comment,
		"device": s.Device, "device_seq": orNull(s.DeviceSeq), "partial": s.Partial,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// orNull is a number, or nothing for zero.
func orNull(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// Whatever comes in, the decoder neither panics nor fails in a way that is not
// the sender's fault; and what it takes, written again, is taken as the same.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"id":"0192f0c1-7a4e-7c3b-8f2e-0a1b2c3d4e5f","point":"UB7K2M","instrument":"moha-2023@1","locale":"vi","started_at":"2026-03-02T08:14:05+07:00","submitted_at":"2026-03-02T08:19:40.25Z","answers":{"P01":4,"Q2":["tv","internet"],"W":"a","S34":null},"respondent":{"gender":"f"},"service":"1.004194","comment":"…"}`,
		`{"device":"d1","device_seq":17,"partial":true}`, `{"device_seq":0,"partial":"x","device":7}`, `{"device_seq":1e3,"partial":null}`,
		`{"answers":{"a":{"b":[[[[[[[[[]]]]]]]]]}}}`, `{"a":1,"a":2}`, `{"comment":"\ud800"}`, `[`, `{"answers":[{}]}`, "\xff", `{"id":null}`,
		`{"answers":{"a":-0,"b":1e5,"c":0.5,"d":[1,"2",[3]],"":""}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		sub, err := decodeSubmission(body)
		if err != nil {
			e, ok := errors.AsType[*survey.Error](err)
			if !ok || e.Kind != survey.Malformed && e.Kind != survey.Invalid {
				t.Fatalf("%q: %v", body, err)
			}
			for _, fault := range e.Fields {
				if fault.Key == "" || len(fault.Field) > 600 {
					t.Fatalf("%q: fault %+v", body, fault)
				}
			}
			return
		}
		again, err := decodeSubmission(encode(t, sub))
		if err != nil {
			t.Fatalf("%q: taken, but not when written again: %v", body, err)
		}
		if diff := cmp.Diff(sub, again); diff != "" {
			t.Fatalf("%q: reads differently when written again:\n%s", body, diff)
		}
	})
}

func TestWithinStaysHere(t *testing.T) {
	for next, want := range map[string]string{
		"": "/app", "/app": "/app", "/app/waves?x=1": "/app/waves?x=1", "//evil.example/app": "/app", "https://evil.example/app": "/app",
		"/app\\evil": "/app", "/apple": "/app", "/login": "/app", "/app/../../evil": "/app", "javascript:alert(1)": "/app", "/app?q=%0d%0aX": "/app?q=%0d%0aX",
	} {
		if got := within(next); got != want {
			t.Errorf("within(%q) = %q, want %q", next, got, want)
		}
	}
}
