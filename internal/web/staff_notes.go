package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

var notesView = newStaffView[notesPage]("annotations.html")

// notesPage is what staff wrote on the time lines of units.
type notesPage struct {
	formBase
	Title string
	Rows  []noteRow
	Ended []noteRow
	Kinds []pick
	Units []pick
	On    string // as typed
	Texts []noteField
	May   bool
}

// noteField is the text in one language.
type noteField struct {
	Field, Lang, Label, Typed string
	Must                      bool
}

// noteRow is one note.
type noteRow struct {
	ID                        string
	Day, Kind, Unit, Text, En string
	Lang                      string // of Text where it is not the page's
	By, Ended                 string // who and when
	May                       bool   // the reader may end it
}

func (s *server) notes(c *fiber.Ctx) error {
	return s.renderNotes(c, fiber.StatusOK, queryOf(c), nil)
}

// renderNotes shows the notes that who sees, and the form with what was typed.
func (s *server) renderNotes(c *fiber.Ctx, status int, typed url.Values, failed error) error {
	v := s.viewer(c)
	p := notesPage{formBase: formBase{staffPage: s.staff(c, v, "annotations")}, On: typed.Get("on"), May: mayKeep(v.who)}
	if failed != nil {
		var err error
		if p.Faults, err = s.faults(p.staffPage, failed); err != nil {
			return err
		}
	}
	for _, lang := range p.noteLanguages() {
		f := noteField{Field: "text_" + lang, Lang: lang, Label: p.T("note.field.may", p.Name(lang)), Must: lang == p.Source().Lang}
		if f.Typed = typed.Get(f.Field); f.Must {
			f.Label = p.T("note.field.must", p.Name(lang))
		}
		p.Texts = append(p.Texts, f)
	}
	for _, k := range survey.NoteKinds {
		p.Kinds = append(p.Kinds, pick{string(k), p.T("note.kind." + string(k)), string(k) == typed.Get("kind")})
	}
	unit := survey.UnitCode(typed.Get("unit"))
	if unit == "" {
		unit = v.home(nil)
	}
	p.Units = v.unitPicks(p.Printer, nil, unit)
	for _, n := range v.cat.Notes {
		if !v.holds(n) {
			continue
		}
		r := p.noteRow(v, n)
		if n.Stands() {
			p.Rows = append(p.Rows, r)
		} else {
			p.Ended = append(p.Ended, r)
		}
	}
	slices.Reverse(p.Rows)
	slices.Reverse(p.Ended)
	p.Title = p.N("note.title", int64(len(p.Rows)))
	return notesView.render(c, status, p)
}

// noteLanguages are those that people wrote the program's own texts in; a machine
// would have to translate the note for the others.
func (p staffPage) noteLanguages() []string {
	return slices.DeleteFunc(slices.Clone(p.Languages()), p.Machine)
}

// holds reports whether n concerns something that who sees: a note of a unit
// above holds in the own branch too.
func (v viewer) holds(n survey.Note) bool {
	return v.sees(n.Unit) || v.who.Unit != "" && v.cat.Tree.Within(v.who.Unit, n.Unit)
}

func (p notesPage) noteRow(v viewer, n survey.Note) noteRow {
	u, _ := v.cat.Tree.Unit(n.Unit)
	r := noteRow{
		ID: strconv.FormatInt(n.ID, 10), Day: p.Date(n.On.Date()), Kind: p.T("note.kind." + string(n.Kind)), Unit: u.Name,
		Text: n.Text.In(p.Lang), By: p.T("note.by", n.By, p.DateTime(n.At.In(p.zone))), May: p.May && n.Stands() && v.sees(n.Unit),
	}
	if _, ok := n.Text[p.Lang]; !ok {
		r.Lang = p.Source().Lang
	}
	if !n.Stands() {
		r.Ended = p.T("note.ended", n.EndedBy, p.DateTime(n.EndedAt.In(p.zone)))
	}
	return r
}

func (s *server) postNote(c *fiber.Ctx) error {
	form := formOf(c)
	v := s.viewer(c)
	n := survey.Note{
		Unit: survey.UnitCode(form.Get("unit")), Kind: survey.NoteKind(form.Get("kind")),
		Text: survey.Text{},
	}
	for _, lang := range s.staff(c, v, "annotations").noteLanguages() {
		n.Text[lang] = form.Get("text_" + lang)
	}
	if !v.sees(n.Unit) { // what is not there and what is not theirs are the same to them
		return s.renderNotes(c, fiber.StatusUnprocessableEntity, form, survey.Bad("web.postNote", "unit", "unit.unknown", string(n.Unit)))
	}
	if d, err := survey.ParseDay(strings.TrimSpace(form.Get("on"))); err == nil {
		n.On = d
	}
	err := s.Registry.AddNote(c.UserContext(), v.who.Name, n)
	if err != nil && survey.KindOf(err) == survey.Invalid {
		return s.renderNotes(c, fiber.StatusUnprocessableEntity, form, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/app/annotations?said=note", fiber.StatusSeeOther)
}

func (s *server) endNote(c *fiber.Ctx) error {
	v := s.viewer(c)
	id, _ := strconv.ParseInt(c.Params("id"), 10, 64)
	i := slices.IndexFunc(v.cat.Notes, func(n survey.Note) bool { return n.ID == id })
	if i < 0 || !v.sees(v.cat.Notes[i].Unit) {
		return survey.Missing("web.endNote", "note.unknown")
	}
	if err := s.Registry.EndNote(c.UserContext(), v.who.Name, id); err != nil {
		return err
	}
	return c.Redirect("/app/annotations?said=note_ended", fiber.StatusSeeOther)
}

// events are what happened within a trend and may explain a change: units that
// took the place of others, and what staff wrote.
func (f *figures) events(t survey.Trend) []chartEvent {
	events := f.reorganisations(t)
	if len(t.Points) == 0 {
		return events
	}
	from, to := t.Points[0].From, t.Points[len(t.Points)-1].To
	for _, n := range f.v.cat.NotesOf(f.c.Unit.Code) {
		if n.On < from || n.On > to {
			continue
		}
		text := f.p.T("note.event", n.On.Date(), n.Text.In(f.p.Lang), f.p.T("note.kind."+string(n.Kind)))
		if n.Unit != f.c.Unit.Code {
			u, _ := f.v.cat.Tree.Unit(n.Unit)
			text = f.p.T("note.event.above", n.On.Date(), n.Text.In(f.p.Lang), f.p.T("note.kind."+string(n.Kind)), u.Name)
		}
		events = append(events, chartEvent{X: yearOf(survey.Period{From: n.On, To: n.On}), Mark: f.p.T("note.mark." + string(n.Kind)), Text: text})
	}
	slices.SortStableFunc(events, func(a, b chartEvent) int { return cmp.Compare(a.X, b.X) })
	return events
}
