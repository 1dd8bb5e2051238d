package locale

import (
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/language"
	"pgregory.net/rapid"
)

// Every language says what the default one says, with the same places and its
// own plural forms. What is wrong is told with its file and key.
func TestLanguagesSayTheSame(t *testing.T) {
	s := current.Load()
	if s.order[0] != "vi" || len(s.langs["vi"].dict) == 0 {
		t.Fatalf("the default language is %s with %d messages", s.order[0], len(s.langs[s.order[0]].dict))
	}
	for _, lang := range s.order {
		for _, err := range s.langs[lang].faults(s.langs["vi"]) {
			t.Error(err)
		}
	}
}

func TestFaultsNameFileAndKey(t *testing.T) {
	model := &speech{
		lang: "vi", forms: []string{"other"}, dict: dict{"a": "{0} x", "n.other": "{0} phiếu", "b": "b"},
		from: map[string]string{"a": "one.json", "n.other": "one.json", "b": "two.json"},
	}
	l := &speech{
		lang: "en", forms: []string{"one", "other"},
		dict: dict{"a": "{1} x", "n.one": "{0} ballot", "n.few": "{0} ballots", "c": "c", "b": " "},
		from: map[string]string{"a": "one.json", "n.one": "one.json", "n.few": "one.json", "c": "three.json", "b": "two.json"},
	}
	want := []string{
		`en/one.json: "a" has the places [{1}]; vi has [{0}]`,
		`en/two.json: "b" is " ": empty, or with a blank at an end`,
		`en/one.json: "n.other" is missing`,
		`en/three.json: "c" is no message of this program, or a plural form that en does not have`,
		`en/one.json: "n.few" is no message of this program, or a plural form that en does not have`,
	}
	var got []string
	for _, err := range l.faults(model) {
		got = append(got, err.Error())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPluralForms(t *testing.T) {
	for lang, want := range map[string]string{
		"vi": "other", "zh": "other", "en": "one other", "ru": "one few many other", "pl": "one few many other", "ar": "zero one two few many other",
	} {
		if got := strings.Join(formsOf(language.Make(lang)), " "); got != want {
			t.Errorf("%s has the forms %s, want %s", lang, got, want)
		}
	}
	if got := formOf(language.English, -1); got != "one" {
		t.Errorf("-1 takes the form %s", got)
	}
}

// plain is the language.json of made-up languages.
const plain = `{"name": "X", "order": 5, "dir": "ltr", "plural": "en", "decimal": ".", "group": ",", "percent": "{0}%", "date": "{yyyy}-{mm}-{dd}", "month": "{yyyy}-{mm}"}`

func TestLoadRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"a key in two files": {map[string]string{"xx/a.json": `{"x": "1"}`, "xx/b.json": `{"x": "2"}`}, `xx/b.json: "x" is already in a.json`},
		"a key twice":        {map[string]string{"xx/a.json": `{"x": "1", "x": "2"}`}, `"x" is already in a.json`},
		"no object":          {map[string]string{"xx/a.json": `[]`}, "want one object"},
		"a nested text":      {map[string]string{"xx/a.json": `{"x": {"y": "1"}}`}, `xx/a.json: "x"`},
		"half a file":        {map[string]string{"xx/a.json": `{"x": "1"`}, "EOF"},
		"broken instrument":  {map[string]string{"xx/instruments/pulse@1.json": `{"x": 1}`}, `xx/instruments/pulse@1.json: "x"`},
		"no direction":       {map[string]string{"xx/language.json": strings.Replace(plain, "ltr", "up", 1)}, `xx/language.json: "dir" is "up"`},
		"no plural":          {map[string]string{"xx/language.json": strings.Replace(plain, `"plural": "en", `, "", 1)}, `xx/language.json: "plural"`},
		"no name":            {map[string]string{"xx/language.json": strings.Replace(plain, `"X"`, `""`, 1)}, `xx/language.json: "name" is missing`},
		"no month names":     {map[string]string{"xx/language.json": strings.Replace(plain, "{yyyy}-{mm}-{dd}", "{month}", 1)}, `xx/language.json: "months"`},
		"an unknown field":   {map[string]string{"xx/language.json": strings.Replace(plain, "{", `{"direction": "rtl", `, 1)}, `xx/language.json: json: unknown field "direction"`},
	} {
		fsys := fstest.MapFS{"xx/language.json": {Data: []byte(plain)}}
		for file, text := range c.files {
			fsys[file] = &fstest.MapFile{Data: []byte(text)}
		}
		if _, err := load(fsys, "."); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
	if _, err := load(fstest.MapFS{"xx/a.json": {Data: []byte(`{}`)}}, "."); err == nil || !strings.Contains(err.Error(), "xx: no language.json") {
		t.Errorf("without language.json: error %v", err)
	}
}

// copyOf writes the files of a language to dir/as, as somebody begins who adds
// one.
func copyOf(t *testing.T, lang, dir, as string) {
	t.Helper()
	from, err := fs.Sub(messages, "messages/"+lang)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, as), from); err != nil {
		t.Fatal(err)
	}
}

