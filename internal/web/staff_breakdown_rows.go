package web

import (
	"cmp"
	"slices"

	"sipas/internal/estimate"
	"sipas/internal/survey"
)

// fill makes the table.
func (p *breakdownPage) fill(g *grouped, all bool) {
	in := g.b.Instrument
	for _, d := range in.Domains {
		for _, f := range d.Factors {
			p.Heads = append(p.Heads, f.ShortTitle(p.Lang))
		}
	}
	if len(p.Heads) < 2 { // one factor says the same as the whole
		p.Heads = nil
	}
	p.Rows = g.rows(len(p.Heads))
	p.Found = g.finding(p.Rows)
	p.What = dimensionName(g.p, in, g.by)
	days := g.c.Span
	p.Sub = p.T("breakdown.sub", g.c.Wave.Name, p.Date(days.From.Date()), p.Date(days.To.Date()))
	whole := overallOf(g.b.Whole.Index)
	p.Whole = breakdownRow{Name: p.T("breakdown.whole"), Cell: g.cell(whole, 1), Bar: g.bar(whole, measure{}, "b-data"), Interval: g.between(whole)}
	p.Whole.Sample = g.sample()
	p.Whole.Cell.N = p.Int(g.b.Whole.Tally.N)
	p.Whole.Cell.Href = g.explainHref(g.c.Unit.Code, survey.OverallKey)
	for i := range p.Heads {
		p.Whole.Factors = append(p.Whole.Factors, g.cell(factorOf(i)(g.b.Whole.Index), 1))
	}
	if g.b.Question == nil && g.by != survey.ByChannel {
		slices.SortStableFunc(p.Rows, func(a, b breakdownRow) int { // the unnamed last, the largest first
			return cmp.Or(boolOrder(a.Value != "", b.Value != ""), boolOrder(a.shown, b.shown), cmp.Compare(b.n, a.n))
		})
	}
	if !all && len(p.Rows) > mostGroups {
		p.More = crumb{p.N("breakdown.more", int64(len(p.Rows)-mostGroups)), "/app/breakdown" + g.c.query("all", "1", "by", string(g.by))}
		p.Rows = p.Rows[:mostGroups]
	}
	p.Notes = append(p.Notes, p.T("breakdown.note.whole_wave"))
	switch {
	case g.tested():
		p.Notes = append(p.Notes, p.T("breakdown.note.test"))
	case g.sample():
		p.Notes = append(p.Notes, p.T("sampling.lack."+string(survey.NotByUnit)))
	default:
		p.Notes = append(p.Notes, p.T("staff.spec.self_selected"))
	}
	p.Notes = append(p.Notes, p.T("breakdown.note.hidden", g.least))
	p.CSV = "/app/breakdown.csv" + g.c.query("by", string(g.by))
}

// between is the interval of a figure of a sample.
func (f *figures) between(m measure) string {
	w, ok := m.interval()
	if !ok {
		return ""
	}
	return f.p.Decimal(w.Low, 1) + "–" + f.p.Decimal(w.High, 1)
}

// rows makes a row of every group. What the groups differ by is tested against
// everybody else, all of one column together.
func (g *grouped) rows(factors int) []breakdownRow {
	whole := overallOf(g.b.Whole.Index)
	rows := make([]breakdownRow, len(g.b.Groups))
	differences, beyond := g.judge(overallOf, g.hidden)
	for i, x := range g.b.Groups {
		m, r := overallOf(x.Index), &rows[i]
		r.Name, r.Value, r.n, r.Sample = g.name(x), x.Value, x.Tally.N, g.sample()
		r.Cell = g.covered(m, g.hidden[i], 1)
		if r.Cell.Text == "" {
			continue
		}
		r.shown, r.Cell.N, r.Cell.Href = true, g.p.Int(x.Tally.N), g.href(x, survey.OverallKey)
		r.points, r.judged = differences[i].Test.Difference, beyond[i]
		r.Class, r.Interval = "mut", g.between(m)
		tone := "b-data"
		if g.tested() {
			tone = "b-same"
		}
		if r.judged {
			tone, r.Class, r.Sign = "b-up", "up-t", "up"
			if r.points < 0 {
				tone, r.Class, r.Sign = "b-down", "dn-t", "dn"
			}
		}
		r.Bar = g.bar(m, whole, tone)
		if len(g.b.Groups) > 1 {
			r.Diff = g.p.Signed(m.Value-whole.Value, 1)
		}
	}
	for j := range factors {
		g.factorCells(rows, j)
	}
	return rows
}

