package web

import (
	"context"
	"fmt"
	"math"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

// deffSoFar says what the design effect of the overall index is so far, and
// with which one the plan was made: a plan whose guess was too low leads to
// wider intervals than it promised.
func (s *server) deffSoFar(ctx context.Context, v viewer, p locale.Printer, f fieldwork) (string, error) {
	planned := p.T("field.deff.planned", plannedDeff(p, f.rows))
	if f.wave.Sampling == survey.Simple {
		return p.T("field.deff.simple") + " " + planned, nil
	}
	units := []survey.UnitCode{f.unit.Code}
	now, _, err := s.readVeiled(ctx, survey.Query{Wave: f.wave.ID, Units: units, Precise: units})
	if err != nil {
		return "", fmt.Errorf("web.deffSoFar: %w", err)
	}
	m := overallOf(now.Indices[f.unit.Code])
	switch {
	case !m.shown():
		return p.T("field.deff.few") + " " + planned, nil
	case !m.precision.Known():
		of := figures{p: p, v: v}
		return p.T("field.deff.unknown", of.noInterval(m.precision)) + " " + planned, nil
	case math.IsNaN(m.precision.Deff):
		return p.T("field.deff.alike") + " " + planned, nil
	}
	deff := m.precision.Deff
	say := p.T("field.deff.so_far", p.Decimal(deff, 2), m.N)
	if deff > 1 { // below it an interval takes a few for alike by chance
		say += " " + p.T("field.deff.like", int64(math.Round(float64(m.N)/deff)))
	}
	return say + " " + planned, nil
}

// plannedDeff is the design effect that sizes were computed with, or from which
// to which where units have different ones.
func plannedDeff(p locale.Printer, rows []survey.Progress) string {
	lo, hi := math.Inf(1), 0.0
	for _, of := range rows {
		if of.Planned > 0 {
			lo, hi = min(lo, of.Deff), max(hi, of.Deff)
		}
	}
	if lo == hi {
		return p.Decimal(lo, 2)
	}
	return p.Decimal(lo, 2) + "–" + p.Decimal(hi, 2)
}
