package simulate

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"sipas/internal/survey"
)

// History is all responses of a nation in the order they came. Everything
// follows from the seed, the nation, and how many responses there are.
type History struct {
	Bad int // how many so far are of bad actors

	nation  *Nation
	zone    *time.Location
	people  *Generator
	rnd     *rand.Rand
	plans   []dayPlan
	day     int
	arrived []arrival // of the day, the earliest first
	upto    [3][]float64
	places  []site // all points: of the continuous wave, then of the samples
	first   [3]int // where those of each begin
	copied  map[int]survey.Submission
}

// site is what is known of a point beside its place.
type site struct {
	survey.Point
	shift float64    // how much more satisfied people are here
	slope float64    // and by so much more at the end of the time
	opens survey.Day // nobody answers here before
}

// dayPlan says how many come on a day.
type dayPlan struct {
	honest  [3]int
	strange []episode
}

// arrival is one response to come.
type arrival struct {
	at      time.Time
	site    int
	episode *episode
}

// Strengths of what moves people, in units of the latent satisfaction, of which
// one person differs from another by 0.75.
const (
	provinceSpread = 0.10
	unitSpread     = 0.20
	unitSlope      = 0.15 // over the whole time
	drift          = 0.30 // of everybody, over the whole time
	seasonSpread   = 0.06
	dayNoise       = 0.08
	nationMean     = 0.30
	sampleShare    = 0.02 // of all responses, for each of the two samples
)

// NewHistory makes up total responses of n to in, in the calendar of zone.
func NewHistory(seed uint64, n *Nation, in *survey.Instrument, total int, zone *time.Location) *History {
	places := slices.Concat(n.Places, n.Samples[0], n.Samples[1])
	h := &History{
		nation: n, zone: zone, copied: map[int]survey.Submission{},
		rnd:   rand.New(rand.NewPCG(seed, 0x415)), //nolint:gosec // made up, no secrets
		first: [3]int{0, len(n.Places), len(n.Places) + len(n.Samples[0])},
	}
	var services []survey.ServiceCode
	for _, s := range n.Services {
		services = append(services, s.Code)
	}
	h.people = New(seed, World{Instrument: in, Places: places, Services: services, Groups: true})
	h.sites(places)
	h.plan(total)
	return h
}

// sites makes places unequal.
func (h *History) sites(places []Place) {
	span := float64(h.nation.To - h.nation.From)
	for i, p := range places {
		s := site{Point: p.Point, opens: h.nation.From}
		province := string(p.Point.Unit[:min(len("vn.p00"), len(p.Point.Unit))])
		s.shift = nationMean + provinceSpread*h.people.effect("province", province) + unitSpread*h.people.effect("unit", string(p.Point.Unit))
		s.slope = drift + unitSlope*h.people.effect("slope", string(p.Point.Unit))
		wave := h.waveAt(i)
		if late := h.rnd.Float64(); wave == 0 && late < 0.35 { // a third began within the first third of the time
			s.opens += survey.Day(late / 0.35 * span / 3)
		}
		h.places = append(h.places, s)
		sum := p.Weight
		if k := len(h.upto[wave]); k > 0 {
			sum += h.upto[wave][k-1]
		}
		h.upto[wave] = append(h.upto[wave], sum)
	}
}

// waveAt is which of the waves the i-th place is of.
func (h *History) waveAt(i int) int {
	switch {
	case i < h.first[1]:
		return 0
	case i < h.first[2]:
		return 1
	}
	return 2
}

// plan spreads total over the days: first what is strange, then the honest.
func (h *History) plan(total int) {
	h.plans = make([]dayPlan, h.nation.To-h.nation.From+1)
	strange := h.planStrange(total)
	sample := int(sampleShare * float64(total))
	var load [3][]float64
	for i := range h.plans {
		d := h.nation.From + survey.Day(i)
		load[0] = append(load[0], h.load(d))
		for k := range 2 {
			from, to := h.nation.sampled(k)
			x := 0.0
			if wd := d.Date().Weekday(); d >= from && d <= to && (wd != time.Sunday || to-from < 7) {
				x = 1
			}
			load[k+1] = append(load[k+1], x)
		}
	}
	for k, n := range []int{total - strange - 2*sample, sample, sample} {
		sum, upto, done := 0.0, 0.0, 0
		for _, x := range load[k] {
			sum += x
		}
		for i, x := range load[k] {
			upto += x
			until := int(math.Round(upto / sum * float64(n)))
			h.plans[i].honest[k] = until - done
			done = until
		}
	}
}

