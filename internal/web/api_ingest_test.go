package web_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/survey"
	"sipas/internal/web"
)

const jsonType = "application/json"

// response is a good one; edit changes its fields, nil takes one out.
func response(id int, edit map[string]any) string {
	body := map[string]any{
		"id": fmt.Sprintf("0192f0c1-7a4e-7c3b-8f2e-%012d", id), "point": "AAAAAA", "instrument": "short@1", "locale": "vi",
		"started_at": "2026-03-02T08:14:05+07:00", "submitted_at": "2026-03-02T08:19:40+07:00",
		"answers": map[string]any{"S1": 4, "S2": 2, "WHY": []string{"slow"}}, "respondent": map[string]any{"gender": "f"},
		"service": "1.004194", "comment": "Nhanh, gọn.",
	}
	for k, v := range edit {
		if v == nil {
			delete(body, k)
		} else {
			body[k] = v
		}
	}
	b, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// withAnswers puts raw JSON in the place of the answers, for what no encoder writes.
func withAnswers(rawAnswers string) string {
	return strings.Replace(response(1, map[string]any{"answers": "HERE"}), `"HERE"`, rawAnswers, 1)
}

type badInput struct {
	name, body string
	status     int
	want       string // in the body
}

// badInputs is every kind of bad input that the program is asked to survive.
func badInputs() []badInput {
	many := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `"X%d":1,`, i)
		}
		return "{" + strings.TrimSuffix(b.String(), ",") + "}"
	}
	ans := func(a map[string]any) string { return response(1, map[string]any{"answers": a}) }
	return []badInput{
		{"nothing", "", 400, "urn:sipas:problem:malformed"},
		{"garbage", "\x00\x01\xff garbage", 400, "malformed"},
		{"half a body", response(1, nil)[:60], 400, "malformed"},
		{"two bodies", response(1, nil) + response(2, nil), 400, "malformed"},
		{"a byte order mark", "\ufeff" + response(1, nil), 400, "malformed"},
		{"a list", "[" + response(1, nil) + "]", 400, "json.not_object"},
		{"a string", `"x"`, 400, "json.not_object"},
		{"deeply nested", withAnswers(strings.Repeat("[", 50) + strings.Repeat("]", 50)), 400, `"field":"answers`},
		{"as deep as the body is long", strings.Repeat("[", 60_000), 400, "malformed"},
		{"deeply nested elsewhere", response(1, map[string]any{"extra": json.RawMessage(strings.Repeat(`{"a":`, 20) + "1" + strings.Repeat("}", 20))}), 400, "json.too_deep"},
		{"not UTF-8", strings.Replace(response(1, nil), "gọn", "g\xffn", 1), 400, `"field":"comment","key":"json.not_utf8"`},
		{"half of a surrogate pair", strings.Replace(response(1, nil), "gọn", `\ud800`, 1), 400, `"field":"comment","key":"json.not_utf8"`},
		{"a name twice", strings.Replace(response(1, nil), `"locale":"vi"`, `"locale":"vi","locale":"en"`, 1), 400, `"field":"locale","key":"json.duplicate"`},
		{"an answer twice", withAnswers(`{"S1":4,"S1":5}`), 400, `"field":"answers.S1","key":"json.duplicate"`},
		{"NUL in the comment", response(1, map[string]any{"comment": "a\x00b"}), 422, `"field":"comment","key":"text.control_character"`},
		{"NUL in an answer", ans(map[string]any{"W": "a\x00b"}), 422, `"field":"answers.W","key":"text.control_character"`},
		{"NUL in the point", response(1, map[string]any{"point": "AAAA\x00A"}), 422, `"field":"point","key":"text.control_character"`},
		{"a control character", ans(map[string]any{"W": "a\x07b"}), 422, `"field":"answers.W","key":"text.control_character"`},
		{"too large", response(1, map[string]any{"comment": strings.Repeat("x", 65<<10)}), 413, "too-large"},
		{"a long comment", response(1, map[string]any{"comment": strings.Repeat("x", 2001)}), 422, `"field":"comment","key":"text.too_long"`},
		{"a number out of range", ans(map[string]any{"S1": 6}), 422, `"field":"answers.S1","key":"answer.not_an_option"`},
		{"a huge number", withAnswers(`{"S1":` + strings.Repeat("9", 400) + `}`), 422, `"field":"answers.S1","key":"number.not_whole"`},
		{"a negative number", ans(map[string]any{"S1": -4}), 422, `"field":"answers.S1","key":"answer.not_an_option"`},
		{"a fraction", withAnswers(`{"S1":4.5}`), 422, `"field":"answers.S1","key":"number.not_whole"`},
		{"a whole fraction", withAnswers(`{"S1":4.0}`), 422, `"field":"answers.S1","key":"number.not_whole"`},
		{"an exponent", withAnswers(`{"S1":4e0}`), 422, `"field":"answers.S1","key":"number.not_whole"`},
		{"minus nothing", withAnswers(`{"S1":-0}`), 422, `"field":"answers.S1","key":"number.not_whole"`},
		{"a number as a word", ans(map[string]any{"S1": "4"}), 422, `"field":"answers.S1","key":"answer.wrong_kind.scale"`},
		{"a truth", ans(map[string]any{"S1": true}), 422, `"field":"answers.S1","key":"json.wrong_kind.answer"`},
		{"an object", ans(map[string]any{"S1": map[string]any{}}), 422, `"field":"answers.S1","key":"json.wrong_kind.answer"`},
		{"one of several as a word", ans(map[string]any{"S1": 1, "WHY": "slow"}), 422, `"field":"answers.WHY","key":"answer.wrong_kind.many"`},
		{"numbers in a list", ans(map[string]any{"S1": 1, "WHY": []int{1}}), 422, `"field":"answers.WHY","key":"json.wrong_kind.answer"`},
		{"the same choice twice", ans(map[string]any{"S1": 1, "WHY": []string{"slow", "slow"}}), 422, `"field":"answers.WHY","key":"answer.repeated"`},
		{"a long list", ans(map[string]any{"S1": 1, "WHY": make([]string, 65)}), 422, `"field":"answers.WHY","key":"json.too_many"`},
		{"10,000 answers", withAnswers(many(5_000)), 422, `"field":"answers","key":"json.too_many"`},
		{"an unknown item", ans(map[string]any{"S99": 4}), 422, `"field":"answers.S99","key":"answer.unknown_item"`},
		{"an item with a long name", ans(map[string]any{strings.Repeat("S", 65): 4}), 422, `"key":"value.too_long"`},
		{"an item about the respondent", ans(map[string]any{"gender": "f"}), 422, `"field":"answers.gender","key":"answer.unknown_item"`},
		{"a hidden item", ans(map[string]any{"S1": 5, "S2": 5, "WHY": []string{"slow"}}), 422, `"field":"answers.WHY","key":"answer.hidden"`},
		{"another instrument", response(1, map[string]any{"instrument": "other@1"}), 422, `"field":"instrument","key":"response.other_instrument"`},
		{"answers missing", response(1, map[string]any{"answers": nil}), 422, `"field":"answers","key":"value.missing"`},
		{"answers as a list", response(1, map[string]any{"answers": []int{1}}), 422, `"field":"answers","key":"json.wrong_kind.object"`},
		{"no id", response(1, map[string]any{"id": nil}), 422, `"field":"id","key":"value.missing"`},
		{"no UUID", response(1, map[string]any{"id": "7"}), 422, `"field":"id","key":"response.id_not_uuid"`},
		{"a number as id", response(1, map[string]any{"id": 7}), 422, `"field":"id","key":"json.wrong_kind.string"`},
		{"a long id", response(1, map[string]any{"id": strings.Repeat("a", 65)}), 422, `"field":"id","key":"value.too_long"`},
		{"an unknown field", response(1, map[string]any{"name": "An"}), 422, `"field":"name","key":"json.unknown_field"`},
		{"a bad date", response(1, map[string]any{"submitted_at": "2026-02-30T00:00:00Z"}), 422, `"field":"submitted_at","key":"time.bad"`},
		{"a date without offset", response(1, map[string]any{"submitted_at": "2026-03-02T08:19:40"}), 422, `"field":"submitted_at","key":"time.bad"`},
		{"the far future", response(1, map[string]any{"submitted_at": "9999-01-01T00:00:00Z"}), 422, `"field":"submitted_at","key":"date.in_future"`},
		{"before the wave opened", response(1, map[string]any{"submitted_at": "2026-01-15T00:00:00Z", "started_at": "2026-01-15T00:00:00Z"}), 422, `"field":"submitted_at","key":"date.before_wave"`},
		{"the far past", response(1, map[string]any{"submitted_at": "1970-01-01T00:00:00Z", "started_at": "1970-01-01T00:00:00Z"}), 422, `"field":"submitted_at","key":"date.too_old"`},
		{"started after it was sent", response(1, map[string]any{"started_at": "2026-03-02T08:19:41+07:00"}), 422, `"field":"started_at","key":"date.after_submission"`},
		{"a bad locale", response(1, map[string]any{"locale": "v i"}), 422, `"field":"locale","key":"response.bad_locale"`},
		{"an unknown service", response(1, map[string]any{"service": "9.9"}), 422, `"field":"service","key":"response.unknown_service"`},
		{"an unknown point", response(1, map[string]any{"point": "ZZZZZZ"}), 404, "urn:sipas:problem:not-found"},
		{"a closed wave", response(1, map[string]any{"point": "CCCCCC"}), 410, "01/03/2026"},
		{"a draft", response(1, map[string]any{"point": "DDDDDD"}), 404, "chưa mở"},
	}
}

