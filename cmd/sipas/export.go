package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"sipas/internal/export"
	"sipas/internal/survey"
)

type exportCommand struct {
	Responses exportResponses `cmd:"" help:"cli.export.responses"`
	Codebook  exportCodebook  `cmd:"" help:"cli.export.codebook"`
}

type exportResponses struct {
	Wave   string `required:"" placeholder:"WAVE" help:"cli.flag.wave"`
	Unit   string `placeholder:"UNIT" help:"cli.flag.unit"`
	From   string `placeholder:"DATE" help:"cli.flag.from"`
	To     string `placeholder:"DATE" help:"cli.flag.to"`
	Format string `default:"csv" placeholder:"csv|ndjson|xlsx" help:"cli.flag.format"`
	Out    string `required:"" short:"o" placeholder:"FILE" help:"cli.flag.out"`
}

func (c *exportResponses) run(ctx context.Context, p *program) error {
	period, err := p.period(c.From, c.To)
	if err != nil {
		return err
	}
	a, err := p.openExisting(ctx)
	if err != nil {
		return err
	}
	defer a.close()
	req := export.Request{Wave: survey.WaveID(c.Wave), Unit: survey.UnitCode(c.Unit), Period: period, Format: export.Format(c.Format)}
	m, err := export.WriteFile(ctx, a.exporter(), req, c.Out, p.progress())
	if err != nil {
		return err
	}
	if err := export.WriteManifest(c.Out, m); err != nil {
		return err
	}
	p.say("cli.export.done", m.Rows, c.Out, m.SHA256)
	return nil
}

// period reads two dates; they come together or not at all.
func (p *program) period(from, to string) (period survey.Period, err error) {
	if from == "" && to == "" {
		return survey.Period{}, nil
	}
	if period.From, err = survey.ParseDay(from); err == nil {
		period.To, err = survey.ParseDay(to)
	}
	if err != nil {
		return survey.Period{}, p.usage("cli.bad_period", from, to)
	}
	return period, nil
}

// progress returns a callback that shows how far an export is, on a terminal;
// nil elsewhere, where it would only fill a log.
func (p *program) progress() func(export.Progress) {
	if !isTerminal(p.stderr) {
		return nil
	}
	last := time.Time{}
	return func(at export.Progress) {
		now := p.now()
		if at.Percent() < 100 && now.Sub(last) < 200*time.Millisecond {
			return
		}
		last = now
		fmt.Fprintf(p.stderr, "\r%3d %%  %s", at.Percent(), p.T("cli.export.rows", at.Rows))
		if at.Percent() == 100 {
			fmt.Fprintln(p.stderr)
		}
	}
}

// isTerminal reports whether a stream of this process is a terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// exportCodebook explains the columns of a questionnaire's files. It needs no
// database.
type exportCodebook struct {
	Instrument string `required:"" placeholder:"ID" help:"cli.flag.instrument"`
	Format     string `default:"csv" enum:"csv,html" placeholder:"csv|html" help:"cli.flag.codebook_format"`
	Out        string `required:"" short:"o" placeholder:"FILE" help:"cli.flag.out"`
}

func (c *exportCodebook) run(_ context.Context, p *program) error {
	set, err := builtin()
	if err != nil {
		return err
	}
	in := set.ByID(survey.InstrumentID(c.Instrument))
	if in == nil {
		return p.no("wave.unknown_instrument", c.Instrument)
	}
	book := export.NewCodebook(in)
	text := book.CSV()
	if c.Format == "html" {
		if text, err = book.HTML(p.Lang, ""); err != nil {
			return err
		}
	}
	return os.WriteFile(c.Out, text, 0o600)
}
