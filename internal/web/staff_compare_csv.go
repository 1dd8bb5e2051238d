package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

// compareCSV is the comparison for a spreadsheet. What is too few to be shown is
// empty.
func (s *server) compareCSV(c *fiber.Ctx) error {
	v := s.viewer(c)
	ch, err := v.choose(queryOf(c), "")
	if err != nil {
		return err
	}
	if ch.Wave == nil {
		return survey.Missing("web.compareCSV", "wave.unknown", "")
	}
	x, err := s.readComparison(c.UserContext(), v, s.staff(c, v, "compare"), ch, queryOf(c))
	if err != nil {
		return err
	}
	if x.nothing != "" {
		return survey.Missing("web.compareCSV", x.nothing)
	}
	out := [][]string{{
		"figure", "name", "a", "a_percent", "a_n", "a_low", "a_high", "b", "b_percent", "b_n", "b_low", "b_high",
		"difference", "difference_low", "difference_high", "beyond_chance", "watermark",
	}}
	number := func(v float64, ok bool) string {
		if !ok {
			return ""
		}
		return strconv.FormatFloat(v, 'f', 6, 64)
	}
	people := func(m measure) string {
		if !m.shown() {
			return ""
		}
		return strconv.FormatInt(m.N, 10)
	}
	for _, r := range x.rows() {
		row := []string{string(r.Key), r.Name}
		for _, one := range []struct {
			side compareSide
			m    measure
		}{{x.a, r.a}, {x.b, r.b}} {
			w, sure := one.m.interval()
			row = append(row, one.side.Name, number(one.m.Value, one.m.shown()), people(one.m), number(w.Low, sure), number(w.High, sure))
		}
		tested := r.known && r.diff.Tested()
		clear := ""
		if tested {
			clear = strconv.FormatBool(r.clear)
		}
		out = append(out, append(row, number(r.points, r.known), number(r.diff.Low, tested), number(r.diff.High, tested), clear, strconv.FormatInt(x.f.now.Watermark.Seq, 10)))
	}
	return sendCSV(c, "sipas-compare-"+string(ch.Wave.ID), out)
}
