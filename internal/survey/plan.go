package survey

import (
	"context"
	"math"
)

// PlannedUnit is what the sample plan of a wave says of one unit. A number that
// the plan leaves open is 0, for a sample of nobody is no plan.
type PlannedUnit struct {
	Unit       UnitCode
	Population int64   // people the sample is drawn from
	Planned    int64   // valid ballots wanted
	Issued     int64   // ballots given out
	Deff       float64 // design effect the size was computed with; 1: simple random
}

// Plan is the sample plan of a wave. No unit of it stands above another one.
type Plan map[UnitCode]PlannedUnit

// PlanStore keeps sample plans.
type PlanStore interface {
	// PutPlans replaces the plans of some waves, each as a whole; NotFound for an
	// unknown wave or unit.
	PutPlans(ctx context.Context, plans map[WaveID]Plan) error
}

// Below lists the planned units at and below root, parents before children.
func (p Plan) Below(tree *Tree, root UnitCode) []PlannedUnit {
	if len(p) == 0 {
		return nil
	}
	var found []PlannedUnit
	var walk func(UnitCode)
	walk = func(u UnitCode) {
		if of, ok := p[u]; ok {
			found = append(found, of)
			return // what is below was refused by the import
		}
		for _, child := range tree.Children(u) {
			walk(child)
		}
	}
	walk(root)
	return found
}

// Progress is how far the fieldwork at a unit has come.
type Progress struct {
	PlannedUnit
	Returned int64 // ballots received, in whatever state
	Valid    int64 // counted
	Invalid  int64 // broken off, or taken out by a person
	Waiting  int64 // quarantined: a person has not decided yet
	Recent   int64 // of Returned, those of the last days looked at
	Over     int64 // of Valid of several units, what some have beyond their own plans
}

// Stand fills in how the responses of the unit stand, whole and of late.
func (p *Progress) Stand(whole, recent Standing) {
	p.Valid, p.Waiting = whole.N[Counted], whole.N[Quarantined]
	p.Invalid = whole.N[Partial] + whole.N[Rejected]
	p.Returned = p.Valid + p.Waiting + p.Invalid
	for _, n := range recent.N {
		p.Recent += n
	}
}

// Add adds up what several units have. Design effects are of one unit each, and
// what one unit has too many does not make up for what another misses.
func (p *Progress) Add(q Progress) {
	p.Population += q.Population
	p.Planned += q.Planned
	p.Issued += q.Issued
	p.Returned += q.Returned
	p.Valid += q.Valid
	p.Invalid += q.Invalid
	p.Waiting += q.Waiting
	p.Recent += q.Recent
	p.Over += max(q.Over, q.Valid-q.Planned)
}

// Missing is how many valid ballots the plan still wants.
func (p Progress) Missing() int64 { return max(0, p.Planned-(p.Valid-p.Over)) }

// Pace is how many ballots a day are needed to have all that are missing within
// days, rounded up; 0 when none is missing or there is no day left.
func (p Progress) Pace(days int) int64 {
	if days <= 0 {
		return 0
	}
	return int64(math.Ceil(float64(p.Missing()) / float64(days)))
}

// DaysLeft is how many days w still collects, today included; 0 when it is not
// open or its last day has passed.
func (w *Wave) DaysLeft(today Day) int {
	if w.State != Open && w.State != Draft {
		return 0
	}
	return max(0, int(w.To-max(today, w.From))+1)
}

// ImportPlans replaces the plans of some waves, each as a whole.
func (g *Registry) ImportPlans(ctx context.Context, plans map[WaveID]Plan) error {
	return g.stored(ctx, "survey.ImportPlans", g.Store.PutPlans(ctx, plans))
}
