package book

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"sipas/internal/survey"
)

// Complaint is one thing about a result: a fault, for which it is not taken, or
// a warning, with which it stays as published.
type Complaint struct {
	survey.FieldError
	Warning bool
}

// half is what rounding to two decimals can hide.
const half = 0.005

// What a cell can hold.
const (
	longestText = 300
	mostRanked  = 100_000
	firstYear   = 1990
	lastYear    = 2200
)

// Check says everything that is wrong or odd with a result of a unit of tree.
// Fields are named as the columns of a results file: "score", "rank",
// "component:2.1:self".
func Check(t *Type, tree *survey.Tree, r Result) []Complaint {
	c := &complaints{}
	c.unit(t, tree, r)
	c.numbers(t, r)
	c.ranks(r)
	c.texts(r)
	c.parts(t, r)
	return c.list
}

// Faults returns those of list that are no warnings, as fields of an error.
func Faults(list []Complaint) (bad []survey.FieldError) {
	for _, c := range list {
		if !c.Warning {
			bad = append(bad, c.FieldError)
		}
	}
	return bad
}

type complaints struct{ list []Complaint }

func (c *complaints) fault(field, key string, args ...any) {
	c.list = append(c.list, Complaint{survey.FieldError{Field: field, Key: key, Args: args}, false})
}

func (c *complaints) warn(field, key string, args ...any) {
	c.list = append(c.list, Complaint{survey.FieldError{Field: field, Key: key, Args: args}, true})
}

// unit checks who was measured, and when.
func (c *complaints) unit(t *Type, tree *survey.Tree, r Result) {
	if r.Year < firstYear || r.Year > lastYear {
		c.fault("year_measured", "book.bad_year", strconv.Itoa(r.Year), years(firstYear), years(lastYear))
		return
	}
	u, ok := tree.Unit(r.Unit)
	switch first, last := yearOf(r.Year); {
	case !ok:
		c.fault("unit", "unit.unknown", r.Unit)
	case u.ValidTo < first:
		c.fault("unit", "book.unit_ended", u.Name, u.ValidTo.Date(), years(r.Year))
	case u.ValidFrom > last:
		c.fault("unit", "book.unit_not_yet", u.Name, u.ValidFrom.Date(), years(r.Year))
	case !t.Scores(u.Kind):
		c.fault("unit", "book.kind_not_scored", u.Name, t.Code)
	}
	if !t.Years.Holds(r.Year) {
		c.fault("year_measured", "book.year_outside", years(r.Year), t.Code, years(t.Years.From), years(t.Years.To))
	}
	if first, _ := yearOf(r.Year); r.Announced != 0 && r.Announced < first {
		c.fault("announced", "book.announced_before", r.Announced.Date(), years(r.Year))
	}
}

// yearOf returns the first and the last day of a year.
func yearOf(year int) (first, last survey.Day) {
	day := func(m time.Month, d int) survey.Day { return survey.DayOf(time.Date(year, m, d, 0, 0, 0, 0, time.UTC)) }
	return day(time.January, 1), day(time.December, 31)
}

// years writes a year, which is no count of thousands; an open bound is "…".
func years(y int) string {
	if y == 0 {
		return "…"
	}
	return strconv.Itoa(y)
}

// numbers checks score, maximum and percent. Maximum is that of the result, or
// the type's.
func (c *complaints) numbers(t *Type, r Result) {
	if !r.Score.Known && !r.Percent.Known && r.Rank == 0 && len(r.Parts) == 0 {
		c.fault("score", "book.no_number")
	}
	for _, x := range []struct {
		field string
		Number
	}{{"score", r.Score}, {"max_score", r.Maximum}, {"percent", r.Percent}} {
		if x.Known && !possible(x.Value) {
			c.fault(x.field, "book.below_zero", x.Value)
		}
	}
	if r.Percent.Known && r.Percent.Value > 100 {
		c.fault("percent", "book.over_maximum", r.Percent.Value, 100.0)
	}
	if v := r.Percent.Value; v > 0 && v < 1 {
		c.warn("percent", "book.percent_is_share", v, Of(100*v).Round(4))
	}
	if r.Maximum.Known && t.Maximum > 0 && r.Maximum.Value != t.Maximum {
		c.warn("max_score", "book.other_maximum", r.Maximum.Value, t.Maximum)
	}
	c.score(t, r)
}

// possible reports whether v can be points or a percentage at all.
func possible(v float64) bool { return v >= 0 && !math.IsInf(v, 0) }

