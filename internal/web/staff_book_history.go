package web

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/book"
	"sipas/internal/survey"
)

var bookHistoryView = newStaffView[bookHistoryPage]("book_history.html")

// bookHistoryPage is every change of what a unit has for one year.
type bookHistoryPage struct {
	staffPage
	Title  string
	Page   string
	Shelf  []historyShelf
	Years  []pick
	Unit   survey.Unit
	AnyRow bool
}

// historyShelf is the changes of one result, the latest first.
type historyShelf struct {
	Name    string
	Changes []historyChange
}

// historyChange is who changed what, when.
type historyChange struct {
	By, At, What string
	Fields       []historyField
}

type historyField struct{ Name, Before, After string }

// bookHistory answers GET /app/book/history, for who may audit and for who may
// enter results of the unit.
func (s *server) bookHistory(c *fiber.Ctx) error {
	v := s.viewer(c)
	ch, err := s.chooseBook(c, v, queryOf(c))
	if err != nil {
		return err
	}
	if !v.who.CanAudit() && !v.mayEnter(ch.unit.Code) {
		return &survey.Error{Kind: survey.Forbidden, Op: "web.bookHistory"}
	}
	p := bookHistoryPage{staffPage: s.staff(c, v, "book"), Unit: ch.unit, Page: bookPath + ch.query()}
	p.Demo = false
	p.Title = p.T("book.history.title", ch.unit.Name, yearText(ch.year))
	p.Crumbs = []crumb{{p.T("staff.menu.book"), bookPath}, {ch.unit.Name, p.Page}}
	for _, y := range ch.years {
		p.Years = append(p.Years, pick{yearText(y), yearText(y), y == ch.year})
	}
	for _, t := range s.Indices.All() { // one that was withdrawn has a history, too
		changes, err := s.Book.Revisions(c.UserContext(), book.Key{Unit: ch.unit.Code, Type: t.Code, Year: ch.year})
		if err != nil {
			return err
		}
		shelf := historyShelf{Name: t.Title.In(p.Lang)}
		for i := len(changes) - 1; i >= 0; i-- {
			shelf.Changes = append(shelf.Changes, p.change(t, changes[i]))
		}
		if len(shelf.Changes) > 0 {
			p.Shelf = append(p.Shelf, shelf)
		}
	}
	return bookHistoryView.render(c, fiber.StatusOK, p)
}

func (p *bookHistoryPage) change(t *book.Type, r book.Revision) historyChange {
	h := historyChange{By: r.By, At: p.DateTime(r.At.In(p.zone)), What: p.T("book.history.changed")}
	switch {
	case r.Withdrawn:
		h.What = p.T("book.history.withdrawn")
		return h
	case r.Before == nil:
		h.What = p.T("book.history.added")
	}
	for _, d := range book.Differences(r.Before, r.After) {
		h.Fields = append(h.Fields, historyField{p.fieldName(t, d.Field), p.fieldValue(d.Before), p.fieldValue(d.After)})
	}
	return h
}

// fieldName is a column of a results file in words.
func (p staffPage) fieldName(t *book.Type, field string) string {
	if key := "book.edit." + field; p.Has(key) {
		return p.T(key)
	}
	for _, c := range t.All() {
		for _, source := range append([]book.Source{book.Published}, book.Sources...) {
			if book.PartField(c.Code, source) != field {
				continue
			}
			if source == book.Published {
				return c.Title.In(p.Lang)
			}
			return c.Title.In(p.Lang) + " (" + p.T("book.source."+string(source)) + ")"
		}
	}
	return field
}

func (p staffPage) fieldValue(v any) string {
	switch x := v.(type) {
	case nil:
		return "–"
	case book.Number:
		return p.published(x)
	case survey.Day:
		return p.Date(x.Date())
	case string:
		for _, key := range []string{"book.status." + x, "book.synthetic." + x} {
			if p.Has(key) {
				return p.T(key)
			}
		}
		return x
	}
	return fmt.Sprint(v)
}
