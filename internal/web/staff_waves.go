package web

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

var (
	wavesView    = newStaffView[wavesPage]("waves.html")
	waveView     = newStaffView[wavePage]("wave.html")
	newWaveView  = newStaffView[newWavePage]("wave_new.html")
	moveWaveView = newStaffView[moveWavePage]("wave_move.html")
)

// wavesPage lists the survey rounds.
type wavesPage struct {
	staffPage
	Title string
	Rows  []waveRow
}

// waveRow is one wave in words.
type waveRow struct {
	ID         survey.WaveID
	Name       string
	Instrument string
	InstID     survey.InstrumentID
	State      string
	Class      string
	Design     string
	Sampling   string
	Period     string
	Units      string
	Points     string
	Seen       bool // has results
	Synthetic  bool
}

func (v viewer) waveRow(p staffPage, w *survey.Wave) waveRow {
	r := waveRow{
		ID: w.ID, Name: w.Name, InstID: w.Instrument, State: p.T("staff.wave.state." + string(w.State)), Class: chipOf(w.State),
		Design: p.T("staff.wave.design." + string(w.Design)), Sampling: samplingIn(p.Printer, w), Period: p.T("staff.period.days", w.From.Date(), w.To.Date()),
		Points: p.Int(int64(len(v.points(w.ID, "")))), Seen: w.State != survey.Draft, Synthetic: w.Synthetic,
	}
	if w.To == survey.Always {
		r.Period = p.T("staff.wave.since", w.From.Date())
	}
	if in := v.cat.Instruments[w.Instrument]; in != nil {
		r.Instrument = in.Title.In(p.Lang)
	}
	for i, code := range w.Units {
		u, _ := v.cat.Tree.Unit(code)
		if i > 0 {
			r.Units += ", "
		}
		r.Units += u.Name
	}
	return r
}

// mayKnow reports whether the reader may open a wave: who manages and audits
// sees all, a manager those that touch the own units.
func (v viewer) mayKnow(w *survey.Wave) bool {
	return v.who.Unit == "" && v.who.Known() || slices.ContainsFunc(w.Units, func(root survey.UnitCode) bool {
		return v.sees(root) || v.who.Unit != "" && v.cat.Tree.Within(v.who.Unit, root)
	})
}

func (s *server) waves(c *fiber.Ctx) error {
	v := s.viewer(c)
	p := wavesPage{staffPage: s.staff(c, v, "waves")}
	open := 0
	for _, w := range v.cat.WaveList() {
		if v.mayKnow(w) {
			p.Rows = append(p.Rows, v.waveRow(p.staffPage, w))
			if w.State == survey.Open {
				open++
			}
		}
	}
	p.Title = p.N("staff.waves.title", int64(len(p.Rows)), open)
	return wavesView.render(c, fiber.StatusOK, p)
}

// wavePage is one wave with all that is settled about it.
type wavePage struct {
	staffPage
	Row     waveRow
	Wave    *survey.Wave
	Source  string
	Status  string
	Spec    []string
	Dates   []dated
	Next    survey.WaveState // the step an administrator may take; empty: none
	Points  []pointRow
	Hash    string
	MayDraw bool // may say how the sample was drawn
	Same    bool // the questionnaire in the program is the one the wave began with
}

// dated is when something happened.
type dated struct{ What, When string }

func (s *server) waveOf(c *fiber.Ctx, v viewer) (*survey.Wave, error) {
	id := c.Params("wave")
	w := v.cat.Waves[survey.WaveID(id)]
	if w == nil || !v.mayKnow(w) {
		return nil, survey.Missing("web.waveOf", "wave.unknown", id)
	}
	return w, nil
}

