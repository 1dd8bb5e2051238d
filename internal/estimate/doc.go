// Package estimate says how sure the figures of a wave are, and whether two of
// them differ by more than chance explains. It knows both what the domain counts
// and what package stats computes, so that pages, reports, files and commands
// have one interval of a figure and one verdict of a change (ADR 22).
//
// Everything follows from the tallies of the lowest units: what varies below a
// cluster shows between clusters, and what varies within a stratum is bounded by
// its percentage. Only [Weighing] takes responses.
package estimate
