package importer

import (
	"io"
	"slices"
	"strings"

	"sipas/internal/survey"
)

// byUnit is what stands for a question where units tell people apart.
const byUnit = "unit"

// Margins reads question,answer,population: how many people of the population
// give each answer to a question about themselves, or are served by each unit
// where the question is "unit". Answers that share a cell are joined by "|".
// The error names every bad row: a question that the instrument does not ask
// about people, an answer it does not have or that has a cell already, a unit
// that is not at or below root, or stands below another, nobody in a cell, and
// a question whose people are not as many as those of the first.
func Margins(r io.Reader, in *survey.Instrument, tree *survey.Tree, root survey.UnitCode) ([]survey.Margin, error) {
	t, err := read("importer.Margins", r, "question", "answer", "population")
	if err != nil {
		return nil, err
	}
	var margins []survey.Margin
	lines := map[string]map[string]int{} // by question and answer
	for _, row := range t.rows {
		question := row.cells["question"]
		cell := survey.MarginCell{Of: strings.Split(row.cells["answer"], "|"), People: float64(t.count(row, "population")), Line: row.line}
		if cell.People == 0 {
			t.complain(row.line, "import.margin_nobody")
		}
		if lines[question] == nil {
			lines[question] = map[string]int{}
			margins = append(margins, survey.Margin{Question: survey.ItemCode(strings.TrimPrefix(question, byUnit))})
		}
		for i, answer := range cell.Of {
			cell.Of[i] = strings.TrimSpace(answer)
			t.checkAnswer(row.line, in, tree, root, question, cell.Of[i], lines[question])
			lines[question][cell.Of[i]] = row.line
		}
		m := &margins[slices.IndexFunc(margins, func(m survey.Margin) bool { return string(m.Question) == strings.TrimPrefix(question, byUnit) })]
		m.Cells = append(m.Cells, cell)
	}
	for _, m := range margins {
		if first := margins[0].Total(); m.Total() != first && len(t.bad) == 0 {
			t.complain(m.Cells[0].Line, "import.margin_total", orUnit(m), int64(m.Total()), orUnit(margins[0]), int64(first))
		}
	}
	return margins, t.err()
}

func orUnit(m survey.Margin) string {
	if m.Question == "" {
		return byUnit
	}
	return string(m.Question)
}

// checkAnswer complains unless question can be answered so and has no cell yet
// whose people gave that answer.
func (t *table) checkAnswer(line int, in *survey.Instrument, tree *survey.Tree, root survey.UnitCode, question, answer string, lines map[string]int) {
	if first, ok := lines[answer]; ok {
		t.complain(line, "import.margin_twice", answer, first)
		return
	}
	if question != byUnit {
		q := in.Question(survey.ItemCode(question))
		switch {
		case q == nil || !slices.Contains(in.Dimensions(), q):
			t.complain(line, "import.margin_question", question, string(in.ID))
		case q.Option(answer) < 0:
			t.complain(line, "import.margin_answer", answer, question)
		}
		return
	}
	unit := survey.UnitCode(answer)
	if _, ok := tree.Unit(unit); !ok || !tree.Within(unit, root) {
		t.complain(line, "import.margin_unit", answer, string(root))
		return
	}
	for other, first := range lines {
		if o := survey.UnitCode(other); tree.Within(unit, o) || tree.Within(o, unit) {
			t.complain(line, "import.margin_nested", answer, other, first)
			return
		}
	}
}
