package web_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"sipas/internal/auth"
	"sipas/internal/challenge"
	"sipas/internal/web"
)

// strict limits are soon reached, and hardly anything is gained in a test.
func strict(d *web.Deps) {
	d.Limits = web.Limits{PerSecond: 1e-6, Burst: 3, DeviceBurst: 1000, TrustProxy: true}
}

// from sends response n for a point from an address.
func (s *site) from(t testing.TB, address string, n int, point string, headers ...string) answer {
	t.Helper()
	return s.ask(t, "POST", "/api/v1/responses", response(n, map[string]any{"point": point}),
		append([]string{"Content-Type", jsonType, "X-Forwarded-For", address}, headers...)...)
}

// challengeOf is what an answer asks for.
func challengeOf(t testing.TB, a answer) challenge.Challenge {
	t.Helper()
	var p struct {
		Challenge challenge.Challenge
		Widget    struct{ Script string }
	}
	must(t, json.Unmarshal([]byte(a.body), &p))
	if a.status != 429 || p.Challenge.Signature == "" || !strings.HasPrefix(p.Widget.Script, "/static/js/proof.") || a.header.Get("Retry-After") == "" {
		t.Fatalf("%d Retry-After %q, without a challenge: %s", a.status, a.header.Get("Retry-After"), a.body)
	}
	return p.Challenge
}

func solve(t testing.TB, c challenge.Challenge) string {
	t.Helper()
	proof, err := challenge.Solve(c)
	must(t, err)
	return proof
}

// suspected makes the address 192.0.2.1 suspect at the point AAAAAA.
func suspected(t testing.TB, s *site) challenge.Challenge {
	t.Helper()
	for n := range 3 {
		if a := s.from(t, "192.0.2.1", n, "AAAAAA"); a.status != 201 {
			t.Fatalf("response %d: %d %s", n, a.status, a.body)
		}
	}
	return challengeOf(t, s.from(t, "192.0.2.1", 100, "AAAAAA"))
}

// Three hundred citizens of one hour, half of them in ten minutes before noon,
// by phones and by pages without a script, with their page views, steps back
// and mistakes, all behind one address: nobody is held up.
func TestOfficeHour(t *testing.T) {
	s := newSite(t, func(d *web.Deps) { d.Limits = web.DefaultLimits })
	dice := rand.New(rand.NewPCG(7, 7))
	var arrivals []time.Duration
	for range 150 { // uniform in time: a Poisson process of so many
		arrivals = append(arrivals, time.Duration(dice.Int64N(int64(time.Hour))))
		arrivals = append(arrivals, 40*time.Minute+time.Duration(dice.Int64N(int64(10*time.Minute))))
	}
	slices.Sort(arrivals)
	passed := time.Duration(0)
	for n, at := range arrivals {
		s.pass(at - passed)
		passed = at
		must(t, expectStatus(s.ask(t, "GET", "/s/AAAAAA", ""), 200))
		if n%2 == 0 {
			when := s.clock().Format(time.RFC3339)
			must(t, expectStatus(s.ask(t, "POST", "/api/v1/responses", response(n, map[string]any{"answers": map[string]any{"S1": 9}}), "Content-Type", jsonType), 422))
			must(t, expectStatus(s.ask(t, "POST", "/api/v1/responses", response(n, map[string]any{"started_at": when, "submitted_at": when}), "Content-Type", jsonType), 201))
			continue
		}
		form := pageForm(t, s.ask(t, "GET", "/s/AAAAAA?consent=1", "").body)
		must(t, expectStatus(s.post(t, filled(form, "S1", "7", "do", "next")), 422))
		form = pageForm(t, s.post(t, filled(form, "S1", "5", "S2", "5", "do", "next")).body)
		form = pageForm(t, s.post(t, filled(form, "do", "lang:en")).body)
		must(t, expectStatus(s.post(t, filled(form, "do", "send")), 303))
	}
}

func expectStatus(a answer, want int) error {
	if a.status != want {
		return fmt.Errorf("status %d, want %d: %s", a.status, want, a.body)
	}
	return nil
}

