package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Client and server share the machine's cores, so the client does as little as
// it can: requests are bytes made beforehand, of which only the id is replaced,
// sent in one write; of an answer only the status and the length are read. A
// general HTTP client takes several times as much.

// connections is how many citizens send at the same time, each waiting for the
// receipt before sending again, on a connection that stays open.
const connections = 128

// request is a POST made beforehand; the id stands at id.
type request struct {
	bytes []byte
	id    int
}

func newRequest(addr, body string) request {
	head := "POST /api/v1/responses HTTP/1.1\r\nHost: " + addr + "\r\nContent-Type: application/json\r\nContent-Length: " +
		strconv.Itoa(len(body)) + "\r\n\r\n"
	return request{[]byte(head + body), len(head) + len(`{"id":"`)}
}

// served is what a server did in one round.
type served struct {
	n        int
	took     time.Duration
	p50, p99 time.Duration
}

func (s served) perSecond() float64 { return float64(s.n) / s.took.Seconds() }

// loader keeps connections to one server open.
type loader struct {
	addr     string
	requests []request
	clients  []*client
}

func newLoader(ctx context.Context, addr string, bodies []string) (*loader, error) {
	l := &loader{addr: addr}
	for _, b := range bodies {
		l.requests = append(l.requests, newRequest(addr, b))
	}
	for i := range connections {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
		if err != nil {
			return nil, errors.Join(err, l.close())
		}
		l.clients = append(l.clients, &client{
			conn: conn, r: bufio.NewReaderSize(conn, 4<<10), next: i * len(bodies) / connections,
			rnd: rand.New(rand.NewPCG(rand.Uint64(), uint64(i))),
		})
	}
	return l, nil
}

func (l *loader) close() error {
	var err error
	for _, c := range l.clients {
		err = errors.Join(err, c.conn.Close())
	}
	return err
}

// round lets everybody send for d.
func (l *loader) round(ctx context.Context, d time.Duration) (served, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, 10*d+30*time.Second, errors.New("the server hangs"))
	defer cancel()
	unhang := context.AfterFunc(ctx, func() { _ = l.close() })
	defer unhang()
	began := time.Now()
	end := began.Add(d)
	errs := make([]error, len(l.clients))
	var all sync.WaitGroup
	for i, c := range l.clients {
		c.latencies = c.latencies[:0]
		all.Go(func() { errs[i] = c.send(l.requests, end) })
	}
	all.Wait()
	s := served{took: time.Since(began)}
	if err := errors.Join(errs...); err != nil {
		return s, err
	}
	var latencies []time.Duration
	for _, c := range l.clients {
		latencies = append(latencies, c.latencies...)
	}
	if s.of(latencies); s.n == 0 {
		return s, errors.New("nothing was answered")
	}
	return s, nil
}

// of fills s from how long each answer took.
func (s *served) of(latencies []time.Duration) {
	slices.Sort(latencies)
	if s.n = len(latencies); s.n > 0 {
		s.p50, s.p99 = latencies[s.n/2], latencies[s.n*99/100]
	}
}

// client is one connection.
type client struct {
	conn      net.Conn
	r         *bufio.Reader
	rnd       *rand.Rand
	buf       []byte
	next      int
	latencies []time.Duration
}

func (c *client) send(requests []request, end time.Time) error {
	for time.Now().Before(end) {
		if err := c.one(requests); err != nil {
			return err
		}
	}
	return nil
}

// one sends the next request and waits for its receipt.
func (c *client) one(requests []request) error {
	now := time.Now()
	r := requests[c.next%len(requests)]
	c.next++
	c.buf = append(c.buf[:0], r.bytes...)
	putUUID(c.buf[r.id:], now, c.rnd)
	if _, err := c.conn.Write(c.buf); err != nil {
		return err
	}
	if err := c.receive(); err != nil {
		return err
	}
	c.latencies = append(c.latencies, time.Since(now))
	return nil
}

var (
	created = []byte("HTTP/1.1 201")
	length  = []byte("Content-Length: ")
)

// receive reads one answer, which must be a receipt.
func (c *client) receive() error {
	size, first := -1, true
	for {
		line, err := c.r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if first && !bytes.HasPrefix(line, created) {
			rest, _ := c.r.Peek(c.r.Buffered())
			return fmt.Errorf("the server answered %q %q", line, rest)
		}
		first = false
		if rest, ok := bytes.CutPrefix(line, length); ok {
			if size, err = strconv.Atoi(string(bytes.TrimSpace(rest))); err != nil {
				return err
			}
		}
		if len(line) == 2 {
			break
		}
	}
	if size < 0 {
		return errors.New("an answer without a length")
	}
	_, err := c.r.Discard(size)
	return err
}

// putUUID writes a version 7 UUID into the first 36 bytes of to.
func putUUID(to []byte, at time.Time, rnd *rand.Rand) {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], uint64(at.UnixMilli())<<16|rnd.Uint64()&0xffff)
	binary.BigEndian.PutUint64(b[8:], rnd.Uint64())
	b[6], b[8] = b[6]&0x0f|0x70, b[8]&0x3f|0x80
	const hex = "0123456789abcdef"
	j := 0
	for i, x := range b {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			to[j] = '-'
			j++
		}
		to[j], to[j+1] = hex[x>>4], hex[x&15]
		j += 2
	}
}
