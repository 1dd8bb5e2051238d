package comment

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"Chờ đợi quá LÂU!":    "cho doi qua lau",
		"Đường Ỷ Lan, số 7":   "duong y lan so 7",
		"hoà và hòa":          "hoa va hoa",
		"trễ\u0303 he\u0323n": "tre hen", // as some systems write marks: one by one
		"một-cửa/một cửa":     "mot cua mot cua",
		"":                    "",
		" .,! ":               "",
		"ＡＢＣ１２":               "abc12",
	} {
		if got := Folded(text); got != want {
			t.Errorf("Folded(%q) = %q, want %q", text, got, want)
		}
	}
	if got, want := Words("Hoà giải. Quý khách, thuỷ lợi"), "hòa giải\nquý khách\nthủy lợi"; got != want {
		t.Errorf("Words = %q, want %q", got, want)
	}
}

func TestParseSearch(t *testing.T) {
	one := func(words ...string) Term { return Term{Words: words} }
	for typed, want := range map[string]Search{
		"":                       nil,
		"  !!! ":                 nil,
		"Chờ đợi":                {one("cho"), one("doi")},
		`"trễ hẹn" quầy`:         {one("tre", "hen"), one("quay")},
		`“chờ lâu”`:              {one("cho", "lau")},
		`"chưa đóng`:             {one("chua", "dong")},
		`""x`:                    {one("x")},
		"hướng*":                 {{Words: []string{"huong"}, Prefix: true}},
		`"giấy t*"`:              {{Words: []string{"giay", "t"}, Prefix: true}},
		"một-cửa":                {one("mot", "cua")},
		`a OR b NOT c NEAR(d e)`: {one("a"), one("or"), one("b"), one("not"), one("c"), one("near"), one("d"), one("e")},
		`folded:x ^y {z} -w +v`:  {one("folded"), one("x"), one("y"), one("z"), one("w"), one("v")},
		`x' | !y & z:* <-> \`:    {one("x"), one("y"), {Words: []string{"z"}, Prefix: true}},
	} {
		if d := cmp.Diff(want, ParseSearch(typed)); d != "" {
			t.Errorf("ParseSearch(%q) (-want +got):\n%s", typed, d)
		}
	}
	if n := len(ParseSearch(strings.Repeat("a ", 500))); n != mostTerms {
		t.Errorf("%d terms of a long search, want %d", n, mostTerms)
	}
}

// Whatever is typed, only letters and digits come out, within bounds; and a
// comment has every word it has.
func TestParseSearchIsSafe(t *testing.T) {
	safe := regexp.MustCompile(`^[\p{L}\p{N}]+$`)
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.StringOfN(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune(`"'*():&|!<>-^{}\ aộđ0`))), 0, 300, -1).Draw(t, "typed")
		s := ParseSearch(typed)
		if len(s) > mostTerms {
			t.Errorf("%d terms", len(s))
		}
		for _, term := range s {
			if len(term.Words) == 0 || len(term.Words) > mostWords {
				t.Errorf("%d words in a term", len(term.Words))
			}
			for _, w := range term.Words {
				if !safe.MatchString(w) {
					t.Errorf("%q comes out as %q", typed, w)
				}
			}
		}
	})
}

func TestHarmful(t *testing.T) {
	list := ParseBlocklist("# remark\nngu # an insult\nđồ điên\n\nvcl\n")
	if list.Len() != 3 {
		t.Errorf("%d entries, want 3", list.Len())
	}
	for text, want := range map[string]bool{
		"Thằng này ngu thật": true, "NGU!": true, "Buồn ngủ vì chờ lâu": false, "ngũ cốc": false, "nguội": false,
		"Đồ  điên": true, "đồ, điên": true, "đồ đạc, người điên": false, "chờ vcl": true,
	} {
		if got := list.Harmful(Words(text)); got != want {
			t.Errorf("Harmful(%q) = %v, want %v", text, got, want)
		}
	}
	builtin := ParseBlocklist(HarmfulWords())
	for _, polite := range []string{
		"Cán bộ hách dịch, quan liêu, vô trách nhiệm.", "Buổi sáng đông, mong có thêm quầy.", "Con chờ mẹ cả buổi", "Đau lưng vì ngồi lâu", "Đĩa đệm, đi lại khó",
	} {
		if builtin.Harmful(Words(polite)) {
			t.Errorf("%q is hidden", polite)
		}
	}
	if list.Recipe() == builtin.Recipe() || list.Recipe() != ParseBlocklist(list.text).Recipe() {
		t.Error("a recipe must tell lists apart, and be the same for the same list")
	}
}
