package survey

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// CatalogStore keeps units, successions and services. Each call is one
// transaction: all rows or none.
type CatalogStore interface {
	PutUnits(ctx context.Context, units []Unit) error
	PutSuccessions(ctx context.Context, s []Succession) error
	PutServices(ctx context.Context, s []Service) error
}

// WaveStore keeps waves, points and published figures.
type WaveStore interface {
	// PutWave adds a wave; Conflict if the id is taken.
	PutWave(ctx context.Context, w Wave) error
	// UpdateWave loads a wave, lets change alter it, and saves it, in one
	// transaction; nothing is saved if change returns an error.
	UpdateWave(ctx context.Context, id WaveID, change func(*Wave) error) error
	// PutPoints adds points; Conflict if a code is taken.
	PutPoints(ctx context.Context, ps []Point) error
	// PublishWave stores the reports and moves the wave to Published at at, in
	// one transaction.
	PublishWave(ctx context.Context, id WaveID, reports []Report, at time.Time) error
}

// Registry keeps units, services, waves and points in order.
type Registry struct {
	Store interface {
		CatalogStore
		WaveStore
		PlanStore
		NoteStore
	}
	Reader   *Reader
	Folder   *Folder
	Catalog  func() *Catalog
	Reload   func(context.Context) error // makes Catalog see what was just stored
	Now      func() time.Time
	NewPoint func() PointCode // a fresh random code
}

// ImportUnits adds or replaces units, all or none; Invalid names every bad row.
func (g *Registry) ImportUnits(ctx context.Context, rows []UnitRow) error {
	const op = "survey.ImportUnits"
	if bad := CheckUnits(rows, g.Catalog().Tree); len(bad) > 0 {
		return &Error{Kind: Invalid, Op: op, Fields: bad}
	}
	units := make([]Unit, len(rows))
	for i, r := range rows {
		units[i] = r.Unit
	}
	return g.stored(ctx, op, g.Store.PutUnits(ctx, units))
}

// stored reloads the catalog after a successful change.
func (g *Registry) stored(ctx context.Context, op string, err error) error {
	if err == nil {
		err = g.Reload(ctx)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// CreateWave adds a wave in state Draft.
func (g *Registry) CreateWave(ctx context.Context, w Wave) error {
	const op = "survey.CreateWave"
	c := g.Catalog()
	var bad []FieldError
	complain := func(field, key string, args ...any) { bad = append(bad, FieldError{field, key, args}) }
	if !CodeOK(string(w.ID)) {
		complain("id", "wave.bad_id")
	}
	if w.Name = strings.TrimSpace(w.Name); w.Name == "" || len([]rune(w.Name)) > longestName {
		complain("name", "wave.bad_name", longestName)
	}
	in := c.Instruments[w.Instrument]
	if in == nil {
		complain("instrument", "wave.unknown_instrument", w.Instrument)
	}
	if len(w.Units) == 0 {
		complain("units", "wave.no_units")
	}
	for _, u := range w.Units {
		if _, ok := c.Tree.Unit(u); !ok {
			complain("units", "unit.unknown", u)
		}
	}
	if w.To < w.From {
		complain("to", "wave.dates_reversed")
	}
	w.Sampling = cmp.Or(w.Sampling, Simple)
	w.checkDesign(complain)
	if in != nil && in.Spec.Units == WeightedUnits && len(w.Weights) == 0 {
		complain("weights", "wave.needs_weights")
	}
	if len(bad) > 0 {
		return &Error{Kind: Invalid, Op: op, Fields: bad}
	}
	w.State, w.InstrumentHash = Draft, in.Hash
	return g.stored(ctx, op, g.Store.PutWave(ctx, w))
}

// MoveWave takes a wave one step on: to Open or to Closed. Publishing is
// Publish.
func (g *Registry) MoveWave(ctx context.Context, id WaveID, to WaveState) error {
	const op = "survey.MoveWave"
	err := g.Store.UpdateWave(ctx, id, func(w *Wave) error {
		if w.State.Next() != to || to == Published {
			return &Error{Kind: Conflict, Op: op, Key: "wave.wrong_step", Args: []any{w.State, to}}
		}
		switch w.State = to; to {
		case Open:
			w.OpenedAt = g.Now()
		case Closed:
			w.ClosedAt = g.Now()
		}
		return nil
	})
	return g.stored(ctx, op, err)
}

// Publish freezes every figure of a closed wave: the reports of all units it
// covers, at one watermark, which then never change.
func (g *Registry) Publish(ctx context.Context, id WaveID) error {
	const op = "survey.Publish"
	c := g.Catalog()
	w := c.Waves[id]
	switch {
	case w == nil:
		return Missing(op, "wave.unknown", string(id))
	case w.State != Closed:
		return &Error{Kind: Conflict, Op: op, Key: "wave.wrong_step", Args: []any{w.State, Published}}
	}
	if _, err := g.Folder.FoldAll(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	var units []UnitCode
	for _, root := range w.Units {
		units = append(units, c.Tree.Subtree(root)...)
	}
	slices.Sort(units)
	units = slices.Compact(units)
	reading, err := g.Reader.Read(ctx, Query{Wave: id, Units: units, Precise: units})
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	at := g.Now()
	var reports []Report
	for _, u := range units {
		if reading.Indices[u].N > 0 || slices.Contains(w.Units, u) {
			r := reading.Report(u)
			r.PublishedAt = &at
			reports = append(reports, r)
		}
	}
	return g.stored(ctx, op, g.Store.PublishWave(ctx, id, reports, at))
}

// CreatePoint adds a point and gives it a code.
func (g *Registry) CreatePoint(ctx context.Context, p Point) (Point, error) {
	const op = "survey.CreatePoint"
	c := g.Catalog()
	var bad []FieldError
	complain := func(field, key string, args ...any) { bad = append(bad, FieldError{field, key, args}) }
	if p.Name = strings.TrimSpace(p.Name); p.Name == "" || len([]rune(p.Name)) > longestName {
		complain("name", "point.bad_name", longestName)
	}
	w := c.Waves[p.Wave]
	_, known := c.Tree.Unit(p.Unit)
	switch {
	case w == nil:
		complain("wave", "wave.unknown", p.Wave)
	case w.State == Closed || w.State == Published:
		complain("wave", "wave.over")
	case !known:
		complain("unit", "unit.unknown", p.Unit)
	case !w.Covers(c.Tree, p.Unit):
		complain("unit", "point.unit_not_in_wave", p.Unit)
	}
	if !slices.Contains(Channels, p.Channel) {
		complain("channel", "point.unknown_channel", p.Channel)
	}
	if _, ok := c.Services[p.Service]; p.Service != "" && !ok {
		complain("service", "response.unknown_service", p.Service)
	}
	if len(bad) > 0 {
		return Point{}, &Error{Kind: Invalid, Op: op, Fields: bad}
	}
	p.Code = g.NewPoint()
	return p, g.stored(ctx, op, g.Store.PutPoints(ctx, []Point{p}))
}
