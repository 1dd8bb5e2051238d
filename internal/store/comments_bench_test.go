package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"sipas/internal/comment"
	"sipas/internal/store"
	"sipas/internal/store/storetest"
	"sipas/internal/survey"
)

// commentsBenched is how many comments the benchmark reads from.
const commentsBenched = 200_000

// sentences are put together in threes.
var sentences = []string{
	"Chờ lâu cả buổi sáng", "Hồ sơ trễ hẹn ba lần", "Không ai báo trước", "Cán bộ hướng dẫn tận tình", "Giải quyết nhanh gọn",
	"Phải bổ sung giấy tờ nhiều lần", "Phòng chờ sạch sẽ", "Cổng dịch vụ công báo lỗi", "Nên có thêm ghế chờ", "Thái độ khó chịu",
	"Nhận kết quả sớm hơn giấy hẹn", "Bãi gửi xe chật", "Thu thêm tiền không có biên lai", "Mong làm việc sáng thứ Bảy",
}

// BenchmarkComments reads what a page of comments shows, as it does when nothing
// is kept from before.
func BenchmarkComments(b *testing.B) {
	for engine, url := range map[string]func(testing.TB) string{"sqlite": sqliteURL, "postgres": postgresURL} {
		b.Run(engine, func(b *testing.B) { benchComments(b, benchStore(b, url(b), store.Options{})) })
	}
}

func benchComments(b *testing.B, s *store.Store) {
	ctx, rnd := context.Background(), rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same every time
	units := []survey.UnitCode{"p.d1.c1", "p.c1", "p.c2", "p.d1"}
	for i := 0; i < commentsBenched; i += 1000 {
		rs := make([]survey.Response, 1000)
		for j := range rs {
			r := storetest.NewResponse(i + j)
			level := 1 + rnd.IntN(5)
			r.Unit, r.Answers = units[rnd.IntN(len(units))], survey.Sheet(fmt.Sprintf(`{"S1":%d,"S2":%d}`, level, level))
			if rnd.IntN(1000) == 0 {
				r.Unit = "p"
			}
			r.Comment = fmt.Sprintf("%s. %s, %s. Quầy %d", sentences[rnd.IntN(14)], sentences[rnd.IntN(14)], sentences[rnd.IntN(14)], rnd.IntN(40_000))
			rs[j] = r
		}
		if _, err := s.Append(ctx, rs); err != nil {
			b.Fatal(err)
		}
	}
	in := storetest.Instrument()
	catalog, err := s.Catalog(ctx, map[survey.InstrumentID]*survey.Instrument{in.ID: in})
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	x := comment.Indexer{Store: s, Catalog: func() *survey.Catalog { return catalog }, Harmful: func(context.Context) (comment.Blocklist, error) {
		return comment.ParseBlocklist(comment.HarmfulWords()), nil
	}}
	if err := x.All(ctx); err != nil {
		b.Fatal(err)
	}
	b.Logf("indexed %d comments in %v", commentsBenched, time.Since(began).Round(time.Millisecond))
	all, few := comment.Scope{Wave: "w1", Unit: "p"}, comment.Scope{Wave: "w1", Unit: "p.c1"}
	search := comment.ParseSearch
	for _, c := range []struct {
		name string
		q    comment.Query
	}{
		{"newest", comment.Query{Scope: all}},
		{"deep", comment.Query{Scope: all, Before: 1000}},
		{"one unit", comment.Query{Scope: few}},
		{"low", comment.Query{Scope: all, Mood: comment.Low}},
		{"state without any", comment.Query{Scope: all, State: survey.Rejected}},
		{"hidden", comment.Query{Scope: all, Hidden: true}},
		{"common word", comment.Query{Scope: all, Search: search("cho")}},
		{"two common words of a unit", comment.Query{Scope: few, Search: search("cho lau")}},
		{"phrase", comment.Query{Scope: all, Search: search(`"tre hen" "khong ai bao"`)}},
		{"rare", comment.Query{Scope: all, Search: search("12345")}},
		{"prefix", comment.Query{Scope: all, Search: search("1*")}},
		{"common word, no match", comment.Query{Scope: all, Search: search("cho"), State: survey.Rejected}},
	} {
		c.q.Limit = 26
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Comments(ctx, c.q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("findings", func(b *testing.B) {
		for b.Loop() {
			desk := comment.Desk{Shelf: s, Now: time.Now}
			if f, err := desk.Findings(ctx, all, 0); err != nil || f.All != commentsBenched || len(f.Standouts) > comment.MostStandout {
				b.Fatal(f, err)
			}
		}
	})
}
