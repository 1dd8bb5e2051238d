package web

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"sipas/internal/estimate"
	"sipas/internal/survey"
)

// compareRow is one figure on both sides.
type compareRow struct {
	Key     survey.PartKey
	Level   string
	Name    string
	A, B    cell
	Chart   pairChart
	Say     string // the difference with its interval, in words
	Class   string
	Sign    string
	Peers   string // the middle and the spread of the units beside
	a, b    measure
	diff    estimate.Difference
	points  float64
	known   bool // both figures are shown
	clear   bool // beyond chance, with all rows looked at together
	peers   spread
	overall bool
}

// pairChart is two dots with their intervals on one axis, in percent of the
// width; of the units beside the middle half.
type pairChart struct {
	A, ALow, AHigh string // empty: no figure, no interval
	B, BLow, BHigh string
	Low, Mid, High string
	MidWidth       string
}

// spread is the middle of some figures and the middle half around it.
type spread struct {
	low, mid, high float64
	n              int
}

// newSpread is nothing for fewer than three figures: two have no middle.
func newSpread(values []float64) spread {
	if len(values) < 3 {
		return spread{n: len(values)}
	}
	slices.Sort(values)
	at := func(q float64) float64 { // as R's quantile type 7
		h := q * float64(len(values)-1)
		i := min(int(h), len(values)-2)
		return values[i] + (h-float64(i))*(values[i+1]-values[i])
	}
	return spread{at(.25), at(.5), at(.75), len(values)}
}

// rows compares every figure that both sides have: the overall one first, then
// what differs beyond chance by how much, then the rest as in the questionnaire.
func (x *comparison) rows() []compareRow {
	rows := []compareRow{x.row(survey.OverallKey, "overall", x.f.p.T("compare.overall"), overallOf)}
	rows[0].overall = true
	if x.a.in.ID == x.b.in.ID { // other questions are other figures
		rows = append(rows, x.parts()...)
	}
	x.judge(rows)
	rest := rows[1:]
	slices.SortStableFunc(rest, func(a, b compareRow) int {
		if !a.clear || !b.clear {
			return boolOrder(a.clear, b.clear)
		}
		return cmp.Compare(math.Abs(b.points), math.Abs(a.points))
	})
	return rows
}

func (x *comparison) parts() []compareRow {
	var rows []compareRow
	in, lang := x.a.in, x.f.p.Lang
	factor, item := 0, 0
	for i, d := range in.Domains {
		if len(in.Domains) > 1 {
			rows = append(rows, x.row(survey.DomainKey(d.Code), "domain", d.Title.In(lang), func(x survey.Index) measure { return domainOf(x, i) }))
		}
		for _, f := range d.Factors {
			if len(in.Domains)+len(d.Factors) > 2 {
				rows = append(rows, x.row(survey.FactorKey(d.Code, f.Code), "factor", f.Title.In(lang), factorOf(factor)))
			}
			factor++
			for _, code := range f.Items {
				rows = append(rows, x.row(survey.ItemKey(code), "item", in.Question(code).ShortText(lang), itemOf(item)))
				item++
			}
		}
	}
	return rows
}

func (x *comparison) row(key survey.PartKey, level, name string, of func(survey.Index) measure) compareRow {
	f := x.f
	r := compareRow{Key: key, Level: f.p.T("compare.level." + level), Name: name, a: of(x.a.index), b: of(x.b.index)}
	r.A, r.B = f.cell(r.a, 2), f.cell(r.b, 2)
	if r.a.shown() {
		r.A.Href = x.a.f.explainHref(x.a.f.c.Unit.Code, key)
	}
	if r.b.shown() {
		r.B.Href = x.b.f.explainHref(x.b.f.c.Unit.Code, key)
	}
	r.known = r.a.shown() && r.b.shown() && x.apart == ""
	var beside []float64
	for _, peer := range x.peers {
		if m := of(peer); m.shown() {
			beside = append(beside, m.Value)
		}
	}
	if r.peers = newSpread(beside); r.peers.n >= 3 {
		r.Peers = f.p.T("compare.peers", f.p.Decimal(r.peers.mid, 1), f.p.Decimal(r.peers.low, 1), f.p.Decimal(r.peers.high, 1), r.peers.n)
	}
	return r
}

