package storetest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/store"
	"sipas/internal/survey"
)

func pairings(t *testing.T, s *store.Store) {
	ctx := t.Context()
	Fill(t, s)
	p := survey.Pairing{Code: "7K2M9P", Point: "BBBBBB", Name: "Máy 1", By: "anna", MadeAt: at(0), ExpiresAt: at(900)}
	must(t, s.PutPairing(ctx, p))
	wantKind(t, "a code taken", s.PutPairing(ctx, p), survey.Conflict)
	lost := p
	lost.Code, lost.Point = "ABCDEF", "ZZZZZZ"
	wantKind(t, "an unknown point", s.PutPairing(ctx, lost), survey.NotFound)

	kiosk := survey.Device{ID: "d1", Point: "BBBBBB", Name: "Máy 1", KeyDigest: [32]byte{1}, PairedBy: "anna", PairedAt: at(10), Beat: survey.Heartbeat{Battery: -1}}
	refused := errors.New("refused")
	use := func(want survey.Pairing, make survey.Device, err error) error {
		return s.UsePairing(ctx, want.Code, func(got *survey.Pairing) (survey.Device, error) {
			if d := cmp.Diff(want, *got); d != "" {
				t.Errorf("the pairing (-want +got):\n%s", d)
			}
			return make, err
		})
	}
	if err := use(p, survey.Device{}, refused); !errors.Is(err, refused) {
		t.Errorf("error %v, want the one of use", err)
	}
	must(t, use(p, kiosk, nil))
	p.Device = "d1"
	if err := use(p, survey.Device{}, refused); !errors.Is(err, refused) {
		t.Errorf("error %v, want the one of use", err)
	}
	wantKind(t, "an unknown code", s.UsePairing(ctx, "NOBODY", nil), survey.NotFound)
	seen, err := s.Pairing(ctx, p.Code)
	must(t, err)
	if seen.Device == "" || seen.Name != p.Name || seen.Point != p.Point || !seen.ExpiresAt.Equal(p.ExpiresAt) {
		t.Errorf("the pairing that was used is %+v", seen)
	}
	_, err = s.Pairing(ctx, "NOBODY")
	wantKind(t, "the pairing of an unknown code", err, survey.NotFound)

	again := survey.Pairing{Code: "AGAIN2", Point: "BBBBBB", Name: "Máy 1b", By: "anna", MadeAt: at(20), ExpiresAt: at(920)}
	must(t, s.PutPairing(ctx, again))
	kiosk.KeyDigest, kiosk.Name, kiosk.PairedAt = [32]byte{2}, "Máy 1b", at(30)
	must(t, use(again, kiosk, nil))
	got, err := s.DeviceByKey(ctx, [32]byte{2})
	must(t, err)
	if d := cmp.Diff(kiosk, got); d != "" {
		t.Errorf("paired again (-want +got):\n%s", d)
	}
	_, err = s.DeviceByKey(ctx, [32]byte{1})
	wantKind(t, "the key it had before", err, survey.NotFound)

	far := survey.Pairing{Code: "FARFAR", Point: "BBBBBB", Name: "x", By: "anna", MadeAt: at(10 * 86400), ExpiresAt: at(10*86400 + 900)}
	must(t, s.PutPairing(ctx, far))
	wantKind(t, "a code that expired long ago", s.UsePairing(ctx, "7K2M9P", nil), survey.NotFound)
}

// pair adds a device.
func pair(t *testing.T, s *store.Store, d survey.Device) {
	t.Helper()
	p := survey.Pairing{Code: "C" + string(d.ID), Point: d.Point, Name: d.Name, By: "anna", MadeAt: at(0), ExpiresAt: at(900)}
	must(t, s.PutPairing(t.Context(), p))
	must(t, s.UsePairing(t.Context(), p.Code, func(*survey.Pairing) (survey.Device, error) { return d, nil }))
}

func updateDevice(t *testing.T, s *store.Store) {
	ctx := t.Context()
	Fill(t, s)
	two := survey.Device{ID: "d2", Point: "AAAAAA", Name: "Hai", KeyDigest: [32]byte{2}, PairedBy: "anna", PairedAt: at(1)}
	one := survey.Device{ID: "d1", Point: "BBBBBB", Name: "Một", KeyDigest: [32]byte{1}, PairedBy: "binh", PairedAt: at(0)}
	pair(t, s, two)
	pair(t, s, one)
	one.RevokedAt = at(50)
	one.Beat = survey.Heartbeat{At: at(40), Version: "v1", Queue: 1, Shelf: 2, Made: 3, Sent: 4, Acked: 5, Ignored: 6, Battery: 70, LastSeq: 8, Skew: -9}
	must(t, s.UpdateDevice(ctx, "d1", func(d *survey.Device) error {
		*d = one
		d.ID, d.Point, d.Stored = "other", "AAAAAA", 99 // which it cannot change
		return nil
	}))
	all, err := s.Devices(ctx)
	must(t, err)
	if d := cmp.Diff([]survey.Device{one, two}, all); d != "" {
		t.Errorf("Devices (-want +got):\n%s", d)
	}
	got, err := s.Device(ctx, "d1")
	must(t, err)
	if d := cmp.Diff(one, got); d != "" {
		t.Errorf("Device (-want +got):\n%s", d)
	}
	refused := errors.New("refused")
	if err := s.UpdateDevice(ctx, "d1", func(d *survey.Device) error { d.Name = "x"; return refused }); !errors.Is(err, refused) {
		t.Errorf("error %v, want the one of change", err)
	}
	if got, err := s.Device(ctx, "d1"); err != nil || got.Name != "Một" {
		t.Errorf("after an update that was refused: %+v, %v", got, err)
	}
	wantKind(t, "update of nobody", s.UpdateDevice(ctx, "nobody", func(*survey.Device) error { return nil }), survey.NotFound)
	_, err = s.Device(ctx, "nobody")
	wantKind(t, "nobody", err, survey.NotFound)
}

