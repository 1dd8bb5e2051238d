package web

import (
	"sipas/internal/cadence"
	"sipas/internal/survey"
)

// mostPlaces bounds at how many devices and points the cadence is measured: a
// place takes about a kilobyte.
const mostPlaces = 5_000

// took counts what became of a submission, and measures how quickly responses
// follow each other at its device or, without one, at its point. Replays and
// answers half given say nothing about that.
func (s *server) took(sub survey.Submission, r survey.Result) {
	s.Metrics.submitted(r)
	if r.Err != nil || r.Replayed || sub.Partial {
		return
	}
	kind, key := "point", pointPlace(s.known(sub.Point))
	if sub.Device != "" {
		kind, key = "device", devicePlace(survey.DeviceID(sub.Device))
	}
	day := survey.DayOf(sub.SubmittedAt.In(s.Zone))
	if since, ok := s.cadence.Note(key, int(day), sub.SubmittedAt); ok {
		s.Metrics.interval(kind, since)
	}
}

// deviceCadence is how quickly responses followed each other at a device
// today, since this process began; ok is false when there were not two.
func (s *server) deviceCadence(id survey.DeviceID) (f cadence.Figures, ok bool) {
	return s.cadence.Figures(devicePlace(id), int(s.today()))
}

// pointCadence is the same for a point, without the devices there.
func (s *server) pointCadence(code survey.PointCode) (f cadence.Figures, ok bool) {
	return s.cadence.Figures(pointPlace(code), int(s.today()))
}

func (s *server) today() survey.Day { return survey.DayOf(s.Now().In(s.Zone)) }

func devicePlace(id survey.DeviceID) string { return "device " + string(id) }

func pointPlace(code survey.PointCode) string { return "point " + string(code) }
