package export

import (
	"crypto/sha256"
	"hash"
	"io"

	"sipas/internal/survey"
)

// batchRows is how many responses are handed over at once: enough that handing
// over costs nothing, few enough that memory stays flat.
const batchRows = 128

// output formats, hashes and writes in a goroutine of its own, while the next
// responses are read: the database is one half of the work, this the other.
// A few batches go round between the two.
type output struct {
	full  chan []survey.Response
	empty chan []survey.Response
	done  chan struct{}

	rows rowWriter
	to   container
	buf  []byte

	err error // read after done
}

func newOutput(to container, rows rowWriter) *output {
	const batches = 4
	o := &output{
		full: make(chan []survey.Response, batches), empty: make(chan []survey.Response, batches),
		done: make(chan struct{}), rows: rows, to: to,
		buf: make([]byte, 0, chunkSize+chunkSize/8),
	}
	for range batches {
		o.empty <- make([]survey.Response, 0, batchRows)
	}
	go o.loop()
	return o
}

func (o *output) loop() {
	defer close(o.done)
	o.buf = o.rows.head(o.buf)
	for batch := range o.full {
		for i := range batch {
			if o.buf, o.err = o.rows.row(o.buf, &batch[i]); o.err == nil && len(o.buf) >= chunkSize {
				o.err = o.flush()
			}
			if o.err != nil {
				return
			}
		}
		o.empty <- batch[:0]
	}
	o.err = o.flush()
}

func (o *output) flush() error {
	err := o.to.write(o.buf)
	o.buf = o.buf[:0]
	return err
}

// batch returns an empty batch to fill.
func (o *output) batch() ([]survey.Response, error) {
	select {
	case b := <-o.empty:
		return b, nil
	case <-o.done:
		return nil, o.err
	}
}

// take takes a filled batch and returns an empty one. It fails when writing
// has failed.
func (o *output) take(b []survey.Response) ([]survey.Response, error) {
	select {
	case o.full <- b:
		return o.batch()
	case <-o.done:
		return nil, o.err
	}
}

// close waits until everything is written and returns what went wrong.
func (o *output) close() error {
	close(o.full)
	<-o.done
	return o.err
}

// container is what the rows of a format are written into. It is functions and
// no interface, because the linker keeps every method of what stands behind an
// interface: of a workbook, the formulas of all spreadsheets, three megabytes.
type container struct {
	write func(rows []byte) error // whole rows
	// close frees what the container holds, after writing the rest when the file
	// is to be whole.
	close func(whole bool) error
}

// sealed is a file that is hashed and counted on its way.
type sealed struct {
	w     io.Writer
	sum   hash.Hash
	bytes int64
}

func seal(w io.Writer) *sealed { return &sealed{w: w, sum: sha256.New()} }

func (s *sealed) Write(b []byte) (int, error) {
	n, err := s.w.Write(b)
	s.sum.Write(b[:n])
	s.bytes += int64(n)
	return n, err
}

// plain is the container of formats whose rows are the file.
func (s *sealed) plain() container {
	return container{
		write: func(rows []byte) error { _, err := s.Write(rows); return err },
		close: func(bool) error { return nil },
	}
}
