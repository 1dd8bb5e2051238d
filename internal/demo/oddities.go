package demo

import (
	"time"

	"sipas/internal/simulate"
	"sipas/internal/survey"
)

// oddFrom is how many responses a wave must have for some of them to be odd.
const oddFrom = 1000

// oddities are made-up people whose responses the rules of quality point at,
// so that the pages about them have something to show. They take the place of
// others: a wave has as many responses as it is meant to have.
func (b *builder) oddities(id survey.WaveID, n int, kinds ...oddity) (odd []stream, left int) {
	if n < oddFrom {
		return nil, n
	}
	c := b.registry.Catalog()
	for i, k := range kinds {
		s := stream{bend: k.bend, people: simulate.New(b.Seed+uint64(i)+1, simulate.World{
			Instrument: c.Instruments[c.Waves[id].Instrument], Places: []simulate.Place{{Point: k.at.Point, Weight: 1}}, Mean: 0.3,
		})}
		for j := range k.n {
			s.at = append(s.at, k.from.Add(time.Duration(j)*k.step))
		}
		odd, n = append(odd, s), n-k.n
	}
	return odd, n
}

// oddity is one way to be odd: how many, where, from when and how far apart.
type oddity struct {
	at   simulate.Place
	n    int
	from time.Time
	step time.Duration
	bend func(*survey.Submission) // makes it odd; may be nil
}

// morning is a time of day on the last weekday that is some days ago.
func (b *builder) morning(days int, at time.Duration) time.Time {
	day := b.daysAgo(days)
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDate(0, 0, -1)
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, b.Zone).Add(at)
}

// monthEnd is the afternoon of the last day of last month.
func (b *builder) monthEnd() time.Time {
	return time.Date(b.now.Year(), b.now.Month(), 1, 0, 0, 0, 0, b.Zone).Add(-8 * time.Hour)
}

// oddDossiers are the oddities of the form after a dossier.
func (b *builder) oddDossiers(desk simulate.Place) []oddity {
	var first survey.Answers
	return []oddity{
		{desk, 12, b.morning(13, 9*time.Hour+40*time.Minute), 24*time.Hour + 7*time.Minute, func(s *survey.Submission) {
			s.StartedAt = s.SubmittedAt.Add(-time.Duration(3+len(s.ID)%4) * time.Second) // nobody reads so fast
		}},
		{desk, 6, b.morning(3, 10*time.Hour), time.Minute, func(s *survey.Submission) {
			if first == nil {
				first = s.Answers
			}
			s.Answers, s.Respondent, s.Service, s.Comment = first, survey.Answers{}, "", ""
		}},
		{desk, 8, b.morning(9, 14*time.Hour), 24*time.Hour + 11*time.Minute, func(s *survey.Submission) {
			s.Answers["T1"], s.Answers["F4"] = survey.Value("late"), survey.Score("5")
		}},
	}
}

// oddPresses are the oddities of the kiosks.
func (b *builder) oddPresses(lobby, ward, other simulate.Place) []oddity {
	best := func(s *survey.Submission) {
		s.Answers, s.Comment = survey.Answers{"P1": survey.Score("5")}, ""
		s.StartedAt = s.SubmittedAt.Add(-time.Second)
	}
	return []oddity{
		{ward, 14, b.morning(2, 10*time.Hour+5*time.Minute), 2 * time.Second, best},  // a child at the screen
		{lobby, 26, b.morning(4, 9*time.Hour+20*time.Minute), 9 * time.Second, best}, // or somebody who wants to help
		{other, 20, b.monthEnd(), 50 * time.Second, best},
	}
}