// load is how busy offices are on d beside other days: by weekday, by season,
// closed for the new year's days, and more from year to year.
func (h *History) load(d survey.Day) float64 {
	date := d.Date()
	x := []float64{time.Sunday: 0.03, 1.25, 1.1, 1.05, 1, 0.95, 0.22}[date.Weekday()]
	for _, eve := range newYears {
		if first := survey.DayOf(eve); d >= first-1 && d <= first+5 {
			x *= 0.05
		}
	}
	phase := 2 * math.Pi * float64(date.YearDay()) / 365
	x *= 1 + 0.15*math.Sin(2*phase-1) // before school begins, and after the new year
	x *= 0.6 + 0.4*float64(d-h.nation.From)/float64(h.nation.To-h.nation.From)
	return x * math.Exp(dayNoise*h.rnd.NormFloat64())
}

// newYears are the first days of the lunar year, when offices are closed.
var newYears = []time.Time{
	time.Date(2024, 2, 10, 0, 0, 0, 0, time.UTC), time.Date(2025, 1, 29, 0, 0, 0, 0, time.UTC), time.Date(2026, 2, 17, 0, 0, 0, 0, time.UTC),
	time.Date(2027, 2, 6, 0, 0, 0, 0, time.UTC), time.Date(2028, 1, 26, 0, 0, 0, 0, time.UTC),
}

// Next makes up the next response; ok is false after the last.
func (h *History) Next() (s survey.Submission, ok bool) {
	for len(h.arrived) == 0 {
		if h.day == len(h.plans) {
			return s, false
		}
		h.begin()
		h.day++
	}
	a := h.arrived[0]
	h.arrived = h.arrived[1:]
	place := h.places[a.site]
	s = h.people.respond(a.at, place.Point, h.shiftAt(&place, a.at))
	if place.Channel == survey.Kiosk {
		s.Device = "made-up-" + string(place.Code)
	}
	if a.episode == nil {
		h.hurry(&s)
		return s, true
	}
	h.Bad++
	h.bend(a.episode, &s)
	return s, true
}

// hurry lets one in eighty answer faster than anybody can read.
func (h *History) hurry(s *survey.Submission) {
	if h.rnd.Float64() < 0.0125 {
		s.StartedAt = s.SubmittedAt.Add(-time.Duration(float64(len(s.Answers)) * (0.4 + 0.8*h.rnd.Float64()) * float64(time.Second))).Truncate(time.Millisecond)
	}
}

// shiftAt is how satisfied people are at a place and time.
func (h *History) shiftAt(s *site, at time.Time) float64 {
	day := survey.DayOf(at)
	share := float64(day-h.nation.From) / float64(max(h.nation.To-h.nation.From, 1))
	season := seasonSpread * math.Cos(2*math.Pi*float64(day.Date().YearDay()-80)/365) // best in spring, worst when the year ends
	return s.shift + s.slope*(share-0.5) + season
}

// begin makes the arrivals of the next day.
func (h *History) begin() {
	plan, day := &h.plans[h.day], h.nation.From+survey.Day(h.day)
	var all []arrival
	for k, n := range plan.honest {
		for range n {
			all = append(all, arrival{at: h.hourOf(day, k), site: h.siteOn(day, k)})
		}
	}
	for i := range plan.strange {
		all = append(all, h.happen(day, &plan.strange[i])...)
	}
	slices.SortStableFunc(all, func(a, b arrival) int { return a.at.Compare(b.at) })
	h.arrived = all
}

// siteOn picks a place of a wave that people answer at by then.
func (h *History) siteOn(day survey.Day, wave int) int {
	for range 50 {
		if i := h.first[wave] + pick(h.upto[wave], h.rnd.Float64()); h.places[i].opens <= day {
			return i
		}
	}
	return h.first[wave]
}

// hourOf is when somebody answers on a day: mostly in the morning, some in the
// evening at home; whom interviewers visit, until dusk.
func (h *History) hourOf(day survey.Day, wave int) time.Time {
	hour := 7.25 + 4*h.rnd.Float64()
	switch x := h.rnd.Float64(); {
	case wave > 0 && x > 0.5:
		hour = 13.5 + 4.5*h.rnd.Float64()
	case wave == 0 && x > 0.96:
		hour = 18 + 4*h.rnd.Float64()
	case wave == 0 && x > 0.62:
		hour = 13.5 + 3.4*h.rnd.Float64()
	}
	return h.clock(day, hour)
}

func (h *History) clock(day survey.Day, hour float64) time.Time {
	d := day.Date()
	midnight := time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, h.zone)
	return midnight.Add(time.Duration(hour * float64(time.Hour))).Truncate(time.Millisecond)
}

// compareEpisodes orders what happens on one day.
func compareEpisodes(a, b episode) int {
	return cmp.Or(cmp.Compare(a.site, b.site), cmp.Compare(a.kind, b.kind))
}
