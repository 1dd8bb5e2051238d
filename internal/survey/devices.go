package survey

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Times of devices.
const (
	PairingLife = 15 * time.Minute // of a code
	BeatEvery   = time.Minute      // between heartbeats
	silentAfter = 5 * time.Minute  // without one, in opening hours, staff are told
)

// KeyPrefix begins every device key, which tells it from a token of staff.
const KeyPrefix = "sk_"

// Devices pairs kiosks, hears their heartbeats and says which need looking at.
type Devices struct {
	Store interface {
		DeviceStore
		DeviceIndex
		SettingStore
	}
	Catalog func() *Catalog
	Reload  func(context.Context) error // makes Catalog see what was just stored
	Now     func() time.Time
	Zone    *time.Location  // of the deployment
	NewCode func() string   // six random characters of PointAlphabet
	NewKey  func() string   // KeyPrefix and 256 random bits
	NewID   func() DeviceID // that no device has
}

// MakePairing makes a code for one device at a point, once, for PairingLife.
func (d *Devices) MakePairing(ctx context.Context, by string, at PointCode, name string) (Pairing, error) {
	const op = "survey.MakePairing"
	name = strings.TrimSpace(name)
	if name == "" || len([]rune(name)) > longestDevice || CheckText(name) != "" {
		return Pairing{}, Bad(op, "name", "device.bad_name", longestDevice)
	}
	point, ok := d.Catalog().Points[at]
	if !ok {
		return Pairing{}, Missing(op, "point.unknown", string(at))
	}
	now := d.Now()
	p := Pairing{Point: point.Code, Name: name, By: by, MadeAt: now, ExpiresAt: now.Add(PairingLife)}
	var err error
	for range 3 { // two codes may meet, three times in a row they do not
		p.Code = d.NewCode()
		if err = d.Store.PutPairing(ctx, p); KindOf(err) != Conflict {
			break
		}
	}
	if err != nil {
		return Pairing{}, fmt.Errorf("%s: %w", op, err)
	}
	return p, nil
}

// longestDevice bounds the name of a device, in characters.
const longestDevice = 80

// Pair makes a device of a code and returns its key, which is told this once
// and not stored. A device that was revoked and pairs again at its point keeps
// its id, so that its queue and its sequence go on. Errors: NotFound for an
// unknown code, Gone for one that was used or has expired, in the same words.
func (d *Devices) Pair(ctx context.Context, code string, old DeviceID) (Device, string, error) {
	const op = "survey.Pair"
	known, err := d.revoked(ctx, old)
	if err != nil {
		return Device{}, "", fmt.Errorf("%s: %w", op, err)
	}
	key, now := d.NewKey(), d.Now()
	var made Device
	err = d.Store.UsePairing(ctx, Plain(code), func(p *Pairing) (Device, error) {
		if p.Device != "" || !now.Before(p.ExpiresAt) {
			return Device{}, &Error{Kind: Gone, Op: op, Key: "device.bad_code"}
		}
		made = Device{ID: d.NewID(), Point: p.Point, Beat: Heartbeat{Battery: -1}}
		if known.ID != "" && known.Point == p.Point {
			made = known
		}
		made.Name, made.KeyDigest, made.PairedBy, made.PairedAt, made.RevokedAt = p.Name, sha256.Sum256([]byte(key)), p.By, now, time.Time{}
		return made, nil
	})
	switch {
	case KindOf(err) == NotFound && err != nil:
		return Device{}, "", Missing(op, "device.bad_code")
	case err != nil:
		return Device{}, "", fmt.Errorf("%s: %w", op, err)
	}
	return made, key, nil
}

// revoked returns the device with id if it may be paired again, and none
// otherwise: a device in use is not taken over by who knows its id.
func (d *Devices) revoked(ctx context.Context, id DeviceID) (Device, error) {
	if id == "" {
		return Device{}, nil
	}
	old, err := d.Store.Device(ctx, id)
	switch {
	case KindOf(err) == NotFound && err != nil, err == nil && old.RevokedAt.IsZero():
		return Device{}, nil
	}
	return old, err
}

// Authenticate returns the device that a key belongs to. It is Unsigned for a
// key nobody has, and for one that was revoked, from that moment on: nothing is
// kept between calls.
func (d *Devices) Authenticate(ctx context.Context, key string) (Device, error) {
	const op = "survey.Authenticate"
	dev, err := d.Store.DeviceByKey(ctx, sha256.Sum256([]byte(key)))
	switch {
	case err != nil && KindOf(err) == NotFound, err == nil && !dev.RevokedAt.IsZero():
		return Device{}, &Error{Kind: Unsigned, Op: op, Key: "device.unpaired"}
	case err != nil:
		return Device{}, fmt.Errorf("%s: %w", op, err)
	}
	return dev, nil
}

