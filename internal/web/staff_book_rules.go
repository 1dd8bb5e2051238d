package web

import (
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/book"
	"sipas/internal/survey"
)

var commendRulesView = newStaffView[commendRulesPage]("book_changes.html", "book_rules.html")

const commendRulesPath = bookPath + "/rules"

// commendRulesPage is the rules of commendation that hold at a unit, and who
// changed them.
type commendRulesPage struct {
	formBase
	Title   string
	Unit    survey.Unit
	Units   []pick
	Rules   []ruleWords
	Fields  []settingField
	Changes []historyChange
	May     bool
}

// ruleWords is one rule in words.
type ruleWords struct{ Name, Say string }

// rulesOf are the rules of commendation that hold at a unit.
func (v viewer) rulesOf(u survey.UnitCode) book.Rules {
	return book.Rules{
		Level:    float64(v.cat.PointsOf(u, survey.CommendLevelSetting)),
		Points:   float64(v.cat.PointsOf(u, survey.CommendPointsSetting)),
		Places:   v.cat.PointsOf(u, survey.CommendPlacesSetting),
		N:        int64(v.cat.PointsOf(u, survey.CommendNSetting)),
		Doubtful: float64(v.cat.PointsOf(u, survey.CommendDoubtfulSetting)),
	}
}

// ruleWords says the rules.
func (p staffPage) ruleWords(r book.Rules) []ruleWords {
	improved := p.T("book.conf.rule.improvement", r.Points)
	if r.Places > 0 {
		improved = p.T("book.conf.rule.improvement.places", r.Points, r.Places)
	}
	say := map[book.Rule]string{
		book.LevelRule:       p.T("book.conf.rule.level", r.Level),
		book.ImprovementRule: p.T("book.conf.rule.beyond") + " " + improved,
		book.SampleRule:      p.T("book.conf.rule.sample", r.N),
		book.QualityRule:     p.T("book.conf.rule.quality", r.Doubtful),
	}
	var list []ruleWords
	for _, rule := range book.RuleNames {
		list = append(list, ruleWords{p.T("book.rule.name." + string(rule)), say[rule]})
	}
	return list
}

// commendUnit is the unit that rules are asked of.
func (v viewer) commendUnit(q url.Values) (survey.Unit, error) {
	code := survey.UnitCode(q.Get("unit"))
	if code == "" {
		code = v.home(nil)
	}
	u, ok := v.cat.Tree.Unit(code)
	if !ok || !v.sees(code) {
		return u, survey.Missing("web.commendUnit", "unit.unknown", string(code))
	}
	return u, nil
}

// commendRules answers GET /app/book/rules.
func (s *server) commendRules(c *fiber.Ctx) error {
	u, err := s.viewer(c).commendUnit(queryOf(c))
	if err != nil {
		return err
	}
	return s.renderCommendRules(c, fiber.StatusOK, u, nil, nil)
}

// renderCommendRules shows the rules; typed is what was sent if it came back
// with faults.
func (s *server) renderCommendRules(c *fiber.Ctx, status int, u survey.Unit, typed url.Values, failed error) error {
	v := s.viewer(c)
	p := commendRulesPage{formBase: formBase{staffPage: s.staff(c, v, "book")}, Unit: u, May: v.mayEnter(u.Code)}
	p.Demo = false
	p.Crumbs = []crumb{{p.T("staff.menu.book"), bookPath}, {p.T("book.conf.name"), conferencePath + "?unit=" + string(u.Code)}}
	if failed != nil {
		var err error
		if p.Faults, err = s.faults(p.staffPage, failed); err != nil {
			return err
		}
	}
	p.Title, p.Units, p.Rules = p.T("book.rules.title", u.Name), v.unitPicks(p.Printer, nil, u.Code), p.ruleWords(v.rulesOf(u.Code))
	for _, name := range survey.CommendSettings {
		above := v.settingAbove(target{unit: u.Code}, name)
		f := settingField{Name: name, Label: p.T("setting." + string(name)), Value: v.cat.Settings[survey.SettingKey{Unit: u.Code, Name: name}], Held: above.Value}
		if f.Hint = p.T("setting.empty", f.Held, v.settingSource(p.staffPage, above.From)); typed != nil {
			f.Value = typed.Get(string(name))
		}
		p.Fields = append(p.Fields, f)
	}
	changes, err := s.Devices.Store.SettingChanges(c.UserContext(), u.Code, survey.CommendSettings)
	if err != nil {
		return err
	}
	p.Changes = p.ruleChanges(changes)
	return commendRulesView.render(c, status, p)
}

// ruleChanges puts together what one account changed at one moment.
func (p staffPage) ruleChanges(changes []survey.SettingChange) (list []historyChange) {
	for i, x := range changes {
		if i == 0 || changes[i-1].By != x.By || !changes[i-1].At.Equal(x.At) {
			list = append(list, historyChange{By: x.By, At: p.DateTime(x.At.In(p.zone)), What: p.T("book.history.changed")})
		}
		last := &list[len(list)-1]
		last.Fields = append(last.Fields, historyField{p.T("setting." + string(x.Key.Name)), p.settingText(x.Before), p.settingText(x.After)})
	}
	return list
}

// settingText is a value of a setting, or that what holds above holds.
func (p staffPage) settingText(value string) string {
	if value == "" {
		return p.T("book.rules.inherited")
	}
	return value
}

// postCommendRules keeps changed rules; for who may enter results of the unit.
func (s *server) postCommendRules(c *fiber.Ctx) error {
	v, form := s.viewer(c), formOf(c)
	u, err := v.commendUnit(form)
	if err != nil {
		return err
	}
	if !v.mayEnter(u.Code) {
		return &survey.Error{Kind: survey.Forbidden, Op: "web.postCommendRules"}
	}
	set := map[survey.SettingKey]string{}
	for _, name := range survey.CommendSettings {
		set[survey.SettingKey{Unit: u.Code, Name: name}] = form.Get(string(name))
	}
	err = s.Devices.Set(c.UserContext(), v.who.Name, set)
	if err != nil && survey.KindOf(err) == survey.Invalid {
		return s.renderCommendRules(c, fiber.StatusUnprocessableEntity, u, form, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(commendRulesPath+"?unit="+url.QueryEscape(string(u.Code))+"&said=commend", fiber.StatusSeeOther)
}

// rulesEdited says who changed the rules of a unit last, or that nobody did.
func (p staffPage) rulesEdited(changes []survey.SettingChange) string {
	if len(changes) == 0 {
		return p.T("book.conf.rules.default")
	}
	last := slices.MaxFunc(changes, func(a, b survey.SettingChange) int { return a.At.Compare(b.At) })
	return p.T("book.conf.rules.edited", last.By, p.DateTime(last.At.In(p.zone)))
}
