// Package export writes the raw responses of a wave for auditors: CSV,
// NDJSON or XLSX, a codebook that explains every column, and a manifest that proves
// the file complete.
//
// An export first takes a watermark and then writes exactly the responses up
// to it, in pages of the responses' own order. Memory stays flat, nothing is
// skipped or repeated however many responses come in meanwhile, and whoever
// doubts it can count.
package export
