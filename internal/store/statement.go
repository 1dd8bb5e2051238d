package store

import (
	"regexp"
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

// nameless takes the names from parameters that stand in order, each once:
// SQLite's driver looks for the name of each among all of them.
func nameless(text func(rows int) string) func(rows int) string {
	return func(rows int) string { return named.ReplaceAllString(text(rows), "?") }
}

var named = regexp.MustCompile(`\$[0-9]+`)

// A ladder is one statement for several numbers of rows, the most first and 1
// last.
type ladder []rung

type rung struct {
	rows int
	text string
}

// newLadder makes the statement for each number of rows.
func newLadder(text func(rows int) string, rows ...int) ladder {
	var l ladder
	for _, n := range rows {
		l = append(l, rung{n, text(n)})
	}
	return l
}

// part is one statement with its arguments.
type part struct {
	text string
	args []any
}

// parts shares out the arguments of rows of width among as few statements as
// there are.
func (l ladder) parts(args []any, width int) []part {
	var ps []part
	for _, r := range l {
		for n := r.rows * width; len(args) >= n && n > 0; args = args[n:] {
			ps = append(ps, part{r.text, args[:n]})
		}
	}
	return ps
}
