package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"text/tabwriter"

	"sipas/internal/survey"
)

// indexCommand prints the index of a unit. It reads the tallies and the rows
// past them, like a page; a published wave is read as it was frozen.
type indexCommand struct {
	Wave   string `required:"" placeholder:"WAVE" help:"cli.flag.wave"`
	Unit   string `placeholder:"UNIT" help:"cli.flag.unit"`
	By     string `default:"factor" enum:"factor,item,unit" placeholder:"factor|item|unit" help:"cli.flag.by"`
	Format string `default:"table" enum:"table,json,csv" placeholder:"table|json|csv" help:"cli.flag.index_format"`

	From    string `placeholder:"DATE" help:"cli.flag.from"`
	To      string `placeholder:"DATE" help:"cli.flag.to"`
	Channel string `placeholder:"CHANNEL" help:"cli.flag.channel"`
}

func (c *indexCommand) run(ctx context.Context, p *program) error {
	a, err := p.openExisting(ctx)
	if err != nil {
		return err
	}
	defer a.close()
	w, unit, err := a.waveAndUnit(c.Wave, c.Unit)
	if err != nil {
		return err
	}
	q := survey.Query{Wave: w.ID, Units: []survey.UnitCode{unit}, Channel: survey.Channel(c.Channel)}
	if q.Channel != "" && !slices.Contains(survey.Channels, q.Channel) {
		return p.usage("cli.bad_channel", c.Channel)
	}
	if q.Period, err = p.period(c.From, c.To); err != nil {
		return err
	}
	if c.By == "unit" {
		days := q.Period
		if days.Whole() {
			days = survey.Period{From: w.From, To: w.To}
		}
		q.Units = append(q.Units, a.catalog().Tree.ChildrenIn(unit, days)...)
	}
	reading, err := a.reader().Read(ctx, q)
	if err != nil {
		return err
	}
	reports, err := a.reports(ctx, reading, q)
	if err != nil {
		return err
	}
	switch c.Format {
	case "json":
		return c.json(p, reports)
	case "csv":
		return a.indexCSV(c.By, reports)
	}
	return a.indexTable(c.By, reports, reading)
}

// reports returns the report of each unit: frozen, if the wave is published and
// all of it is asked for. A unit that has no frozen one had no response.
func (a *app) reports(ctx context.Context, reading survey.Reading, q survey.Query) ([]survey.Report, error) {
	var all []survey.Report
	for _, u := range q.Units {
		r := reading.Report(u)
		if reading.Wave.State == survey.Published && q.Period.Whole() && q.Channel == "" {
			frozen, err := a.store.Snapshot(ctx, reading.Wave.ID, u)
			switch {
			case err == nil:
				r = frozen
			case survey.KindOf(err) != survey.NotFound:
				return nil, err
			}
		}
		all = append(all, r)
	}
	return all, nil
}

// json prints the object of /api/v1/index; by unit, a list of them.
func (c *indexCommand) json(p *program, reports []survey.Report) error {
	e := json.NewEncoder(p.stdout)
	e.SetIndent("", "  ")
	if c.By == "unit" {
		return e.Encode(reports)
	}
	return e.Encode(reports[0])
}

// indexRow is one line of a table or of a CSV.
type indexRow struct {
	level, code, name string
	survey.ReportFigure
	n int64
}

// indexRows lists what is asked for: the whole first, then its parts.
func (a *app) indexRows(by string, reports []survey.Report) []indexRow {
	if by == "unit" {
		var rows []indexRow
		for _, r := range reports {
			u, _ := a.catalog().Tree.Unit(r.Unit)
			rows = append(rows, indexRow{"unit", string(u.Code), u.Name, r.Overall, r.N})
		}
		return rows
	}
	r := reports[0]
	in := a.byID[r.Instrument]
	rows := []indexRow{{"overall", "", a.T("cli.index.overall"), r.Overall, r.N}}
	i := 0
	for d, domain := range in.Domains {
		rows = append(rows, indexRow{"domain", domain.Code, domain.Title.In(a.Lang), r.Domains[d], r.N})
		for _, f := range domain.Factors {
			rows = append(rows, indexRow{"factor", r.Factors[i].Code, f.Title.In(a.Lang), r.Factors[i], r.N})
			i++
			for _, it := range r.Items {
				for _, code := range f.Items {
					if by == "item" && it.Code == string(code) {
						rows = append(rows, indexRow{"item", it.Code, in.Question(code).ShortText(a.Lang), it.ReportFigure, r.N})
					}
				}
			}
		}
	}
	return rows
}

func (a *app) indexTable(by string, reports []survey.Report, reading survey.Reading) error {
	r := reports[0]
	u, _ := a.catalog().Tree.Unit(r.Unit)
	fmt.Fprintln(a.stdout, a.T("cli.index.head", reading.Wave.Name, string(r.Wave), u.Name, string(r.Instrument)))
	if r.Watermark.At == nil {
		fmt.Fprintln(a.stdout, a.T("cli.index.empty"))
	} else {
		fmt.Fprintln(a.stdout, a.T("cli.index.mark", r.N, a.DateTime(r.Watermark.At.In(a.zone)), r.Watermark.Seq))
	}
	if reading.Behind > 0 && r.PublishedAt == nil {
		fmt.Fprintln(a.stdout, a.T("cli.index.behind", reading.Behind))
	}
	if r.PublishedAt != nil {
		fmt.Fprintln(a.stdout, a.T("cli.index.published", a.DateTime(r.PublishedAt.In(a.zone))))
	}
	if reading.Wave.Synthetic {
		fmt.Fprintln(a.stdout, a.T("common.demo"))
	}
	fmt.Fprintln(a.stdout)
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, a.T("cli.index.columns"))
	for _, row := range a.indexRows(by, reports) {
		percent := a.T("cli.index.none")
		if row.Percent.Known {
			percent = a.Percent(row.Percent.Value, r.Spec.Decimals)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", indent(row.level)+row.code, percent, a.Int(row.Satisfied), a.Int(row.Answered), row.name)
	}
	return w.Flush()
}

func indent(level string) string {
	return map[string]string{"domain": "  ", "factor": "    ", "item": "      "}[level]
}

// indexCSV prints percentages in full precision; empty where nobody answered.
func (a *app) indexCSV(by string, reports []survey.Report) error {
	w := csv.NewWriter(a.stdout)
	r := reports[0]
	records := [][]string{{"wave", "unit", "level", "code", "name", "percent", "satisfied", "answered", "n", "watermark"}}
	for _, row := range a.indexRows(by, reports) {
		unit, percent := string(r.Unit), ""
		if by == "unit" {
			unit = row.code
		}
		if row.Percent.Known {
			percent = strconv.FormatFloat(row.Percent.Value, 'g', -1, 64)
		}
		records = append(records, []string{
			string(r.Wave), unit, row.level, row.code, row.name, percent, strconv.FormatInt(row.Satisfied, 10),
			strconv.FormatInt(row.Answered, 10), strconv.FormatInt(row.n, 10), strconv.FormatInt(r.Watermark.Seq, 10),
		})
	}
	return w.WriteAll(records)
}
