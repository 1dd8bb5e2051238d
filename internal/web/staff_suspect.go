package web

import (
	"math"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/auth"
	"sipas/internal/survey"
)

var suspectView = newStaffView[suspectPage]("suspect.html")

// suspectPage is one response under suspicion, and what was said about it.
type suspectPage struct {
	formBase
	Title   string
	Row     suspectRow
	Reasons []reasonWords
	Facts   []fact
	Given   []givenAnswer
	Comment []textPart
	History []historyRow
	Near    []suspectRow
	NearAll string // address of the list that Near is the beginning of
	Post    string
	Note    string // as typed
	Release bool   // may be counted again
	Confirm bool   // may be rejected
	Why     string // why nothing can be said; empty: it can
}

// reasonWords is a rule and what it means.
type reasonWords struct{ Name, Means string }

// fact is one thing known of a response.
type fact struct{ Name, Value, Href string }

// historyRow is one judgement in words.
type historyRow struct {
	When, Who, State, Class, Note string
	Reasons                       []string
}

// nearShown is how many other suspects of the same point and day stand beside
// one.
const nearShown = 8

// mayJudge reports whether who may judge responses of the units that who sees:
// those who answer for a unit, and not auditors, who change nothing.
func mayJudge(who auth.Principal) bool { return who.Role == auth.Admin || who.Role == auth.Manager }

// judgesOnly lets in who may judge responses.
func judgesOnly(c *fiber.Ctx) error {
	if !mayJudge(who(c)) {
		return &survey.Error{Kind: survey.Forbidden, Op: "web.judgesOnly"}
	}
	return c.Next()
}

// suspectOf finds a response under suspicion that the reader may see, with what
// was said about it. A response that nobody suspects is not shown: what one
// citizen answered is nobody's business without a reason.
func (s *server) suspectOf(c *fiber.Ctx, v viewer) (survey.Response, []survey.Judgement, error) {
	unknown := survey.Missing("web.suspectOf", "quality.unknown", c.Params("seq"))
	seq, err := strconv.ParseInt(c.Params("seq"), 10, 64)
	if err != nil || seq < 1 {
		return survey.Response{}, nil, unknown
	}
	r, err := s.Reader.Store.Response(c.UserContext(), seq)
	if survey.KindOf(err) == survey.NotFound && err != nil {
		return survey.Response{}, nil, unknown
	}
	if err != nil {
		return survey.Response{}, nil, err
	}
	if !v.sees(r.Unit) {
		return survey.Response{}, nil, unknown
	}
	said, err := s.Reviewer.Judgements(c.UserContext(), seq)
	if err != nil {
		return survey.Response{}, nil, err
	}
	if len(said) == 0 {
		return survey.Response{}, nil, unknown
	}
	return r, said, nil
}

func (s *server) showSuspect(c *fiber.Ctx) error { return s.renderSuspect(c, fiber.StatusOK, "", nil) }

func (s *server) renderSuspect(c *fiber.Ctx, status int, note string, failed error) error {
	v := s.viewer(c)
	r, said, err := s.suspectOf(c, v)
	if err != nil {
		return err
	}
	p := suspectPage{formBase: formBase{staffPage: s.staff(c, v, "quality")}, Note: note, Post: c.Path()}
	if failed != nil {
		if p.Faults, err = s.faults(p.staffPage, failed); err != nil {
			return err
		}
	}
	if len(r.Reasons) == 0 { // a person gave none: those of the rules still say what it is about
		r.Reasons = lastReasons(said)
	}
	p.Comment = p.parts(r.Comment, readsRaw(v.who))
	p.Title = p.T("quality.one.title", r.Seq)
	p.Crumbs = []crumb{{p.T("staff.menu.quality"), "/app/quality?wave=" + string(r.Wave)}}
	p.Row = v.suspectRow(p.staffPage, &r)
	p.Row.State, p.Row.Class = p.standing(said[len(said)-1]), chipOfStanding(said[len(said)-1])
	for _, reason := range r.Reasons {
		p.Reasons = append(p.Reasons, reasonWords{p.T("reason." + string(reason)), p.T("reason." + string(reason) + ".means")})
	}
	p.Facts, p.Given = p.facts(v, &r), p.given(v.cat.Instruments[r.Instrument], &r)
	p.History = p.history(v, said)
	p.mayDo(v, &r)
	if err := s.fillNear(c, v, &p, &r); err != nil {
		return err
	}
	return suspectView.render(c, status, p)
}

