package storetest

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"sipas/internal/auth"
	"sipas/internal/book"
	"sipas/internal/store"
	"sipas/internal/survey"
)

// Every interface that packages survey and auth ask a store for.
var (
	_ survey.Ledger         = (*store.Store)(nil)
	_ survey.FoldStore      = (*store.Store)(nil)
	_ survey.TallyStore     = (*store.Store)(nil)
	_ survey.CatalogStore   = (*store.Store)(nil)
	_ survey.WaveStore      = (*store.Store)(nil)
	_ survey.PlanStore      = (*store.Store)(nil)
	_ survey.NoteStore      = (*store.Store)(nil)
	_ survey.JudgementStore = (*store.Store)(nil)
	_ survey.DeviceStore    = (*store.Store)(nil)
	_ survey.DeviceIndex    = (*store.Store)(nil)
	_ survey.SettingStore   = (*store.Store)(nil)
	_ book.Store            = (*store.Store)(nil)
	_ auth.Store            = (*store.Store)(nil)
)

// Instrument is a small questionnaire of every kind of question.
func Instrument() *survey.Instrument {
	options := func(values ...string) (all []survey.Option) {
		for _, v := range values {
			all = append(all, survey.Option{Value: v, Label: survey.Text{"vi": v}})
		}
		return all
	}
	levels := options("1", "2", "3", "4", "5")
	return (&survey.Instrument{
		ID: "small@1", Hash: "abc",
		Sections: []survey.Section{
			{Code: "a", Questions: []*survey.Question{
				{Code: "S1", Kind: survey.Scale, Options: levels},
				{Code: "S2", Kind: survey.Scale, Options: levels},
				{Code: "Q2", Kind: survey.Many, Options: options("tv", "internet", "kin")},
				{Code: "S3", Kind: survey.Scale, Options: levels},
				{Code: "OV", Kind: survey.Scale, Options: levels},
			}},
			{Code: "b", Respondent: true, Questions: []*survey.Question{
				{Code: "gender", Kind: survey.One, Options: options("f", "m")},
				{Code: "age", Kind: survey.One, Options: options("young", "middle", "old")},
				{Code: "ethnicity", Kind: survey.One, Options: options("kinh", "other"), Sensitive: true},
			}},
		},
		Domains: []survey.Domain{{Code: "d", Factors: []survey.Factor{{Code: "f", Items: []survey.ItemCode{"S1", "S2"}}, {Code: "g", Items: []survey.ItemCode{"S3"}}}}},
		Spec: survey.Spec{
			Satisfied: []string{"4", "5"}, Item: survey.SatisfiedShare, Factor: survey.MeanOfItems,
			Domain: survey.MeanOfItems, Overall: survey.MeanOfItems, Direct: "OV", Units: survey.PooledResponses, Decimals: 2,
		},
	}).Seal()
}

const day0 = survey.Day(20_500) // 2026-02-16

// units are a province with two departments and three communes.
var units = []survey.Unit{
	{Code: "p.c2", Name: "Xã Hai", Kind: survey.Commune, Parent: "p", ValidFrom: day0, ValidTo: survey.Always}, // before its parent
	{Code: "p", Name: "Tỉnh", Kind: survey.Province, ValidFrom: 0, ValidTo: survey.Always},
	{Code: "p.d1", Name: "Sở Một", Kind: survey.Department, Parent: "p", ValidFrom: 0, ValidTo: survey.Always},
	{Code: "p.d1.c1", Name: "Trung tâm", Kind: survey.Centre, Parent: "p.d1", ValidFrom: 0, ValidTo: survey.Always},
	{Code: "p.c1", Name: "Xã Một", Kind: survey.Commune, Parent: "p", ValidFrom: 0, ValidTo: day0},
}

var waves = []survey.Wave{
	{
		ID: "w1", Name: "Đợt 1", Instrument: "small@1", InstrumentHash: "abc", Units: []survey.UnitCode{"p"},
		From: day0, To: day0 + 90, Design: survey.Continuous, Sampling: survey.Simple, State: survey.Open, OpenedAt: at(0),
	},
	{
		ID: "w2", Name: "Đợt 2", Instrument: "small@1", InstrumentHash: "abc", Units: []survey.UnitCode{"p.d1", "p.c1"},
		Weights: map[survey.UnitCode]float64{"p.d1": 0.25, "p.c1": 3},
		Actions: map[survey.Reason]survey.Action{survey.TooFast: survey.Ignore, survey.Burst: survey.Quarantine}, From: day0, To: day0 + 9,
		Design: survey.Probability, Sampling: survey.Clustered, State: survey.Draft, Synthetic: true,
	},
}

