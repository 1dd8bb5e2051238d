package survey

// MeanScale turns the mean level of up to ten items into a whole number: it is
// a multiple of 1 to 10. With more items means are rounded to a part of it.
const MeanScale = 2520

// Moments are the sums that covariances of some variables follow from, of
// those who have a value for each of them. They add up.
type Moments struct {
	N     int64
	Sum   []int64   // Σxᵢ
	Cross [][]int64 // Σxᵢxⱼ, both halves
}

// momentLayout is where moments are in a tally of part OfMoments: one block
// after the other, of a number of variables k,
//
//	N, Σx₁ … Σxₖ, Σx₁x₁, Σx₁x₂ … Σx₁xₖ, Σx₂x₂ … Σxₖxₖ
//
// First come the factors of two or more items that are all scales: a variable
// is the level of an item, 1 for the lowest, of those who answered every item of
// the factor. Then, if the instrument asks for the overall satisfaction and has
// two factors or more that are all scales, one block whose variables are the
// mean levels of the factors, of the items answered, and the overall level, all
// times MeanScale, of those who answered an item of every factor and the overall
// question.
type momentLayout struct {
	factors [][]int // items of the factors that have a block: places among groupLayout.items
	number  []int   // of those factors: the how-manieth of the instrument
	all     [][]int // items of all factors, if there is a block of drivers
	outcome int     // place of the overall item
	drivers int     // where the block of drivers begins; -1 if there is none
	size    int
}

// block is the length of a block of k variables.
func block(k int) int { return 1 + k + k*(k+1)/2 }

func (in *Instrument) layMoments() momentLayout {
	l, scales, number := momentLayout{drivers: -1}, true, 0
	for _, d := range in.Domains {
		for _, f := range d.Factors {
			var places []int
			plain := true
			for _, code := range f.Items {
				q := in.byCode[code]
				plain = plain && q.Kind == Scale
				places = append(places, q.index-1)
			}
			scales = scales && plain
			if plain && len(places) > 1 {
				l.factors, l.number = append(l.factors, places), append(l.number, number)
				l.size += block(len(places))
			}
			l.all = append(l.all, places)
			number++
		}
	}
	if q := in.byCode[in.Spec.Direct]; q != nil && q.Kind == Scale && scales && number > 1 {
		l.outcome, l.drivers = q.index-1, l.size
		l.size += block(number + 1)
	}
	return l
}

// count adds the response that was seen.
func (l *momentLayout) count(counts []int64, s *seen) {
	var room [24]int64
	for _, items := range l.factors {
		x, whole := room[:0], true
		for _, i := range items {
			whole = whole && s.options[i] > 0
			x = append(x, int64(s.options[i]))
		}
		if whole {
			addMoments(counts, x)
		}
		counts = counts[block(len(items)):]
	}
	if l.drivers < 0 || s.options[l.outcome] <= 0 {
		return
	}
	x := room[:0]
	for _, items := range l.all {
		sum, n := int64(0), int64(0)
		for _, i := range items {
			if o := s.options[i]; o > 0 {
				sum, n = sum+int64(o), n+1
			}
		}
		if n == 0 {
			return
		}
		x = append(x, sum*MeanScale/n)
	}
	addMoments(counts, append(x, int64(s.options[l.outcome])*MeanScale))
}

// addMoments adds one person's values to the block that counts begins with.
func addMoments(counts, x []int64) {
	counts[0]++
	at := 1 + len(x)
	for i, v := range x {
		counts[1+i] += v
		for _, w := range x[i:] {
			counts[at] += v * w
			at++
		}
	}
}

// readMoments reads the block of k variables that counts begins with.
func readMoments(counts []int64, k int) Moments {
	m := Moments{N: counts[0], Sum: counts[1 : 1+k : 1+k], Cross: make([][]int64, k)}
	for i := range m.Cross {
		m.Cross[i] = make([]int64, k)
	}
	at := 1 + k
	for i := range k {
		for j := i; j < k; j++ {
			m.Cross[i][j], m.Cross[j][i] = counts[at], counts[at]
			at++
		}
	}
	return m
}
