package web_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"

	"sipas/internal/auth"
	"sipas/internal/book"
	"sipas/internal/comment"
	"sipas/internal/estimate"
	"sipas/internal/export"
	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/web"
)

// site is the whole site on a real database, with a clock that stands still
// until it is moved.
type site struct {
	app   *fiber.App
	store *store.Store
	auth  *auth.Service
	log   *strings.Builder

	mu      sync.Mutex
	now     time.Time
	catalog *survey.Catalog
	instr   map[survey.InstrumentID]*survey.Instrument
	reg     *survey.Registry
	kiosks  *survey.Devices
}

var zone = time.FixedZone("+07", 7*3600)

// today is when the tests happen.
var today = time.Date(2026, 3, 2, 9, 0, 0, 0, zone)

const password = "mật khẩu dài"

// source adds to a store what only an export to the end needs.
type source struct{ *store.Store }

func (source) Head(context.Context) (survey.Watermark, error) { return survey.Watermark{}, nil }

func newSite(t testing.TB, change ...func(*web.Deps)) *site {
	t.Helper()
	st, err := store.Open(t.Context(), "sqlite:"+migrated(t), store.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, st.Close()) })
	s := &site{store: st, now: today, log: &strings.Builder{}, instr: map[survey.InstrumentID]*survey.Instrument{"short@1": short(), "other@1": other()}}
	s.auth = auth.New(st, s.clock, nil)
	reader := &survey.Reader{Store: st, Catalog: s.seen, Key: survey.ReceiptKey("0123456789abcdef0123456789abcdef"), Estimator: estimate.Samples{}}
	s.kiosks = s.devices()
	n := 0
	s.reg = &survey.Registry{
		Store: st, Reader: reader, Folder: &survey.Folder{Store: st, Catalog: s.seen}, Catalog: s.seen, Reload: s.reload, Now: s.clock,
		NewPoint: func() survey.PointCode { n++; return survey.PointCode(fmt.Sprintf("NEW%03d", n)) },
	}
	d := web.Deps{
		Intake: &survey.Intake{Ledger: st, Catalog: s.seen, Key: reader.Key, Zone: zone, Now: s.clock},
		Reader: reader, Registry: s.reg, Devices: s.kiosks, Catalog: s.seen, Auth: s.auth,
		Reviewer: &survey.Reviewer{JudgementStore: st, Catalog: s.seen, Now: s.clock},
		Comments: &comment.Desk{Shelf: st, List: st, Now: s.clock},
		Book:     &book.Memory{Store: st}, Indices: indices(t),
		Responses: &export.Exporter{Source: source{st}, Catalog: s.seen, Zone: zone, Now: s.clock},
		Ready:     func(context.Context) error { return nil },
		Log:       slog.New(slog.NewTextHandler(s.log, nil)), Now: s.clock, Zone: zone,
		PublicURL: "https://khaosat.example.vn", Version: "test", Metrics: web.NewMetrics(),
	}
	for _, f := range change {
		f(&d)
	}
	s.fill(t)
	s.app = web.New(d)
	return s
}

func indices(t testing.TB) *book.Types {
	t.Helper()
	types, err := book.Builtin(nil)
	must(t, err)
	return types
}

// migrated returns a copy of an empty database that is up to date, which takes
// a millisecond where migrating takes fifty.
func migrated(t testing.TB) string {
	t.Helper()
	b, err := emptyDatabase()
	must(t, err)
	file := filepath.Join(t.TempDir(), "t.db")
	must(t, os.WriteFile(file, b, 0o600))
	return file
}

var emptyDatabase = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "sipas-web-test")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "t.db")
	st, err := store.Open(context.Background(), "sqlite:"+file, store.Options{})
	if err != nil {
		return nil, err
	}
	if err := st.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// devices counts keys and ids up, so that every run makes the same.
func (s *site) devices() *survey.Devices {
	n := 0
	count := func(prefix string) string { n++; return fmt.Sprintf("%s%d", prefix, n) }
	return &survey.Devices{
		Store: s.store, Catalog: s.seen, Reload: s.reload, Now: s.clock, Zone: zone,
		NewCode: func() string { return count("PAIR2") },
		NewKey:  func() string { return count(survey.KeyPrefix) },
		NewID:   func() survey.DeviceID { return survey.DeviceID(count("dev")) },
	}
}

