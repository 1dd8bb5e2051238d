package web

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/book"
	"sipas/internal/stats"
	"sipas/internal/survey"
)

var leagueView = newStaffView[leaguePage]("book_league.html")

const leaguePath = bookPath + "/league"

// leaguePage is all units that are ranked together by one index for one year.
type leaguePage struct {
	staffPage
	Title, Sub            string
	Types, Years, Leagues []pick
	Year, Was             string
	Type                  book.TypeCode
	Parent                survey.UnitCode // of the units that are ranked
	None                  bool
	Bands                 bool // ranges of ranks could be computed
	Rows                  []leagueLine
	Notes                 []string
	Chart                 chartFigure
	CSV                   string
	Part, Prev, Next      string // of a long table: which rows, and addresses of others
	thresholds            book.Thresholds
	bands                 map[survey.UnitCode]stats.RankBand
	seen                  []book.LeagueRow // that the reader may see, of which Rows are some
	drawn                 []survey.UnitCode
}

// leagueLine is one unit of the table.
type leagueLine struct {
	Name, Href   string
	Rank, RankOf string
	Band         string
	Value        string
	Bar          barChart
	N            string
	Moved, Sign  string
	Change       string
	Class        string
	Chips        []chip
	Code         survey.UnitCode
	Drawn        bool // in the chart
}

// leagueChoice is what a page over units shows, read from the address.
type leagueChoice struct {
	shelves []book.Shelf
	t       *book.Type // nil: the book is empty
	year    int
	all     []book.Among
	among   book.Among
	board   book.Board    // of the year, ranked together
	now     []book.Result // on it
	years   []int         // with results of the family, the earliest first
}

// chooseLeague reads the address; NotFound for a type that there is nothing of.
func (s *server) chooseLeague(c *fiber.Ctx, v viewer, q url.Values) (ch leagueChoice, err error) {
	ctx := c.UserContext()
	if ch.shelves, err = s.Book.Shelves(ctx); err != nil {
		return ch, err
	}
	ch.shelves = slices.DeleteFunc(ch.shelves, func(x book.Shelf) bool { return s.Indices.Type(x.Type) == nil })
	if ch.shelf(s.Indices, q.Get("type"), yearIn(q.Get("year"))); ch.t == nil {
		if q.Get("type") != "" || yearIn(q.Get("year")) != 0 {
			return ch, survey.Missing("web.chooseLeague", "book.no_result")
		}
		return ch, nil
	}
	all, err := s.Book.Board(ctx, ch.t, ch.year)
	if err != nil {
		return ch, err
	}
	ch.rank(v.cat.Tree, all, q.Get("among"))
	for _, x := range ch.shelves {
		if s.Indices.Type(x.Type).Family == ch.t.Family {
			ch.years = append(ch.years, x.Year)
		}
	}
	slices.Sort(ch.years)
	ch.years = slices.Compact(ch.years)
	return ch, nil
}

// shelf chooses what there is of a type and year; of no type the first, of year
// 0 the latest.
func (ch *leagueChoice) shelf(types *book.Types, of string, year int) {
	for _, t := range types.All() {
		if of != "" && of != string(t.Code) {
			continue
		}
		for _, x := range ch.shelves {
			if x.Type == t.Code && (ch.t == nil || x.Year > ch.year) && (year == 0 || x.Year == year) {
				ch.t, ch.year = t, x.Year
			}
		}
	}
}

// rank chooses who is ranked together: those asked for, else the most.
func (ch *leagueChoice) rank(tree *survey.Tree, all book.Board, asked string) {
	var most int
	leagues := book.Leagues(tree, all.Results)
	for _, l := range leagues {
		ch.all = append(ch.all, l.Among)
		if asked == amongKey(l.Among) {
			most, ch.among = len(all.Results)+1, l.Among
		} else if l.Units > most {
			most, ch.among = l.Units, l.Among
		}
	}
	ch.board = all.Peers(tree, ch.among)
	ch.now = ch.board.Results
}

// amongKey names units that are ranked together in an address.
func amongKey(a book.Among) string { return string(a.Level) + "." + string(a.Parent) }

// ofFamily are the boards of a family's years, whichever type they are of.
func (s *server) ofFamily(ctx context.Context, ch leagueChoice, years ...int) ([]book.Board, error) {
	return s.Book.Boards(ctx, s.Indices, slices.DeleteFunc(slices.Clone(ch.shelves), func(x book.Shelf) bool {
		return !slices.Contains(years, x.Year) || s.Indices.Type(x.Type).Family != ch.t.Family
	}))
}

// before is the latest year before the chosen one; 0: none.
func (ch leagueChoice) before() (year int) {
	for _, y := range ch.years {
		if y < ch.year {
			year = y
		}
	}
	return year
}

// league reads the table: every unit ranked, of which who asks sees some.
func (s *server) leagueRows(ctx context.Context, v viewer, ch leagueChoice) ([]book.LeagueRow, error) {
	was, err := s.ofFamily(ctx, ch, ch.before())
	if err != nil {
		return nil, err
	}
	rows, _, err := s.leagueBeside(ctx, v, ch.t, ch.now, was, ch.before())
	return rows, err
}

