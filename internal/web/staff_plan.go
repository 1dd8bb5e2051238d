package web

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/locale"
	"sipas/internal/stats"
	"sipas/internal/survey"
)

var planView = newStaffView[planPage]("plan.html")

// planPage proposes how many ballots each unit needs.
type planPage struct {
	formBase
	Wave         *survey.Wave
	Waves, Units []pick
	Rows         []planRow
	More         string
	Sum          planRow
	Fields       []planField
	Unknown      string // how many units have no population, in a sentence
	CSV, Back    string
	Hidden       []pick // what the proposal was made from, to send it back
	Adoptable    bool
}

// planField is one assumption that the sizes are computed by.
type planField struct{ Name, Label, Hint, Value string }

// planRow is what a unit would need.
type planRow struct {
	Name, Population, Size, Slovin, Issue, Now string
	unit                                       survey.PlannedUnit
	size                                       int64
}

// assumptions are what sizes are computed by.
type assumptions struct {
	margin, share, deff, rate float64 // points, percent, –, percent
}

// planFields are the assumptions with their bounds.
var planFields = []struct {
	name         string
	usual        string
	least, most  float64
	of           func(*assumptions) *float64
	mayBeMissing bool
}{
	{"margin", "5", 0.1, 50, func(a *assumptions) *float64 { return &a.margin }, false},
	{"share", "50", 1, 99, func(a *assumptions) *float64 { return &a.share }, false},
	{"deff", "", 0.01, 1000, func(a *assumptions) *float64 { return &a.deff }, true},
	{"rate", "100", 1, 100, func(a *assumptions) *float64 { return &a.rate }, false},
}

// readAssumptions reads the fields of the form; a comma is a decimal point too.
func readAssumptions(p locale.Printer, q url.Values) (a assumptions, fields []planField, faults []formFault) {
	for _, f := range planFields {
		typed := strings.TrimSpace(q.Get(f.name))
		if typed == "" {
			typed = f.usual
		}
		field := planField{f.name, p.T("plan.field." + f.name), p.T("plan.hint." + f.name), typed}
		fields = append(fields, field)
		if typed == "" && f.mayBeMissing {
			continue
		}
		n, err := strconv.ParseFloat(strings.Replace(typed, ",", ".", 1), 64)
		if err != nil || math.IsNaN(n) || n < f.least || n > f.most {
			faults = append(faults, formFault{f.name, p.T("plan.bad", field.Label, p.Decimal(f.least, 2), p.Decimal(f.most, 0))})
			continue
		}
		*f.of(&a) = n
	}
	return a, fields, faults
}

// size is how many valid ballots a unit needs, with its own design effect where
// none is assumed for all; 0 where nobody knows how many people there are.
func (a assumptions) size(u survey.PlannedUnit) int64 {
	if u.Population == 0 {
		return 0
	}
	deff := u.Deff
	if a.deff > 0 {
		deff = a.deff
	}
	n := stats.Plan{Population: u.Population, Percent: a.share, Deff: deff}.SampleSize(a.margin)
	return min(n, u.Population) // a design effect may ask for more people than there are
}

// issue is how many ballots bring size back, at the rate of response expected.
func (a assumptions) issue(size int64) int64 {
	return int64(math.Ceil(float64(size)*100/a.rate - 1e-9))
}

func (s *server) plan(c *fiber.Ctx) error { return s.renderPlan(c, queryOf(c)) }

