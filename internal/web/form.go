package web

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

var (
	introView = newView[introPage]("citizen/layout.html", "citizen/shelf.html", "citizen/intro.html")
	formView  = newView[formPage]("citizen/layout.html", "citizen/shelf.html", "citizen/form.html")
)

// meeting is a citizen at a point: everything a page of the form needs.
type meeting struct {
	locale.Printer
	point survey.Point
	wave  *survey.Wave
	in    *survey.Instrument
	unit  survey.Unit
}

// meet finds the open wave and the form of the point in the address. The
// language is the one asked for, and otherwise the browser's.
func (s *server) meet(c *fiber.Ctx, lang string) (*meeting, error) {
	catalog := s.Catalog()
	p, w, err := catalog.OpenPoint(survey.PointCode(c.Params("point")))
	if err != nil {
		return nil, err
	}
	in := catalog.Instruments[w.Instrument]
	if in == nil {
		return nil, &survey.Error{Op: "web.meet", Err: errors.New("no instrument " + string(w.Instrument))}
	}
	unit, _ := catalog.Tree.Unit(p.Unit)
	return &meeting{locale.Match(c.Get(fiber.HeaderAcceptLanguage), lang), p, w, in, unit}, nil
}

func (m *meeting) base() citizenPage {
	return citizenPage{Printer: m.Printer, Unit: m.unit.Name, Point: m.point.Name, Demo: m.wave.Synthetic}
}

// showForm answers GET /s/{point}: the intro, and with consent the first part
// or, for the script, all parts.
func (s *server) showForm(c *fiber.Ctx) error {
	m, err := s.meet(c, c.Query("lang"))
	if err != nil {
		return err
	}
	switch {
	case c.Query("consent") == "1":
		id, err := uuid.NewV7()
		if err != nil {
			return &survey.Error{Op: "web.showForm", Err: err}
		}
		b := newBallot(id, s.Now())
		b.All = c.Query("all") == "1"
		return s.ask(c, m, b, fiber.StatusOK, nil)
	case c.Query("start") != "":
		return s.intro(c, m, true)
	}
	return s.intro(c, m, false)
}

