// Package demo fills an empty database with a province that people can try
// everything on: Quảng Ninh with its real units, a closed and published
// survey by sample, a continuous one that is open, kiosks, and three accounts.
// Every response is made up by package simulate and passes the same checks as
// a citizen's.
package demo

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"math/rand/v2"
	"time"

	"sipas/internal/auth"
	"sipas/internal/book"
	"sipas/internal/importer"
	"sipas/internal/survey"
)

// data holds the units, successions and services; its README names sources.
//
//go:embed data/*.csv
var data embed.FS

// The waves of the demo.
const (
	Sample     survey.WaveID = "moha-2023" // by the ministry's form, closed and published
	Earlier    survey.WaveID = "moha-2023-before"
	Oldest     survey.WaveID = "moha-2017" // by the form before, in units that are gone
	Continuous survey.WaveID = "onestop"   // after a dossier, open
	OneTap     survey.WaveID = "pulse"     // at the kiosks, open
)

// Account is somebody who can sign in.
type Account struct {
	Name string
	Role auth.Role
	Unit survey.UnitCode
}

// Accounts are the accounts of the demo; all have the same password.
var Accounts = []Account{
	{"admin", auth.Admin, ""},
	{"manager", auth.Manager, "qn.p-uong-bi"},
	{"auditor", auth.Auditor, ""},
}

// AccountAdder adds accounts, as auth.Service does.
type AccountAdder interface {
	AddAccount(ctx context.Context, name, password string, role auth.Role, unit survey.UnitCode) error
}

// Size is how much there is to be in the demo. Earlier is of each of the
// samples before; without it there are none.
type Size struct{ Earlier, Sample, Continuous, OneTap int }

// Full is what people try.
var Full = Size{Earlier: 1200, Sample: 4000, Continuous: 20_000, OneTap: 3000}

// Filler fills a database.
type Filler struct {
	Registry survey.Registry // its clock and point codes are replaced
	Ledger   survey.Ledger
	Accounts AccountAdder
	Book     book.Writer // nil: no index book
	Types    *book.Types
	Key      survey.ReceiptKey
	Zone     *time.Location
	Password string
	Seed     uint64
	Size     Size
}

// Fill fills the empty database as if the time were now. The same seed and now
// give the same responses.
func (f *Filler) Fill(ctx context.Context, now time.Time) error {
	b := &builder{
		Filler: f, registry: f.Registry, now: now.In(f.Zone).Truncate(time.Second),
		rnd: rand.New(rand.NewPCG(f.Seed, 0xde30)), //nolint:gosec // made-up data, not secrets
	}
	b.registry.Now = func() time.Time { return b.clock }
	b.registry.NewPoint = b.code
	b.clock = b.now
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"accounts", b.accounts}, // first: a bad password leaves the database empty
		{"units", b.units},
		{"successions and services", b.successionsAndServices},
		{"samples", b.samples},
		{"open waves", b.openWaves},
		{"index book", b.book},
		{"tallies", func(ctx context.Context) error { _, err := b.registry.Folder.FoldAll(ctx); return err }},
	} {
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("demo: %s: %w", step.name, err)
		}
	}
	return nil
}

// builder is one filling under way, with a clock that it turns itself.
type builder struct {
	*Filler
	registry survey.Registry
	rnd      *rand.Rand
	now      time.Time // the present
	clock    time.Time // the moment that is being made up
}

func (b *builder) code() survey.PointCode {
	var code [survey.PointCodeLength]byte
	for i := range code {
		code[i] = survey.PointAlphabet[b.rnd.IntN(len(survey.PointAlphabet))]
	}
	return survey.PointCode(code[:])
}

func (b *builder) units(ctx context.Context) error {
	file, err := data.ReadFile("data/quang-ninh.csv")
	if err != nil {
		return err
	}
	rows, err := importer.Units(bytes.NewReader(file), b.registry.Catalog().Tree)
	if err != nil {
		return err
	}
	return b.registry.ImportUnits(ctx, rows)
}

func (b *builder) successionsAndServices(ctx context.Context) error {
	tree := b.registry.Catalog().Tree
	file, err := data.ReadFile("data/quang-ninh-succession.csv")
	if err != nil {
		return err
	}
	successions, err := importer.Successions(bytes.NewReader(file), &survey.Catalog{Tree: tree})
	if err != nil {
		return err
	}
	if err := b.registry.Store.PutSuccessions(ctx, successions); err != nil {
		return err
	}
	file, err = data.ReadFile("data/services.csv")
	if err != nil {
		return err
	}
	services, err := importer.Services(bytes.NewReader(file), tree)
	if err != nil {
		return err
	}
	if err := b.registry.Store.PutServices(ctx, services); err != nil {
		return err
	}
	return b.registry.Reload(ctx)
}

func (b *builder) accounts(ctx context.Context) error {
	for _, a := range Accounts {
		if err := b.Accounts.AddAccount(ctx, a.Name, b.Password, a.Role, a.Unit); err != nil {
			return err
		}
	}
	return nil
}
