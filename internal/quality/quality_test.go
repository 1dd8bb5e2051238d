package quality

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/instrument"
	"sipas/internal/simulate"
	"sipas/internal/survey"
)

var zone = time.FixedZone("ICT", 7*60*60)

// at is a Tuesday morning, in the middle of a month.
var at = time.Date(2026, 3, 17, 9, 0, 0, 0, zone)

const (
	kioskPoint survey.PointCode = "KKKKKK"
	qrPoint    survey.PointCode = "QQQQQQ"
)

// world has one office that is open on weekdays, with a kiosk and a poster.
func world(t *testing.T) *survey.Catalog {
	t.Helper()
	list, err := instrument.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	c := &survey.Catalog{
		Tree: survey.NewTree([]survey.Unit{{Code: "u", Name: "U", ValidTo: survey.Always}}),
		Points: map[survey.PointCode]survey.Point{
			kioskPoint: {Code: kioskPoint, Unit: "u", Channel: survey.Kiosk},
			qrPoint:    {Code: qrPoint, Unit: "u", Channel: survey.QR},
		},
		Instruments: map[survey.InstrumentID]*survey.Instrument{},
		Settings: map[survey.SettingKey]string{
			{Unit: "u", Name: survey.HoursSetting}: "mon-fri 07:30-11:30 13:30-17:00",
		},
	}
	for _, in := range list.All() {
		c.Instruments[in.ID] = in
	}
	return c
}

// sheet answers the first n scale items of an instrument with the levels, in
// turn, and more as given.
func sheet(in *survey.Instrument, n int, levels string, more ...string) survey.Sheet {
	given := survey.Answers{}
	for _, q := range in.Questions {
		if q.Kind == survey.Scale && !q.Respondent && len(given) < n {
			given[q.Code] = survey.Score(string(levels[len(given)%len(levels)]))
		}
	}
	for _, m := range more {
		code, value, _ := strings.Cut(m, "=")
		a := survey.Value(value)
		if in.Question(survey.ItemCode(code)).Kind == survey.Scale {
			a = survey.Score(value)
		}
		given[survey.ItemCode(code)] = a
	}
	return in.Sheet(given)
}

// maker makes responses, one after the other.
type maker struct {
	c    *survey.Catalog
	last int64
}

// one is a response at a point after some time; took is how long it took.
func (m *maker) one(point survey.PointCode, id survey.InstrumentID, after, took time.Duration, s survey.Sheet) *survey.Response {
	m.last++
	submitted := at.Add(after)
	return &survey.Response{
		Seq: m.last, Instrument: id, Unit: "u", Point: point, Channel: m.c.Points[point].Channel, State: survey.Counted,
		StartedAt: submitted.Add(-took), SubmittedAt: submitted, Day: survey.DayOf(submitted), Answers: s, Respondent: "{}",
	}
}

