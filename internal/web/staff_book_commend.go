package web

import (
	"context"
	"slices"
	"strings"

	"sipas/internal/book"
	"sipas/internal/estimate"
	"sipas/internal/report"
	"sipas/internal/survey"
)

// commendSection lists whom the rules put forward among the units below, index by
// index, and what every rule makes of every unit. A unit with nobody below it
// that has figures is judged itself.
func (s *server) commendSection(ctx context.Context, v viewer, p *conferencePage, ch bookChoice, rs []book.Result, leagues []conferenceLeague) error {
	rules := v.rulesOf(ch.unit.Code)
	changes, err := s.Devices.Store.SettingChanges(ctx, ch.unit.Code, survey.CommendSettings)
	if err != nil {
		return err
	}
	p.Rules, p.Edited = p.ruleWords(rules), p.rulesEdited(changes)
	if v.mayEnter(ch.unit.Code) || v.who.CanAudit() {
		p.RulesURL = commendRulesPath + "?unit=" + string(ch.unit.Code)
	}
	own := &report.Table{Sheet: p.T("book.conf.commend"), Columns: p.ruleColumns(p.T("book.page.col.index")), Notes: []string{p.T("book.conf.commend.nobody", ch.unit.Name, yearText(ch.year))}}
	var tables []*report.Table
	var found []string
	commended := 0
	for _, l := range leagues {
		judged := l.rows
		if !l.below {
			i := slices.IndexFunc(l.rows, func(r book.LeagueRow) bool { return r.Unit == p.Unit.Code })
			judged = l.rows[max(0, i) : i+1]
		}
		verdicts, err := s.verdicts(ctx, l, judged, rules)
		if err != nil {
			return err
		}
		if !l.below {
			commended += p.ownVerdict(own, l, verdicts)
			continue
		}
		t, met := p.commendTable(v, l, verdicts)
		tables = append(tables, t)
		found = append(found, p.T("book.conf.commend.of", l.t.Short.In(p.Lang), met, len(t.Rows)))
	}
	title := p.T("book.conf.commend.title", strings.Join(found, "; "))
	if len(tables) == 0 {
		if len(own.Rows) == 0 {
			return nil
		}
		tables = []*report.Table{own}
		title = p.T("book.conf.commend.own", ch.unit.Name, commended, len(own.Rows))
	}
	p.add("commend", p.T("book.conf.commend"), title, tables...)
	return nil
}

// verdicts judges rows of a league. What chance explains of their changes was asked
// of all its units together.
func (s *server) verdicts(ctx context.Context, l conferenceLeague, rows []book.LeagueRow, rules book.Rules) ([]book.Verdict, error) {
	doubtful, err := s.doubtful(ctx, rows)
	if err != nil {
		return nil, err
	}
	candidates := make([]book.Candidate, len(rows))
	for i := range rows {
		unit := rows[i].Unit
		candidates[i] = book.Candidate{LeagueRow: &rows[i], Doubtful: doubtful[unit], Chance: l.chances[unit]}
	}
	return book.Commend(l.t, rules, candidates), nil
}

// ruleColumns are a name, the verdict, and a column for each rule.
func (p *conferencePage) ruleColumns(name string) []report.Column {
	columns := []report.Column{{Head: name}, {Head: p.T("book.conf.verdict")}}
	for _, rule := range book.RuleNames {
		columns = append(columns, report.Column{Head: p.T("book.rule.name." + string(rule))})
	}
	return columns
}

// verdictCells are the verdict and what each rule says, in words and with a
// shape.
func (p *conferencePage) verdictCells(x book.Verdict) []report.Cell {
	cells := make([]report.Cell, 1, 1+len(x.Findings))
	cells[0] = report.Cell{Text: p.T("book.conf.no_verdict"), Mark: report.No}
	if x.Commended {
		cells[0] = report.Cell{Text: p.T("book.conf.yes"), Mark: report.Yes}
	}
	for _, f := range x.Findings {
		cell, figure := report.Cell{Text: p.words(f.Words)}, strings.HasPrefix(f.Key, "book.rule.") // otherwise a sentence: why nothing compares
		switch f.Standing {
		case book.Met:
			cell.Text, cell.Mark = p.T("book.rule.met", cell.Text), report.Yes
		case book.NotAsked:
			cell.Mark = report.Unasked
		case book.NotMet:
			cell.Mark = report.No
			if figure {
				cell.Text = p.T("book.rule.not_met", cell.Text)
			}
		}
		cells = append(cells, cell)
	}
	return cells
}

