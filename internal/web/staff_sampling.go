package web

import (
	"github.com/gofiber/fiber/v2"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

var samplingView = newStaffView[samplingPage]("sampling.html")

// samplingPage asks how the sample of a wave was drawn.
type samplingPage struct {
	staffPage
	Row  waveRow
	Ways []hintedPick
}

// hintedPick is an option with what it means.
type hintedPick struct {
	pick
	Hint string
}

// samplingPicks are the ways of drawing a sample.
func samplingPicks(p locale.Printer, chosen survey.Sampling) []hintedPick {
	var ways []hintedPick
	for _, s := range survey.Samplings {
		key := "sampling." + string(s)
		ways = append(ways, hintedPick{pick{string(s), p.T(key), s == chosen}, p.T(key + ".hint")})
	}
	return ways
}

// samplingIn says in a few words how the sample of w was drawn.
func samplingIn(p locale.Printer, w *survey.Wave) string {
	if !w.Random() {
		return p.T("sampling.no_sample")
	}
	return p.T("sampling." + string(w.Sampling))
}

// mayDraw reports whether w can still be told how its sample was drawn: what is
// published does not change.
func (v viewer) mayDraw(w *survey.Wave) bool {
	return v.who.CanManage() && w.Random() && w.State != survey.Published
}

func (s *server) sampling(c *fiber.Ctx) error {
	v := s.viewer(c)
	w, err := s.waveOf(c, v)
	if err != nil {
		return err
	}
	if !v.mayDraw(w) {
		return &survey.Error{Kind: survey.Conflict, Op: "web.sampling", Key: "wave.over"}
	}
	p := samplingPage{staffPage: s.staff(c, v, "waves"), Row: v.waveRow(s.staff(c, v, "waves"), w)}
	p.Demo, p.Ways = w.Synthetic, samplingPicks(p.Printer, w.Sampling)
	p.Crumbs = []crumb{{p.T("staff.menu.waves"), "/app/waves"}, {w.Name, "/app/waves/" + string(w.ID)}}
	return samplingView.render(c, fiber.StatusOK, p)
}

func (s *server) postSampling(c *fiber.Ctx) error {
	w, err := s.waveOf(c, s.viewer(c))
	if err != nil {
		return err
	}
	if err := s.Registry.SetSampling(c.UserContext(), w.ID, survey.Sampling(formOf(c).Get("sampling"))); err != nil {
		return err
	}
	return c.Redirect("/app/waves/"+string(w.ID)+"?said=sampling", fiber.StatusSeeOther)
}
