package web

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/book"
	"sipas/internal/report"
	"sipas/internal/survey"
)

var conferenceView = newStaffView[conferencePage]("results.html", "report.html", "book_parts.html", "book_conference.html")

const conferencePath = bookPath + "/conference"

// conferencePage is what the conference of a unit and year sits over: where it
// stands by every index, where the points were lost, the ranks, the weakest
// factors of satisfaction, and which units to commend, by which rules. It is
// printed, and the same tables are a workbook.
type conferencePage struct {
	bookPage
	Situation []string // sentences
	Drawn     []reportSection
	Rules     []ruleWords
	Edited    string // who changed the rules
	RulesURL  string
	Book      string // address of the workbook
	Margins   string // address of the style of the printed margins
	whole     bool   // for the workbook: with the rows that a page leaves out
	sections  []report.Section
}

// conferenceLeague is units that are ranked together by one index.
type conferenceLeague struct {
	leagueChoice
	rows    []book.LeagueRow
	pools   pools
	chances map[survey.UnitCode]book.Chance
	below   bool // they are the unit's own; otherwise it is one of them
}

// bookConference answers GET /app/book/conference.
func (s *server) bookConference(c *fiber.Ctx) error {
	p, err := s.conference(c, false)
	if err != nil {
		return err
	}
	p.Drawn = drawReport(p.Printer, &report.Report{Sections: p.sections})
	return conferenceView.render(c, fiber.StatusOK, p)
}

// bookConferenceBook answers GET /app/book/conference.xlsx.
func (s *server) bookConferenceBook(c *fiber.Ctx) error {
	p, err := s.conference(c, true)
	if err != nil {
		return err
	}
	if len(p.sections) == 0 {
		return survey.Missing("web.bookConferenceBook", "book.no_result")
	}
	r := report.Report{Lang: p.Lang, Title: p.Title, Creator: "SIPAS " + p.Version, Context: p.Unit.Name + ". " + p.Sub, Sections: p.sections}
	if p.Demo {
		r.Mark = p.T("report.synthetic")
	}
	r.Cover = report.Cover{Sheet: p.T("report.sheet.cover"), Contents: p.T("report.contents")}
	for _, x := range p.Situation {
		r.Cover.Facts = append(r.Cover.Facts, report.Fact{Name: p.T("book.conf.situation"), Value: report.Text(x)})
	}
	for _, x := range p.Rules {
		r.Cover.Facts = append(r.Cover.Facts, report.Fact{Name: p.T("book.conf.rule", x.Name), Value: report.Text(x.Say)})
	}
	var b bytes.Buffer
	if err := r.WriteWorkbook(&b); err != nil {
		return err
	}
	c.Attachment("sipas-conference-" + string(p.Unit.Code) + "-" + yearText(p.Year) + ".xlsx")
	c.Set(fiber.HeaderContentType, report.MediaType)
	speak(c, p.Lang)
	return c.Send(b.Bytes())
}

// bookConferenceMargins answers GET /app/book/conference.css: see reportMargins.
func (s *server) bookConferenceMargins(c *fiber.Ctx) error {
	v, p := s.viewer(c), s.page(c)
	ch, err := s.chooseBook(c, v, queryOf(c))
	if err != nil {
		return err
	}
	top := ""
	if c.Query("synthetic") != "" {
		top = p.T("report.synthetic")
	}
	below := p.T("book.conf.margin", ch.unit.Name, yearText(ch.year))
	for _, r := range ch.of(s.Indices, ch.year) {
		if r.Document != "" {
			below += ". " + p.T("book.page.source", shorten(r.Document, mostSource))
			break
		}
	}
	return sendMargins(c, p.Printer, top, below)
}

// mostSource is how many characters of a source fit below a page.
const mostSource = 60

func shorten(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most])) + "…"
	}
	return s
}

// conference reads everything; without sections where there is nothing of the
// year.
func (s *server) conference(c *fiber.Ctx, whole bool) (p conferencePage, err error) {
	v, ctx := s.viewer(c), c.UserContext()
	p = conferencePage{bookPage: bookPage{staffPage: s.staff(c, v, "book")}, whole: whole}
	ch, shelves, err := s.chooseConference(c, v)
	if err != nil {
		return p, err
	}
	p.Crumbs = []crumb{{p.T("staff.menu.book"), bookPath}, {ch.unit.Name, bookPath + ch.query()}}
	if p.thresholds, err = s.Book.Thresholds(ctx); err != nil {
		return p, err
	}
	p.Unit, p.Year, p.Was, p.Demo = ch.unit, ch.year, ch.versus, false
	p.fillForm(v, ch)
	leagues, err := s.conferenceLeagues(ctx, v, ch, shelves)
	if err != nil {
		return p, err
	}
	rs := ch.of(s.Indices, ch.year)
	if len(rs) == 0 && len(leagues) == 0 {
		p.Title, p.None = p.T("book.page.none.title", ch.unit.Name, yearText(ch.year)), p.noneWords(ch)
		return p, nil
	}
	p.Demo = conferenceMadeUp(rs, leagues)
	p.address(c, ch)
	return p, s.conferenceSections(ctx, v, &p, ch, rs, leagues)
}

