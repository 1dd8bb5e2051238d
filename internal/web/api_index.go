package web

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/export"
	"sipas/internal/survey"
)

// apiIndex is the figures of one unit, and with by=unit those of the units
// directly below it.
type apiIndex struct {
	publicReport
	Units []apiUnitFigure `json:"units,omitempty"`
}

// apiUnitFigure is one unit below. N is null where it must not be shown.
type apiUnitFigure struct {
	Code survey.UnitCode `json:"code"`
	Name string          `json:"name"`
	N    *int64          `json:"n"`
	survey.ReportFigure
}

// indexQuery is what GET /api/v1/index asks for.
type indexQuery struct {
	wave *survey.Wave
	survey.Query
	by string
}

// getIndex answers GET /api/v1/index: figures as they are now for who may see
// the unit, and published figures for anyone. Who may read the responses
// themselves gets every figure; everybody else those that may be shown.
func (s *server) getIndex(c *fiber.Ctx) error {
	const op = "web.getIndex"
	catalog := s.Catalog()
	q, err := readIndexQuery(requestQuery(c), catalog)
	if err != nil {
		return err
	}
	if !who(c).Known() {
		return s.publicIndex(c, q)
	}
	unit := q.Units[0]
	if !who(c).Sees(catalog.Tree, unit) {
		return survey.Missing(op, "unit.unknown", string(unit))
	}
	var below []survey.UnitCode
	if q.by == "unit" {
		below = catalog.Tree.ChildrenIn(unit, q.Period)
		q.Units = append(q.Units, below...)
	}
	read := s.Reader.Read
	if !who(c).CanAudit() {
		read = func(ctx context.Context, q survey.Query) (survey.Reading, error) {
			r, _, err := s.readVeiled(ctx, q)
			return r, err
		}
	}
	q.Precise = q.Units
	reading, err := read(c.UserContext(), q.Query)
	if err != nil {
		return err
	}
	out := apiIndex{publicReport: veiled(reading, unit)}
	for _, u := range below {
		r := veiled(reading, u)
		named, _ := catalog.Tree.Unit(u)
		out.Units = append(out.Units, apiUnitFigure{u, named.Name, r.N, r.Overall})
	}
	return sendJSON(c, fiber.StatusOK, out)
}

// veiled is the report of a unit of a reading. What the veil took out is null.
func veiled(r survey.Reading, u survey.UnitCode) publicReport {
	out := publicReport{Report: r.Report(u)}
	if out.N, out.Suppressed = &out.Report.N, r.Indices[u].Hidden; out.Suppressed {
		out.N = nil
	}
	return out
}

// publicIndex answers from what was published. Other cuts of the same
// responses were not, and could be subtracted from one another.
func (s *server) publicIndex(c *fiber.Ctx, q indexQuery) error {
	const op = "web.publicIndex"
	if q.wave.State == survey.Draft {
		return survey.Missing(op, "wave.unknown", string(q.wave.ID))
	}
	if q.wave.State != survey.Published || !q.Period.Whole() || q.Channel != "" || q.by == "unit" {
		return &survey.Error{Kind: survey.Unsigned, Op: op}
	}
	r, err := s.published.report(c.UserContext(), q.wave.ID, q.Units[0])
	if survey.KindOf(err) == survey.NotFound && err != nil {
		return survey.Missing(op, "unit.unknown", string(q.Units[0]))
	}
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, shortCache)
	return sendJSON(c, fiber.StatusOK, r)
}

// byValues are the values of by. All but unit name parts that the answer has
// anyway.
var byValues = []string{"", "domain", "factor", "item", "unit"}

