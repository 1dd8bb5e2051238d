package export

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"sipas/internal/survey"
)

// fixedColumns come first in every CSV, in this order whatever the instrument.
var fixedColumns = []string{
	"seq", "id", "wave", "instrument", "unit", "unit_name", "point", "channel", "device", "service", "locale",
	"started_at", "submitted_at", "received_at", "state", "reasons",
}

// respondentColumns follow the fixed ones, whether the instrument asks them or
// not, so that files of different instruments can be laid above one another.
var respondentColumns = []survey.ItemCode{"gender", "age", "education", "occupation", "residence", "ethnicity"}

const byteOrderMark = "\ufeff"

// csvWriter writes rows of the raw CSV of one instrument. It walks the stored
// sheet in step with the columns, which have the same order, and appends to one
// buffer: encoding/csv with a slice of strings a row took four times as long.
type csvWriter struct {
	stamp   *stamper
	tree    *survey.Tree
	columns []*survey.Question // questions with columns of their own, in order
	people  []string           // the respondent's answers of the current row
	name    map[survey.UnitCode]string
}

func newCSVWriter(p plan, zone *time.Location) *csvWriter {
	w := &csvWriter{
		stamp: newStamper(zone), tree: p.tree, people: make([]string, len(respondentColumns)),
		name: map[survey.UnitCode]string{},
	}
	for _, q := range p.in.Questions {
		if !q.Respondent {
			w.columns = append(w.columns, q)
		}
	}
	return w
}

// names lists the columns of the file.
func (w *csvWriter) names() []string {
	names := append([]string(nil), fixedColumns...)
	for _, c := range respondentColumns {
		names = append(names, string(c))
	}
	for _, q := range w.columns {
		names = append(names, questionColumns(q)...)
	}
	return append(names, "comment")
}

// questionColumns names the columns of q: one, or one for each option of a
// question with several answers.
func questionColumns(q *survey.Question) []string {
	if q.Kind != survey.Many {
		return []string{string(q.Code)}
	}
	names := make([]string, len(q.Options))
	for i, o := range q.Options {
		names[i] = string(q.Code) + "." + o.Value
	}
	return names
}

func (w *csvWriter) head(b []byte) []byte {
	return append(append(append(b, byteOrderMark...), strings.Join(w.names(), ",")...), "\r\n"...)
}

func (w *csvWriter) row(b []byte, r *survey.Response) ([]byte, error) {
	b = strconv.AppendInt(b, r.Seq, 10)
	for _, s := range [...]string{
		r.ID, string(r.Wave), string(r.Instrument), string(r.Unit), w.unitName(r.Unit), string(r.Point),
		string(r.Channel), r.Device, string(r.Service), r.Locale,
	} {
		b = appendCell(append(b, ','), s)
	}
	for _, t := range [...]time.Time{r.StartedAt, r.SubmittedAt, r.ReceivedAt} {
		b = w.stamp.append(append(b, ','), t)
	}
	b = appendCell(append(b, ','), string(r.State))
	b = append(b, ',')
	for i, reason := range r.Reasons { // codes: nothing to quote
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, reason...)
	}
	b, err := w.respondent(b, r.Respondent)
	if err != nil {
		return b, fmt.Errorf("response %d: %w", r.Seq, err)
	}
	if b, err = w.answers(b, r.Answers); err != nil {
		return b, fmt.Errorf("response %d: %w", r.Seq, err)
	}
	return append(appendCell(append(b, ','), r.Comment), "\r\n"...), nil
}

func (w *csvWriter) unitName(code survey.UnitCode) string {
	name, ok := w.name[code]
	if !ok {
		u, _ := w.tree.Unit(code)
		name = u.Name
		w.name[code] = name
	}
	return name
}

func (w *csvWriter) respondent(b []byte, s survey.Sheet) ([]byte, error) {
	clear(w.people)
	var unknown survey.ItemCode
	err := s.Each(func(code survey.ItemCode, values []string, _ bool) {
		for i, c := range respondentColumns {
			if c == code {
				if len(values) > 0 {
					w.people[i] = values[0]
				}
				return
			}
		}
		unknown = code
	})
	if err == nil && unknown != "" {
		err = fmt.Errorf("%q has no column", unknown)
	}
	for _, v := range w.people {
		b = appendCell(append(b, ','), v)
	}
	return b, err
}

// answers writes the item columns. A sheet has its items in the order of the
// columns, so each is found by going on from the last one.
func (w *csvWriter) answers(b []byte, s survey.Sheet) ([]byte, error) {
	next := 0
	err := s.Each(func(code survey.ItemCode, values []string, skipped bool) {
		for next < len(w.columns) && w.columns[next].Code != code {
			b = appendMissing(b, w.columns[next])
			next++
		}
		if next == len(w.columns) {
			next++ // out of order, or not of this instrument
			return
		}
		if next < len(w.columns) {
			b = appendAnswer(b, w.columns[next], values, skipped)
			next++
		}
	})
	if next > len(w.columns) {
		return b, fmt.Errorf("the answers do not fit the columns of the instrument")
	}
	for ; next < len(w.columns); next++ {
		b = appendMissing(b, w.columns[next])
	}
	return b, err
}

func appendMissing(b []byte, q *survey.Question) []byte {
	b = append(b, ',')
	if q.Kind == survey.Many {
		for range q.Options[1:] {
			b = append(b, ',')
		}
	}
	return b
}

func appendAnswer(b []byte, q *survey.Question, values []string, skipped bool) []byte {
	switch {
	case skipped:
		return appendMissing(b, q)
	case q.Kind == survey.Scale:
		return append(append(b, ','), values[0]...) // digits need no quotes
	case q.Kind != survey.Many:
		return appendCell(append(b, ','), values[0])
	}
	for _, o := range q.Options {
		mark := byte('0')
		for _, v := range values {
			if v == o.Value {
				mark = '1'
			}
		}
		b = append(b, ',', mark)
	}
	return b
}

// appendCell writes a text cell: quoted where RFC 4180 wants it, and with a '
// before what a spreadsheet would run as a formula.
func appendCell(b []byte, s string) []byte {
	if s == "" {
		return b
	}
	formula := strings.IndexByte("=+-@\t\r", s[0]) >= 0
	if !needsQuotes(s) {
		if formula {
			b = append(b, '\'')
		}
		return append(b, s...)
	}
	b = append(b, '"')
	if formula {
		b = append(b, '\'')
	}
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			break
		}
		b = append(append(b, s[:i]...), `""`...)
		s = s[i+1:]
	}
	return append(append(b, s...), '"')
}

// needsQuotes is strings.ContainsAny without its table, which costs more than
// looking at a short cell.
func needsQuotes(s string) bool {
	for i := range len(s) {
		if c := s[i]; c == '"' || c == ',' || c == '\n' || c == '\r' {
			return true
		}
	}
	return false
}
