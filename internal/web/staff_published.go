package web

import (
	"context"
	"math"

	"sipas/internal/survey"
)

// publishedLine says what was published of the chosen unit, if the whole of a
// published wave is looked at: that this page shows the same, or why not. What
// is published is frozen, and this page computes from what is stored.
func (s *server) publishedLine(ctx context.Context, f *figures) (string, error) {
	c := f.c
	if c.Wave.State != survey.Published || !c.Period.Whole() || c.Channel != "" {
		return "", nil
	}
	r, err := s.published.report(ctx, c.Wave.ID, c.Unit.Code)
	switch {
	case survey.KindOf(err) == survey.NotFound && err != nil: // above all that the wave covered
		return f.p.T("published.not_covered"), nil
	case err != nil:
		return "", err
	case r.Suppressed || !r.Overall.Percent.Known:
		return f.p.T("published.hidden"), nil
	}
	return f.asPublished(r.Report), nil
}

// asPublished compares r, which was published, with what the page shows.
func (f *figures) asPublished(r survey.Report) string {
	now := overallOf(f.index(f.c.Unit.Code))
	said := f.p.T("published.said", f.p.Percent(r.Overall.Percent.Value, 2), r.N, f.p.Date(f.c.Wave.PublishedAt.In(f.v.zone)))
	switch x := f.index(f.c.Unit.Code); {
	case !now.shown():
		return said
	case x.N != r.N:
		return said + " " + f.p.T("published.other_people", x.N)
	case math.Abs(now.Value-r.Overall.Percent.Value) > 1e-9:
		return said + " " + f.p.T("published.other_rule")
	}
	return said + " " + f.p.T("published.same")
}