// A script that sends twenty a second is told to wait within four seconds, and
// gets through no more than one a second from then on.
func TestScriptIsSlowed(t *testing.T) {
	s := newSite(t, func(d *web.Deps) { d.Limits = web.DefaultLimits })
	first, stored := time.Duration(0), 0
	for n := range 20 * 20 {
		s.pass(50 * time.Millisecond)
		switch a := s.from(t, "192.0.2.1", n, "AAAAAA"); a.status {
		case 201:
			stored++
		case 429:
			if a.header.Get("Retry-After") == "" {
				t.Fatal("no Retry-After")
			}
			if first == 0 {
				first = time.Duration(n+1) * 50 * time.Millisecond
			}
		default:
			t.Fatal(a.status, a.body)
		}
	}
	if first == 0 || first > 4*time.Second || stored > 60+20 {
		t.Errorf("slowed after %v; %d of 400 stored in twenty seconds", first, stored)
	}
}

// A paired device is counted by its key: it goes on where its address is under
// suspicion, sends what a day offline has left, and uses up nothing of others.
func TestDeviceIsCountedByItsKey(t *testing.T) {
	s := newSite(t, strict)
	id, key := s.paired(t, "BBBBBB", "")
	_ = suspected(t, s) // the address, by others
	for batch := range 2 {
		var all []string
		for i := range 500 {
			n := 1000 + 500*batch + i
			all = append(all, response(n, map[string]any{"point": "BBBBBB", "device": id, "device_seq": n - 999}))
		}
		a := s.ask(t, "POST", "/api/v1/responses/batch", `{"responses":[`+strings.Join(all, ",")+`]}`,
			"Content-Type", jsonType, "Authorization", "Bearer "+key, "X-Forwarded-For", "192.0.2.1")
		if a.status != 200 || strings.Count(a.body, `"status":201`) != 500 {
			t.Fatalf("batch %d: %d %.300s", batch, a.status, a.body)
		}
	}
	if a := s.from(t, "192.0.2.9", 1, "BBBBBB"); a.status == 429 {
		t.Error("the device used up the point for phones")
	}
	// Beyond its own limit it waits, and needs no proof.
	a := s.from(t, "192.0.2.2", 3000, "BBBBBB", "Authorization", "Bearer "+key)
	if a.status != 429 || strings.Contains(a.body, "challenge") || a.header.Get("Retry-After") == "" {
		t.Errorf("beyond the limit of the key: %d %s", a.status, a.body)
	}
}

// Keys that nobody gave out open nothing and are not remembered.
func TestMadeUpKeys(t *testing.T) {
	s := newSite(t, strict)
	for n := range 50 {
		if a := s.from(t, "192.0.2.1", n, "AAAAAA", "Authorization", fmt.Sprintf("Bearer sk_%032d", n)); a.status != 401 {
			t.Fatalf("key %d: %d", n, a.status)
		}
	}
}

// Many addresses that flood one point meet its limit; the next point is open.
func TestPointIsLimited(t *testing.T) {
	s := newSite(t, strict)
	statuses := map[int]int{}
	for n := range 20 {
		statuses[s.from(t, fmt.Sprintf("198.51.100.%d", n), n, "AAAAAA").status]++
	}
	if statuses[201] != 6 || statuses[429] != 14 {
		t.Errorf("statuses %v, want twice the limit of an address to pass", statuses)
	}
	if a := s.from(t, "203.0.113.1", 99, "BBBBBB"); a.status != 201 {
		t.Errorf("at another point: %d", a.status)
	}
}

// One address alone uses up no point, and what it is refused is not counted
// there; made-up points do not help it.
func TestAddressDoesNotUseUpAPoint(t *testing.T) {
	s := newSite(t, strict)
	for n := range 50 {
		s.from(t, "192.0.2.1", n, "AAAAAA")
	}
	for n := range 3 {
		if a := s.from(t, "203.0.113.1", 100+n, "AAAAAA"); a.status != 201 {
			t.Errorf("somebody else at the point: %d", a.status)
		}
	}
	statuses := map[int]int{}
	for n := range 10 {
		statuses[s.from(t, "192.0.2.3", n, fmt.Sprintf("Z%05d", n)).status]++
	}
	if statuses[404] != 3 || statuses[429] != 7 {
		t.Errorf("made-up points: %v", statuses)
	}
}

// X-Forwarded-For counts only from a proxy of ours, and only its last address.
func TestForwardedForIsNotBelieved(t *testing.T) {
	for _, trust := range []bool{false, true} {
		s := newSite(t, func(d *web.Deps) { strict(d); d.Limits.TrustProxy = trust })
		refused := 0
		for n := range 10 {
			if s.from(t, fmt.Sprintf("192.0.2.%d, 203.0.113.7", n), n, "AAAAAA").status == 429 {
				refused++
			}
		}
		if refused != 7 {
			t.Errorf("trusting a proxy %v: %d of 10 refused, want 7", trust, refused)
		}
	}
}

