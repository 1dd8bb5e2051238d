package web_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"sipas/internal/auth"
	"sipas/internal/survey"
)

func TestFacts(t *testing.T) {
	s := newSite(t)
	admin := s.token(t, auth.Admin, "")
	for _, c := range []struct {
		name, path string
		status     int
		want, not  string
	}{
		{"point", "/api/v1/points/AAAAAA", 200, `{"code":"AAAAAA","name":"Quầy 1","channel":"qr","unit":{"code":"qn.ub","name":"Phường Uông Bí"},"wave":{"id":"open","name":"Đợt open","state":"open","design":"continuous","opens_at":"2026-02-02T09:00:00+07:00","closes_at":"2026-04-02T00:00:00+07:00"},"instrument":"short@1","service":"1.004194"}`, ""},
		{"point without service", "/api/v1/points/BBBBBB", 200, `"service":null`, ""},
		{"point as typed", "/api/v1/points/aaa%20aaa", 200, `"code":"AAAAAA"`, ""},
		{"point of a closed wave", "/api/v1/points/CCCCCC", 200, `"state":"closed"`, ""},
		{"point of a draft", "/api/v1/points/DDDDDD", 404, "not-found", "Đợt draft"},
		{"no point", "/api/v1/points/ZZZZZZ", 404, "ZZZZZZ", ""},
		{"instrument", "/api/v1/instruments/short@1", 200, `{"code":"S1","kind":"scale","text":{"en":"Clear","vi":"Dễ hiểu"},"scale":[1,2,3,4,5]`, ""},
		{"its routing", "/api/v1/instruments/short@1", 200, `"show_if":{"any":[{"item":"S1","in":["1","2"]},{"item":"S2","in":["1","2"]}]}`, ""},
		{"no instrument", "/api/v1/instruments/none@1", 404, "none@1", ""},
		{"units", "/api/v1/units", 200, `{"code":"qn.ub","name":"Phường Uông Bí","kind":"ward","parent":"qn","valid_from":"1970-01-01","valid_to":null}`, ""},
		{"waves", "/api/v1/waves", 200, `"id":"open"`, `"draft"`},
		{"document", "/api/v1/openapi.json", 200, `"openapi": "3.1.0"`, ""},
		{"nothing", "/api/v1/nothing", 404, "urn:sipas:problem:not-found", "<html"},
	} {
		a := s.ask(t, "GET", c.path, "")
		if a.status != c.status || !strings.Contains(a.body, c.want) || c.not != "" && strings.Contains(a.body, c.not) {
			t.Errorf("%s: %d, want %d with %s and without %q:\n%s", c.name, a.status, c.status, c.want, c.not, a.body)
		}
	}
	if a := s.ask(t, "GET", "/api/v1/waves", "", "Authorization", "Bearer "+admin); !strings.Contains(a.body, `"id":"draft"`) {
		t.Errorf("an administrator does not see the draft: %s", a.body)
	}
	if a := s.ask(t, "DELETE", "/api/v1/units", ""); a.status != 405 || !strings.Contains(a.body, "problem") {
		t.Errorf("DELETE: %d %s", a.status, a.body)
	}
}

// submit stores n responses at a point with both items answered by score.
func (s *site) submit(t testing.TB, from, n int, point string, score int) {
	t.Helper()
	for i := range n {
		body := response(from+i, map[string]any{"point": point, "answers": map[string]any{"S1": score, "S2": score}})
		if a := s.ask(t, "POST", "/api/v1/responses", body, "Content-Type", jsonType); a.status != 201 {
			t.Fatalf("submit: %d %s", a.status, a.body)
		}
	}
}

// publish closes and publishes the open wave.
func (s *site) publish(t testing.TB) {
	t.Helper()
	must(t, s.reg.MoveWave(t.Context(), "open", survey.Closed))
	must(t, s.reg.Publish(t.Context(), "open"))
}

