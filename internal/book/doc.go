// Package book is the index book: what is published about administrative units
// year by year, SIPAS beside PAR INDEX, DGI and whatever else is scored.
//
// The story, in the order it happens:
//
//	Type       a kind of index as data: components in a tree with maxima,
//	           classes, years, legal base, and how sure each of it is
//	Result     what one unit got by one type for one year
//	Check      what of a result cannot be, and what is odd and stays as published
//	Store      keeps every revision of every result: who, when, before, after
//	Compare    the change between two results, or why there is none
//	League     all units of one type and year, with movement
//	Losses     where points were lost, and what each would bring
//	Correlate  factors of one index against components of another, over units
//	Commend    who is put forward, by rules that are shown
//	FromWave   SIPAS of a published survey, as results
//
// A published number is never mended: a total that does not add up is told and
// stays. Formulas and thresholds that no source confirms carry a [Mark] that
// every page shows.
package book
