package locale

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// speech is one language: its language.json, its messages and its texts of
// questionnaires.
type speech struct {
	Name    string   `json:"name"`    // what it calls itself
	Order   int      `json:"order"`   // its place in the switch; the lowest is the default
	Dir     string   `json:"dir"`     // ltr or rtl
	Machine bool     `json:"machine"` // translated by a machine, and says so
	Plural  string   `json:"plural"`  // the language whose CLDR plural rules it follows
	Decimal string   `json:"decimal"` // mark before the decimals
	Group   string   `json:"group"`   // mark between thousands
	Percent string   `json:"percent"` // "{0} %"
	Date    string   `json:"date"`    // of {d} {dd} {m} {mm} {month} {yyyy}
	Month   string   `json:"month"`   // of {m} {mm} {month} {yyyy}
	Months  []string `json:"months"`  // names for {month}; may be left out without it

	lang        string
	rules       language.Tag
	forms       []string // of counted messages, in CLDR's order
	dict        dict
	from        map[string]string // the file of each message
	instruments map[string]map[string]string
}

func (l *speech) before(other *speech) int {
	return cmp.Or(cmp.Compare(l.Order, other.Order), cmp.Compare(l.lang, other.lang))
}

// settle checks language.json and finds out the plural forms.
func (l *speech) settle() error {
	var wrong []error
	refuse := func(field, why string, args ...any) {
		wrong = append(wrong, fmt.Errorf("%s/language.json: %q %s", l.lang, field, fmt.Sprintf(why, args...)))
	}
	for field, value := range map[string]string{"name": l.Name, "decimal": l.Decimal, "percent": l.Percent, "date": l.Date, "month": l.Month} {
		if value == "" {
			refuse(field, "is missing")
		}
	}
	if l.Dir != "ltr" && l.Dir != "rtl" {
		refuse("dir", "is %q; it must be ltr or rtl", l.Dir)
	}
	if l.Percent != "" && !strings.Contains(l.Percent, "{0}") {
		refuse("percent", "has no {0} for the number")
	}
	if len(l.Months) != 12 && strings.Contains(l.Date+l.Month, "{month}") {
		refuse("months", "has %d names; {month} needs 12", len(l.Months))
	}
	var err error
	if l.rules, err = language.Parse(l.Plural); err != nil {
		refuse("plural", "is %q; it must be a language whose plural rules are known, such as en", l.Plural)
	}
	l.forms = formsOf(l.rules)
	slices.SortFunc(wrong, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(wrong...)
}

var formNames = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

// formOf returns the plural form that n takes.
func formOf(rules language.Tag, n int64) string {
	if n < 0 {
		n = -n
	}
	return formNames[plural.Cardinal.MatchPlural(rules, int(n), 0, 0, 0, 0)]
}

// formsOf lists the forms that whole numbers take. Rules of all languages
// repeat within a hundred; some have a form of their own for millions.
func formsOf(rules language.Tag) []string {
	used := map[string]bool{formOf(rules, 1_000_000): true, "other": true}
	for n := range int64(200) {
		used[formOf(rules, n)] = true
	}
	var forms []string
	for _, form := range allForms {
		if used[form] {
			forms = append(forms, form)
		}
	}
	return forms
}

var allForms = []string{"zero", "one", "two", "few", "many", "other"}

// split parts "x.one" into "x" and "one"; a key without a form has none. A
// counted message always has the form "other": "answer.wrong_kind.one" is no
// form of anything.
func (d dict) split(key string) (base, form string) {
	for _, f := range allForms {
		if b, ok := strings.CutSuffix(key, "."+f); ok && d[b+".other"] != "" {
			return b, f
		}
	}
	return key, ""
}
