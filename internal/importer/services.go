package importer

import (
	"io"
	"unicode/utf8"

	"sipas/internal/survey"
)

// longestServiceName is more than units need: the names of procedures are long.
const longestServiceName = 500

// Services reads code,name,field,owner, where owner is a unit of tree or
// empty. The error names every bad row.
func Services(r io.Reader, tree *survey.Tree) ([]survey.Service, error) {
	t, err := read("importer.Services", r, "code", "name", "field", "owner")
	if err != nil {
		return nil, err
	}
	first := map[survey.ServiceCode]int{}
	var all []survey.Service
	for _, row := range t.rows {
		s := survey.Service{
			Code: survey.ServiceCode(row.cells["code"]), Name: row.cells["name"],
			Field: row.cells["field"], Owner: survey.UnitCode(row.cells["owner"]),
		}
		if line, ok := first[s.Code]; ok {
			t.complain(row.line, "import.duplicate_code", string(s.Code), line)
		} else {
			first[s.Code] = row.line
		}
		if !survey.CodeOK(string(s.Code)) {
			t.complain(row.line, "import.bad_code", string(s.Code))
		}
		if n := utf8.RuneCountInString(s.Name); n == 0 || n > longestServiceName {
			t.complain(row.line, "import.bad_name", longestServiceName)
		}
		if utf8.RuneCountInString(s.Field) > longestServiceName {
			t.complain(row.line, "import.bad_name", longestServiceName)
		}
		if _, ok := tree.Unit(s.Owner); s.Owner != "" && !ok {
			t.complain(row.line, "import.unknown_unit", string(s.Owner))
		}
		all = append(all, s)
	}
	return all, t.err()
}
