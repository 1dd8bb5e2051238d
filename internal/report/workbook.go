package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Above the names of the columns stand the title and the context.
const (
	titleRow   = 1
	contextRow = 2
	markRow    = 3
	headRow    = 4
	firstRow   = 5
)

// MediaType is that of a workbook.
const MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// WriteWorkbook writes r as an XLSX workbook: a cover and one sheet for each
// table, in order. Numbers are numbers, with the 15 significant digits that spreadsheets
// keep and a format that shows what the page shows. Words are never formulas, whatever they begin with.
func (r *Report) WriteWorkbook(to io.Writer) (err error) {
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	b := &book{Report: r, file: f, styles: map[styleKey]int{}, taken: map[string]bool{}}
	if err := b.write(); err != nil {
		return fmt.Errorf("report.WriteWorkbook: %w", err)
	}
	if _, err := f.WriteTo(to); err != nil {
		return fmt.Errorf("report.WriteWorkbook: %w", err)
	}
	return nil
}

// book is a workbook on its way.
type book struct {
	*Report
	file   *excelize.File
	styles map[styleKey]int
	taken  map[string]bool // names of sheets, in small letters
}

type sheet struct {
	name  string
	table *Table
	title string
}

func (b *book) write() error {
	properties := &excelize.DocProperties{Title: b.Title, Subject: b.Context, Creator: b.Creator, Language: b.Lang, Description: b.Mark}
	if err := b.file.SetDocProps(properties); err != nil {
		return err
	}
	cover := b.sheetName(b.Cover.Sheet)
	if err := b.file.SetSheetName("Sheet1", cover); err != nil {
		return err
	}
	var sheets []sheet
	for _, s := range b.Sections {
		for _, t := range s.Tables {
			made := sheet{name: b.sheetName(t.Sheet), table: t, title: t.Title}
			if made.title == "" {
				made.title = s.Title
			}
			sheets = append(sheets, made)
			if _, err := b.file.NewSheet(made.name); err != nil {
				return err
			}
		}
	}
	if err := b.cover(cover, sheets); err != nil {
		return err
	}
	for _, s := range sheets {
		if err := b.table(s); err != nil {
			return fmt.Errorf("sheet %s: %w", s.name, err)
		}
	}
	return nil
}

// sheetName mends a name so that a workbook can have it: at most 31 characters,
// none of []:*?/\, no apostrophe at its ends, and different from all others.
func (b *book) sheetName(name string) string {
	name = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || r < ' ' {
			return ' '
		}
		return r
	}, name), "' ")
	name = strings.Join(strings.Fields(name), " ")
	if name == "" {
		name = "–"
	}
	for n := 1; ; n++ {
		end := ""
		if n > 1 {
			end = fmt.Sprintf(" (%d)", n)
		}
		with := cut(name, excelize.MaxSheetNameLength-len(end)) + end
		if key := strings.ToLower(with); !b.taken[key] {
			b.taken[key] = true
			return with
		}
	}
}

// cut leaves the first characters of s, counted as a workbook counts them: in
// UTF-16.
func cut(s string, most int) string {
	n := 0
	for i, r := range s {
		if n++; r > 0xffff {
			n++
		}
		if n > most {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}

// cover writes what the report is about, and where its tables are.
func (b *book) cover(name string, sheets []sheet) error {
	at := firstRow + len(b.Cover.Facts) + 2
	for i, s := range sheets {
		link := fmt.Sprintf("'%s'!A1", strings.ReplaceAll(s.name, "'", "''"))
		if err := b.file.SetCellHyperLink(name, cellAt(1, at+i), link, "Location"); err != nil {
			return err
		}
	}
	w, err := b.open(name, []float64{34, 72}, "A5")
	if err != nil {
		return err
	}
	if err := b.top(w, b.Title); err != nil {
		return err
	}
	for i, f := range b.Cover.Facts {
		row := []any{b.styled(Text(f.Name), Words, "name"), b.styled(f.Value, f.Format, "left")}
		if err := w.SetRow(cellAt(1, firstRow+i), row); err != nil {
			return err
		}
	}
	if err := w.SetRow(cellAt(1, at-1), []any{b.styled(Text(b.Cover.Contents), Words, "head")}); err != nil {
		return err
	}
	for i, s := range sheets {
		row := []any{b.styled(Text(s.name), Words, "link"), b.styled(Text(s.title), Words, "")}
		if err := w.SetRow(cellAt(1, at+i), row); err != nil {
			return err
		}
	}
	return w.Flush()
}

// open begins a sheet that is written from the top to the bottom. What is not
// in a row has to be set before.
func (b *book) open(name string, widths []float64, frozen string) (*excelize.StreamWriter, error) {
	fit, landscape, a4, width, height := true, "landscape", 9, 1, 0
	if err := b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return nil, err
	}
	layout := &excelize.PageLayoutOptions{Size: &a4, Orientation: &landscape, FitToWidth: &width, FitToHeight: &height}
	if err := b.file.SetPageLayout(name, layout); err != nil {
		return nil, err
	}
	footer := &excelize.HeaderFooterOptions{OddHeader: "&R" + printed(b.Mark), OddFooter: "&L" + printed(b.Context) + "&R&P / &N"}
	if err := b.file.SetHeaderFooter(name, footer); err != nil {
		return nil, err
	}
	w, err := b.file.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	for i, width := range widths {
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return nil, err
		}
	}
	column, row, err := excelize.CellNameToCoordinates(frozen)
	if err != nil {
		return nil, err
	}
	panes := &excelize.Panes{Freeze: true, XSplit: column - 1, YSplit: row - 1, TopLeftCell: frozen, ActivePane: "bottomRight"}
	if column == 1 {
		panes.ActivePane = "bottomLeft"
	}
	return w, w.SetPanes(panes)
}

