package web

import (
	"context"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sipas/internal/auth"
	"sipas/internal/locale"
	"sipas/internal/survey"
)

// cells are answers to one item, in the responses of one unit itself, through
// one channel.
type cells struct {
	unit    survey.UnitCode
	channel survey.Channel
	item    survey.ItemCode
}

// world is a random tree of units with its responses.
type world struct {
	survey.TallyStore
	in      *survey.Instrument
	tree    *survey.Tree
	own     map[survey.UnitCode]map[survey.Channel]survey.Tally
	catalog *survey.Catalog
}

// Counts adds up what is in and below each unit.
func (w *world) Counts(_ context.Context, q survey.TallyQuery) (survey.Counts, error) {
	c := survey.Counts{Tallies: map[survey.UnitCode]survey.Tally{}}
	for _, u := range slices.Concat(q.Units, q.Beside) {
		var sum survey.Tally
		for _, below := range w.tree.Subtree(u) {
			for _, ch := range survey.Channels {
				if q.Channel == "" || q.Channel == ch {
					sum.Add(w.own[below][ch])
				}
			}
		}
		c.Tallies[u] = sum
	}
	return c, nil
}

func (w *world) answered(u survey.UnitCode, ch survey.Channel, item survey.ItemCode) int64 {
	c, _ := w.Counts(context.Background(), survey.TallyQuery{Units: []survey.UnitCode{u}, Channel: ch})
	return c.Tallies[u].Answered(w.in.Question(item))
}

// veilInstrument has two factors in one domain, one of a single item.
func veilInstrument() *survey.Instrument {
	var questions []*survey.Question
	for _, code := range []survey.ItemCode{"A1", "A2", "B1"} {
		q := &survey.Question{Code: code, Kind: survey.Scale, Text: survey.Text{"vi": string(code)}}
		for _, v := range []string{"1", "2", "3", "4", "5"} {
			q.Options = append(q.Options, survey.Option{Value: v, Label: survey.Text{"vi": v}})
		}
		questions = append(questions, q)
	}
	return (&survey.Instrument{
		ID: "veil@1", Sections: []survey.Section{{Code: "s", Questions: questions}},
		Domains: []survey.Domain{{Code: "d", Factors: []survey.Factor{{Code: "a", Items: []survey.ItemCode{"A1", "A2"}}, {Code: "b", Items: []survey.ItemCode{"B1"}}}}},
		Spec:    survey.Spec{Satisfied: []string{"4", "5"}, Item: survey.SatisfiedShare, Factor: survey.MeanOfItems, Domain: survey.MeanOfItems, Overall: survey.MeanOfItems, Units: survey.PooledResponses},
	}).Seal()
}

// drawWorld makes a province, up to three districts in it, and communes in them.
func drawWorld(t *rapid.T, channels []survey.Channel) *world {
	w := &world{in: veilInstrument(), own: map[survey.UnitCode]map[survey.Channel]survey.Tally{}}
	units := []survey.Unit{{Code: "p", ValidTo: survey.Always}}
	for i := range rapid.IntRange(1, 3).Draw(t, "districts") {
		d := survey.UnitCode(fmt.Sprintf("p.%d", i))
		units = append(units, survey.Unit{Code: d, Parent: "p", ValidTo: survey.Always})
		for j := range rapid.IntRange(0, 4).Draw(t, "communes") {
			units = append(units, survey.Unit{Code: survey.UnitCode(fmt.Sprintf("%s.%d", d, j)), Parent: d, ValidTo: survey.Always})
		}
	}
	w.tree = survey.NewTree(units)
	for _, u := range units {
		w.own[u.Code] = map[survey.Channel]survey.Tally{}
		if len(w.tree.Children(u.Code)) > 0 && rapid.Bool().Draw(t, "none of its own") {
			continue
		}
		for _, ch := range channels {
			w.own[u.Code][ch] = drawTally(t, w.in, len(channels) > 1)
		}
	}
	wave := &survey.Wave{ID: "w", Instrument: w.in.ID, Units: []survey.UnitCode{"p"}, From: 100, To: 200, State: survey.Open, Design: survey.Continuous}
	w.catalog = &survey.Catalog{Tree: w.tree, Waves: map[survey.WaveID]*survey.Wave{"w": wave}, Instruments: map[survey.InstrumentID]*survey.Instrument{w.in.ID: w.in}}
	return w
}

