package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sipas/internal/importer"
	"sipas/internal/survey"
)

// importAtOnce is how many responses go into one transaction.
const importAtOnce = 500

// importOutbox takes in the file that a kiosk writes of its shelf. The operator
// vouches for the device: no key is asked for.
type importOutbox struct {
	File   string `arg:"" placeholder:"FILE.json" help:"cli.arg.outbox_file"`
	DryRun bool   `help:"cli.flag.dry_run"`
}

func (c *importOutbox) run(ctx context.Context, p *program) error {
	in, done, err := p.input(c.File)
	if err != nil {
		return err
	}
	defer done()
	all, err := importer.Outbox(in)
	if err != nil {
		return err
	}
	a, err := p.openExisting(ctx)
	if err != nil {
		return err
	}
	defer a.close()
	intake := a.intake()
	intake.Belated = true
	if c.DryRun {
		intake.Ledger, intake.Clashed = nothingStored{a.now}, nil
	}
	n := p.takeKept(ctx, intake, all, c.DryRun)
	key := "cli.import.outbox_done"
	if c.DryRun {
		key = "cli.import.outbox_would"
	}
	fmt.Fprintln(p.stdout, p.T(key, n.fresh, n.known, n.refused))
	if n.refused > 0 {
		return p.no("cli.import.outbox_refused", n.refused)
	}
	return nil
}

type keptCounts struct{ fresh, known, refused int }

// takeKept submits all and says of each what became of it.
func (p *program) takeKept(ctx context.Context, intake *survey.Intake, all []importer.Kept, dry bool) (n keptCounts) {
	for len(all) > 0 {
		some := all[:min(len(all), importAtOnce)]
		all = all[len(some):]
		var subs []survey.Submission
		for _, k := range some {
			if k.Err == nil {
				subs = append(subs, k.Sub)
			}
		}
		results := intake.SubmitAll(ctx, subs)
		for _, k := range some {
			r := survey.Result{Err: k.Err}
			if k.Err == nil {
				r, results = results[0], results[1:]
			}
			n.add(p, k, r, dry)
		}
	}
	return n
}

func (n *keptCounts) add(p *program, k importer.Kept, r survey.Result, dry bool) {
	name := k.ID
	if name == "" {
		name = fmt.Sprintf("#%d", k.Place)
	}
	switch {
	case r.Err != nil:
		n.refused++
		fmt.Fprintf(p.stderr, "%s: %s\n", name, strings.ReplaceAll(p.explain(r.Err), "\n", "; "))
	case r.Replayed:
		n.known++
		fmt.Fprintln(p.stdout, p.T("cli.import.outbox_known", name, r.Receipt))
	case dry:
		n.fresh++
	default:
		n.fresh++
		fmt.Fprintln(p.stdout, p.T("cli.import.outbox_fresh", name, r.Receipt))
	}
}

// nothingStored is a ledger for a dry run.
type nothingStored struct{ now func() time.Time }

// Append stores nothing.
func (l nothingStored) Append(_ context.Context, rs []survey.Response) ([]survey.Outcome, error) {
	out := make([]survey.Outcome, len(rs))
	for i, r := range rs {
		out[i] = survey.Outcome{ReceivedAt: l.now(), State: r.State}
	}
	return out, nil
}
