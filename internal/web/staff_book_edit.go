package web

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/auth"
	"sipas/internal/book"
	"sipas/internal/survey"
)

var editView = newStaffView[editPage]("book_edit.html")

const editPath = bookPath + "/edit"

// editPage enters what was published about a unit by one index for one year.
type editPage struct {
	formBase
	Title         string
	Unit          survey.Unit
	Units, Types  []pick
	Year          string
	Type          string // empty: unit, index and year are still to be chosen
	Fields        []editField
	Columns       []string // of points: as published, then their sources
	Parts         []editPart
	Statuses      []pick
	Revision      string
	Warnings      []string // of what stands now
	Page, History string   // addresses
	Kept          bool     // a result stands already
	Flowed        string   // from which survey, if its figures are not to be typed
}

// editField is one line of the form.
type editField struct{ Name, Label, Hint, Value, Mode, Type string }

// mayEnter reports whether the reader may enter results of a unit: who manages
// all, and managers of a subtree where that was allowed.
func (v viewer) mayEnter(u survey.UnitCode) bool {
	switch {
	case !v.sees(u):
		return false
	case v.who.CanManage():
		return true
	}
	return v.who.Role == auth.Manager && v.cat.SettingOf(u, survey.EntrySetting).Value == "on"
}

// entryLine is what the template of one line is drawn from.
type entryLine struct {
	F   editField
	Bad string
}

// Line is a line with what is wrong with it.
func (p editPage) Line(f editField) entryLine { return entryLine{f, p.Bad(f.Name)} }

// entryCell is what the template of one cell of a component is drawn from.
type entryCell struct {
	entryLine
	Part string
}

// Cell is a field of a component with what is wrong with it.
func (p editPage) Cell(f editField, part string) entryCell { return entryCell{p.Line(f), part} }

// entry is what is entered: a unit, an index, a year.
type entry struct {
	unit survey.Unit
	t    *book.Type // nil: not chosen yet
	year int
	now  *book.Result // as it stands; nil: there is none

	besides []book.Beside // what other indices of that unit and year give its components
}

// entryOf reads what is to be entered. It is NotFound for a unit that is not
// there or not the reader's, and Forbidden where entry was not allowed.
func (s *server) entryOf(c *fiber.Ctx, v viewer, q url.Values) (e entry, err error) {
	const op = "web.entryOf"
	code := survey.UnitCode(q.Get("unit"))
	if code == "" {
		code = v.home(nil)
	}
	unit, ok := v.cat.Tree.Unit(code)
	if !ok || !v.sees(code) {
		return e, survey.Missing(op, "unit.unknown", string(code))
	}
	if !v.mayEnter(code) {
		return e, &survey.Error{Kind: survey.Forbidden, Op: op}
	}
	e = entry{unit: unit, t: s.Indices.Type(book.TypeCode(q.Get("type"))), year: yearIn(q.Get("year"))}
	if e.year == 0 {
		e.t = nil
	}
	if e.t == nil {
		return e, nil
	}
	rs, err := s.Book.OfUnit(c.UserContext(), code)
	if err != nil {
		return e, err
	}
	e.now = book.Pick(rs, e.t.Code, e.year)
	e.besides = s.Indices.Besides(book.Result{Key: book.Key{Unit: code, Type: e.t.Code, Year: e.year}}, rs)
	return e, nil
}

func (s *server) bookEdit(c *fiber.Ctx) error {
	v := s.viewer(c)
	e, err := s.entryOf(c, v, queryOf(c))
	if err != nil {
		return err
	}
	return s.renderEdit(c, fiber.StatusOK, v, e, nil, nil)
}

