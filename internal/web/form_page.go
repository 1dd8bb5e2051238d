package web

import (
	"maps"
	"slices"

	"sipas/internal/locale"
	"sipas/internal/survey"
	"sipas/static"
)

// citizenPage is what every page for citizens has.
type citizenPage struct {
	locale.Printer
	Unit, Point string
	Demo        bool   // the wave's data is made up, and the page says so
	Failed      bool   // the title begins with "Error:"
	FormID      string // the form that the language switch sends along; empty: it is a link
	Default     string // what the Enter key does in that form
	Query       string // of the address, kept by that link
}

// Static returns the address of a public file.
func (citizenPage) Static(name string) string { return static.URL(name) }

// Others lists the languages to switch to.
func (p citizenPage) Others() []string {
	var langs []string
	for _, l := range p.Languages() {
		if l != p.Lang {
			langs = append(langs, l)
		}
	}
	return langs
}

// introPage stands before the first question.
type introPage struct {
	citizenPage
	Ask       string
	Questions int64
	Minutes   int64
	Ethnicity bool // asked about, so the notice speaks of it
}

// formPage is one part of the form, or all of it.
type formPage struct {
	citizenPage
	Code       survey.PointCode
	Instrument survey.InstrumentID
	All        bool
	Action     string
	PartName   string
	Part, Of   int // "part 3 of 5"
	Bars       []bar
	Heading    string
	Sections   []formSection
	Hidden     []hidden
	First      bool // nothing to go back to
	Last       bool // asks for the comment and sends
	Comment    string
	CommentBad string
	Longest    int
	Errors     []formError
	Trouble    trouble
	Trap       bool // the field that people do not see was filled in
}

// trouble is what stopped the sending when it was no answer's fault, and the
// proof of work that would help.
type trouble struct {
	Text  string
	Proof *proofForm
}

// ErrorCount counts the lines of the summary.
func (p formPage) ErrorCount() int64 { return int64(len(p.Errors)) }

// formSection is a section of a page. A page of one part has one.
type formSection struct {
	Code, Title, Lead string
	Groups            []formGroup
}

// formGroup is questions in a row that share a heading, as a matrix does.
type formGroup struct {
	Heading   string
	Questions []formQuestion
}

// formQuestion is a question as a page shows it.
type formQuestion struct {
	ID, Name   string
	Kind       survey.QuestionKind
	Number     int
	Text, Stem string
	Options    []formOption
	Optional   bool
	Skipped    bool
	Value      string // of an open text
	Bad        string // what is wrong with the answer
	Routing    string // when it is asked, for the script
	Respondent bool
	Longest    int
}

// Open, Several and Input say how the question is shown.
func (q formQuestion) Open() bool    { return q.Kind == survey.FreeText }
func (q formQuestion) Several() bool { return q.Kind == survey.Many }

// Input is the type of control that an answer is.
func (q formQuestion) Input() string {
	if q.Several() {
		return "checkbox"
	}
	return "radio"
}

// formOption is one possible answer.
type formOption struct {
	Value, Label string
	Face         int // 1 to 5, or 0 without faces
	Chosen       bool
}

// formError is one line of the summary on top.
type formError struct{ ID, Text string }

// formMaker turns a ballot into a page.
type formMaker struct {
	locale.Printer
	in      *survey.Instrument
	ballot  *ballot
	parts   []part
	numbers map[survey.ItemCode]int
	bad     map[string]string // by field, said at the place
	short   map[string]string // the same in few words, for the summary
}

func newFormMaker(p locale.Printer, in *survey.Instrument, b *ballot, faults []survey.FieldError) *formMaker {
	m := &formMaker{p, in, b, partsOf(in), b.numbers(in), map[string]string{}, map[string]string{}}
	for _, f := range faults {
		if _, told := m.bad[f.Field]; told {
			continue
		}
		m.bad[f.Field] = p.T(f.Key, f.Args...)
		m.short[f.Field] = m.bad[f.Field]
		if p.Has(f.Key + ".short") {
			m.short[f.Field] = p.T(f.Key+".short", f.Args...)
		}
	}
	return m
}

