package book

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/internal/survey"
)

// reorganised is the part of the sample province that tests need: Uông Bí became
// three wards, Trưng Vương was split, Hoành Bồ joined Hạ Long; and a ward that was
// only renamed.
func reorganised() *survey.Catalog {
	old, ended := day("1994-01-01"), day("2025-06-30")
	unit := func(code survey.UnitCode, name string, kind survey.UnitKind, parent survey.UnitCode, from, to survey.Day) survey.Unit {
		return survey.Unit{Code: code, Name: name, Kind: kind, Parent: parent, ValidFrom: from, ValidTo: to}
	}
	on := day("2025-07-01")
	went := func(from, to survey.UnitCode, whole bool) survey.Succession {
		return survey.Succession{From: from, To: to, Whole: whole, On: on, LegalBasis: "1679/NQ-UBTVQH15"}
	}
	return &survey.Catalog{
		Tree: survey.NewTree([]survey.Unit{
			unit("qn", "Tỉnh Quảng Ninh", survey.Province, "", old, survey.Always),
			unit("ub", "Thành phố Uông Bí", survey.District, "qn", old, ended),
			unit("hl", "Thành phố Hạ Long", survey.District, "qn", old, ended),
			unit("hb", "Huyện Hoành Bồ", survey.District, "qn", old, day("2019-12-31")),
			unit("tv", "Phường Trưng Vương", survey.Ward, "ub", old, ended), unit("ts", "Phường Thanh Sơn", survey.Ward, "ub", old, ended),
			unit("pd", "Phường Phương Đông", survey.Ward, "ub", old, ended), unit("pn", "Phường Phương Nam", survey.Ward, "ub", old, ended),
			unit("vd", "Phường Vàng Danh (cũ)", survey.Ward, "ub", old, ended),
			unit("p-ub", "Phường Uông Bí", survey.Ward, "qn", on, survey.Always), unit("p-yt", "Phường Yên Tử", survey.Ward, "qn", on, survey.Always),
			unit("p-vd", "Phường Vàng Danh", survey.Ward, "qn", on, survey.Always), unit("p-as", "Phường An Sinh", survey.Ward, "qn", on, survey.Always),
			unit("p-re", "Phường Mới", survey.Ward, "qn", on, survey.Always), unit("re", "Phường Cũ", survey.Ward, "qn", old, ended),
		}),
		Successions: []survey.Succession{
			{From: "hb", To: "hl", Whole: true, On: day("2020-01-01"), LegalBasis: "837/NQ-UBTVQH14"},
			went("ts", "p-ub", true), went("tv", "p-ub", false), went("pd", "p-yt", true), went("pn", "p-yt", true),
			went("tv", "p-vd", false), went("vd", "p-vd", true), went("re", "p-re", true),
		},
	}
}

func in(words []Words) string {
	var s []string
	for _, w := range words {
		for i, a := range w.Args {
			if at, ok := a.(time.Time); ok {
				w.Args[i] = at.Format(time.DateOnly)
			}
		}
		s = append(s, fmt.Sprint(w.Key, w.Args))
	}
	return strings.Join(s, "; ")
}

func TestBase(t *testing.T) {
	c := reorganised()
	for _, x := range []struct {
		unit  survey.UnitCode
		year  int
		of    survey.UnitCode
		words string
	}{
		{"ub", 2018, "ub", ""},
		{"hl", 2019, "hl", "book.joined_since[Huyện Hoành Bồ]"},
		{"hl", 2020, "hl", ""},
		{"p-ub", 2024, "", "book.from_parts[Phường Uông Bí Phường Trưng Vương]"},
		{"p-yt", 2024, "", "book.from_many[Phường Yên Tử Phường Phương Đông, Phường Phương Nam]"},
		{"p-re", 2024, "re", "book.renamed[Phường Cũ Phường Mới]"},
		{"p-as", 2024, "", "book.not_there[Phường An Sinh 2025-07-01]"},
		{"p-ub", 2025, "p-ub", ""},
	} {
		b := NewLines(c).Base(&Result{Key: Key{Unit: x.unit, Year: 2025}}, x.year, nil)
		if b.Of != x.of || in(b.Words) != x.words {
			t.Errorf("%s in %d: %q, %s; want %q, %s", x.unit, x.year, b.Of, in(b.Words), x.of, x.words)
		}
	}
}

