package web

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

var devicesView = newStaffView[devicesPage]("devices.html")

// devicesPage lists the kiosks that are paired, those that need looking at
// first.
type devicesPage struct {
	staffPage
	Title, Finding string
	Units, States  []pick
	Rows           []deviceRow
	Any            bool // there are devices, if not of this filter
}

// deviceRow is one device as staff see it.
type deviceRow struct {
	ID       survey.DeviceID
	Name     string
	Point    survey.PointCode
	PointAt  string // "Quầy 2, Phường Yên Tử"
	Unit     string
	State    string
	Class    string // of the chip
	More     string // what is wrong, in a few words
	Seen     string
	Version  string
	Today    string // made · sent · with a receipt
	Queue    string
	Battery  string
	Look     bool // needs looking at
	Silent   bool
	Revoked  bool
	Missing  int64
	Shelf    int
	Href     string
	heard    time.Time
	unitCode survey.UnitCode
}

// mostGaps is how many gaps the list names, and mostGapsOfOne the page of one
// device.
const (
	mostGaps      = 3
	mostGapsOfOne = 200
)

// deviceRows makes rows of the devices that the reader may see.
func (s *server) deviceRows(ctx context.Context, v viewer, p staffPage) ([]deviceRow, error) {
	all, err := s.Devices.Store.Devices(ctx)
	if err != nil {
		return nil, err
	}
	var rows []deviceRow
	for _, d := range all {
		if pt, ok := v.cat.Points[d.Point]; ok && v.sees(pt.Unit) {
			row, err := s.deviceRow(ctx, v, p, d, pt)
			if err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
	}
	locale.SortBy(p.Printer, rows, func(r deviceRow) string { return r.Unit + " " + r.Name })
	slices.SortStableFunc(rows, func(a, b deviceRow) int { return a.rank() - b.rank() })
	return rows, nil
}

// rank brings what needs looking at to the front and what is out of use to the
// end.
func (r deviceRow) rank() int {
	switch {
	case r.Revoked:
		return 2
	case r.Look:
		return 0
	}
	return 1
}

func (s *server) deviceRow(ctx context.Context, v viewer, p staffPage, d survey.Device, pt survey.Point) (deviceRow, error) {
	u, _ := v.cat.Tree.Unit(pt.Unit)
	r := deviceRow{
		ID: d.ID, Name: d.Name, Point: d.Point, PointAt: pt.Name + ", " + u.Name, Unit: u.Name, unitCode: pt.Unit, heard: d.Beat.At,
		Silent: s.Devices.Silent(d), Revoked: !d.RevokedAt.IsZero(), Missing: d.Missing(), Shelf: d.Beat.Shelf,
		Seen: p.ago(d.Beat.At, s.Now()), Version: d.Beat.Version, Queue: p.Int(int64(d.Beat.Queue)), Href: "/app/devices/" + string(d.ID),
	}
	if d.Beat.At.IsZero() {
		r.Queue = "–"
	}
	if survey.DayOf(d.Beat.At.In(s.Zone)) == v.today {
		r.Today = p.T("device.today", d.Beat.Made, d.Beat.Sent, d.Beat.Acked)
	}
	if d.Beat.Battery >= 0 && !d.Beat.At.IsZero() {
		r.Battery = p.Percent(float64(d.Beat.Battery), 0)
	}
	r.Look = !r.Revoked && (r.Silent || r.Missing > 0 || r.Shelf > 0)
	s.stateOf(p, &r, d)
	if r.Missing > 0 {
		gaps, err := s.Devices.Store.Gaps(ctx, d.ID, mostGaps+1)
		if err != nil {
			return r, err
		}
		if words := p.gapWords(gaps, mostGaps); words != "" {
			r.More = p.T("device.gaps", words)
		}
	}
	return r, nil
}

// stateOf says in a few words how a device is; what is worst comes first.
func (s *server) stateOf(p staffPage, r *deviceRow, d survey.Device) {
	switch {
	case r.Revoked:
		r.State, r.More = p.T("device.state.revoked"), p.DateTime(d.RevokedAt.In(s.Zone))
	case r.Missing > 0:
		r.State, r.Class = p.N("device.state.missing", r.Missing), "no"
	case r.Silent && d.Beat.At.IsZero():
		r.State, r.Class = p.T("device.state.never"), "wait"
	case r.Silent:
		r.State, r.Class, r.More = p.T("device.state.silent"), "wait", p.T("device.silent.more")
	case r.Shelf > 0:
		r.State, r.Class, r.More = p.N("device.state.shelf", int64(r.Shelf)), "wait", p.T("device.shelf.more")
	case d.Beat.At.IsZero():
		r.State = p.T("device.state.new")
	case d.Beat.Queue > 0:
		r.State, r.Class = p.N("device.state.queue", int64(d.Beat.Queue)), "wait"
	case s.Now().Sub(d.Beat.At) > silentWords:
		r.State = p.T("device.state.off")
	default:
		r.State, r.Class = p.T("device.state.ok"), "ok"
	}
}

// silentWords is after how long a device outside opening hours is called off.
const silentWords = 5 * time.Minute

// ago says how long ago t was, and when it was if that is long.
func (p staffPage) ago(t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case t.IsZero():
		return p.T("device.ago.never")
	case d < 90*time.Second:
		return p.T("device.ago.now")
	case d < time.Hour:
		return p.N("device.ago.minutes", int64(d/time.Minute))
	case d < 24*time.Hour:
		return p.N("device.ago.hours", int64(d/time.Hour))
	}
	return p.DateTime(t.In(p.zone))
}

