package web

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/estimate"
	"sipas/internal/locale"
	"sipas/internal/suppress"
	"sipas/internal/survey"
)

var breakdownView = newStaffView[breakdownPage]("results.html", "breakdown.html")

// breakdownPage sets groups of people, services or channels beside each other,
// for the whole wave.
type breakdownPage struct {
	staffPage
	resultBase
	By    []pick
	Found string // the finding
	Sub   string
	What  string // what the groups are, over their column
	Heads []string
	Rows  []breakdownRow
	Whole breakdownRow
	More  crumb // to all rows of a long list; empty: these are all
	Notes []string
	CSV   string
}

// breakdownRow is one group.
type breakdownRow struct {
	Name          string
	Sample        bool
	Cell          cell
	Bar           barChart
	Interval      string
	Diff          string
	Class, Sign   string // of Diff
	Factors       []cell
	Value         string
	points        float64
	n             int64
	shown, judged bool
}

// mostGroups is how many groups are shown at first.
const mostGroups = 40

func (s *server) breakdown(c *fiber.Ctx) error {
	v := s.viewer(c)
	p := breakdownPage{staffPage: s.staff(c, v, "breakdown")}
	q := queryOf(c)
	ch, err := v.choose(q, "")
	if err != nil {
		return err
	}
	ch = ch.whole()
	possible := p.begin(v, &p.staffPage, ch, "/app/breakdown")
	if ch.Wave == nil {
		return breakdownView.render(c, p.status(ch), p)
	}
	p.Crumbs = []crumb{{ch.Unit.Name, v.pageOf(ch)}}
	by := v.dimension(ch, survey.Dimension(q.Get("by")))
	p.By = v.dimensionPicks(p.Printer, ch, by)
	if !possible {
		return breakdownView.render(c, p.status(ch), p)
	}
	g, err := s.groupsOf(c.UserContext(), v, p.Printer, ch, by)
	if err != nil {
		if err = s.unread(c, &p.resultBase, err); err != nil {
			return err
		}
		return breakdownView.render(c, p.status(ch), p)
	}
	p.stand(&p.staffPage, g.figures)
	if p.State == "" {
		p.fill(g, q.Get("all") == "1")
	}
	return breakdownView.render(c, p.status(ch), p)
}

// whole is c over the whole wave, compared with nothing: groups are kept so.
func (c choice) whole() choice {
	c.Period, c.Key, c.Versus, c.Bad = survey.Period{}, periodAll, versusNone, nil
	return c
}

// pageOf is where the results of the chosen unit stand.
func (v viewer) pageOf(c choice) string {
	if c.Unit.Parent == "" {
		return "/app" + c.query()
	}
	return "/app/units/" + string(c.Unit.Code) + c.query("unit", "")
}

// dimension is the one asked for if the wave has it, or its first.
func (v viewer) dimension(c choice, asked survey.Dimension) survey.Dimension {
	all := v.dimensions(c)
	if slices.Contains(all, asked) {
		return asked
	}
	return all[0]
}

// dimensions are those that the chosen wave can be divided by.
func (v viewer) dimensions(c choice) []survey.Dimension {
	var all []survey.Dimension
	for _, q := range v.cat.Instruments[c.Wave.Instrument].Dimensions() {
		all = append(all, survey.Dimension(q.Code))
	}
	if len(v.cat.Services) > 0 {
		all = append(all, survey.ByField, survey.ByService)
	}
	return append(all, survey.ByChannel)
}

func (v viewer) dimensionPicks(p locale.Printer, c choice, chosen survey.Dimension) []pick {
	var picks []pick
	for _, d := range v.dimensions(c) {
		picks = append(picks, pick{string(d), dimensionName(p, v.cat.Instruments[c.Wave.Instrument], d), d == chosen})
	}
	return picks
}

func dimensionName(p locale.Printer, in *survey.Instrument, d survey.Dimension) string {
	if q := in.Question(survey.ItemCode(d)); q != nil {
		return q.ShortText(p.Lang)
	}
	return p.T("breakdown.by." + string(d))
}

// grouped is a breakdown with what must not be shown of it.
type grouped struct {
	*figures
	b      survey.Breakdown
	by     survey.Dimension
	hidden []bool // of groups: none of its figures is shown
}

