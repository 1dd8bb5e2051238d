package book

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/unicode/norm"

	"sipas/internal/survey"
)

//go:embed types/*.yaml
var builtin embed.FS

// Builtin returns the types that come with the program, and those of the
// deployment's own folder, which may be nil: a file there that has the code of
// a built-in type takes its place, which is how thresholds are edited.
func Builtin(own fs.FS) (*Types, error) {
	files, err := fs.Sub(builtin, "types")
	if err != nil {
		return nil, fmt.Errorf("book.Builtin: %w", err)
	}
	return load(files, own)
}

// typeFile is a type as its file says it.
type typeFile struct {
	Order       int             `yaml:"order"`
	Code        string          `yaml:"code"`
	Family      string          `yaml:"family"`
	Title       survey.Text     `yaml:"title"`
	Short       survey.Text     `yaml:"short"`
	Owner       survey.Text     `yaml:"owner"`
	LegalBase   survey.Text     `yaml:"legal_base"`
	Note        survey.Text     `yaml:"note"`
	Mark        Mark            `yaml:"mark"`
	From        int             `yaml:"from"`
	To          int             `yaml:"to"`
	Kinds       []string        `yaml:"kinds"`
	Maximum     float64         `yaml:"maximum"`
	MaximumMark Mark            `yaml:"maximum_mark"`
	Measure     Measure         `yaml:"measure"`
	Adds        bool            `yaml:"adds"`
	ClassBy     ClassBy         `yaml:"class_by"`
	Classes     []classFile     `yaml:"classes"`
	Instruments []string        `yaml:"instruments"`
	Components  []componentFile `yaml:"components"`
}

type classFile struct {
	Code  string      `yaml:"code"`
	Title survey.Text `yaml:"title"`
	From  float64     `yaml:"from"`
	Mark  Mark        `yaml:"mark"`
}

type componentFile struct {
	Code        string          `yaml:"code"`
	Title       survey.Text     `yaml:"title"`
	Maximum     float64         `yaml:"maximum"`
	MaximumMark Mark            `yaml:"maximum_mark"`
	Source      Source          `yaml:"source"`
	From        string          `yaml:"from"`
	Mark        Mark            `yaml:"mark"`
	Note        survey.Text     `yaml:"note"`
	Components  []componentFile `yaml:"components"`
}

var codeShape = regexp.MustCompile(`^[a-z0-9]+([._-][a-z0-9]+)*$`)

// load reads every *.yaml file of the folders, of which some may be nil; a
// later one replaces types of an earlier one. The error joins everything wrong.
func load(folders ...fs.FS) (*Types, error) {
	order := map[TypeCode]int{}
	ts := &Types{byCode: map[TypeCode]*Type{}}
	var wrong []error
	for _, folder := range folders {
		if folder == nil {
			continue
		}
		names, err := fs.Glob(folder, "*.yaml")
		if err != nil {
			return nil, fmt.Errorf("book: %w", err)
		}
		if len(names) == 0 {
			wrong = append(wrong, errors.New("no index type found: there is no *.yaml file"))
		}
		for _, name := range names {
			text, err := fs.ReadFile(folder, name)
			if err != nil {
				return nil, fmt.Errorf("book: %w", err)
			}
			t, place, faults := readType(name, text)
			wrong = append(wrong, faults...)
			if t != nil {
				ts.byCode[t.Code], order[t.Code] = t, place
			}
		}
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	for _, t := range ts.byCode {
		ts.all = append(ts.all, t)
	}
	slices.SortFunc(ts.all, func(a, b *Type) int {
		if order[a.Code] != order[b.Code] {
			return order[a.Code] - order[b.Code]
		}
		return strings.Compare(string(a.Code), string(b.Code))
	})
	return ts, nil
}

// readType reads one file. What is not the file's form at all stops it; what
// its fields say wrong is told all together.
func readType(name string, text []byte) (t *Type, order int, faults []error) {
	var f typeFile
	if err := yaml.UnmarshalWithOptions(text, &f, yaml.Strict()); err != nil {
		return nil, 0, []error{fmt.Errorf("%s: %s", name, yaml.FormatError(err, false, false))}
	}
	c := &checker{file: name, codes: map[string]bool{}}
	t = &Type{
		Code: TypeCode(f.Code), Family: Family(f.Family), Title: f.Title, Short: f.Short, Owner: f.Owner,
		LegalBase: f.LegalBase, Note: f.Note, Mark: f.Mark, Years: Years{f.From, f.To}, Maximum: f.Maximum,
		MaxMark: f.MaximumMark, Unit: f.Measure, Adds: f.Adds, ClassBy: f.ClassBy, Instruments: f.Instruments,
	}
	c.frame(t, f)
	for _, x := range f.Classes {
		t.Classes = append(t.Classes, Class(x))
	}
	c.classes(t)
	t.Components = c.components(f.Components, "the index", t.Maximum, t.Adds)
	t.seal()
	return t, f.Order, c.wrong
}

// checker notes what is wrong with one file.
type checker struct {
	file  string
	codes map[string]bool
	wrong []error
}

func (c *checker) fail(format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Errorf("%s: %s", c.file, fmt.Sprintf(format, args...)))
}

