package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/book"
	"sipas/internal/survey"
)

var unitView = newStaffView[unitPage]("results.html", "quality_panel.html", "unit.html")

// unitPage is one unit: how it stands, against what is above it, and over time.
type unitPage struct {
	staffPage
	resultBase
	Parent   string
	Tiles    []tile
	Note     string   // what it came from, and since when it can be compared
	Gone     string   // what became of it
	History  []string // its life in sentences, the earliest first
	Book     string   // address of its page in the index book
	Items    []figureRow
	AllItems []figureRow
	ItTitle  string
	Factors  []figureRow
	FacTitle string
	Points   []pointRow
	Units    unitBoard
	UnTitle  string
}

// tile is one large figure with what it is and how sure it is.
type tile struct {
	Title, Value, Small, Say, Class string
	Figure                          string // name of the figure for programs
	N                               int64
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
	p.Note, p.Gone = v.origin(p.staffPage, ch.Unit), v.fate(p.staffPage, ch.Unit)
	for _, w := range book.History(v.cat, u) {
		p.History = append(p.History, p.words(w))
	}
	p.Book = bookPath + "?unit=" + string(u)
	points := v.points("", u)
	v.openFirst(points)
	p.Points = v.pointRows(p.staffPage, points, mostPoints)
	if f == nil {
		return unitView.render(c, p.status(ch), p)
	}
	p.fill(f, parent, siblings, children, path)
	return unitView.render(c, p.status(ch), p)
}

// mostPoints is how many points of a unit its page lists.
const mostPoints = 6

// fill computes the figures of the page.
func (p *unitPage) fill(f *figures, parent survey.UnitCode, siblings, children []survey.UnitCode, path string) {
	u := f.c.Unit.Code
	p.Trend.Class = "c5" // beside the factors
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
	if r.judged && r.Sign == "" {
		return f.p.T("staff.gap.unclear", parent)
	}
	return f.p.T("staff.gap.largest", r.Name, parent, f.p.Decimal(-r.points, 1))
}
