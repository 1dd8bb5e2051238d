package web

import (
	"slices"
	"strings"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

// filterForm is the form above every page of results.
type filterForm struct {
	Action                                  string
	Units, Waves, Periods, Versus, Channels []pick
	Own                                     bool // the two dates are asked for
	From, To                                string
	FromBad, ToBad                          string
	Sort, Dir                               string
	Keep                                    []pick // what else the address says and a new choice keeps
	Summary                                 string
}

// form fills the filter form. Without units the address names the unit.
func (v viewer) form(p locale.Printer, c choice, action string, units bool) filterForm {
	f := filterForm{Action: action, Own: c.Key == periodOwn, From: c.From, To: c.To, Sort: c.Sort}
	if c.Down {
		f.Dir = "desc"
	}
	for _, w := range v.waves() {
		f.Waves = append(f.Waves, pick{string(w.ID), w.Name, w == c.Wave})
		if w != c.Wave {
			f.Versus = append(f.Versus, pick{versusWave + string(w.ID), p.T("staff.versus.wave", w.Name), c.Versus == versusWave+string(w.ID)})
		}
	}
	f.Versus = append([]pick{
		{versusPrevious, p.T("staff.versus.previous"), c.Versus == versusPrevious},
		{versusNone, p.T("staff.versus.none"), c.Versus == versusNone},
	}, f.Versus...)
	f.Periods = periodChoices(p, c.Span, c.Key)
	f.Channels = []pick{{"", p.T("staff.channel.all"), c.Channel == ""}}
	for _, ch := range survey.Channels {
		f.Channels = append(f.Channels, pick{string(ch), p.T("staff.channel." + string(ch)), c.Channel == ch})
	}
	if units {
		f.Units = v.unitPicks(p, c.Wave, c.Unit.Code)
	}
	for _, b := range c.Bad {
		switch text := p.T(b.Key, b.Args...); b.Field {
		case "from":
			f.FromBad = text
		case "to":
			f.ToBad = text
		}
	}
	channel := p.T("staff.channel.all")
	if c.Channel != "" {
		channel = p.T("staff.channel." + string(c.Channel))
	}
	f.Summary = strings.Join([]string{c.Wave.Name, periodName(p, c.Key, c.Period), channel}, ", ")
	return f
}

// unitPicks lists the units of a wave that who may see, as a tree; of every
// unit if w is nil.
func (v viewer) unitPicks(p locale.Printer, w *survey.Wave, chosen survey.UnitCode) []pick {
	var picks []pick
	var walk func(code survey.UnitCode, depth int)
	walk = func(code survey.UnitCode, depth int) {
		u, _ := v.cat.Tree.Unit(code)
		name := strings.Repeat("\u2003", depth) + u.Name
		if u.ValidTo < v.today {
			name = p.T("staff.unit.ended_option", name, u.ValidTo.Date())
		}
		picks = append(picks, pick{string(code), name, code == chosen})
		children := v.cat.Tree.Children(code)
		if w != nil {
			children = v.cat.Tree.ChildrenIn(code, survey.Period{From: w.From, To: w.To})
		}
		for _, child := range v.sorted(p, children) {
			walk(child, depth+1)
		}
	}
	roots := v.cat.Tree.Roots()
	if w != nil {
		roots = w.Units
	}
	if v.who.Unit != "" {
		roots = []survey.UnitCode{v.who.Unit}
	}
	for _, root := range roots {
		if v.sees(root) {
			walk(root, 0)
		}
	}
	return picks
}

// sorted orders units by name as readers of the language expect, present ones
// first.
func (v viewer) sorted(p locale.Printer, codes []survey.UnitCode) []survey.UnitCode {
	units := make([]survey.Unit, 0, len(codes))
	for _, code := range codes {
		u, _ := v.cat.Tree.Unit(code)
		units = append(units, u)
	}
	locale.SortBy(p, units, func(u survey.Unit) string { return u.Name })
	slices.SortStableFunc(units, func(a, b survey.Unit) int { return boolOrder(a.ValidTo >= v.today, b.ValidTo >= v.today) })
	out := make([]survey.UnitCode, len(units))
	for i, u := range units {
		out[i] = u.Code
	}
	return out
}
