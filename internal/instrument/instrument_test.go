package instrument

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"sipas/internal/survey"
)

const good = "good@1.yaml"

func goodFile(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + good)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func loadOne(name, text string) (*Set, error) {
	return Load(fstest.MapFS{name: &fstest.MapFile{Data: []byte(text)}})
}

func TestLoadReadsEveryField(t *testing.T) {
	text := goodFile(t)
	set, err := loadOne(good, text)
	if err != nil {
		t.Fatal(err)
	}
	in := set.ByID("good@1")
	if got := string(set.Source("good@1")); got != text {
		t.Error("Source is not the file")
	}
	wantSpec := survey.Spec{
		Satisfied: []string{"4", "5"}, Item: survey.SatisfiedShare, Factor: survey.MeanOfItems, Domain: survey.MeanOfFactors,
		Overall: survey.MeanOfFactors, Direct: "OV", Units: survey.PooledResponses, Decimals: 2,
	}
	if diff := cmp.Diff(wantSpec, in.Spec); diff != "" {
		t.Error("spec (-want +got):\n", diff)
	}
	wantDomains := []survey.Domain{{Code: "service", Title: survey.Text{"vi": "Dịch vụ", "en": "Service"}, Factors: []survey.Factor{
		{Code: "staff", Title: survey.Text{"vi": "Công chức", "en": "Staff"}, Items: []survey.ItemCode{"S1"}},
		{Code: "results", Title: survey.Text{"vi": "Kết quả", "en": "Results"}, Items: []survey.ItemCode{"S2"}},
	}}}
	if diff := cmp.Diff(wantDomains, in.Domains); diff != "" {
		t.Error("domains (-want +got):\n", diff)
	}
	var asked []string
	for _, q := range in.Questions {
		asked = append(asked, outline(q))
	}
	want := []string{
		"B1 one yes no", "B2 one yes no if", "B3 many a b if", "Q1.1 scale of Q1 0 2", "Q1.2 scale of Q1 0 2 unconfirmed",
		"T1 text", "S1 scale 1 2 3 4 5 faces required", "S2 scale 1 2 3 4 5 faces", "OV scale 1 2 3 4 5 faces", "gender one f m respondent",
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Error("questions (-want +got):\n", diff)
	}
	wantIf := &survey.Condition{All: []survey.Condition{
		{Item: "B1", In: []string{"yes"}}, {Any: []survey.Condition{{Item: "B2", In: []string{"no"}}}},
	}}
	if diff := cmp.Diff(wantIf, in.Question("B3").ShowIf); diff != "" {
		t.Error("show_if (-want +got):\n", diff)
	}
	if got := in.Question("Q1.2").MatrixText.In("en"); got != "How interested are you?" {
		t.Errorf("matrix text %q", got)
	}
}

// outline says in one line what kind of question q is.
func outline(q *survey.Question) string {
	words := []string{string(q.Code), string(q.Kind)}
	if q.Matrix != "" {
		words = append(words, "of", q.Matrix)
	}
	for _, o := range q.Options {
		words = append(words, o.Value)
	}
	for _, flag := range []struct {
		word string
		is   bool
	}{
		{"faces", q.Faces},
		{"required", q.Required},
		{"if", q.ShowIf != nil},
		{"unconfirmed", q.Unconfirmed},
		{"respondent", q.Respondent},
	} {
		if flag.is {
			words = append(words, flag.word)
		}
	}
	return strings.Join(words, " ")
}

// TestBadFiles reads testdata/bad/*.txtar. Each changes good@1.yaml at one
// place, from "cut" to "put" (or is a whole "file"), and says in "want" every
// fault that must be reported, and none else.
func TestBadFiles(t *testing.T) {
	cases, err := filepath.Glob("testdata/bad/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	base := goodFile(t)
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			part := map[string]string{}
			for _, f := range a.Files {
				part[f.Name] = string(f.Data)
			}
			text, whole := part["file"]
			if !whole {
				if strings.Count(base, part["cut"]) != 1 {
					t.Fatalf("cut must stand once in %s", good)
				}
				text = strings.Replace(base, part["cut"], part["put"], 1)
			}
			_, err = loadOne(good, text)
			if err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff(part["want"], err.Error()+"\n"); diff != "" {
				t.Error("faults (-want +got):\n", diff)
			}
		})
	}
}

func TestFaultsOfAllFilesAreReportedTogether(t *testing.T) {
	bad := strings.Replace(goodFile(t), "minutes: 2", "minutes: 99", 1)
	_, err := Load(fstest.MapFS{
		"a@1.yaml": {Data: []byte("id: [")},
		good:       {Data: []byte(bad)},
		"note.txt": {Data: []byte("not read")},
	})
	if err == nil || !strings.Contains(err.Error(), "a@1.yaml:1:5: not YAML") || !strings.Contains(err.Error(), "good@1.yaml:7:10: ") {
		t.Errorf("got %v", err)
	}
}

