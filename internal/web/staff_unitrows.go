package web

import (
	"cmp"
	"slices"
	"strings"

	"sipas/internal/estimate"
	"sipas/internal/locale"
	"sipas/internal/survey"
)

// unitRow is one unit of the table of units.
type unitRow struct {
	Place   string // of a sample the range of ranks, else the order by percentage
	Of      string // how many were ranked: "/54"; empty where Place is no rank
	Moved   rankMove
	Code    survey.UnitCode
	Name    string
	Href    string
	Cell    cell
	Bar     barChart
	Factors []cell
	Change  change
	Ended   string // when it does not stand any more
	More    string // stands for rows left out: a link to all of them, and nothing else
	m       measure
	factors []measure
}

// unitGroup is some rows under a heading of their own.
type unitGroup struct {
	Title string
	Count string
	Rows  []unitRow
}

// unitBoard is the units directly below one.
type unitBoard struct {
	Heads    []sortHead // name, percent, one per factor, n, change
	Groups   []unitGroup
	Columns  int
	Low      int // how many are clearly below, not different, clearly above
	Same     int
	High     int
	Lowest   *unitRow
	Highest  *unitRow
	Shown    int       // have a figure
	Hidden   int       // have responses, and too few for a figure
	Empty    []unitRow // have no response at all
	Unjudged bool      // a sample, of which no unit has an interval
	Changes  bool      // there is something to compare with
	Banded   bool      // places are ranges of ranks
	Target   string    // how many are below, near or at their targets, in sentences; empty: none has one
	Steps    heatSteps // of the factors' colours
}

// sortHead is one column's heading, a link that sorts by it.
type sortHead struct {
	Text, Href string
	Class      string
	Sorted     string // "ascending", "descending" or empty
}

// units makes the table of the children of u.
func (f *figures) units(u survey.UnitCode, children []survey.UnitCode, path string) unitBoard {
	ref := overallOf(f.index(u))
	t := unitBoard{Heads: f.heads(path), Changes: f.failed == "", Steps: f.steps}
	rows := make([]unitRow, 0, len(children))
	values := make([]survey.Percent, 0, len(children))
	for _, code := range children {
		r := f.unitRow(code, ref)
		if x := f.index(code); x.N == 0 && !x.Hidden {
			t.Empty = append(t.Empty, r)
			continue
		}
		rows = append(rows, r)
		values = append(values, survey.Percent{Value: r.m.Value, Known: r.m.shown()})
	}
	f.judgeChanges(rows)
	measures := make([]measure, len(rows))
	for i, place := range survey.Ranks(values) {
		measures[i] = rows[i].m
		if place > 0 {
			rows[i].Place = itoa(place)
		}
	}
	bands := f.bandsOf(measures)
	moves := f.rankMoves(rows, bands)
	for i, band := range bands {
		if band.Low > 0 {
			rows[i].Place, rows[i].Of, t.Banded = bandText(band), "/"+itoa(ranked(bands)), true
		}
		rows[i].Moved = moves[i]
	}
	t.Columns = len(t.Heads) + 2
	f.sortUnits(rows)
	locale.SortBy(f.p, t.Empty, func(r unitRow) string { return r.Name })
	t.count(rows, ref, f.sample())
	t.Target = f.targetUnits(rows)
	t.Groups = []unitGroup{{Rows: rows}}
	if f.sample() && (f.c.Sort == "" || f.c.Sort == "percent") && t.Low+t.High > 0 {
		t.Groups = f.grouped(rows, ref)
	}
	if !f.c.All {
		for i, g := range t.Groups {
			t.Groups[i].Rows = f.ends(g.Rows, path)
		}
	}
	return t
}

// Of a group of more than mostUnits rows the first and the last stand, and a
// link to the others: a manager looks for the ends.
const (
	mostUnits  = 12
	firstUnits = 7
	lastUnits  = 3
)

// ends shortens a group of rows.
func (f *figures) ends(rows []unitRow, path string) []unitRow {
	left := len(rows) - firstUnits - lastUnits
	if len(rows) <= mostUnits {
		return rows
	}
	more := unitRow{More: f.p.N("staff.units.more", int64(left)), Href: path + f.c.query("all", "1") + "#units"}
	return slices.Concat(rows[:firstUnits], []unitRow{more}, rows[len(rows)-lastUnits:])
}

// judgeChanges judges the changes of all units together: of hundreds that did
// not change, one in twenty would exceed a margin of its own.
func (f *figures) judgeChanges(rows []unitRow) {
	var changes []estimate.Difference
	var at []int
	for i, r := range rows {
		if r.Change.known {
			changes, at = append(changes, r.Change.of), append(at, i)
		}
	}
	for i, beyond := range estimate.Adjust(changes) {
		rows[at[i]].Change = f.changeOf(changes[i], beyond)
	}
}

