package web

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/book"
	"sipas/internal/survey"
)

var (
	typesView = newStaffView[typesPage]("book_types.html")
	typeView  = newStaffView[typePage]("book_changes.html", "book_type.html")
)

const typesPath = bookPath + "/types"

// typesPage is every kind of index: where it comes from, how sure that is, its
// classes.
type typesPage struct {
	staffPage
	Title string
	Rows  []typeLine
}

// typeLine is one kind of index.
type typeLine struct {
	Short, Name, Href, Legal, Years, Maximum string
	Marks                                    []chip
	Classes                                  []classLine
	Edited                                   string // "ngưỡng sửa ngày …"; empty: the type's own hold
	Parts                                    int
}

// classLine is a class with its least score.
type classLine struct {
	Code, Name, From, Own, Mark string
	Typed                       string // in the form
}

// typePage is one kind of index with its tree, and the thresholds of its classes.
type typePage struct {
	formBase
	Title, Sub, Code, Note string
	Facts                  []fieldFact
	ClassesTitle           string
	ClassesSub             string
	Classes                []classLine
	Edited                 string
	Year                   string // in the form
	Edits                  bool   // something was ever changed
	Changes                []historyChange
	Parts                  []typePart
	Points                 bool
	May                    bool
}

type fieldFact struct{ Name, Value string }

// typePart is one component.
type typePart struct {
	Name, Code, Maximum, Source string
	Depth                       int
	Marks                       []chip
	Note                        string
}

// classOf is the class of a result by the thresholds that hold, and how sure
// they are: since when they were edited, or what no source confirms.
func (p staffPage) classOf(thresholds book.Thresholds, t *book.Type, r book.Result) (name, mark string) {
	c, edited, ok := thresholds.ClassOf(t, r)
	switch {
	case !ok:
		return "", ""
	case edited != nil:
		mark = p.editedText(edited)
	case c.Mark != book.Confirmed:
		mark = p.T("book.page.class." + string(c.Mark))
	}
	return c.Title.In(p.Lang), mark
}

// editedText says when thresholds were edited.
func (p staffPage) editedText(x *book.Threshold) string {
	return p.T("book.page.class.edited", p.Date(x.At.In(p.zone)))
}

// bookTypes answers GET /app/book/types.
func (s *server) bookTypes(c *fiber.Ctx) error {
	if c.Query("type") != "" {
		return s.renderType(c, fiber.StatusOK, queryOf(c), nil)
	}
	v := s.viewer(c)
	p := typesPage{staffPage: s.staff(c, v, "book")}
	p.Demo = false
	p.Crumbs = []crumb{{p.T("staff.menu.book"), bookPath}}
	thresholds, err := s.Book.Thresholds(c.UserContext())
	if err != nil {
		return err
	}
	edited, unsure := 0, 0
	for _, t := range s.Indices.All() {
		line := p.typeLine(t, thresholds, v.today.Date().Year())
		if line.Edited != "" {
			edited++
		}
		if t.Mark == book.Unconfirmed {
			unsure++
		}
		p.Rows = append(p.Rows, line)
	}
	p.Title = p.T("book.types.title", len(p.Rows), unsure)
	if edited > 0 {
		p.Title = p.T("book.types.title.edited", len(p.Rows), unsure, edited)
	}
	return typesView.render(c, fiber.StatusOK, p)
}

func (p staffPage) typeLine(t *book.Type, thresholds book.Thresholds, year int) typeLine {
	line := typeLine{
		Short: t.Short.In(p.Lang), Name: t.Title.In(p.Lang), Href: typesPath + "?type=" + url.QueryEscape(string(t.Code)),
		Legal: t.LegalBase.In(p.Lang), Years: p.yearsText(t.Years), Maximum: p.maximumText(t), Marks: p.typeMarks(t), Parts: len(t.All()),
	}
	line.Classes, line.Edited = p.classLines(t, thresholds, lastYear(t, year))
	return line
}

// lastYear is a year of a type, the present one if it still holds.
func lastYear(t *book.Type, year int) int {
	if t.Years.To != 0 {
		year = min(year, t.Years.To)
	}
	return max(year, t.Years.From)
}

