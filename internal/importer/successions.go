package importer

import (
	"io"
	"slices"
	"strconv"

	"sipas/internal/survey"
)

// Successions reads from,to,kind,on,legal_basis and, where the file has it,
// share_population, where kind is "whole" or "part" and the share of people that
// went along is above 0 to 1, empty if not known. The error names every bad row:
// units that known does not have, a pair given twice, a unit that went whole to
// one and also elsewhere, shares of one unit that are more than all of it, with
// those that known has.
func Successions(r io.Reader, known *survey.Catalog) ([]survey.Succession, error) {
	t, err := read("importer.Successions", r, "from", "to", "kind", "on", "legal_basis", "share_population?")
	if err != nil {
		return nil, err
	}
	type pair struct{ from, to survey.UnitCode }
	first := map[pair]int{}
	whole := map[survey.UnitCode]int{}
	parts := map[survey.UnitCode]int{}
	var all []survey.Succession
	for _, row := range t.rows {
		s := survey.Succession{
			From: survey.UnitCode(row.cells["from"]), To: survey.UnitCode(row.cells["to"]),
			Whole: row.cells["kind"] == "whole", On: t.day(row, "on", 0), LegalBasis: row.cells["legal_basis"],
			Share: t.share(row),
		}
		t.there(row, s, known.Tree)
		if s.From == s.To {
			t.complain(row.line, "import.succeeds_itself", string(s.From))
		}
		if k := row.cells["kind"]; k != "whole" && k != "part" {
			t.complain(row.line, "import.bad_succession_kind", k)
		}
		if line, ok := first[pair{s.From, s.To}]; ok {
			t.complain(row.line, "import.pair_twice", string(s.From), string(s.To), line)
		} else if whole[s.From] > 0 || s.Whole && parts[s.From] > 0 {
			t.complain(row.line, "import.whole_and_part", string(s.From), max(whole[s.From], parts[s.From]))
		}
		first[pair{s.From, s.To}] = row.line
		if s.Whole {
			whole[s.From] = row.line
		} else {
			parts[s.From] = row.line
		}
		all = append(all, s)
		if sum := shared(known.Successions, all, s.From); s.Share > 0 && sum > 1+slack {
			t.complain(row.line, "import.shares_over", string(s.From), sum)
		}
	}
	t.contradictions(all, known.Successions)
	return all, t.err()
}

// there complains of units of a row that are not known, or not there on its day:
// who went anywhere stood until the day before, or still stands if it was a part.
func (t *table) there(row row, s survey.Succession, tree *survey.Tree) {
	from, ok := tree.Unit(s.From)
	switch {
	case !ok:
		t.complain(row.line, "import.unknown_unit", string(s.From))
	case s.On > 0 && !from.Stands(s.On-1):
		t.complain(row.line, "import.not_there_before", string(s.From), s.On.String())
	}
	to, ok := tree.Unit(s.To)
	switch {
	case !ok:
		t.complain(row.line, "import.unknown_unit", string(s.To))
	case s.On > 0 && !to.Stands(s.On):
		t.complain(row.line, "import.not_there_on", string(s.To), s.On.String())
	}
}

// contradictions complains of rows, one for each of the table's, that do not go
// with what stands and is not replaced. Who passed whole is no more: nothing of it
// passes later, and it never leads back to itself. Parts do go back and forth
// between neighbours.
func (t *table) contradictions(rows, stands []survey.Succession) {
	type pair struct{ from, to survey.UnitCode }
	given := map[pair]bool{}
	of := map[survey.UnitCode][]survey.Succession{}
	for _, s := range rows {
		given[pair{s.From, s.To}] = true
	}
	stood := map[survey.UnitCode][]survey.Succession{}
	for _, s := range stands {
		if !given[pair{s.From, s.To}] {
			stood[s.From], of[s.From] = append(stood[s.From], s), append(of[s.From], s)
		}
	}
	for i, s := range rows {
		for _, other := range stood[s.From] {
			if s.Whole && other.On >= s.On || other.Whole && s.On >= other.On {
				t.complain(t.rows[i].line, "import.whole_elsewhere", string(s.From), string(other.To))
				break
			}
		}
		if s.Whole && s.From != s.To && leads(of, s.To, s.From, map[survey.UnitCode]bool{}) {
			t.complain(t.rows[i].line, "import.circle", string(s.From), string(s.To))
		}
		of[s.From] = append(of[s.From], s)
	}
}

// leads reports whether one unit passed whole to another over any number of steps.
func leads(of map[survey.UnitCode][]survey.Succession, from, to survey.UnitCode, seen map[survey.UnitCode]bool) bool {
	if from == to {
		return true
	}
	if seen[from] {
		return false
	}
	seen[from] = true
	return slices.ContainsFunc(of[from], func(s survey.Succession) bool { return s.Whole && leads(of, s.To, to, seen) })
}

// slack is what adding shares in binary fractions can be off.
const slack = 1e-9

// shared adds up which share of a unit's people went anywhere, by what stands and
// what takes its place.
func shared(stands, all []survey.Succession, from survey.UnitCode) (sum float64) {
	to := map[survey.UnitCode]float64{}
	for _, s := range slices.Concat(stands, all) {
		if s.From == from {
			to[s.To] = s.Share
		}
	}
	for _, share := range to {
		sum += share
	}
	return sum
}

// share reads a share of people of r, 0 if the cell is empty, or complains.
func (t *table) share(r row) float64 {
	const column = "share_population"
	if r.cells[column] == "" {
		return 0
	}
	v, err := strconv.ParseFloat(r.cells[column], 64)
	if err != nil || !(v > 0 && v <= 1) {
		t.complain(r.line, "import.bad_share", column, r.cells[column])
		return 0
	}
	return v
}
