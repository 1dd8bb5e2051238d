package web

import (
	"context"
	"slices"
	"strings"

	"sipas/internal/book"
	"sipas/internal/estimate"
	"sipas/internal/survey"
)

// remap says what the people of the units that a unit was made of answered in the
// survey before, as if it had been there then. Indices of units do not add up to
// one, nor does their mean; responses do.
func (s *server) remap(ctx context.Context, v viewer, p *bookPage, rs []book.Result) error {
	for _, r := range rs {
		before, origins := s.surveyBefore(v.cat, r)
		if before == nil {
			continue
		}
		say, err := s.remapped(ctx, v, p.staffPage, r, before, origins)
		if err != nil {
			return err
		}
		p.Across = append(p.Across, say)
	}
	return nil
}

// surveyBefore is the last published sample before that of a result, by the same
// type, if several units of its day made the unit what it is, and which.
func (s *server) surveyBefore(cat *survey.Catalog, r book.Result) (*survey.Wave, []survey.Origin) {
	now := cat.Waves[r.Wave]
	if now == nil {
		return nil, nil
	}
	before := s.sampleBefore(cat, r.Type, now)
	if before == nil {
		return nil, nil
	}
	origins := cat.OriginsUntil(r.Unit, before.To, now.To) // who joined after the survey now is in neither
	switch how := survey.Pool(r.Unit, origins); {
	case how == survey.PooledByShare, how == survey.PooledWhole && len(origins) > 1: // with the only one pages compare as it is
		return before, origins
	}
	return nil, nil
}

// sampleBefore is the last published sample of a type that ended before a wave
// began, or nil.
func (s *server) sampleBefore(cat *survey.Catalog, code book.TypeCode, now *survey.Wave) (before *survey.Wave) {
	for _, w := range cat.Waves {
		if w.State != survey.Published || !w.Random() || w.To >= now.From || before != nil && w.From <= before.From {
			continue
		}
		if t := s.Indices.OfInstrument(w.Instrument); t != nil && t.Code == code {
			before = w
		}
	}
	return before
}

// remapped is the sentence. Where one of the units has too few responses to be
// shown there is no figure: the others would tell of it.
func (s *server) remapped(ctx context.Context, v viewer, p staffPage, r book.Result, before *survey.Wave, origins []survey.Origin) (string, error) {
	var units []survey.UnitCode
	var names []string
	for _, o := range origins {
		unit, _ := v.cat.Tree.Unit(o.Unit)
		units, names = append(units, o.Unit), append(names, unit.Name)
		report, err := s.published.report(ctx, before.ID, o.Unit)
		if err != nil && survey.KindOf(err) != survey.NotFound {
			return "", err
		}
		if err != nil || report.N == nil || !report.Overall.Percent.Known {
			return p.T("book.remap.few", before.Name, unit.Name), nil
		}
	}
	reading, err := s.Reader.Read(ctx, survey.Query{Wave: before.ID, Units: slices.Clone(units)})
	if err != nil {
		return "", err
	}
	sum, how, ok := survey.Remapped(r.Unit, origins, reading.Tallies)
	x := reading.Instrument.Index(sum)
	if !ok || !x.Overall.Percent.Known {
		return p.T("book.remap.few", before.Name, strings.Join(names, ", ")), nil
	}
	short := s.Indices.Type(r.Type).Short.In(p.Lang)
	say := p.T("book.remap."+string(how), short, strings.Join(names, ", "), before.Name, p.Percent(x.Overall.Percent.Value, 2), x.N)
	now, known, err := s.publishedKnown(ctx, &r)
	if err != nil || !known || how != survey.PooledWhole {
		return say, err // a share of a count has no sampling error to speak of
	}
	estimate.Rough(before, reading.Instrument, &x)
	d := estimate.Between(estimate.Known{Percent: x.Overall.Percent.Value, Precision: x.Overall.Precision}, now)
	chance := book.Untested
	switch {
	case d.Real():
		chance = book.Beyond
	case d.Tested():
		chance = book.Noise
	}
	return say + " " + p.T("book.remap.change", p.Signed(now.Percent-x.Overall.Percent.Value, 2), p.T("book.conf.chance."+string(chance))), nil
}
