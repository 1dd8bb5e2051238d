package simulate

import (
	"fmt"
	"math"
	"math/rand/v2"

	"sipas/internal/survey"
)

// The waves of a nation: what offices ask all the time, and two samples.
const (
	Continuous survey.WaveID = "nation"
	SampleOne  survey.WaveID = "nation-sample-1"
	SampleTwo  survey.WaveID = "nation-sample-2"
)

// Capital is the unit above all others.
const Capital survey.UnitCode = "vn"

// Nation is a made-up country to measure at scale: provinces of unequal size
// with their departments, centres, wards and communes, and where people answer.
// Its shape follows from seed, number of units and period alone.
type Nation struct {
	Units    []survey.Unit // parents before their children
	Services []survey.Service
	Waves    []survey.Wave // without hash and state
	Places   []Place       // of the continuous wave, weighted by size
	Samples  [2][]Place    // of the two others
	From, To survey.Day    // of the responses, both included
}

// sampleDays is how long interviewers go out.
const sampleDays = 70

// unitsPerProvince is about what the 34 provinces have since 2025-07-01: some
// hundred communes, fourteen departments and a centre.
const unitsPerProvince = 118

// NewNation makes up a nation of so many units, at least 10, whose people
// answer instrument in from … to.
func NewNation(seed uint64, units int, instrument survey.InstrumentID, from, to survey.Day) *Nation {
	n := &Nation{From: from, To: to}
	m := nationMaker{n, rand.New(rand.NewPCG(seed, 0x2a7)), map[survey.PointCode]bool{}} //nolint:gosec // made up, no secrets
	m.unit(survey.Unit{Code: Capital, Name: "Cả nước (mô phỏng)", Kind: survey.Province})
	provinces := max(1, units/unitsPerProvince)
	left := units - 1 - provinces
	for i := range provinces {
		share := left / (provinces - i)
		if i < provinces-1 {
			share = int(float64(share) * (0.6 + 0.8*m.rnd.Float64()))
		}
		left -= share
		m.province(i+1, share)
	}
	for i, s := range nationServices {
		n.Services = append(n.Services, survey.Service{Code: survey.ServiceCode(fmt.Sprintf("m.%02d", i+1)), Name: s[0], Field: s[1], Owner: Capital})
	}
	n.Waves = []survey.Wave{
		{ID: Continuous, Name: "Lấy ý kiến thường xuyên (mô phỏng)", Design: survey.Continuous, From: from, To: to + 366},
		{ID: SampleOne, Name: "Khảo sát mẫu lần 1 (mô phỏng)", Design: survey.Probability, Sampling: survey.Stratified},
		{ID: SampleTwo, Name: "Khảo sát mẫu lần 2 (mô phỏng)", Design: survey.Probability, Sampling: survey.Stratified},
	}
	for i := range n.Waves {
		w := &n.Waves[i]
		w.Instrument, w.Units, w.Synthetic = instrument, []survey.UnitCode{Capital}, true
		if i > 0 {
			w.From, w.To = n.sampled(i - 1)
		}
	}
	return n
}

// sampled are the days of a sample: the first in the first half of the time,
// the second in the second.
func (n *Nation) sampled(i int) (from, to survey.Day) {
	half := (n.To - n.From) / 2
	from = n.From + survey.Day(i)*half + half/4
	return from, from + min(sampleDays, max(half/2, 1)) - 1
}

// nationServices are procedures that people often come for, the commonest
// first, with their fields.
var nationServices = [][2]string{
	{"Chứng thực bản sao từ bản chính", "Chứng thực"},
	{"Đăng ký khai sinh", "Hộ tịch"},
	{"Xác nhận tình trạng hôn nhân", "Hộ tịch"},
	{"Đăng ký biến động đất đai", "Đất đai"},
	{"Đăng ký kết hôn", "Hộ tịch"},
	{"Đăng ký hộ kinh doanh", "Doanh nghiệp"},
	{"Trợ cấp xã hội hằng tháng", "Bảo trợ xã hội"},
	{"Cấp phép xây dựng nhà ở", "Xây dựng"},
	{"Đăng ký khai tử", "Hộ tịch"},
	{"Cấp đổi giấy phép lái xe", "Giao thông"},
	{"Chuyển mục đích sử dụng đất", "Đất đai"},
	{"Cấp phiếu lý lịch tư pháp", "Tư pháp"},
}

