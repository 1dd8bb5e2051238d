package survey

import "slices"

// Withhold returns x without its counts and percentages. It says so, because it
// is not the same as nobody having answered.
func (x Index) Withhold() Index {
	hidden := Figure{Hidden: true}
	out := Index{Spec: x.Spec, Overall: hidden, Hidden: true}
	out.Domains, out.Factors = slices.Clone(x.Domains), slices.Clone(x.Factors)
	for i := range out.Domains {
		out.Domains[i].Figure = hidden
	}
	for i := range out.Factors {
		out.Factors[i].N, out.Factors[i].Figure = 0, hidden
	}
	for _, it := range x.Items {
		out.Items = append(out.Items, ItemFigure{Code: it.Code, Figure: hidden})
	}
	return out
}