// judge says every difference, and which of them are beyond chance: its interval
// leaves out zero, and it holds when all rows are looked at together.
func (x *comparison) judge(rows []compareRow) {
	var all []estimate.Difference
	var at []int
	for i := range rows {
		r := &rows[i]
		if !r.known {
			continue
		}
		r.points = r.a.Value - r.b.Value
		if r.diff = estimate.Between(r.b.known(), r.a.known()); r.diff.Tested() {
			all, at = append(all, r.diff), append(at, i)
		}
	}
	for j, beyond := range estimate.Adjust(all) {
		r := &rows[at[j]]
		r.clear = beyond || r.overall && r.diff.Real() // the overall figure is one question of its own
	}
	for i := range rows {
		rows[i].say(x.f, len(all))
	}
}

// say puts a difference into words.
func (r *compareRow) say(f *figures, together int) {
	r.Class = "mut"
	if !r.known {
		return
	}
	signed := f.p.Signed(r.points, 1)
	if !r.diff.Tested() {
		r.Say = f.p.T("staff.change.plain", signed)
		return
	}
	low, high := f.p.Signed(r.diff.Low, 1), f.p.Signed(r.diff.High, 1)
	switch {
	case r.clear && r.points > 0:
		r.Class, r.Sign, r.Say = "up-t", "up", f.p.T("compare.higher", f.p.Decimal(r.points, 1), low, high)
	case r.clear:
		r.Class, r.Sign, r.Say = "dn-t", "dn", f.p.T("compare.lower", f.p.Decimal(-r.points, 1), low, high)
	case !r.diff.Has(0):
		r.Say = f.p.T("compare.many", signed, low, high, together)
	default:
		r.Say = f.p.T("compare.unclear", signed, low, high)
	}
}

// draw gives every row its chart on one axis that holds them all, in steps of
// five points.
func (x *comparison) draw(rows []compareRow) ([]compareRow, [2]string) {
	lo, hi := 100.0, 0.0
	hold := func(v float64) { lo, hi = min(lo, v), max(hi, v) }
	for _, r := range rows {
		for _, m := range []measure{r.a, r.b} {
			if m.shown() {
				hold(m.Value)
			}
			if w, ok := m.interval(); ok {
				hold(w.Low)
				hold(w.High)
			}
		}
		if r.peers.n >= 3 {
			hold(r.peers.low)
			hold(r.peers.high)
		}
	}
	if lo > hi {
		lo, hi = 0, 100
	}
	const step = 5
	lo, hi = max(0, math.Floor((lo-1)/step)*step), min(100, math.Ceil((hi+1)/step)*step)
	place := func(v float64) string { return percent(100 * (v - lo) / (hi - lo)) }
	for i := range rows {
		r := &rows[i]
		if r.a.shown() {
			r.Chart.A = place(r.a.Value)
		}
		if r.b.shown() {
			r.Chart.B = place(r.b.Value)
		}
		if w, ok := r.a.interval(); ok {
			r.Chart.ALow, r.Chart.AHigh = place(w.Low), place(w.High)
		}
		if w, ok := r.b.interval(); ok {
			r.Chart.BLow, r.Chart.BHigh = place(w.Low), place(w.High)
		}
		if r.peers.n >= 3 {
			r.Chart.Low, r.Chart.Mid, r.Chart.High = place(r.peers.low), place(r.peers.mid), place(r.peers.high)
			r.Chart.MidWidth = percent(100 * (r.peers.high - r.peers.low) / (hi - lo))
		}
	}
	return rows, [2]string{x.f.p.Decimal(lo, 0), x.f.p.Percent(hi, 0)}
}

