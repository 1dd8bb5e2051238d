package web

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/book"
)

// partsFigure is where the points of one index went: a waterfall from the
// maximum to the score, every component beside the group and the year before,
// and three ways to find what is weak.
type partsFigure struct {
	ID, Short  string
	Title, Sub string
	MadeUp     bool   // the component scores are
	Marks      string // how sure the components and their maxima are
	Note       string // what is not known of the type
	Falls      []fallRow
	FallSub    string
	Rows       []partLine
	Weak       []weakList
	Points     bool // components are points of a maximum, not percentages
	Was        string
	Group      string // "13 đơn vị"
	parts      []book.PartRow
	losses     []book.Loss
}

// fallRow is one step of the waterfall.
type fallRow struct {
	Name         string
	X, Width     string
	Class        string
	Lost         string // "−2,10"; of the ends the maximum and the score
	Total, Would string // what the score would be, and the rank; empty: not known
	End          bool
}

// partLine is one component.
type partLine struct {
	Name, Code, Mark     string
	Depth                int
	Score, Maximum       string
	Bar                  barChart
	FromMean, FromYear   string
	MeanClass, YearClass string
	MeanSign, YearSign   string
	Mean                 string
	Drawn                bool
}

// weakList is one way to find weak components.
type weakList struct {
	Title string
	Rows  []weakRow
	None  string
}

type weakRow struct{ Name, Value string }

const (
	mostWeak  = 3
	leastMean = 2 // of fewer results a mean says nothing
)

// fillParts adds a figure for every index with component scores, and the
// components that are computed from another index.
func (s *server) fillParts(ctx context.Context, v viewer, p *bookPage, ch bookChoice, rs []book.Result) error {
	for _, r := range rs {
		for _, b := range s.Indices.Besides(r, rs) {
			p.Besides = append(p.Besides, p.beside(s.Indices, r, b))
		}
	}
	groups, err := s.groups(ctx, v, rs)
	if err != nil {
		return err
	}
	for i, r := range rs {
		if len(r.Parts) > 0 {
			p.Parts = append(p.Parts, p.partsFigure(p.Rows[i].kind, r, ch.before(s.Indices, r), groups[i]))
		}
	}
	return nil
}

// groups reads the group of each of rs that has component scores, all at once.
func (s *server) groups(ctx context.Context, v viewer, rs []book.Result) ([]book.Board, error) {
	var wanted []book.Shelf
	var of []int
	for i, r := range rs {
		if len(r.Parts) > 0 {
			wanted, of = append(wanted, book.Shelf{Type: r.Type, Year: r.Year}), append(of, i)
		}
	}
	boards, err := s.Book.Boards(ctx, s.Indices, wanted)
	if err != nil {
		return nil, err
	}
	groups := make([]book.Board, len(rs))
	for k, i := range of {
		groups[i] = v.group(boards[k], rs[i])
	}
	return groups, nil
}

// group is the units that r's is ranked among. Who does not see all units gets
// their final results only, which everybody may read.
func (v viewer) group(all book.Board, r book.Result) book.Board {
	unit, ok := v.cat.Tree.Unit(r.Unit)
	if !ok {
		return all
	}
	among := book.AmongOf(unit)
	return all.Where(func(x *book.Result) bool {
		u, ok := v.cat.Tree.Unit(x.Unit)
		return ok && book.AmongOf(u) == among && (v.who.Unit == "" || x.Status == book.Final || x.Unit == r.Unit)
	})
}

func (p *bookPage) partsFigure(t *book.Type, r book.Result, before *book.Result, group book.Board) partsFigure {
	rows, losses := book.Parts(t, r, before, group.Means()), book.Losses(t, r, group.Results)
	f := partsFigure{parts: rows, losses: losses, ID: "parts-" + string(t.Code), Short: t.Short.In(p.Lang), Points: t.Adds, Note: t.Note.In(p.Lang), Marks: p.partMarks(t), MadeUp: r.Synthetic || r.PartsSynthetic}
	if before != nil && before.Type == r.Type && len(before.Parts) > 0 {
		f.Was = yearText(before.Year)
	}
	if n := len(group.Results); n >= leastMean {
		f.Group = p.Int(int64(n))
	}
	f.Falls, f.FallSub = p.waterfall(t, r, losses)
	for _, row := range rows {
		if row.Score.Known {
			f.Rows = append(f.Rows, p.partLine(t, r, row, f))
		}
	}
	f.Weak = p.weakLists(t, rows, f)
	f.Title, f.Sub = p.partsTitle(t, r, rows, losses), p.partsSub(t, f)
	return f
}

