package export_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/export"
	"sipas/internal/instrument"
	"sipas/internal/store"
	"sipas/internal/survey"
)

// fixture is a small survey in a real database, with the export over it.
type fixture struct {
	store  *store.Store
	intake *survey.Intake
	exp    *export.Exporter
	now    time.Time
	n      int
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newFixture opens a survey by pulse@1 in a province with two wards.
func newFixture(t testing.TB) *fixture {
	t.Helper()
	ctx := t.Context()
	set, err := instrument.Builtin()
	must(t, err)
	st, err := store.Open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "t.db"), store.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, st.Close()) })
	zone, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	must(t, err)
	f := &fixture{store: st, now: time.Date(2026, 3, 2, 9, 0, 0, 0, zone)}
	pulse := set.ByID("pulse@1")
	must(t, st.PutUnits(ctx, []survey.Unit{
		{Code: "qn", Name: "Tỉnh Quảng Ninh", Kind: survey.Province, ValidTo: survey.Always},
		{Code: "qn.a", Name: "Phường A", Kind: survey.Ward, Parent: "qn", ValidTo: survey.Always},
		{Code: "qn.b", Name: `Phường "B", mới`, Kind: survey.Ward, Parent: "qn", ValidTo: survey.Always},
	}))
	must(t, st.PutServices(ctx, []survey.Service{{Code: "1.004194", Name: "Đăng ký tạm trú"}}))
	must(t, st.PutWave(ctx, survey.Wave{
		ID: "w", Name: "Thử", Instrument: pulse.ID, InstrumentHash: pulse.Hash, Units: []survey.UnitCode{"qn"},
		From: survey.DayOf(f.now), To: survey.DayOf(f.now) + 30, Design: survey.Continuous, State: survey.Open, Synthetic: true,
	}))
	must(t, st.PutPoints(ctx, []survey.Point{
		{Code: "AAAAAA", Name: "a", Unit: "qn.a", Wave: "w", Channel: survey.QR},
		{Code: "BBBBBB", Name: "b", Unit: "qn.b", Wave: "w", Channel: survey.Kiosk},
	}))
	c, err := st.Catalog(ctx, map[survey.InstrumentID]*survey.Instrument{pulse.ID: pulse})
	must(t, err)
	catalog := func() *survey.Catalog { return c }
	clock := func() time.Time { return f.now }
	f.intake = &survey.Intake{Ledger: st, Catalog: catalog, Key: survey.ReceiptKey("key"), Zone: zone, Now: clock}
	f.exp = &export.Exporter{
		Source: st, Catalog: catalog, Zone: zone, Now: clock,
		Program: export.Program{Version: "test", Commit: "abc", Go: "go"},
	}
	return f
}

// answer stores one response, a minute after the one before.
func (f *fixture) answer(t testing.TB, change func(*survey.Submission)) survey.Accepted {
	t.Helper()
	f.n++
	f.now = f.now.Add(time.Minute)
	s := survey.Submission{
		ID: fmt.Sprintf("019cabcd-0000-7000-8000-%012d", f.n), Point: "AAAAAA", Instrument: "pulse@1", Locale: "vi",
		StartedAt: f.now.Add(-20 * time.Second), SubmittedAt: f.now, Answers: survey.Answers{"P1": survey.Score("5")},
	}
	if change != nil {
		change(&s)
	}
	a, err := f.intake.Submit(context.Background(), s)
	must(t, err)
	return a
}

