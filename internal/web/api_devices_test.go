package web_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/survey"
)

const asJSON = "application/json"

// paired makes a code and a device of it, and returns its id and key.
func (s *site) paired(t testing.TB, at survey.PointCode, old string) (id, key string) {
	t.Helper()
	p, err := s.kiosks.MakePairing(t.Context(), "manager", at, "Máy bảng quầy 2")
	must(t, err)
	a := s.ask(t, "POST", "/api/v1/devices/pair", fmt.Sprintf(`{"code":%q,"device":%q}`, p.Code, old), "Content-Type", asJSON)
	var got struct{ Device, Key, Point, Name string }
	must(t, json.Unmarshal([]byte(a.body), &got))
	if a.status != 201 || got.Point != string(at) || !strings.HasPrefix(got.Key, "sk_") || got.Name != "Máy bảng quầy 2" {
		t.Fatalf("pairing: %d %s", a.status, a.body)
	}
	return got.Device, got.Key
}

func (s *site) beat(t testing.TB, key, body string) answer {
	t.Helper()
	return s.ask(t, "POST", "/api/v1/devices/heartbeat", body, "Content-Type", asJSON, "Authorization", "Bearer "+key)
}

func TestPairingCodes(t *testing.T) {
	s := newSite(t)
	pair := func(code string) answer {
		return s.ask(t, "POST", "/api/v1/devices/pair", fmt.Sprintf(`{"code":%q}`, code), "Content-Type", asJSON)
	}
	used, err := s.kiosks.MakePairing(t.Context(), "manager", "BBBBBB", "Một")
	must(t, err)
	late, err := s.kiosks.MakePairing(t.Context(), "manager", "BBBBBB", "Hai")
	must(t, err)
	if a := pair(strings.ToLower(used.Code)); a.status != 201 {
		t.Fatalf("a fresh code in small letters: %d %s", a.status, a.body)
	}
	again, unknown := pair(used.Code), pair("WWWWWW")
	s.pass(survey.PairingLife)
	expired := pair(late.Code)
	got := []int{again.status, unknown.status, expired.status}
	if diff := cmp.Diff([]int{410, 404, 410}, got); diff != "" {
		t.Error(diff)
	}
	words := func(a answer) (d string) {
		var p struct{ Detail string }
		must(t, json.Unmarshal([]byte(a.body), &p))
		return p.Detail
	}
	if words(again) != words(unknown) || words(unknown) != words(expired) {
		t.Errorf("the words tell codes apart: %q, %q, %q", words(again), words(unknown), words(expired))
	}
}

func TestGuessingCodesIsSlowedDown(t *testing.T) {
	s := newSite(t)
	statuses := map[int]int{}
	for range 20 {
		statuses[s.ask(t, "POST", "/api/v1/devices/pair", `{"code":"WWWWWW"}`, "Content-Type", asJSON).status]++
	}
	if diff := cmp.Diff(map[int]int{404: 10, 429: 10}, statuses); diff != "" {
		t.Error(diff)
	}
	s.pass(time.Minute)
	if _, key := s.paired(t, "BBBBBB", ""); key == "" {
		t.Error("no code is taken after a minute of rest")
	}
}

func TestHeartbeatAndKit(t *testing.T) {
	s := newSite(t)
	id, key := s.paired(t, "BBBBBB", "")
	a := s.beat(t, key, `{"version":"v1","queue":3,"shelf":1,"made":9,"sent":6,"acked":5,"ignored":2,"battery":81,"last_seq":40,"at":"2026-03-02T02:00:05Z","new_field":1}`)
	if a.status != 200 {
		t.Fatalf("heartbeat: %d %s", a.status, a.body)
	}
	d, err := s.store.Device(t.Context(), survey.DeviceID(id))
	must(t, err)
	want := survey.Heartbeat{At: today.UTC(), Version: "v1", Queue: 3, Shelf: 1, Made: 9, Sent: 6, Acked: 5, Ignored: 2, Battery: 81, LastSeq: 40, Skew: 5000}
	if diff := cmp.Diff(want, d.Beat); diff != "" {
		t.Error(diff)
	}
	var beat struct{ Kit string }
	must(t, json.Unmarshal([]byte(a.body), &beat))
	kit := s.ask(t, "GET", "/api/v1/devices/kit", "", "Authorization", "Bearer "+key)
	etag := kit.header.Get("ETag")
	if kit.status != 200 || etag != `"`+beat.Kit+`"` || !strings.Contains(kit.body, `"Quầy 2"`) || !strings.Contains(kit.body, `"idle":30`) {
		t.Fatalf("kit: %d %s %.300s", kit.status, etag, kit.body)
	}
	if same := s.ask(t, "GET", "/api/v1/devices/kit", "", "Authorization", "Bearer "+key, "If-None-Match", etag); same.status != 304 || same.body != "" {
		t.Errorf("the same kit: %d %.60s", same.status, same.body)
	}
	must(t, s.kiosks.Set(t.Context(), "admin", map[survey.SettingKey]string{{Unit: "qn", Name: survey.IdleSetting}: "45"}))
	if other := s.ask(t, "GET", "/api/v1/devices/kit", "", "Authorization", "Bearer "+key, "If-None-Match", etag); other.status != 200 || !strings.Contains(other.body, `"idle":45`) {
		t.Errorf("the kit after a setting was changed: %d %.300s", other.status, other.body)
	}
	for _, bad := range []string{`{"queue":-1}`, `{"battery":101}`, `{"version":"` + strings.Repeat("x", 65) + `"}`} {
		if a := s.beat(t, key, bad); a.status != 422 {
			t.Errorf("%s: %d", bad, a.status)
		}
	}
}