// conferenceSections fills the page with what there is.
func (s *server) conferenceSections(ctx context.Context, v viewer, p *conferencePage, ch bookChoice, rs []book.Result, leagues []conferenceLeague) error {
	beside, err := s.rowsOf(ctx, v, &p.bookPage, ch, rs)
	if err != nil {
		return err
	}
	if err := s.situation(ctx, p, ch, rs, beside, leagues); err != nil {
		return err
	}
	if err := s.lossSections(ctx, v, p, ch, rs); err != nil {
		return err
	}
	p.rankSection(v, leagues, s.bands)
	if err := s.factorSection(ctx, p, ch, rs); err != nil {
		return err
	}
	if err := s.commendSection(ctx, v, p, ch, rs, leagues); err != nil {
		return err
	}
	for i := range p.sections {
		p.sections[i].Name = p.T("book.conf.no", i+1, p.sections[i].Name)
		for _, t := range p.sections[i].Tables {
			t.Cards = true
		}
	}
	return nil
}

// address notes where the workbook and the margins are.
func (p *conferencePage) address(c *fiber.Ctx, ch bookChoice) {
	q := ch.query("versus", c.Query("versus"), "lang", c.Query("lang"))
	p.Book, p.Margins = conferencePath+".xlsx"+q, conferencePath+".css"+q
	if p.Demo {
		p.Margins += "&synthetic=1"
	}
}

// chooseConference reads the address. Years are those with results of any unit:
// a province sits over its districts, too.
func (s *server) chooseConference(c *fiber.Ctx, v viewer) (ch bookChoice, shelves []book.Shelf, err error) {
	q := queryOf(c)
	if ch, err = s.chooseBook(c, v, q); err != nil {
		return ch, nil, err
	}
	if shelves, err = s.Book.Shelves(c.UserContext()); err != nil {
		return ch, nil, err
	}
	shelves = slices.DeleteFunc(shelves, func(x book.Shelf) bool { return s.Indices.Type(x.Type) == nil })
	for _, x := range shelves {
		ch.years = append(ch.years, x.Year)
	}
	slices.SortFunc(ch.years, func(a, b int) int { return b - a })
	ch.years = slices.Compact(ch.years)
	if ch.year == 0 && len(ch.years) > 0 {
		ch.year = ch.years[0]
	}
	if q.Get("versus") != versusNoYear && ch.versus == 0 {
		for _, y := range ch.years {
			if y < ch.year {
				ch.versus = y
				break
			}
		}
	}
	return ch, shelves, nil
}

// conferenceLeagues are the units ranked with the chosen one, and those right
// below it, by each index of the year.
func (s *server) conferenceLeagues(ctx context.Context, v viewer, ch bookChoice, shelves []book.Shelf) (list []conferenceLeague, err error) {
	boards, err := s.Book.Boards(ctx, s.Indices, slices.DeleteFunc(slices.Clone(shelves), func(x book.Shelf) bool { return x.Year != ch.year && x.Year != ch.versus }))
	if err != nil {
		return nil, err
	}
	for _, t := range s.Indices.All() {
		i := slices.IndexFunc(boards, func(b book.Board) bool { return b.Type == t && b.Year == ch.year })
		if i < 0 {
			continue
		}
		was := slices.DeleteFunc(slices.Clone(boards), func(b book.Board) bool { return b.Year != ch.versus || b.Type.Family != t.Family })
		own := book.AmongOf(ch.unit)
		for _, ranked := range book.Leagues(v.cat.Tree, boards[i].Results) {
			below := ranked.Parent == ch.unit.Code && ch.unit.Code != ""
			if !below && (ranked.Among != own || ranked.Units < leastMean || book.Pick(ch.all, t.Code, ch.year) == nil) {
				continue
			}
			peers := boards[i].Peers(v.cat.Tree, ranked.Among)
			l := conferenceLeague{below: below, leagueChoice: leagueChoice{shelves: shelves, t: t, year: ch.year, among: ranked.Among, board: peers, now: peers.Results, years: slices.DeleteFunc([]int{ch.versus, ch.year}, func(y int) bool { return y == 0 })}}
			if l.rows, l.pools, err = s.leagueBeside(ctx, v, t, l.now, was, ch.versus); err != nil {
				return nil, err
			}
			if l.chances, err = s.chances(ctx, l.rows, l.pools, ch.versus); err != nil {
				return nil, err
			}
			list = append(list, l)
		}
	}
	return list, nil
}

// conferenceMadeUp reports whether all of it is.
func conferenceMadeUp(rs []book.Result, leagues []conferenceLeague) bool {
	for i := range rs {
		if !rs[i].Synthetic {
			return false
		}
	}
	for _, l := range leagues {
		for i := range l.now {
			if !l.now[i].Synthetic {
				return false
			}
		}
	}
	return true
}

// add appends a section.
func (p *conferencePage) add(id, name, title string, tables ...*report.Table) {
	p.sections = append(p.sections, report.Section{ID: id, Name: name, Title: title, Tables: tables})
}

// cellOf is a number of the book, or the word for none.
func cellOf(p staffPage, n book.Number) report.Cell {
	if !n.Known {
		return report.Without(p.T("book.page.unknown"))
	}
	return report.Number(n.Value)
}

// cellOr is a difference, or nothing where there is none to say.
func cellOr(n book.Number) report.Cell {
	if !n.Known {
		return report.Cell{}
	}
	return report.Number(n.Value)
}
