package web

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

var unitResultsView = newView[unitResultsPage]("public/layout.html", "public/unit.html", "public/parts.html")

// unitResultsPage is the published figures of one unit.
type unitResultsPage struct {
	page
	Unit     string
	Code     survey.UnitCode
	Above    []resultRow // its ancestors, the root first
	Title    string
	Lead     string
	Hundred  *hundred
	Exact    string
	Best     *itemTable
	Worst    *itemTable
	Below    []resultRow
	Waves    []publishedWave
	Current  publishedWave
	Stamp    string
	How      string
	Few      int64
	Withheld bool // some figure on the page is of too few people
}

// hundred is the figure of a hundred people.
type hundred struct {
	Label                           string
	Satisfied, Neutral, Unsatisfied int
	Dots                            []person
}

// person is one of the hundred: a full circle, a small circle or a square, so
// that they differ without colour.
type person struct{ Kind, X, Y, R int }

// itemTable is the best or the worst items.
type itemTable struct {
	Title, Sub string
	Rows       []resultRow
}

// unitResults answers GET /results/{unit}.
func (s *server) unitResults(c *fiber.Ctx) error {
	const op = "web.unitResults"
	catalog := s.Catalog()
	unit, ok := catalog.Tree.Unit(survey.UnitCode(c.Params("unit")))
	if !ok {
		return survey.Missing(op, "unit.unknown", cut(c.Params("unit")))
	}
	pg := unitResultsPage{page: s.page(c), Unit: unit.Name, Code: unit.Code, Few: s.least()}
	for _, w := range s.publishedWaves(catalog, pg.Printer) {
		if catalog.Waves[w.ID].Covers(catalog.Tree, unit.Code) {
			pg.Waves = append(pg.Waves, w)
		}
	}
	w := pickWave(catalog, pg.Waves, survey.WaveID(c.Query("wave")))
	if w == nil {
		return survey.Missing(op, "public.results.none")
	}
	r, err := s.published.report(c.UserContext(), w.ID, unit.Code)
	if err != nil && survey.KindOf(err) != survey.NotFound {
		return err
	}
	pg.Current, pg.Demo = markCurrent(pg.Waves, w.ID), w.Synthetic
	line := catalog.Tree.Lineage(unit.Code)
	slices.Reverse(line)
	for _, u := range line[:len(line)-1] {
		if a, _ := catalog.Tree.Unit(u); w.Covers(catalog.Tree, u) {
			pg.Above = append(pg.Above, resultRow{Code: u, Name: a.Name})
		}
	}
	pg.fill(catalog.Instruments[w.Instrument], w, r)
	below := catalog.Tree.ChildrenIn(unit.Code, survey.Period{From: w.From, To: w.To})
	if pg.Below, err = s.rows(c.UserContext(), pg.Printer, catalog, w, below, benchOf(w, r)); err != nil {
		return err
	}
	pg.Stamp = pg.T("public.results.published", pg.Date(w.PublishedAt.In(s.Zone)), r.Watermark.Seq)
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return unitResultsView.render(c, fiber.StatusOK, pg)
}

// fill says what the report says, in words where there is no figure.
func (pg *unitResultsPage) fill(in *survey.Instrument, w *survey.Wave, r publicReport) {
	switch {
	case r.Suppressed:
		pg.Title = pg.T("public.unit.few_title")
		pg.Lead, pg.Withheld = pg.T("public.results.few_note", pg.Few), true
		return
	case !r.Overall.Percent.Known || in == nil:
		pg.Title = pg.T("public.unit.none_title")
		return
	}
	value := r.Overall.Percent.Value
	pg.Lead = pg.N("public.unit.lead", *r.N, pg.Current.Period+". "+pg.Current.Design)
	pg.Exact = pg.T("public.unit.exact", pg.Percent(value, r.Spec.Decimals))
	if b := benchOf(w, r); b.known && b.Precision.Known() {
		i := b.Interval()
		pg.Exact += " " + pg.T("public.unit.interval", pg.Decimal(i.Low, 1), pg.Percent(i.High, 1))
	}
	pg.How = pg.T("public.unit.spec", in.Title.In(pg.Lang), strings.Join(satisfiedWords(in, r.Spec, pg.Lang), ", "))
	if r.Spec.Item == survey.MeanScore {
		pg.Title = pg.T("public.unit.title_score", pg.Percent(value, r.Spec.Decimals))
	} else {
		whole := int(math.Floor(value + 0.5))
		pg.Title = pg.T("public.unit.title", whole)
		pg.Hundred = pg.hundred(whole, neutralShare(in, r))
	}
	pg.Best, pg.Worst = pg.tables(in, r)
}

