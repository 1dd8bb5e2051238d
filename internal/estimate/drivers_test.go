package estimate

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"sipas/internal/survey"
)

// drawnFrom are people of two strata of ten units each. What the overall level
// goes with is the first factor in one half of the units and the second in the
// other, if units differ; else it is either in each person.
func drawnFrom(differ bool) (survey.Reliability, *survey.Tree) {
	rnd := rand.New(rand.NewPCG(4, 5)) //nolint:gosec // the same numbers every time
	units := []survey.Unit{{Code: "p"}, {Code: "p.a", Parent: "p"}, {Code: "p.b", Parent: "p"}}
	m := survey.Reliability{Clusters: map[survey.UnitCode]survey.Moments{}}
	all := noMoments(3)
	for i := range 20 {
		parent := units[1+i/10].Code
		u := survey.Unit{Code: survey.UnitCode(fmt.Sprintf("%s.%d", parent, i)), Parent: parent}
		units = append(units, u)
		own := noMoments(3)
		for range 50 {
			x := []int64{1 + rnd.Int64N(5), 1 + rnd.Int64N(5), 0}
			with := rnd.IntN(2)
			if differ {
				with = i % 2
			}
			x[2] = x[with]
			addTo(&own, x)
			addTo(&all, x)
		}
		m.Clusters[u.Code] = own
	}
	m.Drivers = &all
	return m, survey.NewTree(units)
}

func noMoments(k int) survey.Moments {
	m := survey.Moments{Sum: make([]int64, k), Cross: make([][]int64, k)}
	for i := range m.Cross {
		m.Cross[i] = make([]int64, k)
	}
	return m
}

func addTo(m *survey.Moments, x []int64) {
	m.N++
	for i := range x {
		m.Sum[i] += x[i]
		for j := range x {
			m.Cross[i][j] += x[i] * x[j]
		}
	}
}

// Clusters that differ tell less than as many people drawn one by one; those
// that do not tell as much, and no more.
func TestDriversOfClusters(t *testing.T) {
	for _, c := range []struct {
		differ      bool
		least, most float64 // how many times as wide
	}{{true, 2.5, 8}, {false, 1, 1.5}} {
		m, tree := drawnFrom(c.differ)
		clustered, err := Weigh(m, tree, 400, 1)
		if err != nil || clustered.Clusters != 20 || clustered.Lack != "" {
			t.Fatalf("%+v, %v", clustered, err)
		}
		m.Clusters = nil
		single, err := Weigh(m, tree, 400, 1)
		if err != nil || single.Clusters != 0 {
			t.Fatalf("%+v, %v", single, err)
		}
		for i, in := range clustered.Intervals.Percent {
			one := single.Intervals.Percent[i]
			if times := (in.High - in.Low) / (one.High - one.Low); times < c.least || times > c.most || in.Low > one.Low || in.High < one.High {
				t.Errorf("units differ %v, factor %d: %v, one by one %v, %.2f times as wide", c.differ, i, in, one, times)
			}
		}
	}
}

// One cluster does not tell how clusters differ, and one of a stratum neither.
func TestDriversOfALonelyCluster(t *testing.T) {
	m, tree := drawnFrom(false)
	for u := range m.Clusters {
		if tree.Within(u, "p.b") && u != "p.b.10" {
			delete(m.Clusters, u)
		}
	}
	if d, err := Weigh(m, tree, 50, 1); err != nil || d.Lack != survey.LonelyUnit || d.At != "p.b" || d.Intervals.Percent != nil || d.Percent == nil {
		t.Errorf("%+v, %v", d, err)
	}
	m.Clusters = map[survey.UnitCode]survey.Moments{"p.b.10": *m.Drivers}
	if d, err := Weigh(m, tree, 50, 1); err != nil || d.Lack != survey.OneUnit || d.At != "" {
		t.Errorf("%+v, %v", d, err)
	}
}
