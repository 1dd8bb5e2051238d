package instrument

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"sipas/internal/definition"
	"sipas/internal/survey"
)

// respondent questions fill fixed columns of the raw data, so there are no
// others.
var respondent = []survey.ItemCode{"gender", "age", "education", "occupation", "residence", "ethnicity"}

// fixed are the columns every raw file has; no question may take their names.
var fixed = []string{
	"seq", "id", "wave", "instrument", "unit", "unit_name", "point", "channel", "device", "service", "locale",
	"started_at", "submitted_at", "received_at", "state", "reasons", "comment",
}

// formFields are what a form sends beside answers; carried and seen are put
// before the codes of questions there, and skip is the answer that none is given.
var (
	formFields = []string{"id", "consent", "all", "sure", "step", "started", "sent", "topic", "altcha", "do", "lang", "format", "start"}
	prefixes   = []string{"a.", "seen."}
)

const skip = "skip"

// questions reads one entry of a section: a question, or a matrix of several.
func (r *reader) questions(n ast.Node, about bool, usual *list) []*survey.Question {
	if isMatrix(n) {
		return r.matrix(n, about, usual)
	}
	o := r.Object(n, "a question", "code", "text", "short", "scale", "one", "many", "open", "required", "unconfirmed", "sensitive", "show_if")
	q := &survey.Question{
		Code: r.code(o, about), Text: o.MustText("text"), Short: o.Text("short"),
		Required: o.Flag("required"), Unconfirmed: o.Flag("unconfirmed"), Sensitive: o.Flag("sensitive"), ShowIf: r.showIf(o),
	}
	if q.Sensitive && !about {
		r.Fail(o.Fields["sensitive"], "%s: only a question about the respondent can be sensitive", o.What)
	}
	r.answers(o, q, usual)
	return r.ask(o, q, about)
}

func isMatrix(n ast.Node) bool {
	m, ok := n.(ast.MapNode)
	if !ok {
		return false
	}
	for it := m.MapRange(); it.Next(); {
		if it.Key().GetToken().Value == "matrix" {
			return true
		}
	}
	return false
}

func (r *reader) matrix(n ast.Node, about bool, usual *list) []*survey.Question {
	o := r.Object(n, "a matrix", "matrix", "text", "scale", "one", "rows", "required", "unconfirmed", "show_if")
	m := survey.Question{
		Matrix: o.Word("matrix"), MatrixText: o.MustText("text"),
		Required: o.Flag("required"), Unconfirmed: o.Flag("unconfirmed"), ShowIf: r.showIf(o),
	}
	o.What = "matrix " + m.Matrix
	if !itemShape.MatchString(m.Matrix) {
		r.Fail(o.Must("matrix"), "%s: the name must look like an item code: Q1", o.What)
	}
	if r.parts[o.What] {
		r.Fail(o.At, "%s stands twice", o.What)
	}
	r.parts[o.What] = true
	r.answers(o, &m, usual)
	var qs []*survey.Question
	for _, row := range r.List(o.Must("rows"), o.What+": rows") {
		ro := r.Object(row, "a row of "+o.What, "code", "text", "short", "unconfirmed")
		q := m
		q.Code, q.Text, q.Short = r.code(ro, about), ro.MustText("text"), ro.Text("short")
		q.Unconfirmed = m.Unconfirmed || ro.Flag("unconfirmed")
		qs = append(qs, r.ask(ro, &q, about)...)
	}
	return qs
}

// code checks the code of a question and names the question in messages.
func (r *reader) code(o *definition.Object, about bool) survey.ItemCode {
	code := survey.ItemCode(o.Word("code"))
	if code == "" {
		return ""
	}
	o.What = "question " + string(code)
	n := o.Fields["code"]
	switch isAbout := slices.Contains(respondent, code); {
	case !itemShape.MatchString(string(code)):
		r.Fail(n, "item code %q must be a letter, letters or digits, and perhaps a dot and a row: Q1.3", code)
	case about && !isAbout:
		r.Fail(n, "%q is no question about the respondent; those are %s", code, definition.Join(respondent))
	case !about && isAbout:
		r.Fail(n, "%q belongs into a section with \"respondent: true\"", code)
	case slices.Contains(fixed, string(code)):
		r.Fail(n, "%q is the name of a column of the raw data", code)
	case slices.Contains(formFields, string(code)):
		r.Fail(n, "%q is the name of a field of the form", code)
	case slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(string(code), p) }):
		r.Fail(n, "%q begins as fields of the form do that are no question", code)
	}
	return code
}

// ask enters q among the questions asked so far, unless its code is taken.
func (r *reader) ask(o *definition.Object, q *survey.Question, about bool) []*survey.Question {
	q.Respondent = about
	if about && q.Kind != "" && q.Kind != survey.One {
		r.Fail(o.At, "%s is about the respondent, so it must be a choice of one", o.What)
	}
	columns := []string{string(q.Code)}
	if q.Kind == survey.Many {
		for _, opt := range q.Options {
			columns = append(columns, string(q.Code)+"."+opt.Value)
		}
	}
	for _, c := range columns {
		if by, taken := r.columns[c]; taken && c != "" {
			r.Fail(o.At, "the code %q stands twice: %s has it", c, by)
		}
		r.columns[c] = q.Code
	}
	if q.Code != "" {
		r.asked[q.Code] = q
	}
	return []*survey.Question{q}
}

// answers sets how q is answered: by exactly one of its fields, or by the
// usual scale of its section.
func (r *reader) answers(o *definition.Object, q *survey.Question, usual *list) {
	var how []string
	for _, field := range []string{"scale", "one", "many", "open"} {
		if o.Has(field) {
			how = append(how, field)
		}
	}
	switch {
	case len(how) > 1:
		r.Fail(o.Fields[how[1]], "%s is answered in two ways: %s and %s", o.What, how[0], how[1])
	case len(how) == 0 && usual == nil:
		r.Fail(o.At, "%s has no answers: add scale, one, many or open", o.What)
	case len(how) == 0:
		q.Kind, q.Options, q.Faces = survey.Scale, usual.options, usual.faces
	case how[0] == "open":
		q.Kind = survey.FreeText
		if !o.Flag("open") {
			r.Fail(o.Fields["open"], "%s: open can only be true", o.What)
		}
	case how[0] == "scale":
		l := r.named(o, "scale", survey.Scale)
		q.Kind, q.Options, q.Faces = survey.Scale, l.options, l.faces
	default:
		q.Kind, q.Options = survey.QuestionKind(how[0]), r.wordsOf(o, how[0])
	}
}
