package web

import (
	"html/template"
	"testing"

	"github.com/jba/templatecheck"
)

func TestCitizenTemplatesFitTheirPages(t *testing.T) {
	for name, c := range map[string]struct {
		tmpl *template.Template
		page any
	}{
		"intro":   {introView.tmpl, introPage{}},
		"form":    {formView.tmpl, formPage{}},
		"receipt": {receiptView.tmpl, receiptPage{}},
		"problem": {citizenProblemView.tmpl, citizenProblemPage{}},
	} {
		if err := templatecheck.CheckHTMLStrict(c.tmpl, c.page); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