// renderEdit shows the form; typed is what was sent if it came back with faults.
func (s *server) renderEdit(c *fiber.Ctx, status int, v viewer, e entry, typed url.Values, failed error) error {
	p := editPage{formBase: formBase{staffPage: s.staff(c, v, "book")}, Unit: e.unit, Year: yearText(e.year)}
	p.Demo = false
	p.Crumbs = []crumb{{p.T("staff.menu.book"), bookPath}, {e.unit.Name, bookPath + "?unit=" + string(e.unit.Code)}}
	if failed != nil {
		var err error
		if p.Faults, err = s.faults(p.staffPage, failed); err != nil {
			return err
		}
	}
	p.Title = p.T("book.edit.choose")
	p.Units = v.unitPicks(p.Printer, nil, e.unit.Code)
	for _, t := range s.Indices.All() {
		p.Types = append(p.Types, pick{string(t.Code), t.Title.In(p.Lang), t == e.t})
	}
	if e.t == nil {
		return editView.render(c, status, p)
	}
	p.Type, p.Title = string(e.t.Code), p.T("book.edit.title", e.t.Short.In(p.Lang), p.Year, e.unit.Name)
	p.Page = bookPath + "?unit=" + string(e.unit.Code) + "&year=" + p.Year
	p.History = bookPath + "/history?unit=" + string(e.unit.Code) + "&year=" + p.Year
	p.fill(e, typed)
	if e.now != nil && typed == nil {
		for _, x := range book.Check(e.t, v.cat.Tree, *e.now) {
			if x.Warning {
				p.Warnings = append(p.Warnings, s.say(p.Printer, x.Key, "error.field", x.Args))
			}
		}
	}
	return editView.render(c, status, p)
}

// fill puts what stands, or what was typed, into the form.
func (p *editPage) fill(e entry, typed url.Values) {
	var r book.Result
	p.Revision = strconv.FormatInt(book.New, 10)
	if e.now != nil {
		r, p.Kept, p.Revision = *e.now, true, strconv.FormatInt(e.now.Revision, 10)
	}
	add := func(name, mode, value string) editField {
		f := editField{Name: name, Label: p.T("book.edit." + name), Mode: mode, Type: "text", Value: value}
		if key := "book.edit." + name + ".hint"; p.Has(key) {
			f.Hint = p.T(key)
		}
		if typed != nil {
			f.Value = typed.Get(name)
		}
		return f
	}
	announced := ""
	if r.Announced != 0 {
		announced = r.Announced.String()
	}
	p.Fields = []editField{
		add("score", "decimal", p.typed(r.Score)), add("max_score", "decimal", p.typed(r.Maximum)), add("percent", "decimal", p.typed(r.Percent)),
		add("rank", "numeric", rankText(r.Rank)), add("rank_of", "numeric", rankText(r.RankOf)), add("group", "text", r.Class),
		add("announced", "text", announced), add("document", "text", r.Document), add("link", "url", r.Link),
	}
	p.Fields[6].Type = "date"
	status := string(r.Status)
	if typed != nil {
		status = typed.Get("status")
	}
	for _, st := range []book.Status{book.Final, book.Provisional} {
		p.Statuses = append(p.Statuses, pick{string(st), p.T("book.status." + string(st)), string(st) == status})
	}
	if r.Wave != "" {
		p.Flowed = p.T("book.edit.flowed", string(r.Wave), p.published(r.PercentOf(e.t)), r.N)
		p.Fields = p.Fields[3:]
		return
	}
	p.fillParts(e, r, typed)
}

// typed writes a number as the reader would type it, without marks between
// thousands; "" where it is not known.
func (p staffPage) typed(n book.Number) string {
	if !n.Known {
		return ""
	}
	s := decimal(n)
	if mark := strings.Trim(p.Decimal(0.5, 1), "05"); mark != "" {
		s = strings.Replace(s, ".", mark, 1)
	}
	return s
}

var (
	typedNumber = regexp.MustCompile(`^-?[0-9]{1,12}([.,][0-9]{1,10})?$`)
	typedWhole  = regexp.MustCompile(`^[0-9]{1,9}$`)
)

// entryForm reads the fields of the form and notes what cannot be read.
type entryForm struct {
	form url.Values
	bad  []survey.FieldError
}

func (f *entryForm) fault(field, key string, args ...any) {
	f.bad = append(f.bad, survey.FieldError{Field: field, Key: key, Args: args})
}

// number reads a decimal comma or point; nothing typed is not known.
func (f *entryForm) number(field string) book.Number {
	s := f.form.Get(field)
	if s == "" {
		return book.Number{}
	}
	v, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	if err != nil || !typedNumber.MatchString(s) {
		f.fault(field, "book.edit.bad_number", cut(s))
		return book.Number{}
	}
	return book.Of(v)
}

func (f *entryForm) whole(field string) int {
	s := f.form.Get(field)
	n, err := strconv.Atoi(s)
	if s != "" && (err != nil || !typedWhole.MatchString(s)) {
		f.fault(field, "book.edit.bad_whole", cut(s))
		return 0
	}
	return n
}

func (f *entryForm) day(field string) survey.Day {
	s := f.form.Get(field)
	if s == "" {
		return 0
	}
	d, err := survey.ParseDay(s)
	if err != nil {
		f.fault(field, "staff.bad_date")
		return 0
	}
	return d
}