func (s *server) renderPlan(c *fiber.Ctx, q url.Values) error {
	v := s.viewer(c)
	p := planPage{formBase: formBase{staffPage: s.staff(c, v, "fieldwork")}}
	w, unit, err := v.planned(q)
	if err != nil {
		return err
	}
	p.Crumbs = []crumb{{p.T("staff.menu.fieldwork"), "/app/fieldwork"}}
	p.Waves = v.samplePicks(w)
	a, fields, faults := readAssumptions(p.Printer, q)
	p.Fields, p.Faults = fields, faults
	if w == nil {
		return planView.render(c, fiber.StatusOK, p)
	}
	p.Wave, p.Demo, p.Units = w, w.Synthetic, v.unitPicks(p.Printer, w, unit.Code)
	at := url.Values{"wave": {string(w.ID)}, "unit": {string(unit.Code)}}
	p.Back = "/app/fieldwork?" + at.Encode()
	p.CSV = "/app/fieldwork/plan.csv?" + at.Encode()
	if len(faults) > 0 {
		return planView.render(c, fiber.StatusUnprocessableEntity, p)
	}
	p.Hidden = []pick{{Value: "wave", Text: string(w.ID)}, {Value: "unit", Text: string(unit.Code)}}
	for _, f := range fields {
		at.Set(f.Name, f.Value)
		p.Hidden = append(p.Hidden, pick{Value: f.Name, Text: f.Value})
	}
	p.CSV = "/app/fieldwork/plan.csv?" + at.Encode()
	p.fill(v, v.cat.Plans[w.ID].Below(v.cat.Tree, unit.Code), a)
	return planView.render(c, fiber.StatusOK, p)
}

// fill computes the proposal.
func (p *planPage) fill(v viewer, units []survey.PlannedUnit, a assumptions) {
	unknown := int64(0)
	var people, size, slovin, issue, now int64
	for _, u := range units {
		unit, _ := v.cat.Tree.Unit(u.Unit)
		r := planRow{Name: unit.Name, unit: u, size: a.size(u)}
		if u.Planned > 0 {
			r.Now, now = p.Int(u.Planned), now+u.Planned
		}
		if u.Population == 0 {
			unknown++
		} else {
			few := stats.Slovin(u.Population, a.margin/100)
			r.Population, r.Size, r.Slovin, r.Issue = p.Int(u.Population), p.Int(r.size), p.Int(few), p.Int(a.issue(r.size))
			people, size, slovin, issue = people+u.Population, size+r.size, slovin+few, issue+a.issue(r.size)
		}
		p.Rows = append(p.Rows, r)
	}
	locale.SortBy(p.Printer, p.Rows, func(r planRow) string { return r.Name })
	if unknown > 0 {
		p.Unknown = p.N("plan.unknown", unknown)
	}
	p.Adoptable = p.CanManage() && size > 0
	p.Sum = planRow{"", p.Int(people), p.Int(size), p.Int(slovin), p.Int(issue), p.Int(now), survey.PlannedUnit{}, size}
	if len(p.Rows) > mostFieldRows {
		p.More = p.N("field.more", int64(len(p.Rows)-mostFieldRows))
		p.Rows = p.Rows[:mostFieldRows]
	}
}

// proposal is the plan at and below unit with the sizes proposed. Without a plan
// it is an empty one of the lowest units, to fill in.
func (v viewer) proposal(w *survey.Wave, unit survey.UnitCode, a assumptions) []survey.PlannedUnit {
	units := v.cat.Plans[w.ID].Below(v.cat.Tree, unit)
	if len(units) == 0 {
		days := survey.Period{From: w.From, To: w.To}
		for _, code := range v.cat.Tree.Subtree(unit) {
			if w.Covers(v.cat.Tree, code) && len(v.cat.Tree.ChildrenIn(code, days)) == 0 {
				units = append(units, survey.PlannedUnit{Unit: code, Deff: 1})
			}
		}
		return units
	}
	for i, u := range units {
		if n := a.size(u); n > 0 {
			units[i].Planned = n
		}
	}
	return units
}

// planCSV is the proposal as `sipas import plan` takes it in.
func (s *server) planCSV(c *fiber.Ctx) error {
	v := s.viewer(c)
	w, unit, err := v.planned(queryOf(c))
	if err != nil {
		return err
	}
	if w == nil {
		return survey.Missing("web.planCSV", "wave.unknown", "")
	}
	a, _, faults := readAssumptions(s.printer(c), queryOf(c))
	if len(faults) > 0 {
		return survey.Bad("web.planCSV", faults[0].Field, "error.field")
	}
	rows := [][]string{{"wave", "unit", "population", "planned", "issued", "deff"}}
	open := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	for _, u := range v.proposal(w, unit.Code, a) {
		rows = append(rows, []string{
			string(w.ID), string(u.Unit), open(u.Population), open(u.Planned), open(u.Issued), strconv.FormatFloat(u.Deff, 'g', -1, 64),
		})
	}
	return sendCSV(c, "sipas-plan-"+string(w.ID), rows)
}

