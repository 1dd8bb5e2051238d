package web

import (
	"encoding/json"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"sipas/internal/survey"
)

// sampler is a small instrument with one of everything: a section that has to
// be split, a matrix, several answers, open text, a question that hides
// another section, a required one, and respondent questions.
func sampler() *survey.Instrument {
	text := func(s string) survey.Text { return survey.Text{"vi": s, "en": s + " (en)"} }
	levels := []survey.Option{{Value: "1", Label: text("Thấp")}, {Value: "5", Label: text("Cao")}}
	words := []survey.Option{{Value: "yes", Label: text("Có")}, {Value: "no", Label: text("Không")}}
	used := &survey.Condition{Item: "U1", In: []string{"yes"}}
	in := &survey.Instrument{
		ID: "sampler@1", Ask: text("Thế nào?"), Minutes: 2,
		Sections: []survey.Section{
			{Code: "use", Title: text("Sử dụng"), Questions: []*survey.Question{
				{Code: "U1", Kind: survey.One, Text: text("Đã dùng dịch vụ?"), Options: words, Required: true},
				{Code: "U2", Kind: survey.Many, Text: text("Qua đâu?"), Options: words, ShowIf: used},
			}},
			{Code: "like", Title: text("Hài lòng"), Lead: text("Với từng điều?"), Questions: []*survey.Question{
				{Code: "S1", Kind: survey.Scale, Faces: true, Text: text("Lịch sự"), Options: levels, ShowIf: used},
				{Code: "S2", Kind: survey.Scale, Matrix: "M", MatrixText: text("Các mặt"), Text: text("Nhanh"), Options: levels, ShowIf: used},
			}},
			{Code: "say", Title: text("Nói thêm"), Questions: []*survey.Question{{Code: "T1", Kind: survey.FreeText, Text: text("Vì sao?")}}},
			{Code: "who", Title: text("Ông/Bà"), Respondent: true, Questions: []*survey.Question{
				{Code: "gender", Kind: survey.One, Text: text("Giới"), Options: words},
			}},
		},
	}
	return in.Seal()
}

