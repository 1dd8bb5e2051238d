package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

// The keys of a period in an address; a month is "2026-03", a quarter "2026-Q1".
const (
	periodAll   = "all" // the whole wave
	periodLast  = "30d" // the last thirty days of the wave
	periodOwn   = "own" // from and to
	lastDays    = 30
	mostMonths  = 36 // offered
	quarterMark = "-Q"
)

// span is the days a wave has collected in so far.
func span(w *survey.Wave, today survey.Day, zone *time.Location) survey.Period {
	last := today
	if !w.ClosedAt.IsZero() {
		last = min(last, survey.DayOf(w.ClosedAt.In(zone)))
	}
	if w.State != survey.Open {
		last = min(last, w.To)
	}
	return survey.Period{From: w.From, To: max(w.From, last)}
}

// pickPeriod turns the fields of the filter form into days. An unknown key is
// the whole wave. Dates that cannot be are reported by field.
func pickPeriod(key, from, to string, all survey.Period) (survey.Period, string, []survey.FieldError) {
	switch key {
	case periodLast:
		return survey.Period{From: all.To - lastDays + 1, To: all.To}, key, nil
	case periodOwn:
		p, bad := readDays(from, to)
		return p, key, bad
	}
	if m, ok := readMonth(key); ok {
		return survey.Period{From: m.First(), To: m.Last()}, key, nil
	}
	if year, quarter, ok := strings.Cut(key, quarterMark); ok {
		if m, ok := readMonth(year + "-01"); ok && len(quarter) == 1 && quarter >= "1" && quarter <= "4" {
			m = m.Add(3 * int(quarter[0]-'1'))
			return survey.Period{From: m.First(), To: m.Add(2).Last()}, key, nil
		}
	}
	return survey.Period{}, periodAll, nil
}

// readDays reads two dates, both included.
func readDays(from, to string) (p survey.Period, bad []survey.FieldError) {
	var err error
	if p.From, err = survey.ParseDay(strings.TrimSpace(from)); err != nil {
		bad = append(bad, survey.FieldError{Field: "from", Key: "staff.bad_date"})
	}
	if p.To, err = survey.ParseDay(strings.TrimSpace(to)); err != nil {
		bad = append(bad, survey.FieldError{Field: "to", Key: "staff.bad_date"})
	}
	if len(bad) == 0 && p.To < p.From {
		bad = append(bad, survey.FieldError{Field: "to", Key: "wave.dates_reversed"})
	}
	if len(bad) > 0 {
		return survey.Period{}, bad
	}
	return p, nil
}

// readMonth reads "2026-03".
func readMonth(s string) (survey.Month, bool) {
	d, err := survey.ParseDay(s + "-01")
	return d.Month(), err == nil && d.Date().Year() >= 1970 && d.Date().Year() < 2200
}

// monthsOf lists the months of p, the last first.
func monthsOf(p survey.Period, most int) []survey.Month {
	var ms []survey.Month
	for m := p.To.Month(); m >= p.From.Month() && len(ms) < most; m = m.Add(-1) {
		ms = append(ms, m)
	}
	return ms
}

// periodChoices lists what the filter form offers for a wave.
func periodChoices(p locale.Printer, all survey.Period, chosen string) []pick {
	picks := []pick{
		{periodAll, p.T("staff.period.all"), chosen == periodAll},
		{periodLast, p.T("staff.period.last"), chosen == periodLast},
	}
	quarters := map[string]bool{}
	for _, m := range monthsOf(all, mostMonths) {
		picks = append(picks, pick{m.String(), upperFirst(monthName(p, m)), chosen == m.String()})
	}
	for _, m := range monthsOf(all, mostMonths) {
		key := quarterKey(m)
		if !quarters[key] {
			quarters[key] = true
			picks = append(picks, pick{key, upperFirst(quarterName(p, key)), chosen == key})
		}
	}
	return append(picks, pick{periodOwn, p.T("staff.period.own"), chosen == periodOwn})
}

func quarterKey(m survey.Month) string {
	return fmt.Sprintf("%04d%s%d", m/100, quarterMark, (m%100-1)/3+1)
}

func quarterName(p locale.Printer, key string) string {
	year, quarter, _ := strings.Cut(key, quarterMark)
	return p.T("staff.period.quarter", quarter, year)
}

func monthName(p locale.Printer, m survey.Month) string { return p.Month(int(m/100), int(m%100)) }

// periodName says a period in the middle of a sentence.
func periodName(p locale.Printer, key string, days survey.Period) string {
	switch {
	case key == periodAll || days.Whole():
		return p.T("staff.period.all_name")
	case strings.Contains(key, quarterMark):
		return quarterName(p, key)
	}
	return daysName(p, days)
}

// daysName says some days: as a month when they are one.
func daysName(p locale.Printer, days survey.Period) string {
	m := days.From.Month()
	switch {
	case days.From == m.First() && days.To == m.Last():
		return monthName(p, m)
	case days.From == m.First() && days.To == m.Add(2).Last() && (m%100)%3 == 1:
		return quarterName(p, quarterKey(m))
	}
	if days.To-days.From+1 == lastDays {
		return p.T("staff.period.last_name", lastDays, days.To.Date())
	}
	return p.T("staff.period.days", days.From.Date(), days.To.Date())
}

// shortMonth writes a month for a table: "03/2026".
func shortMonth(m survey.Month) string {
	return fmt.Sprintf("%02d/%s", m%100, strconv.Itoa(int(m/100)))
}

func upperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
