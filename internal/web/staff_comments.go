package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/auth"
	"sipas/internal/comment"
	"sipas/internal/survey"
)

var commentsView = newStaffView[commentsPage]("comments.html", "comment_card.html", "comment_words.html")

// commentsPage lists what citizens wrote, and the words that stand out where
// they are dissatisfied.
type commentsPage struct {
	staffPage
	Title   string
	AsOf    asOf
	Form    commentForm
	Heading string // of the list: how many, or that there are none
	Rows    []commentCard
	Shown   string // "25 of 412"
	Older   string // address of the next page; empty: none
	Newest  string // address of the first page; empty: this is it
	State   string // "no-wave", "none" or "sifted": why there is no row; empty
	Unsaid  bool   // nothing that can be searched for was typed
	Words   wordBoard
	List    wordList
	few     map[survey.UnitCode]bool // units whose figures are hidden
}

// commentForm is the form above the list.
type commentForm struct {
	Q                                    string
	Units, Waves, Periods, Moods, States []pick
	Own                                  bool
	From, To, FromBad, ToBad             string
	Summary                              string
}

// commentsShown is how many comments a page lists.
const commentsShown = 25

// commentChoice is what the page shows, read from the address.
type commentChoice struct {
	choice
	q      string
	search comment.Search
	mood   comment.Mood
	state  string // of the response, or "hidden"
	before int64
}

// stateHidden asks for the comments that wait for somebody to look at them.
const stateHidden = "hidden"

var moods = map[string]comment.Mood{"low": comment.Low, "high": comment.High}

// chooseComments reads the address. It is NotFound for a wave or a unit that is
// not there or not who's to see.
func (v viewer) chooseComments(q url.Values) (commentChoice, error) {
	if q.Get("period") == "" {
		q.Set("period", periodAll)
	}
	ch, err := v.choose(q, "")
	c := commentChoice{choice: ch, q: strings.TrimSpace(q.Get("q")), mood: moods[q.Get("mood")]}
	if r := []rune(c.q); len(r) > comment.LongestSearch {
		c.q = string(r[:comment.LongestSearch])
	}
	c.search = comment.ParseSearch(c.q)
	if st := q.Get("state"); st == stateHidden || slices.Contains(survey.States, survey.State(st)) {
		c.state = st
	}
	if n, err := strconv.ParseInt(q.Get("before"), 10, 64); err == nil && n > 0 {
		c.before = n
	}
	return c, err
}

func (c commentChoice) scope() comment.Scope {
	return comment.Scope{Wave: c.Wave.ID, Unit: c.Unit.Code, Period: c.Period}
}

func (c commentChoice) query() comment.Query {
	q := comment.Query{Scope: c.scope(), Mood: c.mood, Search: c.search, Before: c.before, Limit: commentsShown + 1}
	if c.state == stateHidden {
		q.Hidden = true
	} else {
		q.State = survey.State(c.state)
	}
	return q
}

// href is the address of the page with something else searched for, below Seq
// before; 0 is its beginning.
func (c commentChoice) href(typed string, before int64) string {
	q := url.Values{"wave": {string(c.Wave.ID)}, "unit": {string(c.Unit.Code)}, "period": {c.Key}}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("q", typed)
	set("state", c.state)
	for name, m := range moods {
		if m == c.mood {
			q.Set("mood", name)
		}
	}
	if c.Key == periodOwn {
		set("from", c.From)
		set("to", c.To)
	}
	if before > 0 {
		q.Set("before", strconv.FormatInt(before, 10))
	}
	return "/app/comments?" + q.Encode()
}

