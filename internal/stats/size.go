package stats

import "math"

// Slovin returns n = ⌈N/(1 + N·e²)⌉ for a population of N people and a
// tolerance e, a fraction (0.05 is 5 %): the formula of the ministry's
// guidance of 2013–14. It is [SampleSize] for a share of one half with z = 2
// instead of 1.96, N instead of N − 1, no design effect, and no way to say how
// much answers differ. 0 for nobody; all of them for e ≤ 0.
//
// Source: official letter 1159/BNV-CCHC of 10 April 2014 as reported.
func Slovin(population int64, e float64) int64 {
	if population <= 0 {
		return 0
	}
	if !(e > 0) {
		return population
	}
	n := float64(population)
	return int64(math.Ceil(n / (1 + n*e*e)))
}

// Plan is what decides how precise a sample is.
type Plan struct {
	Population int64   // people the sample is drawn from; 0: too many to matter
	Percent    float64 // the share expected, 0 to 100; 50 is the most careful
	Deff       float64 // design effect; 1: simple random; more for clusters
}

// SampleSize returns how many respondents give a 95 % margin of ±margin
// points, rounded up:
//
//	n₀ = deff·z²·p(100−p)/margin²,  n = n₀/(1 + (n₀−1)/N)
//
// It is the respondents needed, not the people to approach: divide by the rate
// of response expected. NaN or nothing asked for (margin ≤ 0) is everybody, or
// 0 if there is no everybody.
//
// Source: W. G. Cochran, Sampling Techniques, 3rd edition (Wiley 1977),
// section 4.4; the design effect as in Kish (1965), section 8.2.
func (p Plan) SampleSize(margin float64) int64 {
	if !(margin > 0) {
		return p.Population
	}
	n := p.Deff * z95 * z95 * p.Percent * (100 - p.Percent) / (margin * margin)
	if p.Population > 0 {
		n /= 1 + (n-1)/float64(p.Population)
	}
	// A hair's breadth over a whole number is the arithmetic's, not a person.
	return int64(math.Ceil(n - 1e-9))
}

// Margin returns the 95 % margin in points that n respondents achieve, the
// inverse of [Plan.SampleSize]:
//
//	z·√(deff·p(100−p)/n · (N−n)/(N−1))
//
// Everybody asked leaves a margin of 0; nobody asked, 100.
func (p Plan) Margin(n int64) float64 {
	if n <= 0 {
		return 100
	}
	v := p.Deff * p.Percent * (100 - p.Percent) / float64(n)
	if p.Population > 0 {
		if n >= p.Population {
			return 0
		}
		v *= float64(p.Population-n) / float64(p.Population-1)
	}
	return min(100, z95*math.Sqrt(v))
}
