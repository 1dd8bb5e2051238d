// Package storetest holds the contract that a store keeps on every engine.
package storetest

import (
	"testing"

	"sipas/internal/store"
)

// Run runs the contract. open returns an empty store and closes it when the
// test ends.
func Run(t *testing.T, open func(t *testing.T) *store.Store) {
	for name, test := range contract {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// contract is what is tested, by name.
var contract = map[string]func(*testing.T, *store.Store){
	"ledger/round trip":           roundTrip,
	"ledger/replay":               replay,
	"ledger/clash":                clash,
	"ledger/twice in one batch":   twiceInOneBatch,
	"ledger/closed wave":          closedWave,
	"ledger/belated":              belated,
	"ledger/dense seq":            denseSeq,
	"ledger/after close":          afterClose,
	"ledger/caller gone":          callerGone,
	"ledger/one bad among good":   oneBadAmongGood,
	"responses/filters and pages": filtersAndPages,
	"tallies/agree with counting": countsAgree,
	"tallies/late":                late,
	"tallies/breakdowns":          breakdownsAgree,
	"tallies/trends":              trendsAgree,
	"tallies/fold conflict":       foldConflict,
	"judgements/with the fold":    judgementsWithFold,
	"judgements/folded ahead":     foldsAhead,
	"judgements/of the tail":      judgedTail,
	"judgements/reviews":          reviews,
	"judgements/clash":            clashFlags,
	"judgements/unseen":           unseenJudgement,
	"judgements/suspects":         suspects,
	"judgements/add up":           judgementsAddUp,
	"devices/numbers":             deviceNumbers,
	"comments":                    comments,
	"comments/states":             commentStates,
	"comments/reviews":            commentReviews,
	"comments/marks":              commentMarks,
	"comments/searches":           commentSearches,
	"comments/desk":               commentDesk,
	"catalog/round trip":          catalogRoundTrip,
	"catalog/replace":             catalogReplace,
	"catalog/version":             catalogVersion,
	"catalog/kinds":               kinds,
	"waves/update":                updateWave,
	"waves/publish":               publish,
	"waves/plans":                 plans,
	"notes":                       notes,
	"intake/unit of the day":      unitOfTheDay,
	"book/round trip":             bookRoundTrip,
	"book/thresholds":             bookThresholds,
	"book/revisions":              bookRevisions,
	"book/all or none":            bookAllOrNone,
	"book/many":                   bookStaged,
	"book/race":                   bookRace,
	"instruments":                 instruments,
	"settings":                    settings,
	"devices/pairing":             pairings,
	"devices/update":              updateDevice,
	"devices/gaps":                gaps,
	"devices/settings":            placeSettings,
	"accounts":                    accounts,
	"sessions":                    sessions,
	"tokens":                      tokens,
	"empty":                       emptiness,
	"health":                      health,
}
