package static

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"strconv"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/js"
)

var (
	scriptFrom = regexp.MustCompile(`(?m)^import \{[^}]*\} from "(\./[^"]+)";\n`)
	scriptURL  = regexp.MustCompile(`"static:([^"]+)"`)
	scriptPath = regexp.MustCompile(`(?m)(?:^import \{[^}]*\} from |\bimport\()"(\./[^"]+)"`)
	exports    = regexp.MustCompile(`(?m)^export `)
)

// shared are scripts that several others import and that keep an address of
// their own, so that a browser loads and keeps each of them once.
var shared = map[string]bool{"js/outbox.js": true}

// script puts imported scripts in the place of their import, so that a phone
// loads one file. What is imported shares no name with its importer, and is
// imported by one script of a page only, or else is shared: then its address
// takes the place of its path. A file that is loaded only when it is needed is
// named "static:js/proof.js", which becomes its address.
func (s *set) script(name string, body []byte, within []string) ([]byte, error) {
	body, err := s.address(name, body, within)
	if err != nil {
		return nil, err
	}
	body, err = s.inline(name, body, scriptFrom, within)
	if err != nil {
		return nil, err
	}
	var failed error
	body = scriptURL.ReplaceAllFunc(body, func(m []byte) []byte {
		a, err := s.finish(string(scriptURL.FindSubmatch(m)[1]), within)
		if err != nil {
			failed = fmt.Errorf("%s: %w", name, err)
			return m
		}
		return []byte(strconv.Quote(a.URL))
	})
	return body, failed
}

// minified is a script as a phone gets it: short names where they are local,
// and nothing that only people read.
func minified(source []byte) ([]byte, error) {
	var b bytes.Buffer
	if err := new(js.Minifier).Minify(minify.New(), &b, bytes.NewReader(source), nil); err != nil {
		return nil, err
	}
	return append(b.Bytes(), '\n'), nil
}

// address turns the relative paths of shared scripts, and of those that are
// imported only when they are wanted, into addresses.
func (s *set) address(name string, body []byte, within []string) ([]byte, error) {
	var failed error
	body = scriptPath.ReplaceAllFunc(body, func(m []byte) []byte {
		rel := scriptPath.FindSubmatch(m)[1]
		to := path.Join(path.Dir(name), string(rel))
		if !shared[to] && bytes.Contains(m, []byte("from ")) {
			return m
		}
		a, err := s.finish(to, within)
		if err != nil {
			failed = fmt.Errorf("%s: %w", name, err)
			return m
		}
		return bytes.Replace(m, rel, []byte(a.URL), 1)
	})
	return body, failed
}
