package web

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/book"
	"sipas/internal/survey"
)

var bookView = newStaffView[bookPage]("book_parts.html", "book.html")

const bookPath = "/app/book"

// bookPage is everything that is published about one unit for one year.
type bookPage struct {
	staffPage
	Title, Sub string
	Unit       survey.Unit
	Units      []pick
	Years      []pick
	Versus     []pick
	Year, Was  int // Was is 0 where nothing is compared
	None       string
	Rows       []indexRow
	RowsTitle  string
	RowsSub    string
	MadeUp     bool     // what it is compared with is made up
	Across     []string // what a reorganisation means for comparing
	YearCharts []chartFigure
	Classes    bool     // any index has a group
	Sources    []string // documents, each with the day it was published
	Documents  []chartLink
	Computed   []chartLink // how figures of a survey were computed: rules, questionnaire, responses
	Lineage    lineage
	Parts      []partsFigure
	Besides    []besideRow
	CSV        string
	May        bool   // the reader may enter results of this unit
	History    string // address; empty: not for the reader
	thresholds book.Thresholds
}

// YearText and WasText write the years without marks between thousands.
func (p bookPage) YearText() string { return yearText(p.Year) }

// WasText is the year compared with.
func (p bookPage) WasText() string { return yearText(p.Was) }

// partsPart is what the template of one figure of components is drawn from.
type partsPart struct {
	staffPage
	F partsFigure
}

// PartsOf hands a figure to its template.
func (p bookPage) PartsOf(f partsFigure) partsPart { return partsPart{p.staffPage, f} }

// bookChoice is what a page about one unit shows, read from the address.
type bookChoice struct {
	unit   survey.Unit
	all    []book.Result // everything known about the unit, by year
	past   []book.Result // of those that passed whole to it, from before it stood
	former []int         // years of surveys whose responses can be put together to those of its people
	broken *book.Words   // why nothing from before it stood compares; nil: it does, or there is nothing
	years  []int         // with results, the latest first
	year   int
	versus int // 0: none
	lines  book.Lines
}

// earlier are the years before the one shown that there is something of, the
// latest first.
func (ch bookChoice) earlier() (years []int) {
	for _, r := range slices.Concat(ch.all, ch.past) {
		if r.Year < ch.year {
			years = append(years, r.Year)
		}
	}
	for _, y := range ch.former {
		if y < ch.year {
			years = append(years, y)
		}
	}
	slices.SortFunc(years, func(a, b int) int { return b - a })
	return slices.Compact(years)
}

// The word in an address for comparing with no year.
const versusNoYear = "none"

// chooseBook reads the address. It is NotFound for a unit that is not there or
// not the reader's to see.
func (s *server) chooseBook(c *fiber.Ctx, v viewer, q url.Values) (ch bookChoice, err error) {
	code := survey.UnitCode(q.Get("unit"))
	if code == "" {
		code = v.home(nil)
	}
	unit, ok := v.cat.Tree.Unit(code)
	if !ok && code != "" || ok && !v.sees(code) {
		return ch, survey.Missing("web.chooseBook", "unit.unknown", string(code))
	}
	ch.unit, ch.lines = unit, s.across(v.cat)
	if ch.all, err = s.Book.OfUnit(c.UserContext(), code); err != nil {
		return ch, err
	}
	ch.all = slices.DeleteFunc(ch.all, func(r book.Result) bool { return s.Indices.Type(r.Type) == nil })
	if err := s.reachBack(c.UserContext(), v, &ch); err != nil {
		return ch, err
	}
	ch.former = s.formerSurveys(v.cat, ch)
	for _, r := range ch.all {
		ch.years = append(ch.years, r.Year)
	}
	slices.SortFunc(ch.years, func(a, b int) int { return b - a })
	ch.years = slices.Compact(ch.years)
	ch.year = yearIn(q.Get("year"))
	if ch.year == 0 && len(ch.years) > 0 {
		ch.year = ch.years[0]
	}
	ch.versus = yearIn(q.Get("versus"))
	if q.Get("versus") == "" || ch.versus >= ch.year {
		ch.versus = 0
		if years := ch.earlier(); len(years) > 0 && q.Get("versus") != versusNoYear {
			ch.versus = years[0]
		}
	}
	return ch, nil
}

// yearIn reads a year; 0 for anything else.
func yearIn(s string) int {
	y, err := strconv.Atoi(s)
	if err != nil || y < 0 || y > 9999 {
		return 0
	}
	return y
}

// of lists the results of a year in the order of types.
func (ch bookChoice) of(types *book.Types, year int) (rs []book.Result) {
	for _, t := range types.All() {
		if r := book.Pick(ch.all, t.Code, year); r != nil {
			rs = append(rs, *r)
		}
	}
	return rs
}

// before is the result that r is laid beside: of its family and the year
// compared with, whether it compares or not. nil: none.
func (ch bookChoice) before(types *book.Types, r book.Result) *book.Result {
	family := types.Type(r.Type).Family
	for _, rs := range [][]book.Result{ch.all, ch.past} {
		for i := range rs {
			if x := &rs[i]; x.Year == ch.versus && types.Type(x.Type).Family == family {
				return x
			}
		}
	}
	return nil
}

