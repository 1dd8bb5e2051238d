package survey

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func routed() *Instrument {
	yesNo := []Option{{Value: "yes"}, {Value: "no"}}
	levels := []Option{{Value: "1"}, {Value: "2"}, {Value: "3"}}
	return (&Instrument{ID: "routed@1", Sections: []Section{
		{Code: "a", Questions: []*Question{
			{Code: "A1", Kind: One, Options: yesNo, Required: true},
			{Code: "A2", Kind: Scale, Options: levels, ShowIf: &Condition{Item: "A1", In: []string{"yes"}}},
			{Code: "A3", Kind: Many, Options: yesNo},
			{Code: "A4", Kind: FreeText, ShowIf: &Condition{All: []Condition{
				{Item: "A1", In: []string{"yes"}}, {Any: []Condition{{Item: "A2", In: []string{"1"}}, {Item: "A2", In: []string{"2"}}}},
			}}},
		}},
		{Code: "who", Respondent: true, Questions: []*Question{{Code: "gender", Kind: One, Options: []Option{{Value: "f"}, {Value: "m"}}}}},
	}}).Seal()
}

func TestCheck(t *testing.T) {
	yes, no := Value("yes"), Value("no")
	for _, c := range []struct {
		name       string
		answers    Answers
		respondent Answers
		want       string
	}{
		{"least", Answers{"A1": no}, nil, ""},
		{"all", Answers{"A1": yes, "A2": Score("2"), "A3": Several("no"), "A4": Value("chậm")}, Answers{"gender": Value("f")}, ""},
		{"skipped", Answers{"A1": yes, "A2": Skip(), "A3": Skip()}, nil, ""},
		{"nothing ticked", Answers{"A1": no, "A3": Several()}, nil, ""},
		{"required left out", Answers{}, nil, "answers.A1 answer.required"},
		{"required skipped", Answers{"A1": Skip()}, nil, "answers.A1 answer.required"},
		{"hidden", Answers{"A1": no, "A2": Score("2")}, nil, "answers.A2 answer.hidden"},
		{"hidden and skipped", Answers{"A1": no, "A2": Skip()}, nil, "answers.A2 answer.hidden"},
		{"hidden by all-any", Answers{"A1": yes, "A2": Score("3"), "A4": Value("x")}, nil, "answers.A4 answer.hidden"},
		{"unknown", Answers{"A1": no, "S99": Score("1")}, nil, "answers.S99 answer.unknown_item"},
		{"respondent among answers", Answers{"A1": no, "gender": Value("f")}, nil, "answers.gender answer.unknown_item"},
		{"answer among respondent", Answers{"A1": no}, Answers{"A3": Several("no")}, "respondent.A3 answer.unknown_item"},
		{"no such option", Answers{"A1": Value("maybe")}, nil, "answers.A1 answer.not_an_option"},
		{"out of range", Answers{"A1": yes, "A2": Score("4")}, nil, "answers.A2 answer.not_an_option"},
		{"word for a number", Answers{"A1": yes, "A2": Value("2")}, nil, "answers.A2 answer.wrong_kind.scale"},
		{"number for a word", Answers{"A1": Score("1")}, nil, "answers.A1 answer.wrong_kind.one"},
		{"word for a list", Answers{"A1": no, "A3": Value("no")}, nil, "answers.A3 answer.wrong_kind.many"},
		{"list for a word", Answers{"A1": Several("no")}, nil, "answers.A1 answer.wrong_kind.one"},
		{"twice", Answers{"A1": no, "A3": Several("no", "no")}, nil, "answers.A3 answer.repeated"},
		{"not UTF-8", Answers{"A1": yes, "A2": Score("1"), "A4": Value("\xff")}, nil, "answers.A4 text.not_utf8"},
		{"NUL", Answers{"A1": yes, "A2": Score("1"), "A4": Value("a\x00")}, nil, "answers.A4 text.control_character"},
		{"too long", Answers{"A1": yes, "A2": Score("1"), "A4": Value(strings.Repeat("ễ", LongestComment+1))}, nil, "answers.A4 text.too_long"},
		{"longest", Answers{"A1": yes, "A2": Score("1"), "A4": Value(strings.Repeat("ễ", LongestComment))}, nil, ""},
		{"two at once", Answers{"A1": Value("x"), "A3": Value("no")}, nil, "answers.A1 answer.not_an_option, answers.A3 answer.wrong_kind.many"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := fieldList(routed().Check(c.answers, c.respondent)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestRoundHalfUp(t *testing.T) {
	for _, c := range []struct{ in, want float64 }{
		{80.075, 80.08}, {79.995, 80}, {0.005, 0.01}, {2.675, 2.68}, {82.657, 82.66}, {81.1875, 81.19}, {99.994999, 99.99}, {100, 100}, {0, 0}, {-0.55, -0.55},
	} {
		if got := (Percent{c.in, true}).Round(2); got != c.want {
			t.Errorf("Round(%v) = %v, want %v", c.in, got, c.want)
		}
	}
}

func TestCheckUnits(t *testing.T) {
	day := func(s string) Day {
		d, err := ParseDay(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	unit := func(line int, code, parent string) UnitRow {
		return UnitRow{line, Unit{UnitCode(code), code, Ward, UnitCode(parent), day("2025-07-01"), Always}}
	}
	known := NewTree([]Unit{{Code: "vn", Name: "VN", Kind: Province, ValidTo: Always}})
	reversed := unit(2, "a", "vn")
	reversed.ValidTo = day("2025-06-30")
	odd := unit(3, "a b", "")
	odd.Kind, odd.Name = "village", ""
	for _, c := range []struct {
		name string
		rows []UnitRow
		want string
	}{
		{"good, child before parent", []UnitRow{unit(2, "a.b", "a"), unit(3, "a", "vn")}, ""},
		{"unknown parent", []UnitRow{unit(2, "a", "x")}, "line 2 import.unknown_parent"},
		{"duplicate", []UnitRow{unit(2, "a", "vn"), unit(3, "a", "vn")}, "line 3 import.duplicate_code"},
		{"cycle", []UnitRow{unit(2, "a", "b"), unit(3, "b", "a"), unit(4, "c", "a")}, "line 2 import.cycle, line 3 import.cycle"},
		{"own parent", []UnitRow{unit(2, "a", "a")}, "line 2 import.cycle"},
		{"reversed", []UnitRow{reversed}, "line 2 import.dates_reversed"},
		{"three at once", []UnitRow{odd}, "line 3 import.bad_code, line 3 import.bad_name, line 3 import.unknown_kind"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := fieldList(CheckUnits(c.rows, known)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestSheetRefusesWhatItDidNotWrite(t *testing.T) {
	for _, s := range []Sheet{"", "{", `{"a"`, `{"a":}`, `{"a":1,}`, `{"a":1}x`, `{"a":1.5}`, `{"a":true}`, `{"a":{}}`, `{"a":["b"}`, `{"a":"b}`, `{a:1}`, `{"a":"\`, `[]`} {
		if _, err := s.Answers(); err == nil {
			t.Errorf("%q was read", s)
		}
	}
}

func TestDayAndMonth(t *testing.T) {
	d, err := ParseDay("2024-02-29")
	if err != nil {
		t.Fatal(err)
	}
	got := []string{d.String(), (d + 1).String(), d.Month().String(), d.Month().Last().String(), d.Month().Add(-2).String(), d.Month().Add(11).String(), Always.String()}
	want := []string{"2024-02-29", "2024-03-01", "2024-02", "2024-02-29", "2023-12", "2025-01", ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := ParseDay("2023-02-29"); err == nil {
		t.Error("2023-02-29 was read")
	}
}