func lastReasons(said []survey.Judgement) []survey.Reason {
	for i := len(said) - 1; i >= 0; i-- {
		if len(said[i].Reasons) > 0 {
			return said[i].Reasons
		}
	}
	return nil
}

// mayDo fills what the reader may say of the response.
func (p *suspectPage) mayDo(v viewer, r *survey.Response) {
	w := v.cat.Waves[r.Wave]
	p.Demo = w != nil && w.Synthetic
	switch {
	case !mayJudge(v.who):
		p.Why = p.T("quality.one.read_only")
	case w != nil && w.State == survey.Published:
		p.Why = p.T("judgement.published")
	case r.State == survey.Partial:
		p.Why = p.T("quality.one.partial")
	default:
		p.Release, p.Confirm = r.State != survey.Counted, r.State != survey.Rejected
	}
}

func (p suspectPage) facts(v viewer, r *survey.Response) []fact {
	list := []fact{
		{p.T("staff.filter.unit"), p.Row.Unit, "/app/units/" + string(r.Unit)},
		{p.T("staff.col.point"), p.Row.Point + " (" + string(r.Point) + ")", "/app/points?point=" + string(r.Point)},
		{p.T("staff.filter.channel"), p.T("staff.channel." + string(r.Channel)), ""},
		{p.T("quality.made"), p.Row.When, ""},
		{p.T("quality.received"), p.DateTime(r.ReceivedAt.In(v.zone)), ""},
		{p.T("quality.took"), p.Row.Took, ""},
	}
	if w := v.cat.Waves[r.Wave]; w != nil {
		list = append([]fact{{p.T("staff.filter.wave"), w.Name, "/app/waves/" + string(w.ID)}}, list...)
	}
	if r.Device != "" {
		list = append(list, fact{p.T("quality.device"), p.T("quality.device.seq", r.Device, r.DeviceSeq), ""})
	}
	return list
}

func (p suspectPage) history(v viewer, said []survey.Judgement) []historyRow {
	rows := make([]historyRow, 0, len(said))
	for i := len(said) - 1; i >= 0; i-- {
		j := said[i]
		row := historyRow{
			When: p.DateTime(j.At.In(v.zone)), Who: j.By, State: p.standing(j), Class: chipOfStanding(j), Note: j.Note,
		}
		if j.By == "" {
			row.Who = p.T("quality.by_rules")
			for _, reason := range j.Reasons {
				row.Reasons = append(row.Reasons, p.T("reason."+string(reason)))
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// fillNear lists the other suspects of the same point on the same day: one
// strange response says little, ten in a row say a lot.
func (s *server) fillNear(c *fiber.Ctx, v viewer, p *suspectPage, r *survey.Response) error {
	p.NearAll = "/app/quality?wave=" + string(r.Wave) + "&unit=" + string(r.Unit)
	filter := survey.SuspectFilter{Filter: survey.Filter{
		Wave: r.Wave, Units: map[survey.UnitCode]bool{r.Unit: true}, Period: survey.Period{From: r.Day, To: r.Day},
	}}
	return s.Reviewer.EachSuspect(c.UserContext(), filter, math.MaxInt64, suspectsShown, func(other *survey.Response) error {
		if other.Seq != r.Seq && other.Point == r.Point && len(p.Near) < nearShown {
			kept := *other
			p.Near = append(p.Near, v.suspectRow(p.staffPage, &kept))
		}
		return nil
	})
}

func (s *server) postSuspect(c *fiber.Ctx) error {
	r, _, err := s.suspectOf(c, s.viewer(c))
	if err != nil {
		return err
	}
	form := formOf(c)
	to, said := survey.Rejected, "confirmed"
	switch form.Get("verdict") {
	case "release":
		to, said = survey.Counted, "released"
	case "confirm":
	default:
		return s.renderSuspect(c, fiber.StatusUnprocessableEntity, form.Get("note"), &survey.Error{
			Kind: survey.Invalid, Op: "web.postSuspect", Fields: []survey.FieldError{{Field: "note", Key: "quality.no_verdict"}},
		})
	}
	switch err := s.Reviewer.Judge(c.UserContext(), r.Seq, to, who(c).Name, form.Get("note")); {
	case err == nil:
		return c.Redirect(c.Path()+"?said="+said, fiber.StatusSeeOther)
	case survey.KindOf(err) == survey.Invalid:
		return s.renderSuspect(c, fiber.StatusUnprocessableEntity, form.Get("note"), err)
	case survey.KindOf(err) == survey.Conflict:
		return s.renderSuspect(c, fiber.StatusConflict, form.Get("note"), err)
	default:
		return err
	}
}