func TestPartsSplitWhereQuestionsDepend(t *testing.T) {
	var got [][]survey.ItemCode
	for _, p := range partsOf(sampler()) {
		var codes []survey.ItemCode
		for _, q := range p.Questions {
			codes = append(codes, q.Code)
		}
		got = append(got, codes)
	}
	want := [][]survey.ItemCode{{"U1"}, {"U2"}, {"S1", "S2"}, {"T1"}, {"gender"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := partsOf((&survey.Instrument{}).Seal()); len(got) != 1 {
		t.Errorf("an empty instrument has %d parts, want one for the comment", len(got))
	}
}

func TestMove(t *testing.T) {
	parts := partsOf(sampler())
	yes, no := survey.Answers{"U1": survey.Value("yes")}, survey.Answers{"U1": survey.Value("no")}
	for _, c := range []struct {
		name           string
		step, by, want int
		given          survey.Answers
	}{
		{"into what depends", 0, 1, 1, yes},
		{"past what is hidden", 0, 1, 3, no},
		{"back past what is hidden", 3, -1, 0, no},
		{"back", 3, -1, 2, yes},
		{"not before the first", 0, -1, 0, yes},
		{"not after the last", 4, 1, 4, yes},
	} {
		if got := move(parts, c.step, c.by, c.given); got != c.want {
			t.Errorf("%s: part %d, want %d", c.name, got, c.want)
		}
	}
}

func TestReadBallot(t *testing.T) {
	form := url.Values{
		"id": {"0192f0c1-7a4e-7c3b-8f2e-0a1b2c3d4e5f"}, "consent": {"1"}, "started": {"2026-03-02T08:14:05+07:00"},
		"step": {"2"}, "comment": {" Cảm ơn\r\nnhiều "},
		"a.U1": {"yes"}, "a.U2": {"yes", "no"}, "a.S1": {"1"}, "S1": {"5"}, "S2": {"skip"}, "T1": {"not asked on this page"},
		"a.gender": {"no"}, "a.unknown": {"1"},
	}
	b := readBallot(sampler(), form)
	want := survey.Answers{
		"U1": survey.Value("yes"), "U2": survey.Several("yes", "no"), "S1": survey.Score("5"), "S2": survey.Skip(),
	}
	if diff := cmp.Diff(want, b.Answers); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(survey.Answers{"gender": survey.Value("no")}, b.Respondent); diff != "" {
		t.Error(diff)
	}
	if b.Comment != "Cảm ơn\nnhiều" || b.Step != 2 || b.Started.Unix() != 1772414045 {
		t.Errorf("read comment %q, step %d, started %v", b.Comment, b.Step, b.Started)
	}
}

func TestReadBallotForgetsWhatIsHiddenNow(t *testing.T) {
	b := readBallot(sampler(), url.Values{"step": {"0"}, "U1": {"no"}, "a.U2": {"yes"}, "a.S1": {"5"}})
	if diff := cmp.Diff(survey.Answers{"U1": survey.Value("no")}, b.Answers); diff != "" {
		t.Error(diff)
	}
}

func TestNoBoxTickedIsSkipped(t *testing.T) {
	b := readBallot(sampler(), url.Values{"step": {"1"}, "a.U1": {"yes"}, "seen.U2": {"1"}})
	if diff := cmp.Diff(survey.Skip(), b.Answers["U2"]); diff != "" {
		t.Error(diff)
	}
}

func TestStepIsUntrusted(t *testing.T) {
	for s, want := range map[string]int{"": 0, "2": 2, "99": 0, "99999999999999999999": 0, "-1": 0, "x": 0, "4": 4, "5": 0} {
		if got := step(s, 5); got != want {
			t.Errorf("step(%q) = %d, want %d", s, got, want)
		}
	}
}

// What one page carries along, the next reads as the same ballot, whichever
// page it is.
func TestFieldsCarryTheBallot(t *testing.T) {
	in := sampler()
	b := newBallot(uuid.MustParse("0192f0c1-7a4e-7c3b-8f2e-0a1b2c3d4e5f"), time.Unix(1772414045, 0).UTC())
	b.Sent = b.Started.Add(time.Minute)
	b.Answers = survey.Answers{
		"U1": survey.Value("yes"), "U2": survey.Several("yes", "no"), "S1": survey.Score("5"), "S2": survey.Skip(), "T1": survey.Value("vì"),
	}
	b.Respondent = survey.Answers{"gender": survey.Value("no")}
	b.Comment, b.Sure = "Cảm ơn", true
	parts := partsOf(in)
	for b.Step = range parts {
		form := url.Values{}
		for _, h := range b.fields(in, "vi") {
			form.Add(h.Name, h.Value)
		}
		for _, q := range parts[b.Step].Questions { // what the page's own controls send
			for _, v := range b.of(q)[q.Code].Values {
				form.Add(string(q.Code), v)
			}
			if b.of(q)[q.Code].Skipped {
				form.Add(string(q.Code), skipped)
			}
		}
		if b.Step == len(parts)-1 {
			form.Set("comment", b.Comment)
		}
		if diff := cmp.Diff(b, readBallot(in, form)); diff != "" {
			t.Errorf("part %d:\n%s", b.Step, diff)
		}
	}
}

func TestFaults(t *testing.T) {
	in := sampler()
	ask := func(form url.Values) []survey.FieldError { return readBallot(in, form).faults(in, false) }
	for _, c := range []struct {
		name string
		form url.Values
		want []survey.FieldError
	}{
		{"required and asked", url.Values{"step": {"0"}}, []survey.FieldError{{Field: "answers.U1", Key: "answer.required"}}},
		{"required, asked elsewhere", url.Values{"step": {"3"}}, nil},
		{
			"no option",
			url.Values{"step": {"3"}, "a.U1": {"maybe"}},
			[]survey.FieldError{{Field: "answers.U1", Key: "answer.not_an_option", Args: []any{"maybe"}}},
		},
		{
			"two answers to one question",
			url.Values{"step": {"0"}, "U1": {"yes", "no"}},
			[]survey.FieldError{{Field: "answers.U1", Key: "answer.wrong_kind.one"}},
		},
	} {
		if diff := cmp.Diff(c.want, ask(c.form), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s:\n%s", c.name, diff)
		}
	}
}

func TestRouting(t *testing.T) {
	c := &survey.Condition{All: []survey.Condition{
		{Item: "Q1", In: []string{"1", "2"}}, {Any: []survey.Condition{{Item: "Q2", In: []string{"yes"}}}},
	}}
	want := `{"all":[{"item":"Q1","in":["1","2"]},{"any":[{"item":"Q2","in":["yes"]}]}]}`
	if got := routing(c); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := routing(nil); got != "" {
		t.Errorf("no condition is written as %q", got)
	}
}

func TestFindPersonal(t *testing.T) {
	raw, err := os.ReadFile("testdata/personal.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct{ Text, Kind, Excerpt string }
	if err := json.Unmarshal(raw, &cases); err != nil || len(cases) == 0 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, c := range cases {
		kind, excerpt, found := findPersonal(c.Text)
		if kind != c.Kind || excerpt != c.Excerpt || found != (c.Kind != "") {
			t.Errorf("%q: %q %q, want %q %q", c.Text, kind, excerpt, c.Kind, c.Excerpt)
		}
	}
}
