package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/book"
)

// bookHead names the columns of a file of results as an import reads them.
var bookHead = []string{"unit", "name", "index", "year_measured", "announced", "score", "max_score", "percent", "rank", "rank_of", "group", "status", "synthetic", "document", "link", "component", "source", "component_score"}

// bookCSV is a unit's page for a spreadsheet: a line for each result, and one
// for each component score.
func (s *server) bookCSV(c *fiber.Ctx) error {
	v := s.viewer(c)
	ch, err := s.chooseBook(c, v, queryOf(c))
	if err != nil {
		return err
	}
	out := [][]string{bookHead}
	for _, r := range ch.of(s.Indices, ch.year) {
		line := resultLine(ch.unit.Name, r)
		out = append(out, append(line, "", "", ""))
		for _, part := range r.Parts {
			out = append(out, append(resultLine(ch.unit.Name, r), part.Code, string(part.Source), decimal(book.Of(part.Score))))
		}
	}
	return sendCSV(c, "sipas-book-"+string(ch.unit.Code)+"-"+yearText(ch.year), out)
}

// resultLine is one result, without its components.
func resultLine(name string, r book.Result) []string {
	announced := ""
	if r.Announced != 0 {
		announced = r.Announced.String()
	}
	synthetic := "0"
	switch {
	case r.Synthetic:
		synthetic = "1"
	case r.PartsSynthetic:
		synthetic = "parts"
	}
	return []string{
		string(r.Unit), name, string(r.Type), yearText(r.Year), announced, decimal(r.Score), decimal(r.Maximum), decimal(r.Percent),
		rankText(r.Rank), rankText(r.RankOf), r.Class, string(r.Status), synthetic, r.Document, r.Link,
	}
}

// decimal writes a number as a program reads it; "" where it is not known.
func decimal(n book.Number) string {
	if !n.Known {
		return ""
	}
	return strconv.FormatFloat(n.Value, 'f', -1, 64)
}