func (f *figures) unitRow(code survey.UnitCode, ref measure) unitRow {
	unit, _ := f.v.cat.Tree.Unit(code)
	x := f.index(code)
	m := overallOf(x)
	r := unitRow{Code: code, Name: unit.Name, Href: "/app/units/" + string(code) + f.c.query("unit", ""), Cell: f.cell(m, 2), m: m}
	r.Cell.N = f.responses(code)
	r.Cell.Href = f.explainHref(code, survey.OverallKey)
	if unit.ValidTo < f.c.days().To {
		r.Ended = f.p.T("staff.unit.ended", unit.ValidTo.Date())
	}
	if m.shown() {
		r.Bar = f.bar(m, ref, f.tone(m, ref))
	}
	for i, factor := range x.Factors {
		fm := factorOf(i)(x)
		c := f.cell(fm, 0)
		c.Href = f.explainHref(code, survey.FactorKey(factor.Domain, factor.Code))
		if fm.shown() {
			c.Class = f.heat(fm, ref)
		} else if fm.few() {
			c.Class, c.Why = "hno", f.p.T("staff.few_short")
		}
		r.Factors, r.factors = append(r.Factors, c), append(r.factors, fm)
	}
	r.Change = f.change(code, overallOf)
	return r
}

// count fills in what the title of the table says.
func (t *unitBoard) count(rows []unitRow, ref measure, sample bool) {
	t.Unjudged = sample
	for i, r := range rows {
		if !r.m.shown() {
			t.Hidden++
			continue
		}
		t.Shown++
		if t.Lowest == nil || r.m.Value < t.Lowest.m.Value {
			t.Lowest = &rows[i]
		}
		if t.Highest == nil || r.m.Value > t.Highest.m.Value {
			t.Highest = &rows[i]
		}
		if !sample || !judged(r.m, ref) {
			continue
		}
		t.Unjudged = false
		switch side(r.m, ref) {
		case -1:
			t.Low++
		case 0:
			t.Same++
		case 1:
			t.High++
		}
	}
}

// grouped divides sorted rows by how they stand to the overall figure.
func (f *figures) grouped(rows []unitRow, ref measure) []unitGroup {
	by := map[int][]unitRow{}
	for _, r := range rows {
		k := 2 // no figure
		if r.m.shown() {
			k = side(r.m, ref)
		}
		by[k] = append(by[k], r)
	}
	order := []int{-1, 0, 1, 2}
	if f.c.Down {
		order = []int{1, 0, -1, 2}
	}
	titles := map[int]string{-1: "below", 0: "same", 1: "above", 2: "hidden"}
	var groups []unitGroup
	for _, k := range order {
		if len(by[k]) > 0 {
			groups = append(groups, unitGroup{
				f.p.T("staff.units." + titles[k]), f.p.N("staff.units.count", int64(len(by[k]))), by[k],
			})
		}
	}
	return groups
}

// sortUnits sorts by the chosen column, the lowest first unless turned round.
// What has no value comes last either way.
func (f *figures) sortUnits(rows []unitRow) {
	locale.SortBy(f.p, rows, func(r unitRow) string { return r.Name })
	value := func(r unitRow) (float64, bool) { return r.m.Value, r.m.shown() }
	switch by := f.c.Sort; {
	case by == "name":
		if f.c.Down {
			slices.Reverse(rows)
		}
		return
	case by == "n":
		value = func(r unitRow) (float64, bool) { return float64(f.index(r.Code).N), !f.index(r.Code).Hidden }
	case by == "change":
		value = func(r unitRow) (float64, bool) { return r.Change.points, r.Change.known }
	default:
		for i, fac := range f.now.Indices[f.c.Unit.Code].Factors {
			if by == factorKey(fac) {
				value = func(r unitRow) (float64, bool) {
					if i >= len(r.factors) {
						return 0, false
					}
					return r.factors[i].Value, r.factors[i].shown()
				}
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b unitRow) int {
		va, oka := value(a)
		vb, okb := value(b)
		switch {
		case oka != okb:
			return boolOrder(oka, okb)
		case f.c.Down:
			return cmp.Compare(vb, va)
		}
		return cmp.Compare(va, vb)
	})
}

func factorKey(f survey.FactorFigure) string { return f.Domain + "." + f.Code }

// heads makes the headings; the sorted one turns its order round.
func (f *figures) heads(path string) []sortHead {
	head := func(key, text, class string) sortHead {
		h := sortHead{Text: text, Class: class}
		down := ""
		if sorted := f.c.Sort == key || f.c.Sort == "" && key == "percent"; sorted {
			h.Sorted = "ascending"
			if f.c.Down {
				h.Sorted = "descending"
			} else {
				down = "desc"
			}
		}
		h.Href = path + f.c.query("sort", key, "dir", down) + "#units"
		return h
	}
	hs := []sortHead{head("name", f.p.T("staff.col.unit"), ""), head("percent", "%", "num")}
	for _, d := range f.now.Instrument.Domains {
		for _, fac := range d.Factors {
			hs = append(hs, head(d.Code+"."+fac.Code, strings.TrimSpace(fac.ShortTitle(f.p.Lang)), "num hide-m fc"))
		}
	}
	hs = append(hs, head("n", "n", "num hide-s"))
	if f.failed == "" {
		hs = append(hs, head("change", f.p.T("staff.col.change_from", f.name), "hide-s"))
	}
	return hs
}
