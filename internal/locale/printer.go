package locale

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Printer speaks one language. It is a value; pages embed it, so that a
// template writes {{.T "key"}}.
type Printer struct {
	Lang string // "vi"
}

// T returns the message for key with args in its places {0}, {1} … What a
// language lacks is said in the default one. A key that is nowhere shows as
// ⟦key⟧, so that nobody overlooks it. Numbers are written as the language
// writes them, a time as a date.
func (p Printer) T(key string, args ...any) string {
	if text, ok := p.speech().dict[key]; ok {
		return p.fill(text, args)
	}
	if text, ok := fallback().dict[key]; ok {
		return p.fill(text, args)
	}
	return "⟦" + key + "⟧"
}

// Has reports whether there is a message for key.
func (p Printer) Has(key string) bool {
	_, ok := p.speech().dict[key]
	if !ok {
		_, ok = fallback().dict[key]
	}
	return ok
}

// N returns the message for key in the plural form that n takes: key.one,
// key.other. Its {0} is n; args begin at {1}.
func (p Printer) N(key string, n int64, args ...any) string {
	form := "." + formOf(p.speech().rules, n)
	if _, ok := p.speech().dict[key+form]; !ok {
		form = ".other" // which every language has, the default one too
	}
	return p.T(key+form, append([]any{n}, args...)...)
}

// Speaks returns the language, for the header Content-Language.
func (p Printer) Speaks() string { return p.Lang }

// Dir is the writing direction, for the dir attribute.
func (p Printer) Dir() string { return p.speech().Dir }

// Languages lists every language, for a switch on the page.
func (p Printer) Languages() []string { return Languages() }

// Name returns what lang calls itself.
func (p Printer) Name(lang string) string { return Name(lang) }

// Machine reports whether a machine translated lang.
func (p Printer) Machine(lang string) bool { return Machine(lang) }

// Source speaks the default language, which holds when a translation differs.
func (p Printer) Source() Printer { return Printer{current.Load().order[0]} }

// Date writes a day: "02/03/2026", "2 March 2026". The zone is t's own.
func (p Printer) Date(t time.Time) string {
	return p.day(p.speech().Date, t.Year(), int(t.Month()), t.Day())
}

// DateTime writes a minute: "08:20 ngày 02/03/2026", "08:20, 2 March 2026".
func (p Printer) DateTime(t time.Time) string {
	return p.T("common.date_time", t.Format("15:04"), p.Date(t))
}

// Month writes a month: "tháng 3/2026", "March 2026".
func (p Printer) Month(year, month int) string { return p.day(p.speech().Month, year, month, 1) }

// day fills a pattern of language.json.
func (p Printer) day(pattern string, year, month, day int) string {
	name := ""
	if names := p.speech().Months; len(names) == 12 && month >= 1 && month <= 12 {
		name = names[month-1]
	}
	return strings.NewReplacer(
		"{yyyy}", fmt.Sprintf("%04d", year), "{month}", name,
		"{mm}", fmt.Sprintf("%02d", month), "{m}", strconv.Itoa(month),
		"{dd}", fmt.Sprintf("%02d", day), "{d}", strconv.Itoa(day),
	).Replace(pattern)
}

// speech is how p's language speaks; an unknown one speaks the default.
func (p Printer) speech() *speech {
	if l := current.Load().langs[p.Lang]; l != nil {
		return l
	}
	return fallback()
}

func fallback() *speech {
	s := current.Load()
	return s.langs[s.order[0]]
}

// fill writes args into the holes of a text, {0} the first. What no argument is
// for stays. A page of a nation fills tens of thousands of texts.
func (p Printer) fill(text string, args []any) string {
	if len(args) == 0 {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + 16*len(args))
	for {
		before, behind, open := strings.Cut(text, "{")
		b.WriteString(before)
		if !open {
			return b.String()
		}
		number, rest, closed := strings.Cut(behind, "}")
		if n, err := strconv.Atoi(number); closed && err == nil && n >= 0 && n < len(args) && strconv.Itoa(n) == number {
			b.WriteString(p.say(args[n]))
			text = rest
			continue
		}
		b.WriteByte('{')
		text = behind
	}
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
	case float64: // as published: no decimal more, none less
		return p.Shortest(v)
	case time.Time:
		return p.Date(v)
	}
	return fmt.Sprint(a)
}
