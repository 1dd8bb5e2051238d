// Package survey is the domain: what a citizen answers, what is counted, and
// the percentage that comes of it. It imports the standard library only, and
// has no clock, no randomness and no environment of its own.
//
// The story, in the order it happens:
//
//	Unit         an administrative body in a Tree; it begins and ends on a Day
//	Service      a public administrative procedure (TTHC) a citizen used
//	Instrument   a questionnaire at one version, with the Spec of its index
//	Wave         one survey round: instrument × units × period × design
//	Point        where a citizen meets the form of a wave at one unit
//	Response     one citizen's answers, written once and never changed
//	Tally        counts of a unit, a span of time and a channel
//	Index        percentages computed from a Tally by a Spec, with n
//	Watermark    the last response a figure includes
//
// Use cases stand on small interfaces that a store implements:
//
//	Intake       takes responses in: checks their meaning, stores them once,
//	             gives a receipt after they are durable
//	Folder       folds stored responses into tallies, checks and rebuilds them
//	Reader       reads tallies and the rows past the watermark, and computes
//	Registry     keeps units, services, waves and points; publishes a wave
//
// All of them see the same Catalog: an immutable snapshot of units, services,
// waves and points that the store replaces when something changes.
//
// Counts are added, percentages never are: every Percent is computed from
// counts in full precision and rounded only where it is shown. No answers is
// not 0 %: it is Percent{Known: false}.
package survey
