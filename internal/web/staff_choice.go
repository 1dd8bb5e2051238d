package web

import (
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"sipas/internal/auth"
	"sipas/internal/survey"
)

// The keys of what a period is compared with; another wave is "w:" and its id.
const (
	versusNone     = "none"
	versusPrevious = "previous"
	versusWave     = "w:"
)

// choice is what a page of results shows. It is read from the address and
// nothing else, so that a page can be kept, sent and printed again.
type choice struct {
	Wave    *survey.Wave
	Unit    survey.Unit
	Period  survey.Period
	Key     string // of the period
	Span    survey.Period
	Versus  string
	Channel survey.Channel
	Step    survey.Step // of the trend
	Sort    string
	Down    bool // sorted from the highest
	All     bool // every unit of a long list
	From    string
	To      string
	Bad     []survey.FieldError
}

// pick is one option of a select.
type pick struct {
	Value, Text string
	Chosen      bool
}

// optionsOf writes the options of a select: of units there can be thousands,
// which a template takes tens of milliseconds for.
func optionsOf(picks []pick) template.HTML {
	var b strings.Builder
	for _, x := range picks {
		b.WriteString(`<option value="`)
		b.WriteString(template.HTMLEscapeString(x.Value))
		b.WriteByte('"')
		if x.Chosen {
			b.WriteString(" selected")
		}
		b.WriteByte('>')
		b.WriteString(template.HTMLEscapeString(x.Text))
		b.WriteString("</option>")
	}
	return template.HTML(b.String()) //nolint:gosec // all that is not ours is escaped above
}

// viewer is who looks, at what is there, on which day.
type viewer struct {
	who   auth.Principal
	cat   *survey.Catalog
	today survey.Day
	zone  *time.Location
	atlas *atlas // of cat and today; nil in tests
}

// waves lists the waves that who may see something of: open ones first, then
// the newest. Drafts have no results.
func (v viewer) waves() []*survey.Wave {
	var seen []*survey.Wave
	for _, w := range v.cat.WaveList() {
		if w.State != survey.Draft && slices.ContainsFunc(w.Units, func(root survey.UnitCode) bool {
			return v.sees(root) || v.who.Unit != "" && v.cat.Tree.Within(v.who.Unit, root)
		}) {
			seen = append(seen, w)
		}
	}
	slices.SortStableFunc(seen, func(a, b *survey.Wave) int {
		return boolOrder(a.State == survey.Open, b.State == survey.Open)
	})
	return seen
}

func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func (v viewer) sees(u survey.UnitCode) bool { return v.who.Sees(v.cat.Tree, u) }

// home is the unit that who looks at when none is asked for.
func (v viewer) home(w *survey.Wave) survey.UnitCode {
	switch {
	case v.who.Unit != "":
		return v.who.Unit
	case w != nil:
		return w.Units[0]
	case len(v.cat.Tree.Roots()) > 0:
		return v.cat.Tree.Roots()[0]
	}
	return ""
}

// choose reads the address. unit overrides the query when it is not empty. It
// is NotFound for a wave or unit that is not there or not who's to see. With
// no wave to see at all, Wave is nil.
func (v viewer) choose(q url.Values, unit survey.UnitCode) (choice, error) {
	const op = "web.choose"
	c := choice{Versus: q.Get("vs"), Sort: q.Get("sort"), Down: q.Get("dir") == "desc", All: q.Get("all") == "1", From: q.Get("from"), To: q.Get("to")}
	if unit == "" {
		unit = survey.UnitCode(q.Get("unit"))
	}
	waves := v.waves()
	if id := survey.WaveID(q.Get("wave")); id != "" {
		i := slices.IndexFunc(waves, func(w *survey.Wave) bool { return w.ID == id })
		if i < 0 {
			return choice{}, survey.Missing(op, "wave.unknown", string(id))
		}
		c.Wave = waves[i]
	} else {
		c.Wave = v.usualWave(waves, unit)
	}
	if unit == "" {
		unit = v.home(c.Wave)
	}
	u, ok := v.cat.Tree.Unit(unit)
	if !ok && unit != "" || ok && !v.sees(unit) {
		return choice{}, survey.Missing(op, "unit.unknown", string(unit))
	}
	if c.Unit = u; c.Wave == nil {
		return c, nil
	}
	c.Span = span(c.Wave, v.today, v.zone)
	key := q.Get("period")
	if key == "" {
		key = usualPeriod(c.Wave)
	}
	c.Period, c.Key, c.Bad = pickPeriod(key, c.From, c.To, c.Span)
	if ch := survey.Channel(q.Get("channel")); slices.Contains(survey.Channels, ch) {
		c.Channel = ch
	}
	if c.Versus == "" {
		c.Versus = versusPrevious
	}
	if c.Step = survey.Step(q.Get("step")); !slices.Contains(survey.Steps, c.Step) {
		c.Step = usualStep(c.Wave)
	}
	return c, nil
}

// usualWave is what is shown when no wave is asked for: of those that cover the
// unit the first in order, and among open ones the one that asks most.
func (v viewer) usualWave(waves []*survey.Wave, unit survey.UnitCode) *survey.Wave {
	var best *survey.Wave
	items := func(w *survey.Wave) int {
		if in := v.cat.Instruments[w.Instrument]; in != nil {
			return len(in.Items())
		}
		return 0
	}
	for _, w := range waves {
		if unit != "" && !w.Covers(v.cat.Tree, unit) {
			continue
		}
		if best == nil || w.State == survey.Open && items(w) > items(best) {
			best = w
		}
	}
	if best == nil && len(waves) > 0 {
		return waves[0]
	}
	return best
}

// usualPeriod is what is shown of a wave when no period is asked for: all of a
// sample, and of continuous feedback the month behind us.
func usualPeriod(w *survey.Wave) string {
	if w.Design == survey.Continuous {
		return periodLast
	}
	return periodAll
}

// days is the chosen period as days, also when it is the whole wave.
func (c choice) days() survey.Period {
	if c.Period.Whole() {
		return c.Span
	}
	return c.Period
}

// query writes c back as an address, with changes: pairs of name and value.
func (c choice) query(changes ...string) string {
	q := url.Values{}
	set := func(name, value, usual string) {
		if value != usual {
			q.Set(name, value)
		}
	}
	if c.Wave != nil {
		q.Set("wave", string(c.Wave.ID))
		set("period", c.Key, usualPeriod(c.Wave))
		set("step", string(c.Step), string(usualStep(c.Wave)))
	}
	set("unit", string(c.Unit.Code), "")
	set("channel", string(c.Channel), "")
	set("vs", c.Versus, versusPrevious)
	set("sort", c.Sort, "")
	if c.Down {
		q.Set("dir", "desc")
	}
	if c.All {
		q.Set("all", "1")
	}
	if c.Key == periodOwn {
		q.Set("from", c.From)
		q.Set("to", c.To)
	}
	for i := 0; i+1 < len(changes); i += 2 {
		if q.Del(changes[i]); changes[i+1] != "" {
			q.Set(changes[i], changes[i+1])
		}
	}
	return "?" + q.Encode()
}