// stored counts the responses that a site holds.
func (s *site) stored(t testing.TB) (n int) {
	t.Helper()
	must(t, s.store.EachResponse(t.Context(), survey.Filter{}, 0, 1000, func(*survey.Response) error { n++; return nil }))
	return n
}

func TestBadInput(t *testing.T) {
	s := newSite(t)
	for _, c := range badInputs() {
		t.Run(c.name, func(t *testing.T) {
			a := s.ask(t, "POST", "/api/v1/responses", c.body, "Content-Type", jsonType, "Accept-Language", "vi")
			if a.status != c.status || !strings.Contains(a.body, c.want) {
				t.Errorf("status %d, want %d with %q:\n%s", a.status, c.status, c.want, a.body)
			}
			if got := a.header.Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("Content-Type %q", got)
			}
			if strings.Contains(a.body, "⟦") || len(a.body) > 32<<10 {
				t.Errorf("%d bytes:\n%.600s", len(a.body), a.body)
			}
			// In a batch each gets the same, and does not hold up its neighbour.
			b := s.ask(t, "POST", "/api/v1/responses/batch", `{"responses":[`+c.body+`]}`, "Content-Type", jsonType)
			switch {
			case c.body == "" || c.status == 400 && b.status == 400: // broken so that nothing can be told apart
			case b.status != 200 || !strings.Contains(b.body, fmt.Sprintf(`"status":%d`, c.status)):
				t.Errorf("in a batch: status %d, want 200 with %d inside:\n%s", b.status, c.status, b.body)
			}
		})
	}
	if n := s.stored(t); n != 0 {
		t.Errorf("%d responses were stored", n)
	}
	if strings.Contains(s.log.String(), "ERROR") || strings.Contains(s.log.String(), "no message") {
		t.Errorf("the log:\n%s", s.log)
	}
}

