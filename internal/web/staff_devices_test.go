package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"sipas/internal/auth"
	"sipas/internal/survey"
)

// office is somebody signed in.
type office struct {
	s      *site
	cookie string
}

func (s *site) office(t testing.TB, name string, role auth.Role, unit survey.UnitCode) office {
	t.Helper()
	must(t, s.auth.AddAccount(t.Context(), name, password, role, unit))
	a := s.ask(t, "POST", "/login", url.Values{"user": {name}, "password": {password}}.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	if cookie == "" {
		t.Fatalf("signing in: %d", a.status)
	}
	return office{s, cookie}
}

func (o office) get(t testing.TB, path string) answer {
	t.Helper()
	return o.s.ask(t, "GET", path, "", "Cookie", o.cookie)
}

func (o office) post(t testing.TB, path string, form url.Values) answer {
	t.Helper()
	return o.s.ask(t, "POST", path, form.Encode(), "Cookie", o.cookie, "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
}

func has(t testing.TB, what string, a answer, status int, texts ...string) {
	t.Helper()
	if a.status != status {
		t.Errorf("%s: %d, want %d", what, a.status, status)
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("%s: there is no %q in:\n%s", what, text, a.body)
		}
	}
}

func hasNot(t testing.TB, what string, a answer, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) {
			t.Errorf("%s: there is %q", what, text)
		}
	}
}

func TestDevicesPage(t *testing.T) {
	s := newSite(t)
	boss := s.office(t, "lan", auth.Admin, "")
	has(t, "no device", boss.get(t, "/app/devices"), 200, "Chưa ghép máy nào")

	id, key := s.paired(t, "BBBBBB", "")
	has(t, "just paired", boss.get(t, "/app/devices"), 200, "Máy bảng quầy 2", "Mới ghép, chưa báo", "Phường Yên Tử")
	s.beat(t, key, `{"version":"v7","queue":2,"made":12,"sent":11,"acked":10,"battery":81,"last_seq":40}`)
	for _, seq := range []int{1, 2, 5} {
		s.ask(t, "POST", "/api/v1/responses", deviceBody(seq, "BBBBBB", id, seq), "Content-Type", asJSON, "Authorization", "Bearer "+key)
	}
	// 40 were given; three are stored and two wait. Counting follows when they are folded.
	_, err := s.reg.Folder.FoldAll(t.Context())
	must(t, err)
	has(t, "with a gap", boss.get(t, "/app/devices"), 200, "1 máy cần xem", "Thiếu 35 phiếu", "Trống số 3–4", "12 · 11 · 10", "81", "v7", "vừa xong")
	has(t, "its page", boss.get(t, "/app/devices/"+id), 200, "3–4", "đã cấp đến 40, máy chủ giữ 3 phiếu")
	s.beat(t, key, `{"queue":2,"shelf":0,"last_seq":5,"battery":-1}`)
	has(t, "gaps that wait", boss.get(t, "/app/devices/"+id), 200, "Có số trống, phiếu còn ở máy", "trình duyệt không cho biết")
	s.pass(12 * time.Minute)
	has(t, "silent", boss.get(t, "/app/devices?state=look"), 200, "Im trong giờ mở cửa", "12 phút trước")

	has(t, "asking", boss.get(t, "/app/devices/"+id+"/revoke"), 200, "Thu hồi khóa của Máy bảng quầy 2?")
	if a := boss.post(t, "/app/devices/"+id+"/revoke", nil); a.status != 303 {
		t.Errorf("revoking: %d", a.status)
	}
	if a := s.beat(t, key, `{}`); a.status != 401 {
		t.Errorf("the revoked key: %d", a.status)
	}
	has(t, "revoked", boss.get(t, "/app/devices?state=revoked"), 200, "Đã thu hồi", "Máy bảng quầy 2")
	hasNot(t, "in use", boss.get(t, "/app/devices?state=used"), "Máy bảng quầy 2")
}