// classLines are the classes with the thresholds that hold for a year.
func (p staffPage) classLines(t *book.Type, thresholds book.Thresholds, year int) (lines []classLine, edited string) {
	classes, change := thresholds.Classes(t, year)
	for _, c := range classes {
		line := classLine{Code: c.Code, Name: c.Title.In(p.Lang), From: p.Shortest(c.From), Typed: p.typed(book.Of(c.From)), Mark: p.T("book.mark." + string(c.Mark))}
		if i := slices.IndexFunc(t.Classes, func(own book.Class) bool { return own.Code == c.Code }); t.Classes[i].From != c.From {
			line.Own = p.Shortest(t.Classes[i].From)
		}
		if change != nil {
			line.Mark = ""
		}
		lines = append(lines, line)
	}
	if change != nil {
		edited = p.editedText(change)
	}
	return lines, edited
}

func (p staffPage) yearsText(y book.Years) string {
	switch {
	case y.From == 0 && y.To == 0:
		return p.T("book.types.years.any")
	case y.To == 0:
		return p.T("book.types.years.from", yearText(y.From))
	case y.From == 0:
		return p.T("book.types.years.to", yearText(y.To))
	case y.From == y.To:
		return yearText(y.From)
	}
	return yearText(y.From) + "–" + yearText(y.To)
}

func (p staffPage) maximumText(t *book.Type) string {
	switch {
	case t.Maximum == 0:
		return p.T("book.page.unknown")
	case t.Unit == book.Percent:
		return p.Percent(t.Maximum, 0)
	}
	return p.T("book.types.points", t.Maximum)
}

// typeMarks say what of a type no source confirms; one that has a source for
// everything says that.
func (p staffPage) typeMarks(t *book.Type) (cs []chip) {
	cs = append(cs, p.markChip("book.types.mark.type", t.Mark))
	if t.Maximum > 0 && t.MaxMark != book.Confirmed {
		cs = append(cs, p.markChip("book.types.mark.maximum", t.MaxMark))
	}
	for _, c := range t.Classes {
		if c.Mark != book.Confirmed {
			return append(cs, p.markChip("book.types.mark.classes", c.Mark))
		}
	}
	return cs
}

func (p staffPage) markChip(key string, m book.Mark) chip {
	class := "wait"
	if m == book.Confirmed {
		class = "ok"
	}
	return chip{class, p.T(key, strings.ToLower(p.T("book.mark."+string(m))))}
}

// renderType shows one type; typed is what was sent if it came back with faults.
func (s *server) renderType(c *fiber.Ctx, status int, q url.Values, failed error) error {
	v := s.viewer(c)
	t := s.Indices.Type(book.TypeCode(q.Get("type")))
	if t == nil {
		return survey.Missing("web.renderType", "book.no_type", q.Get("type"))
	}
	p := typePage{formBase: formBase{staffPage: s.staff(c, v, "book")}, Code: string(t.Code), May: v.who.CanManage()}
	p.Demo = false
	p.Crumbs = []crumb{{p.T("staff.menu.book"), bookPath}, {p.T("book.types.name"), typesPath}}
	if failed != nil {
		var err error
		if p.Faults, err = s.faults(p.staffPage, failed); err != nil {
			return err
		}
	}
	thresholds, err := s.Book.Thresholds(c.UserContext())
	if err != nil {
		return err
	}
	p.fill(t, thresholds, lastYear(t, v.today.Date().Year()))
	if failed != nil {
		p.Year = q.Get("year")
		for i := range p.Classes {
			p.Classes[i].Typed = q.Get("c-" + p.Classes[i].Code)
		}
	}
	return typeView.render(c, status, p)
}

func (p *typePage) fill(t *book.Type, thresholds book.Thresholds, year int) {
	p.Title = p.T("book.types.of", t.Short.In(p.Lang), p.maximumText(t), len(t.All()))
	p.Sub, p.Note, p.Year, p.Points = t.Title.In(p.Lang), t.Note.In(p.Lang), yearText(year), t.Adds
	var kinds []string
	for _, k := range t.Kinds {
		if name := p.T("book.level." + string(book.LevelOf(k))); !slices.Contains(kinds, name) {
			kinds = append(kinds, name)
		}
	}
	fact := func(key, value string) { p.Facts = append(p.Facts, fieldFact{p.T(key), value}) }
	fact("book.types.owner", t.Owner.In(p.Lang))
	fact("book.types.legal", t.LegalBase.In(p.Lang))
	fact("book.types.years", p.yearsText(t.Years))
	if len(kinds) > 0 {
		fact("book.types.kinds", strings.Join(kinds, ", "))
	}
	var sure []string
	for _, m := range p.typeMarks(t) {
		sure = append(sure, m.Text)
	}
	fact("book.types.sure", strings.Join(sure, "; "))
	p.Classes, p.Edited = p.classLines(t, thresholds, year)
	p.ClassesTitle = p.T("book.types.classes.none")
	if len(p.Classes) > 0 {
		p.ClassesTitle = p.T("book.types.classes.title", p.Classes[0].Name, p.Classes[0].From)
		p.ClassesSub = p.T("book.types.classes.by."+string(t.ClassBy), yearText(year))
	}
	p.changes(t, thresholds)
	for _, c := range t.All() {
		p.Parts = append(p.Parts, p.typePart(c))
	}
}

