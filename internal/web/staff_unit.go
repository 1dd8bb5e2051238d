package web

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

var unitView = newStaffView[unitPage]("results.html", "unit.html")

// unitPage is one unit: how it stands, against what is above it, and over time.
type unitPage struct {
	staffPage
	resultBase
	Parent   string
	Tiles    []tile
	Note     string // what it came from, and since when it can be compared
	Gone     string // what became of it
	Items    []figureRow
	AllItems []figureRow
	ItTitle  string
	Factors  []figureRow
	FacTitle string
	Series   []monthRow
	SerTitle string
	Points   []pointRow
	Units    unitBoard
	UnTitle  string
	Up       string // its dashboard
}

// tile is one large figure with what it is and how sure it is.
type tile struct {
	Title, Value, Small, Say, Class string
	Figure                          string // name of the figure for programs
	N                               int64
}

// monthRow is one month of the series.
type monthRow struct {
	Month string
	Cell  cell
	Bar   barChart
}

func (s *server) unit(c *fiber.Ctx) error {
	v := s.viewer(c)
	p := unitPage{staffPage: s.staff(c, v, "units")}
	ch, err := v.choose(queryOf(c), survey.UnitCode(c.Params("code")))
	if err != nil {
		return err
	}
	u := ch.Unit.Code
	parent, siblings := v.parentOf(ch)
	children := v.childrenOf(ch)
	all := append(append([]survey.UnitCode{u}, children...), siblings...)
	if parent != "" {
		all = append(all, parent)
	}
	slices.Sort(all)
	path := "/app/units/" + string(u)
	f, err := s.readResults(c, v, &p.staffPage, &p.resultBase, ch, slices.Compact(all), path)
	if err != nil {
		return err
	}
	p.Title = ch.Unit.Name
	p.Crumbs = append([]crumb{{p.T("staff.menu.units"), "/app/units"}}, v.crumbs(u, func(up survey.UnitCode) string {
		return "/app/units/" + string(up) + ch.query("unit", "")
	})...)
	p.Up = "/app" + ch.query()
	p.Note, p.Gone = v.origin(p.staffPage, ch.Unit), v.fate(p.staffPage, ch.Unit)
	points := v.points("", u)
	v.openFirst(points)
	p.Points = v.pointRows(p.staffPage, points, mostPoints)
	if f == nil {
		return unitView.render(c, fiber.StatusOK, p)
	}
	if err := s.fillUnit(c, &p, f, parent, siblings, children, path); err != nil {
		return err
	}
	return unitView.render(c, statusOf(ch), p)
}

// mostPoints is how many points of a unit its page lists.
const mostPoints = 6

// fillUnit computes the figures of the page.
func (s *server) fillUnit(c *fiber.Ctx, p *unitPage, f *figures, parent survey.UnitCode, siblings, children []survey.UnitCode, path string) error {
	u := f.c.Unit.Code
	if up, ok := f.v.cat.Tree.Unit(parent); ok {
		p.Parent = up.Name
	}
	p.Tiles = f.tiles(u, parent, siblings)
	p.AllItems = f.items(u, parent)
	p.Items = furthest(p.AllItems, 8)
	p.ItTitle = f.gapTitle(p.Items, p.Parent)
	p.Factors = f.factors(u)
	p.FacTitle = f.factorTitle(u, p.Factors)
	p.Units = f.units(u, children, path)
	p.UnTitle = f.unitTitle(p.Units)
	p.EmptyUnits = p.N("staff.units.empty", int64(len(p.Units.Empty)))
	var err error
	p.Series, err = s.series(c, f)
	p.SerTitle = f.seriesTitle(p.Series)
	return err
}

// parentOf is the unit above the chosen one and all directly below that, when
// who may see them.
func (v viewer) parentOf(c choice) (survey.UnitCode, []survey.UnitCode) {
	parent := c.Unit.Parent
	if parent == "" || c.Wave == nil || !v.sees(parent) {
		return "", nil
	}
	return parent, v.cat.Tree.ChildrenIn(parent, c.days())
}

