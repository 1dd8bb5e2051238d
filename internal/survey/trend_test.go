package survey

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStepAround(t *testing.T) {
	for _, c := range []struct {
		step     Step
		day      string
		from, to string
	}{
		{ByDay, "2026-02-28", "2026-02-28", "2026-02-28"},
		{ByWeek, "2026-11-22", "2026-11-16", "2026-11-22"}, // a Sunday
		{ByWeek, "2026-11-23", "2026-11-23", "2026-11-29"}, // a Monday
		{ByWeek, "2025-01-01", "2024-12-30", "2025-01-05"},
		{ByMonth, "2024-02-10", "2024-02-01", "2024-02-29"},
		{ByQuarter, "2026-01-01", "2026-01-01", "2026-03-31"},
		{ByQuarter, "2026-12-31", "2026-10-01", "2026-12-31"},
		{ByQuarter, "2026-05-31", "2026-04-01", "2026-06-30"},
		{ByYear, "2026-05-31", "2026-01-01", "2026-12-31"},
	} {
		day, err := ParseDay(c.day)
		if err != nil {
			t.Fatal(err)
		}
		got := c.step.Around(day)
		if got.From.String() != c.from || got.To.String() != c.to {
			t.Errorf("%s around %s is %s to %s, want %s to %s", c.step, c.day, got.From, got.To, c.from, c.to)
		}
	}
}

func TestLine(t *testing.T) {
	c := &Catalog{
		Instruments: map[InstrumentID]*Instrument{
			"old@1": {ID: "old@1"}, "new@1": {ID: "new@1", Follows: "old@1"}, "new@2": {ID: "new@2", Follows: "new@1"},
			"tap@1": {ID: "tap@1"},
			"a@1":   {ID: "a@1", Follows: "b@1"}, "b@1": {ID: "b@1", Follows: "a@1"}, // nonsense, and no endless loop
		},
		Waves: map[WaveID]*Wave{},
	}
	wave := func(id WaveID, in InstrumentID, from Day, d Design, state WaveState) {
		c.Waves[id] = &Wave{ID: id, Instrument: in, From: from, To: from + 9, Design: d, State: state}
	}
	wave("y2019", "old@1", 10, Probability, Published)
	wave("y2025", "new@1", 30, Probability, Published)
	wave("y2026", "new@2", 40, Probability, Open)
	wave("draft", "new@2", 50, Probability, Draft)
	wave("counter", "new@2", 40, Continuous, Open)
	wave("tap", "tap@1", 40, Probability, Open)
	wave("gone", "lost@1", 40, Probability, Open)
	wave("loop", "a@1", 40, Probability, Open)
	for id, want := range map[WaveID][]WaveID{
		"y2019": {"y2019", "y2025", "y2026"}, "y2026": {"y2019", "y2025", "y2026"},
		"counter": {"counter"}, "tap": {"tap"}, "gone": {"gone"}, "loop": {"loop"},
	} {
		var got []WaveID
		for _, w := range c.Line(c.Waves[id]) {
			got = append(got, w.ID)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("line of %s (-want +got):\n%s", id, d)
		}
	}
}