func TestDevicesOfOthers(t *testing.T) {
	s := newSite(t)
	id, _ := s.paired(t, "BBBBBB", "") // Yên Tử
	other := s.office(t, "minh", auth.Manager, "qn.ub")
	hasNot(t, "the list", other.get(t, "/app/devices"), "Máy bảng quầy 2")
	for _, path := range []string{"/app/devices/" + id, "/app/devices?unit=qn.yt"} {
		has(t, path, other.get(t, path), 404)
	}
	has(t, "settings", other.get(t, "/app/settings"), 403)
	reader := s.office(t, "hoa", auth.Auditor, "")
	has(t, "a reader", reader.get(t, "/app/devices"), 200, "Máy bảng quầy 2")
	hasNot(t, "a reader", reader.get(t, "/app/devices/"+id), "/revoke")
	for _, path := range []string{"/app/devices/new", "/app/devices/" + id + "/revoke"} {
		has(t, path, reader.get(t, path), 403)
	}
	for _, path := range []string{"/app/devices/" + id + "/revoke", "/app/devices", "/app/settings"} {
		has(t, path, reader.post(t, path, url.Values{"point": {"BBBBBB"}, "unit": {"qn"}}), 403)
	}
}

func TestPairingPage(t *testing.T) {
	s := newSite(t)
	boss := s.office(t, "lan", auth.Admin, "")
	has(t, "the form", boss.get(t, "/app/devices/new?point=BBBBBB"), 200, `value="BBBBBB" selected`)
	has(t, "no name", boss.post(t, "/app/devices", url.Values{"point": {"BBBBBB"}}), 422, "Tên máy cần từ 1 đến 80 ký tự.")
	at := boss.makesCode(t, "BBBBBB", "Quầy <2>")
	if at != "/app/devices/code/PAIR21" {
		t.Fatalf("the code is shown at %s", at)
	}
	const refresh = `<noscript><meta http-equiv="refresh"`
	has(t, "the code", boss.get(t, at), 200, `data-code="PAIR21"`, "PAI R21", "khaosat.example.vn/k/BBBBBB", "Dùng được đến 09:15", "Quầy &lt;2&gt;", "data-waiting", refresh)
	has(t, "a code of another unit", s.office(t, "minh", auth.Manager, "qn.ub").get(t, at), 404)
	has(t, "a code to read only", s.office(t, "hoa", auth.Auditor, "").get(t, at), 403)
	has(t, "no such code", boss.get(t, "/app/devices/code/NOBODY"), 404)

	s.ask(t, "POST", "/api/v1/devices/pair", `{"code":"PAIR21"}`, "Content-Type", asJSON)
	paired := boss.get(t, at)
	has(t, "paired", paired, 200, "Đã ghép Quầy &lt;2&gt;", "Phường Yên Tử", `href="/app/devices/dev`)
	hasNot(t, "paired", paired, "data-waiting", "data-code", refresh)
	has(t, "told in English too", boss.get(t, at+"?lang=en"), 200, "Quầy &lt;2&gt; is paired")

	late := boss.makesCode(t, "BBBBBB", "Quầy 3")
	s.pass(16 * time.Minute)
	over := boss.get(t, late)
	has(t, "expired", over, 200, "Mã đã hết hạn", `href="/app/devices/new?point=BBBBBB"`)
	hasNot(t, "expired", over, "data-waiting", "data-code", refresh)
}

// makesCode makes a pairing code and returns where it is shown.
func (o office) makesCode(t testing.TB, point, name string) string {
	t.Helper()
	a := o.post(t, "/app/devices", url.Values{"point": {point}, "name": {name}})
	if a.status != 303 {
		t.Fatalf("making a code: %d %s", a.status, a.body)
	}
	return a.header.Get("Location")
}

