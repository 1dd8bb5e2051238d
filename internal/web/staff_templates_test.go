package web

import (
	"html/template"
	"testing"

	"github.com/jba/templatecheck"
)

func TestStaffTemplatesFitTheirPages(t *testing.T) {
	for name, c := range map[string]struct {
		tmpl *template.Template
		page any
	}{
		"dashboard":              {dashboardView.tmpl, dashboardPage{}},
		"ranks":                  {ranksView.tmpl, ranksPage{}},
		"heat map":               {heatView.tmpl, heatPage{}},
		"book":                   {bookView.tmpl, bookPage{}},
		"league":                 {leagueView.tmpl, leaguePage{}},
		"conference of the book": {conferenceView.tmpl, conferencePage{}},
		"entry":                  {editView.tmpl, editPage{}},
		"history":                {bookHistoryView.tmpl, bookHistoryPage{}},
		"unit":                   {unitView.tmpl, unitPage{}},
		"explain":                {explainView.tmpl, explainPage{}},
		"breakdown":              {breakdownView.tmpl, breakdownPage{}},
		"drivers":                {driversView.tmpl, driversPage{}},
		"units":                  {unitsView.tmpl, unitsPage{}},
		"waves":                  {wavesView.tmpl, wavesPage{}},
		"wave":                   {waveView.tmpl, wavePage{}},
		"new wave":               {newWaveView.tmpl, newWavePage{}},
		"move wave":              {moveWaveView.tmpl, moveWavePage{}},
		"points":                 {pointsView.tmpl, pointsPage{}},
		"new point":              {newPointView.tmpl, newPointPage{}},
		"poster":                 {posterView.tmpl, posterPage{}},
		"quality":                {qualityView.tmpl, qualityPage{}},
		"suspect":                {suspectView.tmpl, suspectPage{}},
		"comments":               {commentsView.tmpl, commentsPage{}},
		"comment":                {commentView.tmpl, commentPage{}},
		"report":                 {reportView.tmpl, reportPage{}},
		"rules":                  {rulesView.tmpl, rulesPage{}},
		"exports":                {exportsView.tmpl, exportsPage{}},
		"accounts":               {accountsView.tmpl, accountsPage{}},
		"notes":                  {notesView.tmpl, notesPage{}},
		"compare":                {compareView.tmpl, comparePage{}},
		"fieldwork":              {fieldworkView.tmpl, fieldworkPage{}},
		"plan":                   {planView.tmpl, planPage{}},
	} {
		if err := templatecheck.CheckHTMLStrict(c.tmpl, c.page); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
