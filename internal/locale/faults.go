package locale

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

var placeholder = regexp.MustCompile(`\{[0-9]+\}`)

// faults tells what is wrong with the messages of l beside those of model, the
// default language: a key that is missing or too many, a plural form of its own
// rules that is missing or too many, other placeholders, an empty text. Each
// names file and key.
func (l *speech) faults(model *speech) []error {
	var wrong []error
	refuse := func(file, key, why string, args ...any) {
		wrong = append(wrong, fmt.Errorf("%s/%s: %q %s", l.lang, file, key, fmt.Sprintf(why, args...)))
	}
	want := map[string]string{} // key → its message in model, for every form of l
	for key, text := range model.dict {
		base, form := model.dict.split(key)
		if form == "" {
			want[key] = text
			continue
		}
		for _, f := range l.forms {
			want[base+"."+f] = model.dict[base+".other"]
		}
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		text, ok := l.dict[key]
		if !ok {
			refuse(model.file(key), key, "is missing")
			continue
		}
		a, b := holes(want[key]), holes(text)
		if _, form := l.dict.split(key); form != "" && form != "other" && !slices.Contains(b, "{0}") {
			b = append([]string{"{0}"}, b...) // a form of one number need not write it: "the only ballot"
		}
		if !slices.Equal(a, b) {
			refuse(l.from[key], key, "has the places %v; %s has %v", b, model.lang, a)
		}
		if text == "" || strings.TrimSpace(text) != text {
			refuse(l.from[key], key, "is %q: empty, or with a blank at an end", text)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(l.dict)) {
		if _, ok := want[key]; !ok {
			refuse(l.from[key], key, "is no message of this program, or a plural form that %s does not have", l.lang)
		}
	}
	return wrong
}

// file returns the file that key, or another form of it, stands in.
func (l *speech) file(key string) string {
	if f, ok := l.from[key]; ok {
		return f
	}
	return l.from[key[:strings.LastIndex(key, ".")]+".other"]
}

// holes lists the places {0}, {1} … of a message, each once.
func holes(text string) []string {
	h := placeholder.FindAllString(text, -1)
	slices.Sort(h)
	return slices.Compact(h)
}
