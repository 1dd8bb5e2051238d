package definition

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"golang.org/x/text/unicode/norm"

	"sipas/internal/survey"
)

// Page is a file being read and what was found wrong with it. It walks the
// syntax tree instead of decoding into structs, because a decoder stops at the
// first fault and forgets the lines.
type Page struct {
	Name      string
	languages []string // that a text may stand in: those it must, and further
	faults    []Fault
}

// languages are those every text must stand in.
var languages = []string{"vi", "en"}

// NewPage begins a file, of which texts may also stand in further languages.
func NewPage(name string, further ...string) *Page {
	return &Page{Name: name, languages: slices.Concat(languages, further)}
}

// Fail records a fault at n.
func (p *Page) Fail(n ast.Node, format string, args ...any) {
	line, column := at(n)
	p.failAt(line, column, format, args...)
}

func (p *Page) failAt(line, column int, format string, args ...any) {
	p.faults = append(p.faults, Fault{p.Name, line, column, fmt.Sprintf(format, args...)})
}

// Faults returns what was found wrong, by place.
func (p *Page) Faults() []Fault {
	slices.SortStableFunc(p.faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return p.faults
}

// at is where n begins.
func at(n ast.Node) (line, column int) {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		n = m.Values[0] // a block mapping has no token of its own
	}
	if m, ok := n.(*ast.MappingValueNode); ok {
		n = m.Key
	}
	if n == nil || n.GetToken() == nil {
		return 0, 0
	}
	place := n.GetToken().Position
	return place.Line, place.Column
}

// Root parses text as exactly one YAML document; nil when it cannot, or when it
// has what is not read here.
func (p *Page) Root(text []byte) ast.Node {
	// What a Windows editor adds; the parser would miscount lines, or stumble.
	text = bytes.ReplaceAll(bytes.TrimPrefix(text, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
	if !p.characters(text) {
		return nil
	}
	file, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		line, column := 0, 0
		var e yaml.Error
		if errors.As(err, &e) {
			err = errors.New(e.GetMessage())
			if t := e.GetToken(); t != nil {
				line, column = t.Position.Line, t.Position.Column
			}
		}
		p.failAt(line, column, "not YAML: %v", err)
		return nil
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		p.failAt(1, 1, "must be one YAML document")
		return nil
	}
	known := len(p.faults)
	ast.Walk(foreign{p}, file.Docs[0].Body)
	if len(p.faults) > known {
		return nil
	}
	return file.Docs[0].Body
}

// What a parser that calls itself for each level can bear.
const (
	longestLine = 8 << 10 // bytes
	mostOpen    = 100     // brackets at once
)

// characters reports whether text can be parsed at all, and says where it cannot:
// a parser's own words for that are no help, or come late.
func (p *Page) characters(text []byte) bool {
	line, open := 0, 0
	for row := range bytes.Lines(text) {
		line++
		row = bytes.TrimSuffix(row, []byte("\n"))
		if len(row) > longestLine {
			p.failAt(line, 1, "the line has more than %d bytes", longestLine)
			return false
		}
		column, indent := 0, len(bytes.TrimLeft(row, " \t")) > 0
		for len(row) > 0 {
			c, size := utf8.DecodeRune(row)
			row = row[size:]
			column++
			if c == '[' || c == '{' {
				open++
			} else if c == ']' || c == '}' {
				open = max(0, open-1)
			}
			if wrong := unreadable(c, size, indent, open); wrong != "" {
				p.failAt(line, column, "%s", wrong)
				return false
			}
			indent = indent && c == ' '
		}
	}
	return true
}

// unreadable says why a character cannot stand where it does, "" if it can: by
// its bytes, whether only blanks stand before it, and how many brackets are open.
func unreadable(c rune, size int, indent bool, open int) string {
	switch {
	case c == utf8.RuneError && size == 1:
		return "not UTF-8"
	case c == '\t' && indent:
		return "a tab stands in the indentation, where only blanks may stand"
	case unicode.IsControl(c) && c != '\t':
		return fmt.Sprintf("the control character %U", c)
	case open > mostOpen:
		return fmt.Sprintf("more than %d brackets stand open", mostOpen)
	}
	return ""
}

// foreign complains about what would make a line stand for more than it says.
type foreign struct{ p *Page }

// Visit implements [ast.Visitor].
func (f foreign) Visit(n ast.Node) ast.Visitor {
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		f.p.Fail(n, "anchors, aliases and merges (&, * and <<) are not read: write it out")
	case *ast.TagNode:
		f.p.Fail(n, "tags (!) are not read: write the value alone")
	default:
		return f
	}
	return nil
}

// Entry is one "key: value" of a mapping.
type Entry struct {
	Key   string
	At    ast.Node // of the key
	Value ast.Node
}

// Entries returns the mapping n in order, keys once.
func (p *Page) Entries(n ast.Node, what string) []Entry {
	m, ok := n.(ast.MapNode)
	if !ok {
		p.Fail(n, "%s must be a mapping of names to values", what)
		return nil
	}
	var es []Entry
	seen := map[string]bool{}
	for it := m.MapRange(); it.Next(); {
		key := it.Key().GetToken().Value
		if seen[key] {
			p.Fail(it.Key(), "%q stands twice in %s", key, what)
			continue
		}
		seen[key] = true
		es = append(es, Entry{key, it.Key(), it.Value()})
	}
	return es
}

// List returns the elements of the sequence n.
func (p *Page) List(n ast.Node, what string) []ast.Node {
	if n == nil {
		return nil
	}
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		p.Fail(n, "%s must be a list", what)
		return nil
	}
	if len(s.Values) == 0 {
		p.Fail(n, "%s must not be empty", what)
	}
	return s.Values
}

// Word returns the scalar n as it is written, without its quotes.
func (p *Page) Word(n ast.Node, what string) string {
	w := ""
	switch v := n.(type) {
	case nil:
		return ""
	case *ast.NullNode:
	case *ast.LiteralNode:
		w = strings.TrimSpace(v.Value.Value)
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		w = n.GetToken().Value
	default:
		p.Fail(n, "%s must be one word or sentence", what)
		return ""
	}
	if strings.TrimSpace(w) == "" {
		p.Fail(n, "%s is empty", what)
		return ""
	}
	return w
}

// Text reads {vi: …, en: …}; nil when it is missing.
func (p *Page) Text(n ast.Node, what string) survey.Text {
	if n == nil {
		return nil
	}
	o := p.Object(n, what, p.languages...)
	t := survey.Text{}
	for _, lang := range p.languages {
		v := o.Fields[lang]
		if v == nil && !slices.Contains(languages, lang) {
			continue
		}
		t[lang] = p.Word(o.Must(lang), what)
		p.wording(v, t[lang], what)
	}
	return t
}

// wording refuses what a reader would not see as it is written: stray blanks,
// control characters, and letters whose marks are apart (NFD), which look the
// same and never compare equal.
func (p *Page) wording(n ast.Node, s, what string) {
	switch {
	case s != strings.TrimSpace(s):
		p.Fail(n, "%s begins or ends with a blank", what)
	case strings.ContainsFunc(s, unicode.IsControl):
		p.Fail(n, "%s has a line break or a control character", what)
	case !norm.NFC.IsNormalString(s):
		p.Fail(n, "%s is not in Unicode form NFC", what)
	}
}
