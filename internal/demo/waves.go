package demo

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"sipas/internal/simulate"
	"sipas/internal/survey"
)

// When things happened, in days before now. The sample is over before the
// continuous wave begins, so that seq follows time.
const (
	sampleFrom = 175
	openedFrom = 90
	openedTo   = 275 // after now
	oneTapFrom = 45

	// Of every sample: from its first day on, and from its last.
	sampleDays     = 70
	closedAfter    = 5
	publishedAfter = 10
)

func (b *builder) daysAgo(n int) time.Time { return b.now.AddDate(0, 0, -n) }

// wave creates a wave of the whole province and opens it.
func (b *builder) wave(ctx context.Context, w survey.Wave, from, to time.Time) error {
	w.Units, w.Synthetic = []survey.UnitCode{"qn"}, true
	w.From, w.To = survey.DayOf(from), survey.DayOf(to)
	b.clock = time.Date(from.Year(), from.Month(), from.Day(), 7, 0, 0, 0, b.Zone)
	if err := b.registry.CreateWave(ctx, w); err != nil {
		return err
	}
	return b.registry.MoveWave(ctx, w.ID, survey.Open)
}

// place adds a point and gives it a share of the respondents.
func (b *builder) place(ctx context.Context, weight float64, p survey.Point) (simulate.Place, error) {
	p, err := b.registry.CreatePoint(ctx, p)
	return simulate.Place{Point: p, Weight: weight}, err
}

// standing returns the units of the given kinds that stand at a time, by code.
func (b *builder) standing(at time.Time, kinds ...survey.UnitKind) []survey.Unit {
	var units []survey.Unit
	for _, u := range b.registry.Catalog().Tree.All() {
		if slices.Contains(kinds, u.Kind) && u.Stands(survey.DayOf(at)) {
			units = append(units, u)
		}
	}
	return units
}

// size makes units unequal: a few have several times as many respondents as
// the rest.
func (b *builder) size(kind survey.UnitKind) float64 {
	size := math.Exp(0.5 * b.rnd.NormFloat64())
	if kind == survey.Ward {
		size *= 1.6
	}
	return size
}

// sample is a survey by sample to be made up.
type sample struct {
	wave  survey.Wave
	kinds []survey.UnitKind // where interviewers went
	n     int
	from  time.Time
	mean  float64
}

// samples makes the survey by the ministry's form and those before it, by which
// it is told whether things got better: one by the same form, and one of the
// time before the form and the units changed.
func (b *builder) samples(ctx context.Context) error {
	communes := []survey.UnitKind{survey.Ward, survey.Commune, survey.SpecialZone}
	rnd := b.rnd
	defer func() { b.rnd = rnd }()
	b.rnd = rand.New(rand.NewPCG(b.Seed, 0xea51)) //nolint:gosec // made-up data, not secrets
	for _, s := range []sample{
		{survey.Wave{ID: Oldest, Name: "Khảo sát mẫu theo phiếu MOHA-2017", Instrument: "moha-2017@1"}, []survey.UnitKind{survey.District}, b.Size.Earlier, b.now.AddDate(-5, -2, 0), 0.5},
		{survey.Wave{ID: Earlier, Name: "Khảo sát mẫu năm trước", Instrument: "moha-2023@1"}, communes, b.Size.Earlier, b.now.AddDate(-1, -2, 0), 0.2},
	} {
		if s.n == 0 {
			continue
		}
		if err := b.sample(ctx, s); err != nil {
			return err
		}
	}
	b.rnd = rnd // the usual demo is the same with and without the years before
	return b.sample(ctx, sample{
		survey.Wave{ID: Sample, Name: "Khảo sát mẫu theo phiếu MOHA-2023", Instrument: "moha-2023@1"}, communes, b.Size.Sample, b.daysAgo(sampleFrom), 0.42,
	})
}

// sample makes one survey by sample: closed, then published.
func (b *builder) sample(ctx context.Context, s sample) error {
	s.wave.Design, s.wave.Sampling = survey.Probability, survey.Stratified // interviewers went to every unit
	to := s.from.AddDate(0, 0, sampleDays)
	if err := b.wave(ctx, s.wave, s.from, to); err != nil {
		return err
	}
	var places []simulate.Place
	for _, u := range b.standing(s.from, s.kinds...) {
		p, err := b.place(ctx, b.size(u.Kind), survey.Point{Name: "Điều tra viên " + u.Name, Unit: u.Code, Wave: s.wave.ID, Channel: survey.Interviewer})
		if err != nil {
			return err
		}
		places = append(places, p)
	}
	if err := b.collect(ctx, []stream{b.stream(s.wave.ID, places, s.n, s.from, to, s.mean, 0.1)}); err != nil {
		return err
	}
	if err := b.plan(ctx, s, places); err != nil {
		return err
	}
	b.clock = to.AddDate(0, 0, closedAfter)
	if err := b.registry.MoveWave(ctx, s.wave.ID, survey.Closed); err != nil {
		return err
	}
	b.clock = to.AddDate(0, 0, publishedAfter)
	return b.registry.Publish(ctx, s.wave.ID)
}

