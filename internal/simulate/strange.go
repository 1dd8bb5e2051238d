package simulate

import (
	"slices"
	"time"

	"sipas/internal/survey"
)

// strangeness is a way in which people spoil figures.
type strangeness int

// The ways there are, and their shares of all responses.
const (
	monthsEnd  strangeness = iota // staff press the best for everything when figures are due
	staffBurst                    // or all at once, some morning
	sameAgain                     // one device, the same answers again and again
	atNight                       // a device that answers while the office is closed
	strangenesses
)

var strange = [strangenesses]struct {
	share       float64 // of all responses
	sites       float64 // share of the places where it happens
	least, most int     // responses at a time
}{
	monthsEnd:  {0.008, 0.04, 16, 40},
	staffBurst: {0.005, 0.03, 22, 36},
	sameAgain:  {0.004, 0.05, 4, 12},
	atNight:    {0.003, 0.05, 2, 7},
}

// episode is something strange that happens on one day at one place.
type episode struct {
	kind strangeness
	site int
	n    int
}

// planStrange says what happens on which day, and how many responses that is.
func (h *History) planStrange(total int) (planned int) {
	kiosks := slices.DeleteFunc(h.indices(), func(i int) bool { return h.places[i].Channel != survey.Kiosk })
	for kind := range strangenesses {
		k, sites := strange[kind], h.indices()
		if kind == sameAgain || kind == atNight {
			sites = kiosks
		}
		if len(sites) == 0 {
			continue
		}
		h.rnd.Shuffle(len(sites), func(i, j int) { sites[i], sites[j] = sites[j], sites[i] })
		sites = sites[:max(1, int(k.sites*float64(len(sites))))]
		for left := int(k.share * float64(total)); left >= k.least; {
			e := episode{kind, sites[h.rnd.IntN(len(sites))], k.least + h.rnd.IntN(k.most-k.least+1)}
			e.n = min(e.n, left)
			plan := &h.plans[h.strangeDay(kind, h.places[e.site].opens)]
			plan.strange = append(plan.strange, e)
			left, planned = left-e.n, planned+e.n
		}
	}
	for i := range h.plans {
		slices.SortStableFunc(h.plans[i].strange, compareEpisodes)
	}
	return planned
}

// indices are those of all places of the continuous wave.
func (h *History) indices() []int {
	all := make([]int, h.first[1])
	for i := range all {
		all[i] = i
	}
	return all
}

// strangeDay is a day on or after from on which such a thing happens.
func (h *History) strangeDay(kind strangeness, from survey.Day) int {
	lo, hi := h.nation.From, h.nation.To
	for range 100 {
		d := from + survey.Day(h.rnd.IntN(int(hi-from)+1))
		if kind == monthsEnd {
			d = d.Month().Last() - survey.Day(h.rnd.IntN(3))
		}
		if wd := d.Date().Weekday(); d >= lo && d <= hi && (wd != time.Sunday && wd != time.Saturday || kind == atNight) {
			return int(d - lo)
		}
	}
	return int(hi - lo)
}

// happen makes the arrivals of an episode.
func (h *History) happen(day survey.Day, e *episode) []arrival {
	gap, hour := 8*time.Second, 9+2*h.rnd.Float64()
	switch e.kind {
	case monthsEnd:
		gap, hour = 70*time.Second, 13.6+1.5*h.rnd.Float64()
	case sameAgain:
		gap, hour = 45*time.Second, 8+8*h.rnd.Float64()
	case atNight:
		gap, hour = 4*time.Minute, 22+h.rnd.Float64()
	}
	at := h.clock(day, hour)
	all := make([]arrival, e.n)
	for i := range all {
		all[i] = arrival{at, e.site, e}
		at = at.Add(time.Duration(float64(gap) * (0.6 + 0.8*h.rnd.Float64()))).Truncate(time.Millisecond)
	}
	return all
}

// bend makes s what a bad actor would say.
func (h *History) bend(e *episode, s *survey.Submission) {
	switch e.kind {
	case monthsEnd, staffBurst:
		s.Answers, s.Comment = h.people.best(), ""
		s.StartedAt = s.SubmittedAt.Add(-time.Duration(15+h.rnd.IntN(40)) * time.Second)
	case sameAgain:
		first, again := h.copied[e.site]
		if age := s.SubmittedAt.Sub(first.SubmittedAt); again && age < 10*time.Minute {
			s.Answers, s.Respondent, s.Service, s.Comment = first.Answers, first.Respondent, "", ""
		}
		h.copied[e.site] = *s
	}
}

// best are the answers of somebody who presses the highest level of every
// scale and nothing else that nobody has to answer.
func (g *Generator) best() survey.Answers {
	given := survey.Answers{}
	for _, q := range g.world.Instrument.Questions {
		switch {
		case q.Respondent || !q.ShowIf.Holds(given):
		case q.Kind == survey.Scale:
			given[q.Code] = survey.Score(q.Options[len(q.Options)-1].Value)
		case q.Required && q.Kind == survey.One:
			given[q.Code] = survey.Value(q.Options[0].Value)
		case q.Required && q.Kind == survey.Many:
			given[q.Code] = survey.Several(q.Options[0].Value)
		}
	}
	return given
}
