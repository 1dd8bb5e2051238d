package importer

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
)

// maxTable bounds a CSV file, which is read row by row; bytes.
const maxTable = 2 << 30

// table reads a CSV file row by row. Columns are parted by commas, or by
// semicolons or tabs where the first line has those and no comma, as spreadsheets
// write where the comma is the decimal mark, and copy.
func (x *resultsReader) table(r io.Reader) error {
	bounded := &io.LimitedReader{R: r, N: maxTable}
	c, err := newTable(bounded)
	if err != nil {
		return err
	}
	var cells []cell
	for headed := false; len(x.bad) < maxFaults; {
		record, err := c.Read()
		var slip *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			if bounded.N == 0 {
				x.complain("A1", "import.too_large", maxTable>>20)
			}
			return nil
		case errors.As(err, &slip):
			x.complain(place{row: slip.StartLine, col: 1}.String(), "import.bad_quotes")
			if !headed {
				return nil
			}
			continue
		case err != nil:
			return err
		}
		line, _ := c.FieldPos(0)
		cells = cells[:0]
		for _, text := range record {
			cells = append(cells, cell{text: text})
		}
		switch {
		case !headed:
			if headed = x.header("", line, cells); !headed {
				return nil
			}
		default:
			x.row(line, cells)
		}
	}
	return nil
}

// newTable reads on behind a byte order mark, by the separator of the first line.
func newTable(r io.Reader) (*csv.Reader, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	if mark, err := in.Peek(len(byteOrderMark)); err == nil && bytes.Equal(mark, byteOrderMark) {
		if _, err := in.Discard(len(mark)); err != nil {
			return nil, err
		}
	}
	start, _ := in.Peek(1 << 12) // what there is; a read error comes again later
	first, _, _ := bytes.Cut(start, []byte("\n"))
	c := csv.NewReader(in)
	c.FieldsPerRecord, c.ReuseRecord = -1, true
	switch has := func(mark string) bool { return bytes.Contains(first, []byte(mark)) }; {
	case has(","):
	case has(";"):
		c.Comma = ';'
	case has("\t"):
		c.Comma = '\t'
	}
	return c, nil
}