// A manager runs the devices of the own branch, and no others; what counts,
// opening hours among it, stays with administrators.
func TestManagersPairInTheirBranch(t *testing.T) {
	s := newSite(t)
	own, _ := s.paired(t, "BBBBBB", "") // Yên Tử
	chief := s.office(t, "binh", auth.Manager, "qn.yt")
	has(t, "the list", chief.get(t, "/app/devices"), 200, `href="/app/devices/new"`)
	has(t, "the point", chief.get(t, "/app/points?point=BBBBBB"), 200, `href="/app/devices/new?point=BBBBBB"`)
	hasNot(t, "the point", chief.get(t, "/app/points?point=BBBBBB"), "/app/settings", "/app/points/new")
	form := chief.get(t, "/app/devices/new")
	has(t, "the form", form, 200, `value="BBBBBB"`)
	hasNot(t, "the form", form, `value="AAAAAA"`)
	has(t, "the code", chief.get(t, chief.makesCode(t, "BBBBBB", "Quầy 5")), 200, "Quầy 5")
	has(t, "elsewhere", chief.post(t, "/app/devices", url.Values{"point": {"AAAAAA"}, "name": {"x"}}), 404)
	has(t, "hours", chief.get(t, "/app/settings?point=BBBBBB"), 403)

	other := s.office(t, "dung", auth.Manager, "qn.ub")
	for _, path := range []string{"/app/devices/" + own, "/app/devices/" + own + "/revoke"} {
		has(t, path, other.get(t, path), 404)
	}
	has(t, "revoking elsewhere", other.post(t, "/app/devices/"+own+"/revoke", nil), 404)
	has(t, "its page", chief.get(t, "/app/devices/"+own), 200, "/revoke")
	has(t, "asking", chief.get(t, "/app/devices/"+own+"/revoke"), 200)
	has(t, "revoking", chief.post(t, "/app/devices/"+own+"/revoke", nil), 303)
	has(t, "revoked", chief.get(t, "/app/devices?state=revoked"), 200, "Đã thu hồi")
}

func TestSettingsForm(t *testing.T) {
	s := newSite(t)
	boss := s.office(t, "lan", auth.Admin, "")
	form := url.Values{"unit": {"qn"}, "mode": {"own"}, "h-mon-fri": {"7h30 – 11h, 13:30-17:00"}, "h-sat": {"7:30-11:30"}, "idle": {"45"}, "pin": {"2580"}}
	if a := boss.post(t, "/app/settings", form); a.status != 303 || !strings.HasPrefix(a.header.Get("Location"), "/app/settings?unit=qn") {
		t.Fatalf("saving: %d %s", a.status, a.body)
	}
	set := s.seen().Settings
	if got, want := set[survey.SettingKey{Unit: "qn", Name: survey.HoursSetting}], "mon-fri 7:30-11:00 13:30-17:00; sat 7:30-11:30"; got != want {
		t.Errorf("hours %q, want %q", got, want)
	}
	if pin := set[survey.SettingKey{Unit: "qn", Name: survey.PINSetting}]; pin == "" || strings.Contains(pin, "2580") {
		t.Errorf("the PIN is kept as %q", pin)
	}
	has(t, "again", boss.get(t, "/app/settings?unit=qn"), 200, "07:30-11:00, 13:30-17:00", `value="45"`, "Đã đặt riêng ở đây")
	has(t, "below", boss.get(t, "/app/settings?point=BBBBBB"), 200, "thứ Hai đến thứ Sáu 07:30–11:00, 13:30–17:00; thứ Bảy 07:30–11:30 (theo Tỉnh Quảng Ninh)", "Để trống: 45, theo Tỉnh Quảng Ninh.")
	has(t, "on the point", boss.get(t, "/app/points?point=BBBBBB"), 200, "thứ Hai đến thứ Sáu 07:30–11:00")

	for _, c := range []struct {
		change url.Values
		want   string
	}{
		{url.Values{"h-sat": {"7:30-25:00"}}, "Không đọc được “7:30-25:00”"},
		{url.Values{"h-mon-fri": {""}, "h-sat": {""}}, "Hãy ghi ít nhất một ngày"},
		{url.Values{"idle": {"5"}}, "Cần số giây từ 10 đến 300."},
		{url.Values{"pin": {"12"}}, "PIN gồm 4 đến 8 chữ số."},
		{url.Values{"zone": {"Trái/Đất"}}, "Không có múi giờ “Trái/Đất”"},
	} {
		bad := url.Values{}
		for k, v := range form {
			bad[k] = v
		}
		for k, v := range c.change {
			bad[k] = v
		}
		has(t, c.want, boss.post(t, "/app/settings", bad), 422, c.want)
	}
	if a := boss.post(t, "/app/settings", url.Values{"unit": {"qn"}, "mode": {"inherit"}, "pin_clear": {"1"}}); a.status != 303 {
		t.Fatalf("clearing: %d", a.status)
	}
	if left := s.seen().Settings; len(left) != 0 {
		t.Errorf("after clearing there is %v", left)
	}
}