// title states what the comparison finds, and no more than it finds.
func (x *comparison) title(rows []compareRow) string {
	p, all := x.f.p, rows[0]
	above, below := int64(0), int64(0)
	for _, r := range rows[1:] {
		if r.clear && r.points > 0 {
			above++
		} else if r.clear {
			below++
		}
	}
	switch {
	case x.apart != "":
		return p.T("compare.title.apart", x.a.Name, x.b.Name)
	case !all.known:
		return p.T("compare.title.few", x.a.Name, x.b.Name)
	case x.a.f.sample() && !all.diff.Tested():
		return p.T("sampling.compare", x.a.Name, p.Percent(all.a.Value, 1), x.b.Name, p.Percent(all.b.Value, 1))
	case !x.a.f.sample():
		return p.T("compare.title.plain", x.a.Name, p.Percent(all.a.Value, 1), x.b.Name, p.Percent(all.b.Value, 1))
	case all.clear && all.points > 0:
		return p.T("compare.title.higher", x.a.Name, x.b.Name, p.Decimal(all.points, 1), above, below)
	case all.clear:
		return p.T("compare.title.lower", x.a.Name, x.b.Name, p.Decimal(-all.points, 1), above, below)
	case above+below > 0:
		return p.T("compare.title.parts", x.a.Name, x.b.Name, above, below)
	}
	return p.T("compare.title.alike", x.a.Name, x.b.Name)
}

// sub says how to read the table.
func (x *comparison) sub() string {
	switch {
	case x.apart != "":
		return x.f.p.T("compare.sub.apart")
	case !x.f.sample():
		return x.f.p.T("compare.sub.plain")
	}
	return x.f.p.T("compare.sub")
}

// compareNotes say what must not be overlooked: why there is no difference, that
// a part moves with its whole, how the ballots came.
func (s *server) compareNotes(ctx context.Context, x *comparison) ([]string, error) {
	p := x.f.p
	var notes []string
	if x.apart != "" {
		notes = append(notes, p.T(x.apart+".say"))
		if x.apart == "staff.change.other_instrument" {
			notes = append(notes, p.T("compare.instruments", x.a.Name, x.a.in.Title.In(p.Lang), x.b.Name, x.b.in.Title.In(p.Lang)))
		}
		if x.apart == "staff.change.other_design" {
			notes = append(notes, p.T("compare.designs", x.a.Name, p.T("staff.wave.design."+string(x.a.f.c.Wave.Design)), x.b.Name, p.T("staff.wave.design."+string(x.b.f.c.Wave.Design))))
		}
	} else if !x.f.sample() {
		notes = append(notes, p.T("staff.spec.self_selected"))
	}
	if x.within != "" && x.f.sample() {
		notes = append(notes, p.T("compare.within", x.within))
	}
	if x.f.c.Channel != "" {
		return append(notes, p.T("compare.channel", p.T("staff.channel."+string(x.f.c.Channel)))), nil
	}
	mix, err := s.channelMix(ctx, x)
	return append(notes, mix...), err
}

// mixApart is from how many points of difference in a channel's share on two
// sides need a warning: they were asked in different ways.
const mixApart = 10

// channelMix says through which channels the ballots of both sides came.
func (s *server) channelMix(ctx context.Context, x *comparison) ([]string, error) {
	p := x.f.p
	shares := map[survey.Channel][2]float64{}
	var words [2]string
	for i, side := range []compareSide{x.a, x.b} {
		c, u := side.f.c, side.f.c.Unit.Code
		reads, veil, err := s.readChannels(ctx, survey.Query{Wave: c.Wave.ID, Units: []survey.UnitCode{u}, Period: c.Period})
		if err != nil {
			return nil, fmt.Errorf("web.channelMix: %w", err)
		}
		if veil.hides(u) || side.index.Hidden { // how many came by which channel is hidden with it
			continue
		}
		for _, ch := range survey.Channels {
			n := reads[ch].Indices[u].N
			if n == 0 || side.index.N == 0 {
				continue
			}
			share := shares[ch]
			share[i] = 100 * float64(n) / float64(side.index.N)
			shares[ch] = share
			if words[i] != "" {
				words[i] += ", "
			}
			words[i] += p.T("compare.mix.part", p.T("staff.channel."+string(ch)), p.Percent(share[i], 0))
		}
	}
	if len(shares) < 2 || words[0] == "" || words[1] == "" {
		return nil, nil
	}
	notes := []string{p.T("compare.mix", x.a.Name, words[0], x.b.Name, words[1])}
	for _, share := range shares {
		if math.Abs(share[0]-share[1]) >= mixApart {
			return append(notes, p.T("compare.mix.apart")), nil
		}
	}
	return notes, nil
}
