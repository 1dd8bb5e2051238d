package export_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sipas/internal/export"
	"sipas/internal/survey"
)

func openDesk(t *testing.T, dir string, e *export.Exporter, ids ...string) *export.Desk {
	t.Helper()
	next := 0
	d, err := export.OpenDesk(dir, e, slog.New(slog.DiscardHandler), func() string { next++; return ids[next-1] })
	must(t, err)
	t.Cleanup(d.Close)
	return d
}

// ended waits until a job is over.
func ended(t *testing.T, d *export.Desk, id string) export.Job {
	t.Helper()
	d.Wait()
	j, err := d.Job(id)
	must(t, err)
	if !j.Over() {
		t.Fatalf("job %s is still %s", id, j.State)
	}
	return j
}

var everything = export.Request{Wave: "w", Format: export.CSV}

func TestDeskWritesAFile(t *testing.T) {
	f := newFixture(t)
	f.fill(t)
	dir := filepath.Join(t.TempDir(), "exports")
	d := openDesk(t, dir, f.exp, "one")
	id, err := d.Start(t.Context(), "auditor", everything)
	must(t, err)
	j := ended(t, d, id)
	if j.State != export.Done || j.By != "auditor" || j.File != "w.5.csv" || j.Manifest.Rows != 5 || j.Progress.Percent() != 100 {
		t.Errorf("job = %+v", j)
	}
	file, err := d.Open(id)
	must(t, err)
	defer file.Close()
	text, err := io.ReadAll(file)
	must(t, err)
	var want bytes.Buffer
	_, err = f.exp.Write(t.Context(), everything, &want, nil)
	must(t, err)
	if !bytes.Equal(text, want.Bytes()) {
		t.Error("the file is not what Write writes")
	}
	for name, mode := range map[string]os.FileMode{dir: 0o700 | os.ModeDir, filepath.Join(dir, "one.data"): 0o600} {
		if info, err := os.Stat(name); err != nil || info.Mode() != mode {
			t.Errorf("%s has mode %v (%v), want %v", name, info.Mode(), err, mode)
		}
	}
	must(t, d.Remove(id))
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("%d files are left after Remove", len(left))
	}
	if _, err := d.Job(id); survey.KindOf(err) != survey.NotFound {
		t.Errorf("a removed job is still there: %v", err)
	}
}

func TestDeskRefusesABadRequest(t *testing.T) {
	d := openDesk(t, t.TempDir(), newFixture(t).exp)
	_, err := d.Start(t.Context(), "auditor", export.Request{Wave: "nothing", Format: export.CSV})
	if survey.KindOf(err) != survey.Invalid || len(d.Jobs()) != 0 {
		t.Errorf("error = %v with %d jobs, want Invalid and none", err, len(d.Jobs()))
	}
}

func TestDeskFindsItsJobsAgain(t *testing.T) {
	f := newFixture(t)
	f.fill(t)
	dir := t.TempDir()
	d := openDesk(t, dir, f.exp, "one")
	id, err := d.Start(t.Context(), "auditor", everything)
	must(t, err)
	ended(t, d, id)
	d.Close()
	// What a process leaves that was killed while it wrote.
	must(t, os.WriteFile(filepath.Join(dir, "two.json"), []byte(`{"id":"two","wave":"w","format":"csv","state":"running"}`), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "two.data.partial"), []byte("seq,"), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "three.json"), []byte(`{"id":"thr`), 0o600))

	d = openDesk(t, dir, f.exp)
	if jobs := d.Jobs(); len(jobs) != 2 {
		t.Fatalf("%d jobs, want one and two", len(jobs))
	}
	if j, err := d.Job("one"); err != nil || j.State != export.Done || j.Manifest == nil {
		t.Errorf("one = %+v (%v), want it done", j, err)
	}
	if j, err := d.Job("two"); err != nil || j.State != export.Failed || j.Reason != export.ReasonInterrupted {
		t.Errorf("two = %+v (%v), want it failed", j, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "two.data.partial")); !os.IsNotExist(err) {
		t.Errorf("the half-written file is still there (%v)", err)
	}
	if _, err := d.Open("two"); survey.KindOf(err) != survey.NotFound {
		t.Errorf("opening a failed job: %v, want NotFound", err)
	}
}

func TestDeskSaysThatTheDiskIsFull(t *testing.T) {
	f := newFixture(t)
	f.fill(t)
	dir := t.TempDir()
	must(t, os.Symlink("/dev/full", filepath.Join(dir, "one.data.partial")))
	d := openDesk(t, dir, f.exp, "one")
	id, err := d.Start(t.Context(), "auditor", everything)
	must(t, err)
	if j := ended(t, d, id); j.State != export.Failed || j.Reason != export.ReasonDiskFull {
		t.Errorf("job = %+v, want disk full", j)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*.data*"))
	must(t, err)
	if len(left) > 0 {
		t.Errorf("%s is left behind", strings.Join(left, ", "))
	}
}

// held lets no page be read before it is told to.
type held struct {
	export.Source
	began, release chan struct{}
}

func (h held) EachResponse(ctx context.Context, filter survey.Filter, after int64, limit int, f func(*survey.Response) error) error {
	close(h.began)
	select {
	case <-h.release:
	case <-ctx.Done():
		return ctx.Err()
	}
	return h.Source.EachResponse(ctx, filter, after, limit, f)
}

func TestDeskStopsAJob(t *testing.T) {
	for _, c := range []struct {
		name   string
		stop   func(d *export.Desk) error
		state  export.JobState
		reason string
	}{
		{"by its owner", func(d *export.Desk) error { return d.Remove("one") }, export.Cancelled, ""},
		{"by the server's end", func(d *export.Desk) error { d.Close(); return nil }, export.Failed, export.ReasonInterrupted},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t)
			f.fill(t)
			h := held{f.exp.Source, make(chan struct{}), make(chan struct{})}
			f.exp.Source = h
			d := openDesk(t, t.TempDir(), f.exp, "one")
			_, err := d.Start(t.Context(), "auditor", everything)
			must(t, err)
			<-h.began
			must(t, c.stop(d))
			if j := ended(t, d, "one"); j.State != c.state || j.Reason != c.reason {
				t.Errorf("job = %+v, want %s %s", j, c.state, c.reason)
			}
		})
	}
}