// A proof lets one response through, for its point, once, for ten minutes.
func TestProof(t *testing.T) {
	s := newSite(t, strict)
	proof := solve(t, suspected(t, s))
	if a := s.from(t, "192.0.2.1", 100, "BBBBBB", "X-Proof", proof); a.status != 429 {
		t.Errorf("for another point: %d", a.status)
	}
	if a := s.from(t, "192.0.2.1", 100, "AAAAAA", "X-Proof", "bm9uc2Vuc2U="); a.status != 429 {
		t.Errorf("nonsense: %d", a.status)
	}
	if a := s.from(t, "198.51.100.8", 100, "AAAAAA", "X-Proof", proof); a.status != 201 {
		t.Fatalf("a phone may change its address meanwhile: %d", a.status)
	}
	proof = solve(t, challengeOf(t, s.from(t, "192.0.2.1", 101, "AAAAAA")))
	if a := s.from(t, "192.0.2.1", 101, "AAAAAA", "X-Proof", proof); a.status != 201 {
		t.Fatalf("with its proof: %d %s", a.status, a.body)
	}
	if a := s.from(t, "192.0.2.1", 102, "AAAAAA", "X-Proof", proof); a.status != 429 {
		t.Errorf("shown twice: %d", a.status)
	}
	late := solve(t, challengeOf(t, s.from(t, "192.0.2.1", 103, "AAAAAA")))
	s.pass(challenge.Lifetime)
	if a := s.from(t, "192.0.2.1", 103, "AAAAAA", "X-Proof", late); a.status != 429 {
		t.Errorf("too late: %d", a.status)
	}
	// A clock that is set back makes no old proof new.
	s.pass(-2 * challenge.Lifetime)
	if a := s.from(t, "192.0.2.1", 104, "AAAAAA", "X-Proof", proof); a.status != 429 {
		t.Errorf("after the clock went back: %d", a.status)
	}
}

// Whoever goes on and on is asked for more work; nobody is shut out.
func TestMoreWorkForMore(t *testing.T) {
	s := newSite(t, strict)
	c := suspected(t, s)
	for n := range 3 {
		if a := s.from(t, "192.0.2.1", 100+n, "AAAAAA", "X-Proof", solve(t, c)); a.status != 201 {
			t.Fatalf("proof %d: %d", n, a.status)
		}
		c = challengeOf(t, s.from(t, "192.0.2.1", 200, "AAAAAA"))
	}
	if c.Parameters.Data.Level != 1 {
		t.Errorf("level %d after three proofs, want 1", c.Parameters.Data.Level)
	}
	if a := s.from(t, "192.0.2.1", 201, "AAAAAA", "X-Proof", solve(t, c)); a.status != 201 {
		t.Errorf("much work: %d", a.status)
	}
	if c := challengeOf(t, s.from(t, "192.0.2.1", 202, "AAAAAA")); c.Parameters.Data.Level != 1 {
		t.Error("much work was counted as little")
	}
}

// Without a script: the page says how long to wait, keeps every answer, and the
// same ballot goes through later. With one, the field of the widget does.
func TestFormUnderSuspicion(t *testing.T) {
	s := newSite(t, func(d *web.Deps) { strict(d); d.Limits.PerSecond = 0.1; d.Limits.TrustProxy = false })
	for n := range 3 {
		s.from(t, "", n, "AAAAAA")
	}
	form := pageForm(t, s.post(t, filled(pageForm(t, s.ask(t, "GET", "/s/AAAAAA?consent=1", "").body), "S1", "5", "S2", "4", "do", "next")).body)
	form = pageForm(t, s.post(t, filled(form, "do", "next")).body)
	a := s.post(t, filled(form, "do", "send", "gender", "f", "comment", "Nhanh, gọn."))
	expect(t, a, 429, "đợi 10 giây", `id="proof"`, "js/proof.", `name="a.S1" value="5"`, "Nhanh, gọn.")
	if a.header.Get("Retry-After") != "10" {
		t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
	}
	kept := filled(pageForm(t, a.body), "do", "send", "gender", "f")
	asked := regexp.MustCompile(`data-challenge="([^"]*)"`).FindStringSubmatch(a.body)
	if asked == nil {
		t.Fatal("no challenge in the page")
	}
	var c challenge.Challenge
	must(t, json.Unmarshal([]byte(html.UnescapeString(asked[1])), &c))
	expect(t, s.post(t, filled(kept, "altcha", solve(t, c))), 303)
	if r := s.lastStored(t); r.Comment != "Nhanh, gọn." {
		t.Errorf("stored %q", r.Comment)
	}

	// The one without waits.
	again := url.Values{}
	for k, v := range kept {
		again[k] = v
	}
	again.Del("altcha")
	again.Set("id", uuid.NewString())
	expect(t, s.post(t, again), 429)
	s.pass(10 * time.Second)
	expect(t, s.post(t, again), 303)
}

