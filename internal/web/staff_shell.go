package web

import (
	"errors"
	"html/template"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

// staffPage is what every page below /app has.
type staffPage struct {
	page
	Here    string // the entry of the menu that is open: "dashboard"
	Menu    []menuPart
	Crumbs  []crumb
	Owner   string // whose installation it is: the first unit
	Role    string
	Refresh int    // seconds after which the page loads itself again; 0: never
	Said    string // what was just done, once
	zone    *time.Location
}

// menuPart is one heading of the menu.
type menuPart struct {
	Title string
	Items []menuItem
}

type menuItem struct {
	Text, Href string
	Count      string
	Current    bool
}

type crumb struct{ Text, Href string }

// newStaffView parses a page inside the frame that all pages below /app share.
func newStaffView[P any](files ...string) view[P] {
	all := []string{"staff/layout.html", "staff/parts.html", "staff/charts.html"}
	for _, f := range files {
		all = append(all, "staff/"+f)
	}
	return newViewWith[P](template.FuncMap{"options": optionsOf}, all...)
}

// viewer is who asks, with the catalog of this moment.
func (s *server) viewer(c *fiber.Ctx) viewer {
	cat, today := s.Catalog(), survey.DayOf(s.Now().In(s.Zone))
	return viewer{who(c), cat, today, s.Zone, s.atlas(cat, today)}
}

// staff starts a page below /app.
func (s *server) staff(c *fiber.Ctx, v viewer, here string) staffPage {
	p := staffPage{page: s.page(c), Here: here, zone: s.Zone}
	if root, ok := v.cat.Tree.Unit(v.home(nil)); ok {
		p.Owner = root.Name
	}
	for _, w := range v.cat.Waves {
		p.Demo = p.Demo || w.Synthetic // until a page knows which wave it shows
	}
	p.Role = p.T("staff.role." + string(v.who.Role))
	if key := "staff.said." + c.Query("said"); p.Has(key) {
		p.Said = p.T(key)
	}
	p.Menu = p.menu(v)
	return p
}

// menu lists what who may open.
func (p staffPage) menu(v viewer) []menuPart {
	item := func(name, href string, count int) menuItem {
		m := menuItem{Text: p.T("staff.menu." + name), Href: href, Current: p.Here == name}
		if count > 0 {
			m.Count = p.Int(int64(count))
		}
		return m
	}
	results := menuPart{p.T("staff.menu.results"), []menuItem{
		item("dashboard", "/app", 0),
		item("heatmap", "/app/heatmap", 0),
		item("ranks", "/app/ranks", 0),
		item("units", "/app/units", v.standing()),
		item("breakdown", "/app/breakdown", 0),
		item("drivers", "/app/drivers", 0),
		item("compare", "/app/compare", 0),
		item("fieldwork", "/app/fieldwork", 0),
		item("comments", "/app/comments", 0),
		item("points", "/app/points", v.pointCount()),
		item("devices", "/app/devices", 0),
		item("quality", "/app/quality", 0),
		item("book", bookPath, 0),
	}}
	if v.who.CanAudit() {
		results.Items = append(results.Items, item("exports", "/app/exports", 0))
	}
	run := menuPart{p.T("staff.menu.run"), []menuItem{item("waves", "/app/waves", 0), item("annotations", "/app/annotations", 0)}}
	if v.who.CanManage() {
		run.Items = append(run.Items, item("accounts", "/app/accounts", 0))
	}
	return []menuPart{results, run}
}

// points lists the points that who sees of a wave and below a unit; empty
// means any.
func (v viewer) points(w survey.WaveID, below survey.UnitCode) []survey.Point {
	var list []survey.Point
	for _, p := range v.known().list {
		if (w == "" || p.Wave == w) && v.sees(p.Unit) && (below == "" || v.cat.Tree.Within(p.Unit, below)) {
			list = append(list, p)
		}
	}
	return list
}

// crumbs is the way down to a unit, as far up as who may see; the unit itself
// is the title and not part of it.
func (v viewer) crumbs(u survey.UnitCode, query func(survey.UnitCode) string) []crumb {
	var cs []crumb
	for i, code := range v.cat.Tree.Lineage(u) {
		if i == 0 {
			continue
		}
		if !v.sees(code) {
			break
		}
		unit, _ := v.cat.Tree.Unit(code)
		cs = append([]crumb{{unit.Name, query(code)}}, cs...)
	}
	return cs
}

// asOf says how far the figures go.
type asOf struct {
	Text string
	Late string // how many are missing; empty when none are
}

func (p staffPage) asOf(r survey.Reading) asOf {
	a := asOf{Text: p.T("staff.asof", r.Watermark.Seq, p.DateTime(r.Watermark.At.In(p.zone)))}
	switch {
	case r.Watermark.Seq == 0 && r.Behind > 0:
		a.Text = p.T("staff.asof.uncounted")
	case r.Watermark.Seq == 0:
		a.Text = p.T("staff.asof.none")
	}
	if r.Behind > 0 {
		a.Late = p.N("staff.asof.late", r.Behind)
	}
	return a
}

// formFault is one field that was wrong, for the summary on top of a form and
// the words beside the field.
type formFault struct{ Field, Text string }

// faults turns an Invalid error into words by field; other errors come back.
func (s *server) faults(p staffPage, err error) ([]formFault, error) {
	e, ok := errors.AsType[*survey.Error](err)
	if !ok || e.Kind != survey.Invalid && e.Kind != survey.Conflict {
		return nil, err
	}
	var fs []formFault
	for _, f := range e.Fields {
		fs = append(fs, formFault{f.Field, s.say(p.Printer, f.Key, "error.field", f.Args)})
	}
	if len(fs) == 0 {
		key := e.Key
		if key == "" {
			key = "error.conflict.detail"
		}
		fs = append(fs, formFault{"", s.say(p.Printer, key, "error.conflict.detail", e.Args)})
	}
	return fs, nil
}

// formBase is a page with a form that may come back with faults.
type formBase struct {
	staffPage
	Faults []formFault
}

// Bad returns what is wrong with a field, or "".
func (p formBase) Bad(field string) string {
	for _, f := range p.Faults {
		if f.Field == field {
			return f.Text
		}
	}
	return ""
}

// queryOf is the query of a request.
func queryOf(c *fiber.Ctx) url.Values {
	q, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return url.Values{} // a query nobody can read asks for nothing
	}
	return q
}

// formOf is the fields of a posted form.
func formOf(c *fiber.Ctx) url.Values {
	form := url.Values{}
	for k, v := range c.Request().PostArgs().All() {
		form.Add(string(k), strings.TrimSpace(string(v)))
	}
	return form
}

// CanManage reports whether the reader may change waves, points and accounts.
func (p staffPage) CanManage() bool { return p.Who.CanManage() }

// CanAudit reports whether the reader may take out raw responses.
func (p staffPage) CanAudit() bool { return p.Who.CanAudit() }