// leagueBeside lays units that are ranked together beside the boards of an earlier
// year, and beside responses of former units, which it returns.
func (s *server) leagueBeside(ctx context.Context, v viewer, t *book.Type, now []book.Result, was []book.Board, year int) ([]book.LeagueRow, pools, error) {
	lines := s.across(v.cat)
	ps, err := s.pool(ctx, v, lines, now, year)
	if err != nil {
		return nil, nil, err
	}
	return book.League(lines, t, now, was, year, ps.figures()), ps, nil
}

// bookLeague answers GET /app/book/league.
func (s *server) bookLeague(c *fiber.Ctx) error {
	v, ctx := s.viewer(c), c.UserContext()
	p := leaguePage{staffPage: s.staff(c, v, "book")}
	p.Crumbs = []crumb{{p.T("staff.menu.book"), bookPath}}
	ch, err := s.chooseLeague(c, v, queryOf(c))
	if err != nil {
		return err
	}
	p.Demo = false
	if p.None = ch.t == nil; p.None {
		p.Title = p.T("book.league.none")
		return leagueView.render(c, fiber.StatusOK, p)
	}
	p.Year, p.Was, p.CSV = yearText(ch.year), yearText(ch.before()), leaguePath+".csv"+ch.query()
	p.Type, p.Parent = ch.t.Code, ch.among.Parent
	p.form(s.Indices, v, ch)
	rows, err := s.leagueRows(ctx, v, ch)
	if err != nil {
		return err
	}
	if p.thresholds, err = s.Book.Thresholds(ctx); err != nil {
		return err
	}
	p.fill(v, ch, rows, s.bands)
	if err := s.bumpChart(ctx, v, &p, ch, queryOf(c)["u"]); err != nil {
		return err
	}
	for _, r := range p.cut(ch, queryOf(c).Get("from")) {
		line := p.line(v, ch, r, p.bands)
		line.Drawn = slices.Contains(p.drawn, r.Unit)
		p.Rows = append(p.Rows, line)
	}
	allowCharts(c)
	return leagueView.render(c, fiber.StatusOK, p)
}

// cut returns those rows of a long table that begin with the one asked for.
func (p *leaguePage) cut(ch leagueChoice, asked string) []book.LeagueRow {
	all := len(p.seen)
	if all <= mostRanked {
		return p.seen
	}
	from, err := strconv.Atoi(asked)
	if err != nil || from < 1 || from > all {
		from = 1
	}
	to := min(all, from+mostRanked-1)
	at := func(row int) string { return leaguePath + ch.query() + "&from=" + strconv.Itoa(row) }
	if from > 1 {
		p.Prev = at(max(1, from-mostRanked))
	}
	if to < all {
		p.Next = at(to + 1)
	}
	p.Part = p.T("book.league.part", from, to, all)
	return p.seen[from-1 : to]
}

// query writes ch as an address.
func (ch leagueChoice) query() string {
	return "?" + url.Values{"type": {string(ch.t.Code)}, "year": {yearText(ch.year)}, "among": {amongKey(ch.among)}}.Encode()
}

func (p *leaguePage) form(types *book.Types, v viewer, ch leagueChoice) {
	seen := map[book.TypeCode]bool{}
	for _, t := range types.All() {
		for _, x := range ch.shelves {
			if x.Type == t.Code && !seen[t.Code] {
				seen[t.Code] = true
				p.Types = append(p.Types, pick{string(t.Code), t.Title.In(p.Lang), t == ch.t})
			}
		}
	}
	for _, x := range slices.Backward(ch.shelves) {
		if x.Type == ch.t.Code {
			p.Years = append(p.Years, pick{yearText(x.Year), yearText(x.Year), x.Year == ch.year})
		}
	}
	for _, a := range ch.all {
		p.Leagues = append(p.Leagues, pick{amongKey(a), p.amongName(v, a), a == ch.among})
	}
}

// amongName says who is ranked together: "cấp huyện, Tỉnh Quảng Ninh".
func (p staffPage) amongName(v viewer, a book.Among) string {
	name := p.T("book.level." + string(a.Level))
	if u, ok := v.cat.Tree.Unit(a.Parent); ok {
		return name + ", " + u.Name
	}
	return name
}

// bookLeagueCSV is the table for a spreadsheet.
func (s *server) bookLeagueCSV(c *fiber.Ctx) error {
	v := s.viewer(c)
	ch, err := s.chooseLeague(c, v, queryOf(c))
	if err != nil {
		return err
	}
	if ch.t == nil {
		return survey.Missing("web.bookLeagueCSV", "book.no_result")
	}
	rows, err := s.leagueRows(c.UserContext(), v, ch)
	if err != nil {
		return err
	}
	out := [][]string{append(slices.Clone(bookHead[:len(bookHead)-3]), "rank_before", "rank_up", "score_change")}
	for _, r := range rows {
		if !v.sees(r.Unit) {
			continue
		}
		unit, _ := v.cat.Tree.Unit(r.Unit)
		was, moved := "", ""
		if r.Before != nil {
			was = rankText(r.Before.Rank)
		}
		if r.Change.Ranked {
			moved = strconv.Itoa(r.Change.Rank)
		}
		out = append(out, append(resultLine(unit.Name, *r.Result), was, moved, decimal(r.Change.Score)))
	}
	return sendCSV(c, "sipas-league-"+string(ch.t.Code)+"-"+yearText(ch.year), out)
}
