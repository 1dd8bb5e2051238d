package survey

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

// Percent is a percentage in full precision, or unknown because nobody
// answered. Unknown is not zero.
type Percent struct {
	Value float64 // 0 to 100
	Known bool
}

// Share returns part ÷ whole × 100.
func Share(part, whole int64) Percent {
	if whole == 0 {
		return Percent{}
	}
	return Percent{100 * float64(part) / float64(whole), true}
}

// Minus returns the difference in points, unknown if either side is.
func (p Percent) Minus(q Percent) Percent {
	return Percent{p.Value - q.Value, p.Known && q.Known}
}

// Round returns p half up to so many decimals. It rounds the shortest decimal
// that stands for p, so that 80.075, which no float holds, becomes 80.08.
func (p Percent) Round(decimals int) float64 {
	scale := math.Pow10(decimals)
	scaled := p.Value * scale
	if far := math.Abs(scaled - math.Floor(scaled) - 0.5); far > 1e-4 && scaled < 1e9 { // only near a half does it matter which float it is
		return math.Floor(scaled+0.5) / scale
	}
	shortest, _ := strconv.ParseFloat(strconv.FormatFloat(p.Value, 'g', 15, 64), 64)
	return math.Floor(shortest*scale+0.5+1e-9) / scale
}

// Figure is one percentage with the counts it was computed from.
type Figure struct {
	Percent   Percent
	Satisfied int64      // answers that count as satisfied
	Answered  int64      // valid answers
	Hidden    bool       // withheld, and all the rest is zero: see [Index.Withhold]
	Precision *Precision // nil: it was not asked for, or these are no sample
}

// ItemFigure is the figure of one item with its distribution.
type ItemFigure struct {
	Code ItemCode
	Figure
	Skipped int64
	Counts  []int64 // per option, in the question's order
	score   int64   // sum of the scores, for MeanScore
	top     int64   // the highest score, for MeanScore
}

// FactorFigure is the figure of one factor. N is the answers of its most
// answered item: at least so many people said something about it.
type FactorFigure struct {
	Code   string
	Domain string
	N      int64
	Figure
}

// DomainFigure is the figure of one domain.
type DomainFigure struct {
	Code string
	Figure
}

// Index is every figure of one unit, with the rules that made it.
type Index struct {
	Spec    Spec
	N       int64 // responses counted
	People  int64 // who Overall stands for: those who answered its most answered item
	Overall Figure
	Domains []DomainFigure
	Factors []FactorFigure
	Items   []ItemFigure
	Hidden  bool // all of it is withheld, N too
}

// Index computes every figure of t by the instrument's own spec.
func (in *Instrument) Index(t Tally) Index { return in.IndexBy(in.Spec, t) }

// IndexBy computes every figure of t by spec.
func (in *Instrument) IndexBy(spec Spec, t Tally) Index {
	x := Index{Spec: spec, N: t.N}
	for _, d := range in.Domains {
		var domain []ItemFigure
		var factors []Figure
		for _, f := range d.Factors {
			var items []ItemFigure
			for _, code := range f.Items {
				items = append(items, spec.item(in.byCode[code], t))
			}
			factor := FactorFigure{f.Code, d.Code, mostAnswered(items), spec.combine(spec.Factor, items, nil, nil)}
			x.Factors = append(x.Factors, factor)
			factors = append(factors, factor.Figure)
			domain = append(domain, items...)
		}
		x.Domains = append(x.Domains, DomainFigure{d.Code, spec.combine(spec.Domain, domain, factors, nil)})
		x.Items = append(x.Items, domain...)
	}
	x.Overall = spec.overall(in, t, &x)
	if x.People = mostAnswered(x.Items); spec.Overall == Direct {
		x.People = x.Overall.Answered
	}
	return x
}

func (s Spec) overall(in *Instrument, t Tally, x *Index) Figure {
	if s.Overall == Direct {
		return s.item(in.byCode[s.Direct], t).Figure
	}
	var factors, domains []Figure
	for _, f := range x.Factors {
		factors = append(factors, f.Figure)
	}
	for _, d := range x.Domains {
		domains = append(domains, d.Figure)
	}
	return s.combine(s.Overall, x.Items, factors, domains)
}

