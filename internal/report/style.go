package report

import (
	"strings"

	"github.com/xuri/excelize/v2"
)

// The colours of the program's own pages.
const (
	ink    = "17211F"
	quiet  = "4A5552"
	warn   = "A50E2D"
	press  = "1F4E79"
	tint   = "F1EFE9"
	border = "8A938F"
)

// styleKey names a style: words such as "head right", and how numbers are
// written; of cells that hold no number there is nothing to write so.
type styleKey struct {
	words  string
	text   bool
	format Format
}

// style returns the number of a style, which is made once.
func (b *book) style(key styleKey) int {
	if id, ok := b.styles[key]; ok {
		return id
	}
	format := "@"
	if !key.text {
		format = key.format.code()
	}
	id, err := b.file.NewStyle(newStyle(key.words, format))
	if err != nil {
		id = 0 // the plain one: a number without its format is still the number
	}
	b.styles[key] = id
	return id
}

func newStyle(words, format string) *excelize.Style {
	s := &excelize.Style{
		CustomNumFmt: &format,
		Font:         &excelize.Font{Color: ink, Size: 11},
		Alignment:    &excelize.Alignment{Vertical: "top", WrapText: true},
	}
	for _, word := range strings.Fields(words) {
		switch word {
		case "title":
			s.Font.Bold, s.Font.Size, s.Alignment.WrapText = true, 14, false
		case "context":
			s.Font.Color, s.Alignment.WrapText = quiet, false
		case "mark":
			s.Font.Bold, s.Font.Color, s.Alignment.WrapText = true, warn, false
		case "head":
			s.Font.Bold, s.Alignment.Vertical = true, "bottom"
			s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{tint}}
			s.Border = []excelize.Border{{Type: "bottom", Color: border, Style: 1}}
		case "name":
			s.Font.Color = quiet
		case "strong":
			s.Font.Bold = true
		case "right":
			s.Alignment.Horizontal = "right"
		case "left":
			s.Alignment.Horizontal = "left"
		case "link":
			s.Font.Color, s.Font.Underline = press, "single"
		}
	}
	return s
}

// seriesColours tell series apart in print too: dark, light, middle.
var seriesColours = []string{"1F4E79", "B4622A", "7A8581", "0F6E63"}

// chart puts the chart of a table beside it. It has to be there before the rows
// are written.
func (b *book) chart(s sheet) error {
	t, c := s.table, s.table.Chart
	if c == nil || len(t.Rows) == 0 {
		return nil
	}
	rows := len(t.Rows)
	if c.Most > 0 {
		rows = min(rows, c.Most)
	}
	before := 0
	if t.Grouped != "" {
		before = 1
	}
	at := func(column int) string {
		name := strings.ReplaceAll(s.name, "'", "''")
		return "'" + name + "'!" + absolute(column+before+1, firstRow) + ":" + absolute(column+before+1, firstRow+rows-1)
	}
	least, most := 0.0, 100.0
	chart := &excelize.Chart{
		Title:      excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: c.Title}}},
		Legend:     excelize.ChartLegend{Position: "none"},
		YAxis:      excelize.ChartAxis{Minimum: &least, Maximum: &most, MajorGridLines: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: "0"}},
		PlotArea:   excelize.ChartPlotArea{ShowVal: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: "0.0"}},
		Dimension:  excelize.ChartDimension{Width: 720, Height: uint(max(280, 110+24*rows))},
		Format:     excelize.GraphicOptions{AltText: c.Title, OffsetX: 16},
		VaryColors: new(bool),
	}
	switch c.Kind {
	case Bars:
		gap := uint(40)
		chart.Type, chart.XAxis.ReverseOrder, chart.GapWidth = excelize.Bar, true, &gap // the first row on top
	case Line:
		chart.Type, chart.ShowBlanksAs, chart.Dimension.Height = excelize.Line, "gap", 360
	}
	if len(c.Columns) > 1 {
		chart.Legend.Position = "bottom"
	}
	for i, column := range c.Columns {
		colour := seriesColours[i%len(seriesColours)]
		series := excelize.ChartSeries{
			Name: strings.SplitN(at(column), "!", 2)[0] + "!" + absolute(column+before+1, headRow), Categories: at(c.Names), Values: at(column),
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}},
		}
		if c.Kind == Line {
			series.Line = excelize.LineOptions{Width: 2.25, Fill: series.Fill}
			series.Marker = excelize.ChartMarker{Symbol: "circle", Size: 7, Fill: series.Fill}
		}
		chart.Series = append(chart.Series, series)
	}
	return b.file.AddChart(s.name, cellAt(len(t.Columns)+before+2, headRow), chart)
}

// absolute names a cell for a chart: "$B$5".
func absolute(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row, true)
	if err != nil {
		return "$A$1"
	}
	return name
}