func TestOneResponse(t *testing.T) {
	c := world(t)
	short, tap, old := c.Instruments["onestop@1"], c.Instruments["pulse@1"], c.Instruments["moha-2017@1"]
	slow := time.Hour
	m := &maker{c: c}
	for _, test := range []struct {
		name string
		r    *survey.Response
		want []survey.Reason
	}{
		{"five items in ten seconds", m.one(qrPoint, short.ID, 0, 10*time.Second, sheet(short, 5, "43")), nil},
		{"five items in less", m.one(qrPoint, short.ID, 0, 10*time.Second-1, sheet(short, 5, "43")), []survey.Reason{survey.TooFast}},
		{"four items in no time", m.one(qrPoint, short.ID, 0, 0, sheet(short, 4, "43")), nil},
		{"one press", m.one(kioskPoint, tap.ID, 0, 0, sheet(tap, 1, "5")), nil},
		{"ten alike", m.one(qrPoint, old.ID, 0, slow, sheet(old, 10, "3")), []survey.Reason{survey.StraightLining}},
		{"nine alike", m.one(qrPoint, old.ID, 0, slow, sheet(old, 9, "3")), nil},
		{"nine alike and one other", m.one(qrPoint, old.ID, 0, slow, sheet(old, 10, "3333333334")), nil},
		{"late and very satisfied that it was on time", m.one(qrPoint, short.ID, 0, slow, sheet(short, 5, "45", "T1=late", "F4=5")), []survey.Reason{survey.Impossible}},
		{"late and satisfied that it was on time", m.one(qrPoint, short.ID, 0, slow, sheet(short, 5, "45", "T1=late", "F4=4")), nil},
		{"all good, very dissatisfied overall", m.one(qrPoint, old.ID, 0, slow, sheet(old, 8, "44444443", "OV=1")), nil},
		{"all better, very dissatisfied overall", m.one(qrPoint, old.ID, 0, slow, sheet(old, 8, "45", "OV=1")), []survey.Reason{survey.Impossible}},
		{"all bad, very satisfied overall", m.one(qrPoint, old.ID, 0, slow, sheet(old, 8, "12", "OV=5")), []survey.Reason{survey.Impossible}},
		{"three items against overall", m.one(qrPoint, old.ID, 0, slow, sheet(old, 3, "12", "OV=5")), nil},
		{"a quarter of an hour before opening", m.one(kioskPoint, tap.ID, -105*time.Minute, 0, sheet(tap, 1, "4")), nil},
		{"earlier", m.one(kioskPoint, tap.ID, -105*time.Minute-1, 0, sheet(tap, 1, "4")), []survey.Reason{survey.OutsideHours}},
		{"in the evening, at home", m.one(qrPoint, tap.ID, 11*time.Hour, 0, sheet(tap, 1, "4")), nil},
		{"nobody knows the instrument", m.one(qrPoint, "gone@1", 0, 0, `{"A":1}`), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, New(zone).Reasons(c, test.r)); diff != "" {
				t.Errorf("reasons differ (-want +got):\n%s", diff)
			}
		})
	}
}

// Whoever means what he says is not accused of contradicting himself: of a
// thousand made-up honest people at most ten. Those who do contradict themselves
// are in TestOneResponse.
func TestHonestPeopleAreLeftAlone(t *testing.T) {
	const people = 3000
	c := world(t)
	for _, in := range c.Instruments {
		g := simulate.New(11, simulate.World{Instrument: in, Places: []simulate.Place{{Point: c.Points[qrPoint], Weight: 1}}, Mean: 0.3})
		accused := 0
		for i := range people {
			s := g.Next(at.Add(time.Duration(i) * time.Minute))
			r := survey.Response{
				Seq: int64(i + 1), Instrument: in.ID, Point: qrPoint, State: survey.Counted, StartedAt: s.StartedAt, SubmittedAt: s.SubmittedAt,
				Answers: in.Sheet(s.Answers), Respondent: in.Sheet(s.Respondent),
			}
			if slices.Contains(New(zone).Reasons(c, &r), survey.Impossible) {
				accused++
			}
		}
		t.Logf("%s: %d of %d", in.ID, accused, people)
		if accused > people/100 {
			t.Errorf("%s: %d of %d honest people contradict themselves, want at most one in a hundred", in.ID, accused, people)
		}
	}
}

// last judges all responses and returns what is said of the last one.
func last(c *survey.Catalog, all []*survey.Response) []survey.Reason {
	j := New(zone)
	var found []survey.Reason
	for _, r := range all {
		found = j.Reasons(c, r)
	}
	return found
}

