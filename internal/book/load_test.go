package book

import (
	"fmt"
	"io/fs"
	"os"
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

// TestLoadRefuses changes the good file at one place each: every slip of a person
// is one message with file, line and column, and nothing of the file is taken.
func TestLoadRefuses(t *testing.T) {
	if _, err := loadText(good); err != nil {
		t.Fatal(err)
	}
	const where = "x.yaml:"
	for name, c := range map[string]struct{ cut, put, want string }{
		"unknown field":             {"adds: true", "adds: true\nsum: yes", `13:1: unknown field "sum" in the type; known are order, code, family, title, short, owner, legal_base, note, mark, from, to, kinds, maximum, maximum_mark, measure, adds, class_by, classes, instruments, sources, components`},
		"unknown field below":       {"source: self", "src: self", `18:75: unknown field "src" in a component; known are code, title, maximum, maximum_mark, source, from, mark, note, components`},
		"field twice":               {"adds: true", "adds: true\nadds: false", `13:1: "adds" stands twice in the type`},
		"field of component twice":  {"source: self", "maximum: 4", `18:75: "maximum" stands twice in a component`},
		"not YAML":                  {"code: x", "code: [", "1:7: not YAML: sequence end token ']' not found"},
		"two values on a line":      {"code: x", "code: x: y", "1:7: not YAML: mapping value is not allowed in this context"},
		"a quote left open":         {"{vi: Ai, en: Who}", `{vi: "Ai, en: Who}`, "5:13: not YAML: could not find end character of double-quoted text"},
		"another name":              {"code: x", "code: y", `1:7: code "y" does not match the file's name: it belongs into y.yaml`},
		"code in capitals":          {"code: a,", "code: A 1,", `18:12: a component: code "A 1" must be small letters, digits, dots, - and _`},
		"no English":                {"title: {vi: Một, en: One}", "title: {vi: Một}", `3:9: the type: title has no "en"`},
		"a language mistyped":       {"owner: {vi: Ai, en: Who}", "owner: {vi: Ai, en: Who, zn: 谁}", `5:26: unknown field "zn" in the type: owner; known are vi, en, zh`},
		"text that is none":         {"owner: {vi: Ai, en: Who}", "owner: Ai", `5:8: the type: owner must be a mapping of names to values`},
		"behind letters with marks": {"{vi: Luật, en: Law}", `{vi: "Luật  ữ đặng", en: " Law"}`, `6:38: the type: legal_base begins or ends with a blank`},
		"no mark":                   {"mark: confirmed\nfrom", "from", `1:1: the type has no "mark"`},
		"an unknown mark":           {"mark: confirmed\nfrom", "mark: sure\nfrom", `7:7: the type: mark is "sure"; it must be one of confirmed, secondary, inferred, unconfirmed`},
		"no mark of the maximum":    {"maximum_mark: confirmed\nadds", "adds", `1:1: the type has no "maximum_mark"`},
		"a mark without a maximum":  {"maximum: 10\n", "", `10:15: the type has a maximum_mark and no maximum`},
		"a maximum left empty":      {"maximum: 10\n", "maximum:\n", `10:9: the type: maximum is empty`},
		"maximum below zero":        {"maximum: 4,", "maximum: -4,", "18:47: component a: maximum -4 is not above 0; leave it out where it is not known"},
		"maximum of zero":           {"maximum: 6,", "maximum: 0,", "19:47: component b: maximum 0 is not above 0; leave it out where it is not known"},
		"maximum with a comma":      {"maximum: 6,", `maximum: "6,5",`, `19:47: component b: maximum is "6,5"; it must be a number with a point and no sign of its own, like 90 or 10.5`},
		"maximum not finite":        {"maximum: 10\n", "maximum: .inf\n", `10:10: the type: maximum must be one word or sentence`},
		"per cent as text":          {"from: 80", `from: 80 %`, `16:44: class B: from is "80 %"; it must be a number with a point and no sign of its own, like 90 or 10.5`},
		"years the wrong way":       {"from: 2020", "from: 2020\nto: 2019", "9:5: the years end in 2019 before they begin in 2020"},
		"a year that is none":       {"from: 2020", "from: 20.5", `8:7: the type: from is "20.5"; it must be a whole number from 1990 to 2200`},
		"kind":                      {"adds: true", "adds: true\nkinds: [ward, village]", `13:15: kinds: there is no unit of kind "village"; it must be one of province, department, centre, district, ward, commune, special-zone`},
		"a source of the type":      {"adds: true", "adds: true\nsources: [self, hearsay]", `13:17: sources: "hearsay" must be one of self, appraisal, survey, computed`},
		"kind that is no list":      {"adds: true", "adds: true\nkinds: ward", `13:8: the type: kinds must be a list`},
		"thresholds not falling":    {"from: 80", "from: 95", "16:44: class B begins at 95, not below class A at 90; the highest class stands first"},
		"threshold beyond all":      {"from: 90", "from: 101", "15:44: class A begins at 101; there is nothing below 0 or above 100"},
		"threshold missing":         {"from: 80, ", "", `16:6: class B has no "from"`},
		"class twice":               {"code: B", "code: A", "16:12: class A stands twice"},
		"class without how":         {"class_by: percent\n", "", `1:1: the type has no "class_by"`},
		"measure":                   {"measure: points", "measure: stars", `9:10: the type: measure is "stars"; it must be one of points, percent`},
		"adds":                      {"adds: true", "adds: yes", `12:7: the type: adds must be true or false`},
		"component twice":           {"code: b", "code: a", "19:12: component a stands twice"},
		"unknown source":            {"source: self", "source: hearsay", `18:83: component a: source is "hearsay"; it must be one of self, appraisal, survey, computed`},
		"maxima too many":           {"maximum: 6", "maximum: 7", "18:3: the components of the type have 11 points together, it has 10"},
		"maxima too few":            {"maximum: 6", "maximum: 5", "18:3: the components of the type have 9 points together, it has 10"},
		"parts more than the part":  {"maximum: 6, maximum_mark: confirmed, mark: confirmed}", "maximum: 6, maximum_mark: confirmed, mark: confirmed, components: [{code: b.1, title: {vi: B, en: B}, maximum: 7, maximum_mark: confirmed, mark: confirmed}]}", "19:104: the components of component b have 7 points together, it has 6"},
		"computed of how many":      {"maximum: 6, maximum_mark: confirmed", "from: x", "19:44: component b is computed from x, so its maximum must be known"},
		"computed of nothing":       {"maximum: 6, ", "maximum: 6, from: sipa, ", "19:56: component b is computed from sipa, and there is no index of that family"},
		"letters apart":             {"vi: Luật", "vi: Lua\u0323\u0302t", "6:18: the type: legal_base is not in Unicode form NFC"},
		"a tab for indentation":     {"  - {code: B", "\t- {code: B", "16:1: a tab stands in the indentation, where only blanks may stand"},
		"not UTF-8":                 {"Luật", "Luậ\xe2t", "6:21: not UTF-8"},
		"UTF-16":                    {good, "\xff\xfec\x00o\x00", "1:1: not UTF-8"},
		"a control character":       {"Luật", "Lu\x00t", "6:20: the control character U+0000"},
		"old Macintosh line ends":   {"code: x\n", "code: x\r", "1:8: the control character U+000D"},
		"empty":                     {good, "", "1:1: must be one YAML document"},
		"two documents":             {"mark: confirmed\nfrom", "mark: confirmed\n---\nfrom", "1:1: must be one YAML document"},
		"a list":                    {good, "- code: x\n", "1:1: the type must be a mapping of names to values"},
		"an alias":                  {"short: {vi: Một, en: One}", "short: *t", "4:8: anchors, aliases and merges (&, * and <<) are not read: write it out"},
		"a tag":                     {"code: x", "code: !!str x", "1:7: tags (!) are not read: write the value alone"},
		"many brackets":             {"mark: confirmed\nfrom", strings.Repeat("[", 8000) + "\nfrom", "7:101: more than 100 brackets stand open"},
		"a long line":               {"mark: confirmed\nfrom", strings.Repeat("- ", 5000) + "\nfrom", "7:1: the line has more than 8192 bytes"},
		"a large file":              {good, strings.Repeat("# nothing\n", 1<<17), " it has more than 256 KiB"},
		"deep components":           {"mark: confirmed}\n  - {code: b", "mark: confirmed, components: " + nested(6) + "}\n  - {code: b", "18:463: component a.1.1.1.1.1: components stand more than 6 levels deep"},
	} {
		if !strings.Contains(good, c.cut) {
			t.Fatalf("%s: %q is not in the good file", name, c.cut)
		}
		ts, err := loadText(strings.Replace(good, c.cut, c.put, 1))
		if got := fmt.Sprint(err); got != where+c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, where+c.want)
		}
		if ts != nil {
			t.Errorf("%s: something is taken", name)
		}
	}
}

