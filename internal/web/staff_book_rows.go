package web

import (
	"net/url"
	"slices"
	"strings"

	"sipas/internal/book"
	"sipas/internal/survey"
)

// indexRow is one index of one unit and year: a figure, its place and a line of
// the table.
type indexRow struct {
	Short, Name  string
	Value, Unit  string // "64,95", "trên 80"
	Equals       string // "= 81,19 %"; empty: it would say the same again
	Strip        rankStrip
	Caption      string
	Change       string // of the score, or why it does not compare
	Score        string // in the table; "–": not known
	Maximum      string
	Percent      string
	Rank, RankOf string
	Was          string // rank in the year compared with; empty: none
	WasMade      bool   // and it is made up
	Class        string
	ClassMark    string // how sure the threshold is, or when it was edited; empty: the source names the group
	Chips        []chip
	League       string // address of the table of all units
	change       book.Change
	before       *book.Result
	wasRank      int // that of the year compared with, among however many; 0: there is none
	moved        int // places up
	ranked       bool
	result       book.Result
	kind         *book.Type
}

// chip is a word about how sure something is.
type chip struct{ Class, Text string }

// mostPublished is the most decimals that anybody publishes: what has more was
// computed here.
const mostPublished = 4

// published writes a number of the book: with two decimals, or more where more
// were published.
func (p staffPage) published(n book.Number) string {
	if !n.Known {
		return "–"
	}
	short := p.Shortest(n.Value)
	if at := strings.LastIndexAny(short, ".,"); at >= 0 && len(short)-at-1 > 2 && len(short)-at-1 <= mostPublished && book.Of(n.Value).Round(2) != n.Value {
		return short
	}
	return p.Decimal(n.Value, 2)
}

// indexRow lays one result beside an earlier one, and beside what responses of
// former units come to, put together; either may be nil. measured says who has a
// result of the year compared with.
func (p *bookPage) indexRow(lines book.Lines, types *book.Types, r book.Result, before *book.Result, measured book.Measured, pooled *pooledFigure) indexRow {
	t := types.Type(r.Type)
	row := indexRow{
		Short: t.Short.In(p.Lang), Name: t.Title.In(p.Lang), result: r, kind: t,
		Score: p.published(r.Score), Percent: p.published(r.PercentOf(t)), Maximum: "–", Class: r.Class,
		League: "/app/book/league?type=" + string(t.Code) + "&year=" + yearText(r.Year),
	}
	row.Value, row.Unit, row.Equals = p.figureOf(t, r)
	if top := r.MaximumOf(t); top.Known && r.Score.Known {
		row.Maximum = p.Shortest(top.Value)
	}
	row.Rank, row.RankOf = p.T("book.page.unknown"), p.T("book.page.unknown")
	if r.Rank > 0 {
		row.Rank = p.Int(int64(r.Rank))
	}
	if r.RankOf > 0 {
		row.RankOf = p.Int(int64(r.RankOf))
	}
	if row.Class == "" {
		row.Class, row.ClassMark = p.classOf(p.thresholds, t, r)
	}
	row.Chips = p.chips(t, r)
	change := book.Compare(t, &r, before)
	if p.Was > 0 {
		change = lines.CompareAcross(t, &r, before, p.Was, measured, pooled.figure())
	}
	p.compareRow(&row, change, before)
	return row
}

// figureOf is the large figure, what it is of, and the same as a percentage.
func (p staffPage) figureOf(t *book.Type, r book.Result) (value, unit, equals string) {
	top, share := r.MaximumOf(t), r.PercentOf(t)
	switch {
	case t.Unit == book.Percent && share.Known, !r.Score.Known && share.Known:
		return p.published(share), "%", ""
	case !r.Score.Known:
		return "–", "", ""
	case top.Known && top.Value != 100:
		value, unit = p.published(r.Score), p.T("book.page.of_maximum", p.Shortest(top.Value))
		if share.Known {
			equals = "= " + p.published(share) + "\u00a0%"
		}
		return value, unit, equals
	}
	return p.published(r.Score), p.T("book.page.points"), ""
}

