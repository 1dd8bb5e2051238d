package instrument

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"

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

// Fault is one thing wrong with a file. Line is 0 where no line is to blame.
type Fault struct {
	File    string
	Line    int
	Message string
}

// Error says it as compilers do: "pulse@1.yaml:12: …".
func (f Fault) Error() string {
	if f.Line == 0 {
		return f.File + ": " + f.Message
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Message)
}

// Builtin returns the instruments that come with the program.
func Builtin() (*Set, error) { return Load(builtin) }

// Load reads every *.yaml file at the root of fsys. The error joins one Fault
// for each thing wrong, in the order of files and lines; then no Set is
// returned.
func Load(fsys fs.FS) (*Set, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("instrument.Load: %w", err)
	}
	s := &Set{byID: map[survey.InstrumentID]*survey.Instrument{}, source: map[survey.InstrumentID][]byte{}}
	var faults []error
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("instrument.Load: %w", err)
		}
		in, wrong := read(name, text)
		for _, f := range wrong {
			faults = append(faults, f)
		}
		s.add(in, text)
	}
	if len(names) == 0 {
		faults = append(faults, Fault{File: ".", Message: "no instrument found: there is no *.yaml file"})
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
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
