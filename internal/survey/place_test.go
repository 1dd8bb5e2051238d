package survey

import (
	"errors"
	"testing"
	"time"
)

func TestHoursOpen(t *testing.T) {
	const office = "mon-fri 07:30-11:30 13:30-17:00; sat 07:30-11:30"
	for _, c := range []struct {
		hours, at string // a Monday is 2026-03-02
		want      bool
	}{
		{office, "2026-03-02 07:30", true},
		{office, "2026-03-02 07:29", false},
		{office, "2026-03-02 11:30", false},
		{office, "2026-03-02 16:59", true},
		{office, "2026-03-07 08:00", true},
		{office, "2026-03-07 14:00", false},
		{office, "2026-03-08 08:00", false},
		{"", "2026-03-08 03:00", true},
		{"always", "2026-03-08 03:00", true},
		{"sat-mon 08:00-12:00", "2026-03-08 09:00", true},
		{"sat-mon 08:00-12:00", "2026-03-03 09:00", false},
		{"fri 22:00-02:00", "2026-03-06 23:59", true},
		{"fri 22:00-02:00", "2026-03-07 01:59", true},
		{"fri 22:00-02:00", "2026-03-07 02:00", false},
		{"fri 22:00-02:00", "2026-03-06 01:00", false},
		{"sat 20:00-24:00", "2026-03-07 23:59", true},
		{"sat 20:00-00:00", "2026-03-08 00:00", false},
		{"sat 20:00-04:00", "2026-03-08 00:00", true},
	} {
		h, err := ParseHours(c.hours)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse("2006-01-02 15:04", c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := h.Open(at); got != c.want {
			t.Errorf("%q at %s: open %v", c.hours, c.at, got)
		}
		again, err := ParseHours(h.String())
		if err != nil || again.String() != h.String() || len(h) > 0 && again.Open(at) != c.want {
			t.Errorf("%q written again is %q, %v", c.hours, h, err)
		}
	}
}

func TestHoursThatCannotBeRead(t *testing.T) {
	for text, part := range map[string]string{
		"mon": "mon", "thứ hai 08:00-11:00": "thứ hai 08:00-11:00", "mon 8-11": "8-11", "mon 08:00-08:00": "08:00-08:00",
		"mon 08:00-11:00; tue 25:00-26:00": "25:00-26:00", "mon 24:00-01:00": "24:00-01:00", "mon 07:30-11:30 xx": "xx",
	} {
		_, err := ParseHours(text)
		if e, ok := errors.AsType[*HoursError](err); !ok || e.Part != part {
			t.Errorf("%q: %v, want it to name %q", text, err, part)
		}
	}
}

// place is a province with a ward in it and a point there.
func place(settings map[SettingKey]string) (*Catalog, Point) {
	return &Catalog{
		Tree:     NewTree([]Unit{{Code: "p"}, {Code: "p.w", Parent: "p"}}),
		Settings: settings,
	}, Point{Code: "AAAAAA", Unit: "p.w"}
}

func TestSettingsAreInherited(t *testing.T) {
	province, ward, point := SettingKey{Unit: "p", Name: IdleSetting}, SettingKey{Unit: "p.w", Name: IdleSetting}, SettingKey{Point: "AAAAAA", Name: IdleSetting}
	for _, c := range []struct {
		name string
		set  map[SettingKey]string
		want SettingValue
	}{
		{"default", nil, SettingValue{Value: "30"}},
		{"province", map[SettingKey]string{province: "40"}, SettingValue{"40", province}},
		{"ward", map[SettingKey]string{province: "40", ward: "50"}, SettingValue{"50", ward}},
		{"point", map[SettingKey]string{province: "40", ward: "50", point: "60"}, SettingValue{"60", point}},
		{"another point", map[SettingKey]string{{Point: "BBBBBB", Name: IdleSetting}: "60"}, SettingValue{Value: "30"}},
	} {
		cat, at := place(c.set)
		if got := cat.SettingAt(at, IdleSetting); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
	cat, at := place(map[SettingKey]string{province: "soon"})
	if got := cat.Seconds(at, IdleSetting); got != 30*time.Second {
		t.Errorf("seconds that are no number: %v", got)
	}
}

func TestOpenAtInTheZoneOfThePlace(t *testing.T) {
	hours := SettingKey{Unit: "p", Name: HoursSetting}
	eight := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC) // 15:00 in Hà Nội
	hanoi := time.FixedZone("+07", 7*3600)
	for _, c := range []struct {
		name string
		set  map[SettingKey]string
		want bool
	}{
		{"the deployment's zone", map[SettingKey]string{hours: "mon 14:00-16:00"}, true},
		{"its own zone", map[SettingKey]string{hours: "mon 14:00-16:00", {Unit: "p.w", Name: ZoneSetting}: "UTC"}, false},
		{"a zone nobody knows", map[SettingKey]string{hours: "mon 14:00-16:00", {Unit: "p.w", Name: ZoneSetting}: "Nowhere/X"}, true},
		{"always below closed", map[SettingKey]string{hours: "sun 01:00-02:00", {Point: "AAAAAA", Name: HoursSetting}: AlwaysOpen}, true},
		{"closed", map[SettingKey]string{hours: "sun 01:00-02:00"}, false},
	} {
		cat, at := place(c.set)
		if got := cat.OpenAt(at, eight, hanoi); got != c.want {
			t.Errorf("%s: open %v", c.name, got)
		}
	}
}

func TestSilentInOpeningHours(t *testing.T) {
	cat, at := place(map[SettingKey]string{{Unit: "p", Name: HoursSetting}: "mon 08:00-12:00"})
	cat.Points = map[PointCode]Point{at.Code: at}
	monday := func(clock string) time.Time {
		m, err := time.Parse("2006-01-02 15:04", "2026-03-02 "+clock)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for _, c := range []struct {
		now, heard string
		revoked    bool
		want       bool
	}{
		{now: "09:00", heard: "08:56", want: false},
		{now: "09:00", heard: "08:55", want: true},
		{now: "07:00", heard: "06:00", want: false},
		{now: "12:30", heard: "11:00", want: false},
		{now: "08:03", heard: "06:00", want: false}, // switched on a little late is no alarm
		{now: "08:05", heard: "06:00", want: true},
		{now: "09:00", heard: "08:00", revoked: true, want: false},
	} {
		d := &Devices{Catalog: func() *Catalog { return cat }, Now: func() time.Time { return monday(c.now) }, Zone: time.UTC}
		dev := Device{Point: at.Code, PairedAt: monday("06:00").AddDate(0, 0, -1), Beat: Heartbeat{At: monday(c.heard)}}
		if c.revoked {
			dev.RevokedAt = monday("08:30")
		}
		if got := d.Silent(dev); got != c.want {
			t.Errorf("at %s, heard at %s, revoked %v: silent %v", c.now, c.heard, c.revoked, got)
		}
	}
}

func TestMissing(t *testing.T) {
	for _, c := range []struct {
		dev  Device
		want int64
	}{
		{Device{Stored: 10, Highest: 10, Beat: Heartbeat{LastSeq: 12, Queue: 2}}, 0},
		{Device{Stored: 9, Highest: 10, Beat: Heartbeat{LastSeq: 12, Queue: 1, Shelf: 1}}, 1},
		{Device{Stored: 12, Highest: 12, Beat: Heartbeat{LastSeq: 11, Queue: 1}}, 0}, // stored after the last heartbeat
		{Device{Stored: 3, Highest: 5}, 2},
	} {
		if got := c.dev.Missing(); got != c.want {
			t.Errorf("%+v: %d missing, want %d", c.dev, got, c.want)
		}
	}
}

func TestPIN(t *testing.T) {
	for _, bad := range []string{"", "123", "123456789", "12a4", "١٢٣٤"} {
		if _, err := NewPIN(bad, [16]byte{}); KindOf(err) != Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
	v, err := NewPIN("2580", [16]byte{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := ParsePIN(v.String()); !ok || got != v {
		t.Errorf("%q reads as %+v", v, got)
	}
	// From another implementation of PBKDF2-HMAC-SHA-256 over the same input.
	if want := "a734b5cd9321359e33bf0e882995791a64f9594f4f2f1466dd76be8ba24f6e65"; v.Hash != want || v.Rounds != 100_000 {
		t.Errorf("%+v", v)
	}
}
