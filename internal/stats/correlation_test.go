package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestMeanRanks holds ranks against what they are: how many are below, and half
// of those that are alike.
func TestMeanRanks(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		values := make([]float64, rnd.IntN(40))
		for i := range values {
			values[i] = float64(rnd.IntN(12)-6) / 4
		}
		got := meanRanks(values)
		for i, v := range values {
			below, alike := 0, 0
			for _, w := range values {
				if w < v {
					below++
				} else if w == v {
					alike++
				}
			}
			if want := float64(below) + float64(alike+1)/2; got[i] != want {
				t.Fatalf("%v of %v has rank %v, want %v", v, values, got[i], want)
			}
		}
	}
}

func TestProduct(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for n := range 13 {
		x, y, want := make([]float64, n), make([]float64, n), 0.0
		for i := range x {
			x[i], y[i] = rnd.Float64(), rnd.Float64()
			want += x[i] * y[i]
		}
		if got := product(x, y); math.Abs(got-want) > 1e-12 {
			t.Errorf("of %d: %v, want %v", n, got, want)
		}
	}
}
