package web

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/challenge"
	"sipas/internal/locale"
	"sipas/internal/survey"
)

// problem is a failure as a program sees it: RFC 9457, with our errors.
type problem struct {
	Type     string       `json:"type"`
	Title    string       `json:"title"`
	Status   int          `json:"status"`
	Detail   string       `json:"detail,omitempty"`
	Instance string       `json:"instance,omitempty"`
	Errors   []fieldFault `json:"errors,omitempty"`

	// Of a TooMany that a proof of work takes away.
	Challenge *challenge.Challenge `json:"challenge,omitempty"`
	Widget    *widget              `json:"widget,omitempty"`
}

// fieldFault is one wrong value. Key stays the same in every language and
// version; Message is for people.
type fieldFault struct {
	Field   string `json:"field"`
	Key     string `json:"key"`
	Message string `json:"message"`
}

// mostFaults bounds the errors of one answer; a body with 400 wrong answers is
// no nearer to being right for naming all of them.
const mostFaults = 100

// problemTypes names the kinds of problems for programs.
var problemTypes = map[survey.Kind]string{
	survey.Internal:    "internal",
	survey.Invalid:     "invalid",
	survey.NotFound:    "not-found",
	survey.Conflict:    "conflict",
	survey.Forbidden:   "forbidden",
	survey.Unsigned:    "unauthorized",
	survey.Gone:        "gone",
	survey.Malformed:   "malformed",
	survey.TooLarge:    "too-large",
	survey.WrongType:   "wrong-type",
	survey.TooMany:     "too-many",
	survey.Unavailable: "unavailable",
}

// problem says e in p's language.
func (s *server) problem(p locale.Printer, e *survey.Error, status int) problem {
	name := problemTypes[e.Kind]
	out := problem{
		Type: "urn:sipas:problem:" + name, Title: p.T("error." + name + ".title"),
		Status: status, Detail: p.T("error." + name + ".detail"),
	}
	if e.Key != "" {
		out.Detail = s.say(p, e.Key, "error."+name+".detail", e.Args)
	}
	fields := e.Fields[:min(len(e.Fields), mostFaults)]
	for _, f := range fields {
		out.Errors = append(out.Errors, fieldFault{f.Field, f.Key, s.say(p, f.Key, "error.field", f.Args)})
	}
	return out
}

// send answers with p.
func (p problem) send(c *fiber.Ctx) error {
	b, err := json.Marshal(p)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/problem+json")
	return c.Status(p.Status).Send(b)
}

// problemPage is a failure as a person sees it.
type problemPage struct {
	page
	Code   string // "404"
	Title  string
	Detail string
	Errors []fieldFault
	Unit   string
	Back   string // where to go from here
}

// problemPage answers with a page that says what is wrong and what to do.
func (s *server) problemPage(c *fiber.Ctx, status int, p problem, e *survey.Error) error {
	if forCitizens(c.Path()) {
		return s.citizenProblem(c, status, p, e)
	}
	pg := problemPage{
		page: s.page(c), Code: strconv.Itoa(status), Title: p.Title, Detail: p.Detail, Errors: p.Errors, Back: "/",
	}
	if pg.Who.Known() {
		pg.Back = "/app"
	}
	if slices.Contains([]survey.Kind{survey.TooMany, survey.Unavailable}, e.Kind) {
		pg.Back = ""
	}
	return problemView.render(c, status, pg)
}

var problemView = newView[problemPage]("public/layout.html", "public/problem.html")
