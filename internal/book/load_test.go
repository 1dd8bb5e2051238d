package book

import (
	"strings"
	"testing"
	"testing/fstest"

	"sipas/internal/survey"
)

func builtinTypes(t *testing.T) *Types {
	t.Helper()
	ts, err := Builtin(nil)
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

func TestBuiltin(t *testing.T) {
	ts := builtinTypes(t)
	for _, ty := range ts.All() {
		texts := []survey.Text{ty.Title, ty.Short, ty.Owner, ty.LegalBase, ty.Note}
		for _, c := range ty.All() {
			texts = append(texts, c.Title, c.Note)
		}
		for _, c := range ty.Classes {
			texts = append(texts, c.Title)
		}
		for _, text := range texts {
			if text != nil && text["zh"] == "" {
				t.Errorf("%s: %q has no Chinese", ty.Code, text["en"])
			}
		}
	}
	for _, want := range []struct {
		name string
		kind survey.UnitKind
		year int
		code TypeCode
	}{
		{"par-index", survey.District, 2019, "par-index-district"},
		{"par-index", survey.Province, 2019, "par-index-before-876"},
		{"par-index", survey.Province, 2023, "par-index-876"},
		{"par-index", survey.Ward, 2026, ""},
		{"dgi", survey.District, 2019, "dgi-949"},
		{"dgi", survey.District, 2023, "dgi-3447"},
		{"sipas", survey.District, 2019, "sipas-2017"},
		{"sipas", survey.Ward, 2026, "sipas-2023"},
		{"one-stop-2018", survey.Ward, 2026, "one-stop-2018"},
		{"nothing", survey.Ward, 2026, ""},
	} {
		var code TypeCode
		if found := ts.Find(want.name, want.kind, want.year); len(found) == 1 {
			code = found[0].Code
		} else if len(found) > 1 {
			t.Errorf("%s of a %s in %d can be %d types", want.name, want.kind, want.year, len(found))
		}
		if code != want.code {
			t.Errorf("%s of a %s in %d is %q, want %q", want.name, want.kind, want.year, code, want.code)
		}
	}
	if ty := ts.OfInstrument("moha-2023@1"); ty == nil || ty.Code != "sipas-2023" {
		t.Errorf("moha-2023@1 is of type %v", ty)
	}
	if ty := ts.OfInstrument("pulse@1"); ty != nil {
		t.Errorf("a one-tap wave would be published as %s", ty.Code)
	}
}

// TestMaximaAreThoseFound holds the built-in maxima to what the method note
// says: 876's four areas not found have 45 points together, 949 has 80.
func TestMaximaAreThoseFound(t *testing.T) {
	ts := builtinTypes(t)
	par, found := ts.Type("par-index-876"), 0.0
	for _, c := range par.Components {
		found += c.Maximum
	}
	if par.Maximum-found != 45 {
		t.Errorf("the areas not found have %v points, want 45", par.Maximum-found)
	}
	for code, want := range map[TypeCode]float64{"dgi-949": 80, "dgi-3447": 0, "one-stop-2018": 18, "service-766": 100} {
		if got := ts.Type(code).Maximum; got != want {
			t.Errorf("%s has a maximum of %v, want %v", code, got, want)
		}
	}
	if got := ts.Type("dgi-949").MaxMark; got != Inferred {
		t.Errorf("the maximum of DGI is %s", got)
	}
	for _, c := range ts.Type("par-index-district").All() {
		if c.Maximum > 0 && c.MaxMark != Unconfirmed {
			t.Errorf("the maximum of %s of districts is %s", c.Code, c.MaxMark)
		}
	}
	if got := ts.Type("par-index-district").Component("impact").Mark; got != Unconfirmed {
		t.Errorf("the areas of districts are %s", got)
	}
}

const good = `code: x
family: x
title: {vi: Một, en: One}
short: {vi: Một, en: One}
owner: {vi: Ai, en: Who}
legal_base: {vi: Luật, en: Law}
mark: confirmed
from: 2020
measure: points
maximum: 10
maximum_mark: confirmed
adds: true
class_by: percent
classes:
  - {code: A, title: {vi: A, en: A}, from: 90, mark: confirmed}
  - {code: B, title: {vi: B, en: B}, from: 80, mark: confirmed}
components:
  - {code: a, title: {vi: A, en: A}, maximum: 4, maximum_mark: confirmed, source: self, mark: confirmed}
  - {code: b, title: {vi: B, en: B}, maximum: 6, maximum_mark: confirmed, mark: confirmed}
`

func loadText(text string) (*Types, error) {
	return load(fstest.MapFS{"x.yaml": &fstest.MapFile{Data: []byte(text)}})
}

func TestLoadRefuses(t *testing.T) {
	if _, err := loadText(good); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ cut, put, want string }{
		"unknown field":     {"adds: true", "adds: true\nsum: yes", `unknown field "sum"`},
		"not YAML":          {"code: x", "code: [", "x.yaml: "},
		"another name":      {"code: x", "code: y", `it belongs into y.yaml`},
		"no English":        {"title: {vi: Một, en: One}", "title: {vi: Một}", `title has no text in "en"`},
		"no mark":           {"mark: confirmed\nfrom", "from", `mark is ""`},
		"no mark of max":    {"maximum_mark: confirmed\nadds", "adds", `maximum_mark is ""`},
		"years":             {"from: 2020", "from: 2020\nto: 2019", "the years end in 2019"},
		"kind":              {"adds: true", "adds: true\nkinds: [village]", `no unit of kind "village"`},
		"classes":           {"from: 80", "from: 95", "class B begins at 95, not below class A at 90"},
		"measure":           {"measure: points", "measure: stars", `measure is "stars"`},
		"component twice":   {"code: b", "code: a", "component a stands twice"},
		"source":            {"source: self", "source: hearsay", `source is "hearsay"`},
		"maxima too many":   {"maximum: 6", "maximum: 7", "have 11 points together, it has 10"},
		"maxima too few":    {"maximum: 6", "maximum: 5", "have 9 points together, it has 10"},
		"below zero":        {"maximum: 4", "maximum: -4", "maximum -4 is below 0"},
		"computed of what":  {"maximum: 6, maximum_mark: confirmed", "from: sipas", "its maximum must be known"},
		"letters apart":     {"vi: Luật", "vi: Lua\u0323\u0302t", "not in Unicode form NFC"},
		"class without how": {"class_by: percent\n", "", `class_by is ""`},
	} {
		if !strings.Contains(good, c.cut) {
			t.Fatalf("%s: %q is not in the good file", name, c.cut)
		}
		_, err := loadText(strings.Replace(good, c.cut, c.put, 1))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
	if _, err := load(fstest.MapFS{}); err == nil {
		t.Error("an empty folder is taken")
	}
}

// TestOwnFolder edits a threshold the way a deployment does.
func TestOwnFolder(t *testing.T) {
	text := strings.Replace(good, "code: x", "code: one-stop-2018", 1)
	ts, err := Builtin(fstest.MapFS{"one-stop-2018.yaml": &fstest.MapFile{Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	if got := ts.Type("one-stop-2018").Maximum; got != 10 {
		t.Errorf("the built-in type stands, with a maximum of %v", got)
	}
	if ts.Type("par-index-876") == nil {
		t.Error("the other built-in types are gone")
	}
}
