package quality

import (
	"slices"

	"sipas/internal/survey"
)

// fewestOthers is how many items must stand against the overall one. House
// rule: the mean of fewer says little.
const fewestOthers = 4

// pair is two answers that cannot both be meant.
type pair struct {
	item   survey.ItemCode
	values []string
	other  survey.ItemCode
	levels []string
}

// pairs holds them by the name of the instrument, whatever its version. They
// are ours, and only the plainest: a fact about the visit against the furthest
// level of the item that judges the same thing.
var pairs = map[string][]pair{
	"onestop": {
		{"T1", []string{"late"}, "F4", []string{"5"}},    // late, and very satisfied that it was on time
		{"T3", []string{"poor"}, "F3", []string{"5"}},    // impolite, and very satisfied with their politeness
		{"T3", []string{"helpful"}, "F3", []string{"1"}}, // the other way round
	},
	"moha-2017": {
		{"B2", []string{"late"}, "C09", []string{"5"}}, // late, and very satisfied with the time limit kept
		{"B7", []string{"yes"}, "C08", []string{"5"}},  // asked for more money, and very satisfied with the fees
	},
	"moha-2023": {
		{"Q6", []string{"many"}, "S29", []string{"5"}}, // money beyond the rules, and very satisfied with the fees
	},
}

// impossible looks for answers that contradict one another: the overall
// satisfaction at one end of its scale while the others lie, on average, in the
// quarter at the other end; or a pair of answers that exclude each other.
func impossible(l *look) bool {
	if l.instrument == nil {
		return false
	}
	for _, p := range l.pairs {
		if common(p.values, l.given[p.item]) && common(p.levels, l.given[p.other]) {
			return true
		}
	}
	return againstOverall(l)
}

// common reports whether a and b share a value.
func common(a, b []string) bool {
	return slices.ContainsFunc(a, func(v string) bool { return slices.Contains(b, v) })
}

// againstOverall compares the item that asks for the overall satisfaction, if
// the instrument has one, with the mean of those in the index.
func againstOverall(l *look) bool {
	direct := l.instrument.Spec.Direct
	if direct == "" {
		return false
	}
	at := slices.IndexFunc(l.scores, func(s score) bool { return s.item == direct })
	if at < 0 || l.scores[at].level > 0 && !l.scores[at].best() {
		return false
	}
	sum, n := 0.0, 0
	index := l.instrument.Items()
	for _, s := range l.scores {
		if s.item != direct && slices.Contains(index, s.item) {
			sum, n = sum+float64(s.level)/float64(max(s.levels-1, 1)), n+1
		}
	}
	if n < fewestOthers {
		return false
	}
	mean := sum / float64(n)
	return l.scores[at].level == 0 && mean >= 0.75 || l.scores[at].best() && mean <= 0.25
}
