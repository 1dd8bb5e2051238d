package quality

import "time"

// Thresholds of careless answering.
const (
	// perItem is the least time to read a statement and to choose. Two seconds
	// an item is the cut-off of Huang, Curran, Keeney, Poposki and DeShon,
	// "Detecting and deterring insufficient effort responding to surveys",
	// Journal of Business and Psychology 27 (2012).
	perItem = 2 * time.Second
	// fewestItems keeps the rule away from short forms: one press on one face
	// takes as long as it takes.
	fewestItems = 5
	// longString is from how many items on the same value throughout stands
	// out. Such "long strings" are a usual sign of carelessness (Johnson 2005;
	// Meade and Craig, "Identifying careless responses in survey data",
	// Psychological Methods 17, 2012); the literature has no common length, and
	// ten is ours: below it many people honestly find everything equally good.
	longString = 10
)

// tooFast looks for less than two seconds for each scale item that was seen;
// other questions are not counted, so that the doubt is for the citizen. Both
// times are of the citizen's clock, however wrong it is.
func tooFast(l *look) bool {
	if l.StartedAt.IsZero() || l.seen < fewestItems {
		return false
	}
	return l.SubmittedAt.Sub(l.StartedAt) < time.Duration(l.seen)*perItem
}

// straightLining looks for the same value through every scale item answered,
// ten at least.
func straightLining(l *look) bool {
	list := l.scores
	if len(list) < longString {
		return false
	}
	for _, s := range list {
		if s.level != list[0].level {
			return false
		}
	}
	return true
}
