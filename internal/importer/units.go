package importer

import (
	"fmt"
	"io"

	"sipas/internal/survey"
)

// Units reads code,name,kind,parent,valid_from,valid_to; an empty valid_to
// means that the unit stands. The Invalid error names every bad row of the
// file: those that cannot be read, and those that survey.CheckUnits does not
// let into known.
func Units(r io.Reader, known *survey.Tree) ([]survey.UnitRow, error) {
	t, err := read("importer.Units", r, "code", "name", "kind", "parent", "valid_from", "valid_to")
	if err != nil {
		return nil, err
	}
	var units []survey.UnitRow
	for _, row := range t.rows {
		units = append(units, survey.UnitRow{Line: row.line, Unit: survey.Unit{
			Code: survey.UnitCode(row.cells["code"]), Name: row.cells["name"],
			Kind: survey.UnitKind(row.cells["kind"]), Parent: survey.UnitCode(row.cells["parent"]),
			ValidFrom: t.day(row, "valid_from", 0), ValidTo: t.day(row, "valid_to", survey.Always),
		}})
	}
	told := map[string]bool{}
	for _, f := range t.bad {
		told[f.Field] = true
	}
	for _, f := range survey.CheckUnits(units, known) {
		if told[f.Field] {
			continue // a fault of form spoils the meaning
		}
		if f.Key == "import.unknown_parent" && t.lost[fmt.Sprint(f.Args[1])] {
			continue // the parent's own row is to blame, and is blamed
		}
		t.bad = append(t.bad, f)
	}
	return units, t.err()
}
