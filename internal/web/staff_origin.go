package web

import (
	"slices"
	"strings"

	"sipas/internal/survey"
)

// origin says what a unit came from.
func (v viewer) origin(p staffPage, u survey.Unit) string {
	var whole, parts []string
	for _, s := range v.cat.Successions {
		if s.To != u.Code {
			continue
		}
		from, _ := v.cat.Tree.Unit(s.From)
		name := from.Name
		if name == "" {
			name = string(s.From)
		}
		if s.Whole {
			whole = append(whole, name)
		} else {
			parts = append(parts, name)
		}
	}
	whole, parts = compact(p, whole), compact(p, parts)
	key := "staff.origin.whole"
	switch {
	case len(whole)+len(parts) == 0:
		return ""
	case len(whole) == 0:
		key = "staff.origin.parts"
	case len(parts) > 0:
		key = "staff.origin.both"
	}
	return p.T(key, strings.Join(whole, ", "), strings.Join(parts, ", "), u.ValidFrom.Date())
}

func compact(p staffPage, names []string) []string {
	p.Sort(names)
	return slices.Compact(names)
}

// fate says what became of a unit that ended.
func (v viewer) fate(p staffPage, u survey.Unit) string {
	if u.ValidTo >= v.today || u.Code == "" {
		return ""
	}
	var to []string
	for _, s := range v.cat.Successions {
		if s.From == u.Code {
			next, _ := v.cat.Tree.Unit(s.To)
			to = append(to, next.Name)
		}
	}
	if to = compact(p, to); len(to) == 0 {
		return p.T("staff.fate.ended", u.ValidTo.Date())
	}
	return p.T("staff.fate.became", u.ValidTo.Date(), strings.Join(to, ", "))
}
