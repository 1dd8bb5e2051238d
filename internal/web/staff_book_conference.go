package web

import (
	"bytes"
	"context"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/book"
	"sipas/internal/report"
	"sipas/internal/survey"
)

var conferenceView = newStaffView[conferencePage]("results.html", "report.html", "book_conference.html")

const conferencePath = bookPath + "/conference"

// conferencePage is what a conference over one index and year sits over: the
// ranks and changes, the weakest components, whom to commend, by which rules. It
// is printed, and the same tables are a workbook.
type conferencePage struct {
	staffPage
	Title, Sub            string
	Types, Years, Leagues []pick
	Sections              []reportSection
	Rules                 []string
	RulesURL              string // empty: not the reader's to change
	Book                  string
	None                  bool
}

// bookConference answers GET /app/book/conference.
func (s *server) bookConference(c *fiber.Ctx) error {
	p, r, err := s.conference(c)
	if err != nil {
		return err
	}
	if r != nil {
		p.Sections = drawReport(p.Printer, r)
	}
	return conferenceView.render(c, fiber.StatusOK, p)
}

// bookConferenceBook answers GET /app/book/conference.xlsx.
func (s *server) bookConferenceBook(c *fiber.Ctx) error {
	p, r, err := s.conference(c)
	if err != nil {
		return err
	}
	if r == nil {
		return survey.Missing("web.bookConferenceBook", "book.no_result")
	}
	var b bytes.Buffer
	if err := r.WriteWorkbook(&b); err != nil {
		return err
	}
	c.Attachment("sipas-conference.xlsx")
	c.Set(fiber.HeaderContentType, report.MediaType)
	speak(c, p.Lang)
	return c.Send(b.Bytes())
}

// conference makes the tables; there is no report of an empty book.
func (s *server) conference(c *fiber.Ctx) (p conferencePage, r *report.Report, err error) {
	v := s.viewer(c)
	p = conferencePage{staffPage: s.staff(c, v, "book")}
	p.Crumbs = []crumb{{p.T("staff.menu.book"), bookPath}}
	ch, err := s.chooseLeague(c, v, queryOf(c))
	if err != nil {
		return p, nil, err
	}
	if p.None = ch.t == nil; p.None {
		p.Title = p.T("book.league.none")
		return p, nil, nil
	}
	rows, err := s.leagueRows(c.UserContext(), v, ch)
	if err != nil {
		return p, nil, err
	}
	l := leaguePage{staffPage: p.staffPage}
	l.form(s.Indices, v, ch)
	l.fill(v, ch, rows, s.bands)
	p.Types, p.Years, p.Leagues, p.Demo = l.Types, l.Years, l.Leagues, l.Demo
	p.Title, p.Sub, p.Book = l.Title, l.Sub, conferencePath+".xlsx"+ch.query()
	r = &report.Report{Lang: p.Lang, Title: p.Title, Creator: "SIPAS " + p.Version, Context: p.Sub}
	if p.Demo {
		r.Mark = p.T("report.synthetic")
	}
	r.Cover.Sheet, r.Cover.Contents = p.T("report.sheet.cover"), p.T("report.contents")
	r.Sections = []report.Section{p.rankSection(ch, l), p.partSection(ch)}
	commended, err := s.commendSection(c.UserContext(), v, &p, ch, rows)
	r.Sections = append(r.Sections, commended)
	return p, r, err
}

// rankSection is every unit with its rank and change.
func (p *conferencePage) rankSection(ch leagueChoice, l leaguePage) report.Section {
	t := &report.Table{Sheet: p.T("book.conf.ranks"), Notes: l.Notes, Columns: []report.Column{
		{Head: p.T("staff.col.unit")},
		{Head: p.T("staff.col.band_short")},
		{Head: p.T("book.page.col.score"), Format: report.Percent},
		{Head: p.T("book.conf.change"), Format: report.Format{Number: true, Decimals: 2, Signed: true}},
		{Head: p.T("book.conf.moved")},
	}}
	for _, line := range l.Rows {
		t.Rows = append(t.Rows, report.Row{Cells: []report.Cell{
			report.Text(line.Name), report.Text(line.Rank + line.RankOf), cellOf(p.staffPage, line.row.Value), cellOf(p.staffPage, line.row.Change.Score), report.Text(line.Moved),
		}})
	}
	return report.Section{ID: "ranks", Name: "1. " + p.T("book.conf.ranks"), Title: p.T("book.conf.ranks.title", ch.t.Short.In(p.Lang), yearText(ch.year)), Tables: []*report.Table{t}}
}

// cellOf is a number of the book, or the word for none.
func cellOf(p staffPage, n book.Number) report.Cell {
	if !n.Known {
		return report.Without(p.T("book.page.unknown"))
	}
	return report.Number(n.Value)
}

