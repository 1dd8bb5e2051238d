package web

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/auth"
	"sipas/internal/comment"
	"sipas/internal/survey"
)

var commentView = newStaffView[commentPage]("comment.html", "comment_card.html")

// commentPage is one comment, and who hid or showed it.
type commentPage struct {
	staffPage
	Title   string
	Card    commentCard
	Raw     bool // as it was written
	History []historyRow
}

// commentCard is one comment in a list.
type commentCard struct {
	ID       string // for the address to lead back to it
	Href     string // of its own page
	Level    int    // of the face; 0: none
	Mood     string // in words
	Score    string // "satisfied with 3 of 8 statements"
	Said     []textPart
	Hidden   string // why it is not shown; empty: it is
	Unit     string
	UnitHref string
	Facts    []string // service, channel, day
	State    string   // of a response that does not count; empty: it does
	Class    string
	Reviewed string // who hid or showed it, and when
	Back     string // where to go after hiding or showing
	Do       string // "hide", "show", or empty for those who may not
}

// textPart is a run of a comment; Covered is in words what stands there.
type textPart struct {
	Text    string
	Covered bool
}

// parts are a comment with personal data covered, or as it was written.
func (p staffPage) parts(text string, raw bool) []textPart {
	if text == "" {
		return nil
	}
	if raw {
		return []textPart{{Text: text}}
	}
	var parts []textPart
	for _, part := range comment.Mask(text) {
		if part.Kind == comment.Plain {
			parts = append(parts, textPart{Text: part.Text})
		} else {
			parts = append(parts, textPart{p.T("comment.mask." + string(part.Kind)), true})
		}
	}
	return parts
}

// commentCard says a comment in words. In a list personal data is covered for
// everybody.
// Where the figures of the unit are hidden, a score would be one of them.
func (p staffPage) commentCard(v viewer, r comment.Row, few bool, back string) commentCard {
	unit, _ := v.cat.Tree.Unit(r.Unit)
	seq := strconv.FormatInt(r.Seq, 10)
	card := commentCard{
		ID: "c" + seq, Href: "/app/comments/" + seq, Level: r.Score.Level, Mood: p.T("comment.level." + strconv.Itoa(r.Score.Level)),
		Unit: unit.Name, UnitHref: "/app/units/" + string(r.Unit) + "?wave=" + url.QueryEscape(string(r.Wave)), Back: back,
	}
	switch {
	case few:
		card.Level, card.Mood = 0, p.T("comment.score.few")
	case r.Score.Answered > 1:
		card.Score = p.T("comment.score", r.Score.Satisfied, r.Score.Answered)
	}
	if service, ok := v.cat.Services[r.Service]; ok {
		card.Facts = append(card.Facts, service.Field)
	}
	card.Facts = append(card.Facts, p.T("staff.channel."+string(r.Channel)), p.Date(r.Day.Date()))
	if r.State != survey.Counted {
		card.State, card.Class = p.T("quality.state."+string(r.State)), stateChip(r.State)
	}
	if r.By != "" {
		card.Reviewed = p.T("comment.by."+showOrHide(!r.Hidden), r.By, p.DateTime(r.At.In(v.zone)))
	}
	switch {
	case r.Hidden && r.By != "":
		card.Hidden = p.T("comment.hidden.person")
	case r.Hidden:
		card.Hidden = p.T("comment.hidden.words")
	default:
		card.Said = p.parts(r.Text, false)
	}
	if mayJudge(v.who) {
		card.Do = showOrHide(r.Hidden)
	}
	return card
}

func showOrHide(show bool) string {
	if show {
		return "show"
	}
	return "hide"
}

