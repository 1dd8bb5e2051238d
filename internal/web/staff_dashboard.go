package web

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

var dashboardView = newStaffView[dashboardPage]("results.html", "quality_panel.html", "dashboard.html")

// dashboardPage answers a manager's four questions about a unit, and then why.
type dashboardPage struct {
	staffPage
	resultBase
	Head     headline
	Factors  []figureRow
	FacTitle string
	Lowest   []figureRow
	Highest  []figureRow
	ItTitle  string
	Units    unitBoard
	UnTitle  string
	HeatMap  string // the address of the same units by item
}

// resultBase is what the dashboard and a unit's page share.
type resultBase struct {
	Wave       *survey.Wave
	Unit       survey.Unit
	Title      string
	Form       filterForm
	AsOf       asOf
	State      string // "no-wave", "not-covered", "none", "few" or empty
	Least      int64  // people that a figure must stand for
	FaultCode  string // when State is "failed"
	Again      string // this page's address
	Report     string // address of the report of the same
	Opened     string
	Answers    answers
	AnTitle    string
	Channels   channelBoard
	Quality    qualityPanel
	Trend      chartFigure
	Asked      []askedTable
	AskedOpen  string
	Profile    []askedTable
	Method     []string // how the figures are computed, in sentences
	Sample     bool
	Several    bool   // there is more than one item
	Reference  string // the overall figure, in a sentence
	Field      string // how far the fieldwork has come, in a sentence; empty without a plan
	FieldHref  string
	Published  string // what was published, and whether this is it; empty if nothing was
	Live       string // the stream that says when to look again; empty: nothing can move
	LiveN      int64  // responses that the page shows
	EmptyUnits string // how many units have no response, in a sentence
}

func (s *server) dashboard(c *fiber.Ctx) error {
	v := s.viewer(c)
	p := dashboardPage{staffPage: s.staff(c, v, "dashboard")}
	ch, err := v.choose(queryOf(c), "")
	if err != nil {
		return err
	}
	children := v.childrenOf(ch)
	f, err := s.readResults(c, v, &p.staffPage, &p.resultBase, ch, append([]survey.UnitCode{ch.Unit.Code}, children...), "/app")
	if err != nil {
		return err
	}
	p.Crumbs = v.crumbs(ch.Unit.Code, func(u survey.UnitCode) string { return "/app" + ch.query("unit", string(u)) })
	if f == nil {
		return dashboardView.render(c, p.status(ch), p)
	}
	u := ch.Unit.Code
	p.Units = f.units(u, children, "/app")
	p.EmptyUnits = p.N("staff.units.empty", int64(len(p.Units.Empty)))
	if !p.Several {
		p.Trend.Class = "c12" // no factors stand beside it
	}
	p.Head = f.headline(u, p.Units, children)
	p.State = p.Head.State
	p.Factors = f.factors(u)
	p.FacTitle = f.factorTitle(u, p.Factors)
	if items := f.items(u, ""); len(items) > len(p.Factors) { // else they would say the same again
		p.Lowest, p.Highest = ends(items, mostItems)
	}
	p.ItTitle = f.itemTitle(p.Lowest)
	p.UnTitle = f.unitTitle(p.Units)
	p.HeatMap = "/app/heatmap" + ch.heatQuery("", 0)
	return dashboardView.render(c, p.status(ch), p)
}

// mostItems is how many of the lowest and of the highest items are listed.
const mostItems = 5

// status is 422 when the dates in the address cannot be, and 503 when the
// figures could not be read.
func (b resultBase) status(c choice) int {
	switch {
	case b.State == "failed":
		return fiber.StatusServiceUnavailable
	case len(c.Bad) > 0:
		return fiber.StatusUnprocessableEntity
	}
	return fiber.StatusOK
}

// childrenOf lists the units below the chosen one that stood in the period.
func (v viewer) childrenOf(c choice) []survey.UnitCode {
	if c.Wave == nil {
		return nil
	}
	return v.cat.Tree.ChildrenIn(c.Unit.Code, c.days())
}

