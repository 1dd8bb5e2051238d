package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"text/tabwriter"

	"sipas/internal/estimate"
	"sipas/internal/importer"
	"sipas/internal/survey"
)

// weighCommand prints an index whose people are weighed by what is known of the
// population. Unlike a page it reads responses, so it takes seconds.
type weighCommand struct {
	Wave    string `required:"" placeholder:"WAVE" help:"cli.flag.wave"`
	Unit    string `placeholder:"UNIT" help:"cli.flag.unit"`
	Margins string `required:"" placeholder:"FILE.csv" help:"cli.flag.margins"`
	Format  string `default:"table" enum:"table,json" placeholder:"table|json" help:"cli.flag.weigh_format"`
}

func (c *weighCommand) run(ctx context.Context, p *program) error {
	in, done, err := p.input(c.Margins)
	if err != nil {
		return err
	}
	defer done()
	a, err := p.openExisting(ctx)
	if err != nil {
		return err
	}
	defer a.close()
	w, unit, err := a.waveAndUnit(c.Wave, c.Unit)
	if err != nil {
		return err
	}
	margins, err := importer.Margins(in, a.byID[w.Instrument], a.catalog().Tree, unit)
	if err != nil {
		return p.badFile(c.Margins, err)
	}
	r, err := a.weigh(ctx, w, unit, margins)
	if err != nil {
		return p.badFile(c.Margins, err)
	}
	if !r.Raking.Converged {
		return p.no("weigh.not_converged", r.Raking.Rounds, p.Decimal(100*r.Raking.Largest, 2))
	}
	if c.Format == "json" {
		e := json.NewEncoder(p.stdout)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	return a.weighTable(w, r)
}

// weighing is what the command prints.
type weighing struct {
	Wave      survey.WaveID     `json:"wave"`
	Unit      survey.UnitCode   `json:"unit"`
	N         int64             `json:"n"`         // people weighed
	Unplaced  int64             `json:"unplaced"`  // left out
	Watermark int64             `json:"watermark"` // the last response looked at
	Raking    weighingRaking    `json:"raking"`
	Figures   []weighingFigures `json:"figures"`
}

type weighingRaking struct {
	Margins   int     `json:"margins"`
	Rounds    int     `json:"rounds"`
	Largest   float64 `json:"largest"` // how far the worst cell is off, relative
	Converged bool    `json:"converged"`
	Least     float64 `json:"least"` // weight ÷ mean weight
	Most      float64 `json:"most"`
}

// weighingFigures is one figure, plain and weighed. What is nil is not known.
type weighingFigures struct {
	Level   string   `json:"level"`
	Code    string   `json:"code"`
	Plain   *float64 `json:"plain"`
	Percent *float64 `json:"percent"`
	Low     *float64 `json:"low"`
	High    *float64 `json:"high"`
	Deff    *float64 `json:"deff"`
	name    string
}

// weigh reads the counted responses of a wave at and below a unit, as far as they
// have been judged, and weighs them.
func (a *app) weigh(ctx context.Context, w *survey.Wave, unit survey.UnitCode, margins []survey.Margin) (r weighing, err error) {
	if err := a.foldAll(ctx); err != nil {
		return r, err
	}
	tree, instrument := a.catalog().Tree, a.byID[w.Instrument]
	filter := survey.Filter{Wave: w.ID, Units: map[survey.UnitCode]bool{}}
	for _, u := range tree.Subtree(unit) {
		filter.Units[u] = true
	}
	mark, err := a.store.Watermark(ctx)
	if err != nil {
		return r, err
	}
	people := estimate.NewWeighing(w, instrument, tree, margins)
	for last, seq := int64(-1), int64(0); last != seq; {
		last = seq
		err := a.store.EachResponse(ctx, filter, seq, survey.FoldBatch, func(r *survey.Response) error {
			if r.Seq > mark.Seq {
				return nil
			}
			if seq = r.Seq; r.State != survey.Counted {
				return nil
			}
			return people.Add(r)
		})
		if err != nil {
			return r, err
		}
	}
	weighed, err := people.Weigh()
	if err != nil {
		return r, err
	}
	k := weighed.Raking
	r = weighing{
		Wave: w.ID, Unit: unit, N: weighed.Index.N, Unplaced: weighed.Unplaced, Watermark: mark.Seq,
		Raking: weighingRaking{len(margins), k.Rounds, k.Largest, k.Converged, weighed.Least, weighed.Most},
	}
	r.list(a, instrument, &weighed)
	return r, nil
}

// list lists the figures: the whole first, then its parts.
func (r *weighing) list(a *app, in *survey.Instrument, w *estimate.Weighed) {
	add := func(level, code, name string, plain, of survey.Figure) {
		f := weighingFigures{Level: level, Code: code, name: name}
		if of.Percent.Known {
			f.Plain, f.Percent = &plain.Percent.Value, &of.Percent.Value
			if p := of.Precision; p.Known() {
				f.Low, f.High, f.Deff = &p.Low, &p.High, &p.Deff
			}
		}
		r.Figures = append(r.Figures, f)
	}
	add("overall", "", a.T("cli.index.overall"), w.Plain.Overall, w.Index.Overall)
	factor, item := 0, 0
	for i, d := range in.Domains {
		add("domain", d.Code, d.Title.In(a.Lang), w.Plain.Domains[i].Figure, w.Index.Domains[i].Figure)
		for _, f := range d.Factors {
			add("factor", f.Code, f.Title.In(a.Lang), w.Plain.Factors[factor].Figure, w.Index.Factors[factor].Figure)
			factor++
			for _, code := range f.Items {
				add("item", string(code), in.Question(code).ShortText(a.Lang), w.Plain.Items[item].Figure, w.Index.Items[item].Figure)
				item++
			}
		}
	}
}

func (a *app) weighTable(w *survey.Wave, r weighing) error {
	u, _ := a.catalog().Tree.Unit(r.Unit)
	fmt.Fprintln(a.stdout, a.T("cli.index.head", w.Name, string(w.ID), u.Name, string(w.Instrument)))
	fmt.Fprintln(a.stdout, a.T("weigh.people", r.N, r.Unplaced, r.Watermark))
	k := r.Raking
	fmt.Fprintln(a.stdout, a.T("weigh.raking", k.Margins, k.Rounds, a.Decimal(k.Least, 2), a.Decimal(k.Most, 2)))
	if !w.Random() {
		fmt.Fprintln(a.stdout, a.T("weigh.volunteers"))
	}
	if w.Synthetic {
		fmt.Fprintln(a.stdout, a.T("common.demo"))
	}
	fmt.Fprintln(a.stdout)
	t := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, a.T("weigh.columns"))
	percent := func(v *float64) string {
		if v == nil || math.IsNaN(*v) {
			return "–"
		}
		return a.Percent(*v, 2)
	}
	for _, f := range r.Figures {
		deff := "–"
		if f.Deff != nil {
			deff = a.Decimal(*f.Deff, 2)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", indent(f.Level)+f.Code, percent(f.Plain), percent(f.Percent), percent(f.Low), percent(f.High), deff, f.name)
	}
	return t.Flush()
}