// intro shows the page before the first question; failed says that consent was
// not given.
func (s *server) intro(c *fiber.Ctx, m *meeting, failed bool) error {
	p := introPage{
		citizenPage: m.base(), Ask: m.in.Ask.In(m.Lang),
		Questions: int64(len((&ballot{}).numbers(m.in))), Minutes: int64(m.in.Minutes),
		Ethnicity: m.in.Question("ethnicity") != nil,
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
	if p.Failed = failed; failed {
		return introView.render(c, fiber.StatusUnprocessableEntity, p)
	}
	return introView.render(c, fiber.StatusOK, p)
}

// postForm answers POST /s/{point}: another part, another language, or the
// ballot sent.
func (s *server) postForm(c *fiber.Ctx) error {
	if len(c.Body()) > pageBody {
		return &survey.Error{Kind: survey.TooLarge, Op: "web.postForm"}
	}
	form, err := url.ParseQuery(string(c.Body()))
	if err != nil {
		return &survey.Error{Kind: survey.Malformed, Op: "web.postForm", Err: err}
	}
	do := form.Get("do")
	lang, switched := strings.CutPrefix(do, "lang:")
	if !switched {
		lang = form.Get("lang")
	}
	m, err := s.meet(c, lang)
	if err != nil {
		return err
	}
	b := readBallot(m.in, form)
	if !b.Consent {
		return s.intro(c, m, true)
	}
	if _, err := uuid.Parse(b.ID); err != nil {
		return survey.Bad("web.postForm", "id", "response.id_not_uuid")
	}
	switch {
	case switched:
		return s.ask(c, m, b, fiber.StatusOK, nil)
	case do == "prev":
		b.Step = move(partsOf(m.in), b.Step, -1, b.Answers)
		return s.ask(c, m, b, fiber.StatusOK, nil)
	case do == "send":
		return s.send(c, m, b)
	}
	if faults := b.faults(m.in, false); len(faults) > 0 {
		return s.refuse(c, m, b, faults)
	}
	b.Step = move(partsOf(m.in), b.Step, 1, b.Answers)
	return s.ask(c, m, b, fiber.StatusOK, nil)
}

// ask shows the part of the form that b stands at.
func (s *server) ask(c *fiber.Ctx, m *meeting, b *ballot, status int, faults []survey.FieldError) error {
	b.Sent = s.Now()
	return s.renderForm(c, m, b, status, faults, trouble{})
}

// renderForm lets the browser keep the page for its back button, and nobody
// else: without that, going back after a post would show an error instead of
// the answers.
func (s *server) renderForm(c *fiber.Ctx, m *meeting, b *ballot, status int, faults []survey.FieldError, t trouble) error {
	page := newFormMaker(m.Printer, m.in, b, faults).page(m.base())
	page.Code, page.Action, page.Trouble = m.point.Code, c.Path(), t
	page.Failed = page.Failed || t.Text != ""
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	return formView.render(c, status, page)
}

// refuse shows the part that holds the first fault, with all of them.
func (s *server) refuse(c *fiber.Ctx, m *meeting, b *ballot, faults []survey.FieldError) error {
	parts := partsOf(m.in)
	here := slices.ContainsFunc(faults, func(f survey.FieldError) bool {
		step, ok := partOf(parts, f.Field)
		return ok && step == b.Step || !ok && b.Step == len(parts)-1
	})
	for i := 0; !here && i < len(faults); i++ {
		if step, ok := partOf(parts, faults[i].Field); ok {
			b.Step, here = step, true
		}
	}
	return s.ask(c, m, b, fiber.StatusUnprocessableEntity, faults)
}

// send hands the ballot to the domain and shows the receipt. What cannot be
// sent now comes back with everything in it.
func (s *server) send(c *fiber.Ctx, m *meeting, b *ballot) error {
	faults := b.faults(m.in, true)
	if kind, excerpt, found := findPersonal(b.Comment); found && !b.Sure {
		// Said once: whoever sends again means it.
		b.Sure = true
		faults = append(faults, survey.FieldError{Field: "comment", Key: "form.personal_" + kind, Args: []any{excerpt}})
	}
	if len(faults) > 0 {
		return s.refuse(c, m, b, faults)
	}
	if b.All {
		b.Sent = s.Now() // this page was made at the start
	}
	got, err := s.submit(c, b.submission(m.point, m.wave, m.Lang), b.Proof)
	switch survey.KindOf(err) {
	case survey.Invalid:
		if e, ok := errors.AsType[*survey.Error](err); ok {
			return s.refuse(c, m, b, e.Fields)
		}
	case survey.Conflict:
		return s.renderForm(c, m, b, fiber.StatusConflict, nil, trouble{Text: m.T("form.trouble_taken")})
	case survey.TooMany:
		return s.waiting(c, m, b, err)
	case survey.Unavailable:
		return s.renderForm(c, m, b, fiber.StatusServiceUnavailable, nil, trouble{Text: m.T("form.trouble_later")})
	}
	if err != nil {
		return err
	}
	return c.Redirect("/r/"+string(got.Receipt)+"?t=1&lang="+m.Lang, fiber.StatusSeeOther)
}

// submit counts against the limits of the source only what is sent, not the
// pages before.
func (s *server) submit(c *fiber.Ctx, sub survey.Submission, proof string) (survey.Accepted, error) {
	if err := s.admit(c, []survey.PointCode{sub.Point}, proof); err != nil {
		return survey.Accepted{}, err
	}
	a, err := s.Intake.Submit(c.UserContext(), sub)
	s.took(sub, survey.Result{Accepted: a, Err: err})
	return a, err
}
