package web

import (
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
	All    bool // past units too
	Rows   []unitLine
	FoundN int64
	Past   bool
	PastN  int64
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
}

// mostIndent is the mostIndent indent of the list.
const mostIndent = 4

func (s *server) units(c *fiber.Ctx) error {
	v := s.viewer(c)
	p := unitsPage{staffPage: s.staff(c, v, "units"), Search: strings.TrimSpace(c.Query("q")), All: c.Query("past") == "1"}
	p.Title = p.N("staff.units.title", int64(v.standing()))
	want, points := plainText(p.Search), v.pointCounts()
	roots := v.cat.Tree.Roots()
	if v.who.Unit != "" {
		roots = []survey.UnitCode{v.who.Unit}
	}
	var walk func(code survey.UnitCode, depth int) []unitLine
	walk = func(code survey.UnitCode, depth int) []unitLine {
		u, ok := v.cat.Tree.Unit(code)
		if !ok || !v.sees(code) {
			return nil
		}
		line := v.unitLine(p.staffPage, u, depth, points[code])
		line.Matches = want == "" || found(u, want)
		var below []unitLine
		for _, child := range v.sorted(p.Printer, v.cat.Tree.Children(code)) {
			below = append(below, walk(child, depth+1)...)
		}
		if line.Ended && !p.All && want == "" {
			p.PastN++
			return below
		}
		if line.Matches {
			p.FoundN++
		}
		if !line.Matches && len(below) == 0 {
			return nil
		}
		return append([]unitLine{line}, below...)
	}
	for _, root := range roots {
		p.Rows = append(p.Rows, walk(root, 0)...)
	}
	p.Past = p.PastN > 0
	return unitsView.render(c, fiber.StatusOK, p)
}

// found reports whether a word of u's name begins with want, so that "uong"
// finds Uông Bí and not every "phường"; or want is part of its code.
func found(u survey.Unit, want string) bool {
	return strings.Contains(" "+plainText(u.Name), " "+want) || strings.Contains(string(u.Code), want)
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