// readResults fills what the pages of results share and returns the figures, nil
// when there can be none.
func (s *server) readResults(c *fiber.Ctx, v viewer, p *staffPage, b *resultBase, ch choice, units []survey.UnitCode, path string) (*figures, error) {
	if !b.begin(v, p, ch, path) {
		return nil, nil //nolint:nilnil // no figures is what the caller asks about
	}
	f, err := s.read(c.UserContext(), v, p.Printer, ch, units)
	if err != nil {
		return nil, s.unread(c, b, err)
	}
	b.stand(p, f)
	u := ch.Unit.Code
	if b.Field, b.FieldHref, err = s.planLine(c.UserContext(), f); err != nil {
		return nil, s.unread(c, b, err)
	}
	if b.Published, err = s.publishedLine(c.UserContext(), f); err != nil {
		return nil, s.unread(c, b, err)
	}
	b.Live, b.LiveN = f.liveAddress(), f.index(u).N
	b.Several = len(f.index(u).Items) > 1
	b.Answers = f.answers(u)
	b.AnTitle = f.answerTitle(b.Answers)
	if b.Channels, err = s.channels(c.UserContext(), f, u); err != nil {
		return nil, s.unread(c, b, err)
	}
	if b.Quality, err = s.panel(c.UserContext(), f, u); err != nil {
		return nil, s.unread(c, b, err)
	}
	if b.Trend, err = s.trendOf(c.UserContext(), f, path); err != nil {
		return nil, s.unread(c, b, err)
	}
	b.Trend.Foot = b.AsOf.Text
	allowCharts(c)
	b.Asked, b.Profile = f.asked(u, false), f.asked(u, true)
	b.AskedOpen = p.N("staff.asked.open", int64(len(b.Asked)))
	return f, nil
}

// LiveStep is by how many responses a figure must have grown before an open page
// shows it anew.
func (resultBase) LiveStep() int { return liveStep }

// begin fills what does not need figures, and reports whether there can be any.
func (b *resultBase) begin(v viewer, p *staffPage, ch choice, path string) bool {
	b.Wave, b.Unit, b.Title = ch.Wave, ch.Unit, ch.Unit.Name
	if ch.Wave == nil {
		b.State = "no-wave"
		return false
	}
	p.Demo = ch.Wave.Synthetic
	b.Title = p.T("staff.title.results", ch.Unit.Name, periodName(p.Printer, ch.Key, ch.Period))
	b.Form = v.form(p.Printer, ch, path, !strings.HasPrefix(path, "/app/units/"))
	b.Again, b.Report = path+ch.query(), ch.reportHref()
	b.Sample = ch.Wave.Design == survey.Probability
	b.Opened = p.Date(ch.Wave.From.Date())
	if !ch.Wave.Covers(v.cat.Tree, ch.Unit.Code) && !v.above(ch) {
		b.State = "not-covered"
		return false
	}
	return true
}

// stand says whether the chosen unit has a figure, up to when, and how it is
// made.
func (b *resultBase) stand(p *staffPage, f *figures) {
	x := f.index(f.c.Unit.Code)
	b.Least = f.least
	switch m := overallOf(x); {
	case m.few():
		b.State = "few"
	case !m.shown():
		b.State = "none"
	default:
		b.Reference = p.Percent(m.Value, 2)
	}
	b.AsOf = p.asOf(f.now)
	b.Method = f.method(f.now.Instrument, x.Spec)
}

// unread makes a state of the page out of figures that could not be read: old
// ones are not shown in their place. The code leads to the line of the log.
func (s *server) unread(c *fiber.Ctx, b *resultBase, err error) error {
	if k := survey.KindOf(err); k != survey.Internal && k != survey.Unavailable {
		return err
	}
	b.State = "failed"
	b.FaultCode = strings.ToUpper(strconv.FormatInt(s.Now().UnixMilli(), 36))
	s.Log.ErrorContext(c.UserContext(), "figures could not be read", "code", b.FaultCode, "path", c.Path(), "err", err)
	return nil
}

// above reports whether the chosen unit stands above one that the wave covers.
func (v viewer) above(c choice) bool {
	for _, root := range c.Wave.Units {
		if v.cat.Tree.Within(root, c.Unit.Code) {
			return true
		}
	}
	return false
}
