package web

import (
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/locale"
	"sipas/internal/survey"
)

var posterView = newView[posterPage]("print/poster.html", "print/sheet.html")

// posterSizes are the papers that a point is put up on. Cards lie four to an
// A4 page.
var posterSizes = []string{"a4", "a5", "card"}

const (
	cardsPerPage = 4
	mostPosters  = 200 // on one page: more would take a browser minutes to lay out
)

// posterPage is posters to print: of one point, or of many.
type posterPage struct {
	page
	Title  string
	Size   string
	Sizes  []pick
	Tongue string // the first language of the posters
	Langs  []pick
	Keep   []hidden // of the address, for the form that chooses size and language
	Pages  [][]poster
	Batch  bool // several points
	Count  int
	Part   posterPart
	Back   string
}

// posterPart is where a long batch is cut.
type posterPart struct {
	At, Of, Most  int
	Before, After string // addresses
}

// poster is what stands on one sheet or card, in two languages.
type poster struct {
	First, Second locale.Printer
	Unit          string
	Above         string // the unit above, in small
	Point         string
	Code          survey.PointCode
	Ask           survey.Text
	Minutes       int64
	QR            qrCode
	Address       string
	Printed       time.Time
	Demo          bool
}

// poster answers GET /app/points/{code}/poster.
func (s *server) poster(c *fiber.Ctx) error {
	v := s.viewer(c)
	pt, err := v.pointOf(c.Params("code"))
	if err != nil {
		return err
	}
	p := s.posterPage(c)
	one, err := s.posterOf(v, pt, p.Tongue)
	if err != nil {
		return err
	}
	p.Title = p.T("poster.title."+p.Size, p.T("poster.batch", pt.Name, one.Unit))
	p.Back, p.Count, p.Demo = "/app/points?point="+string(pt.Code), 1, one.Demo
	if p.Pages = [][]poster{{one}}; p.Size == "card" {
		p.Pages = [][]poster{slices.Repeat([]poster{one}, cardsPerPage)}
	}
	return posterView.render(c, fiber.StatusOK, p)
}

// posters answers GET /app/posters: every point of a wave and below a unit that
// the reader sees and that still takes, or will take, responses.
func (s *server) posters(c *fiber.Ctx) error {
	v := s.viewer(c)
	wave, unit := survey.WaveID(c.Query("wave")), survey.UnitCode(c.Query("unit"))
	if unit != "" && !v.sees(unit) {
		return survey.Missing("web.posters", "unit.unknown", string(unit))
	}
	if w := v.cat.Waves[wave]; wave != "" && (w == nil || !v.mayKnow(w)) {
		return survey.Missing("web.posters", "wave.unknown", string(wave))
	}
	list := v.printable(wave, unit)
	p := s.posterPage(c)
	p.Batch, p.Back, p.Count = true, "/app/points?wave="+string(wave)+"&unit="+string(unit), len(list)
	p.Keep = []hidden{{"wave", string(wave)}, {"unit", string(unit)}}
	p.Title = p.T("poster.title."+p.Size, p.N("poster.count", int64(len(list))))
	list = p.cut(list, c.QueryInt("part", 1))
	var all []poster
	for _, pt := range list {
		one, err := s.posterOf(v, pt, p.Tongue)
		if err != nil {
			return err
		}
		p.Demo = p.Demo || one.Demo
		all = append(all, one)
	}
	per := 1
	if p.Size == "card" {
		per = cardsPerPage
	}
	p.Pages = slices.Collect(slices.Chunk(all, per))
	return posterView.render(c, fiber.StatusOK, p)
}

// printable lists the points whose posters are worth their paper: those of
// waves that are over would lead nowhere.
func (v viewer) printable(wave survey.WaveID, unit survey.UnitCode) []survey.Point {
	return slices.DeleteFunc(v.points(wave, unit), func(pt survey.Point) bool {
		w := v.cat.Waves[pt.Wave]
		return w == nil || w.State != survey.Open && w.State != survey.Draft
	})
}

// cut leaves one part of a batch, and says where the others are.
func (p *posterPage) cut(list []survey.Point, part int) []survey.Point {
	parts := (len(list) + mostPosters - 1) / mostPosters
	part = max(1, min(part, parts))
	p.Part = posterPart{At: part, Of: parts, Most: mostPosters}
	if parts < 2 {
		return list
	}
	at := func(n int) string {
		if n < 1 || n > parts {
			return ""
		}
		q := p.Query
		q.Set("part", strconv.Itoa(n))
		return p.Path + "?" + q.Encode()
	}
	p.Part.Before, p.Part.After = at(part-1), at(part+1)
	return list[(part-1)*mostPosters : min(part*mostPosters, len(list))]
}

// posterPage reads size and language from the address; what it does not know
// is the first of each.
func (s *server) posterPage(c *fiber.Ctx) posterPage {
	p := posterPage{page: s.page(c), Size: c.Query("size")}
	if !slices.Contains(posterSizes, p.Size) {
		p.Size = posterSizes[0]
	}
	p.Sizes = p.posterSizes(p.Size)
	p.Tongue = locale.For(c.Query("in")).Lang
	for _, l := range p.Languages() {
		p.Langs = append(p.Langs, pick{l, p.Name(l), l == p.Tongue})
	}
	return p
}

// posterSizes lists the papers there are.
func (p page) posterSizes(chosen string) []pick {
	var picks []pick
	for _, size := range posterSizes {
		picks = append(picks, pick{size, p.T("poster.size." + size), size == chosen})
	}
	return picks
}

// posterOf makes the poster of a point, in tongue and in the first of the other
// languages there are.
func (s *server) posterOf(v viewer, pt survey.Point, tongue string) (poster, error) {
	url := s.formURL(pt.Code)
	qr, err := newQR(url)
	if err != nil {
		return poster{}, err
	}
	second := tongue
	if i := slices.IndexFunc(locale.Languages(), func(l string) bool { return l != tongue }); i >= 0 {
		second = locale.Languages()[i]
	}
	one := poster{
		First: locale.For(tongue), Second: locale.For(second), Point: pt.Name, Code: pt.Code, QR: qr,
		Address: withoutScheme(url), Printed: s.Now().In(s.Zone),
	}
	u, _ := v.cat.Tree.Unit(pt.Unit)
	one.Unit = u.Name
	if up, ok := v.cat.Tree.Unit(u.Parent); ok {
		one.Above = up.Name
	}
	if w := v.cat.Waves[pt.Wave]; w != nil {
		one.Demo = w.Synthetic
		if in := v.cat.Instruments[w.Instrument]; in != nil {
			one.Ask, one.Minutes = in.Ask, int64(in.Minutes)
		}
	}
	return one, nil
}
