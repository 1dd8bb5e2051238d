package web

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/auth"
	"sipas/internal/survey"
)

var pairingView = newStaffView[pairingPage]("pairing.html")

// mayKeep reports whether p looks after kiosks: pairs them and takes their keys
// away. A manager does so in the own branch, which every handler checks. What
// counts, opening hours among it, is not theirs.
func mayKeep(p auth.Principal) bool { return p.Role == auth.Admin || p.Role == auth.Manager }

// keepersOnly lets in who looks after kiosks.
func keepersOnly(c *fiber.Ctx) error {
	if !mayKeep(who(c)) {
		return &survey.Error{Kind: survey.Forbidden, Op: "web.keepersOnly"}
	}
	return c.Next()
}

// CanKeep reports whether the reader may pair devices and revoke their keys.
func (p staffPage) CanKeep() bool { return mayKeep(p.Who) }

// pairingLook is after how many seconds a page without a script looks again
// whether the device has paired.
const pairingLook = 5

// pairingPage shows a code until it is used or too old, and then what became of
// it.
type pairingPage struct {
	staffPage
	Code    string // "7K2 M9P"
	Raw     string
	Device  string
	Where   string
	Kiosk   string // the address to open
	QR      qrCode // of the same with the code
	Until   string
	Minutes int64
	Expires int64  // milliseconds, for the script
	Paired  string // when the device paired; empty: it has not
	Over    bool   // it is too late for that
	Href    string // of the device, or of a new code
}

func (s *server) postDevice(c *fiber.Ctx) error {
	v, form := s.viewer(c), formOf(c)
	pt, err := v.pointOf(form.Get("point"))
	if err != nil {
		return err
	}
	made, err := s.Devices.MakePairing(c.UserContext(), v.who.Name, pt.Code, form.Get("name"))
	if err != nil {
		return s.renderNewDevice(c, fiber.StatusUnprocessableEntity, pt.Code, form.Get("name"), err)
	}
	return c.Redirect("/app/devices/code/"+made.Code, fiber.StatusSeeOther)
}

// pairing shows a code and whether it was used. The page asks again by itself,
// so that whoever stands at the tablet needs nobody at the desk.
func (s *server) pairing(c *fiber.Ctx) error {
	v, code := s.viewer(c), survey.Plain(c.Params("code"))
	made, err := s.Devices.Store.Pairing(c.UserContext(), code)
	if err != nil && survey.KindOf(err) != survey.NotFound {
		return err
	}
	pt, ok := v.cat.Points[made.Point]
	if err != nil || !ok || !v.sees(pt.Unit) {
		return survey.Missing("web.pairing", "device.bad_code")
	}
	u, _ := v.cat.Tree.Unit(pt.Unit)
	p := pairingPage{staffPage: s.staff(c, v, "devices"), Device: made.Name, Where: pt.Name + ", " + u.Name}
	p.Crumbs = []crumb{{p.T("staff.menu.devices"), "/app/devices"}}
	left := made.ExpiresAt.Sub(s.Now())
	switch {
	case made.Device != "":
		d, err := s.Devices.Store.Device(c.UserContext(), made.Device)
		if err != nil {
			return err
		}
		p.Paired, p.Href = p.DateTime(d.PairedAt.In(s.Zone)), "/app/devices/"+string(d.ID)
	case left <= 0:
		p.Over, p.Href = true, "/app/devices/new?point="+string(pt.Code)
	default:
		p.Refresh = pairingLook
		p.Raw, p.Code = made.Code, made.Code[:3]+" "+made.Code[3:]
		p.Until, p.Expires = made.ExpiresAt.In(s.Zone).Format("15:04"), made.ExpiresAt.UnixMilli()
		p.Minutes = int64((left + time.Minute - 1) / time.Minute)
		url := s.kioskURL(pt.Code)
		p.Kiosk = withoutScheme(url)
		if p.QR, err = newQR(url + "#pair=" + made.Code); err != nil {
			return err
		}
	}
	return pairingView.render(c, fiber.StatusOK, p)
}

// kioskURL is the address of a point's kiosk.
func (s *server) kioskURL(code survey.PointCode) string {
	return strings.TrimSuffix(s.PublicURL, "/") + "/k/" + string(code)
}
