package export

import (
	"fmt"
	"slices"

	"sipas/internal/survey"
)

// Format is the kind of file an export writes.
type Format string

// Formats.
const (
	CSV    Format = "csv"    // for spreadsheets and statistics programs
	NDJSON Format = "ndjson" // one JSON object a line, nothing flattened
	XLSX   Format = "xlsx"   // the cells of the CSV as a workbook
)

// Formats lists the formats that can be asked for.
var Formats = []Format{CSV, NDJSON, XLSX}

// Request says which responses to write and how.
type Request struct {
	Wave   survey.WaveID   `json:"wave"`
	Unit   survey.UnitCode `json:"unit,omitempty"` // with all below it; empty: every unit
	Period survey.Period   `json:"period"`         // of the day of submission; zero: all
	Format Format          `json:"format"`
}

// plan is a request with everything it names looked up.
type plan struct {
	Request
	wave   *survey.Wave
	in     *survey.Instrument
	tree   *survey.Tree
	filter survey.Filter
}

// plan checks r against c. It is Invalid with the fields wave, unit, to and
// format.
func (r Request) plan(c *survey.Catalog) (plan, error) {
	const op = "export.Request"
	p := plan{Request: r, wave: c.Waves[r.Wave], tree: c.Tree}
	var bad []survey.FieldError
	complain := func(field, key string, args ...any) {
		bad = append(bad, survey.FieldError{Field: field, Key: key, Args: args})
	}
	if p.wave == nil {
		complain("wave", "wave.unknown", string(r.Wave))
	} else if p.in = c.Instruments[p.wave.Instrument]; p.in == nil {
		return plan{}, &survey.Error{Op: op, Err: fmt.Errorf("wave %s has unknown instrument %s", r.Wave, p.wave.Instrument)}
	}
	p.filter = survey.Filter{Wave: r.Wave, Period: r.Period}
	if r.Unit != "" {
		if _, ok := c.Tree.Unit(r.Unit); !ok {
			complain("unit", "unit.unknown", string(r.Unit))
		}
		p.filter.Units = map[survey.UnitCode]bool{}
		for _, u := range c.Tree.Subtree(r.Unit) {
			p.filter.Units[u] = true
		}
	}
	if r.Period.To < r.Period.From {
		complain("to", "wave.dates_reversed")
	}
	if !slices.Contains(Formats, r.Format) {
		complain("format", "export.unknown_format", string(r.Format))
	}
	if len(bad) > 0 {
		return plan{}, &survey.Error{Kind: survey.Invalid, Op: op, Fields: bad}
	}
	return p, nil
}
