package web

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"net/netip"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
	"sipas/internal/throttle"
)

// Limits slow down who sends too many responses. A whole office or a whole
// one-stop shop sits behind one address, so they are generous: DefaultLimits
// let 300 citizens an hour answer from one address and stop a script.
type Limits struct {
	PerSecond  float64 // responses, in the long run; zero: no limit
	Burst      int     // responses at once; zero: no limit
	TrustProxy bool    // X-Forwarded-For is set by a proxy of ours
}

// DefaultLimits are good behind one address of a busy office.
var DefaultLimits = Limits{PerSecond: 1, Burst: 60}

// mostSources bounds how many addresses are remembered.
const mostSources = 50_000

// sources counts by address. It stores none: the key is a hash with a salt
// that is made at start and kept nowhere.
type sources struct {
	salt    [32]byte
	buckets *throttle.Buckets
}

func newSources(l Limits) *sources {
	s := &sources{buckets: throttle.New(l.PerSecond, l.Burst, mostSources)}
	_, _ = rand.Read(s.salt[:]) // never fails
	return s
}

// source says where a request comes from, as a key to compare. The network of
// an IPv6 address counts, since a single phone has the whole /64.
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
	sum := sha256.Sum256(append(s.sources.salt[:len(s.sources.salt):len(s.sources.salt)], addr.AsSlice()...))
	return string(sum[:16])
}

// limited lets through n responses per request while the source is within its
// limits.
func (s *server) limited(n int) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if err := s.take(c, n); err != nil {
			return err
		}
		return c.Next()
	}
}

// take counts n responses of the request's source. It is TooMany when there
// have been too many.
func (s *server) take(c *fiber.Ctx, n int) error {
	wait, _ := s.sources.buckets.Take(s.source(c), n, s.Now())
	if wait > 0 {
		return &survey.Error{Kind: survey.TooMany, Op: "web.limit", After: min(wait, time.Minute)}
	}
	return nil
}

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}