// tiles are the four figures on top.
func (f *figures) tiles(u, parent survey.UnitCode, siblings []survey.UnitCode) []tile {
	x := f.index(u)
	m := overallOf(x)
	if !m.shown() {
		return nil
	}
	_, proof := f.proof(m, x, f.change(u, overallOf), u)
	level := tile{
		Title: f.p.T("staff.tile.level", periodName(f.p, f.c.Key, f.c.Period)), Value: f.p.Decimal(m.Value, x.Spec.Decimals),
		Small: "%", Say: proof, Figure: "overall", N: x.N,
	}
	return []tile{level, f.parentTile(m, parent), f.placeTile(m, siblings), f.trendTile(u)}
}

// parentTile compares a unit with the one above.
func (f *figures) parentTile(m measure, parent survey.UnitCode) tile {
	up, _ := f.v.cat.Tree.Unit(parent)
	ref := overallOf(f.index(parent))
	t := tile{Title: f.p.T("staff.tile.parent", up.Name), Small: f.p.T("staff.points")}
	switch {
	case parent == "":
		return tile{Title: f.p.T("staff.tile.top"), Value: f.p.T("staff.change.impossible"), Class: "mut", Say: f.p.T("staff.tile.top.say")}
	case !ref.shown():
		return tile{Title: t.Title, Value: f.p.T("staff.few"), Class: "mut", Say: f.p.T("staff.change.was_few")}
	}
	d := m.Value - ref.Value
	t.Value, t.Class = f.p.Signed(d, 2), "mut"
	switch k := side(m, ref); {
	case !f.sample():
		t.Say = f.p.T("staff.tile.plain", f.p.Percent(ref.Value, 2))
	case k == 0:
		t.Say = f.p.T("staff.tile.same")
	case k < 0:
		t.Class, t.Say = "dn-t", f.p.T("staff.tile.below")
	default:
		t.Class, t.Say = "up-t", f.p.T("staff.tile.above")
	}
	return t
}

// placeTile says which places among its siblings a unit may hold: above it at
// least those clearly higher, below it at least those clearly lower.
func (f *figures) placeTile(m measure, siblings []survey.UnitCode) tile {
	var values []survey.Percent
	own, higher, lower, total := 0, 0, 0, 0
	for _, u := range siblings {
		sm := overallOf(f.index(u))
		if !sm.shown() {
			continue
		}
		if u == f.c.Unit.Code {
			own = total
		}
		total++
		values = append(values, sm.Percent)
		switch side(sm, m) {
		case 1:
			higher++
		case -1:
			lower++
		}
	}
	t := tile{Title: f.p.N("staff.tile.place", int64(total))}
	switch {
	case total < 2:
		return tile{Title: f.p.T("staff.tile.alone"), Value: f.p.T("staff.change.impossible"), Class: "mut", Say: f.p.T("staff.tile.alone.say")}
	case !f.sample():
		t.Value, t.Class, t.Say = itoa(survey.Ranks(values)[own]), "mut", f.p.T("staff.tile.place.plain")
	default:
		t.Value = itoa(higher+1) + "–" + itoa(total-lower)
		if higher+1 == total-lower {
			t.Value = itoa(higher + 1)
		}
		t.Say = f.p.T("staff.tile.place.say", m.N)
	}
	return t
}

// trendTile compares with the chosen period.
func (f *figures) trendTile(u survey.UnitCode) tile {
	tr := f.trend(u)
	t := tile{Title: f.p.T("staff.tile.trend"), Value: tr.Answer, Say: tr.Say, Class: strings.TrimSpace(tr.Class)}
	if f.name != "" {
		t.Title = f.p.T("staff.col.change_from", f.name)
	}
	return t
}