// nested are components below component a, so many levels of them.
func nested(levels int) string {
	text, code := "", "a"+strings.Repeat(".1", levels)
	for range levels {
		below := ""
		if text != "" {
			below = ", components: " + text
		}
		text = "[{code: " + code + ", title: {vi: A, en: A}, mark: confirmed" + below + "}]"
		code = strings.TrimSuffix(code, ".1")
	}
	return text
}

// TestAliasesAreNotFollowed holds a file that would grow to 10⁹ words.
func TestAliasesAreNotFollowed(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'j'; c++ {
		last := string(c - 1)
		bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat("*"+last+", ", 10), ", "))
	}
	_, err := loadText(bomb)
	if err == nil || !strings.HasPrefix(err.Error(), "x.yaml:1:4: anchors, aliases and merges") || strings.Count(err.Error(), "\n") != 8 {
		t.Errorf("got %v", err)
	}
}

// TestLoadTellsAll holds that the faults of all files are told together, by file
// and place, and that one broken file does not accuse the others.
func TestLoadTellsAll(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	ts, err := load(fstest.MapFS{
		"a.yaml":    file("code: [\n"),
		"b.yml":     file(good),
		"c.YAML":    file(good),
		"d.yaml":    {Mode: fs.ModeDir | 0o755},
		"e.txt":     file("not read"),
		".f.yaml":   file("hidden"),
		"x.yaml":    file(strings.NewReplacer("maximum: 6,", "maximum: -6,", "measure: points", "measure: stars", "source: self", "from: sipas").Replace(good)),
		"y/z.yaml":  file("not looked at"),
		"note.yaml": {Mode: fs.ModeNamedPipe | 0o644},
	})
	want := strings.Join([]string{
		"b.yml: the name must end in .yaml: b.yaml",
		"c.YAML: the name must end in .yaml: c.yaml",
		"d.yaml: it is no file that can be read",
		"note.yaml: it is no file that can be read",
		"a.yaml:1:7: not YAML: sequence end token ']' not found",
		`x.yaml:9:10: the type: measure is "stars"; it must be one of points, percent`,
		"x.yaml:19:47: component b: maximum -6 is not above 0; leave it out where it is not known",
	}, "\n")
	if got := fmt.Sprint(err); got != want || ts != nil {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if _, err := load(fstest.MapFS{}); err == nil || err.Error() != ".: there is no *.yaml file" {
		t.Errorf("an empty folder: %v", err)
	}
	if _, err := load(os.DirFS(t.TempDir() + "/none")); err == nil || !strings.HasPrefix(err.Error(), ".: the folder cannot be read") {
		t.Errorf("no folder: %v", err)
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
