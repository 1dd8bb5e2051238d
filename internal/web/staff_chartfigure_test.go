package web

import (
	"bytes"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jba/templatecheck"

	"sipas/internal/locale"
)

// chartPage is what a page needs to have for the script of its charts.
type chartPage struct{ page }

var chartView = newView[chartPage]("staff/charts.html")

func TestChartTemplateFits(t *testing.T) {
	for name, data := range map[string]any{"chartfigure": chartFigure{}, "chartscript": chartPage{}} {
		if err := templatecheck.CheckHTMLStrict(chartView.tmpl.Lookup(name), data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func quadrantFigure(p locale.Printer) chartFigure {
	f := chartFigure{
		Printer: p, ID: "quadrant", Class: "c12", Kind: chartQuadrant, Digits: 1,
		Title:   "Trả kết quả đúng hẹn quan trọng nhất và thấp nhất",
		Sub:     "Tầm quan trọng tính từ câu trả lời, mức hài lòng theo phần trăm. Dữ liệu thử.",
		Head:    chartHead{Label: "Yếu tố", X: "Tầm quan trọng", XLow: "Từ", XHigh: "Đến", Value: "Hài lòng", Low: "Từ", High: "Đến", N: "n"},
		Corners: [4]string{"Giữ", "Thế mạnh", "Để sau", "Sửa trước"},
		X:       chartAxis{Unit: " %"}, Y: chartAxis{Unit: " %"},
		Refs: []chartRef{{Name: "Trung bình", Value: 11.1, OnX: true}, {Name: "Mức chung", Value: 88.4}},
		N:    "n = 4.012",
	}
	for _, r := range []struct {
		name string
		x, y float64
		tone chartTone
	}{
		{"Thực hiện chính sách", 8.2, 90.2, toneUp},
		{"Thủ tục hành chính", 13.4, 90.0, toneUp},
		{"Tiếp cận dịch vụ", 9.1, 89.7, toneSame},
		{"Công chức", 15.3, 88.9, toneSame},
		{"Kết quả chính sách", 9.4, 88.8, toneSame},
		{"Kết quả dịch vụ", 12.2, 88.1, toneSame},
		{"Thông tin chính sách", 7.9, 87.9, toneSame},
		{"Người dân tham gia", 6.7, 85.3, toneDown},
		{"Góp ý, phản ánh", 17.8, 80.8, toneDown},
	} {
		y, low, high := r.y, r.y-1.2, r.y+1.1
		left, right := r.x-2.4, r.x+2.6
		f.Rows = append(f.Rows, chartRow{Label: r.name, X: r.x, XLow: &left, XHigh: &right, Y: &y, Low: &low, High: &high, N: "4.012", Tone: r.tone, Key: r.tone == toneDown && r.x > 11})
	}
	return f
}

func slopeFigure(p locale.Printer) chartFigure {
	f := chartFigure{
		Printer: p, ID: "slope", Class: "c6", Kind: chartSlope, Digits: 0,
		Title: "Vàng Danh tụt hạng; thứ hạng của các đơn vị khác không khác trước", Sub: "Hạng, 1 là cao nhất. Dữ liệu thử.",
		Head: chartHead{Label: "Kỳ", Series: "Đơn vị", Value: "Hạng"},
	}
	for _, r := range []struct {
		unit     string
		was, now float64
		tone     chartTone
	}{
		{"Phường Hồng Gai", 2, 1, toneSame},
		{"Đặc khu Cô Tô", 1, 2, toneSame},
		{"Xã Tiên Yên", 4, 3, toneSame},
		{"Phường Bãi Cháy", 5, 4, toneSame},
		{"Phường Vàng Danh", 3, 5, toneDown},
	} {
		f.Rows = append(f.Rows,
			chartRow{Series: r.unit, Label: "9/2025", Tick: "9/2025", X: 0, Y: &r.was, Tone: r.tone},
			chartRow{Series: r.unit, Label: "3/2026", Tick: "3/2026", X: 1, Y: &r.now, Tone: r.tone})
	}
	return f
}

// The browser tests draw these files, so that what the template says and what
// the script reads cannot part.
func TestChartFigures(t *testing.T) {
	p := locale.For("vi")
	for name, f := range map[string]chartFigure{"quadrant": quadrantFigure(p), "slope": slopeFigure(p)} {
		var b bytes.Buffer
		if err := chartView.run.ExecuteTemplate(&b, "chartfigure", f); err != nil {
			t.Fatal(err)
		}
		path := "testdata/chart_" + name + ".html"
		if os.Getenv("SIPAS_GOLDEN") != "" {
			if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), b.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}