// factorCells adds the cells of the j-th factor.
func (g *grouped) factorCells(rows []breakdownRow, j int) {
	hidden, err := g.hide(g.answering(g.most(j)))
	if err != nil {
		hidden = nil // a table of one row of sums always adds up
	}
	for i := range hidden {
		hidden[i] = hidden[i] || g.hidden[i]
	}
	_, beyond := g.judge(factorOf(j), hidden)
	ref := factorOf(j)(g.b.Whole.Index)
	for i, x := range g.b.Groups {
		c := g.covered(factorOf(j)(x.Index), hidden == nil || hidden[i], 0)
		if c.Text != "" {
			c.Href = g.href(x, factorPart(g.b.Instrument, j))
			if beyond[i] {
				c.Class = g.steps.shade(factorOf(j)(x.Index).Value - ref.Value)
			}
		}
		rows[i].Factors = append(rows[i].Factors, c)
	}
}

// shade is the class of a cell that differs by so many points for real.
func (h heatSteps) shade(points float64) string {
	switch {
	case points <= -float64(h.Deep):
		return "h1x"
	case points < 0:
		return "h2x"
	case points >= float64(h.Far):
		return "h5x"
	}
	return "h4x"
}

func factorPart(in *survey.Instrument, i int) survey.PartKey {
	for _, d := range in.Domains {
		if i < len(d.Factors) {
			return survey.FactorKey(d.Code, d.Factors[i].Code)
		}
		i -= len(d.Factors)
	}
	return survey.OverallKey
}

// covered is a cell that says nothing of who is hidden, not even how many they
// are.
func (g *grouped) covered(m measure, hidden bool, decimals int) cell {
	if hidden || m.N > 0 && !m.shown() {
		return cell{Why: g.p.T("staff.few")}
	}
	return g.cell(m, decimals)
}

// judge tests every group that has a value and is shown. Only a sample can
// show that a difference is no chance.
func (g *grouped) judge(of func(survey.Index) measure, hidden []bool) (differences []estimate.Difference, beyond []bool) {
	differences = make([]estimate.Difference, len(g.b.Groups))
	for i, x := range g.b.Groups {
		if x.Value != "" && hidden != nil && !hidden[i] && of(x.Index).shown() {
			differences[i] = g.test(x, of)
		} else {
			differences[i] = estimate.Between(estimate.Known{}, estimate.Known{})
		}
	}
	return differences, estimate.Adjust(differences)
}

// tested reports whether groups have intervals: those of a sample that need not
// be read unit by unit.
func (g *grouped) tested() bool {
	return slices.ContainsFunc(g.b.Groups, func(x survey.Group) bool { return x.Index.Overall.Precision.Known() })
}

// finding says in one sentence what the table shows.
func (g *grouped) finding(rows []breakdownRow) string {
	dimension := dimensionName(g.p, g.b.Instrument, g.by)
	var known []breakdownRow
	for _, r := range rows {
		if r.shown && r.Value != "" {
			known = append(known, r)
		}
	}
	far := slices.MaxFunc(append(known, breakdownRow{}), func(a, b breakdownRow) int {
		size := func(r breakdownRow) float64 {
			if !r.judged {
				return -1
			}
			return max(r.points, -r.points)
		}
		return cmp.Compare(size(a), size(b))
	})
	switch {
	case len(known) < 2:
		return g.p.T("breakdown.found.too_few", dimension)
	case !g.sample():
		return g.p.T("breakdown.found.plain", dimension)
	case !g.tested():
		return g.p.T("sampling.groups", dimension)
	case far.judged && far.points < 0:
		return g.p.T("breakdown.found.lower", far.Name, g.p.Decimal(-far.points, 1))
	case far.judged:
		return g.p.T("breakdown.found.higher", far.Name, g.p.Decimal(far.points, 1))
	case len(known) == 2:
		return g.p.T("breakdown.found.two_alike", known[0].Name, known[1].Name)
	}
	return g.p.T("breakdown.found.alike", dimension)
}
