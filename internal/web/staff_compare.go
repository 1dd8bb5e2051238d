package web

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

var compareView = newStaffView[comparePage]("results.html", "compare.html")

// What a comparison is of, as the address says it.
const (
	byPeriod = "period" // a unit now and before
	byUnit   = "unit"   // two units
	byFamily = "family" // a unit, the one above and those beside
)

// comparePage sets two figures of everything beside each other.
type comparePage struct {
	staffPage
	Title, Sub string
	State      string // "no-wave", "nothing" or empty
	StateSay   string
	Form       filterForm
	Modes      []chartPick
	Beside     []pick // the units to compare with
	Keep       []pick // what the form of Beside sends along
	AsOf       asOf
	A, B       compareSide
	Notes      []string
	Rows       []compareRow
	Rest       []compareRow // items that do not differ beyond chance
	RestOpen   string
	Peers      bool
	Axis       [2]string // where the axis of the charts begins and ends
	Differ     bool      // differences are said
	CSV        string
	Sample     bool
}

// compareSide is one of the two that are compared.
type compareSide struct {
	Name, N, Say string
	f            figures // for the addresses of explanations
	index        survey.Index
	in           *survey.Instrument
}

// comparison is what is compared, read.
type comparison struct {
	f       *figures
	by      string
	with    survey.UnitCode
	a, b    compareSide
	peers   []survey.Index
	apart   string // message key: why no difference is said; empty: it is
	nothing string // message key: why there is nothing to compare with
	within  string // the name of the one that the other is a part of
}

func (s *server) compare(c *fiber.Ctx) error {
	v := s.viewer(c)
	p := comparePage{staffPage: s.staff(c, v, "compare")}
	q := queryOf(c)
	ch, err := v.choose(q, "")
	if err != nil {
		return err
	}
	if ch.Wave == nil {
		p.Title, p.State = p.T("compare.title"), "no-wave"
		return compareView.render(c, fiber.StatusOK, p)
	}
	p.Demo, p.Sample = ch.Wave.Synthetic, ch.Wave.Design == survey.Probability
	x, err := s.readComparison(c.UserContext(), v, p.staffPage, ch, q)
	if err != nil {
		return err
	}
	p.frame(v, ch, x)
	p.AsOf = p.asOf(x.f.now)
	if x.nothing != "" {
		p.Title, p.State, p.StateSay = p.T("compare.title"), "nothing", p.T(x.nothing)
		return compareView.render(c, p.statusOf(ch), p)
	}
	p.A, p.B = x.a, x.b
	rows := x.rows()
	rows, p.Axis = x.draw(rows)
	p.split(rows)
	p.Title, p.Sub = x.title(rows), x.sub()
	p.Differ, p.Peers = x.apart == "", len(x.peers) > 0
	if p.Notes, err = s.compareNotes(c.UserContext(), x); err != nil {
		return err
	}
	return compareView.render(c, p.statusOf(ch), p)
}

// split sets apart the items that do not differ clearly, where there are many.
func (p *comparePage) split(rows []compareRow) {
	for _, r := range rows {
		if r.Key.Kind() == survey.ItemPart && !r.clear {
			p.Rest = append(p.Rest, r)
		} else {
			p.Rows = append(p.Rows, r)
		}
	}
	if len(p.Rest) < manyItems {
		p.Rows, p.Rest = rows, nil
		return
	}
	key := "compare.rest"
	if !p.Sample {
		key = "compare.items"
	}
	p.RestOpen = p.N(key, int64(len(p.Rest)))
}

// compareLine is a row with what the table says of it.
type compareLine struct {
	compareRow
	WithPeers, WithDiff bool
}

// Line is a row for the template.
func (p comparePage) Line(r compareRow) compareLine { return compareLine{r, p.Peers, p.Differ} }

// manyItems is from how many on items are folded away.
const manyItems = 8

func (comparePage) statusOf(ch choice) int {
	if len(ch.Bad) > 0 {
		return fiber.StatusUnprocessableEntity
	}
	return fiber.StatusOK
}

// frame fills in what chooses the comparison.
func (p *comparePage) frame(v viewer, ch choice, x *comparison) {
	p.Form = v.form(p.Printer, ch, "/app/compare", true)
	p.Form.Keep = []pick{{Value: "by", Text: x.by}}
	if x.with != "" {
		p.Form.Keep = append(p.Form.Keep, pick{Value: "with", Text: string(x.with)})
	}
	for _, mode := range []string{byPeriod, byUnit, byFamily} {
		p.Modes = append(p.Modes, chartPick{chartLink{p.T("compare.by." + mode), "/app/compare" + ch.query("by", mode, "with", string(x.with))}, mode == x.by})
	}
	p.CSV = "/app/compare.csv" + ch.query("by", x.by, "with", string(x.with))
	if x.by != byUnit {
		return
	}
	for _, o := range v.unitPicks(p.Printer, ch.Wave, x.with) {
		if o.Value != string(ch.Unit.Code) {
			p.Beside = append(p.Beside, o)
		}
	}
	kept, _ := url.ParseQuery(strings.TrimPrefix(ch.query("by", byUnit), "?"))
	for name := range kept {
		p.Keep = append(p.Keep, pick{Value: name, Text: kept.Get(name)})
	}
	slices.SortFunc(p.Keep, func(a, b pick) int { return strings.Compare(a.Value, b.Value) })
}

