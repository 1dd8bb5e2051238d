package instrument

import (
	"regexp"
	"strconv"

	"github.com/goccy/go-yaml/ast"

	"sipas/internal/survey"
)

// What a form can bear.
const (
	maxQuestions = 200
	maxOptions   = 20
	maxMinutes   = 60
)

var (
	idShape     = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*@[1-9][0-9]{0,3}$`)
	partShape   = regexp.MustCompile(`^[a-z][a-z0-9]*([_-][a-z0-9]+)*$`) // sections, domains, factors, scales
	itemShape   = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*(\.[0-9a-z]+)?$`)
	optionShape = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
)

// reader turns one file into an instrument. It goes from top to bottom, so
// that "earlier" and "known" mean what they mean to the person answering.
type reader struct {
	*page
	in      *survey.Instrument
	lists   map[string]*list // scales and choices by name
	asked   map[survey.ItemCode]*survey.Question
	columns map[string]survey.ItemCode // of the raw CSV, and who fills them
	parts   map[string]bool            // codes of sections, "section you", …
	placed  map[survey.ItemCode]string // item → its factor
}

// read returns what it could make of the file, and everything wrong with it.
func read(name string, text []byte) (*survey.Instrument, []Fault) {
	r := &reader{
		page:    &page{name: name},
		in:      &survey.Instrument{},
		lists:   map[string]*list{},
		asked:   map[survey.ItemCode]*survey.Question{},
		columns: map[string]survey.ItemCode{},
		parts:   map[string]bool{},
		placed:  map[survey.ItemCode]string{},
	}
	if n := r.root(text); n != nil {
		r.file(r.object(n, "the file", "id", "status", "title", "ask", "source", "follows", "minutes",
			"scales", "choices", "sections", "wishes", "domains", "index"))
	}
	return r.in, r.inOrder()
}

func (r *reader) file(o *object) {
	r.in.ID = survey.InstrumentID(o.word("id"))
	if o.has("id") {
		r.id(o.fields["id"])
	}
	r.in.Status = oneOf(o, "status", survey.OfficialCopy, survey.Reconstructed, survey.House)
	r.in.Title, r.in.Ask, r.in.Source = o.mustText("title"), o.mustText("ask"), o.mustText("source")
	if o.has("follows") {
		r.in.Follows = survey.InstrumentID(o.word("follows"))
		r.follows(o.fields["follows"])
	}
	r.in.Minutes = r.between(o, "minutes", 1, maxMinutes)
	r.scales(o)
	r.choices(o)
	for _, n := range r.list(o.must("sections"), "sections") {
		r.section(n)
	}
	r.size(o)
	if o.has("wishes") {
		r.in.Wishes = survey.ItemCode(o.word("wishes"))
		r.wishes(o.fields["wishes"])
	}
	for _, n := range r.list(o.must("domains"), "domains") {
		r.domain(n)
	}
	if n := o.must("index"); n != nil {
		r.index(n)
	}
}

func (r *reader) id(n ast.Node) {
	switch id := string(r.in.ID); {
	case !idShape.MatchString(id):
		r.fail(n, "id %q must be a name and a version, like moha-2023@1", id)
	case id+".yaml" != r.name:
		r.fail(n, "id %q does not match the file's name: it belongs into %s.yaml", id, id)
	}
}

func (r *reader) follows(n ast.Node) {
	if id := string(r.in.Follows); !idShape.MatchString(id) || r.in.Follows == r.in.ID {
		r.fail(n, "follows %q must be the id of another questionnaire, like moha-2017@1", id)
	}
}

// wishes checks that the question, or the rows of the matrix, can be ranked.
func (r *reader) wishes(n ast.Node) {
	found := false
	for _, q := range r.asked {
		if q.Code == r.in.Wishes && q.Kind == survey.Many || q.Matrix == string(r.in.Wishes) && q.Kind == survey.Scale {
			found = true
		}
	}
	if !found {
		r.fail(n, "wishes: %q is no question with several answers and no matrix of scales", r.in.Wishes)
	}
}

// size checks what only the whole form shows.
func (r *reader) size(o *object) {
	if len(r.asked) > maxQuestions {
		r.fail(o.fields["sections"], "%d questions; a form has at most %d", len(r.asked), maxQuestions)
	}
	for name, l := range r.lists {
		if !l.used {
			r.fail(l.at, "no question uses %q", name)
		}
	}
}

// between returns the field, a whole number from low to high.
func (r *reader) between(o *object, field string, low, high int) int {
	w := o.word(field)
	n, err := strconv.Atoi(w)
	if w != "" && (err != nil || n < low || n > high) {
		r.fail(o.fields[field], "%s: %s is %q; it must be a whole number from %d to %d", o.what, field, w, low, high)
	}
	return n
}

// part checks the code of a section, domain or factor: its shape, and that no
// other of its kind has it.
func (r *reader) part(o *object, kind string) string {
	code := o.word("code")
	switch {
	case code == "":
	case !partShape.MatchString(code):
		r.fail(o.fields["code"], "%s code %q must be small letters, digits, - and _", kind, code)
	case r.parts[kind+" "+code]:
		r.fail(o.fields["code"], "%s code %q stands twice", kind, code)
	}
	r.parts[kind+" "+code] = true
	if code != "" {
		o.what = kind + " " + code
	}
	return code
}

func (r *reader) section(n ast.Node) {
	o := r.object(n, "a section", "code", "title", "lead", "scale", "respondent", "questions")
	s := survey.Section{Code: r.part(o, "section"), Title: o.mustText("title"), Lead: o.text("lead"), Respondent: o.flag("respondent")}
	if k := len(r.in.Sections); k > 0 && r.in.Sections[k-1].Respondent && !s.Respondent {
		r.fail(n, "%s stands after a section about the respondent; those come last", o.what)
	}
	var usual *list
	if o.has("scale") {
		usual = r.named(o, "scale", survey.Scale)
	}
	for _, q := range r.list(o.must("questions"), o.what+": questions") {
		s.Questions = append(s.Questions, r.questions(q, s.Respondent, usual)...)
	}
	r.in.Sections = append(r.in.Sections, s)
}

func (r *reader) domain(n ast.Node) {
	o := r.object(n, "a domain", "code", "title", "factors")
	d := survey.Domain{Code: r.part(o, "domain"), Title: o.mustText("title")}
	for _, f := range r.list(o.must("factors"), o.what+": factors") {
		d.Factors = append(d.Factors, r.factor(f))
	}
	r.in.Domains = append(r.in.Domains, d)
}

func (r *reader) factor(n ast.Node) survey.Factor {
	o := r.object(n, "a factor", "code", "title", "short", "items")
	f := survey.Factor{Code: r.part(o, "factor"), Title: o.mustText("title"), Short: o.text("short")}
	for _, item := range r.list(o.must("items"), o.what+": items") {
		code := survey.ItemCode(r.word(item, o.what+": item"))
		q := r.asked[code]
		switch {
		case code == "":
		case q == nil:
			r.fail(item, "%s: there is no question %q", o.what, code)
		case r.placed[code] != "":
			r.fail(item, "%s: item %q stands already in factor %s", o.what, code, r.placed[code])
		case q.Respondent:
			r.fail(item, "%s: %q is about the respondent; it cannot count", o.what, code)
		case q.Kind == survey.Many || q.Kind == survey.FreeText:
			r.fail(item, "%s: %q has kind %q; only a scale or a choice of one can count", o.what, code, q.Kind)
		default:
			r.placed[code] = f.Code
			f.Items = append(f.Items, code)
		}
	}
	return f
}
