package web

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/stats"
	"sipas/internal/survey"
)

var fieldworkView = newStaffView[fieldworkPage]("fieldwork.html")

// silentDays is after how many days without a ballot a unit is called silent.
const silentDays = 7

// mostFieldRows is how many units the page lists; the file has all.
const mostFieldRows = 200

// fieldworkPage is how far the fieldwork of a wave has come against its plan.
type fieldworkPage struct {
	staffPage
	Title        string
	Waves, Units []pick
	AsOf         asOf
	State        string // "no-sample", "no-plan" or empty
	Tiles        []tile
	Rows         []fieldRow
	More         string // how many units are not listed
	Days         string // left to collect, in a sentence
	Deff         string // the design effect so far beside the plan's, in a sentence
	CSV, PlanURL string
}

// fieldRow is the fieldwork at one unit.
type fieldRow struct {
	Name, Href                                 string
	Percent                                    string
	Bar                                        barChart
	Planned, Issued, Returned, Valid, Out, Err string
	Say, Class                                 string // what is left to do; class of a chip
	survey.Progress
	rank int // silent ones first
}

// fieldwork is one reading of the units of a plan.
type fieldwork struct {
	wave  *survey.Wave
	unit  survey.Unit
	plan  []survey.PlannedUnit
	rows  []survey.Progress
	total survey.Progress
	now   survey.Reading
}

func (s *server) fieldwork(c *fiber.Ctx) error {
	v := s.viewer(c)
	p := fieldworkPage{staffPage: s.staff(c, v, "fieldwork")}
	w, unit, err := v.planned(queryOf(c))
	if err != nil {
		return err
	}
	p.Waves = v.samplePicks(w)
	if w == nil {
		p.Title, p.State = p.T("field.title.none"), "no-sample"
		return fieldworkView.render(c, fiber.StatusOK, p)
	}
	p.Demo, p.Units = w.Synthetic, v.unitPicks(p.Printer, w, unit.Code)
	query := "?" + url.Values{"wave": {string(w.ID)}, "unit": {string(unit.Code)}}.Encode()
	p.CSV, p.PlanURL = "/app/fieldwork.csv"+query, "/app/fieldwork/plan"+query
	f, err := s.readFieldwork(c.UserContext(), v, w, unit)
	if err != nil {
		return err
	}
	p.AsOf = p.asOf(f.now)
	if f.total.Planned == 0 {
		p.Title, p.State = p.T("field.title.no_plan", w.Name), "no-plan"
		return fieldworkView.render(c, fiber.StatusOK, p)
	}
	days := w.DaysLeft(v.today)
	p.Rows = p.fieldRows(v, f, days)
	p.Title = p.fieldTitle(f, p.Rows, days)
	p.Tiles = p.fieldTiles(f, days)
	p.Days = p.daysLeft(w, days)
	if p.Deff, err = s.deffSoFar(c.UserContext(), v, p.Printer, f); err != nil {
		return err
	}
	if len(p.Rows) > mostFieldRows {
		p.More = p.N("field.more", int64(len(p.Rows)-mostFieldRows))
		p.Rows = p.Rows[:mostFieldRows]
	}
	return fieldworkView.render(c, fiber.StatusOK, p)
}

// planned reads which wave by sample and which unit are asked for. The wave is
// nil when there is none; otherwise the first open one with a plan is usual.
func (v viewer) planned(q url.Values) (*survey.Wave, survey.Unit, error) {
	const op = "web.planned"
	var wave *survey.Wave
	rank := func(w *survey.Wave) int {
		n := 0
		if v.cat.Plans[w.ID] != nil {
			n += 2
		}
		if w.State == survey.Open {
			n++
		}
		return n
	}
	id := survey.WaveID(q.Get("wave"))
	for _, w := range v.samples() {
		if id == w.ID || id == "" && (wave == nil || rank(w) > rank(wave)) {
			wave = w
		}
	}
	if id != "" && wave == nil {
		return nil, survey.Unit{}, survey.Missing(op, "wave.unknown", string(id))
	}
	code := survey.UnitCode(q.Get("unit"))
	if code == "" {
		code = v.home(wave)
	}
	unit, ok := v.cat.Tree.Unit(code)
	if wave != nil && (!ok || !v.sees(code)) {
		return nil, survey.Unit{}, survey.Missing(op, "unit.unknown", string(code))
	}
	return wave, unit, nil
}

