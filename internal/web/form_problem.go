package web

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

var citizenProblemView = newView[citizenProblemPage]("citizen/layout.html", "citizen/shelf.html", "citizen/problem.html")

// citizenProblemPage tells a citizen why there is no form here, and what to do.
type citizenProblemPage struct {
	citizenPage
	Title, Text, Advice string
	Code                string // as it was entered
}

// forCitizens reports whether a page below path is read by citizens.
func forCitizens(path string) bool {
	return strings.HasPrefix(path, "/s/") || strings.HasPrefix(path, "/r/")
}

// citizenProblem is problemPage for citizens. p says it in general; what
// citizens meet most has words of its own.
func (s *server) citizenProblem(c *fiber.Ctx, status int, p problem, e *survey.Error) error {
	pg := citizenProblemPage{
		citizenPage: citizenPage{Printer: locale.Match(c.Get(fiber.HeaderAcceptLanguage), c.Query("lang")), Failed: true},
		Title:       p.Title, Text: p.Detail,
	}
	say := func(name string, args ...any) {
		pg.Title, pg.Text = pg.T("problem."+name+"_title"), pg.T("problem."+name+"_text", args...)
		if key := "problem." + name + "_advice"; pg.Has(key) {
			pg.Advice = pg.T(key)
		}
	}
	switch e.Key {
	case "point.unknown":
		say("point")
		pg.Code = c.Params("point")
	case "point.not_yet_open":
		say("early")
	case "receipt.unknown":
		say("receipt")
		pg.Code = c.Params("receipt")
	case "wave.closed":
		if at, ok := e.Args[0].(time.Time); ok {
			say("closed", pg.DateTime(at.In(s.Zone)))
		}
	}
	catalog := s.Catalog()
	if point, ok := catalog.Points[survey.PointCode(survey.Plain(c.Params("point")))]; ok {
		unit, _ := catalog.Tree.Unit(point.Unit)
		pg.Unit, pg.Point = unit.Name, point.Name
	}
	return citizenProblemView.render(c, status, pg)
}
