package web

import (
	"context"
	"fmt"

	"sipas/internal/estimate"
	"sipas/internal/survey"
)

// channelBoard sets the ways apart in which responses came: whoever answers an
// interviewer at home is not whoever presses a kiosk, and their sum hides that.
type channelBoard struct {
	Title string
	Rows  []channelRow
}

// channelRow is one channel.
type channelRow struct {
	Name string
	Cell cell
	Bar  barChart
	m    measure
	n    int64
}

// channels reads the figure of u by channel. It is empty when a channel was
// chosen or there is only one.
func (s *server) channels(ctx context.Context, f *figures, u survey.UnitCode) (channelBoard, error) {
	var b channelBoard
	used := f.v.channelsOf(f.c.Wave.ID, u)
	if f.c.Channel != "" || len(used) < 2 {
		return b, nil
	}
	ref := overallOf(f.index(u))
	reads, _, err := s.readChannels(ctx, survey.Query{Wave: f.c.Wave.ID, Units: []survey.UnitCode{u}, Period: f.c.Period})
	if err != nil {
		return b, fmt.Errorf("web.channels: %w", err)
	}
	for _, ch := range used {
		x := reads[ch].Indices[u]
		estimate.Rough(f.c.Wave, f.now.Instrument, &x)
		row := channelRow{Name: f.p.T("staff.channel." + string(ch)), m: overallOf(x), n: x.N}
		row.Cell = f.cell(row.m, 1)
		if !x.Hidden {
			row.Cell.N = f.p.Int(x.N)
		}
		of := *f
		of.c.Channel = ch
		of.shared = of.c.explainQuery()
		row.Cell.Href = of.explainHref(u, survey.OverallKey)
		if row.m.shown() {
			row.Bar = f.bar(row.m, ref, f.tone(row.m, ref))
		}
		b.Rows = append(b.Rows, row)
	}
	b.Title = f.channelTitle(b.Rows)
	return b, nil
}

// channelTitle names the lowest and the highest channel.
func (f *figures) channelTitle(rows []channelRow) string {
	var low, high *channelRow
	for i, r := range rows {
		if !r.m.shown() {
			continue
		}
		if low == nil || r.m.Value < low.m.Value {
			low = &rows[i]
		}
		if high == nil || r.m.Value > high.m.Value {
			high = &rows[i]
		}
	}
	switch {
	case low == nil:
		return f.p.T("staff.channels.none")
	case low == high:
		return f.p.T("staff.channels.one", low.Name)
	case judged(low.m, high.m) && side(low.m, high.m) == 0:
		return f.p.T("staff.channels.alike")
	}
	return f.p.T("staff.channels.range", low.Name, f.p.Percent(low.m.Value, 1), high.Name, f.p.Percent(high.m.Value, 1))
}
