package web

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sipas/internal/auth"
	"sipas/internal/locale"
	"sipas/internal/survey"
)

// largeTree is a country of provinces with communes, every seventh of which has
// ended, and a point of one channel or another at each that did not.
func largeTree(provinces, communes int) *survey.Catalog {
	units := []survey.Unit{{Code: "vn", Name: "Cả nước", Kind: survey.Province, ValidTo: survey.Always}}
	points := map[survey.PointCode]survey.Point{}
	for i := range provinces {
		province := survey.UnitCode(fmt.Sprintf("p%02d", i))
		units = append(units, survey.Unit{Code: province, Name: fmt.Sprintf("Tỉnh %d", i), Kind: survey.Province, Parent: "vn", ValidTo: survey.Always})
		for j := range communes {
			u := survey.Unit{Code: survey.UnitCode(fmt.Sprintf("%s.c%03d", province, j)), Name: fmt.Sprintf("Xã %d", communes-j), Kind: survey.Commune, Parent: province, ValidTo: survey.Always}
			if j%7 == 0 {
				u.ValidTo = 99
			} else {
				code := survey.PointCode(fmt.Sprintf("%d-%d", i, j))
				points[code] = survey.Point{Code: code, Unit: u.Code, Wave: "w", Channel: survey.Channels[i%2]}
			}
			units = append(units, u)
		}
	}
	return &survey.Catalog{Tree: survey.NewTree(units), Points: points, Waves: map[survey.WaveID]*survey.Wave{}}
}

// TestTheAtlasCountsWhatThereIs: what is worked out once is what going through
// all units and points gives, for whoever sees a part of them too.
func TestTheAtlasCountsWhatThereIs(t *testing.T) {
	cat := largeTree(5, 30)
	admin := auth.Principal{Name: "a", Role: auth.Admin}
	for _, who := range []auth.Principal{admin, {Name: "m", Role: auth.Manager}, {Name: "m", Role: auth.Manager, Unit: "vn"}, {Name: "m", Role: auth.Manager, Unit: "p03"}, {Name: "m", Role: auth.Manager, Unit: "p03.c011"}, {Name: "m", Role: auth.Manager, Unit: "p03.c007"}} {
		v, unit := viewer{who: who, cat: cat, today: 100}, who.Unit
		standing, points, channels := 0, 0, []survey.Channel(nil)
		for _, u := range cat.Tree.All() {
			if u.Stands(v.today) && v.sees(u.Code) {
				standing++
			}
		}
		for _, p := range cat.Points {
			if v.sees(p.Unit) {
				points++
				if !slices.Contains(channels, p.Channel) {
					channels = append(channels, p.Channel)
				}
			}
		}
		if v.standing() != standing || v.pointCount() != points {
			t.Errorf("%q: %d units and %d points, want %d and %d", unit, v.standing(), v.pointCount(), standing, points)
		}
		if unit == "" {
			continue
		}
		slices.SortFunc(channels, func(a, b survey.Channel) int {
			return slices.Index(survey.Channels, a) - slices.Index(survey.Channels, b)
		})
		if got := v.channelsOf("w", unit); !slices.Equal(got, channels) {
			t.Errorf("%q: channels %v, want %v", unit, got, channels)
		}
	}
}

// TestALargeTreeIsFolded: a list to choose from names every unit of a small
// tree; of a large one the way to the chosen unit, with what stands beside it,
// and how many are below the others.
func TestALargeTreeIsFolded(t *testing.T) {
	p := locale.For("en")
	small := viewer{who: auth.Principal{Name: "a", Role: auth.Admin}, cat: largeTree(2, 20), today: 100}
	if got := len(small.unitPicks(p, nil, "")); got != 43 {
		t.Errorf("%d of 43 units of a small tree", got)
	}
	large := viewer{who: auth.Principal{Name: "a", Role: auth.Admin}, cat: largeTree(10, 30), today: 100}
	picks := large.unitPicks(p, nil, "p03.c011")
	if len(picks) != 1+10+30 {
		t.Errorf("%d units, want the country, 10 provinces and 30 communes of one", len(picks))
	}
	chosen := 0
	for _, k := range picks {
		if k.Chosen {
			chosen++
		}
		folded := strings.HasPrefix(k.Value, "p") && len(k.Value) == 3 && k.Value != "p03"
		if folded != strings.HasSuffix(k.Text, "25 units below") {
			t.Errorf("%s reads %q", k.Value, k.Text)
		}
	}
	if chosen != 1 {
		t.Errorf("%d units are chosen, want 1", chosen)
	}
	if got := len(large.everyUnit(p, "")); got != 311 {
		t.Errorf("%d of 311 units to give to somebody", got)
	}
	branch := viewer{who: auth.Principal{Name: "m", Role: auth.Manager, Unit: "p03"}, cat: large.cat, today: 100}
	if got := len(branch.unitPicks(p, nil, "")); got != 31 {
		t.Errorf("who sees 31 units chooses from %d", got)
	}
}

// TestUnitsAreSortedByNamePresentOnesFirst: as before they had places.
func TestUnitsAreSortedByNamePresentOnesFirst(t *testing.T) {
	v := viewer{who: auth.Principal{Name: "a", Role: auth.Admin}, cat: largeTree(1, 14), today: 100}
	got := v.sorted(locale.For("vi"), v.cat.Tree.Children("p00"))
	var names []string
	for _, u := range got {
		unit, _ := v.cat.Tree.Unit(u)
		names = append(names, unit.Name)
	}
	want := "Xã 1,Xã 2,Xã 3,Xã 4,Xã 5,Xã 6,Xã 8,Xã 9,Xã 10,Xã 11,Xã 12,Xã 13,Xã 7,Xã 14"
	if s := strings.Join(names, ","); s != want {
		t.Errorf("%s, want %s", s, want)
	}
}
