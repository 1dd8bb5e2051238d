package web

import (
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

// explainedGroup reads the figure of a group. One that the breakdown hides is
// as one of too few people.
func (s *server) explainedGroup(c *fiber.Ctx, v viewer, ch choice, by survey.Dimension, q url.Values) (*figures, survey.Explanation, error) {
	var none survey.Explanation
	p := s.staff(c, v, "breakdown").Printer
	g, err := s.groupsOf(c.UserContext(), v, p, ch.whole(), by)
	if err != nil {
		return nil, none, err
	}
	at := -1
	for i, x := range g.b.Groups {
		if x.Value == q.Get("group") {
			at = i
		}
	}
	if at < 0 {
		return nil, none, survey.Missing("web.explain", "breakdown.unknown_group", q.Get("group"))
	}
	x, f := g.b.Groups[at], g.figures
	f.group = dimensionName(p, g.b.Instrument, by) + ": " + g.name(x)
	f.now.Indices[ch.Unit.Code] = x.Index
	f.shared += "&by=" + url.QueryEscape(string(by)) + "&group=" + url.QueryEscape(x.Value)
	key := survey.PartKey(q.Get("figure"))
	if key == "" {
		key = survey.OverallKey
	}
	e, err := g.b.Instrument.Explain(x.Index, key)
	if err != nil {
		return nil, none, err
	}
	f.hidden = map[survey.ItemCode]bool{}
	shown := 0
	for _, it := range e.Items {
		hidden, err := g.hide(g.answering(it.Code))
		if err != nil {
			return nil, none, err
		}
		if f.hidden[it.Code] = hidden[at] || g.hidden[at]; !f.hidden[it.Code] {
			shown++
		}
	}
	if x.Tally.N > 0 && (g.hidden[at] || shown == 0) {
		e = survey.Explanation{Part: survey.Part{Key: key, Figure: survey.Figure{Hidden: true}}}
		f.now.Indices[ch.Unit.Code] = x.Index.Withhold()
	}
	return f, e, nil
}

// breakdownCSV is the table as a file. What is too few to be shown is not in it.
func (s *server) breakdownCSV(c *fiber.Ctx) error {
	v, q := s.viewer(c), queryOf(c)
	ch, err := v.choose(q, "")
	if err != nil {
		return err
	}
	if ch.Wave == nil {
		return survey.Missing("web.breakdown", "wave.unknown", "")
	}
	ch = ch.whole()
	g, err := s.groupsOf(c.UserContext(), v, s.staff(c, v, "breakdown").Printer, ch, v.dimension(ch, survey.Dimension(q.Get("by"))))
	if err != nil {
		return err
	}
	rows := [][]string{{"wave", "unit", "channel", "watermark", "by", "group", "figure", "percent", "satisfied", "answered", "n"}}
	for i, x := range g.b.Groups {
		if g.hidden[i] {
			continue
		}
		add := func(key survey.PartKey, f survey.Figure, n int64) {
			if m := measureOf(f, n); m.shown() {
				rows = append(rows, []string{
					string(ch.Wave.ID), string(ch.Unit.Code), string(ch.Channel), strconv.FormatInt(g.b.Watermark.Seq, 10), string(g.by), x.Value,
					string(key), strconv.FormatFloat(m.Value, 'f', -1, 64), strconv.FormatInt(f.Satisfied, 10), strconv.FormatInt(f.Answered, 10), strconv.FormatInt(n, 10),
				})
			}
		}
		add(survey.OverallKey, x.Index.Overall, x.Index.People)
		for j, f := range x.Index.Factors {
			hidden, err := g.hide(g.answering(g.most(j)))
			if err != nil {
				return err
			}
			if !hidden[i] {
				add(factorPart(g.b.Instrument, j), f.Figure, f.N)
			}
		}
	}
	return sendCSV(c, "sipas-"+string(g.by), rows)
}