func TestIndex(t *testing.T) {
	s := newSite(t)
	s.submit(t, 0, 3, "AAAAAA", 5)
	s.submit(t, 10, 1, "BBBBBB", 1)
	all, ub := s.token(t, auth.Auditor, ""), s.token(t, auth.Manager, "qn.ub")
	for _, c := range []struct {
		name, query, token string
		status             int
		want               string
	}{
		{"all", "wave=open", all, 200, `"overall":{"percent":75,"satisfied":6,"answered":8}`},
		{"a unit", "wave=open&unit=qn.yt", all, 200, `"overall":{"percent":0,`},
		{"by unit", "wave=open&by=unit", all, 200, `{"code":"qn.yt","name":"Phường Yên Tử","n":1,"percent":0,"satisfied":0,"answered":2}`},
		{"nobody answered", "wave=open&from=2026-01-01&to=2026-01-02", all, 200, `"n":0,"suppressed":false`},
		{"a channel", "wave=open&channel=kiosk", all, 200, `"n":1`},
		{"the manager's own three", "wave=open&unit=qn.ub", ub, 200, `"n":null,"suppressed":true`},
		{"the manager's sister", "wave=open&unit=qn.yt", ub, 404, "qn.yt"},
		{"the manager's parent", "wave=open", ub, 404, "qn"},
		{"no token", "wave=open", "", 401, "unauthorized"},
		{"a draft without token", "wave=draft", "", 404, "draft"},
		{"no such wave", "wave=none", all, 404, "none"},
		{"no such unit", "wave=open&unit=none", all, 404, "none"},
		{"no wave", "", all, 422, `"field":"wave","key":"value.missing"`},
		{"a bad day", "wave=open&from=yesterday&to=2026-01-01", all, 422, `"field":"from","key":"query.bad_day"`},
		{"half a period", "wave=open&from=2026-01-01", all, 422, `"field":"to","key":"query.half_period"`},
		{"a reversed period", "wave=open&from=2026-01-02&to=2026-01-01", all, 422, `"field":"to","key":"wave.dates_reversed"`},
		{"a bad channel", "wave=open&channel=fax", all, 422, `"field":"channel"`},
		{"a bad by", "wave=open&by=shoe", all, 422, `"field":"by"`},
		{"a bad token", "wave=open", "sipas_wrong", 401, "unauthorized"},
	} {
		var headers []string
		if c.token != "" {
			headers = []string{"Authorization", "Bearer " + c.token}
		}
		a := s.ask(t, "GET", "/api/v1/index?"+c.query, "", headers...)
		if a.status != c.status || !strings.Contains(a.body, c.want) {
			t.Errorf("%s: %d, want %d with %s:\n%s", c.name, a.status, c.status, c.want, a.body)
		}
		if a.status == 401 && a.header.Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("%s: WWW-Authenticate %q", c.name, a.header.Get("WWW-Authenticate"))
		}
	}
	must(t, s.auth.RevokeToken(t.Context(), "t-auditor"))
	if a := s.ask(t, "GET", "/api/v1/index?wave=open", "", "Authorization", "Bearer "+all); a.status != 401 {
		t.Errorf("a revoked token: %d", a.status)
	}
}

func TestPublishedIndexHidesSmallGroups(t *testing.T) {
	s := newSite(t)
	s.submit(t, 0, 12, "AAAAAA", 5)
	s.submit(t, 20, 9, "BBBBBB", 1)
	s.third(t)
	s.submit(t, 40, 9, "FFFFFF", 1)
	s.publish(t)
	for query, want := range map[string]string{
		"wave=open&unit=qn.ub": `"n":12,"suppressed":false`,
		"wave=open&unit=qn.yt": `"overall":{"percent":null,"satisfied":0,"answered":0}`,
	} {
		a := s.ask(t, "GET", "/api/v1/index?"+query, "")
		if a.status != 200 || !strings.Contains(a.body, want) {
			t.Errorf("%s: %d, want %s: %s", query, a.status, want, a.body)
		}
	}
	small := s.ask(t, "GET", "/api/v1/index?wave=open&unit=qn.yt", "").body
	if !strings.Contains(small, `"n":null,"suppressed":true`) || strings.Contains(small, `"1":`) || strings.Contains(small, `:9`) {
		t.Errorf("nine people shine through: %s", small)
	}
	for _, query := range []string{"wave=open&channel=qr", "wave=open&from=2026-03-02&to=2026-03-02", "wave=open&by=unit"} {
		if a := s.ask(t, "GET", "/api/v1/index?"+query, ""); a.status != 401 {
			t.Errorf("%s: %d: cuts that were not published", query, a.status)
		}
	}
}