// partsTitle names where most was lost, or the lowest component where scores do
// not add up.
func (p *bookPage) partsTitle(t *book.Type, r book.Result, rows []book.PartRow, losses []book.Loss) string {
	short, top := t.Short.In(p.Lang), r.MaximumOf(t)
	if len(losses) > 0 && losses[0].Component != nil {
		return p.T("book.page.parts.lost", short, p.Decimal(top.Value-r.Score.Value, 2), losses[0].Component.Title.In(p.Lang), p.Decimal(losses[0].Lost, 2))
	}
	if weak := book.Weakest(rows, book.FarthestFromMaximum); len(weak) > 0 {
		c := weak[0]
		return p.T("book.page.parts.lowest", short, c.Component.Title.In(p.Lang), p.Decimal(c.Share.Value, 2))
	}
	return p.T("book.page.parts.plain", short)
}

func (p *bookPage) partsSub(t *book.Type, f partsFigure) string {
	say := []string{p.T("book.page.parts.sub")}
	if f.Group != "" {
		say = append(say, p.T("book.page.parts.sub_group", f.Group))
	}
	if t.Adds && len(f.Falls) > 0 {
		say = append(say, p.T("book.page.parts.sub_would"))
	}
	return strings.Join(say, " ")
}

// partMarks says how sure the components of a type are, the least sure of them.
func (p *bookPage) partMarks(t *book.Type) string {
	worst := func(of func(*book.Component) book.Mark) book.Mark {
		at := -1
		for _, c := range t.All() {
			at = max(at, slices.Index(book.Marks, of(c)))
		}
		if at < slices.Index(book.Marks, book.Inferred) {
			return ""
		}
		return book.Marks[at]
	}
	names := worst(func(c *book.Component) book.Mark { return c.Mark })
	tops := worst(func(c *book.Component) book.Mark {
		if c.Maximum == 0 {
			return book.Confirmed
		}
		return c.MaxMark
	})
	var say []string
	if names != "" {
		say = append(say, p.T("book.page.marks.names."+string(names)))
	}
	if tops != "" {
		say = append(say, p.T("book.page.marks.tops."+string(tops)))
	}
	return strings.Join(say, " ")
}

// waterfall draws the losses between maximum and score. The axis starts at a
// round number below the score, which sub says.
func (p *bookPage) waterfall(t *book.Type, r book.Result, losses []book.Loss) (rows []fallRow, sub string) {
	if len(losses) == 0 {
		return nil, ""
	}
	top := r.MaximumOf(t).Value
	low, at := r.Score.Value, top
	for _, l := range losses {
		at -= l.Lost
		low = min(low, at)
	}
	step := math.Pow(10, math.Floor(math.Log10(max(top-low, 0.1))))
	from := max(0, (math.Ceil(low/step)-1)*step)
	x := func(v float64) float64 { return 100 * (v - from) / (top - from) }
	rows = append(rows, fallRow{Name: p.T("book.page.fall.maximum"), X: "0%", Width: "100%", Class: "b-same", Lost: p.Shortest(top), End: true})
	at = top
	for _, l := range losses {
		row := fallRow{Name: p.T("book.page.fall.rest"), Class: "b-down", Lost: p.Signed(-l.Lost, 2)}
		if l.Component == nil {
			row.Class = "b-same"
		} else {
			row.Name, row.Total = l.Component.Title.In(p.Lang), p.Decimal(l.Total.Value, 2)
			if l.Rank > 0 {
				row.Would = p.Int(int64(l.Rank))
			}
		}
		next := at - l.Lost
		row.X, row.Width = percent(x(min(at, next))), percent(math.Abs(x(at)-x(next)))
		at = next
		rows = append(rows, row)
	}
	rows = append(rows, fallRow{Name: p.T("book.page.fall.score"), X: "0%", Width: percent(x(r.Score.Value)), Class: "b-data", Lost: p.published(r.Score), Would: rankText(r.Rank), End: true})
	return rows, p.T("book.page.fall.sub", p.Shortest(from), p.Shortest(top))
}