// series reads the last months of the wave, one call each.
func (s *server) series(c *fiber.Ctx, f *figures) ([]monthRow, error) {
	var rows []monthRow
	u := f.c.Unit.Code
	for _, m := range monthsOf(f.c.Span, seriesGoes) {
		r, err := s.Reader.Read(c.UserContext(), survey.Query{
			Wave: f.c.Wave.ID, Units: []survey.UnitCode{u}, Period: survey.Period{From: m.First(), To: m.Last()}, Channel: f.c.Channel,
		})
		if err != nil {
			return nil, err
		}
		v := overallOf(r.Indices[u])
		row := monthRow{Month: shortMonth(m), Cell: f.cell(v, 1)}
		row.Cell.N = f.p.Int(r.Indices[u].N)
		if v.shown() {
			tone := "b-data"
			if f.sample() {
				tone = "b-same"
			}
			row.Bar = f.bar(v, measure{}, tone)
		}
		rows = append([]monthRow{row}, rows...)
	}
	return rows, nil
}

// origin says what a unit came from.
func (v viewer) origin(p staffPage, u survey.Unit) string {
	var whole, parts []string
	for _, s := range v.cat.Successions {
		if s.To != u.Code {
			continue
		}
		from, _ := v.cat.Tree.Unit(s.From)
		name := from.Name
		if name == "" {
			name = string(s.From)
		}
		if s.Whole {
			whole = append(whole, name)
		} else {
			parts = append(parts, name)
		}
	}
	whole, parts = compact(p, whole), compact(p, parts)
	key := "staff.origin.whole"
	switch {
	case len(whole)+len(parts) == 0:
		return ""
	case len(whole) == 0:
		key = "staff.origin.parts"
	case len(parts) > 0:
		key = "staff.origin.both"
	}
	return p.T(key, strings.Join(whole, ", "), strings.Join(parts, ", "), u.ValidFrom.Date())
}

func compact(p staffPage, names []string) []string {
	p.Sort(names)
	return slices.Compact(names)
}

// fate says what became of a unit that ended.
func (v viewer) fate(p staffPage, u survey.Unit) string {
	if u.ValidTo >= v.today || u.Code == "" {
		return ""
	}
	var to []string
	for _, s := range v.cat.Successions {
		if s.From == u.Code {
			next, _ := v.cat.Tree.Unit(s.To)
			to = append(to, next.Name)
		}
	}
	if to = compact(p, to); len(to) == 0 {
		return p.T("staff.fate.ended", u.ValidTo.Date())
	}
	return p.T("staff.fate.became", u.ValidTo.Date(), strings.Join(to, ", "))
}

// gapTitle names the item furthest below the unit above.
func (f *figures) gapTitle(rows []figureRow, parent string) string {
	if len(rows) == 0 {
		return f.p.T("staff.items.none")
	}
	r := rows[0]
	if parent == "" {
		return f.p.T("staff.items.lowest", r.Name, f.p.Percent(r.m.Value, 1))
	}
	if r.points >= 0 {
		return f.p.T("staff.gap.none", parent)
	}
	if f.sample() && r.Sign == "" {
		return f.p.T("staff.gap.unclear", parent)
	}
	return f.p.T("staff.gap.largest", r.Name, parent, f.p.Decimal(-r.points, 1))
}

// seriesTitle says between what the months lie.
func (f *figures) seriesTitle(rows []monthRow) string {
	lo, hi, n := 101.0, -1.0, 0
	for _, r := range rows {
		if r.Cell.Text != "" {
			lo, hi, n = min(lo, r.Bar.value), max(hi, r.Bar.value), n+1
		}
	}
	switch n {
	case 0:
		return f.p.T("staff.series.none")
	case 1:
		return f.p.T("staff.series.one")
	}
	return f.p.T("staff.series.range", f.p.Decimal(lo, 1), f.p.Percent(hi, 1))
}