// commentOf finds a comment that the reader may see, with what was said of it.
func (s *server) commentOf(c *fiber.Ctx, v viewer) (comment.Row, []comment.Review, error) {
	unknown := survey.Missing("web.commentOf", "comment.unknown", c.Params("seq"))
	seq, err := strconv.ParseInt(c.Params("seq"), 10, 64)
	if err != nil || seq < 1 {
		return comment.Row{}, nil, unknown
	}
	r, said, err := s.Comments.Comment(c.UserContext(), seq)
	switch {
	case err != nil && survey.KindOf(err) == survey.NotFound:
		return comment.Row{}, nil, unknown
	case err != nil:
		return comment.Row{}, nil, err
	case !v.sees(r.Unit):
		return comment.Row{}, nil, unknown
	}
	return r, said, nil
}

func (s *server) comment(c *fiber.Ctx) error {
	v := s.viewer(c)
	r, said, err := s.commentOf(c, v)
	if err != nil {
		return err
	}
	p := commentPage{staffPage: s.staff(c, v, "comments"), Raw: readsRaw(v.who)}
	p.Title = p.T("comment.one", r.Seq)
	p.Crumbs = []crumb{{p.T("staff.menu.comments"), "/app/comments?wave=" + url.QueryEscape(string(r.Wave))}}
	few, err := s.fewOf(c.UserContext(), v.who, []comment.Row{r})
	if err != nil {
		return err
	}
	p.Card = p.commentCard(v, r, few[r.Unit], c.Path())
	if w := v.cat.Waves[r.Wave]; w != nil {
		p.Demo = w.Synthetic
	}
	if p.Raw {
		p.Card.Hidden, p.Card.Said = "", p.parts(r.Text, true)
	}
	for i := len(said) - 1; i >= 0; i-- {
		do := showOrHide(!said[i].Hide)
		p.History = append(p.History, historyRow{
			When: p.DateTime(said[i].At.In(v.zone)), Who: said[i].By, State: p.T("comment.did." + do),
			Class: map[string]string{"hide": "wait", "show": "ok"}[do],
		})
	}
	if r.Harmful {
		p.History = append(p.History, historyRow{Who: p.T("comment.by_words"), State: p.T("comment.did.hide"), Class: "wait"})
	}
	return commentView.render(c, fiber.StatusOK, p)
}

func (s *server) postComment(c *fiber.Ctx) error {
	r, _, err := s.commentOf(c, s.viewer(c))
	if err != nil {
		return err
	}
	form := formOf(c)
	do := form.Get("do")
	if do != "hide" && do != "show" {
		return &survey.Error{Kind: survey.Invalid, Op: "web.postComment", Fields: []survey.FieldError{{Field: "do", Key: "comment.no_act"}}}
	}
	err = s.Comments.Review(c.UserContext(), r.Seq, do == "hide", who(c).Name)
	if err != nil && survey.KindOf(err) != survey.Conflict { // somebody else has done the same
		return err
	}
	back, err := url.Parse(within(form.Get("back")))
	if err != nil || !strings.HasPrefix(back.Path, "/app/comments") {
		back = &url.URL{Path: "/app/comments"}
	}
	q := back.Query()
	q.Set("said", map[string]string{"hide": "hidden", "show": "shown"}[do])
	back.RawQuery, back.Fragment = q.Encode(), "c"+strconv.FormatInt(r.Seq, 10)
	return c.Redirect(back.String(), fiber.StatusSeeOther)
}

// fewOf finds the units of comments whose figures are hidden in their wave.
// Who may read the responses themselves sees every score.
func (s *server) fewOf(ctx context.Context, reader auth.Principal, rows []comment.Row) (map[survey.UnitCode]bool, error) {
	few, units := map[survey.UnitCode]bool{}, map[survey.WaveID][]survey.UnitCode{}
	for _, r := range rows {
		units[r.Wave] = append(units[r.Wave], r.Unit)
	}
	if reader.CanAudit() {
		return few, nil
	}
	for wave, in := range units {
		_, v, err := s.readVeiled(ctx, survey.Query{Wave: wave, Units: in})
		if err != nil {
			return nil, fmt.Errorf("web.fewOf: %w", err)
		}
		for _, u := range in {
			few[u] = few[u] || v.hides(u)
		}
	}
	return few, nil
}
