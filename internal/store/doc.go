// Package store keeps surveys in SQLite or PostgreSQL.
//
// Every statement is written once, next to the method that runs it, in the SQL
// that both engines share, with $1-style parameters, which both drivers
// accept. What differs between the two is in engine.
//
//	open.go       from a URL to a Store with its schema up to date
//	ledger.go     Append: a queue, one writer, group commit
//	commit.go     … and its transaction
//	responses.go  reading responses by seq
//	folds.go      tallies behind a watermark: writing
//	counts.go     … and reading, from one snapshot
//	units.go, waves.go, catalog.go, instruments.go, settings.go
//	devices.go    paired devices, their codes, gaps in their sequences; settings of places
//	book.go       the index book: revisions, and which of them stand
//	accounts.go, sessions.go, tokens.go
//	health.go, backup.go
//
// One writer at a time: on SQLite the writing pool has one connection and
// begins every transaction IMMEDIATE; on PostgreSQL every transaction that
// changes surveys takes one advisory lock. That keeps seq dense, lets a fold
// read and write back, and makes a closing wave exact.
package store