// changes lists what was changed, the latest first, each beside what held before
// it for its year.
func (p *typePage) changes(t *book.Type, thresholds book.Thresholds) {
	for i := len(thresholds) - 1; i >= 0; i-- {
		x := thresholds[i]
		if x.Type != t.Code {
			continue
		}
		before, _ := thresholds[:i].Classes(t, x.Year)
		after, _ := thresholds[:i+1].Classes(t, x.Year)
		h := historyChange{By: x.By, At: p.DateTime(x.At.In(p.zone)), What: p.T("book.types.changed", yearText(x.Year))}
		if len(x.Least) == 0 {
			h.What = p.T("book.types.taken_back", yearText(x.Year))
		}
		was := map[string]float64{}
		for _, c := range before {
			was[c.Code] = c.From
		}
		for _, c := range after {
			if was[c.Code] != c.From {
				h.Fields = append(h.Fields, historyField{c.Title.In(p.Lang), p.Shortest(was[c.Code]), p.Shortest(c.From)})
			}
		}
		p.Changes = append(p.Changes, h)
	}
}

func (p *typePage) typePart(c *book.Component) typePart {
	part := typePart{Name: c.Title.In(p.Lang), Code: c.Code, Maximum: p.T("book.page.unknown"), Depth: min(c.Depth(), 3), Note: c.Note.In(p.Lang)}
	if c.Maximum > 0 {
		part.Maximum = p.Shortest(c.Maximum)
	}
	part.Source = "–"
	if c.Source != book.Published {
		part.Source = p.T("book.source." + string(c.Source))
	}
	part.Marks = append(part.Marks, p.markChip("book.types.mark.name", c.Mark))
	if c.Maximum > 0 && (c.MaxMark != c.Mark || c.MaxMark != book.Confirmed) {
		part.Marks = append(part.Marks, p.markChip("book.types.mark.maximum", c.MaxMark))
	}
	return part
}

// postBookType keeps changed thresholds, or takes the type's own back.
func (s *server) postBookType(c *fiber.Ctx) error {
	v, form := s.viewer(c), formOf(c)
	t := s.Indices.Type(book.TypeCode(form.Get("type")))
	if t == nil || len(t.Classes) == 0 {
		return survey.Missing("web.postBookType", "book.no_type", form.Get("type"))
	}
	f := entryForm{form: form}
	x := book.Threshold{Type: t.Code, Year: f.whole("year"), Least: map[string]float64{}, By: v.who.Name, At: s.Now()}
	if form.Get("own") == "" {
		for _, class := range t.Classes {
			if n := f.number("c-" + class.Code); n.Known {
				x.Least[class.Code] = n.Value
			}
		}
		if len(x.Least) == 0 && len(f.bad) == 0 {
			f.fault("c-"+t.Classes[0].Code, "book.threshold.missing")
		}
	}
	err := faultsOf(f.bad, book.CheckThreshold(t, x))
	if err == nil {
		err = s.Book.PutThreshold(c.UserContext(), x)
	}
	if err != nil && survey.KindOf(err) == survey.Invalid {
		return s.renderType(c, fiber.StatusUnprocessableEntity, form, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(typesPath+"?type="+url.QueryEscape(string(t.Code))+"&said=thresholds", fiber.StatusSeeOther)
}

// faultsOf is what could not be read, or else what cannot be. Fields of classes
// are named as in the form.
func faultsOf(bad []survey.FieldError, err error) error {
	if len(bad) > 0 {
		return &survey.Error{Kind: survey.Invalid, Op: "web.postBookType", Fields: bad}
	}
	if e, ok := errors.AsType[*survey.Error](err); ok {
		for i := range e.Fields {
			if e.Fields[i].Field != "year" {
				e.Fields[i].Field = "c-" + e.Fields[i].Field
			}
		}
	}
	return err
}