// drawTally draws responses of which each item was answered by some.
func drawTally(t *rapid.T, in *survey.Instrument, some bool) survey.Tally {
	least := int64(0)
	if some {
		least = 1 // a unit with one channel tells it by its total: ADR 21
	}
	n := rapid.OneOf(rapid.Int64Range(least, 15), rapid.Int64Range(least, 80)).Draw(t, "n")
	tally := survey.Tally{N: n, Counts: make([]int64, in.Slots())}
	for i := range in.Questions {
		answered := n
		if rapid.IntRange(0, 3).Draw(t, "asked of some") == 0 {
			answered = rapid.Int64Range(least, n).Draw(t, "answered")
		}
		good := rapid.Int64Range(0, answered).Draw(t, "satisfied")
		at := i * 7
		tally.Counts[at], tally.Counts[at+1], tally.Counts[at+2], tally.Counts[at+6] = answered, n-answered, answered-good, good
	}
	return tally
}

// shownFigure is a figure that somebody can see.
type shownFigure struct {
	unit    survey.UnitCode
	channel survey.Channel
	key     survey.PartKey
}

// everything that pages, files and the API show of a world.
func everything(t *rapid.T, w *world, channels []survey.Channel) map[shownFigure]bool {
	seen := map[shownFigure]bool{}
	s := &server{Deps: Deps{Reader: &survey.Reader{Store: w, Catalog: func() *survey.Catalog { return w.catalog }}, Catalog: func() *survey.Catalog { return w.catalog }}, bands: &bandMemory{}}
	v := viewer{who: auth.Principal{Role: auth.Manager}, cat: w.catalog}
	for _, ch := range channels {
		for _, u := range w.tree.Subtree("p") {
			unit, _ := w.tree.Unit(u)
			c := choice{Wave: w.catalog.Waves["w"], Unit: unit, Channel: ch, Versus: versusNone, Span: survey.Period{From: 100, To: 200}}
			children := v.childrenOf(c)
			f, err := s.read(t.Context(), v, locale.For("vi"), c, append([]survey.UnitCode{u}, children...))
			if err != nil {
				t.Fatal(err)
			}
			f.collect(t, u, children, func(u survey.UnitCode, key survey.PartKey) { seen[shownFigure{u, ch, key}] = true })
		}
	}
	return seen
}

func (f *figures) collect(t *rapid.T, u survey.UnitCode, children []survey.UnitCode, see func(survey.UnitCode, survey.PartKey)) {
	keys := []survey.PartKey{survey.OverallKey, survey.DomainKey("d"), survey.FactorKey("d", "a"), survey.FactorKey("d", "b"), survey.ItemKey("A1"), survey.ItemKey("A2"), survey.ItemKey("B1")}
	for _, key := range keys {
		e, err := f.now.Instrument.Explain(f.index(u), key)
		if err != nil {
			t.Fatal(err)
		}
		if measureOf(e.Figure, e.N).shown() {
			see(u, key)
		}
		for _, row := range f.explainRows(e)[1:] { // the file
			see(u, survey.ItemKey(survey.ItemCode(row[6])))
		}
		if items, _ := f.explainItems(e); e.Percent.Known {
			for _, it := range items {
				if it.Text != "" || it.Satisfied != "" || it.Counts != nil {
					see(u, survey.ItemKey(survey.ItemCode(it.Code)))
				}
			}
		}
	}
	if f.headline(u, unitBoard{}, children).Value != "" {
		see(u, survey.OverallKey)
	}
	for _, row := range f.items(u, "") {
		if row.Cell.Text != "" {
			see(u, survey.ItemKey(survey.ItemCode(row.Code)))
		}
	}
	for _, row := range f.answers(u).Items {
		if row.Parts != nil {
			see(u, survey.ItemKey(survey.ItemCode(row.Code)))
		}
	}
	for _, g := range f.units(u, children, "/app").Groups {
		for _, row := range g.Rows {
			if row.Cell.Text != "" {
				see(row.Code, survey.OverallKey)
			}
			for i, c := range row.Factors {
				if c.Text != "" {
					see(row.Code, keys[2+i])
				}
			}
		}
	}
	for _, of := range append([]survey.UnitCode{u}, children...) { // the API
		r := veiled(f.now, of)
		if r.Overall.Percent.Known {
			see(of, survey.OverallKey)
		}
		for _, it := range r.Items {
			if it.Percent.Known || it.Satisfied > 0 || len(it.Counts) > 0 {
				see(of, survey.ItemKey(survey.ItemCode(it.Code)))
			}
		}
	}
}

// TestNothingFollows draws worlds and lets an enemy who even knows how many
// answered what, everywhere, solve for how they answered: each figure that is
// shown is one equation. How 1 to 9 people answered an item is never a solution.
func TestNothingFollows(t *testing.T) {
	t.Run("units", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) { nothingFollows(t, []survey.Channel{survey.QR}, []survey.Channel{""}) })
	})
	t.Run("units by channel", func(t *testing.T) {
		two := []survey.Channel{survey.QR, survey.Kiosk}
		rapid.Check(t, func(t *rapid.T) { nothingFollows(t, two, append([]survey.Channel{""}, two...)) })
	})
}

