package book

import (
	"embed"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"sipas/internal/definition"
	"sipas/internal/survey"
)

//go:embed types/*.yaml
var builtin embed.FS

// Builtin returns the types that come with the program, and those of the
// deployment's own folder, which may be nil: a file there that has the code of
// a built-in type takes its place, which is how thresholds are edited. The error
// is [definition.Faults], everything wrong; then there are no types.
func Builtin(own fs.FS) (*Types, error) {
	files, err := fs.Sub(builtin, "types")
	if err != nil {
		return nil, err
	}
	return load(files, own)
}

// load reads every *.yaml file of the folders, of which some may be nil; a
// later one replaces types of an earlier one.
func load(folders ...fs.FS) (*Types, error) {
	order := map[TypeCode]int{}
	ts := &Types{byCode: map[TypeCode]*Type{}}
	var faults definition.Faults
	var readers []*reader
	for _, folder := range folders {
		if folder == nil {
			continue
		}
		files, wrong := definition.Folder(folder)
		faults = append(faults, wrong...)
		for _, f := range files {
			r := &reader{Page: definition.NewPage(f.Name, "zh"), t: &Type{}, codes: map[string]bool{}}
			if n := r.Root(f.Text); n != nil {
				r.file(n)
			}
			r.t.seal()
			ts.byCode[r.t.Code], order[r.t.Code] = r.t, r.order
			readers = append(readers, r)
		}
	}
	for _, t := range ts.byCode {
		ts.all = append(ts.all, t)
	}
	for _, r := range readers {
		if !ts.Named("") { // every file could be read
			r.families(ts)
		}
		faults = append(faults, r.Faults()...)
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	slices.SortFunc(ts.all, func(a, b *Type) int {
		if order[a.Code] != order[b.Code] {
			return order[a.Code] - order[b.Code]
		}
		return strings.Compare(string(a.Code), string(b.Code))
	})
	return ts, nil
}

// What a type can have.
const (
	deepest  = 6 // levels of components
	maxOrder = 100_000
)

var codeShape = regexp.MustCompile(`^[a-z0-9]+([._-][a-z0-9]+)*$`)

// reader turns one file into a type.
type reader struct {
	*definition.Page
	t     *Type
	order int
	codes map[string]bool // of components
	from  []familyAt
}

// familyAt is where a file names the index that a component is computed from.
type familyAt struct {
	Family
	at   ast.Node
	what string
}

// file reads all of it.
func (r *reader) file(n ast.Node) {
	o := r.Object(n, "the type", "order", "code", "family", "title", "short", "owner", "legal_base", "note", "mark", "from", "to", "kinds",
		"maximum", "maximum_mark", "measure", "adds", "class_by", "classes", "instruments", "sources", "components")
	t := r.t
	t.Code, t.Family = TypeCode(r.code(o, "code")), Family(r.code(o, "family"))
	if code := string(t.Code); code != "" && code+".yaml" != r.Name {
		r.Fail(o.Fields["code"], "code %q does not match the file's name: it belongs into %s.yaml", code, code)
	}
	if o.Has("order") {
		r.order = o.Whole("order", 0, maxOrder)
	}
	t.Title, t.Short, t.Owner, t.LegalBase, t.Note = o.MustText("title"), o.MustText("short"), o.MustText("owner"), o.MustText("legal_base"), o.Text("note")
	t.Mark = definition.OneOf(o, "mark", Marks...)
	t.Maximum, t.MaxMark = r.maximum(o)
	t.Unit, t.Adds = definition.OneOf(o, "measure", Points, Percent), o.Flag("adds")
	r.years(o)
	kinds, at := o.Words("kinds")
	for i, k := range kinds {
		if k != "" && !slices.Contains(survey.UnitKinds, survey.UnitKind(k)) {
			r.Fail(at[i], "kinds: there is no unit of kind %q; it must be one of %s", k, joined(survey.UnitKinds))
		}
		t.Kinds = append(t.Kinds, survey.UnitKind(k))
	}
	t.Instruments, _ = o.Words("instruments")
	sources, at := o.Words("sources")
	for i, x := range sources {
		if x != "" && !slices.Contains(Sources, Source(x)) {
			r.Fail(at[i], "sources: %q must be one of self, appraisal, survey, computed", x)
		}
		t.Sources = append(t.Sources, Source(x))
	}
	r.classes(o)
	t.Components = r.components(o, t.Maximum, 0)
}

// code returns the field, which must be there and have the shape of a code.
func (r *reader) code(o *definition.Object, field string) string {
	code := o.Word(field)
	if code != "" && !codeShape.MatchString(code) {
		r.Fail(o.Fields[field], "%s: %s %q must be small letters, digits, dots, - and _", o.What, field, code)
	}
	return code
}

// maximum returns how many points there can be, 0 where it is not known, and how
// sure that is.
func (r *reader) maximum(o *definition.Object) (maximum float64, mark Mark) {
	if !o.Has("maximum") {
		if o.Has("maximum_mark") {
			r.Fail(o.Fields["maximum_mark"], "%s has a maximum_mark and no maximum", o.What)
		}
		return 0, ""
	}
	maximum, ok := o.Number("maximum")
	if ok && maximum <= 0 {
		r.Fail(o.Fields["maximum"], "%s: maximum %v is not above 0; leave it out where it is not known", o.What, maximum)
	}
	return maximum, definition.OneOf(o, "maximum_mark", Marks...)
}

// years reads the years measured that the type holds for.
func (r *reader) years(o *definition.Object) {
	y := &r.t.Years
	if o.Has("from") {
		y.From = o.Whole("from", firstYear, lastYear)
	}
	if o.Has("to") {
		y.To = o.Whole("to", firstYear, lastYear)
	}
	if y.To != 0 && y.To < y.From {
		r.Fail(o.Fields["to"], "the years end in %d before they begin in %d", y.To, y.From)
	}
}

// classes reads the groups of results, the highest first.
func (r *reader) classes(o *definition.Object) {
	t := r.t
	if o.Has("class_by") || o.Has("classes") {
		t.ClassBy = definition.OneOf(o, "class_by", ByPercent, ByScore)
	}
	top := 100.0
	if t.ClassBy == ByScore {
		top = t.Maximum
	}
	for i, n := range r.List(o.Fields["classes"], "classes") {
		x := r.Object(n, "a class", "code", "title", "from", "mark")
		c := Class{Code: x.Word("code")}
		if c.Code != "" {
			x.What = "class " + c.Code
		}
		if slices.ContainsFunc(t.Classes, func(other Class) bool { return other.Code == c.Code && c.Code != "" }) {
			r.Fail(x.Fields["code"], "%s stands twice", x.What)
		}
		x.Must("from")
		from, ok := x.Number("from")
		c.Title, c.From, c.Mark = x.MustText("title"), from, definition.OneOf(x, "mark", Marks...)
		switch {
		case !ok:
		case from < 0 || top > 0 && from > top:
			r.Fail(x.Fields["from"], "%s begins at %v; there is nothing below 0 or above %v", x.What, from, top)
		case i > 0 && from >= t.Classes[i-1].From:
			r.Fail(x.Fields["from"], "%s begins at %v, not below class %s at %v; the highest class stands first", x.What, from, t.Classes[i-1].Code, t.Classes[i-1].From)
		}
		t.Classes = append(t.Classes, c)
	}
}

// closeEnough is below anything published.
const closeEnough = 1e-9

// components reads one level of the tree, below whole. Where scores add up and
// every maximum is known, the maxima must be the whole's.
func (r *reader) components(whole *definition.Object, maximum float64, depth int) (cs []*Component) {
	nodes := r.List(whole.Fields["components"], whole.What+": components")
	if depth == deepest && len(nodes) > 0 {
		r.Fail(whole.Fields["components"], "%s: components stand more than %d levels deep", whole.What, deepest)
		return nil
	}
	sum, known := 0.0, true
	for _, n := range nodes {
		c := r.component(n, depth)
		sum += c.Maximum
		known = known && c.Maximum > 0
		cs = append(cs, c)
	}
	// A part of the maxima may be known: together they are never more.
	if over := sum - maximum; r.t.Adds && maximum > 0 && len(cs) > 0 && (over > closeEnough || known && over < -closeEnough && depth == 0) {
		r.Fail(whole.Fields["components"], "the components of %s have %v points together, it has %v", whole.What, Of(sum).Round(6), maximum)
	}
	return cs
}

// component reads one component and those below it.
func (r *reader) component(n ast.Node, depth int) *Component {
	o := r.Object(n, "a component", "code", "title", "maximum", "maximum_mark", "source", "from", "mark", "note", "components")
	c := &Component{Code: r.code(o, "code")}
	if c.Code != "" {
		o.What = "component " + c.Code
		if r.codes[c.Code] {
			r.Fail(o.Fields["code"], "%s stands twice", o.What)
		}
		r.codes[c.Code] = true
	}
	c.Title, c.Note, c.Mark = o.MustText("title"), o.Text("note"), definition.OneOf(o, "mark", Marks...)
	c.Maximum, c.MaxMark = r.maximum(o)
	if o.Has("source") {
		c.Source = definition.OneOf(o, "source", Sources...)
	}
	if c.From = Family(o.MayWord("from")); c.From != "" {
		r.from = append(r.from, familyAt{c.From, o.Fields["from"], o.What})
		if !o.Has("maximum") {
			r.Fail(o.Fields["from"], "%s is computed from %s, so its maximum must be known", o.What, c.From)
		}
	}
	c.Children = r.components(o, c.Maximum, depth+1)
	return c
}

// families checks that there is what components are computed from.
func (r *reader) families(ts *Types) {
	for _, f := range r.from {
		if !slices.ContainsFunc(ts.all, func(t *Type) bool { return t.Family == f.Family }) {
			r.Fail(f.at, "%s is computed from %s, and there is no index of that family", f.what, f.Family)
		}
	}
}