func TestContentTypes(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct {
		headers []string
		status  int
	}{
		{nil, 415},
		{[]string{"Content-Type", "text/plain"}, 415},
		{[]string{"Content-Type", "application/x-www-form-urlencoded"}, 415},
		{[]string{"Content-Type", "application/json; charset=latin1"}, 415},
		{[]string{"Content-Type", "application/json", "Content-Encoding", "gzip"}, 415},
		{[]string{"Content-Type", "application/json; charset=UTF-8"}, 201},
	} {
		for _, path := range []string{"/api/v1/responses", "/api/v1/responses/batch"} {
			want := c.status
			if want == 201 && strings.HasSuffix(path, "batch") {
				want = 422 // not a batch, but read
			}
			if a := s.ask(t, "POST", path, response(1, nil), c.headers...); a.status != want {
				t.Errorf("%s %v: status %d, want %d: %s", path, c.headers, a.status, want, a.body)
			}
		}
	}
}

func TestStoredOnce(t *testing.T) {
	s := newSite(t)
	post := func(body string) answer {
		return s.ask(t, "POST", "/api/v1/responses", body, "Content-Type", jsonType)
	}
	first := post(response(1, nil))
	if first.status != 201 {
		t.Fatalf("first: %d %s", first.status, first.body)
	}
	var got map[string]any
	must(t, json.Unmarshal([]byte(first.body), &got))
	if got["received_at"] != "2026-03-02T09:00:00+07:00" || got["state"] != "counted" || len(got["receipt"].(string)) != 14 || len(got) != 4 {
		t.Errorf("accepted: %v", got)
	}
	s.pass(time.Minute)
	again := post(response(1, nil))
	if again.status != 200 || again.body != first.body {
		t.Errorf("replay: %d %s, want 200 %s", again.status, again.body, first.body)
	}
	clash := post(response(1, map[string]any{"comment": "khác"}))
	if clash.status != 409 || !strings.Contains(clash.body, "được giữ riêng") {
		t.Errorf("clash: %d %s", clash.status, clash.body)
	}
	if n := s.stored(t); n != 1 {
		t.Errorf("%d responses stored, want 1", n)
	}
	if a := s.ask(t, "GET", "/r/"+got["receipt"].(string), ""); a.status != 200 {
		t.Errorf("the receipt's page: %d", a.status)
	}
}