// edit replaces old in a file of dir.
func edit(t *testing.T, file, old, with string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(raw), old) {
		t.Fatalf("%s has no %q", file, old)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(raw), old, with, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// keepLanguages undoes what a test adds.
func keepLanguages(t *testing.T) {
	t.Helper()
	saved := current.Load()
	t.Cleanup(func() { current.Store(saved) })
}

func TestAddFolder(t *testing.T) {
	dir := t.TempDir()
	copyOf(t, "en", dir, "xx")
	edit(t, filepath.Join(dir, "xx", "language.json"), `"English"`, `"Xxish"`)
	edit(t, filepath.Join(dir, "xx", "citizen.json"), `"Start"`, `"Xstart"`)
	remove, err := AddFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if remove(); slices.Contains(Languages(), "xx") {
			t.Error("the added language stayed")
		}
	})
	if !slices.Contains(Languages(), "xx") || Languages()[0] != "vi" {
		t.Errorf("the languages are %v", Languages())
	}
	p := Match("vi", "xx")
	if got := []string{Name("xx"), p.T("form.start"), p.N("form.errors", 1), p.Percent(93.28, 2)}; !slices.Equal(got, []string{"Xxish", "Xstart", "1 place needs another look", "93.28%"}) {
		t.Errorf("xx says %q", got)
	}
}

func TestAddFolderRefuses(t *testing.T) {
	for name, c := range map[string]struct{ file, old, with, want string }{
		"a key is gone":     {"citizen.json", `"form.start"`, `"form.sart"`, `xx/citizen.json: "form.start" is missing`},
		"a place is gone":   {"citizen.json", `{0} places need`, `places need`, `xx/citizen.json: "form.errors.other" has the places []; vi has [{0}]`},
		"a form is gone":    {"citizen.json", `"form.errors.one"`, `"form.errors.two"`, `xx/citizen.json: "form.errors.one" is missing`},
		"the default place": {"language.json", `"order": 2`, `"order": 0`, `xx/language.json: "order" is 0; the first place is that of vi`},
	} {
		t.Run(name, func(t *testing.T) {
			keepLanguages(t)
			dir := t.TempDir()
			copyOf(t, "en", dir, "xx")
			edit(t, filepath.Join(dir, "xx", c.file), c.old, c.with)
			_, err := AddFolder(dir)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if slices.Contains(Languages(), "xx") {
				t.Error("the broken language was added")
			}
		})
	}
	if _, err := AddFolder(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a folder that is not there was added")
	}
}

func TestDecimal(t *testing.T) {
	vi, en := For("vi"), For("en")
	n := 4_000.0
	for _, c := range []struct{ got, want string }{
		{vi.Decimal(93.284999, 2), "93,28"},
		{en.Decimal(93.28, 2), "93.28"},
		{vi.Decimal(80.075, 2), "80,08"},
		{vi.Decimal(79.995, 2), "80,00"},
		{vi.Decimal(0.005, 2), "0,01"},
		{vi.Decimal(2.675, 2), "2,68"},
		{vi.Decimal(80.07499999999999, 2), "80,08"}, // 80.075, one bit short
		{vi.Decimal((79.72+80.43)/2, 2), "80,08"},
		{vi.Decimal(100*3203/n, 2), "80,08"},
		{vi.Decimal(3203/n*100, 2), "80,08"},
		{vi.Decimal(80.0749, 2), "80,07"},
		{vi.Decimal(99.995, 2), "100,00"},
		{vi.Decimal(0, 2), "0,00"},
		{vi.Decimal(100, 2), "100,00"},
		{vi.Decimal(99.5, 0), "100"},
		{vi.Decimal(1234567.5, 0), "1.234.568"},
		{en.Decimal(1234.5, 1), "1,234.5"},
		{vi.Decimal(-0.6, 1), "−0,6"},
		{vi.Decimal(-0.04, 1), "0,0"},
		{vi.Decimal(-2.675, 2), "−2,68"},
		{vi.Decimal(1e-300, 2), "0,00"},
		{vi.Decimal(math.NaN(), 2), "–"},
		{vi.Decimal(math.Inf(1), 2), "–"},
		{vi.Percent(93.28, 2), "93,28\u00a0%"},
		{en.Percent(93.28, 2), "93.28%"},
		{For("zh").Percent(93.28, 2), "93.28%"},
		{For("zh").Int(24068), "24,068"},
		{vi.Signed(1.3, 1), "+1,3"},
		{vi.Signed(-0.6, 1), "−0,6"},
		{vi.Signed(0.04, 1), "0,0"},
		{en.Signed(-0.05, 1), "−0.1"},
		{vi.Int(24068), "24.068"},
		{en.Int(24068), "24,068"},
		{vi.Int(0), "0"},
		{vi.Int(999), "999"},
		{en.Int(-1000000), "−1,000,000"},
		{vi.Int(math.MinInt64), "−9.223.372.036.854.775.808"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// Percentages of counts round as whole-number arithmetic rounds them.
func TestDecimalIsExactForCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 10_000_000).Draw(t, "answered")
		k := rapid.Int64Range(0, n).Draw(t, "satisfied")
		hundredths := (20_000*k + n) / (2 * n)
		want := For("en").Int(hundredths/100) + "." + string([]byte{byte('0' + hundredths/10%10), byte('0' + hundredths%10)})
		for _, v := range []float64{100 * float64(k) / float64(n), float64(k) / float64(n) * 100} {
			if got := For("en").Decimal(v, 2); got != want {
				t.Fatalf("%d of %d: %s, want %s", k, n, got, want)
			}
		}
	})
}

