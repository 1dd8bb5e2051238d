package instrument

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// page is a file being read and what was found wrong with it. It walks the
// syntax tree instead of decoding into structs, because a decoder stops at the
// first fault and forgets the lines.
type page struct {
	name   string
	faults []Fault
}

// fail records a fault at n.
func (p *page) fail(n ast.Node, format string, args ...any) {
	p.failAt(line(n), format, args...)
}

func (p *page) failAt(line int, format string, args ...any) {
	p.faults = append(p.faults, Fault{p.name, line, fmt.Sprintf(format, args...)})
}

// inOrder returns the faults by line.
func (p *page) inOrder() []Fault {
	slices.SortStableFunc(p.faults, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
	return p.faults
}

func line(n ast.Node) int {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		n = m.Values[0] // a block mapping has no token of its own
	}
	if m, ok := n.(*ast.MappingValueNode); ok {
		n = m.Key
	}
	if n == nil || n.GetToken() == nil {
		return 0
	}
	return n.GetToken().Position.Line
}

// root parses text as exactly one YAML document; nil when it cannot.
func (p *page) root(text []byte) ast.Node {
	if !utf8.Valid(text) {
		p.failAt(0, "not UTF-8")
		return nil
	}
	// What a Windows editor adds; the parser would miscount lines, or stumble.
	text = bytes.ReplaceAll(bytes.TrimPrefix(text, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
	file, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		at := 0
		var e yaml.Error
		if errors.As(err, &e) {
			err = errors.New(e.GetMessage())
			if t := e.GetToken(); t != nil {
				at = t.Position.Line
			}
		}
		p.failAt(at, "not YAML: %v", err)
		return nil
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		p.failAt(1, "must be one YAML document")
		return nil
	}
	return file.Docs[0].Body
}

// entry is one "key: value" of a mapping.
type entry struct {
	key   string
	at    ast.Node // of the key
	value ast.Node
}

// entries returns the mapping n in order, keys once.
func (p *page) entries(n ast.Node, what string) []entry {
	m, ok := n.(ast.MapNode)
	if !ok {
		p.fail(n, "%s must be a mapping of names to values", what)
		return nil
	}
	var es []entry
	seen := map[string]bool{}
	for it := m.MapRange(); it.Next(); {
		key := it.Key().GetToken().Value
		if seen[key] {
			p.fail(it.Key(), "%q stands twice in %s", key, what)
			continue
		}
		seen[key] = true
		es = append(es, entry{key, it.Key(), it.Value()})
	}
	return es
}

// list returns the elements of the sequence n.
func (p *page) list(n ast.Node, what string) []ast.Node {
	if n == nil {
		return nil
	}
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		p.fail(n, "%s must be a list", what)
		return nil
	}
	if len(s.Values) == 0 {
		p.fail(n, "%s must not be empty", what)
	}
	return s.Values
}

// word returns the scalar n as it is written, without its quotes.
func (p *page) word(n ast.Node, what string) string {
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
		p.fail(n, "%s must be one word or sentence", what)
		return ""
	}
	if strings.TrimSpace(w) == "" {
		p.fail(n, "%s is empty", what)
		return ""
	}
	return w
}
