package web

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

var heatView = newStaffView[heatPage]("results.html", "heatmap.html")

// heatPage is every item, or every factor, of the units below one.
type heatPage struct {
	staffPage
	resultBase
	Map     heatMap
	Finding string
	Sub     string
	Picks   []chartPick // items or factors
	Foot    string      // n of the cells
}

// heatMap is a table of percentages: units across, the lowest first, items or
// factors down.
type heatMap struct {
	Columns []heatColumn
	Width   int // of the table, in columns
	Overall []cell
	Groups  []heatGroup
	Steps   heatSteps
	Which   string // of how many units these are, in a sentence; empty: of all
	Before  string // address of the units before; empty: there are none
	After   string
	Empty   string // how many units have no response, in a sentence
}

type heatColumn struct {
	Code       survey.UnitCode
	Name, Href string
	N          string
	Gap        bool // the highest stand apart
}

// heatGroup is the items of a factor, or all factors without a Title.
type heatGroup struct {
	Title string
	Rows  []heatRow
}

type heatRow struct {
	Code, Name string // Code of an item; empty for a factor
	Cells      []cell
	measures   []measure
}

// figureSettings are what a unit may set of its figures.
var figureSettings = []survey.Setting{survey.TargetSetting, survey.HeatNearSetting, survey.HeatFarSetting, survey.HeatDeepSetting}

// heatSteps are the percentage points of difference from the overall figure at
// which a cell takes its next colour: either way, far above, far below.
type heatSteps struct{ Near, Far, Deep int }

func (v viewer) heatSteps(u survey.UnitCode) heatSteps {
	return heatSteps{v.cat.PointsOf(u, survey.HeatNearSetting), v.cat.PointsOf(u, survey.HeatFarSetting), v.cat.PointsOf(u, survey.HeatDeepSetting)}
}

// class is the colour of a cell by its distance from ref. What lies within the
// margin stays uncoloured, however far it is.
func (h heatSteps) class(m, ref measure) string {
	if side(m, ref) == 0 {
		return ""
	}
	switch d := m.Value - ref.Value; {
	case d <= -float64(h.Deep):
		return "h1x"
	case d <= -float64(h.Near):
		return "h2x"
	case d >= float64(h.Far):
		return "h5x"
	case d >= float64(h.Near):
		return "h4x"
	}
	return ""
}

// heat is the class of a cell. What is not a sample has no margin that a
// difference could exceed, so nothing in it is coloured.
func (f *figures) heat(m, ref measure) string {
	if !f.sample() {
		return ""
	}
	return f.steps.class(m, ref)
}

const (
	heatPageful = 10 // units on a page, besides the highest
	heatTops    = 3  // the highest, on every page to compare with
)

func (s *server) heatMap(c *fiber.Ctx) error {
	v := s.viewer(c)
	p := heatPage{staffPage: s.staff(c, v, "heatmap")}
	ch, err := v.choose(queryOf(c), "")
	if err != nil {
		return err
	}
	ch.Versus = versusNone // nothing is compared in time
	byFactor := c.Query("by") == "factor"
	if !p.begin(v, &p.staffPage, ch, "/app/heatmap") {
		return heatView.render(c, p.status(ch), p)
	}
	p.Form.Versus = nil
	if byFactor {
		p.Form.Keep = []pick{{Value: "by", Text: "factor"}}
	}
	children := v.childrenOf(ch)
	f, err := s.read(c.UserContext(), v, p.Printer, ch, append([]survey.UnitCode{ch.Unit.Code}, children...))
	if err != nil {
		if err = s.unread(c, &p.resultBase, err); err != nil {
			return err
		}
		return heatView.render(c, p.status(ch), p)
	}
	p.Crumbs = v.crumbs(ch.Unit.Code, func(u survey.UnitCode) string { return "/app/heatmap" + ch.query("unit", string(u)) })
	p.stand(&p.staffPage, f)
	if p.State == "" {
		page, _ := strconv.Atoi(c.Query("page"))
		p.fill(f, children, byFactor, page)
	}
	return heatView.render(c, p.status(ch), p)
}

