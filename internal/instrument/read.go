package instrument

import (
	"regexp"

	"github.com/goccy/go-yaml/ast"

	"sipas/internal/definition"
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
	*definition.Page
	in      *survey.Instrument
	lists   map[string]*list // scales and choices by name
	asked   map[survey.ItemCode]*survey.Question
	columns map[string]survey.ItemCode // of the raw CSV, and who fills them
	parts   map[string]bool            // codes of sections, "section you", …
	placed  map[survey.ItemCode]string // item → its factor
}

// read returns what it could make of the file, and everything wrong with it.
func read(name string, text []byte) (*survey.Instrument, []definition.Fault) {
	r := &reader{
		Page:    definition.NewPage(name),
		in:      &survey.Instrument{},
		lists:   map[string]*list{},
		asked:   map[survey.ItemCode]*survey.Question{},
		columns: map[string]survey.ItemCode{},
		parts:   map[string]bool{},
		placed:  map[survey.ItemCode]string{},
	}
	if n := r.Root(text); n != nil {
		r.file(r.Object(n, "the file", "id", "status", "title", "ask", "source", "follows", "minutes",
			"scales", "choices", "sections", "wishes", "domains", "index"))
	}
	return r.in, r.Faults()
}

func (r *reader) file(o *definition.Object) {
	r.in.ID = survey.InstrumentID(o.Word("id"))
	if o.Has("id") {
		r.id(o.Fields["id"])
	}
	r.in.Status = definition.OneOf(o, "status", survey.OfficialCopy, survey.Reconstructed, survey.House)
	r.in.Title, r.in.Ask, r.in.Source = o.MustText("title"), o.MustText("ask"), o.MustText("source")
	if o.Has("follows") {
		r.in.Follows = survey.InstrumentID(o.Word("follows"))
		r.follows(o.Fields["follows"])
	}
	r.in.Minutes = o.Whole("minutes", 1, maxMinutes)
	r.scales(o)
	r.choices(o)
	for _, n := range r.List(o.Must("sections"), "sections") {
		r.section(n)
	}
	r.size(o)
	if o.Has("wishes") {
		r.in.Wishes = survey.ItemCode(o.Word("wishes"))
		r.wishes(o.Fields["wishes"])
	}
	for _, n := range r.List(o.Must("domains"), "domains") {
		r.domain(n)
	}
	if n := o.Must("index"); n != nil {
		r.index(n)
	}
}

func (r *reader) id(n ast.Node) {
	switch id := string(r.in.ID); {
	case !idShape.MatchString(id):
		r.Fail(n, "id %q must be a name and a version, like moha-2023@1", id)
	case id+".yaml" != r.Name:
		r.Fail(n, "id %q does not match the file's name: it belongs into %s.yaml", id, id)
	}
}

func (r *reader) follows(n ast.Node) {
	if id := string(r.in.Follows); !idShape.MatchString(id) || r.in.Follows == r.in.ID {
		r.Fail(n, "follows %q must be the id of another questionnaire, like moha-2017@1", id)
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
		r.Fail(n, "wishes: %q is no question with several answers and no matrix of scales", r.in.Wishes)
	}
}

// size checks what only the whole form shows.
func (r *reader) size(o *definition.Object) {
	if len(r.asked) > maxQuestions {
		r.Fail(o.Fields["sections"], "%d questions; a form has at most %d", len(r.asked), maxQuestions)
	}
	for name, l := range r.lists {
		if !l.used {
			r.Fail(l.at, "no question uses %q", name)
		}
	}
}

// part checks the code of a section, domain or factor: its shape, and that no
// other of its kind has it.
func (r *reader) part(o *definition.Object, kind string) string {
	code := o.Word("code")
	switch {
	case code == "":
	case !partShape.MatchString(code):
		r.Fail(o.Fields["code"], "%s code %q must be small letters, digits, - and _", kind, code)
	case r.parts[kind+" "+code]:
		r.Fail(o.Fields["code"], "%s code %q stands twice", kind, code)
	}
	r.parts[kind+" "+code] = true
	if code != "" {
		o.What = kind + " " + code
	}
	return code
}

func (r *reader) section(n ast.Node) {
	o := r.Object(n, "a section", "code", "title", "lead", "scale", "respondent", "questions")
	s := survey.Section{Code: r.part(o, "section"), Title: o.MustText("title"), Lead: o.Text("lead"), Respondent: o.Flag("respondent")}
	if k := len(r.in.Sections); k > 0 && r.in.Sections[k-1].Respondent && !s.Respondent {
		r.Fail(n, "%s stands after a section about the respondent; those come last", o.What)
	}
	var usual *list
	if o.Has("scale") {
		usual = r.named(o, "scale", survey.Scale)
	}
	for _, q := range r.List(o.Must("questions"), o.What+": questions") {
		s.Questions = append(s.Questions, r.questions(q, s.Respondent, usual)...)
	}
	r.in.Sections = append(r.in.Sections, s)
}

func (r *reader) domain(n ast.Node) {
	o := r.Object(n, "a domain", "code", "title", "factors")
	d := survey.Domain{Code: r.part(o, "domain"), Title: o.MustText("title")}
	for _, f := range r.List(o.Must("factors"), o.What+": factors") {
		d.Factors = append(d.Factors, r.factor(f))
	}
	r.in.Domains = append(r.in.Domains, d)
}

func (r *reader) factor(n ast.Node) survey.Factor {
	o := r.Object(n, "a factor", "code", "title", "short", "items")
	f := survey.Factor{Code: r.part(o, "factor"), Title: o.MustText("title"), Short: o.Text("short")}
	for _, item := range r.List(o.Must("items"), o.What+": items") {
		code := survey.ItemCode(r.Word(item, o.What+": item"))
		q := r.asked[code]
		switch {
		case code == "":
		case q == nil:
			r.Fail(item, "%s: there is no question %q", o.What, code)
		case r.placed[code] != "":
			r.Fail(item, "%s: item %q stands already in factor %s", o.What, code, r.placed[code])
		case q.Respondent:
			r.Fail(item, "%s: %q is about the respondent; it cannot count", o.What, code)
		case q.Kind == survey.Many || q.Kind == survey.FreeText:
			r.Fail(item, "%s: %q has kind %q; only a scale or a choice of one can count", o.What, code, q.Kind)
		default:
			r.placed[code] = f.Code
			f.Items = append(f.Items, code)
		}
	}
	return f
}