// query writes ch as an address, with changes: pairs of name and value.
func (ch bookChoice) query(changes ...string) string {
	q := url.Values{"unit": {string(ch.unit.Code)}}
	if ch.year > 0 {
		q.Set("year", strconv.Itoa(ch.year))
	}
	for i := 0; i+1 < len(changes); i += 2 {
		if q.Del(changes[i]); changes[i+1] != "" {
			q.Set(changes[i], changes[i+1])
		}
	}
	return "?" + q.Encode()
}

// book answers GET /app/book.
func (s *server) book(c *fiber.Ctx) error {
	v := s.viewer(c)
	p := bookPage{staffPage: s.staff(c, v, "book")}
	ch, err := s.chooseBook(c, v, queryOf(c))
	if err != nil {
		return err
	}
	if p.thresholds, err = s.Book.Thresholds(c.UserContext()); err != nil {
		return err
	}
	p.Unit, p.Year, p.Was = ch.unit, ch.year, ch.versus
	p.fillForm(v, ch)
	p.Crumbs = []crumb{{p.T("staff.menu.book"), bookPath}}
	p.CSV, p.May = bookPath+".csv"+ch.query(), v.mayEnter(ch.unit.Code)
	if p.May || v.who.CanAudit() {
		p.History = bookPath + "/history" + ch.query()
	}
	p.Lineage = v.lineageOf(p.staffPage, ch.unit)
	rs := ch.of(s.Indices, ch.year)
	p.Demo = slices.ContainsFunc(rs, func(r book.Result) bool { return r.Synthetic }) && !slices.ContainsFunc(rs, func(r book.Result) bool { return !r.Synthetic })
	if len(rs) == 0 {
		p.Title, p.None = p.T("book.page.none.title", ch.unit.Name, yearText(ch.year)), p.noneWords(ch)
		return bookView.render(c, fiber.StatusOK, p)
	}
	if _, err := s.rowsOf(c.UserContext(), v, &p, ch, rs); err != nil {
		return err
	}
	if ch.broken != nil && len(ch.earlier()) == 0 {
		p.across(*ch.broken)
	}
	p.tell(rs)
	if err := s.fillYears(c.UserContext(), v, &p, ch, rs); err != nil {
		return err
	}
	allowCharts(c)
	if err := s.fillParts(c.UserContext(), v, &p, ch, rs); err != nil {
		return err
	}
	return bookView.render(c, fiber.StatusOK, p)
}

// rowsOf lays every index beside the year compared with, and beside responses of
// former units, which it returns by the place of the index.
func (s *server) rowsOf(ctx context.Context, v viewer, p *bookPage, ch bookChoice, rs []book.Result) ([]*pooledFigure, error) {
	beside := make([]*pooledFigure, len(rs))
	for i, r := range rs {
		ps, err := s.pool(ctx, v, ch.lines, rs[i:i+1], ch.versus)
		if err != nil {
			return nil, err
		}
		beside[i] = ps[r.Unit]
		p.Rows = append(p.Rows, p.indexRow(ch.lines, s.Indices, r, ch.before(s.Indices, r), s.measured(ctx, r.Type, ch.versus), beside[i]))
		if err := s.tellPool(ctx, p, r, beside[i]); err != nil {
			return nil, err
		}
	}
	return beside, nil
}

// measured says who has a result of a type and year. It is asked of units alone
// that were reorganised in that year, so the board is read when it is; where it
// cannot be, nobody has.
func (s *server) measured(ctx context.Context, t book.TypeCode, year int) book.Measured {
	return func(u survey.UnitCode) bool {
		all, err := s.Book.Board(ctx, s.Indices.Type(t), year)
		return err == nil && all.Of(u) != nil
	}
}

// yearText writes a year, without marks between thousands.
func yearText(y int) string {
	if y == 0 {
		return ""
	}
	return strconv.Itoa(y)
}

func (p *bookPage) fillForm(v viewer, ch bookChoice) {
	p.Units = v.unitPicks(p.Printer, nil, ch.unit.Code)
	for _, y := range ch.years {
		p.Years = append(p.Years, pick{yearText(y), yearText(y), y == ch.year})
	}
	for _, y := range ch.earlier() {
		p.Versus = append(p.Versus, pick{yearText(y), ch.yearName(p.staffPage, y), y == ch.versus})
	}
	if !slices.Contains(ch.years, ch.year) {
		p.Years = append([]pick{{yearText(ch.year), yearText(ch.year), true}}, p.Years...)
	}
	p.Versus = append(p.Versus, pick{versusNoYear, p.T("book.page.versus.none"), ch.versus == 0})
}

// yearName is a year, with the word for it if all of it is made up.
func (ch bookChoice) yearName(p staffPage, year int) string {
	made := false
	for _, r := range slices.Concat(ch.all, ch.past) {
		if r.Year == year && !r.Synthetic {
			return yearText(year)
		}
		made = made || r.Year == year
	}
	if !made {
		return yearText(year)
	}
	return p.T("book.page.year_synthetic", yearText(year))
}

func (p *bookPage) noneWords(ch bookChoice) string {
	if len(ch.years) == 0 {
		return p.T("book.page.none.unit", ch.unit.Name)
	}
	var years []string
	for _, y := range ch.years {
		years = append(years, yearText(y))
	}
	return p.T("book.page.none.year", ch.unit.Name, strings.Join(years, ", "))
}
