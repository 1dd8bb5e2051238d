package instrument

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

func set(t *testing.T) *Set {
	t.Helper()
	s, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Every language with texts of questionnaires has them for all questionnaires,
// complete, and names only what they hold; the files stay as they are.
func TestLanguagesCoverTheQuestionnaires(t *testing.T) {
	for _, lang := range locale.Languages() {
		texts := locale.InstrumentTexts(lang)
		if len(texts) == 0 {
			if !slices.Contains([]string{"vi", "en"}, lang) {
				t.Errorf("%s has no texts of questionnaires", lang)
			}
			continue
		}
		s, before := set(t), set(t)
		if err := s.Translate(lang, texts); err != nil {
			t.Error(err)
			continue
		}
		for i, in := range s.All() {
			if in.Hash != before.All()[i].Hash {
				t.Errorf("%s: the hash of %s changed", lang, in.ID)
			}
			if texts[string(in.ID)] == nil {
				t.Errorf("%s/instruments/%s.json is missing", lang, in.ID)
			}
			for _, q := range in.Questions {
				if q.Text[lang] == "" || q.Text["vi"] == "" || q.Text["en"] == "" {
					t.Errorf("%s: %s: %s has the texts %v", lang, in.ID, q.Code, q.Text)
				}
			}
		}
	}
}

// pulse is complete texts for pulse@1.
func pulse() map[string]string {
	texts := map[string]string{
		"title": "T", "ask": "A", "source": "S", "section.overall.title": "1", "section.why.title": "2",
		"domain.service": "D", "factor.service.overall": "F", "item.P1": "Q", "item.P1.short": "q", "item.W1": "W", "item.W1.short": "w",
	}
	for v := range 5 {
		texts[fmt.Sprintf("answer.%d", v+1)] = fmt.Sprint("level ", v+1)
	}
	for _, v := range strings.Fields("waiting attitude guidance procedures fees result place other") {
		texts["item.W1.answer."+v] = v
	}
	return texts
}

func TestTranslate(t *testing.T) {
	s := set(t)
	if err := s.Translate("xx", map[string]map[string]string{"pulse@1": pulse()}); err != nil {
		t.Fatal(err)
	}
	q := s.ByID("pulse@1").Question("P1")
	for _, c := range []struct{ got, want string }{
		{q.Text.In("xx"), "Q"},
		{q.Options[4].Label.In("xx"), "level 5"},
		{q.Options[4].Label.In("en"), "Very satisfied"},
		{s.ByID("onestop@1").Title.In("xx"), "Đánh giá sau khi làm hồ sơ"},
	} {
		if plain(c.got) != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// plain puts blanks for the no-break spaces that keep words together.
func plain(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }

func TestTranslateRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		id     string
		change func(map[string]string)
		want   string
	}{
		"an item missing":       {"pulse@1", func(m map[string]string) { delete(m, "item.P1") }, `xx/instruments/pulse@1.json: "item.P1" is missing`},
		"an answer missing":     {"pulse@1", func(m map[string]string) { delete(m, "answer.3") }, `"item.P1.answer.3" is missing`},
		"an unknown item":       {"pulse@1", func(m map[string]string) { m["item.P9"] = "x" }, `xx/instruments/pulse@1.json: "item.P9" names nothing`},
		"an unknown instrument": {"none@1", func(map[string]string) {}, `xx/instruments/none@1.json: there is no questionnaire`},
	} {
		s, texts := set(t), pulse()
		c.change(texts)
		err := s.Translate("xx", map[string]map[string]string{c.id: texts})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
		if got := s.ByID(survey.InstrumentID("pulse@1")).Title["xx"]; got != "" {
			t.Errorf("%s: the title became %q", name, got)
		}
	}
}
