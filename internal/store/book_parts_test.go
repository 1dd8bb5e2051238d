package store

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

// TestDecimal: a score reads back as strconv reads it, to the last bit.
func TestDecimal(t *testing.T) {
	words := []string{
		"", "0", "1", "2.5", "99.96", "9.12", "0.1", "12345.6789", "123456789", "1234567890.1", "00001.25", "1.23456", "99999999.9",
		".5", "5.", ".", "-1", "+1", "1e3", "1_000", "0x10", "1.2.3", "1,5", " 1", "NaN", "Inf", "9007199254740993",
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		words = append(words, strconv.FormatFloat(float64(rnd.IntN(1_000_000))/math.Pow10(rnd.IntN(7)), 'f', -1, 64))
	}
	for _, s := range words {
		want, wantErr := strconv.ParseFloat(s, 64)
		got, err := decimal(s)
		if (err == nil) != (wantErr == nil) || err == nil && math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%q: %v, %v, want %v, %v", s, got, err, want, wantErr)
		}
	}
}