// groupsOf reads the groups of the chosen unit.
func (s *server) groupsOf(ctx context.Context, v viewer, p locale.Printer, c choice, by survey.Dimension) (*grouped, error) {
	all, err := s.groupsBy(ctx, v, p, c, by)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// groupsBy is groupsOf for several dimensions, in two calls.
func (s *server) groupsBy(ctx context.Context, v viewer, p locale.Printer, c choice, by ...survey.Dimension) ([]*grouped, error) {
	read, err := s.Reader.Breakdowns(ctx, survey.BreakdownQuery{Wave: c.Wave.ID, Unit: c.Unit.Code, Channel: c.Channel}, by...)
	if err != nil {
		return nil, fmt.Errorf("web.groupsBy: %w", err)
	}
	own := []survey.UnitCode{c.Unit.Code}
	whole, hides, err := s.readVeiled(ctx, survey.Query{Wave: c.Wave.ID, Units: own, Channel: c.Channel, Precise: own})
	if err != nil {
		return nil, fmt.Errorf("web.groupsBy: %w", err)
	}
	all := make([]*grouped, len(by))
	for i, dimension := range by {
		f := &figures{p: p, v: v, c: c, veil: hides, least: s.least(), memory: s.bands, steps: v.heatSteps(c.Unit.Code), shared: c.explainQuery()}
		if all[i], err = s.grouped(ctx, f, read[i], dimension, whole); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// grouped takes out of a breakdown what must not be shown. whole is the reading
// of the unit that hides it.
func (s *server) grouped(ctx context.Context, f *figures, b survey.Breakdown, by survey.Dimension, whole survey.Reading) (*grouped, error) {
	c, hides := f.c, f.veil
	estimate.Rough(b.Wave, b.Instrument, &b.Whole.Index)
	if x := whole.Indices[c.Unit.Code]; x.N == b.Whole.Index.N { // nothing came in between
		b.Whole.Index = x
	}
	for i := range b.Groups {
		estimate.Rough(b.Wave, b.Instrument, &b.Groups[i].Index)
	}
	if hides.hides(c.Unit.Code) {
		b.Whole.Index, b.Groups = b.Whole.Index.Withhold(), nil
	}
	f.now = survey.Reading{
		Wave: b.Wave, Instrument: b.Instrument, Indices: map[survey.UnitCode]survey.Index{c.Unit.Code: b.Whole.Index},
		Watermark: b.Watermark, Behind: b.Behind,
	}
	g := &grouped{figures: f, b: b, by: by}
	var err error
	if g.hidden, err = g.hide(func(x survey.Group) int64 { return x.Tally.N }); err != nil || by != survey.ByChannel {
		return g, err
	}
	_, hides, err = s.readChannels(ctx, survey.Query{Wave: c.Wave.ID, Units: []survey.UnitCode{c.Unit.Code}})
	if err != nil {
		return nil, fmt.Errorf("web.grouped: %w", err)
	}
	for i := range g.hidden { // as on the unit's own page
		g.hidden[i] = g.hidden[i] || hides.hides(c.Unit.Code)
	}
	return g, nil
}

// hide says which groups must not show a figure that count people stand for,
// so that neither they nor any difference from the whole tells of fewer than
// least.
func (g *grouped) hide(count func(survey.Group) int64) ([]bool, error) {
	t := suppress.Table{Sums: []suppress.Sum{{Total: len(g.b.Groups)}}}
	sum := int64(0)
	for i, x := range g.b.Groups {
		t.N = append(t.N, count(x))
		t.Sums[0].Parts = append(t.Sums[0].Parts, i)
		sum += t.N[i]
	}
	if len(g.b.Groups) == 0 {
		return nil, nil
	}
	t.N = append(t.N, sum)
	hidden, err := suppress.Hide(t, g.least)
	if err != nil {
		return nil, fmt.Errorf("web.hide: %w", err)
	}
	return hidden[:len(g.b.Groups)], nil
}

// answering counts those of a group who answered an item.
func (g *grouped) answering(code survey.ItemCode) func(survey.Group) int64 {
	q := g.b.Instrument.Question(code)
	return func(x survey.Group) int64 { return x.Tally.Answered(q) }
}

// most is the item of the i-th factor that most people answered.
func (g *grouped) most(i int) survey.ItemCode {
	var items []survey.ItemCode
	for _, d := range g.b.Instrument.Domains {
		for _, f := range d.Factors {
			if i == 0 {
				items = f.Items
			}
			i--
		}
	}
	return slices.MaxFunc(items, func(a, b survey.ItemCode) int {
		return cmp.Compare(g.answering(a)(g.b.Whole), g.answering(b)(g.b.Whole))
	})
}

// name is what a group is called.
func (g *grouped) name(x survey.Group) string {
	switch {
	case x.Value == "":
		return g.p.T("breakdown.not_said." + g.kind())
	case g.b.Question != nil:
		return g.b.Question.Label(x.Value, g.p.Lang)
	case g.by == survey.ByChannel:
		return g.p.T("staff.channel." + x.Value)
	case g.by == survey.ByService:
		if s := g.v.cat.Services[survey.ServiceCode(x.Value)]; s.Name != "" {
			return s.Name
		}
	}
	return x.Value
}

// kind is "service" for what a response names, "person" for what people say of
// themselves.
func (g *grouped) kind() string {
	if g.b.Question == nil {
		return "service"
	}
	return "person"
}

// href leads to how a figure of a group was made.
func (g *grouped) href(x survey.Group, key survey.PartKey) string {
	return g.explainHref(g.c.Unit.Code, key) + "&by=" + url.QueryEscape(string(g.by)) + "&group=" + url.QueryEscape(x.Value)
}

// rest is a figure of everybody who is not in a group.
func (g *grouped) rest(x survey.Group, of func(survey.Index) measure) measure {
	rest := g.b.Instrument.Index(g.b.Whole.Tally.Minus(x.Tally))
	estimate.Rough(g.c.Wave, g.b.Instrument, &rest)
	return of(rest)
}

// test asks whether a group differs from everybody else by chance alone.
func (g *grouped) test(x survey.Group, of func(survey.Index) measure) estimate.Difference {
	return estimate.Between(g.rest(x, of).known(), of(x.Index).known())
}
