package stats

import "testing"

func provinces(n int) []Score {
	scores := make([]Score, n)
	for i := range scores {
		scores[i] = ShareScore(Share{75 + float64(i*7919%n)*20/float64(n), 20 + int64(i*31%400)})
	}
	return scores
}

func BenchmarkRankBands(b *testing.B) {
	scores := provinces(4000)
	for b.Loop() {
		if _, err := RankBands(scores, 2000, 1); err != nil {
			b.Fatal(err)
		}
	}
}
