package main

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"

	"sipas/internal/survey"
)

func (a *app) devices() *survey.Devices {
	return &survey.Devices{
		Store: a.store, Catalog: a.catalog, Reload: a.reload, Now: a.now, Zone: a.zone,
		NewCode: func() string { return string(newPoint()) }, NewKey: newDeviceKey, NewID: newDeviceID,
	}
}

// newDeviceKey is what a device proves itself with: 256 bits.
func newDeviceKey() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return survey.KeyPrefix + base64.RawURLEncoding.EncodeToString(b[:])
}

func newDeviceID() survey.DeviceID {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return survey.DeviceID(hex.EncodeToString(b[:]))
}
