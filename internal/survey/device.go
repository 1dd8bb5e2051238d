package survey

import (
	"context"
	"crypto/sha256"
	"time"
)

// DeviceID names a paired device for ever; responses carry it.
type DeviceID string

// Device is a kiosk that was paired with a point. It keeps its point for life:
// at another point it is another device.
type Device struct {
	ID        DeviceID
	Point     PointCode
	Name      string // what staff call it: "Máy bảng quầy 3"
	KeyDigest [sha256.Size]byte
	PairedBy  string // account
	PairedAt  time.Time
	RevokedAt time.Time // zero: in use
	Beat      Heartbeat // the last one; its At is zero before the first
	Stored    int64     // responses of the device that are stored, by sequence number
	Highest   int64     // the highest sequence number among them
}

// Heartbeat is what a device says of itself every minute.
type Heartbeat struct {
	At      time.Time `json:"-"`        // by the server's clock
	Version string    `json:"version"`  // of the page
	Queue   int       `json:"queue"`    // answers that wait to be sent
	Shelf   int       `json:"shelf"`    // answers that the server refused, for staff
	Made    int64     `json:"made"`     // today, by the device's own day
	Sent    int64     `json:"sent"`     // today
	Acked   int64     `json:"acked"`    // today: with a receipt
	Ignored int64     `json:"ignored"`  // today: presses inside the response interval
	Battery int       `json:"battery"`  // percent; -1: the browser does not tell
	LastSeq int64     `json:"last_seq"` // the highest sequence number given so far
	Skew    int64     `json:"skew"`     // milliseconds that the device's clock is ahead of ours
}

// Pairing is a code that staff made for one device, once.
type Pairing struct {
	Code      string // six characters of PointAlphabet
	Point     PointCode
	Name      string
	By        string // account
	MadeAt    time.Time
	ExpiresAt time.Time
	Device    DeviceID // the device it was used by; empty: not used
}

// Gap is a run of sequence numbers that a device has given and that are not
// stored.
type Gap struct{ From, To int64 }

// DeviceStore keeps devices.
type DeviceStore interface {
	PutPairing(ctx context.Context, p Pairing) error
	// UsePairing looks the code up, lets use make a device of it, and stores
	// both, in one transaction. It is NotFound for an unknown code.
	UsePairing(ctx context.Context, code string, use func(*Pairing) (Device, error)) error
	// Devices returns every device, by id.
	Devices(ctx context.Context) ([]Device, error)
	// UpdateDevice loads a device, lets change alter it, and saves it, in one
	// transaction.
	UpdateDevice(ctx context.Context, id DeviceID, change func(*Device) error) error
	// Gaps returns at most limit gaps below the device's highest stored number.
	Gaps(ctx context.Context, id DeviceID, limit int) ([]Gap, error)
}

// DeviceIndex finds devices and the codes they are paired by.
type DeviceIndex interface {
	// Pairing returns the pairing of a code; NotFound for an unknown code.
	Pairing(ctx context.Context, code string) (Pairing, error)
	// Device returns the device with id; NotFound if there is none.
	Device(ctx context.Context, id DeviceID) (Device, error)
	// DeviceByKey returns the device whose key has this digest, revoked or not;
	// NotFound if there is none.
	DeviceByKey(ctx context.Context, digest [sha256.Size]byte) (Device, error)
}

// SettingStore keeps settings of places.
type SettingStore interface {
	// PutSettings sets each key to its value, or clears it where the value is
	// empty, all in one transaction. What that changes is kept with who did it.
	PutSettings(ctx context.Context, by string, at time.Time, set map[SettingKey]string) error
	// SettingChanges are the changes of some settings at a unit, the latest first.
	SettingChanges(ctx context.Context, unit UnitCode, names []Setting) ([]SettingChange, error)
}
