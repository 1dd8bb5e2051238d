package quality

import (
	"slices"
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
	j.memory.add(r.Point, j.look(c, r).this)
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
	j.memory.add(r.Point, l.this) // not before: it may push what is near out of its place
	return found
}

// look is one response as the rules see it.
type look struct {
	*survey.Response
	zone       *time.Location
	catalog    *survey.Catalog
	place      survey.Point
	instrument *survey.Instrument           // nil if it is unknown
	pairs      []pair                       // of its questionnaire
	given      map[survey.ItemCode][]string // answers to the items of pairs
	seen       int                          // scale items that were shown, answered or not
	scores     []score                      // of those answered, in the order asked
	near       []neighbour                  // at the same point, by Seq
	this       neighbour                    // it, as those to come see it
	next       int                          // question that probably comes next
}

// score is the answer to one scale item.
type score struct {
	item   survey.ItemCode
	level  int // from 0, the lowest
	levels int // how many there are
}

// best reports whether s is the highest level.
func (s score) best() bool { return s.level == s.levels-1 }

// look walks the stored answers once and builds no map of them: it happens to
// every response.
func (j *Judge) look(c *survey.Catalog, r *survey.Response) *look {
	l := &look{Response: r, zone: j.zone, catalog: c, place: c.Points[r.Point], instrument: c.Instruments[r.Instrument]}
	defer func() { l.this = l.neighbour() }()
	if l.instrument == nil {
		return l
	}
	name, _ := l.instrument.ID.Version()
	l.pairs = pairs[name]
	l.scores = make([]score, 0, len(l.instrument.Questions))
	// What is stored was written by us; folding complains of it if not.
	_ = r.Answers.Each(l.answer)
	return l
}

func (l *look) answer(code survey.ItemCode, values []string, skipped bool) {
	for _, p := range l.pairs {
		if !skipped && (p.item == code || p.other == code) {
			if l.given == nil {
				l.given = map[survey.ItemCode][]string{}
			}
			l.given[code] = slices.Clone(values)
		}
	}
	q := l.question(code)
	if q == nil || q.Kind != survey.Scale {
		return
	}
	if skipped {
		l.seen++
		return
	}
	if i := q.Option(values[0]); i >= 0 {
		l.seen++
		l.scores = append(l.scores, score{code, i, len(q.Options)})
	}
}

// question is the one with code, or nil. Answers are stored in the order of the
// questions.
func (l *look) question(code survey.ItemCode) *survey.Question {
	all := l.instrument.Questions
	for i := l.next; i < len(all); i++ {
		if all[i].Code == code {
			l.next = i + 1
			return all[i]
		}
	}
	return l.instrument.Question(code)
}

// allBest reports whether every scale item that was answered has its best
// level.
func (l *look) allBest() bool {
	for _, s := range l.scores {
		if !s.best() {
			return false
		}
	}
	return len(l.scores) > 0
}
