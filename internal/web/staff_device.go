package web

import (
	"cmp"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

var (
	deviceView    = newStaffView[devicePage]("device.html")
	revokeView    = newStaffView[revokePage]("device_revoke.html")
	newDeviceView = newStaffView[newDevicePage]("device_new.html")
)

// devicePage is one device: what it says of itself and what is missing.
type devicePage struct {
	staffPage
	Row      deviceRow
	Facts    []deviceFact
	Gaps     []string
	MoreGaps bool
	GapTitle string
	GapSay   string
}

// deviceFact is one line of what is known.
type deviceFact struct{ Name, Text string }

// deviceFor returns a device that the reader may see, with its point.
func (s *server) deviceFor(c *fiber.Ctx, v viewer) (survey.Device, survey.Point, error) {
	id := c.Params("id")
	d, err := s.Devices.Store.Device(c.UserContext(), survey.DeviceID(id))
	if err != nil && survey.KindOf(err) != survey.NotFound {
		return d, survey.Point{}, err
	}
	pt, ok := v.cat.Points[d.Point]
	if err != nil || !ok || !v.sees(pt.Unit) {
		return d, pt, survey.Missing("web.deviceFor", "device.unknown", id)
	}
	return d, pt, nil
}

func (s *server) device(c *fiber.Ctx) error {
	v := s.viewer(c)
	d, pt, err := s.deviceFor(c, v)
	if err != nil {
		return err
	}
	p := devicePage{staffPage: s.staff(c, v, "devices")}
	p.Crumbs = []crumb{{p.T("staff.menu.devices"), "/app/devices"}}
	if p.Row, err = s.deviceRow(c.UserContext(), v, p.staffPage, d, pt); err != nil {
		return err
	}
	p.Facts = s.deviceFacts(p, v, d, pt)
	gaps, err := s.Devices.Store.Gaps(c.UserContext(), d.ID, mostGapsOfOne+1)
	if err != nil {
		return err
	}
	for _, g := range gaps[:min(len(gaps), mostGapsOfOne)] {
		p.Gaps = append(p.Gaps, gapText(g))
	}
	p.MoreGaps = len(gaps) > mostGapsOfOne
	switch {
	case p.Row.Missing > 0:
		p.GapTitle, p.GapSay = p.N("device.state.missing", p.Row.Missing), p.T("device.missing.say")
	case len(gaps) > 0:
		p.GapTitle, p.GapSay = p.T("device.gaps.wait"), p.T("device.gaps.wait.say")
	case d.Highest == 0:
		p.GapTitle, p.GapSay = p.T("device.gaps.none"), p.T("device.gaps.nothing")
	default:
		p.GapTitle, p.GapSay = p.T("device.gaps.none"), p.T("device.gaps.none.say", d.Highest)
	}
	return deviceView.render(c, fiber.StatusOK, p)
}

// deviceFacts lists what the last heartbeat said.
func (s *server) deviceFacts(p devicePage, v viewer, d survey.Device, pt survey.Point) []deviceFact {
	b := d.Beat
	facts := []deviceFact{
		{p.T("device.fact.paired"), p.T("device.fact.paired.by", p.DateTime(d.PairedAt.In(s.Zone)), d.PairedBy)},
		{p.T("device.fact.seen"), p.Row.Seen},
	}
	if !b.At.IsZero() {
		facts = append(facts,
			deviceFact{p.T("device.col.today"), cmp.Or(p.Row.Today, p.T("device.today.none"))},
			deviceFact{p.T("device.fact.ignored"), p.N("device.fact.presses", b.Ignored)},
			deviceFact{p.T("device.col.queue"), p.N("device.fact.responses", int64(b.Queue))},
			deviceFact{p.T("device.fact.shelf"), p.N("device.fact.responses", int64(b.Shelf))},
			deviceFact{p.T("device.fact.seq"), p.T("device.fact.seq.of", max(b.LastSeq, d.Highest), d.Stored)},
			deviceFact{p.T("device.col.battery"), cmp.Or(p.Row.Battery, p.T("device.battery.unknown"))},
			deviceFact{p.T("device.fact.version"), cmp.Or(b.Version, "–")},
		)
	}
	if f, ok := s.deviceCadence(d.ID); ok {
		facts = append(facts, deviceFact{p.T("device.fact.pace"), p.T("device.fact.pace.median", int64(f.Median/time.Second), int64(f.Shortest/time.Second))})
	}
	if off := time.Duration(b.Skew) * time.Millisecond; off.Abs() >= 2*time.Minute {
		facts = append(facts, deviceFact{p.T("device.fact.clock"), p.N("device.fact.clock.off", int64(off.Abs()/time.Minute))})
	}
	hours := v.cat.SettingAt(pt, survey.HoursSetting)
	return append(facts, deviceFact{p.T("setting.hours"), p.hoursWords(hours.Value)})
}

// revokePage asks before a key is taken away.
type revokePage struct {
	staffPage
	Row deviceRow
}

func (s *server) askRevoke(c *fiber.Ctx) error {
	v := s.viewer(c)
	d, pt, err := s.deviceFor(c, v)
	if err != nil {
		return err
	}
	p := revokePage{staffPage: s.staff(c, v, "devices")}
	p.Crumbs = []crumb{{p.T("staff.menu.devices"), "/app/devices"}, {d.Name, "/app/devices/" + string(d.ID)}}
	if p.Row, err = s.deviceRow(c.UserContext(), v, p.staffPage, d, pt); err != nil {
		return err
	}
	return revokeView.render(c, fiber.StatusOK, p)
}

func (s *server) postDeviceRevoke(c *fiber.Ctx) error {
	d, _, err := s.deviceFor(c, s.viewer(c))
	if err != nil {
		return err
	}
	if err := s.Devices.Revoke(c.UserContext(), d.ID); err != nil {
		return err
	}
	return c.Redirect("/app/devices/"+string(d.ID)+"?said=device_revoked", fiber.StatusSeeOther)
}

// newDevicePage asks for the point and the name of a device.
type newDevicePage struct {
	formBase
	Points []pick
	Typed  string
}

func (s *server) newDevice(c *fiber.Ctx) error {
	return s.renderNewDevice(c, fiber.StatusOK, survey.PointCode(c.Query("point")), "", nil)
}

func (s *server) renderNewDevice(c *fiber.Ctx, status int, point survey.PointCode, name string, failed error) error {
	v := s.viewer(c)
	p := newDevicePage{formBase: formBase{staffPage: s.staff(c, v, "devices")}, Typed: name}
	p.Crumbs = []crumb{{p.T("staff.menu.devices"), "/app/devices"}}
	if failed != nil {
		var err error
		if p.Faults, err = s.faults(p.staffPage, failed); err != nil {
			return err
		}
	}
	list := slices.DeleteFunc(v.points("", ""), func(pt survey.Point) bool {
		w := v.cat.Waves[pt.Wave]
		return w == nil || w.State != survey.Open && w.State != survey.Draft
	})
	kiosk := func(pt survey.Point) bool { return pt.Channel == survey.Kiosk }
	slices.SortStableFunc(list, func(a, b survey.Point) int { return boolOrder(kiosk(a), kiosk(b)) })
	for _, pt := range list {
		u, _ := v.cat.Tree.Unit(pt.Unit)
		text := pt.Name + ", " + u.Name + " (" + string(pt.Code) + ", " + p.T("staff.channel."+string(pt.Channel)) + ")"
		p.Points = append(p.Points, pick{string(pt.Code), text, pt.Code == point})
	}
	return newDeviceView.render(c, status, p)
}