// fill stores one response of every sort.
func (f *fixture) fill(t testing.TB) {
	f.answer(t, nil)
	f.answer(t, func(s *survey.Submission) {
		s.Point, s.Device, s.DeviceSeq, s.Service, s.Locale = "BBBBBB", "kiosk-1", 7, "1.004194", "en"
		s.Answers = survey.Answers{"P1": survey.Score("1"), "W1": survey.Several("fees", "waiting")}
		s.Comment = "Chờ lâu, \"rất\" lâu.\r\nDòng hai"
	})
	f.answer(t, func(s *survey.Submission) { s.Answers, s.Comment = nil, `=HYPERLINK("http://x")` })
	f.answer(t, func(s *survey.Submission) {
		s.Answers = survey.Answers{"P1": survey.Skip()}
		s.Comment = "-1+1"
		s.SubmittedAt = s.SubmittedAt.UTC()
	})
	f.answer(t, func(s *survey.Submission) {
		s.Answers = survey.Answers{"P1": survey.Score("2"), "W1": survey.Several()}
		s.Comment = "@SUM(A1)"
	})
	must(t, f.store.JudgeResponse(t.Context(), 3, func(r survey.Response) (*survey.Judgement, survey.Delta, error) {
		reasons := []survey.Reason{survey.TooFast, survey.Honeypot}
		return &survey.Judgement{Seq: r.Seq, Number: 1, State: survey.Quarantined, Reasons: reasons, At: f.now}, nil, nil
	}))
}

// golden compares got with a file of testdata, or rewrites it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if os.Getenv("SIPAS_GOLDEN") != "" {
		must(t, os.WriteFile(file, got, 0o644))
	}
	want, err := os.ReadFile(file)
	must(t, err)
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func (f *fixture) write(t testing.TB, r export.Request) (string, export.Manifest) {
	t.Helper()
	var b bytes.Buffer
	m, err := f.exp.Write(context.Background(), r, &b, nil)
	must(t, err)
	sum := sha256.Sum256(b.Bytes())
	if m.SHA256 != hex.EncodeToString(sum[:]) || m.Bytes != int64(b.Len()) {
		t.Errorf("the manifest says %s and %d bytes; the file has %x and %d", m.SHA256, m.Bytes, sum, b.Len())
	}
	return b.String(), m
}

func TestCSV(t *testing.T) {
	f := newFixture(t)
	f.fill(t)
	text, m := f.write(t, export.Request{Wave: "w", Format: export.CSV})
	golden(t, "pulse.csv", []byte(text))
	m.Instrument.Hash = "…" // changes with the questionnaire
	golden(t, "pulse.csv.manifest.json", m.JSON())

	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	must(t, err) // which also checks that all rows have the same width
	if diff := cmp.Diff(m.Columns, records[0]); diff != "" {
		t.Errorf("the manifest's columns differ from the file's:\n%s", diff)
	}
	if len(records) != 1+5 || m.Rows != 5 {
		t.Errorf("%d records and %d rows in the manifest, want a header and 5", len(records), m.Rows)
	}
	if diff := cmp.Diff(map[survey.State]int64{survey.Counted: 4, survey.Quarantined: 1}, m.States); diff != "" {
		t.Errorf("states in the manifest (-want +got):\n%s", diff)
	}
	if got := records[2][len(records[2])-1]; got != "Chờ lâu, \"rất\" lâu.\nDòng hai" { // encoding/csv drops the CR
		t.Errorf("comment reads back as %q", got)
	}
}

func TestNDJSON(t *testing.T) {
	f := newFixture(t)
	f.fill(t)
	text, m := f.write(t, export.Request{Wave: "w", Format: export.NDJSON})
	golden(t, "pulse.ndjson", []byte(text))
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if int64(len(lines)) != m.Rows {
		t.Errorf("%d lines, the manifest says %d", len(lines), m.Rows)
	}
	for _, line := range lines {
		var row map[string]any
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Errorf("%v: %s", err, line)
		}
		for _, name := range m.Columns {
			if _, ok := row[name]; !ok {
				t.Errorf("no %s in %s", name, line)
			}
		}
		if len(row) != len(m.Columns) {
			t.Errorf("%d fields, the manifest names %d", len(row), len(m.Columns))
		}
	}
}

