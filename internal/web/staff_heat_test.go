package web

import (
	"fmt"
	"strings"
	"testing"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

// manyUnits are the figures of a wave with n units below one: of each unit the
// same factor and item, at value(i) by count(i) people.
func manyUnits(design survey.Design, n int, value func(i int) float64, count func(i int) int64) (*figures, []survey.UnitCode) {
	index := func(m measure) survey.Index {
		item := survey.ItemFigure{Figure: figureOf(design, m), Code: "A"}
		return survey.Index{
			N: m.N, People: m.N, Overall: figureOf(design, m), Items: []survey.ItemFigure{item},
			Factors: []survey.FactorFigure{{Code: "f", N: m.N, Figure: figureOf(design, m)}},
		}
	}
	list := []survey.Unit{{Code: "top", ValidFrom: 100, ValidTo: survey.Always}}
	indices := map[survey.UnitCode]survey.Index{"top": index(of(80, 5000))}
	var below []survey.UnitCode
	for i := range n {
		code := survey.UnitCode(fmt.Sprintf("u%02d", i))
		list = append(list, survey.Unit{Code: code, Name: "Xã " + string(code), Parent: "top", ValidFrom: 100, ValidTo: survey.Always})
		indices[code] = index(of(value(i), count(i)))
		below = append(below, code)
	}
	in := (&survey.Instrument{
		Domains:  []survey.Domain{{Code: "d", Factors: []survey.Factor{{Code: "f", Title: survey.Text{"vi": "Yếu tố"}, Items: []survey.ItemCode{"A"}}}}},
		Sections: []survey.Section{{Questions: []*survey.Question{{Code: "A", Text: survey.Text{"vi": "Tiêu chí"}}}}},
	}).Seal()
	cat := &survey.Catalog{Tree: survey.NewTree(list)}
	return &figures{
		p: locale.For("vi"), v: viewer{cat: cat}, steps: heatSteps{3, 7, 10},
		c:   choice{Wave: &survey.Wave{ID: "w", Design: design}, Unit: list[0]},
		now: survey.Reading{Indices: indices, Instrument: in},
	}, below
}

// All pages together hold every unit with a response once, and the highest are
// on each of them.
func TestHeatMapPages(t *testing.T) {
	for _, c := range []struct{ units, few, none, pages int }{
		{1, 0, 0, 1}, {13, 2, 0, 1}, {14, 0, 3, 2}, {54, 3, 2, 6}, {54, 54, 0, 6},
	} {
		f, below := manyUnits(survey.Probability, c.units+c.none, func(i int) float64 { return float64(99 - i) }, func(i int) int64 {
			switch {
			case i >= c.units:
				return 0
			case i < c.few:
				return 9
			}
			return 400
		})
		seen := map[survey.UnitCode]int{}
		tops := 0
		for page := range c.pages {
			h := f.heatMap(below, false, page)
			gap := false
			for _, col := range h.Columns {
				if gap = gap || col.Gap; gap {
					tops++
				} else {
					seen[col.Code]++
				}
			}
			if last := page == c.pages-1; (h.After == "") != last || (h.Before == "") != (page == 0) {
				t.Errorf("%+v: page %d leads to %q and %q", c, page, h.Before, h.After)
			}
		}
		want := c.units
		if c.pages > 1 {
			shown := min(heatTops, c.units-c.few)
			if want = c.units - shown; tops != shown*c.pages {
				t.Errorf("%+v: the highest stand in %d columns, want %d", c, tops, shown*c.pages)
			}
		}
		if len(seen) != want {
			t.Errorf("%+v: %d units on the pages, want %d", c, len(seen), want)
		}
		for u, n := range seen {
			if n != 1 {
				t.Errorf("%+v: %s is on %d pages", c, u, n)
			}
		}
	}
}

func TestHeatMapTitleClaimsNoNoise(t *testing.T) {
	people := func(n int64) func(int) int64 { return func(int) int64 { return n } }
	for _, c := range []struct {
		name   string
		design survey.Design
		value  func(i int) float64
		count  func(i int) int64
		want   string
	}{
		{"nobody differs", survey.Probability, func(int) float64 { return 80 }, people(400), "không nhiều hơn mức may rủi"},
		{"one in twelve differs", survey.Probability, func(i int) float64 { return []float64{60, 80}[min(i, 1)] }, people(400), "không nhiều hơn mức may rủi"},
		{"far, but of few people", survey.Probability, func(int) float64 { return 72 }, people(20), "không nhiều hơn mức may rủi"},
		{"all are low", survey.Probability, func(int) float64 { return 60 }, people(400), "Tiêu chí thấp hơn mức chung ở 12 trong 12 đơn vị"},
		{"all are high", survey.Probability, func(int) float64 { return 95 }, people(400), "0 trong 12 ô thấp hơn mức chung, 12 ô cao hơn"},
		{"whoever chose to answer", survey.Continuous, func(i int) float64 { return float64(60 + i) }, people(400), "không phải mẫu"},
		{"too few everywhere", survey.Probability, func(int) float64 { return 10 }, people(9), "Chưa đơn vị nào đủ phiếu"},
	} {
		f, below := manyUnits(c.design, 12, c.value, c.count)
		h := f.heatMap(below, false, 0)
		if got := f.heatTitle(h); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
		for _, cell := range append(h.Overall, h.Groups[0].Rows[0].Cells...) {
			switch coloured := strings.ContainsAny(cell.Class, "1245"); {
			case coloured && c.design == survey.Continuous, cell.Text != "" && c.count(0) < usualLeast:
				t.Errorf("%s: a cell is %+v", c.name, cell)
			}
		}
	}
}

// Where none of many units has enough, none of them stands on the right as one
// of the highest.
func TestHeatOfTooFewUnits(t *testing.T) {
	for n, want := range map[int64]string{9: "Đơn vị thứ 1–10 trong 40.", 400: "từ thấp lên, trong 40; bên phải:"} {
		f, below := manyUnits(survey.Continuous, 40, func(i int) float64 { return float64(50 + i) }, func(int) int64 { return n })
		if h := f.heatMap(below, false, 0); !strings.Contains(h.Which, want) {
			t.Errorf("of %d people: %q, want %q", n, h.Which, want)
		}
	}
}