// TestBaseBeforeItJoined: who joins after the later year is in neither.
func TestBaseBeforeItJoined(t *testing.T) {
	if b := NewLines(reorganised()).Base(&Result{Key: Key{Unit: "hl", Year: 2019}}, 2018, nil); b.Of != "hl" || len(b.Words) > 0 {
		t.Errorf("2019 beside 2018: %q, %s", b.Of, in(b.Words))
	}
}

func TestHistory(t *testing.T) {
	c := reorganised()
	for unit, want := range map[survey.UnitCode]string{
		"ub":   "book.history.regrouped[2025-07-01 Phường Uông Bí, Phường Vàng Danh, Phường Yên Tử 1679/NQ-UBTVQH15]",
		"tv":   "book.history.split[2025-07-01 Phường Uông Bí, Phường Vàng Danh 1679/NQ-UBTVQH15]",
		"hb":   "book.history.became[2020-01-01 Thành phố Hạ Long 837/NQ-UBTVQH14]",
		"hl":   "book.history.joined[2020-01-01 Huyện Hoành Bồ 837/NQ-UBTVQH14]; book.history.ended[2025-06-30]",
		"p-ub": "book.history.from[2025-07-01 Phường Thanh Sơn 1679/NQ-UBTVQH15]; book.history.from_part[2025-07-01 Phường Trưng Vương 1679/NQ-UBTVQH15]",
		"p-as": "",
	} {
		got := in(History(c, unit))
		if unit == "ub" { // in the order of successions
			got = strings.ReplaceAll(got, "Phường Uông Bí, Phường Yên Tử, Phường Vàng Danh", "Phường Uông Bí, Phường Vàng Danh, Phường Yên Tử")
		}
		if got != want {
			t.Errorf("%s: %s\nwant %s", unit, got, want)
		}
	}
}

func TestCompareAcross(t *testing.T) {
	l, ty := NewLines(reorganised()), builtinTypes(t).Type("service-766")
	at := func(u survey.UnitCode, year int, score float64, rank int) Result {
		return Result{Key: Key{u, ty.Code, year}, Score: Of(score), Rank: rank, RankOf: 54, Status: Final}
	}
	old := []Result{at("re", 2024, 80, 9), at("ub", 2024, 81, 8), at("ts", 2024, 82, 7)}
	renamed, split := at("p-re", 2025, 82, 7), at("p-ub", 2025, 83, 6)
	got := l.CompareAcross(ty, &renamed, &old[0], 2024, nil, nil)
	if got.Score != Of(2) || got.Rank != 2 || len(got.Remarks) != 1 || got.Remarks[0].Key != "book.renamed" {
		t.Errorf("renamed: %+v", got)
	}
	got = l.CompareAcross(ty, &split, &old[2], 2024, nil, nil)
	if got.Score.Known || got.Ranked || got.ScoreHow.Key != "book.from_parts" || got.RankHow.Key != "book.from_parts" {
		t.Errorf("of parts: %+v", got)
	}
	if got = l.CompareAcross(ty, &renamed, &old[1], 2024, nil, nil); got.Score.Known || got.ScoreHow.Key != "book.no_earlier" {
		t.Errorf("beside somebody else: %+v", got)
	}
	rows := map[survey.UnitCode]LeagueRow{}
	for _, r := range League(l, ty, []Result{renamed, split, at("hl", 2025, 90, 1)}, []Board{NewBoard(ty, 2024, append(old, at("hl", 2024, 88, 1)))}, 2024, nil) {
		rows[r.Unit] = r
	}
	if r := rows["p-re"]; r.Before == nil || r.Before.Unit != "re" || r.Change.Rank != 2 {
		t.Errorf("renamed, in the league: %+v", r)
	}
	if r := rows["p-ub"]; r.Before != nil || r.Change.Ranked || r.Change.RankHow.Key != "book.from_parts" {
		t.Errorf("of parts, in the league: %+v", r)
	}
	if r := rows["hl"]; r.Change.Score != Of(2) || len(r.Change.Remarks) > 0 {
		t.Errorf("as it was, in the league: %+v", r)
	}
	joined := League(l, ty, []Result{at("hl", 2020, 90, 1)}, []Board{NewBoard(ty, 2019, []Result{at("hb", 2019, 70, 9)}), NewBoard(ty, 2019, []Result{at("hl", 2019, 88, 1)})}, 2019, nil)
	if r := joined[0]; r.Change.Score != Of(2) || len(r.Change.Remarks) != 1 || r.Change.Remarks[0].Key != "book.joined_since" {
		t.Errorf("joined since, in the league: %+v", r)
	}
}

