package simulate

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"sort"
	"time"

	"sipas/internal/survey"
)

// Place is a point with its share of the respondents.
type Place struct {
	Point  survey.Point
	Weight float64
}

// World is what the respondents live in.
type World struct {
	Instrument *survey.Instrument
	Places     []Place
	Services   []survey.ServiceCode // what they may have come for; may be empty
	Mean       float64              // moves everybody's satisfaction; 0 gives about 84 % satisfied
	Drift      float64              // and by so much more from From to To
	From, To   time.Time
	Groups     bool // how satisfied people are depends on their age, education and residence
}

// Generator makes up respondents of one world. It is not safe for concurrent
// use.
type Generator struct {
	world   World
	rnd     *rand.Rand
	upto    []float64                   // running sum of the places' weights
	offset  map[survey.ItemCode]float64 // of the items of the index
	beside  map[survey.ItemCode]float64 // of all other questions
	seed    uint64
	effects map[string]float64 // of effect, computed once
}

// New returns a generator whose respondents follow from seed. The world must
// have at least one place with a weight above zero.
func New(seed uint64, w World) *Generator {
	g := &Generator{
		world: w, rnd: rand.New(rand.NewPCG(seed, 0x51_9a5)), //nolint:gosec // made-up people, not secrets
		offset: map[survey.ItemCode]float64{}, beside: map[survey.ItemCode]float64{}, seed: seed, effects: map[string]float64{},
	}
	sum := 0.0
	for _, p := range w.Places {
		sum += p.Weight
		g.upto = append(g.upto, sum)
	}
	for _, d := range w.Instrument.Domains {
		for _, f := range d.Factors {
			for _, item := range f.Items {
				g.offset[item] = factorEffect(f.Code) + 0.12*g.effect("item", string(item))
			}
		}
	}
	for _, q := range w.Instrument.Questions {
		if _, inIndex := g.offset[q.Code]; !inIndex && !q.Faces {
			g.beside[q.Code] = 0.35 * g.effect("question", string(q.Code))
		}
	}
	return g
}

// factorEffect is how people tend to judge a factor: feedback is the weakest
// everywhere, the manners of the officials the strongest.
func factorEffect(code string) float64 {
	switch code {
	case "feedback", "participation":
		return -0.38
	case "outcome", "results_policy":
		return -0.12
	case "staff", "officials", "civil_servants", "civil-servants", "attitude":
		return 0.18
	case "result", "results":
		return 0.1
	}
	return 0
}

// effect is a standard normal number that depends only on the seed and a name.
func (g *Generator) effect(kind, name string) float64 {
	key := kind + "\x00" + name
	if e, ok := g.effects[key]; ok {
		return e
	}
	h := fnv.New64a()
	h.Write([]byte(key))
	e := rand.New(rand.NewPCG(h.Sum64(), g.seed)).NormFloat64() //nolint:gosec // as above
	g.effects[key] = e
	return e
}

// person is what the answers of one respondent share.
type person struct {
	theta    float64 // latent satisfaction, with the unit and the time in it
	interest float64 // in what is asked beside satisfaction
	straight string  // the level pressed throughout; "" for nearly everybody
	careless float64 // the chance to leave a question out
}

// Next makes up the respondent who submits at at.
func (g *Generator) Next(at time.Time) survey.Submission {
	w := g.world
	place := g.place()
	shift := w.Mean + 0.15*g.effect("unit", string(place.Unit))
	if span := w.To.Sub(w.From); span > 0 {
		shift += w.Drift * float64(at.Sub(w.From)) / float64(span)
	}
	return g.respond(at, place, shift)
}

// respond makes up somebody at a place where people are shift more satisfied.
func (g *Generator) respond(at time.Time, place survey.Point, shift float64) survey.Submission {
	w := g.world
	p := g.person(shift)
	s := survey.Submission{
		ID: g.uuid(at), Point: place.Code, Instrument: w.Instrument.ID, Locale: "vi",
		SubmittedAt: at.Truncate(time.Millisecond), Answers: survey.Answers{}, Respondent: survey.Answers{},
	}
	if g.rnd.Float64() < 0.03 {
		s.Locale = "en"
	}
	for _, q := range w.Instrument.Questions {
		given := s.Answers
		if q.Respondent {
			given = s.Respondent
		}
		if !q.ShowIf.Holds(s.Answers) {
			continue
		}
		if a, ok := g.answer(q, p); ok {
			given[q.Code] = consistent(q, a, s.Answers)
		}
	}
	s.StartedAt = s.SubmittedAt.Add(-g.duration(len(s.Answers))).Truncate(time.Millisecond)
	s.Service = place.Service
	if s.Service == "" && len(w.Services) > 0 && g.rnd.Float64() < 0.7 {
		// the first services are the ones most people come for
		s.Service = w.Services[int(float64(len(w.Services))*math.Pow(g.rnd.Float64(), 2))]
	}
	s.Comment = g.comment(p, s.Locale)
	return s
}

func (g *Generator) place() survey.Point {
	return g.world.Places[pick(g.upto, g.rnd.Float64())].Point
}

// pick finds where x, from 0 to 1, falls among shares whose running sum is upto.
func pick(upto []float64, x float64) int {
	x *= upto[len(upto)-1]
	i := sort.Search(len(upto), func(i int) bool { return x < upto[i] })
	return min(i, len(upto)-1)
}

func (g *Generator) person(shift float64) person {
	p := person{theta: shift + 0.75*g.rnd.NormFloat64()}
	p.interest = 0.3*p.theta + 0.8*g.rnd.NormFloat64()
	p.careless = 0.01 + 0.05*math.Pow(g.rnd.Float64(), 4)
	if g.rnd.Float64() < 0.02 {
		p.straight = []string{"5", "4", "5", "3"}[g.rnd.IntN(4)]
	}
	return p
}

// duration is about eight seconds a question, for some much longer.
func (g *Generator) duration(questions int) time.Duration {
	seconds := (10 + 7.5*float64(questions)) * math.Exp(0.35*g.rnd.NormFloat64())
	return time.Duration(min(seconds, 3*3600) * float64(time.Second))
}

// uuid is a version 7 UUID: the time, then random bits.
func (g *Generator) uuid(at time.Time) string {
	const hex = "0123456789abcdef"
	var b [16]byte
	for i, ms := 5, at.UnixMilli(); i >= 0; i, ms = i-1, ms>>8 {
		b[i] = byte(ms)
	}
	for i := 6; i < 16; i++ {
		b[i] = byte(g.rnd.Uint32())
	}
	b[6], b[8] = b[6]&0x0f|0x70, b[8]&0x3f|0x80
	out := make([]byte, 0, 36)
	for i, c := range b {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			out = append(out, '-')
		}
		out = append(out, hex[c>>4], hex[c&15])
	}
	return string(out)
}
