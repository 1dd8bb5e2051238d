package web

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/unicode/norm"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

var resultsView = newView[resultsPage]("public/layout.html", "public/results.html", "public/parts.html")

// resultsPage lists what is published.
type resultsPage struct {
	page
	Unit    string
	Search  string
	Waves   []publishedWave
	Current publishedWave
	Found   []resultRow // the units that match Search, or the roots of the wave
	Few     int64
}

// publishedWave is one published wave in a list.
type publishedWave struct {
	ID      survey.WaveID
	Name    string
	Period  string
	Design  string
	Current bool
}

// resultRow is one unit of a table.
type resultRow struct {
	Code   survey.UnitCode
	Name   string
	N      string // empty: too few, or none
	Value  string // "92,7"
	Bar    publicBar
	Than   string // how it compares; empty: not compared
	Words  string // why there is no value
	Ended  string
	Exists bool // has a page
}

// results answers GET /results.
func (s *server) results(c *fiber.Ctx) error {
	catalog := s.Catalog()
	pg := resultsPage{page: s.page(c), Few: s.least(), Search: strings.TrimSpace(cut(c.Query("q")))}
	pg.Waves = s.publishedWaves(catalog, pg.Printer)
	pg.Demo = anySynthetic(catalog)
	w := pickWave(catalog, pg.Waves, survey.WaveID(c.Query("wave")))
	if w == nil {
		return resultsView.render(c, fiber.StatusOK, pg)
	}
	pg.Current = markCurrent(pg.Waves, w.ID)
	pg.Demo = w.Synthetic
	var err error
	if pg.Found, err = s.found(c.UserContext(), pg.Printer, catalog, w, pg.Search); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return resultsView.render(c, fiber.StatusOK, pg)
}

// found makes the rows of a search, or without one those of the wave's unit
// and all directly below it.
func (s *server) found(ctx context.Context, p locale.Printer, catalog *survey.Catalog, w *survey.Wave, search string) ([]resultRow, error) {
	units, b := w.Units, bench{}
	var top []resultRow
	if len(w.Units) == 1 {
		root, err := s.published.report(ctx, w.ID, w.Units[0])
		if err != nil {
			return nil, err
		}
		b = benchOf(w, root)
		u, _ := catalog.Tree.Unit(w.Units[0])
		top = []resultRow{s.row(p, w, u, root, true, bench{})}
		units = catalog.Tree.ChildrenIn(u.Code, survey.Period{From: w.From, To: w.To})
	}
	if search != "" {
		top, units = nil, matching(catalog.Tree, w, search)
	}
	rows, err := s.rows(ctx, p, catalog, w, units, b)
	return append(top, rows...), err
}

// publishedWaves lists the published waves, the newest first.
func (s *server) publishedWaves(catalog *survey.Catalog, p locale.Printer) []publishedWave {
	var list []publishedWave
	for _, w := range catalog.WaveList() {
		if w.State == survey.Published {
			list = append(list, publishedWave{
				ID: w.ID, Name: w.Name, Design: p.T("public.results.wave_design." + string(w.Design)),
				Period: p.T("public.results.period", p.Date(w.From.Date()), p.Date(w.To.Date())),
			})
		}
	}
	return list
}

// pickWave returns the published wave called id, or else the newest one; nil
// when nothing is published.
func pickWave(catalog *survey.Catalog, list []publishedWave, id survey.WaveID) *survey.Wave {
	for _, w := range list {
		if w.ID == id {
			return catalog.Waves[id]
		}
	}
	if len(list) == 0 {
		return nil
	}
	return catalog.Waves[list[0].ID]
}

func markCurrent(list []publishedWave, id survey.WaveID) publishedWave {
	for i := range list {
		if list[i].ID == id {
			list[i].Current = true
			return list[i]
		}
	}
	return publishedWave{}
}

// mostFound bounds a search.
const mostFound = 50

// matching returns the units of a wave whose name holds what was typed, with
// or without its marks.
func matching(tree *survey.Tree, w *survey.Wave, typed string) []survey.UnitCode {
	want := plainLetters(typed)
	var units []survey.UnitCode
	for _, u := range tree.All() {
		if strings.Contains(plainLetters(u.Name), want) && w.Covers(tree, u.Code) && len(units) < mostFound {
			units = append(units, u.Code)
		}
	}
	return units
}

// plainLetters is s without its marks, in lower case: people type "uong bi".
func plainLetters(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'đ' || r == 'Đ':
			return 'd'
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}

// rows makes the rows of units, the lowest percentage first, units without a
// figure last.
func (s *server) rows(ctx context.Context, p locale.Printer, catalog *survey.Catalog, w *survey.Wave, units []survey.UnitCode, b bench) ([]resultRow, error) {
	type scored struct {
		resultRow
		percent survey.Percent
	}
	var list []scored
	for _, code := range units {
		r, err := s.published.report(ctx, w.ID, code)
		if err != nil && survey.KindOf(err) != survey.NotFound {
			return nil, err
		}
		u, _ := catalog.Tree.Unit(code)
		row := s.row(p, w, u, r, err == nil, b)
		list = append(list, scored{row, r.Overall.Percent})
	}
	slices.SortStableFunc(list, func(a, b scored) int {
		switch {
		case a.percent.Known != b.percent.Known:
			if a.percent.Known {
				return -1
			}
			return 1
		case a.percent.Known:
			return cmp.Compare(a.percent.Value, b.percent.Value)
		}
		return p.Compare(a.Name, b.Name)
	})
	rows := make([]resultRow, len(list))
	for i, l := range list {
		rows[i] = l.resultRow
	}
	return rows, nil
}

func (s *server) row(p locale.Printer, w *survey.Wave, u survey.Unit, r publicReport, exists bool, b bench) resultRow {
	row := resultRow{Code: u.Code, Name: u.Name, Exists: exists}
	if u.ValidTo < survey.DayOf(s.Now().In(s.Zone)) {
		row.Ended = p.T("public.results.ended", p.Date(u.ValidTo.Date()))
	}
	switch {
	case r.Suppressed:
		row.Words = p.T("public.results.too_few")
	case !exists || !r.Overall.Percent.Known:
		row.Words = p.T("public.results.no_answers")
	default:
		row.N = p.Int(*r.N)
		row.Value = p.Decimal(r.Overall.Percent.Value, 1)
		row.Bar, row.Than = b.bar(p, publishedOf(w, r))
	}
	return row
}

// publicTable is what the table of units is drawn from.
type publicTable struct {
	locale.Printer
	Wave survey.WaveID
	Rows []resultRow
}

// Compared reports whether any row is compared with the overall figure.
func (t publicTable) Compared() bool {
	return slices.ContainsFunc(t.Rows, func(r resultRow) bool { return r.Than != "" })
}

// Table returns the table of the units found.
func (pg resultsPage) Table() publicTable { return publicTable{pg.Printer, pg.Current.ID, pg.Found} }