// compareRow says how a row moved. Ranks that do not compare are not drawn side
// by side.
func (p *bookPage) compareRow(row *indexRow, change book.Change, before *book.Result) {
	r, was := row.result, 0
	row.change = change
	if row.ranked, row.moved = change.Ranked, change.Rank; change.Ranked {
		was = before.Rank
	}
	if row.before = before; change.Ranked || change.RankHow.Key == "book.other_rank_of" {
		row.wasRank = before.Rank
	}
	row.Strip = rankStripOf(r.Rank, r.RankOf, was)
	row.Strip.Say, row.Strip.Open = p.words(change.RankHow), p.T("book.page.open_end")
	row.Strip.Label = p.rankSentence(r)
	say := []string{p.rankSentence(r)}
	if row.Equals != "" {
		say = append(say, p.T("book.page.one_number", row.Score, row.Maximum, row.Percent))
	}
	switch {
	case p.Was == 0:
	case change.Ranked:
		row.Strip.Label += " " + p.T("book.page.rank_was", yearText(p.Was), before.Rank) + " " + p.words(change.RankHow) + "."
	case before != nil && r.Rank > 0 && change.RankHow.Key != change.ScoreHow.Key: // the score says it already
		say = append(say, p.words(change.RankHow))
	}
	p.tellChange(row, change, before)
	row.Caption = strings.Join(say, " ")
}

// tellChange writes the rank before and the change of score.
func (p *bookPage) tellChange(row *indexRow, change book.Change, before *book.Result) {
	if before != nil && before.Rank > 0 {
		row.Was, row.WasMade = p.Int(int64(before.Rank)), before.Synthetic
		if before.RankOf > 0 {
			row.Was += " / " + p.Int(int64(before.RankOf))
		}
	}
	if p.Was == 0 {
		return
	}
	row.Change = p.scoreWords(row.kind, change)
	for _, w := range change.Remarks {
		switch {
		case w.Key == "book.rank_of_unknown" && row.result.RankOf == 0: // the sentence of the rank says it already
		case w.Key == "book.joined_since", w.Key == "book.renamed": // once for all rows
			p.across(w)
		case strings.HasPrefix(w.Key, "book.pooled."): // tellPool says it with more
		case w.Key == "book.synthetic_beside":
			p.MadeUp = before.Synthetic || p.MadeUp
		default:
			row.Change += " " + p.words(w)
		}
	}
}

// across notes what a reorganisation means, once for all rows.
func (p *bookPage) across(w book.Words) {
	if say := p.words(w); !slices.Contains(p.Across, say) {
		p.Across = append(p.Across, say)
	}
}

// scoreWords says a change of score, or why there is none to say.
func (p *bookPage) scoreWords(t *book.Type, change book.Change) string {
	switch {
	case !change.Score.Known:
		return p.words(change.ScoreHow)
	case change.Score.Round(2) == 0:
		return p.T("book.page.score_same", yearText(p.Was))
	case change.Pooled:
		return p.T("book.page.score_pooled", p.Signed(change.Score.Value, 2), yearText(p.Was))
	case t.Unit == book.Percent:
		return p.T("book.page.score_percent", p.Signed(change.Score.Value, 2), yearText(p.Was))
	}
	return p.T("book.page.score_points", p.Signed(change.Score.Value, 2), yearText(p.Was))
}

// words says what package book says in keys. A year is no count.
func (p staffPage) words(w book.Words) string {
	if len(w.Args) == 0 {
		return p.T(w.Key)
	}
	args := slices.Clone(w.Args)
	for i, a := range args {
		switch v := a.(type) {
		case book.Signed:
			args[i] = p.Signed(float64(v), 2)
		case survey.Percent:
			args[i] = p.Percent(v.Value, 2)
		}
	}
	if w.Key == "book.other_method" {
		for i, a := range args {
			if y, ok := a.(int); ok {
				args[i] = yearText(y)
			}
		}
	}
	return p.T(w.Key, args...)
}

// rankSentence is a rank and among how many, in words.
func (p staffPage) rankSentence(r book.Result) string {
	switch {
	case r.Rank == 0:
		return p.T("book.page.rank_none")
	case r.RankOf == 0:
		return p.T("book.page.rank_open", r.Rank)
	}
	return p.T("book.page.rank_of", r.Rank, r.RankOf)
}

// chips say how sure a result and its type are.
func (p staffPage) chips(t *book.Type, r book.Result) (cs []chip) {
	if r.Status == book.Provisional {
		cs = append(cs, chip{"wait", p.T("book.status.provisional")})
	} else {
		cs = append(cs, chip{"ok", p.T("book.status.final")})
	}
	if r.Synthetic {
		cs = append(cs, chip{"wait", p.T("book.page.synthetic")})
	}
	if r.Wave != "" {
		cs = append(cs, chip{"", p.T("book.page.from_wave")})
	}
	top := r.MaximumOf(t)
	if unsure := t.MaxMark == book.Inferred || t.MaxMark == book.Unconfirmed; unsure && r.Score.Known && top.Value == t.Maximum {
		cs = append(cs, chip{"wait", p.T("book.page.maximum." + string(t.MaxMark))})
	}
	if t.Mark == book.Unconfirmed {
		cs = append(cs, chip{"wait", p.T("book.page.type.unconfirmed")})
	}
	return cs
}