func (p *heatPage) fill(f *figures, children []survey.UnitCode, byFactor bool, page int) {
	p.Map = f.heatMap(children, byFactor, page)
	ref := overallOf(f.index(f.c.Unit.Code))
	p.Finding = f.heatTitle(p.Map)
	p.Sub = p.T("heat.sub", p.Reference)
	switch {
	case p.Map.judged(ref):
		p.Sub += " " + p.T("heat.sub_sample")
	case f.sample():
		p.Sub += " " + p.T("sampling.units")
	default:
		p.Sub += " " + p.T("heat.sub_plain")
	}
	p.Foot = f.heatFoot(p.Map)
	for _, by := range []string{"", "factor"} {
		p.Picks = append(p.Picks, chartPick{
			chartLink{p.T("heat.by." + cmp.Or(by, "item")), "/app/heatmap" + f.c.heatQuery(by, 0)}, byFactor == (by == "factor"),
		})
	}
}

// heatQuery is the address of a page of the heat map.
func (c choice) heatQuery(by string, page int) string {
	number := ""
	if page > 0 {
		number = itoa(page)
	}
	return c.query("sort", "", "dir", "", "step", "", "vs", "", "by", by, "page", number)
}

// heatMap makes the table for the units, of which it takes a page.
func (f *figures) heatMap(children []survey.UnitCode, byFactor bool, page int) heatMap {
	h := heatMap{Steps: f.steps}
	ordered, empty := f.lowestUnits(children)
	if empty > 0 {
		h.Empty = f.p.N("staff.units.empty", int64(empty))
	}
	low, top := h.pick(f, ordered, byFactor, page)
	ref := overallOf(f.index(f.c.Unit.Code))
	for i, u := range slices.Concat(low, top) {
		unit, _ := f.v.cat.Tree.Unit(u)
		h.Columns = append(h.Columns, heatColumn{
			u, unit.Name, "/app/units/" + string(u) + f.c.query("unit", "", "vs", ""), f.responses(u), len(top) > 0 && i == len(low),
		})
		h.Overall = append(h.Overall, h.cell(f, i, overallOf(f.index(u)), ref, survey.OverallKey))
	}
	h.Width = len(h.Columns) + 1
	factor, item := 0, 0
	for _, d := range f.now.Instrument.Domains {
		for _, fac := range d.Factors {
			title := fac.ShortTitle(f.p.Lang)
			if byFactor {
				h.add("", h.row(f, "", title, factorOf(factor), ref, survey.FactorKey(d.Code, fac.Code)))
			}
			factor++
			for range fac.Items {
				it := f.index(f.c.Unit.Code).Items[item]
				if !byFactor {
					h.add(title, h.row(f, string(it.Code), f.now.Instrument.Question(it.Code).ShortText(f.p.Lang), itemOf(item), ref, survey.ItemKey(it.Code)))
				}
				item++
			}
		}
	}
	return h
}

// lowestUnits orders units by their overall figure, those with too few
// responses last, and counts those without any.
func (f *figures) lowestUnits(children []survey.UnitCode) (ordered []survey.UnitCode, empty int) {
	values := make(map[survey.UnitCode]measure, len(children))
	for _, u := range f.v.sorted(f.p, children) {
		if x := f.index(u); x.N == 0 && !x.Hidden {
			empty++
			continue
		}
		values[u] = overallOf(f.index(u))
		ordered = append(ordered, u)
	}
	slices.SortStableFunc(ordered, func(a, b survey.UnitCode) int {
		ma, mb := values[a], values[b]
		if ma.shown() != mb.shown() {
			return boolOrder(ma.shown(), mb.shown())
		}
		if !ma.shown() {
			return 0
		}
		return cmp.Compare(ma.Value, mb.Value)
	})
	return ordered, empty
}

// pick takes a page of the units, and the highest, where all do not fit.
func (h *heatMap) pick(f *figures, ordered []survey.UnitCode, byFactor bool, page int) (low, top []survey.UnitCode) {
	if len(ordered) <= heatPageful+heatTops {
		return ordered, nil
	}
	shown := len(ordered)
	for shown > 0 && !overallOf(f.index(ordered[shown-1])).shown() {
		shown--
	}
	tops := min(heatTops, shown)
	top = ordered[shown-tops : shown]
	rest := slices.Concat(ordered[:shown-tops], ordered[shown:])
	last := (len(rest) - 1) / heatPageful
	page = min(max(page, 0), last)
	from, to := page*heatPageful, min((page+1)*heatPageful, len(rest))
	h.Which = f.p.T("heat.which", from+1, to, len(ordered), tops)
	if tops == 0 { // none has enough
		h.Which = f.p.T("heat.which.none", from+1, to, len(ordered))
	}
	by := ""
	if byFactor {
		by = "factor"
	}
	if page > 0 {
		h.Before = "/app/heatmap" + f.c.heatQuery(by, page-1)
	}
	if page < last {
		h.After = "/app/heatmap" + f.c.heatQuery(by, page+1)
	}
	return rest[from:to], top
}

