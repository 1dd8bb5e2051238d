package web

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/gofiber/fiber/v2"

	"sipas/internal/estimate"
	"sipas/internal/stats"
	"sipas/internal/survey"
)

var driversView = newStaffView[driversPage]("results.html", "drivers.html")

// driversPage says which factors the overall satisfaction goes with, how well
// they do, whether their items agree, and what people say they wish.
type driversPage struct {
	staffPage
	resultBase
	Drawn  bool        // Chart is there
	Chart  chartFigure // importance across, performance up
	WhyNot string      // why it is not
	Alphas []alphaRow
	Wishes []wishRow
	WiSub  string
	Notes  []string
}

// alphaRow is whether the items of one factor agree.
type alphaRow struct{ Name, Items, Alpha, Why, N string }

// wishRow is one thing that people wish.
type wishRow struct {
	Name, Why string
	Percent   string
	Width     string
	N         string
	m         measure
}

// fewestAnswers is how many people must have answered what reliability and
// drivers look at. With fewer, correlations are mostly noise.
const fewestAnswers = 100

const (
	driverDraws = 1000
	driverSeed  = 1   // the same figures always get the same intervals
	driversKept = 256 // units and waves
)

// driverMemory keeps drivers for as long as their watermark stays: a thousand
// draws take longer than the rest of a page.
type driverMemory struct {
	mu sync.Mutex
	of map[driverKey]estimate.Drivers
}

type driverKey struct {
	survey.MomentsQuery
	sampling survey.Sampling
	catalog  int64
	upTo, n  int64
}

// read weighs m.
func (d *driverMemory) read(key driverKey, tree *survey.Tree, m survey.Reliability) (estimate.Drivers, error) {
	d.mu.Lock()
	found, ok := d.of[key]
	d.mu.Unlock()
	if ok {
		return found, nil
	}
	found, err := estimate.Weigh(m, tree, driverDraws, driverSeed)
	if err != nil {
		return found, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.of) >= driversKept || d.of == nil {
		d.of = map[driverKey]estimate.Drivers{}
	}
	d.of[key] = found
	return found, nil
}

func (s *server) driversPage(c *fiber.Ctx) error {
	v := s.viewer(c)
	p := driversPage{staffPage: s.staff(c, v, "drivers")}
	ch, err := v.choose(queryOf(c), "")
	if err != nil {
		return err
	}
	ch = ch.whole()
	if !p.begin(v, &p.staffPage, ch, "/app/drivers") {
		return driversView.render(c, p.status(ch), p)
	}
	p.Crumbs = []crumb{{ch.Unit.Name, v.pageOf(ch)}}
	if err := s.weigh(c.UserContext(), v, &p, ch); err != nil {
		if err = s.unread(c, &p.resultBase, err); err != nil {
			return err
		}
	}
	allowCharts(c)
	return driversView.render(c, p.status(ch), p)
}

// weigh reads what the page shows.
func (s *server) weigh(ctx context.Context, v viewer, p *driversPage, ch choice) error {
	f, err := s.read(ctx, v, p.Printer, ch, []survey.UnitCode{ch.Unit.Code})
	if err != nil {
		return err
	}
	q := survey.MomentsQuery{Wave: ch.Wave.ID, Unit: ch.Unit.Code, Channel: ch.Channel}
	m, err := s.Reader.Moments(ctx, q)
	if err != nil {
		return fmt.Errorf("web.drivers: %w", err)
	}
	if p.stand(&p.staffPage, f); p.State != "" {
		return nil
	}
	return p.fill(f, m, s.drivers, q)
}

func (p *driversPage) fill(f *figures, m survey.Reliability, memory *driverMemory, q survey.MomentsQuery) error {
	p.Alphas = f.alphas(m.Factors)
	p.Wishes, p.WiSub = f.wishes()
	p.Notes = []string{p.T("drivers.note.cause"), p.T("drivers.note.importance"), p.T("drivers.note.whole_wave")}
	switch {
	case m.Drivers == nil:
		p.WhyNot = p.T("drivers.not_asked", f.c.Wave.Instrument)
		return nil
	case m.Drivers.N < fewestAnswers:
		p.WhyNot = p.T("drivers.too_few", max(0, m.Drivers.N), fewestAnswers)
		if m.Drivers.N < f.least {
			p.WhyNot = p.T("drivers.few", fewestAnswers)
		}
		return nil
	}
	d, err := memory.read(driverKey{q, f.c.Wave.Sampling, f.v.cat.Version, m.Watermark.Seq, m.Drivers.N}, f.v.cat.Tree, m)
	if errors.Is(err, stats.ErrNoVariance) || errors.Is(err, stats.ErrNoData) {
		p.WhyNot = p.T("drivers.no_variance")
		return nil
	} else if err != nil {
		return fmt.Errorf("web.drivers: %w", err)
	}
	p.Drawn = true
	p.Chart = f.quadrant(d, m.Drivers.N)
	p.Chart.Foot = p.AsOf.Text
	return nil
}

// alphas lists the factors whose items can agree.
func (f *figures) alphas(factors []survey.FactorMoments) []alphaRow {
	var rows []alphaRow
	for _, m := range factors {
		r := alphaRow{Name: f.partName(survey.FactorKey(m.Domain, m.Code)), Items: f.p.Int(int64(len(m.Items)))}
		alpha, err := estimate.Moments(m.Moments).Alpha()
		switch {
		case m.N < fewestAnswers:
			r.Why = f.p.T("staff.few")
		case err != nil:
			r.Why = f.p.T("drivers.alpha.all_alike")
		default:
			r.Alpha = f.p.Decimal(alpha, 2)
		}
		if m.N >= f.least {
			r.N = f.p.Int(m.N)
		}
		rows = append(rows, r)
	}
	return rows
}

// wishes ranks what people say they wish, the most wished first: of a question
// with several answers how many ticked each; of a matrix how many chose the
// highest level.
func (f *figures) wishes() (rows []wishRow, sub string) {
	tally := f.now.Tallies[f.c.Unit.Code]
	for _, q := range f.now.Instrument.WishQuestions() {
		n := tally.Answered(q)
		add := func(name string, count int64) {
			r := wishRow{Name: name, m: measure{Percent: survey.Share(count, n), N: n, hidden: f.veil.hidesQuestion(f.c.Unit.Code, q)}, N: f.p.Int(n)}
			if r.Why = f.cell(r.m, 1).Why; r.Why == "" {
				r.Percent, r.Width = f.p.Decimal(r.m.Value, 1), percent(r.m.Value)
			}
			rows = append(rows, r)
		}
		if q.Kind == survey.Many {
			sub = f.p.T("drivers.wishes.several")
			for i, o := range q.Options {
				add(o.Label.In(f.p.Lang), tally.Count(q, i))
			}
			continue
		}
		top := len(q.Options) - 1
		sub = f.p.T("drivers.wishes.top", q.Options[top].Label.In(f.p.Lang))
		add(q.ShortText(f.p.Lang), tally.Count(q, top))
	}
	slices.SortStableFunc(rows, func(a, b wishRow) int {
		return lowestFirst(figureRow{m: b.m}, figureRow{m: a.m})
	})
	return rows, sub
}
