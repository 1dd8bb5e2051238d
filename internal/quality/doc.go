// Package quality is what may be wrong with a response: pure rules over the
// response and those that came before it at the same point. A rule says only
// that something stands out; what a wave makes of that is survey.Wave.Verdict,
// and what is true of it a person decides.
//
// Each rule stands in the table of rules.go with its code; what it looks for,
// and why its thresholds are what they are, stands with its function:
//
//	too_fast            careless.go    fewer than two seconds an item
//	straight_lining     careless.go    one value through ten items or more
//	impossible          contradict.go  answers that contradict one another
//	burst               crowd.go       more responses than a point can see
//	outside_hours       place.go       a device that answers while the office is closed
//	repeated_answers    crowd.go       the same answers again and again
//	all_best_month_end  crowd.go       a run of best answers when a month is counted
//	press_interval      place.go       two presses closer than the kiosk allows
//
// repeated_id and honeypot are found where responses are taken in, and not
// here. Rules look at no respondent but through the answers: nothing here can
// tell who somebody is.
//
// A point remembers its last responses only, and only so many points are
// remembered, so that memory stays the same however many responses there are.
package quality
