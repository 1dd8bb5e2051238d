package survey

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// UnitRow is one row of a unit file with the line it stands on.
type UnitRow struct {
	Line int
	Unit
}

// longestName bounds a name, so that tables and posters can hold it.
const longestName = 200

// CheckUnits reports every bad row of an import into known: codes given twice,
// unknown parents, cycles, reversed dates, unknown kinds. Fields are "line 7".
func CheckUnits(rows []UnitRow, known *Tree) []FieldError {
	var bad []FieldError
	complain := func(line int, key string, args ...any) {
		bad = append(bad, FieldError{LineField(line), key, args})
	}
	lines := map[UnitCode]int{}
	parents := map[UnitCode]UnitCode{}
	for _, u := range known.All() {
		parents[u.Code] = u.Parent
	}
	for _, r := range rows {
		if first, ok := lines[r.Code]; ok {
			complain(r.Line, "import.duplicate_code", r.Code, first)
			continue
		}
		lines[r.Code] = r.Line
		parents[r.Code] = r.Parent
		for _, p := range r.problems() {
			complain(r.Line, p.Key, p.Args...)
		}
	}
	for _, r := range rows {
		if _, ok := parents[r.Parent]; r.Parent != "" && !ok {
			complain(r.Line, "import.unknown_parent", r.Code, r.Parent)
		}
		if inCycle(r.Code, parents) {
			complain(r.Line, "import.cycle", r.Code)
		}
	}
	return bad
}

// LineField is the field name of a line of an imported file.
func LineField(line int) string { return fmt.Sprintf("line %d", line) }

func (u Unit) problems() (bad []FieldError) {
	if !CodeOK(string(u.Code)) {
		bad = append(bad, FieldError{Key: "import.bad_code", Args: []any{u.Code}})
	}
	if u.Name == "" || utf8.RuneCountInString(u.Name) > longestName {
		bad = append(bad, FieldError{Key: "import.bad_name", Args: []any{longestName}})
	}
	if !slices.Contains(UnitKinds, u.Kind) {
		bad = append(bad, FieldError{Key: "import.unknown_kind", Args: []any{u.Kind}})
	}
	if u.ValidTo < u.ValidFrom {
		bad = append(bad, FieldError{Key: "import.dates_reversed", Args: []any{u.ValidFrom, u.ValidTo}})
	}
	return bad
}

// CodeOK reports whether s can be a unit, service or wave code: 1 to 100
// letters, digits, dots and hyphens, safe in a URL and in a file name.
func CodeOK(s string) bool {
	return len(s) >= 1 && len(s) <= 100 && s[0] != '.' && s[0] != '-' &&
		strings.IndexFunc(s, func(r rune) bool {
			return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-')
		}) < 0
}

// inCycle reports whether following parents from code leads back to code.
func inCycle(code UnitCode, parents map[UnitCode]UnitCode) bool {
	seen := map[UnitCode]bool{}
	for c := parents[code]; c != "" && !seen[c]; c = parents[c] {
		if c == code {
			return true
		}
		seen[c] = true
	}
	return false
}