// plan is the sample plan as if it had been made before: ballots in proportion to
// the size of the units, and a few more given out than came back.
func (b *builder) plan(ctx context.Context, s sample, places []simulate.Place) error {
	sum := 0.0
	for _, p := range places {
		sum += p.Weight
	}
	plan := survey.Plan{}
	for _, p := range places {
		planned := max(1, math.Round(0.97*float64(s.n)*p.Weight/sum))
		plan[p.Point.Unit] = survey.PlannedUnit{Unit: p.Point.Unit, Planned: int64(planned), Issued: int64(math.Ceil(1.15*planned)) + 2, Deff: 1}
	}
	return b.registry.ImportPlans(ctx, map[survey.WaveID]survey.Plan{s.wave.ID: plan})
}

// openWaves makes what goes on now: the form after a dossier, and the kiosks.
func (b *builder) openWaves(ctx context.Context) error {
	from, to := b.daysAgo(openedFrom), b.now.AddDate(0, 0, openedTo)
	err := b.wave(ctx, survey.Wave{
		ID: Continuous, Name: "Đánh giá sau khi làm hồ sơ", Instrument: "onestop@1", Design: survey.Continuous,
	}, from, to)
	if err != nil {
		return err
	}
	places, err := b.desks(ctx)
	if err != nil {
		return err
	}
	tapFrom := b.daysAgo(oneTapFrom)
	err = b.wave(ctx, survey.Wave{
		ID: OneTap, Name: "Một chạm tại quầy", Instrument: "pulse@1", Design: survey.Continuous,
	}, tapFrom, to)
	if err != nil {
		return err
	}
	kiosks, err := b.kiosks(ctx)
	if err != nil {
		return err
	}
	streams, dossiers := b.oddities(Continuous, b.Size.Continuous, b.oddDossiers(places[2])...)
	presses, taps := b.oddities(OneTap, b.Size.OneTap, b.oddPresses(kiosks[0], kiosks[1], kiosks[2])...)
	return b.collect(ctx, append(append(streams, presses...),
		b.stream(Continuous, places, dossiers, from, b.now, 0.35, 0.25),
		b.stream(OneTap, kiosks, taps, tapFrom, b.now, 0.2, 0.15),
	))
}

const centre survey.UnitCode = "qn.trung-tam-phuc-vu-hanh-chinh-cong-tinh"

// desks are the points of the continuous wave: a poster with a QR code
// everywhere, tablets and interviewers at some, one link on the portal.
func (b *builder) desks(ctx context.Context) ([]simulate.Place, error) {
	var places []simulate.Place
	add := func(weight float64, name string, unit survey.UnitCode, channel survey.Channel, service survey.ServiceCode) error {
		p, err := b.place(ctx, weight, survey.Point{Name: name, Unit: unit, Wave: Continuous, Channel: channel, Service: service})
		places = append(places, p)
		return err
	}
	err := add(9, "Màn hình sảnh chính", centre, survey.Kiosk, "")
	if err == nil {
		err = add(2.5, "Cổng dịch vụ công", centre, survey.Link, "")
	}
	if err == nil {
		err = add(0.8, "Quầy hộ tịch, chứng thực", "qn.p-uong-bi", survey.QR, "2.000815")
	}
	for i, u := range b.standing(b.now, survey.Centre, survey.Department, survey.Ward, survey.Commune, survey.SpecialZone) {
		if err != nil {
			break
		}
		size := b.size(u.Kind)
		err = add(size, "Bộ phận một cửa", u.Code, survey.QR, "")
		if err == nil && u.Kind == survey.Ward && i%3 == 0 {
			err = add(0.9*size, "Màn hình tại quầy", u.Code, survey.Kiosk, "")
		}
		if err == nil && u.Kind == survey.Commune && i%4 == 0 {
			err = add(0.3*size, "Điều tra viên", u.Code, survey.Interviewer, "")
		}
	}
	return places, err
}

// kiosks are the points of the one-tap wave.
func (b *builder) kiosks(ctx context.Context) ([]simulate.Place, error) {
	var places []simulate.Place
	for _, k := range []struct {
		unit   survey.UnitCode
		name   string
		weight float64
	}{
		{centre, "Màn hình tầng 1, Trung tâm", 5},
		{"qn.p-uong-bi", "Màn hình bộ phận một cửa", 2},
		{"qn.p-hong-gai", "Màn hình bộ phận một cửa", 2},
		{"qn.p-cam-pha", "Màn hình bộ phận một cửa", 1.5},
		{"qn.p-mong-cai-1", "Màn hình bộ phận một cửa", 1.2},
	} {
		p, err := b.place(ctx, k.weight, survey.Point{Name: k.name, Unit: k.unit, Wave: OneTap, Channel: survey.Kiosk})
		if err != nil {
			return nil, err
		}
		places = append(places, p)
	}
	return places, nil
}
