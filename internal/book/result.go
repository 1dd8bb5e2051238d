package book

import (
	"context"
	"time"

	"sipas/internal/survey"
)

// Number is a number of points or a percentage as published, or unknown.
// Unknown is not zero.
type Number = survey.Percent

// Of is a number that is known.
func Of(v float64) Number { return Number{Value: v, Known: true} }

// Status says whether a result can still change.
type Status string

// Statuses of results.
const (
	Provisional Status = "provisional"
	Final       Status = "final"
)

// Key names a result.
type Key struct {
	Unit survey.UnitCode
	Type TypeCode
	Year int // measured; announced later
}

// Result is what one unit got by one index type for one year, as published.
type Result struct {
	Key
	Score   Number
	Maximum Number // of that year, as published; unknown: the type's
	Percent Number
	Rank    int // 0: not known
	RankOf  int // among how many; 0: not known
	Class   string
	// Announced is the day of publication; 0: not known. It is not in the year
	// measured as a rule.
	Announced survey.Day
	Document  string
	Link      string
	Status    Status
	Synthetic bool // made up, for trying out
	// PartsSynthetic says that only the component scores are made up, beside
	// published totals.
	PartsSynthetic bool
	// N is how many responses stand behind it, and Wave the survey it flowed in
	// from; 0 and "" for what was entered.
	N     int64
	Wave  survey.WaveID
	Parts []Part // component scores, by component and source
	// Revision is the number under which the result was read. When it is put, 0
	// replaces whatever stands, [New] nothing, and another number only itself.
	Revision int64
}

// New is the Revision of a result that must not be there yet.
const New int64 = -1

// Part is the score of one component from one source.
type Part struct {
	Code   string
	Source Source
	Score  float64
}

// Part returns the score of a component from a source, unknown without one.
func (r *Result) Part(code string, source Source) Number {
	for i := range r.Parts {
		if p := &r.Parts[i]; p.Code == code && p.Source == source {
			return Of(p.Score)
		}
	}
	return Number{}
}

// Revision is one change of a result.
type Revision struct {
	ID        int64
	By        string // account, or the name of the command
	At        time.Time
	Before    *Result // nil when there was none
	After     Result
	Withdrawn bool // After is what was taken away
}

// Shelf says that there are results of a type and year.
type Shelf struct {
	Type  TypeCode
	Year  int
	Units int
}

// Written says what a put did.
type Written struct{ Added, Changed, Same int }

// Writer keeps results: every revision, for ever.
type Writer interface {
	// PutResults stores results, all or none, by somebody at a time. One that is
	// as it stands already makes no revision. Conflict where Revision says that
	// another was expected; NotFound for an unknown unit.
	PutResults(ctx context.Context, by string, at time.Time, rs []Result) (Written, error)
	// WithdrawResult takes a result away; its history stays. NotFound without one,
	// Conflict unless revision is the one that stands.
	WithdrawResult(ctx context.Context, by string, at time.Time, k Key, revision int64) error
}

// Reader reads results as they stand.
type Reader interface {
	// OfUnit returns everything about a unit, by year, then type.
	OfUnit(ctx context.Context, unit survey.UnitCode) ([]Result, error)
	// OfYear returns all units of a type and year, by unit.
	OfYear(ctx context.Context, t TypeCode, year int) ([]Result, error)
	// Since calls f for every result of a type and year that was added, changed or
	// withdrawn since a stamp, as it stands now, by unit, and returns the stamp of
	// now; of stamp 0 for all there are. What f gets has its Parts only until f
	// returns.
	Since(ctx context.Context, t TypeCode, year int, stamp int64, f func(r Result, withdrawn bool)) (now int64, err error)
	// Shelves lists what there is, by type and year.
	Shelves(ctx context.Context) ([]Shelf, error)
	// Revisions returns the history of one result, the earliest first.
	Revisions(ctx context.Context, k Key) ([]Revision, error)
}

// ThresholdStore keeps changes of thresholds.
type ThresholdStore interface {
	// PutThreshold adds a change.
	PutThreshold(ctx context.Context, x Threshold) error
	// Thresholds returns every change, the earliest first.
	Thresholds(ctx context.Context) (Thresholds, error)
}

// Store keeps and reads results, and what they are classed by.
type Store interface {
	Writer
	Reader
	ThresholdStore
}