// samples lists the waves by random sample that who may know, drafts too: a
// plan comes before the first ballot.
func (v viewer) samples() []*survey.Wave {
	return slices.DeleteFunc(v.cat.WaveList(), func(w *survey.Wave) bool { return w.Design != survey.Probability || !v.mayKnow(w) })
}

func (v viewer) samplePicks(chosen *survey.Wave) []pick {
	var picks []pick
	for _, w := range v.samples() {
		picks = append(picks, pick{string(w.ID), w.Name, w == chosen})
	}
	return picks
}

// readFieldwork reads how the ballots of the planned units at and below unit
// stand, in two calls; of a wave that is over in one.
func (s *server) readFieldwork(ctx context.Context, v viewer, w *survey.Wave, unit survey.Unit) (fieldwork, error) {
	f := fieldwork{wave: w, unit: unit, plan: v.cat.Plans[w.ID].Below(v.cat.Tree, unit.Code)}
	units := make([]survey.UnitCode, len(f.plan), len(f.plan)+1)
	for i, u := range f.plan {
		units[i] = u.Unit
	}
	q := survey.Query{Wave: w.ID, Units: units, Standings: true, Bare: true}
	if len(units) == 0 { // the stamp still says up to which ballot
		q.Units = []survey.UnitCode{unit.Code}
	}
	var recent survey.Reading
	var err error
	if f.now, err = s.Reader.Read(ctx, q); err != nil {
		return f, fmt.Errorf("web.readFieldwork: %w", err)
	}
	if w.DaysLeft(v.today) > 0 {
		q.Period = survey.Period{From: v.today - silentDays + 1, To: v.today}
		if recent, err = s.Reader.Read(ctx, q); err != nil {
			return f, fmt.Errorf("web.readFieldwork: %w", err)
		}
	}
	for _, u := range f.plan {
		p := survey.Progress{PlannedUnit: u}
		p.Stand(f.now.Standings[u.Unit], recent.Standings[u.Unit])
		f.rows = append(f.rows, p)
		f.total.Add(p)
	}
	return f, nil
}

// How a unit is doing, the worst first.
const (
	neverHeard = iota
	silent
	behind
	reached
)

// fieldRank tells how a unit is doing while days are left.
func fieldRank(p survey.Progress, days int) int {
	switch {
	case p.Missing() == 0:
		return reached
	case days > 0 && p.Returned == 0:
		return neverHeard
	case days > 0 && p.Recent == 0:
		return silent
	}
	return behind
}

// share is the part of the plan that is there, in percent.
func planShare(p survey.Progress) float64 {
	if p.Planned == 0 {
		return 0
	}
	return 100 * float64(p.Valid) / float64(p.Planned)
}

// fieldRows makes the rows: silent units first, then those furthest behind.
func (p fieldworkPage) fieldRows(v viewer, f fieldwork, days int) []fieldRow {
	rows := make([]fieldRow, 0, len(f.rows))
	for _, of := range f.rows {
		if of.Planned == 0 {
			continue
		}
		u, _ := v.cat.Tree.Unit(of.Unit)
		r := fieldRow{
			Name: u.Name, Href: "/app/units/" + string(of.Unit) + "?wave=" + url.QueryEscape(string(f.wave.ID)), Progress: of, rank: fieldRank(of, days),
			Percent: p.Percent(planShare(of), 0), Planned: p.Int(of.Planned), Returned: p.Int(of.Returned), Valid: p.Int(of.Valid),
			Out: p.Int(of.Invalid + of.Waiting), Issued: p.unclear(of.Issued), Err: p.marginOf(of),
		}
		r.Bar = barChart{Class: "b-data", Width: percent(min(100, planShare(of)))}
		r.Say, r.Class = p.toDo(of, r.rank, days)
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b fieldRow) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(planShare(a.Progress), planShare(b.Progress)), p.Compare(a.Name, b.Name))
	})
	return rows
}

// unclear is a number that the plan may leave open.
func (p fieldworkPage) unclear(n int64) string {
	if n == 0 {
		return ""
	}
	return p.Int(n)
}

// marginOf is the margin that the valid ballots of a unit give now for the most
// careful share, one half, with the plan's own population and design effect.
func (p fieldworkPage) marginOf(of survey.Progress) string {
	if of.Valid < usualLeast {
		return ""
	}
	return "±" + p.Decimal(stats.Plan{Population: of.Population, Percent: 50, Deff: of.Deff}.Margin(of.Valid), 1)
}

