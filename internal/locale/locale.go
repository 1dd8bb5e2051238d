// Package locale holds every text that people read, and how each language
// writes numbers, dates and names.
//
// Texts live in messages/<lang>/<area>.json, flat objects of key → text; all
// files of a language are one dictionary. They are read when the program
// starts: a broken file, a key said twice or an unknown language cannot start.
package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

//go:embed messages
var messages embed.FS

// dicts holds the messages of each language. It never changes after start.
var dicts = mustLoad(messages)

// A dict is the messages of one language by key.
type dict map[string]string

// A form is how a language writes what is not a message.
type form struct {
	endonym        string
	decimal, group string
	percent        string // what follows the number
	plural         func(n int64) string
}

// order lists the languages as readers are offered them; the first is spoken
// to those who ask for none of them.
var order = []string{"vi", "en"}

var forms = map[string]form{
	"vi": {"Tiếng Việt", ",", ".", "\u00a0%", func(int64) string { return "other" }},
	"en": {"English", ".", ",", "%", func(n int64) string {
		if n == 1 || n == -1 {
			return "one"
		}
		return "other"
	}},
}

var matcher = language.NewMatcher(tags(order))

func tags(langs []string) []language.Tag {
	var t []language.Tag
	for _, l := range langs {
		t = append(t, language.Make(l))
	}
	return t
}

// Languages lists the languages there are, the default first.
func Languages() []string { return slices.Clone(order) }

// Name returns what a language calls itself: "Tiếng Việt".
func Name(lang string) string { return forms[lang].endonym }

// For returns the printer of lang, or of the default language.
func For(lang string) Printer {
	if _, ok := forms[lang]; !ok {
		lang = order[0]
	}
	return Printer{lang}
}

// Match returns the printer of forced if there is one, and otherwise the one
// that fits the Accept-Language header best.
func Match(acceptLanguage, forced string) Printer {
	if _, ok := forms[forced]; ok {
		return Printer{forced}
	}
	want, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return Printer{order[0]} // a header we cannot read asks for nothing
	}
	_, i, _ := matcher.Match(want...)
	return Printer{order[i]}
}

func mustLoad(fsys fs.FS) map[string]dict {
	d, err := load(fsys)
	if err != nil {
		panic(err)
	}
	return d
}

// load reads messages/<lang>/*.json of every language in order.
func load(fsys fs.FS) (map[string]dict, error) {
	all := map[string]dict{}
	for _, lang := range order {
		files, err := fs.Glob(fsys, "messages/"+lang+"/*.json")
		if err != nil {
			return nil, fmt.Errorf("locale.load: %w", err)
		}
		all[lang] = dict{}
		from := map[string]string{}
		for _, file := range files {
			if err := loadFile(fsys, file, all[lang], from); err != nil {
				return nil, fmt.Errorf("locale.load: %s: %w", file, err)
			}
		}
	}
	dirs, err := fs.ReadDir(fsys, "messages")
	if err != nil {
		return nil, fmt.Errorf("locale.load: %w", err)
	}
	for _, d := range dirs {
		if _, ok := forms[d.Name()]; !ok {
			return nil, fmt.Errorf("locale.load: messages/%s: no such language", d.Name())
		}
	}
	return all, nil
}

// loadFile adds the messages of one file to d. from remembers the file that
// each key came from. It reads token by token, because a map would swallow a
// key that stands twice.
func loadFile(fsys fs.FS, file string, d dict, from map[string]string) error {
	raw, err := fs.ReadFile(fsys, file)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("want one object of key and text (%w)", err)
	}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return err
		}
		key, _ := t.(string)
		var text string
		if err := dec.Decode(&text); err != nil {
			return fmt.Errorf("%q: %w", key, err)
		}
		if other, twice := from[key]; twice {
			return fmt.Errorf("%q is already in %s", key, path.Base(other))
		}
		d[key], from[key] = text, file
	}
	_, err = dec.Token()
	return err
}
