package export

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"sipas/internal/survey"
)

// Codebook explains every column of the raw files of one instrument.
type Codebook struct {
	Instrument *survey.Instrument
	Lang       string // of the HTML page: "vi" or "en"
	StyleSheet string // its address; empty: none
	Variables  []Variable
}

// Variable is one column of the CSV.
type Variable struct {
	Name        string
	Question    survey.Text
	Kind        string // integer, text, time, scale, one, many (0 or 1)
	Values      []survey.Option
	Domain      string // code in the index tree; empty when the index does not use it
	Factor      string
	ShowIf      string // "P1 in 1,2"; empty: asked of everybody
	Unconfirmed bool
	Counts      bool // part of the index
}

// NewCodebook makes the codebook of in.
func NewCodebook(in *survey.Instrument) *Codebook {
	c := &Codebook{Instrument: in, Lang: "vi"}
	for _, name := range fixedColumns {
		v := Variable{Name: name, Question: fixedTexts[name], Kind: "text"}
		switch {
		case name == "seq":
			v.Kind = "integer"
		case strings.HasSuffix(name, "_at"):
			v.Kind = "time"
		case name == "state":
			v.Values, v.Kind = stateTexts, "one"
		case name == "channel":
			v.Values, v.Kind = channelTexts, "one"
		}
		c.Variables = append(c.Variables, v)
	}
	for _, code := range respondentColumns {
		if q := in.Question(code); q != nil {
			c.add(q)
		} else {
			c.Variables = append(c.Variables, Variable{Name: string(code), Question: notAsked, Kind: "text"})
		}
	}
	for _, q := range in.Questions {
		if !q.Respondent {
			c.add(q)
		}
	}
	c.Variables = append(c.Variables, Variable{Name: "comment", Question: fixedTexts["comment"], Kind: "text"})
	return c
}

func (c *Codebook) add(q *survey.Question) {
	v := Variable{
		Name: string(q.Code), Question: fullText(q), Kind: string(q.Kind), Values: q.Options,
		ShowIf: conditionText(q.ShowIf), Unconfirmed: q.Unconfirmed,
	}
	for _, d := range c.Instrument.Domains {
		for _, f := range d.Factors {
			for _, item := range f.Items {
				if item == q.Code {
					v.Domain, v.Factor, v.Counts = d.Code, f.Code, true
				}
			}
		}
	}
	if q.Kind != survey.Many {
		c.Variables = append(c.Variables, v)
		return
	}
	for i, name := range questionColumns(q) {
		o := v
		o.Name, o.Values = name, yesNo
		o.Question = survey.Text{}
		for lang, text := range v.Question {
			o.Question[lang] = text + " – " + q.Options[i].Label.In(lang)
		}
		c.Variables = append(c.Variables, o)
	}
}

// fullText is the question with what the rows of its matrix share.
func fullText(q *survey.Question) survey.Text {
	if len(q.MatrixText) == 0 {
		return q.Text
	}
	t := survey.Text{}
	for lang, text := range q.Text {
		t[lang] = q.MatrixText.In(lang) + " – " + text
	}
	return t
}

func conditionText(c *survey.Condition) string {
	switch {
	case c == nil:
		return ""
	case c.All != nil:
		return joinConditions(c.All, " and ")
	case c.Any != nil:
		return joinConditions(c.Any, " or ")
	}
	return fmt.Sprintf("%s in %s", c.Item, strings.Join(c.In, ","))
}

func joinConditions(cs []survey.Condition, word string) string {
	parts := make([]string, len(cs))
	for i := range cs {
		parts[i] = "(" + conditionText(&cs[i]) + ")"
	}
	return strings.Join(parts, word)
}

// codebookColumns are the columns of the codebook's own CSV: one row for each
// value of each variable, one row for a variable without listed values.
var codebookColumns = []string{
	"variable", "question_vi", "question_en", "kind", "value", "label_vi", "label_en",
	"domain", "factor", "in_index", "satisfied", "asked_if", "missing", "unconfirmed",
}

// CSV writes the codebook as CSV, in the form of the data files.
func (c *Codebook) CSV() []byte {
	b := append([]byte(byteOrderMark), strings.Join(codebookColumns, ",")...)
	b = append(b, "\r\n"...)
	for _, v := range c.Variables {
		values := v.Values
		if len(values) == 0 {
			values = []survey.Option{{}}
		}
		for _, o := range values {
			cells := []string{
				v.Name, v.Question.In("vi"), v.Question.In("en"), v.Kind, o.Value, o.Label.In("vi"), o.Label.In("en"),
				v.Domain, v.Factor, flag(v.Counts), "", v.ShowIf, "empty", flag(v.Unconfirmed),
			}
			if v.Counts {
				cells[10] = flag(c.Satisfied(o.Value))
			}
			for i, cell := range cells {
				if i > 0 {
					b = append(b, ',')
				}
				b = appendCell(b, cell)
			}
			b = append(b, "\r\n"...)
		}
	}
	return b
}

func flag(b bool) string { return strconv.Itoa(map[bool]int{true: 1}[b]) }

// Satisfied reports whether value counts as satisfied in the index.
func (c *Codebook) Satisfied(value string) bool {
	for _, s := range c.Instrument.Spec.Satisfied {
		if s == value {
			return true
		}
	}
	return false
}

//go:embed codebook.html
var codebookFS embed.FS

var codebookPage = template.Must(template.ParseFS(codebookFS, "codebook.html"))

// HTML writes the codebook as one page in lang that needs nothing but the
// style sheet at address styleSheet, if any: it has no script and no style of
// its own, so that the strictest content policy lets it through.
func (c *Codebook) HTML(lang, styleSheet string) ([]byte, error) {
	page := *c
	page.Lang, page.StyleSheet = lang, styleSheet
	var b bytes.Buffer
	if err := codebookPage.Execute(&b, &page); err != nil {
		return nil, fmt.Errorf("export.Codebook: %w", err)
	}
	return b.Bytes(), nil
}

// Say returns a text of the page's own in its language.
func (c *Codebook) Say(key string) string { return pageTexts[key].In(c.Lang) }
