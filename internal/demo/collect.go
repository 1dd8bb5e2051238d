package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sipas/internal/simulate"
	"sipas/internal/survey"
)

// stream is the respondents of one wave to come, and when.
type stream struct {
	people *simulate.Generator
	at     []time.Time
	bend   func(*survey.Submission) // changes what each of them says; nil: nothing
}

func (b *builder) stream(id survey.WaveID, places []simulate.Place, n int, from, to time.Time, mean, drift float64) stream {
	c := b.registry.Catalog()
	w := c.Waves[id]
	var services []survey.ServiceCode
	if w.Design == survey.Continuous {
		for code := range c.Services {
			services = append(services, code)
		}
		slices.Sort(services)
		b.rnd.Shuffle(len(services), func(i, j int) { services[i], services[j] = services[j], services[i] })
	}
	s := stream{people: simulate.New(b.Seed, simulate.World{
		Instrument: c.Instruments[w.Instrument], Places: places, Services: services,
		Mean: mean, Drift: drift, From: from, To: to,
	})}
	for len(s.at) < n {
		if at := b.workingHour(from, to); !at.Before(from) && at.Before(to) {
			s.at = append(s.at, at)
		}
	}
	slices.SortFunc(s.at, time.Time.Compare)
	return s
}

// workingHour is a moment when offices are open, mostly in the morning; a few
// answer at home in the evening or on a Saturday.
func (b *builder) workingHour(from, to time.Time) time.Time {
	day := from.Add(time.Duration(b.rnd.Float64() * float64(to.Sub(from)))).In(b.Zone)
	hour := 7.5 + 3.8*b.rnd.Float64()
	switch x := b.rnd.Float64(); {
	case x > 0.95:
		hour = 18 + 4*b.rnd.Float64()
	case x > 0.6:
		hour = 13.5 + 3.3*b.rnd.Float64()
	}
	switch day.Weekday() {
	case time.Sunday:
		day = day.AddDate(0, 0, 1)
	case time.Saturday:
		if b.rnd.Float64() < 0.85 {
			day = day.AddDate(0, 0, -1)
		}
	}
	midnight := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, b.Zone)
	return midnight.Add(time.Duration(hour * float64(time.Hour))).Truncate(time.Millisecond)
}

// batchSize is how many responses share one commit while filling.
const batchSize = 1000

// collect lets the people of all streams answer, in the order of time, through
// the same intake as everybody.
func (b *builder) collect(ctx context.Context, streams []stream) error {
	intake := &survey.Intake{
		Ledger: receivedAtOnce{b.Ledger}, Catalog: b.registry.Catalog, Key: b.Key, Zone: b.Zone,
		Now: func() time.Time { return b.clock },
	}
	next := make([]int, len(streams))
	var batch []survey.Submission
	for {
		first, at := -1, time.Time{}
		for i, s := range streams {
			if next[i] < len(s.at) && (first < 0 || s.at[next[i]].Before(at)) {
				first, at = i, s.at[next[i]]
			}
		}
		if first < 0 || len(batch) == batchSize {
			for _, r := range intake.SubmitAll(ctx, batch) {
				if r.Err != nil {
					return fmt.Errorf("a made-up response was refused: %w", r.Err)
				}
			}
			batch = batch[:0]
		}
		if first < 0 {
			return nil
		}
		b.clock = at
		next[first]++
		said := streams[first].people.Next(b.clock)
		if streams[first].bend != nil {
			streams[first].bend(&said)
		}
		batch = append(batch, said)
	}
}

// receivedAtOnce makes each response of a batch received a moment after it was
// submitted, as if they had come one by one.
type receivedAtOnce struct{ survey.Ledger }

// Append stores rs with the times at which they would have come.
func (l receivedAtOnce) Append(ctx context.Context, rs []survey.Response) ([]survey.Outcome, error) {
	for i := range rs {
		rs[i].ReceivedAt = rs[i].SubmittedAt.Add(400 * time.Millisecond)
	}
	return l.Ledger.Append(ctx, rs)
}