func gaps(t *testing.T, s *store.Store) {
	Fill(t, s)
	for i, seq := range []int64{3, 4, 7, 8, 9, 20, 22} {
		r := NewResponse(i)
		r.Device, r.DeviceSeq = "d1", seq
		appended(t, s, seal(r))
	}
	for i, seq := range []int64{1, 5} { // another's numbers fill no gap
		r := NewResponse(100 + i)
		r.Device, r.DeviceSeq = "d2", seq
		appended(t, s, seal(r))
	}
	for _, c := range []struct {
		id    survey.DeviceID
		limit int
		want  []survey.Gap
	}{
		{"d1", 10, []survey.Gap{{From: 1, To: 2}, {From: 5, To: 6}, {From: 10, To: 19}, {From: 21, To: 21}}},
		{"d1", 2, []survey.Gap{{From: 1, To: 2}, {From: 5, To: 6}}},
		{"d2", 10, []survey.Gap{{From: 2, To: 4}}},
		{"d3", 10, nil},
	} {
		got, err := s.Gaps(t.Context(), c.id, c.limit)
		must(t, err)
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("gaps of %s, at most %d (-want +got):\n%s", c.id, c.limit, d)
		}
	}
}

func placeSettings(t *testing.T, s *store.Store) {
	ctx := t.Context()
	Fill(t, s)
	before, err := s.CatalogVersion(ctx)
	must(t, err)
	unit, point := survey.SettingKey{Unit: "p", Name: survey.IdleSetting}, survey.SettingKey{Point: "BBBBBB", Name: survey.HoursSetting}
	must(t, s.PutSettings(ctx, "lan", at(1), map[survey.SettingKey]string{unit: "40", point: "mon 08:00-12:00"}))
	must(t, s.PutSettings(ctx, "minh", at(2), map[survey.SettingKey]string{unit: "45"}))
	want := map[survey.SettingKey]string{unit: "45", point: "mon 08:00-12:00"}
	c, err := s.Catalog(ctx, nil)
	must(t, err)
	if d := cmp.Diff(want, c.Settings); d != "" {
		t.Errorf("Settings (-want +got):\n%s", d)
	}
	if c.Version <= before {
		t.Errorf("version %d after %d: no other node would see it", c.Version, before)
	}
	must(t, s.PutSettings(ctx, "lan", at(3), map[survey.SettingKey]string{unit: "", {Unit: "p.d1", Name: survey.IdleSetting}: ""}))
	delete(want, unit)
	c, err = s.Catalog(ctx, nil)
	must(t, err)
	if d := cmp.Diff(want, c.Settings); d != "" {
		t.Errorf("cleared (-want +got):\n%s", d)
	}
	settingChanges(t, s)
}

// settingChanges: who changed what, when, from what; not what stayed, and never a
// PIN.
func settingChanges(t *testing.T, s *store.Store) {
	ctx := t.Context()
	level, pin := survey.SettingKey{Unit: "p", Name: survey.CommendLevelSetting}, survey.SettingKey{Unit: "p", Name: survey.PINSetting}
	must(t, s.PutSettings(ctx, "lan", at(1), map[survey.SettingKey]string{level: "85", pin: "a secret"}))
	must(t, s.PutSettings(ctx, "minh", at(2), map[survey.SettingKey]string{level: "85"}))
	must(t, s.PutSettings(ctx, "minh", at(3), map[survey.SettingKey]string{level: "", {Unit: "p.c1", Name: survey.CommendLevelSetting}: "70"}))
	got, err := s.SettingChanges(ctx, "p", []survey.Setting{survey.CommendLevelSetting, survey.PINSetting})
	must(t, err)
	want := []survey.SettingChange{
		{Key: level, Before: "85", After: "", By: "minh", At: at(3)},
		{Key: level, Before: "", After: "85", By: "lan", At: at(1)},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("changes (-want +got):\n%s", d)
	}
	c, err := s.Catalog(ctx, nil)
	must(t, err)
	if c.Settings[pin] != "a secret" {
		t.Errorf("the PIN is not kept: %q", c.Settings[pin])
	}
}
