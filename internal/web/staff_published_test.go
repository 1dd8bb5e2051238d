package web

import (
	"strings"
	"testing"
	"time"

	"sipas/internal/survey"
)

// What a page computes is laid beside what was published.
func TestAsPublished(t *testing.T) {
	for _, c := range []struct {
		name    string
		percent float64
		n       int64
		want    string
	}{
		{"the same", 84.2, 4000, "Đã công bố 84,20\u00a0% (n = 4.000) ngày 02/03/2026. Trang này cho đúng con số đó."},
		{"units have moved", 84.2, 3990, "Trang này tính trên 4.000 phiếu, vì từ đó cây đơn vị đã đổi"},
		{"the program has changed", 84.3, 4000, "Trang này cho con số khác"},
	} {
		f := two(survey.Probability, of(84.2, 4000), measure{})
		f.c.Unit.Code, f.v.zone, f.c.Wave.PublishedAt = "u", time.UTC, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		r := survey.Report{N: c.n, Overall: survey.ReportFigure{Percent: survey.Percent{Value: c.percent, Known: true}}}
		if got := f.asPublished(r); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
