package web

import (
	"strings"

	"sipas/internal/survey"
)

// tiles are the four figures on top.
func (f *figures) tiles(u, parent survey.UnitCode, siblings []survey.UnitCode) []tile {
	x := f.index(u)
	m := overallOf(x)
	if !m.shown() {
		return nil
	}
	_, proof := f.proof(m, x, f.change(u, overallOf), u)
	level := tile{
		Title: f.p.T("staff.tile.level", periodName(f.p, f.c.Key, f.c.Period)), Value: f.p.Decimal(m.Value, x.Spec.Decimals),
		Small: "%", Say: proof, Figure: "overall", N: x.N,
	}
	return []tile{level, f.parentTile(m, parent), f.placeTile(m, siblings), f.trendTile(u)}
}

// parentTile compares a unit with the one above.
func (f *figures) parentTile(m measure, parent survey.UnitCode) tile {
	up, _ := f.v.cat.Tree.Unit(parent)
	ref := overallOf(f.index(parent))
	t := tile{Title: f.p.T("staff.tile.parent", up.Name), Small: f.p.T("staff.points")}
	switch {
	case parent == "":
		return tile{Title: f.p.T("staff.tile.top"), Value: f.p.T("staff.change.impossible"), Class: "mut words", Say: f.p.T("staff.tile.top.say")}
	case !ref.shown():
		return tile{Title: t.Title, Value: f.p.T("staff.few"), Class: "mut words", Say: f.p.T("staff.change.was_few")}
	}
	d := m.Value - ref.Value
	t.Value, t.Class = f.p.Signed(d, 2), "mut"
	switch k := side(m, ref); {
	case f.sample() && !judged(m, ref):
		t.Say = f.p.T("sampling.tile", f.p.Percent(ref.Value, 2))
	case !f.sample():
		t.Say = f.p.T("staff.tile.plain", f.p.Percent(ref.Value, 2))
	case k == 0:
		t.Say = f.p.T("staff.tile.same")
	case k < 0:
		t.Class, t.Say = "dn-t", f.p.T("staff.tile.below")
	default:
		t.Class, t.Say = "up-t", f.p.T("staff.tile.above")
	}
	return t
}

// placeTile says which places among its siblings chance could have given a unit.
func (f *figures) placeTile(m measure, siblings []survey.UnitCode) tile {
	var values []survey.Percent
	var measures []measure
	own, total := 0, 0
	for _, u := range siblings {
		sm := overallOf(f.index(u))
		if !sm.shown() {
			continue
		}
		if u == f.c.Unit.Code {
			own = total
		}
		total++
		values, measures = append(values, sm.Percent), append(measures, sm)
	}
	t := tile{Title: f.p.N("staff.tile.place", int64(total))}
	switch {
	case total < 2:
		return tile{Title: f.p.T("staff.tile.alone"), Value: f.p.T("staff.change.impossible"), Class: "mut words", Say: f.p.T("staff.tile.alone.say")}
	case !f.sample():
		t.Value, t.Class, t.Say = itoa(survey.Ranks(values)[own]), "mut", f.p.T("staff.tile.place.plain")
	case !m.precision.Known():
		t.Value, t.Class, t.Say = itoa(survey.Ranks(values)[own]), "mut", f.p.T("sampling.order")
	default:
		t.Value = f.places(measures)[own]
		t.Say = f.p.T("staff.tile.place.say", m.N)
	}
	return t
}

// trendTile compares with the chosen period.
func (f *figures) trendTile(u survey.UnitCode) tile {
	tr := f.trend(u)
	t := tile{Title: f.p.T("staff.tile.trend"), Value: tr.Answer, Say: tr.Say, Class: strings.TrimSpace(tr.Class + " words")}
	if f.name != "" {
		t.Title = f.p.T("staff.col.change_from", f.name)
	}
	if c := f.change(u, overallOf); c.known && (c.clear || !f.sample()) {
		t.Value, t.Small, t.Class = f.p.Signed(c.points, 2), f.p.T("staff.points"), strings.TrimSpace(tr.Class)
	}
	return t
}
