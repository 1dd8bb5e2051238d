package web

import (
	"cmp"
	"math"
	"slices"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/book"
	"sipas/internal/estimate"
	"sipas/internal/stats"
)

var togetherView = newStaffView[togetherPage]("book_together.html")

// fewestTogether is of how many units a correlation is shown at least: with
// fewer its interval reaches over most of what there can be.
const fewestTogether = 10

// togetherPage is which factors of SIPAS go together with which components of
// another index, over the units of one year.
type togetherPage struct {
	staffPage
	Title, Sub   string
	Years, Other []pick
	Say          string // why there is no table; empty: there is
	Notes        []string
	Groups       []togetherGroup
}

// togetherGroup is one factor against every component.
type togetherGroup struct {
	Name string
	Rows []togetherRow
}

type togetherRow struct {
	Name, R, Interval, Ranks, N string
	Low, At, High               string // r and its interval, on an axis from −1 to 1
	Clear                       bool   // beyond chance, all pairs looked at together
}

// togetherChoice is a year with results of SIPAS and of another index.
type togetherChoice struct {
	year    int
	x, y    *book.Type
	years   []int
	offered []*book.Type // for y
}

// bookTogether answers GET /app/book/together.
func (s *server) bookTogether(c *fiber.Ctx) error {
	v, ctx, q := s.viewer(c), c.UserContext(), queryOf(c)
	p := togetherPage{staffPage: s.staff(c, v, "book")}
	p.Crumbs = []crumb{{p.T("staff.menu.book"), bookPath}}
	p.Title = p.T("book.together.name")
	shelves, err := s.Book.Shelves(ctx)
	if err != nil {
		return err
	}
	ch := chooseTogether(s.Indices, shelves, yearIn(q.Get("year")), book.TypeCode(q.Get("with")))
	p.choose(ch)
	if p.Say = p.T("book.together.none"); ch.x == nil {
		return togetherView.render(c, fiber.StatusOK, p)
	}
	boards, err := s.Book.Boards(ctx, s.Indices, []book.Shelf{{Type: ch.x.Code, Year: ch.year}, {Type: ch.y.Code, Year: ch.year}})
	if err != nil {
		return err
	}
	if v.who.Unit != "" { // who does not see all units reads what everybody may
		boards[0], boards[1] = boards[0].Where(final), boards[1].Where(final)
	}
	var league leagueChoice
	league.rank(v.cat.Tree, boards[0], "")
	x, y := league.board, boards[1].Peers(v.cat.Tree, league.among)
	p.Demo = madeUp(x.Results) || madeUp(y.Results)
	p.fill(ch, book.Correlate(x, ch.factors(), y, ch.components()))
	if p.Say == "" {
		p.Sub = p.T("book.together.sub", p.amongName(v, league.among))
	}
	return togetherView.render(c, fiber.StatusOK, p)
}

// madeUp reports whether any of rs or its component scores is.
func madeUp(rs []book.Result) bool {
	return slices.ContainsFunc(rs, func(r book.Result) bool { return r.Synthetic || r.PartsSynthetic })
}

func final(r *book.Result) bool { return r.Status == book.Final }

// chooseTogether takes the year asked for, or the latest that has both, and of
// the other indices the one asked for, or PAR INDEX, or the first; of several the
// one with the most units comes first, for a province alone has nothing to compare.
func chooseTogether(types *book.Types, shelves []book.Shelf, year int, with book.TypeCode) (ch togetherChoice) {
	at := map[int][]*book.Type{}
	shelves = slices.Clone(shelves)
	slices.SortStableFunc(shelves, func(a, b book.Shelf) int { return cmp.Compare(b.Units, a.Units) })
	for _, x := range shelves {
		if t := types.Type(x.Type); t != nil {
			at[x.Year] = append(at[x.Year], t)
		}
	}
	isSIPAS := func(t *book.Type) bool { return t.Family == book.SIPAS }
	for y, ts := range at {
		x := slices.IndexFunc(ts, isSIPAS)
		others := slices.DeleteFunc(slices.Clone(ts), isSIPAS)
		if x < 0 || len(others) == 0 {
			continue
		}
		ch.years = append(ch.years, y)
		if y == year || year == 0 && y > ch.year {
			ch.year, ch.x, ch.offered = y, ts[x], others
		}
	}
	slices.SortFunc(ch.years, func(a, b int) int { return cmp.Compare(b, a) })
	if len(ch.offered) == 0 {
		return ch
	}
	ch.y = ch.offered[0]
	for _, first := range []func(*book.Type) bool{
		func(t *book.Type) bool { return t.Code == with },
		func(t *book.Type) bool { return t.Family == book.PARIndex },
	} {
		if i := slices.IndexFunc(ch.offered, first); i >= 0 {
			ch.y = ch.offered[i]
			break
		}
	}
	return ch
}

