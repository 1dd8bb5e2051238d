package web

import (
	"encoding/json"
	"slices"
	"strconv"

	"sipas/internal/survey"
)

// A part is one page of the form without a script: a section, or a piece of
// one where a question depends on another of the same section. The last part
// also asks for the comment and has the send button.
type part struct {
	Section   int // of Instrument.Sections
	Questions []*survey.Question
}

// partsOf divides an instrument into parts. There is at least one.
func partsOf(in *survey.Instrument) []part {
	var parts []part
	for i, s := range in.Sections {
		p := part{Section: i}
		for _, q := range s.Questions {
			if slices.ContainsFunc(p.Questions, func(earlier *survey.Question) bool { return dependsOn(q.ShowIf, earlier.Code) }) {
				parts, p = append(parts, p), part{Section: i}
			}
			p.Questions = append(p.Questions, q)
		}
		parts = append(parts, p)
	}
	if len(parts) == 0 {
		parts = []part{{}}
	}
	return parts
}

// dependsOn reports whether c names item.
func dependsOn(c *survey.Condition, item survey.ItemCode) bool {
	if c == nil {
		return false
	}
	in := func(d survey.Condition) bool { return dependsOn(&d, item) }
	return c.Item == item || slices.ContainsFunc(c.All, in) || slices.ContainsFunc(c.Any, in)
}

// shown returns the questions of p that are asked after the answers so far.
func (p part) shown(given survey.Answers) []*survey.Question {
	var qs []*survey.Question
	for _, q := range p.Questions {
		if q.ShowIf.Holds(given) {
			qs = append(qs, q)
		}
	}
	return qs
}

// move returns the part after (by = 1) or before (by = −1) step that has
// something to ask. The last part always has: it asks for the comment.
func move(parts []part, step, by int, given survey.Answers) int {
	for i := step + by; i >= 0 && i < len(parts); i += by {
		if i == len(parts)-1 || len(parts[i].shown(given)) > 0 {
			return i
		}
	}
	return step
}

// partOf returns the part that asks what field names; ok is false for a field
// that no question has.
func partOf(parts []part, name string) (step int, ok bool) {
	for i, p := range parts {
		if slices.ContainsFunc(p.Questions, func(q *survey.Question) bool { return field(q) == name }) {
			return i, true
		}
	}
	return 0, false
}

// numbers gives every question asked after the answers so far its number,
// beginning with 1. A page of everything cannot hide what is not asked, so
// there all have one.
func (b *ballot) numbers(in *survey.Instrument) map[survey.ItemCode]int {
	n := map[survey.ItemCode]int{}
	for _, q := range in.Questions {
		if b.All || q.ShowIf.Holds(b.Answers) {
			n[q.Code] = len(n) + 1
		}
	}
	return n
}

// A bar is one section in the picture of progress: where it begins and how
// long it is, in percent of the whole, and how much of it is done.
type bar struct{ X, W, Done string }

// barsOf draws one bar per section, as long as its questions. Sections before
// current are done.
func barsOf(in *survey.Instrument, current int) []bar {
	const gap = 1.2
	total := max(1, len(in.Questions))
	room := 100 - gap*float64(len(in.Sections)-1)
	var bars []bar
	x := 0.0
	for i, s := range in.Sections {
		w := room * float64(len(s.Questions)) / float64(total)
		b := bar{X: percent(x), W: percent(w)}
		if i < current {
			b.Done = b.W
		}
		bars = append(bars, b)
		x += w + gap
	}
	return bars
}

func percent(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) + "%" }

func itoa(n int) string { return strconv.Itoa(n) }

// routing writes a condition for the script: {"item":"Q5","in":["2","3"]},
// {"all":[…]} or {"any":[…]}. Always asked is "".
func routing(c *survey.Condition) string {
	if c == nil {
		return ""
	}
	type condition struct {
		Item survey.ItemCode   `json:"item,omitempty"`
		In   []string          `json:"in,omitempty"`
		All  []json.RawMessage `json:"all,omitempty"`
		Any  []json.RawMessage `json:"any,omitempty"`
	}
	list := func(cs []survey.Condition) (raw []json.RawMessage) {
		for _, d := range cs {
			raw = append(raw, json.RawMessage(routing(&d)))
		}
		return raw
	}
	text, _ := json.Marshal(condition{c.Item, c.In, list(c.All), list(c.Any)}) // words always marshal
	return string(text)
}