// score checks the score against its maximum, and the percentage against both.
func (c *complaints) score(t *Type, r Result) {
	top := r.MaximumOf(t)
	switch {
	case !r.Score.Known || !top.Known:
	case r.Score.Value > top.Value:
		c.fault("score", "book.over_maximum", r.Score.Value, top.Value)
	case r.Percent.Known && top.Value > 0:
		if is := 100 * r.Score.Value / top.Value; math.Abs(is-r.Percent.Value) > half+closeEnough {
			c.warn("percent", "book.percent_differs", r.Percent.Value, Of(is).Round(2))
		}
	}
}

// MaximumOf is the maximum of a result: its own, else the type's.
func (r *Result) MaximumOf(t *Type) Number {
	if r.Maximum.Known {
		return r.Maximum
	}
	return Number{Value: t.Maximum, Known: t.Maximum > 0}
}

// Value is what a result is ranked by: its score, or its percentage where the
// index is one or no score is known.
func (r *Result) Value(t *Type) Number {
	if t.Unit == Percent && r.Percent.Known || !r.Score.Known {
		return r.Percent
	}
	return r.Score
}

func (c *complaints) ranks(r Result) {
	switch {
	case r.Rank < 0 || r.Rank > mostRanked:
		c.fault("rank", "book.bad_rank", r.Rank)
	case r.RankOf < 0 || r.RankOf > mostRanked:
		c.fault("rank_of", "book.bad_rank", r.RankOf)
	case r.RankOf > 0 && r.Rank > r.RankOf:
		c.fault("rank", "book.rank_over", r.Rank, r.RankOf)
	case r.Rank == 0 && r.RankOf > 0:
		c.warn("rank", "book.rank_missing", r.RankOf)
	}
}

func (c *complaints) texts(r Result) {
	for _, x := range []struct{ field, text string }{{"document", r.Document}, {"link", r.Link}, {"group", r.Class}} {
		if len([]rune(x.text)) > longestText || survey.CheckText(x.text) != "" || strings.ContainsAny(x.text, "\r\n") {
			c.fault(x.field, "book.bad_text", longestText)
		}
	}
	if u, err := url.Parse(r.Link); r.Link != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
		c.fault("link", "book.bad_link")
	}
	if r.Status != Provisional && r.Status != Final {
		c.fault("status", "book.bad_status", r.Status)
	}
}

// PartField names a component score as the columns of a results file do.
func PartField(code string, source Source) string {
	if source == Published {
		return "component:" + code
	}
	return "component:" + code + ":" + string(source)
}

// parts checks the component scores, and whether they make the whole.
func (c *complaints) parts(t *Type, r Result) {
	if len(r.Parts) == 0 {
		return
	}
	seen := make([]uint8, len(t.all)) // a bit for each source
	scores := make([]Number, len(t.all))
	for i := range r.Parts {
		p := &r.Parts[i]
		part, source := t.Component(p.Code), slices.Index(Sources, p.Source)+1
		if part == nil {
			c.fault(PartField(p.Code, p.Source), "book.no_component", p.Code, t.Code)
			continue
		}
		bit := uint8(1) << source
		switch {
		case source == 0 && p.Source != Published:
			c.fault(PartField(p.Code, p.Source), "book.bad_source", p.Source)
		case seen[part.place]&bit != 0:
			c.fault(PartField(p.Code, p.Source), "book.component_twice", p.Code)
		case !possible(p.Score):
			c.fault(PartField(p.Code, p.Source), "book.below_zero", p.Score)
		case part.Maximum > 0 && p.Score > part.Maximum:
			c.fault(PartField(p.Code, p.Source), "book.over_maximum", p.Score, part.Maximum)
		}
		seen[part.place] |= bit
		if p.Source == Published {
			scores[part.place] = Of(p.Score)
		}
	}
	if !t.Adds {
		return
	}
	if wholeOf(t.Components, t.Maximum) {
		c.sum("score", r.Score, t.Components, scores)
	}
	for _, part := range t.all {
		if wholeOf(part.Children, part.Maximum) {
			c.sum(PartField(part.Code, Published), scores[part.place], part.Children, scores)
		}
	}
}

// sum warns where all parts are known and do not add up to the whole. Each was
// rounded on its own, so together they may be off by half a hundredth each.
// scores are by place.
func (c *complaints) sum(field string, whole Number, parts []*Component, scores []Number) {
	if !whole.Known {
		return
	}
	sum := 0.0
	for _, p := range parts {
		n := scores[p.place]
		if !n.Known {
			return
		}
		sum += n.Value
	}
	if math.Abs(sum-whole.Value) > half*float64(len(parts)+1)+closeEnough {
		c.warn(field, "book.total_differs", whole.Value, Of(sum).Round(4))
	}
}

// joined writes a list for a message.
func joined[V any](list []V) string {
	words := make([]string, len(list))
	for i, v := range list {
		words[i] = fmt.Sprint(v)
	}
	return strings.Join(words, ", ")
}
