package survey

// Spec says how an index is computed from counts. It is part of an
// instrument, travels with every figure, and is shown beside it. The rules
// are those of the method note, §3.4; none of them is an official formula.
type Spec struct {
	Satisfied []string  `json:"satisfied"` // answers that count as satisfied: ["4","5"]
	Item      ItemRule  `json:"item"`
	Factor    Rule      `json:"factor"`  // of items: MeanOfItems or Pooled
	Domain    Rule      `json:"domain"`  // MeanOfItems, MeanOfFactors or Pooled
	Overall   Rule      `json:"overall"` // MeanOfItems, MeanOfFactors, MeanOfDomains, Pooled or Direct
	Direct    ItemCode  `json:"direct,omitempty"`
	Units     UnitsRule `json:"units"`
	Decimals  int       `json:"decimals"` // shown; half up; ranks use unrounded values
}

// ItemRule turns the counts of one item into a percentage.
type ItemRule string

// Item rules.
const (
	SatisfiedShare ItemRule = "satisfied-share" // satisfied ÷ answered × 100
	MeanScore      ItemRule = "mean-score"      // mean score ÷ highest score × 100
)

// Rule combines lower levels into a higher one. Items nobody answered are
// left out; a level with no answered item has no percentage.
type Rule string

// Rules of combination.
const (
	MeanOfItems   Rule = "mean-of-items"   // every answered item weighs the same
	MeanOfFactors Rule = "mean-of-factors" // every answered factor weighs the same
	MeanOfDomains Rule = "mean-of-domains" // every answered domain weighs the same
	Pooled        Rule = "pooled"          // all satisfied ÷ all answered
	Direct        Rule = "direct"          // one item that asks for the overall satisfaction
)

// UnitsRule combines the units of a wave into their parent's figure.
type UnitsRule string

// Rules for units.
const (
	PooledResponses UnitsRule = "pooled-responses" // every response weighs the same
	MeanOfUnits     UnitsRule = "mean-of-units"    // every unit with an index weighs the same
	WeightedUnits   UnitsRule = "weighted-units"   // units weigh as the wave's weights say
)
