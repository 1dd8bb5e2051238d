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

// FormedFrom lists what went into a unit, the earliest first.
func (c *Catalog) FormedFrom(u UnitCode) (list []Passing) {
	for _, s := range c.Successions {
		if s.To == u {
			list = append(list, Passing{Unit: s.From, Whole: s.Whole, Share: s.Share, On: s.On, LegalBasis: s.LegalBasis})
		}
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

// UnitsOf lists whose origins they are.
func UnitsOf(origins []Origin) (units []UnitCode) {
	for _, o := range origins {
		units = append(units, o.Unit)
	}
	return units
}

// Descent answers who was whose before, for one unit or thousands.
type Descent struct {
	tree     *Tree
	into, of map[UnitCode][]Succession
}

// Descent indexes the successions of c.
func (c *Catalog) Descent() Descent {
	n := len(c.Successions)
	d := Descent{c.Tree, make(map[UnitCode][]Succession, n), make(map[UnitCode][]Succession, n)}
	for _, s := range c.Successions {
		d.into[s.To] = append(d.into[s.To], s)
		d.of[s.From] = append(d.of[s.From], s)
	}
	return d
}

// Formed reports whether anything went into u after one day, until another.
func (d Descent) Formed(u UnitCode, then, now Day) bool {
	return slices.ContainsFunc(d.into[u], func(s Succession) bool { return then < s.On && s.On <= now })
}

// Origins lists which units of the day then made what u is on the day now: itself
// if it stood already, with all that joined it since. It follows chains of
// reorganisations; of who went into u by more than one way the shares add up, and
// who was split is whole again where all that became of it did.
func (d Descent) Origins(u UnitCode, then, now Day) (list []Origin) {
	var trace func(code UnitCode, share float64, now Day, seen []UnitCode)
	trace = func(code UnitCode, share float64, now Day, seen []UnitCode) {
		if slices.Contains(seen, code) {
			return
		}
		if unit, ok := d.tree.Unit(code); ok && unit.Stands(then) {
			list = addOrigin(list, Origin{code, share})
		}
		for _, s := range d.into[code] {
			if s.On <= then || s.On > now {
				continue
			}
			part := s.Share
			if s.Whole {
				part = 1
			}
			trace(s.From, share*part, s.On, append(seen[:len(seen):len(seen)], code))
		}
	}
	trace(u, 1, now, nil)
	for i, o := range list {
		if o.Share == 0 && d.reunited(o.Unit, u, then, now, 0) {
			list[i].Share = 1
		}
	}
	return list
}

// mostSteps is how many reorganisations in a row are followed to see whether
// parts came together again.
const mostSteps = 8

// reunited reports whether all parts of a unit that ended are in u.
func (d Descent) reunited(code, u UnitCode, then, now Day, steps int) bool {
	if code == u {
		return true
	}
	if unit, ok := d.tree.Unit(code); !ok || unit.Stands(now) || steps == mostSteps {
		return false
	}
	parts := 0
	for _, s := range d.of[code] {
		switch {
		case s.On <= then || s.On > now:
		case !d.reunited(s.To, u, then, now, steps+1):
			return false
		case s.Whole:
			return true
		default:
			parts++
		}
	}
	return parts > 1 // of one part the other is missing
}

// addOrigin adds one that may be there already: what is not known of one way is
// not known of both.
func addOrigin(list []Origin, o Origin) []Origin {
	i := slices.IndexFunc(list, func(x Origin) bool { return x.Unit == o.Unit })
	switch {
	case i < 0:
		return append(list, o)
	case list[i].Share == 0 || o.Share == 0:
		list[i].Share = 0
	default:
		list[i].Share = wholeIfAll(list[i].Share + o.Share)
	}
	return list
}

// slack is what adding shares in binary fractions can be off.
const slack = 1e-9

// wholeIfAll is a sum of shares; all of them together are the whole.
func wholeIfAll(share float64) float64 {
	if share > 1-slack {
		return 1
	}
	return share
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
