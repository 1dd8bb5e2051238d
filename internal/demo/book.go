package demo

import (
	"bytes"
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"sipas/internal/book"
	"sipas/internal/importer"
	"sipas/internal/survey"
)

// byDemo is who entered the demo's results.
const byDemo = "demo"

// Years of the demo's index book: districts were measured until their last whole
// year, communes since they are there.
const (
	firstMeasured = 2018
	lastDistricts = 2024
	firstCommunes = 2025
)

const uongBi survey.UnitCode = "qn.h.uong-bi"

// book fills the index book: what was published as it was, the rest made up.
func (b *builder) book(ctx context.Context) error {
	if b.Book == nil {
		return nil
	}
	file, err := data.ReadFile("data/results.csv")
	if err != nil {
		return err
	}
	tree := b.registry.Catalog().Tree
	published, err := importer.ReadResults(bytes.NewReader(file), b.Types, tree)
	if err != nil {
		return err
	}
	m := &maker{
		types: b.Types, tree: tree,
		rnd:     rand.New(rand.NewPCG(b.Seed, 0xb00c)), //nolint:gosec // made-up data, not secrets
		quality: map[survey.UnitCode]float64{}, published: map[book.Key]book.Result{},
	}
	for _, r := range published.Results {
		m.published[r.Key] = r
	}
	m.districts()
	m.communes(b.now.Year())
	for _, r := range published.Results {
		if _, done := m.done[r.Key]; !done {
			m.results = append(m.results, r)
		}
	}
	_, err = b.Book.PutResults(ctx, byDemo, b.now, m.results)
	return err
}

// maker makes results up.
type maker struct {
	types     *book.Types
	tree      *survey.Tree
	rnd       *rand.Rand
	quality   map[survey.UnitCode]float64 // how good a unit is, about −2 to 2
	published map[book.Key]book.Result
	done      map[book.Key]bool
	results   []book.Result
}

// league is the results of one family and year to be made up.
type league struct {
	family string
	year   int
	units  []survey.Unit
	rankOf int // 0: not told
	anchor anchor
	gap    float64 // from one rank to the next
	status book.Status
}

// anchor is a unit whose rank and value are given.
type anchor struct {
	unit  survey.UnitCode
	rank  int
	value float64
}

// districts makes the years of districts. In 2018 and 2019 Uông Bí stands where
// it was published, or where the year before is told as an example.
func (m *maker) districts() {
	for year := firstMeasured; year <= lastDistricts; year++ {
		units := m.standing(year, survey.District)
		n := len(units)
		sipas := league{"sipas", year, units, n, anchor{"", n / 2, 91.5 + m.rnd.Float64()}, 0.55, book.Final}
		par := league{"par-index", year, units, n, anchor{"", n / 2, 87.5 + 0.3*float64(year-firstMeasured)}, 0.5, book.Final}
		dgi := league{"dgi", year, slices.DeleteFunc(slices.Clone(units), func(u survey.Unit) bool { return u.Code == "qn.h.hoanh-bo" }), 13, anchor{"", 7, 66.5}, 0.6, book.Final}
		switch year {
		case 2018:
			par.anchor, par.rankOf = anchor{uongBi, 3, 90.84}, 0
			sipas.anchor, dgi.anchor = anchor{uongBi, 5, 93.02}, anchor{uongBi, 9, 65.31}
		case 2019:
			par.anchor, par.rankOf = anchor{uongBi, 2, 91.59}, 0
			sipas.anchor, dgi.anchor = anchor{uongBi, 8, 93.28}, anchor{uongBi, 11, 64.95}
		}
		m.league(sipas)
		m.league(par)
		m.league(dgi)
		if year >= 2023 {
			m.league(league{"ddci", year, units, n, anchor{"", n / 2, 71}, 0.9, book.Final})
		}
	}
}

// communes makes the years since there are communes; the last is provisional.
func (m *maker) communes(last int) {
	for year := firstCommunes; year <= last; year++ {
		units := m.standing(year, survey.Ward, survey.Commune, survey.SpecialZone)
		status := book.Final
		if year == last {
			status = book.Provisional
		}
		m.league(league{"service-766", year, units, len(units), anchor{"", len(units) / 2, 82}, 0.35, status})
		m.league(league{"one-stop", year, units, len(units), anchor{"", len(units) / 2, 14}, 0.09, status})
	}
}

// standing returns the units of some kinds that stand on the last day of a year.
func (m *maker) standing(year int, kinds ...survey.UnitKind) (units []survey.Unit) {
	day := survey.Month(100*year + 12).Last()
	for _, u := range m.tree.All() {
		if slices.Contains(kinds, u.Kind) && u.Stands(day) {
			units = append(units, u)
			if _, ok := m.quality[u.Code]; !ok {
				m.quality[u.Code] = m.rnd.NormFloat64()
			}
		}
	}
	return units
}

