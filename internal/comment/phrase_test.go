package comment

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// counted adds each comment so many times, told apart by a number.
func counted(low, high map[string]int) *Counter {
	c := &Counter{}
	for text, n := range low {
		for i := range n {
			c.Add(Words(fmt.Sprintf("%s. %d", text, i)), true)
		}
	}
	for text, n := range high {
		for i := range n {
			c.Add(Words(fmt.Sprintf("%s. %d", text, i)), false)
		}
	}
	return c
}

func terms(all []Standout) (names []string) {
	for _, s := range all {
		names = append(names, s.Term)
	}
	slices.Sort(names)
	return names
}

func TestStandouts(t *testing.T) {
	c := counted(
		map[string]int{"Trễ hẹn ba lần": 20, "Hồ sơ trễ hẹn": 10, "Không báo trước": 12, "Bàn ghế": 4, "Cán bộ": 10, "ho so tre hen nua": 5},
		map[string]int{"Cán bộ nhiệt tình": 60, "Ghế ngồi": 20, "Hồ sơ nhanh": 30},
	)
	all := c.Standouts()
	// "trễ" and "hẹn" are explained by "trễ hẹn", "hẹn ba" ends in a number word;
	// "bàn ghế" is too rare, "cán bộ" and "hồ sơ" stand on both sides.
	if d := cmp.Diff([]string{"không báo", "trễ hẹn"}, terms(all)); d != "" {
		t.Fatalf("(-want +got):\n%s", d)
	}
	// Those who type without tones are counted with the others.
	first := all[0]
	if first.Term != "trễ hẹn" || first.Low != 35 || first.LowOf != 61 || first.Other != 0 || first.OtherOf != 110 {
		t.Errorf("%+v", first)
	}
	if math.Abs(first.Points-100*35./61) > 1e-9 || first.From <= 0 || first.From >= first.Points || first.To <= first.Points {
		t.Errorf("%+v", first)
	}
	if few := counted(map[string]int{"Trễ hẹn": 9}, map[string]int{"Nhanh": 60}).Standouts(); few != nil {
		t.Errorf("of nine comments: %v", few)
	}
}

// A phrase that only joins two others is not shown.
func TestStandoutsWithoutJoints(t *testing.T) {
	c := counted(
		map[string]int{"Bổ sung giấy tờ": 30, "Bổ sung mãi": 5, "Giấy tờ rườm rà": 6},
		map[string]int{"Nhanh gọn": 100},
	)
	if d := cmp.Diff([]string{"bổ sung", "giấy tờ", "rườm rà"}, terms(c.Standouts())); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Of two phrases that overlap the commoner one stays, unless the other also
// stands without it.
func TestStandoutsOverlap(t *testing.T) {
	c := counted(
		map[string]int{"Cần giải thích rõ hơn": 12, "Không báo gì cả": 12, "Trang mạng báo lỗi": 10, "Giải thích cho dân": 2},
		map[string]int{"Nhanh gọn": 100},
	)
	if d := cmp.Diff([]string{"báo lỗi", "giải thích", "không báo", "rõ", "trang mạng"}, terms(c.Standouts())); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Two comments of a hundred words count a word of each once.
func TestCountsComments(t *testing.T) {
	c := &Counter{}
	for i := range 12 {
		c.Add(Words(fmt.Sprintf("lề mề lề mề lề mề %d", i)), true)
		c.Add(Words(fmt.Sprintf("chu đáo %d", i)), false)
	}
	for _, s := range c.Standouts() {
		if s.Low != 12 {
			t.Errorf("%+v, want 12", s)
		}
	}
}

// Newcombe's worked case, 56 of 70 and 48 of 80: 95 % is 5.24 to 33.39 there, and
// 99 % is wider.
func TestDifference(t *testing.T) {
	points, from, to := difference(56, 70, 48, 80)
	if math.Abs(points-20) > 1e-9 || from >= 5.24 || to <= 33.39 || from < -1 || to > 40 {
		t.Errorf("%v, %v to %v", points, from, to)
	}
	rapid.Check(t, func(t *rapid.T) {
		n, m := rapid.IntRange(1, 500).Draw(t, "n"), rapid.IntRange(1, 500).Draw(t, "m")
		a, b := rapid.IntRange(0, n).Draw(t, "a"), rapid.IntRange(0, m).Draw(t, "b")
		p, from, to := difference(a, n, b, m)
		q, ofrom, oto := difference(b, m, a, n)
		if from > p+1e-9 || to < p-1e-9 || from < -100-1e-9 || to > 100+1e-9 || math.Abs(p+q) > 1e-9 || math.Abs(from+oto) > 1e-9 || math.Abs(to+ofrom) > 1e-9 {
			t.Errorf("%d/%d − %d/%d = %v in %v to %v; the other way round %v in %v to %v", a, n, b, m, p, from, to, q, ofrom, oto)
		}
	})
}
