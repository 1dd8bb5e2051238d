package web

import (
	"context"
	"slices"

	"sipas/internal/book"
	"sipas/internal/survey"
)

// lineage is where a unit came from and what became of it.
type lineage struct {
	Title string   // the finding; empty: there is nothing to tell
	Say   []string // sentences
	Links []chartLink
}

// lineageOf tells the history of a unit, in words.
func (v viewer) lineageOf(p staffPage, u survey.Unit) (l lineage) {
	for _, w := range book.History(v.cat, u.Code) {
		l.Say = append(l.Say, p.words(w))
	}
	if len(l.Say) == 0 {
		return l
	}
	l.Title = p.T("staff.unit.history")
	formed, became := v.cat.FormedFrom(u.Code), v.cat.Became(u.Code)
	switch {
	case u.ValidTo < v.today:
		l.Title = p.T("book.page.lineage.not_after", yearText(u.ValidTo.Date().Year()))
	case slices.ContainsFunc(formed, func(s survey.Passing) bool { return s.On <= u.ValidFrom }):
		l.Title = p.T("book.page.lineage.not_before", yearText(u.ValidFrom.Date().Year()))
	}
	l.Say = append(l.Say, p.T("book.page.lineage.ranks"))
	for _, s := range append(formed, became...) { // the books of those that the reader sees
		other, _ := v.cat.Tree.Unit(s.Unit)
		link := chartLink{p.T("book.page.lineage.see", other.Name), bookPath + "?unit=" + string(other.Code)}
		if v.sees(other.Code) && !slices.Contains(l.Links, link) {
			l.Links = append(l.Links, link)
		}
	}
	return l
}

// mostForms is how many units that passed whole one to the next are followed.
const mostForms = 5

// reachBack reads what those had that passed whole to the unit, from before it
// stood, and why nothing earlier compares where somebody did not.
func (s *server) reachBack(ctx context.Context, v viewer, ch *bookChoice) error {
	u := ch.unit
	for range mostForms {
		if !slices.ContainsFunc(v.cat.FormedFrom(u.Code), func(s survey.Passing) bool { return s.On <= u.ValidFrom }) {
			return nil // who joined it later is another matter
		}
		first := u.ValidFrom.Date().Year()
		base := ch.lines.Base(&book.Result{Key: book.Key{Unit: u.Code, Year: first}}, first-1, nil)
		switch base.Of {
		case u.Code: // it stood already
			return nil
		case "":
			ch.broken = &base.Words[0]
			return nil
		}
		rs, err := s.Book.OfUnit(ctx, base.Of)
		if err != nil {
			return err
		}
		for _, r := range rs {
			if r.Year <= first && s.Indices.Type(r.Type) != nil && (v.sees(base.Of) || r.Status == book.Final) {
				ch.past = append(ch.past, r)
			}
		}
		u, _ = v.cat.Tree.Unit(base.Of)
	}
	return nil
}
