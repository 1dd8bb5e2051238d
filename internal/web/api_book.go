package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/book"
	"sipas/internal/survey"
)

// apiResult is a published result of the index book. What is not known is null.
type apiResult struct {
	Unit      apiUnitName    `json:"unit"`
	Type      book.TypeCode  `json:"type"`
	Family    book.Family    `json:"family"`
	Year      int            `json:"year"` // measured
	Score     *float64       `json:"score"`
	Maximum   *float64       `json:"maximum"`
	Percent   *float64       `json:"percent"`
	Rank      *int           `json:"rank"`
	RankOf    *int           `json:"rank_of"`
	Class     string         `json:"class"`
	Computed  *apiClass      `json:"class_computed"` // by the thresholds that hold for the year
	Announced *string        `json:"announced"`
	Document  string         `json:"document"`
	Link      string         `json:"link"`
	Status    book.Status    `json:"status"`
	Wave      *survey.WaveID `json:"wave"` // the survey it flowed in from
	N         *int64         `json:"n"`
	Synthetic bool           `json:"synthetic"`
	// The last field, "components", is written by hand: see [apiResult.append].
	of        *book.Type
	parts     []book.Part
	partsMade bool // they are made up
}

// apiClass is the class that a result has by thresholds.
type apiClass struct {
	Code   string    `json:"code"`
	Mark   book.Mark `json:"mark"`   // how sure the threshold of its type's file is
	Edited bool      `json:"edited"` // the deployment has thresholds of its own
}

// append writes a result behind b. Of a year there can be 160,000 component
// scores, which encoding/json would turn over twice. Codes and sources are small
// letters, digits, dots, - and _.
func (a apiResult) append(b []byte) ([]byte, error) {
	head, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	b = append(append(b, head[:len(head)-1]...), `,"components":[`...)
	for i, p := range a.parts {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, `{"code":"`...), p.Code...)
		b = append(append(b, `","source":"`...), p.Source...) // "": as published, whatever it was made of
		b = strconv.AppendFloat(append(b, `","score":`...), p.Score, 'f', -1, 64)
		b = append(b, `,"maximum":`...)
		if c := a.of.Component(p.Code); c != nil && c.Maximum > 0 {
			b = strconv.AppendFloat(b, c.Maximum, 'f', -1, 64)
		} else {
			b = append(b, "null"...)
		}
		b = strconv.AppendBool(append(b, `,"synthetic":`...), a.partsMade)
		b = append(b, '}')
	}
	return append(b, ']', '}'), nil
}

// getBook answers GET /api/v1/book: what was published finally about a unit, or
// about all units of an index type and year.
func (s *server) getBook(c *fiber.Ctx) error {
	thresholds, err := s.Book.Thresholds(c.UserContext())
	if err != nil {
		return err
	}
	tree := s.Catalog().Tree
	b, first := []byte(`{"results":[`), true
	err = s.bookAsked(c, func(r book.Result) error {
		t := s.Indices.Type(r.Type)
		if t == nil || r.Status != book.Final {
			return nil
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		unit, _ := tree.Unit(r.Unit)
		a := resultForAPI(t, r, unit)
		if class, edited, ok := thresholds.ClassOf(t, r); ok {
			a.Computed = &apiClass{class.Code, class.Mark, edited != nil}
		}
		var err error
		b, err = a.append(b)
		return err
	})
	if err != nil {
		return err
	}
	b = append(b, "]}"...)
	sum := sha256.Sum256(b)
	etag := `"` + hex.EncodeToString(sum[:16]) + `"`
	c.Set(fiber.HeaderETag, etag)
	c.Set(fiber.HeaderCacheControl, shortCache)
	if matches(c.Get(fiber.HeaderIfNoneMatch), etag) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Send(b)
}

// bookQuestion is what an address asks for: of one unit everything or of a type
// or year, of all units one type and year.
type bookQuestion struct {
	unit survey.UnitCode
	of   book.TypeCode
	year int
}

// bookAsked calls f for what the address asks for, by year, type and unit. Parts
// are of a result only until f returns.
func (s *server) bookAsked(c *fiber.Ctx, f func(book.Result) error) error {
	q, err := s.bookQuestion(c)
	if err != nil {
		return err
	}
	if q.unit == "" {
		_, since := s.Book.Since(c.UserContext(), q.of, q.year, 0, func(r book.Result, withdrawn bool) {
			if err == nil && !withdrawn {
				err = f(r)
			}
		})
		return errors.Join(since, err)
	}
	if _, ok := s.Catalog().Tree.Unit(q.unit); !ok {
		return survey.Missing("web.getBook", "unit.unknown", string(q.unit))
	}
	rs, err := s.Book.OfUnit(c.UserContext(), q.unit)
	slices.SortStableFunc(rs, func(a, b book.Result) int { return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Type, b.Type)) })
	for _, r := range rs {
		if err == nil && (q.of == "" || r.Type == q.of) && (q.year == 0 || r.Year == q.year) {
			err = f(r)
		}
	}
	return err
}

func (s *server) bookQuestion(c *fiber.Ctx) (bookQuestion, error) {
	address := queryOf(c)
	q := bookQuestion{survey.UnitCode(address.Get("unit")), book.TypeCode(address.Get("type")), yearIn(address.Get("year"))}
	var bad []survey.FieldError
	if address.Get("year") != "" && q.year == 0 {
		bad = append(bad, survey.FieldError{Field: "year", Key: "query.bad_number", Args: []any{1, 9999}})
	}
	if q.of != "" && s.Indices.Type(q.of) == nil {
		bad = append(bad, survey.FieldError{Field: "type", Key: "query.unknown_value", Args: []any{string(q.of)}})
	}
	if q.unit == "" && (q.of == "" || q.year == 0) && bad == nil {
		bad = append(bad, survey.FieldError{Field: "unit", Key: "query.unit_or_year"})
	}
	if bad != nil {
		return q, &survey.Error{Kind: survey.Invalid, Op: "web.getBook", Fields: bad}
	}
	return q, nil
}

func resultForAPI(t *book.Type, r book.Result, unit survey.Unit) apiResult {
	a := apiResult{
		Unit: apiUnitName{r.Unit, unit.Name}, Type: r.Type, Family: t.Family, Year: r.Year,
		Score: knownNumber(r.Score), Maximum: knownNumber(r.MaximumOf(t)), Percent: knownNumber(r.Percent),
		Rank: knownRank(r.Rank), RankOf: knownRank(r.RankOf), Class: r.Class, Document: r.Document, Link: r.Link,
		Status: r.Status, Synthetic: r.Synthetic, of: t, parts: r.Parts, partsMade: r.Synthetic || r.PartsSynthetic,
	}
	if r.Announced != 0 {
		day := r.Announced.String()
		a.Announced = &day
	}
	if r.Wave != "" {
		a.Wave, a.N = &r.Wave, &r.N
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
