package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/survey"
)

// shortCache lets clients keep public facts for a minute.
const shortCache = "public, max-age=60"

type apiPoint struct {
	Code       survey.PointCode    `json:"code"`
	Name       string              `json:"name"`
	Channel    survey.Channel      `json:"channel"`
	Unit       apiUnitName         `json:"unit"`
	Wave       apiPointWave        `json:"wave"`
	Instrument survey.InstrumentID `json:"instrument"`
	Service    *survey.ServiceCode `json:"service"`
}

type apiUnitName struct {
	Code survey.UnitCode `json:"code"`
	Name string          `json:"name"`
}

type apiPointWave struct {
	ID       survey.WaveID    `json:"id"`
	Name     string           `json:"name"`
	State    survey.WaveState `json:"state"`
	Design   survey.Design    `json:"design"`
	OpensAt  *time.Time       `json:"opens_at"`
	ClosesAt *time.Time       `json:"closes_at"`
}

// getPoint answers GET /api/v1/points/{code}. A point whose wave is closed is
// still there, so that a device can tell why its form has gone; one whose wave
// is a draft is not there yet.
func (s *server) getPoint(c *fiber.Ctx) error {
	catalog := s.Catalog()
	p, w, err := catalog.OpenPoint(survey.PointCode(c.Params("code")))
	if err != nil && survey.KindOf(err) != survey.Gone {
		return err
	}
	unit, _ := catalog.Tree.Unit(p.Unit)
	out := apiPoint{
		Code: p.Code, Name: p.Name, Channel: p.Channel, Unit: apiUnitName{unit.Code, unit.Name}, Instrument: w.Instrument,
		Wave: apiPointWave{
			ID: w.ID, Name: w.Name, State: w.State, Design: w.Design,
			OpensAt: s.timeOr(w.OpenedAt, w.From), ClosesAt: s.timeOr(w.ClosedAt, w.To+1),
		},
	}
	if w.To == survey.Always && w.ClosedAt.IsZero() {
		out.Wave.ClosesAt = nil
	}
	if p.Service != "" {
		out.Service = &p.Service
	}
	c.Set(fiber.HeaderCacheControl, shortCache)
	return sendJSON(c, fiber.StatusOK, out)
}

// timeOr returns at, or the beginning of the planned day d where at is not
// known yet.
func (s *server) timeOr(at time.Time, d survey.Day) *time.Time {
	if at.IsZero() {
		day := d.Date()
		at = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, s.Zone)
	}
	at = at.In(s.Zone).Truncate(time.Second)
	return &at
}

type apiUnit struct {
	Code      survey.UnitCode  `json:"code"`
	Name      string           `json:"name"`
	Kind      survey.UnitKind  `json:"kind"`
	Parent    *survey.UnitCode `json:"parent"`
	ValidFrom string           `json:"valid_from"`
	ValidTo   *string          `json:"valid_to"`
}

// getUnits answers GET /api/v1/units: every unit, past ones too.
func (s *server) getUnits(c *fiber.Ctx) error {
	out := []apiUnit{}
	for _, u := range s.Catalog().Tree.All() {
		a := apiUnit{Code: u.Code, Name: u.Name, Kind: u.Kind, ValidFrom: u.ValidFrom.String()}
		if u.Parent != "" {
			a.Parent = &u.Parent
		}
		if u.ValidTo != survey.Always {
			to := u.ValidTo.String()
			a.ValidTo = &to
		}
		out = append(out, a)
	}
	c.Set(fiber.HeaderCacheControl, shortCache)
	return sendJSON(c, fiber.StatusOK, struct {
		Units []apiUnit `json:"units"`
	}{out})
}

type apiWave struct {
	ID          survey.WaveID       `json:"id"`
	Name        string              `json:"name"`
	Instrument  survey.InstrumentID `json:"instrument"`
	Design      survey.Design       `json:"design"`
	Sampling    *survey.Sampling    `json:"sampling"` // null: no sample
	State       survey.WaveState    `json:"state"`
	From        string              `json:"from"`
	To          string              `json:"to"`
	Units       []survey.UnitCode   `json:"units"`
	Synthetic   bool                `json:"synthetic"`
	PublishedAt *time.Time          `json:"published_at"`
}

// getWaves answers GET /api/v1/waves: every wave but drafts, which only those
// see who prepare them.
func (s *server) getWaves(c *fiber.Ctx) error {
	out := []apiWave{}
	for _, w := range s.Catalog().WaveList() {
		if w.State == survey.Draft && !who(c).CanManage() {
			continue
		}
		a := apiWave{
			ID: w.ID, Name: w.Name, Instrument: w.Instrument, Design: w.Design, State: w.State,
			From: w.From.String(), To: w.To.String(), Units: w.Units, Synthetic: w.Synthetic,
		}
		if w.Random() {
			a.Sampling = &w.Sampling
		}
		if !w.PublishedAt.IsZero() {
			a.PublishedAt = s.timeOr(w.PublishedAt, 0)
		}
		out = append(out, a)
	}
	if !who(c).Known() {
		c.Set(fiber.HeaderCacheControl, shortCache)
	}
	return sendJSON(c, fiber.StatusOK, struct {
		Waves []apiWave `json:"waves"`
	}{out})
}
