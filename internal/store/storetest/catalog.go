package storetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/store"
	"sipas/internal/survey"
)

func catalog(t *testing.T, s *store.Store) *survey.Catalog {
	t.Helper()
	in := Instrument()
	c, err := s.Catalog(t.Context(), map[survey.InstrumentID]*survey.Instrument{in.ID: in})
	must(t, err)
	return c
}

func catalogRoundTrip(t *testing.T, s *store.Store) {
	empty := catalog(t, s)
	if empty.Tree.Len() != 0 || len(empty.Waves) != 0 || len(empty.Points) != 0 || len(empty.Services) != 0 {
		t.Errorf("a new store is not empty: %+v", empty)
	}
	Fill(t, s)
	successions := []survey.Succession{
		{From: "p.c1", To: "p.c2", Whole: true, On: day0, LegalBasis: "NQ 1679"},
		{From: "p.c1", To: "p.d1", On: day0, Share: 0.35},
	}
	must(t, s.PutSuccessions(t.Context(), successions))
	c := catalog(t, s)
	if d := cmp.Diff(survey.NewTree(units).All(), c.Tree.All()); d != "" {
		t.Errorf("units (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]survey.UnitCode{"p.c1", "p.c2", "p.d1"}, c.Tree.Children("p")); d != "" {
		t.Errorf("children (-want +got):\n%s", d)
	}
	if d := cmp.Diff(successions, c.Successions); d != "" {
		t.Errorf("successions (-want +got):\n%s", d)
	}
	wantWaves := map[survey.WaveID]*survey.Wave{}
	for _, w := range waves {
		wantWaves[w.ID] = &w
	}
	if d := cmp.Diff(wantWaves, c.Waves); d != "" {
		t.Errorf("waves (-want +got):\n%s", d)
	}
	wantPoints := map[survey.PointCode]survey.Point{points[0].Code: points[0], points[1].Code: points[1]}
	if d := cmp.Diff(wantPoints, c.Points); d != "" {
		t.Errorf("points (-want +got):\n%s", d)
	}
	wantServices := map[survey.ServiceCode]survey.Service{services[0].Code: services[0], services[1].Code: services[1]}
	if d := cmp.Diff(wantServices, c.Services); d != "" {
		t.Errorf("services (-want +got):\n%s", d)
	}
	if c.Instruments["small@1"] == nil {
		t.Error("the catalog forgot its instruments")
	}
}

// catalogReplace puts units again under their codes.
func catalogReplace(t *testing.T, s *store.Store) {
	Fill(t, s)
	u, x := units[0], services[1]
	u.ValidTo, u.Name = day0+5, "Xã Hai (cũ)"
	x.Owner = "p"
	must(t, s.PutUnits(t.Context(), []survey.Unit{u}))
	must(t, s.PutServices(t.Context(), []survey.Service{x}))
	c := catalog(t, s)
	if got, _ := c.Tree.Unit(u.Code); got != u || c.Tree.Len() != len(units) {
		t.Errorf("unit %+v of %d, want %+v of %d", got, c.Tree.Len(), u, len(units))
	}
	if got := c.Services[x.Code]; got != x {
		t.Errorf("service %+v, want %+v", got, x)
	}
}

// catalogVersion moves with every change and with no failure.
func catalogVersion(t *testing.T, s *store.Store) {
	last := int64(0)
	check := func(what string, moved bool) {
		t.Helper()
		v, err := s.CatalogVersion(t.Context())
		must(t, err)
		if (v > last) != moved {
			t.Errorf("%s: version %d → %d", what, last, v)
		}
		if c := catalog(t, s); c.Version != v {
			t.Errorf("%s: the catalog says version %d, want %d", what, c.Version, v)
		}
		last = v
	}
	check("new", true)
	must(t, s.PutUnits(t.Context(), units))
	check("PutUnits", true)
	must(t, s.PutServices(t.Context(), services))
	check("PutServices", true)
	must(t, s.PutWave(t.Context(), waves[0]))
	check("PutWave", true)
	must(t, s.PutPoints(t.Context(), points))
	check("PutPoints", true)
	wantKind(t, "PutPoints again", s.PutPoints(t.Context(), points), survey.Conflict)
	check("a failure", false)
	appended(t, s, NewResponse(0))
	check("a response", false)
	must(t, s.PutSuccessions(t.Context(), []survey.Succession{{From: "p.c1", To: "p.c2", On: day0}}))
	check("PutSuccessions", true)
}

// kinds: what callers can act on, and that a failure leaves nothing behind.
func kinds(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	good := survey.Unit{Code: "p.c9", Name: "Xã Chín", Kind: survey.Commune, Parent: "p", ValidTo: survey.Always}
	orphan := survey.Unit{Code: "x", Name: "Lạc", Kind: survey.Commune, Parent: "nowhere", ValidTo: survey.Always}
	stray := survey.Point{Code: "CCCCCC", Name: "Bàn 3", Unit: "p", Wave: "nowhere", Channel: survey.QR}
	elsewhere := waves[1]
	elsewhere.ID, elsewhere.Units = "w3", []survey.UnitCode{"p", "nowhere"}
	wantKind(t, "unit without its parent", s.PutUnits(ctx, []survey.Unit{good, orphan}), survey.NotFound)
	wantKind(t, "service without its owner", s.PutServices(ctx, []survey.Service{{Code: "9", Owner: "nowhere"}}), survey.NotFound)
	wantKind(t, "succession to nowhere", s.PutSuccessions(ctx, []survey.Succession{{From: "p", To: "nowhere"}}), survey.NotFound)
	wantKind(t, "wave twice", s.PutWave(ctx, waves[0]), survey.Conflict)
	wantKind(t, "wave of nowhere", s.PutWave(ctx, elsewhere), survey.NotFound)
	wantKind(t, "points, one taken", s.PutPoints(ctx, []survey.Point{{Code: "DDDDDD", Unit: "p", Wave: "w1", Channel: survey.QR}, points[0]}), survey.Conflict)
	wantKind(t, "point of no wave", s.PutPoints(ctx, []survey.Point{stray}), survey.NotFound)
	wantKind(t, "update of no wave", s.UpdateWave(ctx, "nowhere", func(*survey.Wave) error { return nil }), survey.NotFound)
	c := catalog(t, s)
	if _, ok := c.Tree.Unit("p.c9"); ok || c.Tree.Len() != len(units) || len(c.Waves) != len(waves) || len(c.Points) != len(points) {
		t.Error("a failed call left something behind")
	}
}

// updateWave loads, changes and saves in one transaction.
func updateWave(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	want := waves[1]
	want.State, want.OpenedAt, want.Weights, want.Units = survey.Open, at(5), nil, []survey.UnitCode{"p.c1", "p.c2", "p.d1"}
	must(t, s.UpdateWave(ctx, "w2", func(w *survey.Wave) error {
		if d := cmp.Diff(waves[1], *w); d != "" {
			t.Errorf("loaded (-want +got):\n%s", d)
		}
		*w = want
		return nil
	}))
	if d := cmp.Diff(want, *catalog(t, s).Waves["w2"]); d != "" {
		t.Errorf("saved (-want +got):\n%s", d)
	}
	refused := errors.New("refused")
	err := s.UpdateWave(ctx, "w2", func(w *survey.Wave) error { w.Name = "không"; return refused })
	if !errors.Is(err, refused) {
		t.Errorf("error %v, want the one of change", err)
	}
	if d := cmp.Diff(want, *catalog(t, s).Waves["w2"]); d != "" {
		t.Errorf("changed by a change that failed (-want +got):\n%s", d)
	}
	// Many at once: none is lost.
	done := make(chan error)
	for range 8 {
		go func() {
			done <- s.UpdateWave(ctx, "w1", func(w *survey.Wave) error { w.Name += "!"; return nil })
		}()
	}
	for range 8 {
		must(t, <-done)
	}
	if got, want := catalog(t, s).Waves["w1"].Name, waves[0].Name+"!!!!!!!!"; got != want {
		t.Errorf("name %q, want %q", got, want)
	}
}

func publish(t *testing.T, s *store.Store) {
	Fill(t, s)
	ctx := t.Context()
	published := at(100)
	report := func(u survey.UnitCode, n int64) survey.Report {
		return survey.Report{
			Wave: "w1", Unit: u, Instrument: "small@1", Spec: Instrument().Spec, N: n,
			Overall:   survey.ReportFigure{Percent: survey.Share(n, 3), Satisfied: n, Answered: 3},
			Domains:   []survey.ReportFigure{{Code: "d", Percent: survey.Percent{}}},
			Items:     []survey.ReportItem{{ReportFigure: survey.ReportFigure{Code: "S1"}, Skipped: 1, Counts: map[string]int64{"4": 2}}},
			Watermark: survey.ReportMark{Seq: 7, At: &published}, PublishedAt: &published,
		}
	}
	reports := []survey.Report{report("p", 2), report("p.d1", 1)}
	wantKind(t, "publish an open wave", s.PublishWave(ctx, "w1", reports, published), survey.Conflict)
	wantKind(t, "publish no wave", s.PublishWave(ctx, "nowhere", nil, published), survey.NotFound)
	_, err := s.Snapshot(ctx, "w1", "p")
	wantKind(t, "snapshot before", err, survey.NotFound)
	must(t, s.UpdateWave(ctx, "w1", func(w *survey.Wave) error { w.State, w.ClosedAt = survey.Closed, at(50); return nil }))
	must(t, s.PublishWave(ctx, "w1", reports, published))
	for _, want := range reports {
		got, err := s.Snapshot(ctx, "w1", want.Unit)
		must(t, err)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("snapshot of %s (-want +got):\n%s", want.Unit, d)
		}
	}
	_, err = s.Snapshot(ctx, "w1", "p.c1")
	wantKind(t, "snapshot of another unit", err, survey.NotFound)
	w := catalog(t, s).Waves["w1"]
	if w.State != survey.Published || !w.PublishedAt.Equal(published) || !w.ClosedAt.Equal(at(50)) {
		t.Errorf("wave %+v", w)
	}
	wantKind(t, "publish again", s.PublishWave(ctx, "w1", reports, published), survey.Conflict)
}