func TestWindowsLineEndsAndByteOrderMark(t *testing.T) {
	windows := func(text string) string { return "\ufeff" + strings.ReplaceAll(text, "\n", "\r\n") }
	if _, err := loadOne(good, windows(goodFile(t))); err != nil {
		t.Error(err)
	}
	_, err := loadOne(good, windows(strings.Replace(goodFile(t), "decimals: 2", "decimals: 9", 1)))
	if err == nil || !strings.HasPrefix(err.Error(), "good@1.yaml:101:13: ") {
		t.Errorf("got %v, want the fault at line 101", err)
	}
}

func TestLoadOfNothing(t *testing.T) {
	if _, err := Load(fstest.MapFS{}); err == nil {
		t.Error("no error")
	}
}

func TestOptionsAndQuestionsAreBounded(t *testing.T) {
	var many strings.Builder
	for i := range 201 {
		many.WriteString("      - {code: X" + strings.Repeat("x", i) + ", text: {vi: Hỏi, en: Ask}, one: yes-no}\n")
	}
	text := strings.Replace(goodFile(t), "      - code: B1\n", many.String()+"      - code: B1\n", 1)
	_, err := loadOne(good, text)
	if err == nil || !strings.Contains(err.Error(), "211 questions; a form has at most 200") {
		t.Errorf("got %v", err)
	}
}

func TestAllIsByNameThenVersion(t *testing.T) {
	fsys := fstest.MapFS{}
	for _, id := range []string{"good@10", "good@2", "alpha@3"} {
		fsys[id+".yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(goodFile(t), "id: good@1", "id: "+id, 1))}
	}
	set, err := Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	var got []survey.InstrumentID
	for _, in := range set.All() {
		got = append(got, in.ID)
	}
	if diff := cmp.Diff([]survey.InstrumentID{"alpha@3", "good@2", "good@10"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestHashIsOfWhatIsAskedAndComputed changes the file at one place each.
func TestHashIsOfWhatIsAskedAndComputed(t *testing.T) {
	hashOf := func(cut, put string) string {
		t.Helper()
		if strings.Count(goodFile(t), cut) != 1 {
			t.Fatalf("%q must stand once in %s", cut, good)
		}
		set, err := loadOne(good, strings.Replace(goodFile(t), cut, put, 1))
		if err != nil {
			t.Fatal(err)
		}
		return set.ByID("good@1").Hash
	}
	before := hashOf("minutes: 2", "minutes: 2")
	for _, c := range []struct {
		cut, put string
		same     bool
	}{
		{"# What the cases", "# Whatever the cases", true},
		{"source: {vi: Tự soạn", "source: {vi: Chúng tôi soạn", true},
		{"minutes: 2", "minutes: 3", true},
		{"minutes: 2", "minutes: 2\nfollows: older@1\nwishes: B3", true},
		{"ask: {vi: Ông/Bà thấy", "ask: {vi: Ông/Bà\u00a0thấy", true},
		{"status: house", "status: reconstructed", true},
		{"        unconfirmed: true", "        unconfirmed: false", true},
		{"short: {vi: Lịch sự, en: Polite}", "short: {vi: Lễ phép, en: Courteous}", true},
		{"    respondent: true\n    questions:\n      - code: gender", "    respondent: true\n    questions:\n      - sensitive: true\n        code: gender", true},
		{"title: {vi: Về Ông/Bà", "title: {vi: Về Anh/Chị", false},
		{"lead: {vi: \"Xin nhớ lại.\"", "lead: {vi: \"Xin nghĩ lại.\"", false},
		{"text: {vi: Đúng hẹn", "text: {vi: Kịp hẹn", false},
		{"text: {vi: Ông/Bà quan tâm đến đâu?", "text: {vi: Ông/Bà quan tâm không?", false},
		{"5: {vi: Rất hài lòng, en: Very satisfied}", "5: {vi: Rất hài lòng, en: Most satisfied}", false},
		{"      2: {vi: Khá, en: Fairly}", "      3: {vi: Khá, en: Fairly}", false},
		{"    faces: true", "    faces: false", false},
		{"        required: true", "        required: false", false},
		{"show_if: {item: B1, in: [yes]}", "show_if: {item: B1, in: [no]}", false},
		{"any: [{item: B2, in: [no]}]", "any: [{item: B2, in: [yes]}]", false},
		{"- code: results", "- code: outcome", false},
		{"satisfied: [4, 5]", "satisfied: [5]", false},
	} {
		if after := hashOf(c.cut, c.put); (after == before) != c.same {
			t.Errorf("%q → %q: hash same = %v, want %v", c.cut, c.put, after == before, c.same)
		}
	}
}