// Six people who answer two items each gave twelve answers, and are six.
func TestPublishedIndexCountsPeople(t *testing.T) {
	s := newSite(t)
	s.submit(t, 0, 6, "AAAAAA", 5)
	for i := range 6 {
		body := response(20+i, map[string]any{"point": "AAAAAA", "answers": map[string]any{"W": "x"}})
		if a := s.ask(t, "POST", "/api/v1/responses", body, "Content-Type", jsonType); a.status != 201 {
			t.Fatalf("submit: %d %s", a.status, a.body)
		}
	}
	s.publish(t)
	a := s.ask(t, "GET", "/api/v1/index?wave=open&unit=qn.ub", "")
	if !strings.Contains(a.body, `"n":null,"suppressed":true`) || strings.Contains(a.body, `"percent":100`) || strings.Contains(a.body, `"answered":12`) {
		t.Errorf("six people shine through: %s", a.body)
	}
}

func TestRawResponses(t *testing.T) {
	s := newSite(t)
	s.submit(t, 0, 5, "AAAAAA", 4)
	s.submit(t, 10, 2, "BBBBBB", 4)
	auditor := "Bearer " + s.token(t, auth.Auditor, "")
	var seqs []float64
	next := "/api/v1/responses?wave=open&limit=3"
	for pages := 0; next != "" && pages < 9; pages++ {
		a := s.ask(t, "GET", next, "", "Authorization", auditor)
		if a.status != 200 || a.header.Get("Content-Type") != "application/x-ndjson; charset=utf-8" {
			t.Fatalf("%s: %d %q %s", next, a.status, a.header.Get("Content-Type"), a.body)
		}
		for line := range strings.Lines(a.body) {
			var row map[string]any
			must(t, json.Unmarshal([]byte(line), &row))
			seqs = append(seqs, row["seq"].(float64))
		}
		next = ""
		if link := a.header.Get("Link"); link != "" {
			next, _, _ = strings.Cut(strings.TrimPrefix(link, "<"), ">")
		}
	}
	if got := fmt.Sprint(seqs); got != "[1 2 3 4 5 6 7]" {
		t.Errorf("seqs %s", got)
	}
	csv := s.ask(t, "GET", "/api/v1/responses?wave=open&unit=qn.yt", "", "Authorization", auditor, "Accept", "text/csv")
	if !strings.HasPrefix(csv.body, "\ufeffseq,id,wave,") || strings.Count(csv.body, "\r\n") != 3 || csv.header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("CSV %q: %s", csv.header.Get("Content-Type"), csv.body)
	}
	manager := "Bearer " + s.token(t, auth.Manager, "qn")
	one := "Bearer " + s.token(t, auth.Auditor, "qn.ub")
	for _, c := range []struct {
		query, token string
		status       int
		want         string
	}{
		{"wave=open", "", 401, ""},
		{"wave=open", manager, 403, ""},
		{"", auditor, 422, "value.missing"},
		{"wave=none", auditor, 422, "wave.unknown"},
		{"wave=open&limit=0", auditor, 422, "query.bad_number"},
		{"wave=open&limit=99999", auditor, 422, "query.bad_number"},
		{"wave=open&after=-1", auditor, 422, "query.bad_number"},
		{"wave=open&unit=qn.yt", one, 404, ""},
		{"wave=open", one, 200, `"point":"AAAAAA"`},
		{"wave=open&after=7", auditor, 200, ""},
	} {
		var headers []string
		if c.token != "" {
			headers = []string{"Authorization", c.token}
		}
		a := s.ask(t, "GET", "/api/v1/responses?"+c.query, "", headers...)
		if a.status != c.status || !strings.Contains(a.body, c.want) {
			t.Errorf("%s: %d, want %d with %q: %s", c.query, a.status, c.status, c.want, a.body)
		}
	}
	if a := s.ask(t, "GET", "/api/v1/responses?wave=open", "", "Authorization", one); strings.Contains(a.body, "BBBBBB") {
		t.Errorf("an auditor of one unit sees another: %s", a.body)
	}
}