func TestSkippedAndOptional(t *testing.T) {
	s := newSite(t)
	body := strings.Replace(withAnswers(`{"S1":null,"S2":5,"W":"Dòng\nhai"}`), `"service":"1.004194"`, `"service":null`, 1)
	if a := s.ask(t, "POST", "/api/v1/responses", body, "Content-Type", jsonType); a.status != 201 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	must(t, s.store.EachResponse(t.Context(), survey.Filter{}, 0, 9, func(r *survey.Response) error {
		if r.Answers != `{"S1":null,"S2":5,"W":"Dòng\nhai"}` || r.Service != "" || r.Unit != "qn.ub" || r.Channel != survey.QR {
			t.Errorf("stored %+v", r)
		}
		return nil
	}))
}

func TestLanguageOfErrors(t *testing.T) {
	s := newSite(t)
	bad := response(1, map[string]any{"id": "x", "locale": "en"})
	for _, c := range []struct{ query, accept, want string }{
		{"", "vi", "phải là một UUID"},
		{"", "en", "must be a UUID"},
		{"?lang=vi", "en", "phải là một UUID"},
		{"", "", "must be a UUID"}, // the body's own
	} {
		headers := []string{"Content-Type", jsonType}
		if c.accept != "" {
			headers = append(headers, "Accept-Language", c.accept)
		}
		if a := s.ask(t, "POST", "/api/v1/responses"+c.query, bad, headers...); !strings.Contains(a.body, c.want) {
			t.Errorf("%q %q: %s, want %q", c.query, c.accept, a.body, c.want)
		}
	}
}