// frame checks all but classes and components.
func (c *checker) frame(t *Type, f typeFile) {
	if !codeShape.MatchString(f.Code) {
		c.fail("code %q must be small letters, digits, dots, - and _", f.Code)
	} else if f.Code+".yaml" != c.file {
		c.fail("code %q does not match the file's name: it belongs into %s.yaml", f.Code, f.Code)
	}
	if !codeShape.MatchString(f.Family) {
		c.fail("family %q must be small letters, digits, dots, - and _", f.Family)
	}
	c.text(f.Title, "title", true)
	c.text(f.Short, "short", true)
	c.text(f.Owner, "owner", true)
	c.text(f.LegalBase, "legal_base", true)
	c.text(f.Note, "note", false)
	c.mark(f.Mark, "mark")
	if f.Maximum != 0 {
		c.mark(f.MaximumMark, "maximum_mark")
	}
	if f.Maximum < 0 {
		c.fail("maximum %v is below 0; leave it out where it is not known", f.Maximum)
	}
	if f.Measure != Points && f.Measure != Percent {
		c.fail("measure is %q; it must be %s or %s", f.Measure, Points, Percent)
	}
	if f.To != 0 && f.To < f.From {
		c.fail("the years end in %d before they begin in %d", f.To, f.From)
	}
	for _, k := range f.Kinds {
		if !slices.Contains(survey.UnitKinds, survey.UnitKind(k)) {
			c.fail("kinds: there is no unit of kind %q", k)
		}
		t.Kinds = append(t.Kinds, survey.UnitKind(k))
	}
}

func (c *checker) classes(t *Type) {
	if len(t.Classes) > 0 && t.ClassBy != ByPercent && t.ClassBy != ByScore {
		c.fail("class_by is %q; it must be %s or %s", t.ClassBy, ByPercent, ByScore)
	}
	for i, x := range t.Classes {
		what := "class " + x.Code
		if x.Code == "" {
			c.fail("a class has no code")
		}
		c.text(x.Title, what+": title", true)
		c.mark(x.Mark, what+": mark")
		if i > 0 && x.From >= t.Classes[i-1].From {
			c.fail("%s begins at %v, not below class %s at %v; the highest class stands first", what, x.From, t.Classes[i-1].Code, t.Classes[i-1].From)
		}
	}
}

// components reads one level of the tree. Where scores add up and every
// maximum is known, the maxima must be the whole's.
func (c *checker) components(fs []componentFile, whole string, maximum float64, adds bool) (cs []*Component) {
	sum, known := 0.0, true
	for _, f := range fs {
		what := "component " + f.Code
		c.component(f, what)
		sum += f.Maximum
		known = known && f.Maximum > 0
		cs = append(cs, &Component{
			Code: f.Code, Title: f.Title, Maximum: f.Maximum, MaxMark: f.MaximumMark, Source: f.Source, From: Family(f.From),
			Mark: f.Mark, Note: f.Note, Children: c.components(f.Components, what, f.Maximum, adds),
		})
	}
	// A part of the maxima may be known: together they are never more.
	if over := sum - maximum; adds && maximum > 0 && len(fs) > 0 && (over > closeEnough || known && over < -closeEnough && whole == "the index") {
		c.fail("the components of %s have %v points together, it has %v", whole, sum, maximum)
	}
	return cs
}

// component checks one component but for those below it.
func (c *checker) component(f componentFile, what string) {
	switch {
	case !codeShape.MatchString(f.Code):
		c.fail("component code %q must be small letters, digits, dots, - and _", f.Code)
	case c.codes[f.Code]:
		c.fail("%s stands twice", what)
	}
	c.codes[f.Code] = true
	c.text(f.Title, what+": title", true)
	c.text(f.Note, what+": note", false)
	c.mark(f.Mark, what+": mark")
	if f.Maximum != 0 {
		c.mark(f.MaximumMark, what+": maximum_mark")
	}
	if f.Maximum < 0 {
		c.fail("%s: maximum %v is below 0", what, f.Maximum)
	}
	if f.Source != Published && !slices.Contains(Sources, f.Source) {
		c.fail("%s: source is %q; it must be one of self, appraisal, survey, computed", what, f.Source)
	}
	if f.From != "" && f.Maximum == 0 {
		c.fail("%s is computed from %s, so its maximum must be known", what, f.From)
	}
}

// closeEnough is below anything published.
const closeEnough = 1e-9

func (c *checker) mark(m Mark, what string) {
	if !slices.Contains(Marks, m) {
		c.fail("%s is %q; it must be one of confirmed, secondary, inferred, unconfirmed", what, m)
	}
}

func (c *checker) text(t survey.Text, what string, must bool) {
	if t == nil && !must {
		return
	}
	for _, lang := range []string{"vi", "en"} {
		if strings.TrimSpace(t[lang]) == "" {
			c.fail("%s has no text in %q", what, lang)
		}
	}
	for lang, s := range t {
		if s != strings.TrimSpace(s) || !norm.NFC.IsNormalString(s) || strings.ContainsAny(s, "\r\n") {
			c.fail("%s in %q has stray blanks, line breaks, or is not in Unicode form NFC", what, lang)
		}
	}
}
