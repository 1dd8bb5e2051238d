package book

import (
	"cmp"
	"slices"

	"sipas/internal/survey"
)

// Level is a kind of unit, or several that are ranked together: a ward is
// ranked among communes and special zones, a province among provinces.
type Level string

// The levels.
const (
	Provinces   Level = "province"
	Departments Level = "department" // with the centres beside them
	Districts   Level = "district"
	Communes    Level = "commune" // wards, communes, special zones
)

// LevelOf returns the level of a kind.
func LevelOf(kind survey.UnitKind) Level {
	switch kind {
	case survey.Province:
		return Provinces
	case survey.District:
		return Districts
	case survey.Ward, survey.Commune, survey.SpecialZone:
		return Communes
	}
	return Departments
}

// Among names units that are ranked together: those of one level with the same
// unit above.
type Among struct {
	Parent survey.UnitCode
	Level  Level
}

// AmongOf returns among whom a unit is ranked.
func AmongOf(u survey.Unit) Among { return Among{u.Parent, LevelOf(u.Kind)} }

// Ranked is how many of some results are ranked together.
type Ranked struct {
	Among
	Units int
}

// Leagues lists among whom the units of rs are ranked, by level, then the unit
// above.
func Leagues(tree *survey.Tree, rs []Result) (all []Ranked) {
	units := map[Among]int{}
	for i := range rs {
		if u, ok := tree.Unit(rs[i].Unit); ok {
			units[AmongOf(u)]++
		}
	}
	for among, n := range units {
		all = append(all, Ranked{among, n})
	}
	order := []Level{Provinces, Departments, Districts, Communes}
	slices.SortFunc(all, func(a, b Ranked) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Level), slices.Index(order, b.Level)), cmp.Compare(a.Parent, b.Parent))
	})
	return all
}
