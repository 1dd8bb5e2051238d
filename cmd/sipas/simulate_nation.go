package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"sipas/internal/simulate"
	"sipas/internal/survey"
)

// simulateNation fills an empty database with a nation and years of responses,
// which pass the same checks as anybody's.
type simulateNation struct {
	N     int    `name:"n" default:"100000" placeholder:"N" help:"cli.flag.n"`
	Units int    `default:"4000" placeholder:"N" help:"cli.flag.units"`
	Days  int    `default:"730" placeholder:"N" help:"cli.flag.days"`
	Seed  uint64 `default:"1" placeholder:"S" help:"cli.flag.seed"`
	Until string `placeholder:"DATE" help:"cli.flag.until"`
	Raw   bool   `help:"cli.flag.raw"`
}

// nationSetting marks a database that holds a nation, with what it follows from.
const nationSetting = "nation"

// nationInstrument has the most questions of those there are.
const nationInstrument survey.InstrumentID = "moha-2023@1"

func (c *simulateNation) run(ctx context.Context, p *program) error {
	if c.N < 1000 || c.N > 100_000_000 || c.Units < 10 || c.Units > 20_000 || c.Days < 60 || c.Days > 2000 {
		return p.usage("cli.simulate.nation.bad")
	}
	a, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer a.close()
	until := survey.DayOf(a.now().In(a.zone)) - 1
	if c.Until != "" {
		if until, err = survey.ParseDay(c.Until); err != nil {
			return p.misused(err)
		}
	}
	nation := simulate.NewNation(c.Seed, c.Units, nationInstrument, until-survey.Day(c.Days)+1, until)
	if err := c.found(ctx, a, nation, until); err != nil {
		return err
	}
	h := simulate.NewHistory(c.Seed, nation, a.byID[nationInstrument], c.N, a.zone)
	if err := c.fill(ctx, a, h); err != nil {
		return err
	}
	if err := sendHome(ctx, a, nation); err != nil {
		return err
	}
	if c.Raw {
		return nil
	}
	return c.fold(ctx, a)
}

// sendHome closes the waves of the interviewers.
func sendHome(ctx context.Context, a *app, nation *simulate.Nation) error {
	for _, w := range nation.Waves[1:] {
		if a.catalog().Waves[w.ID].State != survey.Open {
			continue
		}
		r := a.registry()
		r.Now = func() time.Time { return midnight(w.To+1, a.zone) }
		if err := r.MoveWave(ctx, w.ID, survey.Closed); err != nil {
			return err
		}
	}
	return nil
}

func midnight(d survey.Day, zone *time.Location) time.Time {
	y, m, day := d.Date().Date()
	return time.Date(y, m, day, 0, 0, 0, 0, zone)
}

// found puts the nation into an empty database, or finds it there.
func (c *simulateNation) found(ctx context.Context, a *app, n *simulate.Nation, until survey.Day) error {
	same := *c
	same.Until, same.Raw = until.String(), false
	mark, err := json.Marshal(same)
	if err != nil {
		return err
	}
	held, err := a.store.Setting(ctx, nationSetting)
	switch {
	case err == nil && string(held) == string(mark):
		return nil
	case err != nil && survey.KindOf(err) != survey.NotFound:
		return err
	}
	empty, eerr := a.store.Empty(ctx)
	if eerr != nil {
		return eerr
	}
	if err == nil || !empty {
		return a.no("cli.simulate.nation.not_empty", a.cfg.ShownDatabase())
	}
	if err := c.settle(ctx, a, n); err != nil {
		return err
	}
	_, err = a.store.SetSettingOnce(ctx, nationSetting, mark)
	return err
}

// settle stores units, services, waves, points and opening hours.
func (c *simulateNation) settle(ctx context.Context, a *app, n *simulate.Nation) error {
	if err := a.store.PutUnits(ctx, n.Units); err != nil {
		return err
	}
	if err := a.store.PutServices(ctx, n.Services); err != nil {
		return err
	}
	if err := a.reload(ctx); err != nil {
		return err
	}
	r := a.registry()
	for _, w := range n.Waves {
		r.Now = func() time.Time { return midnight(w.From, a.zone) }
		if err := r.CreateWave(ctx, w); err != nil {
			return err
		}
		if err := r.MoveWave(ctx, w.ID, survey.Open); err != nil {
			return err
		}
	}
	var points []survey.Point
	for _, places := range [][]simulate.Place{n.Places, n.Samples[0], n.Samples[1]} {
		for _, p := range places {
			points = append(points, p.Point)
		}
	}
	if err := a.store.PutPoints(ctx, points); err != nil {
		return err
	}
	err := a.store.PutSettings(ctx, "sipas simulate", time.Now(), map[survey.SettingKey]string{
		{Unit: simulate.Capital, Name: survey.HoursSetting}: "mon-fri 07:00-12:00 13:00-17:30; sat 07:00-12:00",
	})
	if err != nil {
		return err
	}
	return a.reload(ctx)
}

