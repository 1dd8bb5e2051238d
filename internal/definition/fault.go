package definition

import (
	"fmt"
	"strings"
)

// Fault is one thing wrong with a file. Line and Column are from 1, and 0 where
// no place is to blame; a column counts characters.
type Fault struct {
	File         string
	Line, Column int
	Message      string
}

// Error says it as compilers do: "pulse@1.yaml:12:3: …".
func (f Fault) Error() string {
	if f.Line == 0 {
		return f.File + ": " + f.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Message)
}

// Faults is an error of everything wrong with some files, one fault a line.
type Faults []Fault

// Error implements error.
func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

// Err returns fs, or nil without any.
func (fs Faults) Err() error {
	if len(fs) == 0 {
		return nil
	}
	return fs
}