func instruments(t *testing.T, s *store.Store) {
	ctx := t.Context()
	must(t, s.UseInstrument(ctx, "a@1", "h1", []byte("title: A\n")))
	must(t, s.UseInstrument(ctx, "a@1", "h1", []byte("title: A\n")))
	must(t, s.UseInstrument(ctx, "a@2", "h2", nil))
	err := s.UseInstrument(ctx, "a@1", "h9", []byte("title: B\n"))
	wantKind(t, "another file under a used id", err, survey.Conflict)
	var e *survey.Error
	if !errors.As(err, &e) || e.Key != "instrument.changed" {
		t.Errorf("error %v has no key", err)
	}
	used, err := s.Instruments(ctx)
	must(t, err)
	if d := cmp.Diff(map[survey.InstrumentID]string{"a@1": "h1", "a@2": "h2"}, used); d != "" {
		t.Errorf("used (-want +got):\n%s", d)
	}
	source, err := s.InstrumentSource(ctx, "a@1")
	must(t, err)
	if string(source) != "title: A\n" {
		t.Errorf("source %q", source)
	}
	_, err = s.InstrumentSource(ctx, "b@1")
	wantKind(t, "source of an unused one", err, survey.NotFound)
}

func settings(t *testing.T, s *store.Store) {
	ctx := t.Context()
	_, err := s.Setting(ctx, "key")
	wantKind(t, "no setting", err, survey.NotFound)
	done := make(chan string)
	for i := range 8 {
		go func() {
			stored, err := s.SetSettingOnce(ctx, "key", []byte(fmt.Sprint("value ", i)))
			if err != nil {
				t.Error(err)
			}
			done <- string(stored)
		}()
	}
	first := <-done
	for range 7 {
		if got := <-done; got != first {
			t.Errorf("two nodes got %q and %q", first, got)
		}
	}
	value, err := s.Setting(ctx, "key")
	must(t, err)
	if string(value) != first || first == "" {
		t.Errorf("Setting = %q, want %q", value, first)
	}
}

