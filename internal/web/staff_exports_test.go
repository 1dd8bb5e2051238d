package web_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sipas/internal/export"
	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/web"
)

func TestExports(t *testing.T) {
	s := staffSite(t, func(d *web.Deps) {
		e := &export.Exporter{Source: d.Intake.Ledger.(*store.Store), Catalog: d.Catalog, Zone: zone, Now: func() time.Time { return today }}
		desk, err := export.OpenDesk(t.TempDir(), e, d.Log, func() string { return "job1" })
		must(t, err)
		t.Cleanup(desk.Close)
		d.Exports = desk
	})
	me, manager := s.signIn(t, "auditor"), s.signIn(t, "manager")
	bad := url.Values{"wave": {"nothing"}, "format": {"pdf"}, "from": {"2026-03-02"}, "to": {""}}
	if a := s.send(t, "/app/exports", bad, me); a.status != 422 || !strings.Contains(words(a.body), "Hãy chọn một ngày") {
		t.Errorf("bad request: %d %s", a.status, words(a.body))
	}
	if a := s.send(t, "/app/exports", url.Values{"wave": {"open"}, "unit": {"qn.ub"}, "format": {"csv"}}, me); a.status != 303 {
		t.Fatalf("start: %d %s", a.status, words(a.body))
	}
	done := func() bool {
		return strings.Contains(s.ask(t, "GET", "/app/exports", "", me...).body, "/app/exports/job1/file")
	}
	for i := 0; !done(); i++ {
		if i > 5000 {
			t.Fatal("the export does not end")
		}
	}
	page := words(s.ask(t, "GET", "/app/exports", "", me...).body)
	for _, want := range []string{"Xong, đủ 12 dòng", "Phường Uông Bí và mọi đơn vị bên dưới", "short@1", "50, 09:00 ngày 02/03/2026"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in: %s", want, page)
		}
	}
	file := s.ask(t, "GET", "/app/exports/job1/file", "", me...)
	if file.status != 200 || strings.Count(file.body, "\r\n") != 13 || !strings.Contains(file.header.Get("Content-Disposition"), ".csv") {
		t.Errorf("file: %d %q %d lines", file.status, file.header.Get("Content-Disposition"), strings.Count(file.body, "\r\n"))
	}
	manifest := s.ask(t, "GET", "/app/exports/job1/manifest", "", me...)
	if !strings.Contains(manifest.body, `"rows": 12`) || !strings.Contains(page, regexp.MustCompile(`[0-9a-f]{64}`).FindString(manifest.body)) {
		t.Errorf("manifest: %s", manifest.body)
	}
	for _, path := range []string{"/app/exports/job1/file", "/app/exports/job1/manifest"} {
		if a := s.ask(t, "GET", path, "", manager...); a.status != 403 {
			t.Errorf("a manager gets %s: %d", path, a.status)
		}
	}
	must(t, s.auth.AddAccount(t.Context(), "auditor2", password, "auditor", ""))
	if a := s.ask(t, "GET", "/app/exports/job1/file", "", s.signIn(t, "auditor2")...); a.status != 404 {
		t.Errorf("another auditor's file: %d", a.status)
	}
	if a := s.send(t, "/app/exports/job1/remove", nil, me); a.status != 303 {
		t.Errorf("remove: %d", a.status)
	}
	if a := s.ask(t, "GET", "/app/exports/job1/file", "", me...); a.status != 404 {
		t.Errorf("a removed file: %d", a.status)
	}
}

func TestExportsOfOneSubtree(t *testing.T) {
	var desk *export.Desk
	s := staffSite(t, func(d *web.Deps) {
		e := &export.Exporter{Source: d.Intake.Ledger.(*store.Store), Catalog: d.Catalog, Zone: zone, Now: func() time.Time { return today }}
		var err error
		desk, err = export.OpenDesk(t.TempDir(), e, d.Log, rand.Text)
		must(t, err)
		t.Cleanup(desk.Close)
		d.Exports = desk
	})
	must(t, s.auth.AddAccount(t.Context(), "scoped", password, "auditor", "qn.ub"))
	me := s.signIn(t, "scoped")
	for _, unit := range []string{"qn", "qn.yt"} {
		if a := s.send(t, "/app/exports", url.Values{"wave": {"open"}, "unit": {unit}, "format": {"csv"}}, me); a.status != 404 {
			t.Errorf("a unit outside, %s: %d", unit, a.status)
		}
	}
	if page := s.ask(t, "GET", "/app/exports", "", me...).body; strings.Contains(page, `<option value=""`) || strings.Contains(page, "Yên Tử") {
		t.Error("units outside are offered")
	}
	if a := s.send(t, "/app/exports", url.Values{"wave": {"open"}, "format": {"csv"}}, me); a.status != 303 {
		t.Fatalf("no unit: %d", a.status)
	}
	if jobs := desk.Jobs(); len(jobs) != 1 || jobs[0].Unit != "qn.ub" {
		t.Errorf("the own subtree was asked for, and this is written: %+v", jobs)
	}
}

// broken is a store of counts that cannot be read.
type broken struct{ *store.Store }

func (broken) Counts(context.Context, survey.TallyQuery) (survey.Counts, error) {
	return survey.Counts{}, errors.New("disk on fire")
}

// late is a store whose tallies are far behind.
type late struct{ *store.Store }

func (s late) Counts(ctx context.Context, q survey.TallyQuery) (survey.Counts, error) {
	c, err := s.Store.Counts(ctx, q)
	c.Late, c.Head.Seq = true, c.Head.Seq+1204
	return c, err
}

func TestFailedAndLateFiguresSaySo(t *testing.T) {
	s := staffSite(t, func(d *web.Deps) {
		d.Reader = &survey.Reader{Store: broken{d.Intake.Ledger.(*store.Store)}, Catalog: d.Catalog}
	})
	admin := s.signIn(t, "admin")
	for _, page := range []string{"/app", "/app/heatmap", "/app/breakdown", "/app/drivers"} {
		a := s.ask(t, "GET", page+"?wave=open", "", admin...)
		if text := words(a.body); a.status != 503 || !strings.Contains(text, "không đọc được bảng đếm") || strings.Contains(text, "disk on fire") || strings.Contains(text, "Chưa có phiếu") {
			t.Errorf("%s failed: %d %s", page, a.status, text)
		}
	}
	if !strings.Contains(s.log.String(), "disk on fire") {
		t.Error("the cause is not in the log")
	}
	s = staffSite(t, func(d *web.Deps) {
		d.Reader = &survey.Reader{Store: late{d.Intake.Ledger.(*store.Store)}, Catalog: d.Catalog}
	})
	a := s.ask(t, "GET", "/app?wave=open", "", s.signIn(t, "admin")...)
	if text := words(a.body); a.status != 200 || !strings.Contains(text, "Chậm 1.254 phiếu") || !strings.Contains(a.body, `class="asof late"`) {
		t.Errorf("late: %d %s", a.status, text)
	}
}
