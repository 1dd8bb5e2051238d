package survey

import (
	"slices"
	"strings"
)

// InstrumentID names a questionnaire at one version: "moha-2023@1".
type InstrumentID string

// ItemCode names a question of an instrument: "S34", "Q1.3", "gender".
type ItemCode string

// Text is one text in every language that has it, by language ("vi", "en").
type Text map[string]string

// In returns the text in lang, or in Vietnamese.
func (t Text) In(lang string) string {
	if s, ok := t[lang]; ok {
		return s
	}
	return t["vi"]
}

// Status says how sure the wording of an instrument is.
type Status string

// Statuses of instruments.
const (
	OfficialCopy  Status = "official-copy" // taken from a copy of the official form
	Reconstructed Status = "reconstructed" // partly ours where no source was seen
	House         Status = "house"         // our own
)

// Instrument is a questionnaire at one version. It never changes once a wave
// uses it; a Wave keeps its Hash.
type Instrument struct {
	ID        InstrumentID
	Hash      string // SHA-256 of what is asked and computed, lower-case hex
	Status    Status
	Title     Text
	Ask       Text         // the form's first heading: "How did we serve you today?"
	Source    Text         // where the wording comes from
	Follows   InstrumentID // asked before this one, in another way; empty if nothing was
	Minutes   int          // what answering takes, about
	Sections  []Section
	Domains   []Domain
	Wishes    ItemCode    // the question or matrix that asks what people wish; empty if none does
	Questions []*Question // all of them, respondent questions last, in the order asked
	Spec      Spec

	byCode  map[ItemCode]*Question
	slots   int
	beside  groupLayout
	moments momentLayout
}

// Section is one page of the form.
type Section struct {
	Code       string
	Title      Text
	Lead       Text // said once above its questions; may be empty
	Respondent bool // its questions are about the respondent
	Questions  []*Question
}

// Domain is the upper level of the index tree; an instrument has one or more.
type Domain struct {
	Code    string
	Title   Text
	Factors []Factor
}

// Factor is the middle level of the index tree.
type Factor struct {
	Code  string
	Title Text
	Short Text // its name beside a bar and over a column; empty: Title
	Items []ItemCode
}

// ShortTitle returns the name of f where there is little room.
func (f *Factor) ShortTitle(lang string) string {
	if len(f.Short) > 0 {
		return f.Short.In(lang)
	}
	return f.Title.In(lang)
}

// QuestionKind is how a question is answered.
type QuestionKind string

// The kinds of question. A row of a matrix is a Scale or a One whose Matrix
// names the rows it stands with.
const (
	Scale    QuestionKind = "scale" // one of a row of whole numbers, the lowest first
	One      QuestionKind = "one"   // one of several words
	Many     QuestionKind = "many"  // any number of several words
	FreeText QuestionKind = "text"  // open text
)

// Question is one thing asked. Satisfaction items and all others are alike.
type Question struct {
	Code        ItemCode
	Kind        QuestionKind
	Text        Text
	Short       Text // for tables; empty: Text
	Matrix      string
	MatrixText  Text // what all rows of the matrix share
	Options     []Option
	Faces       bool // its five levels are shown as the five faces
	Required    bool
	Respondent  bool // kept under "respondent", not under "answers"
	Unconfirmed bool // its wording was reconstructed, not seen in a source
	Sensitive   bool // about the respondent, and never broken down by
	ShowIf      *Condition

	slot  int // where its counts begin in a Tally
	index int // 1 + its place among the items that groups count; 0: not among them
}

// Option is one possible answer.
type Option struct {
	Value string // for a Scale, a decimal integer
	Label Text
}

// Condition decides whether a question is asked. Exactly one of the three
// forms is set.
type Condition struct {
	Item ItemCode // this earlier question …
	In   []string // … was answered by one of these
	All  []Condition
	Any  []Condition
}

// Holds reports whether c holds for the answers given so far; nil holds.
func (c *Condition) Holds(given Answers) bool {
	switch {
	case c == nil:
		return true
	case c.All != nil:
		return !slices.ContainsFunc(c.All, func(d Condition) bool { return !d.Holds(given) })
	case c.Any != nil:
		return slices.ContainsFunc(c.Any, func(d Condition) bool { return d.Holds(given) })
	}
	a := given[c.Item]
	return slices.ContainsFunc(c.In, a.Has)
}

// Option returns the index of the option with value, or -1.
func (q *Question) Option(value string) int {
	return slices.IndexFunc(q.Options, func(o Option) bool { return o.Value == value })
}

// Label returns the words of the option with value in lang, or value itself.
func (q *Question) Label(value, lang string) string {
	if i := q.Option(value); i >= 0 {
		return q.Options[i].Label.In(lang)
	}
	return value
}

// ShortText returns the name of q for a table.
func (q *Question) ShortText(lang string) string {
	if len(q.Short) > 0 {
		return q.Short.In(lang)
	}
	return q.Text.In(lang)
}

// Slots is how many counts q has in a Tally: the answered, the skipped, and
// one per option.
func (q *Question) Slots() int { return 2 + len(q.Options) }

// Question returns the question with code, or nil.
func (in *Instrument) Question(code ItemCode) *Question { return in.byCode[code] }

// Slots is the length of Tally.Counts for this instrument.
func (in *Instrument) Slots() int { return in.slots }

// Items returns the codes of the index tree in order: domain by domain,
// factor by factor.
func (in *Instrument) Items() []ItemCode {
	var codes []ItemCode
	for _, d := range in.Domains {
		for _, f := range d.Factors {
			codes = append(codes, f.Items...)
		}
	}
	return codes
}

// Version splits the id at its "@": "moha-2023", "1".
func (id InstrumentID) Version() (name, version string) {
	name, version, _ = strings.Cut(string(id), "@")
	return name, version
}

// Seal makes an instrument ready for use after its fields are set: it fills
// Questions from Sections and numbers the slots. The loader of package
// instrument calls it once; what it returns is immutable from then on.
func (in *Instrument) Seal() *Instrument {
	in.Questions, in.byCode, in.slots = nil, map[ItemCode]*Question{}, 0
	for _, s := range in.Sections {
		for _, q := range s.Questions {
			q.Respondent = s.Respondent
			q.slot, q.index = in.slots, 0
			in.slots += q.Slots()
			in.Questions = append(in.Questions, q)
			in.byCode[q.Code] = q
		}
	}
	in.beside = in.layGroups()
	in.moments = in.layMoments()
	return in
}

// WishQuestions returns the questions that ask what people wish: one with
// several answers, or the rows of a matrix of scales.
func (in *Instrument) WishQuestions() []*Question {
	var asked []*Question
	for _, q := range in.Questions {
		if in.Wishes != "" && (q.Code == in.Wishes || q.Matrix == string(in.Wishes)) {
			asked = append(asked, q)
		}
	}
	return asked
}
