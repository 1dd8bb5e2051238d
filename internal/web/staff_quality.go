package web

import (
	"context"
	"math"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

var qualityView = newStaffView[qualityPage]("quality.html")

// qualityPage lists the responses under suspicion.
type qualityPage struct {
	staffPage
	Title   string
	Waves   []pick
	Units   []pick
	States  []pick
	Reasons []pick
	Rows    []suspectRow
	Wave    survey.WaveID
	Older   string // address of the next page; empty: none
	Newest  string // address of the first page; empty: this is it
	NoWave  bool
	Sifted  bool // a filter is set, so that nothing found does not mean nothing there
}

// suspectRow is one response under suspicion.
type suspectRow struct {
	Seq      string
	Href     string
	Unit     string
	Point    string
	Code     survey.PointCode
	When     string
	Took     string
	Answers  string
	Reasons  []string
	State    string
	Class    string // of the chip
	Judged   string // who judged; empty: only the rules
	response *survey.Response
}

// suspectsShown is how many responses a page of suspects lists.
const suspectsShown = 50

// suspectStates are the states that suspects are looked for in.
var suspectStates = []survey.State{survey.Quarantined, survey.Counted, survey.Rejected, survey.Partial}

// suspectChoice is what the list of suspects shows, read from the address.
type suspectChoice struct {
	wave   *survey.Wave
	unit   survey.UnitCode
	state  survey.State
	reason survey.Reason
	before int64
}

// chooseSuspects reads the address. It is NotFound for a wave or a unit that is
// not there or not who's to see; other words it does not know ask for nothing.
func (v viewer) chooseSuspects(q url.Values) (suspectChoice, error) {
	ch, err := v.choose(url.Values{"wave": q["wave"], "unit": q["unit"]}, "")
	if err != nil {
		return suspectChoice{}, err
	}
	c := suspectChoice{wave: ch.Wave, unit: ch.Unit.Code}
	if s := survey.State(q.Get("state")); slices.Contains(suspectStates, s) {
		c.state = s
	}
	if r := survey.Reason(q.Get("reason")); slices.Contains(survey.Reasons, r) {
		c.reason = r
	}
	if n, err := strconv.ParseInt(q.Get("before"), 10, 64); err == nil && n > 0 {
		c.before = n
	}
	return c, nil
}

// filter is c for a store: the unit with all below it.
func (c suspectChoice) filter(t *survey.Tree) survey.SuspectFilter {
	f := survey.SuspectFilter{Filter: survey.Filter{Wave: c.wave.ID, Units: map[survey.UnitCode]bool{}}, State: c.state, Reason: c.reason}
	for _, u := range t.Subtree(c.unit) {
		f.Units[u] = true
	}
	return f
}

// href is the address of the list below Seq before; 0 is its beginning.
func (c suspectChoice) href(before int64) string {
	q := url.Values{"wave": {string(c.wave.ID)}, "unit": {string(c.unit)}}
	for name, value := range map[string]string{"state": string(c.state), "reason": string(c.reason)} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if before > 0 {
		q.Set("before", strconv.FormatInt(before, 10))
	}
	return "/app/quality?" + q.Encode()
}

func (s *server) quality(c *fiber.Ctx) error {
	v := s.viewer(c)
	p := qualityPage{staffPage: s.staff(c, v, "quality")}
	ch, err := v.chooseSuspects(queryOf(c))
	if err != nil {
		return err
	}
	p.Title = p.T("quality.title")
	if ch.wave == nil {
		p.NoWave = true
		return qualityView.render(c, fiber.StatusOK, p)
	}
	p.Wave, p.Demo, p.Sifted = ch.wave.ID, ch.wave.Synthetic, ch.state != "" || ch.reason != ""
	p.fillFilter(v, ch)
	if p.Rows, err = s.suspects(c.UserContext(), v, p.staffPage, ch, suspectsShown+1); err != nil {
		return err
	}
	if len(p.Rows) > suspectsShown {
		p.Rows = p.Rows[:suspectsShown]
		p.Older = ch.href(p.Rows[suspectsShown-1].response.Seq)
	}
	if ch.before > 0 {
		p.Newest = ch.href(0)
	}
	return qualityView.render(c, fiber.StatusOK, p)
}

func (p *qualityPage) fillFilter(v viewer, ch suspectChoice) {
	for _, w := range v.waves() {
		p.Waves = append(p.Waves, pick{string(w.ID), w.Name, w == ch.wave})
	}
	p.Units = v.unitPicks(p.Printer, ch.wave, ch.unit)
	p.States = []pick{{"", p.T("quality.any_state"), ch.state == ""}}
	for _, st := range suspectStates {
		text := p.T("quality.state." + string(st))
		if st == survey.Counted {
			text = p.T("quality.filter.counted")
		}
		p.States = append(p.States, pick{string(st), text, ch.state == st})
	}
	p.Reasons = []pick{{"", p.T("quality.any_reason"), ch.reason == ""}}
	for _, r := range survey.Reasons {
		p.Reasons = append(p.Reasons, pick{string(r), p.T("reason." + string(r)), ch.reason == r})
	}
}

// suspects reads at most most rows.
func (s *server) suspects(ctx context.Context, v viewer, p staffPage, ch suspectChoice, most int) ([]suspectRow, error) {
	before := ch.before
	if before == 0 {
		before = math.MaxInt64
	}
	var rows []suspectRow
	err := s.Reviewer.EachSuspect(ctx, ch.filter(v.cat.Tree), before, most, func(r *survey.Response) error {
		kept := *r // valid until we return
		rows = append(rows, v.suspectRow(p, &kept))
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i := range rows {
		said, err := s.Reviewer.Judgements(ctx, rows[i].response.Seq)
		if err != nil {
			return nil, err
		}
		if n := len(said); n > 0 {
			rows[i].Judged, rows[i].State, rows[i].Class = said[n-1].By, p.standing(said[n-1]), chipOfStanding(said[n-1])
		}
	}
	return rows, nil
}

// suspectRow says a response in words.
func (v viewer) suspectRow(p staffPage, r *survey.Response) suspectRow {
	unit, _ := v.cat.Tree.Unit(r.Unit)
	row := suspectRow{
		Seq: p.Int(r.Seq), Href: "/app/quality/" + strconv.FormatInt(r.Seq, 10), Unit: unit.Name, Point: v.cat.Points[r.Point].Name, Code: r.Point,
		When: p.DateTime(r.SubmittedAt.In(v.zone)), Took: p.took(r), Answers: p.levels(v.cat.Instruments[r.Instrument], r),
		State: p.T("quality.state." + string(r.State)), Class: stateChip(r.State), response: r,
	}
	for _, reason := range r.Reasons {
		row.Reasons = append(row.Reasons, p.T("reason."+string(reason)))
	}
	return row
}
