package instrument

import (
	"cmp"
	"embed"
	"io/fs"
	"slices"
	"strconv"

	"sipas/internal/definition"
	"sipas/internal/survey"
)

//go:embed *.yaml
var builtin embed.FS

// Set is the instruments a program knows. It is immutable.
type Set struct {
	all    []*survey.Instrument
	byID   map[survey.InstrumentID]*survey.Instrument
	source map[survey.InstrumentID][]byte
}

// Builtin returns the instruments that come with the program.
func Builtin() (*Set, error) { return Load(builtin) }

// Load reads every *.yaml file at the root of fsys. The error is
// [definition.Faults], everything wrong in the order of files and lines; then no
// Set is returned.
func Load(fsys fs.FS) (*Set, error) {
	s := &Set{byID: map[survey.InstrumentID]*survey.Instrument{}, source: map[survey.InstrumentID][]byte{}}
	files, faults := definition.Folder(fsys)
	for _, f := range files {
		in, wrong := read(f.Name, f.Text)
		faults = append(faults, wrong...)
		s.add(in, f.Text)
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	slices.SortFunc(s.all, byNameThenVersion)
	return s, nil
}

func (s *Set) add(in *survey.Instrument, text []byte) {
	in.Hash = hash(in)
	s.all = append(s.all, in.Seal())
	s.byID[in.ID], s.source[in.ID] = in, text
}

// byNameThenVersion puts version 10 after version 9.
func byNameThenVersion(a, b *survey.Instrument) int {
	aName, aVersion := a.ID.Version()
	bName, bVersion := b.ID.Version()
	return cmp.Or(cmp.Compare(aName, bName), cmp.Compare(number(aVersion), number(bVersion)))
}

// number of a version that read has checked to be digits.
func number(version string) int {
	n, _ := strconv.Atoi(version)
	return n
}

// All returns the instruments by name and version.
func (s *Set) All() []*survey.Instrument { return slices.Clone(s.all) }

// ByID returns the instrument with id, or nil.
func (s *Set) ByID(id survey.InstrumentID) *survey.Instrument { return s.byID[id] }

// Source returns the file the instrument with id was read from, or nil.
func (s *Set) Source(id survey.InstrumentID) []byte { return slices.Clone(s.source[id]) }
