package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

var explainView = newStaffView[explainPage]("results.html", "explain.html")

// explainPage is how one figure was made: its counts, the rule that joins
// them, what was left out, and up to which response.
type explainPage struct {
	staffPage
	Least    int64
	Title    string // the name of the figure
	Unit     survey.Unit
	AsOf     asOf
	State    string // why there is no figure: "none" or "few"; empty: there is one
	Value    string
	Sum      string // the arithmetic in one line
	Sure     string // the interval, or why there is none
	PartsSay string // what Parts are
	Parts    []explainPart
	Items    []explainItem
	Levels   []string // the head of the counts, when all items share their answers
	Out      []explainFact
	Method   []string
	Wave     *survey.Wave
	CSV      string
	Back     string
}

// explainPart is one of the figures that a figure is made of.
type explainPart struct {
	Name, Href string
	Cell       cell
	Weight     string // of a unit where the wave weighs them; else empty
}

// explainItem is an item with its counts.
type explainItem struct {
	Code, Name, Href                   string
	Counts                             []string // per answer; nil: too few to show
	Answered, Skipped, Satisfied, Text string
	Why                                string
}

type explainFact struct{ Name, Value string }

// explain shows how a figure was made.
func (s *server) explain(c *fiber.Ctx) error {
	f, e, err := s.explained(c)
	if err != nil {
		return err
	}
	v, ch := f.v, f.c
	p := explainPage{staffPage: s.staff(c, v, "dashboard"), Unit: ch.Unit, Wave: ch.Wave, Least: f.least}
	p.Demo = ch.Wave.Synthetic
	p.Title = f.partName(e.Key)
	if f.group != "" {
		p.Title = f.p.T("explain.of_group", p.Title, f.group)
	}
	p.AsOf = p.asOf(f.now)
	p.Back = "/app" + ch.query()
	if ch.Unit.Parent != "" {
		p.Back = "/app/units/" + string(ch.Unit.Code) + ch.query("unit", "")
	}
	p.Crumbs = []crumb{{ch.Unit.Name, p.Back}}
	p.CSV = strings.Replace(f.explainHref(ch.Unit.Code, e.Key), "/app/explain?", "/app/explain.csv?", 1)
	p.Method = f.method(f.now.Instrument, f.index(ch.Unit.Code).Spec)
	p.Out = f.leftOut(e)
	m := measureOf(e.Figure, e.N)
	switch {
	case m.few():
		p.State = "few"
	case !m.shown():
		p.State = "none"
	default:
		p.Value = f.p.Percent(m.Value, 2)
		p.Sum = f.sum(e)
		p.Sure = f.surely(m)
		p.Items, p.Levels = f.explainItems(e)
		p.Parts, p.PartsSay = f.explainParts(e)
	}
	return explainView.render(c, fiber.StatusOK, p)
}

// explained reads the figure that the address names.
func (s *server) explained(c *fiber.Ctx) (*figures, survey.Explanation, error) {
	v := s.viewer(c)
	q := queryOf(c)
	ch, err := v.choose(q, "")
	if err != nil {
		return nil, survey.Explanation{}, err
	}
	if ch.Wave == nil {
		return nil, survey.Explanation{}, survey.Missing("web.explain", "wave.unknown", "")
	}
	if by := survey.Dimension(q.Get("by")); by != "" {
		return s.explainedGroup(c, v, ch, by, q)
	}
	ch.Versus = versusNone
	f, err := s.read(c.UserContext(), v, s.page(c).Printer, ch, append([]survey.UnitCode{ch.Unit.Code}, v.childrenOf(ch)...))
	if err != nil {
		return nil, survey.Explanation{}, err
	}
	key := survey.PartKey(q.Get("figure"))
	if key == "" {
		key = survey.OverallKey
	}
	e, err := f.now.Instrument.Explain(f.index(ch.Unit.Code), key)
	return f, e, err
}

// explainQuery names what all explanations of a page share: everything but the
// unit and the figure.
func (c choice) explainQuery() string {
	return c.query("unit", "", "sort", "", "dir", "", "step", "", "vs", "")
}