// Beat keeps what a device says of itself. at is the device's own clock, zero
// if it does not tell. It is Unsigned for a device that was revoked meanwhile.
func (d *Devices) Beat(ctx context.Context, id DeviceID, b Heartbeat, at time.Time) (Heartbeat, error) {
	const op = "survey.Beat"
	if bad := b.check(); len(bad) > 0 {
		return Heartbeat{}, &Error{Kind: Invalid, Op: op, Fields: bad}
	}
	b.At = d.Now()
	if !at.IsZero() {
		b.Skew = at.Sub(b.At).Milliseconds()
	}
	err := d.Store.UpdateDevice(ctx, id, func(dev *Device) error {
		if !dev.RevokedAt.IsZero() {
			return &Error{Kind: Unsigned, Op: op, Key: "device.unpaired"}
		}
		dev.Beat = b
		return nil
	})
	if err != nil {
		return Heartbeat{}, fmt.Errorf("%s: %w", op, err)
	}
	return b, nil
}

// mostCounted bounds a count that a device claims.
const mostCounted = 1 << 40

func (b *Heartbeat) check() (bad []FieldError) {
	for _, n := range []struct {
		field string
		value int64
	}{
		{"queue", int64(b.Queue)},
		{"shelf", int64(b.Shelf)},
		{"made", b.Made},
		{"sent", b.Sent},
		{"acked", b.Acked},
		{"ignored", b.Ignored},
		{"last_seq", b.LastSeq},
	} {
		if n.value < 0 || n.value > mostCounted {
			bad = append(bad, FieldError{n.field, "device.bad_count", nil})
		}
	}
	if b.Battery < -1 || b.Battery > 100 {
		bad = append(bad, FieldError{"battery", "device.bad_battery", nil})
	}
	if len(b.Version) > longestWord || CheckText(b.Version) != "" {
		bad = append(bad, FieldError{"version", "device.bad_version", []any{longestWord}})
	}
	return bad
}

// Revoke takes the key from a device. It is harmless to do it twice.
func (d *Devices) Revoke(ctx context.Context, id DeviceID) error {
	now := d.Now()
	err := d.Store.UpdateDevice(ctx, id, func(dev *Device) error {
		if dev.RevokedAt.IsZero() {
			dev.RevokedAt = now
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("survey.Revoke: %w", err)
	}
	return nil
}

// Silent reports whether a device in use has not been heard of for a while in
// which its office is open: now, and for so long already.
func (d *Devices) Silent(dev Device) bool {
	if !dev.RevokedAt.IsZero() {
		return false
	}
	now, heard := d.Now(), dev.PairedAt
	if dev.Beat.At.After(heard) {
		heard = dev.Beat.At
	}
	c := d.Catalog()
	point, ok := c.Points[dev.Point]
	// Open for as long as the silence may last: whoever switches it on at eight
	// has a few minutes for it.
	return ok && now.Sub(heard) >= silentAfter && c.OpenAt(point, now, d.Zone) && c.OpenAt(point, now.Add(-silentAfter), d.Zone)
}

// Missing is how many responses a device has made that are neither stored nor
// wait on it, by its last heartbeat.
func (dev *Device) Missing() int64 {
	return max(0, max(dev.Beat.LastSeq, dev.Highest)-dev.Stored-int64(dev.Beat.Queue)-int64(dev.Beat.Shelf))
}

// Set sets places' settings for an account, or clears them where the value is
// empty. The values are checked first; fields are named like the settings.
func (d *Devices) Set(ctx context.Context, by string, set map[SettingKey]string) error {
	const op = "survey.Set"
	var bad []FieldError
	for key, value := range set {
		if fault, args := key.Name.check(value); value != "" && fault != "" {
			bad = append(bad, FieldError{string(key.Name), fault, args})
		}
	}
	if len(bad) > 0 {
		slices.SortFunc(bad, func(a, b FieldError) int { return strings.Compare(a.Field, b.Field) })
		return &Error{Kind: Invalid, Op: op, Fields: bad}
	}
	err := d.Store.PutSettings(ctx, by, d.Now(), set)
	if err == nil {
		err = d.Reload(ctx)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}
