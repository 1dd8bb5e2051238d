package main

import (
	"context"
	"time"

	"sipas/internal/comment"
	"sipas/internal/survey"
)

func (a *app) commentDesk() *comment.Desk {
	return &comment.Desk{Shelf: a.store, List: a.store, Now: a.now}
}

func (a *app) commentIndexer() *comment.Indexer {
	return &comment.Indexer{
		Store: a.store, Catalog: a.catalog,
		Harmful: func(ctx context.Context) (comment.Blocklist, error) {
			text, err := a.store.HarmfulWords(ctx)
			return comment.ParseBlocklist(text), err
		},
	}
}

// commentsEvery is how often the server looks for new comments: a reader of
// comments does not wait for the last second's.
const commentsEvery = time.Second

// indexComments enters comments, soon after their responses are stored.
func (a *app) indexComments(ctx context.Context) {
	x := a.commentIndexer()
	trouble := trouble{app: a, what: "indexing comments"}
	for {
		n, err := x.Step(ctx)
		if survey.KindOf(err) == survey.Conflict {
			err = nil // another node was faster
		}
		trouble.note(ctx, err)
		pause := commentsEvery
		if n == comment.Batch {
			pause = foldPause // many wait; the citizens' commits come first
		}
		if !wait(ctx, pause+trouble.pause) {
			return
		}
	}
}
