package web

import (
	"net/url"
	"strings"
	"time"

	"sipas/internal/survey"
)

// hoursField is one line of the form of opening hours: days that have the same
// hours.
type hoursField struct {
	Days  string // "mon-fri", also the field's name after "h-"
	Label string
	Value string // "07:30-11:30, 13:30-17:00"
}

var (
	fewGroups  = []string{"mon-fri", "sat", "sun"}
	eachOfDays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
)

// hoursFields are the lines for value: by groups of days if its hours are so,
// or day by day.
func (p staffPage) hoursFields(value string, daily bool) []hoursField {
	h, err := survey.ParseHours(value)
	if err != nil {
		h = survey.Hours{}
	}
	for d := time.Tuesday; d <= time.Friday; d++ {
		daily = daily || h.Day(d) != h.Day(time.Monday)
	}
	days := fewGroups
	if daily {
		days = eachOfDays
	}
	var fields []hoursField
	for _, name := range days {
		first, _, _ := strings.Cut(name, "-")
		fields = append(fields, hoursField{name, capital(p.T("hours." + name)), strings.ReplaceAll(h.Day(dayOf(first)), " ", ", ")})
	}
	return fields
}

func dayOf(name string) time.Weekday {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if survey.DayName(d) == name {
			return d
		}
	}
	return time.Sunday
}

// typedHours makes the value of what was typed, as people write hours:
// "7h30 – 11h30, 13:30-17:00".
func typedHours(form url.Values) string {
	var parts []string
	for _, days := range append(append([]string{}, fewGroups...), eachOfDays[:5]...) {
		if spans := plainHours(form.Get("h-" + days)); spans != "" {
			parts = append(parts, days+" "+spans)
		}
	}
	return strings.Join(parts, "; ")
}

// plainHours turns the ways in which people write hours into ours.
func plainHours(typed string) string {
	s := strings.NewReplacer("–", "-", "—", "-", "h", ":", "H", ":", "g", ":", ",", " ", ";", " ", "và", " ").Replace(typed)
	s = strings.Join(strings.Fields(s), " ")
	s = strings.NewReplacer(" - ", "-", "- ", "-", " -", "-").Replace(s)
	s = strings.NewReplacer(":-", ":00-", ": ", ":00 ").Replace(s + " ")
	return strings.TrimSpace(s)
}

// hoursWords says opening hours: "Thứ Hai – thứ Sáu 07:30–11:30, 13:30–17:00; …".
func (p staffPage) hoursWords(value string) string {
	h, err := survey.ParseHours(value)
	if err != nil || len(h) == 0 {
		return p.T("hours.always")
	}
	var parts []string
	for part := range strings.SplitSeq(h.String(), "; ") {
		days, spans, _ := strings.Cut(part, " ")
		first, last, ranged := strings.Cut(days, "-")
		words := p.T("hours." + first)
		if p.Has("hours." + days) {
			words = p.T("hours." + days)
		} else if ranged {
			words = p.T("hours.range", p.T("hours."+first), p.T("hours."+last))
		}
		parts = append(parts, words+" "+strings.ReplaceAll(strings.ReplaceAll(spans, " ", ", "), "-", "–"))
	}
	return strings.Join(parts, "; ")
}