// result reads the form. What it does not ask for stays as it stands: so do the
// figures of a survey, which nobody types.
func (f *entryForm) result(e entry) book.Result {
	var r book.Result
	if e.now != nil {
		r = *e.now
	}
	r.Key = book.Key{Unit: e.unit.Code, Type: e.t.Code, Year: e.year}
	r.Rank, r.RankOf, r.Announced = f.whole("rank"), f.whole("rank_of"), f.day("announced")
	r.Class, r.Document, r.Link, r.Status = f.form.Get("group"), f.form.Get("document"), f.form.Get("link"), book.Status(f.form.Get("status"))
	if r.Wave == "" {
		r.Score, r.Maximum, r.Percent, r.Parts = f.number("score"), f.number("max_score"), f.number("percent"), f.parts()
	}
	rev, err := strconv.ParseInt(f.form.Get("revision"), 10, 64)
	if r.Revision = rev; err != nil || rev == 0 { // 0 would replace whatever somebody else has entered
		r.Revision = book.New
	}
	return r
}

// parts reads the component scores.
func (f *entryForm) parts() (parts []book.Part) {
	for field := range f.form { // of any name: a component that the type has not is a fault, and not forgotten
		code, ok := strings.CutPrefix(field, "component:")
		if !ok || f.form.Get(field) == "" {
			continue
		}
		code, source, _ := strings.Cut(code, ":")
		if n := f.number(field); n.Known {
			parts = append(parts, book.Part{Code: code, Source: book.Source(source), Score: n.Value})
		}
	}
	slices.SortFunc(parts, func(a, b book.Part) int {
		return strings.Compare(book.PartField(a.Code, a.Source), book.PartField(b.Code, b.Source))
	})
	return parts
}

// postBookEdit keeps what was typed, or says what is wrong with it. What is odd
// stays as published and is told.
func (s *server) postBookEdit(c *fiber.Ctx) error {
	v, form := s.viewer(c), formOf(c)
	e, err := s.entryOf(c, v, form)
	if err != nil {
		return err
	}
	if e.t == nil {
		return survey.Missing("web.postBookEdit", "book.no_result")
	}
	if form.Get("withdraw") != "" {
		return s.withdraw(c, v, e, form)
	}
	f := entryForm{form: form}
	r := f.result(e)
	if len(f.bad) == 0 {
		f.bad = book.Faults(book.Check(e.t, v.cat.Tree, r))
	}
	if len(f.bad) > 0 {
		slices.SortStableFunc(f.bad, func(a, b survey.FieldError) int { return strings.Compare(a.Field, b.Field) })
		err = &survey.Error{Kind: survey.Invalid, Op: "web.postBookEdit", Fields: f.bad}
	} else {
		_, err = s.Book.PutResults(c.UserContext(), v.who.Name, s.Now(), []book.Result{r})
	}
	switch kind := survey.KindOf(err); {
	case err == nil:
	case kind == survey.Invalid:
		return s.renderEdit(c, fiber.StatusUnprocessableEntity, v, e, form, err)
	case kind == survey.Conflict:
		return s.renderEdit(c, fiber.StatusConflict, v, e, form, err)
	default:
		return err
	}
	q := url.Values{"unit": {string(e.unit.Code)}, "type": {string(e.t.Code)}, "year": {yearText(e.year)}, "said": {"book"}}
	return c.Redirect(editPath+"?"+q.Encode(), fiber.StatusSeeOther)
}

// withdraw takes a result away; who did, and what it was, stays in its history.
func (s *server) withdraw(c *fiber.Ctx, v viewer, e entry, form url.Values) error {
	key := book.Key{Unit: e.unit.Code, Type: e.t.Code, Year: e.year}
	revision, err := strconv.ParseInt(form.Get("revision"), 10, 64)
	if err != nil {
		revision = book.New
	}
	err = s.Book.WithdrawResult(c.UserContext(), v.who.Name, s.Now(), key, revision)
	if survey.KindOf(err) == survey.Conflict {
		return s.renderEdit(c, fiber.StatusConflict, v, e, nil, err)
	}
	if err != nil {
		return err
	}
	q := url.Values{"unit": {string(e.unit.Code)}, "year": {yearText(e.year)}, "said": {"book_withdrawn"}}
	return c.Redirect(bookPath+"/history?"+q.Encode(), fiber.StatusSeeOther)
}
