package survey

// Combine is the arithmetic of one level of the index, for the test of all
// vectors: of so many items with one percentage each, and of their domains.
func Combine(rule Rule, domains []Percent, items []int) Percent {
	var all []ItemFigure
	var figures []Figure
	for i, p := range domains {
		figures = append(figures, Figure{Percent: p})
		for range items[i] {
			all = append(all, ItemFigure{Figure: Figure{Percent: p}})
		}
	}
	return Spec{}.combine(rule, all, nil, figures).Percent
}