func (p *togetherPage) choose(ch togetherChoice) {
	for _, y := range ch.years {
		p.Years = append(p.Years, pick{yearText(y), yearText(y), y == ch.year})
	}
	for _, t := range ch.offered {
		p.Other = append(p.Other, pick{string(t.Code), t.Title.In(p.Lang), t == ch.y})
	}
}

// holds reports whether c, or anything below it, is computed from an index.
func holds(c *book.Component, family book.Family) bool {
	return c.From == family || slices.ContainsFunc(c.Children, func(d *book.Component) bool { return holds(d, family) })
}

// factors are the whole of SIPAS and what stands at the top of its tree.
func (ch togetherChoice) factors() []*book.Component {
	return append([]*book.Component{nil}, ch.x.Components...)
}

// components are the whole of the other index and what stands at the top of its
// tree, but of what holds points computed from SIPAS, and so goes together with
// it by itself, the other parts.
func (ch togetherChoice) components() []*book.Component {
	list := []*book.Component{nil}
	for _, c := range ch.y.All() {
		if !holds(c, ch.x.Family) && (c.Parent == nil || holds(c.Parent, ch.x.Family)) {
			list = append(list, c)
		}
	}
	return list
}

// fill makes the table.
func (p *togetherPage) fill(ch togetherChoice, all []book.Pairing) {
	all = slices.DeleteFunc(all, func(x book.Pairing) bool { return x.N == 0 })
	most, tests := 0, make([]stats.Test, len(all))
	for i, x := range all {
		most = max(most, x.N)
		if tests[i].P = math.NaN(); x.Known && x.N >= fewestTogether {
			tests[i].P = x.Pearson.P()
		}
	}
	if most < fewestTogether {
		p.Say = p.T("book.together.few", most, fewestTogether)
		return
	}
	p.Say = ""
	clear, tested := 0, 0
	for i, change := range estimate.AdjustTests(tests) {
		x := all[i]
		real := change && !(x.Spearman.Low <= 0 && x.Spearman.High >= 0)
		if tests[i].Tested() {
			tested++
		}
		if real {
			clear++
		}
		p.add(ch, x, real)
	}
	p.Title = p.N("book.together.title", int64(clear), ch.x.Short.In(p.Lang), ch.y.Short.In(p.Lang), tested, yearText(ch.year))
	p.Notes = []string{p.T("book.together.cause"), p.T("book.together.how", tested)}
	if slices.ContainsFunc(ch.y.Components, func(c *book.Component) bool { return holds(c, ch.x.Family) }) {
		p.Notes = append(p.Notes, p.T("book.together.own", ch.y.Short.In(p.Lang), ch.x.Short.In(p.Lang)))
	}
}

// add writes one pair below its factor.
func (p *togetherPage) add(ch togetherChoice, x book.Pairing, real bool) {
	name := p.T("book.together.whole", ch.x.Short.In(p.Lang))
	if x.Factor != nil {
		name = x.Factor.Title.In(p.Lang)
	}
	if n := len(p.Groups); n == 0 || p.Groups[n-1].Name != name {
		p.Groups = append(p.Groups, togetherGroup{Name: name})
	}
	g := &p.Groups[len(p.Groups)-1]
	r := togetherRow{Name: p.T("book.together.whole", ch.y.Short.In(p.Lang)), N: p.Int(int64(x.N)), Clear: real}
	if x.Component != nil {
		r.Name = x.Component.Title.In(p.Lang)
	}
	if x.Known && x.N >= fewestTogether {
		at := func(v float64) string { return percent(50 * (1 + v)) }
		r.R, r.Ranks = p.Signed(x.Pearson.R, 2), p.Signed(x.Spearman.R, 2)
		r.Interval = p.T("book.together.interval", p.Signed(x.Pearson.Low, 2), p.Signed(x.Pearson.High, 2))
		r.Low, r.At, r.High = at(x.Pearson.Low), at(x.Pearson.R), at(x.Pearson.High)
	}
	g.Rows = append(g.Rows, r)
}
