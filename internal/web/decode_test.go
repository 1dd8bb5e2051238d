package web

import (
	"encoding/json"
	"errors"
	"strings"
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
		sub, err := decodeStrictly(body)
		if quick, ok := decodePlain(body); ok {
			if diff := cmp.Diff(sub, quick); err != nil || diff != "" {
				t.Fatalf("%q: the short way takes it, the strict one: %v\n%s", body, err, diff)
			}
		}
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

// What forms, kiosks and other programs send goes the short way; what only the
// strict reader may judge does not.
func TestDecodePlain(t *testing.T) {
	const good = `{"id":"0192f0c1-7a4e-7c3b-8f2e-0a1b2c3d4e5f","point":"UB7K2M","instrument":"moha-2023@1","locale":"vi",` +
		`"started_at":"2026-03-02T08:14:05+07:00","submitted_at":"2026-03-02T08:19:40.25Z","answers":{"P01":4,"Q2":["tv","internet"],"M":[],"W":"Nhanh, gọn","S34":null,"N":-12,"Z":0},` +
		`"respondent":{"gender":"f"},"service":null,"comment":"Tốt","device":"d1","device_seq":17,"partial":true}`
	for _, c := range []struct {
		old, new string
		plain    bool
	}{
		{"", "", true},
		{`,"answers"`, " ,\n\t\r \"answers\"", true},
		{`"partial":true`, `"partial":false`, true},
		{`"partial":true`, `"partial":null`, true},
		{`"device_seq":17`, `"device_seq":null`, true},
		{`"respondent":{"gender":"f"},`, ``, true},
		{`Tốt`, `T\u1ed1t`, false},
		{`Tốt`, "T\xff", false},
		{`Tốt`, "T\x01", false},
		{`"P01":4`, `"P01":4,"P01":4`, false},
		{`"P01":4`, `"P01":04`, false},
		{`"P01":4`, `"P01":-0`, false},
		{`"P01":4`, `"P01":-`, false},
		{`"P01":4`, `"P01":4.0`, false},
		{`"P01":4`, `"P01":true`, false},
		{`"P01":4`, `"P01":4,`, false},
		{`["tv","internet"]`, `["tv",]`, false},
		{`["tv","internet"]`, `["tv",1]`, false},
		{`"locale":"vi"`, `"locale":"vi","locale":"vi"`, false},
		{`"locale":"vi"`, `"locale":""`, false},
		{`"locale":"vi"`, `"Locale":"vi"`, false},
		{`"locale":"vi",`, ``, false},
		{`08:14:05`, `25:14:05`, false},
		{`"device_seq":17`, `"device_seq":0`, false},
		{`"device_seq":17`, `"device_seq":9007199254740993`, false},
		{`"partial":true`, `"partial":1`, false},
		{`"partial":true}`, `"partial":true`, false},
		{`"partial":true}`, `"partial":true}}`, false},
		{`"partial":true}`, `"partial":true,"more":1}`, false},
	} {
		body := []byte(strings.Replace(good, c.old, c.new, 1))
		quick, ok := decodePlain(body)
		strict, err := decodeStrictly(body)
		if ok != c.plain || ok && err != nil {
			t.Errorf("%s: taken %v, want %v; the strict reader says %v", body, ok, c.plain, err)
		}
		if diff := cmp.Diff(strict, quick); ok && diff != "" {
			t.Errorf("%s: the short way (+) reads otherwise:\n%s", body, diff)
		}
	}
}

// Answers given back are empty when the next response is read into them.
func TestForgetLeavesNothing(t *testing.T) {
	body := func(answers string) []byte {
		return []byte(`{"id":"a","point":"b","instrument":"c","locale":"vi","started_at":"2026-03-02T08:14:05Z","submitted_at":"2026-03-02T08:14:05Z","answers":` + answers + `}`)
	}
	for range 100 {
		first, ok := decodePlain(body(`{"A":1,"B":2}`))
		if !ok || len(first.Answers) != 2 {
			t.Fatalf("read %v %v, want two answers", ok, first.Answers)
		}
		forget(first)
		if second, ok := decodePlain(body(`{"C":3}`)); !ok || len(second.Answers) != 1 {
			t.Fatalf("read %v %v after forgetting, want one answer", ok, second.Answers)
		}
	}
}

// BenchmarkDecode reads a whole questionnaire of some sixty answers.
func BenchmarkDecode(b *testing.B) {
	s := survey.Submission{
		ID: "0192f0c1-7a4e-7c3b-8f2e-0a1b2c3d4e5f", Point: "UB7K2M", Instrument: "moha-2023@1", Locale: "vi", Comment: "Tốt",
		StartedAt: time.Unix(1772414000, 0), SubmittedAt: time.Unix(1772414200, 0), Answers: survey.Answers{}, Respondent: survey.Answers{"gender": survey.Value("f")},
	}
	for i := range 60 {
		s.Answers[survey.ItemCode("S"+string(rune('A'+i/10))+string(rune('0'+i%10)))] = survey.Score("4")
	}
	body := encode(b, s)
	for name, decode := range map[string]func([]byte) (survey.Submission, error){"as taken": decodeSubmission, "strict": decodeStrictly} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sub, err := decode(body)
				if err != nil {
					b.Fatal(err)
				}
				forget(sub)
			}
		})
	}
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
