package web

import (
	"bytes"
	"testing"

	"github.com/jba/templatecheck"

	"sipas/internal/locale"
)

// chartPage is a page of one chart and nothing else.
type chartPage struct {
	page
	Chart chartFigure
}

var chartView = newView[chartPage]("staff/charts.html")

func TestChartTemplateFits(t *testing.T) {
	tmpl := chartView.tmpl.Lookup("chartfigure")
	if err := templatecheck.CheckHTMLStrict(tmpl, chartFigure{}); err != nil {
		t.Error(err)
	}
	if err := templatecheck.CheckHTMLStrict(chartView.tmpl.Lookup("chartscript"), page{}); err != nil {
		t.Error(err)
	}
	_ = locale.For
	_ = bytes.NewBuffer
}
