package survey

import (
	"math"
	"slices"
)

// At returns the tree of the units that stand on d.
func (t *Tree) At(d Day) *Tree {
	var standing []Unit
	for _, u := range t.All() {
		if u.Stands(d) {
			standing = append(standing, u)
		}
	}
	return NewTree(standing)
}

// Passing is what went from one unit to another in a reorganisation.
type Passing struct {
	Unit       UnitCode // the other side
	Whole      bool     // all of the unit that ended
	Share      float64  // of its people, above 0 to 1; 0: not given
	On         Day      // the first day of the new state
	LegalBasis string
	Via        []UnitCode // units below it that went, where nothing is said of itself
}

// Seal makes what is looked up for every unit of a nation that was reorganised.
// No succession may be added or changed afterwards.
func (c *Catalog) Seal() {
	c.into = map[UnitCode][]Succession{}
	for _, s := range c.Successions {
		c.into[s.To] = append(c.into[s.To], s)
	}
}

// intoUnit are the successions that lead to a unit.
func (c *Catalog) intoUnit(u UnitCode) []Succession {
	if c.into != nil {
		return c.into[u]
	}
	var list []Succession
	for _, s := range c.Successions {
		if s.To == u {
			list = append(list, s)
		}
	}
	return list
}

// FormedFrom lists what went into a unit, the earliest first.
func (c *Catalog) FormedFrom(u UnitCode) (list []Passing) {
	for _, s := range c.intoUnit(u) {
		list = append(list, Passing{Unit: s.From, Whole: s.Whole, Share: s.Share, On: s.On, LegalBasis: s.LegalBasis})
	}
	slices.SortStableFunc(list, func(a, b Passing) int { return int(a.On - b.On) })
	return list
}

// Became lists where a unit went, the earliest first. Where nothing is said of
// the unit itself, as of a city whose wards were regrouped, it is where what was
// directly or further below it went, each part once.
func (c *Catalog) Became(u UnitCode) (list []Passing) {
	for _, s := range c.Successions {
		if s.From == u {
			list = append(list, Passing{Unit: s.To, Whole: s.Whole, Share: s.Share, On: s.On, LegalBasis: s.LegalBasis})
		}
	}
	if unit, ok := c.Tree.Unit(u); len(list) == 0 && ok && unit.ValidTo < Always {
		list = c.regrouped(u, unit.ValidTo)
	}
	slices.SortStableFunc(list, func(a, b Passing) int { return int(a.On - b.On) })
	return list
}

// regrouped lists where what was below a unit went when it ended, or after.
func (c *Catalog) regrouped(u UnitCode, ended Day) (list []Passing) {
	for _, s := range c.Successions {
		if s.On <= ended || !c.Tree.Within(s.From, u) || c.Tree.Within(s.To, u) {
			continue
		}
		i := slices.IndexFunc(list, func(p Passing) bool { return p.Unit == s.To })
		if i < 0 {
			i = len(list)
			list = append(list, Passing{Unit: s.To, On: s.On, LegalBasis: s.LegalBasis})
		}
		if !slices.Contains(list[i].Via, s.From) {
			list[i].Via = append(list[i].Via, s.From)
		}
	}
	if len(list) == 1 {
		list[0].Whole = true // all that it had went there
	}
	return list
}

// Origin is a unit of an earlier day of which something is in a later one.
type Origin struct {
	Unit  UnitCode
	Share float64 // 1: all of it; 0: a part, and it is not known how much
}

// OriginsAt lists which units of day d made what u is now: itself if it stood
// already, with all that joined it since. It follows chains of reorganisations.
func (c *Catalog) OriginsAt(u UnitCode, d Day) []Origin { return c.OriginsUntil(u, d, Always) }

// OriginsUntil is [Catalog.OriginsAt] for u as it was on a later day: who joins
// after that is in nothing yet.
func (c *Catalog) OriginsUntil(u UnitCode, d, until Day) (list []Origin) {
	var trace func(code UnitCode, share float64, seen []UnitCode)
	trace = func(code UnitCode, share float64, seen []UnitCode) {
		if slices.Contains(seen, code) {
			return
		}
		if unit, ok := c.Tree.Unit(code); ok && unit.Stands(d) {
			list = append(list, Origin{code, share})
		}
		for _, s := range c.intoUnit(code) {
			if s.On <= d || s.On > until {
				continue
			}
			part := s.Share
			if s.Whole {
				part = 1
			}
			trace(s.From, share*part, append(seen[:len(seen):len(seen)], code))
		}
	}
	trace(u, 1, nil)
	return list
}

// Pooling says how well figures of origins make those of what came of them.
type Pooling string

// How well figures of origins can be pooled.
const (
	PooledWhole    Pooling = "whole"     // every origin passed whole: the same people
	PooledByShare  Pooling = "share"     // some by their share of people: an estimate
	NotPooled      Pooling = "part"      // a part of an origin went, and it is not known how much
	NothingToPool  Pooling = "none"      // nothing stood there
	UnchangedUnits Pooling = "unchanged" // the unit itself, and nothing joined it
)

// Pool says how well the origins of u make it up.
func Pool(u UnitCode, origins []Origin) Pooling {
	switch {
	case len(origins) == 0:
		return NothingToPool
	case len(origins) == 1 && origins[0] == Origin{u, 1}:
		return UnchangedUnits
	case slices.ContainsFunc(origins, func(o Origin) bool { return o.Share == 0 }):
		return NotPooled
	case slices.ContainsFunc(origins, func(o Origin) bool { return o.Share < 1 }):
		return PooledByShare
	}
	return PooledWhole
}

// Remapped adds up what was counted in the origins of a unit, as if it had been
// there then: all of those that passed whole, of others their share of every
// count, rounded. ok is false where no figure can be had, see [Pool].
func Remapped(u UnitCode, origins []Origin, tallies map[UnitCode]Tally) (sum Tally, how Pooling, ok bool) {
	how = Pool(u, origins)
	if how == NotPooled || how == NothingToPool {
		return Tally{}, how, false
	}
	for _, o := range origins {
		sum.Add(tallies[o.Unit].part(o.Share))
	}
	return sum, how, true
}

// part is a share of every count, rounded.
func (t Tally) part(share float64) Tally {
	if share == 1 {
		return t
	}
	of := func(n int64) int64 { return int64(math.Round(share * float64(n))) }
	out := Tally{N: of(t.N), Counts: make([]int64, len(t.Counts))}
	for i, n := range t.Counts {
		out.Counts[i] = of(n)
	}
	return out
}

// UnitOn returns the unit that answers on day d for what belonged to u: u while
// it stands; then the one it passed to whole, and so on. Where it was split, or
// nothing is said, it is u: nobody can tell which part it was.
func (c *Catalog) UnitOn(u UnitCode, d Day) UnitCode {
	for range c.Successions {
		unit, ok := c.Tree.Unit(u)
		if !ok || d <= unit.ValidTo {
			return u
		}
		i := slices.IndexFunc(c.Successions, func(s Succession) bool { return s.From == u && s.Whole && s.On <= d })
		if i < 0 {
			return u
		}
		u = c.Successions[i].To
	}
	return u
}
