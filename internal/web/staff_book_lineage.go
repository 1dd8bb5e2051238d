package web

import (
	"slices"
	"strings"

	"sipas/internal/survey"
)

// lineage is where a unit came from and what became of it.
type lineage struct {
	Title string   // the finding; empty: there is nothing to tell
	Say   []string // sentences
	Links []chartLink
}

// lineageOf tells the history of a unit, in words. A unit that has no
// succession of its own is told by those of the units below it: a city ended
// when its wards went into new ones.
func (v viewer) lineageOf(p staffPage, u survey.Unit) (l lineage) {
	before, after := v.successions(u)
	if len(before) > 0 {
		l.Title = p.T("book.page.lineage.not_before", yearText(u.ValidFrom.Date().Year()))
		l.Say = append(l.Say, v.origin(p, u), p.T("book.page.lineage.ranks"))
		l.Links = v.lineageLinks(p, before, func(s survey.Succession) survey.UnitCode { return s.From })
	}
	if u.ValidTo < v.today && u.Code != "" {
		l.Title = p.T("book.page.lineage.not_after", yearText(u.ValidTo.Date().Year()))
		names := v.namesOf(p, after, func(s survey.Succession) survey.UnitCode { return s.To })
		said := p.T("book.page.lineage.ended", u.Name, p.Date(u.ValidTo.Date()))
		if len(names) > 0 {
			said = p.T("book.page.lineage.became", u.Name, p.Date(u.ValidTo.Date()), p.list(names))
		}
		l.Say = append(l.Say, said, p.T("book.page.lineage.ranks"))
		l.Links = append(l.Links, v.lineageLinks(p, after, func(s survey.Succession) survey.UnitCode { return s.To })...)
	}
	if legal := legalBases(append(before, after...)); legal != "" && l.Title != "" {
		l.Say = append(l.Say, p.T("book.page.lineage.legal", legal))
	}
	return l
}

// successions are those by which u came to be and those by which it ended: its
// own, or those of units below it that lead out of it.
func (v viewer) successions(u survey.Unit) (before, after []survey.Succession) {
	for _, s := range v.cat.Successions {
		switch {
		case s.To == u.Code:
			before = append(before, s)
		case s.From == u.Code:
			after = append(after, s)
		}
	}
	if len(after) > 0 || u.ValidTo >= v.today {
		return before, after
	}
	for _, s := range v.cat.Successions {
		if v.cat.Tree.Within(s.From, u.Code) && !v.cat.Tree.Within(s.To, u.Code) {
			after = append(after, s)
		}
	}
	return before, after
}

func (v viewer) namesOf(p staffPage, list []survey.Succession, of func(survey.Succession) survey.UnitCode) []string {
	var names []string
	for _, s := range list {
		if u, ok := v.cat.Tree.Unit(of(s)); ok {
			names = append(names, u.Name)
		}
	}
	return compact(p, names)
}

// lineageLinks lead to the books of the units that the reader sees.
func (v viewer) lineageLinks(p staffPage, list []survey.Succession, of func(survey.Succession) survey.UnitCode) []chartLink {
	var links []chartLink
	for _, s := range list {
		u, _ := v.cat.Tree.Unit(of(s))
		link := chartLink{p.T("book.page.lineage.see", u.Name), bookPath + "?unit=" + string(u.Code)}
		if v.sees(u.Code) && !slices.Contains(links, link) {
			links = append(links, link)
		}
	}
	return links
}

func legalBases(list []survey.Succession) string {
	var bases []string
	for _, s := range list {
		if s.LegalBasis != "" && !slices.Contains(bases, s.LegalBasis) {
			bases = append(bases, s.LegalBasis)
		}
	}
	return strings.Join(bases, ", ")
}