func TestRevokedKey(t *testing.T) {
	s := newSite(t)
	id, key := s.paired(t, "BBBBBB", "")
	must(t, s.kiosks.Revoke(t.Context(), survey.DeviceID(id)))
	for _, a := range []answer{
		s.beat(t, key, `{}`),
		s.ask(t, "GET", "/api/v1/devices/kit", "", "Authorization", "Bearer "+key),
		s.ask(t, "POST", "/api/v1/responses", deviceBody(1, "BBBBBB", id, 1), "Content-Type", asJSON, "Authorization", "Bearer "+key),
	} {
		if a.status != 401 {
			t.Errorf("with a revoked key: %d %s", a.status, a.body)
		}
	}
	again, fresh := s.paired(t, "BBBBBB", id)
	if again != id || fresh == key {
		t.Errorf("paired again as %s with the key %s, want %s with another", again, fresh, id)
	}
	if taken, _ := s.paired(t, "BBBBBB", id); taken == id {
		t.Error("a device in use was taken over by who knew its id")
	}
	must(t, s.kiosks.Revoke(t.Context(), survey.DeviceID(id)))
	if moved, _ := s.paired(t, "AAAAAA", id); moved == id {
		t.Error("a device kept its id at another point")
	}
}

func deviceBody(n int, point, device string, seq int) string {
	return fmt.Sprintf(`{"id":"0192f0c1-7a4e-7c3b-8f2e-%012d","point":%q,"instrument":"short@1","locale":"vi","started_at":"2026-03-02T08:58:00+07:00",`+
		`"submitted_at":"2026-03-02T08:59:00+07:00","answers":{"S1":4},"device":%q,"device_seq":%d}`, n, point, device, seq)
}

func TestDeviceOfResponses(t *testing.T) {
	s := newSite(t)
	id, key := s.paired(t, "BBBBBB", "")
	_, other := s.paired(t, "AAAAAA", "")
	for _, c := range []struct {
		name, body, key string
		want            int
	}{
		{"its own", deviceBody(1, "BBBBBB", id, 1), key, 201},
		{"again", deviceBody(1, "BBBBBB", id, 1), key, 200},
		{"no key", deviceBody(2, "BBBBBB", id, 2), "", 401},
		{"another's key", deviceBody(3, "BBBBBB", id, 2), other, 422},
		{"another point", deviceBody(4, "AAAAAA", id, 2), key, 422},
		{"a key nobody has", deviceBody(5, "BBBBBB", id, 2), "sk_nobody", 401},
		{"a number without a device", deviceBody(6, "BBBBBB", "", 2), key, 422},
		{"number zero", deviceBody(7, "BBBBBB", id, 0), key, 422},
	} {
		headers := []string{"Content-Type", asJSON}
		if c.key != "" {
			headers = append(headers, "Authorization", "Bearer "+c.key)
		}
		if a := s.ask(t, "POST", "/api/v1/responses", c.body, headers...); a.status != c.want {
			t.Errorf("%s: %d %s, want %d", c.name, a.status, a.body, c.want)
		}
	}
	batch := `{"responses":[` + deviceBody(8, "BBBBBB", id, 2) + "," + deviceBody(9, "BBBBBB", "nobody", 3) + `]}`
	a := s.ask(t, "POST", "/api/v1/responses/batch", batch, "Content-Type", asJSON, "Authorization", "Bearer "+key)
	var got struct{ Results []struct{ Status int } }
	must(t, json.Unmarshal([]byte(a.body), &got))
	if len(got.Results) != 2 || got.Results[0].Status != 201 || got.Results[1].Status != 422 {
		t.Errorf("batch: %d %s", a.status, a.body)
	}
}