// satisfiedWords are the answers that count as satisfied, in words.
func satisfiedWords(in *survey.Instrument, spec survey.Spec, lang string) []string {
	items := in.Items()
	if len(items) == 0 {
		return spec.Satisfied
	}
	words := make([]string, len(spec.Satisfied))
	for i, v := range spec.Satisfied {
		words[i] = "“" + in.Question(items[0]).Label(v, lang) + "”"
	}
	return words
}

// neutralShare is the mean share of the middle answer over the items that have
// one, in percent.
func neutralShare(in *survey.Instrument, r publicReport) float64 {
	sum, n := 0.0, 0
	for _, it := range r.Items {
		q := in.Question(survey.ItemCode(it.Code))
		if q == nil || it.Answered == 0 {
			continue
		}
		n++
		if k := len(q.Options); k%2 == 1 && !slices.Contains(r.Spec.Satisfied, q.Options[k/2].Value) {
			sum += 100 * float64(it.Counts[q.Options[k/2].Value]) / float64(it.Answered)
		}
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

func (pg *unitResultsPage) hundred(satisfied int, neutralShare float64) *hundred {
	h := &hundred{Satisfied: satisfied, Neutral: min(100-satisfied, int(math.Floor(neutralShare+0.5)))}
	h.Unsatisfied = 100 - h.Satisfied - h.Neutral
	h.Label = pg.T("public.unit.hundred", h.Satisfied, h.Neutral, h.Unsatisfied)
	for i := range 100 {
		d := person{X: 21 + i%10*42, Y: 21 + i/10*42, R: 16}
		switch {
		case i >= h.Satisfied+h.Neutral:
			d.Kind = 2
			d.X, d.Y = d.X-14, d.Y-14
		case i >= h.Satisfied:
			d.Kind, d.R = 1, 11
		}
		h.Dots = append(h.Dots, d)
	}
	return h
}

// extremes is how many items the two tables show.
const extremes = 5

// tables are the best and the worst items; with few items, half each.
func (pg *unitResultsPage) tables(in *survey.Instrument, r publicReport) (best, worst *itemTable) {
	items := slices.Clone(r.Items)
	items = slices.DeleteFunc(items, func(it survey.ReportItem) bool { return !it.Percent.Known })
	slices.SortStableFunc(items, func(a, b survey.ReportItem) int { return cmp.Compare(b.Percent.Value, a.Percent.Value) })
	n := min(extremes, len(items)/2)
	if n == 0 {
		return nil, nil
	}
	rows := func(items []survey.ReportItem) []resultRow {
		var rows []resultRow
		for _, it := range items {
			row := resultRow{
				Name:  in.Question(survey.ItemCode(it.Code)).ShortText(pg.Lang),
				Value: pg.Decimal(it.Percent.Value, 0), Bar: publicBar{Class: "data", Width: percent(it.Percent.Value)},
			}
			rows = append(rows, row)
		}
		return rows
	}
	low := slices.Clone(items[len(items)-n:])
	slices.Reverse(low)
	best = &itemTable{Rows: rows(items[:n]), Sub: pg.T("public.unit.best_sub", n, len(items))}
	worst = &itemTable{Rows: rows(low), Sub: pg.T("public.unit.worst_sub", n, len(items))}
	best.Title = pg.T("public.unit.best", lowerFirst(best.Rows[0].Name))
	worst.Title = pg.T("public.unit.worst", lowerFirst(worst.Rows[0].Name))
	return best, worst
}

// lowerFirst lets a name stand inside a sentence.
func lowerFirst(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToLower(s[:size]) + s[size:]
}

// Address returns the address of the figures for programs.
func (pg unitResultsPage) Address() string {
	return fmt.Sprintf("/api/v1/index?wave=%s&unit=%s", pg.Current.ID, pg.Code)
}

// Table returns the table of the units within.
func (pg unitResultsPage) Table() publicTable {
	return publicTable{pg.Printer, pg.Current.ID, pg.Below}
}

// Tables returns the two tables of items.
func (pg unitResultsPage) Tables() []*itemTable { return []*itemTable{pg.Best, pg.Worst} }