// TestBaseWithinAYear: a year in which units were reorganised may have been measured
// before that, and then as if it had ended on its first day.
func TestBaseWithinAYear(t *testing.T) {
	c := reorganised()
	c.Waves = map[survey.WaveID]*survey.Wave{"early": {To: day("2025-05-31")}, "late": {To: day("2025-12-15")}}
	c.Successions = append(c.Successions, survey.Succession{From: "p-vd", To: "p-as", Whole: true, On: day("2026-07-01")})
	l := NewLines(c)
	had := func(units ...survey.UnitCode) Measured {
		return func(u survey.UnitCode) bool { return slices.Contains(units, u) }
	}
	for _, x := range []struct {
		what     string
		unit     survey.UnitCode
		wave     survey.WaveID
		now      int
		measured Measured
		of       survey.UnitCode
		words    string
	}{
		{"the new unit was measured", "p-yt", "", 2026, had("p-yt"), "p-yt", ""},
		{"the old ones were", "p-yt", "", 2026, had("pd", "pn"), "", "book.from_many[Phường Yên Tử Phường Phương Đông, Phường Phương Nam]"},
		{"the only old one was", "p-re", "", 2026, had("re"), "re", "book.renamed[Phường Cũ Phường Mới]"},
		{"nobody was", "p-re", "", 2026, had(), "p-re", ""},
		{"joined after the survey", "p-as", "late", 2026, nil, "p-as", ""},
		{"joined before the end of the year", "p-as", "", 2026, nil, "p-as", "book.joined_since[Phường Vàng Danh]"},
	} {
		b := l.Base(&Result{Key: Key{Unit: x.unit, Year: x.now}, Wave: x.wave}, 2025, x.measured)
		if b.Of != x.of || in(b.Words) != x.words {
			t.Errorf("%s: %q, %s; want %q, %s", x.what, b.Of, in(b.Words), x.of, x.words)
		}
	}
	rows := League(l, builtinTypes(t).Type("service-766"), []Result{{Key: Key{"p-re", "service-766", 2026}, Score: Of(80)}},
		[]Board{NewBoard(builtinTypes(t).Type("service-766"), 2025, []Result{{Key: Key{"re", "service-766", 2025}, Score: Of(78)}})}, 2025, nil)
	if rows[0].Before == nil || rows[0].Change.Score != Of(2) {
		t.Errorf("renamed within the year compared with, in the league: %+v", rows[0])
	}
}

// TestPooled: responses put together compare scores of the year they are of, and
// no ranks; an estimate by shares, or what has too few, compares nothing and says so.
func TestPooled(t *testing.T) {
	l, ty := NewLines(reorganised()), builtinTypes(t).Type("sipas-2023")
	now := Result{Key: Key{"p-yt", ty.Code, 2025}, Percent: Of(82), N: 90, Rank: 3, RankOf: 54, Status: Final}
	whole := Pooled{Of: "A, B", Survey: "S", Year: 2024, How: survey.PooledWhole, Percent: Of(80), N: 45}
	share, few, older := whole, whole, whole
	share.How, few.Percent, few.Few, older.Year = survey.PooledByShare, Number{}, "A", 2023
	for _, x := range []struct {
		what   string
		pooled *Pooled
		score  Number
		how    string
		remark string
	}{
		{"whole", &whole, Of(2), "book.ranks_from_many", "book.pooled.whole"},
		{"by shares", &share, Number{}, "book.from_many", "book.pooled.share"},
		{"too few", &few, Number{}, "book.from_many", "book.pooled.few"},
		{"of another year", &older, Number{}, "book.from_many", "book.pooled.whole"},
	} {
		c := l.CompareAcross(ty, &now, nil, 2024, nil, x.pooled)
		if c.Score != x.score || c.Pooled != x.score.Known || c.Ranked || c.RankHow.Key != x.how || len(c.Remarks) != 1 || c.Remarks[0].Key != x.remark {
			t.Errorf("%s: %+v", x.what, c)
		}
	}
	if c := l.CompareAcross(ty, &now, nil, 2024, nil, nil); c.Score.Known || c.ScoreHow.Key != "book.from_many" {
		t.Errorf("nothing put together: %+v", c)
	}
}