func (s *server) wave(c *fiber.Ctx) error {
	v := s.viewer(c)
	w, err := s.waveOf(c, v)
	if err != nil {
		return err
	}
	p := wavePage{staffPage: s.staff(c, v, "waves"), Wave: w, Hash: w.InstrumentHash}
	p.Demo = w.Synthetic
	p.Crumbs = []crumb{{p.T("staff.menu.waves"), "/app/waves"}}
	p.Row = v.waveRow(p.staffPage, w)
	if in := v.cat.Instruments[w.Instrument]; in != nil {
		f := figures{p: p.Printer, c: choice{Wave: w}, least: s.least()}
		p.Source, p.Status, p.Spec = in.Source.In(p.Lang), p.T("staff.instrument."+string(in.Status)), f.method(in, in.Spec)
		p.Same = in.Hash == w.InstrumentHash
	}
	for _, d := range []struct {
		key string
		at  time.Time
	}{{"staff.wave.opened", w.OpenedAt}, {"staff.wave.closed", w.ClosedAt}, {"staff.wave.published", w.PublishedAt}} {
		if !d.at.IsZero() {
			p.Dates = append(p.Dates, dated{p.T(d.key), p.DateTime(d.at.In(s.Zone))})
		}
	}
	if p.CanManage() {
		p.Next = w.State.Next()
	}
	p.MayDraw = v.mayDraw(w)
	p.Points = v.pointRows(p.staffPage, v.points(w.ID, ""), mostPoints)
	return waveView.render(c, fiber.StatusOK, p)
}

// moveWavePage asks before a step that cannot be taken back.
type moveWavePage struct {
	staffPage
	Row     waveRow
	Next    survey.WaveState
	Title   string
	Effects []string
	Do      string
	Trouble string
}

// steps are the moves of a wave by the name they have in the address.
var steps = map[string]survey.WaveState{"open": survey.Open, "close": survey.Closed, "publish": survey.Published}

func (s *server) askMove(c *fiber.Ctx) error { return s.renderMove(c, fiber.StatusOK, nil) }

func (s *server) renderMove(c *fiber.Ctx, status int, failed error) error {
	v := s.viewer(c)
	w, err := s.waveOf(c, v)
	if err != nil {
		return err
	}
	next, ok := steps[c.Params("step")]
	if !ok {
		return survey.Missing("web.askMove", "error.not-found.detail")
	}
	p := moveWavePage{staffPage: s.staff(c, v, "waves"), Row: v.waveRow(s.staff(c, v, "waves"), w), Next: next}
	p.Crumbs = []crumb{{p.T("staff.menu.waves"), "/app/waves"}, {w.Name, "/app/waves/" + string(w.ID)}}
	p.Title = p.T("staff.move."+string(next)+".title", w.Name)
	p.Do = p.T("staff.move." + string(next) + ".do")
	for _, key := range []string{"1", "2", "3"} {
		if key = "staff.move." + string(next) + ".effect" + key; p.Has(key) {
			p.Effects = append(p.Effects, p.T(key, len(v.points(w.ID, ""))))
		}
	}
	if failed != nil {
		faults, err := s.faults(p.staffPage, failed)
		if err != nil {
			return err
		}
		p.Trouble = faults[0].Text
	}
	return moveWaveView.render(c, status, p)
}

func (s *server) postMove(c *fiber.Ctx) error {
	id := survey.WaveID(c.Params("wave"))
	next, ok := steps[c.Params("step")]
	if !ok {
		return survey.Missing("web.postMove", "error.not-found.detail")
	}
	said, err := "moved", error(nil)
	if next == survey.Published {
		said, err = "published", s.Registry.Publish(c.UserContext(), id)
	} else {
		err = s.Registry.MoveWave(c.UserContext(), id, next)
	}
	if survey.KindOf(err) == survey.Conflict && err != nil {
		return s.renderMove(c, fiber.StatusConflict, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/app/waves/"+string(id)+"?said="+said, fiber.StatusSeeOther)
}

// sortPicks orders options by their words.
func sortPicks(p locale.Printer, picks []pick) {
	locale.SortBy(p, picks, func(o pick) string { return o.Text })
}