func (s *site) clock() time.Time { s.mu.Lock(); defer s.mu.Unlock(); return s.now }

func (s *site) pass(d time.Duration) { s.mu.Lock(); defer s.mu.Unlock(); s.now = s.now.Add(d) }

func (s *site) seen() *survey.Catalog { s.mu.Lock(); defer s.mu.Unlock(); return s.catalog }

func (s *site) reload(ctx context.Context) error {
	c, err := s.store.Catalog(ctx, s.instr)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.catalog = c
	return err
}

// fill makes a province with two communes, a wave in each state, a point for
// each, and one account and one token of each role.
func (s *site) fill(t testing.TB) {
	t.Helper()
	ctx, long := t.Context(), survey.Always
	must(t, s.store.PutUnits(ctx, []survey.Unit{
		{Code: "qn", Name: "Tỉnh Quảng Ninh", Kind: survey.Province, ValidTo: long},
		{Code: "qn.ub", Name: "Phường Uông Bí", Kind: survey.Ward, Parent: "qn", ValidTo: long},
		{Code: "qn.yt", Name: "Phường Yên Tử", Kind: survey.Ward, Parent: "qn", ValidTo: long},
	}))
	must(t, s.store.PutServices(ctx, []survey.Service{{Code: "1.004194", Name: "Đăng ký tạm trú", Field: "Cư trú"}}))
	day := survey.DayOf(today)
	for _, w := range []survey.Wave{
		{ID: "open", State: survey.Open, OpenedAt: today.AddDate(0, -1, 0)},
		{ID: "closed", State: survey.Closed, OpenedAt: today.AddDate(0, -1, 0), ClosedAt: today.AddDate(0, 0, -1)},
		{ID: "draft", State: survey.Draft},
	} {
		w.Name, w.Instrument, w.InstrumentHash, w.Units = "Đợt "+string(w.ID), "short@1", "abc", []survey.UnitCode{"qn"}
		w.From, w.To, w.Design, w.Synthetic = day-30, day+30, survey.Continuous, true
		must(t, s.store.PutWave(ctx, w))
	}
	must(t, s.store.PutPoints(ctx, []survey.Point{
		{Code: "AAAAAA", Name: "Quầy 1", Unit: "qn.ub", Wave: "open", Channel: survey.QR, Service: "1.004194"},
		{Code: "BBBBBB", Name: "Quầy 2", Unit: "qn.yt", Wave: "open", Channel: survey.Kiosk},
		{Code: "CCCCCC", Name: "Quầy 3", Unit: "qn.ub", Wave: "closed", Channel: survey.QR},
		{Code: "DDDDDD", Name: "Quầy 4", Unit: "qn.ub", Wave: "draft", Channel: survey.QR},
	}))
	must(t, s.reload(ctx))
}

// token makes a token of a role.
func (s *site) token(t testing.TB, role auth.Role, unit survey.UnitCode) string {
	t.Helper()
	token, err := s.auth.AddToken(t.Context(), "t-"+string(role)+string(unit), role, unit)
	must(t, err)
	return token
}