// explainHref leads to how a figure of a unit was made. A page has hundreds of
// these, so what they share is written once.
func (f *figures) explainHref(u survey.UnitCode, key survey.PartKey) string {
	return "/app/explain" + f.shared + "&unit=" + url.QueryEscape(string(u)) + "&figure=" + url.QueryEscape(string(key))
}

// partName names a figure of the index.
func (f *figures) partName(key survey.PartKey) string {
	switch key.Kind() {
	case survey.ItemPart:
		return f.now.Instrument.Question(survey.ItemCode(key.Code())).ShortText(f.p.Lang)
	case survey.OverallPart:
		return f.p.T("explain.overall")
	}
	domain, factor, _ := strings.Cut(key.Code(), ".")
	for _, d := range f.now.Instrument.Domains {
		if d.Code != domain {
			continue
		}
		for _, fac := range d.Factors {
			if fac.Code == factor {
				return fac.Title.In(f.p.Lang)
			}
		}
		return d.Title.In(f.p.Lang)
	}
	return key.Code()
}

// byUnits reports whether the figure is a mean over the units below.
func (f *figures) byUnits() bool {
	return f.group == "" && f.index(f.c.Unit.Code).Spec.Units != survey.PooledResponses && len(f.children()) > 0
}

func (f *figures) children() []survey.UnitCode { return f.v.childrenOf(f.c) }

// sum is the arithmetic of a figure in one line.
func (f *figures) sum(e survey.Explanation) string {
	spec := f.index(f.c.Unit.Code).Spec
	result := f.p.Decimal(e.Percent.Value, 6)
	parts := e.Parts
	switch {
	case f.byUnits():
		return f.p.T("explain.sum."+string(spec.Units), len(f.children()), result)
	case parts != nil:
		total, n := 0.0, 0
		for _, p := range parts {
			if p.Percent.Known {
				total, n = total+p.Percent.Value, n+1
			}
		}
		return f.p.T("explain.sum.mean", f.p.Decimal(total, 6), n, result)
	case spec.Item == survey.MeanScore:
		return f.p.T("explain.sum.score", e.Answered, result)
	}
	return f.p.T("explain.sum.share", e.Satisfied, e.Answered, result)
}

// explainParts lists what the rule works on.
func (f *figures) explainParts(e survey.Explanation) ([]explainPart, string) {
	var parts []explainPart
	if f.byUnits() {
		for _, u := range f.v.sorted(f.p, f.children()) {
			unit, _ := f.v.cat.Tree.Unit(u)
			of, err := f.now.Instrument.Explain(f.index(u), e.Key)
			if err != nil {
				continue
			}
			part := explainPart{Name: unit.Name, Href: f.explainHref(u, e.Key), Cell: f.cell(measureOf(of.Figure, of.N), 2)}
			if f.index(u).Spec.Units == survey.WeightedUnits {
				part.Weight = f.p.Decimal(f.c.Wave.Weights[u], 4)
			}
			parts = append(parts, part)
		}
		return parts, f.p.T("explain.parts.units")
	}
	if e.Rule == survey.MeanOfItems { // they are listed with their counts
		return nil, ""
	}
	for _, p := range e.Parts {
		parts = append(parts, explainPart{Name: f.partName(p.Key), Href: f.explainHref(f.c.Unit.Code, p.Key), Cell: f.cell(measureOf(p.Figure, p.N), 2)})
	}
	if parts == nil {
		return nil, ""
	}
	return parts, f.p.T("explain.parts." + string(e.Rule))
}

