package store

import (
	"strconv"
	"strings"
)

// tuples writes the parameters of rows tuples of width: "($1, $2), ($3, $4)".
func tuples(rows, width int) string {
	var b strings.Builder
	for i := range rows * width {
		switch {
		case i == 0:
			b.WriteString("($")
		case i%width == 0:
			b.WriteString("), ($")
		default:
			b.WriteString(", $")
		}
		b.WriteString(strconv.Itoa(i + 1))
	}
	return b.String() + ")"
}

// list writes n parameters that begin at $from: "($3, $4)".
func list(from, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(map[bool]string{true: "($", false: ", $"}[i == 0])
		b.WriteString(strconv.Itoa(from + i))
	}
	return b.String() + ")"
}

// part is one statement with its arguments.
type part struct {
	text string
	args []any
}

// parts cuts args into as many runs of size as there are, for the statement
// many, and what remains into arguments for the statement one.
func parts(args []any, size, width int, many, one string) []part {
	var ps []part
	for ; len(args) >= size; args = args[size:] {
		ps = append(ps, part{many, args[:size]})
	}
	for ; len(args) > 0; args = args[width:] {
		ps = append(ps, part{one, args[:width]})
	}
	return ps
}
