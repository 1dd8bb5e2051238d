package web_test

import (
	"fmt"
	"testing"
	"time"

	"sipas/internal/auth"
	"sipas/internal/survey"
)

// answerAt is the body of the n-th response at a point.
func answerAt(point string, n int) string {
	return fmt.Sprintf(`{"id":"0192f0c1-7a4e-7c3b-8f2e-%012d","point":%q,"instrument":"short@1","locale":"vi",`+
		`"started_at":"2026-03-02T08:58:00+07:00","submitted_at":"2026-03-02T08:59:00+07:00","answers":{"S1":4}}`, n, point)
}

// The list says of each point what came in a week, and which are silent though
// they are open.
func TestPointsSayWhatCame(t *testing.T) {
	s := newSite(t)
	must(t, s.store.PutPoints(t.Context(), []survey.Point{{Code: "EEEEEE", Name: "Quầy 5", Unit: "qn.ub", Wave: "open", Channel: survey.Link}}))
	must(t, s.reload(t.Context()))
	boss := s.office(t, "lan", auth.Admin, "")
	for n := range 3 {
		a := s.ask(t, "POST", "/api/v1/responses", answerAt("AAAAAA", n+1), "Content-Type", asJSON)
		if a.status != 201 {
			t.Fatalf("answering: %d %s", a.status, a.body)
		}
	}
	const counted = `<td class="num"><b>3</b></td>`
	tail := boss.get(t, "/app/points")
	has(t, "not folded yet", tail, 200, counted, "2 điểm đang mở mà im 7 ngày", "Im 7 ngày", "Tính đến phiếu số 3")
	_, err := s.reg.Folder.FoldAll(t.Context())
	must(t, err)
	has(t, "folded", boss.get(t, "/app/points?point=AAAAAA"), 200, counted, "2 điểm đang mở mà im 7 ngày", "Phiếu trong 7 ngày</dt><dd>3")
	has(t, "silent", boss.get(t, "/app/points?point=BBBBBB"), 200, "Phiếu trong 7 ngày</dt><dd>0", "Trạng thái</dt><dd>Im 7 ngày")
	hasNot(t, "a wave that is over", boss.get(t, "/app/points?wave=closed"), "Im 7 ngày", "Tính đến")

	s.pass(6 * 24 * time.Hour)
	boss = s.office(t, "lan.6", auth.Admin, "") // a session does not last so long
	has(t, "the sixth day after", boss.get(t, "/app/points"), 200, counted)
	s.pass(24 * time.Hour)
	boss = s.office(t, "lan.7", auth.Admin, "")
	has(t, "a week after", boss.get(t, "/app/points"), 200, "3 điểm đang mở mà im 7 ngày")
}

// Points that tallies cannot tell apart say so; the unit above does not count
// what came below it.
func TestPointsCountedTogether(t *testing.T) {
	s := newSite(t)
	must(t, s.store.PutPoints(t.Context(), []survey.Point{
		{Code: "EEEEEE", Name: "Quầy 5", Unit: "qn.ub", Wave: "open", Channel: survey.QR},
		{Code: "FFFFFF", Name: "Tỉnh", Unit: "qn", Wave: "open", Channel: survey.QR},
	}))
	must(t, s.reload(t.Context()))
	boss := s.office(t, "lan", auth.Admin, "")
	s.ask(t, "POST", "/api/v1/responses", answerAt("AAAAAA", 1), "Content-Type", asJSON)
	has(t, "two at one unit", boss.get(t, "/app/points?point=EEEEEE"), 200, "Phiếu trong 7 ngày</dt><dd>1 <span class=\"mut\">(chung 2 điểm)")
	has(t, "the unit above", boss.get(t, "/app/points?point=FFFFFF"), 200, "Phiếu trong 7 ngày</dt><dd>0")
}

// A point is silent only if somebody could have answered.
func TestPointsSilentOnlyWhereOpen(t *testing.T) {
	s := newSite(t)
	boss := s.office(t, "lan", auth.Admin, "")
	has(t, "both", boss.get(t, "/app/points"), 200, "2 điểm đang mở mà im 7 ngày")
	must(t, s.store.UpdateWave(t.Context(), "open", func(w *survey.Wave) error { w.OpenedAt = today.AddDate(0, 0, -3); return nil }))
	must(t, s.reload(t.Context()))
	young := boss.get(t, "/app/points")
	hasNot(t, "a wave of three days", young, "Im 7 ngày", "mà im 7 ngày")
}