func TestProblemShape(t *testing.T) {
	s := newSite(t)
	a := s.ask(t, "POST", "/api/v1/responses", response(1, map[string]any{"id": "x", "locale": "?"}), "Content-Type", jsonType, "Accept-Language", "en")
	var got, want any
	must(t, json.Unmarshal([]byte(a.body), &got))
	must(t, json.Unmarshal([]byte(`{"type":"urn:sipas:problem:invalid","title":"Something is not right","status":422,
		"detail":"Correct what is named and send it again.","instance":"/api/v1/responses",
		"errors":[{"field":"id","key":"response.id_not_uuid","message":"The id must be a UUID."}]}`), &want))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestBatch(t *testing.T) {
	s := newSite(t)
	body := `{"responses":[` + strings.Join([]string{
		response(1, nil), response(2, map[string]any{"point": "CCCCCC"}), `{"id":7}`, response(1, nil),
		response(1, map[string]any{"comment": "khác"}), `"x"`, response(3, map[string]any{"id": nil}),
	}, ",") + `]}`
	a := s.ask(t, "POST", "/api/v1/responses/batch", body, "Content-Type", jsonType)
	var got struct {
		Results []struct {
			ID      string `json:"id"`
			Status  int    `json:"status"`
			Receipt string `json:"receipt"`
			Problem *struct {
				Status int `json:"status"`
			} `json:"problem"`
		} `json:"results"`
	}
	must(t, json.Unmarshal([]byte(a.body), &got))
	var statuses []int
	for i, r := range got.Results {
		statuses = append(statuses, r.Status)
		if (r.Status < 300) != (r.Receipt != "" && r.Problem == nil) || r.Problem != nil && r.Problem.Status != r.Status {
			t.Errorf("result %d: %+v", i, r)
		}
	}
	if diff := cmp.Diff([]int{201, 410, 422, 200, 409, 400, 422}, statuses); diff != "" {
		t.Errorf("%s\n%s", diff, a.body)
	}
	if id := got.Results[1].ID; id != "0192f0c1-7a4e-7c3b-8f2e-000000000002" {
		t.Errorf("id of a refused response: %q", id)
	}
	if n := s.stored(t); n != 1 {
		t.Errorf("%d stored, want 1", n)
	}
}

func TestBatchFrame(t *testing.T) {
	s := newSite(t)
	for _, c := range []badInput{
		{"not an object", `[]`, 400, "json.not_object"},
		{"no responses", `{}`, 422, `"field":"responses","key":"value.missing"`},
		{"responses twice", `{"responses":[],"responses":[]}`, 422, "json.duplicate"},
		{"no list", `{"responses":{}}`, 422, "json.wrong_kind.array"},
		{"unknown field", `{"responses":[],"x":1}`, 422, "json.unknown_field"},
		{"too many", `{"responses":[` + strings.Repeat("1,", 500) + `1]}`, 422, "json.too_many"},
		{"empty", `{"responses":[]}`, 200, `{"results":[]}`},
		{"half", `{"responses":[`, 400, "malformed"},
		{"too large", strings.Repeat(" ", 8<<20+1), 413, "too-large"},
	} {
		a := s.ask(t, "POST", "/api/v1/responses/batch", c.body, "Content-Type", jsonType)
		if a.status != c.status || !strings.Contains(a.body, c.want) {
			t.Errorf("%s: status %d, want %d with %q: %s", c.name, a.status, c.status, c.want, a.body)
		}
	}
}

func TestTooMany(t *testing.T) {
	s := newSite(t, func(d *web.Deps) { d.Limits = web.Limits{PerSecond: 0.5, Burst: 3} })
	post := func(n int) answer {
		return s.ask(t, "POST", "/api/v1/responses", response(n, nil), "Content-Type", jsonType)
	}
	for i := range 3 {
		if a := post(i); a.status != 201 {
			t.Fatalf("response %d: %d %s", i, a.status, a.body)
		}
	}
	a := post(4)
	if a.status != 429 || a.header.Get("Retry-After") != "2" {
		t.Errorf("status %d, Retry-After %q: %s", a.status, a.header.Get("Retry-After"), a.body)
	}
	s.pass(2 * time.Second)
	if a := post(4); a.status != 201 {
		t.Errorf("after the wait: %d", a.status)
	}
	// Who claims to be somebody else is still who he is.
	if a := s.ask(t, "POST", "/api/v1/responses", response(5, nil), "Content-Type", jsonType, "X-Forwarded-For", "203.0.113.9"); a.status != 429 {
		t.Errorf("with a made-up X-Forwarded-For: %d", a.status)
	}
}

func TestLimitsBehindProxy(t *testing.T) {
	s := newSite(t, func(d *web.Deps) { d.Limits = web.Limits{PerSecond: 0.1, Burst: 1, TrustProxy: true} })
	for i, c := range []struct {
		from   string
		status int
	}{
		{"203.0.113.1", 201},
		{"203.0.113.1", 429},
		{"203.0.113.2", 201},
		{"198.51.100.7, 203.0.113.2", 429},
		{"2001:db8::1", 201},
		{"2001:db8::2", 429},
		{"2001:db8:0:1::1", 201},
	} {
		if c.status == 201 {
			s.pass(10 * time.Second) // the point has room again; a new address needs none
		}
		a := s.ask(t, "POST", "/api/v1/responses", response(i, nil), "Content-Type", jsonType, "X-Forwarded-For", c.from)
		if a.status != c.status {
			t.Errorf("%d: from %s: %d, want %d", i, c.from, a.status, c.status)
		}
	}
	// Some proxies leave the client's line and add one of their own.
	s.pass(10 * time.Second)
	for i, c := range []struct {
		claims string
		status int
	}{{"192.0.2.77", 201}, {"192.0.2.78", 429}} {
		a := s.ask(t, "POST", "/api/v1/responses", response(20+i, nil), "Content-Type", jsonType, "X-Forwarded-For", c.claims, "X-Forwarded-For", "203.0.113.2")
		if a.status != c.status {
			t.Errorf("%d: with a made-up line before the proxy's: %d, want %d", i, a.status, c.status)
		}
	}
}

// An office of 300 people an hour behind one address gets through; a script
// that sends twenty a second does not.
func TestDefaultLimits(t *testing.T) {
	send := func(n int, every time.Duration) (refused int) {
		s := newSite(t, func(d *web.Deps) { d.Limits = web.DefaultLimits })
		for i := range n {
			s.pass(every)
			s.now = s.clock()
			if a := s.ask(t, "POST", "/api/v1/responses", response(i, map[string]any{"submitted_at": "2026-03-02T08:19:40+07:00"}), "Content-Type", jsonType); a.status == 429 {
				refused++
			}
		}
		return refused
	}
	if n := send(300, 12*time.Second); n != 0 {
		t.Errorf("%d of 300 citizens refused", n)
	}
	if n := send(300, 50*time.Millisecond); n < 200 {
		t.Errorf("%d of 300 of a script refused", n)
	}
}

func TestUnavailable(t *testing.T) {
	s := newSite(t, func(d *web.Deps) { d.Intake.Ledger = fullDisk{} })
	a := s.ask(t, "POST", "/api/v1/responses", response(1, nil), "Content-Type", jsonType)
	if a.status != 503 || a.header.Get("Retry-After") != "30" || strings.Contains(a.body, "disk") {
		t.Errorf("%d Retry-After %q: %s", a.status, a.header.Get("Retry-After"), a.body)
	}
	b := s.ask(t, "POST", "/api/v1/responses/batch", `{"responses":[`+response(1, nil)+`]}`, "Content-Type", jsonType)
	if b.status != 200 || !strings.Contains(b.body, `"status":503`) {
		t.Errorf("batch: %d %s", b.status, b.body)
	}
	if n := strings.Count(s.log.String(), "disk is full"); n != 2 {
		t.Errorf("the cause was logged %d times, want once a request:\n%s", n, s.log)
	}
}