// tell writes the title, which states what was found, and the lines below it.
func (p *bookPage) tell(rs []book.Result) {
	p.Title = p.T("book.page.title", p.Unit.Name, yearText(p.Year), p.finding())
	down, up, ranked := 0, 0, 0
	for _, r := range p.Rows {
		if !r.ranked {
			continue
		}
		ranked++
		if r.moved < 0 {
			down++
		} else if r.moved > 0 {
			up++
		}
	}
	was := yearText(p.Was)
	switch {
	case len(p.Rows) == 1 && ranked == 0:
		p.RowsTitle = p.T("book.page.rows.single", p.Rows[0].Short)
	case ranked == 0:
		p.RowsTitle = p.T("book.page.rows.plain", len(p.Rows))
	case down > 0:
		p.RowsTitle = p.T("book.page.rows.down", down, ranked, was)
	case up > 0:
		p.RowsTitle = p.T("book.page.rows.up", up, ranked, was)
	default:
		p.RowsTitle = p.T("book.page.rows.same", ranked, was)
	}
	p.RowsSub = p.T("book.page.rows.sub")
	if ranked > 0 {
		p.RowsSub += " " + p.T("book.page.rows.boxes", yearText(p.Year), was)
	}
	if p.MadeUp {
		p.RowsSub += " " + p.T("book.page.rows.made_up", was)
	}
	for _, say := range p.Across {
		p.RowsSub += " " + say
	}
	p.Classes = slices.ContainsFunc(p.Rows, func(r indexRow) bool { return r.Class != "" })
	p.tellSources(rs)
}

// tellSources says where the numbers come from, and when they were published:
// not in the year measured as a rule.
func (p *bookPage) tellSources(rs []book.Result) {
	var days []survey.Day
	for _, r := range rs {
		if r.Announced != 0 && !slices.Contains(days, r.Announced) {
			days = append(days, r.Announced)
		}
		if text := p.sourceOf(r); text != "" && !slices.Contains(p.Sources, text) {
			p.Sources = append(p.Sources, text)
		}
		if r.Wave != "" {
			q := url.Values{"wave": {string(r.Wave)}, "unit": {string(r.Unit)}, "period": {"all"}, "figure": {string(survey.OverallKey)}}
			p.Computed = append(p.Computed, chartLink{p.T("book.page.computed", p.shortOf(r)), "/app/explain?" + q.Encode()})
		}
		if link := (chartLink{p.T("book.page.document", p.shortOf(r)), r.Link}); r.Link != "" {
			p.Documents = append(p.Documents, link)
		}
	}
	slices.Sort(days)
	p.Sub = p.T("book.page.measured", yearText(p.Year))
	if len(days) > 0 {
		var told []string
		for _, d := range days {
			told = append(told, p.Date(d.Date()))
		}
		p.Sub = p.T("book.page.measured_announced", yearText(p.Year), strings.Join(told, ", "))
	}
}

func (p *bookPage) shortOf(r book.Result) string {
	for _, row := range p.Rows {
		if row.result.Type == r.Type {
			return row.Short
		}
	}
	return string(r.Type)
}

func (p staffPage) sourceOf(r book.Result) string {
	switch {
	case r.Wave != "":
		return p.T("book.page.source.wave", string(r.Wave), r.N)
	case r.Document == "":
		return ""
	case r.Announced == 0:
		return r.Document
	}
	return p.T("book.page.source.day", r.Document, p.Date(r.Announced.Date()))
}

// joined keeps the words of a short name on one line.
func joined(short string) string { return strings.ReplaceAll(short, " ", "\u00a0") }

// finding says in one line where the unit stands: the ranks that are known, in
// which half the others are.
func (p *bookPage) finding() string {
	var named []string
	half := map[string][]string{}
	for _, r := range p.Rows {
		short := joined(r.Short)
		switch h := book.Halves(r.result); {
		case r.result.Rank == 0:
			named = append(named, short+" "+p.amount(r))
		case r.result.Rank <= 3 || h == "":
			named = append(named, p.T("book.page.title.rank", r.result.Rank, short))
		default:
			half[h] = append(half[h], short)
		}
	}
	for _, h := range []string{"book.upper_half", "book.lower_half"} {
		if len(half[h]) > 0 {
			named = append(named, p.T("book.page.title.half", p.T(h), p.list(half[h])))
		}
	}
	return strings.Join(named, "; ")
}

// amount is a figure with what it is of: "64,95 trên 80", "93,28 %".
func (p staffPage) amount(r indexRow) string { return strings.TrimSpace(r.Value + "\u00a0" + r.Unit) }

// list joins names as a sentence does: "SIPAS, DDCI và DGI".
func (p staffPage) list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return p.T("book.page.and", strings.Join(names[:last], ", "), names[last])
}
