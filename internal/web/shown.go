package web

import (
	"context"

	"sipas/internal/survey"
)

// Shown reads the reports of a published wave that anyone may see, of the units
// that it covered; those which the veil hides are left out.
func Shown(ctx context.Context, store survey.TallyStore, catalog func() *survey.Catalog, least int64, wave survey.WaveID) ([]survey.Report, error) {
	c := catalog()
	w := c.Waves[wave]
	if w == nil {
		return nil, survey.Missing("web.Shown", "wave.unknown", string(wave))
	}
	p := &published{store: store, catalog: catalog, least: least}
	var reports []survey.Report
	seen := map[survey.UnitCode]bool{}
	for _, root := range w.Units {
		for _, u := range c.Tree.Subtree(root) {
			if seen[u] {
				continue
			}
			seen[u] = true
			r, err := p.report(ctx, wave, u)
			switch {
			case err != nil && survey.KindOf(err) == survey.NotFound: // nobody answered there
			case err != nil:
				return nil, err
			case !r.Suppressed:
				reports = append(reports, r.Report)
			}
		}
	}
	return reports, nil
}
