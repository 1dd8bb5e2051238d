package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

// newWavePage plans a wave.
type newWavePage struct {
	formBase
	ID, Typed   string // the code and the name as typed
	From, To    string
	Instruments []instrumentPick
	Units       []pick
	Designs     []pick
	Ways        []hintedPick // of drawing a sample
}

// instrumentPick is a questionnaire with what is known of its wording.
type instrumentPick struct {
	pick
	Status  string
	Minutes int
}

// waveFields are the fields in the order in which they stand on the page.
var waveFields = []string{"name", "id", "instrument", "design", "sampling", "units", "from", "to"}

func (s *server) newWave(c *fiber.Ctx) error {
	today := s.viewer(c).today
	return s.renderNewWave(c, fiber.StatusOK, survey.Wave{From: today, To: today + 89, Design: survey.Continuous, Sampling: survey.Simple}, "", "", nil)
}

// renderNewWave shows the form again with what was typed; from and to are the
// dates as typed when they could not be read.
func (s *server) renderNewWave(c *fiber.Ctx, status int, w survey.Wave, from, to string, faults []formFault) error {
	v := s.viewer(c)
	p := newWavePage{formBase: formBase{s.staff(c, v, "waves"), faults}, ID: string(w.ID), Typed: w.Name, From: from, To: to}
	p.Crumbs = []crumb{{p.T("staff.menu.waves"), "/app/waves"}}
	if from == "" && w.From != 0 {
		p.From, p.To = w.From.String(), w.To.String()
	}
	for _, in := range v.cat.Instruments {
		p.Instruments = append(p.Instruments, instrumentPick{
			pick{string(in.ID), in.Title.In(p.Lang), in.ID == w.Instrument}, p.T("staff.instrument." + string(in.Status)), in.Minutes,
		})
	}
	slices.SortFunc(p.Instruments, func(a, b instrumentPick) int { return p.Compare(a.Value, b.Value) })
	p.Units = v.everyUnit(p.Printer, "")
	for i := range p.Units {
		p.Units[i].Chosen = slices.Contains(w.Units, survey.UnitCode(p.Units[i].Value))
	}
	for _, d := range []survey.Design{survey.Continuous, survey.Probability} {
		p.Designs = append(p.Designs, pick{string(d), p.T("staff.wave.design." + string(d)), d == w.Design})
	}
	p.Ways = samplingPicks(p.Printer, w.Sampling)
	return newWaveView.render(c, status, p)
}

func (s *server) postWave(c *fiber.Ctx) error {
	form := formOf(c)
	w := survey.Wave{
		ID: survey.WaveID(form.Get("id")), Name: form.Get("name"), Instrument: survey.InstrumentID(form.Get("instrument")),
		Design: survey.Design(form.Get("design")), Sampling: survey.Sampling(form.Get("sampling")),
	}
	if w.Design == survey.Continuous { // nothing was drawn, whatever is chosen beside it
		w.Sampling = survey.Simple
	}
	for _, u := range form["units"] {
		if u != "" {
			w.Units = append(w.Units, survey.UnitCode(u))
		}
	}
	days, bad := readDays(form.Get("from"), form.Get("to"))
	w.From, w.To = days.From, days.To
	if len(bad) > 0 {
		w.From, w.To = 1, 0 // reversed: nothing is created, and the other faults are found
	}
	err := s.Registry.CreateWave(c.UserContext(), w)
	if err == nil {
		return c.Redirect("/app/waves/"+string(w.ID)+"?said=wave", fiber.StatusSeeOther)
	}
	return s.waveFaults(c, w, form.Get("from"), form.Get("to"), bad, err)
}

// waveFaults shows the form again with every fault of the dates and of the
// domain.
func (s *server) waveFaults(c *fiber.Ctx, w survey.Wave, from, to string, dates []survey.FieldError, err error) error {
	p := s.staff(c, s.viewer(c), "waves")
	var faults []formFault
	for _, b := range dates {
		faults = append(faults, formFault{b.Field, s.say(p.Printer, b.Key, "error.field", b.Args)})
	}
	if err != nil {
		more, err := s.faults(p, err)
		if err != nil {
			return err
		}
		for _, f := range more {
			if f.Field != "to" || len(dates) == 0 {
				faults = append(faults, f)
			}
		}
	}
	slices.SortStableFunc(faults, func(a, b formFault) int { return slices.Index(waveFields, a.Field) - slices.Index(waveFields, b.Field) })
	return s.renderNewWave(c, fiber.StatusUnprocessableEntity, w, from, to, faults)
}
