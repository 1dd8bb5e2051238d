package survey

import (
	"maps"
	"slices"
	"time"
)

// WaveID names a survey round: "onestop-2026".
type WaveID string

// Wave is one survey round.
type Wave struct {
	ID             WaveID
	Name           string
	Instrument     InstrumentID
	InstrumentHash string
	Units          []UnitCode // the subtrees surveyed
	Weights        map[UnitCode]float64
	From, To       Day // the period planned, both included
	Design         Design
	Sampling       Sampling // how the people of a sample were drawn; Simple for what is no sample
	State          WaveState
	Actions        map[Reason]Action // what its rules do where it has chosen
	Synthetic      bool              // its responses are made up; every page says so
	OpenedAt       time.Time
	ClosedAt       time.Time // zero until closed
	PublishedAt    time.Time // zero until published
}

// Design says what the respondents of a wave stand for.
type Design string

// Designs of waves.
const (
	Probability Design = "probability" // a random sample: intervals make sense
	Continuous  Design = "continuous"  // whoever chose to answer: not a sample
)

// WaveState is how far a wave has come.
type WaveState string

// A wave goes through its states in this order, and never back.
const (
	Draft     WaveState = "draft"
	Open      WaveState = "open"
	Closed    WaveState = "closed"
	Published WaveState = "published"
)

var waveOrder = []WaveState{Draft, Open, Closed, Published}

// Next returns the state after s, or "".
func (s WaveState) Next() WaveState {
	if i := slices.Index(waveOrder, s); i >= 0 && i+1 < len(waveOrder) {
		return waveOrder[i+1]
	}
	return ""
}

// Covers reports whether code is one of the wave's units or below one.
func (w *Wave) Covers(t *Tree, code UnitCode) bool {
	return slices.ContainsFunc(w.Units, func(root UnitCode) bool { return t.Within(code, root) })
}

// PointCode names a point: six letters and digits that are hard to confuse.
type PointCode string

// PointAlphabet holds the characters of point codes and receipts: without 0
// and O, 1, I and L, and V, which is read as U.
const PointAlphabet = "23456789ABCDEFGHJKMNPQRSTUWXYZ"

// PointCodeLength is the length of a point code.
const PointCodeLength = 6

// Point is where a citizen meets the form.
type Point struct {
	Code    PointCode
	Name    string
	Unit    UnitCode
	Wave    WaveID
	Channel Channel
	Service ServiceCode // what the citizen most likely came for; may be empty
}

// Channel is the way a response came.
type Channel string

// Channels of points.
const (
	QR          Channel = "qr"
	Kiosk       Channel = "kiosk"
	Link        Channel = "link"
	Interviewer Channel = "interviewer"
)

// Channels lists every channel in the order it is shown.
var Channels = []Channel{QR, Kiosk, Link, Interviewer}

// Catalog is everything but responses and tallies, at one moment. It is
// immutable: a change makes a new one.
type Catalog struct {
	Version     int64
	Tree        *Tree
	Successions []Succession
	Services    map[ServiceCode]Service
	Waves       map[WaveID]*Wave
	Points      map[PointCode]Point
	Instruments map[InstrumentID]*Instrument
	Settings    map[SettingKey]string
	Plans       map[WaveID]Plan // of waves that have one
	Notes       []Note          // ended ones too, by day
}

// WaveList returns the waves, the newest period first.
func (c *Catalog) WaveList() []*Wave {
	var list []*Wave
	for _, w := range c.Waves {
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b *Wave) int {
		if a.From != b.From {
			return int(b.From - a.From)
		}
		return compareStrings(a.ID, b.ID)
	})
	return list
}

// PointList returns the points of a wave, by unit and code; every wave's if id
// is empty.
func (c *Catalog) PointList(id WaveID) []Point {
	var list []Point
	for _, p := range c.Points {
		if id == "" || p.Wave == id {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b Point) int {
		if a.Unit != b.Unit {
			return compareStrings(a.Unit, b.Unit)
		}
		return compareStrings(a.Code, b.Code)
	})
	return list
}

func compareStrings[S ~string](a, b S) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func sortedKeys[K ~string, V any](m map[K]V) []K {
	return slices.Sorted(maps.Keys(m))
}
