package book

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"sipas/internal/survey"
)

// vectors reads a file of published figures: of the book's own, of which
// testdata/README.md names the sources, or of those that all tests share.
func vectors(t *testing.T, name string) (rows []map[string]string) {
	t.Helper()
	f, err := os.Open("testdata/" + name + ".csv")
	if errors.Is(err, fs.ErrNotExist) {
		f, err = os.Open("../survey/testdata/vectors/" + name + ".csv")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil || len(lines) < 2 {
		t.Fatalf("%s: %d lines, %v", name, len(lines), err)
	}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, column := range lines[0] {
			row[column] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func num(t *testing.T, s string) Number {
	t.Helper()
	if s == "" {
		return Number{}
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return Of(v)
}

func whole(t *testing.T, s string) int { return int(num(t, s).Value) }

// province is the sample province, in short.
var province = survey.NewTree([]survey.Unit{
	{Code: "qn", Name: "Tỉnh Quảng Ninh", Kind: survey.Province, ValidTo: survey.Always},
	{Code: "ub", Name: "Thành phố Uông Bí", Kind: survey.District, Parent: "qn", ValidTo: day("2025-06-30")},
	{Code: "hb", Name: "Huyện Hoành Bồ", Kind: survey.District, Parent: "qn", ValidTo: day("2019-12-31")},
	{Code: "w", Name: "Phường Uông Bí", Kind: survey.Ward, Parent: "qn", ValidFrom: day("2025-07-01"), ValidTo: survey.Always},
})

func day(s string) survey.Day {
	d, err := survey.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

// uongBi are the results of 2019 as published.
func uongBi(t *testing.T) (rs []Result) {
	t.Helper()
	ts := builtinTypes(t)
	for _, row := range vectors(t, "uong_bi_2019") {
		found := ts.Find(row["index"], survey.District, whole(t, row["year_measured"]))
		if len(found) != 1 {
			t.Fatalf("%s can be %d types", row["index"], len(found))
		}
		rs = append(rs, Result{
			Key:   Key{"ub", found[0].Code, whole(t, row["year_measured"])},
			Score: num(t, row["score"]), Maximum: num(t, row["max_score"]), Percent: num(t, row["percent"]),
			Rank: whole(t, row["rank"]), RankOf: whole(t, row["rank_of"]), Announced: day(row["announced"]), Status: Final,
		})
	}
	return rs
}

func TestUongBi2019(t *testing.T) {
	ts, rs := builtinTypes(t), uongBi(t)
	if len(rs) != 3 {
		t.Fatalf("%d results", len(rs))
	}
	for _, r := range rs {
		ty := ts.Type(r.Type)
		if bad := Check(ty, province, r); len(bad) > 0 {
			t.Errorf("%s as published: %v", r.Type, bad)
		}
		// One number written in two ways: the percentage is not its own input.
		if got := Of(100 * r.Score.Value / r.MaximumOf(ty).Value).Round(2); got != r.Percent.Value {
			t.Errorf("%s: %v of %v is %v %%, published %v", r.Type, r.Score.Value, r.MaximumOf(ty).Value, got, r.Percent.Value)
		}
	}
	for i, want := range []string{"", "book.lower_half", "book.lower_half"} {
		if got := Halves(rs[i]); got != want {
			t.Errorf("%s is in %q, want %q", rs[i].Type, got, want)
		}
	}
	// The day of the conference is not in the year measured.
	if y := rs[0].Announced.Date().Year(); y != 2020 || rs[0].Year != 2019 {
		t.Errorf("measured %d, announced %d", rs[0].Year, y)
	}
}

func TestQuangNinhSeries(t *testing.T) {
	ts := builtinTypes(t)
	var sipas []Result
	for _, row := range vectors(t, "quang_ninh") {
		year := whole(t, row["year"])
		ty := ts.Find("sipas", survey.Province, year)[0]
		sipas = append(sipas, Result{
			Key: Key{"qn", ty.Code, year}, Percent: num(t, row["sipas"]),
			Rank: whole(t, row["rank"]), RankOf: whole(t, row["rank_of"]), Status: Final,
		})
	}
	for _, want := range []struct {
		year   int
		change float64
		how    string // of ranks
		score  string // why scores do not compare
	}{
		{2018, 0, "book.no_earlier", "book.no_earlier"},
		{2019, 4.11, "book.no_rank", ""},
		{2020, 0.5, "book.rank_same", ""},
		{2022, 0, "book.other_method", "book.other_method"}, // the break in the series
		{2023, 0, "book.other_method", "book.other_method"},
	} {
		var now, before *Result
		for i := range sipas {
			switch r := &sipas[i]; {
			case r.Year == want.year:
				now = r
			case r.Year < want.year && (before == nil || before.Year < r.Year):
				before = r
			}
		}
		c := Compare(ts.Type(now.Type), now, before)
		if c.Score.Known != (want.score == "") || math.Abs(c.Score.Value-want.change) > 1e-9 || c.RankHow.Key != want.how || c.ScoreHow.Key != want.score {
			t.Errorf("%d: %+v, want %+v", want.year, c, want)
		}
	}
}

func TestRanks2023(t *testing.T) {
	ty := builtinTypes(t).Type("sipas-2023")
	var rs []Result
	for _, row := range vectors(t, "rank_2023") {
		rs = append(rs, Result{Key: Key{survey.UnitCode(row["province"]), ty.Code, 2023}, Percent: num(t, row["index"]), Rank: whole(t, row["rank"]), RankOf: 63, Status: Final})
	}
	shuffled := append(append([]Result{}, rs[5:]...), rs[:5]...)
	for i, row := range League(NewLines(reorganised()), ty, shuffled, nil, 0, nil) {
		if row.Unit != rs[i].Unit {
			t.Errorf("place %d is %s, want %s", i+1, row.Unit, rs[i].Unit)
		}
		if row.Place != i+1 { // the published ranks have gaps where provinces were not found; the order is the same
			t.Errorf("%s is by its value %d among those found, want %d", row.Unit, row.Place, i+1)
		}
	}
	if odd := CheckTogether(rs); len(odd) > 0 {
		t.Errorf("as published: %v", odd)
	}
}

// TestMoves makes a league in which as many move as did in 2023.
func TestMoves(t *testing.T) {
	ty := builtinTypes(t).Type("sipas-2023")
	for _, row := range vectors(t, "rank_moves_2023") {
		up, down, same, of := whole(t, row["up"]), whole(t, row["down"]), whole(t, row["same"]), whole(t, row["of"])
		var now, before []Result
		add := func(n, was, is int) {
			for range n {
				u := survey.UnitCode(strconv.Itoa(len(now)))
				now = append(now, Result{Key: Key{u, ty.Code, 2024}, Rank: is, RankOf: of})
				before = append(before, Result{Key: Key{u, ty.Code, 2023}, Rank: was, RankOf: of})
			}
		}
		add(up, 9, 8)
		add(down, 8, 11)
		add(same, 5, 5)
		u, d, s := Moved(League(NewLines(reorganised()), ty, now, []Board{NewBoard(ty, 2023, before)}, 2023, nil))
		if u != up || d != down || s != same || u+d+s != of {
			t.Errorf("%d up, %d down, %d stay; published %v", u, d, s, row)
		}
	}
}

// TestSumsStay holds that 99.96 is told and stays 99.96.
func TestSumsStay(t *testing.T) {
	ts, err := loadText(strings.Replace(strings.Replace(strings.Replace(good, "maximum: 10", "maximum: 300", 1), "maximum: 4", "maximum: 100", 1), "maximum: 6, maximum_mark: confirmed, mark: confirmed}",
		"maximum: 100, maximum_mark: confirmed, mark: confirmed}\n  - {code: c, title: {vi: C, en: C}, maximum: 100, maximum_mark: confirmed, mark: confirmed}", 1))
	if err != nil {
		t.Fatal(err)
	}
	ty := ts.Type("x")
	for _, row := range vectors(t, "sums") {
		r := Result{Key: Key{"ub", "x", 2022}, Score: Of(100), Status: Final}
		sum := 0.0
		for i, s := range strings.Fields(row["parts"]) {
			r.Parts = append(r.Parts, Part{Code: []string{"a", "b", "c"}[i], Score: num(t, s).Value})
			sum += num(t, s).Value
		}
		if got := Of(sum).Round(2); got != num(t, row["whole"]).Value {
			t.Errorf("%s: the sum is %v, published %s", row["what"], got, row["whole"])
		}
		list := Check(ty, province, r)
		if odd := row["whole"] != "100.00"; odd != (len(list) == 1) || odd && (list[0].Key != "book.total_differs" || list[0].Args[1] != 99.96) || len(Faults(list)) > 0 {
			t.Errorf("%s: %v", row["what"], list)
		}
	}
}

func TestSIPASPoints(t *testing.T) {
	for _, row := range vectors(t, "points") {
		if got := SIPASPoints(num(t, row["percent"]), num(t, row["maximum"]).Value); got != num(t, row["points"]) {
			t.Errorf("%s: %v, published %s", row["what"], got, row["points"])
		}
	}
	ts, rs := builtinTypes(t), uongBi(t)
	rs[0].Parts = []Part{{Code: "impact.sipas", Score: 9.4}}
	list := ts.Besides(rs[0], rs)
	if len(list) != 1 || list[0].Computed != Of(9.33) || list[0].Entered != Of(9.4) || !list[0].Differs {
		t.Errorf("beside PAR INDEX: %+v", list)
	}
}
