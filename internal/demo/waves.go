package demo

import (
	"context"
	"math"
	"slices"
	"time"

	"sipas/internal/simulate"
	"sipas/internal/survey"
)

// When things happened, in days before now. The sample is over before the
// continuous wave begins, so that seq follows time.
const (
	sampleFrom, sampleTo = 175, 105
	sampleClosed         = 100
	samplePublished      = 95
	openedFrom           = 90
	openedTo             = 275 // after now
	oneTapFrom           = 45
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

// standing returns the units of the given kinds that stand now, by code.
func (b *builder) standing(kinds ...survey.UnitKind) []survey.Unit {
	var units []survey.Unit
	for _, u := range b.registry.Catalog().Tree.All() {
		if slices.Contains(kinds, u.Kind) && u.Stands(survey.DayOf(b.now)) {
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

// sample makes the survey by the ministry's form: closed, then published.
func (b *builder) sample(ctx context.Context) error {
	from, to := b.daysAgo(sampleFrom), b.daysAgo(sampleTo)
	err := b.wave(ctx, survey.Wave{
		ID: Sample, Name: "Khảo sát mẫu theo phiếu MOHA-2023", Instrument: "moha-2023@1", Design: survey.Probability,
	}, from, to)
	if err != nil {
		return err
	}
	var places []simulate.Place
	for _, u := range b.standing(survey.Ward, survey.Commune, survey.SpecialZone) {
		p, err := b.place(ctx, b.size(u.Kind), survey.Point{Name: "Điều tra viên " + u.Name, Unit: u.Code, Wave: Sample, Channel: survey.Interviewer})
		if err != nil {
			return err
		}
		places = append(places, p)
	}
	err = b.collect(ctx, []stream{b.stream(Sample, places, b.Size.Sample, from, to, 0.42, 0.1)})
	if err != nil {
		return err
	}
	b.clock = b.daysAgo(sampleClosed)
	if err := b.registry.MoveWave(ctx, Sample, survey.Closed); err != nil {
		return err
	}
	b.clock = b.daysAgo(samplePublished)
	return b.registry.Publish(ctx, Sample)
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
	for i, u := range b.standing(survey.Centre, survey.Department, survey.Ward, survey.Commune, survey.SpecialZone) {
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