var services = []survey.Service{
	{Code: "1.004194", Name: "Đăng ký tạm trú", Field: "Cư trú", Owner: "p.d1"},
	{Code: "1.001193", Name: "Đăng ký khai sinh", Field: "Hộ tịch"},
}

var points = []survey.Point{
	{Code: "AAAAAA", Name: "Bàn 1", Unit: "p.d1.c1", Wave: "w1", Channel: survey.QR, Service: "1.004194"},
	{Code: "BBBBBB", Name: "Bàn 2", Unit: "p.c2", Wave: "w1", Channel: survey.Kiosk},
}

// Fill puts the units, services, waves and points into s.
func Fill(t testing.TB, s *store.Store) {
	t.Helper()
	ctx := t.Context()
	must(t, s.PutUnits(ctx, units))
	must(t, s.PutServices(ctx, services))
	for _, w := range waves {
		must(t, s.PutWave(ctx, w))
	}
	must(t, s.PutPoints(ctx, points))
}

// at is a fixed moment, plus n seconds.
func at(n int) time.Time {
	return time.Date(2026, 2, 16, 1, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Second)
}

// NewResponse makes the i-th response of a test: a good one, of wave "w1".
func NewResponse(i int) survey.Response {
	started := at(i).In(time.FixedZone("", 7*3600))
	r := survey.Response{
		ID: id(i), Wave: "w1", Instrument: "small@1", Unit: "p.d1.c1", Point: "AAAAAA", Channel: survey.QR,
		Locale: "vi", StartedAt: started, SubmittedAt: started.Add(time.Minute), ReceivedAt: at(i + 61),
		Day: day0, State: survey.Counted, Answers: `{"S1":4,"S2":null,"Q2":["tv"]}`, Respondent: `{"gender":"f"}`,
		Comment: "Nhanh, gọn.",
	}
	return seal(r)
}

// seal gives a response the digest of its answers, as the intake would.
func seal(r survey.Response) survey.Response {
	r.Digest = sha256.Sum256([]byte(r.ID + string(r.Answers) + r.Comment))
	return r
}

// id is a UUIDv7 of the i-th millisecond.
func id(i int) string {
	h := sha256.Sum256([]byte(strconv.Itoa(i)))
	return fmt.Sprintf("%08x-%04x-7%03x-%04x-%012x", 0x0192f0c1, i&0xffff, i>>16, 0x8000|binary.BigEndian.Uint16(h[:])&0x3fff, h[2:8])
}

// random makes a response of any unit, day, channel, state and answers.
func random(rnd *rand.Rand, i int) survey.Response {
	r := NewResponse(i)
	r.Unit = units[rnd.IntN(len(units))].Code
	r.Channel = survey.Channels[rnd.IntN(len(survey.Channels))]
	r.Day = day0 + survey.Day(rnd.IntN(100))
	if rnd.IntN(10) == 0 {
		r.State = survey.Partial
	}
	level := func() int { return 1 + rnd.IntN(5) }
	r.Answers = survey.Sheet(fmt.Sprintf(`{"S1":%d,"S2":%d,"S3":%d,"OV":%d}`, level(), level(), level(), level()))
	if rnd.IntN(4) == 0 {
		r.Answers = survey.Sheet(fmt.Sprintf(`{"S2":null,"Q2":["tv","kin"],"OV":%d}`, level()))
	}
	r.Respondent = survey.Sheet([]string{
		`{"gender":"f","age":"young"}`, `{"gender":"m"}`, `{"age":"old","ethnicity":"kinh"}`, `{"gender":null}`, `{}`,
	}[rnd.IntN(5)])
	r.Service = append([]survey.ServiceCode{""}, services[0].Code, services[1].Code)[rnd.IntN(3)]
	return seal(r)
}

// appended stores responses and fails the test unless all are new.
func appended(t *testing.T, s *store.Store, rs ...survey.Response) {
	t.Helper()
	outcomes, err := s.Append(t.Context(), rs)
	must(t, err)
	for i, o := range outcomes {
		if o.Fate != survey.Stored {
			t.Fatalf("response %d: fate %d, want Stored", i, o.Fate)
		}
	}
}

// stored reads every response back.
func stored(t *testing.T, s *store.Store, filter survey.Filter) []survey.Response {
	t.Helper()
	var all []survey.Response
	must(t, s.EachResponse(t.Context(), filter, 0, 1_000_000, func(r *survey.Response) error {
		all = append(all, *r)
		return nil
	}))
	return all
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, what string, err error, want survey.Kind) {
	t.Helper()
	if err == nil || survey.KindOf(err) != want {
		t.Errorf("%s: error %v of kind %d, want kind %d", what, err, survey.KindOf(err), want)
	}
}
