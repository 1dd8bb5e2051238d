package web

import (
	"context"
	"slices"
	"strings"

	"sipas/internal/book"
	"sipas/internal/estimate"
	"sipas/internal/survey"
)

// acrossOf is what units of a catalog can be compared with.
type acrossOf struct {
	cat   *survey.Catalog
	lines book.Lines
}

// across says what units can be compared with across reorganisations.
func (s *server) across(cat *survey.Catalog) book.Lines {
	kept := s.lines.Load()
	if kept == nil || kept.cat != cat {
		kept = &acrossOf{cat, book.NewLines(cat)}
		s.lines.Store(kept)
	}
	return kept.lines
}

func (v viewer) named(code survey.UnitCode) string {
	unit, _ := v.cat.Tree.Unit(code)
	return unit.Name
}

// pooledFigure is what responses of former units come to, put together, and how
// sure that is.
type pooledFigure struct {
	book.Pooled

	known estimate.Known // only where all of them passed whole: a share of a count has no sampling error to speak of
}

// pools are the pooled figures beside results of one type, by unit.
type pools map[survey.UnitCode]*pooledFigure

// figure is what is compared with; nil of nil.
func (f *pooledFigure) figure() *book.Pooled {
	if f == nil {
		return nil
	}
	return &f.Pooled
}

func (ps pools) figures() map[survey.UnitCode]*book.Pooled {
	of := make(map[survey.UnitCode]*book.Pooled, len(ps))
	for u, f := range ps {
		of[u] = &f.Pooled
	}
	return of
}

// pool says of results of one type what the people of the units that each of their
// units was made of answered in the survey of a year, as if it had been there
// then. Where nothing was sampled in that year, or it is 0, it is the last survey
// before. Units that are what they were have none, nor have those of whom it is
// not known how much they got of whom. All are read at once.
func (s *server) pool(ctx context.Context, v viewer, lines book.Lines, rs []book.Result, year int) (pools, error) {
	found := pools{}
	samples := map[*survey.Wave]*survey.Wave{}
	origins := map[survey.UnitCode][]survey.Origin{}
	units := map[*survey.Wave][]survey.UnitCode{}
	of := map[*survey.Wave][]survey.UnitCode{}
	for i := range rs {
		now := v.cat.Waves[rs[i].Wave]
		if now == nil {
			continue
		}
		before, ok := samples[now]
		if !ok {
			before = s.sampleBefore(v.cat, rs[i].Type, now, year)
			samples[now] = before
		}
		if before == nil {
			continue
		}
		if list := lines.Pool(&rs[i], before); len(list) > 0 {
			u := rs[i].Unit
			origins[u], of[before] = list, append(of[before], u)
			for _, o := range list {
				units[before] = append(units[before], o.Unit)
			}
		}
	}
	for wave := range of {
		in, err := s.answered(ctx, wave, units[wave])
		if err != nil {
			return nil, err
		}
		for _, u := range of[wave] {
			found[u] = in.together(v.cat.Tree, u, origins[u])
		}
	}
	return found, nil
}

// formerSurveys are the years of published samples, before the unit's first result
// from one, whose responses can be put together to those of its people.
func (s *server) formerSurveys(cat *survey.Catalog, ch bookChoice) (years []int) {
	for _, w := range cat.Waves {
		if w.State != survey.Published || !w.Random() || s.Indices.OfInstrument(w.Instrument) == nil {
			continue
		}
		for i := range ch.all {
			r := &ch.all[i]
			if r.Wave != "" && r.Type == s.Indices.OfInstrument(w.Instrument).Code && w.To < cat.Waves[r.Wave].From && ch.lines.Pool(r, w) != nil {
				years = append(years, w.From.Date().Year())
				break
			}
		}
	}
	return years
}

// sampleBefore is the last published sample of a type and year that ended before a
// wave began, or of any year if there is none, or nil.
func (s *server) sampleBefore(cat *survey.Catalog, code book.TypeCode, now *survey.Wave, year int) (before *survey.Wave) {
	asked := func(w *survey.Wave) bool { return w.From.Date().Year() == year }
	for _, w := range cat.Waves {
		if w.State != survey.Published || !w.Random() || w.To >= now.From {
			continue
		}
		if before != nil && (asked(before) && !asked(w) || asked(before) == asked(w) && w.From <= before.From) {
			continue
		}
		if t := s.Indices.OfInstrument(w.Instrument); t != nil && t.Code == code {
			before = w
		}
	}
	return before
}

// formerAnswers are what people of some units answered in a published survey.
type formerAnswers struct {
	survey.Reading

	hidden map[survey.UnitCode]bool // too few of them answered to be shown, or nobody was asked
}

// answered reads them. Who is not shown is not read.
func (s *server) answered(ctx context.Context, wave *survey.Wave, units []survey.UnitCode) (formerAnswers, error) {
	a := formerAnswers{hidden: map[survey.UnitCode]bool{}}
	slices.Sort(units)
	units = slices.Compact(units)
	var shown []survey.UnitCode
	for _, u := range units {
		report, err := s.published.report(ctx, wave.ID, u)
		if err != nil && survey.KindOf(err) != survey.NotFound {
			return a, err
		}
		if a.hidden[u] = err != nil || report.N == nil || !report.Overall.Percent.Known; !a.hidden[u] {
			shown = append(shown, u)
		}
	}
	var err error
	a.Reading, err = s.Reader.Read(ctx, survey.Query{Wave: wave.ID, Units: shown})
	return a, err
}

// together is the figure of a unit. Where one of its origins is hidden there is
// none: the others would tell of it.
func (a formerAnswers) together(tree *survey.Tree, u survey.UnitCode, origins []survey.Origin) *pooledFigure {
	f := &pooledFigure{Pooled: book.Pooled{Survey: a.Wave.Name, Year: a.Wave.From.Date().Year(), How: survey.Pool(u, origins)}}
	var names []string
	for _, o := range origins {
		unit, _ := tree.Unit(o.Unit)
		if names = append(names, unit.Name); a.hidden[o.Unit] && f.Few == "" {
			f.Few = unit.Name
		}
	}
	if f.Of = strings.Join(names, ", "); f.Few != "" {
		return f
	}
	sum, how, ok := survey.Remapped(u, origins, a.Tallies)
	x := a.Instrument.Index(sum)
	if !ok || !x.Overall.Percent.Known {
		f.Few = f.Of
		return f
	}
	f.Percent, f.N = x.Overall.Percent, x.N
	if how == survey.PooledWhole {
		estimate.Rough(a.Wave, a.Instrument, &x)
		f.known = estimate.Known{Percent: f.Percent.Value, Precision: x.Overall.Precision}
	}
	return f
}

// tellPool says what was put together, and whether the figure now is more than
// chance away from it.
func (s *server) tellPool(ctx context.Context, p *bookPage, r book.Result, f *pooledFigure) error {
	if f == nil {
		return nil
	}
	say := p.T("book.pooled.of", s.Indices.Type(r.Type).Short.In(p.Lang), lowerFirst(p.words(f.Words())))
	now, known, err := s.publishedKnown(ctx, &r)
	if err != nil {
		return err
	}
	if known && f.How == survey.PooledWhole && f.Percent.Known {
		chance, d := book.Untested, estimate.Between(f.known, now)
		switch {
		case d.Real():
			chance = book.Beyond
		case d.Tested():
			chance = book.Noise
		}
		say += " " + p.T("book.pooled.change", p.Signed(now.Percent-f.Percent.Value, 2), p.T("book.conf.chance."+string(chance)))
	}
	p.Across = append(p.Across, say)
	return nil
}
