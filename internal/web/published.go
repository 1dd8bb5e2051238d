package web

import (
	"context"
	"slices"
	"sync"

	"sipas/internal/survey"
)

// published reads the figures that anyone may see. What is published never
// changes, so it is read once and kept, and with it what of it is hidden.
type published struct {
	store   survey.TallyStore
	catalog func() *survey.Catalog
	least   int64

	mu    sync.Mutex
	waves map[survey.WaveID]*publishedFigures
}

// publishedFigures are the reports of one wave that were read so far.
type publishedFigures struct {
	in      *survey.Instrument
	tree    *survey.Tree
	veil    *veil
	reports map[survey.UnitCode]*survey.Report // nil: not covered
	people  map[survey.UnitCode]map[survey.ItemCode]int64
}

// report returns the figures of unit as they were published, without what must
// not be shown. It is NotFound for a wave that is not published or does not
// cover the unit.
func (p *published) report(ctx context.Context, wave survey.WaveID, unit survey.UnitCode) (publicReport, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.waves[wave]
	if f == nil {
		c := p.catalog()
		w := c.Waves[wave]
		if w == nil || c.Instruments[w.Instrument] == nil || w.State != survey.Published {
			return publicReport{}, survey.Missing("web.published", "wave.unknown", string(wave))
		}
		f = &publishedFigures{in: c.Instruments[w.Instrument], tree: c.Tree, reports: map[survey.UnitCode]*survey.Report{}, people: map[survey.UnitCode]map[survey.ItemCode]int64{}}
		f.veil = newVeil(p.least, f.in, f.tree, headcount{f.n, f.answered})
		if p.waves == nil {
			p.waves = map[survey.WaveID]*publishedFigures{}
		}
		p.waves[wave] = f
	}
	for _, u := range append(veilUnits(f.tree, []survey.UnitCode{unit}), unit) {
		if err := f.load(ctx, p.store, wave, u); err != nil {
			return publicReport{}, err
		}
	}
	r := f.reports[unit]
	if r == nil {
		return publicReport{}, survey.Missing("web.published", "unit.unknown", string(unit))
	}
	return f.withoutHidden(*r), nil
}

// load reads one report unless it is there.
func (f *publishedFigures) load(ctx context.Context, store survey.TallyStore, wave survey.WaveID, u survey.UnitCode) error {
	if _, ok := f.reports[u]; ok {
		return nil
	}
	r, err := store.Snapshot(ctx, wave, u)
	if err != nil && survey.KindOf(err) == survey.NotFound {
		f.reports[u] = nil
		return nil
	}
	if err != nil {
		return err
	}
	people := map[survey.ItemCode]int64{f.in.Spec.Direct: r.Overall.Answered}
	for _, it := range r.Items {
		people[survey.ItemCode(it.Code)] = it.Answered
	}
	f.reports[u], f.people[u] = &r, people
	return nil
}

// n is how many responses a unit had; one above all that the wave covered had
// those of the units below it.
func (f *publishedFigures) n(u survey.UnitCode) int64 {
	if r := f.reports[u]; r != nil {
		return r.N
	}
	n := int64(0)
	for _, c := range f.tree.Children(u) {
		n += f.n(c)
	}
	return n
}

func (f *publishedFigures) answered(u survey.UnitCode, q *survey.Question) int64 {
	if f.reports[u] != nil {
		return f.people[u][q.Code]
	}
	n := int64(0)
	for _, c := range f.tree.Children(u) {
		n += f.answered(c, q)
	}
	return n
}

// publicReport is a report without what must not be shown. N is null where that
// is all of it.
type publicReport struct {
	survey.Report
	N          *int64 `json:"n"`
	Suppressed bool   `json:"suppressed"` // too few people answered: no figures
}

// withoutHidden takes everything out of a report that the veil hides.
func (f *publishedFigures) withoutHidden(r survey.Report) publicReport {
	if !f.veil.hides(r.Unit) {
		return publicReport{Report: r, N: &r.N}
	}
	out := publicReport{Report: r, Suppressed: true}
	out.Report.N, out.Report.Overall = 0, survey.ReportFigure{}
	out.Report.Domains, out.Report.Factors = withoutNumbers(r.Domains), withoutNumbers(r.Factors)
	out.Report.Items = slices.Clone(r.Items)
	for i, it := range r.Items {
		out.Report.Items[i] = survey.ReportItem{ReportFigure: survey.ReportFigure{Code: it.Code}, Counts: map[string]int64{}}
	}
	return out
}

func withoutNumbers(figures []survey.ReportFigure) []survey.ReportFigure {
	out := slices.Clone(figures)
	for i, f := range figures {
		out[i] = survey.ReportFigure{Code: f.Code}
	}
	return out
}
