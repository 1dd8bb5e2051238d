package web

import (
	"crypto/rand"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

var settingsView = newStaffView[settingsPage]("settings.html")

// settingsPage is what holds at a unit and below it, or at a point.
type settingsPage struct {
	formBase
	Title    string
	Unit     survey.UnitCode
	Point    survey.PointCode
	Mode     string // of the hours: "inherit", "always", "own"
	Hours    []hoursField
	Daily    bool
	Above    string // what hours would hold without
	Zone     settingField
	Kiosk    []settingField
	Figures  []settingField // none at a point
	Book     []settingField // none at a point
	PINNow   string
	PINOwn   bool
	DailyURL string
}

// settingField is one setting: of a line of text, or of a choice.
type settingField struct {
	Name    survey.Setting
	Label   string
	Hint    string // what holds if it is left empty, and from where
	Value   string // its own
	Held    string // what holds if it is left empty
	Number  bool
	Options []pick // of a choice
	Fault   string
}

// target is where settings are shown and changed.
type target struct {
	unit  survey.UnitCode
	point survey.Point // its Code is empty for a unit
}

// target reads where settings are asked for; NotFound unless the reader sees
// it.
func (v viewer) target(q url.Values) (target, error) {
	if code := q.Get("point"); code != "" {
		pt, err := v.pointOf(code)
		return target{pt.Unit, pt}, err
	}
	unit := survey.UnitCode(q.Get("unit"))
	if unit == "" {
		unit = v.home(nil)
	}
	if _, ok := v.cat.Tree.Unit(unit); !ok || !v.sees(unit) {
		return target{}, survey.Missing("web.target", "unit.unknown", string(unit))
	}
	return target{unit: unit}, nil
}

func (t target) key(name survey.Setting) survey.SettingKey {
	if t.point.Code != "" {
		return survey.SettingKey{Point: t.point.Code, Name: name}
	}
	return survey.SettingKey{Unit: t.unit, Name: name}
}

// address is the query of the page.
func (t target) address() string {
	if t.point.Code != "" {
		return "/app/settings?point=" + string(t.point.Code)
	}
	return "/app/settings?unit=" + string(t.unit)
}

// above is what would hold at the target if it set nothing itself.
func (v viewer) settingAbove(t target, name survey.Setting) survey.SettingValue {
	if t.point.Code != "" {
		return v.cat.SettingOf(t.unit, name)
	}
	u, _ := v.cat.Tree.Unit(t.unit)
	if u.Parent == "" {
		return survey.SettingValue{Value: survey.SettingDefaults[name]}
	}
	return v.cat.SettingOf(u.Parent, name)
}

// source says where a setting comes from.
func (v viewer) settingSource(p staffPage, from survey.SettingKey) string {
	u, ok := v.cat.Tree.Unit(from.Unit)
	if !ok {
		return p.T("setting.from.default")
	}
	return p.T("setting.from", u.Name)
}

func (s *server) settings(c *fiber.Ctx) error {
	t, err := s.viewer(c).target(queryOf(c))
	if err != nil {
		return err
	}
	return s.renderSettings(c, fiber.StatusOK, t, nil, nil)
}

// renderSettings shows the form; typed is what was sent if it came back with
// faults.
func (s *server) renderSettings(c *fiber.Ctx, status int, t target, typed url.Values, failed error) error {
	v := s.viewer(c)
	menu := "units"
	if t.point.Code != "" {
		menu = "points"
	}
	p := settingsPage{formBase: formBase{staffPage: s.staff(c, v, menu)}, Daily: c.Query("days") == "1" || typed.Has("h-tue")}
	if failed != nil {
		var err error
		if p.Faults, err = s.faults(p.staffPage, failed); err != nil {
			return err
		}
	}
	u, _ := v.cat.Tree.Unit(t.unit)
	p.Title, p.Unit = p.T("setting.title", u.Name), t.unit
	p.Crumbs = []crumb{{p.T("staff.menu.units"), "/app/units"}, {u.Name, "/app/units/" + string(u.Code)}}
	if t.point.Code != "" {
		p.Title, p.Unit, p.Point = p.T("setting.title", t.point.Name+", "+u.Name), "", t.point.Code
		p.Crumbs = []crumb{{p.T("staff.menu.points"), "/app/points"}, {t.point.Name, "/app/points?point=" + string(t.point.Code)}}
	}
	p.DailyURL = t.address() + "&days=1"
	p.fillHours(v, t, typed)
	p.fillRest(v, t, typed, s.Zone.String())
	return settingsView.render(c, status, p)
}

func (p *settingsPage) fillHours(v viewer, t target, typed url.Values) {
	above, own := v.settingAbove(t, survey.HoursSetting), v.cat.Settings[t.key(survey.HoursSetting)]
	p.Above = p.T("setting.inherits", p.hoursWords(above.Value), v.settingSource(p.staffPage, above.From))
	p.Mode = "own"
	switch own {
	case "":
		p.Mode = "inherit"
	case survey.AlwaysOpen:
		p.Mode = "always"
	}
	shown := own
	if p.Mode != "own" {
		shown = above.Value // a beginning to change
	}
	p.Hours = p.hoursFields(shown, p.Daily)
	p.Daily = len(p.Hours) > len(fewGroups)
	if typed != nil {
		p.Mode = typed.Get("mode")
		for i := range p.Hours {
			p.Hours[i].Value = typed.Get("h-" + p.Hours[i].Days)
		}
	}
}

// kioskSettings are what may be set of the screens at counters, besides the PIN.
var kioskSettings = []survey.Setting{
	survey.IdleSetting, survey.StaySetting, survey.IntervalSetting, survey.ThanksSetting, survey.SoundSetting,
}

func (p *settingsPage) fillRest(v viewer, t target, typed url.Values, zone string) {
	fields := func(names ...survey.Setting) (fs []settingField) {
		for _, name := range names {
			f := p.field(v, t, name, zone)
			if typed != nil {
				f.Value = typed.Get(string(name))
			}
			if name == survey.SoundSetting || name == survey.EntrySetting {
				p.choose(&f, v.settingSource(p.staffPage, v.settingAbove(t, name).From))
			}
			fs = append(fs, f)
		}
		return fs
	}
	p.Zone, p.Kiosk = fields(survey.ZoneSetting)[0], fields(kioskSettings...)
	if t.point.Code == "" {
		p.Figures, p.Book = fields(figureSettings...), fields(survey.EntrySetting)
	}
	above := v.settingAbove(t, survey.PINSetting)
	p.PINOwn = v.cat.Settings[t.key(survey.PINSetting)] != ""
	switch {
	case p.PINOwn:
		p.PINNow = p.T("setting.pin.own")
	case above.Value != "":
		p.PINNow = p.T("setting.pin.inherits", v.settingSource(p.staffPage, above.From))
	default:
		p.PINNow = p.T("setting.pin.none")
	}
}

// field is a setting as it stands.
func (p *settingsPage) field(v viewer, t target, name survey.Setting, zone string) settingField {
	above := v.settingAbove(t, name)
	f := settingField{
		Name: name, Label: p.T("setting." + string(name)), Value: v.cat.Settings[t.key(name)], Held: above.Value,
		Number: name != survey.ZoneSetting, Fault: p.Bad(string(name)),
	}
	if name == survey.ZoneSetting && f.Held == "" {
		f.Held = zone
	}
	f.Hint = p.T("setting.empty", f.Held, v.settingSource(p.staffPage, above.From))
	if f.Held == "" {
		f.Hint = p.T("setting.empty_none")
	}
	return f
}

// choose makes f a choice of on, off, and what holds without, which is then said
// by the choice itself.
func (p *settingsPage) choose(f *settingField, source string) {
	word := func(value string) string { return p.T("setting." + string(f.Name) + "." + value) }
	f.Hint, f.Options = "", []pick{{"", p.T("setting.inherits", word(f.Held), source), f.Value == ""}}
	for _, value := range []string{"on", "off"} {
		f.Options = append(f.Options, pick{value, word(value), f.Value == value})
	}
}

func (s *server) postSettings(c *fiber.Ctx) error {
	form := formOf(c)
	t, err := s.viewer(c).target(form)
	if err != nil {
		return err
	}
	set, err := settingsOf(form, t)
	if err == nil {
		err = s.Devices.Set(c.UserContext(), s.viewer(c).who.Name, set)
	}
	if survey.KindOf(err) == survey.Invalid && err != nil {
		return s.renderSettings(c, fiber.StatusUnprocessableEntity, t, form, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(t.address()+"&said=settings", fiber.StatusSeeOther)
}

// settingsOf reads a posted form; Invalid for a PIN that is none.
func settingsOf(form url.Values, t target) (map[survey.SettingKey]string, error) {
	set := map[survey.SettingKey]string{}
	if t.point.Code == "" {
		for _, name := range figureSettings {
			set[t.key(name)] = form.Get(string(name))
		}
		set[t.key(survey.EntrySetting)] = form.Get(string(survey.EntrySetting))
	}
	set[t.key(survey.ZoneSetting)] = form.Get(string(survey.ZoneSetting))
	for _, name := range kioskSettings {
		set[t.key(name)] = form.Get(string(name))
	}
	switch form.Get("mode") {
	case "always":
		set[t.key(survey.HoursSetting)] = survey.AlwaysOpen
	case "own":
		typed := typedHours(form)
		if typed == "" {
			return nil, survey.Bad("web.settingsOf", string(survey.HoursSetting), "setting.no_hours")
		}
		set[t.key(survey.HoursSetting)] = typed
	default:
		set[t.key(survey.HoursSetting)] = ""
	}
	switch pin := form.Get("pin"); {
	case form.Get("pin_clear") != "":
		set[t.key(survey.PINSetting)] = ""
	case pin != "":
		var salt [16]byte
		_, _ = rand.Read(salt[:]) // never fails
		v, err := survey.NewPIN(pin, salt)
		if err != nil {
			return nil, err
		}
		set[t.key(survey.PINSetting)] = v.String()
	}
	return set, nil
}