// readComparison reads both sides. In every mode it is two calls at most.
func (s *server) readComparison(ctx context.Context, v viewer, p staffPage, ch choice, q url.Values) (*comparison, error) {
	x := &comparison{by: q.Get("by"), with: survey.UnitCode(q.Get("with"))}
	parent, siblings := v.parentOf(ch)
	u := ch.Unit.Code
	units, err := v.compared(ch, x, parent, siblings)
	if err != nil {
		return nil, err
	}
	reading := ch
	if x.by != byPeriod {
		reading.Versus = versusNone
	}
	if x.f, err = s.read(ctx, v, p.Printer, reading, units); err != nil {
		return nil, err
	}
	x.a = x.side(u, ch.Unit.Name, x.f.now, *x.f)
	switch {
	case x.nothing != "":
	case x.by == byPeriod:
		err = s.before(ctx, x)
	case x.by == byUnit:
		x.beside(x.with)
	default:
		x.beside(parent)
		for _, sib := range siblings {
			if sib != u {
				x.peers = append(x.peers, x.f.index(sib))
			}
		}
	}
	return x, err
}

// compared are the units to read, sorted, and what to say where there is nothing
// to compare with.
func (v viewer) compared(ch choice, x *comparison, parent survey.UnitCode, siblings []survey.UnitCode) ([]survey.UnitCode, error) {
	units := []survey.UnitCode{ch.Unit.Code}
	switch x.by {
	case byUnit:
		if err := v.other(ch, x, siblings); err != nil {
			return nil, err
		}
		if x.with == "" {
			x.nothing = "compare.none.unit"
		} else {
			units = append(units, x.with)
		}
	case byFamily:
		if parent == "" {
			x.nothing = "compare.none.parent"
		} else {
			units = append(append(units, parent), siblings...)
		}
	default:
		x.by = byPeriod
	}
	slices.Sort(units)
	return slices.Compact(units), nil
}

// other checks the unit that is compared with; without one it is the first
// beside.
func (v viewer) other(ch choice, x *comparison, siblings []survey.UnitCode) error {
	if x.with == "" {
		for _, sib := range append(siblings, v.childrenOf(ch)...) {
			if sib != ch.Unit.Code {
				x.with = sib
				break
			}
		}
		return nil
	}
	if _, ok := v.cat.Tree.Unit(x.with); !ok || !v.sees(x.with) || x.with == ch.Unit.Code {
		return survey.Missing("web.compare", "unit.unknown", string(x.with))
	}
	return nil
}

func (x *comparison) side(u survey.UnitCode, name string, r survey.Reading, f figures) compareSide {
	f.c.Unit, _ = f.v.cat.Tree.Unit(u)
	side := compareSide{Name: name, f: f, index: r.Indices[u], in: r.Instrument}
	if !side.index.Hidden {
		side.N = f.p.Int(side.index.N)
	}
	return side
}

// beside makes another unit of the same reading the second side.
func (x *comparison) beside(u survey.UnitCode) {
	unit, _ := x.f.v.cat.Tree.Unit(u)
	x.b = x.side(u, unit.Name, x.f.now, *x.f)
	tree := x.f.v.cat.Tree
	own := x.f.c.Unit
	switch {
	case tree.Within(own.Code, u):
		x.within = unit.Name
	case tree.Within(u, own.Code):
		x.within = own.Name
	}
	x.a.Say, x.b.Say = x.f.thenName(), x.f.thenName()
}

// thenName says the chosen wave and days.
func (f *figures) thenName() string {
	return f.c.Wave.Name + ", " + periodName(f.p, f.c.Key, f.c.Period)
}

// before makes the period that was compared with the second side. What was
// measured in another way is read and shown, and no difference is said.
func (s *server) before(ctx context.Context, x *comparison) error {
	f := x.f
	u := f.c.Unit.Code
	wave, period := f.compareWith()
	switch f.failed {
	case "":
		if unit, _ := f.v.cat.Tree.Unit(u); unit.ValidFrom > f.past.From {
			x.apart = "staff.change.new_unit"
		}
	case "staff.change.other_instrument", "staff.change.other_design":
		x.apart = f.failed
		r, _, err := s.readVeiled(ctx, survey.Query{Wave: wave.ID, Units: []survey.UnitCode{u}, Period: period, Channel: f.c.Channel, Precise: []survey.UnitCode{u}})
		if err != nil {
			return fmt.Errorf("web.before: %w", err)
		}
		f.was = r
	default:
		x.nothing = f.failed + ".say"
		return nil
	}
	then := *f
	then.c.Wave, then.c.Period, then.c.Key = wave, period, periodAll
	if !period.Whole() {
		then.c.Key, then.c.From, then.c.To = periodOwn, period.From.String(), period.To.String()
	}
	then.shared = then.c.explainQuery()
	x.b = x.side(u, wave.Name, f.was, then)
	x.a.Name, x.a.Say = f.c.Wave.Name, periodName(f.p, f.c.Key, f.c.Period)
	x.b.Say = periodName(f.p, then.c.Key, period)
	if wave == f.c.Wave { // one wave at two times: the days are the names
		x.a.Name, x.a.Say = upperFirst(x.a.Say), ""
		x.b.Name, x.b.Say = upperFirst(x.b.Say), ""
	}
	return nil
}
