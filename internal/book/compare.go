package book

// Words is a message key with its arguments: what a page says.
type Words struct {
	Key  string
	Args []any
}

// Change is how a result compares with an earlier one of the same unit. Where
// something does not compare, its words say why.
type Change struct {
	Score    Number // in the measure of the type; unknown: does not compare
	Pooled   bool   // Score is from responses of former units, put together
	ScoreHow Words  // why not, if it does not
	Rank     int    // places up; below 0: places down
	Ranked   bool   // Rank compares
	RankHow  Words  // "xuống 3 bậc", or why not
	Remarks  []Words
}

// Compare says how now compares with before, either of which may be nil: the
// scores of one type on one scale, and ranks of one type among as many units.
// Where it is not known among how many, ranks compare and a remark says so.
func Compare(t *Type, now, before *Result) Change {
	var c Change
	switch {
	case now == nil || before == nil:
		w := Words{Key: "book.no_earlier"}
		return Change{ScoreHow: w, RankHow: w}
	case now.Type != before.Type || now.Type != t.Code:
		w := Words{"book.other_method", []any{years(before.Year), years(now.Year)}}
		return Change{ScoreHow: w, RankHow: w}
	}
	a, b := before.Value(t), now.Value(t)
	top, was := now.MaximumOf(t), before.MaximumOf(t)
	switch {
	case !a.Known || !b.Known:
		c.ScoreHow = Words{Key: "book.no_score"}
	case t.Unit == Points && top != was:
		c.ScoreHow = Words{"book.other_scale", []any{was.Value, top.Value}}
	default:
		c.Score = Number{Value: Of(b.Value - a.Value).Round(6), Known: true}
	}
	c.rank(now, before)
	if now.Status == Provisional || before.Status == Provisional {
		c.Remarks = append(c.Remarks, Words{Key: "book.still_provisional"})
	}
	if now.Synthetic || before.Synthetic {
		c.Remarks = append(c.Remarks, Words{Key: "book.synthetic_beside"})
	}
	return c
}

func (c *Change) rank(now, before *Result) {
	switch {
	case now.Rank == 0 || before.Rank == 0:
		c.RankHow = Words{Key: "book.no_rank"}
		return
	case now.RankOf > 0 && before.RankOf > 0 && now.RankOf != before.RankOf:
		c.RankHow = Words{"book.other_rank_of", []any{before.RankOf, now.RankOf, before.Rank, now.Rank}}
		return
	case now.RankOf == 0 || before.RankOf == 0:
		c.Remarks = append(c.Remarks, Words{Key: "book.rank_of_unknown"})
	}
	c.Rank, c.Ranked = before.Rank-now.Rank, true
	c.RankHow = RankWords(c.Rank)
}

// RankWords says a change of rank: "lên 1 bậc", "xuống 3 bậc", "giữ hạng".
func RankWords(up int) Words {
	switch {
	case up > 0:
		return Words{"book.rank_up", []any{up}}
	case up < 0:
		return Words{"book.rank_down", []any{-up}}
	}
	return Words{Key: "book.rank_same"}
}

// Halves says whether a unit stands in the upper half of the ranked, in the
// lower, or it is not known: "book.upper_half", "book.lower_half", "".
func Halves(r Result) string {
	switch {
	case r.Rank == 0 || r.RankOf == 0:
		return ""
	case 2*r.Rank <= r.RankOf:
		return "book.upper_half"
	}
	return "book.lower_half"
}

// Pick returns the result of a type and year among those of a unit, or nil.
func Pick(rs []Result, t TypeCode, year int) *Result {
	for i := range rs {
		if rs[i].Type == t && rs[i].Year == year {
			return &rs[i]
		}
	}
	return nil
}

// SIPASPoints is what a SIPAS percentage gives in points of a component that is
// computed from it: percent ÷ 100 × maximum, to two decimals. Of ten points
// 91.17 % gives 9.12.
func SIPASPoints(percent Number, maximum float64) Number {
	if !percent.Known {
		return Number{}
	}
	return Of(Of(percent.Value / 100 * maximum).Round(2))
}

// Beside is a component that is computed from another index, with what was
// entered for it.
type Beside struct {
	Component *Component
	From      Result // the other index's result of that year
	Computed  Number
	Entered   Number // as published; unknown: not entered
	Differs   bool
}

// Besides computes every component of r that comes from another index, of which
// others may hold the result of the same unit and year.
func (ts *Types) Besides(r Result, others []Result) (list []Beside) {
	t := ts.Type(r.Type)
	if t == nil {
		return nil
	}
	for _, c := range t.All() {
		if c.From == "" {
			continue
		}
		for _, o := range others {
			from := ts.Type(o.Type)
			if from == nil || from.Family != c.From || o.Unit != r.Unit || o.Year != r.Year {
				continue
			}
			b := Beside{Component: c, From: o, Computed: SIPASPoints(o.Percent, c.Maximum), Entered: r.Part(c.Code, Published)}
			b.Differs = b.Computed.Known && b.Entered.Known && b.Computed.Round(2) != b.Entered.Round(2)
			list = append(list, b)
		}
	}
	return list
}