func rankText(rank int) string {
	if rank == 0 {
		return ""
	}
	return strconv.Itoa(rank)
}

// partLine is one component beside the group and the year before.
func (p *bookPage) partLine(t *book.Type, r book.Result, row book.PartRow, f partsFigure) partLine {
	c := row.Component
	l := partLine{Name: c.Title.In(p.Lang), Code: c.Code, Depth: min(c.Depth(), 3), Score: p.published(row.Score)}
	if c.Maximum > 0 && t.Adds {
		l.Maximum = p.Shortest(c.Maximum)
	}
	if c.Source != book.Published && c.Source != book.Survey {
		l.Mark = p.T("book.source." + string(c.Source))
	}
	if said := p.bySource(r, c); said != "" {
		l.Mark = said
	}
	if row.Share.Known {
		l.Drawn, l.Bar = true, barChart{Class: "b-data", Width: percent(row.Share.Value)}
		if f.Group != "" && row.Mean.Known && c.Maximum > 0 {
			l.Bar.Ref = percent(100 * row.Mean.Value / c.Maximum)
		}
	}
	if f.Group != "" && row.FromMean.Known && row.N >= leastMean {
		l.FromMean, l.MeanSign = p.Signed(row.FromMean.Value, 2), signOf(row.FromMean)
	}
	if f.Was != "" && row.FromYear.Known {
		l.FromYear, l.YearSign = p.Signed(row.FromYear.Value, 2), signOf(row.FromYear)
	}
	return l
}

// bySource is what each source gave a component: "tự chấm 9,50; thẩm định 9,10".
func (p staffPage) bySource(r book.Result, c *book.Component) string {
	var said []string
	for _, source := range book.Sources {
		if n := r.Part(c.Code, source); n.Known {
			said = append(said, p.T("book.source."+string(source))+"\u00a0"+p.published(n))
		}
	}
	return strings.Join(said, "; ")
}

// signOf is the triangle beside a difference. These are published figures
// without an error of sampling: no colour says that one is beyond it.
func signOf(n book.Number) string {
	switch r := n.Round(2); {
	case r > 0:
		return "up"
	case r < 0:
		return "dn"
	}
	return ""
}

// weakLists are the three ways to find what is weak.
func (p *bookPage) weakLists(t *book.Type, rows []book.PartRow, f partsFigure) []weakList {
	unit := ""
	if !t.Adds {
		unit = "\u00a0" + p.T("book.page.points_short")
	}
	of := func(order book.Order, name func(book.PartRow) string) (list weakList) {
		list.Title, list.None = p.T("book.page.weak."+string(order), f.Was), p.T("book.page.weak."+string(order)+".none")
		for _, r := range book.Weakest(rows, order) {
			if len(list.Rows) == mostWeak {
				break
			}
			list.Rows = append(list.Rows, weakRow{r.Component.Title.In(p.Lang), name(r)})
		}
		return list
	}
	var lists []weakList
	if f.Group != "" {
		lists = append(lists, of(book.BelowMean, func(r book.PartRow) string { return p.Signed(r.FromMean.Value, 2) + unit }))
	}
	if f.Was != "" {
		lists = append(lists, of(book.BelowYear, func(r book.PartRow) string { return p.Signed(r.FromYear.Value, 2) + unit }))
	}
	return append(lists, of(book.FarthestFromMaximum, func(r book.PartRow) string { return p.Percent(r.Share.Value, 1) }))
}

// besideRow is what another index gives a component, beside what was entered.
type besideRow struct {
	Say     string
	Differs bool
}

func (p *bookPage) beside(types *book.Types, r book.Result, b book.Beside) besideRow {
	from, into := types.Type(b.From.Type).Short.In(p.Lang), types.Type(r.Type).Short.In(p.Lang)
	args := []any{from, p.published(b.From.Percent), p.published(b.Computed), p.Shortest(b.Component.Maximum), into, p.published(b.Entered)}
	key := "book.page.beside.same"
	switch {
	case !b.Computed.Known:
		key = "book.page.beside.unknown"
	case !b.Entered.Known:
		key = "book.page.beside.missing"
	case b.Differs:
		key = "book.page.beside.differs"
	}
	return besideRow{p.T(key, args...), b.Differs}
}
