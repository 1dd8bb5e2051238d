package survey

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"
)

// quangNinh is the sample province with its successions.
func quangNinh(t *testing.T) *Catalog {
	t.Helper()
	read := func(name string) [][]string {
		f, err := os.Open("../demo/data/" + name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows[1:]
	}
	date := func(s string) Day {
		if s == "" {
			return Always
		}
		return dayOf(t, s)
	}
	var units []Unit
	for _, r := range read("quang-ninh.csv") {
		units = append(units, Unit{Code: UnitCode(r[0]), Name: r[1], Kind: UnitKind(r[2]), Parent: UnitCode(r[3]), ValidFrom: date(r[4]), ValidTo: date(r[5])})
	}
	c := &Catalog{Tree: NewTree(units)}
	for _, r := range read("quang-ninh-succession.csv") {
		c.Successions = append(c.Successions, Succession{From: UnitCode(r[0]), To: UnitCode(r[1]), Whole: r[2] == "whole", On: date(r[3]), LegalBasis: r[4]})
	}
	return c
}

func dayOf(t *testing.T, s string) Day {
	t.Helper()
	d, err := ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func said(list []Passing) string {
	var words []string
	for _, p := range list {
		how := "part"
		if p.Whole {
			how = "whole"
		}
		words = append(words, string(p.Unit)+" "+how+" "+p.On.String())
	}
	return strings.Join(words, ", ")
}

func TestTreeAt(t *testing.T) {
	c := quangNinh(t)
	count := func(d string, kinds ...UnitKind) (n int) {
		for _, u := range c.Tree.At(dayOf(t, d)).All() {
			if slices.Contains(kinds, u.Kind) {
				n++
			}
		}
		return n
	}
	for _, want := range []struct {
		day                 string
		districts, communes int
	}{{"2019-12-31", 14, 10}, {"2020-01-01", 13, 10}, {"2025-06-30", 13, 10}, {"2025-07-01", 0, 54}} {
		if d, w := count(want.day, District), count(want.day, Ward, Commune, SpecialZone); d != want.districts || w != want.communes {
			t.Errorf("%s: %d districts and %d communes, want %+v", want.day, d, w, want)
		}
	}
}

func TestLineageOfTheSampleProvince(t *testing.T) {
	c := quangNinh(t)
	for _, x := range []struct{ what, got, want string }{
		{"Uông Bí city", said(c.Became("qn.h.uong-bi")), "qn.p-uong-bi part 2025-07-01, qn.p-yen-tu part 2025-07-01, qn.p-vang-danh part 2025-07-01"},
		{"Trưng Vương", said(c.Became("qn.h.uong-bi.trung-vuong")), "qn.p-uong-bi part 2025-07-01, qn.p-vang-danh part 2025-07-01"},
		{"Hoành Bồ", said(c.Became("qn.h.hoanh-bo")), "qn.h.ha-long whole 2020-01-01"},
		{"Hạ Long", said(c.FormedFrom("qn.h.ha-long")), "qn.h.hoanh-bo whole 2020-01-01"},
		{"Yên Tử", said(c.FormedFrom("qn.p-yen-tu")), "qn.h.uong-bi.phuong-dong whole 2025-07-01, qn.h.uong-bi.phuong-nam whole 2025-07-01, qn.h.uong-bi.thuong-yen-cong whole 2025-07-01"},
		{"a ward of today", said(c.Became("qn.p-yen-tu")), ""},
	} {
		if x.got != x.want {
			t.Errorf("%s: %q, want %q", x.what, x.got, x.want)
		}
	}
	if via := c.Became("qn.h.uong-bi")[0].Via; len(via) != 4 {
		t.Errorf("four wards of the city went into Phường Uông Bí at least in part: %v", via)
	}
}

func TestOrigins(t *testing.T) {
	c := quangNinh(t)
	for name, x := range map[string]struct {
		unit UnitCode
		day  string
		want []Origin
		how  Pooling
	}{
		"whole":     {"qn.p-yen-tu", "2024-12-31", []Origin{{"qn.h.uong-bi.phuong-dong", 1}, {"qn.h.uong-bi.phuong-nam", 1}, {"qn.h.uong-bi.thuong-yen-cong", 1}}, PooledWhole},
		"split":     {"qn.p-uong-bi", "2024-12-31", []Origin{{"qn.h.uong-bi.thanh-son", 1}, {"qn.h.uong-bi.quang-trung", 1}, {"qn.h.uong-bi.yen-thanh", 1}, {"qn.h.uong-bi.trung-vuong", 0}}, NotPooled},
		"joined":    {"qn.h.ha-long", "2019-06-01", []Origin{{"qn.h.ha-long", 1}, {"qn.h.hoanh-bo", 1}}, PooledWhole},
		"since":     {"qn.h.ha-long", "2020-06-01", []Origin{{"qn.h.ha-long", 1}}, UnchangedUnits},
		"not known": {"qn.p-an-sinh", "2024-12-31", nil, NothingToPool},
	} {
		got := c.Descent().Origins(x.unit, dayOf(t, x.day), Always)
		if !slices.Equal(got, x.want) || Pool(x.unit, got) != x.how {
			t.Errorf("%s: %v, %s; want %v, %s", name, got, Pool(x.unit, got), x.want, x.how)
		}
	}
	if got := c.Descent().Origins("qn.h.ha-long", dayOf(t, "2018-12-31"), dayOf(t, "2019-12-31")); !slices.Equal(got, []Origin{{"qn.h.ha-long", 1}}) {
		t.Errorf("before somebody joined: %v", got)
	}
	for i := range c.Successions {
		if s := &c.Successions[i]; s.From == "qn.h.uong-bi.trung-vuong" && s.To == "qn.p-uong-bi" {
			s.Share = 0.25
		}
	}
	got := c.Descent().Origins("qn.p-uong-bi", dayOf(t, "2024-12-31"), Always)
	if got[3] != (Origin{"qn.h.uong-bi.trung-vuong", 0.25}) || Pool("qn.p-uong-bi", got) != PooledByShare {
		t.Errorf("with a share given: %v", got)
	}
	chain := &Catalog{
		Tree:        NewTree([]Unit{{Code: "a", ValidTo: 9}, {Code: "b", ValidFrom: 10, ValidTo: 19}, {Code: "c", ValidFrom: 20, ValidTo: Always}}),
		Successions: []Succession{{From: "a", To: "b", Share: 0.5, On: 10}, {From: "b", To: "c", Share: 0.5, On: 20}, {From: "c", To: "a", Whole: true, On: 30}},
	}
	if got := chain.Descent().Origins("c", 5, Always); !slices.Equal(got, []Origin{{"a", 0.25}}) {
		t.Errorf("by way of another, in a circle of bad data: %v", got)
	}
}

// TestOriginsAgain: who was split is whole again where all its parts came together,
// and is not where one went elsewhere, or where it still stands.
func TestOriginsAgain(t *testing.T) {
	c := &Catalog{
		Tree: NewTree([]Unit{
			{Code: "a", ValidTo: 9},
			{Code: "b", ValidFrom: 10, ValidTo: 19},
			{Code: "c", ValidFrom: 10, ValidTo: 19},
			{Code: "d", ValidFrom: 20, ValidTo: Always},
			{Code: "e", ValidTo: 9},
			{Code: "f", ValidFrom: 10, ValidTo: Always},
			{Code: "stays", ValidTo: Always},
			{Code: "x", ValidTo: 9},
		}),
		Successions: []Succession{
			{From: "a", To: "b", On: 10},
			{From: "a", To: "c", On: 10},
			{From: "b", To: "d", Whole: true, On: 20},
			{From: "c", To: "d", Whole: true, On: 20},
			{From: "e", To: "b", On: 10},
			{From: "e", To: "f", On: 10},
			{From: "stays", To: "c", On: 10},
			{From: "x", To: "b", Share: 0.3, On: 10},
			{From: "x", To: "c", Share: 0.7, On: 10},
		},
	}
	got := c.Descent().Origins("d", 5, Always)
	if want := []Origin{{"a", 1}, {"e", 0}, {"x", 1}, {"stays", 0}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := c.Descent().Origins("d", 5, 19); got != nil {
		t.Errorf("before anything went into it: %v", got)
	}
	if got := c.Descent().Origins("b", 5, Always); !slices.Equal(got, []Origin{{"a", 0}, {"e", 0}, {"x", 0.3}}) {
		t.Errorf("before the parts came together: %v", got)
	}
}

func TestRemapped(t *testing.T) {
	tallies := map[UnitCode]Tally{"a": {N: 10, Counts: []int64{10, 0, 8}}, "b": {N: 30, Counts: []int64{30, 0, 11}}}
	sum, how, ok := Remapped("c", []Origin{{"a", 1}, {"b", 1}}, tallies)
	if !ok || how != PooledWhole || !sum.Equal(Tally{N: 40, Counts: []int64{40, 0, 19}}) {
		t.Errorf("whole: %v %s %v", sum, how, ok)
	}
	sum, how, ok = Remapped("c", []Origin{{"a", 1}, {"b", 0.5}}, tallies)
	if !ok || how != PooledByShare || !sum.Equal(Tally{N: 25, Counts: []int64{25, 0, 14}}) {
		t.Errorf("by share: %v %s %v", sum, how, ok)
	}
	for _, origins := range [][]Origin{nil, {{"a", 1}, {"b", 0}}} {
		if sum, how, ok := Remapped("c", origins, tallies); ok || sum.N != 0 {
			t.Errorf("of %v: %v %s", origins, sum, how)
		}
	}
}

// TestUnitOn: a response belongs to the unit of its day.
func TestUnitOn(t *testing.T) {
	c := quangNinh(t)
	for _, x := range []struct {
		unit UnitCode
		day  string
		want UnitCode
	}{
		{"qn.h.uong-bi.thanh-son", "2025-06-30", "qn.h.uong-bi.thanh-son"},
		{"qn.h.uong-bi.thanh-son", "2025-07-01", "qn.p-uong-bi"},
		{"qn.h.uong-bi.trung-vuong", "2025-07-01", "qn.h.uong-bi.trung-vuong"}, // which part is not known
		{"qn.h.hoanh-bo", "2020-01-01", "qn.h.ha-long"},
		{"qn.h.hoanh-bo", "2026-01-01", "qn.h.ha-long"}, // of which nothing is said since
		{"qn.p-yen-tu", "2026-01-01", "qn.p-yen-tu"},
		{"nowhere", "2026-01-01", "nowhere"},
	} {
		if got := c.UnitOn(x.unit, dayOf(t, x.day)); got != x.want {
			t.Errorf("%s on %s is %s, want %s", x.unit, x.day, got, x.want)
		}
	}
}