// page makes the page that asks the ballot's part.
func (m *formMaker) page(base citizenPage) formPage {
	b := m.ballot
	last := len(m.parts) - 1
	base.FormID, base.Default = "f", "next"
	base.Failed = len(m.bad) > 0
	p := formPage{
		citizenPage: base, Instrument: m.in.ID, All: b.All, Hidden: b.fields(m.in, m.Lang),
		Last: b.All || b.Step == last, Comment: b.Comment, CommentBad: m.bad["comment"], Longest: survey.LongestComment,
		Of: len(m.in.Sections), Errors: m.summary(), Trap: b.Trap,
	}
	if p.Last {
		p.Default = "send"
	}
	if b.All {
		p.Heading, p.First, p.Bars = m.in.Ask.In(m.Lang), true, barsOf(m.in, 0)
		for _, s := range m.in.Sections {
			p.Sections = append(p.Sections, m.section(s, s.Questions))
		}
		return p
	}
	here := m.parts[b.Step]
	p.First = move(m.parts, b.Step, -1, b.Answers) == b.Step
	p.Part, p.Bars = here.Section+1, barsOf(m.in, here.Section)
	if len(m.in.Sections) > 0 {
		s := m.in.Sections[here.Section]
		p.PartName, p.Heading = s.Title.In(m.Lang), s.Title.In(m.Lang)
		if qs := here.shown(b.Answers); len(qs) > 0 {
			p.Sections = []formSection{m.section(s, qs)}
		} else {
			p.PartName, p.Heading = m.T("form.comment"), m.T("form.comment_ask")
		}
	}
	return p
}

func (m *formMaker) section(s survey.Section, qs []*survey.Question) formSection {
	f := formSection{Code: s.Code, Title: s.Title.In(m.Lang), Lead: s.Lead.In(m.Lang)}
	matrix := ""
	for i, q := range qs {
		if i == 0 || q.Matrix != matrix {
			matrix = q.Matrix
			f.Groups = append(f.Groups, formGroup{Heading: q.MatrixText.In(m.Lang)})
		}
		g := &f.Groups[len(f.Groups)-1]
		stem := g.Heading
		if stem == "" {
			stem = f.Lead
		}
		g.Questions = append(g.Questions, m.question(q, stem))
	}
	return f
}

func (m *formMaker) question(q *survey.Question, stem string) formQuestion {
	a := m.ballot.of(q)[q.Code]
	f := formQuestion{
		ID: "q-" + string(q.Code), Name: string(q.Code), Kind: q.Kind, Number: m.numbers[q.Code],
		Text: q.Text.In(m.Lang), Stem: stem, Optional: !q.Required, Skipped: a.Skipped, Bad: m.bad[field(q)],
		Routing: routing(q.ShowIf), Respondent: q.Respondent, Longest: survey.LongestComment,
	}
	if q.Kind == survey.FreeText {
		f.Value = a.One()
	}
	for i, o := range q.Options {
		fo := formOption{Value: o.Value, Label: o.Label.In(m.Lang), Chosen: a.Has(o.Value)}
		if q.Faces {
			fo.Face = i + 1
		}
		f.Options = append(f.Options, fo)
	}
	return f
}

// summary lists what is wrong in the order of the questions; each line leads
// to its place when it is on this page.
func (m *formMaker) summary() []formError {
	var list []formError
	told := map[string]bool{}
	for _, q := range m.in.Questions {
		if bad, ok := m.short[field(q)]; ok {
			told[field(q)] = true
			list = append(list, formError{"q-" + string(q.Code), m.T("form.error_at", m.numbers[q.Code], bad)})
		}
	}
	if bad, ok := m.short["comment"]; ok {
		told["comment"] = true
		list = append(list, formError{"comment", m.T("form.error_comment", bad)})
	}
	for _, f := range slices.Sorted(maps.Keys(m.short)) {
		if !told[f] {
			list = append(list, formError{"f", m.T("form.error_other", m.short[f])})
		}
	}
	return list
}
