package web

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"sync"

	"sipas/internal/stats"
)

const (
	bandDraws = 2000
	bandSeed  = 1   // the same figures always get the same bands
	bandsKept = 256 // boards of units
)

// bandMemory keeps bands of ranks for as long as the figures they follow from
// stay the same: drawing thousands of rankings takes longer than a page may.
type bandMemory struct {
	mu sync.Mutex
	of map[[sha256.Size]byte][]stats.RankBand
}

// bands are the places of units and those that chance could have given them.
func (b *bandMemory) bands(scores []stats.Score) ([]stats.RankBand, error) {
	key := sha256.New()
	var bits [16]byte
	for _, s := range scores {
		binary.LittleEndian.PutUint64(bits[:8], math.Float64bits(s.Value))
		binary.LittleEndian.PutUint64(bits[8:], math.Float64bits(s.SE))
		key.Write(bits[:])
	}
	at := [sha256.Size]byte(key.Sum(nil))
	b.mu.Lock()
	found, ok := b.of[at]
	b.mu.Unlock()
	if ok {
		return found, nil
	}
	bands, err := stats.RankBands(scores, bandDraws, bandSeed)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.of) >= bandsKept || b.of == nil { // all at once: it happens once a day, and nobody waits long
		b.of = map[[sha256.Size]byte][]stats.RankBand{}
	}
	b.of[at] = bands
	return bands, nil
}

// places are the ranges of ranks of measures, empty where there is no figure.
// Only a sample has them.
func (f *figures) places(all []measure) []string {
	texts := make([]string, len(all))
	for i, b := range f.bandsOf(all) {
		texts[i] = bandText(b)
	}
	return texts
}

// bandsOf are the places of measures and those that chance could have given
// them; zero where there is no figure. Only a sample has them.
func (f *figures) bandsOf(all []measure) []stats.RankBand {
	bands := make([]stats.RankBand, len(all))
	var scores []stats.Score
	var at []int
	for i, m := range all {
		if _, ok := m.interval(); ok {
			scores, at = append(scores, m.known().Score()), append(at, i)
		}
	}
	if !f.sample() || len(scores) < 2 {
		return bands
	}
	found, err := f.memory.bands(scores)
	if err != nil { // figures that are shown are numbers
		return bands
	}
	for i, b := range found {
		bands[at[i]] = b
	}
	return bands
}

// bandText writes a band as a range, "" for none.
func bandText(b stats.RankBand) string {
	switch b.Low {
	case 0:
		return ""
	case b.High:
		return itoa(b.Low)
	}
	return itoa(b.Low) + "–" + itoa(b.High)
}