// gapWords writes the first gaps: "12–14, 20 …".
func (p staffPage) gapWords(gaps []survey.Gap, most int) string {
	var words []string
	for _, g := range gaps[:min(len(gaps), most)] {
		words = append(words, gapText(g))
	}
	if len(gaps) > most {
		words = append(words, "…")
	}
	return strings.Join(words, ", ")
}

func gapText(g survey.Gap) string {
	if g.From == g.To {
		return strconv.FormatInt(g.From, 10)
	}
	return strconv.FormatInt(g.From, 10) + "–" + strconv.FormatInt(g.To, 10)
}

// The filter of the list.
const (
	stateLook, stateUsed, stateRevoked = "look", "used", "revoked"
)

func (s *server) devices(c *fiber.Ctx) error {
	v := s.viewer(c)
	p := devicesPage{staffPage: s.staff(c, v, "devices")}
	unit, state := survey.UnitCode(c.Query("unit")), c.Query("state")
	if unit != "" && !v.sees(unit) {
		return survey.Missing("web.devices", "unit.unknown", string(unit))
	}
	rows, err := s.deviceRows(c.UserContext(), v, p.staffPage)
	if err != nil {
		return err
	}
	p.Any = len(rows) > 0
	p.Rows = slices.DeleteFunc(rows, func(r deviceRow) bool {
		return unit != "" && !v.cat.Tree.Within(r.unitCode, unit) || state == stateLook && !r.Look ||
			state == stateUsed && r.Revoked || state == stateRevoked && !r.Revoked
	})
	p.describe()
	p.Units = append([]pick{{"", p.T("staff.points.any_unit"), unit == ""}}, v.unitPicks(p.Printer, nil, unit)...)
	for _, st := range []string{"", stateLook, stateUsed, stateRevoked} {
		p.States = append(p.States, pick{st, p.T("device.filter." + st), st == state})
	}
	return devicesView.render(c, fiber.StatusOK, p)
}

// describe writes the title and what the list shows, as a sentence.
func (p *devicesPage) describe() {
	var used, look, silent, missing, shelf int64
	for _, r := range p.Rows {
		if r.Revoked {
			continue
		}
		used++
		look += bitOf(r.Look)
		silent += bitOf(r.Silent)
		missing += bitOf(r.Missing > 0)
		shelf += bitOf(r.Shelf > 0)
	}
	p.Title = p.N("device.title", used)
	if look == 0 {
		p.Finding = p.T("device.finding.fine")
		return
	}
	p.Title += ", " + p.N("device.title.look", look)
	var parts []string
	for _, part := range []struct {
		key string
		n   int64
	}{{"device.finding.silent", silent}, {"device.finding.missing", missing}, {"device.finding.shelf", shelf}} {
		if part.n > 0 {
			parts = append(parts, p.N(part.key, part.n))
		}
	}
	first, rest := parts[0], parts[1:]
	p.Finding = capital(first)
	for _, r := range rest {
		p.Finding += ", " + r
	}
}

func bitOf(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// capital writes the first letter of a sentence large.
func capital(s string) string {
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}
