package web

import (
	"bytes"
	"embed"
	"html/template"
	"maps"
	"net/url"
	"path"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/auth"
	"sipas/internal/locale"
	"sipas/static"
)

//go:embed templates
var templates embed.FS

// A view is a page template that accepts only pages of type P. The first file
// of its set is the layout, which is what is executed. Executing rewrites a
// template for escaping, so the parsed one is kept aside for the tests that
// hold it against P.
type view[P any] struct{ tmpl, run *template.Template }

// newView parses a page's own set of files below templates/, the layout first:
//
//	var loginView = newView[loginPage]("login/login.html")
//	var dashboardView = newView[dashboardPage]("staff/layout.html", "staff/dashboard.html", "staff/bars.html")
//
// It panics at start, so that a broken template cannot be served.
func newView[P any](files ...string) view[P] { return newViewWith[P](nil, files...) }

// newViewWith is newView with functions of the page's own.
func newViewWith[P any](funcs template.FuncMap, files ...string) view[P] {
	paths := make([]string, len(files))
	for i, f := range files {
		paths[i] = "templates/" + f
	}
	tmpl := template.Must(template.New(path.Base(files[0])).Funcs(funcs).Option("missingkey=error").ParseFS(templates, paths...))
	return view[P]{tmpl: tmpl, run: template.Must(tmpl.Clone())}
}

// render buffers the page first, so that a failing template never sends half
// of one.
func (v view[P]) render(c *fiber.Ctx, status int, page P) error {
	var b bytes.Buffer
	if err := v.run.Execute(&b, page); err != nil {
		return err
	}
	if p, ok := any(page).(interface{ Speaks() string }); ok {
		speak(c, p.Speaks())
	}
	return c.Status(status).Type("html", "utf-8").Send(b.Bytes())
}

// speak says which language an answer is in, and that caches must tell those
// apart who ask for different ones.
func speak(c *fiber.Ctx, lang string) {
	c.Set(fiber.HeaderContentLanguage, lang)
	c.Vary(fiber.HeaderAcceptLanguage)
}

// page is what every page has that is not a form for citizens.
type page struct {
	locale.Printer
	Path    string         // of the request, for the language switch
	Query   url.Values     // of the request without lang, for the same
	Demo    bool           // shows made-up data, and says so
	Who     auth.Principal // who is signed in, below /app
	Version string
}

// page starts a page for the request.
func (s *server) page(c *fiber.Ctx) page {
	query := requestQuery(c)
	query.Del("lang")
	return page{Printer: s.printer(c), Path: c.Path(), Query: query, Who: who(c), Version: s.Version}
}

// Static returns the address of a public file: {{.Static "css/staff.css"}}.
func (page) Static(name string) string { return static.URL(name) }

// Others lists the languages to switch to.
func (p page) Others() []string {
	var langs []string
	for _, l := range p.Languages() {
		if l != p.Lang {
			langs = append(langs, l)
		}
	}
	return langs
}

// In returns the address of this page in another language.
func (p page) In(lang string) string {
	query := maps.Clone(p.Query)
	if query == nil {
		query = url.Values{}
	}
	query.Set("lang", lang)
	return (&url.URL{Path: p.Path, RawQuery: query.Encode()}).String()
}

// requestQuery returns the query of the request; a part that cannot be read is as
// if it were not there.
func requestQuery(c *fiber.Ctx) url.Values {
	query, _ := url.ParseQuery(string(c.Context().QueryArgs().QueryString()))
	return query
}

// langCookie keeps the language that a member of staff chose. Citizens get no
// cookie: their pages carry the choice along.
const langCookie = "lang"

// printer speaks the reader's language: the one the address asks for, else the
// one chosen before, else the one the browser asks for, else the one that the
// body of an API call is written in.
func (s *server) printer(c *fiber.Ctx) locale.Printer {
	forced, accept := c.Query("lang"), c.Get(fiber.HeaderAcceptLanguage)
	if forced == "" {
		forced = c.Cookies(langCookie)
	}
	if lang, ok := c.Locals(bodyLang{}).(string); ok && accept == "" && forced == "" {
		forced = lang
	}
	return locale.Match(accept, forced)
}