// short is a questionnaire with every kind of question.
func short() *survey.Instrument {
	return (&survey.Instrument{
		ID: "short@1", Hash: "abc", Status: survey.House, Minutes: 2,
		Title: survey.Text{"vi": "Phiếu ngắn", "en": "Short form"}, Ask: survey.Text{"vi": "Hôm nay thế nào?", "en": "How was it?"}, Source: survey.Text{"vi": "Tự soạn", "en": "Our own"},
		Sections: []survey.Section{
			{Code: "a", Title: survey.Text{"vi": "Phục vụ", "en": "Service"}, Questions: []*survey.Question{
				{Code: "S1", Kind: survey.Scale, Options: options("1", "2", "3", "4", "5"), Faces: true, Text: survey.Text{"vi": "Dễ hiểu", "en": "Clear"}},
				{Code: "S2", Kind: survey.Scale, Options: options("1", "2", "3", "4", "5"), Faces: true, Text: survey.Text{"vi": "Đúng hẹn", "en": "On time"}},
				{Code: "WHY", Kind: survey.Many, Options: options("slow", "rude", "far"), Text: survey.Text{"vi": "Vì sao", "en": "Why"}, ShowIf: &survey.Condition{Any: []survey.Condition{{Item: "S1", In: []string{"1", "2"}}, {Item: "S2", In: []string{"1", "2"}}}}},
				{Code: "W", Kind: survey.FreeText, Text: survey.Text{"vi": "Mong muốn", "en": "Wishes"}},
			}},
			{Code: "b", Title: survey.Text{"vi": "Về Ông/Bà", "en": "About you"}, Respondent: true, Questions: []*survey.Question{
				{Code: "gender", Kind: survey.One, Options: options("f", "m"), Text: survey.Text{"vi": "Giới", "en": "Sex"}},
			}},
		},
		Domains: []survey.Domain{{Code: "d", Title: survey.Text{"vi": "Chung", "en": "All"}, Factors: []survey.Factor{{Code: "f", Title: survey.Text{"vi": "Chung", "en": "All"}, Items: []survey.ItemCode{"S1", "S2"}}}}},
		Spec: survey.Spec{
			Satisfied: []string{"4", "5"}, Item: survey.SatisfiedShare, Factor: survey.MeanOfItems,
			Domain: survey.MeanOfItems, Overall: survey.MeanOfItems, Units: survey.PooledResponses, Decimals: 2,
		},
	}).Seal()
}

// other is another questionnaire, whose items the first does not know.
func other() *survey.Instrument {
	in := *short()
	in.ID = "other@1"
	return in.Seal()
}

func options(values ...string) (all []survey.Option) {
	for _, v := range values {
		all = append(all, survey.Option{Value: v, Label: survey.Text{"vi": "vi " + v, "en": "en " + v}})
	}
	return all
}

// answer is what the site answered.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request; headers come in pairs. Whatever the API answers must be
// what its own document says.
func (s *site) ask(t testing.TB, method, path, body string, headers ...string) answer {
	t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	req.Host = "khaosat.example.vn"
	for i := 0; i < len(headers); i += 2 {
		req.Header.Add(headers[i], headers[i+1])
	}
	res, err := s.app.Test(req, -1)
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	must(t, err)
	a := answer{res.StatusCode, res.Header, string(b)}
	if strings.HasPrefix(path, "/api/v1/") {
		fits(t, req, a)
	}
	return a
}

var document = sync.OnceValues(func() (validator.Validator, error) {
	b, err := os.ReadFile("openapi.json")
	if err != nil {
		return nil, err
	}
	doc, err := libopenapi.NewDocument(b)
	if err != nil {
		return nil, err
	}
	v, errs := validator.NewValidator(doc)
	if len(errs) > 0 {
		return nil, errs[0]
	}
	return v, nil
})

// fits fails the test unless the document foresees the answer.
func fits(t testing.TB, req *http.Request, a answer) {
	t.Helper()
	v, err := document()
	must(t, err)
	res := &http.Response{StatusCode: a.status, Header: a.header, Body: io.NopCloser(strings.NewReader(a.body)), Request: req}
	if !strings.Contains(a.header.Get("Content-Type"), "json") || strings.Contains(a.header.Get("Content-Type"), "ndjson") {
		return // the validator reads JSON only
	}
	if ok, errs := v.ValidateHttpResponse(req, res); !ok {
		for _, e := range errs {
			if (e.IsPathMissingError() || e.IsOperationMissingError()) && (a.status == 404 || a.status == 405) {
				continue // what is not there need not be described
			}
			t.Errorf("%s %s: %d does not fit openapi.json: %s %s", req.Method, req.URL, a.status, e.Message, e.Reason)
			for _, s := range e.SchemaValidationErrors {
				t.Errorf("  %s at %s", s.Reason, s.FieldPath)
			}
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fullDisk is a ledger that cannot commit.
type fullDisk struct{}

func (fullDisk) Append(context.Context, []survey.Response) ([]survey.Outcome, error) {
	return nil, &survey.Error{Kind: survey.Unavailable, Op: "store.Append", After: 30 * time.Second, Err: errors.New("disk is full")}
}