func readIndexQuery(v url.Values, catalog *survey.Catalog) (indexQuery, error) {
	const op = "web.readIndexQuery"
	q := indexQuery{by: v.Get("by")}
	var bad []survey.FieldError
	complain := func(field, key string, args ...any) {
		bad = append(bad, survey.FieldError{Field: field, Key: key, Args: args})
	}
	if !v.Has("wave") {
		return q, survey.Bad(op, "wave", "value.missing")
	}
	id := survey.WaveID(v.Get("wave"))
	if q.wave = catalog.Waves[id]; q.wave == nil {
		return q, survey.Missing(op, "wave.unknown", cut(string(id)))
	}
	unit := survey.UnitCode(v.Get("unit"))
	if unit == "" && len(q.wave.Units) > 0 {
		unit = q.wave.Units[0]
	}
	if _, ok := catalog.Tree.Unit(unit); !ok {
		return q, survey.Missing(op, "unit.unknown", cut(string(unit)))
	}
	q.Query = survey.Query{Wave: id, Units: []survey.UnitCode{unit}, Channel: survey.Channel(v.Get("channel"))}
	if q.Channel != "" && !slices.Contains(survey.Channels, q.Channel) {
		complain("channel", "query.unknown_value", cut(string(q.Channel)))
	}
	if !slices.Contains(byValues, q.by) {
		complain("by", "query.unknown_value", cut(q.by))
	}
	period, faults := apiPeriod(v)
	if bad = append(bad, faults...); len(bad) > 0 {
		return q, &survey.Error{Kind: survey.Invalid, Op: op, Fields: bad}
	}
	q.Period = period
	return q, nil
}

// apiPeriod reads from and to; both or neither are given.
func apiPeriod(v url.Values) (p survey.Period, bad []survey.FieldError) {
	if v.Get("from") == "" && v.Get("to") == "" {
		return p, nil
	}
	for _, side := range []struct {
		name string
		to   *survey.Day
	}{{"from", &p.From}, {"to", &p.To}} {
		text := v.Get(side.name)
		if text == "" {
			return p, []survey.FieldError{{Field: side.name, Key: "query.half_period"}}
		}
		day, err := survey.ParseDay(text)
		if err != nil {
			bad = append(bad, survey.FieldError{Field: side.name, Key: "query.bad_day"})
		}
		*side.to = day
	}
	if len(bad) == 0 && p.To < p.From {
		bad = append(bad, survey.FieldError{Field: "to", Key: "wave.dates_reversed"})
	}
	return p, bad
}

// Bounds of a page of raw responses. A page is written to memory first, so
// that a failure half-way is an error and not a short file.
const (
	usualPage   = 1000
	largestPage = 5000
)

// getResponses answers GET /api/v1/responses: a page of raw responses after a
// seq. The address of the next page is in the Link header until there is none.
func (s *server) getResponses(c *fiber.Ctx) error {
	const op = "web.getResponses"
	p := who(c)
	switch {
	case !p.Known():
		return &survey.Error{Kind: survey.Unsigned, Op: op}
	case !p.CanAudit():
		return &survey.Error{Kind: survey.Forbidden, Op: op}
	}
	v := requestQuery(c)
	req := export.Request{Wave: survey.WaveID(v.Get("wave")), Unit: survey.UnitCode(v.Get("unit")), Format: export.NDJSON}
	if !v.Has("wave") {
		return survey.Bad(op, "wave", "value.missing")
	}
	if req.Unit == "" {
		req.Unit = p.Unit
	}
	if req.Unit != "" && !p.Sees(s.Catalog().Tree, req.Unit) {
		return survey.Missing(op, "unit.unknown", cut(string(req.Unit)))
	}
	media := c.Accepts("application/x-ndjson", "text/csv")
	if media == "text/csv" {
		req.Format = export.CSV
	} else {
		media = "application/x-ndjson"
	}
	period, bad := apiPeriod(v)
	req.Period = period
	after, bad := number(v, "after", 0, 0, 1<<53, bad)
	limit, bad := number(v, "limit", usualPage, 1, largestPage, bad)
	if len(bad) > 0 {
		return &survey.Error{Kind: survey.Invalid, Op: op, Fields: bad}
	}
	var b bytes.Buffer
	rows, last, err := s.Responses.Page(c.UserContext(), req, after, int(limit), &b)
	if err != nil {
		return err
	}
	if rows == int(limit) {
		v.Set("after", strconv.FormatInt(last, 10))
		c.Set(fiber.HeaderLink, fmt.Sprintf(`<%s?%s>; rel="next"`, c.Path(), v.Encode()))
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Vary(fiber.HeaderAccept)
	c.Set(fiber.HeaderContentType, media+"; charset=utf-8")
	return c.Send(b.Bytes())
}

func number(v url.Values, name string, usual, least, most int64, bad []survey.FieldError) (int64, []survey.FieldError) {
	text := v.Get(name)
	if text == "" {
		return usual, bad
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < least || n > most {
		bad = append(bad, survey.FieldError{Field: name, Key: "query.bad_number", Args: []any{least, most}})
	}
	return n, bad
}