func TestNeighbours(t *testing.T) {
	c := world(t)
	short, tap := c.Instruments["onestop@1"], c.Instruments["pulse@1"]
	endOfMonth := 12 * 24 * time.Hour // 29 March, of 31 days
	// series is n responses at a point, a step apart.
	series := func(point survey.PointCode, in *survey.Instrument, n int, from, step time.Duration, levels ...string) []*survey.Response {
		m := &maker{c: c}
		var all []*survey.Response
		for i := range n {
			all = append(all, m.one(point, in.ID, from+time.Duration(i)*step, time.Hour, sheet(in, 5, levels[i%len(levels)])))
		}
		return all
	}
	for _, test := range []struct {
		name string
		all  []*survey.Response
		want []survey.Reason
	}{
		{"twenty in five minutes", series(qrPoint, tap, 20, 0, 14*time.Second, "4"), nil},
		{"twenty-one in five minutes", series(qrPoint, tap, 21, 0, 14*time.Second, "4"), []survey.Reason{survey.Burst}},
		{"twenty-one at fifteen seconds", series(qrPoint, tap, 21, 0, 15*time.Second, "4"), nil},
		{"the same answers twice", series(qrPoint, short, 2, 0, time.Minute, "34343"), nil},
		{"the same answers three times", series(qrPoint, short, 3, 0, 10*time.Minute, "34343"), []survey.Reason{survey.Repeated}},
		{"the same answers, rarely", series(qrPoint, short, 3, 0, 10*time.Minute+1, "34343"), nil},
		{"the same answers with another between", series(qrPoint, short, 5, 0, time.Minute, "34343", "43434"), nil},
		{"the same press", series(qrPoint, tap, 3, 0, time.Minute, "4"), nil},
		{"fifteen best at the end of a month", series(qrPoint, tap, 15, endOfMonth, time.Minute, "5"), []survey.Reason{survey.AllBest}},
		{"fourteen", series(qrPoint, tap, 14, endOfMonth, time.Minute, "5"), nil},
		{"fifteen the day before", series(qrPoint, tap, 15, endOfMonth-24*time.Hour, time.Minute, "5"), nil},
		{"fifteen good ones", series(qrPoint, tap, 15, endOfMonth, time.Minute, "4"), nil},
		{"five seconds apart", series(kioskPoint, tap, 2, 0, 5*time.Second, "4"), nil},
		{"less", series(kioskPoint, tap, 2, 0, 5*time.Second-1, "4"), []survey.Reason{survey.PressInterval}},
		{"far apart, when as many as are remembered came before", series(kioskPoint, tap, mostNeighbours+2, 0, time.Minute, "4"), nil},
		{"two phones at once", series(qrPoint, tap, 2, 0, time.Second, "4"), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, last(c, test.all)); diff != "" {
				t.Errorf("reasons of the last one differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestQueuesComeLate(t *testing.T) {
	c := world(t)
	tap := c.Instruments["pulse@1"]
	m := &maker{c: c}
	var all []*survey.Response
	for i := range 40 { // the newest first, as no queue would send them: what counts is when they were made
		all = append(all, m.one(kioskPoint, tap.ID, -time.Duration(i)*time.Minute, 0, sheet(tap, 1, "4")))
	}
	if got := last(c, all); got != nil {
		t.Errorf("a queue that came late is suspected: %v", got)
	}
	all = append(all, m.one(kioskPoint, tap.ID, -20*time.Minute+time.Second, 0, sheet(tap, 1, "4")))
	if diff := cmp.Diff([]survey.Reason{survey.PressInterval}, last(c, all)); diff != "" {
		t.Errorf("one second after another that came long before (-want +got):\n%s", diff)
	}
}

func TestDevicesAreToldApart(t *testing.T) {
	c := world(t)
	tap := c.Instruments["pulse@1"]
	m := &maker{c: c}
	a, b, again := m.one(kioskPoint, tap.ID, 0, 0, sheet(tap, 1, "4")), m.one(kioskPoint, tap.ID, time.Second, 0, sheet(tap, 1, "4")),
		m.one(kioskPoint, tap.ID, 2*time.Second, 0, sheet(tap, 1, "4"))
	a.Device, b.Device, again.Device = "a", "b", "a"
	j := New(zone)
	got := [][]survey.Reason{j.Reasons(c, a), j.Reasons(c, b), j.Reasons(c, again)}
	if diff := cmp.Diff([][]survey.Reason{nil, nil, {survey.PressInterval}}, got); diff != "" {
		t.Errorf("reasons differ (-want +got):\n%s", diff)
	}
}

func TestPartialResponses(t *testing.T) {
	c := world(t)
	short := c.Instruments["onestop@1"]
	m := &maker{c: c}
	early := m.one(kioskPoint, short.ID, -3*time.Hour, 0, sheet(short, 5, "5"))
	early.State = survey.Partial
	if diff := cmp.Diff([]survey.Reason{survey.OutsideHours}, New(zone).Reasons(c, early)); diff != "" {
		t.Errorf("a partial response is judged by where it came from only (-want +got):\n%s", diff)
	}
	half, whole := m.one(kioskPoint, short.ID, 0, 0, "{}"), m.one(kioskPoint, short.ID, time.Second, time.Minute, sheet(short, 5, "4"))
	half.State = survey.Partial
	if got := last(c, []*survey.Response{half, whole}); got != nil {
		t.Errorf("whoever comes after somebody who left is suspected: %v", got)
	}
}

// A fold that failed is done again, and must find the same.
func TestJudgingAgain(t *testing.T) {
	c := world(t)
	short := c.Instruments["onestop@1"]
	m := &maker{c: c}
	j := New(zone)
	var all []*survey.Response
	for i := range 12 {
		all = append(all, m.one(kioskPoint, short.ID, time.Duration(i)*3*time.Second, time.Duration(i)*2*time.Second, sheet(short, 5, "54")))
	}
	judge := func() (found [][]survey.Reason) {
		for _, r := range all {
			found = append(found, j.Reasons(c, r))
		}
		return found
	}
	first := judge()
	if diff := cmp.Diff(first, judge()); diff != "" {
		t.Errorf("judged otherwise the second time (-first +second):\n%s", diff)
	}
	fresh := New(zone)
	for _, r := range all[:11] {
		fresh.Recall(c, r)
	}
	if diff := cmp.Diff(first[11], fresh.Reasons(c, all[11])); diff != "" {
		t.Errorf("judged otherwise after a restart (-first +second):\n%s", diff)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	m := newMemory()
	for i := range int64(3 * mostNeighbours) {
		m.add("first", neighbour{seq: i})
	}
	if near := m.before("first", 1<<40); len(near) != mostNeighbours || near[0].seq != 2*mostNeighbours {
		t.Errorf("remembers %d of a point, from seq %d", len(near), near[0].seq)
	}
	for i := range 2 * mostPoints {
		m.add(survey.PointCode(rune(0x4e00+i)), neighbour{seq: 1})
	}
	if len(m.points) != mostPoints || m.order.Len() != mostPoints {
		t.Errorf("remembers %d points in a list of %d", len(m.points), m.order.Len())
	}
	if m.before("first", 1<<40) != nil {
		t.Error("remembers the point that was silent longest")
	}
}

// Every rule has its place in the order shown, and every pair names what its
// questionnaire asks.
func TestTables(t *testing.T) {
	order := -1
	for _, r := range rules {
		i := slices.Index(survey.Reasons, r.reason)
		if i <= order {
			t.Errorf("%s stands at %d after %d", r.reason, i, order)
		}
		order = i
	}
	c := world(t)
	for name, list := range pairs {
		in := c.Instruments[survey.InstrumentID(name+"@1")]
		for _, p := range list {
			for item, values := range map[survey.ItemCode][]string{p.item: p.values, p.other: p.levels} {
				q := in.Question(item)
				for _, v := range values {
					if q == nil || q.Option(v) < 0 {
						t.Errorf("%s: %s has no option %s", name, item, v)
					}
				}
			}
		}
	}
}