// league makes the results of one year: values a gap apart by rank, the better
// units ahead as a rule, the anchor where it was.
func (m *maker) league(l league) {
	if len(l.units) == 0 {
		return
	}
	form := map[survey.UnitCode]float64{}
	for _, u := range l.units {
		form[u.Code] = m.quality[u.Code] + 0.6*m.rnd.NormFloat64()
	}
	order := slices.Clone(l.units)
	slices.SortStableFunc(order, func(a, b survey.Unit) int { return cmp.Compare(form[b.Code], form[a.Code]) })
	if i := slices.IndexFunc(order, func(u survey.Unit) bool { return u.Code == l.anchor.unit }); i >= 0 {
		fixed := order[i]
		order = slices.Insert(slices.Delete(order, i, i+1), l.anchor.rank-1, fixed)
	}
	for i, u := range order {
		t := m.types.Find(l.family, u.Kind, l.year)[0]
		value := l.anchor.value + l.gap*(float64(l.anchor.rank-1-i)+0.4*(m.rnd.Float64()-0.5))
		if i == l.anchor.rank-1 {
			value = l.anchor.value
		}
		m.result(t, u, l, i+1, cents(min(value, 0.995*ceiling(t))))
	}
}

// ceiling is the most that a result of t can be.
func ceiling(t *book.Type) float64 {
	if t.Maximum > 0 {
		return t.Maximum
	}
	return 100
}

func cents(v float64) float64 { return math.Round(100*v) / 100 }

func (m *maker) result(t *book.Type, u survey.Unit, l league, rank int, value float64) {
	r := book.Result{
		Key: book.Key{Unit: u.Code, Type: t.Code, Year: l.year}, Rank: rank, RankOf: l.rankOf,
		Status: l.status, Synthetic: true, Document: "Số mô phỏng",
	}
	switch {
	case t.Unit == book.Percent:
		r.Percent = book.Of(value)
	case t.Maximum > 0:
		r.Score, r.Percent = book.Of(value), book.Of(cents(100*value/t.Maximum))
	default:
		r.Score = book.Of(value)
	}
	if p, ok := m.published[r.Key]; ok {
		r = p
	}
	if t.Adds && t.Maximum > 0 {
		r.Parts = m.points(t, r.Score.Value, u.Code, l.year)
	} else {
		r.Parts = m.means(t, value)
	}
	if m.done == nil {
		m.done = map[book.Key]bool{}
	}
	m.done[r.Key] = true
	m.results = append(m.results, r)
}

// points shares the points that a total is below its maximum among the top
// components, so that they add up to it.
func (m *maker) points(t *book.Type, total float64, unit survey.UnitCode, year int) (parts []book.Part) {
	if len(t.Components) == 0 {
		return nil
	}
	weights, sum := make([]float64, len(t.Components)), 0.0
	for i, c := range t.Components {
		weights[i] = c.Maximum * math.Exp(0.7*m.rnd.NormFloat64())
		sum += weights[i]
	}
	lost := t.Maximum - total
	scores, rest := make([]float64, len(weights)), total
	for i, c := range t.Components {
		scores[i] = cents(c.Maximum - min(0.6*c.Maximum, lost*weights[i]/sum))
		rest -= scores[i]
	}
	for i := 0; math.Abs(rest) > 0.001; i = (i + 1) % len(scores) { // what rounding and the bound left over
		to := cents(min(t.Components[i].Maximum, max(0, scores[i]+rest)))
		rest -= to - scores[i]
		scores[i] = to
	}
	for i, c := range t.Components {
		parts = append(parts, book.Part{Code: c.Code, Score: scores[i]})
		for _, below := range c.Children {
			if n := m.below(below, unit, year, scores[i]/c.Maximum); n.Known {
				parts = append(parts, book.Part{Code: below.Code, Score: n.Value})
			}
		}
	}
	return parts
}

// below is the score of a component below the top: computed from the index it
// comes from, with a slip in every seventh, or like the one above.
func (m *maker) below(c *book.Component, unit survey.UnitCode, year int, share float64) book.Number {
	if c.From == "" {
		return book.Of(cents(share * c.Maximum))
	}
	for _, r := range m.results {
		if t := m.types.Type(r.Type); r.Unit == unit && r.Year == year && t.Family == c.From {
			n := book.SIPASPoints(r.Percent, c.Maximum)
			if m.rnd.IntN(7) == 0 {
				n.Value = cents(n.Value - 0.05)
			}
			return n
		}
	}
	return book.Number{}
}

// means scatters components of an index that is a mean around it: its tops
// around the whole, what is below around its top.
func (m *maker) means(t *book.Type, value float64) (parts []book.Part) {
	var around func(cs []*book.Component, share float64)
	around = func(cs []*book.Component, share float64) {
		off, mean := make([]float64, len(cs)), 0.0
		for i := range cs {
			off[i] = 0.018 * m.rnd.NormFloat64()
			mean += off[i] / float64(len(cs))
		}
		for i, c := range cs {
			s := min(0.999, share+off[i]-mean)
			parts = append(parts, book.Part{Code: c.Code, Score: cents(s * c.Maximum)})
			around(c.Children, s)
		}
	}
	around(t.Components, value/ceiling(t))
	return parts
}