// Sizes of filling.
const (
	nationBatch  = 1000    // responses of one commit
	nationReport = 100_000 // responses from one line of progress to the next
)

// fill stores the responses that are not stored yet. Making them up, checking
// and storing go on side by side, each in the order of time.
func (c *simulateNation) fill(ctx context.Context, a *app, h *simulate.History) error {
	head, err := a.store.Head(ctx)
	if err != nil {
		return err
	}
	if head.Seq >= int64(c.N) { // making millions up only to leave them out takes minutes
		fmt.Fprintln(a.stdout, a.T("cli.simulate.nation.whole", head.Seq))
		return nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	made, checked := make(chan []survey.Submission, 2), make(chan []survey.Response, 2)
	go func() {
		defer close(made)
		c.handOut(ctx, h, head.Seq, made)
	}()
	go func() {
		defer close(checked)
		for batch := range made {
			rs, err := check(ctx, a, batch)
			if err != nil {
				cancel(err)
				return
			}
			checked <- rs
		}
	}()
	began, stored := a.now(), head.Seq
	for rs := range checked {
		if ctx.Err() != nil {
			continue // let the others end
		}
		if err := storeFresh(ctx, a, rs); err != nil {
			cancel(err)
			continue
		}
		if stored += int64(len(rs)); stored%nationReport < int64(len(rs)) {
			fmt.Fprintln(a.stdout, a.T("cli.simulate.nation.progress", stored, c.N))
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	took := a.now().Sub(began).Seconds()
	fmt.Fprintln(a.stdout, a.T("cli.simulate.nation.stored", stored-head.Seq, a.Decimal(took, 1), int64(float64(stored-head.Seq)/max(took, 1e-3)), h.Bad))
	return nil
}

// storeFresh stores responses none of which may be there already.
func storeFresh(ctx context.Context, a *app, rs []survey.Response) error {
	outcomes, err := a.store.Append(ctx, rs)
	for i, o := range outcomes {
		if err == nil && o.Fate != survey.Stored {
			err = fmt.Errorf("made-up response %s was not stored: %v", rs[i].ID, o.Fate)
		}
	}
	return err
}

// handOut hands out batches of responses after the first skip, which are stored.
func (c *simulateNation) handOut(ctx context.Context, h *simulate.History, skip int64, to chan<- []survey.Submission) {
	var batch []survey.Submission
	for i := int64(0); ; i++ {
		s, more := h.Next()
		if more && i >= skip {
			batch = append(batch, s)
		}
		if len(batch) == nationBatch || !more && len(batch) > 0 {
			select {
			case to <- batch:
				batch = make([]survey.Submission, 0, nationBatch)
			case <-ctx.Done():
				return
			}
		}
		if !more || ctx.Err() != nil {
			return
		}
	}
}

// check makes the responses of a batch as if each had come a moment after it
// was sent. A batch of few people may span years, so each has its own now.
func check(ctx context.Context, a *app, batch []survey.Submission) ([]survey.Response, error) {
	kept := make(keeper, 0, len(batch))
	intake := a.intake()
	var now time.Time
	intake.Ledger, intake.Now = &kept, func() time.Time { return now }
	for _, s := range batch {
		now = s.SubmittedAt
		if _, err := intake.Submit(ctx, s); err != nil {
			return nil, fmt.Errorf("a made-up response was refused: %w", err)
		}
	}
	for i := range kept {
		kept[i].ReceivedAt = kept[i].SubmittedAt.Add(400 * time.Millisecond)
	}
	return kept, nil
}

// keeper is a ledger that hands over instead of storing.
type keeper []survey.Response

func (k *keeper) Append(_ context.Context, rs []survey.Response) ([]survey.Outcome, error) {
	*k = append(*k, rs...)
	return make([]survey.Outcome, len(rs)), nil
}

// fold makes the tallies and enters the comments.
func (c *simulateNation) fold(ctx context.Context, a *app) error {
	folder, last := a.folder(), int64(0)
	folder.Portion = survey.BulkFold
	folder.Folded = func(mark survey.FoldMark) {
		if mark.Seq/nationReport > last/nationReport {
			fmt.Fprintln(a.stdout, a.T("cli.simulate.nation.folding", mark.Seq))
		}
		last = mark.Seq
	}
	if _, err := folder.FoldAll(ctx); err != nil {
		return err
	}
	return a.commentIndexer().All(ctx)
}
