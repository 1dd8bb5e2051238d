package quality

import "sipas/internal/survey"

// rule is one thing that may be wrong.
type rule struct {
	reason  survey.Reason
	partial bool // it says something of a response that stopped half-way, too
	found   func(*look) bool
}

// rules holds every rule of this package, in the order of survey.Reasons.
var rules = []rule{
	{survey.TooFast, false, tooFast},
	{survey.StraightLining, false, straightLining},
	{survey.Impossible, false, impossible},
	{survey.Burst, true, burst},
	{survey.OutsideHours, true, outsideHours},
	{survey.Repeated, false, repeated},
	{survey.AllBest, false, allBestMonthEnd},
	{survey.PressInterval, false, pressInterval},
}
