package web_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sipas/internal/auth"
	"sipas/internal/locale"
)

// Every page says in which language and direction it is, in the header and in
// the page, and leaves no message unsaid.
func TestPagesSpeakEveryLanguage(t *testing.T) {
	s := newSite(t)
	s.accounts(t)
	me := []string{"Cookie", s.office(t, "an.lang", auth.Admin, "").cookie}
	pages := map[string][]string{
		"/": nil, "/results": nil, "/login": nil, "/s/AAAAAA": nil, "/s/AAAAAA?consent=1": nil, "/s/AAAAAA?consent=1&all=1": nil,
		"/s/ZZZZZZ": nil, "/r/nothing": nil, "/results/none": nil, "/nowhere": nil, "/k": nil, "/k/AAAAAA": nil, "/accessibility": nil,
		"/app": me, "/app/units": me, "/app/waves": me, "/app/points": me, "/app/exports": me, "/app/accounts": me,
		"/app/quality": me, "/app/devices": me, "/app/settings": me,
	}
	for _, lang := range locale.Languages() {
		for path, headers := range pages {
			sep := "?"
			if strings.Contains(path, "?") {
				sep = "&"
			}
			a := s.ask(t, "GET", path+sep+"lang="+lang, "", headers...)
			speaks(t, path, a, lang)
			if machine := strings.Contains(a.body, `class="machine"`); !strings.HasPrefix(path, "/app") && !strings.HasPrefix(path, "/k") && path != "/login" && machine != locale.Machine(lang) {
				t.Errorf("%s in %s: it says that a machine translated it: %v", path, lang, machine)
			}
		}
	}
}

// speaks checks what an answer says of its language.
func speaks(t *testing.T, path string, a answer, lang string) {
	t.Helper()
	if got := a.header.Get("Content-Language"); got != lang {
		t.Errorf("%s in %s: Content-Language is %q (status %d)", path, lang, got, a.status)
	}
	if !strings.Contains(a.header.Get("Vary"), "Accept-Language") {
		t.Errorf("%s in %s: Vary is %q", path, lang, a.header.Get("Vary"))
	}
	want := `<html lang="` + lang + `" dir="` + locale.For(lang).Dir() + `"`
	if got := regexp.MustCompile(`<html[^>]*>`).FindString(a.body); !strings.HasPrefix(got, want) {
		t.Errorf("%s in %s: the page begins %s, want %s", path, lang, got, want)
	}
	if missing := regexp.MustCompile(`⟦[^⟧]*⟧`).FindString(a.body); missing != "" {
		t.Errorf("%s in %s: %s is not said", path, lang, missing)
	}
}

// A language is a folder: neither code nor a page names one.
func TestNoPageNamesALanguage(t *testing.T) {
	named := regexp.MustCompile(`"(` + strings.Join(locale.Languages(), "|") + `)"`)
	for _, files := range []string{"*.go", "templates/*.html", "templates/*/*.html"} {
		found, err := filepath.Glob(files)
		must(t, err)
		if len(found) == 0 {
			t.Fatalf("there are no files %s", files)
		}
		for _, file := range found {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file)
			must(t, err)
			if name := named.Find(text); name != nil {
				t.Errorf("%s names the language %s", file, name)
			}
		}
	}
}

// A scanned form opens in the language of the phone; the choice on the page wins.
func TestFormOpensInThePhonesLanguage(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct{ accept, choice, want string }{
		{"", "", "vi"},
		{"zh-CN,zh;q=0.9,en;q=0.8", "", "zh"},
		{"zh-Hans-CN", "", "zh"},
		{"en-GB,en;q=0.9", "", "en"},
		{"fr-FR,fr;q=0.9", "", "vi"},
		{"zh-CN", "?lang=en", "en"},
		{"en-GB", "?lang=zh", "zh"},
	} {
		speaks(t, c.accept+c.choice, s.ask(t, "GET", "/s/AAAAAA"+c.choice, "", "Accept-Language", c.accept), c.want)
	}
	speaks(t, "staff cookie", s.ask(t, "GET", "/results", "", "Accept-Language", "vi", "Cookie", "lang=zh"), "zh")
}

// Whoever adds a language copies a folder, translates it, and starts: no code
// knows its name. This one reads from the right.
func TestPagesSpeakAnAddedLanguage(t *testing.T) {
	from := filepath.Join("..", "locale", "messages", "en")
	dir := t.TempDir()
	must(t, os.CopyFS(filepath.Join(dir, "xx"), os.DirFS(from)))
	change := func(file, old, with string) {
		raw, err := os.ReadFile(filepath.Join(dir, "xx", file))
		must(t, err)
		if !strings.Contains(string(raw), old) {
			t.Fatalf("%s has no %q", file, old)
		}
		must(t, os.WriteFile(filepath.Join(dir, "xx", file), []byte(strings.Replace(string(raw), old, with, 1)), 0o600))
	}
	change("language.json", `"ltr"`, `"rtl"`)
	change("language.json", `"English"`, `"Xxish"`)
	change("citizen.json", `"I agree to take part"`, `"Xagree"`)
	remove, err := locale.AddFolder(dir)
	must(t, err)
	t.Cleanup(remove)
	if !slices.Contains(locale.Languages(), "xx") {
		t.Fatalf("the languages are %v", locale.Languages())
	}
	s := newSite(t)
	for _, path := range []string{"/", "/results", "/login", "/s/AAAAAA", "/s/AAAAAA?consent=1&all=1"} {
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		speaks(t, path, s.ask(t, "GET", path+sep+"lang=xx", ""), "xx")
	}
	if a := s.ask(t, "GET", "/s/AAAAAA?lang=xx", ""); !strings.Contains(a.body, "Xagree") || !strings.Contains(a.body, `dir="rtl"`) {
		t.Errorf("the form says:\n%s", a.body)
	}
	if a := s.ask(t, "GET", "/s/AAAAAA", ""); !strings.Contains(a.body, "Xxish") {
		t.Error("the switch does not offer the added language")
	}
}
