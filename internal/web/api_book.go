package web

import (
	"cmp"
	"slices"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/book"
	"sipas/internal/survey"
)

// apiResult is a published result of the index book. What is not known is null.
type apiResult struct {
	Unit       apiUnitName    `json:"unit"`
	Type       book.TypeCode  `json:"type"`
	Family     book.Family    `json:"family"`
	Year       int            `json:"year"` // measured
	Score      *float64       `json:"score"`
	Maximum    *float64       `json:"maximum"`
	Percent    *float64       `json:"percent"`
	Rank       *int           `json:"rank"`
	RankOf     *int           `json:"rank_of"`
	Class      string         `json:"class"`
	Announced  *string        `json:"announced"`
	Document   string         `json:"document"`
	Link       string         `json:"link"`
	Wave       *survey.WaveID `json:"wave"` // the survey it flowed in from
	N          *int64         `json:"n"`
	Synthetic  bool           `json:"synthetic"`
	Components []apiComponent `json:"components"`
}

type apiComponent struct {
	Code      string      `json:"code"`
	Source    book.Source `json:"source"` // "": as published, whatever it was made of
	Score     float64     `json:"score"`
	Synthetic bool        `json:"synthetic"`
}

// getBook answers GET /api/v1/book: what was published finally about a unit, or
// about all units of an index type and year.
func (s *server) getBook(c *fiber.Ctx) error {
	rs, err := s.bookAsked(c)
	if err != nil {
		return err
	}
	tree := s.Catalog().Tree
	out := []apiResult{}
	for _, r := range rs {
		t := s.Indices.Type(r.Type)
		if t == nil || r.Status != book.Final {
			continue
		}
		unit, _ := tree.Unit(r.Unit)
		out = append(out, resultForAPI(t, r, unit))
	}
	slices.SortStableFunc(out, func(a, b apiResult) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Unit.Code, b.Unit.Code))
	})
	c.Set(fiber.HeaderCacheControl, shortCache)
	return sendJSON(c, fiber.StatusOK, struct {
		Results []apiResult `json:"results"`
	}{out})
}

// bookAsked reads what the address asks for: of one unit everything or of a type
// or year, of all units one type and year.
func (s *server) bookAsked(c *fiber.Ctx) ([]book.Result, error) {
	const op = "web.getBook"
	q := queryOf(c)
	unit, of, year := survey.UnitCode(q.Get("unit")), book.TypeCode(q.Get("type")), yearIn(q.Get("year"))
	var bad []survey.FieldError
	if q.Get("year") != "" && year == 0 {
		bad = append(bad, survey.FieldError{Field: "year", Key: "query.bad_number", Args: []any{1, 9999}})
	}
	if of != "" && s.Indices.Type(of) == nil {
		bad = append(bad, survey.FieldError{Field: "type", Key: "query.unknown_value", Args: []any{string(of)}})
	}
	if unit == "" && (of == "" || year == 0) && bad == nil {
		bad = append(bad, survey.FieldError{Field: "unit", Key: "query.unit_or_year"})
	}
	if bad != nil {
		return nil, &survey.Error{Kind: survey.Invalid, Op: op, Fields: bad}
	}
	if unit == "" {
		return s.Book.OfYear(c.UserContext(), of, year)
	}
	if _, ok := s.Catalog().Tree.Unit(unit); !ok {
		return nil, survey.Missing(op, "unit.unknown", string(unit))
	}
	rs, err := s.Book.OfUnit(c.UserContext(), unit)
	return slices.DeleteFunc(rs, func(r book.Result) bool {
		return of != "" && r.Type != of || year != 0 && r.Year != year
	}), err
}

func resultForAPI(t *book.Type, r book.Result, unit survey.Unit) apiResult {
	a := apiResult{
		Unit: apiUnitName{r.Unit, unit.Name}, Type: r.Type, Family: t.Family, Year: r.Year,
		Score: knownNumber(r.Score), Maximum: knownNumber(r.MaximumOf(t)), Percent: knownNumber(r.Percent),
		Rank: knownRank(r.Rank), RankOf: knownRank(r.RankOf), Class: r.Class, Document: r.Document, Link: r.Link,
		Synthetic: r.Synthetic, Components: []apiComponent{},
	}
	if r.Announced != 0 {
		day := r.Announced.String()
		a.Announced = &day
	}
	if r.Wave != "" {
		a.Wave, a.N = &r.Wave, &r.N
	}
	for _, p := range r.Parts {
		a.Components = append(a.Components, apiComponent{p.Code, p.Source, p.Score, r.Synthetic || r.PartsSynthetic})
	}
	return a
}

func knownNumber(n book.Number) *float64 {
	if !n.Known {
		return nil
	}
	return &n.Value
}

func knownRank(rank int) *int {
	if rank == 0 {
		return nil
	}
	return &rank
}
