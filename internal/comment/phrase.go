package comment

import (
	"cmp"
	_ "embed"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed stopwords.txt
var stopwordText string

// stopwords are kept as they are written; foldedStops as those write them who
// type without tones.
var stopwords, foldedStops = func() (words, folded map[string]bool) {
	words, folded = map[string]bool{}, map[string]bool{}
	for line := range strings.Lines(stopwordText) {
		line, _, _ = strings.Cut(line, "#")
		for _, w := range strings.Fields(line) {
			words[w], folded[Fold(w)] = true, true
		}
	}
	return words, folded
}()

// negations may begin a phrase and say nothing alone.
var negations = map[string]bool{"không": true, "chưa": true, "chẳng": true}

// Standout is a word or a two-word phrase that stands in more comments of low
// score than in others, by more than chance explains.
type Standout struct {
	Term           string
	Low, LowOf     int     // comments of low score with it, of so many
	Other, OtherOf int     // the others with it, of so many
	Points         float64 // difference of the two shares
	From, To       float64 // its 99 % interval
}

// What it takes to stand out.
const (
	FewestLow    = 5  // comments of low score with the term
	FewestAsked  = 10 // comments on either side
	MostStandout = 12 // are shown
	explains     = 2. / 3
	z99          = 2.5758 // of the normal distribution, two-sided
)

// Counter counts in how many comments each word and each two-word phrase
// stands. The zero Counter is ready.
type Counter struct {
	low, other int
	terms      map[string]*termCount
	joints     map[string]*termCount // three words in a row, to see which phrase is part of which
	toneless   []said                // who types without tones, kept until all others are known
	n          int
}

type termCount struct {
	low, other int
	last       int // the comment that counted last
}

type said struct {
	words string
	low   bool
}

// Add counts one comment, as Words wrote it.
func (c *Counter) Add(words string, low bool) {
	if low {
		c.low++
	} else {
		c.other++
	}
	if strings.Count(words, " ") >= 2 && Fold(words) == words {
		c.toneless = append(c.toneless, said{words, low})
		return
	}
	c.n++
	eachTerm(words, func(term string) { c.count(term, low) })
	if low {
		eachRun(words, 3, func(joint string) { c.joints = c.add(c.joints, joint, low) })
	}
}

func (c *Counter) count(term string, low bool) { c.terms = c.add(c.terms, term, low) }

// add counts a term of the comment that is added, once.
func (c *Counter) add(terms map[string]*termCount, term string, low bool) map[string]*termCount {
	if terms == nil {
		terms = map[string]*termCount{}
	}
	t := terms[term]
	if t == nil {
		t = &termCount{}
		terms[term] = t
	}
	switch {
	case t.last == c.n:
	case low:
		t.low++
	default:
		t.other++
	}
	t.last = c.n
	return terms
}

// settle gives the terms of those who type without tones the tones that most
// others write them with.
func (c *Counter) settle() {
	if len(c.toneless) == 0 {
		return
	}
	best := map[string]string{}
	for term, t := range c.terms {
		plain := Fold(term)
		was, ok := best[plain]
		if n, m := t.low+t.other, 0; ok {
			if w := c.terms[was]; w != nil {
				m = w.low + w.other
			}
			if n < m || n == m && term > was {
				continue
			}
		}
		best[plain] = term
	}
	for _, s := range c.toneless {
		c.n++
		eachPair(s.words, func(term string) {
			if toned, ok := best[term]; ok {
				c.count(toned, s.low)
			} else if speaks(term) && !hasStop(term) {
				c.count(term, s.low)
			}
		})
	}
	c.toneless = nil
}

// eachTerm calls f for every word and phrase of words that may stand out.
func eachTerm(words string, f func(term string)) {
	eachPair(words, func(term string) {
		if speaks(term) {
			f(term)
		}
	})
}

// eachPair calls f for every word, and for every two that follow one another
// without a break.
func eachPair(words string, f func(term string)) {
	eachRun(words, 1, f)
	eachRun(words, 2, f)
}

// eachRun calls f for every n words that follow one another without a break.
func eachRun(words string, n int, f func(run string)) {
	for line := range strings.SplitSeq(words, "\n") {
		var starts [3]int // of the last words, the latest first
		seen := 0
		for at := 0; at < len(line); {
			end := strings.IndexByte(line[at:], ' ')
			if end < 0 {
				end = len(line)
			} else {
				end += at
			}
			starts[2], starts[1], starts[0] = starts[1], starts[0], at
			if seen++; seen >= n {
				f(line[starts[n-1]:end])
			}
			at = end + 1
		}
	}
}

// speaks reports whether a term says something of a matter.
func speaks(term string) bool {
	first, second, pair := strings.Cut(term, " ")
	if !pair {
		return utf8.RuneCountInString(first) > 1 && !stopwords[first] && !negations[first] && !isNumber(first)
	}
	return !stopwords[first] && !isNumber(first) && !stopwords[second] && !negations[second] && !isNumber(second)
}

// hasStop reports whether a term without tones may be or have a stop word.
func hasStop(term string) bool {
	first, second, _ := strings.Cut(term, " ")
	return foldedStops[first] || foldedStops[second]
}

func isNumber(word string) bool { return strings.ContainsFunc(word, unicode.IsNumber) }

// Asked is how many comments of low score and how many others were counted.
func (c *Counter) Asked() (low, other int) { return c.low, c.other }

// Standouts returns what stands out, the surest first. There is nothing to be
// said of fewer than FewestAsked comments on either side.
func (c *Counter) Standouts() []Standout {
	if c.low < FewestAsked || c.other < FewestAsked {
		return nil
	}
	c.settle()
	var all []Standout
	for term, t := range c.terms {
		if t.low < FewestLow {
			continue
		}
		s := Standout{Term: term, Low: t.low, LowOf: c.low, Other: t.other, OtherOf: c.other}
		s.Points, s.From, s.To = difference(t.low, c.low, t.other, c.other)
		if s.From > 0 {
			all = append(all, s)
		}
	}
	all = slices.DeleteFunc(all, c.subsumed(all))
	slices.SortFunc(all, func(a, b Standout) int {
		return cmp.Or(cmp.Compare(b.From, a.From), cmp.Compare(b.Low, a.Low), cmp.Compare(a.Term, b.Term))
	})
	return all[:min(len(all), MostStandout)]
}

// subsumed reports what others explain: two thirds of the comments that have it
// have it as part of something commoner. For a word those are the phrases that
// stand out too; for a phrase it is a commoner one that overlaps it.
func (c *Counter) subsumed(all []Standout) func(Standout) bool {
	joined := c.joined()
	explained := map[string]int{}
	for _, s := range all {
		if first, second, pair := strings.Cut(s.Term, " "); pair && !joined[s.Term] {
			explained[first] += s.Low
			explained[second] += s.Low
		}
	}
	return func(s Standout) bool {
		if strings.Contains(s.Term, " ") {
			return joined[s.Term]
		}
		return float64(explained[s.Term]) >= explains*float64(s.Low)
	}
}

// joined are the phrases that mostly stand as part of an overlapping one that is
// commoner: of "hồ sơ trễ hẹn" that is "sơ trễ". What is dropped itself drops no
// other.
func (c *Counter) joined() map[string]bool {
	type overlap struct {
		with string
		n    int
	}
	overlaps := map[string][]overlap{}
	for run, t := range c.joints {
		i, j := strings.IndexByte(run, ' '), strings.LastIndexByte(run, ' ')
		left, right := run[:j], run[i+1:]
		if t.low >= FewestLow && c.terms[left] != nil && c.terms[right] != nil {
			overlaps[left] = append(overlaps[left], overlap{right, t.low})
			overlaps[right] = append(overlaps[right], overlap{left, t.low})
		}
	}
	low := func(phrase string) int { return c.terms[phrase].low }
	order := slices.SortedFunc(maps.Keys(overlaps), func(a, b string) int {
		return cmp.Or(cmp.Compare(low(b), low(a)), cmp.Compare(a, b))
	})
	kept, dropped := map[string]bool{}, map[string]bool{}
	for _, phrase := range order {
		enough := explains * float64(low(phrase))
		dropped[phrase] = slices.ContainsFunc(overlaps[phrase], func(o overlap) bool { return kept[o.with] && float64(o.n) >= enough })
		kept[phrase] = !dropped[phrase]
	}
	return dropped
}

// difference is the difference of two shares in points with its 99 % interval,
// by Newcombe's method of squares and sums (1998, method 10) from Wilson's
// intervals of each.
func difference(a, n, b, m int) (points, from, to float64) {
	p, q := float64(a)/float64(n), float64(b)/float64(m)
	pl, pu := wilson(p, float64(n))
	ql, qu := wilson(q, float64(m))
	d := p - q
	from = d - math.Hypot(p-pl, qu-q)
	to = d + math.Hypot(pu-p, q-ql)
	return 100 * d, 100 * from, 100 * to
}

// wilson is the score interval of a share p of n (Wilson 1927).
func wilson(p, n float64) (from, to float64) {
	zz := z99 * z99
	mid := (p + zz/(2*n)) / (1 + zz/n)
	half := z99 / (1 + zz/n) * math.Sqrt(p*(1-p)/n+zz/(4*n*n))
	return max(0, mid-half), min(1, mid+half)
}