// item computes one item. Its denominator is its own valid answers.
func (s Spec) item(q *Question, t Tally) ItemFigure {
	f := ItemFigure{Code: q.Code, Counts: make([]int64, len(q.Options)), Skipped: t.Skipped(q)}
	f.Answered = t.Answered(q)
	for i, o := range q.Options {
		c := t.Count(q, i)
		f.Counts[i] = c
		if slices.Contains(s.Satisfied, o.Value) {
			f.Satisfied += c
		}
		if score, err := strconv.ParseInt(o.Value, 10, 64); err == nil {
			f.score += score * c
			f.top = max(f.top, score)
		}
	}
	f.Percent = Share(f.Satisfied, f.Answered)
	if s.Item == MeanScore {
		f.Percent = Share(f.score, f.top*f.Answered)
	}
	return f
}

// combine makes a higher figure out of its items, factors or domains.
func (s Spec) combine(rule Rule, items []ItemFigure, factors, domains []Figure) Figure {
	f := Figure{}
	var score, top int64
	figures := make([]Figure, len(items))
	for i, it := range items {
		figures[i] = it.Figure
		f.Satisfied += it.Satisfied
		f.Answered += it.Answered
		score += it.score
		top += it.top * it.Answered
	}
	switch {
	case rule == Pooled && s.Item == MeanScore:
		f.Percent = Share(score, top)
	case rule == Pooled:
		f.Percent = Share(f.Satisfied, f.Answered)
	case rule == MeanOfDomains:
		f.Percent = mean(domains)
	case rule == MeanOfFactors:
		f.Percent = mean(factors)
	default:
		f.Percent = mean(figures)
	}
	return f
}

// mean is the plain mean of the known percentages.
func mean(figures []Figure) Percent {
	sum, n := 0.0, 0
	for _, f := range figures {
		if f.Percent.Known {
			sum += f.Percent.Value
			n++
		}
	}
	if n == 0 {
		return Percent{}
	}
	return Percent{sum / float64(n), true}
}

func mostAnswered(items []ItemFigure) (n int64) {
	for _, it := range items {
		n = max(n, it.Answered)
	}
	return n
}

// OfUnits combines the indices of the units directly below a unit by its
// spec's UnitsRule. whole is the index of all responses together, whose counts
// stay; weights may be nil unless the rule is WeightedUnits.
func OfUnits(whole Index, parts map[UnitCode]Index, weights map[UnitCode]float64) Index {
	if whole.Spec.Units == PooledResponses || len(parts) == 0 {
		return whole
	}
	weight := func(u UnitCode) float64 {
		if whole.Spec.Units == WeightedUnits {
			return weights[u]
		}
		return 1
	}
	across := func(of func(Index) Percent) Percent {
		sum, total := 0.0, 0.0
		for _, u := range sortedKeys(parts) {
			if p := of(parts[u]); p.Known {
				sum += weight(u) * p.Value
				total += weight(u)
			}
		}
		if total == 0 {
			return Percent{}
		}
		return Percent{sum / total, true}
	}
	out := whole
	out.Domains, out.Factors, out.Items = slices.Clone(whole.Domains), slices.Clone(whole.Factors), slices.Clone(whole.Items)
	out.Overall.Percent = across(func(x Index) Percent { return x.Overall.Percent })
	for i := range out.Domains {
		out.Domains[i].Percent = across(func(x Index) Percent { return x.Domains[i].Percent })
	}
	for i := range out.Factors {
		out.Factors[i].Percent = across(func(x Index) Percent { return x.Factors[i].Percent })
	}
	for i := range out.Items {
		out.Items[i].Percent = across(func(x Index) Percent { return x.Items[i].Percent })
	}
	return out
}

// Ranks gives each of values its rank, the highest first: equal values share a
// rank and the next rank is skipped (1, 2, 2, 4). Unknown values get 0.
func Ranks(values []Percent) []int {
	order := make([]int, 0, len(values))
	for i, v := range values {
		if v.Known {
			order = append(order, i)
		}
	}
	// Equal ones share their rank, so their order does not matter.
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(values[b].Value, values[a].Value) })
	ranks := make([]int, len(values))
	for place, i := range order {
		ranks[i] = place + 1
		if place > 0 && values[order[place-1]].Value == values[i].Value {
			ranks[i] = ranks[order[place-1]]
		}
	}
	return ranks
}
