package web

import (
	"slices"
	"sync"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

// atlas is what pages ask of a catalog again and again, worked out once for each
// catalog and day: of 4,000 units and 12,000 points it took longer than all the
// figures of a page.
type atlas struct {
	cat      *survey.Catalog
	day      survey.Day
	list     []survey.Point          // by unit and code
	points   map[survey.UnitCode]int // at a unit and below; "" is all of them
	standing map[survey.UnitCode]int // units that stand on the day, the same way
	channels map[waveUnit][]survey.Channel

	mu     sync.Mutex
	places map[string]map[survey.UnitCode]int // by language: where units stand in the order of their names
	plain  map[survey.UnitCode]string         // names as they are searched
}

// waveUnit is a unit in a wave.
type waveUnit struct {
	wave survey.WaveID
	unit survey.UnitCode
}

func newAtlas(cat *survey.Catalog, day survey.Day) *atlas {
	a := &atlas{
		cat: cat, day: day, list: cat.PointList(""), points: map[survey.UnitCode]int{}, standing: map[survey.UnitCode]int{},
		channels: map[waveUnit][]survey.Channel{}, places: map[string]map[survey.UnitCode]int{},
	}
	for _, u := range cat.Tree.All() {
		if !u.Stands(day) {
			continue
		}
		a.standing[""]++
		for _, above := range cat.Tree.Lineage(u.Code) {
			a.standing[above]++
		}
	}
	for _, p := range cat.Points {
		a.points[""]++
		for _, above := range cat.Tree.Lineage(p.Unit) {
			a.points[above]++
			at := waveUnit{p.Wave, above}
			if !slices.Contains(a.channels[at], p.Channel) {
				a.channels[at] = append(a.channels[at], p.Channel)
			}
		}
	}
	return a
}

// order is where each unit stands in the order of names in p's language.
func (a *atlas) order(p locale.Printer) map[survey.UnitCode]int {
	a.mu.Lock()
	defer a.mu.Unlock()
	places := a.places[p.Lang]
	if places == nil {
		all := a.cat.Tree.All()
		locale.SortBy(p, all, func(u survey.Unit) string { return u.Name })
		places = make(map[survey.UnitCode]int, len(all))
		for i, u := range all {
			places[u.Code] = i
		}
		a.places[p.Lang] = places
	}
	return places
}

// plainName is u's name as it is searched, with a blank before every word.
func (a *atlas) plainName(u survey.Unit) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.plain == nil {
		a.plain = map[survey.UnitCode]string{}
		for _, u := range a.cat.Tree.All() {
			a.plain[u.Code] = " " + plainText(u.Name)
		}
	}
	return a.plain[u.Code]
}

// atlas is the one of this moment.
func (s *server) atlas(cat *survey.Catalog, day survey.Day) *atlas {
	if a := s.lastAtlas.Load(); a != nil && a.cat == cat && a.day == day {
		return a
	}
	a := newAtlas(cat, day)
	s.lastAtlas.Store(a)
	return a
}

// known is the atlas of what v sees; v may have been made without one.
func (v viewer) known() *atlas {
	if v.atlas != nil {
		return v.atlas
	}
	return newAtlas(v.cat, v.today)
}

// standing counts the units that who sees and that stand today.
func (v viewer) standing() int { return v.seen(v.known().standing) }

// pointCount counts the points that who sees.
func (v viewer) pointCount() int { return v.seen(v.known().points) }

// seen is that of the counts which is of all that who sees.
func (v viewer) seen(counts map[survey.UnitCode]int) int {
	if v.who.Unit == "" && !v.sees("") { // somebody who has been given nothing
		return 0
	}
	return counts[v.who.Unit]
}

// channelsOf lists the channels that a wave has points for at or below u.
func (v viewer) channelsOf(w survey.WaveID, u survey.UnitCode) []survey.Channel {
	has := v.known().channels[waveUnit{w, u}]
	return slices.DeleteFunc(slices.Clone(survey.Channels), func(ch survey.Channel) bool { return !slices.Contains(has, ch) })
}

// sorted orders units by name as readers of the language expect, present ones
// first.
func (v viewer) sorted(p locale.Printer, codes []survey.UnitCode) []survey.UnitCode {
	places, ended := v.known().order(p), map[survey.UnitCode]bool{}
	for _, code := range codes {
		if u, _ := v.cat.Tree.Unit(code); u.ValidTo < v.today {
			ended[code] = true
		}
	}
	out := slices.Clone(codes)
	slices.SortFunc(out, func(a, b survey.UnitCode) int {
		if ended[a] != ended[b] {
			return boolOrder(ended[b], ended[a])
		}
		return places[a] - places[b]
	})
	return out
}
