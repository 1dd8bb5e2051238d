package main

import (
	"context"
	"crypto/rand"
	"fmt"

	"sipas/internal/demo"
	"sipas/internal/survey"
)

// demoPIN lets staff out of the demo's kiosks.
const demoPIN = "2580"

// demoHours are those of offices in Việt Nam. The unit that the tour shows is
// always open, so that whoever tries its kiosk in the evening is counted too.
const (
	demoHours                     = "mon-fri 07:30-11:30 13:30-17:00; sat 07:30-11:30"
	demoTop, demoOpen             = survey.UnitCode("qn"), survey.UnitCode("qn.p-uong-bi")
	demoVersion                   = "demo" // on the page of staff: its facts are made up
	demoTarget                    = "90"   // percent, made up too
	demoMade, demoLate, demoAside = 41, 3, 1
)

// demoKiosks sets opening hours, a PIN and a target, and pairs two kiosks that say
// something made up of themselves. It comes after everything is folded: what was
// answered before there were hours is not held against anybody.
func (a *app) demoKiosks(ctx context.Context) error {
	var salt [16]byte
	_, _ = rand.Read(salt[:]) // never fails
	pin, err := survey.NewPIN(demoPIN, salt)
	if err != nil {
		return err
	}
	devices := a.devices()
	err = devices.Set(ctx, "demo", map[survey.SettingKey]string{
		{Unit: demoTop, Name: survey.HoursSetting}:  demoHours,
		{Unit: demoTop, Name: survey.PINSetting}:    pin.String(),
		{Unit: demoTop, Name: survey.TargetSetting}: demoTarget,
		{Unit: demoOpen, Name: survey.HoursSetting}: survey.AlwaysOpen,
	})
	if err != nil {
		return err
	}
	beats := []survey.Heartbeat{
		{Version: demoVersion, Made: demoMade, Sent: demoMade, Acked: demoMade, Ignored: demoLate, Battery: 86},
		{Version: demoVersion, Made: demoMade, Sent: demoMade - demoLate, Acked: demoMade - demoLate, Queue: demoLate, Shelf: demoAside, LastSeq: demoLate + demoAside, Battery: 34},
	}
	for _, pt := range a.catalog().PointList(demo.OneTap) {
		if len(beats) == 0 || pt.Unit == demoOpen {
			continue
		}
		p, err := devices.MakePairing(ctx, demo.Accounts[0].Name, pt.Code, a.T("cli.demo.device", 3-len(beats)))
		if err != nil {
			return err
		}
		d, _, err := devices.Pair(ctx, p.Code, "")
		if err != nil {
			return err
		}
		if _, err := devices.Beat(ctx, d.ID, beats[0], a.now()); err != nil {
			return err
		}
		beats = beats[1:]
	}
	return nil
}

// tourKiosk prints where a kiosk can be tried, with a code that is made for it.
func (a *app) tourKiosk(ctx context.Context, url string, line func(key, text string)) error {
	pt, ok := shownPoint(a.catalog(), demo.OneTap, survey.Kiosk)
	if !ok {
		return nil
	}
	p, err := a.devices().MakePairing(ctx, demo.Accounts[0].Name, pt.Code, a.T("cli.demo.device", 0))
	if err != nil {
		return fmt.Errorf("pairing the demo's kiosk: %w", err)
	}
	line("cli.demo.kiosk", url+"/k/"+string(pt.Code))
	line("cli.demo.pairing", p.Code)
	line("cli.demo.pin", demoPIN)
	return nil
}