// postPlan makes the proposal the plan of the units at and below the chosen one.
func (s *server) postPlan(c *fiber.Ctx) error {
	form := formOf(c)
	v := s.viewer(c)
	w, unit, err := v.planned(form)
	if err != nil {
		return err
	}
	a, _, faults := readAssumptions(s.printer(c), form)
	if w == nil || len(faults) > 0 {
		return s.renderPlan(c, form)
	}
	plan := survey.Plan{}
	for code, u := range v.cat.Plans[w.ID] {
		plan[code] = u
	}
	for _, u := range v.cat.Plans[w.ID].Below(v.cat.Tree, unit.Code) {
		if n := a.size(u); n > 0 {
			if u.Planned = n; a.deff > 0 {
				u.Deff = a.deff
			}
			plan[u.Unit] = u
		}
	}
	if err := s.Registry.ImportPlans(c.UserContext(), map[survey.WaveID]survey.Plan{w.ID: plan}); err != nil {
		return err
	}
	at := url.Values{"wave": {string(w.ID)}, "unit": {string(unit.Code)}, "said": {"plan"}}
	return c.Redirect("/app/fieldwork?"+at.Encode(), fiber.StatusSeeOther)
}

// planLine is the fieldwork in one sentence for the dashboard; empty without a
// plan. What came in at units without a plan does not make up for the others.
func (s *server) planLine(ctx context.Context, f *figures) (say, href string, err error) {
	w, u := f.c.Wave, f.c.Unit.Code
	plan := f.v.cat.Plans[w.ID].Below(f.v.cat.Tree, u)
	var p survey.Progress
	for _, of := range plan {
		p.Add(survey.Progress{PlannedUnit: of})
	}
	if p.Planned == 0 {
		return "", "", nil
	}
	href = "/app/fieldwork?" + url.Values{"wave": {string(w.ID)}, "unit": {string(u)}}.Encode()
	if !f.c.Period.Whole() || f.c.Channel != "" {
		return f.p.T("field.line.part", p.Planned), href, nil // what is counted here is not all there is
	}
	if p, err = s.planned(ctx, f, plan); err != nil {
		return "", "", err
	}
	share := f.p.Percent(planShare(p), 0)
	days := w.DaysLeft(f.v.today)
	switch {
	case p.Missing() == 0:
		return f.p.T("field.line.reached", p.Valid, p.Planned, share), href, nil
	case days == 0:
		return f.p.T("field.line.over", p.Valid, p.Planned, share, p.Missing()), href, nil
	}
	return f.p.T("field.line", p.Valid, p.Planned, share, p.Missing(), p.Pace(days)), href, nil
}

// planned adds up how the ballots of planned units stand; it reads them unless
// the page has.
func (s *server) planned(ctx context.Context, f *figures, plan []survey.PlannedUnit) (survey.Progress, error) {
	var units []survey.UnitCode
	known := true
	for _, of := range plan {
		_, ok := f.now.Indices[of.Unit]
		units, known = append(units, of.Unit), known && ok
	}
	standings := f.now.Standings
	if !known {
		read, err := s.Reader.Read(ctx, survey.Query{Wave: f.c.Wave.ID, Units: units, Standings: true, Bare: true})
		if err != nil {
			return survey.Progress{}, fmt.Errorf("web.planned: %w", err)
		}
		standings = read.Standings
	}
	var p survey.Progress
	for _, of := range plan {
		row := survey.Progress{PlannedUnit: of}
		row.Stand(standings[of.Unit], survey.Standing{})
		p.Add(row)
	}
	return p, nil
}
