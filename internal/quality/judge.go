package quality

import (
	"time"

	"sipas/internal/survey"
)

// Judge finds the rules that responses do not pass. It is not safe for several
// goroutines.
type Judge struct {
	zone   *time.Location
	memory memory
}

var _ survey.Judge = (*Judge)(nil)

// New returns a Judge that remembers nothing yet; zone is the deployment's.
func New(zone *time.Location) *Judge {
	return &Judge{zone: zone, memory: newMemory()}
}

// Recall remembers r as a neighbour of those to come.
func (j *Judge) Recall(c *survey.Catalog, r *survey.Response) {
	j.memory.add(r.Point, j.look(c, r).neighbour())
}

// Reasons returns the rules that r does not pass, in the order in which they
// are shown, and remembers r. A response that was seen before is judged by what
// came before it, so that a fold that failed can be done again.
func (j *Judge) Reasons(c *survey.Catalog, r *survey.Response) []survey.Reason {
	l := j.look(c, r)
	l.near = j.memory.before(r.Point, r.Seq)
	var found []survey.Reason
	for _, rule := range rules {
		if (rule.partial || r.State != survey.Partial) && rule.found(l) {
			found = append(found, rule.reason)
		}
	}
	j.memory.add(r.Point, l.neighbour()) // not before: it may push what is near out of its place
	return found
}

// look is one response as the rules see it.
type look struct {
	*survey.Response
	zone       *time.Location
	catalog    *survey.Catalog
	place      survey.Point
	instrument *survey.Instrument // nil if it is unknown
	given      survey.Answers
	scores     []score     // of the scale items seen, in the order asked
	near       []neighbour // at the same point, by Seq
}

// score is the answer to one scale item.
type score struct {
	item    survey.ItemCode
	level   int // from 0, the lowest
	levels  int // how many there are
	skipped bool
}

// best reports whether s is the highest level.
func (s score) best() bool { return !s.skipped && s.level == s.levels-1 }

func (j *Judge) look(c *survey.Catalog, r *survey.Response) *look {
	l := &look{
		Response: r, zone: j.zone, catalog: c, place: c.Points[r.Point], instrument: c.Instruments[r.Instrument],
		given: survey.Answers{},
	}
	if l.instrument == nil {
		return l
	}
	given, err := r.Answers.Answers()
	if err != nil {
		return l // what is stored was written by us; folding complains of it
	}
	l.given = given
	for _, q := range l.instrument.Questions {
		a, ok := given[q.Code]
		if !ok || q.Respondent || q.Kind != survey.Scale {
			continue
		}
		if i := q.Option(a.One()); i >= 0 || a.Skipped {
			l.scores = append(l.scores, score{q.Code, i, len(q.Options), a.Skipped})
		}
	}
	return l
}

// answered returns the scores that have a level.
func (l *look) answered() []score {
	var list []score
	for _, s := range l.scores {
		if !s.skipped {
			list = append(list, s)
		}
	}
	return list
}

// allBest reports whether every scale item that was answered has its best
// level.
func (l *look) allBest() bool {
	list := l.answered()
	for _, s := range list {
		if !s.best() {
			return false
		}
	}
	return len(list) > 0
}
