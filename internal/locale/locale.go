// Package locale holds every text that people read, and how each language
// writes numbers, dates and names.
//
// A language is a folder and nothing else: messages/<lang>/ with language.json
// (what it is called and how it writes), messages by area (flat objects of
// key → text; all files of a language are one dictionary) and
// instruments/<id>.json (the texts of questionnaires). No code names one. They
// are read when the program starts: a broken file or a key said twice cannot
// start. docs/languages.md tells how to add one.
package locale

import (
	"embed"
	"slices"
	"sync/atomic"

	"golang.org/x/text/language"
)

//go:embed messages
var messages embed.FS

// current holds the languages there are. It changes only while the program
// starts, when a folder of the deployment's own is added.
var current = builtin()

// A dict is the messages of one language by key.
type dict map[string]string

// set is all languages.
type set struct {
	order   []string // as readers are offered them; the first is spoken to those who ask for none
	langs   map[string]*speech
	matcher language.Matcher
	known   []string // the languages of matcher, in its order
}

func builtin() *atomic.Pointer[set] {
	s, err := load(messages, "messages")
	if err != nil {
		panic(err)
	}
	var p atomic.Pointer[set]
	p.Store(s)
	return &p
}

// Languages lists the languages there are, the default first.
func Languages() []string { return slices.Clone(current.Load().order) }

// Name returns what a language calls itself: "Tiếng Việt".
func Name(lang string) string {
	if l := current.Load().langs[lang]; l != nil {
		return l.Name
	}
	return ""
}

// Machine reports whether the texts of lang were translated by a machine and
// not yet read by a person who speaks it.
func Machine(lang string) bool {
	l := current.Load().langs[lang]
	return l != nil && l.Machine
}

// InstrumentTexts returns the texts that lang has for questionnaires, by the
// questionnaire's id and by key.
func InstrumentTexts(lang string) map[string]map[string]string {
	if l := current.Load().langs[lang]; l != nil {
		return l.instruments
	}
	return nil
}

// For returns the printer of lang, or of the default language.
func For(lang string) Printer {
	s := current.Load()
	if s.langs[lang] == nil {
		lang = s.order[0]
	}
	return Printer{lang}
}

// Match returns the printer of forced if there is one, and otherwise the one
// that fits the Accept-Language header best.
func Match(acceptLanguage, forced string) Printer {
	s := current.Load()
	if s.langs[forced] != nil {
		return Printer{forced}
	}
	want, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(s.known) == 0 {
		return Printer{s.order[0]} // a header we cannot read asks for nothing
	}
	_, i, sure := s.matcher.Match(want...)
	if sure == language.No {
		return Printer{s.order[0]}
	}
	return Printer{s.known[i]}
}

// arrange puts the languages into their order and makes them findable by what
// browsers ask for. A language whose code no registry knows is chosen by hand.
func (s *set) arrange() {
	s.order, s.known = nil, nil
	for lang := range s.langs {
		s.order = append(s.order, lang)
	}
	slices.SortFunc(s.order, func(a, b string) int { return s.langs[a].before(s.langs[b]) })
	var tags []language.Tag
	for _, lang := range s.order {
		if tag, err := language.Parse(lang); err == nil {
			tags, s.known = append(tags, tag), append(s.known, lang)
		}
	}
	s.matcher = language.NewMatcher(tags)
}
