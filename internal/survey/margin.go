package survey

// Margin is a known distribution of the people whom a sample stands for: how
// many are in each of its cells. Everybody is in one cell, or in none that is
// known.
type Margin struct {
	Question ItemCode // that tells them apart; empty: their unit does
	Cells    []MarginCell
}

// MarginCell is one cell of a margin. Answers or units that are too rare to
// stand alone may share one.
type MarginCell struct {
	Of     []string // answers to the question, or units, with those below them
	People float64  // more than 0
	Line   int      // of the file that it stands on
}

// Total is how many people the cells hold together.
func (m Margin) Total() float64 {
	total := 0.0
	for _, c := range m.Cells {
		total += c.People
	}
	return total
}
