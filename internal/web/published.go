package web

import (
	"context"
	"sync"

	"sipas/internal/survey"
)

// published reads the figures that anyone may see. What is published never
// changes, so it is read once and kept.
type published struct {
	store   survey.TallyStore
	catalog func() *survey.Catalog
	reports sync.Map // of publishedKey → survey.Report
}

type publishedKey struct {
	wave survey.WaveID
	unit survey.UnitCode
}

// report returns the figures of unit as they were published, small groups
// taken out. It is NotFound for a wave that is not published or does not cover
// the unit.
func (p *published) report(ctx context.Context, wave survey.WaveID, unit survey.UnitCode) (publicReport, error) {
	key := publishedKey{wave, unit}
	if r, ok := p.reports.Load(key); ok {
		return p.withoutSmall(r.(survey.Report)), nil
	}
	r, err := p.store.Snapshot(ctx, wave, unit)
	if err != nil {
		return publicReport{}, err
	}
	p.reports.Store(key, r)
	return p.withoutSmall(r), nil
}

// publicReport is a report as anyone may see it. N is null where it would be
// of fewer than ten people.
type publicReport struct {
	survey.Report
	N          *int64 `json:"n"`
	Suppressed bool   `json:"suppressed"` // too few people answered: no figures
}

// peopleBehind is how many answered at least one item behind each domain, factor and
// item, and under "" behind the overall figure; Answered of a figure that
// combines items counts answers.
func peopleBehind(in *survey.Instrument, r survey.Report) map[string]int64 {
	most := map[string]int64{}
	for _, it := range r.Items {
		most[it.Code] = it.Answered
	}
	for _, d := range in.Domains {
		for _, f := range d.Factors {
			for _, item := range f.Items {
				for _, code := range []string{"", d.Code, d.Code + "." + f.Code} {
					most[code] = max(most[code], most[string(item)])
				}
			}
		}
	}
	if r.Spec.Overall == survey.Direct {
		most[""] = r.Overall.Answered
	}
	return most
}

// withoutSmall takes out what would show the answers of fewer than ten people:
// all of a small unit, and the figures that few answered of a larger one.
func (p *published) withoutSmall(r survey.Report) publicReport {
	out := publicReport{Report: r, N: &r.N}
	if r.N > 0 && r.N < fewest {
		out.N, out.Suppressed = nil, true
	}
	answered := map[string]int64{}
	if in := p.catalog().Instruments[r.Instrument]; in != nil {
		answered = peopleBehind(in, r)
	}
	hide := func(f survey.ReportFigure) survey.ReportFigure {
		if out.Suppressed || answered[f.Code] < fewest {
			return survey.ReportFigure{Code: f.Code}
		}
		return f
	}
	out.Report.Overall = hide(r.Overall)
	out.Report.Domains = hideAll(r.Domains, hide)
	out.Report.Factors = hideAll(r.Factors, hide)
	out.Report.Items = make([]survey.ReportItem, len(r.Items))
	for i, it := range r.Items {
		out.Report.Items[i] = survey.ReportItem{ReportFigure: hide(it.ReportFigure), Skipped: it.Skipped, Counts: it.Counts}
		if it.Answered > 0 && it.Answered < fewest || out.Suppressed {
			out.Report.Items[i].Skipped, out.Report.Items[i].Counts = 0, map[string]int64{}
		}
	}
	return out
}

func hideAll(figures []survey.ReportFigure, hide func(survey.ReportFigure) survey.ReportFigure) []survey.ReportFigure {
	out := make([]survey.ReportFigure, len(figures))
	for i, f := range figures {
		out[i] = hide(f)
	}
	return out
}