// printed is s for a header or footer, where & begins a code and 255 characters
// are all there may be.
func printed(s string) string {
	return strings.ReplaceAll(cut(s, 100), "&", "&&")
}

// top writes the title, what it is about, and whether it is made up.
func (b *book) top(w *excelize.StreamWriter, title string) error {
	for _, line := range []struct {
		row         int
		text, style string
	}{{titleRow, title, "title"}, {contextRow, b.Context, "context"}, {markRow, b.Mark, "mark"}} {
		if line.text == "" {
			continue
		}
		if err := w.SetRow(cellAt(1, line.row), []any{b.styled(Text(line.text), Words, line.style)}); err != nil {
			return err
		}
	}
	return nil
}

// table writes one table.
func (b *book) table(s sheet) error {
	t := s.table
	if err := b.chart(s); err != nil {
		return err
	}
	frozen := cellAt(2, firstRow)
	if t.Grouped != "" {
		frozen = cellAt(3, firstRow)
	}
	w, err := b.open(s.name, t.widths(), frozen)
	if err != nil {
		return err
	}
	if err := b.top(w, s.title); err != nil {
		return err
	}
	if err := w.SetRow(cellAt(1, headRow), b.heads(t)); err != nil {
		return err
	}
	for i, r := range t.Rows {
		if err := w.SetRow(cellAt(1, firstRow+i), b.row(t, r)); err != nil {
			return err
		}
	}
	for i, note := range t.Notes {
		if err := w.SetRow(cellAt(1, firstRow+len(t.Rows)+1+i), []any{b.styled(Text(note), Words, "context")}); err != nil {
			return err
		}
	}
	return w.Flush()
}

func (b *book) heads(t *Table) []any {
	var row []any
	if t.Grouped != "" {
		row = append(row, b.styled(Text(t.Grouped), Words, "head"))
	}
	for _, c := range t.Columns {
		style := "head"
		if c.Format.Number {
			style = "head right"
		}
		row = append(row, b.styled(Text(c.Head), Words, style))
	}
	return row
}

func (b *book) row(t *Table, r Row) []any {
	style := ""
	if r.Strong {
		style = "strong"
	}
	row := make([]any, 0, len(r.Cells)+1)
	if t.Grouped != "" {
		row = append(row, b.styled(Text(r.Group), Words, style))
	}
	for i, c := range r.Cells {
		row = append(row, b.styled(c, t.Columns[i].Format, style))
	}
	return row
}

// styled is one cell. Words are written as words: the file says so, and their
// format keeps it so when somebody edits them.
func (b *book) styled(c Cell, f Format, style string) any {
	if c.Is {
		return excelize.Cell{StyleID: b.style(styleKey{words: style, format: f}), Value: fifteen(c.Number)}
	}
	if f.Number && c.Text != "" {
		style += " right"
	}
	if c.Text == "" {
		return excelize.Cell{StyleID: b.style(styleKey{words: style, text: true})}
	}
	return excelize.Cell{StyleID: b.style(styleKey{words: style, text: true}), Value: c.Text}
}

// fifteen rounds v to the significant digits that a spreadsheet keeps. The
// library cuts off what is beyond them, which makes an 88.42499999999998 shown
// as 88.42 where the page, which rounds first, shows 88.43.
func fifteen(v float64) float64 {
	if rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 14, 64), 64); err == nil {
		return rounded
	}
	return v
}

// code is the number format of f.
func (f Format) code() string {
	digits := "#,##0"
	if f.Decimals > 0 {
		digits = "0." + strings.Repeat("0", f.Decimals)
	}
	if f.Signed {
		return "+" + digits + `;"−"` + digits + ";" + digits
	}
	return digits
}

// widths are those of the columns, in characters: what the longest of the first
// rows needs, within reason.
func (t *Table) widths() []float64 {
	const least, most, looked = 9, 48, 200
	var widths []float64
	fit := func(head string, of func(Row) string) {
		n := min(utf8.RuneCountInString(head), 16)
		for _, r := range t.Rows[:min(len(t.Rows), looked)] {
			n = max(n, utf8.RuneCountInString(of(r)))
		}
		widths = append(widths, float64(min(max(n+2, least), most)))
	}
	if t.Grouped != "" {
		fit(t.Grouped, func(r Row) string { return r.Group })
	}
	for i, c := range t.Columns {
		fit(c.Head, func(r Row) string { return r.Cells[i].Text })
	}
	return widths
}

// cellAt names a cell: 2, 5 is "B5".
func cellAt(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return "A1" // no table of ours has 16,384 columns or a million rows
	}
	return name
}
