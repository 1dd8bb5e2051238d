package web

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
	"sipas/internal/throttle"
)

// How often codes may be tried: per source, and by everybody together, since
// a guesser can have many sources. At one a second a code that lives for
// fifteen minutes is found by one guess in some 800,000 runs.
const (
	triesPerSource, sourceRefill = 10, 1.0 / 30
	triesInAll, allRefill        = 100, 1.0
	guessRoom                    = 10_000 // sources remembered
)

// guesses counts tries of pairing codes.
type guesses struct{ bySource, inAll *throttle.Buckets }

func newGuesses() *guesses {
	return &guesses{
		bySource: throttle.New(sourceRefill, triesPerSource, guessRoom),
		inAll:    throttle.New(allRefill, triesInAll, 1),
	}
}

// take counts one try. What comes back takes it off again, for a right code.
func (g *guesses) take(source string, now time.Time) (forgive func(), err error) {
	wait, forgiveSource := g.bySource.Take(source, 1, now)
	forgiveAll := func() {}
	if wait == 0 {
		wait, forgiveAll = g.inAll.Take("", 1, now)
	}
	if wait > 0 {
		return nil, &survey.Error{Kind: survey.TooMany, Op: "web.guesses", After: wait}
	}
	return func() { forgiveSource(); forgiveAll() }, nil
}

// deviceKey is where the request keeps which device sent it.
type deviceKey struct{}

// deviceOf returns the device whose key the request carries, and whether there
// is one.
func deviceOf(c *fiber.Ctx) (survey.Device, bool) {
	d, ok := c.Locals(deviceKey{}).(survey.Device)
	return d, ok
}

// devicesOnly lets in paired devices.
func devicesOnly(c *fiber.Ctx) error {
	if _, ok := deviceOf(c); !ok {
		return &survey.Error{Kind: survey.Unsigned, Op: "web.devicesOnly", Key: "device.unpaired"}
	}
	return c.Next()
}

// vouch checks what a response says of the device that it comes from against
// the key that it came with.
func vouch(c *fiber.Ctx, sub survey.Submission) error {
	const op = "web.vouch"
	if sub.Device == "" {
		if sub.DeviceSeq != 0 {
			return survey.Bad(op, "device_seq", "device.seq_alone")
		}
		return nil
	}
	d, ok := deviceOf(c)
	switch {
	case !ok:
		return &survey.Error{Kind: survey.Unsigned, Op: op, Key: "device.unpaired"}
	case string(d.ID) != sub.Device:
		return survey.Bad(op, "device", "device.other_key")
	case string(d.Point) != survey.Plain(string(sub.Point)):
		return survey.Bad(op, "point", "device.other_point")
	}
	return nil
}

// small decodes a body of a few fields into to. Fields we do not know are left
// alone: a device may be newer than its server.
func small(c *fiber.Ctx, to any) error {
	body, err := jsonBody(c, pageBody)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, to); err != nil {
		return &survey.Error{Kind: survey.Malformed, Op: "web.small", Err: err}
	}
	return nil
}

// postPair answers POST /api/v1/devices/pair.
func (s *server) postPair(c *fiber.Ctx) error {
	var in struct {
		Code   string          `json:"code"`
		Device survey.DeviceID `json:"device"`
	}
	if err := small(c, &in); err != nil {
		return err
	}
	forgive, err := s.guesses.take(s.source(c), s.Now())
	if err != nil {
		return err
	}
	d, key, err := s.Devices.Pair(c.UserContext(), in.Code, in.Device)
	if err != nil {
		return err
	}
	forgive()
	return sendJSON(c, fiber.StatusCreated, struct {
		Device survey.DeviceID  `json:"device"`
		Key    string           `json:"key"`
		Point  survey.PointCode `json:"point"`
		Name   string           `json:"name"`
	}{d.ID, key, d.Point, d.Name})
}

// postHeartbeat answers POST /api/v1/devices/heartbeat.
func (s *server) postHeartbeat(c *fiber.Ctx) error {
	in := struct {
		survey.Heartbeat
		Clock *time.Time `json:"at"`
	}{Heartbeat: survey.Heartbeat{Battery: -1}}
	if err := small(c, &in); err != nil {
		return err
	}
	var clock time.Time
	if in.Clock != nil {
		clock = *in.Clock
	}
	d, _ := deviceOf(c)
	beat, err := s.Devices.Beat(c.UserContext(), d.ID, in.Heartbeat, clock)
	if err != nil {
		return err
	}
	hash, err := s.kits.hash(s, d.Point)
	if err != nil {
		return err
	}
	return sendJSON(c, fiber.StatusOK, struct {
		At  time.Time `json:"at"`
		Kit string    `json:"kit"`
	}{beat.At.In(s.Zone).Truncate(time.Millisecond), hash})
}

// getKit answers GET /api/v1/devices/kit.
func (s *server) getKit(c *fiber.Ctx) error {
	d, _ := deviceOf(c)
	k, err := s.kit(s.Catalog(), d.Point)
	if err != nil {
		return err
	}
	etag := `"` + k.Hash + `"`
	c.Set(fiber.HeaderETag, etag)
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	if matches(c.Get(fiber.HeaderIfNoneMatch), etag) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	return sendJSON(c, fiber.StatusOK, k)
}

// matches reports whether the header If-None-Match names etag. What goes
// between may have made it a weak one.
func matches(header, etag string) bool {
	return slices.ContainsFunc(strings.Split(header, ","), func(one string) bool {
		return strings.TrimPrefix(strings.TrimSpace(one), "W/") == etag
	})
}
