package web

import (
	"html/template"
	"testing"

	"github.com/jba/templatecheck"
)

func TestTemplatesFitTheirPages(t *testing.T) {
	for name, c := range map[string]struct {
		tmpl *template.Template
		page any
	}{
		"problem": {problemView.tmpl, problemPage{}},
		"login":   {loginView.tmpl, loginPage{}},
		"home":    {homeView.tmpl, homePage{}},
		"results": {resultsView.tmpl, resultsPage{}},
		"unit":    {unitResultsView.tmpl, unitResultsPage{}},
		"access":  {accessView.tmpl, accessPage{}},
	} {
		if err := templatecheck.CheckHTMLStrict(c.tmpl, c.page); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