// nationMaker adds to a nation.
type nationMaker struct {
	*Nation
	rnd   *rand.Rand
	taken map[survey.PointCode]bool
}

// unit adds u, which stands from long before the first response.
func (m *nationMaker) unit(u survey.Unit) {
	u.ValidFrom, u.ValidTo = m.From-3650, survey.Always
	m.Units = append(m.Units, u)
}

// province adds a province with so many units below it.
func (m *nationMaker) province(number, units int) {
	code := survey.UnitCode(fmt.Sprintf("vn.p%02d", number))
	m.unit(survey.Unit{Code: code, Name: fmt.Sprintf("Tỉnh %02d (mô phỏng)", number), Kind: survey.Province, Parent: Capital})
	departments := min(14, units/6)
	for i := range units {
		u := survey.Unit{Parent: code}
		switch {
		case i == 0:
			u.Kind, u.Name = survey.Centre, fmt.Sprintf("Trung tâm Phục vụ hành chính công tỉnh %02d", number)
		case i <= departments:
			u.Kind, u.Name = survey.Department, fmt.Sprintf("Sở số %d tỉnh %02d", i, number)
		case m.rnd.Float64() < 0.22: // some 700 of 3,321
			u.Kind, u.Name = survey.Ward, fmt.Sprintf("Phường số %d tỉnh %02d", i, number)
		default:
			u.Kind, u.Name = survey.Commune, fmt.Sprintf("Xã số %d tỉnh %02d", i, number)
		}
		u.Code = survey.UnitCode(fmt.Sprintf("%s.u%03d", code, i))
		m.unit(u)
		m.places(u)
	}
}

// places adds the points of a unit. Sizes are log-normal: a few units have ten
// times as many respondents as the middle one.
func (m *nationMaker) places(u survey.Unit) {
	size := math.Exp(0.8*m.rnd.NormFloat64()) * map[survey.UnitKind]float64{
		survey.Centre: 12, survey.Department: 0.6, survey.Ward: 1.8, survey.Commune: 1,
	}[u.Kind]
	kiosk := map[survey.UnitKind]float64{survey.Centre: 1, survey.Ward: 0.5, survey.Commune: 0.2}[u.Kind]
	visited := m.rnd.Float64() < 0.1
	add := func(weight float64, channel survey.Channel, name string) {
		m.Places = append(m.Places, Place{m.point(u, Continuous, channel, name), weight * size})
	}
	add(1, survey.QR, "Mã QR tại bộ phận một cửa")
	if m.rnd.Float64() < kiosk {
		add(0.8, survey.Kiosk, "Màn hình tại quầy")
	}
	switch {
	case u.Kind == survey.Centre:
		add(0.4, survey.Link, "Cổng dịch vụ công")
	case u.Kind == survey.Department:
		return // interviewers go where people live
	case visited:
		add(0.3, survey.Interviewer, "Điều tra viên")
	}
	if u.Kind == survey.Centre {
		return
	}
	for i, wave := range []survey.WaveID{SampleOne, SampleTwo} {
		m.Samples[i] = append(m.Samples[i], Place{m.point(u, wave, survey.Interviewer, "Điều tra viên"), 0.5 + math.Sqrt(size)})
	}
}

func (m *nationMaker) point(u survey.Unit, wave survey.WaveID, channel survey.Channel, name string) survey.Point {
	p := survey.Point{Name: name, Unit: u.Code, Wave: wave, Channel: channel}
	for p.Code == "" || m.taken[p.Code] {
		var code [survey.PointCodeLength]byte
		for i := range code {
			code[i] = survey.PointAlphabet[m.rnd.IntN(len(survey.PointAlphabet))]
		}
		p.Code = survey.PointCode(code[:])
	}
	m.taken[p.Code] = true
	return p
}
