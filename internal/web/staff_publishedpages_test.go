package web_test

import (
	"strings"
	"testing"
)

// Whoever looks at the whole of a published wave reads what was published; of a
// part of it, nothing is said.
func TestPagesTellWhatWasPublished(t *testing.T) {
	s := staffSite(t)
	me := s.signIn(t, "admin")
	const same = "Trang này cho đúng con số đó."
	if a := s.ask(t, "GET", "/app?wave=open", "", me...); strings.Contains(words(a.body), "Đã công bố") {
		t.Error("what is not published is called so")
	}
	s.publish(t)
	must(t, s.reload(t.Context()))
	for _, c := range []staffScenario{
		{"the dashboard", "admin", "/app?wave=open&period=all", 200, []string{"Đã công bố 40,00 % (n = 30) ngày 02/03/2026. " + same}, []string{"⟦"}},
		{"a unit", "admin", "/app/units/qn.ub?wave=open&period=all", 200, []string{"Đã công bố 100,00 % (n = 12)", same}, []string{"⟦"}},
		{"of too few", "admin", "/app/units/qn.yt?wave=open&period=all", 200, []string{"số của đơn vị này không được nêu"}, []string{"⟦"}},
		{"a channel", "admin", "/app?wave=open&period=all&channel=link", 200, nil, []string{"Đã công bố", "⟦"}},
		{"a month", "admin", "/app?wave=open&period=2026-03", 200, nil, []string{"Đã công bố", "⟦"}},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, s.ask(t, "GET", c.path, "", me...)) })
	}
}
