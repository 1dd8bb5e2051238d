package web

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

var (
	pointsView   = newStaffView[pointsPage]("points.html")
	newPointView = newStaffView[newPointPage]("point_new.html")
)

// pointsPage lists where citizens meet the form.
type pointsPage struct {
	staffPage
	Title, Finding string
	AsOf           asOf // of the counts; empty where nothing is open
	Waves          []pick
	Units          []pick
	Rows           []pointRow
	More, MoreHref string // how many are not shown, and where they are
	Sizes          []pick // of posters
	Printable      int64  // points of the list that a poster is worth printing for
	PrintHref      string // of them all
	Chosen
}

// firstPoints is how many points are shown at first.
const firstPoints = 40

// openFirst brings the points that take responses to the front and counts them.
func (v viewer) openFirst(list []survey.Point) int {
	open := func(p survey.Point) bool { w := v.cat.Waves[p.Wave]; return w != nil && w.State == survey.Open }
	slices.SortStableFunc(list, func(a, b survey.Point) int { return boolOrder(open(a), open(b)) })
	n := slices.IndexFunc(list, func(p survey.Point) bool { return !open(p) })
	if n < 0 {
		return len(list)
	}
	return n
}

// Chosen is the point whose poster stands beside the list.
type Chosen struct {
	Row     pointRow
	QR      qrCode
	Address string // without its scheme, as people type it
	URL     string
	Service string
	Pace    string // between the responses of today, where there were two
	Hours   string // when it is open
}

// pointRow is one point of a list.
type pointRow struct {
	Code    survey.PointCode
	Name    string
	Unit    string
	Wave    string
	Channel string
	State   string
	Class   string // of the chip
	Week    string // responses in the last days; empty unless the point is open
	WeekOf  string // "2 points together", where they are counted so
	Silent  bool
	Href    string
	Chosen  bool
}

// pointRows makes rows of points, at most most of them; 0 means all.
func (v viewer) pointRows(p staffPage, points []survey.Point, most int) []pointRow {
	if most > 0 {
		points = points[:min(most, len(points))]
	}
	rows := make([]pointRow, 0, len(points))
	for _, pt := range points {
		u, _ := v.cat.Tree.Unit(pt.Unit)
		r := pointRow{Code: pt.Code, Name: pt.Name, Unit: u.Name, Channel: p.T("staff.channel." + string(pt.Channel))}
		if w := v.cat.Waves[pt.Wave]; w != nil {
			r.Wave, r.State, r.Class = w.Name, p.T("staff.point.state."+string(w.State)), chipOf(w.State)
		}
		r.Href = "/app/points?point=" + string(pt.Code)
		rows = append(rows, r)
	}
	return rows
}

// chipOf is the class of a wave's state.
func chipOf(s survey.WaveState) string {
	switch s {
	case survey.Open:
		return "ok"
	case survey.Draft:
		return "wait"
	}
	return ""
}

// pointOf finds a point that the reader may see.
func (v viewer) pointOf(code string) (survey.Point, error) {
	pt, ok := v.cat.Points[survey.PointCode(survey.Plain(code))]
	if !ok || !v.sees(pt.Unit) {
		return survey.Point{}, survey.Missing("web.pointOf", "point.unknown", code)
	}
	return pt, nil
}

func (s *server) points(c *fiber.Ctx) error {
	v := s.viewer(c)
	p := pointsPage{staffPage: s.staff(c, v, "points")}
	wave, unit := survey.WaveID(c.Query("wave")), survey.UnitCode(c.Query("unit"))
	if unit != "" && !v.sees(unit) {
		return survey.Missing("web.points", "unit.unknown", string(unit))
	}
	list := v.points(wave, unit)
	open := v.openFirst(list)
	p.Title, p.Finding = p.N("staff.points.title", int64(len(list)), open), p.T("staff.points.list")
	weeks, reading, err := s.pointWeeks(c.UserContext(), v, list)
	if err != nil {
		return err
	}
	p.find(list, weeks, reading)
	most := firstPoints
	if c.Query("all") == "1" {
		most = 0
	} else if len(list) > most {
		p.More = p.N("staff.points.more", int64(len(list)-most))
		p.MoreHref = "/app/points?all=1&wave=" + string(wave) + "&unit=" + string(unit)
	}
	p.Rows = v.pointRows(p.staffPage, list, most)
	p.Sizes = p.posterSizes("")
	p.Printable = int64(len(v.printable(wave, unit)))
	p.PrintHref = "/app/posters?" + url.Values{"wave": {string(wave)}, "unit": {string(unit)}}.Encode()
	p.Waves = append([]pick{{"", p.T("staff.points.any_wave"), wave == ""}}, v.wavePicks(wave, false)...)
	p.Units = append([]pick{{"", p.T("staff.points.any_unit"), unit == ""}}, v.unitPicks(p.Printer, nil, unit)...)
	keep := "&wave=" + string(wave) + "&unit=" + string(unit)
	for i := range p.Rows {
		p.Rows[i].Href += keep + "#chosen"
		if week, ok := weeks[p.Rows[i].Code]; ok {
			p.weekOf(&p.Rows[i], week)
		}
	}
	code := c.Query("point")
	if code == "" && len(list) > 0 {
		code = string(list[0].Code)
	}
	if code != "" {
		if err := s.choosePoint(&p, v, code, weeks); err != nil {
			return err
		}
	}
	return pointsView.render(c, fiber.StatusOK, p)
}

