package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"sipas/internal/survey"
)

type tallyCommand struct {
	Check   tallyCheck   `cmd:"" help:"cli.tally.check"`
	Rebuild tallyRebuild `cmd:"" help:"cli.tally.rebuild"`
}

type tallyCheck struct{}

func (*tallyCheck) run(ctx context.Context, p *program) error {
	a, err := p.openExisting(ctx)
	if err != nil {
		return err
	}
	defer a.close()
	if err := a.foldAll(ctx); err != nil {
		return err
	}
	c, err := a.folder().Check(ctx, coefficients())
	if err != nil {
		return err
	}
	if c.Wrong != nil {
		return p.no("cli.tally.wrong", a.wrongTally(*c.Wrong))
	}
	fmt.Fprintln(p.stdout, p.T("cli.tally.right", c.Responses, c.Tallies, c.Watermark.Seq))
	return nil
}

// coefficients are for Folder.Check. Any will do as long as nobody can build
// tallies to fit them.
func coefficients() *rand.Rand {
	return rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())) //nolint:gosec // see above
}

// wrongTally names a tally.
func (a *app) wrongTally(k survey.TallyKey) string {
	at := ""
	switch k.Grain {
	case survey.GrainMonth:
		at = " " + survey.Month(k.At).String()
	case survey.GrainDay:
		at = " " + survey.Day(k.At).String()
	}
	state := strings.TrimSuffix(string(k.State)+"/"+string(k.Part), "/")
	return fmt.Sprintf("%s %s %s %s%s", k.Wave, k.Unit, k.Channel, state, at)
}

type tallyRebuild struct{}

func (*tallyRebuild) run(ctx context.Context, p *program) error {
	a, err := p.openExisting(ctx)
	if err != nil {
		return err
	}
	defer a.close()
	if err := a.store.ResetTallies(ctx); err != nil {
		return err
	}
	if err := a.foldAll(ctx); err != nil {
		return err
	}
	if err := a.commentIndexer().Rebuild(ctx); err != nil {
		return err
	}
	mark, err := a.store.Watermark(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, p.T("cli.tally.rebuilt", mark.Seq))
	return nil
}

// foldAll folds until nothing is left, whether this process does it or a
// server that runs beside it is faster.
func (a *app) foldAll(ctx context.Context) error {
	folder := a.folder()
	lag, err := a.store.Lag(ctx)
	if err != nil {
		return err
	}
	if lag > survey.FarBehind {
		folder.Portion = survey.BulkFold
	}
	_, err = folder.FoldAll(ctx)
	return err
}
