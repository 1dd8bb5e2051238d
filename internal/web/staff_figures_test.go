package web

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	qrcode "github.com/skip2/go-qrcode"
	"pgregory.net/rapid"

	"sipas/internal/auth"
	"sipas/internal/estimate"
	"sipas/internal/locale"
	"sipas/internal/stats"
	"sipas/internal/survey"
)

func day(t testing.TB, s string) survey.Day {
	t.Helper()
	d, err := survey.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestPickPeriod(t *testing.T) {
	all := survey.Period{From: day(t, "2025-12-02"), To: day(t, "2026-03-02")}
	for _, c := range []struct {
		key, from, to string
		want          string // "from to", or the faults
		kept          string // the key that comes back
	}{
		{"", "", "", "whole", periodAll},
		{"all", "", "", "whole", periodAll},
		{"nonsense", "", "", "whole", periodAll},
		{"30d", "", "", "2026-02-01 2026-03-02", "30d"},
		{"2026-02", "", "", "2026-02-01 2026-02-28", "2026-02"},
		{"2026-13", "", "", "whole", periodAll},
		{"9999-01", "", "", "whole", periodAll},
		{"2026-Q1", "", "", "2026-01-01 2026-03-31", "2026-Q1"},
		{"2025-Q4", "", "", "2025-10-01 2025-12-31", "2025-Q4"},
		{"2025-Q5", "", "", "whole", periodAll},
		{"own", "2026-01-05", "2026-01-09", "2026-01-05 2026-01-09", "own"},
		{"own", "2026-01-05", "2026-01-04", "to wave.dates_reversed", "own"},
		{"own", "", "31/12/2025", "from staff.bad_date, to staff.bad_date", "own"},
	} {
		p, key, bad := pickPeriod(c.key, c.from, c.to, all)
		var faults []string
		for _, b := range bad {
			faults = append(faults, b.Field+" "+b.Key)
		}
		got := strings.Join(faults, ", ")
		if got == "" {
			if got = p.From.String() + " " + p.To.String(); p.Whole() {
				got = "whole"
			}
		}
		if got != c.want || key != c.kept {
			t.Errorf("pickPeriod(%q, %q, %q) = %s (%s), want %s (%s)", c.key, c.from, c.to, got, key, c.want, c.kept)
		}
	}
}

func TestPeriodNames(t *testing.T) {
	p := locale.For("vi")
	for _, c := range []struct{ from, to, want string }{
		{"2026-02-01", "2026-02-28", "tháng 2/2026"},
		{"2026-01-01", "2026-03-31", "quý 1/2026"},
		{"2026-02-01", "2026-04-30", "01/02/2026–30/04/2026"},
		{"2026-02-01", "2026-03-02", "30 ngày đến 02/03/2026"},
		{"2026-02-01", "2026-02-02", "01/02/2026–02/02/2026"},
	} {
		if got := daysName(p, survey.Period{From: day(t, c.from), To: day(t, c.to)}); got != c.want {
			t.Errorf("%s–%s is %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

// two returns figures of one unit now and before: percent satisfied of n.
func two(design survey.Design, now, was measure) *figures {
	index := func(m measure) survey.Index {
		return survey.Index{
			N: m.N, People: m.N, Overall: figureOf(design, m),
			Factors: []survey.FactorFigure{{Code: "f", N: m.N, Figure: figureOf(design, m)}},
		}
	}
	reading := func(m measure) survey.Reading {
		return survey.Reading{Indices: map[survey.UnitCode]survey.Index{"u": index(m)}}
	}
	cat := &survey.Catalog{Tree: survey.NewTree([]survey.Unit{{Code: "u", Name: "Phường U", ValidFrom: 100, ValidTo: survey.Always}})}
	return &figures{
		p: locale.For("vi"), v: viewer{who: auth.Principal{Role: auth.Admin}, cat: cat}, c: choice{Wave: &survey.Wave{Design: design}},
		now: reading(now), was: reading(was), past: survey.Period{From: 200, To: 300}, name: "tháng trước", steps: heatSteps{3, 7, 10},
	}
}

func of(percent float64, n int64) measure {
	p := estimate.OneByOne(stats.Share{Percent: percent, N: n})
	return measure{Percent: survey.Percent{Value: percent, Known: n > 0}, N: n, precision: &p}
}

// figureOf is the figure of m as a wave of that design has it.
func figureOf(design survey.Design, m measure) survey.Figure {
	f := survey.Figure{Percent: m.Percent, Answered: m.N}
	if design == survey.Probability {
		f.Precision = m.precision
	}
	return f
}

func TestChangeIsNoNews(t *testing.T) {
	for _, c := range []struct {
		name     string
		design   survey.Design
		now, was measure
		want     string
		class    string
	}{
		{"within the margin", survey.Probability, of(82, 70), of(79, 70), "Chưa rõ (+3,0)", "mut"},
		{"up beyond it", survey.Probability, of(92, 400), of(80, 400), "Tăng 12,0", "up-t"},
		{"down beyond it", survey.Probability, of(70, 400), of(80, 400), "Giảm 10,0", "dn-t"},
		{"self-selected, however large", survey.Continuous, of(95, 9000), of(50, 9000), "Chênh +45,0", "mut"},
		{"nobody before", survey.Probability, of(90, 400), of(0, 0), "Kỳ trước chưa có phiếu", "mut"},
		{"nine before", survey.Probability, of(90, 400), of(80, 9), "Kỳ trước ít phiếu", "mut"},
		{"nine now", survey.Probability, of(90, 9), of(80, 400), "", ""},
	} {
		got := two(c.design, c.now, c.was).change("u", overallOf)
		if got.Text != c.want || got.Class != c.class {
			t.Errorf("%s: %q (%s), want %q (%s)", c.name, got.Text, got.Class, c.want, c.class)
		}
	}
	f := two(survey.Probability, of(90, 400), of(80, 400))
	f.past = survey.Period{From: 50, To: 90}
	if got := f.change("u", overallOf); got.Text != "Không so được" || got.Why != "staff.change.new_unit" {
		t.Errorf("a unit younger than the compared period: %+v", got)
	}
}

func TestFewAreNeverShown(t *testing.T) {
	f := two(survey.Continuous, of(90, 9), of(90, 9))
	for n, want := range map[int64]cell{
		0:  {Why: "Chưa có phiếu", N: "0"},
		9:  {Why: "Ít phiếu để công bố"},
		10: {Text: "88,43", Percent: "88,43\u00a0%", N: "10"},
	} {
		if diff := cmp.Diff(want, f.cell(of(88.43, n), 2)); diff != "" {
			t.Errorf("%d people:\n%s", n, diff)
		}
	}
	if r := f.answerRow("S1", "x", [5]int64{1, 2, 3, 2, 1}, 9, false); r.Parts != nil || r.Bad != "" || r.Good != "" || r.Why == "" {
		t.Errorf("answers of nine people are shown: %+v", r)
	}
}

func TestColourOnlyBeyondTheMargin(t *testing.T) {
	ref := of(88, 4000)
	for _, c := range []struct {
		m    measure
		want string
	}{
		{of(60, 5), ""},
		{of(80, 12), ""},
		{of(60, 90), "h1x"},
		{of(83, 900), "h2x"},
		{of(86, 9000), ""},
		{of(92, 900), "h4x"},
		{of(97, 900), "h5x"},
		{of(88, 4000), ""},
	} {
		if got := two(survey.Probability, c.m, ref).heat(c.m, ref); got != c.want {
			t.Errorf("%v of %d: %q, want %q", c.m.Value, c.m.N, got, c.want)
		}
		if got := two(survey.Continuous, c.m, ref).heat(c.m, ref); got != "" {
			t.Errorf("%v of %d people who chose to answer: %q", c.m.Value, c.m.N, got)
		}
	}
}

// Whatever the answers, every part of every bar stays inside the picture and
// on its own side of the line.
func TestStackedBarsFit(t *testing.T) {
	at := func(s string) float64 {
		v, err := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64)
		if err != nil {
			panic(err)
		}
		return v
	}
	rapid.Check(t, func(t *rapid.T) {
		rows := make([][fiveSteps]float64, rapid.IntRange(1, 5).Draw(t, "rows"))
		for i := range rows {
			total := 0.0
			for j := range rows[i] {
				rows[i][j] = float64(rapid.IntRange(0, 100).Draw(t, fmt.Sprint(i, j)))
				total += rows[i][j]
			}
			for j := range rows[i] {
				rows[i][j] *= 100 / max(1, total)
			}
		}
		scale := newStackScale(rows)
		for _, r := range rows {
			s := scale.draw(locale.For("vi"), r)
			for _, p := range s.Parts {
				x, end, zero := at(p.X), at(p.X)+at(p.Width), at(s.Zero)
				left := p.Class == "s1" || p.Class == "s2"
				if x < -0.02 || end > 100.02 || left && end > zero+0.03 || !left && x < zero-0.03 {
					t.Fatalf("%v: part %+v with the line at %s", r, p, s.Zero)
				}
			}
		}
	})
}

func TestStripHoldsItsMarks(t *testing.T) {
	was := 71.2
	s := newStrip(locale.For("vi"), 88.43, nil, &was, "tháng 2/2026", 0)
	for _, place := range []string{s.Now, s.Was, s.Ticks[0].X, s.Ticks[len(s.Ticks)-1].X} {
		v, err := strconv.ParseFloat(strings.TrimSuffix(place, "%"), 64)
		if err != nil || v < 0 || v > 100 {
			t.Errorf("a mark at %s", place)
		}
	}
	if s.Low != "" || !strings.Contains(s.Label, "88,43") || !strings.Contains(s.Label, "71,20") || strings.Contains(s.Label, "Khoảng") {
		t.Errorf("strip %+v", s)
	}
	if full := newStrip(locale.For("vi"), 100, nil, nil, "", 0); full.Ticks[len(full.Ticks)-1].Text != "100" {
		t.Errorf("the axis of 100 %% ends at %s", full.Ticks[len(full.Ticks)-1].Text)
	}
}

// The path draws exactly the dark modules, and leaves the quiet zone white.
func TestQRPath(t *testing.T) {
	const text = "https://khaosat.example.vn/s/UB7K2M"
	q, err := newQR(text)
	if err != nil {
		t.Fatal(err)
	}
	drawn := make([][]bool, q.Size)
	for i := range drawn {
		drawn[i] = make([]bool, q.Size)
	}
	for _, rect := range strings.Split(strings.TrimSuffix(q.Path, "z"), "z") {
		var x, y, w, back int
		if _, err := fmt.Sscanf(rect, "M%d %dh%dv1h-%d", &x, &y, &w, &back); err != nil || w != back {
			t.Fatalf("%q: %v", rect, err)
		}
		for i := range w {
			drawn[y][x+i] = true
		}
	}
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(code.Bitmap(), drawn); diff != "" {
		t.Error(diff)
	}
	for i := range q.Size {
		for edge := range 4 {
			if drawn[edge][i] || drawn[i][edge] || drawn[q.Size-1-edge][i] || drawn[i][q.Size-1-edge] {
				t.Fatalf("the quiet zone is not white at %d, %d", edge, i)
			}
		}
	}
	if svg := q.svg(); !strings.Contains(svg, `viewBox="0 0 `+strconv.Itoa(q.Size)) || strings.Contains(svg, "style=") {
		t.Errorf("svg begins %.120s", svg)
	}
}

func TestNothingThereYet(t *testing.T) {
	v := viewer{who: auth.Principal{Role: auth.Admin}, cat: &survey.Catalog{Tree: survey.NewTree(nil)}}
	c, err := v.choose(nil, "")
	if err != nil || c.Wave != nil {
		t.Fatalf("choose: %+v, %v", c, err)
	}
	if cs := v.crumbs(c.Unit.Code, func(survey.UnitCode) string { return "" }); cs != nil {
		t.Errorf("a way down to nothing: %v", cs)
	}
}

func TestPlainText(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Phường Uông Bí", "phuong uong bi"}, {"ĐẶC KHU Vân Đồn", "dac khu van don"}, {"  Xã   Quảng Hà ", "xa quang ha"}, {"", ""},
	} {
		if got := plainText(c.in); got != c.want {
			t.Errorf("%q is %q, want %q", c.in, got, c.want)
		}
	}
}

func TestSpanOfAWave(t *testing.T) {
	today := day(t, "2026-03-02")
	zone := time.FixedZone("+07", 7*3600)
	for _, c := range []struct {
		name string
		w    survey.Wave
		want string
	}{
		{"open", survey.Wave{State: survey.Open, From: today - 10, To: today + 10}, "2026-02-20 2026-03-02"},
		{"open past its plan", survey.Wave{State: survey.Open, From: today - 10, To: today - 5}, "2026-02-20 2026-03-02"},
		{"closed early", survey.Wave{State: survey.Closed, From: today - 10, To: today + 10, ClosedAt: time.Date(2026, 2, 25, 20, 0, 0, 0, time.UTC)}, "2026-02-20 2026-02-26"},
		{"not begun", survey.Wave{State: survey.Open, From: today + 3, To: today + 10}, "2026-03-05 2026-03-05"},
	} {
		p := span(&c.w, today, zone)
		if got := p.From.String() + " " + p.To.String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// Of two hundred units of which one really changed, the changes of the others
// are chance, although ten of them would exceed a margin of their own.
func TestChangesOfManyUnits(t *testing.T) {
	const units = 200
	f := two(survey.Probability, of(80, 400), of(80, 400))
	list := []survey.Unit{{Code: "u", ValidFrom: 100, ValidTo: survey.Always}}
	var below []survey.UnitCode
	alone := 0
	index := func(m measure) survey.Index {
		return survey.Index{N: m.N, People: m.N, Overall: figureOf(survey.Probability, m), Factors: f.index("u").Factors}
	}
	for i := range units {
		code := survey.UnitCode(fmt.Sprintf("u.%03d", i))
		z := math.Sqrt2 * math.Erfinv(2*(float64(i)+0.5)/units-1) // as chance spreads them
		was, now := of(80, 400), of(80+z*100*math.Sqrt(2*0.8*0.2/400), 400)
		if i == 0 {
			now = of(60, 400)
		}
		f.now.Indices[code], f.was.Indices[code] = index(now), index(was)
		list, below = append(list, survey.Unit{Code: code, Parent: "u", ValidFrom: 100, ValidTo: survey.Always}), append(below, code)
		if f.difference(now, was).clear {
			alone++
		}
	}
	f.v.cat, f.now.Instrument, f.memory = &survey.Catalog{Tree: survey.NewTree(list)}, &survey.Instrument{}, &bandMemory{}
	var clear []string
	for _, g := range f.units("u", below, "/app").Groups {
		for _, r := range g.Rows {
			if r.Change.clear {
				clear = append(clear, string(r.Code)+" "+r.Change.Text)
			}
		}
	}
	if diff := cmp.Diff([]string{"u.000 Giảm 20,0"}, clear); diff != "" || alone < 5 {
		t.Errorf("%d exceed a margin of their own; called real (-want +got):\n%s", alone, diff)
	}
}