// explainItems lists the counts of every item that went in, and the answers
// that head them when all items have the same.
func (f *figures) explainItems(e survey.Explanation) ([]explainItem, []string) {
	var items []explainItem
	var levels []string
	for i, it := range e.Items {
		q := f.now.Instrument.Question(it.Code)
		var own []string
		for _, o := range q.Options {
			own = append(own, o.Value)
		}
		if i == 0 {
			levels = own
		} else if !slices.Equal(levels, own) {
			levels = nil
		}
		m := measureOf(it.Figure, it.Answered)
		m.hidden = m.hidden || f.hidden[it.Code]
		c := f.cell(m, 2)
		x := explainItem{
			Code: string(it.Code), Name: q.ShortText(f.p.Lang), Href: f.explainHref(f.c.Unit.Code, survey.ItemKey(it.Code)),
			Answered: c.N, Why: c.Why,
		}
		if m.shown() {
			x.Text, x.Satisfied, x.Skipped = f.p.Decimal(m.Value, 2), f.p.Int(it.Satisfied), f.p.Int(it.Skipped)
			for _, n := range it.Counts {
				x.Counts = append(x.Counts, f.p.Int(n))
			}
		}
		items = append(items, x)
	}
	return items, levels
}

// leftOut says which responses are in a figure and which are not.
func (f *figures) leftOut(e survey.Explanation) []explainFact {
	u := f.c.Unit.Code
	standing := f.now.Standings[u]
	channel := f.p.T("staff.channel.all")
	if f.c.Channel != "" {
		channel = f.p.T("staff.channel." + string(f.c.Channel))
	}
	facts := []explainFact{
		{f.p.T("explain.wave"), f.c.Wave.Name},
		{f.p.T("explain.period"), upperFirst(periodName(f.p, f.c.Key, f.c.Period))},
		{f.p.T("explain.channel"), channel},
	}
	if f.group != "" {
		facts = append(facts, explainFact{f.p.T("explain.group"), f.group})
	}
	counted, answered := f.responses(u), f.p.Int(e.N)
	if counted == "" {
		counted = f.p.T("staff.few")
	}
	if e.Hidden {
		answered = f.p.T("staff.few")
	}
	who := "explain.answered"
	if len(e.Items) > 1 { // not everybody answered each of them
		who = "explain.answered.most"
	}
	facts = append(facts, explainFact{f.p.T("explain.counted"), counted}, explainFact{f.p.T(who), answered})
	for _, state := range survey.States {
		if n := standing.N[state]; state != survey.Counted && n > 0 {
			facts = append(facts, explainFact{f.p.T("explain.out", f.p.T("quality.state."+string(state))), f.p.Int(n)})
		}
	}
	return append(facts,
		explainFact{f.p.T("explain.upto"), f.p.Int(f.now.Watermark.Seq)},
		explainFact{f.p.T("explain.instrument"), string(f.now.Instrument.ID)},
		explainFact{f.p.T("explain.hash"), f.c.Wave.InstrumentHash},
	)
}

// explainCSV is the counts of a figure: one row for each answer of each item.
// What is too few to be shown is not in it.
func (s *server) explainCSV(c *fiber.Ctx) error {
	f, e, err := s.explained(c)
	if err != nil {
		return err
	}
	return sendCSV(c, "sipas-"+url.PathEscape(strings.NewReplacer(":", "-", ".", "-").Replace(string(e.Key))), f.explainRows(e))
}

// explainRows is the file of a figure.
func (f *figures) explainRows(e survey.Explanation) [][]string {
	days := f.c.days()
	rows := [][]string{{"wave", "unit", "from", "to", "channel", "watermark", "item", "answer", "satisfied", "n"}}
	spec := f.index(f.c.Unit.Code).Spec
	for _, it := range e.Items {
		if f.hidden[it.Code] || !measureOf(it.Figure, it.Answered).shown() {
			continue
		}
		row := func(answer, satisfied string, n int64) {
			rows = append(rows, []string{
				string(f.c.Wave.ID), string(f.c.Unit.Code), days.From.String(), days.To.String(), string(f.c.Channel),
				strconv.FormatInt(f.now.Watermark.Seq, 10), string(it.Code), answer, satisfied, strconv.FormatInt(n, 10),
			})
		}
		for i, o := range f.now.Instrument.Question(it.Code).Options {
			if i < len(it.Counts) {
				row(o.Value, map[bool]string{true: "1", false: "0"}[slices.Contains(spec.Satisfied, o.Value)], it.Counts[i])
			}
		}
		row("skipped", "", it.Skipped)
	}
	return rows
}
