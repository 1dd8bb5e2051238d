package web

import (
	"slices"
	"strings"
	"unicode"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/unicode/norm"

	"sipas/internal/survey"
)

var unitsView = newStaffView[unitsPage]("units.html")

// unitsPage is the tree of units, past and present.
type unitsPage struct {
	staffPage
	Title  string
	Search string
	On     string // the day it is of, as typed; empty: today
	BadOn  string // what is wrong with it
	Tree   string // the title of the list
	All    bool   // past units too
	Rows   []unitLine
	FoundN int64
	Past   bool
	PastN  int64
	Cut    string // how many of what was found are listed, where there is more
}

// unitLine is one unit of the tree.
type unitLine struct {
	Code    survey.UnitCode
	Name    string
	Kind    string
	Depth   int // 0 to 4, for the class of its indent
	Period  string
	Ended   bool
	Became  string
	From    string
	Points  string
	Matches bool
	Below   string // how many units stand below it and are not listed
	Open    string // where they are
}

// mostIndent is the mostIndent indent of the list.
const mostIndent = 4

func (s *server) units(c *fiber.Ctx) error {
	v := s.viewer(c)
	p := unitsPage{staffPage: s.staff(c, v, "units"), Search: strings.TrimSpace(c.Query("q")), All: c.Query("past") == "1"}
	p.Title, p.Tree = p.N("staff.units.title", int64(v.standing())), p.T("staff.units.tree")
	w := unitWalk{v: v, p: &p, want: plainText(p.Search), known: v.known(), day: v.today}
	w.on(c.Query("on"))
	roots := v.cat.Tree.Roots()
	if v.who.Unit != "" {
		roots = []survey.UnitCode{v.who.Unit}
	}
	if w.want == "" && v.folded() {
		w.folded, w.open = true, v.cat.Tree.Lineage(survey.UnitCode(c.Query("open")))
	}
	for _, root := range roots {
		p.Rows = append(p.Rows, w.rows(root, 0)...)
	}
	if w.want != "" && len(p.Rows) > mostPicks {
		p.Rows, p.Cut = p.Rows[:mostPicks], p.T("staff.units.cut", mostPicks, len(p.Rows))
	}
	p.Past = p.PastN > 0
	return unitsView.render(c, fiber.StatusOK, p)
}

// unitWalk lists units as a tree.
type unitWalk struct {
	v      viewer
	p      *unitsPage
	want   string // what is searched for
	known  *atlas
	day    survey.Day // the tree is of this day
	then   bool       // which is not today: who did not stand is not listed
	folded bool       // there are too many: only what is open is listed
	open   []survey.UnitCode
}

// on makes it the tree of another day. A day that is none is told, and today's tree
// stands below.
func (w *unitWalk) on(typed string) {
	if typed == "" {
		return
	}
	w.p.On = typed
	day, err := survey.ParseDay(typed)
	if err != nil {
		w.p.BadOn = w.p.T("staff.bad_date")
		return
	}
	if day == w.v.today {
		return
	}
	w.day, w.then, w.p.All, w.known = day, true, false, newAtlas(w.v.cat, day)
	w.p.Title = w.p.N("staff.units.title_on", int64(w.v.seen(w.known.standing)), day.Date())
	w.p.Tree = w.p.T("staff.units.tree_on", day.Date())
}

// rows are the lines of a unit and of those below it; of a unit that is not
// shown itself, those below.
func (w *unitWalk) rows(code survey.UnitCode, depth int) []unitLine {
	u, ok := w.v.cat.Tree.Unit(code)
	if !ok || !w.v.sees(code) {
		return nil
	}
	closed := w.folded && depth > 0 && !slices.Contains(w.open, code)
	var below []unitLine
	if !closed {
		for _, child := range w.v.sorted(w.p.Printer, w.v.cat.Tree.Children(code)) {
			below = append(below, w.rows(child, depth+1)...)
		}
	}
	if w.past(u) {
		return below
	}
	matches := w.want == "" || w.found(u)
	if matches {
		w.p.FoundN++
	} else if len(below) == 0 {
		return nil
	}
	line := w.v.unitLine(w.p.staffPage, u, depth, w.known.points[code])
	line.Matches, line.Ended = matches, line.Ended && !w.then
	if closed {
		w.fold(&line)
	}
	return append([]unitLine{line}, below...)
}

// past reports whether u is left out for not standing on the day of the tree. Of
// today's it may be asked for, and is counted.
func (w *unitWalk) past(u survey.Unit) bool {
	if w.then {
		return !u.Stands(w.day)
	}
	ended := u.ValidTo < w.v.today && !w.p.All && w.want == ""
	if ended {
		w.p.PastN++
	}
	return ended
}

// fold lets a line lead to the units below it, if there are any.
func (w *unitWalk) fold(line *unitLine) {
	n := w.known.standing[line.Code] - 1
	if n <= 0 {
		return
	}
	line.Below, line.Open = w.p.N("staff.units.open", int64(n)), "/app/units?open="+string(line.Code)
	if w.then {
		line.Open += "&on=" + w.day.String()
	}
}

// found reports whether a word of u's name begins with what is wanted, so that
// "uong" finds Uông Bí and not every "phường"; or it is part of its code.
func (w *unitWalk) found(u survey.Unit) bool {
	return strings.Contains(w.known.plainName(u), " "+w.want) || strings.Contains(string(u.Code), w.want)
}

func (v viewer) unitLine(p staffPage, u survey.Unit, depth, points int) unitLine {
	l := unitLine{
		Code: u.Code, Name: u.Name, Kind: p.T("staff.kind." + string(u.Kind)), Depth: min(depth, mostIndent),
		Period: p.T("staff.wave.since", u.ValidFrom.Date()), Ended: u.ValidTo < v.today,
		Points: p.Int(int64(points)), From: v.origin(p, u), Became: v.fate(p, u),
	}
	if u.ValidTo != survey.Always {
		l.Period = p.T("staff.period.days", u.ValidFrom.Date(), u.ValidTo.Date())
	}
	return l
}

// plainText is a text as it is searched: lower case, without marks, đ as d.
func plainText(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case r == 'đ':
			b.WriteByte('d')
		case !unicode.Is(unicode.Mn, r):
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
