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
	HoursNow string // what holds, and from where
	Above    string // what would hold without
	Fields   []settingField
	Zone     settingField
	Sound    []pick
	SoundNow string
	Entry    []pick // whether managers enter results in the index book; none at a point
	PINNow   string
	PINOwn   bool
	DailyURL string
}

// settingField is one setting of a line of text.
type settingField struct {
	Name  survey.Setting
	Label string
	Hint  string // what holds if it is left empty, and from where
	Value string // its own
	Held  string // what holds if it is left empty
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

func (p *settingsPage) fillRest(v viewer, t target, typed url.Values, zone string) {
	field := func(name survey.Setting) settingField {
		above := v.settingAbove(t, name)
		f := settingField{Name: name, Label: p.T("setting." + string(name)), Value: v.cat.Settings[t.key(name)], Held: above.Value}
		if name == survey.ZoneSetting && f.Held == "" {
			f.Held = zone
		}
		f.Hint = p.T("setting.empty", f.Held, v.settingSource(p.staffPage, above.From))
		if f.Held == "" {
			f.Hint = p.T("setting.empty_none")
		}
		if typed != nil {
			f.Value = typed.Get(string(name))
		}
		return f
	}
	for _, name := range []survey.Setting{survey.IdleSetting, survey.StaySetting, survey.IntervalSetting, survey.ThanksSetting} {
		p.Fields = append(p.Fields, field(name))
	}
	if t.point.Code == "" {
		for _, name := range figureSettings {
			p.Fields = append(p.Fields, field(name))
		}
	}
	p.Zone = field(survey.ZoneSetting)
	sound := field(survey.SoundSetting)
	p.SoundNow = p.T("setting.sound.inherit", p.T("setting.sound."+sound.Held), v.settingSource(p.staffPage, v.settingAbove(t, survey.SoundSetting).From))
	p.Sound = []pick{{"", p.SoundNow, sound.Value == ""}}
	for _, value := range []string{"on", "off"} {
		p.Sound = append(p.Sound, pick{value, p.T("setting.sound." + value), sound.Value == value})
	}
	if t.point.Code == "" {
		entry := field(survey.EntrySetting)
		inherit := p.T("setting.sound.inherit", p.T("setting.book_entry."+entry.Held), v.settingSource(p.staffPage, v.settingAbove(t, survey.EntrySetting).From))
		p.Entry = []pick{{"", inherit, entry.Value == ""}}
		for _, value := range []string{"on", "off"} {
			p.Entry = append(p.Entry, pick{value, p.T("setting.book_entry." + value), entry.Value == value})
		}
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
	for _, name := range []survey.Setting{
		survey.ZoneSetting, survey.IdleSetting, survey.StaySetting, survey.IntervalSetting, survey.ThanksSetting, survey.SoundSetting,
	} {
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