func TestDates(t *testing.T) {
	at := time.Date(2026, 3, 2, 8, 20, 0, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{For("vi").Date(at), "02/03/2026"},
		{For("en").Date(at), "2 March 2026"},
		{For("vi").DateTime(at), "08:20 ngày 02/03/2026"},
		{For("en").DateTime(at), "08:20, 2 March 2026"},
		{For("zh").Date(at), "2026年3月2日"},
		{For("zh").DateTime(at), "2026年3月2日 08:20"},
		{For("zh").Month(2026, 3), "2026年3月"},
		{For("vi").Month(2026, 3), "tháng 3/2026"},
		{For("en").Month(2026, 3), "March 2026"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestMessages(t *testing.T) {
	keepLanguages(t)
	old := current.Load()
	made := &set{langs: map[string]*speech{}}
	for lang, d := range map[string]dict{
		"vi": {"hi": "{1} và {0}", "n.other": "{0} phiếu ở {1}", "only": "chỉ có"},
		"en": {"hi": "{0} and {1}", "n.one": "{0} ballot in {1}", "n.other": "{0} ballots in {1}", "odd": "{2} {0} {a} {00} {-1} {{1}} {"},
	} {
		l := *old.langs[lang]
		l.dict, made.langs[lang] = d, &l
	}
	made.arrange()
	current.Store(made)
	for _, c := range []struct{ got, want string }{
		{For("en").T("hi", "a", 1200), "a and 1,200"},
		{For("vi").T("hi", "{1}", 1200), "1.200 và {1}"},
		{For("vi").T("hi", -1299.96, 80.0), "80 và \u22121.299,96"},
		{For("en").N("n", 1, "Uông Bí"), "1 ballot in Uông Bí"},
		{For("en").N("n", 1200, "x"), "1,200 ballots in x"},
		{For("vi").N("n", 1, "x"), "1 phiếu ở x"},
		{For("en").T("odd", "a", "{0}"), "{2} a {a} {00} {-1} {{0}} {"},
		{For("en").T("none"), "⟦none⟧"},
		{For("en").T("only"), "chỉ có"},
		{For("en").Texts("on")["only"], "chỉ có"},
		{Printer{}.N("n", 1, "x"), "1 phiếu ở x"},
		{For("xx").Lang, "vi"},
		{For("en").Dir(), "ltr"},
		{For("en").Source().Lang, "vi"},
		{Name("vi"), "Tiếng Việt"},
		{Name("en"), "English"},
		{Name("xx"), ""},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct{ accept, forced, want string }{
		{"", "", "vi"},
		{"en-GB,en;q=0.9", "", "en"},
		{"fr,en;q=0.5", "", "en"},
		{"fr", "", "vi"},
		{"vi-VN,vi;q=0.9,en;q=0.8", "", "vi"},
		{"vi", "en", "en"},
		{"zh-CN,zh;q=0.9", "", "zh"},
		{"zh-Hans", "", "zh"},
		{"zh-CN", "vi", "vi"},
		{"zh-Hant-TW", "", "zh"},
		{"ja,en-GB;q=0.3", "", "en"},
		{"en", "xx", "en"},
		{";;;=garbage", "", "vi"},
	} {
		if got := Match(c.accept, c.forced).Lang; got != c.want {
			t.Errorf("Match(%q, %q) speaks %s, want %s", c.accept, c.forced, got, c.want)
		}
	}
}

func TestSort(t *testing.T) {
	names := []string{"Đông Triều", "Quảng Yên", "Hạ Long", "Dương Huy", "Khu 10", "Khu 2", "Ba Chẽ", "Bái Tử Long", "Ân Hải", "An Sinh"}
	For("vi").Sort(names)
	want := []string{"An Sinh", "Ân Hải", "Ba Chẽ", "Bái Tử Long", "Dương Huy", "Đông Triều", "Hạ Long", "Khu 2", "Khu 10", "Quảng Yên"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	if For("vi").Compare("Đầm Hà", "Dương Huy") <= 0 {
		t.Error("đ does not come after d")
	}
}

// An escape that lost its backslash is read by people: "phiếu00a0giấy".
func TestMessagesHaveNoHalfEscapes(t *testing.T) {
	half := regexp.MustCompile(`\pL[02]0[0-9a-f]{2}\pL`)
	for lang, l := range current.Load().langs {
		for key, text := range l.dict {
			if m := half.FindString(text); m != "" {
				t.Errorf("%s/%s: %q has %q", lang, l.from[key], text, m)
			}
		}
	}
}
