package web

import (
	"sipas/internal/survey"
)

// fiveSteps is how many levels a scale has to have to be drawn from
// dissatisfied to satisfied.
const fiveSteps = 5

// answerRow is how the people of a unit answered a factor or an item.
type answerRow struct {
	Code, Name string
	Bar        stacked
	Parts      []string // percent of each step, lowest first; empty: not shown
	Bad        string   // the two lowest together
	Middle     string
	Good       string // the two highest together
	Why        string // why nothing is shown
	N          string
	shares     [fiveSteps]float64
	people     int64
	shown      bool
}

// answers lists the distributions of the factors and of the items of u.
type answers struct {
	Steps   []string // the words of the five steps
	Factors []answerRow
	Items   []answerRow
}

// answers makes the distributions. It is empty for an instrument whose items
// are not answered in five steps.
func (f *figures) answers(u survey.UnitCode) answers {
	var out answers
	x, at := f.index(u), 0
	for _, d := range f.now.Instrument.Domains {
		for _, fac := range d.Factors {
			var sum [fiveSteps]int64
			people, hidden := int64(0), false
			for range fac.Items {
				it := x.Items[at]
				at++
				q := f.now.Instrument.Question(it.Code)
				if q.Kind != survey.Scale || len(q.Options) != fiveSteps {
					continue
				}
				if out.Steps == nil {
					for _, o := range q.Options {
						out.Steps = append(out.Steps, o.Label.In(f.p.Lang))
					}
				}
				for i, n := range it.Counts {
					sum[i] += n
				}
				people, hidden = max(people, it.Answered), hidden || it.Hidden
				var counts [fiveSteps]int64
				copy(counts[:], it.Counts)
				out.Items = append(out.Items, f.answerRow(string(it.Code), q.ShortText(f.p.Lang), counts, it.Answered, it.Hidden))
			}
			out.Factors = append(out.Factors, f.answerRow("", fac.ShortTitle(f.p.Lang), sum, people, hidden))
		}
	}
	if out.Steps == nil {
		return answers{}
	}
	f.drawAnswers(out.Factors)
	f.drawAnswers(out.Items)
	return out
}

// answerRow computes one row; people is how many answered at least once.
func (f *figures) answerRow(code, name string, counts [fiveSteps]int64, people int64, hidden bool) answerRow {
	c := f.cell(measure{Percent: survey.Percent{Known: people > 0}, N: people, hidden: hidden}, 0)
	r := answerRow{Code: code, Name: name, N: c.N, Why: c.Why, people: people}
	if r.Why != "" {
		return r
	}
	total := int64(0)
	for _, n := range counts {
		total += n
	}
	for i, n := range counts {
		r.shares[i] = survey.Share(n, total).Value
		r.Parts = append(r.Parts, f.p.Decimal(r.shares[i], 1))
	}
	r.shown = true
	r.Bad = f.p.Decimal(survey.Share(counts[0]+counts[1], total).Value, 1)
	r.Middle = r.Parts[2]
	r.Good = f.p.Decimal(survey.Share(counts[3]+counts[4], total).Value, 1)
	return r
}

func (f *figures) drawAnswers(rows []answerRow) {
	var shares [][fiveSteps]float64
	for _, r := range rows {
		shares = append(shares, r.shares)
	}
	scale := newStackScale(shares)
	for i := range rows {
		if rows[i].shown {
			rows[i].Bar = scale.draw(f.p, rows[i].shares)
		}
	}
}

// askedTable is the answers to a question that is not part of the index.
type askedTable struct {
	Code, Group, Title string
	Several            string // that shares may add up to more than 100, if they may
	Rows               []askedRow
	N                  string
	Why                string // why nothing is shown
	q                  *survey.Question
	n                  int64
}

// askedRow is one option. Width is of its bar.
type askedRow struct {
	Text, Percent, Width, N string
	share                   float64
	n                       int64
}

// asked lists the questions that are not part of the index: those about the
// respondent, or all others.
func (f *figures) asked(u survey.UnitCode, respondent bool) []askedTable {
	indexed := map[survey.ItemCode]bool{f.now.Instrument.Spec.Direct: true}
	for _, code := range f.now.Instrument.Items() {
		indexed[code] = true
	}
	var tables []askedTable
	group := ""
	for _, q := range f.now.Instrument.Questions {
		if q.Respondent != respondent || indexed[q.Code] || q.Kind == survey.FreeText {
			continue
		}
		t := f.askedTable(u, q)
		if t.Group = q.MatrixText.In(f.p.Lang); t.Group == group {
			t.Group = "" // said above the first of the matrix
		} else {
			group = t.Group
		}
		tables = append(tables, t)
	}
	return tables
}

func (f *figures) askedTable(u survey.UnitCode, q *survey.Question) askedTable {
	tally := f.now.Tallies[u]
	n := tally.Answered(q)
	c := f.cell(measure{Percent: survey.Percent{Known: n > 0}, N: n, hidden: f.veil.hidesQuestion(u, q)}, 0)
	t := askedTable{Code: string(q.Code), Title: q.ShortText(f.p.Lang), N: c.N, Why: c.Why, q: q, n: n}
	if q.Kind == survey.Many {
		t.Several = f.p.T("staff.asked.several")
	}
	if t.Why != "" {
		return t
	}
	for i, o := range q.Options {
		c := tally.Count(q, i)
		share := survey.Share(c, n)
		t.Rows = append(t.Rows, askedRow{o.Label.In(f.p.Lang), f.p.Decimal(share.Value, 1), percent(share.Value), f.p.Int(c), share.Value, c})
	}
	return t
}
