package survey

import (
	"slices"
	"strings"
)

// PartKind is the level of a figure within an index.
type PartKind string

// The levels of an index, from the top.
const (
	OverallPart PartKind = "overall"
	DomainPart  PartKind = "domain"
	FactorPart  PartKind = "factor"
	ItemPart    PartKind = "item"
)

// PartKey names one figure of an index: "overall", "domain:service",
// "factor:service.access", "item:S24".
type PartKey string

// OverallKey is the figure on top.
const OverallKey = PartKey(OverallPart)

// DomainKey names the figure of a domain.
func DomainKey(domain string) PartKey { return PartKey(DomainPart) + ":" + PartKey(domain) }

// FactorKey names the figure of a factor.
func FactorKey(domain, factor string) PartKey {
	return PartKey(FactorPart) + ":" + PartKey(domain+"."+factor)
}

// ItemKey names the figure of an item.
func ItemKey(code ItemCode) PartKey { return PartKey(ItemPart) + ":" + PartKey(code) }

// Kind and Code are the two halves of the key.
func (k PartKey) Kind() PartKind { kind, _, _ := strings.Cut(string(k), ":"); return PartKind(kind) }

// Code is the code of the domain, factor ("domain.factor") or item.
func (k PartKey) Code() string { _, code, _ := strings.Cut(string(k), ":"); return code }

// Part is one figure of an index.
type Part struct {
	Key PartKey
	Figure
	N int64 // people it stands for: those who answered its most answered item
}

// Explanation says how one figure was made. An item was made of its own counts;
// anything else by Rule from Parts. Items are all items that went into it, in
// the instrument's order.
type Explanation struct {
	Part
	Rule  Rule // empty for an item
	Parts []Part
	Items []ItemFigure
}

// Explain says how a figure of x was made from what was counted in one unit. x
// is an index of in. It is NotFound for a key that the index does not have.
func (in *Instrument) Explain(x Index, key PartKey) (Explanation, error) {
	all := in.parts(x)
	of, ok := all[key]
	if !ok {
		return Explanation{}, Missing("survey.Explain", "figure.unknown", string(key))
	}
	e := Explanation{Part: of.Part, Items: x.Items[of.from:of.to]}
	switch key.Kind() {
	case ItemPart:
		return e, nil
	case FactorPart:
		e.Rule = x.Spec.Factor
	case DomainPart:
		e.Rule = x.Spec.Domain
	case OverallPart:
		e.Rule = x.Spec.Overall
	}
	below := map[Rule]PartKind{MeanOfItems: ItemPart, MeanOfFactors: FactorPart, MeanOfDomains: DomainPart}[e.Rule]
	for _, p := range all {
		if p.Key.Kind() == below && of.from <= p.from && p.to <= of.to {
			e.Parts = append(e.Parts, p.Part)
		}
	}
	slices.SortFunc(e.Parts, func(a, b Part) int { return all[a.Key].from - all[b.Key].from })
	if e.Rule == Direct {
		e.Items = x.direct()
	}
	return e, nil
}

// partOf is a figure and the items it is made of, from the first to before the
// last.
type partOf struct {
	Part
	from, to int
}

// parts are all figures of x.
func (in *Instrument) parts(x Index) map[PartKey]partOf {
	all := map[PartKey]partOf{}
	put := func(key PartKey, f Figure, n int64, from, to int) {
		all[key] = partOf{Part{key, f, n}, from, to}
	}
	item, factor := 0, 0
	for i, d := range in.Domains {
		first, n := item, int64(0)
		for _, f := range d.Factors {
			start := item
			for _, code := range f.Items {
				put(ItemKey(code), x.Items[item].Figure, x.Items[item].Answered, item, item+1)
				item++
			}
			put(FactorKey(d.Code, f.Code), x.Factors[factor].Figure, x.Factors[factor].N, start, item)
			n, factor = max(n, x.Factors[factor].N), factor+1
		}
		put(DomainKey(d.Code), x.Domains[i].Figure, n, first, item)
	}
	all[OverallKey] = partOf{Part{OverallKey, x.Overall, x.People}, 0, item}
	return all
}

// direct is the item that asks for the overall figure. It need not be one of
// the index's items.
func (x Index) direct() []ItemFigure {
	for _, it := range x.Items {
		if it.Code == x.Spec.Direct {
			return []ItemFigure{it}
		}
	}
	return []ItemFigure{{Code: x.Spec.Direct, Figure: x.Overall}}
}
