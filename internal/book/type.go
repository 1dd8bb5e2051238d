package book

import (
	"slices"

	"sipas/internal/survey"
)

// TypeCode names an index type: "par-index-876".
type TypeCode string

// Family names what types of different years or levels have in common:
// "par-index".
type Family string

// The families that the program itself looks for.
const (
	SIPAS    Family = "sipas"
	PARIndex Family = "par-index"
)

// Mark says how sure a fact about a type is.
type Mark string

// Marks, the surest first.
const (
	Confirmed   Mark = "confirmed"   // stated by a source that was read
	Secondary   Mark = "secondary"   // stated by an unofficial source
	Inferred    Mark = "inferred"    // follows from confirmed facts
	Unconfirmed Mark = "unconfirmed" // could not be confirmed: never to be called official
)

// Marks lists every mark, the surest first.
var Marks = []Mark{Confirmed, Secondary, Inferred, Unconfirmed}

// Source says where a component's points come from.
type Source string

// Sources of points. Published is no source of its own: it is the score that
// stands in the published table, whatever it was made of.
const (
	Published Source = ""
	Self      Source = "self"      // the unit's own assessment
	Appraisal Source = "appraisal" // what the appraising body found
	Survey    Source = "survey"    // asked of people
	Computed  Source = "computed"  // from other figures
)

// Sources lists every source that a file may name.
var Sources = []Source{Self, Appraisal, Survey, Computed}

// Type is an index type. It is immutable once loaded.
type Type struct {
	Code      TypeCode
	Family    Family
	Title     survey.Text
	Short     survey.Text // for tables and charts
	Owner     survey.Text
	LegalBase survey.Text
	Note      survey.Text // what is not known, in words; nil if nothing
	Mark      Mark
	Years     Years
	Kinds     []survey.UnitKind // that are scored; empty: any
	Maximum   float64           // 0: not known
	MaxMark   Mark
	Unit      Measure
	Adds      bool // the scores of components add up to the whole; otherwise they are means
	Classes   []Class
	ClassBy   ClassBy
	Sources   []Source // that a component without a source of its own is scored by, beside what is published; empty: not known
	// Instruments are the questionnaires whose published surveys are results of
	// this type, by name without version.
	Instruments []string
	Components  []*Component // the top of the tree

	all    []*Component // parents before their children
	byCode map[string]*Component
}

// Years is the years measured that a type holds for, both included; 0 is open.
type Years struct{ From, To int }

// Holds reports whether year is among y.
func (y Years) Holds(year int) bool {
	return (y.From == 0 || y.From <= year) && (y.To == 0 || year <= y.To)
}

// Measure is what scores are counted in.
type Measure string

// Measures.
const (
	Points  Measure = "points"
	Percent Measure = "percent"
)

// ClassBy says what class thresholds are compared with.
type ClassBy string

// What class thresholds are compared with.
const (
	ByPercent ClassBy = "percent"
	ByScore   ClassBy = "score"
)

// Component is a part of an index: an area, a criterion, a factor.
type Component struct {
	Code     string
	Title    survey.Text
	Maximum  float64 // 0: not known
	MaxMark  Mark
	Source   Source // how it is scored; Published: in the ways of [Type.Sources]
	Mark     Mark
	Note     survey.Text
	From     Family // its points are computed from this index's percent; empty: they are not
	Parent   *Component
	Children []*Component

	place int // in Type.All
}

// Class is a group of results: "A", "excellent".
type Class struct {
	Code  string
	Title survey.Text
	From  float64 // the least that is in it
	Mark  Mark
}

// seal makes what is looked up.
func (t *Type) seal() {
	t.all, t.byCode = nil, map[string]*Component{}
	var enter func(cs []*Component, parent *Component)
	enter = func(cs []*Component, parent *Component) {
		for _, c := range cs {
			c.Parent, c.place = parent, len(t.all)
			t.all = append(t.all, c)
			t.byCode[c.Code] = c
			enter(c.Children, c)
		}
	}
	enter(t.Components, nil)
}

// All returns every component, parents before their children.
func (t *Type) All() []*Component { return t.all }

// Component returns the component with code, or nil.
func (t *Type) Component(code string) *Component { return t.byCode[code] }

// Scores reports whether units of kind are scored by t.
func (t *Type) Scores(kind survey.UnitKind) bool {
	return len(t.Kinds) == 0 || slices.Contains(t.Kinds, kind)
}

// wholeOf reports whether parts are all there is of something with so many
// points: whether they have as many together, or it is not known.
func wholeOf(parts []*Component, maximum float64) bool {
	sum := 0.0
	for _, p := range parts {
		if p.Maximum == 0 {
			return len(parts) > 0
		}
		sum += p.Maximum
	}
	return len(parts) > 0 && (maximum == 0 || sum > maximum-closeEnough)
}

// Depth is how deep below the top a component stands: 0 at the top.
func (c *Component) Depth() (depth int) {
	for p := c.Parent; p != nil; p = p.Parent {
		depth++
	}
	return depth
}

// Types is the index types a program knows. It is immutable.
type Types struct {
	all    []*Type
	byCode map[TypeCode]*Type
}

// All returns the types in the order they are shown.
func (ts *Types) All() []*Type { return slices.Clone(ts.all) }

// Type returns the type with code, or nil.
func (ts *Types) Type(code TypeCode) *Type { return ts.byCode[code] }

// Find returns the types that a name in a file can mean for a unit's kind and
// a year: the type of that code, or those of that family that hold.
func (ts *Types) Find(name string, kind survey.UnitKind, year int) []*Type {
	if t := ts.byCode[TypeCode(name)]; t != nil {
		return []*Type{t}
	}
	var found []*Type
	for _, t := range ts.all {
		if t.Family == Family(name) && t.Scores(kind) && t.Years.Holds(year) {
			found = append(found, t)
		}
	}
	return found
}

// Named reports whether name is a type or a family at all.
func (ts *Types) Named(name string) bool {
	return slices.ContainsFunc(ts.all, func(t *Type) bool { return string(t.Code) == name || string(t.Family) == name })
}

// OfInstrument returns the type whose results published surveys with the
// questionnaire are, or nil.
func (ts *Types) OfInstrument(id survey.InstrumentID) *Type {
	name, _ := id.Version()
	for _, t := range ts.all {
		if slices.Contains(t.Instruments, name) {
			return t
		}
	}
	return nil
}
