package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"sipas/internal/survey"
)

// skipped is the value of "no answer" in a form.
const skipped = "skip"

// carried is put before the name of an answer that an earlier page asked for
// and this one only carries along.
const carried = "a."

// ballot is what a citizen has filled in so far. Between two pages it travels
// inside the page itself, as hidden fields: nothing is stored, and no cookie is
// needed. So every field of it is untrusted, every time.
type ballot struct {
	ID         string
	Started    time.Time // when consent was given
	Sent       time.Time // when the page with the send button was made
	Consent    bool
	All        bool // one page with everything, for the script
	Sure       bool // the comment was sent again after the warning
	Step       int  // of partsOf
	Answers    survey.Answers
	Respondent survey.Answers
	Comment    string
	Trap       bool   // the field that people do not see was filled in
	Proof      string // of work, when it was asked for
}

// fieldTrap is that field. Its name means nothing to a browser that fills in
// names, addresses or passwords by itself.
const fieldTrap = "topic"

// newBallot starts an empty one.
func newBallot(id uuid.UUID, now time.Time) *ballot {
	return &ballot{ID: id.String(), Started: now, Consent: true, Answers: survey.Answers{}, Respondent: survey.Answers{}}
}

// readBallot reads a posted form. Of each question it takes what the page
// itself asked, or else what was carried along. Values are kept as they came;
// Instrument.Check judges them.
func readBallot(in *survey.Instrument, form url.Values) *ballot {
	b := &ballot{
		ID: form.Get("id"), Consent: form.Get("consent") == "1",
		All: form.Get("all") == "1", Sure: form.Get("sure") == "1",
		Answers: survey.Answers{}, Respondent: survey.Answers{},
		Trap: form.Get(fieldTrap) != "", Proof: form.Get(fieldProof),
		// Browsers send line ends as CR LF; the program keeps LF.
		Comment: strings.TrimSpace(strings.ReplaceAll(form.Get("comment"), "\r\n", "\n")),
	}
	// What cannot be read stays zero, and is refused like a missing one.
	b.Started, _ = time.Parse(time.RFC3339, form.Get("started"))
	b.Sent, _ = time.Parse(time.RFC3339, form.Get("sent"))
	parts := partsOf(in)
	b.Step = step(form.Get("step"), len(parts))
	for i, p := range parts {
		for _, q := range p.Questions {
			asked := b.All || i == b.Step
			if a, ok := readAnswer(q, form, asked); ok {
				b.of(q)[q.Code] = a
			}
		}
	}
	b.prune(in)
	return b
}

// step reads the number of a part; what is no part is the first one.
func step(s string, parts int) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n >= parts {
		return 0
	}
	return n
}

// readAnswer reads the answer to q. A list of boxes of which none is ticked
// was seen and not answered, which a browser shows by sending nothing.
func readAnswer(q *survey.Question, form url.Values, asked bool) (survey.Answer, bool) {
	name := string(q.Code)
	if !asked {
		name = carried + name
	}
	values := slices.DeleteFunc(slices.Clone(form[name]), func(v string) bool { return strings.TrimSpace(v) == "" })
	switch {
	case slices.Contains(values, skipped):
		return survey.Skip(), true
	case len(values) == 0:
		return survey.Skip(), asked && q.Kind == survey.Many && form.Has(seen+name)
	case q.Kind == survey.Many:
		return survey.Several(values...), true
	case q.Kind == survey.Scale:
		return survey.Answer{Values: values, Number: true}, true
	case q.Kind == survey.FreeText:
		return survey.Value(strings.TrimSpace(strings.ReplaceAll(values[0], "\r\n", "\n"))), true
	}
	return survey.Answer{Values: values}, true
}

// seen is put before the name of a list of boxes that a page shows.
const seen = "seen."

// of returns the map that q's answer belongs to.
func (b *ballot) of(q *survey.Question) survey.Answers {
	if q.Respondent {
		return b.Respondent
	}
	return b.Answers
}

// prune takes out the answers to questions that the routing hides now: who
// goes back and changes an answer must not be asked about the old ones.
func (b *ballot) prune(in *survey.Instrument) {
	for _, q := range in.Questions { // a condition names earlier questions only
		if !q.ShowIf.Holds(b.Answers) {
			delete(b.of(q), q.Code)
		}
	}
}

// submission is what b says to the domain. Its time of submission is when the
// page with the button was made, not now: a button pressed twice must send the
// same thing twice.
func (b *ballot) submission(p survey.Point, w *survey.Wave, lang string) survey.Submission {
	return survey.Submission{
		ID: b.ID, Point: p.Code, Instrument: w.Instrument, Locale: lang,
		StartedAt: b.Started, SubmittedAt: b.Sent,
		Answers: b.Answers, Respondent: b.Respondent, Service: p.Service, Comment: b.Comment, Trap: b.Trap,
	}
}

// faults checks everything said so far. A required question that was not
// asked yet is no fault; all says that every one has been.
func (b *ballot) faults(in *survey.Instrument, all bool) []survey.FieldError {
	asked := partsOf(in)[b.Step].Questions
	return slices.DeleteFunc(in.Check(b.Answers, b.Respondent), func(f survey.FieldError) bool {
		return f.Key == "answer.required" && !all &&
			!slices.ContainsFunc(asked, func(q *survey.Question) bool { return f.Field == field(q) })
	})
}

// field names the answer to q as the domain's errors do.
func field(q *survey.Question) string {
	if q.Respondent {
		return "respondent." + string(q.Code)
	}
	return "answers." + string(q.Code)
}

// hidden is one hidden field of the form.
type hidden struct{ Name, Value string }

// fields returns what the page must carry along: the frame, and every answer
// that the page does not ask for itself.
func (b *ballot) fields(in *survey.Instrument, lang string) []hidden {
	f := []hidden{
		{"id", b.ID},
		{"started", b.Started.Format(time.RFC3339)},
		{"sent", b.Sent.Format(time.RFC3339)},
		{"consent", "1"},
		{"lang", lang},
	}
	if b.Sure {
		f = append(f, hidden{"sure", "1"})
	}
	if b.All {
		return append(f, hidden{"all", "1"})
	}
	f = append(f, hidden{"step", itoa(b.Step)})
	parts := partsOf(in)
	for i, p := range parts {
		for _, q := range p.Questions {
			a, ok := b.of(q)[q.Code]
			switch {
			case !ok || i == b.Step:
			case a.Skipped:
				f = append(f, hidden{carried + string(q.Code), skipped})
			default:
				for _, v := range a.Values {
					f = append(f, hidden{carried + string(q.Code), v})
				}
			}
		}
	}
	if b.Comment != "" && b.Step != len(parts)-1 {
		f = append(f, hidden{"comment", b.Comment})
	}
	return f
}
