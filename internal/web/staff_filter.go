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

// mostPicks is how many units a list to choose from holds before it is folded.
const mostPicks = 250

// unitPicks lists the units of a wave that who may see, as a tree; of every
// unit if w is nil. A large tree is open only where the chosen unit stands: who
// looks for another goes there in two steps, or searches at /app/units.
func (v viewer) unitPicks(p locale.Printer, w *survey.Wave, chosen survey.UnitCode) []pick {
	return v.picks(p, w, chosen, v.folded())
}

// everyUnit lists all units that who may see, to give one to somebody.
func (v viewer) everyUnit(p locale.Printer, chosen survey.UnitCode) []pick {
	return v.picks(p, nil, chosen, false)
}

// folded reports whether who sees too many units to list them all.
func (v viewer) folded() bool {
	below := v.cat.Tree.Len()
	if v.who.Unit != "" {
		below = len(v.cat.Tree.Subtree(v.who.Unit))
	}
	return below > mostPicks
}

func (v viewer) picks(p locale.Printer, w *survey.Wave, chosen survey.UnitCode, folded bool) []pick {
	var picks []pick
	open := v.cat.Tree.Lineage(chosen)
	standing := v.known().standing
	var walk func(code survey.UnitCode, depth int)
	walk = func(code survey.UnitCode, depth int) {
		u, _ := v.cat.Tree.Unit(code)
		name := strings.Repeat("\u2003", depth) + u.Name
		if u.ValidTo < v.today {
			name = p.T("staff.unit.ended_option", name, u.ValidTo.Date())
		}
		children := v.cat.Tree.Children(code)
		if w != nil {
			children = v.cat.Tree.ChildrenIn(code, survey.Period{From: w.From, To: w.To})
		}
		if folded && depth > 0 && !slices.Contains(open, code) {
			if below := standing[code] - 1; len(children) > 0 && below > 0 {
				name = p.N("staff.unit.folded_option", int64(below), name)
			}
			children = nil
		}
		picks = append(picks, pick{string(code), name, code == chosen})
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
