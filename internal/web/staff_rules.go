package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

var rulesView = newStaffView[rulesPage]("rules.html")

// rulesPage is what a wave does with the responses that its rules point at.
type rulesPage struct {
	formBase
	Title string
	Row   waveRow
	Rules []ruleRow
	May   bool // may change them
}

// ruleRow is one rule with the actions to choose from.
type ruleRow struct {
	Code, Name, Means, Said string // Said is the action that holds, in words
	Actions                 []pick
	Default                 bool // the action is the one that nobody chose
}

var ruleActions = []survey.Action{survey.Ignore, survey.Flag, survey.Quarantine}

func (s *server) rules(c *fiber.Ctx) error {
	v := s.viewer(c)
	w, err := s.waveOf(c, v)
	if err != nil {
		return err
	}
	p := rulesPage{formBase: formBase{staffPage: s.staff(c, v, "waves")}, Row: v.waveRow(s.staff(c, v, "waves"), w)}
	p.Demo = w.Synthetic
	p.Crumbs = []crumb{{p.T("staff.menu.waves"), "/app/waves"}, {w.Name, "/app/waves/" + string(w.ID)}}
	p.Title = p.T("quality.rules.title", w.Name)
	p.May = p.CanManage() && (w.State == survey.Draft || w.State == survey.Open)
	for _, r := range survey.Reasons {
		holds := w.Action(r)
		row := ruleRow{
			Code: string(r), Name: p.T("reason." + string(r)), Means: p.T("reason." + string(r) + ".means"),
			Said: p.T("quality.action." + string(holds)), Default: holds == survey.DefaultActions[r],
		}
		for _, a := range ruleActions {
			text := p.T("quality.action." + string(a))
			if a == survey.DefaultActions[r] {
				text = p.T("quality.action.default", text)
			}
			row.Actions = append(row.Actions, pick{string(a), text, a == holds})
		}
		p.Rules = append(p.Rules, row)
	}
	return rulesView.render(c, fiber.StatusOK, p)
}

func (s *server) postRules(c *fiber.Ctx) error {
	w, err := s.waveOf(c, s.viewer(c))
	if err != nil {
		return err
	}
	form, actions := formOf(c), map[survey.Reason]survey.Action{}
	for _, r := range survey.Reasons {
		if a := survey.Action(form.Get(string(r))); slices.Contains(ruleActions, a) {
			actions[r] = a
		}
	}
	if err := s.Registry.SetActions(c.UserContext(), w.ID, actions); err != nil {
		return err
	}
	return c.Redirect("/app/waves/"+string(w.ID)+"/rules?said=rules", fiber.StatusSeeOther)
}