func TestFilters(t *testing.T) {
	f := newFixture(t)
	f.fill(t)
	day := survey.DayOf(f.now)
	for _, c := range []struct {
		name string
		r    export.Request
		rows int64
	}{
		{"everything", export.Request{Wave: "w"}, 5},
		{"the root has all", export.Request{Wave: "w", Unit: "qn"}, 5},
		{"one ward", export.Request{Wave: "w", Unit: "qn.b"}, 1},
		{"that day", export.Request{Wave: "w", Period: survey.Period{From: day, To: day}}, 5},
		{"the day after", export.Request{Wave: "w", Period: survey.Period{From: day + 1, To: day + 1}}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.r.Format = export.CSV
			_, m := f.write(t, c.r)
			if m.Rows != c.rows || m.Watermark.Seq != 5 {
				t.Errorf("%d rows up to %d, want %d up to 5", m.Rows, m.Watermark.Seq, c.rows)
			}
			if (m.Filters.Unit == nil) != (c.r.Unit == "") || (m.Filters.From == nil) != c.r.Period.Whole() {
				t.Errorf("filters %+v do not say %+v", m.Filters, c.r)
			}
		})
	}
}

func TestBadRequests(t *testing.T) {
	f := newFixture(t)
	for _, c := range []struct {
		r     export.Request
		field string
	}{
		{export.Request{Wave: "x", Format: export.CSV}, "wave"},
		{export.Request{Wave: "w", Unit: "x", Format: export.CSV}, "unit"},
		{export.Request{Wave: "w", Format: "parquet"}, "format"},
		{export.Request{Wave: "w", Format: ""}, "format"},
		{export.Request{Wave: "w", Format: export.CSV, Period: survey.Period{From: 2, To: 1}}, "to"},
	} {
		_, err := f.exp.Write(t.Context(), c.r, io.Discard, nil)
		e, ok := errors.AsType[*survey.Error](err)
		if !ok || e.Kind != survey.Invalid || len(e.Fields) != 1 || e.Fields[0].Field != c.field {
			t.Errorf("%+v: %v, want Invalid for %s", c.r, err, c.field)
		}
	}
}

func TestExportHoldsWhatWasThereWhenItBegan(t *testing.T) {
	f := newFixture(t)
	for range 10 {
		f.answer(t, nil)
	}
	reading := false
	var w bytes.Buffer
	f.exp.Source = during{f.store, func() {
		if !reading {
			reading = true
			for range 7 {
				f.answer(t, nil)
			}
		}
	}}
	m, err := f.exp.Write(t.Context(), export.Request{Wave: "w", Format: export.CSV}, &w, nil)
	must(t, err)
	if !reading || m.Rows != 10 || m.LastSeq != 10 || strings.Count(w.String(), "\r\n") != 11 {
		t.Errorf("%d rows to seq %d, want the 10 that were there", m.Rows, m.LastSeq)
	}
}

// during does something before the first page is read.
type during struct {
	export.Source
	do func()
}

func (d during) EachResponse(ctx context.Context, filter survey.Filter, after int64, limit int, f func(*survey.Response) error) error {
	d.do()
	return d.Source.EachResponse(ctx, filter, after, limit, f)
}

func TestClashesAreCounted(t *testing.T) {
	f := newFixture(t)
	f.answer(t, nil)
	_, err := f.intake.Submit(t.Context(), survey.Submission{
		ID: "019cabcd-0000-7000-8000-000000000001", Point: "AAAAAA", Instrument: "pulse@1", Locale: "vi",
		StartedAt: f.now, SubmittedAt: f.now, Answers: survey.Answers{"P1": survey.Score("1")},
	})
	if survey.KindOf(err) != survey.Conflict {
		t.Fatalf("another body under the same id: %v, want Conflict", err)
	}
	if _, m := f.write(t, export.Request{Wave: "w", Format: export.CSV}); m.Clashes != 1 || m.Rows != 1 {
		t.Errorf("%d clashes and %d rows, want 1 and 1", m.Clashes, m.Rows)
	}
}

func TestAFullDiskIsAnError(t *testing.T) {
	f := newFixture(t)
	f.fill(t)
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	must(t, err)
	defer full.Close()
	_, err = f.exp.Write(t.Context(), export.Request{Wave: "w", Format: export.CSV}, full, nil)
	if err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("error = %v, want no space left", err)
	}
}
