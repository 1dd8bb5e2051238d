package export

import (
	"crypto/sha256"
	"hash"
	"io"
)

// output hashes and writes in a goroutine of its own, while the next rows are
// read and formatted. Three buffers go round.
type output struct {
	full  chan []byte
	empty chan []byte
	done  chan struct{}
	sum   hash.Hash
	bytes int64
	err   error // read after done
}

func newOutput(w io.Writer) *output {
	o := &output{full: make(chan []byte, 1), empty: make(chan []byte, 3), done: make(chan struct{}), sum: sha256.New()}
	for range cap(o.empty) {
		o.empty <- make([]byte, 0, chunkSize+chunkSize/8)
	}
	go o.loop(w)
	return o
}

func (o *output) loop(w io.Writer) {
	defer close(o.done)
	for b := range o.full {
		if _, err := w.Write(b); err != nil {
			o.err = err
			return
		}
		o.sum.Write(b)
		o.bytes += int64(len(b))
		o.empty <- b[:0]
	}
}

// buffer returns an empty buffer to fill.
func (o *output) buffer() []byte { return <-o.empty }

// swap hands b over to be written and returns an empty buffer. It fails when
// writing has failed.
func (o *output) swap(b []byte) ([]byte, error) {
	select {
	case o.full <- b:
	case <-o.done:
		return b, o.err
	}
	select {
	case next := <-o.empty:
		return next, nil
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
