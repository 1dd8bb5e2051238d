package stats

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
)

// Score is the figure of one unit and its standard error, same unit. SE 0 is
// known for certain.
type Score struct{ Value, SE float64 }

// ShareScore is the score of a simple random sample: the percentage with the
// larger half of its [Wilson] interval as 1.96 standard errors, so that a unit
// where all of twenty people are satisfied is not certain to be the best.
func ShareScore(s Share) Score { return Score{s.Percent, Wilson(s).Half(s.Percent) / z95} }

// RankBand is the place of one unit among all, 1 being the highest figure, and
// the places that chance could have given it.
type RankBand struct{ Rank, Low, High int }

// RankBands returns the rank of each unit and its 95 % band from a parametric
// bootstrap: in each of so many draws every figure becomes a normal one around
// it with its standard error, and all are ranked again. Low and High are the
// smallest ranks that at least 2.5 % and 97.5 % of the draws do not exceed,
// widened to hold Rank. Equal figures share the better rank and the next is
// skipped (1, 2, 2, 4).
//
// The same scores, draws and seed give the same bands on every machine: each
// draw has its own generator, whatever the number of processors. Bands of two
// units overlap even where their difference is real; to compare two units
// take [MeanChange].
//
// Errors: [ErrNoData] without units or draws, [ErrShape] for a figure or error
// that is no number, or an error below 0.
//
// Source: H. Goldstein and D. J. Spiegelhalter, League tables and their
// limitations, JRSS A 159 (1996) 385–443; P. Hall and H. Miller, Using the
// bootstrap to quantify the authority of an empirical ranking, Annals of
// Statistics 37 (2009) 3929–3959 (who warn that close ranks are too sure).
func RankBands(scores []Score, draws int, seed uint64) ([]RankBand, error) {
	if len(scores) == 0 || draws <= 0 {
		return nil, fmt.Errorf("stats: rank bands of %d units by %d draws: %w", len(scores), draws, ErrNoData)
	}
	for i, s := range scores {
		if math.IsNaN(s.Value) || math.IsInf(s.Value, 0) || !(s.SE >= 0) || math.IsInf(s.SE, 0) {
			return nil, fmt.Errorf("stats: rank bands: unit %d is %v: %w", i, s, ErrShape)
		}
	}
	places := drawRanks(scores, draws, seed)
	bands := make([]RankBand, len(scores))
	values := make([]float64, len(scores))
	for i, s := range scores {
		values[i] = s.Value
	}
	for i, rank := range newRanker(len(scores)).rank(values) {
		bands[i].Rank = int(rank)
	}
	low, high := int(math.Ceil(0.025*float64(draws))), int(math.Ceil(0.975*float64(draws)))
	inParallel(len(scores), func(first, last int) {
		count := make([]int32, len(scores)+1)
		for unit := first; unit < last; unit++ {
			b := &bands[unit]
			b.Low, b.High = countTo(places[unit*draws:(unit+1)*draws], count, low, high)
			b.Low, b.High = min(b.Low, b.Rank), max(b.High, b.Rank)
		}
	})
	return bands, nil
}

// drawRanks returns the rank of unit u in draw d at u·draws + d.
func drawRanks(scores []Score, draws int, seed uint64) []int32 {
	places := make([]int32, len(scores)*draws)
	inParallel(draws, func(first, last int) {
		drawn := make([]float64, len(scores))
		order := newRanker(len(scores))
		for draw := first; draw < last; draw++ {
			r := rand.New(rand.NewPCG(seed, uint64(draw))) // #nosec G404 -- the draws must be the same again
			for i, s := range scores {
				drawn[i] = s.Value + s.SE*r.NormFloat64()
			}
			for i, rank := range order.rank(drawn) {
				places[i*draws+draw] = rank
			}
		}
	})
	return places
}

// ranker ranks as many scores as it was made for, again and again. It deals
// them into as many equal ranges as there are scores, so that sorting within
// each is next to nothing: five times faster than sorting all.
type ranker struct {
	dealt, sorted []keyed
	ends          []int32 // of each range in sorted
	ranks         []int32
}

// keyed is a value, its unit and its range.
type keyed struct {
	value       float64
	unit, place int32
}

func newRanker(n int) *ranker {
	return &ranker{make([]keyed, n), make([]keyed, n), make([]int32, n), make([]int32, n)}
}

// rank returns the rank of each value, valid until the next call.
func (r *ranker) rank(values []float64) []int32 {
	r.deal(values)
	first := int32(0)
	for _, end := range r.ends {
		sortHighFirst(r.sorted[first:end])
		first = end
	}
	for i, k := range r.sorted {
		rank := int32(i + 1)
		if i > 0 && r.sorted[i-1].value == k.value {
			rank = r.ranks[r.sorted[i-1].unit]
		}
		r.ranks[k.unit] = rank
	}
	return r.ranks
}

// deal fills sorted, range after range from the highest on, and ends.
func (r *ranker) deal(values []float64) {
	low, high := slices.Min(values), slices.Max(values)
	scale := 0.0
	if high > low {
		scale = float64(len(values)-1) / (high - low)
	}
	clear(r.ends)
	for i, v := range values {
		place := int32((high - v) * scale)
		r.dealt[i] = keyed{v, int32(i), place}
		r.ends[place]++
	}
	start := int32(0)
	for i, n := range r.ends {
		r.ends[i] = start
		start += n
	}
	for _, k := range r.dealt {
		r.sorted[r.ends[k.place]] = k
		r.ends[k.place]++
	}
}

func sortHighFirst(keys []keyed) {
	if len(keys) > 12 {
		slices.SortFunc(keys, func(a, b keyed) int { return cmp.Compare(b.value, a.value) })
		return
	}
	for i := 1; i < len(keys); i++ {
		for j := i; j > 0 && keys[j-1].value < keys[j].value; j-- {
			keys[j-1], keys[j] = keys[j], keys[j-1]
		}
	}
}

// countTo returns the smallest ranks that at least low and high of the places
// do not exceed. count is room for each rank, and is left as zeros.
func countTo(places, count []int32, low, high int) (from, to int) {
	for _, rank := range places {
		count[rank]++
	}
	seen := 0
	for rank := 1; to == 0; rank++ {
		seen += int(count[rank])
		if from == 0 && seen >= low {
			from = rank
		}
		if seen >= high {
			to = rank
		}
	}
	clear(count)
	return from, to
}

// inParallel calls do for parts of 0 to n until all of it is done.
func inParallel(n int, do func(first, last int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() { do(n*w/workers, n*(w+1)/workers) })
	}
	wait.Wait()
}