func (s *server) comments(c *fiber.Ctx) error {
	v := s.viewer(c)
	p := commentsPage{staffPage: s.staff(c, v, "comments")}
	ch, err := v.chooseComments(queryOf(c))
	if err != nil {
		return err
	}
	p.Title = p.T("comment.title")
	if ch.Wave == nil {
		p.State = "no-wave"
		return commentsView.render(c, fiber.StatusOK, p)
	}
	p.Demo = ch.Wave.Synthetic
	p.Form = v.commentForm(p.staffPage, ch)
	status := fiber.StatusOK
	if len(ch.Bad) > 0 {
		status = fiber.StatusUnprocessableEntity
	}
	if p.Unsaid = ch.q != "" && len(ch.search) == 0; p.Unsaid {
		status = fiber.StatusUnprocessableEntity
	}
	q := ch.query()
	page, err := s.Comments.Comments(c.UserContext(), q)
	if err != nil {
		return err
	}
	found, err := s.Comments.Findings(c.UserContext(), q.Scope, page.Mark)
	if err != nil {
		return err
	}
	if p.few, err = s.fewOf(c.UserContext(), v.who, page.Rows); err != nil {
		return err
	}
	p.AsOf = p.commentsAsOf(page)
	p.fillList(v, ch, q, page, found)
	p.Title, p.Words = p.commentTitle(found), p.wordBoard(ch, found)
	if v.who.CanManage() {
		if p.List, err = s.wordList(c, p.staffPage); err != nil {
			return err
		}
	}
	return commentsView.render(c, status, p)
}

// fillList fills the rows and what is said around them.
func (p *commentsPage) fillList(v viewer, ch commentChoice, q comment.Query, page comment.Page, found comment.Findings) {
	rows := page.Rows
	if len(rows) > commentsShown {
		rows = rows[:commentsShown]
		p.Older = ch.href(ch.q, rows[commentsShown-1].Seq)
	}
	if ch.before > 0 {
		p.Newest = ch.href(ch.q, 0)
	}
	back := ch.href(ch.q, ch.before)
	for _, r := range rows {
		p.Rows = append(p.Rows, p.commentCard(v, r, p.few[r.Unit], back))
	}
	all := p.Int(found.All)
	if q.Sifted() {
		all = p.Int(page.Found)
		if page.Found > comment.CountedMost {
			all = p.T("comment.more_than", comment.CountedMost)
		}
	}
	p.Shown = p.T("comment.shown", len(rows), all)
	switch {
	case len(rows) == 0 && q.Sifted():
		p.State, p.Heading = "sifted", p.T("comment.list_of")
	case len(rows) == 0:
		p.State, p.Heading = "none", p.T("comment.list_of")
	case page.Found > comment.CountedMost:
		p.Heading = p.T("comment.found_many", all)
	case q.Sifted():
		p.Heading = p.N("comment.found", page.Found)
	default:
		p.Heading = p.T("comment.newest_first")
	}
}

// commentsAsOf says how far the list goes.
func (p staffPage) commentsAsOf(page comment.Page) asOf {
	a := asOf{Text: p.T("comment.asof", page.Mark)}
	switch {
	case page.Head == 0:
		a.Text = p.T("staff.asof.none")
	case page.Mark < page.Head:
		a.Late = p.N("comment.asof.late", page.Head-page.Mark)
	}
	return a
}

// commentForm fills the form.
func (v viewer) commentForm(p staffPage, c commentChoice) commentForm {
	base := v.form(p.Printer, c.choice, "/app/comments", true)
	f := commentForm{
		Q: c.q, Units: base.Units, Waves: base.Waves, Periods: base.Periods,
		Own: base.Own, From: base.From, To: base.To, FromBad: base.FromBad, ToBad: base.ToBad,
	}
	f.Moods = []pick{
		{"", p.T("comment.mood.any"), c.mood == comment.Unknown},
		{"low", p.T("comment.mood.low"), c.mood == comment.Low},
		{"high", p.T("comment.mood.high"), c.mood == comment.High},
	}
	f.States = []pick{{"", p.T("quality.any_state"), c.state == ""}, {stateHidden, p.T("comment.state.hidden"), c.state == stateHidden}}
	for _, st := range survey.States {
		f.States = append(f.States, pick{string(st), p.T("quality.state." + string(st)), c.state == string(st)})
	}
	f.Summary = strings.Join([]string{c.Unit.Name, c.Wave.Name}, ", ")
	return f
}

// readsRaw reports whether who reads comments as they were written. Everybody
// else reads them with personal data covered.
func readsRaw(who auth.Principal) bool { return who.Role == auth.Auditor }
