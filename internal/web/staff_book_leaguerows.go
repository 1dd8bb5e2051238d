package web

import (
	"slices"
	"strings"

	"sipas/internal/book"
	"sipas/internal/stats"
	"sipas/internal/survey"
)

// fill notes what the table is made of and writes the finding above it.
func (p *leaguePage) fill(v viewer, ch leagueChoice, rows []book.LeagueRow, memory *bandMemory) {
	p.bands, p.seen = leagueBands(rows, memory), seenOf(v, rows)
	p.Bands = len(p.bands) > 0
	p.Title, p.Sub = p.leagueTitle(v, ch, rows)
	p.notes(v, ch, rows, len(p.seen))
}

// seenOf are the rows that a reader may see.
func seenOf(v viewer, rows []book.LeagueRow) []book.LeagueRow {
	if !slices.ContainsFunc(rows, func(r book.LeagueRow) bool { return !v.sees(r.Unit) }) {
		return rows // as a rule; there may be thousands
	}
	seen := make([]book.LeagueRow, 0, len(rows))
	for i := range rows {
		if v.sees(rows[i].Unit) {
			seen = append(seen, rows[i])
		}
	}
	return seen
}

// notes says what is odd about the rows of a league, of which the reader sees so
// many.
func (p *leaguePage) notes(v viewer, ch leagueChoice, rows []book.LeagueRow, seen int) {
	made := 0
	for i := range rows {
		if rows[i].Synthetic {
			made++
		}
	}
	p.Demo = made > 0 && made == len(rows)
	p.oddRanks(v, ch.now)
	if edited := p.thresholds.At(ch.t.Code, ch.year); edited != nil {
		p.Notes = append(p.Notes, p.T("book.league.edited", p.Date(edited.At.In(p.zone)), edited.By))
	}
	if seen < len(rows) {
		p.Notes = append(p.Notes, p.T("book.league.own", seen, len(rows)))
	}
	if made > 0 && made < len(rows) {
		p.Notes = append(p.Notes, p.T("book.league.some_made_up", made, len(rows)))
	}
}

// oddRanks notes ranks that several units have, by their names, and ranks among
// different numbers of units.
func (p *leaguePage) oddRanks(v viewer, rs []book.Result) {
	shared, of := book.OddRanks(rs)
	for _, x := range shared {
		var names []string
		for _, code := range x.Units {
			unit, _ := v.cat.Tree.Unit(code)
			names = append(names, unit.Name)
		}
		p.Notes = append(p.Notes, p.T("book.rank_shared", x.Rank, strings.Join(names, ", ")))
	}
	if len(of) > 1 {
		var numbers []string
		for _, n := range of {
			numbers = append(numbers, itoa(n))
		}
		p.Notes = append(p.Notes, p.T("book.rank_of_differs", strings.Join(numbers, ", ")))
	}
}

func (p *leaguePage) line(v viewer, ch leagueChoice, r book.LeagueRow, bands map[survey.UnitCode]stats.RankBand) leagueLine {
	unit, _ := v.cat.Tree.Unit(r.Unit)
	l := leagueLine{
		Name: unit.Name, Code: r.Unit, Href: bookPath + "?unit=" + string(r.Unit) + "&year=" + yearText(ch.year),
		Rank: p.T("book.page.unknown"), Value: p.published(r.Value), Chips: p.chips(ch.t, *r.Result), Band: bandText(bands[r.Unit]),
	}
	if r.Rank > 0 {
		l.Rank = itoa(r.Rank)
	}
	if r.RankOf > 0 {
		l.RankOf = "/" + itoa(r.RankOf)
	}
	if share := r.PercentOf(ch.t); share.Known {
		l.Bar = barChart{Class: "b-data", Width: percent(share.Value)}
	}
	if r.N > 0 {
		l.N = p.Int(r.N)
	}
	l.Moved = p.moved(ch, &r)
	if r.Change.Ranked && l.Moved != "" {
		l.Sign = [...]string{"dn", "", "up"}[sign(r.Change.Rank)+1]
	}
	if r.Change.Score.Known {
		l.Change = p.Signed(r.Change.Score.Value, 2)
	}
	if l.Class = r.Class; l.Class == "" {
		l.Class, _ = p.classOf(p.thresholds, ch.t, *r.Result)
	}
	return l
}

// moved says how a unit that has a rank moved, and what a reorganisation means for
// it; nothing where no year is compared with.
func (p *leaguePage) moved(ch leagueChoice, r *book.LeagueRow) string {
	if ch.before() == 0 || r.Rank == 0 {
		return ""
	}
	return p.movedText(r)
}

// movedText is how a rank moved, from which among how many, or why it does not
// compare; and what a reorganisation means for the row.
func (p staffPage) movedText(r *book.LeagueRow) string {
	say := []string{p.rankMoved(r.Change, r.Before)}
	for _, w := range r.Change.Remarks {
		if w.Key == "book.joined_since" || w.Key == "book.renamed" || strings.HasPrefix(w.Key, "book.pooled.") {
			say = append(say, p.words(w))
		}
	}
	if len(say) > 1 {
		say[0] = strings.TrimSuffix(say[0], ".") + "."
	}
	return strings.Join(say, " ")
}

// rankMoved says how a rank moved, and from which among how many.
func (p staffPage) rankMoved(change book.Change, before *book.Result) string {
	words := p.words(change.RankHow)
	if !change.Ranked {
		return words
	}
	from := itoa(before.Rank)
	if before.RankOf > 0 {
		from += "/" + itoa(before.RankOf)
	}
	return p.T("book.rank_from", words, from)
}

func sign(n int) int { return min(1, max(-1, n)) }

// leagueTitle says who is first and how many moved.
func (p *leaguePage) leagueTitle(v viewer, ch leagueChoice, rows []book.LeagueRow) (title, sub string) {
	short, year := ch.t.Short.In(p.Lang), yearText(ch.year)
	up, down, same := book.Moved(rows)
	switch was := yearText(ch.before()); {
	case up+down+same > 0:
		title = p.T("book.league.title.moved", short, year, up, down, same, was)
	default:
		title = p.T("book.league.title.plain", short, year, len(rows))
	}
	sub = p.amongName(v, ch.among) + ". " + p.T("book.league.sub", len(rows))
	if ch.t.Mark == book.Unconfirmed {
		sub += " " + p.T("book.page.type.unconfirmed") + "."
	}
	return title, sub
}

// leagueBands are the ranges of places that chance could have given units whose
// figures flowed in from a sample with the number of its responses; none unless
// all of them have one.
func leagueBands(rows []book.LeagueRow, memory *bandMemory) map[survey.UnitCode]stats.RankBand {
	var scores []stats.Score
	for i := range rows {
		r := &rows[i]
		if r.N == 0 || !r.Percent.Known {
			return nil
		}
		scores = append(scores, stats.ShareScore(stats.Share{Percent: r.Percent.Value, N: r.N}))
	}
	if len(scores) < 2 || len(scores) > mostRanked {
		return nil
	}
	found, err := memory.bands(scores)
	if err != nil { // figures of a book are numbers
		return nil
	}
	bands := map[survey.UnitCode]stats.RankBand{}
	for i, b := range found {
		bands[rows[i].Unit] = b
	}
	return bands
}
