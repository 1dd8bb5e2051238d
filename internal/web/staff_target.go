package web

import (
	"strings"

	"sipas/internal/survey"
)

// reach is how a figure stands to the target of its unit.
type reach int

const (
	noTarget reach = iota
	belowTarget
	nearTarget // its interval has the target in it, or it has none
	atTarget
)

// targetOf is what the index of a unit should reach, percent; 0: nobody has set
// anything.
func (f *figures) targetOf(u survey.UnitCode) float64 {
	return float64(f.v.cat.PointsOf(u, survey.TargetSetting))
}

// reaches says how m stands to the target of u. Only a sample can tell; it is
// below or at the target where the whole interval is.
func (f *figures) reaches(u survey.UnitCode, m measure) reach {
	goal := f.targetOf(u)
	if goal == 0 || !m.shown() {
		return noTarget
	}
	switch w, ok := m.interval(); {
	case !ok:
		return nearTarget
	case w.High < goal:
		return belowTarget
	case w.Low >= goal:
		return atTarget
	}
	return nearTarget
}

// targetSentence says of the chosen unit how far it is from its target, "" where
// there is none.
func (f *figures) targetSentence(u survey.UnitCode, m measure) string {
	goal := f.targetOf(u)
	key := map[reach]string{belowTarget: "below", nearTarget: "near", atTarget: "at"}[f.reaches(u, m)]
	if key == "" {
		return ""
	}
	if !f.sample() {
		key = "plain"
	}
	return f.p.T("target."+key, f.p.Percent(goal, 0), f.p.Signed(m.Value-goal, 2))
}

// targetUnits says how many of the units in a table are surely below the targets
// that hold for them, "" where none has one or nobody can tell.
func (f *figures) targetUnits(rows []unitRow) string {
	var n [atTarget + 1]int64
	for _, r := range rows {
		n[f.reaches(r.Code, r.m)]++
	}
	if !f.sample() || n[belowTarget]+n[nearTarget]+n[atTarget] == 0 {
		return ""
	}
	return strings.Join([]string{f.p.N("target.units.below", n[belowTarget]), f.p.N("target.units.near", n[nearTarget]), f.p.N("target.units.at", n[atTarget])}, " ")
}