func (h *heatMap) add(title string, r heatRow) {
	if n := len(h.Groups); n == 0 || h.Groups[n-1].Title != title {
		h.Groups = append(h.Groups, heatGroup{Title: title})
	}
	g := &h.Groups[len(h.Groups)-1]
	g.Rows = append(g.Rows, r)
}

func (h *heatMap) row(f *figures, code, name string, of func(survey.Index) measure, ref measure, key survey.PartKey) heatRow {
	r := heatRow{Code: code, Name: name}
	for i, col := range h.Columns {
		m := of(f.index(col.Code))
		r.measures = append(r.measures, m)
		r.Cells = append(r.Cells, h.cell(f, i, m, ref, key))
	}
	return r
}

// cell is one cell: no decimals, the step it has reached, and where it leads.
func (h *heatMap) cell(f *figures, column int, m, ref measure, key survey.PartKey) cell {
	c := f.cell(m, 0)
	switch {
	case m.shown():
		c.Href = f.explainHref(h.Columns[column].Code, key)
		if c.Class = f.heat(m, ref); c.Class == "" && judged(m, ref) {
			c.Class = "h3x"
		}
	case m.few():
		c.Class, c.Why = "hno", f.p.T("staff.few_short")
	default:
		c.Class, c.Why = "hno", f.p.T("heat.none")
	}
	if h.Columns[column].Gap {
		c.Class += " gap"
	}
	return c
}

// heatTitle says where most units are low. Where no more cells exceed their
// margins than chance alone would make do so, it says that.
func (f *figures) heatTitle(h heatMap) string {
	ref := overallOf(f.index(f.c.Unit.Code))
	var low, high, all, most, of, told int
	var name string
	lowest, where := measure{}, ""
	for _, g := range h.Groups {
		for _, r := range g.Rows {
			below, shown := 0, 0
			for i, m := range r.measures {
				if !m.shown() {
					continue
				}
				shown++
				if judged(m, ref) {
					told++
				}
				if where == "" || m.Value < lowest.Value {
					lowest, where = m, f.p.T("heat.at", r.Name, h.Columns[i].Name)
				}
				switch side(m, ref) {
				case -1:
					below++
				case 1:
					high++
				}
			}
			if all, low = all+shown, low+below; below > most {
				most, of, name = below, shown, r.Name
			}
		}
	}
	switch {
	case all == 0:
		return f.p.T("staff.units.none")
	case told == 0:
		return f.p.T("heat.title.plain", where, f.p.Percent(lowest.Value, 0))
	case float64(low+high) <= byChance(told):
		return f.p.T("heat.title.chance")
	case most < 2:
		return f.p.T("heat.title.count", low, all, high)
	}
	return f.p.T("heat.title.row", name, most, of)
}

// judged reports whether of any cell it can be told if it differs by chance.
func (h heatMap) judged(ref measure) bool {
	for _, g := range h.Groups {
		for _, r := range g.Rows {
			if slices.ContainsFunc(r.measures, func(m measure) bool { return judged(m, ref) }) {
				return true
			}
		}
	}
	return false
}

// byChance is how many of so many cells that do not differ at all may exceed
// their 95 % margins: one in twenty, and two standard errors of that.
func byChance(cells int) float64 {
	n := float64(cells)
	return 0.05*n + 2*math.Sqrt(0.05*0.95*n)
}

// heatFoot says for how many people the cells stand.
func (f *figures) heatFoot(h heatMap) string {
	least, most := int64(math.MaxInt64), int64(0)
	for _, g := range h.Groups {
		for _, r := range g.Rows {
			for _, m := range r.measures {
				if m.shown() {
					least, most = min(least, m.N), max(most, m.N)
				}
			}
		}
	}
	if least > most {
		return ""
	}
	return f.p.T("heat.foot", least, most)
}
