package web

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/challenge"
	"sipas/internal/survey"
	"sipas/internal/throttle"
)

// Limits slow down who sends too many responses. A paired device is counted by
// its key alone. Everybody else is counted by the point that the answers are
// for, and then by address: a whole office or a whole one-stop shop sits behind
// one, so both are generous. Who is over them is asked for proof of work, see
// proof.go.
type Limits struct {
	PerSecond   float64 // responses of one address in the long run, and half of those of a point; zero: no limits
	Burst       int     // responses of one address at once, and half of those of a point; zero: no limits
	DeviceBurst int     // responses of one device at once, which is what waits after a day offline; zero: no limit
	TrustProxy  bool    // X-Forwarded-For is set by a proxy of ours
}

// DefaultLimits are good behind one address of a busy office, and for a kiosk
// that was offline for a week.
var DefaultLimits = Limits{PerSecond: 1, Burst: 60, DeviceBurst: 5000}

// Bounds of what is remembered.
const (
	mostSources = 50_000  // addresses, and points
	mostDevices = 10_000  // keys
	mostSpent   = 100_000 // proofs of work of the last ten minutes

	devicePerSecond = 1.0 // nobody presses faster in the long run
	longestWait     = time.Minute
)

// gate counts responses by device, point and address.
type gate struct {
	salts   salts
	devices *throttle.Buckets
	points  *throttle.Buckets
	sources *throttle.Buckets
	worked  *throttle.Buckets // by point and by address: proofs of little work
	issuer  *challenge.Issuer
}

func newGate(l Limits, key survey.ReceiptKey) *gate {
	return &gate{
		devices: throttle.New(devicePerSecond, l.DeviceBurst, mostDevices),
		points:  throttle.New(2*l.PerSecond, 2*l.Burst, mostSources),
		sources: throttle.New(l.PerSecond, l.Burst, mostSources),
		worked:  throttle.New(l.PerSecond, l.Burst, mostSources),
		issuer:  challenge.New([]byte(key), rand.Reader, mostSpent),
	}
}

// salts gives each day a salt of its own, made at random and kept nowhere but
// in memory, so that what stands for an address today cannot be told from what
// stood for it yesterday.
type salts struct {
	mu   sync.Mutex
	day  survey.Day
	salt [32]byte
}

func (s *salts) of(day survey.Day) [32]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if day != s.day || s.salt == [32]byte{} {
		s.day = day
		_, _ = rand.Read(s.salt[:]) // never fails
	}
	return s.salt
}

// source says where a request comes from, as a key to compare: no address is
// kept. The network of an IPv6 address counts, since a single phone has the
// whole /64.
func (s *server) source(c *fiber.Ctx) string {
	addr, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	if s.Limits.TrustProxy {
		// The last address is the one that our own proxy saw; those before it
		// are what the client claims. Some proxies add it as a line of its own.
		lines := c.Request().Header.PeekAll(fiber.HeaderXForwardedFor)
		all := strings.Split(string(bytes.Join(lines, []byte(","))), ",")
		if a, err := netip.ParseAddr(strings.TrimSpace(all[len(all)-1])); err == nil {
			addr = a
		}
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		p, _ := addr.Prefix(64) // 64 bits fit
		addr = p.Addr()
	}
	salt := s.gate.salts.of(survey.DayOf(s.Now().In(s.Zone)))
	h := hmac.New(sha256.New, salt[:])
	h.Write(addr.AsSlice())
	return string(h.Sum(nil)[:16])
}

// admit lets responses for points through, or is TooMany: wrapped in a
// suspicion where a proof of work would do instead of waiting. Nothing is
// counted of what is refused.
func (s *server) admit(c *fiber.Ctx, points []survey.PointCode, proof string) error {
	now := s.Now()
	if d, ok := deviceOf(c); ok {
		wait, _ := s.gate.devices.Take(string(d.ID), max(1, len(points)), now)
		s.Metrics.limited("device", wait)
		return tooMany(wait)
	}
	source := s.source(c)
	by, wait := s.within(points, source, now)
	if wait == 0 {
		return nil
	}
	if len(points) == 1 && s.worked(proof, s.known(points[0]), source, now) {
		return nil
	}
	s.Metrics.limited(by, wait)
	if len(points) != 1 {
		return tooMany(wait) // a queue has time to wait
	}
	return s.askWork(s.known(points[0]), source, now, wait)
}

// within counts responses by point and by source. What one of them refuses is
// not counted by the others: nobody uses up a point for everybody else.
func (s *server) within(points []survey.PointCode, source string, now time.Time) (by string, wait time.Duration) {
	each := map[survey.PointCode]int{}
	for _, p := range points {
		if known := s.known(p); known != "" {
			each[known]++
		}
	}
	var taken []func()
	take := func(b *throttle.Buckets, name, key string, n int) bool {
		w, giveBack := b.Take(key, n, now)
		if w > wait {
			by, wait = name, w
		}
		taken = append(taken, giveBack)
		return w == 0
	}
	for p, n := range each {
		// A point owes nothing: one large queue must not be paid for by those
		// who come after.
		if !take(s.gate.points, "point", string(p), min(n, 2*s.Limits.Burst)) {
			break
		}
	}
	if wait == 0 {
		take(s.gate.sources, "address", source, max(1, len(points)))
	}
	if wait > 0 {
		for _, giveBack := range taken {
			giveBack()
		}
	}
	return by, wait
}

// known is the point with a code, or nothing: codes that somebody made up are
// not remembered.
func (s *server) known(code survey.PointCode) survey.PointCode {
	return s.Catalog().Points[survey.PointCode(survey.Plain(string(code)))].Code
}

func tooMany(wait time.Duration) error {
	if wait == 0 {
		return nil
	}
	return &survey.Error{Kind: survey.TooMany, Op: "web.limit", After: min(wait, longestWait)}
}

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}
