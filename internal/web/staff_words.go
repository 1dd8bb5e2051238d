package web

import (
	"math"
	"strings"

	"sipas/internal/survey"
)

// The titles of figures are findings: a sentence that stays true if nothing
// else is read. Each comes from a pattern, and within the noise it says so.

// factorTitle names the lowest factor.
func (f *figures) factorTitle(u survey.UnitCode, rows []figureRow) string {
	rows = shownRows(rows)
	switch {
	case len(rows) == 0:
		return f.p.T("staff.factors.none")
	case len(rows) == 1 || rows[0].Diff == "":
		return f.p.T("staff.factors.one", rows[0].Name, f.p.Percent(rows[0].m.Value, 2))
	}
	low := rows[0]
	short := f.p.Decimal(math.Abs(low.points), 1)
	if low.judged && low.Sign == "" {
		return f.p.T("staff.factors.alike", low.Name, f.p.Percent(low.m.Value, 2))
	}
	return f.p.T("staff.factors.lowest", low.Name, f.p.Percent(low.m.Value, 2), short)
}

// itemTitle names the lowest item.
func (f *figures) itemTitle(low []figureRow) string {
	if len(low) == 0 {
		return f.p.T("staff.items.none")
	}
	return f.p.T("staff.items.lowest", low[0].Name, f.p.Percent(low[0].m.Value, 1))
}

// unitTitle says how many units stand out.
func (f *figures) unitTitle(t unitBoard) string {
	switch {
	case t.Shown == 0:
		return f.p.T("staff.units.none")
	case t.Shown == 1:
		return f.p.T("staff.units.single", t.Lowest.Name, f.p.Percent(t.Lowest.m.Value, 1))
	case !f.sample() || t.Unjudged:
		return f.p.T("staff.units.plain", t.Shown, t.Lowest.Name, f.p.Percent(t.Lowest.m.Value, 1), t.Highest.Name, f.p.Percent(t.Highest.m.Value, 1))
	case t.Low+t.High == 0:
		return f.p.T("staff.units.alike", t.Shown)
	}
	return f.p.T("staff.units.differ", t.Low, t.High, t.Same)
}

// answerTitle names the factor with most dissatisfied answers, in people.
func (f *figures) answerTitle(a answers) string {
	worst, bad := -1, 0.0
	for i, r := range a.Factors {
		if share := r.shares[0] + r.shares[1]; r.shown && share > bad {
			worst, bad = i, share
		}
	}
	switch {
	case worst < 0:
		return f.p.T("staff.answers.none")
	case bad < 1:
		return f.p.T("staff.answers.hardly")
	}
	return f.p.T("staff.answers.worst", a.Factors[worst].Name, f.p.Percent(bad, 1))
}

// method says how the figures are computed, rule by rule.
func (f *figures) method(in *survey.Instrument, s survey.Spec) []string {
	t := f.p.T
	lines := []string{t("staff.spec.item." + string(s.Item))}
	if s.Overall == survey.Direct {
		lines = append(lines, t("staff.spec.overall.direct", in.Question(s.Direct).ShortText(f.p.Lang)))
	}
	lines = append(lines, t("staff.spec.factor", t("staff.spec.rule."+string(s.Factor))))
	if len(in.Domains) > 1 {
		lines = append(lines, t("staff.spec.domain", t("staff.spec.rule."+string(s.Domain))))
	}
	if s.Overall != survey.Direct {
		lines = append(lines, t("staff.spec.overall", t("staff.spec.rule."+string(s.Overall))))
	}
	lines = append(lines, t("staff.spec.units."+string(s.Units)), t("staff.spec.missing"))
	if f.sample() {
		lines = append(lines, t("sampling.say."+string(f.c.Wave.Sampling)), t("staff.spec.change"), t("staff.spec.changes"))
	} else {
		lines = append(lines, t("staff.spec.self_selected"))
	}
	return append(lines, t("staff.spec.few", f.least), t("staff.spec.unofficial"))
}

// unbroken keeps the last two words of a unit's name on one line, as in
// "Phường Đông Mai": in Vietnamese they are most often one proper name.
func unbroken(name string) string {
	if i := strings.LastIndexByte(name, ' '); i >= 0 {
		return name[:i] + "\u00a0" + name[i+1:]
	}
	return name
}
