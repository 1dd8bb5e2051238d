package web

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/locale"
	"sipas/internal/report"
	"sipas/internal/survey"
)

var reportView = newStaffView[reportPage]("results.html", "report.html")

const reportPath = "/app/report"

// reportPage is the report of a unit on a wave: one page to read and to print,
// and a workbook of the same tables.
type reportPage struct {
	staffPage
	resultBase
	Finding  string // the title of the report
	About    string // what it is a report of, in a sentence
	Head     headline
	Facts    []report.Fact // of the sample
	Proof    []report.Fact // of the method
	Sections []reportSection
	Margins  string // address of the style of the printed margins
	Book     string // address of the workbook
	made     *report.Report
}

// report answers GET /app/report.
func (s *server) report(c *fiber.Ctx) error {
	p, ch, err := s.readReport(c)
	if err != nil {
		return err
	}
	return reportView.render(c, p.status(ch), p)
}

// reportBook answers GET /app/report.xlsx.
func (s *server) reportBook(c *fiber.Ctx) error {
	p, ch, err := s.readReport(c)
	if err != nil {
		return err
	}
	if p.made == nil {
		if p.State == "failed" {
			return &survey.Error{Op: "web.reportBook", Kind: survey.Unavailable, Key: "error.unavailable.detail"}
		}
		return survey.Missing("web.reportBook", "wave.unknown", "")
	}
	var b bytes.Buffer
	if err := p.made.WriteWorkbook(&b); err != nil {
		return err
	}
	wave := "none"
	if ch.Wave != nil {
		wave = string(ch.Wave.ID)
	}
	c.Attachment("sipas-" + wave + "-" + string(ch.Unit.Code) + ".xlsx")
	c.Set(fiber.HeaderContentType, report.MediaType)
	speak(c, p.Lang)
	return c.Send(b.Bytes())
}

// readReport reads everything that the page and the workbook say.
func (s *server) readReport(c *fiber.Ctx) (reportPage, choice, error) {
	v := s.viewer(c)
	p := reportPage{staffPage: s.staff(c, v, "dashboard")}
	ch, err := v.choose(queryOf(c), "")
	if err != nil {
		return p, ch, err
	}
	children := v.childrenOf(ch)
	f, err := s.readResults(c, v, &p.staffPage, &p.resultBase, ch, append([]survey.UnitCode{ch.Unit.Code}, children...), reportPath)
	if err != nil {
		return p, ch, err
	}
	p.Crumbs = append(v.crumbs(ch.Unit.Code, func(u survey.UnitCode) string { return reportPath + ch.query("unit", string(u)) }), crumb{ch.Unit.Name, "/app" + ch.query()})
	p.Book = reportPath + ".xlsx" + ch.query("lang", c.Query("lang"))
	p.Title = p.T("report.of", ch.Unit.Name)
	if p.Finding = p.Title; f == nil {
		return p, ch, nil
	}
	p.Margins = reportPath + ".css" + ch.query("mark", strconv.FormatInt(f.now.Watermark.Seq, 10), "lang", c.Query("lang"))
	r := reportMaker{figures: f, page: &p, u: ch.Unit.Code, children: children}
	if err := r.make(c.UserContext(), s); err != nil {
		return p, ch, err
	}
	return p, ch, nil
}

// reportMargins answers GET /app/report.css: what stands in the margins of every
// printed page. A style sheet is the only place it can come from, and it knows
// no language, so this one is made for the page that links it.
func (s *server) reportMargins(c *fiber.Ctx) error {
	v, p := s.viewer(c), s.page(c)
	ch, err := v.choose(queryOf(c), "")
	if err != nil {
		return err
	}
	if ch.Wave == nil {
		return survey.Missing("web.reportMargins", "wave.unknown", "")
	}
	top := ""
	if ch.Wave.Synthetic {
		top = p.T("report.synthetic")
	}
	mark, err := strconv.ParseInt(c.Query("mark"), 10, 64)
	if err != nil {
		mark = 0
	}
	return sendMargins(c, p.Printer, top, p.T("report.margin", ch.Unit.Name, ch.Wave.Name, mark))
}

// sendMargins writes what stands at the top and at the bottom of every page, with
// the number of the page.
func sendMargins(c *fiber.Ctx, p locale.Printer, top, below string) error {
	c.Set(fiber.HeaderContentType, "text/css; charset=utf-8")
	speak(c, p.Lang)
	// The first page says it itself, also where a browser leaves margins empty.
	return c.SendString("@page :first { @top-right { content: none } }\n@page { @top-right { content: " + cssString(top) + " } @bottom-left { content: " + cssString(below) + " } " +
		"@bottom-right { content: " + cssString(p.T("report.page")+" ") + " counter(page) \" / \" counter(pages) } }\n")
}

// cssString writes s as a string of CSS. Everything but letters, digits, blanks
// and what is beyond ASCII is escaped, so that no name of a unit ends it.
func cssString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r >= 0x80, r == ' ', r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
			b.WriteRune(r)
		default:
			b.WriteString(`\` + strconv.FormatInt(int64(r), 16) + " ")
		}
	}
	b.WriteByte('"')
	return b.String()
}

// Fact writes the value of a fact.
func (p reportPage) Fact(f report.Fact) string { return drawCell(p.Printer, f.Format, f.Value).Text }

// reportHref leads to the report of what a page shows.
func (c choice) reportHref() string { return reportPath + c.query("step", "", "sort", "", "dir", "") }
