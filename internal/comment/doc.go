// Package comment makes what citizens write findable and fit to be read: it
// folds tones away for searching, covers personal data, points at harmful words
// and finds the words that stand out where people are dissatisfied.
//
// The comment itself stands in its response and is never changed. What is kept
// here is derived: an Indexer makes an Entry of every response with a comment,
// behind a mark of its own, and can make all of them anew. A Desk reads them
// for staff, and keeps who hid or showed a comment.
//
//	fold.go     "Chờ đợi" → "cho doi"
//	mask.go     "gọi 0912 345 678" → "gọi", [phone]
//	harmful.go  the list of words that hide a comment until somebody looks
//	search.go   from what was typed to terms that no engine can misread
//	phrase.go   words and two-word phrases of low scores
//	index.go    Indexer
//	desk.go     Desk
package comment