// partSection is the mean of each component over the units.
func (p *conferencePage) partSection(ch leagueChoice) report.Section {
	t := &report.Table{Sheet: p.T("book.conf.parts"), Notes: []string{p.T("book.conf.parts.note")}, Columns: []report.Column{
		{Head: p.T("book.page.col.part")},
		{Head: p.T("book.conf.mean"), Format: report.Percent},
		{Head: p.T("book.page.col.maximum"), Format: report.Percent},
		{Head: p.T("book.page.col.share"), Format: report.Tenths},
		{Head: p.T("book.conf.units"), Format: report.Count},
	}}
	lowest, share := "", 101.0
	means := book.Means(ch.t, ch.now)
	for i, c := range ch.t.All() {
		m := means[i]
		if m.N < leastMean {
			continue
		}
		of := book.Number{}
		if c.Maximum > 0 {
			of = book.Of(100 * m.Mean.Value / c.Maximum)
			if c.Parent == nil && of.Value < share {
				lowest, share = c.Title.In(p.Lang), of.Value
			}
		}
		t.Rows = append(t.Rows, report.Row{Cells: []report.Cell{
			report.Text(c.Title.In(p.Lang)), cellOf(p.staffPage, m.Mean), cellOf(p.staffPage, book.Number{Value: c.Maximum, Known: c.Maximum > 0}), cellOf(p.staffPage, of), report.Int(int64(m.N)),
		}})
	}
	title := p.T("book.conf.parts.none")
	if lowest != "" {
		title = p.T("book.conf.parts.lowest", lowest, p.Decimal(share, 1))
	}
	return report.Section{ID: "parts", Name: "2. " + p.T("book.conf.parts"), Title: title, Tables: []*report.Table{t}}
}

// rulesOf are the rules of commendation that hold at a unit.
func (v viewer) rulesOf(u survey.UnitCode) book.Rules {
	rules := book.DefaultRules
	rules.Level = float64(v.cat.PointsOf(u, survey.CommendLevelSetting))
	rules.N = int64(v.cat.PointsOf(u, survey.CommendNSetting))
	rules.Doubtful = float64(v.cat.PointsOf(u, survey.CommendDoubtfulSetting))
	return rules
}

// commendSection lists whom the rules put forward, and what speaks against the
// others.
func (s *server) commendSection(ctx context.Context, v viewer, p *conferencePage, ch leagueChoice, rows []book.LeagueRow) (report.Section, error) {
	home := ch.among.Parent
	if home == "" {
		home = v.home(nil)
	}
	rules := v.rulesOf(home)
	p.Rules = []string{
		p.T("book.conf.rule.level", rules.Level), p.T("book.conf.rule.improved"), p.T("book.conf.rule.n", rules.N),
		p.T("book.conf.rule.quality", rules.Doubtful), p.T("book.conf.rule.final"), p.T("book.conf.rule.source"),
	}
	if v.who.CanManage() {
		p.RulesURL = "/app/settings?unit=" + string(home)
	}
	doubtful, err := s.doubtful(ctx, rows)
	if err != nil {
		return report.Section{}, err
	}
	var candidates []book.Candidate
	for _, r := range rows {
		if !v.sees(r.Unit) {
			continue
		}
		candidates = append(candidates, book.Candidate{LeagueRow: r, Doubtful: doubtful[r.Unit]})
	}
	t := &report.Table{Sheet: p.T("book.conf.commend"), Notes: p.Rules, Columns: []report.Column{{Head: p.T("staff.col.unit")}, {Head: p.T("book.conf.verdict")}, {Head: p.T("book.conf.against")}}}
	n := 0
	for _, x := range book.Commend(ch.t, rules, candidates) {
		unit, _ := v.cat.Tree.Unit(x.Unit)
		verdict, against := p.T("book.conf.no"), ""
		if x.Commended {
			verdict = p.T("book.conf.yes")
			n++
		}
		for i, w := range x.Against {
			if i > 0 {
				against += " "
			}
			against += p.words(w)
		}
		t.Rows = append(t.Rows, report.Row{Strong: x.Commended, Cells: []report.Cell{report.Text(unit.Name), report.Text(verdict), report.Text(against)}})
	}
	return report.Section{ID: "commend", Name: "3. " + p.T("book.conf.commend"), Title: p.T("book.conf.commend.title", n, len(candidates)), Tables: []*report.Table{t}}, nil
}

// doubtful are the percentages of responses of surveys that were put aside, by
// unit; of what was entered nothing is known.
func (s *server) doubtful(ctx context.Context, rows []book.LeagueRow) (map[survey.UnitCode]book.Number, error) {
	waves := map[survey.WaveID][]survey.UnitCode{}
	for _, r := range rows {
		if r.Wave != "" {
			waves[r.Wave] = append(waves[r.Wave], r.Unit)
		}
	}
	of := map[survey.UnitCode]book.Number{}
	for wave, units := range waves {
		now, err := s.Reader.Read(ctx, survey.Query{Wave: wave, Units: units, Standings: true})
		if err != nil {
			return nil, err
		}
		for _, u := range units {
			n, all := now.Standings[u].N, int64(0)
			for _, k := range n {
				all += k
			}
			of[u] = survey.Share(n[survey.Quarantined]+n[survey.Rejected], all)
		}
	}
	return of, nil
}