// find says how many points are silent, and up to which response.
func (p *pointsPage) find(list []survey.Point, weeks map[survey.PointCode]pointWeek, reading survey.Reading) {
	if len(weeks) == 0 {
		return
	}
	p.AsOf, p.Finding = p.asOf(reading), p.T("point.finding.none", weekDays)
	if silent := silentFirst(list, weeks); silent > 0 {
		p.Finding = p.N("point.finding", silent, weekDays)
	}
}

// choosePoint sets one point beside the list.
func (s *server) choosePoint(p *pointsPage, v viewer, code string, weeks map[survey.PointCode]pointWeek) error {
	pt, err := v.pointOf(code)
	if err != nil {
		return err
	}
	if p.Chosen, err = s.chosen(v, p.staffPage, pt); err != nil {
		return err
	}
	p.Demo = v.cat.Waves[pt.Wave] != nil && v.cat.Waves[pt.Wave].Synthetic
	if week, ok := weeks[pt.Code]; ok {
		p.weekOf(&p.Row, week)
	}
	for i := range p.Rows {
		p.Rows[i].Chosen = p.Rows[i].Code == pt.Code
	}
	return nil
}

// chosen makes what stands beside the list.
func (s *server) chosen(v viewer, p staffPage, pt survey.Point) (Chosen, error) {
	url := s.formURL(pt.Code)
	qr, err := newQR(url)
	if err != nil {
		return Chosen{}, err
	}
	ch := Chosen{Row: v.pointRows(p, []survey.Point{pt}, 0)[0], QR: qr, URL: url, Address: withoutScheme(url), Hours: p.hoursWords(v.cat.SettingAt(pt, survey.HoursSetting).Value)}
	if sv, ok := v.cat.Services[pt.Service]; ok {
		ch.Service = sv.Name
	}
	if f, ok := s.pointCadence(pt.Code); ok {
		ch.Pace = p.T("device.fact.pace.median", int64(f.Median/time.Second), int64(f.Shortest/time.Second))
	}
	return ch, nil
}

// formURL is the address of a point's form as citizens reach it.
func (s *server) formURL(code survey.PointCode) string {
	return strings.TrimSuffix(s.PublicURL, "/") + "/s/" + string(code)
}

func withoutScheme(url string) string {
	_, rest, ok := strings.Cut(url, "://")
	if !ok {
		return url
	}
	return rest
}

// wavePicks lists the waves of a select; collecting leaves out those that are
// over.
func (v viewer) wavePicks(chosen survey.WaveID, collecting bool) []pick {
	var picks []pick
	for _, w := range v.cat.WaveList() {
		if collecting && w.State != survey.Open && w.State != survey.Draft {
			continue
		}
		picks = append(picks, pick{string(w.ID), w.Name, w.ID == chosen})
	}
	return picks
}

// newPointPage adds a point.
type newPointPage struct {
	formBase
	Waves, Units, Channels, Services []pick
	Typed                            string // the name as typed
}

func (s *server) newPoint(c *fiber.Ctx) error {
	return s.renderNewPoint(c, fiber.StatusOK, survey.Point{
		Wave: survey.WaveID(c.Query("wave")), Unit: survey.UnitCode(c.Query("unit")), Channel: survey.QR,
	}, nil)
}

func (s *server) renderNewPoint(c *fiber.Ctx, status int, pt survey.Point, failed error) error {
	v := s.viewer(c)
	p := newPointPage{formBase: formBase{staffPage: s.staff(c, v, "points")}, Typed: pt.Name}
	p.Crumbs = []crumb{{p.T("staff.menu.points"), "/app/points"}}
	if failed != nil {
		var err error
		if p.Faults, err = s.faults(p.staffPage, failed); err != nil {
			return err
		}
	}
	p.Waves, p.Units = v.wavePicks(pt.Wave, true), v.everyUnit(p.Printer, pt.Unit)
	for _, ch := range survey.Channels {
		p.Channels = append(p.Channels, pick{string(ch), p.T("staff.channel." + string(ch)), ch == pt.Channel})
	}
	p.Services = v.servicePicks(p.staffPage, pt.Service)
	return newPointView.render(c, status, p)
}

// servicePicks lists the services of a select, by name.
func (v viewer) servicePicks(p staffPage, chosen survey.ServiceCode) []pick {
	picks := []pick{{"", p.T("staff.point.no_service"), chosen == ""}}
	for _, sv := range v.cat.Services {
		picks = append(picks, pick{string(sv.Code), sv.Name + " (" + string(sv.Code) + ")", sv.Code == chosen})
	}
	sortPicks(p.Printer, picks[1:])
	return picks
}

func (s *server) postPoint(c *fiber.Ctx) error {
	form := formOf(c)
	pt := survey.Point{
		Name: form.Get("name"), Unit: survey.UnitCode(form.Get("unit")), Wave: survey.WaveID(form.Get("wave")),
		Channel: survey.Channel(form.Get("channel")), Service: survey.ServiceCode(form.Get("service")),
	}
	made, err := s.Registry.CreatePoint(c.UserContext(), pt)
	if err != nil {
		return s.renderNewPoint(c, fiber.StatusUnprocessableEntity, pt, err)
	}
	return c.Redirect("/app/points?said=point&point="+string(made.Code)+"#chosen", fiber.StatusSeeOther)
}