// Nobody under no suspicion gets the widget.
func TestWidgetOnlyOnSuspicion(t *testing.T) {
	s := newSite(t, strict)
	for _, path := range []string{"/s/AAAAAA", "/s/AAAAAA?consent=1", "/s/AAAAAA?consent=1&all=1"} {
		if a := s.ask(t, "GET", path, ""); strings.Contains(a.body, "proof") || strings.Contains(a.body, "altcha") {
			t.Errorf("%s speaks of proofs", path)
		}
	}
}

// What fills in the field that people do not see is stored like all others and
// marked, also when the field was on an earlier page; it learns nothing of it.
func TestHoneypot(t *testing.T) {
	for name, page := range map[string]int{"never": 0, "on the first page": 1, "on the last page": 3} {
		s := newSite(t)
		a := s.ask(t, "GET", "/s/AAAAAA?consent=1", "")
		for n, pairs := range [][]string{{"S1", "5", "S2", "4", "do", "next"}, {"do", "next"}, {"do", "send"}} {
			form := filled(pageForm(t, a.body), append(pairs, "topic", attribute(trap.FindString(a.body), "value"))...)
			if n+1 == page {
				form.Set("topic", "https://spam.example")
			}
			a = s.post(t, form)
		}
		expect(t, a, 303)
		if r := s.lastStored(t); r.Trap != (page > 0) {
			t.Errorf("filled in %s: trap %v", name, r.Trap)
		}
	}
}

var trap = regexp.MustCompile(`<input name="topic"[^>]*>`)

// How quickly responses follow each other shows to staff and in the metrics; a
// replay says nothing.
func TestCadence(t *testing.T) {
	s := newSite(t, func(d *web.Deps) { d.MetricsPublic = true })
	for n, at := range []string{"08:30:00", "08:30:08", "08:31:08", "08:31:08"} {
		when := "2026-03-02T" + at + "+07:00"
		edit := map[string]any{"point": "BBBBBB", "started_at": when, "submitted_at": when}
		s.ask(t, "POST", "/api/v1/responses", response(min(n, 2), edit), "Content-Type", jsonType)
	}
	me := []string{"Cookie", s.office(t, "lan", auth.Admin, "").cookie}
	expect(t, s.ask(t, "GET", "/app/points?point=BBBBBB", "", me...), 200, "trung vị 34 giây, ngắn nhất 8 giây")
	expect(t, s.ask(t, "GET", "/metrics", ""), 200, `sipas_response_interval_seconds_count{place="point"} 2`, `sipas_response_interval_seconds_sum{place="point"} 68`)
}

// Tomorrow nobody can tell which hash stood for an address today: counts begin anew.
func TestSaltOfTheDay(t *testing.T) {
	s := newSite(t, strict)
	_ = suspected(t, s)
	s.pass(14 * time.Hour) // 23:00
	if a := s.from(t, "192.0.2.1", 100, "BBBBBB"); a.status != 429 {
		t.Fatalf("late the same day: %d", a.status)
	}
	s.pass(time.Hour)
	if a := s.from(t, "192.0.2.1", 101, "BBBBBB"); a.status != 201 {
		t.Errorf("the next day: %d", a.status)
	}
}

// A proof is an untrusted text.
func FuzzProof(f *testing.F) {
	i := challenge.New([]byte("s"), rand.NewChaCha8([32]byte{}), 10)
	f.Add(base64.StdEncoding.EncodeToString([]byte(`{"challenge":{"parameters":{"nonce":"00"}},"solution":{"derivedKey":"00"}}`)))
	f.Fuzz(func(t *testing.T, proof string) {
		if _, err := i.Redeem(proof, "A", today); err == nil {
			t.Errorf("taken: %q", proof)
		}
	})
}