// commendTable is the units of a league that the reader sees, the commended
// first, and how many those are.
func (p *conferencePage) commendTable(v viewer, l conferenceLeague, verdicts []book.Verdict) (t *report.Table, met int) {
	short := l.t.Short.In(p.Lang)
	t = &report.Table{Sheet: p.T("book.conf.commend.sheet", short), Title: short + ": " + p.amongName(v, l.among), Columns: p.ruleColumns(p.T("staff.col.unit"))}
	seen := make([]book.Verdict, 0, len(verdicts))
	for _, x := range verdicts {
		if !v.sees(x.Unit) {
			continue
		}
		if seen = append(seen, x); x.Commended {
			met++
		}
	}
	t.Ends, t.Figures, t.Rows = max(mostEnds, met), len(seen), make([]report.Row, 0, len(seen)) // whoever is commended is on the page
	for i, x := range seen {
		if p.leavesOut(t, i) {
			t.Rows = append(t.Rows, report.Row{})
			continue
		}
		unit, _ := v.cat.Tree.Unit(x.Unit)
		t.Rows = append(t.Rows, report.Row{Strong: x.Commended, Cells: append([]report.Cell{report.Text(unit.Name)}, p.verdictCells(x)...)})
	}
	if len(t.Rows) < len(verdicts) {
		t.Notes = append(t.Notes, p.T("book.league.own", len(t.Rows), len(verdicts)))
	}
	return t, met
}

// ownVerdict adds what the rules make of the unit itself by one index, and counts
// it if that is good.
func (p *conferencePage) ownVerdict(t *report.Table, l conferenceLeague, verdicts []book.Verdict) int {
	i := slices.IndexFunc(verdicts, func(x book.Verdict) bool { return x.Unit == p.Unit.Code })
	if i < 0 {
		return 0
	}
	t.Rows = append(t.Rows, report.Row{Cells: append([]report.Cell{report.Text(l.t.Short.In(p.Lang))}, p.verdictCells(verdicts[i])...)})
	if verdicts[i].Commended {
		return 1
	}
	return 0
}

// doubtful are the percentages of responses of surveys that were put aside, by
// unit; of what was entered nothing is known.
func (s *server) doubtful(ctx context.Context, rows []book.LeagueRow) (map[survey.UnitCode]book.Number, error) {
	waves := map[survey.WaveID][]survey.UnitCode{}
	for i := range rows {
		if r := rows[i].Result; r.Wave != "" {
			waves[r.Wave] = append(waves[r.Wave], r.Unit)
		}
	}
	of := map[survey.UnitCode]book.Number{}
	for wave, units := range waves {
		now, err := s.Reader.Read(ctx, survey.Query{Wave: wave, Units: units, Standings: true, Bare: true})
		if err != nil {
			return nil, err
		}
		for _, u := range units {
			n, all := now.Standings[u].N, int64(0)
			for _, k := range n {
				all += k
			}
			of[u] = survey.Share(n[survey.Quarantined]+n[survey.Rejected], all)
		}
	}
	return of, nil
}

// chances say of units whose figures have responses whether the change from a year
// is more than chance explains, all of them looked at together; of who was made of
// several, from their responses put together.
func (s *server) chances(ctx context.Context, rows []book.LeagueRow, ps pools, year int) (map[survey.UnitCode]book.Chance, error) {
	of := map[survey.UnitCode]book.Chance{}
	var units []survey.UnitCode
	var all []estimate.Difference
	for i := range rows {
		r := &rows[i]
		if r.N == 0 {
			continue
		}
		of[r.Unit] = book.Untested
		now, known, err := s.publishedKnown(ctx, r.Result)
		if err != nil {
			return nil, err
		}
		was, knownBefore, err := s.knownBefore(ctx, r, ps[r.Unit], year)
		if err != nil {
			return nil, err
		}
		if d := estimate.Between(was, now); known && knownBefore && d.Tested() {
			units, all = append(units, r.Unit), append(all, d)
		}
	}
	for i, real := range estimate.Adjust(all) {
		of[units[i]] = book.Noise
		if real {
			of[units[i]] = book.Beyond
		}
	}
	return of, nil
}

// knownBefore is what a row is compared with, and how sure that was.
func (s *server) knownBefore(ctx context.Context, r *book.LeagueRow, pooled *pooledFigure, year int) (k estimate.Known, known bool, err error) {
	if pooled.figure().Measured(year) {
		return pooled.known, true, nil
	}
	if r.Before == nil || r.Before.Type != r.Type {
		return k, false, nil
	}
	return s.publishedKnown(ctx, r.Before)
}

// publishedKnown is the figure of a survey that a result flowed in from, as it was
// published, and how sure it was; not known of what was entered or is not shown.
func (s *server) publishedKnown(ctx context.Context, r *book.Result) (k estimate.Known, known bool, err error) {
	if r == nil || r.Wave == "" {
		return k, false, nil
	}
	w := s.Catalog().Waves[r.Wave]
	if w == nil || !w.Random() {
		return k, false, nil
	}
	report, err := s.published.report(ctx, r.Wave, r.Unit)
	switch {
	case survey.KindOf(err) == survey.NotFound && err != nil:
		return k, false, nil
	case err != nil || report.N == nil || !report.Overall.Percent.Known:
		return k, false, err
	}
	return publishedOf(w, report), true, nil
}
