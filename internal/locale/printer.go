package locale

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// Printer speaks one language. It is a value; pages embed it, so that a
// template writes {{.T "key"}}.
type Printer struct {
	Lang string // "vi"
}

// T returns the message for key with args in its places {0}, {1} … A key that
// is not there shows as ⟦key⟧, so that nobody overlooks it. Numbers are
// written as the language writes them, a time as a date.
func (p Printer) T(key string, args ...any) string {
	text, ok := p.dict()[key]
	if !ok {
		return "⟦" + key + "⟧"
	}
	return p.fill(text, args)
}

// Has reports whether there is a message for key.
func (p Printer) Has(key string) bool {
	_, ok := p.dict()[key]
	return ok
}

// N returns the message for key in the plural form that n takes: key.one,
// key.other. Its {0} is n; args begin at {1}.
func (p Printer) N(key string, n int64, args ...any) string {
	return p.T(key+"."+p.form().plural(n), append([]any{n}, args...)...)
}

// Dir is the writing direction, for the dir attribute.
func (p Printer) Dir() string {
	switch script, _ := language.Make(p.Lang).Script(); script.String() {
	case "Arab", "Hebr", "Thaa", "Syrc", "Nkoo":
		return "rtl"
	}
	return "ltr"
}

// Languages lists every language, for a switch on the page.
func (p Printer) Languages() []string { return Languages() }

// Name returns what lang calls itself.
func (p Printer) Name(lang string) string { return Name(lang) }

// Date writes a day: "02/03/2026", "2 March 2026". The zone is t's own.
func (p Printer) Date(t time.Time) string {
	if p.Lang == "en" {
		return t.Format("2 January 2006")
	}
	return t.Format("02/01/2006")
}

// DateTime writes a minute: "08:20 ngày 02/03/2026", "08:20, 2 March 2026".
func (p Printer) DateTime(t time.Time) string {
	return p.T("common.date_time", t.Format("15:04"), p.Date(t))
}

// Month writes a month: "tháng 3/2026", "March 2026".
func (p Printer) Month(year, month int) string {
	if p.Lang == "en" {
		return time.Month(month).String() + " " + fmt.Sprint(year)
	}
	return fmt.Sprintf("tháng %d/%d", month, year)
}

func (p Printer) dict() dict {
	if d, ok := dicts[p.Lang]; ok {
		return d
	}
	return dicts[order[0]]
}

func (p Printer) form() form {
	if f, ok := forms[p.Lang]; ok {
		return f
	}
	return forms[order[0]]
}

func (p Printer) fill(text string, args []any) string {
	if len(args) == 0 {
		return text
	}
	var pairs []string
	for i, a := range args {
		pairs = append(pairs, fmt.Sprintf("{%d}", i), p.say(a))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func (p Printer) say(a any) string {
	switch v := a.(type) {
	case string:
		return v
	case int:
		return p.Int(int64(v))
	case int64:
		return p.Int(v)
	case int32:
		return p.Int(int64(v))
	case uint64:
		return p.Int(int64(v)) // counts; none of ours comes near the sign bit
	case time.Time:
		return p.Date(v)
	}
	return fmt.Sprint(a)
}
