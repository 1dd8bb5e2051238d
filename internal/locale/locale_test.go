package locale

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var placeholder = regexp.MustCompile(`\{[0-9]+\}`)

// plurals lists the forms each language needs of a counted message.
var plurals = map[string][]string{"vi": {"other"}, "en": {"one", "other"}}

// split parts "x.one" into "x" and "one"; a key without a form has none. A
// counted message always has the form "other": "answer.wrong_kind.one" is no
// form of anything.
func split(key string, d dict) (base, form string) {
	for _, f := range []string{"zero", "one", "two", "few", "many", "other"} {
		if b, ok := strings.CutSuffix(key, "."+f); ok && d[b+".other"] != "" {
			return b, f
		}
	}
	return key, ""
}

func TestLanguagesSayTheSame(t *testing.T) {
	bases := map[string]map[string][]string{} // lang → base key → forms
	for lang, d := range dicts {
		bases[lang] = map[string][]string{}
		for _, key := range slices.Sorted(maps.Keys(d)) {
			base, form := split(key, d)
			bases[lang][base] = append(bases[lang][base], form)
		}
	}
	if len(bases["vi"]) == 0 {
		t.Fatal("no messages at all")
	}
	for _, lang := range Languages() {
		for base, forms := range bases[lang] {
			if want := plurals[lang]; forms[0] != "" && !slices.Equal(forms, want) {
				t.Errorf("%s: %s has the forms %v, want %v", lang, base, forms, want)
			}
			for _, other := range Languages() {
				there, ok := bases[other][base]
				if !ok || (there[0] == "") != (forms[0] == "") {
					t.Errorf("%s is in %s, not in %s", base, lang, other)
				}
			}
		}
	}
}

func TestLanguagesHaveTheSamePlaceholders(t *testing.T) {
	for key, vi := range dicts["vi"] {
		en, ok := dicts["en"][key]
		if !ok {
			continue // TestLanguagesSayTheSame tells
		}
		if diff := cmp.Diff(holes(vi), holes(en)); diff != "" {
			t.Errorf("%s: vi and en differ:\n%s", key, diff)
		}
	}
}

func holes(text string) []string {
	h := placeholder.FindAllString(text, -1)
	slices.Sort(h)
	return slices.Compact(h)
}

func TestNoMessageIsEmpty(t *testing.T) {
	for lang, d := range dicts {
		for key, text := range d {
			if strings.TrimSpace(text) == "" || strings.TrimSpace(text) != text {
				t.Errorf("%s: %s is %q", lang, key, text)
			}
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		fs   fstest.MapFS
		want string
	}{
		"a key in two files": {fstest.MapFS{
			"messages/vi/a.json": {Data: []byte(`{"x": "1"}`)},
			"messages/vi/b.json": {Data: []byte(`{"x": "2"}`)},
		}, `b.json: "x" is already in a.json`},
		"a key twice":         {fstest.MapFS{"messages/vi/a.json": {Data: []byte(`{"x": "1", "x": "2"}`)}}, `"x" is already in a.json`},
		"no object":           {fstest.MapFS{"messages/vi/a.json": {Data: []byte(`[]`)}}, "want one object"},
		"a nested text":       {fstest.MapFS{"messages/vi/a.json": {Data: []byte(`{"x": {"y": "1"}}`)}}, `"x"`},
		"an unknown language": {fstest.MapFS{"messages/xx/a.json": {Data: []byte(`{}`)}}, "messages/xx"},
		"half a file":         {fstest.MapFS{"messages/vi/a.json": {Data: []byte(`{"x": "1"`)}}, "EOF"},
	} {
		if _, err := load(c.fs); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
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
		{For("vi").Month(2026, 3), "tháng 3/2026"},
		{For("en").Month(2026, 3), "March 2026"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestMessages(t *testing.T) {
	saved := dicts
	t.Cleanup(func() { dicts = saved })
	dicts = map[string]dict{
		"vi": {"hi": "{1} và {0}", "n.other": "{0} phiếu ở {1}"},
		"en": {"hi": "{0} and {1}", "n.one": "{0} ballot in {1}", "n.other": "{0} ballots in {1}"},
	}
	for _, c := range []struct{ got, want string }{
		{For("en").T("hi", "a", 1200), "a and 1,200"},
		{For("vi").T("hi", "{1}", 1200), "1.200 và {1}"},
		{For("en").N("n", 1, "Uông Bí"), "1 ballot in Uông Bí"},
		{For("en").N("n", 1200, "x"), "1,200 ballots in x"},
		{For("vi").N("n", 1, "x"), "1 phiếu ở x"},
		{For("en").T("none"), "⟦none⟧"},
		{Printer{}.N("n", 1, "x"), "1 phiếu ở x"},
		{For("xx").Lang, "vi"},
		{For("en").Dir(), "ltr"},
		{Printer{"ar"}.Dir(), "rtl"},
		{Name("vi"), "Tiếng Việt"},
		{Name("en"), "English"},
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