func emptiness(t *testing.T, s *store.Store) {
	check := func(want bool) {
		t.Helper()
		got, err := s.Empty(t.Context())
		must(t, err)
		if got != want {
			t.Errorf("Empty = %v, want %v", got, want)
		}
	}
	check(true)
	_, err := s.SetSettingOnce(t.Context(), "key", []byte("x"))
	must(t, err)
	check(true) // a node's own keys are nobody's data
	must(t, s.PutUnits(t.Context(), units[1:2]))
	check(false)
}

func health(t *testing.T, s *store.Store) {
	Fill(t, s)
	appended(t, s, NewResponse(0), NewResponse(1))
	must(t, s.Ping(t.Context()))
	must(t, s.Ready(t.Context()))
	got, err := s.Check(t.Context())
	must(t, err)
	if got.Schema != got.Wanted || got.Schema < 3 {
		t.Errorf("schema %d, wanted %d", got.Schema, got.Wanted)
	}
	want := store.Checked{Engine: s.Engine(), Schema: got.Schema, Wanted: got.Schema, Responses: 2, LastSeq: 2}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("Check (-want +got):\n%s", d)
	}
	must(t, s.Close())
	wantKind(t, "Ping after Close", s.Ping(t.Context()), survey.Unavailable)
	wantKind(t, "Ready after Close", s.Ready(t.Context()), survey.Unavailable)
}