// toDo says what is left to do at a unit.
func (p fieldworkPage) toDo(of survey.Progress, rank, days int) (say, class string) {
	switch {
	case rank == reached:
		return p.T("field.say.reached"), "ok"
	case days == 0:
		return p.N("field.say.short", of.Missing()), ""
	}
	say = p.T("field.say.pace", of.Missing(), of.Pace(days))
	switch rank {
	case neverHeard:
		return p.T("field.say.never") + ". " + say, "no"
	case silent:
		return p.T("field.say.silent", silentDays) + ". " + say, "no"
	}
	return say, ""
}

// fieldTitle states what matters most: who is silent, else how far it is.
func (p fieldworkPage) fieldTitle(f fieldwork, rows []fieldRow, days int) string {
	quiet := int64(0)
	for _, r := range rows {
		if r.rank <= silent {
			quiet++
		}
	}
	have := p.T("field.title.have", f.total.Valid, f.total.Planned, p.Percent(planShare(f.total), 0))
	switch {
	case days > 0 && quiet > 0:
		return p.N("field.title.silent", quiet, have)
	case f.total.Missing() == 0:
		return p.T("field.title.reached", have)
	case days == 0:
		return p.T("field.title.over", have)
	}
	return p.T("field.title.open", have)
}

func (p fieldworkPage) daysLeft(w *survey.Wave, days int) string {
	switch {
	case w.To == survey.Always:
		return p.T("field.days.open")
	case days == 0:
		return p.T("field.days.over", w.To.Date())
	}
	return p.N("field.days", int64(days), w.To.Date())
}

// fieldTiles are the ballots of all units together.
func (p fieldworkPage) fieldTiles(f fieldwork, days int) []tile {
	t := f.total
	issued := tile{Title: p.T("field.tile.issued"), Value: p.T("staff.unknown"), Class: "mut words", Say: p.T("field.tile.issued.none")}
	known, back := 0, int64(0)
	for _, of := range f.rows {
		if of.Issued > 0 {
			known, back = known+1, back+of.Returned
		}
	}
	if known > 0 {
		issued.Value, issued.Class = p.Int(t.Issued), ""
		issued.Say = p.T("field.tile.issued.say", p.Percent(100*float64(back)/float64(t.Issued), 1))
	}
	if known > 0 && known < len(f.rows) {
		issued.Say = p.T("field.tile.issued.some", known, len(f.rows), p.Percent(100*float64(back)/float64(t.Issued), 1))
	}
	valid := tile{Title: p.T("field.tile.valid"), Value: p.Int(t.Valid), Say: p.T("field.tile.valid.none")}
	if t.Returned > 0 {
		valid.Say = p.T("field.tile.valid.say", p.Percent(100*float64(t.Valid)/float64(t.Returned), 1))
	}
	left := tile{Title: p.T("field.tile.left"), Value: p.Int(t.Missing()), Say: p.T("field.tile.left.over")}
	switch {
	case t.Missing() == 0:
		left.Say = p.T("field.say.reached")
	case days > 0:
		left.Say = p.T("field.tile.left.say", t.Pace(days), p.Decimal(float64(t.Recent)/silentDays, 1), silentDays)
	}
	returned := tile{Title: p.T("field.tile.returned"), Value: p.Int(t.Returned), Say: p.T("field.tile.returned.say", t.Invalid, t.Waiting)}
	return []tile{issued, returned, valid, left}
}

// fieldworkCSV is the same for all units, for a spreadsheet.
func (s *server) fieldworkCSV(c *fiber.Ctx) error {
	v := s.viewer(c)
	w, unit, err := v.planned(queryOf(c))
	if err != nil {
		return err
	}
	if w == nil {
		return survey.Missing("web.fieldworkCSV", "wave.unknown", "")
	}
	f, err := s.readFieldwork(c.UserContext(), v, w, unit)
	if err != nil {
		return err
	}
	rows := [][]string{{"wave", "unit", "population", "planned", "issued", "returned", "valid", "invalid", "waiting", "missing", "returned_last_days", "watermark"}}
	for _, p := range f.rows {
		row := []string{string(w.ID), string(p.Unit)}
		for _, n := range []int64{p.Population, p.Planned, p.Issued, p.Returned, p.Valid, p.Invalid, p.Waiting, p.Missing(), p.Recent, f.now.Watermark.Seq} {
			row = append(row, strconv.FormatInt(n, 10))
		}
		rows = append(rows, row)
	}
	return sendCSV(c, "sipas-fieldwork-"+string(w.ID), rows)
}