func nothingFollows(t *rapid.T, used, filters []survey.Channel) {
	w := drawWorld(t, used)
	seen := everything(t, w, filters)
	number := map[cells]int{}
	for _, u := range w.tree.Subtree("p") {
		for ch, tally := range w.own[u] {
			for _, code := range w.in.Items() {
				if tally.Answered(w.in.Question(code)) > 0 {
					number[cells{u, ch, code}] = len(number)
				}
			}
		}
	}
	var known space
	for figure := range seen {
		known.add(w.equation(figure, number))
	}
	for _, u := range w.tree.Subtree("p") {
		for _, ch := range filters {
			for _, code := range w.in.Items() {
				figure := shownFigure{u, ch, survey.ItemKey(code)}
				n := w.answered(u, ch, code)
				if n == 0 || n >= usualLeast {
					continue
				}
				if seen[figure] {
					t.Fatalf("%v of %d people is shown", figure, n)
				}
				if known.has(w.equation(figure, number)) {
					t.Fatalf("how %d people answered follows: %v\n%s", n, figure, w.show(seen))
				}
			}
		}
	}
}

// show lists the counts of people by unit, with what is hidden of them in
// brackets.
func (w *world) show(seen map[shownFigure]bool) string {
	var b strings.Builder
	for _, u := range w.tree.Subtree("p") {
		fmt.Fprintf(&b, "%s: ", u)
		for _, ch := range append([]survey.Channel{""}, survey.Channels...) {
			for _, key := range []survey.PartKey{survey.OverallKey, survey.FactorKey("d", "a"), survey.FactorKey("d", "b"), survey.ItemKey("A1"), survey.ItemKey("A2"), survey.ItemKey("B1")} {
				text := string(key)
				if key.Kind() == survey.ItemPart {
					text = fmt.Sprint(w.answered(u, ch, survey.ItemCode(key.Code())))
				}
				if !seen[shownFigure{u, ch, key}] {
					text = "(" + text + ")"
				}
				b.WriteString(text + " ")
			}
			b.WriteString("| ")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// equation is what a figure says of the satisfied answers of each cell: an item
// is their sum, whatever is above it the mean of shares of its items.
func (w *world) equation(f shownFigure, number map[cells]int) []uint64 {
	row := make([]uint64, len(number))
	items := map[survey.PartKind][]survey.ItemCode{survey.OverallPart: w.in.Items(), survey.DomainPart: w.in.Items()}[f.key.Kind()]
	switch f.key {
	case survey.FactorKey("d", "a"):
		items = []survey.ItemCode{"A1", "A2"}
	case survey.FactorKey("d", "b"):
		items = []survey.ItemCode{"B1"}
	}
	single := items == nil
	if single {
		items = []survey.ItemCode{survey.ItemCode(f.key.Code())}
	}
	for _, code := range items {
		n := w.answered(f.unit, f.channel, code)
		if n == 0 {
			continue
		}
		share := uint64(1)
		if !single {
			share = invert(uint64(n))
		}
		for cell, at := range number {
			if cell.item == code && (f.channel == "" || f.channel == cell.channel) && w.tree.Within(cell.unit, f.unit) {
				row[at] = share
			}
		}
	}
	return row
}

// space is what follows from some equations, modulo a prime so large that no
// chance cancels.
type space struct{ rows [][]uint64 }

const enough = 1<<61 - 1

func times(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	_, rest := bits.Div64(high, low, enough)
	return rest
}

func invert(v uint64) uint64 {
	result := uint64(1)
	for e := uint64(enough - 2); e > 0; e >>= 1 {
		if e&1 == 1 {
			result = times(result, v)
		}
		v = times(v, v)
	}
	return result
}

// reduce takes out of row what the space has; first is its first entry left, or
// −1.
func (s *space) reduce(row []uint64) (first int) {
	for _, r := range s.rows {
		at := lead(r)
		if f := row[at]; f != 0 {
			for i := range row {
				row[i] = (row[i] + enough - times(f, r[i])) % enough
			}
		}
	}
	return lead(row)
}

func lead(row []uint64) int {
	for i, v := range row {
		if v != 0 {
			return i
		}
	}
	return -1
}

func (s *space) add(row []uint64) {
	at := s.reduce(row)
	if at < 0 {
		return
	}
	scale := invert(row[at])
	for i := range row {
		row[i] = times(row[i], scale)
	}
	s.rows = append(s.rows, row)
}

func (s *space) has(row []uint64) bool { return s.reduce(row) < 0 }
