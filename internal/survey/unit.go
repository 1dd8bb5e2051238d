package survey

import (
	"maps"
	"slices"
)

// UnitCode names an administrative unit: "qn.p-uong-bi".
type UnitCode string

// Unit is an administrative body. It is never renamed in place: a new name is
// a new unit, and the old one ends.
type Unit struct {
	Code      UnitCode
	Name      string
	Kind      UnitKind
	Parent    UnitCode // empty for a root
	ValidFrom Day
	ValidTo   Day // the last day, included; Always while it stands
}

// UnitKind is the kind of an administrative body. District exists in the past
// only: the level ended on 2025-07-01.
type UnitKind string

// The kinds of unit, as the unit files write them.
const (
	Province    UnitKind = "province"
	Department  UnitKind = "department"
	Centre      UnitKind = "centre"
	District    UnitKind = "district"
	Ward        UnitKind = "ward"
	Commune     UnitKind = "commune"
	SpecialZone UnitKind = "special-zone"
)

// UnitKinds lists every kind, from the province down.
var UnitKinds = []UnitKind{Province, Department, Centre, District, Ward, Commune, SpecialZone}

// Stands reports whether u exists on d.
func (u Unit) Stands(d Day) bool { return u.ValidFrom <= d && d <= u.ValidTo }

// standsIn reports whether u exists on some day of p.
func (u Unit) standsIn(p Period) bool { return p.Whole() || u.ValidFrom <= p.To && p.From <= u.ValidTo }

// Succession says what became of a unit that ended: From → To, many to many.
type Succession struct {
	From, To   UnitCode
	Whole      bool    // all of From went to To; otherwise a part
	Share      float64 // of From's people, above 0 to 1; 0: not given
	On         Day     // the first day of the new state
	LegalBasis string
}

// ServiceCode names a public administrative procedure (TTHC): "1.004194".
type ServiceCode string

// Service is a public administrative procedure that a citizen may have used.
type Service struct {
	Code  ServiceCode
	Name  string
	Field string   // "Hộ tịch", "Đất đai"
	Owner UnitCode // the unit that answers for it
}

// Tree is all units, past and present, with their order of descent. It is
// immutable.
type Tree struct {
	units    map[UnitCode]Unit
	children map[UnitCode][]UnitCode
	lineages map[UnitCode][]UnitCode
	codes    []UnitCode // all of them, in order
	roots    []UnitCode
}

// NewTree builds the tree of units. Units whose parent is unknown or that
// stand in a cycle are refused by CheckUnits before they come here.
func NewTree(units []Unit) *Tree {
	t := &Tree{units: make(map[UnitCode]Unit, len(units)), children: map[UnitCode][]UnitCode{}}
	for _, u := range units {
		t.units[u.Code] = u
		if u.Parent == "" {
			t.roots = append(t.roots, u.Code)
		} else {
			t.children[u.Parent] = append(t.children[u.Parent], u.Code)
		}
	}
	slices.Sort(t.roots)
	for _, c := range t.children {
		slices.Sort(c)
	}
	t.codes = slices.Sorted(maps.Keys(t.units))
	t.lineages = make(map[UnitCode][]UnitCode, len(units))
	for _, code := range t.codes {
		t.lineages[code] = t.lineage(code)
	}
	return t
}

// Unit returns the unit with code and whether there is one.
func (t *Tree) Unit(code UnitCode) (Unit, bool) {
	u, ok := t.units[code]
	return u, ok
}

// Len is how many units there are.
func (t *Tree) Len() int { return len(t.units) }

// All returns every unit, by code.
func (t *Tree) All() []Unit {
	all := make([]Unit, len(t.codes))
	for i, c := range t.codes {
		all[i] = t.units[c]
	}
	return all
}

// Roots returns the units without a parent, by code.
func (t *Tree) Roots() []UnitCode { return t.roots }

// Children returns the units directly below code, past ones too, by code.
func (t *Tree) Children(code UnitCode) []UnitCode { return t.children[code] }

// ChildrenIn returns the children of code that stand on some day of p.
func (t *Tree) ChildrenIn(code UnitCode, p Period) []UnitCode {
	var in []UnitCode
	for _, c := range t.children[code] {
		if t.units[c].standsIn(p) {
			in = append(in, c)
		}
	}
	return in
}

// Lineage returns code and its ancestors, the root last; nil if unknown.
func (t *Tree) Lineage(code UnitCode) []UnitCode { return slices.Clone(t.lineages[code]) }

func (t *Tree) lineage(code UnitCode) []UnitCode {
	var line []UnitCode
	for u, ok := t.units[code]; ok && len(line) < len(t.units); u, ok = t.units[u.Parent] {
		line = append(line, u.Code)
	}
	return slices.Clip(line)
}

// Within reports whether code is root or below it.
func (t *Tree) Within(code, root UnitCode) bool {
	return slices.Contains(t.lineages[code], root)
}

// Subtree returns code and all below it, parents before their children.
func (t *Tree) Subtree(code UnitCode) []UnitCode {
	if _, ok := t.units[code]; !ok {
		return nil
	}
	all := []UnitCode{code}
	for i := 0; i < len(all); i++ {
		all = append(all, t.children[all[i]]...)
	}
	return all
}
